"""What training costs on this machine, in one JSON file: python -m adamkit.training.report --out mine.json

Two demos (a character transformer and a CNN, sized for the device) and the table of step costs, with the device, the
versions and the date; no name of the machine or of its user. Needs torch, NumPy and scikit-learn, no notebook.

    report.shipped()              # the reports that come with adamkit
    report.load("mine.json")      # yours
"""

import argparse
import contextlib
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

import torch

from adamkit import torch_optim
from adamkit.files import write_atomically
from adamkit.training import devices, presets, step_cost
from adamkit.training.loop import fit

FORMAT, VERSION = "adamkit training report", 1
FOLDER = Path(__file__).parent / "reports"
SIZES = (1_000_000, 10_000_000, 100_000_000)
#: An interpreted step in 8 bits is slow on a CPU: beyond this size it takes minutes and says nothing new.
LARGEST_8BIT_ON_CPU = 1_000_000
QUICK_STEPS = 20
#: How often the steps of each size are measured, all ways in turn, on new tensors.
ROUNDS = (7, 7, 2)


def make(device="auto", *, quick=False, note="", say=print):
    """Run demos and table on a device → the report, a dict of plain values.

    Args:
        device: as for `adamkit.training.devices.device`.
        quick: 20 steps of each demo, and one million parameters only.
        note: a remark that belongs to the figures, such as "two cores, shared with other work".
        say: called with a line now and then.
    """
    place = devices.device(device)
    report = {"format": FORMAT, "version": VERSION, **provenance(place), "note": note, "quick": quick, "demos": []}
    for preset in (presets.digits(place.type), presets.characters(place.type)):
        report["demos"].append(demo(preset, place, steps=QUICK_STEPS if quick else preset.steps))
        say(f"{preset.task.name}: {report['demos'][-1]['seconds']:.1f} s")
    limit = step_cost.bandwidth(place)
    report["bandwidth"] = limit
    say(f"memory bandwidth: {limit / 1e9:.1f} GB/s")
    report["steps"], report["skipped"] = [], []
    for parameters, rounds in ((SIZES[0], 1),) if quick else zip(SIZES, ROUNDS, strict=True):
        for line in _costs(report, parameters, rounds, place, limit):
            say(line)
    return report


def provenance(device):
    """Where and when: device, driver, threads, system, versions, date."""
    about = devices.describe(device)
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "device": {"kind": device.type, "name": about.name, "memory": None if about.memory != about.memory else
                   about.memory, "driver": _driver(device), "cuda": torch.version.cuda},
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count(),
                    "threads": torch.get_num_threads()},
        "versions": {"python": platform.python_version(), "torch": str(torch.__version__)},
    }


