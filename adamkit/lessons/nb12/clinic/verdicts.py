"""What the records say of a treatment, in words: for a reader who has chosen one."""

#: Slot → what the reader sees.
SLOTS = {
    "lower": "lower the rate",
    "warmup": "warm up",
    "decay": "decay the rate to zero",
    "clip": "clip the gradient",
    "beta2": "β₂ = 0.95",
    "eps": "larger ε",
    "data": "check the data",
    "code": "check the code",
}
#: A figure that changed by less than this factor has not changed.
SAME = 1.25


def verdict(facts, treatment, seed):
    """One sentence on what a treatment did to a patient.

    Args:
        facts: of the case, from `Records.cases`.
        treatment: name of one of its treatments.
        seed: of the run, one of those in ``Records.about["seeds"]``.
    """
    before, after = facts["figures"][""][seed], facts["figures"][treatment][seed]
    good_before, good_after = (figure is not None and figure < facts["good"] for figure in (before, after))
    if good_after:
        return ("It cures." if not good_before else "It cures nothing, for nothing was wrong; it does no harm."
                if after < SAME * before else "Nothing was wrong, and now the run is slower.")
    if good_before:
        return "Nothing was wrong. Now something is."
    if after is None:
        return "It does not help." if before is None else "It makes things worse."
    if before is None:
        return "It keeps the numbers finite, and does not cure."
    if after < before / SAME:
        return "It eases, and does not cure."
    return "It makes things worse." if after > SAME * before else "It does not help."


def tried(facts, seed):
    """What all of the slots' treatments came to on one seed, in a sentence or two; the best first."""
    names = [name for name in dict.fromkeys(facts["slots"].values()) if name]
    figures = {name: facts["figures"][name][seed] for name in names}
    order = sorted(names, key=lambda name: float("inf") if figures[name] is None else figures[name])
    good = [name for name in order if figures[name] is not None and figures[name] < facts["good"]]
    before = facts["figures"][""][seed]
    if before is not None and before < facts["good"]:
        return f"Untreated {written(before)}; treated: {_list(facts, order, figures)}."
    bad = [name for name in order if name not in good]
    cures = f"Cures: {_list(facts, good, figures)}." if good else "Nothing on the list cures it."
    return cures + (f" Does not: {_list(facts, bad, figures)}." if bad else "")


def _list(facts, names, figures):
    return "; ".join(f"{facts['treatments'][name]['text']} ({written(figures[name])})" for name in names)


def written(figure):
    """Two digits; NaN for what was not finite."""
    return "NaN" if figure is None else f"{figure:.2g}" if figure < 100 else f"{figure:.0f}"
