"""One optimizer or several, wrapped or not, seen as one: their groups in a row, and the state of each parameter."""

import torch


class Optimizers:
    """What a monitor reads of its optimizers.

    Args:
        given: a torch optimizer, one in a wrapper that keeps it as ``.optimizer`` (accelerate, Lightning), or a list
            or tuple of such.

    Attributes:
        all: the optimizers themselves, without their wrappers.
    """

    def __init__(self, given):
        several = given if isinstance(given, list | tuple) else [given]
        self.all = [unwrapped(optimizer) for optimizer in several]
        if not self.all:
            raise ValueError(f"optimizer={given!r} is empty; give one torch.optim.Optimizer, or several in a list")

    @property
    def name(self):
        """Their classes' names."""
        return " + ".join(type(optimizer).__name__ for optimizer in self.all)

    @property
    def param_groups(self):
        """The groups of all of them, in order."""
        if len(self.all) == 1:
            return self.all[0].param_groups
        return [group for optimizer in self.all for group in optimizer.param_groups]

    def state_of(self, p):
        """What is kept of a parameter, as a dict; empty where nothing is. Makes no entry."""
        return next((state for state in (optimizer.state.get(p) for optimizer in self.all) if state), {})

    def states_of(self, params):
        """`state_of` each of them, a list."""
        if len(self.all) == 1:
            state = self.all[0].state
            return [state.get(p) or {} for p in params]
        return [self.state_of(p) for p in params]

    def owners(self):
        """id of each parameter → number of the optimizer that holds it."""
        return {id(p): number for number, optimizer in enumerate(self.all) for group in optimizer.param_groups
                for p in group["params"]}

    def replaced(self, old, new):
        """Put an optimizer in the place of another."""
        self.all[self.all.index(old)] = new


def unwrapped(optimizer):
    """The optimizer that takes the steps: what a wrapper holds, if the wrapper itself has no hooks."""
    given = optimizer
    while not (isinstance(optimizer, torch.optim.Optimizer) and hasattr(optimizer, "_optimizer_step_pre_hooks")):
        inner = getattr(optimizer, "optimizer", None)
        inner = getattr(optimizer, "_optimizer", None) if inner is None else inner
        if inner is None or inner is optimizer:
            raise TypeError(f"optimizer={given!r} must be a torch.optim.Optimizer, one wrapped as .optimizer, or a "
                            "list of them")
        optimizer = inner
    return optimizer
