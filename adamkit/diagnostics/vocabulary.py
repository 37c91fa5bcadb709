"""The causes that a report may name: a fixed list, so that tests, tables and exercises speak of the same things."""

#: What is read off the mechanism: steps, gradients, weights, modes, groups, the graph of the loss. Name → meaning.
FACTS = {
    "no_steps": "losses come in, and the optimizer takes no step",
    "steps_skipped": "a gradient scaler skips the steps, because gradients hold NaN or infinity",
    "no_gradient": "no gradient reaches any weight: the loss is cut off from them",
    "zeroed_before_step": "gradients arrive, and are zeroed before the step uses them",
    "same_loss": "every step uses one and the same forward pass: its loss, or the gradients that it left",
    "dead_gradient": "the gradients that arrive are exactly zero: the output does not depend on the weights",
    "stale_gradients": "gradients are never zeroed: each step uses the sum of all so far",
    "cut_off": "layers that the optimizer holds take part in the model, and no gradient comes back to them",
    "not_in_optimizer": "trainable weights were never given to the optimizer",
    "not_registered": "the loss depends on trainable weights that model.parameters() does not list",
    "frozen": "weights stand still because requires_grad is off, and nothing says that this was meant",
    "weights_do_not_move": "steps are taken, and the weights stay where they are: the rate is 0, or next to it",
    "updates_lost": "the weights' precision is too low for the steps: most of them are rounded away",
    "eval_mode": "steps are taken in evaluation mode: dropout is off, batch norm uses old statistics",
    "validation_in_train_mode": "validation runs in training mode: dropout is on, batch norm learns from held-out data",
    "tiny_batches": "batch norm takes its statistics from a handful of values",
    "changed_elsewhere": "another hand changes the weights between the steps",
    "clip_before_unscale": "gradients are clipped while a scaler's factor is still on them: next to nothing is left",
    "clipped_too_early": "gradients are clipped before they are computed: nothing is clipped",
    "clip_too_tight": "clipping takes nearly all of nearly every gradient, and with it the length of the steps",
    "schedule_ran_out": "the schedule was over long before the run: the rate is next to nothing, or rises again",
    "state_reset": "the optimizer's state is younger than the run: it was made anew, and its averages are lost",
    "betas_swapped": "β₁ is larger than β₂: Adam's direction is older than the size that it is divided by",
    "wrong_sign": "the loss is turned round: the steps climb it, or it falls below the least that it can be",
    "weight_decay_too_high": "weight decay pulls harder than the gradients: the weights shrink towards 0",
    "wrong_output": "the model gives what the loss does not expect: softmax or sigmoid twice, ReLU on logits",
    "running_statistics": "batch norm's running statistics do not fit: the model is far worse in evaluation mode",
    "broadcast_loss": "outputs and targets differ in shape, and the loss compares each with all",
}
#: What curves suggest.
DISEASES = {
    "rate_too_high": "the loss explodes early: the learning rate is far too high, or rose before v was any good",
    "oscillation": "the loss swings from step to step: the rate sits at the edge of stability, or just beyond it",
    "plateau": "the loss falls quickly, then jitters about a level that a constant rate holds it at; decay cures that",
    "broken_start": "the first steps are so long that they break the network: the loss rests high ever after",
    "flat_from_start": "the loss hardly moves from the first step on: the model is not being trained",
    "bad_data": "the loss depends on which batch comes: mislabelled batches, or data in an order that was not shuffled",
    "overfitting": "the training loss falls while the validation loss does not: the optimizer does its work",
    "non_finite": "a NaN or an infinity appeared in the loss, in a gradient or in a weight",
    "uneven_layers": "layers learn at very different speeds, or one does not learn at all",
    "forgetting": "fine-tuning destroys what the pretrained weights knew",
    "climbs_after_warmup": "the loss falls, then climbs once the rate has reached its height, and stays up",
}
#: What curves suggest as well, outside the clinic's wards.
TRENDS = {
    "bad_start": "the loss begins far above chance: weights or inputs are far too large at the start",
    "validation_apart": "training gains and validation never did: what is evaluated is not what is trained",
    "rate_too_low": "the loss falls in a straight line by very short steps: at this rate it will take very long",
    "vanishing_gradients": "the gradient all but vanishes on its way to the first layers, and the loss stays high",
}
#: All of them.
CAUSES = {**FACTS, **DISEASES, **TRENDS}


def not_finite(kinds):
    """Kinds of `Readings.events`, "nan" and "inf", in words: each once, in their order."""
    return " and ".join({"nan": "NaN", "inf": "infinity"}[kind] for kind in dict.fromkeys(kinds))


def checked(cause):
    """The name itself; ValueError if it is not one of `CAUSES`."""
    if cause not in CAUSES:
        raise ValueError(f"disease={cause!r} is not one of {list(CAUSES)}")
    return cause
