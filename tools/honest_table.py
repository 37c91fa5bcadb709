"""Measure the table of optimizers of notebook 09 and write adamkit/training/contest.json.

    python tools/honest_table.py                 # everything; some minutes of one core
    python tools/honest_table.py Muon Lion       # these entries anew, the rest as the file has it
"""

import argparse
import datetime
import json
import os
import platform
import sys
import time
from pathlib import Path

import numpy as np
import torch

from adamkit.training import contest, cost, ensembles

TARGET = Path(contest.__file__).with_name("contest.json")


def measured(name, tuning, arenas):
    """Everything about one entry: its losses in each arena, and what it costs."""
    entry = contest.ENTRIES[name]
    results = {key: in_arena(entry, tuning[key], arena) for key, arena in arenas.items() if contest.plays(entry, arena)}
    with ensembles.one_thread():
        figures = {"bytes": round(cost.state_bytes(cost.on_matrices(name)), 4), "step": round(cost.step_ratio(name), 2)}
        figures["compiled_step"] = compiled_ratio(name)
    return {"arenas": results, **figures}


def in_arena(entry, tuning, arena):
    """Nine rates on the tuning split, then the best of them on the split that is reported."""
    tuned = contest.tune(entry, tuning)
    losses = contest.judge(entry, arena, rate=tuned.best)
    return {
        "rate": rounded(tuned.best),
        "tuning": [rounded(loss) for loss in tuned.losses],
        "losses": [rounded(loss) for loss in losses],
    }


def rounded(number):
    """Five digits; None for what is not finite, which JSON cannot hold."""
    return float(f"{number:.5g}") if np.isfinite(number) else None


def compiled_ratio(name):
    """As `cost.step_ratio`, both compiled; None where torch.compile does not work."""
    try:
        return round(cost.step_ratio(name, compile=True), 2)
    except Exception as problem:
        print(f"  {name} not compiled: {str(problem).splitlines()[0][:90]}", file=sys.stderr)
        return None


def provenance():
    """When, with what, on what kind of machine."""
    return {
        "date": datetime.date.today().isoformat(),
        "by": "tools/honest_table.py",
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, shared with other work; one thread",
        "tuning_seeds": list(contest.TUNING_SEEDS),
        "seeds": list(contest.SEEDS),
        "rates_tried": len(contest.SPREAD),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("entries", nargs="*", help="names of entries; all by default")
    chosen = parser.parse_args().entries or list(contest.ENTRIES)
    tuning, arenas = contest.arenas(tuning=True), contest.arenas()
    found = json.loads(TARGET.read_text(encoding="utf-8"))["entries"] if TARGET.exists() else {}
    for name in chosen:
        start = time.process_time()
        found[name] = measured(name, tuning, arenas)
        print(f"{name}: {time.process_time() - start:.0f} s", flush=True)
    about = {key: {"task": arena.task.name, "steps": arena.steps, "batch": arena.batch_size or "all rows",
                   "counts": arena.counts} for key, arena in arenas.items()}
    ordered = {name: found[name] for name in contest.ENTRIES if name in found}
    text = json.dumps({"made": provenance(), "arenas": about, "entries": ordered}, indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
