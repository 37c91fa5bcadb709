"""SGD as torch has it, and its relatives under their own names."""

from adamkit import rules
from adamkit.rules.arrays import is_off
from adamkit.torch_optim.base import RuleOptimizer


class SGD(RuleOptimizer):
    """SGD with torch's arguments: plain, with momentum, with Nesterov momentum.

    Args:
        params: parameters or groups of them.
        lr: learning rate η ≥ 0.
        momentum: μ in [0, 1); 0 is plain gradient descent.
        dampening: τ ≥ 0: the buffer is μb + (1−τ)g, after a first buffer of g itself.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
        nesterov: look ahead; needs a momentum, and no dampening.
        maximize, compile: see `RuleOptimizer`.

    The rules are `adamkit.rules.SGD`, `Momentum` (form="torch") and `Nesterov`.
    """

    rule_types = (rules.SGD, rules.Momentum, rules.Nesterov)

    def __init__(self, params, lr=1e-3, *, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False,
                 maximize=False, compile=False):
        defaults = {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay,
                    "nesterov": nesterov}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """Plain, Momentum or Nesterov, as the group's momentum and nesterov say."""
        momentum, dampening = group["momentum"], group["dampening"]
        common = {"lr": group["lr"], "weight_decay": group["weight_decay"]}
        if group["nesterov"]:
            if is_off(momentum) or not is_off(dampening):
                raise ValueError(f"SGD: nesterov needs momentum > 0 and dampening=0, got {momentum!r}, {dampening!r}")
            return rules.Nesterov(momentum=momentum, **common)
        if is_off(momentum):
            return rules.SGD(**common)
        return rules.Momentum(momentum=momentum, dampening=dampening, form="torch", **common)


class Momentum(RuleOptimizer):
    """Gradient descent with momentum, in any of the forms of `adamkit.rules.Momentum`.

    Args:
        params: parameters or groups of them.
        lr: learning rate η ≥ 0.
        momentum: μ in [0, 1).
        form: "heavy_ball" (the buffer accumulates), "ema" (it averages) or "torch".
        dampening: τ ≥ 0, for torch's form only.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.Momentum,)
    own_options = frozenset({"form", "nesterov"})
    fixed_options = {"nesterov": False}

    def __init__(self, params, lr=1e-3, *, momentum=0.9, form="heavy_ball", dampening=0.0, weight_decay=0.0,
                 maximize=False, compile=False):
        defaults = {"lr": lr, "momentum": momentum, "form": form, "dampening": dampening, "weight_decay": weight_decay}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.Momentum` with the group's values."""
        names = ("lr", "momentum", "form", "dampening", "weight_decay")
        return rules.Momentum(**{name: group[name] for name in names})


class Nesterov(RuleOptimizer):
    """Nesterov momentum: `adamkit.rules.Nesterov`, the same as ``SGD(momentum=…, nesterov=True)``.

    Args:
        params: parameters or groups of them.
        lr: learning rate η ≥ 0.
        momentum: μ in [0, 1).
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.Nesterov,)
    own_options = frozenset({"dampening", "nesterov"})
    fixed_options = {"dampening": 0.0, "nesterov": True}

    def __init__(self, params, lr=1e-3, *, momentum=0.9, weight_decay=0.0, maximize=False, compile=False):
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.Nesterov` with the group's values."""
        return rules.Nesterov(**{name: group[name] for name in ("lr", "momentum", "weight_decay")})
