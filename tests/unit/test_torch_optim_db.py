"""Every configuration with which torch tests its own optimizers walks the same path here, on both engines.

The list is `torch.testing._internal.common_optimizers.optim_db`, and grows with torch.
"""

import sys
import types
import unittest

import numpy as np
import pytest
import torch

from adamkit import optim, torch_optim

STEPS = 40
#: torch.optim's class → ours, and the same of the NumPy engine.
OURS = {"Adafactor": "Adafactor", "Adagrad": "AdaGrad", "Adam": "Adam", "AdamW": "AdamW", "Adamax": "AdaMax",
        "Muon": "Muon", "NAdam": "NAdam", "RAdam": "RAdam", "RMSprop": "RMSprop", "SGD": "SGD"}
#: torch's option → the rule's.
RULES_NAMES = {"initial_accumulator_value": "initial_accumulator", "alpha": "beta2",
               "decoupled_weight_decay": "decoupled", "ns_steps": "steps", "ns_coefficients": "coefficients",
               "d": "clip"}
#: Both compute the same in another order: how far apart 40 steps may end, relative to 1 or to the numbers where they
#: are larger (climbing with a decay that joins the gradient, they grow without end, and rounding with them).
TOLERANCE = 1e-12
#: NAdam's product of momenta has 32 bits in torch and in our torch engine, and the parameter's own on NumPy.
LOOSE = {"NAdam": 1e-6}


def configurations():
    """(name of torch's class, its options) of all that torch tests the classes with that we share."""
    with pytest.MonkeyPatch.context() as patch:
        if "expecttest" not in sys.modules:  # torch's test tools want it, and only its TestCase is touched here
            stand_in = types.ModuleType("expecttest")
            stand_in.TestCase = unittest.TestCase
            patch.setitem(sys.modules, "expecttest", stand_in)
        from torch.testing._internal.common_optimizers import optim_db
    found = [(info.optim_cls.__name__, one.kwargs) for info in optim_db for one in info.optim_inputs_func(device="cpu")]
    return [(name, dict(in_double(options))) for name, options in found if name in OURS]


def in_double(options):
    """A rate that is a tensor, in 64 bits: in 32, torch's Muon rounds 1 − ηλ before it multiplies the weights."""
    for key, value in options.items():
        yield key, value.double() if torch.is_tensor(value) else value


CONFIGURATIONS = configurations()
IDS = [f"{name}-{options}" for name, options in CONFIGURATIONS]
every_configuration = pytest.mark.parametrize(("name", "options"), CONFIGURATIONS, ids=IDS)


@pytest.fixture(autouse=True)
def in_64_bits(monkeypatch):
    """torch's Muon rounds its matrix to bfloat16 for speed: compared is what it computes otherwise."""
    monkeypatch.setattr(torch.Tensor, "bfloat16", lambda tensor: tensor.clone())


def start(name):
    generator = torch.Generator().manual_seed(1)
    shapes = ((5, 3), (3, 7)) if name == "Muon" else ((5, 3), (4,), (2, 3, 2), ())
    return [torch.nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64)) for shape in shapes]


def gradients(name, params):
    generator = torch.Generator().manual_seed(2)
    for _ in range(STEPS):
        yield [torch.randn(p.shape, generator=generator, dtype=torch.float64) for p in params]


def walk_torch(kind, name, options):
    params = start(name)
    optimizer = kind(params, **options)
    for grads in gradients(name, params):
        for p, g in zip(params, grads, strict=True):
            p.grad = g
        optimizer.step()
    return [p.detach().numpy() for p in params], optimizer


def worst(found, wanted):
    """Largest difference, relative to 1 or to the numbers where they are larger."""
    return max(float((abs(a - b) / np.maximum(1, abs(b))).max()) for a, b in zip(found, wanted, strict=True))


@every_configuration
def test_the_torch_engine_walks_torchs_path_and_keeps_its_state(name, options):
    theirs, reference = walk_torch(getattr(torch.optim, name), name, options)
    ours, optimizer = walk_torch(getattr(torch_optim, OURS[name]), name, options)
    assert worst(ours, theirs) < TOLERANCE
    for mine, other in zip(optimizer.state.values(), reference.state.values(), strict=True):
        kept = {key: value for key, value in other.items() if value is not None}
        assert mine.keys() == kept.keys()
        assert worst([mine[key].numpy() for key in kept], [value.numpy() for value in kept.values()]) < TOLERANCE


@every_configuration
def test_the_numpy_engine_walks_it_too(name, options):
    theirs, _ = walk_torch(getattr(torch.optim, name), name, options)
    params = [p.detach().numpy().copy() for p in start(name)]
    rule, hypers, sign = in_rules_words(name, options)
    optimizer = getattr(optim, rule)(params, **hypers)
    for grads in gradients(name, start(name)):
        optimizer.step([sign * np.asarray(g) for g in grads])
    assert worst(params, theirs) < LOOSE.get(name, TOLERANCE)


def in_rules_words(name, options):
    """(rule, its hyper-parameters, −1 to climb) for torch's options."""
    hypers = {RULES_NAMES.get(option, option): value for option, value in options.items()}
    if "beta2_decay" in hypers:
        hypers["power"] = -hypers.pop("beta2_decay")
    sign = -1.0 if hypers.pop("maximize", False) else 1.0
    if hypers.pop("amsgrad", False):
        return "AMSGrad", {**hypers, "decoupled": name == "AdamW"}, sign
    if name == "SGD":
        if hypers.pop("nesterov", False):
            return "Nesterov", hypers, sign
        return ("Momentum", {**hypers, "form": "torch"}, sign) if "momentum" in hypers else ("SGD", hypers, sign)
    return OURS[name], hypers, sign


def test_torch_has_the_configurations_that_this_is_about():
    assert len(CONFIGURATIONS) >= 60
    assert {name for name, _ in CONFIGURATIONS} == set(OURS)
    asked = [(name, key) for name, options in CONFIGURATIONS for key in options]
    assert {("AdamW", "amsgrad"), ("Adam", "amsgrad"), ("Muon", "ns_coefficients"), ("SGD", "nesterov")} <= set(asked)
