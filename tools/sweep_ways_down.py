"""Measure the ways down of notebook 06, into adamkit/lessons/nb06/ways_down.json: two and a half minutes of one core.

    python tools/sweep_ways_down.py
"""

import datetime
import json
import platform
import time
from pathlib import Path

import numpy as np
import torch

from adamkit import schedules
from adamkit.rules import Adam
from adamkit.training import ensembles, tasks

TARGET = Path(__file__).resolve().parents[1] / "adamkit" / "lessons" / "nb06" / "ways_down.json"
PEAKS = (0.0025, 0.0035, 0.005, 0.007, 0.01, 0.014, 0.02)
SEEDS, STEPS, DECAY = range(5), 400, 80
RAMP = {"warmup": 40, "start": 1 / 41}
WAYS = {
    "constant": schedules.linear_warmup(**RAMP),
    "cosine": schedules.warmup_cosine(total=STEPS, **RAMP),
    "linear": schedules.warmup_linear(total=STEPS, **RAMP),
    "stable, then decay": schedules.warmup_stable_decay(total=STEPS, decay=DECAY, **RAMP),
}


def train(seed):
    """Test losses (moment, peak, way) of the small pre-LN transformer, and the steps of the moments."""
    run = ensembles.train(
        Adam(lr=np.repeat(PEAKS, len(WAYS))), tasks.next_character(), steps=STEPS, batch_size=16, seed=(seed,),
        schedule=lambda step: [way(step) for way in WAYS.values()] * len(PEAKS), eval_every=40,
    )
    return run.test_loss.reshape(-1, len(PEAKS), len(WAYS)), run.steps


def main():
    """Train all of it and write the file."""
    torch.set_num_threads(1)
    began = time.process_time()
    losses, steps = zip(*(train(seed) for seed in SEEDS), strict=True)
    about = {
        "made by": "tools/sweep_ways_down.py",
        "date": datetime.date.today().isoformat(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "machine": f"CPU, {platform.machine()}, one thread",
        "cpu_seconds": round(time.process_time() - began),
    }
    test_loss = np.round(np.array(losses), 4).tolist()  # seed, moment, peak, way
    content = {"about": about, "peaks": PEAKS, "steps": np.array(steps[0]).tolist(), "ways": list(WAYS),
               "test_loss": test_loss}
    TARGET.write_text(json.dumps(content) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
