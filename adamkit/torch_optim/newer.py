"""The variants that torch.optim lacks: LAMB, Lion, Schedule-Free AdamW, 8-bit Adam."""

import torch

from adamkit import rules
from adamkit.torch_optim import tensors
from adamkit.torch_optim.base import RuleOptimizer, betas_of


class LAMB(RuleOptimizer):
    """LAMB; the rule, and which reading of it this is: `adamkit.rules.LAMB`.

    Args:
        params: parameters or groups of them; each parameter has a trust ratio of its own.
        lr: η ≥ 0, the relative size of a step.
        betas: (β₁, β₂), each in [0, 1).
        eps: ε ≥ 0, outside the root.
        weight_decay: λ ≥ 0; λθ joins the direction.
        correct_m, correct_v: the bias corrections.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.LAMB,)

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), *, eps=1e-6, weight_decay=0.0, correct_m=True,
                 correct_v=True, maximize=False, compile=False):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "correct_m": correct_m,
                    "correct_v": correct_v}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.LAMB` with the group's values."""
        names = ("lr", "eps", "weight_decay", "correct_m", "correct_v")
        return rules.LAMB(**betas_of(self, group), **{name: group[name] for name in names})


class Lion(RuleOptimizer):
    """Lion; the rule is `adamkit.rules.Lion`.

    Args:
        params: parameters or groups of them.
        lr: η ≥ 0, the size of a step.
        betas: (β₁, β₂), each in [0, 1): what the step looks at, and what is remembered.
        weight_decay: λ ≥ 0, decoupled, multiplied by the rate.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.Lion,)

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), *, weight_decay=0.0, maximize=False, compile=False):
        defaults = {"lr": lr, "betas": betas, "weight_decay": weight_decay}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.Lion` with the group's values."""
        return rules.Lion(lr=group["lr"], weight_decay=group["weight_decay"], **betas_of(self, group))


class ScheduleFreeAdamW(RuleOptimizer):
    """Schedule-Free AdamW; the rule is `adamkit.rules.ScheduleFreeAdamW`.

    The parameters are y, where gradients are taken. Call ``eval()`` before a measurement, and before the
    model is saved: the parameters are then x, the average. Call ``train()`` before training goes on; a step
    in between is refused.

    Batch norm's running statistics are those of the activations at y. Before a measurement at x, take them anew: after
    ``eval()``, some batches through the model in training mode, without gradients. `adamkit.training.fit` does not.

    Args:
        params: parameters or groups of them.
        lr: η ≥ 0, constant but for a warmup.
        betas: (β₁, β₂), β₁ in (0, 1), β₂ in [0, 1).
        eps: ε ≥ 0, outside the root.
        weight_decay: λ ≥ 0, decoupled, at y.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.ScheduleFreeAdamW,)

    def __init__(self, params, lr=2.5e-3, betas=(0.9, 0.999), *, eps=1e-8, weight_decay=0.0, maximize=False,
                 compile=False):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "train_mode": True}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.ScheduleFreeAdamW` with the group's values."""
        names = ("lr", "eps", "weight_decay")
        return rules.ScheduleFreeAdamW(**betas_of(self, group), **{name: group[name] for name in names})

    def step(self, closure=None):
        """As `RuleOptimizer.step`; RuntimeError between ``eval()`` and ``train()``."""
        if not all(group["train_mode"] for group in self.param_groups):
            raise RuntimeError("ScheduleFreeAdamW: the parameters are the average now; call train() before a step")
        return super().step(closure)

    def eval(self):
        """Put the average x into the parameters; nothing happens when it is there already."""
        self._switch(train_mode=False)

    def train(self):
        """Put y back into the parameters; nothing happens when it is there already."""
        self._switch(train_mode=True)

    @torch.no_grad()
    def _switch(self, *, train_mode):
        for group in self.param_groups:
            if group["train_mode"] is train_mode:
                continue
            group["train_mode"] = train_mode
            for p in (p for p in group["params"] if self.state.get(p)):
                rule = tensors.fitted(self.rule(group), p)
                state = tensors.state_of(rule, p, self.state[p])
                p.copy_(rule.between(p, state) if train_mode else rule.average(p, state))


class Adam8bit(RuleOptimizer):
    """8-bit Adam with decoupled decay; the rule is `adamkit.rules.Adam8bit`.

    Args:
        params: parameters or groups of them; those with fewer than 4096 elements keep full moments. No DTensors: a
            block would lie in two processes.
        lr: learning rate η ≥ 0.
        betas: (β₁, β₂), each in [0, 1).
        eps: ε ≥ 0, outside the root.
        weight_decay: λ ≥ 0, decoupled.
        block: elements that share a scale, a whole number ≥ 1.
        maximize, compile: see `RuleOptimizer`.
    """

    rule_types = (rules.Adam8bit,)
    takes_parts = False

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), *, eps=1e-8, weight_decay=0.0, block=256, maximize=False,
                 compile=False):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "block": block}
        super().__init__(params, defaults, maximize=maximize, compile=compile)

    def rule(self, group):
        """`adamkit.rules.Adam8bit` with the group's values."""
        names = ("lr", "eps", "weight_decay", "block")
        return rules.Adam8bit(**betas_of(self, group), **{name: group[name] for name in names})
