"""Sick: how the rate goes, and what a restart loses."""

import torch
from torch import nn
from torch.optim import lr_scheduler as lr

from monitor_bank.kinds import sick
from monitor_bank.parts import batches, ce, cnn, digits, flat, mlp, mse, regression, tested, text, train
from monitor_bank.words import LOWER, RAISE, SCHEDULE, TOO_HIGH, TOO_LOW


def _scheduled(watch, model, optimizer, schedule, rows, *, when=lambda step: True, loss=ce, x=None):
    """Train, and step the schedule after the steps that ``when`` says; the loss on the test rows."""
    monitor = watch(model, optimizer, classes=10 if loss is ce else None)
    more = {} if x is None else {"x": x}
    train(monitor, model, optimizer, lambda part: loss(model, part, **more), rows,
          after=lambda step: schedule.step() if when(step) else None)
    return tested(model, loss, **more)


@sick("leftthomas/SRGAN #94, ivadomed #55: scheduler.step() in the inner loop", right=SCHEDULE, harm=[LOWER],
      good=0.5)
def step_decay_at_each_batch(ill, seed, watch):
    """The rate is halved every five epochs; but the schedule is stepped at each batch."""
    model = cnn()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    return _scheduled(watch, model, optimizer, lr.StepLR(optimizer, 5, gamma=0.5), batches(400, 32, seed),
                      when=lambda step: ill or step % 44 == 43, x=digits()[0])


@sick("a common slip: gamma per epoch, used per batch", right=SCHEDULE, harm=[LOWER], good=0.4)
def exponential_decay_at_each_batch(ill, seed, watch):
    """ExponentialLR with gamma = 0.9, meant for epochs, at each batch; SGD with momentum."""
    model = mlp(64, 48, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    return _scheduled(watch, model, optimizer, lr.ExponentialLR(optimizer, 0.9), batches(400, 32, seed),
                      when=lambda step: ill or step % 44 == 43)


@sick("a common slip: the steps of one epoch given as those of the run", right=SCHEDULE, harm=[LOWER], good=0.9)
def linear_decay_ran_out(ill, seed, watch):
    """Linear decay to zero over 40 of 400 steps; the other 360 do nothing."""
    model = cnn()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    schedule = lr.LinearLR(optimizer, 1.0, 0.0, total_iters=40 if ill else 400)
    return _scheduled(watch, model, optimizer, schedule, batches(400, 32, seed), x=digits()[0])


@sick("SingLoRA #6, and schedules counted in samples", right=[r"warmup", *TOO_LOW], harm=[LOWER], good=0.5)
def warmup_counted_in_samples(ill, seed, watch):
    """A warmup of 30 steps, counted in 30 · 1437 samples: it never ends."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    length = 30 * 1437 if ill else 30
    schedule = lr.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / length))
    return _scheduled(watch, model, optimizer, schedule, batches(350, 32, seed))


@sick("a common slip: LambdaLR starts at 0, and scheduler.step() is forgotten", right=[r"warmup",
      r"rate.{0,20}\b(0|zero)\b", *SCHEDULE, *TOO_LOW], harm=[LOWER], good=0.6)
def warmup_never_stepped(ill, seed, watch):
    """The warmup begins at a rate of 0, and nobody steps the schedule."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = lr.LambdaLR(optimizer, lambda step: min(1.0, step / 30))
    return _scheduled(watch, model, optimizer, schedule, batches(300, 32, seed), when=lambda step: not ill)


@sick("a sign in the exponent: gamma above 1", right=[r"schedule", r"rate (rose|rises|grew|grows)", *TOO_HIGH],
      harm=[RAISE], good=0.5)
def rate_grows_at_each_step(ill, seed, watch):
    """ExponentialLR with gamma = 1.03 for 0.97: the rate grows until the loss leaves."""
    model = mlp(64, 48, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    return _scheduled(watch, model, optimizer, lr.ExponentialLR(optimizer, 1.03 if ill else 0.995),
                      batches(300, 32, seed))


@sick("stylegan2-ada-pytorch #108, transformers #33336: resumed without the optimizer's state",
      right=[r"state.{0,60}(young|new|fresh|lost|empty|missing|0)", r"without (the|its) state", r"resum", r"warmup",
      r"first steps?"], harm=[RAISE], good=3)
def resumed_without_state(ill, seed, watch):
    """Adam resumes at a rate that fits its old state, with a new one; the monitor is made then."""
    model = mlp(64, 96, 96, 1)
    new = lambda: torch.optim.Adam(model.parameters(), lr=2e-2, betas=(0.9, 0.9999))
    optimizer = new()
    warm = lr.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / 100))
    for part in batches(250, 32, seed):
        optimizer.zero_grad()
        mse(model, part).backward()
        optimizer.step()
        warm.step()
    optimizer = new() if ill else optimizer
    monitor = watch(model, optimizer)
    seen = [tested(model, mse)]
    train(monitor, model, optimizer, lambda part: mse(model, part), batches(60, 32, seed + 70),
          after=lambda step: seen.append(tested(model, mse)))
    return max(seen) / seen[0]


