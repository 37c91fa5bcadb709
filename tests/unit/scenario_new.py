"""The sentences of `spectrum` and `scale`; see `test_scenario_sentences`."""

import numpy as np
from scenario_tools import height, moved

from adamkit.lessons.nb09.spectrum import best_run, singular_values
from adamkit.lessons.nb11.scale import SIZE, bills, runs, width_ratio
from adamkit.theory import memory, scaling

ALL = np.inf


def _ends(spectrum, **values):
    """Name → loss at the end, as a share of the first."""
    one = moved(spectrum, **values)
    return {name: height(line)[-1] for name, line in one._curves.items()}


def _run(spectrum, name, **values):
    now = moved(spectrum, **values).values
    steps = now["polynomial"] if name == "Muon" else 5
    return best_run(name, now["task"], now["angle"], now["decades"], steps)


def _span(spectrum, name, what="taken", **values):
    """Decades from the smallest to the largest singular value, in the step that is shown."""
    matrix = getattr(_run(spectrum, name, **values), what)[spectrum.values["step"] - 1]
    return -np.log10(singular_values(matrix)[-1])


def _lead(spectrum, name, **values):
    """Its loss at the end over the lowest of the others."""
    ends = _ends(spectrum, **values)
    return ends[name] / min(end for other, end in ends.items() if other != name)


def _entries(spectrum):
    """Relative spread of the sizes of the entries of Adam's step."""
    sizes = np.abs(_run(spectrum, "Adam").taken[spectrum.values["step"] - 1])
    return sizes.std() / sizes.mean()


SPECTRUM = {
    "Inputs turned": {
        "The gradient's singular values (grey) span decades": (lambda e: _span(e, "Muon", "gradients"), 2, ALL),
        "Muon's step (coloured) has all of them near one size": (lambda e: _span(e, "Muon"), 0, 0.5),
        "On the right it is far ahead": (lambda e: _lead(e, "Muon"), 0, 0.2),
        "Now press “Along the axes”": (lambda e: "Along the axes" in e.scenarios, 1, 1),
    },
    "Along the axes": {
        "each belongs to one coordinate of the input": (lambda e: e.values["angle"], 0, 0),
        "Adam has a rate for every entry, so it can follow, and ends lowest": (lambda e: _lead(e, "Adam"), 0, 0.99),
        "Turn the inputs slowly and see it lose that": (
            lambda e: _ends(e, angle=45)["Adam"] / _ends(e, angle=0)["Adam"], 2, ALL),
    },
    "Adam, turned": {
        "Adam's step has nearly the same size in every entry": (_entries, 0, 0.8),
        "its singular values still span a wide range": (lambda e: _span(e, "Adam"), 1, ALL),
        "Entries are not directions": None,
    },
    "Two steps of the polynomial": {
        "Only the strong directions have come near one": (lambda e: _span(e, "Muon"), 1, ALL),
        "the weak ones have caught up by a factor of ten or so": (
            lambda e: 10 ** (_span(e, "Muon", "gradients") - _span(e, "Muon")), 4, 25),
        "On this task that is enough: Muon keeps its lead": (lambda e: _lead(e, "Muon"), 0, 0.9),
        "Lower the number to one and raise it to ten": None,
    },
    "Every entry for itself": {
        "No input ties the entries of a column together": None,
        "Muon ends highest, and Adam lowest": (
            lambda e: [max(_ends(e), key=_ends(e).get), min(_ends(e), key=_ends(e).get)] == ["Muon", "Adam"], 1, 1),
    },
}  # fmt: skip


def _settings(scale, **values):
    """(tuned, scaled) runs."""
    return runs(moved(scale, **values).values)


def _ratio(scale, name, **values):
    """How many times as large a setting of the scaled run is."""
    tuned, new = _settings(scale, **values)
    return getattr(new, name) / getattr(tuned, name)


def _memory_in_tokens(scale, name):
    """Tokens that an average remembers, after over before."""
    tuned, new = _settings(scale)
    return new.batch / (1 - getattr(new, name)) / (tuned.batch / (1 - getattr(tuned, name)))


def _published(name):
    return next(run for run in scaling.PUBLISHED if run.name == name)


def _fitting(scale):
    """Stages of ZeRO at which a device holds its part."""
    return [stage for stage, total in zip(memory.STAGES, bills(scale.values), strict=True)
            if total <= scale.values["room"]]  # fmt: skip


SCALE = {
    "The tuned run": {
        "GPT-3's smallest model": (lambda e: SIZE, 0.124, 0.126),
        "nothing has changed yet": (lambda e: max(abs(_ratio(e, name) - 1) for name in (
            "lr", "batch", "tokens", "warmup", "weight_decay", "eps")), 0, 1e-9),
        "Move one slider": None,
    },
    "Four times the batch": {
        "η doubles, and does not quadruple": (lambda e: _ratio(e, "lr"), 1.99, 2.01),
        "Both betas forget sooner in steps, so as late in tokens": (
            lambda e: max(abs(_memory_in_tokens(e, name) - 1) for name in ("beta1", "beta2")), 0, 0.25),
        "Now choose SGD: η quadruples": (lambda e: _ratio(e, "lr", optimizer="SGD"), 3.99, 4.01),
    },
    "GPT-3's largest": {
        "The paper chose 6e-5": (lambda e: _published("GPT-3 175B").lr, 5.99e-5, 6.01e-5),
        "takes r = 11 from it and says 1.4e-4": (lambda e: width_ratio(e.values), 10.5, 11.5),
        "by the published widths r is 16": (
            lambda e: _published("GPT-3 175B").width / _published("GPT-3 125M").width, 15.9, 16.1),
        "the rule says 9.5e-5": (
            lambda e: _settings(e)[1].lr * width_ratio(e.values) / 16, 9.4e-5, 9.6e-5),
        "Expect it right to a factor of two or three": (
            lambda e: _settings(e)[1].lr / 6e-5, 2, 3),
        "only where the weights are spread too does a device hold its part": (
            lambda e: _fitting(e) == [list(memory.STAGES)[-1]], 1, 1),
    },
    "As DeepSeek's 67 B": {
        "They chose 3.2e-4": None,
        "The rule is two fifths above it": (lambda e: _settings(e)[1].lr / 3.2e-4, 1.35, 1.45),
        "their own fit, in the line below, meets it": (lambda e: scaling.deepseek(
            6 * e.values["billions"] * 1e9 * e.values["tokens"] * 1e9)[0] / 3.2e-4, 0.9, 1.1),
        "at 38 times the batch": (lambda e: _ratio(e, "batch"), 37.5, 38.5),
    },
    "Ten times the data": {
        "Beside the number of steps only λ moves, to a tenth": (lambda e: _ratio(e, "weight_decay"), 0.099, 0.101),
        "so that the weights go on averaging over the same share of the run": (
            lambda e: (_settings(e)[1].timescale / _settings(e)[1].steps)
            / (_settings(e)[0].timescale / _settings(e)[0].steps), 0.999, 1.001),
        "(Bergsma 2025)": None,
    },
}  # fmt: skip
TABLE = {"spectrum": SPECTRUM, "scale": SCALE}
