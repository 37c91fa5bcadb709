"""Healthy: tables, images, sequences; losses of every shape, and schedules that people use."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import lr_scheduler as lr

from monitor_bank.kinds import healthy
from monitor_bank.parts import (
    TRAINED,
    adam,
    batches,
    ce,
    cnn,
    digits,
    flat,
    mlp,
    normed,
    regression,
    tested,
    text,
    train,
)


def _fit(watch, model, optimizer, loss, rows, *, schedule=None, classes=None, score=None, **more):
    """The usual loop, with a schedule if there is one; the mean of the last 30 losses, or ``score()``."""
    monitor = watch(model, optimizer, classes=classes)
    after = (lambda step: schedule.step()) if schedule else None
    last = train(monitor, model, optimizer, loss, rows, after=after, **more)
    return score() if score else last


class Recurrent(nn.Module):
    """Characters → embedding → a recurrent layer → logits, (rows, length) → (rows, classes, length)."""

    def __init__(self, cell, size, width=48, **more):
        super().__init__()
        self.embed, self.cell = nn.Embedding(size, 24), cell(24, width, batch_first=True, **more)
        self.head = nn.Linear(width, size)

    def forward(self, x):
        """Logits of the next character, with the classes in the second axis."""
        return self.head(self.cell(self.embed(x))[0]).transpose(1, 2)


def _characters(watch, model, optimizer, seed, *, steps=220, clip=None, schedule=None):
    x, y, *_, size = text()
    loss = lambda part: F.cross_entropy(model(x[part]), y[part])
    rows = batches(steps, 16, seed, rows=len(x))
    return _fit(watch, model, optimizer, loss, rows, clip=clip, schedule=schedule, classes=size)


@healthy("the usual character model, embeddings as torch starts them", good=2.6)
def lstm_on_characters(seed, watch):
    """Embedding, LSTM, linear; Adam, clipped at 1."""
    model = Recurrent(nn.LSTM, text()[-1])
    return _characters(watch, model, adam(model, 3e-3), seed, clip=1.0)


@healthy("the usual character model", good=2.6)
def gru_on_characters(seed, watch):
    """Embedding, GRU, linear; AdamW with a linear decay."""
    model = Recurrent(nn.GRU, text()[-1])
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3)
    return _characters(watch, model, optimizer, seed, schedule=lr.LinearLR(optimizer, 1.0, 0.05, 220))


@healthy("the textbook's recurrent network", good=2.6)
def plain_rnn_clipped(seed, watch):
    """Embedding, tanh RNN, linear; SGD with momentum, clipped at 0.5: the clip acts at most steps, as it should."""
    model = Recurrent(nn.RNN, text()[-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    return _characters(watch, model, optimizer, seed, clip=0.5)


@healthy("bag of words, as in many tutorials", good=0.1)
def bag_of_words(seed, watch):
    """The mean of embeddings N(0, 1), and a small network; Adam."""
    g = torch.Generator().manual_seed(seed)
    topics = torch.softmax(3 * torch.randn(4, 400, generator=torch.Generator().manual_seed(1)), 1)
    model = nn.ModuleDict({"words": nn.Embedding(400, 48), "head": mlp(48, 48, 4)})

    def loss(_):
        y = torch.randint(0, 4, (32,), generator=g)
        x = torch.multinomial(topics[y], 12, replacement=True, generator=g)
        return F.cross_entropy(model["head"](model["words"](x).mean(1)), y)

    return _fit(watch, model, adam(model, 1e-3), loss, range(400), classes=4)


@healthy("the usual table: batch norm, dropout, validation", good=0.2)
def table_with_validation(seed, watch):
    """Batch norm and dropout on rows, AdamW and a cosine; validation each 30 steps, in eval mode."""
    model = normed(p=0.2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    return _fit(watch, model, optimizer, lambda part: ce(model, part), batches(400, 32, seed), classes=10,
                schedule=lr.CosineAnnealingLR(optimizer, 400), validate=lambda: tested(model),
                score=lambda: tested(model))


@healthy("images, SGD with momentum, a step schedule", good=0.25)
def convolutions_with_sgd(seed, watch):
    """A small convolutional network, SGD with Nesterov's momentum, the rate cut to a tenth at two thirds."""
    model, x = cnn(), digits()[0]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=5e-4)
    return _fit(watch, model, optimizer, lambda part: ce(model, part, x), batches(300, 32, seed), classes=10,
                schedule=lr.MultiStepLR(optimizer, [200]), score=lambda: tested(model, x=x))


