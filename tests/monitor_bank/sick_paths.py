"""Sick: paths that gradients do not take, rates that are not what was meant, numbers that are too small."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import lr_scheduler as lr

from monitor_bank.kinds import sick
from monitor_bank.parts import batches, ce, flat, mlp, regression, tested, text, train
from monitor_bank.words import LOWER, RAISE, SCHEDULE, TOO_HIGH

CUT = (r"detach", r"\.data", r"no gradient", r"never calls", r"cut_off", r"no_grad")


def _digits(watch, model, optimizer, seed, *, steps=300, size=32, after=None, loss=None):
    loss = loss or (lambda part: ce(model, part))
    train(watch(model, optimizer, classes=10), model, optimizer, loss, batches(steps, size, seed), after=after)
    return tested(model)


@sick("a common slip: embeddings looked up in weight.data", right=CUT, harm=[RAISE, LOWER], good=3.0)
def embedding_looked_up_in_data(ill, seed, watch):
    """The embedding's numbers are taken through .data: they stay as they were drawn."""
    x, y, *_, size = text()
    model = nn.ModuleDict({"letters": nn.Embedding(size, 2), "head": nn.Linear(48, size)})
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    weight = lambda: model["letters"].weight.data if ill else model["letters"].weight
    loss = lambda part: F.cross_entropy(model["head"](F.embedding(x[part], weight()).flatten(1)), y[part][:, -1])
    return train(watch(model, optimizer, classes=size), model, optimizer, loss, batches(400, 32, seed, rows=len(x)))


@sick("peft and LoRA reports: both factors start at 0", good=0.8, harm=[LOWER],
      right=[r"dead_gradient", r"both (sides|factors)", r"product of weights", r"all 0"])
def both_factors_start_at_zero(ill, seed, watch):
    """Adapters B·A on a frozen random body, with B and A both 0: neither gets a gradient."""

    class Adapted(nn.Module):
        """x W + x A B, W frozen."""

        def __init__(self, i, o):
            super().__init__()
            self.body = nn.Linear(i, o)
            self.body.requires_grad_(False)
            self.A, self.B = nn.Parameter(torch.randn(i, 6) / 8), nn.Parameter(torch.zeros(6, o))
            if ill:
                nn.init.zeros_(self.A)

        def forward(self, x):
            return self.body(x) + x @ self.A @ self.B

    model = nn.Sequential(Adapted(64, 64), nn.ReLU(), Adapted(64, 10))
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=5e-3)
    return _digits(watch, model, optimizer, seed)


@sick("torchvision's old examples: milestones of epochs, stepped at each batch", right=SCHEDULE, good=0.5)
def milestones_of_epochs_at_each_batch(ill, seed, watch):
    """MultiStepLR([3, 6, 8]) was meant for epochs: after eight batches the rate is a thousandth."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = lr.MultiStepLR(optimizer, [3, 6, 8], gamma=0.1)
    due = lambda step: ill or step % 44 == 43
    return _digits(watch, model, optimizer, seed, steps=352, after=lambda step: due(step) and schedule.step())


@sick("a common slip: // where / was meant in a warmup", good=0.5, harm=[LOWER],
      right=[*SCHEDULE, r"warmup", r"rate is 0", r"largest rate was 0"])
def warmup_of_whole_numbers(ill, seed, watch):
    """min(1, step // 500): the rate is 0 until step 500, and the run is shorter."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = lr.LambdaLR(optimizer, lambda step: min(1, (step + 1) // 500 if ill else (step + 1) / 50))
    return _digits(watch, model, optimizer, seed, after=lambda step: schedule.step())


@sick("a common slip: a scheduler for the first group only", right=[r"rate", r"group"], harm=[LOWER], good=0.9)
def second_group_without_its_rate(ill, seed, watch):
    """Two groups; the body's has 1e-7 where 1e-2 was meant, and its head cannot do much alone."""
    model = mlp(64, 6, 6, 10)
    groups = [{"params": model[4].parameters(), "lr": 1e-2},
              {"params": [*model[0].parameters(), *model[2].parameters()], "lr": 1e-7 if ill else 1e-2}]
    optimizer = torch.optim.Adam(groups)
    return _digits(watch, model, optimizer, seed, steps=400)


@sick("a common report: half precision without a scaler", harm=[RAISE, LOWER], good=0.8,
      right=[r"underflow", r"half precision", r"float16", r"scaler", r"precision"])
def gradients_underflow_in_float16(ill, seed, watch):
    """model.half(), and a loss divided by the accumulation's 4096: every gradient is below 6e-8, which is 0."""
    dtype = torch.float16 if ill else torch.float32
    model, x = mlp(64, 48, 10).to(dtype), flat()[0].to(dtype)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, eps=1e-12 if not ill else 1e-7)
    loss = lambda model, part: F.cross_entropy(model(x[part]), flat()[1][part])
    monitor, total = watch(model, optimizer, classes=10), 2.0**24
    for part in batches(250, 32, seed):
        optimizer.zero_grad()
        value = loss(model, part)
        (value / total).backward()
        optimizer.step()
        monitor.observe(loss=value)
    return tested(model, loss)


@sick("a common slip: optimizer.step() instead of scaler.step(optimizer)", harm=[RAISE], good=0.6,
      right=[r"scaler", r"unscale", r"multiplied"])
