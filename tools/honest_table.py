"""Measure the table of optimizers of notebook 09 and write adamkit/lessons/nb09/contest.json.

    python tools/honest_table.py                 # all losses; some ten minutes of one core
    python tools/honest_table.py Muon Lion       # those of these entries, the rest as the file has it
    python tools/honest_table.py --costs         # bytes and times: on a quiet machine
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

from adamkit.lessons.nb09 import contest
from adamkit.training import cost, ensembles

TARGET = Path(contest.__file__).with_name("contest.json")


def measured(name):
    """Losses of an entry in each arena that it can play in."""
    entry = contest.ENTRIES[name]
    return {"arenas": {key: in_arena(entry, key) for key, arena in contest.arenas().items()
                       if contest.plays(entry, arena)}}


def costs(name):
    """Bytes and time of an entry, and the day on which they were measured."""
    kind = type(contest.ENTRIES[name].rule).__name__
    with ensembles.one_thread():
        return {"bytes": round(cost.state_bytes(cost.on_matrices(kind)), 4), "step": round(cost.step_ratio(kind), 2),
                "compiled_step": compiled_ratio(kind), "costs_of": datetime.date.today().isoformat()}


def in_arena(entry, key):
    """Nine rates and then five on the tuning splits, and the best of them on the splits that are reported."""
    tuned = contest.tune(entry, contest.rounds(key, contest.TUNING))
    losses = contest.judge(entry, contest.rounds(key, contest.REPORT), rate=tuned.best)
    return {
        "rate": rounded(tuned.best),
        "tuning": [rounded(loss) for loss in tuned.losses],
        "fine_rates": [rounded(rate) for rate in tuned.fine_rates],
        "fine": [rounded(loss) for loss in tuned.fine_losses],
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
        "tuning": contest.TUNING,
        "report": contest.REPORT,
        "rates_tried": len(contest.COARSE) + len(contest.FINE),
    }


def write(found):
    """All entries so far, in the order of the table."""
    about = {key: {"task": arena.task.name, "steps": arena.steps, "batch": arena.batch_size or "all rows",
                   "counts": arena.counts} for key, arena in contest.arenas().items()}
    ordered = {name: found[name] for name in contest.ENTRIES if name in found}
    text = json.dumps({"made": provenance(), "arenas": about, "entries": ordered}, indent=1, ensure_ascii=False)
    TARGET.write_text(text + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("entries", nargs="*", help="names of entries; all by default")
    parser.add_argument("--costs", action="store_true", help="measure bytes and times, keep the losses as they are")
    given = parser.parse_args()
    found = json.loads(TARGET.read_text(encoding="utf-8"))["entries"] if TARGET.exists() else {}
    for name in given.entries or list(contest.ENTRIES):
        start = time.process_time()
        found[name] = {**found.get(name, {}), **(costs(name) if given.costs else measured(name))}
        write(found)
        print(f"{name}: {time.process_time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
