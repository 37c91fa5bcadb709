"""Sick: the loop itself. Zeroing, stepping, the mode of the model, which batch and which loss."""

import torch
from torch import nn

from monitor_bank.kinds import sick
from monitor_bank.parts import batches, ce, cnn, digits, mlp, normed, tested, train
from monitor_bank.words import LOWER, RAISE, TOO_HIGH, ZERO


def _loop(watch, model, optimizer, rows, *, zero, images=False):
    """A loop in which ``zero`` says at which steps, and where, the gradients are zeroed: "before", "between" or ""."""
    monitor, x = watch(model, optimizer, classes=10), digits()[0] if images else None
    for step, part in enumerate(rows):
        if zero(step) == "before":
            optimizer.zero_grad()
        loss = ce(model, part, x)
        loss.backward()
        if zero(step) == "between":
            optimizer.zero_grad()
        optimizer.step()
        monitor.observe(loss=loss)
    return tested(model, x=x)


@sick("IBM/aihwkit #446, CenterNet #928: zero_grad left out", right=ZERO, harm=[RAISE], good=0.5)
def zero_grad_forgotten_sgd(ill, seed, watch):
    """zero_grad is never called; SGD."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    return _loop(watch, model, optimizer, batches(350, 32, seed), zero=lambda step: "" if ill else "before")


@sick("yastrebksv/TennisCourtDetector #7, DAB-DETR #58: zero_grad left out", right=ZERO, harm=[RAISE], good=0.4)
def zero_grad_forgotten_adam(ill, seed, watch):
    """zero_grad is never called; Adam, on images."""
    model = cnn()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    zero = lambda step: "" if ill else "before"
    return _loop(watch, model, optimizer, batches(300, 32, seed), zero=zero, images=True)


@sick("rll/deepul #12, cloneofsimo/lora #263: zero_grad after the backward pass", right=[r"zero_grad", r"zeroed"],
      harm=[RAISE, LOWER], good=0.9)
def zero_grad_before_the_step(ill, seed, watch):
    """zero_grad stands between backward and step: the optimizer sees zeros or nothing."""
    model = cnn()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    where = "between" if ill else "before"
    return _loop(watch, model, optimizer, batches(300, 32, seed), zero=lambda step: where, images=True)


@sick("a common slip: zero_grad in the outer loop", right=ZERO, harm=[RAISE], good=0.55)
def zero_grad_once_an_epoch(ill, seed, watch):
    """zero_grad is called once at the start of each epoch of 44 batches, step at each batch."""
    model = mlp(64, 48, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    zero = lambda step: "before" if not ill or step % 44 == 0 else ""
    return _loop(watch, model, optimizer, batches(352, 32, seed), zero=zero)


@sick("pytorch/pytorch #3814: only scheduler.step was called", right=[r"step.{0,40}never", r"never.{0,30}step",
      r"no step", r"not (been )?(called|taken)", r"0 steps"], harm=[RAISE, LOWER], good=0.6)
def step_never_called(ill, seed, watch):
    """optimizer.step() is forgotten; the scheduler's is not."""
    model = mlp(64, 64, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 300)
    monitor = watch(model, optimizer, classes=10)
    for part in batches(300, 32, seed):
        optimizer.zero_grad()
        loss = ce(model, part)
        loss.backward()
        if not ill:
            optimizer.step()
        schedule.step()
        monitor.observe(loss=loss)
    return tested(model)


@sick("a common slip: step indented into the outer loop",
      right=[r"step.{0,60}(few|rare|seldom|once|epoch|accumulat|losses)", r"losses (a|per|for each) step",
      r"fewer steps"], harm=[RAISE, LOWER], good=0.5)
def step_once_an_epoch(ill, seed, watch):
    """step stands after the inner loop: one update for 44 batches, and only the last batch's gradient is in it."""
    model = mlp(64, 64, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer, classes=10)
    for number, part in enumerate(batches(44 * 12, 32, seed)):
        optimizer.zero_grad()
        loss = ce(model, part)
        loss.backward()
        if not ill or number % 44 == 43:
            optimizer.step()
        monitor.observe(loss=loss)
    return tested(model)


@sick("NVIDIA/apex #318: the scale falls and falls, every step skipped", right=[r"skip", r"scaler",
      r"step.{0,40}never", r"no step"], harm=[RAISE, LOWER], good=0.6)
