"""Hooks on optimizers measure their steps: rows begin and end here."""

import weakref

import numpy as np
import torch

from adamkit.diagnostics import elsewhere, watch
from adamkit.diagnostics.clipping import Clipping
from adamkit.diagnostics.facts import Facts
from adamkit.diagnostics.optimizers import Optimizers
from adamkit.diagnostics.rows import Row
from adamkit.diagnostics.second_moment import hypers
from adamkit.diagnostics.store import Store
from adamkit.diagnostics.watched import Watched

#: Rows, or losses of one row, that wait before they are settled together.
WAITING = 100


class Recorder:
    """What `monitor.Monitor` is made of: its arguments are described there.

    A row is opened by the first step of an optimizer, and done when all optimizers have stepped and its loss is
    known, or when one of them steps again. Whether losses come before or after the steps is seen at the first.
    """

    def __init__(self, model, optimizer, every, on_nonfinite, classes):
        self.every, self._watch = every, watch.Watch(on_nonfinite)
        self.model, self.optimizers = model, Optimizers(optimizer)
        self._store = Store(self._watch)
        self._row = self._open = self._grads = None
        self._losses, self._batch, self._after, self._usual = [], None, None, 0
        self.step, self._kept = 0, None
        self._look_anew()
        self._facts = Facts(model, self.watched, classes)
        first = self.watched
        self._store.about |= {"optimizer": self.optimizers.name, "hypers": hypers(self.optimizers), "every": every,
                              "counted": float(first.moments.own_counts().max(initial=0.0))}
        self._others, self._last_foreign = elsewhere.Others(self), None
        self._hooks = []
        for chosen in self.optimizers.all:
            self._follow(chosen)

    def _look_anew(self):
        """Watch what is there now: at the start, when groups or parameters have changed, or lazy ones got a shape."""
        before = getattr(self, "watched", None)
        if before is not None and not before.changed:
            return
        if self._open is not None:
            self._finish()
        self._store.settle()
        self.watched = Watched(self.model, self.optimizers, before)
        self._clipping = Clipping(self.watched.buckets)
        self._store.rewatch(self.watched)
        self._store.about |= self.watched.about()
        if before is not None:
            self._facts.rewatch(self.watched)

    def _follow(self, optimizer):
        elsewhere.claim(optimizer, self)
        monitor = weakref.ref(self)

        def called(method):
            def hook(*arguments):
                alive = monitor()
                if alive is not None:
                    method(alive, *arguments)
            return hook

        self._hooks += [optimizer.register_step_pre_hook(called(Recorder._begin)),
                        optimizer.register_step_post_hook(called(Recorder._end))]

    def _foreign(self, optimizer):
        """Another optimizer has moved our parameters; twice in a row without ours, and it has taken its place."""
        entry = self._facts.foreign.setdefault(type(optimizer).__name__, [self.step, 0])
        entry[1] += 1
        theirs = {id(p) for group in optimizer.param_groups for p in group["params"]}
        shared = [slot for slot, p in enumerate(self.watched.params) if id(p) in theirs]
        self._facts.shared.setdefault(type(optimizer).__name__, [self.watched.names[slot] for slot in shared])
        alone = {slot for slot in shared if self.watched.given[slot] < 0}
        if alone:  # its own business, as far as we watch: no other hand
            for bucket in self.watched.buckets:
                bucket.glance([place for place, slot in enumerate(bucket.slots) if slot in alone])
        again = self._last_foreign == (id(optimizer), self.step)
        self._last_foreign = (id(optimizer), self.step)
        if not again or len(alone) == len(shared) or elsewhere.watching(optimizer) is not None:
            return
        old = max(self.optimizers.all, key=lambda o: sum(id(p) in theirs for g in o.param_groups for p in g["params"]))
        if len(self._facts.replaced) < WAITING:
            self._facts.replaced.append([self.step, type(old).__name__, type(optimizer).__name__])
        entry[1] -= 2
        self.optimizers.replaced(old, optimizer)
        self.watched.lazy = True  # look anew before the next step
        self._follow(optimizer)

    def _begin(self, optimizer, args, kwargs):
        """Before an optimizer's step: the gradients, and a copy of the weights."""
        self._look_anew()
        number = self.optimizers.all.index(optimizer) if optimizer in self.optimizers.all else 0
        if self._open is not None and number in self._open.stepped:
            self._finish()
        watched = self.watched
        row = self._open or Row(self.step + 1, len(watched.buckets))
        if not _closure(args, kwargs):  # with one, the gradients come during the step
            self._gradients(optimizer, row, number)  # may raise: then no step has begun
        if not self.step:  # and not before: a state may be loaded after the monitor is made
            self._store.about["counted"] = float(watched.moments.own_counts().max(initial=0.0))
        if self._open is None:
            self.step += 1
            self._facts.modes.look(self.step)
        self._row, self._open = row, None
        # Each optimizer by its own count: of two that take turns one would never be measured by that of the rows.
        row.measured = self._facts.taken[number] % self.every == 0
        # Held until the step is over: making torch's Python objects for them anew, again and again, is not cheap.
        self._grads = [p.grad for p in watched.params]
        present = self._facts.begin(self.step, self._grads, watched.mine[number])
        row.hypers = watched.moments.now(present)
        for place in watched.of_optimizer[number]:
            bucket = watched.buckets[place]
            if row.measured:
                bucket.hold()
            changed = bucket.touched(held=row.measured)
            if changed is not None:
                row.touched.append(changed)

    def _gradients(self, optimizer, row, number):
        places = self.watched.of_optimizer[number]
        self._clipping.measure(row, places)
        scale = getattr(optimizer, "grad_scale", None)
        if scale is not None:  # fused optimizers undo the scaler's factor themselves, during the step
            for place in places:
                norms = row.gradients[place]
                row.gradients[place] = norms / (float(scale) if isinstance(norms, np.ndarray) else scale)
            row.found_inf = getattr(optimizer, "found_inf", None)
        self._watch.gradients(row, self.watched, places)

    def _end(self, optimizer, args, kwargs):
        """After an optimizer's step: how far the weights went, and what v knew of the gradient."""
        row, watched = self._row, self.watched
        if row is None:  # attached in the middle of a step
            return
        number = self.optimizers.all.index(optimizer) if optimizer in self.optimizers.all else 0
        places = watched.of_optimizer[number]
        if any(row.gradients[place] is None for place in places):
            self._gradients(optimizer, row, number)
        if row.measured:
            kept = watched.moments.kept()
            for place in places:
                bucket = watched.buckets[place]
                mine = kept if len(watched.buckets) == 1 else [kept[slot] for slot in bucket.slots]
                row.raw[place] = bucket.measured(mine)
            self._watch.weights(row, watched, places)
        else:
            for place in places:
                watched.buckets[place].glance()
        for bucket, shared in watched.doubly[number]:
            bucket.glance(shared)
        self._facts.end(self.step, self._grads, number)
        self._watch_state()
        row.stepped.append(number)
        self._row, self._open, self._grads = None, row, None
        if self._after is None:
            self._after = not self._losses
        if not self._after:
            self._complete(row)

    def _watch_state(self):
        """The optimizer's own count of steps, now and then: does it go backwards?"""
        if self.step % 8 and self.step > 8:
            return
        counted = float(self.watched.moments.own_counts().max(initial=0.0))
        if self._kept is not None and counted < self._kept[1] and len(self._facts.resets) < WAITING:
            self._facts.resets.append(self.step)
        self._kept = self.step, counted

    def _complete(self, row):
        """Take in the losses; if all optimizers have stepped, the row is done."""
        row.losses, self._losses = row.losses + self._losses, []
        row.batch = self._batch if row.batch is None else row.batch
        self._batch = None
        if len(row.stepped) == len(self.optimizers.all):
            self._finish()

    def _finish(self):
        """The open row is complete: hand it to the store."""
        row, self._open = self._open, None
        if not row.losses:
            row.losses, self._losses = self._losses, []
        row.batch, self._batch = (self._batch if row.batch is None else row.batch), None
        self._usual = max(self._usual, sum(count for _, count in row.losses))
        self._store.rows.append(row)
        if len(self._store.rows) >= WAITING:
            self._store.settle()

    def _wait(self, loss):
        """Keep a loss until its step is over; many that wait for one are folded into their mean."""
        self._losses.append((loss, 1))
        if len(self._losses) > WAITING:
            self._losses = [self._store.folded(self._losses)]
        if self._open is None:
            self._facts.waiting(sum(count for _, count in self._losses), self._usual)


def _closure(args, kwargs):
    """True if this step was given a closure. Hooks see the optimizer itself first among the arguments."""
    given = args[1:] if args and isinstance(args[0], torch.optim.Optimizer) else args
    return any(callable(value) for value in [*given, *kwargs.values()])
