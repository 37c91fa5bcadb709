"""Train every case of the clinic under every treatment and write adamkit/lessons/nb12/clinic/records.npz.

    python tools/record_clinic.py                # everything; about eight minutes of one core
    python tools/record_clinic.py plateau flat   # these cases anew, the rest as the file has it
    python tools/record_clinic.py --words        # the sentences anew, such as why a treatment helps; trains nothing
"""

import argparse
import datetime
import io
import json
import os
import platform
import zipfile

import clinic_slots
import numpy as np
import torch

from adamkit.lessons.nb12 import clinic
from adamkit.lessons.nb12.clinic import records, verdicts

FIGURES = (0, 1, 2)  # seeds


def main():
    """Measure, then write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", help="names; all by default")
    parser.add_argument("--words", action="store_true", help="the sentences alone, of all cases")
    given = parser.parse_args()
    known = {**clinic.CASES, **clinic.HEALTHY}
    old = records.load() if given.cases or given.words else records.Records({}, {}, {})
    cases, arrays = dict(old.cases), dict(old.arrays)
    if given.words:
        cases = {name: {**cases[name], **words(case, treated(case))} for name, case in known.items()}
        write(records.FILE, {"extra": np.array(json.dumps({"about": old.about, "cases": cases}, ensure_ascii=False)),
                             **arrays})
        return
    for name in given.cases or known:
        arrays = {key: value for key, value in arrays.items() if key.split("/")[1] != name}
        cases[name], mine = measured(clinic.case(name))
        arrays |= mine
        print(name, cases[name]["figures"][""], flush=True)
    extra = {"about": provenance(), "cases": {name: cases[name] for name in known}}
    write(records.FILE, {"extra": np.array(json.dumps(extra, ensure_ascii=False)), **arrays})


def measured(case):
    """(facts, arrays) of a case under all of its treatments."""
    treatments, places = treated(case)
    figures, arrays = {}, {}
    for name in ("", *treatments):
        plan = case.plan.changed(**treatments[name].changes) if name else case.plan
        runs = [case.follow(plan, seed) for seed in FIGURES]
        figures[name] = [number(case.measure(run)) for run in runs]
        for run in runs[: len(records.SEEDS)]:
            key = f"{case.name}/{name}/{run.seed}"
            arrays[f"curves/{key}"], arrays[f"validation/{key}"] = curves(run), validation(run)
    return words(case, (treatments, places)) | {"figures": figures}, arrays


def treated(case):
    """(name → `Treatment`, slot → name) of a case: its own treatments, and general ones for the slots left empty."""
    treatments, places = dict(case.treatments), {}
    for slot in verdicts.SLOTS:
        places[slot] = clinic_slots.own(case, slot)
        if places[slot] is None and (other := clinic_slots.general(case.plan, slot)):
            places[slot] = f"general: {slot}"
            treatments[places[slot]] = other
    return treatments, places


def words(case, given):
    """What the file says of a case besides figures."""
    treatments, places = given
    return {"disease": case.disease, "story": case.story, "measured": case.measured, "good": number(case.good),
            "slots": places, "treatments": {
                name: {"text": t.text, "why": t.why, "helps": t.helps} for name, t in treatments.items()}}


def curves(run):
    """Logarithms of `records.CURVES`, (5, steps), to three digits or so."""
    readings = run.readings
    gradient = np.sqrt((readings["gradient_norm"] ** 2).sum(axis=1))
    moved = readings["update_ratio"]
    rows = np.stack([run.losses, gradient, moved.min(axis=1), moved.max(axis=1), readings["rate"]])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log10(rows).astype(np.float16)


def validation(run):
    """Steps and losses, (2, k)."""
    return np.stack([run.validation_steps, run.validation]).astype(np.float32)


def number(value):
    """Five digits; None for what JSON cannot hold."""
    return float(f"{value:.5g}") if np.isfinite(value) else None


def provenance():
    """When, with what, on what kind of machine."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, one thread"
    return {"date": datetime.date.today().isoformat(), "python": platform.python_version(), "numpy": np.__version__,
            "torch": torch.__version__.partition("+")[0], "machine": machine, "seeds": list(FIGURES),
            "made by": "tools/record_clinic.py"}


def write(path, arrays):
    """As np.savez_compressed, with a fixed date inside, so that the same content is the same file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asarray(value), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(),
                             compress_type=zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
