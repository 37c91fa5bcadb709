"""The monitor: hooks on the optimizer measure a step, `Monitor.observe` adds the loss, the rest waits until asked."""

import numpy as np
import torch

from adamkit.diagnostics import examination, picture, watch
from adamkit.diagnostics.buckets import gather
from adamkit.diagnostics.clipping import Clipping
from adamkit.diagnostics.naming import named
from adamkit.diagnostics.rows import Layers, Row
from adamkit.diagnostics.second_moment import SecondMoments, hypers
from adamkit.diagnostics.store import Store

#: Rows that wait before they are settled together.
WAITING = 100


class Monitor:
    """Measures every step of a PyTorch training, and says what its readings mean.

        monitor = Monitor(model, optimizer)
        for x, y in batches:
            loss = …; loss.backward(); optimizer.step(); optimizer.zero_grad()
            monitor.observe(loss=loss)
        print(monitor.report())

    A row of the readings is a step of the optimizer. With gradient accumulation, call `observe` once a step, or for
    each part before the step: the losses between two steps are averaged. A step that a gradient scaler skips makes
    no row. Works on compiled and on distributed models (each process measures what it holds).

    Args:
        model: any torch.nn.Module. Its trainable parameters are watched even if the optimizer was not given them.
        optimizer: any torch.optim.Optimizer. Of those that keep ``exp_avg_sq`` (or RMSprop's ``square_avg``,
            AdaGrad's ``sum``) the effective rates are read too.
        every: measure weights and optimizer state at each ``every``-th step, 1 or more. Gradients and losses are
            watched at every step.
        on_nonfinite: what to do when a gradient holds NaN or infinity, before the optimizer spreads it:
            "warn", "raise" FloatingPointError (the weights are untouched then; on an accelerator this waits for
            the device once a step), or "record" silently.

    Between the start and the end of a measured step it keeps a copy of the weights. Rows cost about 50 bytes a step
    and layer.

    Use as a context manager, or call `close`, to take the hooks off; what was measured stays.
    """

    def __init__(self, model, optimizer, *, every=1, on_nonfinite="warn"):
        _check(model, optimizer, every)
        self.every, self._watch = every, watch.Watch(on_nonfinite)
        self.names, self.params = named(model, optimizer)
        self.layers = Layers(self.names, self.params)
        self._buckets = gather(self.params)
        self._moments = SecondMoments(optimizer, self.params)
        self._clipping = Clipping(self._buckets)
        self._store = Store(self.layers, self._buckets, self._watch, self.names)
        self._store.about |= {"optimizer": type(optimizer).__name__, "hypers": hypers(optimizer), "every": every,
                              "matrices": self._matrices(), **self._left_out()}
        self._row = self._open = self._grads = None
        self._losses, self._batch, self._after = [], None, None
        self.step = 0
        self._hooks = [optimizer.register_step_pre_hook(self._begin), optimizer.register_step_post_hook(self._end)]

    def observe(self, *, loss=None, validation=None, batch=None):
        """Note what belongs to the step that has just been taken, or is about to be taken.

        Costs nothing on the device: tensors are kept and read later, many in one transfer.

        Args:
            loss: of the batch; a number, or a tensor (its mean is taken).
            validation: loss on held-out data, at the steps where you measure it. Observed once before the first step,
                it also tells what fine-tuning destroys.
            batch: number of the batch: its place in the epoch, its shard or file. With it a bad one can be named.
        """
        if loss is not None:
            self._losses.append(loss.detach() if torch.is_tensor(loss) else loss)
        if batch is not None:
            self._batch = int(batch)
        if validation is not None:
            ahead = loss is not None and self._open is None and self._after is not True
            value = validation.detach() if torch.is_tensor(validation) else validation
            self._store.validation[self.step + ahead] = value
        if self._open is not None and loss is not None:
            self._finish()

    def clip_(self, max_norm):
        """Clip the gradients to a global norm, as torch.nn.utils.clip_grad_norm_ does, and record the share taken.

        Call it between backward and step (and after the scaler's ``unscale_``, if there is one). Unlike torch's
        function it lets the monitor see which gradient was not finite before the norm spreads it to all of them.

        Args:
            max_norm: largest norm of all gradients together, above 0.

        Returns:
            the norm before clipping, as a tensor.
        """
        return self._clipping.clip_(max_norm)

    def clipped(self, norm, max_norm):
        """Tell the monitor that ``torch.nn.utils.clip_grad_norm_`` returned ``norm`` for ``max_norm``."""
        self._clipping.told(norm, max_norm)

    def records(self):
        """Everything measured so far, as `Readings`."""
        return self._store.readings(self._open)

    def report(self):
        """What the readings mean, as a `Report`: see `examine`."""
        return examination.examine(self.records())

    def figure(self):
        """A picture of the run, as a matplotlib Figure: see `picture.draw`."""
        readings = self.records()
        return picture.draw(readings, examination.examine(readings))

    def close(self):
        """Take the hooks off the optimizer. What was measured stays."""
        if self._open is not None:
            self._finish()
        for hook in self._hooks:
            hook.remove()
        self._hooks = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    @torch.no_grad()
    def _begin(self, optimizer, args, kwargs):
        """Before the optimizer's step: the gradients, and a copy of the weights."""
        if self._open is not None:
            self._finish()
        self.step += 1
        self._row = row = Row(self.step)
        # Held until the step is over: making torch's Python objects for them anew, again and again, is not cheap.
        self._grads = [p.grad for p in self.params]
        row.hypers = self._moments.now([g is not None for g in self._grads])
        if not _closure(args, kwargs):  # with one, the gradients come during the step
            self._gradients(optimizer, row)
        row.measured = (self.step - 1) % self.every == 0
        if row.measured:
            for bucket in self._buckets:
                bucket.hold()

    def _gradients(self, optimizer, row):
        self._clipping.measure(row)
        scale = getattr(optimizer, "grad_scale", None)
        if scale is not None:  # fused optimizers undo the scaler's factor themselves, during the step
            row.gradients = [norms / (float(scale) if isinstance(norms, np.ndarray) else scale)
                             for norms in row.gradients]
            row.found_inf = getattr(optimizer, "found_inf", None)
        self._watch.gradients(row, self._buckets, self.names)

    @torch.no_grad()
    def _end(self, optimizer, args, kwargs):
        """After the optimizer's step: how far the weights went, and what v knew of the gradient."""
        row = self._row
        if row is None:  # attached in the middle of a step
            return
        if row.gradients is None:
            self._gradients(optimizer, row)
        if row.measured:
            kept = self._moments.kept()
            row.raw = [bucket.measured([kept[slot] for slot in bucket.slots]) for bucket in self._buckets]
            self._watch.weights(row, self._buckets, self.names)
        self._row, self._open, self._grads = None, row, None
        if self._after is None:
            self._after = not self._losses
        if not self._after:
            self._finish()

    def _finish(self):
        """The open row is complete: hand it to the store."""
        row, self._open = self._open, None
        row.losses, row.batch = self._losses, self._batch
        self._losses, self._batch = [], None
        self._store.rows.append(row)
        if len(self._store.rows) >= WAITING:
            self._store.settle()

    def _matrices(self):
        """Names of the layers that own a tensor of two or more dimensions: not the norms."""
        return list(dict.fromkeys(self.layers.names[layer] for layer, p in zip(self.layers.layer_of, self.params)
                                  if p.ndim > 1))

    def _left_out(self):
        """Names of parameters that are not trained: on purpose (frozen), or because the optimizer lacks them."""
        frozen = {name for name, p in zip(self.names, self.params) if not p.requires_grad}
        outside = {name for name, group in zip(self.names, self._moments.group_of) if group < 0}
        return {"frozen": sorted(frozen), "left_out": sorted(outside - frozen)}


def _closure(args, kwargs):
    """True if this step was given a closure. Hooks see the optimizer itself first among the arguments."""
    given = args[1:] if args and isinstance(args[0], torch.optim.Optimizer) else args
    return any(callable(value) for value in [*given, *kwargs.values()])


def _check(model, optimizer, every):
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"model={model!r} must be a torch.nn.Module")
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(f"optimizer={optimizer!r} must be a torch.optim.Optimizer")
    if not isinstance(every, int) or isinstance(every, bool) or every < 1:
        raise ValueError(f"every={every!r} must be a whole number, 1 or more")
