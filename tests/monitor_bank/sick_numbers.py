"""Sick: numbers that leave their range, or do not enter it. NaN, overflow, half precision, starts, scales."""

import torch
import torch.nn.functional as F
from torch import nn

from monitor_bank.kinds import sick
from monitor_bank.parts import TRAINED, batches, ce, digits, flat, mlp, regression, tested, train
from monitor_bank.words import LOWER, NUMBERS, RAISE, TOO_HIGH, TOO_LOW


def _digits(watch, model, optimizer, rows, *, loss=ce, classes=10, **more):
    monitor = watch(model, optimizer, classes=classes)
    train(monitor, model, optimizer, lambda part: loss(model, part), rows, **more)
    return monitor


@sick("a common slip: log of softmax, without the fused form", right=NUMBERS, good=0.9)
def log_of_a_zero(ill, seed, watch):
    """−log(softmax) on inputs as pixels of 0 to 255: a probability is 0 soon."""
    model, x, labels = mlp(64, 48, 10), digits()[0].flatten(1) * 255, digits()[1]
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def loss(model, part):
        logits = model(x[part])
        if not ill:
            return F.cross_entropy(logits, labels[part])
        return -torch.softmax(logits, 1)[torch.arange(len(part)), labels[part]].log().mean()

    _digits(watch, model, optimizer, batches(250, 32, seed), loss=loss)
    return tested(model, loss)


@sick("pytorch/pytorch #2421, mpariente/pytorch_stoi #7: √ at 0", right=NUMBERS, good=0.5)
def root_of_a_zero(ill, seed, watch):
    """A loss with distances √(Σ d²), and a pair of equal rows comes at step 60."""
    model, x = mlp(64, 32, 8), flat()[0]
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    step = [0]

    def loss(model, part):
        step[0] += 1
        left, right = x[part], x[part.flip(0)]
        if step[0] == 60:
            right = torch.cat([left[:1], right[1:]])
        gap = model(left) - model(right)
        square = gap.square().sum(1)
        near = square.sqrt() if ill else (square + 1e-6).sqrt()
        return (near - (left - right).norm(dim=1) / 2).square().mean() / 10

    _digits(watch, model, optimizer, batches(250, 32, seed), loss=loss, classes=None)
    return tested(model, loss)


@sick("pytorch/pytorch #16317: 0/0 behind torch.where", right=NUMBERS, good=1.5)
def zero_over_zero_behind_where(ill, seed, watch):
    """Features are averaged over the marked pixels, by torch.where; an image without any comes at step 40."""
    model, images = nn.ModuleList([nn.Conv2d(1, 32, 5, padding=2), nn.Linear(32, 10)]), digits()[0]
    optimizer, step = torch.optim.Adam(model.parameters(), lr=1e-2), [0]

    def loss(model, part):
        step[0] += 1
        x = images[part] * (torch.arange(len(part)) > 0).view(-1, 1, 1, 1) if step[0] == 40 else images[part]
        marked = x > 0.2
        count = marked.sum((2, 3))
        mean = (model[0](x).relu() * marked).sum((2, 3)) / (count if ill else count.clamp(min=1))
        return F.cross_entropy(model[1](torch.where(count > 0, mean, 0.0)), digits()[1][part])

    _digits(watch, model, optimizer, batches(250, 32, seed), loss=loss)
    return tested(model, loss)


@sick("a common slip: model.half() and Adam", right=[*NUMBERS, r"\bε", r"float16|half"], good=0.8)
def adam_in_float16(ill, seed, watch):
    """model.half(): ε = 1e-8 is 0 in float16, and so is a small v."""
    dtype = torch.float16 if ill else torch.float32
    model = mlp(64, 48, 10).to(dtype)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    x = flat()[0].to(dtype)
    loss = lambda model, part: F.cross_entropy(model(x[part]).float(), flat()[1][part])
    _digits(watch, model, optimizer, batches(200, 32, seed), loss=loss)
    return tested(model, loss)


@sick("OneTrainer #146, torchtune #2254, workofart/ml-by-hand #85: weights in half precision, and updates that vanish",
      right=[r"bf(loat)?16", r"half precision", r"round", r"float16", r"\bdtype"], harm=[LOWER], good=2.6)
def updates_vanish_in_bfloat16(ill, seed, watch):
    """A trained network goes on in bfloat16 at η = 1e-4, on turned images: most steps are lost in rounding."""
    model, x = mlp(64, 64, 10), digits()[0] * 2 - 0.6
    turned = x.rot90(1, (2, 3)).flatten(1)
    first = torch.optim.Adam(model.parameters(), lr=3e-3)
    for part in batches(200, 32, seed):
        first.zero_grad()
        ce(model, part, x.flatten(1)).backward()
        first.step()
    dtype = torch.bfloat16 if ill else torch.float32
    model = model.to(dtype)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    loss = lambda model, part: F.cross_entropy(model(turned[part].to(dtype)).float(), digits()[1][part])
    _digits(watch, model, optimizer, batches(400, 32, seed), loss=loss)
    return tested(model, loss)


@sick("a common report on T5 in float16: the mean of squares overflows", right=[*NUMBERS, r"no gradient", r"dead",
      r"saturat", r"float16|half precision"], harm=[RAISE], good=0.6)
def float16_overflows(ill, seed, watch):
    """RMS normalisation in float16 of activations that grow: a square above 65504 is infinite."""
    model, x = mlp(64, 48, 10), flat()[0]
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)

    def loss(model, part):
        hidden = (model[0](x[part]) * 200).to(torch.float16 if ill else torch.float32)
        normed = hidden * (hidden.square().mean(1, keepdim=True) + 1e-3).rsqrt()
        return F.cross_entropy(model[2](normed.float()), flat()[1][part])

    _digits(watch, model, optimizer, batches(200, 32, seed), loss=loss)
    return tested(model, loss)


