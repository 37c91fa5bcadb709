"""Words for what curves suggest; see `words`."""

from adamkit.diagnostics.words import BATCH, CHECKLIST, LOWER, WARMUP

#: As `words.WORDS`.
WORDS = {
    "rate_too_high": (
        "The learning rate is far too high for the start. Weights that were thrown far away may never recover.",
        (LOWER, WARMUP, "adaptive:Check that the optimizer corrects its moments for their start.",
         "adaptive:Do not expect clipping to help: the rule divides by the gradient's size anyway.",
         "plain:Clip the gradient to the norm it usually has.",
         "plain:Check the size of the loss: a sum where a mean was meant, or a scaler's factor that nothing undoes."),
        "Run the first hundred steps at a tenth of the rate."),
    "rate_too_high/scale": (
        "The first gradient is far larger than such a loss gives: multiplied by a scaler's factor that nothing undoes, "
        "a sum where a mean was meant, or inputs that were never scaled.",
        ("With a gradient scaler: scaler.step(optimizer) and scaler.update() instead of optimizer.step().",
         "Take means in the loss, and scale the inputs to mean 0 and spread 1.", LOWER),
        "Divide the norm of the first gradient by 65536: if it is an ordinary one then, it is the scaler."),
    "rate_too_high/late": (
        "The rate is above what the loss surface bears by now; each step overshoots farther than the last.",
        (LOWER, "Let the rate decay.", "plain:Clip the gradient to the norm it usually has."),
        "Go on from a checkpoint before that step at a third of the rate."),
    "rate_too_high/momentum": (
        "The momentum adds up far more gradients than the run can wait for: a step is up to 1/(1−momentum) times as "
        "long as the rate says, and keeps its direction that long.",
        ("Set the momentum to 0.9, or 0.99 at most.", "Or lower the rate by as much as the momentum adds up."),
        "Run the same steps with momentum 0.9."),
    "bad_data/struck": (
        "That batch is of another kind: rows or labels that are broken or of another scale. Or the loss has no bound "
        "and makes one miss enormous: a variance or a denominator without a floor.",
        (*BATCH, "Put a floor under what the loss divides by, and bounds on exponents."),
        "Leave that batch out and train again: if another one does the same, it is the loss."),
    "bad_data": (
        "The batch itself: wrong labels, broken rows, rows of another kind. The optimizer is not at fault.",
        ("Look at the rows and labels of that batch.", "Repair or remove them.",
         "Clipping dampens what it does, and does not cure it."),
        "Leave it out for an epoch: are the jumps gone?"),
    "bad_data/periodic": (
        "If an epoch has as many steps, one batch is broken: wrong labels, or rows of another kind.",
        ("Look at the batch of these steps.", "Pass batch=… to Monitor.observe, to see it named."),
        "Shuffle: if the jumps scatter, they come with the rows."),
    "bad_data/order": (
        "The data come in an order: by class, by source, by length. The model follows each stretch and forgets the one "
        "before.",
        ("Shuffle the rows anew in every epoch.", "Check the sampler: shuffle=True, and a seed per epoch.",
         "Mix sources within a batch."),
        f"Count the classes in a batch; {CHECKLIST} does."),
    "non_finite": (
        "An operation of the model or of the loss left the range of its numbers: log 0, 0/0, √ at 0, or an overflow in "
        "half precision. Clipping cannot repair it: NaN times any factor is NaN.",
        ("Run that batch under torch.autograd.set_detect_anomaly(True) to find the operation.",
         "Use the fused form of the loss (cross_entropy on logits) and guard logarithms, roots and divisions.",
         "In half precision, use a gradient scaler or bfloat16.", "Skip steps whose gradient is not finite."),
        "Compute the loss of that batch in float64."),
    "non_finite/step": (
        "The gradients were finite and the step was not: a denominator of 0, which ε should have prevented. In "
        "float16, ε = 1e-8 is 0, and so is a small v.",
        ("Keep weights and optimizer state in float32 (autocast instead of model.half()).", "Raise ε."),
        "Take the step in float32."),
    "non_finite/plain_step": (
        "The gradients were finite and the step was not: the rate times the gradient left the range of numbers.",
        ("Lower the rate.", "Clip the gradient norm, with monitor.clip_(max_norm)."),
        "Take the step at a hundredth of the rate."),
    "non_finite/batch": (
        "A batch: its loss was far beyond all others before any step had been taken on it, and the optimizer then "
        "followed it.", BATCH, "Leave that batch out and train again."),
    "oscillation": (
        "The rate is at the edge of stability, or just beyond it: along the steepest direction each step lands on the "
        "other side of the valley.",
        ("Lower the rate, to a third or a tenth.", "Let it decay: it falls through the edge by itself.",
         "adaptive:Clipping does not help: it is the rate that is too long, not the gradient."),
        "Evaluate one fixed batch at each step: if that loss swings as well, it is the rate."),
    "climbs_after_warmup": (
        "The peak rate is more than the model bears once the warmup no longer holds it back.",
        ("Lower the peak rate to a third: of the usual remedies it cured most reliably.",
         "Let the rate decay after the warmup.", "Warm up over more steps.",
         "adaptive:Clipping and a smaller β₂ may ease it; do not count on them."),
        "Go on from the lowest point at a third of the rate."),
    "flat_from_start": (
        "The weights move, the loss does not: the gradients hold nothing to learn. Labels that do not belong to their "
        "rows do that, inputs that are all alike or next to 0, and rows in the order of their classes.",
        (f"Try to learn a single batch by heart ({CHECKLIST} does); if that fails, look at labels, loss and data.",
         "Print mean and spread of the inputs of a batch: 0 and 1 are usual.",
         "Check that inputs and labels were shuffled together."),
        "Learn one batch by heart: if the loss falls there, labels and rows do not belong together; if not, it is the "
        "loss, the model or the rate."),
    "flat_from_start/long": (
        "The steps are so long that they undo each other, or the gradients hold nothing to learn.",
        ("Lower the rate tenfold, with a warmup.",
         f"Try to learn a single batch by heart ({CHECKLIST} does); if that fails, look at labels, loss and data."),
        "Run a hundred steps at a hundredth of the rate."),
    "flat_from_start/float16": (
        "A part of the model is computed in float16: numbers above 65504 are infinite there and those below 6e-8 are "
        "0, and what is divided by infinity holds nothing to learn. Or labels and inputs hold nothing themselves.",
        ("Run a hundred steps in float32, or in bfloat16: if the loss falls, it was the range of float16.",
         "Keep sums of squares, norms and softmax in float32.",
         f"Try to learn a single batch by heart ({CHECKLIST} does)."),
        "Run the same steps in float32."),
    "flat_from_start/short": (
        "The steps are far too short: gradients arrive, and the rate turns them into almost nothing.",
        ("Check the schedule: the warmup may be counted in samples, or the total be wrong.",
         "Raise the rate tenfold, and again."),
        "Run a hundred steps at a hundred times the rate."),
    "plateau": (
        "The steps are too long to settle: the weights circle the minimum at a distance set by the rate.",
        ("Let the rate decay to zero (cosine or linear).", "Or lower it to a tenth at once.",
         "Or use a larger batch: less noise, a smaller circle."),
        "Cut the rate to a tenth for a hundred steps: if the loss drops at once, the rate held it up; if not, it is a "
        "floor of noise."),
    "broken_start": (
        "The rate is too high for the first steps: they drove layers where next to no gradient passes. Decay cannot "
        "bring them back.",
        ("Start again with a tenth of the rate.", "Or warm up over more steps.",
         "Pre-LN instead of post-LN bears longer first steps.",
         "adaptive:Clipping does not shorten the steps of this optimizer."),
        "Train the first hundred steps at a tenth of the rate: does the loss pass this level?"),
    "forgetting": (
        "The new data say nothing about what was known, and the steps are long enough to overwrite it.",
        ("Mix old rows into each batch, if you have them.", "Lower the rate, by ten and by a hundred.",
         "Train fewer layers: freeze the others, or give them smaller rates.",
         "A warmup alone arrives at the same rate later."),
        "Evaluate the old task after ten steps at a hundredth of the rate."),
    "validation_apart": (
        "What is evaluated is not what is trained: validation data prepared otherwise, another model (a copy, an "
        "average that has hardly begun to follow, a reload), or labels that do not belong to their rows, so that "
        "training learns by heart and nothing else.",
        ("Evaluate the training rows by the code of the validation: if that loss is bad too, it is that code, its "
         "model or its preparation.", "Prepare inputs in one function for both, and check which model is evaluated.",
         "Else look at the labels: were they shuffled together with their rows?"),
        "Evaluate training rows by the validation's code."),
    "overfitting": (
        "The model learns its rows by heart. The optimizer does its work; there is too little data for it.",
        ("More data, or augmentation.", "Stop early: at the step of the lowest validation loss.",
         "Regularise: weight decay, dropout, a smaller network.", "A different rate or β₂ is no cure."),
        "Train on half of the rows: does the gap grow?"),
    "uneven_layers/gradient": (
        "The gradient shrinks on its way down (saturating activations, no normalisation), and the optimizer hands that "
        "on to the weights.",
        ("Let the gradient pass: ReLU or tanh instead of sigmoid, normalisation, residual paths.",
         "plain:Or use an adaptive optimizer (Adam): it evens out the layers' gradients."),
        "Print the gradient norms of the layers at the first step."),
    "uneven_layers/rates": (
        "The gradients are alike, the rates are not: parameter groups give the layers very different ones.",
        ("Give all layers one rate when you train from scratch.",
         "If the rates differ on purpose, to fine-tune gently, this is no disease."),
        "Train with one rate for all groups."),
}
