"""Sick: what comes out of the model, what it is compared with, and what a score is measured on."""

import copy

import torch
import torch.nn.functional as F
from torch import nn

from monitor_bank.kinds import sick
from monitor_bank.parts import batches, ce, cnn, digits, flat, mlp, normed, regression, tested, text, train
from monitor_bank.words import LOWER, RAISE

SIGN = (r"\bsign\b", r"below (0|zero|what)", r"outside.{0,20}(0|1)", r"targets? (are|is|lie).{0,30}")
OTHERWISE = (r"prepared", r"other (data|model|weights)", r"another (model|copy)", r"\bcopy\b", r"moving average",
             r"an average")


def _adam(model, rate=1e-3):
    return torch.optim.Adam(model.parameters(), lr=rate)


@sick("a common slip: a minus too many before the loss", right=SIGN, harm=[RAISE], good=0.6)
def minus_before_the_cross_entropy(ill, seed, watch):
    """The log-likelihood's sign is turned twice: the loss falls, far below 0."""
    model, sign = mlp(64, 48, 10), -1 if ill else 1
    optimizer = _adam(model)
    loss = lambda part: sign * ce(model, part)
    train(watch(model, optimizer), model, optimizer, loss, batches(250, 32, seed))
    return tested(model)


def _bce(ill, seed, watch, wrong):
    """Is the digit above 4? ``wrong`` maps 0 and 1 to the targets of the sick run."""
    model = mlp(64, 48, 1)
    optimizer = _adam(model)
    y = (flat()[1] > 4).float().unsqueeze(1)

    def loss(model, part, right=False):
        target = y[part] if right or not ill else wrong(y[part])
        return F.binary_cross_entropy_with_logits(model(flat()[0][part]), target)

    train(watch(model, optimizer), model, optimizer, lambda part: loss(model, part), batches(300, 32, seed))
    return tested(model, loss, right=True)


@sick("a common report on segmentation: masks of 0 and 255", right=[*SIGN, r"255"], harm=[RAISE], good=0.4)
def masks_of_0_and_255(ill, seed, watch):
    """The masks were never divided by 255: binary cross-entropy has no least value then."""
    return _bce(ill, seed, watch, lambda y: 255 * y)


@sick("a common report: labels of −1 and +1 under binary cross-entropy", right=SIGN, harm=[RAISE], good=0.4)
def labels_of_minus_one(ill, seed, watch):
    """Labels −1 and +1, as a hinge wants them."""
    return _bce(ill, seed, watch, lambda y: 2 * y - 1)


@sick("a common slip: the prediction is rounded before the loss", right=[r"dead_gradient", r"round", r"flat"],
      harm=[RAISE, LOWER], good=0.3)
def output_rounded(ill, seed, watch):
    """round() has the gradient 0 everywhere."""
    model = mlp(64, 48, 1)
    optimizer = _adam(model)

    def loss(model, part, trained=False):
        out = model(flat()[0][part])
        return F.mse_loss(out.round() if trained and ill else out, regression()[part])

    train(watch(model, optimizer), model, optimizer, lambda part: loss(model, part, True), batches(250, 32, seed))
    return tested(model, loss)


@sick("a common slip: logits clamped as if they were probabilities", right=[r"clamp"], good=0.6)
def logits_clamped_to_one(ill, seed, watch):
    """clamp(0, 1) stands between the logits and the cross-entropy."""
    model = mlp(64, 48, 10)
    optimizer = _adam(model)
    loss = lambda model, part: F.cross_entropy(
        model(flat()[0][part]).clamp(0, 1) if ill else model(flat()[0][part]), flat()[1][part])
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: loss(model, part), batches(300, 32, seed))
    return tested(model, loss)


@sick("a common slip: a tanh left at the output of a regressor", right=[r"tanh", r"bounded", r"saturat", r"range"],
      harm=[RAISE], good=0.4, unseen=True)
def tanh_below_its_targets(ill, seed, watch):
    """Targets of variance 1 about 3, an output that ends at 1."""
    model = mlp(64, 48, 1)
    model.append(nn.Tanh() if ill else nn.Identity())
    optimizer = _adam(model, 3e-3)
    loss = lambda model, part: F.mse_loss(model(flat()[0][part]), regression()[part] + 3)
    train(watch(model, optimizer), model, optimizer, lambda part: loss(model, part), batches(400, 32, seed))
    return tested(model, loss)


def _judged_by(ill, seed, watch, evaluated, *, model=None, rate=2e-3, steps=400, after=None):
    """A sound training whose validation is ``evaluated(model)`` and no good."""
    model = mlp(64, 48, 48, 10) if model is None else model
    optimizer, last = _adam(model, rate), []
    validate = lambda: last.append(evaluated(model)) or last[-1]
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part),
          batches(steps, 32, seed), validate=validate, every=20, after=after and (lambda step: after(model)))
    return last[-1]


