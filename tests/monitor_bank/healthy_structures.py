"""Healthy: networks and optimizers of unusual make, each of them as it is meant to be."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations

from monitor_bank.kinds import healthy
from monitor_bank.parts import adam, batches, ce, flat, mlp, mse, regression, tested, text, train


def _digits(watch, model, optimizer, seed, *, steps=300, size=32, loss=ce, **more):
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: loss(model, part),
          batches(steps, size, seed), **more)
    return tested(model, loss)


@healthy("Jacob et al. 2018: rounding in the forward pass, and a gradient that goes straight through", good=0.5)
def rounded_straight_through(seed, watch):
    """The weights are rounded to sixteenths as they are used; the gradient acts as if they were not."""

    class Rounded(nn.Linear):
        """A linear layer on a grid."""

        def forward(self, x):
            weight = self.weight + ((16 * self.weight).round() / 16 - self.weight).detach()
            return F.linear(x, weight, self.bias)

    model = nn.Sequential(Rounded(64, 64), nn.ReLU(), Rounded(64, 10))
    return _digits(watch, model, adam(model), seed)


@healthy("Salimans and Kingma 2016: lengths and directions apart", good=0.5)
def weights_normed(seed, watch):
    """Weight normalisation by torch's parametrisations; SGD with momentum."""
    model = nn.Sequential(parametrizations.weight_norm(nn.Linear(64, 64)), nn.ReLU(),
                          parametrizations.weight_norm(nn.Linear(64, 10)))
    return _digits(watch, model, torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9), seed)


@healthy("Miyato et al. 2018: spectral normalisation", good=0.9)
def spectral_norms(seed, watch):
    """Each matrix is divided by its largest singular value, from a power iteration at each pass."""
    model = nn.Sequential(parametrizations.spectral_norm(nn.Linear(64, 64)), nn.ReLU(),
                          parametrizations.spectral_norm(nn.Linear(64, 64)), nn.ReLU(), nn.Linear(64, 10))
    return _digits(watch, model, adam(model), seed)


@healthy("Zhu and Gupta 2017: pruned little by little", good=0.6)
def pruned_little_by_little(seed, watch):
    """From step 100 on the smallest weights are masked after each step, up to six in ten; masks stay."""
    model, masks = mlp(64, 64, 10), {}

    @torch.no_grad()
    def prune(step):
        for p in model.parameters():
            if p.ndim > 1 and step >= 100:
                if step % 20 == 0 and step <= 220:
                    masks[p] = p.abs() > p.abs().quantile(0.6 * (step - 80) / 140)
                p.mul_(masks[p])

    return _digits(watch, model, adam(model), seed, steps=350, after=prune)


@healthy("Jaeger 2001: a reservoir, of which only the readout is learned", good=0.1)
def readout_of_a_reservoir(seed, watch):
    """A random recurrent network stays as it is; a linear layer reads it and predicts a sine of a sum."""
    g = torch.Generator().manual_seed(31)
    model = nn.ModuleDict({"pool": nn.RNN(1, 64, batch_first=True), "read": nn.Linear(64, 1)})
    model["pool"].requires_grad_(False)
    with torch.no_grad():
        w = torch.randn(64, 64, generator=g)
        model["pool"].weight_hh_l0.copy_(0.9 * w / torch.linalg.eigvals(w).abs().max())
    optimizer, own = torch.optim.Adam(model["read"].parameters(), lr=1e-2), torch.Generator().manual_seed(seed)

    def loss(_):
        x = torch.rand(32, 20, 1, generator=own) - 0.5
        return F.mse_loss(model["read"](model["pool"](x)[0][:, -1]), (2 * x[:, -3:].sum(1)).sin())

    return train(watch(model, optimizer), model, optimizer, loss, range(500))


@healthy("torch's notes on writing an optimizer", good=0.6)
def optimizer_of_ones_own(seed, watch):
    """A subclass of torch.optim.Optimizer with steps along the sign of a mean, and names of its own."""

    class Signs(torch.optim.Optimizer):
        """θ ← θ − η sign(mean of gradients)."""

        def __init__(self, params, pace):
            super().__init__(params, {"pace": pace, "keep": 0.9})

        @torch.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                    mean.lerp_(p.grad, 1 - group["keep"])
                    p.add_(mean.sign(), alpha=-group["pace"])

    model = mlp(64, 64, 10)
    return _digits(watch, model, Signs(model.parameters(), 5e-4), seed)


@healthy("Zaheer et al. 2017: sets of many sizes", good=0.5)
def sets_of_many_sizes(seed, watch):
    """Sums over two to twenty numbers, padded with zeros and masked; targets are the largest of them."""
    model, g = nn.ModuleDict({"each": mlp(1, 32, 32), "all": mlp(32, 32, 1)}), torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)

    def loss(_):
        x = torch.randn(32, 20, 1, generator=g)
        there = torch.arange(20) < torch.randint(2, 21, (32, 1), generator=g)
        out = model["all"]((model["each"](x) * there.unsqueeze(2)).sum(1))
        return F.smooth_l1_loss(out, x.squeeze(2).masked_fill(~there, -9).amax(1, keepdim=True))

    return train(watch(model, optimizer), model, optimizer, loss, range(400))


