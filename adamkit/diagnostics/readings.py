"""What was measured during a training: arrays by name, one row a step of the optimizer."""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

#: Numbers that JSON does not have, as it has them here.
SPELLED = ("nan", "inf", "-inf")
#: One number a step.
PER_STEP = {
    "step": "step of the optimizer, from 1",
    "loss": "training loss, the mean of what was observed for this step; NaN where none was",
    "validation": "validation loss, NaN at steps where none was observed",
    "rate": "learning rate η of the first parameter group, as this step used it",
    "batch": "number of the batch (place in its epoch, shard, file …), NaN if none was given",
    "clipped": "share of the gradient that clipping took away, from 0 to 1; NaN where nobody clips",
}
#: One number a step and layer.
PER_LAYER = {
    "gradient_norm": "‖g‖, before clipping",
    "parameter_norm": "‖θ‖ after the step",
    "update_ratio": "‖Δθ‖/‖θ‖: how far the step went, measured against the weights before it",
    "rate_low": "smallest effective rate η/(√v̂ + ε) in the layer, bias correction included; η where there is no v",
    "rate_high": "largest effective rate in the layer",
    "surprise": "root mean square of g/√v̂, about 1 when v knows the gradient; far above 1 when v lags behind g²",
}


@dataclass(eq=False)
class Readings:
    """Arrays by name; see `PER_STEP` and `PER_LAYER` for what they hold.

    Attributes:
        layers: names of the layers: modules that own parameters.
        step, loss, validation, rate, batch, clipped: shape (steps,).
        gradient_norm, parameter_norm, update_ratio, rate_low, rate_high, surprise: shape (steps, layers); NaN where
            the step was not measured (``every`` > 1) or the optimizer keeps no such state.
        events: what was not finite, as dicts with "step", "where" ("loss", "gradient" or "parameter"), "name" of
            the parameter (None for the loss) and "kind" ("nan" or "inf").
        about: facts that hold for the whole run: "optimizer", its "hypers", "every", the layers that hold "matrices",
            the parameters that are "frozen" and those that were "left_out" of the optimizer, and the loss
            "validation_before" the first step, or None.

    ``readings["loss"]`` is ``readings.loss``; ``dict(readings)`` holds all arrays.
    """

    layers: list[str]
    step: np.ndarray
    loss: np.ndarray
    validation: np.ndarray
    rate: np.ndarray
    batch: np.ndarray
    clipped: np.ndarray
    gradient_norm: np.ndarray
    parameter_norm: np.ndarray
    update_ratio: np.ndarray
    rate_low: np.ndarray
    rate_high: np.ndarray
    surprise: np.ndarray
    events: list[dict] = field(default_factory=list)
    about: dict = field(default_factory=dict)

    def __post_init__(self):
        self.layers = [str(name) for name in self.layers]
        self.step = np.asarray(self.step, dtype=np.int64)
        for names, shape in ((PER_STEP, (len(self),)), (PER_LAYER, (len(self), len(self.layers)))):
            for name in names:
                value = np.asarray(getattr(self, name), dtype=np.int64 if name == "step" else np.float64)
                if value.shape != shape:
                    raise ValueError(f"{name} has shape {value.shape}; {len(self)} steps and {len(self.layers)} "
                                     f"layers make it {shape}")
                setattr(self, name, value)

    @classmethod
    def of(cls, loss, *, layers=(), **arrays):
        """Readings of a run that was recorded by other means: what is not given is NaN.

        Args:
            loss: training losses, shape (steps,).
            layers: names, if there are arrays by layer.
            **arrays: any of the arrays by name, and ``events`` and ``about``. ``step`` counts from 1 by default.
        """
        unknown = set(arrays) - {*PER_STEP, *PER_LAYER, "events", "about"}
        if unknown:
            raise ValueError(f"{sorted(unknown)} are no readings; there are {[*PER_STEP, *PER_LAYER]}")
        steps = len(loss)
        empty = {"step": np.arange(1, steps + 1)}
        empty |= {name: np.full(steps, np.nan) for name in PER_STEP if name not in ("step", "loss")}
        empty |= {name: np.full((steps, len(layers)), np.nan) for name in PER_LAYER}
        return cls(layers=list(layers), loss=loss, **{**empty, **arrays})

    def __len__(self):
        return len(self.step)

    def keys(self):
        """Names of the arrays."""
        return [*PER_STEP, *PER_LAYER]

    def __getitem__(self, name):
        if name not in PER_STEP and name not in PER_LAYER:
            raise KeyError(f"{name!r} is no reading; there are {self.keys()}")
        return getattr(self, name)

    def columns(self):
        """Flat columns by name, each of shape (steps,): ``loss``, …, then ``gradient_norm/blocks.0.mlp.0``, …"""
        flat = {name: self[name] for name in PER_STEP}
        for name in PER_LAYER:
            flat |= {f"{name}/{layer}": self[name][:, index] for index, layer in enumerate(self.layers)}
        return flat

    def to_pandas(self):
        """A pandas DataFrame of `columns`, indexed by step.

        Raises:
            ImportError: pandas is not installed; `columns` and `to_csv` need nothing but NumPy.
        """
        try:
            import pandas
        except ImportError as missing:
            raise ImportError("to_pandas() needs pandas, which is not installed: pip install pandas") from missing
        return pandas.DataFrame(self.columns()).set_index("step")

    def to_csv(self, path):
        """Write `columns` as a table, NaN as an empty field; returns the path."""
        columns = self.columns()
        with Path(path).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for row in zip(*(column.tolist() for column in columns.values())):
                writer.writerow("" if value != value else repr(value) for value in row)
        return Path(path)

    def to_tensorboard(self, to):
        """Write every finite number of `columns` as a scalar, under its column's name, at its step.

        Args:
            to: a folder for the event file, or a writer that is open: anything with ``add_scalar(tag, value, step)``.

        Raises:
            ImportError: ``to`` is a folder, and tensorboard is not installed.
        """
        own = not hasattr(to, "add_scalar")
        writer = _summary_writer(to) if own else to
        for name, values in self.columns().items():
            if name != "step":
                for place in np.flatnonzero(np.isfinite(values)):
                    writer.add_scalar(name, float(values[place]), int(self.step[place]))
        if own:
            writer.close()

    def to_json(self, path):
        """Write everything as one JSON object that `load` reads back; NaN and infinity become null and strings."""
        arrays = {name: _plain(self[name].tolist()) for name in self.keys()}
        document = {"layers": self.layers, **arrays, "events": self.events, "about": _spelled(self.about)}
        Path(path).write_text(json.dumps(document, allow_nan=False, ensure_ascii=False), encoding="utf-8")
        return Path(path)

    def save(self, path):
        """Write everything as a compressed .npz, which is smaller and faster than JSON; returns the path."""
        path = Path(path)
        extra = json.dumps({"layers": self.layers, "events": self.events, "about": self.about})
        with path.open("wb") as file:
            np.savez_compressed(file, extra=np.array(extra), **dict(self))
        return path

    @classmethod
    def load(cls, path):
        """Read what `save` or `to_json` wrote."""
        path = Path(path)
        if path.suffix == ".json":
            document = json.loads(path.read_text(encoding="utf-8"))
            document["about"] = _read(document["about"])
            arrays = {name: np.array(_numbers(document.pop(name)), dtype=float) for name in [*PER_STEP, *PER_LAYER]}
            if not len(arrays["step"]):
                arrays |= {name: np.empty((0, len(document["layers"]))) for name in PER_LAYER}
            return cls(**document, **arrays)
        with np.load(path, allow_pickle=False) as stored:
            extra = json.loads(str(stored["extra"]))
            return cls(**extra, **{name: stored[name] for name in [*PER_STEP, *PER_LAYER]})

    def __repr__(self):
        return f"<Readings: {len(self)} steps, {len(self.layers)} layers, {len(self.events)} events>"


def _summary_writer(folder):
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as missing:
        raise ImportError("to_tensorboard(folder) needs tensorboard, which is not installed: pip install tensorboard; "
                          "or give it a writer with add_scalar(tag, value, step)") from missing
    return SummaryWriter(str(folder))


def _spelled(value):
    """Nested dicts and lists with numbers that JSON does not have as words; None stays what it is."""
    if isinstance(value, dict):
        return {name: _spelled(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled(part) for part in value]
    return repr(value) if isinstance(value, float) and repr(value) in SPELLED else value


def _read(value):
    """What `_spelled` wrote."""
    if isinstance(value, dict):
        return {name: _read(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_read(part) for part in value]
    return float(value) if isinstance(value, str) and value in SPELLED else value


def _plain(value):
    """Nested lists with NaN as None and infinities as strings: JSON has no such numbers."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if value != value:
        return None
    return value if value not in (float("inf"), float("-inf")) else repr(value)


def _numbers(value):
    if isinstance(value, list):
        return [_numbers(part) for part in value]
    return float("nan") if value is None else float(value)
