"""The diseases that a report may name: a fixed list, so that tests, tables and exercises speak of the same things."""

#: Name → what it means, in one line.
DISEASES = {
    "rate_too_high": "the loss explodes early: the learning rate is far too high, or rose before v was any good",
    "oscillation": "the loss swings from step to step: the rate sits at the edge of stability, or just beyond it",
    "plateau": "the loss falls quickly, then jitters about a level that a constant rate holds it at; decay cures that",
    "flat_from_start": "the loss hardly moves from the first step on: the model is not being trained",
    "bad_data": "the loss depends on which batch comes: mislabelled batches, or data in an order that was not shuffled",
    "overfitting": "the training loss falls while the validation loss does not: the optimizer does its work",
    "non_finite": "a NaN or an infinity appeared in the loss, in a gradient or in a weight",
    "uneven_layers": "layers learn at very different speeds, or one does not learn at all",
    "forgetting": "fine-tuning destroys what the pretrained weights knew",
    "climbs_after_warmup": "the loss falls, then climbs once the rate has reached its height, and stays up",
}


def checked(disease):
    """The name itself; ValueError if it is not one of `DISEASES`."""
    if disease not in DISEASES:
        raise ValueError(f"disease={disease!r} is not one of {list(DISEASES)}")
    return disease
