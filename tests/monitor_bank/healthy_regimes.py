"""Healthy: losses, models and data of kinds that stand outside of a textbook's run."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import lr_scheduler as lr

from monitor_bank.kinds import healthy
from monitor_bank.parts import TEST, TRAINED, batches, ce, cnn, digits, flat, mlp, mse, regression, tested, text, train


def _run(watch, model, optimizer, loss, rows, schedule=None, **more):
    monitor = watch(model, optimizer, **more)
    return train(monitor, model, optimizer, loss, rows, after=schedule and (lambda step: schedule.step()))


@healthy("Smith and Topin 2018: one cycle", good=0.6)
def one_cycle(seed, watch):
    """Up to a high rate and down to nothing; SGD with momentum."""
    model = mlp(64, 64, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    schedule = lr.OneCycleLR(optimizer, 0.3, total_steps=300)
    return _run(watch, model, optimizer, lambda part: ce(model, part), batches(299, 32, seed), schedule, classes=10)


@healthy("tied embeddings, as in most language models", good=2.75)
def embeddings_tied(seed, watch):
    """The embedding's matrix is the head's, too."""
    x, y, *_, size = text()
    letters, head = nn.Embedding(size, 48), nn.Linear(48, size, bias=False)
    nn.init.normal_(letters.weight, std=0.1)
    head.weight = letters.weight
    rnn = nn.GRU(48, 48, batch_first=True)
    model = nn.ModuleDict({"letters": letters, "rnn": rnn, "head": head})
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3)
    loss = lambda part: F.cross_entropy(head(rnn(letters(x[part]))[0]).flatten(0, 1), y[part].flatten())
    return _run(watch, model, optimizer, loss, batches(220, 16, seed, rows=len(x)), classes=size)


@healthy("Shazeer et al. 2017: experts, one for each row", good=0.5)
def experts_by_turns(seed, watch):
    """A router sends each row to one of six experts; in small batches some get nothing."""
    model = nn.ModuleDict({"router": nn.Linear(64, 6), "head": nn.Linear(32, 10),
                           "experts": nn.ModuleList(mlp(64, 32) for _ in range(6))})
    optimizer, (x, y) = torch.optim.Adam(model.parameters(), lr=3e-3), flat()

    def loss(part):
        weights = model["router"](x[part]).softmax(1)
        best, out = weights.argmax(1), torch.zeros(len(part), 32)
        for number, expert in enumerate(model["experts"]):
            rows = (best == number).nonzero()[:, 0]
            if len(rows):
                out = out.index_add(0, rows, expert(x[part][rows]).relu() * weights[rows, number:number + 1])
        even = 6 * (weights.mean(0) * F.one_hot(best, 6).float().mean(0)).sum()
        return F.cross_entropy(model["head"](out), y[part]) + 0.01 * even

    return _run(watch, model, optimizer, loss, batches(400, 8, seed), classes=10)


@healthy("Huang et al. 2016: stochastic depth", good=0.5)
def layers_dropped_at_random(seed, watch):
    """Each of four residual blocks is left out at half of the steps."""
    blocks = nn.ModuleList(mlp(64, 32, 64) for _ in range(4))
    model = nn.ModuleDict({"blocks": blocks, "head": nn.Linear(64, 10)})
    optimizer, (x, y) = torch.optim.AdamW(model.parameters(), lr=2e-3), flat()

    def loss(part):
        h = x[part]
        for block in blocks:
            h = h + block(h) if torch.rand(()) < 0.5 else h
        return F.cross_entropy(model["head"](h), y[part])

    return _run(watch, model, optimizer, loss, batches(350, 32, seed), classes=10)


@healthy("torchvision's detection recipes: batch norm frozen on purpose", good=0.6)
def batch_norm_kept_in_evaluation(seed, watch):
    """A trained body; model.train(), and then eval() on its batch norms alone, before each epoch."""
    body = nn.Sequential(nn.Linear(64, 48), nn.BatchNorm1d(48), nn.ReLU())
    model = nn.Sequential(*body, nn.Dropout(0.1), nn.Linear(48, 10))
    first, x = torch.optim.Adam(model.parameters(), lr=2e-3), digits()[0].rot90(1, (2, 3)).flatten(1) * 3 - 1
    for part in batches(200, 32, seed):
        first.zero_grad()
        ce(model, part).backward()
        first.step()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)

    def quiet(step):
        model.train()
        model[1].eval()

    quiet(0)
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part, x), batches(350, 32, seed), before=quiet)
    return tested(model, x=x)


@healthy("Chen and He 2021: similarity with a stopped gradient", good=-0.5)
def views_of_one_image(seed, watch):
    """Minus a cosine: from 0 to about −1; the target's branch is detached."""
    body, ahead = nn.Sequential(nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 32)), mlp(32, 16, 32)
    model, x = nn.ModuleDict({"body": body, "ahead": ahead}), flat()[0]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

    def loss(part):
        a, b = (body(x[part] + 0.5 * torch.randn(len(part), 64)) for _ in range(2))
        alike = [F.cosine_similarity(ahead(one), other.detach()).mean() for one, other in ((a, b), (b, a))]
        return -sum(alike) / 2

    return _run(watch, model, optimizer, loss, batches(300, 64, seed))


