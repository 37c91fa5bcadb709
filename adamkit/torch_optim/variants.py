"""The variants that torch.optim has too, with its arguments: AMSGrad, NAdam, RAdam, AdaMax, Adafactor, Muon."""

from adamkit import rules
from adamkit.torch_optim.base import RuleOptimizer, betas_of


class AMSGrad(RuleOptimizer):
    """AMSGrad, as torch.optim.Adam(amsgrad=True); the rule is `adamkit.rules.AMSGrad`.

    Args:
        params: parameters or groups of them.
        lr: learning rate η ≥ 0.
        betas: (β₁, β₂), each in [0, 1).
        eps: ε ≥ 0, outside the root.
        weight_decay: λ ≥ 0, L2, or with ``decoupled_weight_decay`` as torch.optim.AdamW.
        form: where the bias correction stands: "torch", "v_hat" or "paper".
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.AMSGrad,)
    own_options = frozenset({"form"})
    fixed_options = {"amsgrad": True}

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), *, eps=1e-8, weight_decay=0.0,
                 decoupled_weight_decay=False, form="torch", maximize=False, compile=False):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
                    "decoupled_weight_decay": decoupled_weight_decay, "form": form}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.AMSGrad` with the group's values."""
        names = ("lr", "eps", "weight_decay", "form")
        decoupled = group["decoupled_weight_decay"]
        return rules.AMSGrad(**betas_of(self, group), decoupled=decoupled, **{name: group[name] for name in names})


class NAdam(RuleOptimizer):
    """NAdam, as torch.optim.NAdam; the rule is `adamkit.rules.NAdam`.

    Args:
        params: parameters or groups of them.
        lr: learning rate η ≥ 0.
        betas: (β₁, β₂), each in [0, 1).
        eps: ε ≥ 0, outside the root.
        weight_decay: λ ≥ 0, L2, or straight on the weights with ``decoupled_weight_decay``.
        momentum_decay: ψ ≥ 0, how fast μ rises from β₁/2 to β₁.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.NAdam,)

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), *, eps=1e-8, weight_decay=0.0, momentum_decay=4e-3,
                 decoupled_weight_decay=False, maximize=False, compile=False):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
                    "momentum_decay": momentum_decay, "decoupled_weight_decay": decoupled_weight_decay}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.NAdam` with the group's values."""
        names = ("lr", "eps", "weight_decay", "momentum_decay")
        decoupled = group["decoupled_weight_decay"]
        return rules.NAdam(**betas_of(self, group), decoupled=decoupled, **{name: group[name] for name in names})


class RAdam(RuleOptimizer):
    """RAdam, as torch.optim.RAdam; the rule is `adamkit.rules.RAdam`.

    Args:
        params: parameters or groups of them.
        lr: learning rate η ≥ 0.
        betas: (β₁, β₂), each in [0, 1).
        eps: ε ≥ 0, added to √v before the correction.
        weight_decay: λ ≥ 0, L2, or straight on the weights with ``decoupled_weight_decay``.
        threshold: ≥ 4; rectified steps begin when ρ_t is above it: 5 in torch, 4 in the paper.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.RAdam,)
    own_options = frozenset({"threshold"})

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), *, eps=1e-8, weight_decay=0.0,
                 decoupled_weight_decay=False, threshold=5.0, maximize=False, compile=False):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
                    "decoupled_weight_decay": decoupled_weight_decay, "threshold": threshold}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.RAdam` with the group's values."""
        names = ("lr", "eps", "weight_decay", "threshold")
        decoupled = group["decoupled_weight_decay"]
        return rules.RAdam(**betas_of(self, group), decoupled=decoupled, **{name: group[name] for name in names})


class AdaMax(RuleOptimizer):
    """AdaMax, as torch.optim.Adamax; the rule is `adamkit.rules.AdaMax`.

    Args:
        params: parameters or groups of them.
        lr: learning rate η ≥ 0.
        betas: (β₁, β₂), each in [0, 1).
        eps: ε ≥ 0, added to |g| inside the maximum.
        weight_decay: λ ≥ 0, L2: λθ joins the gradient.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.AdaMax,)

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), *, eps=1e-8, weight_decay=0.0, maximize=False,
                 compile=False):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.AdaMax` with the group's values."""
        return rules.AdaMax(**betas_of(self, group), **{name: group[name] for name in ("lr", "eps", "weight_decay")})


class Adafactor(RuleOptimizer):
    """Adafactor, as torch.optim.Adafactor; the rule is `adamkit.rules.Adafactor`.

    Args:
        params: parameters or groups of them.
        lr: η ≥ 0, the relative rate's upper bound.
        beta2_decay: ≤ 0; β₂ of step t is 1 − t^beta2_decay.
        eps: (ε₁ or None, ε₂), the least √v and the least size of weights that a step is relative to.
        d: ≥ 1, the root mean square at which a step is clipped.
        weight_decay: λ ≥ 0, decoupled.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.Adafactor,)

    def __init__(self, params, lr=1e-2, *, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, weight_decay=0.0,
                 maximize=False, compile=False):
        defaults = {"lr": lr, "beta2_decay": beta2_decay, "eps": eps, "d": d, "weight_decay": weight_decay}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.Adafactor` with the group's values."""
        eps = group["eps"]
        if not isinstance(eps, tuple | list) or len(eps) != 2:
            raise TypeError(f"Adafactor: eps={eps!r} must be a pair (ε₁ or None, ε₂)")
        return rules.Adafactor(lr=group["lr"], power=-group["beta2_decay"], eps1=eps[0], eps2=eps[1], clip=group["d"],
                               weight_decay=group["weight_decay"])


class Muon(RuleOptimizer):
    """Muon, as torch.optim.Muon but in the parameter's own precision; the rule is `adamkit.rules.Muon`.

    Args:
        params: matrices (with array hyper-parameters: batches of them), or groups of them.
        lr: learning rate η ≥ 0.
        weight_decay: λ ≥ 0, decoupled.
        momentum: μ in [0, 1).
        nesterov: orthogonalise (1−μ)g + μb instead of b.
        eps: ≥ 0, the least norm that the matrix is divided by.
        ns_coefficients: (a, b, c) of the polynomial as + bs³ + cs⁵ in each Newton–Schulz step.
        ns_steps: Newton–Schulz steps, a whole number ≥ 1.
        adjust_lr_fn: None or "original", or "match_rms_adamw".
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.Muon,)

    def __init__(self, params, lr=1e-3, weight_decay=0.1, momentum=0.95, nesterov=True,
                 ns_coefficients=rules.muon.QUINTIC, eps=1e-7, ns_steps=5, adjust_lr_fn=None, *, maximize=False,
                 compile=False):
        defaults = {"lr": lr, "weight_decay": weight_decay, "momentum": momentum, "nesterov": nesterov,
                    "ns_coefficients": ns_coefficients, "eps": eps, "ns_steps": ns_steps, "adjust_lr_fn": adjust_lr_fn}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.Muon` with the group's values."""
        names = ("lr", "weight_decay", "momentum", "nesterov", "eps")
        adjust = "original" if group["adjust_lr_fn"] is None else group["adjust_lr_fn"]
        return rules.Muon(steps=group["ns_steps"], adjust=adjust, coefficients=group["ns_coefficients"],
                          **{name: group[name] for name in names})
