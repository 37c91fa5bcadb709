"""What an optimizer knows about g², read from its state: where v is kept, and how much of its weight is collected.

    effective rate = η / (√v̂ + ε),   v̂ = v / (1 − β₂ᵗ)   (no correction for RMSprop and AdaGrad)

The slip to avoid is to leave 1 − β₂ᵗ out: at t = 1 with β₂ = 0.999 the rate would read 32 times too large.
"""

from typing import NamedTuple

import numpy as np
import torch

#: State keys that hold v, the one that the optimizer divides by first.
KEYS = ("max_exp_avg_sq", "exp_avg_sq", "square_avg", "sum")
#: Options by which optimizers say that they do not correct v.
SWITCHES = ("correct_v", "bias_correction", "correct_bias")


class SecondMoments:
    """v of each parameter, and what the rule makes of it.

    Args:
        optimizers: `optimizers.Optimizers`.
        params: the parameters, in the order of the arrays.

    Attributes:
        group_of: number of the parameter group of each parameter, −1 for those that are in none, shape (params,).
        steps: steps that the optimizer took with each parameter, shape (params,), but for the last few, which all had
            the same gradients ``present``: those are counted once for all.
    """

    def __init__(self, optimizers, params):
        self.optimizers, self.params = optimizers, params
        self.steps = np.zeros(len(params))
        self._key = self._fixed = None
        self._seen, self._keys = np.zeros(len(params), dtype=bool), [None] * len(params)
        self._unread, self._present, self._alike = True, np.zeros(len(params), dtype=bool), 0
        self.regroup()

    def take_over(self, before):
        """Go on with what another one has counted, of the parameters that both have."""
        place = {id(p): slot for slot, p in enumerate(before.params)}
        for slot, p in enumerate(self.params):
            old = place.get(id(p))
            if old is not None and self.group_of[slot] >= 0:
                self.steps[slot] = before.steps[old] + before._alike * before._present[old]
                self._seen[slot] = before._seen[old]

    def regroup(self):
        """Look again which group each parameter is in."""
        groups = self.optimizers.param_groups
        place = {id(p): number for number, group in enumerate(groups) for p in group["params"]}
        self.group_of = np.array([place.get(id(p), -1) for p in self.params])
        self._sizes = [len(group["params"]) for group in groups]

    def now(self, present):
        """`Hypers` of the step that is about to be taken; counts it for each parameter that has a gradient.

        Args:
            present: whether each parameter has a gradient, (params,).
        """
        groups = self.optimizers.param_groups
        if self._sizes != [len(group["params"]) for group in groups]:
            self.regroup()
        if self._unread:
            self._read_counts(present)
        if present is not self._present:  # seldom
            self.steps, self._alike, self._present = self.steps + self._alike * self._present, 0, present
        self._alike += 1
        key = [(group.get("betas"), group.get("eps")) for group in groups]
        if key != self._key:  # they seldom change
            self._key = key
            self._fixed = [_beta2(group) for group in groups], [_number(group.get("eps", 0.0)) for group in groups]
        return Hypers([_rate(group.get("lr")) for group in groups], *self._fixed, self.group_of, self.steps,
                      self._alike, present)

    def _read_counts(self, present):
        """Read once, of each parameter that has a gradient for the first time, how far the optimizer has counted."""
        self.steps, self._alike = self.steps + self._alike * self._present, 0
        for slot in np.flatnonzero(np.array(present) & ~self._seen):
            self._seen[slot] = True
            self.steps[slot] = self._own_count(self.params[slot], self.group_of[slot])
        self._unread = not self._seen.all()

    def _own_count(self, p, group):
        """Steps that the optimizer has taken with p so far, by its own count; 0 where it keeps none."""
        memory = self.optimizers.state_of(p)
        count = memory.get("step", self.optimizers.param_groups[group].get("step", 0) if group >= 0 else 0)
        return _number(count.item() if torch.is_tensor(count) else count)

    def own_counts(self):
        """Steps that the optimizers have counted with each parameter, (params,); 0 where they keep no count."""
        return np.array([self._own_count(p, group) for p, group in zip(self.params, self.group_of)])

    def kept(self):
        """v of each parameter, or None where the optimizer keeps none that can be read."""
        memories = self.optimizers.states_of(self.params)
        found = [memory.get(key) if key else None for memory, key in zip(memories, self._keys)]
        if any(v is None for v in found):  # the first step, or parameters without v: look again
            self._keys = [_key(p, memory) for p, memory in zip(self.params, memories)]
            found = [memory[key] if key else None for memory, key in zip(memories, self._keys)]
        return found


class Hypers(NamedTuple):
    """What a step's effective rates need besides v: numbers of each group, and of each parameter its group and count.

    Attributes:
        rates: η, numbers or tensors on a device. beta2: β₂, None where v is not corrected. eps: ε.
        group_of, before: group and count before the last ``alike`` steps, shape (params,).
        present: which parameters took part in those, (params,).
    """

    rates: list
    beta2: list
    eps: list
    group_of: np.ndarray
    before: np.ndarray
    alike: int
    present: np.ndarray

    @property
    def steps(self):
        """Steps taken with each parameter, this one included."""
        return self.before + self.alike * self.present


def by_parameter(steps, rates):
    """η, 1 − β₂ᵗ and ε of each parameter, each (rows, params), as a dict.

    Args:
        steps: `Hypers` of each row.
        rates: η of each group as plain numbers, one array a row.
    """
    out = {"eta": [], "corrections": [], "eps": []}
    for hypers, eta in zip(steps, rates):
        # A parameter in no group, −1, finds the last entry: no rate.
        beta2 = np.array([0.0 if value is None else value for value in hypers.beta2] + [0.0])[hypers.group_of]
        out["eta"].append(np.append(eta, 0.0)[hypers.group_of])
        out["corrections"].append(1 - beta2 ** np.maximum(hypers.steps, 1))
        out["eps"].append(np.array([*hypers.eps, 0.0])[hypers.group_of])
    return {name: np.stack(values) for name, values in out.items()}


def _key(p, memory):
    """Where this parameter's v stands in its state; None if it keeps none that can be read."""
    for key in KEYS:
        v = memory.get(key)
        if torch.is_tensor(v) and v.shape == p.shape and v.is_floating_point():
            return key
    return None


def hypers(optimizer):
    """The hyper-parameters of the first group that are plain numbers or switches, by name."""
    plain = (bool, int, float, str, tuple, list)
    group = optimizer.param_groups[0]
    return {name: [part.item() if torch.is_tensor(part) else part for part in value] if isinstance(value, tuple | list)
            else value for name, value in group.items()
            if name not in ("params", "param_names") and isinstance(value, plain)}


def _beta2(group):
    """β₂ if the group's rule averages with betas and corrects them; None for RMSprop, AdaGrad and SGD."""
    betas = group.get("betas")
    if not all(group.get(switch, True) for switch in SWITCHES):
        return None
    if isinstance(betas, tuple | list) and betas and (isinstance(betas[-1], int | float) or torch.is_tensor(betas[-1])):
        return float(betas[-1])
    return None


def _number(value):
    value = value[0] if isinstance(value, tuple | list) else value
    return float(value) if isinstance(value, int | float) else 0.0


def _rate(lr):
    """η of a group; NaN for a rule that has none, or makes its own (None)."""
    if not torch.is_tensor(lr):
        return float(lr) if isinstance(lr, int | float) else np.nan
    return lr.detach().clone() if lr.device.type != "cpu" else float(lr)
