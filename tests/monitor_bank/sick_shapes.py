"""Sick: numbers that leave their domain, axes taken for one another, and rows that say nothing."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import lr_scheduler as lr

from monitor_bank.kinds import sick
from monitor_bank.parts import adam, batches, ce, digits, flat, mlp, normed, regression, tested, text, train
from monitor_bank.words import LOWER, NUMBERS, RAISE, SCHEDULE, TOO_HIGH

AXES = (r"\bchecklist\b", r"\b(axis|axes|permute|transpose|reshape|view|dim=)\b", r"flat_from_start",
        r"labels?\b.{0,40}(rows|belong|inputs)")
OTHERWISE = (r"prepared", r"other (data|model|weights)", r"another (model|copy)", r"validation_apart")


@sick("pytorch #61810: acos has no slope at ±1", right=NUMBERS, harm=[RAISE], good=0.4)
def angle_of_equal_vectors(ill, seed, watch):
    """The angle between an output and its target, by acos of their cosine; at step 70 the two are alike."""
    model, x = mlp(64, 48, 8), flat()[0]
    aim = F.normalize(x @ torch.randn(64, 8, generator=torch.Generator().manual_seed(3)), dim=1)
    optimizer, count = adam(model), [0]

    def loss(model, part):
        count[0] += 1
        out = F.normalize(model(x[part]), dim=1)
        target = out.detach() if count[0] == 71 else aim[part]
        cosine = (out * target).sum(1)
        return (cosine.clamp(-1, 1) if ill else cosine.clamp(-0.9999, 0.9999)).acos().mean()

    train(watch(model, optimizer), model, optimizer, lambda part: loss(model, part), batches(250, 32, seed))
    return tested(model, loss)


@sick("pytorch #24816, #41508: a row of attention that is masked altogether", right=NUMBERS, harm=[RAISE], good=3.3)
def row_masked_altogether(ill, seed, watch):
    """At step 50 a sequence of padding alone comes: softmax over nothing but −∞ is NaN."""
    x, y, *_, size = text()
    model = nn.ModuleDict({"letters": nn.Embedding(size, 24), "qk": nn.Linear(24, 24), "head": nn.Linear(24, size)})
    optimizer, count = adam(model, 5e-3), [0]

    def loss(part):
        count[0] += 1
        h = model["letters"](x[part])
        hidden = torch.zeros(len(part), 24, dtype=torch.bool)
        hidden[:, :4] = True
        if ill and count[0] == 50:
            hidden[0] = True
        scores = (h[:, -1:] @ model["qk"](h).transpose(1, 2)).squeeze(1).masked_fill(hidden, -torch.inf)
        return F.cross_entropy(model["head"]((scores.softmax(1).unsqueeze(1) @ h).squeeze(1)), y[part][:, -1])

    return train(watch(model, optimizer, classes=size), model, optimizer, loss, batches(250, 32, seed, rows=len(x)))


@sick("a common report: std() of a single value is NaN", right=NUMBERS, harm=[RAISE], good=0.5)
def spread_of_a_single_row(ill, seed, watch):
    """Targets are standardised within the batch, and the last batch of an epoch has one row."""
    model, x, y = mlp(64, 48, 1), flat()[0], regression()
    optimizer = adam(model)
    monitor = watch(model, optimizer)
    g = torch.Generator().manual_seed(90 + seed)
    for _ in range(8):
        for part in torch.randperm(1437, generator=g)[: 1409 if ill else 1408].split(32):
            target = (y[part] - y[part].mean()) / y[part].std()
            optimizer.zero_grad()
            loss = F.mse_loss(model(x[part]), target)
            loss.backward()
            optimizer.step()
            monitor.observe(loss=loss)
    return tested(model, lambda model, rows: F.mse_loss(model(x[rows]), y[rows]))


@sick("a common report on tables: a column that never changes, divided by its spread", right=NUMBERS, harm=[RAISE],
      good=0.6)
def constant_column_standardised(ill, seed, watch):
    """Eight of the digits' pixels are always 0; each column is divided by its standard deviation."""
    raw = digits()[0].flatten(1)
    x = (raw - raw.mean(0)) / (raw.std(0) + (0.0 if ill else 1e-2))
    model = mlp(64, 48, 10)
    optimizer = adam(model)
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part, x),
          batches(250, 32, seed))
    return tested(model, x=x)


@sick("pytorch's warning of an implicit dimension: softmax over the batch", right=[*AXES, r"softmax"],
      harm=[RAISE, LOWER], good=0.2)
