"""The training loop: `fit`.

Its parts, each in a file of its own: `feed` (where batches come from), `stepping` (one step), `rates` (schedule and
hand), `readout` (numbers from the device), `running` (step after step, and what is done between them), `checkpoints`,
`randomness`, `devices`, `distributed`.
"""

import torch

from adamkit.training import arguments, devices, distributed, randomness
from adamkit.training.control import Control, Interrupts
from adamkit.training.feed import feed
from adamkit.training.history import History
from adamkit.training.rates import Rates
from adamkit.training.readout import readout
from adamkit.training.running import Run
from adamkit.training.stepping import Stepper
from adamkit.training.tasks import Task


class Watcher:
    """Something that looks at a training while it runs: override what you need.

    Called in the thread that trains, between steps; what it does takes time from the training.
    """

    # May have on_gradients(loss, clip), too: after the backward pass, before the gradients are clipped to ``clip`` (or
    # None) and the step is taken. ``loss`` is still on the device.

    def on_step(self, record):
        """After each step, with its `Record` (on CUDA a few steps later, so that the device is never waited for)."""

    def on_evaluation(self, step, values):
        """After each evaluation, with the number of steps done and {name: value}."""

    def close(self, history):
        """Once, when the training is over, whatever ended it (``history.ended`` is None after an exception)."""


