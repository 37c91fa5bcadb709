"""What the monitor's report says of the bank of runs, `tests/monitor_bank`: a line a kind, and totals.

    python tests/benchmarks/bench_monitor_bank.py --half writing --seeds 0 1 2
    python tests/benchmarks/bench_monitor_bank.py --half judging --seeds 0 1 2
    python tests/benchmarks/bench_monitor_bank.py --check                 # are the sick ones sick, the healthy healthy?
    python tests/benchmarks/bench_monitor_bank.py --only zero_grad_forgotten_sgd --show

Rules are written on the one half and judged by the other; how a report is judged stands in `monitor_bank/judge.py`.
One thread; --check and each half take some minutes.
"""

import argparse
import collections
import functools
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


def main():
    """Run what is asked for, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("writing", "judging", "both"), default="writing")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--only", nargs="+", help="names of kinds, or beginnings of names")
    parser.add_argument("--show", action="store_true", help="print every report")
    parser.add_argument("--every", type=int, default=2, help="what the monitor is told")
    parser.add_argument("--check", action="store_true", help="no monitor: compare the scores with what a kind promises")
    asked = parser.parse_args()
    import torch
    from monitor_bank import KINDS

    torch.set_num_threads(1)
    kinds = [kind for kind in KINDS.values() if asked.half in ("both", kind.half) or asked.only or asked.check]
    if asked.only:
        kinds = [kind for kind in kinds if kind.name.startswith(tuple(asked.only))]
    start = time.time()
    (check if asked.check else judge)(kinds, asked)
    print(f"{len(kinds)} kinds, seeds {asked.seeds}, {time.time() - start:.0f} s")


def check(kinds, asked):
    """Scores without a monitor: a sick kind ends above ``good`` at every seed, its twin and a healthy kind do not."""
    from monitor_bank import run

    bad = []
    for kind in kinds:
        sound = [run(kind, False, seed) for seed in asked.seeds]
        ill = [run(kind, True, seed) for seed in asked.seeds] if kind.sick else []
        fine = not any(o.error for o in sound + ill) and (
            all(o.score <= kind.good for o in sound) and all(o.score > kind.good for o in ill))
        bad += [] if fine else [kind.name]
        numbers = [" ".join(o.error or f"{o.score:.3g}" for o in part) for part in (sound, ill)]
        seconds = max(o.seconds for o in sound + ill)
        print(f"{'ok ' if fine else 'NOT'} {kind.name:<42} sound {numbers[0]:<20} good {kind.good:<6g} "
              f"{'sick ' + numbers[1] if ill else '':<28} {seconds:4.1f} s", flush=True)
    print(f"{len(bad)} of {len(kinds)} kinds do not keep their promise: {', '.join(bad)}" if bad else
          f"all {len(kinds)} kinds keep their promise")
    if bad:
        sys.exit(1)


def judge(kinds, asked):
    """The table of verdicts."""
    from monitor_bank import judge, monitored, run

    totals = {True: collections.Counter(), False: collections.Counter()}
    for kind in kinds:
        line, said = [], ""
        for ill in (True, False) if kind.sick else (False,):
            watch = functools.partial(monitored, every=asked.every)
            outcomes = [run(kind, ill, seed, watch) for seed in asked.seeds]
            words = [judge.verdict(outcome) for outcome in outcomes]
            totals[ill].update(words)
            line.append(" ".join(f"{word} {count}" for word, count in collections.Counter(words).items()))
            for outcome, word in zip(outcomes, words):
                if asked.show:
                    print(f"\n=== {kind.name}, {'sick' if ill else 'sound'}, seed {outcome.seed}: {word}",
                          outcome.error, *outcome.reports, sep="\n")
                if word not in (judge.NAMED, judge.SILENT):
                    said = said or judge.headline(outcome)
        line = line if kind.sick else ["", *line]
        print(f"{kind.name:<42}{line[0]:<26}{line[1]:<20}{said[:90]}", flush=True)
    for ill, order in ((True, judge.SICK), (False, judge.HEALTHY)):
        runs = sum(totals[ill].values())
        lines = [f"  {word:<12}{totals[ill][word]:4d}" for word in order]
        print(f"\n{'sick' if ill else 'healthy'}: {runs} runs", *lines, sep="\n")


if __name__ == "__main__":
    main()
