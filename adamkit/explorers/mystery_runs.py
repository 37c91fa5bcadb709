"""Mystery runs: a dashboard without a name. Name the disease, choose a treatment, watch the treated run."""

import numpy as np

from adamkit import plotting
from adamkit.clinic import records
from adamkit.clinic.signs import SIGNS, judged
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Slider
from adamkit.explorers.panels import axes, label

SICK, TREATED = plotting.COLORS["RMSprop"], plotting.COLORS["Adam"]
PATIENTS = 60
TREATMENTS = {
    "none": "none yet",
    "lower": "lower the rate",
    "warmup": "warm up",
    "decay": "decay the rate to zero",
    "clip": "clip the gradient",
    "beta2": "β₂ = 0.95",
    "eps": "larger ε",
    "data": "check the data",
    "code": "check the code",
}
DIAGNOSES = {"none": "none yet"} | {name: name.replace("_", " ") for name in SIGNS}


def patient(number):
    """(name of the case, seed) of a patient: drawn at random, and the same for the same number."""
    names = sorted(records.load().cases)
    rng = np.random.default_rng([20, (number - 1) // len(names)])
    return str(rng.permutation(names)[(number - 1) % len(names)]), int(number % len(records.SEEDS))


class Mystery(Explorer):
    """What a monitor saw of a run that may be sick.

    Controls: ``patient`` (a number from 1 to 60 draws case and seed), ``diagnosis`` (a disease, "healthy" or "none"),
    ``treatment`` (a slot of `clinic.slots.SLOTS`, or "none"). All runs were made beforehand; nothing trains here.
    """

    title = "Mystery runs"
    opening = "First patient"
    controls = {
        "patient": Slider(1, PATIENTS, 1, integer=True, label="patient"),
        "diagnosis": Choice(DIAGNOSES, label="your diagnosis"),
        "treatment": Choice(TREATMENTS, label="treatment"),
    }
    scenarios = {
        "First patient": Scenario({}, "Read the four panels before you name anything. Then choose a diagnosis, and "
                                  "only then a treatment."),
        "Two treatments": Scenario({"patient": 3, "treatment": "clip"}, "The treated run is drawn over the other one. "
                                   "Try all eight treatments before you move on: which of them change the curve at "
                                   "all?"),
        "Another patient": Scenario({"patient": 12}, "Not everybody here is sick. “Healthy” is a diagnosis too."),
    }  # fmt: skip

    def draw(self, values):
        """Loss on the left; gradient norm, update ratio and rate on the right."""
        figure = plotting.figure(680, 356)
        self._loss = axes(figure, 52, 14, 350, 292)
        self._side = [axes(figure, 468, top, 204, 82) for top in (14, 120, 226)]
        for ax, name in zip((self._loss, *self._side), ("loss", "gradient norm", "update/weight", "rate η")):
            ax.set_yscale("log")
            ax.grid(True, color=plotting.GRID, lw=0.7)
            label(ax, "step" if name in ("loss", "rate η") else None, name)
        self._lines = {}
        for kind, color in (("sick", SICK), ("treated", TREATED)):
            self._lines[kind] = [
                self._loss.plot([], [], color=color, lw=1.1)[0],
                self._loss.plot([], [], color=color, lw=1.7, ls=(0, (4, 2)))[0],
                self._side[0].plot([], [], color=color, lw=1)[0],
                self._side[1].plot([], [], color=color, lw=1)[0],
                self._side[1].plot([], [], color=color, lw=1, ls=":")[0],
                self._side[2].plot([], [], color=color, lw=1.4)[0],
            ]
        words = (("sick", "as it came"), ("treated", "treated"))
        for place, (kind, name) in enumerate(words):
            color = SICK if kind == "sick" else TREATED
            self._loss.text(0.98, 0.97 - 0.06 * place, name, transform=self._loss.transAxes, color=color, fontsize=8.5,
                            ha="right", va="top")
        self._loss.text(0.98, 0.85, "dashed: validation", transform=self._loss.transAxes, color=plotting.QUIET,
                        fontsize=8, ha="right", va="top")
        moving = [line for lines in self._lines.values() for line in lines]
        return Picture(figure, moving, alt="Loss, gradient norm, update ratios and rate of an unnamed training run.")

    def show(self, values):
        """Place the curves of the patient, and of the treated one; say what the diagnosis is worth."""
        store = records.load()
        name, seed = patient(values["patient"])
        facts = store.cases[name]
        runs = {"sick": store.curves(name, seed=seed)}
        given = None if values["treatment"] == "none" else facts["slots"].get(values["treatment"])
        if given:
            runs["treated"] = store.curves(name, given, seed)
        for kind, lines in self._lines.items():
            self._place(lines, runs.get(kind))
        self._frame(runs)
        return Shown(_caption(values, store, name, seed, given), repaint=True)

    def _place(self, lines, run):
        if run is None:
            for line in lines:
                line.set_data([], [])
            return
        steps = np.arange(1, len(run["loss"]) + 1)
        lines[0].set_data(steps, _drawable(run["loss"]))
        lines[1].set_data(run["validation_steps"], _drawable(run["validation"]))
        for line, curve in zip(lines[2:], ("gradient", "update_high", "update_low", "rate")):
            line.set_data(steps, _drawable(run[curve]))

    def _frame(self, runs):
        """Limits that hold all of the curves."""
        last = max(len(run["loss"]) for run in runs.values())
        shown = (("loss", "validation"), ("gradient",), ("update_high", "update_low"), ("rate",))
        for ax, curves in zip((self._loss, *self._side), shown):
            every = np.concatenate([_drawable(run[curve]) for run in runs.values() for curve in curves])
            every = every[np.isfinite(every)]
            low, high = (every.min(), every.max()) if len(every) else (0.1, 1)
            ax.set_ylim(max(low, high * 1e-9) / 1.4, high * 1.4)
            ax.set_xlim(0, last)


def _drawable(curve):
    """NaN where a logarithmic axis has no place for the number."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(curve) & (curve > 0), curve, np.nan)


def _caption(values, store, name, seed, given):
    """The story; then what the diagnosis and the treatment are worth."""
    facts, words = store.cases[name], []
    guess, treatment = values["diagnosis"], values["treatment"]
    if guess == "none":
        words.append(f"Patient {values['patient']}. Name the disease, or say that there is none.")
    else:
        right, sentence = judged(facts["disease"], guess)
        words.append(("✓ " if right else "✗ ") + sentence.replace("_", " ") + f" {facts['story']}")
    if treatment != "none" and given is None:
        words.append(f"“{TREATMENTS[treatment]}” changes nothing here: there is nothing of that kind to mend.")
    elif given:
        before, after = (_written(facts["figures"][key][seed]) for key in ("", given))
        verdict = "It helps." if store.cured(name, given, seed) else "It does not cure."
        about = facts["treatments"][given]
        why = f" {about['why'][:1].upper()}{about['why'][1:]}." if about["why"] and guess != "none" else ""
        measured = facts["measured"][:1].upper() + facts["measured"][1:]
        words.append(f"Treated: {about['text']}. {measured}: {before} before, {after} after. {verdict}{why}")
    return " ".join(words)


def _written(figure):
    return "NaN" if figure is None else f"{figure:.2g}"
