"""Sick: the numbers that the optimizer was given. Rates, decay, ε, β, momentum, clipping."""

import torch
from torch import nn

from monitor_bank.kinds import sick
from monitor_bank.parts import batches, ce, cnn, digits, mlp, mse, tested, train
from monitor_bank.words import LOWER, RAISE, TOO_HIGH, TOO_LOW


def _digits(watch, optimizer, seed, *, model=None, steps=300, size=32, clip=None, loss=ce, **more):
    """Train a network on the digits with ``optimizer(parameters)``; the loss on the test rows."""
    model = model or mlp(64, 48, 48, 10)
    built = optimizer(model.parameters())
    monitor = watch(model, built, classes=10 if loss is ce else None)
    train(monitor, model, built, lambda part: loss(model, part), batches(steps, size, seed), clip=clip, **more)
    return tested(model, loss)


@sick("pytorch-image-models #814: the rate of a large batch with a small one", right=TOO_HIGH, harm=[RAISE], good=0.6)
def rate_of_a_larger_batch(ill, seed, watch):
    """SGD with momentum at the rate of a batch of a thousand, with batches of eight."""
    return _digits(watch, lambda p: torch.optim.SGD(p, lr=1.0 if ill else 0.02, momentum=0.9), seed, size=8)


@sick("a common slip: Adam at the rate of SGD", right=TOO_HIGH, harm=[RAISE], good=0.4)
def adam_at_the_rate_of_sgd(ill, seed, watch):
    """Adam at η = 0.3."""
    return _digits(watch, lambda p: torch.optim.Adam(p, lr=0.3 if ill else 3e-3), seed)


@sick("a common slip: a rate typed with one zero too many", right=TOO_HIGH, harm=[RAISE], good=0.25)
def regression_rate_too_high(ill, seed, watch):
    """SGD on a regression at twice the rate that the surface bears."""
    return _digits(watch, lambda p: torch.optim.SGD(p, lr=1.5 if ill else 0.05), seed, model=mlp(64, 48, 1), loss=mse)


@sick("a common slip: 1e-7 for 1e-3", right=TOO_LOW, harm=[LOWER], good=0.6)
def adam_rate_too_low(ill, seed, watch):
    """Adam at η = 1e-7."""
    return _digits(watch, lambda p: torch.optim.Adam(p, lr=1e-7 if ill else 1e-3), seed)


@sick("a common slip: SGD at the rate of Adam", right=TOO_LOW, harm=[LOWER], good=0.6)
def sgd_at_the_rate_of_adam(ill, seed, watch):
    """SGD without momentum at η = 3e-5."""
    return _digits(watch, lambda p: torch.optim.SGD(p, lr=3e-5 if ill else 0.1), seed)


@sick("SimpleTuner #1756: LoRA at the rate of full fine-tuning", right=TOO_LOW, harm=[LOWER], good=0.7)
def lora_rate_too_low(ill, seed, watch):
    """Low-rank adapters trained at 2e-5, on images whose columns were shifted."""
    from adamkit.training.lora import lora

    model, x = mlp(64, 64, 64, 10), digits()[0]
    shifted, plain = (part.flatten(1) * 2 - 0.6 for part in (x.roll(2, 3), x))
    first = torch.optim.Adam(model.parameters(), lr=2e-3)
    for part in batches(200, 32, seed):
        first.zero_grad()
        ce(model, part, plain).backward()
        first.step()
    lora(model, rank=4)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=2e-5 if ill else 5e-3)
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part, shifted), batches(300, 32, seed + 50))
    return tested(model, x=shifted)


@sick("a schedule of another run taken over for fine-tuning", right=TOO_LOW, harm=[LOWER], good=0.2)
def finetuning_at_1e_12(ill, seed, watch):
    """A trained network goes on at η = 1e-12, on rotated images: the weights do not move."""
    model, x = mlp(64, 64, 10), digits()[0] * 2 - 0.6
    turned = x.rot90(1, (2, 3)).flatten(1)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for part in batches(200, 32, seed):
        optimizer.zero_grad()
        ce(model, part, x.flatten(1)).backward()
        optimizer.step()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-12 if ill else 3e-3)
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part, turned), batches(300, 32, seed + 9))
    return tested(model, x=turned)