def scaler_skips_every_step(ill, seed, watch):
    """A penalty √(Σ d²) at d = 0 makes one gradient NaN at each step, and the scaler skips it without a word."""
    model = mlp(64, 48, 10)
    optimizer, scaler = torch.optim.Adam(model.parameters(), lr=1e-3), torch.amp.GradScaler("cpu")
    monitor = watch(model, optimizer, classes=10, scaler=scaler)
    anchor = model[2].bias.detach().clone()
    for part in batches(250, 32, seed):
        optimizer.zero_grad()
        loss = ce(model, part)
        distance = (model[2].bias - anchor).square().sum()
        loss = loss + 1e-4 * (distance if ill else distance + 1e-8).sqrt()
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        monitor.observe(loss=loss)
    return tested(model)


@sick("joeynmt #184, fartashf/vsepp #4, wkentaro/pytorch-fcn #56: train() is not called again", right=[r"eval\b",
      r"train\(\)", r"evaluation mode", r"running statistics"], harm=[RAISE, LOWER], good=0.16)
def eval_left_on(ill, seed, watch):
    """eval() at the first validation, and never train() again: batch norm keeps statistics of earlier data."""
    model = normed(p=0.3)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    monitor = watch(model, optimizer, classes=10)
    with torch.no_grad():  # such as a network has that was trained on other data
        model[1].running_var.fill_(25.0)
        model[1].running_mean.fill_(3.0)
    for step, part in enumerate(batches(400, 32, seed)):
        optimizer.zero_grad()
        loss = ce(model, part)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        if step % 40 == 1:
            model.eval()
            with torch.no_grad():
                monitor.observe(validation=ce(model, torch.arange(1437, 1797)))
            if not ill:
                model.train()
    return tested(model)


@sick("a common slip: `next(iter(loader))` in the loop of a loader that is not shuffled", right=[r"overfitting",
      r"same (batch|rows)", r"by heart", r"next\(iter"], good=0.6)
def first_batch_again_and_again(ill, seed, watch):
    """next(iter(loader)) inside the loop: every step sees the first batch."""
    model = mlp(64, 64, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    monitor = watch(model, optimizer, classes=10)
    rows = list(batches(300, 32, seed))
    train(monitor, model, optimizer, lambda part: ce(model, part), rows[:1] * 300 if ill else rows,
          validate=lambda: tested(model), every=20)
    return tested(model)


@sick("a common answer to an error message: backward with retain_graph=True on a loss made before the loop",
      right=[r"retain_graph", r"stale", r"same (loss|graph|number)", r"exactly (equal|the same|constant)",
      r"(computed|made) once", r"loss.{0,30}identical", r"not (recomputed|computed anew)"], harm=[RAISE, LOWER],
      good=0.6)
def loss_made_before_the_loop(ill, seed, watch):
    """The loss of a softmax regression on all rows is computed once, and its graph is retained."""
    model = nn.Linear(64, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    monitor, rows = watch(model, optimizer, classes=10), torch.arange(1437)
    loss = ce(model, rows)
    for _ in range(200):
        optimizer.zero_grad()
        loss = loss if ill else ce(model, rows)
        loss.backward(retain_graph=ill)
        optimizer.step()
        monitor.observe(loss=loss)
    return tested(model)


@sick("nanoGPT #206, distillKitPlus #5: accumulated gradients are summed, not averaged", right=[r"accumulat",
      *TOO_HIGH], harm=[RAISE], good=0.5)
def accumulated_and_not_divided(ill, seed, watch):
    """Eight parts a step, and the loss of each is not divided by eight: SGD's rate is eightfold."""
    model = mlp(64, 48, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
    monitor = watch(model, optimizer, classes=10)
    for number, part in enumerate(batches(8 * 120, 8, seed)):
        loss = ce(model, part)
        (loss if ill else loss / 8).backward()
        monitor.observe(loss=loss)
        if number % 8 == 7:
            optimizer.step()
            optimizer.zero_grad()
    return tested(model)


@sick("a setting taken over from reinforcement learning", right=[r"maximi[sz]e", r"climbs? (from|uphill)", r"sign",
      r"uphill"], harm=[RAISE], good=0.6)
def maximize_left_on(ill, seed, watch):
    """maximize=True was set for a reward, and the optimizer now trains a classifier."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, maximize=ill)
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part), batches(250, 32, seed))
    return tested(model)