def fit(model, batches, optimizer, *, steps, batch_size=64, loss=None, schedule=None, clip=None, accumulate=1,
        amp=None, compile=False, evaluate=None, evaluate_every=None, device="auto", seed=0, watchers=(), control=None,
        checkpoint=None, checkpoint_every=None, resume=False, ratio_every=1):
    """Train ``model`` for ``steps`` optimizer steps, and return the `History`.

        history = fit(task.fresh_model(0), task, AdamW(model.parameters()), steps=1000,
                      schedule=warmup_cosine(warmup=100, total=1000), clip=1.0)

    Args:
        model: a torch module; moved to ``device`` in place, with the optimizer's state. A part that is in evaluation
            mode stays in it, so a frozen body's batch norm keeps its statistics; unless all of the model is.
        batches: a `Task`; or an iterable of (inputs, targets), begun anew when it is used up (a DataLoader, a list);
            or a function, number of the batch from 0 → (inputs, targets).
        optimizer: any torch optimizer over the model's parameters, ours or torch.optim's.
        steps: number of optimizer steps in all, ≥ 0; after a resume, those of the checkpoint included.
        batch_size: rows of a step's batch, for a `Task` (1 … rows to train on). Other batches bring their size.
        loss: (outputs, targets) → scalar, a mean over rows; the task's own by default, else cross-entropy. When
            micro-batches are joined, ignored targets and class weights of torch's cross_entropy and nll_loss are
            heeded; a loss of your own counts by rows. Processes count alike.
        schedule: a schedule of `adamkit.schedules` or any function step (from 0) → factor on the optimizer's rates;
            or a torch.optim.lr_scheduler object on the same optimizer, which is stepped after each step.
        clip: largest allowed norm of all gradients together, > 0; larger ones are scaled down to it after all
            micro-batches are accumulated, before the step.
        accumulate: micro-batches a step, ≥ 1. A task's batch is cut into so many parts, so that the step stays the
            same and only a part's activations are held at once; of other sources, so many batches are joined.
        amp: None, or "bf16": forward passes run in bfloat16 where that is safe (`torch.autocast`); parameters,
            gradients and the optimizer stay as they are.
        compile: compile the model with `torch.compile` (on the CPU this needs a C++ compiler).
        evaluate: model → {name: number}, called without gradients and in evaluation mode, and without any effect on
            the random numbers of the training. For a `Task`: its test loss and accuracy by default.
        evaluate_every: steps between evaluations, ≥ 1; a tenth of the run by default. Also done at the end.
        device: "auto", "cpu", "cuda", "cuda:1", "mps" or a torch.device; see `adamkit.training.devices`.
        seed: of the order of a task's rows, and of Python's, NumPy's and torch's random numbers during the run;
            what they were before is restored after it. None leaves them alone (rows are ordered as with 0).
        watchers: objects with ``on_step(record)``, ``on_evaluation(step, values)`` and ``close(history)``, such as a
            `diagnostics.Monitor` of this model and optimizer, which sees the gradients before they are clipped.
        control: a `Control`, to pause, stop or change the rate from elsewhere.
        checkpoint: path of a file to keep the whole state in. It is written when the run ends or is stopped or
            interrupted, and every ``checkpoint_every`` steps. Never half written.
        checkpoint_every: steps between checkpoints, ≥ 1; only at the end by default.
        resume: go on from ``checkpoint`` if that file is there. On the CPU the result is then bit for bit that of a
            run without interruption. With False, a file that is there is an error: nothing is overwritten.
        ratio_every: steps between measurements of the update/weight ratio, ≥ 1; NaN in between.

    Returns:
        `History`; ``history.ended`` is "finished", "stopped" or "interrupted". Kernel → Interrupt and Ctrl-C end the
        run after the step that is being taken; a second one ends it at once.

    Raises:
        ValueError, TypeError: an argument, or a combination, that is not allowed, named with what is.
        adamkit.training.devices.OutOfMemory: with numbers and advice; it is a torch.OutOfMemoryError.
        adamkit.training.checkpoints.CheckpointError: the checkpoint is damaged or of another run; it stays untouched.
    """
    arguments.check_numbers(steps=steps, accumulate=accumulate, clip=clip, ratio_every=ratio_every, seed=seed,
                            evaluate_every=evaluate_every, checkpoint_every=checkpoint_every)
    arguments.check_precision(amp, model)
    arguments.check_optimizer(optimizer, model)
    path = arguments.check_checkpoint(checkpoint, checkpoint_every, resume, model)
    watchers = arguments.check_watchers(watchers)
    task = batches if isinstance(batches, Task) else None
    loss = loss or (task.loss if task else torch.nn.functional.cross_entropy)
    evaluate = evaluate or (task and TaskMeasure(task))
    place, world = devices.device(device), distributed.world()
    _move(model, optimizer, place)
    called = world.replicated(torch.compile(model) if compile else model, place)
    source = feed(batches, batch_size=batch_size, accumulate=accumulate, seed=seed, device=place, world=world)
    settings = _settings(model, optimizer, world, source=task.name if task else type(batches).__name__,
                         device=str(devices.describe(device)), batch_size=batch_size if task else None, steps=steps,
                         accumulate=accumulate, seed=seed, clip=clip, amp=amp, compile=bool(compile),
                         schedule=schedule and repr(schedule))
    with Interrupts() as interrupts, randomness.seeded(seed, place):
        seen_by = watchers if world.first else ()
        run = Run(model=model, optimizer=optimizer, feed=source, world=world, interrupts=interrupts, device=place,
                  stepper=Stepper(called, optimizer, loss, clip=clip, amp=amp, device=place, watchers=seen_by),
                  rates=Rates(optimizer, schedule), readout=readout(place), history=History(settings=settings),
                  steps=steps, ratio_every=ratio_every, evaluate_every=evaluate_every or max(1, steps // 10),
                  evaluate=evaluate, watchers=seen_by, control=control or Control(),
                  checkpoint=path, checkpoint_every=checkpoint_every)
        run.resume()
        return run.go()


class TaskMeasure:
    """model → mean loss over a task's test rows, and the share that is predicted correctly, `CHUNK` rows at a time."""

    CHUNK = 512

    def __init__(self, task):
        self.task = task

    def __call__(self, model):
        device = next(model.parameters()).device
        rows = slice(self.task.measured)
        inputs, targets = self.task.data.x_test[rows], self.task.data.y_test[rows]
        loss, correct = 0.0, 0
        for some, wanted in zip(inputs.split(self.CHUNK), targets.split(self.CHUNK), strict=True):
            wanted = wanted.to(device)
            outputs = model(some.to(device))
            loss += self.task.loss(outputs, wanted) * len(wanted) / len(targets)
            correct += (outputs.argmax(-1) == wanted).sum()
        return {"test_loss": loss, "test_accuracy": int(correct) / targets.numel()}


def _move(model, optimizer, device):
    """Model and optimizer state to the device, in place."""
    if all(p.device == device for p in model.parameters()):
        return
    model.to(device)
    if optimizer.state:
        optimizer.load_state_dict(optimizer.state_dict())  # puts each state tensor where its parameter is


def _settings(model, optimizer, world, **arguments):
    """What the run is made with, as plain values."""
    return {
        **arguments,
        "optimizer": type(optimizer).__name__,
        "parameters": sum(p.numel() for p in model.parameters()),
        "trained": sum(p.numel() for p in model.parameters() if p.requires_grad),
        "processes": world.size,
        "torch": str(torch.__version__),
    }