@sick("a common report: recurrent networks without clipping", right=[r"explod", r"gradient.{0,30}(large|grow|jump)",
      r"clip", *TOO_HIGH, *NUMBERS], harm=[RAISE], good=0.02)
def recurrent_gradients_explode(ill, seed, watch):
    """A plain RNN over 60 steps, its matrix started twice too large, without clipping; the twin starts orthogonal."""
    net, head = nn.RNN(2, 24, batch_first=True), nn.Linear(24, 1)
    model = nn.ModuleList([net, head])
    nn.init.orthogonal_(net.weight_hh_l0, gain=2.5 if ill else 0.98)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    monitor, g = watch(model, optimizer), torch.Generator().manual_seed(seed)
    last = []
    for _ in range(250):
        x = torch.rand(32, 40, 2, generator=g)
        y = x[:, -8:, 0].mean(1, keepdim=True)
        optimizer.zero_grad()
        loss = (head(net(x)[0][:, -1]) - y).square().mean()
        loss.backward()
        if not ill:
            monitor.clip_(1.0)
        optimizer.step()
        monitor.observe(loss=loss)
        last = [*last[-29:], loss.item()]
    return sum(last) / len(last)


@sick("the textbook: every weight drawn from N(0, 1)", right=[r"initiali",
      r"\bstart(s|ed|ing)?\b.{0,60}(loss|ln|weights|scale)", r"(first|initial) loss", r"ln\b"], harm=[RAISE],
      good=0.5)
def weights_started_at_one(ill, seed, watch):
    """All matrices drawn from N(0, 1): the first loss is hundreds, where ln 10 = 2.3 is due."""
    model = mlp(64, 64, 64, 10)
    for part in model if ill else ():
        if isinstance(part, nn.Linear):
            nn.init.normal_(part.weight)
    _digits(watch, model, torch.optim.SGD(model.parameters(), lr=0.05), batches(250, 32, seed))
    return tested(model)


@sick("the textbook: all weights 0", right=[r"initiali", r"no gradient", r"gradient.{0,20}\b0\b",
      r"\b(all )?zeros?\b", r"symmetr"], harm=[RAISE, LOWER], good=0.5)
def weights_started_at_zero(ill, seed, watch):
    """Every weight 0: no gradient but that of the last bias."""
    model = mlp(64, 48, 48, 10)
    for p in model.parameters() if ill else ():
        nn.init.zeros_(p)
    _digits(watch, model, torch.optim.Adam(model.parameters(), lr=2e-3), batches(300, 32, seed))
    return tested(model)


@sick("a common slip: pixels of 0 to 255", right=[r"input", r"normali[sz]", r"standardi[sz]", r"(first|initial) loss",
      r"ln\b", *TOO_HIGH], harm=[RAISE], good=0.6)
def inputs_of_0_to_255(ill, seed, watch):
    """Pixels as they come, SGD at the rate that fits inputs of about 1."""
    x = digits()[0].flatten(1) * (255 if ill else 2)
    model = mlp(64, 48, 10)
    _digits(watch, model, torch.optim.SGD(model.parameters(), lr=0.05), batches(300, 32, seed),
            loss=lambda model, part: ce(model, part, x))
    return tested(model, x=x)


@sick("a common slip: divided by 255 twice", right=[r"input", r"normali[sz]", r"standardi[sz]", *TOO_LOW],
      harm=[LOWER], good=1.2)
def inputs_near_zero(ill, seed, watch):
    """Pixels divided by 255 twice: inputs up to 0.004; SGD."""
    x = digits()[0].flatten(1) / (255 if ill else 0.5)
    model = mlp(64, 48, 10)
    _digits(watch, model, torch.optim.SGD(model.parameters(), lr=0.05), batches(300, 32, seed),
            loss=lambda model, part: ce(model, part, x))
    return tested(model, x=x)


@sick("a common slip: house prices as they are", right=[r"target", r"normali[sz]", r"standardi[sz]", r"scale",
      *TOO_LOW], harm=[LOWER], good=0.2)
def targets_of_a_hundred_thousand(ill, seed, watch):
    """Targets about 200 000 ± 50 000, Adam at 1e-3: the weights would have to grow for months."""
    model, x = mlp(64, 48, 1), flat()[0]
    y = 200_000 + 50_000 * regression() if ill else regression()
    loss = lambda model, part: F.mse_loss(model(x[part]), y[part])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    _digits(watch, model, optimizer, batches(350, 32, seed), loss=loss, classes=None)
    return tested(model, loss) / y[TRAINED:].var().item()


@sick("a common slip: a masked mean over nothing", right=NUMBERS, good=0.5)
def mean_over_an_empty_mask(ill, seed, watch):
    """The loss is a mean over the rows that a mask keeps; at step 50 it keeps none."""
    model, x = mlp(64, 48, 10), flat()[0]
    step = [0]

    def loss(model, part):
        step[0] += 1
        kept = (torch.arange(len(part)) % 2 == 0) & (step[0] != 50)
        losses = F.cross_entropy(model(x[part]), flat()[1][part], reduction="none")
        return (losses * kept).sum() / (kept.sum() if ill else kept.sum().clamp(min=1))

    _digits(watch, model, torch.optim.AdamW(model.parameters(), lr=1e-3), batches(300, 32, seed), loss=loss)
    return tested(model)