def scaled_and_never_unscaled(ill, seed, watch):
    """scaler.scale(loss).backward(), and then optimizer.step() itself: gradients 65536 times too large, under SGD."""
    model = mlp(64, 48, 10)
    optimizer, scaler = torch.optim.SGD(model.parameters(), lr=0.05), torch.amp.GradScaler("cpu")
    monitor = watch(model, optimizer, classes=10)
    for part in batches(250, 32, seed):
        optimizer.zero_grad()
        loss = ce(model, part)
        scaler.scale(loss).backward()
        if ill:
            optimizer.step()
        else:
            scaler.step(optimizer)
            scaler.update()
        monitor.observe(loss=loss)
    return tested(model)


@sick("a common slip: the padding mask is turned round", good=2.6, harm=[RAISE],
      right=[r"flat_from_start", r"\bchecklist\b", r"dead_gradient", r"by heart"])
def mask_turned_round(ill, seed, watch):
    """The mean is taken over the padding and not over the words: no word is ever seen."""
    g = torch.Generator().manual_seed(seed)
    topics = torch.softmax(3 * torch.randn(16, 200, generator=torch.Generator().manual_seed(1)), 1)
    model = nn.ModuleDict({"words": nn.Embedding(201, 32), "head": mlp(32, 32, 16)})
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

    def loss(_):
        y = torch.randint(0, 16, (32,), generator=g)
        x = torch.multinomial(topics[y], 12, replacement=True, generator=g)
        x[:, 8:] = 200
        mask = ((x == 200) if ill else (x != 200)).unsqueeze(2)
        return F.cross_entropy(model["head"]((model["words"](x) * mask).sum(1) / mask.sum(1)), y)

    return train(watch(model, optimizer, classes=16), model, optimizer, loss, range(300))


@sick("keras and fastai forums: RMSprop at the rate of SGD", right=TOO_HIGH, harm=[RAISE], good=0.6)
def rmsprop_at_the_rate_of_sgd(ill, seed, watch):
    """RMSprop at 0.1."""
    model = mlp(64, 64, 64, 10)
    return _digits(watch, model, torch.optim.RMSprop(model.parameters(), lr=0.1 if ill else 1e-3), seed)


@sick("a common report on small batches with Adam", right=[*TOO_HIGH, LOWER], harm=[RAISE], good=0.9)
def adam_rate_in_a_deep_network(ill, seed, watch):
    """Six layers and a rate of 0.05, from the start."""
    model = mlp(64, *[48] * 6, 10)
    return _digits(watch, model, torch.optim.Adam(model.parameters(), lr=0.05 if ill else 2e-3), seed, steps=350)


@sick("a common slip: the body's features are computed once, before the loop", right=[*CUT, r"\bcalls?\b"],
      harm=[RAISE, LOWER], good=1.0)
def features_computed_once(ill, seed, watch):
    """A narrow body is run once under no_grad, "to save time"; the optimizer holds it in vain."""
    model = nn.ModuleDict({"body": mlp(64, 5, 5), "head": nn.Linear(5, 10)})
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    x, labels = flat()
    with torch.no_grad():
        kept = model["body"](x)
    loss = lambda part: F.cross_entropy(model["head"]((kept[part] if ill else model["body"](x[part])).relu()),
                                        labels[part])
    return train(watch(model, optimizer, classes=10), model, optimizer, loss, batches(400, 32, seed))


@sick("a common report on GANs: the generator's loss through detach", right=CUT, harm=[RAISE, LOWER], good=0.9)
def generator_behind_a_detach(ill, seed, watch):
    """One helper makes fakes for both players, and detaches them."""
    G, D = mlp(2, 32, 2), mlp(2, 48, 1)
    for_g, for_d = (torch.optim.Adam(net.parameters(), lr=2e-3, betas=(0.5, 0.99)) for net in (G, D))
    monitor, one, zero = watch(G, for_g), torch.ones(64, 1), torch.zeros(64, 1)
    centre = torch.tensor([2.0, -1.0])
    for _ in range(400):
        real, fake = centre + 0.3 * torch.randn(64, 2), G(torch.randn(64, 2))
        for_d.zero_grad()
        (F.binary_cross_entropy_with_logits(D(real), one)
         + F.binary_cross_entropy_with_logits(D(fake.detach()), zero)).backward()
        for_d.step()
        for_g.zero_grad()
        loss = F.binary_cross_entropy_with_logits(D(fake.detach() if ill else fake), one)
        loss.backward()
        for_g.step()
        monitor.observe(loss=loss)
    return (G(torch.randn(500, 2)).mean(0) - centre).norm().item()


@sick("a common slip in regressors: targets of another unit in a few rows", good=0.4,
      right=[r"bad_data", r"outlier", r"\brows\b", r"clip", r"batch"], harm=[RAISE])
def a_few_targets_in_another_unit(ill, seed, watch):
    """Two rows in a hundred have targets a thousand times too large."""
    y = regression().clone()
    if ill:
        y[torch.randperm(1437, generator=torch.Generator().manual_seed(3))[:28]] *= 1000
    model = mlp(64, 48, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    loss = lambda part: F.mse_loss(model(flat()[0][part]), y[part])
    train(watch(model, optimizer), model, optimizer, loss, batches(400, 16, seed))
    return tested(model, lambda model, part: F.mse_loss(model(flat()[0][part]), regression()[part]))


@sick("a common slip: the model is built anew in each epoch", right=[r"another model", r"other (weights|model)",
      r"which model", r"never calls|no_steps|no_gradient", r"no gradient"], harm=[RAISE, LOWER], good=0.8)
def trains_the_wrong_model(ill, seed, watch):
    """The optimizer and the monitor hold one model; a helper builds another, and the loss is that one's."""
    model, other = mlp(64, 48, 10), mlp(64, 48, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    called = other if ill else model
    _digits(watch, model, optimizer, seed, steps=250, loss=lambda part: ce(called, part))
    return tested(called)
