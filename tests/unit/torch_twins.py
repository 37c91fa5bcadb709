"""What torch.optim has too: its class with its options, ours, and the same rule by its own names for the NumPy engine.

Each case has weight decay, and runs at a usual and at a large ε, so that its place shows.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch

from adamkit import optim, torch_optim

#: What the rules call otherwise.
OWN_NAMES = {"alpha": "beta2", "initial_accumulator_value": "initial_accumulator", "d": "clip",
             "decoupled_weight_decay": "decoupled"}


class Twin(NamedTuple):
    """A class of torch's, its ``options``, which our class takes too, and ``hypers`` for the one on NumPy."""

    theirs: Callable
    ours: type
    options: dict
    numpy: type
    hypers: dict

    def __repr__(self):
        shown = {key: value for key, value in {**self.options, **self.hypers}.items()
                 if key not in {*OWN_NAMES.values(), "beta1", "beta2", "eps1", "eps2", "weight_decay"}}
        return " ".join([self.numpy.__name__, *(f"{key}={value}" for key, value in shown.items())])


def twin(rule, theirs, options, ours=None, **own):
    """The case of a rule; ``own`` is what only the rule is told, ``ours`` the name of our class for torch."""
    options = {"weight_decay": 0.1, **options}
    hypers = {OWN_NAMES.get(key, key): value for key, value in options.items() if key not in ("betas", "nesterov")}
    if "betas" in options:
        hypers |= dict(zip(("beta1", "beta2"), options["betas"]))
    if rule == "Adafactor":
        hypers |= dict(zip(("eps1", "eps2"), hypers.pop("eps")))
    return Twin(theirs, getattr(torch_optim, ours or rule), options, getattr(optim, rule), {**hypers, **own})


def amsgrad(params, **options):
    """torch's Adam, or AdamW, that seeks the largest average."""
    kind = torch.optim.AdamW if options.pop("decoupled_weight_decay", False) else torch.optim.Adam
    return kind(params, amsgrad=True, **options)


HEAVY = {"lr": 0.05, "momentum": 0.9}
ADAMS = (("Adam", torch.optim.Adam, (0.9, 0.999)), ("Adam", torch.optim.Adam, (0.0, 0.5)),
         ("AdamW", torch.optim.AdamW, (0.9, 0.999)), ("AMSGrad", amsgrad, (0.8, 0.999)),
         ("NAdam", torch.optim.NAdam, (0.8, 0.999)), ("RAdam", torch.optim.RAdam, (0.8, 0.999)),
         ("AdaMax", torch.optim.Adamax, (0.8, 0.999)))
TWINS = [
    twin("SGD", torch.optim.SGD, {"lr": 0.05}),
    twin("Momentum", torch.optim.SGD, HEAVY, "SGD"),
    twin("Momentum", torch.optim.SGD, HEAVY, "SGD", form="torch"),
    twin("Momentum", torch.optim.SGD, {**HEAVY, "dampening": 0.4}, "SGD", form="torch"),
    twin("Nesterov", torch.optim.SGD, {**HEAVY, "nesterov": True}, "SGD"),
    *(twin("AdaGrad", torch.optim.Adagrad, {"lr": 0.1, "lr_decay": 0.05, "eps": eps, "initial_accumulator_value": 0.3})
      for eps in (1e-10, 0.1)),
    *(twin("RMSprop", torch.optim.RMSprop, {"lr": 0.01, "eps": eps, "centered": centered, "momentum": momentum,
                                            "alpha": 0.95})
      for eps in (1e-8, 0.1) for centered in (False, True) for momentum in (0.0, 0.9)),
    *(twin(rule, theirs, {"lr": 0.02, "betas": betas, "eps": eps}) for rule, theirs, betas in ADAMS
      for eps in (1e-8, 0.2)),
    *(twin("RAdam", torch.optim.RAdam, {"lr": 0.02, "betas": (0.8, beta2), "eps": 1e-3})  # never, or late, rectified
      for beta2 in (0.55, 0.65, 0.7)),
    *(twin(rule, theirs, {"lr": 0.02, "betas": betas, "eps": 1e-3, "decoupled_weight_decay": True})
      for rule, theirs, betas in ADAMS[3:6]),
    *(twin("Adafactor", torch.optim.Adafactor, {"lr": lr, "eps": eps, "d": 1.5})
      for eps in ((None, 1e-3), (0.3, 0.3)) for lr in (0.02, 0.5)),
]
