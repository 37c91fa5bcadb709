"""Healthy: optimizers of every kind, several at once, and what people do around a step."""

import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import lr_scheduler as lr

from monitor_bank.kinds import healthy
from monitor_bank.parts import batches, ce, flat, mlp, tested, train


def _digits(watch, make, seed, *, model=None, steps=300, size=32, schedule=None, **more):
    """Train on the digits with ``make(parameters)``; the loss on the test rows."""
    model = model or mlp(64, 48, 48, 10)
    optimizer = make(model.parameters())
    monitor, turn = watch(model, optimizer, classes=10), schedule(optimizer) if schedule else None
    after = more.pop("after", None) or ((lambda step: turn.step()) if turn else None)
    train(monitor, model, optimizer, lambda part: ce(model, part), batches(steps, size, seed), after=after, **more)
    return tested(model)


@healthy("the first lesson", good=0.35)
def plain_sgd(seed, watch):
    """SGD without momentum at a constant, moderate rate."""
    return _digits(watch, lambda p: torch.optim.SGD(p, lr=0.1), seed, steps=400)


@healthy("torch's AdaGrad", good=0.3)
def adagrad(seed, watch):
    """AdaGrad at its usual rate."""
    return _digits(watch, lambda p: torch.optim.Adagrad(p, lr=2e-2), seed)


@healthy("NAdam with decoupled decay", good=0.3)
def nadam(seed, watch):
    """NAdam."""
    return _digits(watch, lambda p: torch.optim.NAdam(p, lr=2e-3, weight_decay=0.01, decoupled_weight_decay=True), seed)


@healthy("AdamW with AMSGrad and capturable numbers", good=0.3)
def amsgrad(seed, watch):
    """AdamW with AMSGrad, the rate a tensor."""
    make = lambda p: torch.optim.AdamW(p, lr=torch.tensor(2e-3), amsgrad=True)
    return _digits(watch, make, seed)


@healthy("Shazeer and Stern 2018, as in torch", good=0.4)
def adafactor(seed, watch):
    """torch's Adafactor."""
    return _digits(watch, lambda p: torch.optim.Adafactor(p, lr=1e-2), seed)


@healthy("Chen et al. 2023", good=0.3)
def lion(seed, watch):
    """Lion, with a cosine."""
    from adamkit.torch_optim import Lion

    return _digits(watch, lambda p: Lion(p, lr=1e-3), seed, schedule=lambda o: lr.CosineAnnealingLR(o, 300))


@healthy("Defazio et al. 2024, their own package", good=0.3)
def schedule_free(seed, watch):
    """Schedule-free AdamW: train() and eval() of the optimizer."""
    import schedulefree

    model = mlp(64, 48, 48, 10)
    optimizer = schedulefree.AdamWScheduleFree(model.parameters(), lr=5e-3, warmup_steps=20)
    optimizer.train()
    monitor = watch(model, optimizer, classes=10)
    train(monitor, model, optimizer, lambda part: ce(model, part), batches(300, 32, seed))
    optimizer.eval()
    return tested(model)


@healthy("today's pair: Muon for the matrices, AdamW for the rest", good=0.4)
def muon_and_adamw(seed, watch):
    """Two optimizers, one monitor."""
    model = mlp(64, 48, 48, 10)
    matrices = [p for p in model.parameters() if p.ndim == 2]
    rest = [p for p in model.parameters() if p.ndim != 2]
    pair = [torch.optim.Muon(matrices, lr=1e-2), torch.optim.AdamW(rest, lr=3e-3)]
    monitor = watch(model, pair, classes=10)
    for part in batches(250, 32, seed):
        loss = ce(model, part)
        loss.backward()
        for optimizer in pair:
            optimizer.step()
            optimizer.zero_grad()
        monitor.observe(loss=loss)
    return tested(model)


@healthy("L-BFGS on all rows, with its closure", good=0.35)
def lbfgs(seed, watch):
    """Softmax regression by L-BFGS: each step has a closure and many evaluations."""
    model, rows = nn.Linear(64, 10), torch.arange(1437)
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=5)
    monitor = watch(model, optimizer, classes=10)

    def closure():
        optimizer.zero_grad()
        loss = ce(model, rows) + 1e-3 * model.weight.square().sum()
        loss.backward()
        return loss

    for _ in range(60):
        monitor.observe(loss=optimizer.step(closure))
    return tested(model)


@healthy("sparse gradients of a large table", good=1.0)
def sparse_embeddings(seed, watch):
    """Words near each other by negative sampling; sparse embeddings and SparseAdam."""
    g, table = torch.Generator().manual_seed(seed), nn.Embedding(300, 16, sparse=True)
    nn.init.normal_(table.weight, std=0.3)
    optimizer = torch.optim.SparseAdam(list(table.parameters()), lr=2e-2)
    monitor, last = watch(table, optimizer), []
    for _ in range(500):
        word = torch.randint(0, 300, (128,), generator=g)
        near = word // 10 * 10 + torch.randint(0, 10, (128,), generator=g)
        far = torch.randint(0, 300, (128,), generator=g)
        score = lambda a, b: (table(a) * table(b)).sum(1)
        optimizer.zero_grad()
        loss = -F.logsigmoid(score(word, near)).mean() - F.logsigmoid(-score(word, far)).mean()
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
        last = [*last[-29:], loss.item()]
    return sum(last) / len(last)