@healthy("augmentation by noise and shifts", good=0.5)
def images_augmented(seed, watch):
    """Every batch is shifted and noised anew; AdamW, one-cycle."""
    model, (images, labels) = cnn(), digits()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)

    def loss(part):
        x = images[part].roll(int(torch.randint(-1, 2, ())), 2 + int(torch.randint(0, 2, ())))
        return F.cross_entropy(model(x + 0.1 * torch.randn_like(x)), labels[part])

    return _fit(watch, model, optimizer, loss, batches(350, 32, seed), classes=10,
                schedule=lr.OneCycleLR(optimizer, 6e-3, total_steps=351), score=lambda: tested(model, x=images))


@healthy("regression that reaches its noise, and stays there", good=1.1)
def noise_floor(seed, watch):
    """Linear regression on targets half of which is noise: it arrives early and stays."""
    model, x = nn.Linear(64, 1), flat()[0]
    y = x @ torch.linspace(-0.2, 0.2, 64).unsqueeze(1)
    y = y + torch.randn(y.shape, generator=torch.Generator().manual_seed(6))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    return _fit(watch, model, optimizer, lambda part: F.mse_loss(model(x[part]), y[part]), batches(700, 32, seed))


@healthy("heteroscedastic regression; a loss that goes below zero", good=-2.0)
def gaussian_likelihood(seed, watch):
    """Mean and variance by the Gaussian likelihood, with validation: the loss is negative soon."""
    model, x = mlp(64, 48, 2), flat()[0]
    y = regression(noise=0.0) * 0.2 + 0.02 * torch.randn(1797, 1, generator=torch.Generator().manual_seed(6))

    def loss(model, part):
        mean, spread = model(x[part]).chunk(2, dim=1)
        return F.gaussian_nll_loss(mean, y[part], F.softplus(spread) ** 2 + 1e-3)

    return _fit(watch, model, adam(model), lambda part: loss(model, part), batches(450, 32, seed),
                validate=lambda: tested(model, loss))


@healthy("heavy tails: Student's t with two degrees of freedom", good=0.4)
def heavy_tails(seed, watch):
    """Squared error on targets with heavy tails, batches of 8: single losses jump, nothing is wrong."""
    model, x = mlp(64, 48, 1), flat()[0]
    torch.manual_seed(77)  # StudentT takes no generator
    y = regression() + 0.3 * torch.distributions.StudentT(2.0).sample((1797, 1))
    torch.manual_seed(seed)
    loss = lambda part: F.mse_loss(model(x[part]), y[part])
    score = lambda: F.smooth_l1_loss(model(x), y)
    return _fit(watch, model, adam(model, 1e-3), loss, batches(500, 8, seed), score=score)


@healthy("counts by the Poisson likelihood", good=-1.5)
def poisson_counts(seed, watch):
    """Poisson regression; the loss, without its constant, is of either sign."""
    model, x = mlp(64, 32, 1), flat()[0]
    y = torch.poisson((1.2 + 0.8 * regression(noise=0.0)).exp(), generator=torch.Generator().manual_seed(2))
    loss = lambda part: F.poisson_nll_loss(model(x[part]), y[part])
    return _fit(watch, model, adam(model), loss, batches(400, 32, seed))


@healthy("quantiles by the pinball loss", good=0.08)
def quantile_regression(seed, watch):
    """Three quantiles at once by the pinball loss."""
    model, x, y = mlp(64, 48, 3), flat()[0], regression()
    levels = torch.tensor([0.1, 0.5, 0.9])

    def loss(part):
        gap = y[part] - model(x[part])
        return torch.maximum(levels * gap, (levels - 1) * gap).mean()

    return _fit(watch, model, adam(model), loss, batches(400, 32, seed))


@healthy("hinge loss: exactly zero in the end", good=0.01)
def hinge_that_reaches_zero(seed, watch):
    """Multi-class hinge loss, learned until most batches have a loss of exactly 0 and no gradient."""
    model, (x, labels) = mlp(64, 96, 10), flat()
    loss = lambda part: F.multi_margin_loss(model(x[part]), labels[part])
    return _fit(watch, model, adam(model, 4e-3), loss, batches(500, 32, seed))


@healthy("interpolation: a long tail to nothing", good=0.005)
def learned_by_heart_on_purpose(seed, watch):
    """Few clean rows, a wide network, many steps: the loss falls by four orders, and single batches stand out."""
    model = mlp(64, 256, 10)
    rows = batches(600, 32, seed, rows=400)
    return _fit(watch, model, adam(model, 3e-3), lambda part: ce(model, part), rows, classes=10)


@healthy("label smoothing: the loss cannot go below 0.5", good=0.68)
def labels_smoothed(seed, watch):
    """Cross-entropy with label smoothing 0.1: it ends at its floor."""
    model, (x, labels) = mlp(64, 96, 10), flat()
    loss = lambda part: F.cross_entropy(model(x[part]), labels[part], label_smoothing=0.1)
    optimizer = adam(model)
    schedule = lr.CosineAnnealingLR(optimizer, 500)
    return _fit(watch, model, optimizer, loss, batches(500, 32, seed), schedule=schedule, classes=10)


