"""Mystery runs: a dashboard without a name. Name the disease, choose a treatment, watch the treated run."""

from functools import cache

import numpy as np

from adamkit import plotting
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, Slider
from adamkit.lessons.nb12.clinic import records
from adamkit.lessons.nb12.clinic.signs import SIGNS, judged, spoken
from adamkit.lessons.nb12.clinic.verdicts import SLOTS, tried, verdict, written
from adamkit.lessons.nb12.monitor_panels import Curves, Dashboard
from adamkit.live import Playback

PATIENTS = 60
TREATMENTS = {"none": "none yet"} | SLOTS
DIAGNOSES = {"none": "none yet"} | {name: spoken(name) for name in SIGNS}


@cache
def patient(number):
    """(name of the case, seed) of a patient: drawn at random, and the same for the same number."""
    names = sorted(records.load().cases)
    rng = np.random.default_rng([20, (number - 1) // len(names)])
    return str(rng.permutation(names)[(number - 1) % len(names)]), int(number % len(records.SEEDS))


class Mystery(Explorer):
    """What a monitor saw of a run that may be sick.

    Controls: ``patient`` (a number from 1 to 60 draws case and seed), ``diagnosis`` (a disease, "healthy" or "none"),
    ``treatment`` (a slot of `clinic.verdicts.SLOTS`, or "none"). All runs were made beforehand; nothing trains here.
    """

    title = "Mystery runs"
    opening = "First patient"
    caption_last = True
    controls = {
        "patient": Slider(1, PATIENTS, 1, integer=True, label="patient"),
        "diagnosis": Choice(DIAGNOSES, label="your diagnosis"),
        "treatment": Choice(TREATMENTS, label="treatment"),
    }
    scenarios = {
        "First patient": Scenario({}, "Read the four panels before you name anything. Then choose a diagnosis, and "
                                  "only then a treatment."),
        "A treated run": Scenario({"patient": 3, "treatment": "clip"}, "The treated run is drawn over the other one. "
                                  "Try all eight treatments before you name the disease: which of them change the "
                                  "curve at all?", play=True),
        "Sick, or not?": Scenario({"patient": 16}, "Not everybody here is sick. “Healthy” is a diagnosis too."),
    }  # fmt: skip

    def draw(self, values):
        """The dashboard: loss on the left; gradient norm, update/weight and rate on the right."""
        self._board = Dashboard(plotting.figure(680, 366))
        film = Playback(self._board.film, steps=100, seconds=3)
        return Picture(self._board.figure, self._board.moving, playback=film,
                       alt="Loss, gradient norm, update ratios and rate of an unnamed training run.")  # fmt: skip

    def anew(self, changed):
        """With another patient, neither diagnosis nor treatment is left from the last one."""
        return {"diagnosis": "none", "treatment": "none"} if "patient" in changed else None

    def show(self, values):
        """Place the curves of the patient, and of the treated one; say what the diagnosis is worth."""
        store = records.load()
        name, seed = patient(values["patient"])
        facts = store.cases[name]
        given = None if values["treatment"] == "none" else facts["slots"].get(values["treatment"])
        sick = Curves.of(store.curves(name, seed=seed))
        treated = Curves.of(store.curves(name, given, seed)) if given else None
        self._board.place(sick, treated)
        return Shown(caption(values, facts, seed, given), steps=sick.steps)


def caption(values, facts, seed, given):
    """What the diagnosis is worth; what the treatment did; and with both, why, and what else was tried: a line each."""
    guess, treatment = values["diagnosis"], values["treatment"]
    both = guess != "none" and treatment != "none"
    if guess == "none":
        lines = [f"Patient {values['patient']}. Name the disease, or say that there is none."]
    else:
        right, sentence = judged(facts["disease"], guess, tell=both)
        words = [("✓ " if right else "✗ ") + sentence]
        if right or both:
            words.append(facts["story"])
        words += [] if both else [_next(facts, right)]
        lines = [" ".join(words)]
    if treatment != "none":
        lines.append(" ".join(_treated(facts, seed, given, TREATMENTS[treatment], why=both)))
    if both:
        lines.append(f"All that was tried here: {tried(facts, seed)}")
    return "\n".join(lines)


def _next(facts, right):
    if not right:
        return "Look again, or treat it and be told."
    return "Now choose a treatment." if facts["disease"] else "Now treat it all the same, and see what that does."


def _treated(facts, seed, given, asked, *, why):
    """Sentences on the treatment that was chosen."""
    if not given:
        return [f"“{asked[:1].upper()}{asked[1:]}” changes nothing: there is nothing of that kind to change here."]
    before, after = (written(facts["figures"][key][seed]) for key in ("", given))
    about = facts["treatments"][given]
    measured = facts["measured"][:1].upper() + facts["measured"][1:]
    reason = [f"{about['why'][:1].upper()}{about['why'][1:]}."] if why and about["why"] else []
    text = f"Treated: {about['text']}. {measured}: {before} before, {after} after. {verdict(facts, given, seed)}"
    return [text, *reason]
