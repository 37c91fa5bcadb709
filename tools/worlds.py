"""Runs the notebooks' claims as other machines would, and says how near each is to failing.

    python tools/worlds.py [04 …]                     # every world; all notebooks, or those whose names start so
    python tools/worlds.py --worlds baseline random   # some worlds: names as `--list` shows them, or their beginnings

A *world* is an instruction set (environment variables for torch's ATen and oneDNN, MKL, OpenBLAS and NumPy, which all
choose their kernels at run time), a number of threads, and perhaps a disturbance: starting weights and the gradients of
surfaces are multiplied by 1 + 10⁻⁶ s, which is what another machine's rounding does, a little larger. `random` is a
disturbed world with a seed drawn now, and printed.

The table has a line for each claim, the nearest to failing first: by how many times the spread over the worlds its
bound is away from the nearest measured value. At least 1 is asked for (where there is a spread at all). The command
also fails where a claim fails, a cell fails, or the output of a marked cell is not the stored one. Claims that hold a
float to better than 10⁻⁵ are judged in undisturbed worlds only: a disturbance of 10⁻⁶ is no rounding to them.
"""

import argparse
import getpass
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from numpy._core import _multiarray_umath as numpy_build

ROOT = Path(__file__).resolve().parent.parent
KERNEL = ROOT / "tools" / "world_kernel.py"
SANITISE = ROOT / "tools" / "nbval_sanitise.cfg"
CELL_TIMEOUT = 1800  # seconds: a guard, ten times what the slowest cell needs on a slow machine
DISTURBED = 8
CHECKED = "nbval-check-output"

#: Numbers of NumPy's own, from the oldest to the newest; what it was built for beyond a level is switched off.
NUMPY_LEVELS = {"baseline": r"X86_V[34]|AVX|FMA", "avx2": r"X86_V4|AVX512", "native": "$^"}
LIBRARIES = {
    "baseline": {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
                 "MKL_CBWR": "COMPATIBLE", "OPENBLAS_CORETYPE": "Nehalem"},
    "avx2": {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2",
             "OPENBLAS_CORETYPE": "Haswell"},
    "native": {},
}


@dataclass(frozen=True, eq=False)
class World:
    """A name, the environment variables that make it, and the seed of its disturbance (None for none)."""

    name: str
    variables: dict = field(default_factory=dict)
    seed: int | None = None


def instruction_sets():
    """Those that this processor can play, the plainest first: baseline and AVX2 below what it has itself."""
    has = numpy_build.__cpu_features__
    if not has.get("SSE42"):  # no x86: its libraries have one set of kernels each
        return ["native"]
    return ["baseline"] + ["avx2"] * bool(has.get("AVX512F")) + ["native"]


def variables(level, threads):
    """The environment of an instruction set and a number of threads."""
    switched_off = [name for name in numpy_build.__cpu_dispatch__ if re.search(NUMPY_LEVELS[level], name)]
    off = {"NPY_DISABLE_CPU_FEATURES": " ".join(switched_off)} if switched_off else {}
    return {**LIBRARIES[level], **off, "OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads),
            "OPENBLAS_NUM_THREADS": str(threads)}


def all_worlds():
    """Instruction sets times threads, then the disturbed ones."""
    plain = [World(f"{level}-{threads}", variables(level, threads))
             for level in instruction_sets() for threads in (1, 2)]
    return plain + [disturbed_world(seed) for seed in range(1, DISTURBED + 1)]


def disturbed_world(seed):
    """This machine's kernels in one thread, with rounding disturbed."""
    return World(f"disturbed-{seed}", variables("native", 1), seed)


def chosen_worlds(names):
    """Worlds whose names begin with one of ``names``; a disturbed one may have any seed, and "random" draws one."""
    worlds = all_worlds() if not names else [world for world in all_worlds() if world.name.startswith(tuple(names))]
    seeds = [int(name.removeprefix("disturbed-")) for name in names if re.fullmatch(r"disturbed-\d+", name)]
    seeds += [random.SystemRandom().randrange(1000, 1_000_000) for name in names if name == "random"]
    worlds += [disturbed_world(seed) for seed in seeds if seed not in {world.seed for world in worlds}]
    if not worlds:
        sys.exit(f"--worlds {' '.join(names)}: there are {', '.join(world.name for world in all_worlds())}, random")
    return worlds


