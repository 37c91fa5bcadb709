"""Which optimizer to begin with: six questions, an answer with its reasons, and the evidence behind each reason.

    advice = advise(network="transformer", runs="ten")
    advice.choice                       # "AdamW"
    print(advice.code)                  # a configuration that runs
    for reason in advice.reasons:
        print(reason, "·", reason.evidence)
    table()                             # all evidence, as a Markdown table

An advice is a place to start from, not a law. The rows say what was measured, and where the question is open.
"""

from dataclasses import dataclass

from adamkit.lessons.nb07.advice import configs, reasons
from adamkit.lessons.nb07.advice.questions import QUESTIONS, complete
from adamkit.lessons.nb07.advice.reasons import Reason
from adamkit.lessons.nb07.advice.rows import ROWS, Row, table

__all__ = ["QUESTIONS", "ROWS", "Advice", "Reason", "Row", "advise", "table"]

#: What a kind of configuration is called.
NAMES = {
    "AdamW": "AdamW",
    "SGD": "SGD with Nesterov momentum",
    "Adafactor": "Adafactor",
    "tables": "AdaGrad for the tables, AdamW for the rest",
    "adapter": "AdamW on a LoRA adapter",
}


@dataclass(frozen=True)
class Advice:
    """An answer.

    Attributes:
        kind: "AdamW", "SGD", "Adafactor", "tables" or "adapter".
        confidence: "firm", "fair" or "open": how far experiments, literature and custom agree.
        settings: name → number, those of the code.
        reasons: `Reason`s, the weightiest first.
        then: what to try with one run more.
    """

    kind: str
    confidence: str
    settings: dict
    reasons: tuple
    then: str

    @property
    def choice(self):
        """What to use, in words."""
        return NAMES[self.kind]

    @property
    def code(self):
        """PyTorch lines to copy; they run where ``model`` and ``total`` (steps) are defined."""
        return configs.write(self.kind, self.settings)


def advise(**answers):
    """The advice for these answers (`QUESTIONS`); questions left out take their first answer.

    Raises:
        ValueError: an unknown question or answer, named with what there is.
    """
    given = complete(answers)
    kind = _kind(given)
    return Advice(kind, _confidence(kind, given), _settings(kind, given), tuple(reasons.because(kind, given)),
                  reasons.one_more_run(kind, given))


def _kind(given):
    """SGD for a CNN from scratch that can be tuned; else Adam, in the form that fits the memory and the gradients."""
    cnn, scratch = given["network"] == "cnn" and given["sparse"] == "no", given["stage"] == "scratch"
    if given["memory"] == "tight":
        return "SGD" if cnn else "Adafactor" if scratch else "adapter"
    if cnn and scratch and given["runs"] != "one":
        return "SGD"
    return "tables" if given["sparse"] == "yes" else "AdamW"


def _confidence(kind, given):
    """Firm only where experiment, literature and custom agree."""
    if kind == "AdamW" and given["network"] == "transformer":
        return "firm"
    if given["network"] == "mlp" or (given["network"] == "cnn" and kind == "AdamW"):
        return "open"
    return "fair"


def _settings(kind, given):
    """The numbers; notebook 07 gives a reason for each."""
    new, transformer = given["stage"] == "scratch", given["network"] == "transformer"
    if kind == "SGD":
        return {"lr": 0.1 if new else 0.01, "momentum": 0.9, "weight_decay": 5e-4 if given["data"] == "small" else 1e-4,
                "warmup": 0.05}
    rate = {"transformer": 3e-4, "cnn": 1e-3, "lstm": 3e-3, "mlp": 1e-3}[given["network"]]
    if not new:
        rate = 2e-4 if kind == "adapter" else 2e-5 if transformer else rate / 10
    return {
        "lr": 0.01 if kind == "Adafactor" else rate,
        "beta2": 0.95 if transformer and new else 0.999,
        "weight_decay": 0.0 if kind == "adapter" else 0.1 if transformer and new else 0.01,
        "warmup": 0.02 if new else 0.06,
        "clip": 1.0 if given["network"] in ("transformer", "lstm") else None,
    }