@healthy("mixup: noisy losses that stay high", good=1.0)
def mixed_up_rows(seed, watch):
    """Mixup of rows and labels: the training loss stays far above that of the test."""
    model, (x, labels) = mlp(64, 96, 10), flat()

    def loss(part):
        share = float(torch.distributions.Beta(0.4, 0.4).sample())
        other = part[torch.randperm(len(part))]
        out = model(share * x[part] + (1 - share) * x[other])
        return share * F.cross_entropy(out, labels[part]) + (1 - share) * F.cross_entropy(out, labels[other])

    return _fit(watch, model, adam(model), loss, batches(400, 32, seed))


@healthy("a curriculum: easy rows first", good=0.3)
def curriculum(seed, watch):
    """Two classes for 150 steps, then all ten: the loss jumps once, and falls."""
    model = mlp(64, 64, 10)
    easy = torch.where(flat()[1][:TRAINED] < 2)[0]
    rows = [easy[part % len(easy)] for part in batches(150, 32, seed)] + list(batches(300, 32, seed))
    return _fit(watch, model, adam(model), lambda part: ce(model, part), rows, classes=10, score=lambda: tested(model))


@healthy("SGDR: cosine with warm restarts", good=0.2)
def warm_restarts(seed, watch):
    """The rate falls to 0 and jumps back, four times; the loss follows."""
    model = mlp(64, 64, 64, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    return _fit(watch, model, optimizer, lambda part: ce(model, part), batches(400, 32, seed), classes=10,
                schedule=lr.CosineAnnealingWarmRestarts(optimizer, 100), score=lambda: tested(model))


@healthy("warmup and linear decay to 0, as for BERT", good=0.25)
def warmup_and_decay_to_zero(seed, watch):
    """The rate rises for a tenth of the steps and falls to exactly 0 at the last."""
    model = mlp(64, 64, 10)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3)
    schedule = lr.LambdaLR(optimizer, lambda step: min((step + 1) / 40, (400 - step) / 360))
    return _fit(watch, model, optimizer, lambda part: ce(model, part), batches(400, 32, seed), classes=10,
                schedule=schedule, score=lambda: tested(model))


@healthy("ReduceLROnPlateau on the validation", good=0.3)
def rate_reduced_on_a_plateau(seed, watch):
    """SGD; the rate is cut where the validation loss rests."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    schedule, monitor = lr.ReduceLROnPlateau(optimizer, factor=0.3, patience=1), watch(model, optimizer, classes=10)
    reduce = lambda step: schedule.step(tested(model)) if step % 44 == 43 else None
    train(monitor, model, optimizer, lambda part: ce(model, part), batches(440, 32, seed), after=reduce,
          validate=lambda: tested(model), every=44)
    return tested(model)


@healthy("an autoencoder", good=0.35)
def autoencoder(seed, watch):
    """A bottleneck of 12 numbers; squared error; RMSprop."""
    model, x = mlp(64, 48, 12, 48, 64), flat()[0]
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
    return _fit(watch, model, optimizer, lambda part: F.mse_loss(model(x[part]), x[part]), batches(400, 32, seed))


@healthy("sequences by the CTC loss", good=0.6)
def connectionist_temporal(seed, watch):
    """CTC on sequences of four noisy symbols: a long stretch of blanks first, then a fall."""
    g, model = torch.Generator().manual_seed(seed), mlp(8, 48, 6)
    codes = torch.randn(6, 8, generator=torch.Generator().manual_seed(1))

    def loss(_):
        y = torch.randint(1, 6, (16, 4), generator=g)
        x = codes[y].repeat_interleave(3, dim=1) + 0.3 * torch.randn(16, 12, 8, generator=g)
        logs = model(x).log_softmax(2).transpose(0, 1)
        return F.ctc_loss(logs, y, torch.full((16,), 12), torch.full((16,), 4))

    return _fit(watch, model, adam(model, 3e-3), loss, range(350))


@healthy("imbalanced classes, weighted", good=0.45)
def rare_class_weighted(seed, watch):
    """One class in ten is the positive one, weighted ninefold; binary cross-entropy."""
    model, (x, labels) = mlp(64, 48, 1), flat()
    y = (labels == 8).float().unsqueeze(1)
    loss = lambda part: F.binary_cross_entropy_with_logits(model(x[part]), y[part], pos_weight=torch.tensor(9.0))
    return _fit(watch, model, adam(model, 1e-3), loss, batches(400, 32, seed))
