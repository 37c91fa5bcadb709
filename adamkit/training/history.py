"""What happened in one training: a record for each step, and the evaluations beside them."""

import json
import math
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from adamkit.files import write_atomically

FORMAT, VERSION = "adamkit training history", 1
ENDINGS = ("finished", "stopped", "interrupted")


@dataclass(frozen=True, slots=True)
class Record:
    """One optimizer step. What was not measured is NaN.

    Attributes:
        step: number of this step, from 1.
        loss: mean loss of the step's batch, before the step.
        rate: learning rate that the step used (of the first parameter group), schedule and hand included.
        grad_norm: Euclidean norm of all gradients together, before clipping.
        update_ratio: ‖Δθ‖/‖θ‖ over all trained parameters together: the share of their size that they moved.
        examples_per_second: rows of the batch, over the time that the step took.
        tokens_per_second: targets of the batch (characters of a text, one a row elsewhere) over the same time.
        memory: bytes in use: the peak of the device's allocator (CUDA), the driver's total (MPS), or the resident
            memory of the process (CPU).
        seconds: time spent in steps so far, without pauses, evaluations and the writing of checkpoints.
    """

    step: int
    loss: float
    rate: float
    grad_norm: float = math.nan
    update_ratio: float = math.nan
    examples_per_second: float = math.nan
    tokens_per_second: float = math.nan
    memory: float = math.nan
    seconds: float = math.nan


FIELDS = tuple(field.name for field in fields(Record))


class History:
    """Records and evaluations of one training, in order.

    ``len(history)`` counts steps, ``history[-1]`` is the last `Record`, and each field of a record is an array of
    shape (steps,): ``history.loss``, ``history.rate``, ``history.grad_norm``, ….

    Attributes:
        evaluations: list of (step, {name: value}), step counted in steps done; see `evaluated`.
        ended: None while it runs; then "finished", "stopped" (by a `Control`) or "interrupted" (from the keyboard).
        settings: what the run was made with, as plain values by name: device, parameters, steps, seed, …
    """

    def __init__(self, records=(), evaluations=(), *, ended=None, settings=None):
        if ended is not None and ended not in ENDINGS:
            raise ValueError(f"ended={ended!r} is not one of None, {', '.join(map(repr, ENDINGS))}")
        self._columns = {name: [] for name in FIELDS}
        self.evaluations = [(int(step), dict(values)) for step, values in evaluations]
        self.ended = ended
        self.settings = dict(settings or {})
        for record in records:
            self.append(record)

    def append(self, record):
        """Add the record of the next step."""
        for name, value in zip(FIELDS, astuple(record), strict=True):
            self._columns[name].append(value)

    def evaluated(self, name):
        """(steps, values): two arrays, the steps after which ``name`` was evaluated, and what it was."""
        found = [(step, values[name]) for step, values in self.evaluations if name in values]
        if not found:
            known = sorted({key for _, values in self.evaluations for key in values})
            raise ValueError(f"name={name!r} was not evaluated; {known or 'nothing'} was")
        steps, values = zip(*found, strict=True)
        return np.array(steps), np.array(values, dtype=float)

    def __len__(self):
        return len(self._columns["step"])

    def __getitem__(self, index):
        """The `Record` at this place; a slice gives a list of them."""
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return Record(**{name: column[index] for name, column in self._columns.items()})

    def __getattr__(self, name):
        if name in FIELDS:
            return np.array(self._columns[name], dtype=int if name == "step" else float)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __repr__(self):
        last = f", loss {self._columns['loss'][-1]:.4g}" if len(self) else ""
        return f"<History: {len(self)} steps{last}, {self.ended or 'running'}>"

    def to_dict(self):
        """Everything as plain lists and numbers, for JSON; numbers that are not finite as "nan", "inf", "-inf"."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "ended": self.ended,
            "settings": self.settings,
            "records": {name: [_plain(value) for value in column] for name, column in self._columns.items()},
            "evaluations": [{"step": step, "values": {name: _plain(float(value)) for name, value in values.items()}}
                            for step, values in self.evaluations],
        }

    @classmethod
    def from_dict(cls, content):
        """The history that `to_dict` wrote; ValueError for anything else."""
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError("this is no training history of adamkit")
        if content.get("version") != VERSION:
            raise ValueError(f"this one has version {content.get('version')!r}; this adamkit reads version {VERSION}")
        try:
            columns = {name: content["records"][name] for name in FIELDS}
            rows = [Record(int(row[0]), *map(float, row[1:])) for row in zip(*columns.values(), strict=True)]
            evaluations = [(entry["step"], {name: float(value) for name, value in entry["values"].items()})
                           for entry in content["evaluations"]]
            return cls(rows, evaluations, ended=content["ended"], settings=content["settings"])
        except (KeyError, TypeError, AttributeError) as reason:
            raise ValueError(f"this training history is damaged: {reason!r}") from reason

    def save(self, path):
        """Write the history as JSON; the file is replaced whole or not at all. Returns the path."""
        path = Path(path)
        text = json.dumps(self.to_dict(), allow_nan=False)
        write_atomically(path, lambda file: file.write(text.encode()))
        return path

    @classmethod
    def load(cls, path):
        """Read what `save` wrote; ValueError, naming the file, if it is damaged or something else."""
        try:
            return cls.from_dict(json.loads(Path(path).read_text(encoding="utf-8")))
        except ValueError as reason:
            raise ValueError(f"{path}: {reason}") from reason


def _plain(value):
    return value if math.isfinite(value) else str(value)
