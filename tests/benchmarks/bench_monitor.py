"""What the monitor costs, on a tiny GPT, a CNN and a small MLP. Prints a table for each; `make bench`.

Compared with the loop that one writes by hand: for each parameter the norms of gradient, weight and update, the range
of the effective rate, the ratio of g to √v̂ and a look for NaN, each fetched by ``.item()``. CPU time of this process,
one thread; the three are timed in turns, and the least of many turns counts, because other programs only ever add.
"""

import argparse
import os
import platform
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
TURNS = 100
#: Largest share of a step that the monitor may take, by model; an MLP whose step is a millisecond has no bound.
SHARE = {"a GPT of 2 layers, width 64, on 16 × 64 characters": 0.05,
         "a CNN of 3 layers, widths 32 to 64, on 32 images of 16 × 16": 0.05,
         "an MLP of 64, 128, 128 and 10 units, on 32 rows": None}


def main():
    """Measure; leave with an error if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=TURNS)
    turns = parser.parse_args().turns
    import torch

    torch.set_num_threads(1)
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}, one thread")
    if missed := [name for name, share in SHARE.items() if table(torch, name, turns) > (share or float("inf"))]:
        sys.exit(f"the monitor takes more than its share of a step of {', '.join(missed)}")


def table(torch, name, turns):
    """Print what a step of one model costs; returns the monitor's share of it."""
    step, monitor, loop = least_seconds(training(torch, name, every=1), turns)
    _, rarely, _ = least_seconds(training(torch, name, every=10**9), turns)
    tenth = (monitor + 9 * rarely) / 10
    print(f"\nOne step of {name}")
    for part, seconds in (("forward, backward, AdamW", step), ("Monitor, every=1", monitor),
                          ("Monitor, every=10 (mean of a step)", tenth),
                          ("the same readings by a loop of .item()", loop)):
        print(f"  {part:<58} {seconds * 1e3:8.3f} ms   {seconds / step:6.1%}")
    times = f"{loop / monitor:8.1f} times the monitor, {loop / tenth:.1f} with every=10"
    print(f"  {'the loop costs':<58} {times}", flush=True)
    return monitor / step


def made(torch, name):
    """A model and a batch for it: what it takes, and classes of the shape of what it gives."""
    from torch import nn

    if "GPT" in name:
        from adamkit.training.transformer import Transformer

        return Transformer(56, context=64, width=64, heads=2, layers=2), *torch.randint(56, (2, 16, 64))
    if "MLP" in name:
        model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))
        return model, torch.randn(32, 64), torch.randint(10, (32,))
    model = nn.Sequential(nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(),
                          nn.MaxPool2d(2), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2),
                          nn.Flatten(), nn.Linear(256, 10))
    return model, torch.randn(32, 3, 16, 16), torch.randint(10, (32,))


def training(torch, name, *, every):
    """Three functions that do their part of a step: the training, the monitor's hooks, the loop."""
    from adamkit.diagnostics import Monitor

    torch.manual_seed(0)
    model, inputs, targets = made(torch, name)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    losses = []

    def step():
        optimizer.zero_grad()
        scores = model(inputs)
        loss = torch.nn.functional.cross_entropy(scores.flatten(0, -2), targets.flatten())
        loss.backward()
        optimizer.step()
        losses[:] = [loss]

    step()
    monitor = Monitor(model, optimizer, every=every)
    begin, end = (next(iter(hooks.values())) for hooks in (optimizer._optimizer_step_pre_hooks,
                                                           optimizer._optimizer_step_post_hooks))
    monitor.close()

    monitor.step = 1  # with every > 1 the first step is a measured one

    def watch():
        begin(optimizer, (optimizer,), {})
        end(optimizer, (optimizer,), {})
        monitor.observe(loss=losses[0])

    return step, watch, lambda: by_hand(torch, model, optimizer)


def by_hand(torch, model, optimizer):
    """The loop: {parameter name: readings}. (The copy of the weights before the step is taken here too.)"""
    readings, group = {}, optimizer.param_groups[0]
    with torch.no_grad():
        before = {name: p.clone() for name, p in model.named_parameters()}
        for name, p in model.named_parameters():
            v = optimizer.state[p]["exp_avg_sq"] / (1 - group["betas"][1] ** optimizer.state[p]["step"].item())
            rate = group["lr"] / (v.sqrt() + group["eps"])
            readings[name] = {
                "finite": torch.isfinite(p.grad).all().item(),
                "gradient_norm": p.grad.norm().item(),
                "parameter_norm": before[name].norm().item(),
                "update_ratio": ((p - before[name]).norm() / before[name].norm()).item(),
                "rate_low": rate.min().item(),
                "rate_high": rate.max().item(),
                "surprise": (p.grad / (v.sqrt() + 1e-30)).square().mean().sqrt().item(),
            }
    return readings


def least_seconds(functions, turns):
    """Least CPU time of a call of each function, in seconds; they take turns, each after a step of the training."""
    step, *others = functions
    least = [float("inf")] * len(functions)
    for _ in range(turns):
        for place, function in enumerate([step, *others]):
            step()  # leaves the caches as a training leaves them
            start = time.process_time()
            function()
            least[place] = min(least[place], time.process_time() - start)
    return least


if __name__ == "__main__":
    main()