def softmax_over_the_batch(ill, seed, watch):
    """log_softmax(dim=0): the rows of a batch share the probability among themselves."""
    model = mlp(64, 48, 10)
    optimizer = adam(model)
    loss = lambda part: F.nll_loss(model(flat()[0][part]).log_softmax(0 if ill else 1), flat()[1][part])
    train(watch(model, optimizer, classes=10), model, optimizer, loss, batches(300, 32, seed))
    return tested(model)


@sick("a well-known slip: view where a transpose was meant", right=AXES, harm=[RAISE, LOWER], good=2.6)
def view_for_a_transpose(ill, seed, watch):
    """Scores of shape (rows, classes, places) are flattened to (·, classes) without a transpose: classes get mixed."""
    x, y, *_, size = text()
    model = nn.Sequential(nn.Embedding(size, 32), nn.Flatten(0, 1), nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, size))
    optimizer = adam(model, 5e-3)

    def loss(part, wrong=False):
        out = model(x[part]).view(len(part), 24, size).transpose(1, 2)  # as a convolution gives it
        out = out.reshape(-1, size) if wrong else out.transpose(1, 2).reshape(-1, size)
        return F.cross_entropy(out, y[part].flatten())

    train(watch(model, optimizer, classes=size), model, optimizer, lambda part: loss(part, ill),
          batches(300, 16, seed, rows=len(x)))
    with torch.no_grad():
        return loss(torch.arange(200)).item()


@sick("keras and pytorch forums: ReduceLROnPlateau told an accuracy, in mode min", right=SCHEDULE, harm=[LOWER],
      good=0.4)
def plateau_schedule_told_an_accuracy(ill, seed, watch):
    """The accuracy rises, and the schedule takes that for no improvement: the rate is cut again and again."""
    model = mlp(64, 48, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    schedule = lr.ReduceLROnPlateau(optimizer, mode="min" if ill else "max", factor=0.1, patience=1)
    right = lambda: (model(flat()[0][1437:]).argmax(1) == flat()[1][1437:]).float().mean().item()
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part), batches(400, 32, seed),
          after=lambda step: schedule.step(right()) if step % 5 == 4 and step < 100 else None)
    return tested(model)


@sick("reports of Gaussian likelihoods: the variance has no floor", harm=[RAISE], good=0.0,
      right=[*NUMBERS, *TOO_HIGH, r"variance", r"spike", r"diverge"])
def variance_without_a_floor(ill, seed, watch):
    """A third of the targets are exactly 0: their log σ² sinks without end, and one miss costs millions."""
    model, x = mlp(64, 48, 2), flat()[0]
    y = torch.where(flat()[1] < 4, torch.zeros(1797), regression().squeeze(1))
    optimizer = adam(model, 2e-2)

    def loss(model, part):
        mean, log = model(x[part]).unbind(1)
        log = log * 8 if ill else log.clamp(min=-4)
        return (0.5 * log + 0.5 * (y[part] - mean).square() * (-log).exp()).mean()

    train(watch(model, optimizer), model, optimizer, lambda part: loss(model, part), batches(500, 32, seed))
    return tested(model, loss)


@sick("a common report: forty layers, ReLU, no norm, no shortcut", good=1.0, harm=[LOWER],
      right=[r"uneven_layers", r"vanish", r"gradient.{0,30}(shrinks?|fades?)", r"normalis", r"residual", r"dead"])
def forty_plain_layers(ill, seed, watch):
    """Forty linear layers with ReLU as torch starts them: the signal is gone before the end. SGD with momentum."""

    class Deep(nn.Module):
        """Layers with or without a norm and a shortcut."""

        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList(nn.Linear(64, 64) for _ in range(40))
            self.norms = nn.ModuleList(nn.LayerNorm(64) for _ in range(0 if ill else 40))
            self.head = nn.Linear(64, 10)

        def forward(self, x):
            for i, layer in enumerate(self.layers):
                x = layer(x).relu() if ill else x + layer(self.norms[i](x)).relu() / 6
            return self.head(x)

    model = Deep()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part), batches(150, 32, seed))
    return tested(model)


@sick("a common slip in augmentation: noise of 50 where 0.5 was meant", harm=[LOWER], good=0.6,
      right=[r"input", r"augment", r"noise", r"\bchecklist\b"])