@sick("a common slip: weight_decay=100 for AdamW", right=[r"decay"], harm=[RAISE], good=0.6)
def decay_huge_adamw(ill, seed, watch):
    """AdamW's decoupled decay of 100 takes a tenth of every weight at each step."""
    return _digits(watch, lambda p: torch.optim.AdamW(p, lr=1e-3, weight_decay=100.0 if ill else 0.01), seed)


@sick("a common slip: decay of 0.5 in SGD, from a text on AdamW", right=[r"decay"], harm=[RAISE], good=0.5)
def decay_huge_sgd(ill, seed, watch):
    """SGD with weight_decay = 0.5: each step takes 5% of every weight."""
    return _digits(watch, lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.5 if ill else 5e-4), seed)


@sick("a common slip: weight_decay=1 in Adam, where it is added to the gradient", right=[r"decay"], harm=[RAISE],
      good=0.5)
def decay_huge_adam(ill, seed, watch):
    """Adam, not AdamW, with weight_decay = 1: the decay outweighs the loss in every gradient."""
    return _digits(watch, lambda p: torch.optim.Adam(p, lr=1e-3, weight_decay=1.0 if ill else 0.0), seed)


@sick("a setting for one network (Inception) taken over, and more", right=[r"ε", r"\beps\b", *TOO_LOW], harm=[LOWER],
      good=0.6)
def eps_huge(ill, seed, watch):
    """Adam with ε = 1 at the usual rate: √v̂ is nothing beside it, and the steps are those of SGD at 1e-3."""
    return _digits(watch, lambda p: torch.optim.Adam(p, lr=1e-3, eps=1.0 if ill else 1e-8), seed)


@sick("a common slip: 0.999 is Adam's β₂, not a momentum", right=[r"momentum", r"\bβ₁", *TOO_HIGH], harm=[RAISE],
      good=0.4)
def momentum_of_0_999(ill, seed, watch):
    """SGD with momentum 0.999: a thousand gradients add up."""
    return _digits(watch, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.999 if ill else 0.9), seed)


@sick("a common slip: betas in the wrong order", right=[r"\bβ", r"\bbetas?\b", r"momentum", *TOO_HIGH], harm=[RAISE],
      good=0.15)
def betas_swapped(ill, seed, watch):
    """Adam with betas = (0.999, 0.9)."""
    return _digits(watch, lambda p: torch.optim.Adam(p, lr=5e-3, betas=(0.999, 0.9) if ill else (0.9, 0.999)), seed)


@sick("a rate tuned for another optimizer: AdaGrad at 1e-4", right=TOO_LOW, harm=[LOWER], good=0.8)
def adagrad_too_slow(ill, seed, watch):
    """AdaGrad at η = 1e-4: its sum of squares only grows, and the steps shrink from there."""
    return _digits(watch, lambda p: torch.optim.Adagrad(p, lr=1e-4 if ill else 3e-2), seed)


@sick("pytorch/pytorch #40907, Lightning #9599: clipped before unscale_", right=[r"unscale", r"scale[dr]", r"clip"],
      harm=[RAISE, r"larger (maximum|max_norm)"], good=0.5)
def clip_before_unscale(ill, seed, watch):
    """The gradients are clipped to 8 while they are still multiplied by 65536; SGD."""
    model = mlp(64, 48, 10)
    optimizer, scaler = torch.optim.SGD(model.parameters(), lr=0.1), torch.amp.GradScaler("cpu")
    monitor = watch(model, optimizer, classes=10, scaler=scaler)
    for part in batches(350, 32, seed):
        optimizer.zero_grad()
        loss = ce(model, part)
        scaler.scale(loss).backward()
        if not ill:
            scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 8.0)
        scaler.step(optimizer)
        scaler.update()
        monitor.observe(loss=loss)
    return tested(model)


