"""The sentences of `adviser`, `mystery`, `quantiser` and `memory`; see `test_scenario_sentences`."""

import numpy as np
from scenario_tools import moved

from adamkit.lessons.nb07.advice import QUESTIONS
from adamkit.lessons.nb09.quantiser import TABLES, staircase, tensor, there_and_back
from adamkit.lessons.nb10.memory import ROWS, SPREADS, count
from adamkit.lessons.nb12.clinic import records
from adamkit.lessons.nb12.mystery import patient

ALL = np.inf


def _advice(adviser, **values):
    return moved(adviser, **values).advice


def _changes(adviser):
    """(answers that change the choice, answers that change only the numbers), one answer changed at a time."""
    now, values = adviser.advice, adviser.values
    others = [moved(adviser, **values | {name: answer}).advice
              for name, question in QUESTIONS.items() for answer in question.answers if answer != values[name]]
    return sum(one.choice != now.choice for one in others), sum(one.choice == now.choice for one in others)


def _evidence(adviser):
    """What the reasons and their rows say, and what comes next."""
    advice = adviser.advice
    return " ".join([*(f"{reason.text} {reason.row}: {reason.evidence}" for reason in advice.reasons), advice.then])


ADVISER = {
    "A transformer from scratch": {
        "The firmest advice there is here": (lambda e: e.advice.confidence == "firm", 1, 1),
        "Read which experiment each reason stands on": (
            lambda e: min(len(reason.evidence) for reason in e.advice.reasons), 20, ALL),
        "which of them change the choice, and which only its numbers?": (lambda e: min(_changes(e)), 1, ALL),
    },
    "ResNet on images": {
        "SGD, but only “fair”": (lambda e: ("SGD" in e.advice.choice, e.advice.confidence) == (True, "fair"), 1, 1),
        "our digits and the published recipes say tie": (lambda e: "tie" in _evidence(e).lower(), 1, 1),
        "Now cut the tuning to one or two runs": (lambda e: "SGD" in _advice(e, runs="one").choice, 0, 0),
    },
    "Fine-tune on one small GPU": {
        "Memory decides before anything else": (lambda e: e.advice.reasons[0].row == "memory", 1, 1),
        "Give it memory again: all weights train": (lambda e: "LoRA" in _advice(e, memory="enough").choice, 0, 0),
        "at a tenth of the rate": (lambda e: _rate(_advice(e, memory="enough")) / _rate(_advice(e, memory="tight")),
                                   0.09, 0.2),
    },
    "Recommender with huge tables": {
        "Two kinds of parameters, two optimizers": (
            lambda e: sum(name in e.advice.choice for name in ("AdaGrad", "AdamW")), 2, 2),
        "The row on sparsity says how small our measured gain was": (
            lambda e: any(reason.row == "sparsity" for reason in e.advice.reasons), 1, 1),
    },
    "An LSTM, well tuned": {
        "With fifty runs, what to try next is SGD": (lambda e: e.advice.then.startswith("SGD"), 1, 1),
        "ended a little lower than AdamW": (lambda e: "lower" in _evidence(e), 1, 1),
    },
}  # fmt: skip


def _rate(advice):
    """The first rate of the configuration."""
    return float(advice.code.partition("lr=")[2].split(",")[0].split(")")[0])


def _facts(mystery):
    name, _ = patient(mystery.values["patient"])
    return records.load().cases[name]


MYSTERY = {
    "First patient": {
        "Read the four panels before you name anything": (lambda e: len(e.figure.axes), 4, 4),
        "Then choose a diagnosis": None,
    },
    "A treated run": {
        "The treated run is drawn over the other one": (
            lambda e: len(e._board._lines["treated"]["loss"].get_xdata()), 50, ALL),
        "Try all eight treatments before you name the disease": (
            lambda e: len(e.controls["treatment"].options) - 1, 8, 8),
    },
    "Sick, or not?": {
        "Not everybody here is sick": (
            lambda e: sum(not _facts(moved(e, patient=number))["disease"] for number in range(1, 61)), 1, 40),
        "“Healthy” is a diagnosis too": (lambda e: "healthy" in e.controls["diagnosis"].options, 1, 1),
    },
}  # fmt: skip


def _found(quantiser, **values):
    """What became of the numbers, a `Found`."""
    now = moved(quantiser, **values).values
    x = tensor(now["moment"], now["spread"], now["outlier"])
    return there_and_back(x, TABLES[now["table"]](signed=now["signed"]), now["block"])


def _smallest(quantiser):
    """The largest size, in shares of the largest of its block, that becomes 0."""
    found = _found(quantiser)
    return found.sizes[0][found.lost].max()


def _stairs(quantiser):
    """Decades over which what comes back is within a fifth of what went in, at the middle of each stair."""
    sizes, back = staircase(TABLES[quantiser.values["table"]](signed=quantiser.values["signed"]))
    middles = (sizes[::2] + sizes[1::2]) / 2
    good = middles[np.abs(np.log(back[::2] / middles)) < 0.5]
    return np.log10(good.max() / good.min())


def _decades(moment):
    """Width of the middle nine tenths of the sizes, in decades."""
    low, high = np.quantile(np.abs(tensor(moment, 1.5, 1)), (0.05, 0.95))
    return np.log10(high / low)


