"""From what a rule found to a `Finding`: the words of its cause, chosen for the optimizer at hand."""

from adamkit.diagnostics import words, words_of_trends
from adamkit.diagnostics.report import Finding

CHECKLIST = words.CHECKLIST
WORDS = {**words.WORDS, **words_of_trends.WORDS}


def found(signals, key, symptom, evidence, steps=(), *, certainty="likely"):
    """A `Finding`.

    Args:
        signals: of the run; its optimizer decides which advice is given.
        key: "cause" or "cause/variant", of `WORDS`.
        symptom, evidence, steps, certainty: as in `Finding`.
    """
    cause, fixes, test = WORDS[key]
    return Finding(key.partition("/")[0], symptom, evidence, cause, advice(fixes, adaptive=signals.scale_free), steps,
                   certainty, test)


def float16(signals):
    """The variant of a cause for runs of which a part is computed in float16: an ending of its key."""
    return "/float16" if (signals.facts.get("graph") or {}).get("float16") else ""


def advice(fixes, *, adaptive):
    """The fixes without those for other optimizers."""
    other = "plain:" if adaptive else "adaptive:"
    return tuple(fix.removeprefix("adaptive:").removeprefix("plain:") for fix in fixes if not fix.startswith(other))


def listed(names):
    """Names in a sentence, the first four."""
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