@healthy("losses summed over tokens, under Adam", good=2000.0)
def summed_over_tokens(seed, watch):
    """reduction="sum" over 16 × 24 characters; Adam does not mind."""
    x, y, *_, size = text()
    model = nn.ModuleDict({"letters": nn.Embedding(size, 48), "rnn": nn.GRU(48, 48, batch_first=True),
                           "head": nn.Linear(48, size)})
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    out = lambda part: model["head"](model["rnn"](model["letters"](x[part]))[0])
    loss = lambda part: F.cross_entropy(out(part).flatten(0, 1), y[part].flatten(), reduction="sum")
    return _run(watch, model, optimizer, loss, batches(220, 16, seed, rows=len(x)))


@healthy("Bishop 1994: mixture densities", good=0.9)
def mixture_of_densities(seed, watch):
    """Three Gaussians over the target, by logsumexp."""
    model = mlp(64, 48, 9)
    optimizer, x, y = torch.optim.Adam(model.parameters(), lr=2e-3), flat()[0], regression(noise=0.05)

    def loss(part):
        weight, mean, spread = model(x[part]).chunk(3, 1)
        each = torch.distributions.Normal(mean, F.softplus(spread) + 1e-3).log_prob(y[part])
        return -(weight.log_softmax(1) + each).logsumexp(1).mean()

    return _run(watch, model, optimizer, loss, batches(400, 32, seed))


@healthy("Cox 1972: a ranking of survival times", good=3.0)
def survival_times(seed, watch):
    """The partial likelihood: a loss that begins at the logarithm of the batch and falls little."""
    model, (x, _) = mlp(64, 32, 1), flat()
    optimizer, risk = torch.optim.Adam(model.parameters(), lr=2e-3), 2 * regression()[:, 0]
    times = torch.distributions.Exponential(risk.exp()).sample()

    def loss(part):
        order = part[times[part].argsort(descending=True)]
        score = model(x[order])[:, 0]
        return (score.logcumsumexp(0) - score).mean()

    return _run(watch, model, optimizer, loss, batches(300, 48, seed))


@healthy("a table of thirty rows, trained as a whole", good=0.2)
def thirty_rows_at_once(seed, watch):
    """Full batches of thirty rows, decay, and a long run; SGD with momentum."""
    model, rows = mlp(64, 16, 10), torch.arange(30)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
    return _run(watch, model, optimizer, lambda part: ce(model, part), (rows for _ in range(300)), classes=10)


@healthy("truncated backpropagation through time", good=0.55)
def state_carried_on(seed, watch):
    """An echo of three steps ago, from a state that is carried on and detached between the pieces."""
    rnn, head = nn.GRU(1, 24, batch_first=True), nn.Linear(24, 1)
    model, g = nn.ModuleDict({"rnn": rnn, "head": head}), torch.Generator().manual_seed(seed)
    optimizer, carried = torch.optim.Adam(model.parameters(), lr=5e-3), [torch.zeros(1, 16, 24), torch.zeros(16, 3, 1)]

    def loss(_):
        x = torch.randn(16, 12, 1, generator=g)
        out, state = rnn(x, carried[0])
        wanted = torch.cat([carried[1], x], 1)[:, :12]
        carried[:] = state.detach(), x[:, -3:]
        return F.mse_loss(head(out), wanted)

    return _run(watch, model, optimizer, loss, range(300))


