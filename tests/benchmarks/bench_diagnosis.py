"""What the report says of the clinic's runs, sick and healthy: the confusion table, over seeds not used to write it.

    python tests/benchmarks/bench_diagnosis.py --seeds 100-109

A row a case, what was named and how often. "diagnosed" counts runs whose findings are exactly the case's disease, or
none for a healthy case. Takes some twenty seconds a seed on one processor.
"""

import argparse
import collections
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def main():
    """Train every case at every seed, examine, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="100-104", help="first-last")
    first, last = map(int, parser.parse_args().seeds.split("-"))
    from adamkit.diagnostics import examine
    from adamkit.lessons.nb12 import clinic

    start, right, runs, notes = time.time(), 0, 0, []
    print(f"{'case':<24}{'disease':<22}{'diagnosed':>10}   named")
    for name, case in {**clinic.CASES, **clinic.HEALTHY}.items():
        named, finite = collections.Counter(), 0
        for seed in range(first, last + 1):
            readings = case.run(seed=seed).readings
            named[" + ".join(examine(readings).diseases) or "nothing"] += 1
            finite += case.disease == "non_finite" and not readings.events
        hits = named[case.disease or "nothing"]
        right, runs = right + hits, runs + last - first + 1
        notes += [f"{name}: {finite} of these runs never held a NaN or an infinity."] if finite else []
        what = ", ".join(f"{word} {count}×" for word, count in named.most_common())
        print(f"{name:<24}{case.disease or 'healthy':<22}{f'{hits}/{last - first + 1}':>10}   {what}", flush=True)
    print("", *notes, sep="\n")
    print(f"\n{right} of {runs} runs diagnosed, seeds {first} to {last}, {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
