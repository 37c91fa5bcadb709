"""Words for causes: what most likely brings each about, what to try, and which test settles it.

Rules find, this table speaks. Advice is chosen for the optimizer at hand: a line that begins with "adaptive:" is for
rules that divide by the gradient's size (Adam, RMSprop, Muon, Lion …), one with "plain:" for those that do not (SGD).
"""

#: Optimizers whose steps do not grow with the gradient, though they keep no v that the monitor can read.
SCALE_FREE = ("Adam", "Lion", "Muon", "Sign", "Adafactor", "LAMB", "Lamb", "LARS", "Prodigy", "Sophia", "RMSprop",
              "Adagrad", "Shampoo", "SOAP", "Rprop", "NAdam", "RAdam", "Yogi", "AdEMAMix")

CHECKLIST = "adamkit.diagnostics.checklist(model, optimizer, batches)"
LOWER = "Lower the peak rate: a third first, then a tenth."
WARMUP = "adaptive:Warm up over more steps, 2/(1−β₂) at most: it bounds the first steps while v is young."
BATCH = ("Look at that batch: its rows and its labels.", "plain:Clip the gradient norm, with monitor.clip_(max_norm).",
         "Skip a step whose loss or gradient is far beyond the usual.")

#: "cause" or "cause/variant" → (likely cause, fixes in order, test that settles it).
WORDS = {
    "no_steps": (
        "optimizer.step() is not called in this loop, or another optimizer than the watched one is stepped.",
        ("Call optimizer.step() after loss.backward(); scheduler.step() does not replace it.",
         "Give Monitor the optimizer that takes the steps.",
         "With a gradient scaler: scaler.step(optimizer), then scaler.update()."),
        "Print a weight before and after an iteration; with a scaler, print scaler.get_scale(): if it shrinks without "
        "end, every step is skipped."),
    "no_steps/stopped": (
        "The watched optimizer was stepped until then and is not stepped any more: it was replaced, the call is in a "
        "branch that is no longer taken, or a scaler skips.",
        ("Look for what changes at that step.", "Give the new optimizer to a new Monitor."),
        "Print a weight before and after an iteration."),
    "steps_skipped": (
        "The scaler finds NaN or infinity among the gradients at every step, leaves the step out and halves its "
        "factor. Halving does not help where an operation itself gives NaN: log or √ at 0, 0/0.",
        ("Find the operation: run a batch without the scaler under torch.autograd.set_detect_anomaly(True).",
         "Guard roots, logarithms and divisions in the loss.", "Try bfloat16, which needs no scaler."),
        "Run one backward pass in float32 without the scaler: if gradients are still not finite, it is the loss."),
    "no_steps/one": (
        "step() is not called on every optimizer: the weights of this one stay as they were drawn.",
        ("Call step() and zero_grad() on every optimizer.",
         "If that one is not meant to train, take it out, and set requires_grad_(False) on its weights."),
        "Print a weight that it holds before and after an iteration."),
    "no_gradient": (
        "The backward pass does not reach the weights: the loss was computed under no_grad, or from detached or "
        "rebuilt tensors, or backward() is not called.",
        ("Look for .detach(), .item(), .data, .numpy() and torch.no_grad() between the model and the loss.",
         "Check that loss.backward() is called on the loss of this model."),
        "Print loss.grad_fn: None means that it has no graph."),
    "no_gradient/rebuilt": (
        "The loss that was observed is a new tensor with requires_grad=True, made from a number: its graph ends there.",
        ("Call backward on the loss that the model's output gave, not on a tensor made from its value.",
         "Look for torch.tensor(…), .item() and .detach() between the model and the loss."),
        "Print loss.grad_fn: None means that it has no graph."),
    "no_gradient/other_model": (
        "The loss comes from other weights than those that the monitor and the optimizer hold.",
        ("Make the optimizer after the model was built, moved and wrapped, from that model's parameters().",
         "Check which model the loop calls."),
        "Compare id(p) of a parameter in model and in optimizer.param_groups."),
    "no_gradient/no_backward": (
        "The loss depends on the weights, and no gradient was ever computed: loss.backward() is not called before the "
        "step.",
        ("Call loss.backward() before optimizer.step().",), "Print p.grad of a parameter before the step."),
    "zeroed_before_step": (
        "zero_grad() comes between backward() and step(): it throws away what backward has just computed.",
        ("Put zero_grad() before backward(), or after step().",),
        "Print the norm of a gradient just before optimizer.step()."),
    "zeroed_before_step/most": (
        "Most gradients are never used: step() stands outside of the loop over batches, while zero_grad() is inside.",
        ("Take a step for each batch.", "To accumulate on purpose, call zero_grad() only after step(), and divide the "
         "loss by the number of parts."),
        "Count the calls of step() in an epoch."),
    "same_loss": (
        "The loss is computed once and its graph is used again (retain_graph=True), or it does not depend on the "
        "weights at all.",
        ("Compute output and loss anew in each iteration, inside the loop.",
         "Drop retain_graph=True: it hides this mistake."),
        "Print the loss right after a step, computed anew."),
    "same_loss/gradient": (
        "The gradients were computed once, and no backward pass writes to them any more: .grad was set by hand before "
        "the loop, or the loss that goes backward belongs to other weights.",
        ("Compute the gradients anew in each iteration: loss.backward(), or autograd.grad and its result into .grad.",
         "Call optimizer.zero_grad() before it: a gradient that nobody computes is missing then, and that shows."),
        "Print p.grad of one weight right before two steps in a row."),
    "running_statistics": (
        "In training, batch norm uses the statistics of the batch; in evaluation, running ones, and those do not fit: "
        "momentum far too small (torch's is the share of the new: 0.1), too few steps, or other data.",
        ("Check the momentum of the batch norm layers.", "Check that validation data are prepared as training data.",
         "Recompute the statistics: a pass over the training rows in training mode, with momentum=None."),
        "Evaluate training rows in evaluation mode: if that loss is bad too, it is the statistics."),
    "dead_gradient": (
        "The output does not change with the weights: units of a ReLU that are all off, a saturated or clamped output, "
        "a factor of 0, or weights that are all 0 on both sides of a product.",
        ("Print the model's output for a batch: is it the same for all rows?",
         "Use an output without ReLU, or one that is not flat (softplus); check the start of the last bias.",
         "Start at most one factor of a product of weights at 0."),
        "Add noise to the weights: if the output moves, the start was to blame, not the architecture."),
    "dead_gradient/float16": (
        "A part of the model is computed in float16: a gradient below 6e-8 is 0 there (underflow), and a number above "
        "65504 infinite. Or the output does not depend on the weights at all.",
        ("Use a gradient scaler (torch.amp.GradScaler), or bfloat16, which has the range of float32.",
         "Keep the weights in float32 and run the forward pass under torch.autocast.",
         "Do not divide the loss by large numbers before backward()."),
        "Run one backward pass in float32: are the gradients 0 there, too?"),
    "stale_gradients": (
        "zero_grad() is missing: backward() adds to what is there, so each step follows the sum of all gradients so "
        "far.",
        ("Call optimizer.zero_grad() once a step, before backward().",
         "If the optimizer does not hold all parameters, model.zero_grad() clears the others."),
        "Print p.grad at the start of an iteration, before backward(): it should be None or 0."),
    "cut_off": (
        "What these layers give is cut from the graph: they run under no_grad, or their output is detached, indexed by "
        "argmax, or passes through numbers.",
        ("Look for torch.no_grad(), .detach(), .item(), .data, .numpy() and argmax between them and the loss.",
         "If they should stay as they are, set requires_grad_(False) and leave them out of the optimizer."),
        "Print output.requires_grad behind each of these layers."),
    "not_in_optimizer": (
        "The optimizer was made from other parameters than the model has: before a layer was added or replaced, or "
        "from a part of the model.",
        ("Make the optimizer from all of model.parameters(), after the last layer was replaced.",
         "Or add them: optimizer.add_param_group({'params': …}).",
         "If they should stay as they are, set requires_grad_(False) on them."),
        "Compare sum(p.numel() for p in model.parameters()) with the optimizer's groups."),
    "not_registered": (
        "Layers kept in a plain Python list, dict or closure are not part of the module: parameters(), .to() and "
        "state_dict() do not see them.",
        ("Use torch.nn.ModuleList, ModuleDict or ParameterList.", "Register tensors with torch.nn.Parameter."),
        f"Count sum(p.numel() for p in model.parameters()) against what you expect; {CHECKLIST} tries to learn one "
        "batch by heart."),
    "frozen": (
        "requires_grad is False on weights that look untrained, and little else is left to learn.",
        ("Set requires_grad_(True) on what should be trained, before the optimizer is made.",
         "Load the pretrained weights, if they were meant to be frozen."),
        "List the names of parameters with requires_grad True."),
    "frozen/later": (
        "requires_grad was switched off in the middle of the run and not on again, as after a validation or a feature "
        "extraction.",
        ("Switch it on again after that code, or use torch.no_grad() there instead.",
         "If the freezing was planned, this is no disease."),
        "List the names of parameters with requires_grad True after that step."),
    "frozen/moving": (
        "requires_grad is off, and the optimizer still holds these weights, with a gradient that is 0 and not None: "
        "weight decay and momentum go on moving them.",
        ("Take them out of the optimizer, or set their .grad to None when you freeze them.",
         "Call zero_grad(set_to_none=True), as it is by default: what has no gradient is left out of the step."),
        "Print a frozen weight before and after a step."),
    "weights_do_not_move": (
        "The rate is too small for the precision of the weights, or 0: the steps are rounded away.",
        ("Print optimizer.param_groups[0]['lr']: a schedule or a warmup that starts at 0 may hold it there.",
         "Set the rate that you meant."),
        "Print (p − before).abs().max() of a weight over one step."),
    "updates_lost": (
        "bfloat16 keeps 8 bits of a weight and float16 11: a step shorter than half of the last one leaves it where "
        "it was. This is no matter of the gradients.",
        ("Keep the weights in float32 and run forward passes under torch.autocast.",
         "Or use an optimizer with float32 master weights, or with stochastic rounding or Kahan sums.",
         "A larger rate only hides it."),
        "Train the same steps in float32: if the loss falls there, rounding was to blame."),
    "eval_mode": (
        "model.eval() was called, and model.train() not after it: dropout is off, and batch norm neither uses nor "
        "updates the statistics of its batches.",
        ("Call model.train() at the start of every epoch, and after every validation.",
         "If evaluation mode is meant (frozen batch norm), set it on those modules only."),
        "Print model.training just before the backward pass."),
    "validation_in_train_mode": (
        "The validation runs without model.eval(): dropout makes its loss worse, and batch norm takes held-out data "
        "into its running statistics.",
        ("Call model.eval() before the validation and model.train() after it.",),
        "Evaluate the same rows twice: in evaluation mode the losses agree."),
    "tiny_batches": (
        "Batch norm divides by the spread of a handful of values: what a row becomes depends on which rows come with "
        "it, and the running statistics fit none of them.",
        ("Use GroupNorm or LayerNorm, which do not look across the batch.", "Use larger batches; accumulation of "
         "gradients does not enlarge them for batch norm.", "Drop the last, short batch: DataLoader(drop_last=True)."),
        "Compare the loss of the same rows in training and in evaluation mode."),
    "changed_elsewhere": (
        "Something besides this optimizer writes to the weights: a reload, a re-initialisation, an average copied "
        "back, a clamp, an update by hand.",
        ("Look for load_state_dict, copy_, .data and init. in the loop.", "If it is meant, this is no disease."),
        "Compare a weight right after step() with the same one right before the next."),
    "changed_elsewhere/optimizer": (
        "Two optimizers hold the same weights, so each is moved twice, in directions that may be opposed.",
        ("Give each optimizer the parameters of its own module only.",),
        "Compare the ids of the parameters in both optimizers' groups."),
    "clip_before_unscale": (
        "The clip sees gradients that a scaler has multiplied by a large power of two, cuts those to the limit, and "
        "unscaling then divides what is left by that factor.",
        ("Call scaler.unscale_(optimizer) before clipping.",),
        "Print the norm of a gradient between clip and step, and again inside the step."),
    "clipped_too_early": (
        "The clip stands before backward(): it sees what zero_grad() left, and the gradients that come after it are "
        "not clipped at all.",
        ("Clip between backward() and step().",
         "With a gradient scaler: backward(), scaler.unscale_(optimizer), clip, scaler.step(optimizer)."),
        "Print the norm that the clip returns: it should not be 0."),
    "clip_too_tight": (
        "The limit lies far below the usual norm, so each step is as long as limit times rate, whatever the gradient.",
        ("Set the limit near the norm that the gradient usually has, so that it acts at outliers only.",
         "Look at the norms before clipping: readings.gradient_norm."),
        "Train a hundred steps without the clip: does the loss fall faster?"),
    "schedule_ran_out": (
        "The schedule counts in other units than it is stepped: one for epochs stepped at every batch, or a total that "
        "is too small.",
        ("Step an epoch's schedule once an epoch, or give its lengths in steps.",
         "Set its total to epochs × batches per epoch."),
        "Print the rate at ten places of the run, before training: step optimizer and scheduler in an empty loop."),
    "schedule_ran_out/again": (
        "A cosine that is stepped beyond its T_max rises again: it has been given fewer steps than the run has. "
        "Restarts that are meant jump up at once.",
        ("Set T_max to the number of times that the scheduler is stepped.", "Stop when the schedule is over."),
        "Print the rate at ten places of the run."),
    "state_reset": (
        "The optimizer was made anew, or its state was not loaded: momentum and second moments start from 0 while the "
        "rate is that of a run under way.",
        ("Make the optimizer once, outside the loop over epochs.",
         "Save and load optimizer.state_dict() with the model's, and the scheduler's.",
         "If a new start is meant, warm the rate up again."),
        "Print len(optimizer.state) and a parameter's 'step' before the first step after the resume."),
    "betas_swapped": (
        "betas=(β₁, β₂) were given in the other order. β₁ is the mean of gradients, 0.9; β₂ that of their squares, "
        "0.95 to 0.999.",
        ("Give betas=(0.9, 0.999).",), "Train the same steps with the two in the other order."),
    "wrong_sign/maximize": (
        "maximize=True turns the steps round: it is meant for rewards.",
        ("Leave maximize=True out.", "For a reward, observe and maximise the reward itself, or minimise minus it."),
        "Take one small step on a batch, and compute its loss again: it must fall."),
    "wrong_sign/factor": (
        "A minus too many stands before the loss (or a negative weight): training makes the model worse.",
        ("Print the loss without its factors: it is 0 or more.", "Take the minus away: these losses are minimised as "
         "they are.", "If an adversary is meant to gain by it, this is no disease."),
        "Watch the accuracy: it falls below chance."),
    "wrong_sign/targets": (
        "The targets are outside of what the loss takes. Binary cross-entropy wants 0 to 1: with labels of −1 and 1, "
        "or masks of 0 and 255, it has no least value.",
        ("Print the least and the largest target.", "Map them to 0 … 1: (y + 1) / 2, or y / 255."),
        "Compute the loss of one row by hand."),
    "weight_decay_too_high": (
        "Decay takes more from the weights at each step than the gradients give.",
        ("Lower weight_decay: 0.01 to 0.1 is usual with AdamW, 1e-5 to 1e-3 with SGD and with Adam's own decay.",
         "Leave biases and norms out of it."),
        "Train the same steps with weight_decay=0: do the norms stay, and does the loss fall?"),
    "weight_decay_too_high/penalty": (
        "A term of the loss pulls all weights towards 0 and outweighs what the model is for: a penalty on the weights "
        "with too large a factor, or one that is summed where a mean was meant.",
        ("Print both terms of the loss beside each other, and make the penalty's factor a hundred times smaller.",
         "Use the optimizer's weight_decay (AdamW) instead of a term of the loss."),
        "Train a hundred steps without the penalty: does the other term fall?"),
    "wrong_output": (
        "The output has passed an activation that the loss applies itself, or a clamp that holds it back, or lacks the "
        "activation that it needs.",
        ("cross_entropy and binary_cross_entropy_with_logits take raw numbers: leave out softmax, sigmoid, ReLU "
         "and clamp before them.", "nll_loss and kl_div take log-probabilities: log_softmax before them."),
        f"Take the activation away and compare the first loss with ln(classes); {CHECKLIST} does."),
    "broadcast_loss": (
        "A target of N numbers against an output of N × 1 is broadcast: each row is compared with the targets of all "
        "others, and the best answer is their mean.",
        ("Give both the same shape: target.unsqueeze(1), or output.squeeze(1).",),
        "Print output.shape and target.shape before the loss."),
    "bad_start": (
        "Weights or inputs are far too large at the start: the model is sure of nonsense, and must unlearn it first.",
        ("Scale the inputs to mean 0 and spread 1.", "Use the usual start: 1/√(fan in), or 0.02 for embeddings.",
         "Check the labels and the last layer."),
        "Print the spread of the model's output for one batch at the start: about 1 or less is usual."),
    "rate_too_low/targets": (
        "The targets are far larger than what the model puts out at the start, and each step moves a weight by about "
        "the rate: it would take very many of them.",
        ("Normalise the targets: subtract their mean, divide by their spread.",
         "Start the last bias at the targets' mean.", "Raise the rate of the last layer."),
        "Print the targets' mean and spread beside the outputs'."),
    "rate_too_low": (
        "The steps are very short, and the loss still falls evenly: nothing but the rate holds it back.",
        ("Raise the rate, three times and ten times, and compare the first hundred steps.",
         "Check whether the schedule or the warmup holds the rate down."),
        "Run a hundred steps at ten times the rate: does the loss fall about ten times as fast?"),
    "vanishing_gradients": (
        "Saturating activations without normalisation or residual paths pass on a fraction of the gradient, layer "
        "after layer.",
        ("Use ReLU, GELU or tanh instead of sigmoid, normalisation, residual paths; fewer layers.",
         "Start the weights larger, with the gain of the activation.",
         "adaptive:The step of the first layers is as long as that of the others, but led by noise and ε."),
        "Train the same model with half as many layers: does the loss fall?"),
}