@healthy("Wu et al. 2021: two passes with dropout, kept alike", good=0.6)
def two_passes_kept_alike(seed, watch):
    """Cross-entropy of two passes with other units dropped, and the divergence between them."""
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 10))
    optimizer, (x, y) = torch.optim.AdamW(model.parameters(), lr=2e-3), flat()

    def loss(part):
        a, b = (model(x[part]).log_softmax(1) for _ in range(2))
        apart = F.kl_div(a, b, log_target=True, reduction="batchmean") + F.kl_div(b, a, log_target=True,
                                                                                  reduction="batchmean")
        return (F.nll_loss(a, y[part]) + F.nll_loss(b, y[part])) / 2 + 0.5 * apart

    return _run(watch, model, optimizer, loss, batches(300, 32, seed), classes=10)


@healthy("images that grow: small ones first", good=0.9)
def images_that_grow(seed, watch):
    """Images of 4 × 4 for the first 150 steps, of 8 × 8 after that."""
    model = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(),
                          nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(96, 10))
    optimizer, seen = torch.optim.Adam(model.parameters(), lr=3e-3), []
    images, y = digits()

    def loss(part):
        seen.append(part)
        x = images[part]
        return F.cross_entropy(model(F.avg_pool2d(x, 2) if len(seen) <= 150 else x), y[part])

    _run(watch, model, optimizer, loss, batches(400, 32, seed), classes=10)
    return tested(model, lambda model, rows: F.cross_entropy(model(images[rows]), y[rows]))


@healthy("nothing but a validation that is as it should be", good=0.6)
def validation_beside_augmentation(seed, watch):
    """Training rows are augmented strongly, validation rows are not: their loss is lower all along."""
    model = mlp(64, 64, 10)
    optimizer, x = torch.optim.Adam(model.parameters(), lr=2e-3), flat()[0]
    monitor = watch(model, optimizer, classes=10)
    noisy = lambda part: F.cross_entropy(model(x[part] * (torch.rand(len(part), 64) > 0.4)), flat()[1][part])
    train(monitor, model, optimizer, noisy, batches(400, 32, seed), validate=lambda: tested(model), every=20)
    return ce(model, TEST).item()


@healthy("five folds, each with its own model, optimizer and monitor", good=0.6)
def five_folds(seed, watch):
    """Cross-validation: five short runs in a row."""
    scores = []
    for fold in range(5):
        model = mlp(64, 48, 10)
        rows = torch.tensor([row for row in range(TRAINED) if row % 5 != fold])
        optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
        scores.append(_run(watch, model, optimizer, lambda part, m=model, r=rows: ce(m, r[part]),
                           batches(110, 32, seed + fold, rows=len(rows)), classes=10))
    return max(scores)


@healthy("a drifting stream", good=0.2)
def stream_that_drifts(seed, watch):
    """The targets turn slowly, and the model follows: the loss stays where it is, as it should."""
    model, g = nn.Linear(16, 1), torch.Generator().manual_seed(seed)
    goal, turn = torch.randn(16, 1, generator=g), torch.randn(16, 1, generator=g)

    def loss(step):
        x = torch.randn(32, 16, generator=g)
        y = x @ (goal + turn * step / 300) + 0.3 * torch.randn(32, 1, generator=g)
        return F.mse_loss(model(x), y)

    return _run(watch, model, torch.optim.SGD(model.parameters(), lr=0.05), loss, range(500))


@healthy("SGD on a regression, every batch another size", good=0.2)
def batches_of_many_sizes(seed, watch):
    """Batches of 4 to 64 rows in turn: the losses' noise changes with them."""
    model = mlp(64, 48, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.03, momentum=0.8)
    monitor = watch(model, optimizer)
    rows = [part[: (4, 64, 16, 32)[step % 4]] for step, part in enumerate(batches(450, 64, seed))]
    train(monitor, model, optimizer, lambda part: mse(model, part), rows)
    return tested(model, mse)


@healthy("images, RMSprop with momentum, exponential decay", good=0.4)
def rmsprop_with_momentum(seed, watch):
    """As in Inception and EfficientNet, with their large ε."""
    model, x = cnn(), digits()[0]
    optimizer = torch.optim.RMSprop(model.parameters(), lr=2e-3, momentum=0.9, eps=1e-3, alpha=0.9)
    schedule, monitor = lr.ExponentialLR(optimizer, 0.995), watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part, x), batches(300, 32, seed),
          after=lambda step: schedule.step())
    return tested(model, x=x)
