"""What the monitor costs, on a tiny GPT, a CNN and a small MLP. Prints a table for each; `make bench`.

Compared with the loop that one writes by hand: for each parameter the norms of gradient, weight and update, the range
of the effective rate, the ratio of g to √v̂ and a look for NaN, each fetched by ``.item()``. CPU time of this process,
one thread. The monitor's part is timed where it stands in a training: before the optimizer's step, and after it. The
three are timed in turns, and the least of many turns counts, because other programs only ever add.
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
SHARE = {"a GPT of 2 layers, width 64, on 16 × 64 characters": 0.06,
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


class Training:
    """One of the trainings, by plain AdamW."""

    def __init__(self, torch, name):
        torch.manual_seed(0)
        self.model, self.inputs, self.targets = made(torch, name)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-3)
        self.loss_of = torch.nn.functional.cross_entropy
        self.step()

    def backward(self):
        """The part before the optimizer's step; returns the loss."""
        self.optimizer.zero_grad()
        loss = self.loss_of(self.model(self.inputs).flatten(0, -2), self.targets.flatten())
        loss.backward()
        return loss

    def step(self):
        """A whole step; returns its CPU time in seconds."""
        start = time.process_time()
        self.backward()
        self.optimizer.step()
        return time.process_time() - start


def training(torch, name, *, every):
    """Three functions, each of which takes a step and says how long its part took: the step itself, the monitor's
    hooks, the loop.
    """
    from adamkit.diagnostics import Monitor

    plain, watched, looped = (Training(torch, name) for _ in range(3))  # a monitor sees every step of its own
    now = time.process_time
    optimizer = watched.optimizer
    monitor = Monitor(watched.model, optimizer, every=every)
    begin, end = (next(iter(hooks.values())) for hooks in (optimizer._optimizer_step_pre_hooks,
                                                           optimizer._optimizer_step_post_hooks))
    monitor.close()
    monitor.step = 1  # with every > 1 the first step is a measured one

    def watch():
        loss = watched.backward()
        times = [now()]
        begin(optimizer, (optimizer,), {})
        times.append(now())
        optimizer.step()
        times.append(now())
        end(optimizer, (optimizer,), {})
        monitor.observe(loss=loss)
        return times[1] - times[0] + now() - times[2]

    def loop():
        looped.step()
        start = now()
        by_hand(torch, looped.model, looped.optimizer)
        return now() - start

    return plain.step, watch, loop


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
    """Least CPU time that each function reports, in seconds; they take turns."""
    least = [float("inf")] * len(functions)
    for _ in range(turns):
        least = [min(known, function()) for known, function in zip(least, functions)]
    return least


if __name__ == "__main__":
    main()
