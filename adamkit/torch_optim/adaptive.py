"""AdaGrad, RMSprop, Adam and AdamW with torch's arguments."""

from adamkit import rules
from adamkit.torch_optim.base import RuleOptimizer, betas_of


class AdaGrad(RuleOptimizer):
    """AdaGrad, as torch.optim.Adagrad; the rule is `adamkit.rules.AdaGrad`.

    Args:
        params: parameters or groups of them.
        lr: learning rate η ≥ 0.
        lr_decay: ≥ 0; the rate of step t is η / (1 + (t−1)·lr_decay).
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
        initial_accumulator_value: ≥ 0, where the sum of g² starts.
        eps: ε ≥ 0, outside the root.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.AdaGrad,)

    def __init__(self, params, lr=1e-2, *, lr_decay=0.0, weight_decay=0.0, initial_accumulator_value=0.0, eps=1e-10,
                 maximize=False, compile=False):
        defaults = {"lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay,
                    "initial_accumulator_value": initial_accumulator_value, "eps": eps}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.AdaGrad` with the group's values."""
        return rules.AdaGrad(
            lr=group["lr"],
            lr_decay=group["lr_decay"],
            weight_decay=group["weight_decay"],
            initial_accumulator=group["initial_accumulator_value"],
            eps=group["eps"],
        )


class RMSprop(RuleOptimizer):
    """RMSprop, as torch.optim.RMSprop; the rule is `adamkit.rules.RMSprop`.

    Args:
        params: parameters or groups of them.
        lr: learning rate η ≥ 0.
        alpha: decay β₂ of the average of g², in [0, 1).
        eps: ε ≥ 0, outside the root.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
        momentum: μ in [0, 1), of the divided gradients.
        centered: divide by the standard deviation √(v − ḡ²).
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.RMSprop,)

    def __init__(self, params, lr=1e-2, *, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False,
                 maximize=False, compile=False):
        defaults = {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay, "momentum": momentum,
                    "centered": centered}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.RMSprop` with the group's values."""
        names = ("lr", "eps", "weight_decay", "momentum", "centered")
        return rules.RMSprop(beta2=group["alpha"], **{name: group[name] for name in names})


class Adam(RuleOptimizer):
    """Adam, as torch.optim.Adam; the rule is `adamkit.rules.Adam`, or with ``amsgrad`` `adamkit.rules.AMSGrad`.

    Args:
        params: parameters or groups of them.
        lr: learning rate η ≥ 0.
        betas: (β₁, β₂), each in [0, 1).
        eps: ε ≥ 0, outside the root.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient. For decoupled decay take `AdamW`.
        amsgrad: divide by the largest average of g² so far, in torch's form; both corrections must be on. It may be
            switched on in the midst of a training: the largest average is then sought from that step on.
        correct_m, correct_v: switch a bias correction off to see what it does.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.Adam, rules.AMSGrad)
    own_options = frozenset({"correct_m", "correct_v"})
    fixed_options = {"decoupled_weight_decay": False}

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), *, eps=1e-8, weight_decay=0.0, amsgrad=False,
                 correct_m=True, correct_v=True, maximize=False, compile=False):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad,
                    "correct_m": correct_m, "correct_v": correct_v}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """The rule with the group's values."""
        common = {**betas_of(self, group), **{name: group[name] for name in ("lr", "eps", "weight_decay")}}
        corrections = {name: group[name] for name in ("correct_m", "correct_v")}
        if not group["amsgrad"]:
            return self.rule_types[0](**common, **corrections)
        if not all(corrections.values()):
            raise ValueError(f"{type(self).__name__}: amsgrad={group['amsgrad']!r} needs both corrections on, and "
                             f"found {corrections}")
        return rules.AMSGrad(**common, decoupled=self.fixed_options["decoupled_weight_decay"])


class AdamW(Adam):
    """AdamW, as torch.optim.AdamW; the rule is `adamkit.rules.AdamW`, or with ``amsgrad`` `AMSGrad`, decoupled.

    Arguments as for `Adam`, except ``weight_decay``: λ ≥ 0, 0.01 by default, which shrinks the weights
    by 1 − ηλ a step, past the division by √v̂.
    """

    rule_types = (rules.AdamW, rules.AMSGrad)
    fixed_options = {"decoupled_weight_decay": True}

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), *, eps=1e-8, weight_decay=1e-2, amsgrad=False,
                 correct_m=True, correct_v=True, maximize=False, compile=False):
        super().__init__(params, lr, betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad, correct_m=correct_m,
                         correct_v=correct_v, maximize=maximize, compile=compile)