def kernel_environment(world, home):
    """What a kernel of that world is started with; ``home`` is an empty folder for its store and start-up file."""
    startup = Path(home) / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    shutil.copy(KERNEL, startup / "00_world.py")
    seed = {} if world.seed is None else {"ADAMKIT_WORLD_SEED": str(world.seed)}
    # Inductor's store does not tell one instruction set's kernels from another's.
    chosen = world.variables.get("ATEN_CPU_CAPABILITY")
    folder = f"{tempfile.gettempdir()}/inductor-{getpass.getuser()}-{chosen}"
    own = {"TORCHINDUCTOR_CACHE_DIR": folder} if chosen else {}
    return {**world.variables, **seed, **own, "ADAMKIT_HOME": str(Path(home) / "store"), "PYTHONHASHSEED": "0",
            "IPYTHONDIR": str(home)}


def run(world, path):
    """One notebook in one world: {"claims": rows, "problems": sentences, "seconds": …}."""
    book, stored = nbformat.read(path, as_version=4), nbformat.read(path, as_version=4)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="adamkit-world-", ignore_cleanup_errors=True) as home:
        records = Path(home) / "claims.jsonl"
        environment = {**os.environ, **kernel_environment(world, home), "ADAMKIT_WORLD_RECORDS": str(records)}
        environment.pop("MPLBACKEND", None)
        client = NotebookClient(book, timeout=CELL_TIMEOUT, kernel_name="python3", allow_errors=True,
                                store_widget_state=False, resources={"metadata": {"path": str(path.parent)}},
                                extra_arguments=["--log-level=ERROR"])
        client.execute(env=environment)
        text = records.read_text(encoding="utf-8") if records.exists() else ""
        rows = [json.loads(line) for line in text.splitlines()]
    return {"claims": numbered(rows), "problems": problems(book, stored), "seconds": time.monotonic() - start}


def numbered(rows):
    """Rows with a place in their notebook: the sentence, and which time it is said."""
    seen = {}
    for row in rows:
        row["time"] = seen[row["sentence"]] = seen.get(row["sentence"], 0) + 1
    return rows


def problems(book, stored):
    """Cells that raised, and marked cells whose output is not the stored one."""
    found, number = [], 0
    for cell, before in zip(book.cells, stored.cells, strict=True):
        if cell.cell_type != "code":
            continue
        number += 1
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if errors:
            found.append(f"cell [{number}] raised {errors[0].ename}: {errors[0].evalue[:200]}")
        elif CHECKED in cell.metadata.get("tags", []):
            now, then = printed(cell), printed(before)
            if now != then and "✗" not in now:
                one, other = next(((a, b) for a, b in zip(then + [""], now + [""]) if a != b), (then[-1:], now[-1:]))
                found.append(f"cell [{number}] printed {other!r} where {one!r} is stored")
    return found


def printed(cell):
    """Lines of text that a cell put out, with what differs between machines left out."""
    texts = (output.text if output.output_type == "stream" else output.get("data", {}).get("text/plain", "") + "\n"
             for output in cell.outputs)
    text = "".join(texts)
    for pattern, replacement in sanitisers():
        text = re.sub(pattern, replacement, text)
    return text.splitlines()


def sanitisers():
    """nbval's own (pattern, replacement) pairs, from the file that it is given too."""
    lines = SANITISE.read_text(encoding="utf-8").splitlines()
    patterns, replacements = ([line.removeprefix(key) for line in lines if line.startswith(key)]
                              for key in ("regex: ", "replace: "))
    return list(zip(patterns, replacements, strict=True))


def gather(results):
    """One row a claim over all worlds: range, bound, distance in units of the spread, the worlds where it failed."""
    claims = {}
    for (world, book), result in results.items():
        for row in result["claims"]:
            claims.setdefault((book, row["sentence"], row["time"]), []).append((world, row))
    return sorted((summary(key, rows) for key, rows in claims.items()), key=lambda row: row["distance"])


