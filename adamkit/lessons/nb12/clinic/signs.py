"""How diseases differ on a dashboard: what each would show, and what a pair of them is told apart by."""

#: Disease → what one would see.
SIGNS = {
    "rate_too_high": "the loss would jump far above its start within the first steps",
    "oscillation": "the loss would turn round at every step or two, in step with the rate and not with the batches",
    "plateau": "the loss would fall quickly and then jitter about a level",
    "broken_start": "the loss would be flat at a high level right after a first step of violent length",
    "flat_from_start": "the loss would hardly have moved at all",
    "bad_data": "the loss would follow the batches: the same spike or saw once an epoch",
    "overfitting": "the training loss would keep falling while the validation loss rose",
    "non_finite": "the curves would end, because NaN cannot be drawn",
    "uneven_layers": "the slowest layer's update ratio would lie far below the fastest's",
    "forgetting": "the validation loss would start low, from what was known before, and rise at once",
    "climbs_after_warmup": "the loss would fall during the warmup and climb once the rate is at its height",
    "healthy": "the loss would fall and go on falling, and nothing else would stand out",
}
#: (disease, guess) → what tells them apart.
PAIRS = {
    ("plateau", "flat_from_start"): "it fell first",
    ("flat_from_start", "plateau"): "it never fell, and the update ratio is next to nothing",
    ("overfitting", "forgetting"): "the validation loss fell first; there was nothing to forget",
    ("forgetting", "overfitting"): "the validation loss was at its best before the first step",
    ("bad_data", "oscillation"): "the swings keep time with the epoch, not with the step",
    ("oscillation", "bad_data"): "every batch holds the same rows here, and the loss swings all the same",
    ("climbs_after_warmup", "plateau"): "the loss is higher at the end than when the warmup was over",
    ("climbs_after_warmup", "rate_too_high"): "it fell well for a hundred steps; the rate went too high later",
    ("rate_too_high", "climbs_after_warmup"): "it exploded in the first steps, before it had learned anything",
    ("uneven_layers", "flat_from_start"): "the loss does fall; it is some layers that do not move",
    ("non_finite", "rate_too_high"): "the curves end in NaN; look for what came just before",
    ("broken_start", "plateau"): "its level is high, the first step was violent, and a falling rate changes nothing",
    ("broken_start", "rate_too_high"): "the loss did not explode; look at the first step, and at the rest that follows",
    ("broken_start", "flat_from_start"): "it fell for a few steps, and the first of them was violent",
    ("plateau", "broken_start"): "it fell far before it came to rest; a long first step need not break anything",
    ("plateau", "oscillation"): "the jitter has no rhythm; it is the noise of the batches",
}


def judged(disease, guess, *, tell=True):
    """(right, sentence): a guess against the disease of a case; None and "healthy" are the same.

    With ``tell=False`` the sentence on a wrong guess says what speaks against it, and does not name the disease.
    """
    for name in (disease or "healthy", guess):
        if name not in SIGNS:
            raise ValueError(f"disease {name!r} is not one of {list(SIGNS)}")
    truth = disease or "healthy"
    if guess == truth:
        return True, f"Right: “{spoken(truth)}”."
    against = PAIRS.get((truth, guess)) or f"if it were, {SIGNS[guess]}"
    return False, f"{f'It is “{spoken(truth)}”, not' if tell else 'Not'} “{spoken(guess)}”: {against}."


def spoken(name):
    """A disease as one says it."""
    return name.replace("_", " ")