def demo(preset, device, *, steps):
    """Train a preset with AdamW and say what it took."""
    model = preset.task.fresh_model(seed=0)
    optimizer = torch_optim.AdamW(model.parameters(), lr=preset.lr, weight_decay=0.1)
    history = fit(model, preset.task, optimizer, device=device, seed=0, **{**preset.options, "steps": steps})
    late = slice(len(history) // 2, None)  # the first steps compile and warm up
    return {
        "name": preset.task.name,
        "parameters": history.settings["parameters"],
        "steps": steps,
        "batch_size": preset.batch_size,
        "amp": preset.amp,
        "compile": preset.compile,
        "seconds": float(history.seconds[-1]),
        "examples_per_second": statistics.median(history.examples_per_second[late]),
        "tokens_per_second": statistics.median(history.tokens_per_second[late]),
        "memory": _plain(float(history.memory.max())),
        "first_loss": _plain(float(history.loss[0])),
        "evaluation": {name: _plain(value) for name, value in history.evaluations[-1][1].items()},
    }


def load(path):
    """A report from a file; ValueError, naming the file, if it is something else."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as reason:
        raise ValueError(f"{path}: this report cannot be read: {reason}") from reason
    if not isinstance(content, dict) or content.get("format") != FORMAT or content.get("version") != VERSION:
        raise ValueError(f"{path}: this is no training report of version {VERSION}")
    return content


def save(report, path):
    """Write a report; the file is replaced whole or not at all."""
    text = json.dumps(report, indent=1, allow_nan=False, ensure_ascii=False) + "\n"
    write_atomically(path, lambda file: file.write(text.encode("utf-8")))


def shipped():
    """The reports that come with adamkit, by file name: {"cpu": report, …}."""
    return {path.stem: load(path) for path in sorted(FOLDER.glob("*.json"))}


def title(report):
    """One line on where a report comes from."""
    device, versions = report["device"], report["versions"]
    note = f"; {report['note']}" if report["note"] else ""
    return f"{device['name']}, torch {versions['torch']}, {report['date']}{note}"


def table(report):
    """The step costs as lines of text."""
    lines = [f"{'parameters':>12}  {'way':<28}{'ms':>10}{'fastest':>10}{'of the limit':>14}"]
    for row in report["steps"]:
        label = step_cost.WAYS[row["way"]].label
        lines.append(f"{row['parameters']:>12,}  {label:<28}{row['milliseconds']:>10.2f}{row['fastest']:>10.2f}"
                     f"{row['share']:>13.0%}")
    return "\n".join(lines)


def main(arguments=None):
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m adamkit.training.report", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="file to write the report to")
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:1, mps or cpu")
    parser.add_argument("--threads", type=int, help="threads that torch uses on the CPU")
    parser.add_argument("--note", default="", help="a remark that belongs to the figures")
    parser.add_argument("--quick", action="store_true", help="a few steps and one million parameters only")
    chosen = parser.parse_args(arguments)
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    try:
        place = devices.device(chosen.device)
    except ValueError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    report = make(place, quick=chosen.quick, note=chosen.note)
    print(f"\n{title(report)}\n{table(report)}")
    if chosen.out:
        save(report, chosen.out)
    return 0


def _costs(report, parameters, rounds, device, limit):
    """Measure every way at one size into the report; what cannot be measured is listed with its reason. A line on each.

    In turn, round after round: whatever else the machine does then slows all ways alike.
    """
    found = {way: [] for way in step_cost.WAYS}
    for _ in range(rounds):
        for way in list(found):
            try:
                found[way].append(_one_cost(way, parameters, device, limit))
            except (MemoryError, RuntimeError, ValueError) as reason:
                del found[way]
                yield _skip(report, way, parameters, str(reason).splitlines()[0][:200])
    for way, costs in found.items():
        cost = step_cost.median_of(costs)
        report["steps"].append(cost.to_dict())
        yield f"{_label(parameters, way)}: {cost.milliseconds:.2f} ms, {cost.share:.0%} of the limit"


def _one_cost(way, parameters, device, limit):
    if way == "8-bit" and device.type == "cpu" and parameters > LARGEST_8BIT_ON_CPU:
        raise ValueError("too slow to be of use on a CPU")
    try:
        return step_cost.measure(way, parameters=parameters, device=device, limit=limit)
    finally:
        if device.type == "cuda":
            torch.cuda.empty_cache()


def _label(parameters, way):
    return f"{parameters:,} parameters, {step_cost.WAYS[way].label}"


def _skip(report, way, parameters, reason):
    report["skipped"].append({"way": way, "parameters": parameters, "reason": reason})
    return f"{_label(parameters, way)}: skipped, {reason}"


def _driver(device):
    """Version of NVIDIA's driver, or None."""
    if device.type != "cuda":
        return None
    with contextlib.suppress(OSError, subprocess.SubprocessError, IndexError):
        command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
        return answer.stdout.split()[0]
    return None


def _plain(value):
    return value if value == value and abs(value) != float("inf") else None


if __name__ == "__main__":
    raise SystemExit(main())