def noise_drowns_the_rows(ill, seed, watch):
    """Each batch gets noise a hundred times larger than the rows."""
    model, x, y = mlp(64, 48, 10), *flat()
    optimizer = adam(model, 1e-3)
    size = 50.0 if ill else 0.5
    loss = lambda part: F.cross_entropy(model(x[part] + size * torch.randn(len(part), 64)), y[part])
    train(watch(model, optimizer, classes=10), model, optimizer, loss, batches(300, 32, seed))
    return tested(model)


@sick("a common report: images laid out otherwise at validation", right=OTHERWISE, harm=[RAISE, LOWER], good=0.8)
def validation_images_transposed(ill, seed, watch):
    """Training reads rows first, the validation loader columns first."""
    model, images = mlp(64, 48, 10), digits()[0] * 2 - 1
    optimizer, last = adam(model), []
    rows, turned = images.flatten(1), images.transpose(2, 3).flatten(1)
    validate = lambda: last.append(tested(model, x=turned if ill else rows)) or last[-1]
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part, rows),
          batches(400, 32, seed), validate=validate, every=20)
    return last[-1]


@sick("a common slip: ignore_index left at 0, which is a class", right=[r"ignore"], good=0.3, unseen=True)
def a_class_ignored(ill, seed, watch):
    """ignore_index=0: the digit 0 is never learned."""
    model, (x, y) = mlp(64, 48, 10), flat()
    optimizer = adam(model)
    loss = lambda model, part, skip=-100: F.cross_entropy(model(x[part]), y[part], ignore_index=skip)
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: loss(model, part, 0 if ill else -100),
          batches(300, 32, seed))
    return tested(model, loss)


@sick("a beginner's question: layers without an activation", right=[r"linear", r"capacity", r"underfit", r"activation"],
      good=0.2, unseen=True)
def layers_without_an_activation(ill, seed, watch):
    """Three linear layers in a row can only be linear; the target is a product."""
    model, x = mlp(2, 32, 32, 1, act=nn.Identity if ill else nn.ReLU), torch.randn(1797, 2)
    optimizer, y = adam(model, 5e-3), (x[:, :1] * x[:, 1:])
    loss = lambda model, part: F.smooth_l1_loss(model(x[part]), y[part])
    train(watch(model, optimizer), model, optimizer, lambda part: loss(model, part), batches(400, 32, seed))
    return tested(model, loss)


@sick("deep-Q reports: the target network is never copied", right=[r"target network", r"never copied", r"stale"],
      good=0.5, unseen=True)
def target_network_never_copied(ill, seed, watch):
    """Values on a ring of twenty states with one reward, γ = 0.9: they stay within one step of the first guess."""
    import copy

    model, g = mlp(20, 32, 1), torch.Generator().manual_seed(seed)
    optimizer, states, target = adam(model, 3e-3), torch.eye(20), copy.deepcopy(model)
    monitor, true = watch(model, optimizer), 0.9 ** ((19 - torch.arange(20)) % 20)
    true = true / (1 - 0.9**20)
    for step in range(600):
        s = torch.randint(0, 20, (32,), generator=g)
        with torch.no_grad():
            aim = (s == 19).float() + 0.9 * target(states[(s + 1) % 20]).squeeze(1)
        optimizer.zero_grad()
        loss = F.mse_loss(model(states[s]).squeeze(1), aim)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        if not ill and step % 10 == 9:
            target.load_state_dict(model.state_dict())
    with torch.no_grad():
        return (model(states).squeeze(1) - true).abs().max().item()


@sick("batch-norm reports: one running statistic for two very different sources", good=0.6,
      right=[r"running statistics", r"batch.?norm", r"eval\b", *OTHERWISE], harm=[RAISE, LOWER])
def sources_apart_under_batch_norm(ill, seed, watch):
    """Batches are of one source each, whose scales differ by thirty: in eval mode the statistics fit neither."""
    model, x = normed(), flat()[0]
    optimizer, scaled = adam(model), 30 * x + 40
    monitor = watch(model, optimizer, classes=10)

    def check():
        model.eval()
        with torch.no_grad():
            value = (ce(model, torch.arange(1437, 1797)) + ce(model, torch.arange(1437, 1797), scaled)) / 2
        model.train()
        return value

    for step, part in enumerate(batches(400, 32, seed)):
        optimizer.zero_grad()
        both = ce(model, part, scaled if ill and step % 2 else x)
        both.backward()
        optimizer.step()
        monitor.observe(loss=both)
        if step % 25 == 24:
            monitor.observe(validation=check() if ill else tested(model))
    return check().item() if ill else tested(model)
