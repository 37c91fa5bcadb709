"""What an optimizer knows about g², read from its state: where v is kept, and how much of its weight is collected.

    effective rate = η / (√v̂ + ε),   v̂ = v / (1 − β₂ᵗ)   (no correction for RMSprop and AdaGrad)

The slip to avoid is to leave 1 − β₂ᵗ out: at t = 1 with β₂ = 0.999 the rate would read 32 times too large.
"""

import numpy as np
import torch

#: State keys that hold v, the one that the optimizer divides by first; True if it is corrected for its start.
KEYS = {"max_exp_avg_sq": True, "exp_avg_sq": True, "square_avg": False, "sum": False}
#: Options by which optimizers say that they do not correct v.
SWITCHES = ("correct_v", "bias_correction", "correct_bias")


class SecondMoments:
    """v of each parameter, and what the rule makes of it.

    Args:
        optimizer: any torch optimizer.
        params: the parameters, in the order of the arrays.

    Attributes:
        group_of: number of the parameter group of each parameter, −1 for those that are in none, shape (params,).
        steps: steps that the optimizer took with each parameter, shape (params,).
    """

    def __init__(self, optimizer, params):
        self.optimizer, self.params = optimizer, params
        self.steps = np.zeros(len(params))
        self._seen = np.zeros(len(params), dtype=bool)
        self.regroup()

    def regroup(self):
        """Look again which group each parameter is in."""
        groups = self.optimizer.param_groups
        place = {id(p): number for number, group in enumerate(groups) for p in group["params"]}
        self.group_of = np.array([place.get(id(p), -1) for p in self.params])
        self.groups = len(groups)

    def count(self):
        """Count a step for each parameter that has a gradient; a resumed optimizer's own count is read once."""
        if self.groups != len(self.optimizer.param_groups):
            self.regroup()
        for slot, p in enumerate(self.params):
            if p.grad is None:
                continue
            if not self._seen[slot]:
                self._seen[slot] = True
                self.steps[slot] = self._own_count(p, self.group_of[slot])
            self.steps[slot] += 1

    def _own_count(self, p, group):
        """Steps that the optimizer has taken with p so far, by its own count; 0 where it keeps none."""
        memory = self.optimizer.state.get(p, {})
        count = memory.get("step", self.optimizer.param_groups[group].get("step", 0) if group >= 0 else 0)
        return float(count)

    def kept(self):
        """v of each parameter, or None where the optimizer keeps none that can be read."""
        state = self.optimizer.state
        return [self._of(p, state[p]) if p in state else None for p in self.params]

    def _of(self, p, memory):
        for key in KEYS:
            v = memory.get(key)
            if torch.is_tensor(v) and v.shape == p.shape and v.is_floating_point():
                return v
        return None

    def corrections(self):
        """1 − β₂ᵗ of each parameter, 1 where the rule does not correct, shape (params,)."""
        weights = np.ones(len(self.params))
        for number, group in enumerate(self.optimizer.param_groups):
            beta2 = _beta2(group)
            if beta2 is not None and all(group.get(switch, True) for switch in SWITCHES):
                mine = self.group_of == number
                weights[mine] = 1 - beta2 ** np.maximum(self.steps[mine], 1)
        return weights

    def eps(self):
        """ε of each parameter, shape (params,)."""
        by_group = np.array([_number(group.get("eps", 0.0)) for group in self.optimizer.param_groups] + [0.0])
        return by_group[self.group_of]

    def rates(self):
        """η of each group as a number, or as a copy of the tensor where it lives on a device: no waiting for it."""
        return [_rate(group["lr"]) for group in self.optimizer.param_groups]


def hypers(optimizer):
    """The hyper-parameters of the first group that are plain numbers or switches, by name."""
    plain = (bool, int, float, str, tuple, list)
    group = optimizer.param_groups[0]
    return {name: list(value) if isinstance(value, tuple) else value
            for name, value in group.items() if name not in ("params", "param_names") and isinstance(value, plain)}


def _beta2(group):
    """β₂ if the group's rule averages with betas and corrects them; None for RMSprop, AdaGrad and SGD."""
    betas = group.get("betas")
    if isinstance(betas, tuple | list) and betas and isinstance(betas[-1], int | float):
        return float(betas[-1])
    return None


def _number(value):
    value = value[0] if isinstance(value, tuple | list) else value
    return float(value) if isinstance(value, int | float) else 0.0


def _rate(lr):
    if not torch.is_tensor(lr):
        return float(lr)
    return lr.detach().clone() if lr.device.type != "cpu" else float(lr)