def summary(key, rows):
    """What the table says of one claim."""
    judged = [(world, row) for world, row in rows if world.seed is None or row.get("whole") or not row["exact"]]
    judged = judged or rows[:1]
    failed = [world.name for world, row in judged if not row["held"]]
    first = rows[0][1]
    low, high = ([row[side] for _, row in judged] for side in ("low", "high"))
    distance = float("inf")
    if not first["exact"] and not isinstance(first["low"], str) and not failed:
        spread = max(max(low) - min(low), max(high) - min(high))
        nearest = min(min(row.get(side, float("inf")) for side in ("above", "below")) for _, row in judged)
        rounding = 1e-9 * max(1e-300, *map(abs, low), *map(abs, high))
        distance = nearest / spread if spread > rounding else float("inf")
    return {"book": key[0], "sentence": key[1], "time": key[2], "wanted": first["wanted"], "failed": failed,
            "low": min(low), "high": max(high), "distance": -1.0 if failed else distance, "worlds": len(judged)}


def table(rows, most):
    """The nearest to failing, one line each."""
    lines = ["  spreads to bound | notebook | measured, all worlds | wanted | claim"]
    for row in rows[:most]:
        away = "FAILED" if row["failed"] else f"{row['distance']:.2f}"
        span = row["low"] if isinstance(row["low"], str) else f"{row['low']:.4g} … {row['high']:.4g}"
        where = f"  [{', '.join(row['failed'])}]" if row["failed"] else ""
        lines.append(f"  {away:>7} | {row['book']} | {span} | {row['wanted'][:60]} | {row['sentence']}{where}")
    return "\n".join(lines)


def main(arguments):
    """Run, print the table, return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", help="beginnings of names, such as 04")
    parser.add_argument("--worlds", nargs="*", default=[], help="names of worlds or their beginnings; random")
    parser.add_argument("--list", action="store_true", help="print the worlds and stop")
    parser.add_argument("--most", type=int, default=20, help="lines of the table")
    parser.add_argument("--jobs", type=int, default=2, help="notebooks at a time")
    parser.add_argument("--json", help="write every claim's row to this file")
    chosen = parser.parse_args(arguments)
    worlds = chosen_worlds(chosen.worlds)
    if chosen.list:
        for world in worlds:
            print(f"{world.name}:", *(f"{name}={value!r}" for name, value in world.variables.items()))
        return 0
    books = [path for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
             if not chosen.notebooks or path.stem.startswith(tuple(chosen.notebooks))]
    if not books:
        sys.exit(f"No notebook starts with {' or '.join(chosen.notebooks)}.")
    results = run_all(worlds, books, chosen.jobs)
    rows = gather(results)
    if chosen.json:
        Path(chosen.json).write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
    return report(rows, results, chosen.most)


def run_all(worlds, books, jobs):
    """{(world, notebook): result}, printing a line as each notebook ends."""
    results = {}
    with ProcessPoolExecutor(jobs) as pool:
        tasks = {(world, path): pool.submit(run, world, path) for path in books for world in worlds}
        for (world, path), task in tasks.items():
            result = results[world, path.stem[:2]] = task.result()
            lost = [row["sentence"] for row in result["claims"] if not row["held"]]
            print(f"{path.stem[:2]} in {world.name}: {len(result['claims'])} claims, {len(lost)} do not hold, "
                  f"{len(result['problems'])} problems, {result['seconds']:.0f} s", flush=True)
    return results


def report(rows, results, most):
    """Print the table and the problems; return the exit status."""
    wrong = [f"{book} in {world.name}: {problem}"
             for (world, book), result in results.items() for problem in result["problems"]]
    several = len({world for world, _ in results}) > 2
    near = [row for row in rows if row["failed"] or (several and row["distance"] < 1)]
    print("\n" + table(rows, max(most, len(near))))
    if wrong:
        print("\n" + "\n".join(wrong))
    failed = sum(bool(row["failed"]) for row in rows)
    print(f"\n{len(rows)} claims in {len({world for world, _ in results})} worlds: {failed} failed, "
          f"{len(near) - failed} nearer to their bound than their spread, {len(wrong)} other problems.")
    return 1 if near or wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
