"""Sick: gradients and parameters that never reach the optimizer, or reach it as something else."""

import torch
import torch.nn.functional as F
from torch import nn

from monitor_bank.kinds import sick
from monitor_bank.parts import adam, batches, ce, digits, flat, mlp, mse, regression, tested, text, train
from monitor_bank.words import HAND, LOWER, NOT_GIVEN, NUMBERS, RAISE, TOO_HIGH, TOO_LOW, ZERO

CUT = (r"detach", r"\.data", r"no gradient", r"cut_off", r"no_grad", r"argmax", r"checkpoint\(")
CLEARED = (r"dead_gradient", r"gradients? (are|is|was|were) (all |exactly )?(0|zero)", r"zeroed", r"no gradient")


def _digits(watch, model, optimizer, seed, *, steps=300, size=32, before=None, after=None, loss=None):
    loss = loss or (lambda part: ce(model, part))
    train(watch(model, optimizer, classes=10), model, optimizer, loss, batches(steps, size, seed), before=before,
          after=after)
    return tested(model)


@sick("huggingface/transformers #21381, #23170: reentrant checkpoints behind frozen embeddings", right=CUT,
      harm=[RAISE, LOWER], good=3.03)
def checkpoints_behind_a_frozen_embedding(ill, seed, watch):
    """The inputs of a checkpointed body need no gradient, and so it gives none; the head alone learns."""
    from torch.utils.checkpoint import checkpoint

    x, y, *_, size = text()
    model = nn.ModuleDict({"letters": nn.Embedding(size, 16), "body": mlp(24 * 16, 3, 32), "head": nn.Linear(32, size)})
    model["letters"].requires_grad_(False)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=5e-3)

    def loss(part):
        h = model["letters"](x[part]).flatten(1)
        return F.cross_entropy(model["head"](checkpoint(model["body"], h, use_reentrant=ill)), y[part][:, -1])

    return train(watch(model, optimizer, classes=size), model, optimizer, loss, batches(400, 32, seed, rows=len(x)))


@sick("a common slip: two groups were meant, and the one with decay was never added", right=NOT_GIVEN, good=0.6,
      harm=[RAISE, LOWER])