@sick("a common slip: max_norm=1e-3", right=[r"clip"], harm=[RAISE, LOWER], good=0.5)
def clipped_to_almost_nothing(ill, seed, watch):
    """SGD, clipped by the monitor to 1e-3 at each step."""
    return _digits(watch, lambda p: torch.optim.SGD(p, lr=0.1), seed, clip=1e-3 if ill else 5.0)


@sick("a common slip: max_norm=1e-3, in the user's own call", right=[r"clip", *TOO_LOW], harm=[LOWER], good=0.5)
def clipped_unseen(ill, seed, watch):
    """The same on images, by torch's function, of which the monitor is told nothing."""
    model, x = cnn(), digits()[0]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.15, momentum=0.9)
    monitor = watch(model, optimizer, classes=10)
    clip = lambda step: torch.nn.utils.clip_grad_norm_(model.parameters(), 1e-3 if ill else 5.0)
    train(monitor, model, optimizer, lambda part: ce(model, part, x), batches(300, 32, seed), before=clip)
    return tested(model, x=x)


@sick("a common slip: clip_grad_value_ where clip_grad_norm_ was meant", right=[r"clip", *TOO_LOW], harm=[LOWER],
      good=0.5)
def every_entry_clipped(ill, seed, watch):
    """Each entry of the gradient is clipped to ±1e-5; SGD."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor = watch(model, optimizer, classes=10)
    clip = lambda step: torch.nn.utils.clip_grad_value_(model.parameters(), 1e-5 if ill else 1.0)
    train(monitor, model, optimizer, lambda part: ce(model, part), batches(300, 32, seed), before=clip)
    return tested(model)


@sick("a common slip: the loss divided by all pixels, or by 1e6", right=[r"(loss|gradient).{0,30}(scale|small|tiny)",
      *TOO_LOW], harm=[LOWER], good=0.6)
def loss_scaled_down_under_sgd(ill, seed, watch):
    """The loss is multiplied by 1e-6, and SGD has the rate that fits the loss itself."""
    scale = 1e-6 if ill else 1.0
    model = mlp(64, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor = watch(model, optimizer)
    train(monitor, model, optimizer, lambda part: scale * ce(model, part), batches(300, 32, seed))
    return tested(model)


@sick("a common slip: reduction='sum' at the rate of the mean", right=[r"reduction", r"\bsum(med)?\b", *TOO_HIGH],
      harm=[RAISE], good=0.5)
def loss_summed_under_sgd(ill, seed, watch):
    """The loss of 64 rows is summed, at the rate that fits their mean; SGD."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
    monitor = watch(model, optimizer)
    train(monitor, model, optimizer, lambda part: (64 if ill else 1) * ce(model, part), batches(250, 64, seed))
    return tested(model)


@sick("a common slip: the group of the body was given a rate per thousand", right=[r"rates are not",
      r"very different (ones|rates)", r"parameter groups?", *TOO_LOW], harm=[LOWER], good=0.3)
def body_at_a_millionth(ill, seed, watch):
    """Two parameter groups: the head at 3e-3, the narrow body at 3e-9, from noise."""
    model = mlp(64, 10, 10, 10)
    groups = [{"params": model[:4].parameters(), "lr": 3e-9 if ill else 3e-3}, {"params": model[4].parameters()}]
    optimizer = torch.optim.Adam(groups, lr=3e-3)
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part), batches(500, 32, seed))
    return tested(model)


@sick("the textbook: full batches at too high a rate", right=[r"oscillation", *TOO_HIGH], harm=[RAISE], good=0.15)
def full_batch_jumps(ill, seed, watch):
    """All rows in each step, RMSprop at a rate at which the loss jumps up and down without end."""
    model = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 1))
    optimizer = torch.optim.RMSprop(model.parameters(), lr=0.05 if ill else 1e-3)
    monitor = watch(model, optimizer)
    train(monitor, model, optimizer, lambda part: mse(model, part), batches(250, 1437, seed))
    return tested(model, mse)
