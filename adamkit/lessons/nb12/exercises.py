"""Exercises of notebook 12: a monitor's core, two lines of a checklist, and mystery runs that the clinic grades."""

from functools import partial

from adamkit.lessons.nb12.checking import LINES
from adamkit.lessons.nb12.clinic import records
from adamkit.lessons.nb12.clinic.signs import PAIRS, SIGNS
from adamkit.lessons.nb12.hooks import FIRST
from adamkit.lessons.nb12.mystery import TREATMENTS, patient
from adamkit.lessons.nb12.ratios import RATIO
from adamkit.practice.naming import NamingExercise

OPTIONS = {"disease": tuple(SIGNS), "treatment": tuple(name for name in TREATMENTS if name != "none")}


def judged(number, names):
    """(right, sentence) on a disease and a treatment for a patient of `explorers.mystery`."""
    disease, slot = names
    name, seed = patient(number)
    store = records.load()
    facts = store.cases[name]
    truth = facts["disease"] or "healthy"
    if disease != truth:
        against = PAIRS.get((truth, disease)) or f"if it were, {SIGNS[disease]}"
        return False, f"Not `{disease}`: {against}."
    given = facts["slots"][slot]
    if given is None:
        return False, f"The disease is right. But “{TREATMENTS[slot]}” finds nothing to change here."
    before, after = (_written(facts["figures"][key][seed]) for key in ("", given))
    treatment = facts["treatments"][given]
    measured = f"{facts['measured'][:1].upper()}{facts['measured'][1:]}: {before} before, {after} after."
    why = f" Here {treatment['why']}." if treatment["why"] else ""
    if store.cured(name, given, seed):
        done = f"{treatment['text'][:1].upper()}{treatment['text'][1:]}"
        return True, f"`{truth}` it is. {done}. {measured}{why}"
    return False, f"The disease is right, the treatment does not cure it: {treatment['text']}. {measured}{why}"


def _written(figure):
    return "NaN" if figure is None else f"{figure:.2g}"


def _mystery(place, number, *, hints, worked):
    return NamingExercise(
        key=f"12-mystery-{place}",
        title=f"patient {number}",
        statement=f"""
            Set the explorer to patient {number}. Name the disease and a treatment that cures it, both in quotes:
            `disease, treatment = "oscillation", "lower"`.

            Diseases: {", ".join(f"`{name}`" for name in OPTIONS["disease"])}.

            Treatments: {", ".join(f"`{name}` ({TREATMENTS[name]})" for name in OPTIONS["treatment"])}.
        """,
        options=OPTIONS,
        judge=partial(judged, number),
        hints=hints,
        worked=worked,
        minutes=4,
    )


EXERCISES = (
    RATIO,
    FIRST,
    LINES,
    _mystery(
        1,
        8,
        hints=("Measure the distance between the spikes, in steps.", "An epoch has 42 batches."),
        worked="A spike every 42 steps, and an epoch has 42 batches: `bad_data`. The cure is `data`. Clipping makes "
        "the spike higher, because the network no longer gives way to the wrong labels.",
    ),
    _mystery(
        2,
        19,
        hints=("Look at the dashed curve at its very left.", "It was best before anything was trained."),
        worked="The validation loss begins near 0.1 and climbs at once: `forgetting`. `data` mixes old rows into the "
        "batches; `lower` forgets less as well.",
    ),
    _mystery(
        3,
        21,
        hints=(
            "It fell, then it stayed. But is its level one that a decay could leave? The rate falls to zero already.",
            "What is the largest update/weight ratio of the first step?",
        ),
        worked="`broken_start`. A plateau is held up by its rate; here the rate decays to zero, and nothing comes of "
        "it. Nor did the loss explode, as under `rate_too_high`. The damage was done in the first steps: the very "
        "first moved the weights of a layer by nine tenths of their own length. `lower` and `warmup` cure it.",
    ),
)