QUANTISER = {
    "As 8-bit Adam does it": {
        "v, a dynamic table without signs, blocks of 256": (lambda e: e.values["block"], 256, 256),
        "The staircase follows the diagonal over seven decades": (_stairs, 6, 8),
        "half of the numbers come back within six percent": (lambda e: _found(e).median, 0, 0.06),
        "few are lost": (lambda e: _found(e).lost.mean(), 0, 0.1),
        "Now press “A linear table”": (lambda e: "A linear table" in e.scenarios, 1, 1),
    },
    "A linear table": {
        "whatever is below a five-hundredth of the largest in its block becomes 0": (
            lambda e: _smallest(e) * 500, 0.9, 1.1),
        "For v that is most of the numbers": (lambda e: _found(e).lost.mean(), 0.5, 1),
    },
    "An outlier, one scale": {
        "One number is a thousand times larger than all others": (lambda e: np.divide(
            *np.sort(np.abs(tensor("v", 1.5, 1e3)))[[-1, -2]]), 900, 1100),
        "and all 16 384 are measured by it": (lambda e: e.values["block"], 16_384, 16_384),
        "the outlier then spoils only its own neighbours": (
            lambda e: _found(e, block=256).lost.sum() - _found(e, block=256, outlier=1.0).lost.sum(), 1, 256),
    },
    "m with its signs": {
        "each side has half of the values": (
            lambda e: np.mean(np.array(TABLES["dynamic"](signed=True).values) < 0), 0.45, 0.5),
        "spans half as many decades": (lambda e: _decades("m") / _decades("v"), 0.49, 0.51),
        "so its errors are smaller all the same": (
            lambda e: _found(e).median / _found(e, moment="v", signed=False).median, 0, 0.8),
        "Switch “signed” off: every negative number becomes 0": (
            lambda e: _found(e, signed=False).lost.mean(), 0.49, 0.51),
    },
}  # fmt: skip


def _count(memory, row="AdamW", **values):
    return count(row, moved(memory, **values).values)


def _spread(memory):
    """Largest over smallest bar."""
    totals = [_count(memory, row).total for row in ROWS]
    return max(totals) / min(totals)


MEMORY = {
    "7 B with AdamW": {
        "Sixteen bytes a parameter": (lambda e: _count(e).total / 7e9, 15.999, 16.001),
        "only two of them are the weights in use": (lambda e: _count(e).weights / 7e9, 2, 2),
        "The state alone is four times as large as the weights": (
            lambda e: _count(e).state / _count(e).weights, 3.999, 4.001),
        "No single GPU of 80 GB holds this, however small the batch": (lambda e: _count(e).total / 80e9, 1.01, ALL),
    },
    "The same with LoRA": {
        "The weights stay where they are": (lambda e: _count(e).weights / _count(e, rank=0).weights, 1, 1.01),
        "gradients, copy and state shrink to slivers": (
            lambda e: (_count(e).gradients + _count(e).master + _count(e).state) / _count(e).total, 0, 0.05),
        "only thin matrices are trained": (lambda e: _count(e).trained / 7e9, 0, 0.01),
        "Now all five bars are alike": (_spread, 1, 1.03),
    },
    "8-bit state": {
        "Compare the third bar with the first": (lambda e: list(ROWS).index("Adam8bit"), 2, 2),
        "Two bytes replace eight": (lambda e: _count(e, "Adam8bit").state / _count(e).state, 0.25, 0.26),
        "not three quarters but under two fifths": (
            lambda e: 1 - _count(e, "Adam8bit").total / _count(e).total, 0.3, 0.4),
    },
    "Autocast": {
        "Switch between float32 and autocast": None,
        "Gradients and state do not change by a byte": (lambda e: abs(
            _count(e).gradients + _count(e).state - _count(e, precision="fp32").gradients
            - _count(e, precision="fp32").state), 0, 0),
        "the weights grow by their casts": (
            lambda e: _count(e, precision="autocast").weights / _count(e, precision="fp32").weights, 1.4, 1.6),
        "The activations shrink by three eighths": (
            lambda e: np.divide(*[_count(e, precision=p).activations for p in ("autocast", "fp32")]), 0.624, 0.626),
    },
    "Eight GPUs": {
        "Each GPU keeps an eighth of everything": (
            lambda e: _count(e).total * 8 / _count(e, spread="nothing").total, 1, 1),
        "Take back one part after the other": (lambda e: [
            _count(e, spread=kind).total for kind in SPREADS] == sorted(
            (_count(e, spread=kind).total for kind in SPREADS), reverse=True), 1, 1),
        "AdamW fits on none": (lambda e: _count(e, spread="nothing").total / 80e9, 1.01, ALL),
    },
    "A large batch": {
        "The pale part grows with the batch, whatever the optimizer": (lambda e: np.ptp([
            _count(e, row, tokens=65_536).activations / _count(e, row, tokens=32_768).activations
            for row in ROWS]), 0, 1e-9),
        "activations come back one layer at a time": (
            lambda e: _count(e, recompute=True).activations / _count(e, recompute=False).activations, 0, 0.2),
    },
}  # fmt: skip

TABLE = {"adviser": ADVISER, "mystery": MYSTERY, "quantiser": QUANTISER, "memory": MEMORY}