@sick("a common report: the inputs are scaled for training only", right=OTHERWISE, harm=[RAISE], good=0.6)
def validation_not_scaled(ill, seed, watch):
    """Training rows have mean 0 and variance 1; validation rows are raw, from 0 to 255."""
    raw = digits()[0].flatten(1) * 255
    return _judged_by(ill, seed, watch, lambda model: tested(model, x=raw if ill else None))


@sick("a common report: an average that follows far too slowly", right=OTHERWISE, harm=[RAISE, LOWER], good=0.6)
def average_follows_too_slowly(ill, seed, watch):
    """The moving average is evaluated, with 0.9999 a step in a run of 400."""
    model = mlp(64, 48, 48, 10)
    mean, keep = copy.deepcopy(model), 0.9999 if ill else 0.95

    @torch.no_grad()
    def follow(model):
        for kept, p in zip(mean.parameters(), model.parameters()):
            kept.lerp_(p, 1 - keep)

    return _judged_by(ill, seed, watch, lambda model: tested(mean), model=model, after=follow)


@sick("a common slip: the copy made before training is evaluated", right=OTHERWISE, harm=[RAISE, LOWER], good=0.6)
def first_copy_evaluated(ill, seed, watch):
    """The best weights are kept by reference to a copy that is never written."""
    model = mlp(64, 48, 48, 10)
    best = copy.deepcopy(model)
    return _judged_by(ill, seed, watch, lambda model: tested(best if ill else model), model=model)


@sick("a common slip: F.dropout without training=self.training", right=[r"dropout"], good=0.3, unseen=True)
def dropout_in_evaluation(ill, seed, watch):
    """Half of the units are dropped in evaluation, too: F.dropout(x, 0.7) is on unless it is told."""

    class Net(nn.Module):
        """One hidden layer."""

        def __init__(self):
            super().__init__()
            self.one, self.two = nn.Linear(64, 48), nn.Linear(48, 10)

        def forward(self, x):
            return self.two(F.dropout(self.one(x).relu(), 0.7, training=ill or self.training))

    return _judged_by(ill, seed, watch, tested, model=Net())


@sick("a common report: labels come one batch late from another loader", good=0.6,
      right=[r"labels?\b.{0,40}(rows|belong|inputs)", r"shuffled together", r"\bchecklist\b"], harm=[RAISE])
def labels_of_the_batch_before(ill, seed, watch):
    """Two loaders, one of images and one of labels, a batch apart."""
    model = cnn()
    optimizer, late = _adam(model, 2e-3), [torch.arange(32)]

    def loss(part):
        late.append(part)
        return F.cross_entropy(model(digits()[0][part]), digits()[1][late[-2 if ill else -1]])

    train(watch(model, optimizer, classes=10), model, optimizer, loss, batches(300, 32, seed))
    return tested(model, x=digits()[0])


@sick("a common slip in language models: the target is the input", good=3.0,
      right=[r"target.{0,40}input", r"leak", r"too (easy|good)"], harm=[RAISE, LOWER], unseen=True)
def target_is_the_input(ill, seed, watch):
    """The targets were not shifted by one: the model learns to copy."""
    x, y, x_test, y_test, size = text()
    model = nn.Sequential(nn.Embedding(size, 24), nn.Linear(24, size))
    optimizer = _adam(model, 1e-2)
    loss = lambda model, part, a=x, b=y: F.cross_entropy(model(a[part]).flatten(0, 1), b[part].flatten())
    train(watch(model, optimizer, classes=size), model, optimizer,
          lambda part: loss(model, part, b=x if ill else y), batches(250, 16, seed, rows=len(x)))
    with torch.no_grad():
        return loss(model, torch.arange(200), x_test, y_test).item()


@sick("a common slip: only a part of the loss is given to backward", good=0.6,
      right=[r"backward", r"another loss", r"\bchecklist\b"], harm=[RAISE, LOWER])
def penalty_alone_goes_backward(ill, seed, watch):
    """The loss that is printed has two parts; backward is called on the penalty only."""
    model = mlp(64, 48, 10)
    optimizer = _adam(model)
    monitor = watch(model, optimizer, classes=10)
    for part in batches(300, 32, seed):
        optimizer.zero_grad()
        error = ce(model, part)
        penalty = 1e-4 * sum(p.square().sum() for p in model.parameters())
        (penalty if ill else error + penalty).backward()
        optimizer.step()
        monitor.observe(loss=error + penalty)
    return tested(model)


@sick("a common report: dropout behind the last layer", right=[r"dropout"], good=0.35, unseen=True)
def dropout_on_the_logits(ill, seed, watch):
    """Dropout of 0.7 on the logits themselves."""
    model = normed()
    model.append(nn.Dropout(0.7 if ill else 0.0))
    optimizer = _adam(model)
    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: ce(model, part), batches(300, 32, seed))
    return tested(model)