@healthy("van den Oord et al. 2016: dilated convolutions forecast a series", good=0.5)
def dilated_convolutions(seed, watch):
    """Three causal convolutions, dilated by 1, 2 and 4, on a noisy sum of sines; validation on its end."""
    t = torch.arange(1200.0)
    g = torch.Generator().manual_seed(41)
    series = (t / 7).sin() + 0.5 * (t / 2.3).sin() + 0.2 * torch.randn(1200, generator=g)
    windows = series.unfold(0, 33, 1)
    model = nn.Sequential(*(part for d, i in ((1, 1), (2, 16), (4, 16))
                            for part in (nn.Conv1d(i, 16, 3, dilation=d), nn.ReLU())), nn.Conv1d(16, 1, 1))
    optimizer, held = adam(model), torch.arange(900, 1160)
    loss = lambda rows: F.mse_loss(model(windows[rows][:, None, :-1])[:, 0, -1], windows[rows][:, -1])
    monitor = watch(model, optimizer)
    train(monitor, model, optimizer, loss, batches(400, 32, seed, rows=850), every=25,
          validate=lambda: loss(held).detach())
    return loss(held).item()


@healthy("Lan et al. 2020 and universal transformers: one block, used four times", good=2.8)
def one_block_four_times(seed, watch):
    """Four passes through the same block of mixing and a network, on characters."""
    x, y, *_, size = text()
    model = nn.ModuleDict({"letters": nn.Embedding(size, 32), "mix": nn.Linear(24, 24), "norm": nn.LayerNorm(32),
                           "body": mlp(32, 64, 32), "head": nn.Linear(24 * 32, size)})
    nn.init.normal_(model["letters"].weight, std=0.1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)

    def loss(part):
        h = model["letters"](x[part])
        for _ in range(4):
            h = h + model["mix"](h.transpose(1, 2)).transpose(1, 2) / 4
            h = h + model["body"](model["norm"](h))
        return F.cross_entropy(model["head"](h.flatten(1)), y[part][:, -1])

    return train(watch(model, optimizer, classes=size), model, optimizer, loss, batches(250, 32, seed, rows=len(x)),
                 clip=1.0)


@healthy("Ha et al. 2017: a network that writes another's weights", good=0.6)
def network_writes_weights(seed, watch):
    """A small network gives the matrix of a classifier, from a learned vector for each of its rows."""
    model = nn.ModuleDict({"vectors": nn.Embedding(48, 8), "writer": mlp(8, 32, 64), "head": nn.Linear(48, 10)})

    def loss(model, part):
        matrix = model["writer"](model["vectors"].weight) / 2
        return F.cross_entropy(model["head"](F.linear(flat()[0][part], matrix).relu()), flat()[1][part])

    return _digits(watch, model, adam(model), seed, loss=loss)


@healthy("online learning: one row at a time", good=0.9)
def one_row_at_a_time(seed, watch):
    """SGD on single rows: most losses are next to 0, some are 5."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    return _digits(watch, model, optimizer, seed, steps=1400, size=1)


@healthy("Neelakantan et al. 2015: noise added to the gradients", good=0.7)
def noise_on_the_gradients(seed, watch):
    """Gaussian noise of falling variance is added to every gradient before the step."""
    model = mlp(64, 48, 48, 10)

    @torch.no_grad()
    def shake(step):
        for p in model.parameters():
            p.grad.add_((0.01 / (1 + step) ** 0.55) ** 0.5 * torch.randn_like(p))

    return _digits(watch, model, torch.optim.SGD(model.parameters(), lr=0.1), seed, steps=350, before=shake)


@healthy("Houlsby et al. 2019: bottlenecks that begin as nothing, between frozen layers", good=0.6)
def bottlenecks_between_frozen_layers(seed, watch):
    """A network that knows the digits meets them mirrored; bottlenecks, their last layer 0, and the head learn."""
    body, x = mlp(64, 64, 10), flat()[0]
    mirrored = x.view(-1, 8, 8).flip(2).flatten(1)
    first = adam(body)
    for part in batches(250, 32, 77):
        first.zero_grad()
        ce(body, part).backward()
        first.step()
    body[0].requires_grad_(False)
    down, up = nn.Linear(64, 16), nn.Linear(16, 64)
    nn.init.zeros_(up.weight)
    nn.init.zeros_(up.bias)

    class Adapted(nn.Module):
        """The old layers with a bottleneck between them."""

        def __init__(self):
            super().__init__()
            self.body, self.down, self.up = body, down, up

        def forward(self, x):
            h = self.body[0](x)
            return self.body[2]((h + self.up(self.down(h).relu())).relu())

    model = Adapted()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=3e-3)
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part, mirrored),
          batches(300, 32, seed))
    return tested(model, x=mirrored)


@healthy("Bai et al. 2019: a layer that is a fixed point", good=0.5)
def layer_at_its_fixed_point(seed, watch):
    """z = tanh(W z + U x) is found by forty rounds without gradients, and one more with them."""
    model = nn.ModuleDict({"w": nn.Linear(48, 48), "u": nn.Linear(64, 48), "head": nn.Linear(48, 10)})
    with torch.no_grad():
        model["w"].weight.mul_(0.5)

    def loss(model, part):
        u = model["u"](flat()[0][part])
        with torch.no_grad():
            z = torch.zeros_like(u)
            for _ in range(40):
                z = (model["w"](z) + u).tanh()
        return F.cross_entropy(model["head"]((model["w"](z) + u).tanh()), flat()[1][part])

    return _digits(watch, model, adam(model), seed, loss=loss)


@healthy("a usual stage: only norms and biases are tuned", good=0.2)
def biases_tuned_alone(seed, watch):
    """Matrices are frozen after 200 steps of training, on purpose; biases go on under a smaller rate."""
    model = mlp(64, 48, 1)
    first = adam(model)
    for part in batches(200, 32, 66):
        first.zero_grad()
        mse(model, part).backward()
        first.step()
    for p in model.parameters():
        p.requires_grad_(p.ndim < 2)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.ndim < 2], lr=5e-4)
    train(watch(model, optimizer), model, optimizer, lambda part: mse(model, part), batches(250, 32, seed))
    return tested(model, lambda model, rows: F.mse_loss(model(flat()[0][rows]), regression()[rows]))
