"""A look at gradients where they arrive: at the nodes that add them to ``.grad``, before anything else touches them.

Told apart by it: gradients that nobody zeroed since the last step, and gradients that arrived and were gone, or were
scaled, at the step. A probe stays for a few backward passes only.
"""

import weakref

import torch

#: Parameters that are probed at once.
WIDEST = 64


class Probe:
    """What arrives between two steps.

    Args:
        params: which to look at; those that are not trained are left out.
    """

    def __init__(self, params):
        self._arrivals, self._nodes, self._handles = {}, [], []
        for slot, p in enumerate(params):
            if len(self._handles) < WIDEST and _trained(p):
                self._attach(slot, p)
        self.slots = len(self._handles)

    def _attach(self, slot, p):
        node, arrivals, kept = _arrival(p), self._arrivals, weakref.ref(p)

        def arrive(grads):
            known = kept()
            if known is not None and grads[0] is not None and not grads[0].is_sparse:
                entry = arrivals.setdefault(slot, {"held": [], "came": []})
                entry["held"].append(0.0 if known.grad is None or known.grad.is_sparse else known.grad.detach().norm())
                entry["came"].append(grads[0].detach().norm())

        self._nodes.append(node)
        self._handles.append(node.register_prehook(arrive))

    def result(self, params):
        """Takes the hooks off; what was seen, against the gradients that the step finds: a dict of plain numbers.

        "probed", "arrived" and "alive" (not all zero) count parameters; "held" those whose old gradient lay there at
        every arrival, so that nothing had zeroed it in between; "found" those whose gradient is there at the step, not
        zero; "passes" is how often gradients arrived, and "thrown" how many of them were zeroed before the next one;
        "factor" is how many times larger than at the step it came in (None if it came in parts or not at all).
        """
        for handle in self._handles:
            handle.remove()
        seen = {slot: ([float(n) for n in entry["came"]], min(float(n) for n in entry["held"]))
                for slot, entry in self._arrivals.items()}
        at_step = {slot: norm_of(params[slot].grad) for slot in seen}
        single = [came[0] / at_step[slot] for slot, (came, held) in seen.items()
                  if len(came) == 1 and not held and at_step[slot] > 0 and came[0] > 0]
        passes = max((len(entry["held"]) for entry in self._arrivals.values()), default=0)
        thrown = max((sum(float(n) == 0 for n in entry["held"][1:]) for entry in self._arrivals.values()), default=0)
        return {"probed": self.slots, "arrived": len(seen), "alive": sum(any(came) for came, _ in seen.values()),
                "held": sum(held > 0 for _, held in seen.values()), "passes": passes, "thrown": thrown,
                "found": sum(at_step[slot] != 0 for slot in seen),
                "factor": sorted(single)[len(single) // 2] if single else None}


class Order:
    """The order in which gradients arrive: that of the backward pass. Watched until the first step that had one.

    Args:
        params: as for `Probe`.

    Attributes:
        slots: slot → place.
    """

    def __init__(self, params):
        self.slots, self._nodes, self._handles = {}, [], []
        for slot, p in enumerate(params):
            if _trained(p):
                self._attach(slot, p)

    def _attach(self, slot, p):
        node, slots = _arrival(p), self.slots

        def arrive(grads):
            slots.setdefault(slot, len(slots))

        self._nodes.append(node)
        self._handles.append(node.register_prehook(arrive))

    def close(self):
        """Take the hooks off."""
        for handle in self._handles:
            handle.remove()
        self._nodes, self._handles = [], []


def _trained(p):
    return p.requires_grad and p.is_leaf and not p.is_meta


def _arrival(p):
    """The node of the graph that adds a gradient to ``p.grad``; its hooks live as long as somebody holds it."""
    with torch.enable_grad():
        return p.view_as(p).grad_fn.next_functions[0][0]


def norm_of(gradient):
    return 0.0 if gradient is None or gradient.is_sparse else float(gradient.detach().norm())