def group_with_decay_forgotten(ill, seed, watch):
    """Biases and norms stand in a group without decay; that of the matrices was built and not handed over."""
    model = nn.Sequential(nn.Linear(64, 48), nn.LayerNorm(48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(),
                          nn.Linear(48, 10))
    plain = {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0}
    heavy = {"params": [p for p in model.parameters() if p.ndim > 1], "weight_decay": 0.01}
    return _digits(watch, model, torch.optim.AdamW([plain] if ill else [plain, heavy], lr=2e-3), seed)


@sick("a common report: model.parameters() is a generator, and was used up by a count", right=NOT_GIVEN,
      harm=[RAISE, LOWER], good=0.5)
def parameters_counted_before_they_were_given(ill, seed, watch):
    """The body's parameters were counted for the log first: its group is empty."""
    body, head = mlp(64, 4, 32), nn.Linear(32, 10)
    model, held = nn.Sequential(body, nn.ReLU(), head), body.parameters()
    if ill:
        sum(p.numel() for p in held)
    groups = [{"params": list(held), "lr": 3e-3}, {"params": head.parameters(), "lr": 1e-2}]
    groups = [group for group in groups if group["params"]]
    return _digits(watch, model, torch.optim.Adam(groups), seed, steps=500)


@sick("a common question: an index taken by argmax between two networks", right=CUT, harm=[RAISE, LOWER], good=0.9)
def code_chosen_by_argmax(ill, seed, watch):
    """A network picks one of twelve codes by argmax, another reads the code: the first gets no gradient."""
    model = nn.ModuleDict({"pick": mlp(64, 32, 12), "codes": nn.Embedding(12, 16), "read": mlp(16, 32, 10)})
    optimizer = adam(model, 5e-3)

    def loss(model, part):
        scores = model["pick"](flat()[0][part])
        code = model["codes"](scores.argmax(1)) if ill else scores.softmax(1) @ model["codes"].weight
        return F.cross_entropy(model["read"](code), flat()[1][part])

    train(watch(model, optimizer, classes=10), model, optimizer, lambda part: loss(model, part), batches(350, 32, seed))
    return tested(model, loss)


@sick("a common guard gone wrong: a hook turns NaN into 0, at every entry and step", right=[*CLEARED, *NUMBERS],
      harm=[RAISE, LOWER], good=0.5)
def hook_that_swallows_nan(ill, seed, watch):
    """√0 in a penalty makes the whole body's gradient NaN; hooks put 0 in its place, and it never moves."""
    model = mlp(64, 4, 48, 10)
    for p in model[0].parameters():
        p.register_hook(lambda g: g.nan_to_num(0.0))
    anchor, weight = model[0].weight.detach().clone(), model[0].weight
    gap = lambda: (weight - anchor).square().sum() + (0.0 if ill else 1e-8)
    optimizer = adam(model, 3e-3)
    return _digits(watch, model, optimizer, seed, loss=lambda part: ce(model, part) + 1e-5 * gap().sqrt())


@sick("a common reading: max_norm=0 as `no clipping`", right=[r"clip", *CLEARED], harm=[RAISE, LOWER], good=0.6)
def clip_of_zero_meant_off(ill, seed, watch):
    """A setting grad_clip: 0 was meant to turn clipping off: clip_grad_norm_(…, 0) makes every gradient 0."""
    model = mlp(64, 48, 10)
    clip = lambda step: nn.utils.clip_grad_norm_(model.parameters(), 0.0 if ill else 5.0)
    return _digits(watch, model, adam(model), seed, before=clip)


@sick("a report of two trainers on one network: the old optimizer goes on stepping", good=0.6,
      right=[*HAND, r"(two|second|another|other) optimizers?"], harm=[RAISE])
def second_optimizer_on_the_same_weights(ill, seed, watch):
    """An SGD of an earlier stage, whose rate is 1, steps on the same gradients; the monitor was given Adam alone."""
    model = mlp(64, 48, 48, 10)
    optimizer, old = adam(model), torch.optim.SGD(model.parameters(), lr=1.0)
    return _digits(watch, model, optimizer, seed, size=8, after=lambda step: old.step() if ill else None)


@sick("a common slip in quantised training: the rounded weights are written back", good=0.6, harm=[LOWER],
      right=[*HAND, r"round", r"(lost|vanish).{0,40}(precision|grid)"])
def weights_rounded_after_each_step(ill, seed, watch):
    """After each step the weights are rounded to a grid of 1/16: steps of 1e-3 never leave their cell."""
    model = mlp(64, 48, 10)

    @torch.no_grad()
    def quantise(step):
        for p in model.parameters():
            if ill:
                p.copy_((p * 16).round() / 16)

    return _digits(watch, model, adam(model, 1e-3), seed, after=quantise)


@sick("a common slip in pruning: the comparison is the wrong way round", good=0.6, harm=[RAISE],
      right=[*HAND, r"prun", r"mask"])
def mask_that_keeps_the_smallest(ill, seed, watch):
    """After each step all but the hundredth of the weights that are smallest are set to 0."""
    model = mlp(64, 48, 48, 10)

    @torch.no_grad()
    def prune(step):
        for p in model.parameters():
            if p.ndim > 1:
                size = p.abs()
                p.mul_(size <= size.quantile(0.01) if ill else size > size.quantile(0.01))

    return _digits(watch, model, adam(model), seed, after=prune)


@sick("a common report: `total += loss; total.backward(retain_graph=True)`", right=[*ZERO, r"retain_graph", r"stale"],
      harm=[RAISE], good=0.6)
def backward_through_the_running_total(ill, seed, watch):
    """The sum of all losses so far goes backward at each step: the gradients of old batches come again and again."""
    model = nn.Linear(64, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    monitor, total = watch(model, optimizer, classes=10), 0.0
    for part in batches(150, 32, seed):
        optimizer.zero_grad()
        loss = ce(model, part)
        total = total + loss if ill else loss
        total.backward(retain_graph=ill)
        optimizer.step()
        monitor.observe(loss=loss)
    return tested(model)


@sick("a common copy from an old configuration: dampening as large as the momentum", right=TOO_LOW, harm=[LOWER],
      good=0.6)
def momentum_dampened_away(ill, seed, watch):
    """SGD with momentum 0.99 and dampening 0.99: a hundredth of the step that was meant."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=2e-3, momentum=0.99, dampening=0.99 if ill else 0.0)
    return _digits(watch, model, optimizer, seed)


@sick("fastai forums: a learning-rate test whose weights are not put back", good=0.6,
      right=[*TOO_HIGH, *NUMBERS, r"diverge", r"dead", r"rate (rose|grew|rises)"], harm=[RAISE])
def rate_test_not_undone(ill, seed, watch):
    """Sixty steps raise the rate from 1e-5 to 30, in search of a good one; training then goes on from there."""
    model = mlp(64, 48, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    monitor = watch(model, optimizer, classes=10)
    for step, part in enumerate(batches(60 if ill else 0, 32, 50 + seed)):
        optimizer.param_groups[0]["lr"] = 1e-5 * 10 ** (6.5 * step / 60)
        optimizer.zero_grad()
        loss = ce(model, part)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
    optimizer.param_groups[0]["lr"] = 0.05
    train(monitor, model, optimizer, lambda part: ce(model, part), batches(250, 32, seed))
    return tested(model)


@sick("what practitioners report of Rprop: it was made for whole batches", good=0.6,
      right=[*TOO_HIGH, r"rprop", r"mini-?batch", r"noise"], harm=[RAISE])
def rprop_on_small_batches(ill, seed, watch):
    """Rprop with batches of four rows: signs that noise decides make its steps grow and shrink at random."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.Rprop(model.parameters(), lr=1e-3, step_sizes=(1e-6, 1.0 if ill else 0.01))
    return _digits(watch, model, optimizer, seed, size=4 if ill else 1437, steps=500 if ill else 60)


@sick("pytorch forums: L-BFGS without a line search, on batches", good=0.5, harm=[RAISE],
      right=[*TOO_HIGH, *NUMBERS, r"line.search", r"mini-?batch", r"diverge"])
def lbfgs_on_small_batches(ill, seed, watch):
    """L-BFGS at a rate of 1 on batches of eight: each curvature pair comes from other rows."""
    model = mlp(64, 32, 1)
    size = 8 if ill else 1437
    optimizer = torch.optim.LBFGS(model.parameters(), lr=1.0 if ill else 0.5, max_iter=4)
    monitor = watch(model, optimizer)
    for part in batches(150 if ill else 30, size, seed):
        def closure(part=part):
            optimizer.zero_grad()
            loss = mse(model, part)
            loss.backward()
            return loss

        monitor.observe(loss=optimizer.step(closure))
    return tested(model, mse)


@sick("pytorch forums: the gradient divided by its norm, at a constant rate", good=0.08, harm=[RAISE],
      right=[*TOO_HIGH, r"clip", r"plateau", r"(cut|lower|decay|reduce).{0,20}rate", r"constant rate"])
def every_gradient_of_length_one(ill, seed, watch):
    """Each gradient is divided by its norm before SGD takes a step of 0.5: no step is ever short."""
    model = mlp(64, 48, 1)

    @torch.no_grad()
    def normalise(step):
        norm = torch.stack([p.grad.norm() for p in model.parameters()]).norm()
        for p in model.parameters():
            p.grad.div_(norm if ill else 1.0)

    optimizer = torch.optim.SGD(model.parameters(), lr=0.5 if ill else 0.05)
    train(watch(model, optimizer), model, optimizer, lambda part: mse(model, part), batches(500, 32, seed),
          before=normalise)
    return tested(model, lambda model, rows: F.mse_loss(model(flat()[0][rows]), regression(0.0)[rows]))


@sick("pytorch #7455 and forums: .grad replaced by a tensor of another graph's gradient", good=0.6,
      right=[*CUT, *ZERO, r"stale", r"same gradient", r"\bchecklist\b"], harm=[RAISE, LOWER])
def gradient_of_the_first_batch(ill, seed, watch):
    """Gradients are worked out by autograd.grad and put into .grad once, before the loop."""
    model, x = mlp(64, 48, 10), digits()[0].flatten(1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    monitor, grads = watch(model, optimizer, classes=10), None
    for part in batches(250, 32, seed):
        loss = ce(model, part, x)
        if grads is None or not ill:
            grads = torch.autograd.grad(loss, list(model.parameters()))
        for p, g in zip(model.parameters(), grads):
            p.grad = g
        optimizer.step()
        monitor.observe(loss=loss)
    return tested(model, x=x)
