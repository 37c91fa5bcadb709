"""What a case is: a sick training, its story, and treatments that help or do not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from adamkit.diagnostics import Readings
from adamkit.diagnostics.vocabulary import DISEASES
from adamkit.lessons.nb12.clinic.plan import Plan, train


@dataclass(frozen=True)
class Treatment:
    """Something to try.

    Attributes:
        text: what is done, in words: "warm up over 100 steps".
        changes: fields of the `Plan` that it replaces.
        helps: what the clinic expects: True, False, or None where it depends on the seed.
        why: one sentence: why it does or does not help here.
    """

    text: str
    changes: Mapping
    helps: bool | None
    why: str = ""


@dataclass(frozen=True, eq=False)
class Run:
    """A training that was watched.

    Attributes:
        readings: `diagnostics.Readings` of every step.
        losses: mini-batch losses, shape (steps,), each before the step that it caused.
        validation_steps, validation: where the validation loss was measured, and what it was; step 0 is before the
            first update. May be empty.
        monitor: the `diagnostics.Monitor` itself, for its figure and its report.
        seed, treatment: what made it.
    """

    readings: Readings
    losses: np.ndarray
    validation_steps: np.ndarray
    validation: np.ndarray
    monitor: object = None
    seed: int = 0
    treatment: str | None = None

    def late(self, share=0.1):
        """Mean training loss over the last part of the run; NaN if a loss there is not a number."""
        return float(self.losses[-max(1, round(share * len(self.losses))) :].mean())


@dataclass(frozen=True, eq=False)
class Case:
    """One way of being sick, or healthy.

    Attributes:
        name: in `clinic.CASES`.
        disease: a name from `diagnostics.vocabulary.DISEASES`, or None for a healthy run.
        story: what the person at the keyboard would tell, without the answer.
        plan: the sick training.
        treatments: name → `Treatment`.
        measure: (Run) → the figure that decides, lower is better.
        measured: what that figure is, in words.
        good: the run counts as cured when the figure is below this.
    """

    name: str
    disease: str | None
    story: str
    plan: Plan
    treatments: Mapping[str, Treatment] = field(default_factory=dict)
    measure: Callable[[Run], float] = Run.late
    measured: str = "mean training loss of the last tenth of the run"
    good: float = np.inf

    def __post_init__(self):
        if self.disease is not None and self.disease not in DISEASES:
            raise ValueError(f"disease={self.disease!r} is not one of {list(DISEASES)}, or None for a healthy run")

    def run(self, seed=0, treatment=None):
        """Train, with a treatment or without → `Run`. The same seed gives the same weights and batches."""
        if treatment is not None and treatment not in self.treatments:
            raise ValueError(f"{self.name}: there is no treatment {treatment!r}; there are {list(self.treatments)}")
        plan = self.plan if treatment is None else self.plan.changed(**self.treatments[treatment].changes)
        return self.follow(plan, seed, treatment)

    def follow(self, plan, seed=0, treatment=None):
        """Train by any plan, and note under which name → `Run`."""
        monitor, losses = train(plan, seed=seed)
        readings = monitor.records()
        measured = np.isfinite(readings["validation"]) | np.isinf(readings["validation"])
        steps, validation = readings["step"][measured], readings["validation"][measured]
        before = readings.about["validation_before"]
        if before is not None:
            steps, validation = np.append(0, steps), np.append(before, validation)
        return Run(readings, losses, steps, validation, monitor, seed, treatment)

    def cured(self, run):
        """True when the figure that decides is below the bound; NaN is not."""
        return bool(self.measure(run) < self.good)
