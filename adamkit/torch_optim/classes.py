"""The optimizers: one class for each rule, made from its fields; and what three of them can do besides."""

import torch

from adamkit import rules
from adamkit.arguments import bound
from adamkit.rules.arrays import is_off
from adamkit.torch_optim import manual, options, tensors
from adamkit.torch_optim.base import RuleOptimizer


def engine(rule_type, *bases):
    """The torch optimizer of a rule: its hyper-parameters as arguments, under torch's names where torch has it.

    Args:
        rule_type: a subclass of `adamkit.rules.Rule`; its ``torch_arguments`` say what differs.
        bases: classes that add what no field tells, each a `RuleOptimizer`.
    """
    name = rule_type.__name__
    signature, its_options = options.signature(rule_type)
    torchs = options.torch_arguments(rule_type)

    def __init__(self, *args, **hypers):
        given = bound(f"{name}.__init__()", signature, self, *args, **hypers)
        defaults = {one.name: given[one.name] for one in its_options}
        RuleOptimizer.__init__(self, given["params"], defaults, maximize=given["maximize"], compile=given["compile"])

    __init__.__signature__ = signature  # what help() and completion show
    __init__.__qualname__ = f"{name}.__init__"
    bases = bases or (RuleOptimizer,)
    return type(name, bases, {
        "__init__": __init__,
        "__doc__": manual.text(rule_type, its_options, [base.__doc__ for base in bases if base.__module__ == __name__]),
        "__module__": __package__,
        "rule_types": (rule_type, *bases[0].rule_types[1:]),
        "values": options.reader(rule_type, its_options),
        "fixed_options": torchs.fixed,
        "own_options": torchs.own,
        "takes_parts": rule_type.takes_parts,
    })


class Forms(RuleOptimizer):
    """With ``momentum`` the rule is `adamkit.rules.Momentum`, form="torch"; with ``nesterov`` `adamkit.rules.Nesterov`.

    Args:
        momentum: μ in [0, 1); 0 is plain gradient descent.
        dampening: τ ≥ 0: the buffer is μb + (1−τ)g, after a first buffer of g itself.
        nesterov: look ahead; needs a momentum, and no dampening.
    """

    rule_types = (rules.SGD, rules.Momentum, rules.Nesterov)

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


class Largest(RuleOptimizer):
    """With ``amsgrad`` the rule is `adamkit.rules.AMSGrad`.

    Args:
        amsgrad: divide by the largest average of g² so far, in torch's form; both corrections must be on. It may be
            switched on in the midst of a training: the largest average is then sought from that step on.
    """

    rule_types = (rules.Adam, rules.AMSGrad)

    def rule(self, group):
        """The rule with the group's values."""
        if not group["amsgrad"]:
            return super().rule(group)
        values = self.values(group)
        corrections = {name: values.pop(name) for name in ("correct_m", "correct_v")}
        if not all(corrections.values()):
            raise ValueError(f"{type(self).__name__}: amsgrad={group['amsgrad']!r} needs both corrections on, and "
                             f"found {corrections}")
        return rules.AMSGrad(**values, decoupled=self.fixed_options["decoupled_weight_decay"])


class Averaging(RuleOptimizer):
    """The parameters are y, where gradients are taken. Call ``eval()`` before a measurement, and before the model is
    saved: the parameters are then x, the average. Call ``train()`` before training goes on; a step in between is
    refused.

    Batch norm's running statistics are those of the activations at y. Before a measurement at x, take them anew: after
    ``eval()``, some batches through the model in training mode, without gradients. `adamkit.training.fit` does not.
    """

    rule_types = (rules.ScheduleFreeAdamW,)
    hidden_options = {"train_mode": True}

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


#: Rules whose class can do more than its fields tell. AdamW is an Adam, as in torch.
MORE = {rules.SGD: Forms, rules.Adam: Largest, rules.ScheduleFreeAdamW: Averaging}
CLASSES = {rule.__name__: engine(rule, *filter(None, [MORE.get(rule)])) for rule in rules.ALL}
CLASSES["AdamW"] = engine(rules.AdamW, CLASSES["Adam"])