@healthy("accumulation over eight parts, divided", good=0.25)
def accumulated_and_divided(seed, watch):
    """Each part's loss is told, and a step is taken at every eighth."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3)
    monitor = watch(model, optimizer, classes=10)
    for number, part in enumerate(batches(8 * 200, 8, seed)):
        loss = ce(model, part)
        (loss / 8).backward()
        monitor.observe(loss=loss)
        if number % 8 == 7:
            optimizer.step()
            optimizer.zero_grad()
    return tested(model)


@healthy("an average of the weights, kept apart", good=0.3)
def average_kept_apart(seed, watch):
    """An exponential average of the weights, for evaluation only."""
    model = mlp(64, 48, 10)
    average = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.95))
    make = lambda p: torch.optim.Adam(p, lr=3e-3)
    _digits(watch, make, seed, model=model, after=lambda step: average.update_parameters(model))
    return tested(average)


@healthy("Izmailov et al. 2018", good=0.3)
def weights_averaged_at_the_end(seed, watch):
    """Stochastic weight averaging over the last third, at a constant rate after a decay."""
    model = mlp(64, 48, 10)
    average = torch.optim.swa_utils.AveragedModel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
    schedule, late = lr.CosineAnnealingLR(optimizer, 200), torch.optim.swa_utils.SWALR(optimizer, 0.05, 10)
    monitor = watch(model, optimizer, classes=10)

    def after(step):
        (schedule if step < 200 else late).step()
        if step >= 200:
            average.update_parameters(model)

    train(monitor, model, optimizer, lambda part: ce(model, part), batches(300, 32, seed), after=after)
    return tested(average)


@healthy("mixed precision with a scaler whose first scale is too high", good=0.35)
def scaler_that_skips_a_few(seed, watch):
    """The scale starts at 2⁵⁰ and overflows a few times before it fits: skipped steps are part of the method."""
    model, x = mlp(64, 48, 10), flat()[0]
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**50, growth_interval=1000)
    monitor = watch(model, optimizer, classes=10, scaler=scaler)
    for part in batches(300, 32, seed):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.float16):
            loss = ce(model, part, x)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        monitor.observe(loss=loss)
    return tested(model)


@healthy("bfloat16 by autocast, weights in float32", good=0.35)
def autocast_bfloat16(seed, watch):
    """Forward passes under bfloat16 autocast."""
    model = mlp(64, 48, 10)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    monitor = watch(model, optimizer, classes=10)

    def loss(part):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return ce(model, part)

    train(monitor, model, optimizer, loss, batches(300, 32, seed))
    return tested(model)


@healthy("Srivastava et al. 2014: max-norm", good=0.35)
def weights_held_in_a_ball(seed, watch):
    """After each step every unit's incoming weights are pulled back to a norm of 2: another hand, on purpose."""
    model = mlp(64, 64, 10)

    @torch.no_grad()
    def pull(step):
        model[0].weight.renorm_(2, 0, 2.0)

    return _digits(watch, lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), seed, model=model, after=pull)


@healthy("groups: no decay for biases and norms", good=0.3)
def decay_for_matrices_only(seed, watch):
    """Two parameter groups, decay 0.1 and none; warmup."""
    model = nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.GELU(), nn.Linear(64, 10))
    groups = [{"params": [p for p in model.parameters() if p.ndim == 2], "weight_decay": 0.1},
              {"params": [p for p in model.parameters() if p.ndim != 2], "weight_decay": 0.0}]
    make = lambda _: torch.optim.AdamW(groups, lr=3e-3)
    warm = lambda o: lr.LambdaLR(o, lambda step: min(1.0, (step + 1) / 30))
    return _digits(watch, make, seed, model=model, schedule=warm)


@healthy("continued: state and schedule loaded, a new monitor", good=0.15)
def resumed_with_state(seed, watch):
    """A run is stopped and goes on from a checkpoint of weights, state and schedule; the monitor is made then."""
    model = mlp(64, 48, 48, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for part in batches(250, 32, seed):
        optimizer.zero_grad()
        ce(model, part).backward()
        optimizer.step()
    again = mlp(64, 48, 48, 10)
    again.load_state_dict(copy.deepcopy(model.state_dict()))
    second = torch.optim.Adam(again.parameters(), lr=1.0)
    second.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    monitor = watch(again, second, classes=10)
    train(monitor, again, second, lambda part: ce(again, part), batches(250, 32, seed + 30))
    return tested(again)


@healthy("a trained network goes on, at a rate that is fit for it", good=0.12)
def trained_on_at_a_low_rate(seed, watch):
    """Fine-tuning on the same task with noise: the loss begins low and wanders about it."""
    model, x = mlp(64, 64, 64, 10), flat()[0]
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for part in batches(300, 32, seed):
        optimizer.zero_grad()
        ce(model, part).backward()
        optimizer.step()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    monitor = watch(model, optimizer, classes=10)
    loss = lambda part: ce(model, part, x + 0.3 * torch.randn_like(x))
    train(monitor, model, optimizer, loss, batches(300, 32, seed + 9))
    return tested(model)


@healthy("clipping as a fuse that never blows", good=0.3)
def clip_that_never_acts(seed, watch):
    """clip_grad_norm_(…, 100) stands in the loop; the norms are about 1."""
    return _digits(watch, lambda p: torch.optim.Adam(p, lr=2e-3), seed, clip=100.0)


@healthy("large batches, few steps", good=0.35)
def large_batches(seed, watch):
    """Batches of 512, Adam at 1e-2."""
    return _digits(watch, lambda p: torch.optim.Adam(p, lr=1e-2), seed, steps=60, size=512)


@healthy("torch.compile is not needed for it: the fused step", good=0.3)
def fused_adam(seed, watch):
    """Adam with fused=True."""
    return _digits(watch, lambda p: torch.optim.Adam(p, lr=2e-3, fused=True), seed)
