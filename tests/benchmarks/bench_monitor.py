"""What the monitor costs, on a tiny GPT, a CNN and a small MLP. Prints a table for each; `make bench`.

Compared with the loop that one writes by hand: for each parameter the norms of gradient, weight and update, the range
of the effective rate, the ratio of g to √v̂ and a look for NaN, each fetched by ``.item()``. CPU time of this process,
one thread; ``--threads 2`` measures by the clock, in as many. Whole steps are timed, with the monitor and without, in
turns; what counts is the median of the differences. To time the monitor's hooks alone would say too much: the weights
and gradients that they read lie in the cache when the optimizer comes to them.
"""

import argparse
import os
import platform
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
TURNS = 300
#: Largest share of a step that the monitor may take, by model; an MLP whose step is a millisecond has no bound.
SHARE = {"a GPT of 2 layers, width 64, on 16 × 64 characters": 0.05,
         "a CNN of 3 layers, widths 32 to 64, on 32 images of 16 × 16": 0.05,
         "an MLP of 64, 128, 128 and 10 units, on 32 rows": None}


def main():
    """Measure; leave with an error if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    turns, threads = given.turns, given.threads
    import torch

    torch.set_num_threads(threads)
    Training.clock = time.process_time if threads == 1 else time.perf_counter
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}, "
          f"{threads} thread{'s' * (threads > 1)}")
    if missed := [name for name, share in SHARE.items() if table(torch, name, turns) > (share or float("inf"))]:
        sys.exit(f"the monitor takes more than its share of a step of {', '.join(missed)}")


def table(torch, name, turns):
    """Print what a step of one model costs; returns the monitor's share of it, as the monitor comes."""
    plain, *watched = [Training(torch, name, watch) for watch in (None, every(1), every(10**9), by_hand)]
    step, (monitor, rarely, loop) = medians(plain, watched, turns)
    half, tenth = (monitor + rarely) / 2, (monitor + 9 * rarely) / 10
    print(f"\nOne step of {name}")
    for part, seconds in (("forward, backward, AdamW", step), ("Monitor, every=1", monitor),
                          ("Monitor, every=2, as it comes (mean of a step)", half),
                          ("Monitor, every=10 (mean of a step)", tenth),
                          ("the same readings by a loop of .item()", loop)):
        print(f"  {part:<58} {seconds * 1e3:8.3f} ms   {seconds / step:6.1%}")
    times = f"{loop / monitor:8.1f} times the monitor, {loop / tenth:.1f} with every=10"
    print(f"  {'the loop costs':<58} {times}", flush=True)
    return half / step


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
    """One of the trainings, by plain AdamW, timed by ``clock``.

    Args:
        watch: called with this training, returns what is called with each loss; or None.
    """

    clock = time.process_time

    def __init__(self, torch, name, watch=None):
        torch.manual_seed(0)
        self.model, self.inputs, self.targets = made(torch, name)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-3)
        self.loss_of = torch.nn.functional.cross_entropy
        self.observe = watch(self) if watch else None
        self.step()

    def step(self):
        """A whole step; returns its time in seconds."""
        start = self.clock()
        self.optimizer.zero_grad()
        loss = self.loss_of(self.model(self.inputs).flatten(0, -2), self.targets.flatten())
        loss.backward()
        self.optimizer.step()
        if self.observe:
            self.observe(loss=loss)
        return self.clock() - start


def every(count):
    """Watches a training by a monitor that measures weights at each step of so many."""
    def watch(training):
        from adamkit.diagnostics import Monitor

        return Monitor(training.model, training.optimizer, every=count).observe
    return watch


def by_hand(training):
    """Watches a training by the loop: {parameter name: readings}. (The copy of the weights is taken here too.)"""
    import torch

    model, optimizer = training.model, training.optimizer
    group = optimizer.param_groups[0]

    @torch.no_grad()
    def observe(loss):
        readings, before = {}, {name: p.clone() for name, p in model.named_parameters()}
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
        return readings, loss.item()
    return observe


def medians(plain, watched, turns):
    """Seconds of a plain step, and by how much those of each watched training are longer; they take turns."""
    times = [[training.step() for training in (plain, *watched)] for _ in range(turns)]
    steps, *others = zip(*times)
    more = [statistics.median(other - step for other, step in zip(seconds, steps)) for seconds in others]
    return statistics.median(steps), more


if __name__ == "__main__":
    main()
