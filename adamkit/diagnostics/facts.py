"""Facts of a run as they come in: what happened to steps, gradients, weights, modes and groups. No judgement here."""

import weakref

import numpy as np
import torch

from adamkit.diagnostics import graph
from adamkit.diagnostics.modes import Modes
from adamkit.diagnostics.probe import Order, Probe, norm_of

#: Steps whose backward pass is probed in any case; from the second one of two in a row that look odd on, more are.
PROBED = (1, 2, 3, 50)
#: Most probes of a run, and most entries of a list.
PROBES, ENTRIES = 12, 40
#: Steps after which layers that never had a gradient are looked for in the forward pass.
USED = (2, 5, 20)
#: Losses of which the graph is read, at most.
GRAPHS = 3


class Facts:
    """Collects facts for one monitor.

    Args:
        model: the module.
        watched: `watched.Watched`.
        classes: number of classes, if the user told it.
    """

    def __init__(self, model, watched, classes):
        self.modes, self.classes = Modes(model), classes
        self.graph, self._graphs, self._strangers = None, 0, []
        self.probes, self.flips, self.replaced, self.foreign, self.shared = [], [], [], {}, {}
        self.used, self._users = {}, []
        self.again, self._last = 0, None
        self.losses = self.unstepped = self.detached = self.rebuilt = 0
        self.looks, self.ends = [], [None, None]
        self.validated = []
        self.resets, self._versions, self.order = [], None, []
        self.unwritten, self._left, self._kept, self._turned = 0, {}, False, 0
        self.taken = [0] * len(watched.optimizers.all)
        self._stepped = [0] * len(watched.optimizers.all)
        self._fed, self._there, self._mine, self._alike = set(), None, None, 0
        self.rewatch(watched)
        self._probe = self._new_probe(1)

    def rewatch(self, watched):
        """The parameters are others now."""
        old = getattr(self, "names", [])
        self._settle_present()
        self.watched, self.names = watched, watched.names
        self.present = np.append(getattr(self, "present", []), np.zeros(len(self.names) - len(old)))
        self.trained = [p.requires_grad for p in watched.params]
        new = range(len(old), len(self.names))
        self.fresh = [*getattr(self, "fresh", []), *(self.names[k] for k in new if graph.fresh(watched.params[k]))]
        self._held = [slot for slot in range(len(self.names)) if watched.given[slot] >= 0]
        if getattr(self, "_order", None) is not None:
            self._order.close()
        self._order = Order(watched.params)
        self._few = {*sorted(self._held, key=lambda slot: watched.params[slot].numel())[:2], *self._held[-2:]}

    def loss(self, loss, step):
        """A loss was observed: a tensor, with its graph if it has one, or a number. True if it is a new one.

        One tensor may be told before and after a step, by a loop and by its logger: it still counts once.
        """
        if torch.is_tensor(loss) and self._last is not None and self._last[0]() is loss and (
                self._last[2] == loss._version):  # else somebody has written a new number into it
            if step <= self._last[1] + 1:
                return False
            self.again += 1
        elif torch.is_tensor(loss):
            self._last = weakref.ref(loss), step, loss._version
        self.losses += 1
        if torch.is_tensor(loss):
            self._look_at(loss)
        return True

    def _look_at(self, loss):
        if loss.grad_fn is None:
            self.rebuilt += loss.requires_grad
            self.detached += not loss.requires_grad
        elif self._graphs < GRAPHS and loss.numel() == 1:
            self._graphs += 1
            self._read(loss)

    def _read(self, loss):
        known = {id(p) for p in self.watched.params}
        found = graph.read(loss, known)
        reached = found.pop("reached")
        strangers = found.pop("strangers")
        found["others"] = len(strangers) or None
        self._strangers += [leaf for leaf in strangers if graph.fresh(leaf)]
        missing = {name for name, p in zip(self.names, self.watched.params) if id(p) not in reached}
        found["missing"] = sorted(missing if self.graph is None else missing & set(self.graph["missing"]))
        self.graph = found if self.graph is None else {**self.graph, **{
            name: value for name, value in found.items() if value is not None}}

    def begin(self, step, grads, mine):
        """Before a step of an optimizer that holds the parameters ``mine``."""
        there = [g is not None for g in grads]
        if there != self._there or mine is not self._mine:  # seldom
            self._settle_present()
            self._there, self._mine, self._present_now = there, mine, np.array(there, dtype=bool) & mine
        self._alike += 1
        if not any(self.taken):  # weights may have been loaded or frozen after the monitor was made
            self.trained = [p.requires_grad for p in self.watched.params]
            self.fresh = [name for name, p in zip(self.names, self.watched.params) if graph.fresh(p)]
        if 0 in self.taken:
            self._fed |= {int(number) for number in self.watched.given[np.array(there, dtype=bool) & ~mine]
                          if number >= 0}
        trained = [p.requires_grad for p in self.watched.params]
        if trained != self.trained:
            for name, now, before in zip(self.names, trained, self.trained):
                if now != before and len(self.flips) < ENTRIES:
                    self.flips.append([step, name, now])
            self.trained = trained
        if self._probe is not None and self._probed == step:  # one for the next row waits until all have stepped
            self.probes.append({"step": step, **self._probe.result(self.watched.params)})
            self._probe = None
        if self._users:
            for hook in self._users:
                hook.remove()
            self._users = []
        return self._present_now

    def _settle_present(self):
        """Add the steps since the last change to `present`: one sum for many steps that are alike."""
        if self._alike:
            self.present = self.present + self._alike * self._present_now
            self._alike = 0

    def end(self, step, grads, number):
        """After a step of the optimizer of that number: shall the next backward pass be probed?"""
        self.taken[number] += 1
        self._stepped[number] = step
        if self._order is not None and self._order.slots:
            self.order = [self.names[slot] for slot in self._order.slots]
            self._order.close()
            self._order = None
        versions = [None if grads[slot] is None or grads[slot].is_sparse else (
            grads[slot].data_ptr(), grads[slot]._version) for slot in self._few]
        kept = self._versions is not None and any(
            now and then and now[0] == then[0] and now[1] > then[1] for now, then in zip(versions, self._versions))
        self._versions = versions
        self._turned = 3 if kept and not self._kept else self._turned - 1
        self._kept = kept
        self.unwritten += self._untouched(grads, number)
        odd = kept or not any(g is not None for g in grads) or self._odd
        if step in USED:
            self._look_for_use()
        if len(self.probes) < PROBES and (step + 1 in PROBED or self._turned > 0 or (odd and _sparse(step))):
            self._probe = self._new_probe(step + 1)

    def _untouched(self, grads, number):
        """True if nothing has written to an optimizer's gradients since its last step: no new tensor, no new sum.

        What is written through ``.data`` or NumPy is not counted by torch: where nothing else was, norms tell.
        """
        now = {slot: (weakref.ref(grads[slot]), grads[slot]._version) for slot in self._few
               if self.watched.given[slot] == number and grads[slot] is not None}
        before, norms = self._left.get(number, (None, None))
        same = bool(now and before and now.keys() == before.keys() and all(
            before[slot][0]() is kept() and before[slot][1] == version for slot, (kept, version) in now.items()))
        known = [norm_of(grads[slot]) for slot in now] if same else None
        self._left[number] = now, known
        return same and known == norms

    def _look_for_use(self):
        """Layers that should be trained, and have never had a gradient: does the model call them?"""
        self._settle_present()
        idle = [self.names[slot].rpartition(".")[0] for slot in self._held
                if not self.present[slot] and self.watched.params[slot].requires_grad]
        modules = dict(self.modes.root.named_modules())
        for layer in dict.fromkeys(idle[:ENTRIES]):
            if layer in modules:
                self.used.setdefault(layer, None)
                self._users.append(modules[layer].register_forward_hook(_Use(self.used, layer)))

    @property
    def _odd(self):
        """True if a probe saw gradients that were gone, or never came, before."""
        last = self.probes[-1] if self.probes else None
        return last is not None and (last["held"] > 0 or last["found"] < last["alive"] or not last["arrived"])

    def _new_probe(self, step):
        self._probed = step
        chosen = set(self._held) if step == 1 or self._odd else self._few
        # Of an optimizer that skips this step the old gradients may well be kept.
        chosen = {slot for slot in chosen if self._stepped[self.watched.given[slot]] == step - 1}
        return Probe([p if slot in chosen else _NOTHING for slot, p in enumerate(self.watched.params)])

    def waiting(self, pending, usual):
        """Losses wait for a step that does not come: look now and then at what lies in the gradients."""
        if pending < 2 * usual + 2 or pending & (pending - 1) or len(self.looks) >= ENTRIES:
            return
        grads = [p.grad for p in self.watched.params if p.grad is not None and not p.grad.is_sparse]
        bad = any(not bool(torch.isfinite(g).all()) for g in grads)
        self.looks.append({"losses": self.losses, "gradients": len(grads), "bad": bad,
                           "alive": any(bool(g.any()) for g in grads)})

    def to_dict(self, step, others):
        """Everything as plain values, ready for JSON."""
        self._settle_present()
        strangers = [list(leaf.shape) for leaf in self._strangers if id(leaf) not in others]
        return {"steps": step, "losses": self.losses, "unstepped": self.unstepped, "ends": self.ends,
                "again": self.again, "detached": self.detached, "rebuilt": self.rebuilt, "looks": self.looks,
                "probes": self.probes, "flips": self.flips, "replaced": self.replaced, "resets": self.resets,
                "fresh": self.fresh, "idle": self._idle(), "order": self.order,
                "unwritten": self.unwritten, "doubly": self._doubly(),
                "foreign": [[name, *entry] for name, entry in self.foreign.items()],
                "graph": self.graph, "strangers": strangers,
                "used": dict(self.used), "foreign_shared": self.shared, "classes": self.classes,
                "present": dict(zip(self.names, self.present.tolist())),
                "modes": {"sensitive": len(self.modes.sensitive), "norms": len(self.modes.norms),
                          "changes": self.modes.changes, "sizes": [list(size) for size in self.modes.sizes],
                          "validation": self._passes()}}

    def _idle(self):
        """[class, names of its parameters] of each optimizer that never stepped, though gradients lay there."""
        return [[type(self.watched.optimizers.all[number]).__name__,
                 [name for name, owner in zip(self.names, self.watched.given) if owner == number]]
                for number, steps in enumerate(self.taken) if not steps and number in self._fed]

    def _doubly(self):
        """Names of the parameters that two of our optimizers hold."""
        slots = {int(bucket.slots[place]) for shared in self.watched.doubly for bucket, places in shared
                 for place in places}
        return [self.names[slot] for slot in sorted(slots)]

    def _passes(self):
        """[usual number of training passes a step, least number around a validation, validations] or None.

        Only validations without a pass in evaluation mode count: statistics may be renewed beside those.
        """
        extra, proper = np.diff(self.modes.passes), np.diff(self.modes.evaluations) > 0
        held = sorted({at - 1 for at in self.validated if 1 <= at <= len(extra)})
        plain = np.delete(extra, held) if len(extra) else extra
        held = [place for place in held if not proper[place]]
        if len(held) < 2 or len(plain) < 5:
            return None
        return [int(np.median(plain)), int(extra[held].min()), len(held)]


class _Use:
    """Notes that a module was called, and whether what it gave has a graph."""

    def __init__(self, used, layer):
        self.used, self.layer = used, layer

    def __call__(self, module, inputs, output):
        if not torch.compiler.is_compiling():
            first = output[0] if isinstance(output, tuple | list) and output else output
            self.used[self.layer] = bool(getattr(first, "requires_grad", False) or self.used[self.layer])


_NOTHING = torch.zeros(0)


def _sparse(step):
    """At a step out of few: all of the first eight, then powers of two."""
    return step < 8 or not step & (step - 1)
