"""What a kind of training is, how one is run, and which half of the bank it belongs to.

A sick kind is written once, `kind(ill, seed, watch)`, and run twice: with what somebody got wrong, and without. It
returns a score, measured at the end on what the training was for; lower is better, and what is not finite is the worst.
``watch(model, optimizer)`` gives the monitor that the training tells its losses to.
"""

import contextlib
import hashlib
import inspect
import math
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field

import torch

#: Every kind by name, in the order of the files.
KINDS = {}
#: Kinds of the judging half on which rules were worked all the same: they judge no more, and others took their place.
SPENT = {"maximize_left_on", "second_optimizer_never_stepped", "checkpoint_restored_each_epoch",
         "regression_rate_too_high", "lora_rate_too_low", "updates_vanish_in_bfloat16", "float16_overflows",
         "weights_started_at_one", "sorted_by_class_and_numbered", "labels_of_other_rows",
         "target_a_million_times_too_large", "batches_of_many_sizes",
         "validation_not_scaled", "scaled_and_never_unscaled", "cyclic_rate",
         "clipped_before_the_backward_pass", "gradient_reversed_on_its_way"}


@dataclass(frozen=True)
class Kind:
    """A kind of training.

    Attributes:
        name: its name; `half` is decided by it.
        run: (ill, seed, watch) → score; a healthy kind has no ``ill``.
        about: what happens in it, a sentence.
        source: who reported it, or where the recipe is from, in words.
        good: a sound run scores this or lower, a sick one more.
        right: patterns; a report that names the cause has one of them in the disease, symptom, cause or first fixes
            of its first finding. Empty for a healthy kind.
        harm: patterns of advice that makes it worse.
        unseen: True where what a monitor is shown does not tell the cause: silence is the right answer then.
    """

    name: str
    run: Callable
    about: str
    source: str
    good: float
    right: tuple[str, ...] = ()
    harm: tuple[str, ...] = ()
    unseen: bool = False

    @property
    def sick(self):
        """True if there is something to be named."""
        return bool(self.right)

    @property
    def half(self):
        """ "writing": rules may be written on it; "judging": it only judges them. The name decides, by its hash."""
        judging = hashlib.sha256(self.name.encode()).digest()[0] % 2
        return "judging" if judging and self.name not in SPENT else "writing"


def sick(source, *, right, good, harm=(), unseen=False):
    """Enter a function of (ill, seed, watch) as a sick kind with its healthy twin."""

    def enter(run):
        _enter(Kind(run.__name__, run, _about(run), source, good, _tuple(right), _tuple(harm), unseen))
        return run

    return enter


def healthy(source, *, good):
    """Enter a function of (seed, watch) as a kind in which nothing is wrong."""

    def enter(run):
        _enter(Kind(run.__name__, lambda ill, seed, watch: run(seed, watch), _about(run), source, good))
        return run

    return enter


def _enter(kind):
    if kind.name in KINDS:
        raise ValueError(f"there are two kinds of the name {kind.name}")
    KINDS[kind.name] = kind


def _about(run):
    return " ".join(inspect.getdoc(run).split())


def _tuple(value):
    return (value,) if isinstance(value, str) else tuple(value)


@dataclass
class Outcome:
    """What came of one run.

    Attributes:
        score: as the kind returned it; infinity if it is not finite, None if the run raised.
        reports: of each monitor, in the order in which they were made.
        error: what it raised, in words, or "".
        seconds: how long it took.
    """

    kind: Kind
    ill: bool
    seed: int
    score: float | None = None
    reports: list = field(default_factory=list)
    error: str = ""
    seconds: float = 0.0


class Unwatched:
    """Stands where a monitor stands, and does nothing: for runs that only show how a training ends."""

    def __init__(self, model, optimizer, **known):
        self.params = [p for p in model.parameters() if p.requires_grad]

    def observe(self, **told):
        """Nothing."""

    def clipped(self, norm, max_norm):
        """Nothing."""

    def clip_(self, max_norm):
        """What torch does."""
        return torch.nn.utils.clip_grad_norm_(self.params, max_norm)


def run(kind, ill, seed, make=Unwatched):
    """Train once.

    Args:
        kind: `Kind`.
        ill: whether to do what makes it sick; of no meaning for a healthy kind.
        seed: of the weights and of the batches.
        make: (model, optimizer, **known) → monitor: `Unwatched`, or see `monitored`.
    """
    outcome, monitors, start = Outcome(kind, ill, seed), [], time.perf_counter()

    def watch(model, optimizer, **known):
        monitors.append(make(model, optimizer, **known))
        return monitors[-1]

    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        torch.manual_seed(seed)
        warnings.simplefilter("ignore")
        try:
            score = float(kind.run(ill, seed, watch))
            outcome.score = score if math.isfinite(score) else math.inf
            outcome.reports = [monitor.report() for monitor in monitors if hasattr(monitor, "report")]
        except Exception as problem:  # whatever it is belongs into the table
            outcome.error = f"{type(problem).__name__}: {problem}"
    for monitor in monitors:
        with contextlib.suppress(AttributeError):
            monitor.close()
    outcome.seconds = time.perf_counter() - start
    return outcome


def monitored(model, optimizer, **known):
    """A `Monitor`; of the facts that a training could tell it (``classes``, ``scaler``), those that it asks for."""
    from adamkit.diagnostics import Monitor

    asked = inspect.signature(Monitor.__init__).parameters
    return Monitor(model, optimizer, on_nonfinite="record", **{k: v for k, v in known.items() if k in asked})