@sick("deepsensor #47: Adam made anew at each epoch", right=[r"state.{0,60}(young|new|fresh|lost|empty|younger)",
      r"re-?created", r"made anew", r"(another|new) optimizer", r"optimizer was replaced", r"attach",
      r"never.{0,30}step", r"no step"], harm=[RAISE], good=0.3)
def optimizer_made_anew_each_epoch(ill, seed, watch):
    """Epochs of 6 batches, and a new Adam for each; the monitor holds the first one."""
    model = mlp(64, 48, 48, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-2)
    monitor = watch(model, optimizer, classes=10)
    for step, part in enumerate(batches(300, 32, seed)):
        if ill and step % 6 == 5:
            optimizer = torch.optim.Adam(model.parameters(), lr=2e-2)
        optimizer.zero_grad()
        loss = ce(model, part)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
    return tested(model)


@sick("the textbook on step size and noise", right=[r"plateau", r"(too long|long steps).{0,20}settle", r"decay",
      *TOO_HIGH], harm=[RAISE], good=0.43)
def held_up_by_a_constant_rate(ill, seed, watch):
    """Batches of four at a rate that holds the loss up; the twin lets it fall to zero."""
    model, x, y = nn.Linear(64, 1), flat()[0], regression(noise=3.0)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.018)
    schedule = lr.LambdaLR(optimizer, lambda step: 1.0 if ill else 1 - step / 1001)
    goal = x @ torch.linspace(-0.3, 0.3, 64).unsqueeze(1) + 0.2 * y
    loss = lambda model, part: (model(x[part]) - goal[part]).square().mean()
    return _scheduled(watch, model, optimizer, schedule, batches(1000, 4, seed), loss=loss)


@sick("a common report: the loss falls in the warmup and climbs after it", right=[r"warmup", r"peak", *TOO_HIGH],
      harm=[RAISE], good=2.65)
def climbs_once_warmed_up(ill, seed, watch):
    """A post-LN transformer, warmed up over 60 steps to a rate that is ten times too high."""
    from adamkit.training.transformer import Transformer

    x, y, x_test, y_test, size = text()
    model = Transformer(size, context=24, width=32, heads=2, layers=3, norm="post")
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-2 if ill else 3e-3)
    schedule = lr.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / 60))
    loss = lambda part: nn.functional.cross_entropy(model(x[part]).flatten(0, 1), y[part].flatten())
    monitor = watch(model, optimizer, classes=size)
    train(monitor, model, optimizer, loss, batches(250, 8, seed, rows=len(x)), after=lambda step: schedule.step())
    with torch.no_grad():
        return nn.functional.cross_entropy(model(x_test[:64]).flatten(0, 1), y_test[:64].flatten()).item()
