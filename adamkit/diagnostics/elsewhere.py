"""Steps that other optimizers take with the same weights, and monitors that follow each other on one optimizer."""

import weakref

from torch.optim import optimizer as torch_optimizer

#: Optimizer → weak reference to the monitor that watches it.
_WATCHING: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def claim(optimizer, monitor):
    """From now on this monitor watches the optimizer; one that did until now is closed."""
    before = watching(optimizer)
    if before is not None and before is not monitor:
        before.close()
    _WATCHING[optimizer] = weakref.ref(monitor)


def watching(optimizer):
    """The monitor that watches an optimizer, or None."""
    held = _WATCHING.get(optimizer)
    return held() if held is not None else None


class Others:
    """Listens to the steps of all optimizers, for those that move the parameters of one monitor and are not its own.

    Args:
        monitor: told by ``monitor._foreign(optimizer)``; held weakly.

    Attributes:
        held: ids of the parameters of all other optimizers that have stepped.
    """

    def __init__(self, monitor):
        self._monitor, self._known, self.held = weakref.ref(monitor), weakref.WeakKeyDictionary(), set()
        self._handle = torch_optimizer.register_optimizer_step_post_hook(self)
        weakref.finalize(monitor, self._handle.remove)

    def __call__(self, optimizer, args, kwargs):
        monitor = self._monitor()
        if monitor is None or optimizer in monitor.optimizers.all:
            return
        size = sum(len(group["params"]) for group in optimizer.param_groups)
        if self._known.get(optimizer, (None,))[0] != size:
            theirs = {id(p) for group in optimizer.param_groups for p in group["params"]}
            self._known[optimizer] = size, not theirs.isdisjoint(id(p) for p in monitor.watched.params)
            self.held |= theirs
        if self._known[optimizer][1]:
            monitor._foreign(optimizer)

    def close(self):
        """Listen no more."""
        self._handle.remove()
