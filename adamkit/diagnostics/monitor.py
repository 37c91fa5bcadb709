"""The monitor: what a training loop calls, and what it answers. `recorder` measures."""

import numpy as np
import torch

from adamkit.diagnostics import examination, picture
from adamkit.diagnostics.recorder import Recorder


class Monitor(Recorder):
    """Measures every step of a PyTorch training, and says what its readings mean.

        monitor = Monitor(model, optimizer)
        for x, y in batches:
            loss = …; loss.backward(); optimizer.step(); optimizer.zero_grad()
            monitor.observe(loss=loss)
        print(monitor.report())

    A row of the readings is a step of the optimizer. With gradient accumulation, call `observe` once a step, or for
    each part before the step: the losses between two steps are averaged. A step that a gradient scaler skips makes
    no row. Works on compiled and on distributed models (each process measures what it holds), and as a watcher of
    `training.fit`: ``fit(…, watchers=(monitor,))`` needs no call of `observe` and none of `clip_`.

    Args:
        model: any torch.nn.Module. Its trainable parameters are watched even if the optimizer was not given them.
        optimizer: any torch.optim.Optimizer, also in a wrapper that holds it as ``.optimizer`` (accelerate,
            Lightning); or several in a list, whose steps between two losses make one row. Of those that keep
            ``exp_avg_sq`` (or RMSprop's ``square_avg``, AdaGrad's ``sum``) the effective rates are read too. An
            optimizer that takes another's place later is followed, and a new monitor of the same optimizer closes
            the one before.
        every: measure weights and optimizer state at each ``every``-th step of each optimizer, 1 or more; the readings
            of the steps between are NaN. Gradients and losses are watched at every step, and so is whether another
            hand moves the weights between the steps.
        on_nonfinite: what to do when a gradient holds NaN or infinity, before the optimizer spreads it:
            "warn" once for each parameter, "raise" FloatingPointError at each such step (the weights are untouched
            then, and a loop may go on; on an accelerator this waits for the device once a step), or "record" silently.
        classes: number of classes of a classifier whose mean cross-entropy is observed, 2 or more; the first loss is
            judged by it. Where the loss is observed as a tensor, classes, sums and factors are read off that.

    Between the start and the end of a measured step it keeps a copy of the weights. Rows cost about 50 bytes a step
    and layer. On a CPU a step takes 0.2 to 0.7 milliseconds longer: 2 to 4% on one thread on a tiny CNN or GPT, 4 to
    5% on two, a third on a small MLP, whose step takes 0.7 milliseconds itself (``every=1`` costs some 40% more,
    ``every=10`` a third less). Give `observe` the loss itself, not its number: from its graph the report learns which
    weights it depends on, and whether output and loss fit.

    Use as a context manager, or call `close`, to take the hooks off; what was measured stays, and what is observed
    after that is left aside.
    """

    def __init__(self, model, optimizer, *, every=2, on_nonfinite="warn", classes=None):
        _check(model, every, classes)
        super().__init__(model, optimizer, every, on_nonfinite, classes)

    def observe(self, *, loss=None, validation=None, batch=None):
        """Note what belongs to the step that has just been taken, or is about to be taken.

        Costs nothing on the device: tensors are kept and read later, many in one transfer.

        Args:
            loss: of the batch; a number, or a tensor or array (its mean is taken). One that is told twice of the same
                step counts once, if it is the same tensor.
            validation: loss on held-out data, at the steps where you measure it. Observed once before the first step,
                it also tells what fine-tuning destroys.
            batch: number of the batch: its place in the epoch, its shard or file. With it a bad one can be named.
        """
        loss, validation = _number("loss", loss), _number("validation", validation)
        if not self._hooks:
            return  # closed: it sees no steps any more
        if self._open is not None and loss is not None and self._open.losses and not self._after:
            self._finish()
        if loss is not None and self._facts.loss(loss, self.step):
            self._wait(loss.detach().clone() if torch.is_tensor(loss) else loss)
        if batch is not None:
            self._batch = _place(batch)
        if validation is not None:
            ahead = loss is not None and self._open is None and self._after is not True
            value = validation.detach().clone() if torch.is_tensor(validation) else validation
            self._store.validation[self.step + ahead] = value
            self._facts.validated.append(self.step + ahead)
        if self._open is not None and loss is not None:
            self._complete(self._open)

    def clip_(self, max_norm):
        """Clip the gradients to a global norm, as torch.nn.utils.clip_grad_norm_ does, and record the share taken.

        Call it between backward and step (and after the scaler's ``unscale_``, if there is one). Unlike torch's
        function it lets the monitor see which gradient was not finite before the norm spreads it to all of them.

        Args:
            max_norm: largest norm of all gradients together, above 0.

        Returns:
            the norm before clipping, as a tensor.
        """
        self._look_anew()
        return self._clipping.clip_(max_norm)

    def clipped(self, norm, max_norm):
        """Tell the monitor that ``torch.nn.utils.clip_grad_norm_`` returned ``norm`` for ``max_norm``."""
        self._clipping.told(norm, max_norm)

    def on_gradients(self, loss, clip):
        """As a watcher of `training.fit`: after the backward pass, before the loop clips to ``clip`` (or None)."""
        self.observe(loss=loss)
        if clip is not None:
            self._look_anew()
            self._clipping.ahead(clip)

    def on_step(self, record):
        """As a watcher of `training.fit`: nothing is left to do after the step."""

    def on_evaluation(self, step, values):
        """As a watcher of `training.fit`: the first value with "loss" in its name is the validation loss."""
        name = next((name for name in values if "loss" in name), None)
        if name is not None:
            self.observe(validation=values[name])

    def records(self):
        """Everything measured so far, as `Readings`."""
        self._facts.unstepped = sum(count for _, count in self._losses)
        self._facts.ends = self._store.ends(self._losses)
        elsewhere = self._others.held
        self._store.about |= self.watched.left_out(elsewhere)
        readings = self._store.readings(self._open)
        readings.about["facts"] = self._facts.to_dict(self.step, elsewhere) | self._store.facts()
        return readings

    def report(self):
        """What the readings mean, as a `Report`: see `examine`."""
        return examination.examine(self.records())

    def figure(self):
        """A picture of the run, as a matplotlib Figure: see `picture.draw`."""
        readings = self.records()
        return picture.draw(readings, examination.examine(readings))

    def close(self, history=None):
        """Take the hooks off the optimizer. What was measured stays.

        Args:
            history: given by `training.fit` at its end; the hooks stay then, for the next one.
        """
        if self._open is not None:
            self._finish()
        if history is None:
            for hook in self._hooks:
                hook.remove()
            self._hooks = []
            self._others.close()
            self._facts.modes.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


def _number(name, value):
    """A loss as it can be kept until it is read: a tensor or a number; arrays become their mean at once."""
    if value is None or isinstance(value, float) or (torch.is_tensor(value) and value.numel()):
        return value
    try:
        array = np.asarray(() if torch.is_tensor(value) or isinstance(value, str) else value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        array = np.empty(0)
    if not array.size:
        raise TypeError(f"{name}={value!r} must be a number, or a tensor or an array of numbers")
    return float(array.mean())


def _place(batch):
    """A batch's number: an int, or what equals one, such as NumPy's and torch's."""
    try:
        if int(batch) == batch:
            return int(batch)
    except (TypeError, ValueError):
        pass
    raise TypeError(f"batch={batch!r} must be a whole number")


def _check(model, every, classes):
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"model={model!r} must be a torch.nn.Module")
    if not isinstance(every, int) or isinstance(every, bool) or every < 1:
        raise ValueError(f"every={every!r} must be a whole number, 1 or more")
    if classes is not None and (not isinstance(classes, int) or isinstance(classes, bool) or classes < 2):
        raise ValueError(f"classes={classes!r} must be a whole number, 2 or more, or None")
