"""Where torch.optim has the variant: both engines walk its path and keep its state, in 64 bits, decay on."""

import numpy as np
import pytest
import torch
from variant_runs import (
    MATRICES,
    STEPS,
    by_torch_names,
    gap,
    gradients,
    memory_of,
    run_numpy,
    run_torch,
    shapes_for,
    starts,
)

from adamkit import rules, torch_optim

TOLERANCE = 1e-12


def adafactor(decay, eps, lr):
    ours = {"lr": lr, "weight_decay": decay, "eps1": eps, "eps2": 1e-3 if eps is None else eps, "clip": 1.5}
    torchs = {"lr": lr, "weight_decay": decay, "eps": (ours["eps1"], ours["eps2"]), "d": 1.5}
    return "Adafactor", ours, torch.optim.Adafactor, torchs


def adam_like(name, theirs, *, decay, eps, lr, beta2=0.999, **extra):
    ours = {"lr": lr, "beta1": 0.8, "beta2": beta2, "eps": eps, "weight_decay": decay}
    torchs = {"lr": lr, "betas": (0.8, beta2), "eps": eps, "weight_decay": decay, **extra}
    if "decoupled_weight_decay" in extra:
        ours["decoupled"] = True
    return name, ours, theirs, torchs


def amsgrad(params, **options):
    kind = torch.optim.AdamW if options.pop("decoupled_weight_decay", False) else torch.optim.Adam
    return kind(params, amsgrad=True, **options)


CASES = [
    *(adam_like("AMSGrad", amsgrad, decay=0.1, eps=eps, lr=0.02) for eps in (1e-8, 0.3)),
    *(adam_like("NAdam", torch.optim.NAdam, decay=0.1, eps=eps, lr=0.02) for eps in (1e-8, 0.3)),
    *(adam_like("RAdam", torch.optim.RAdam, decay=0.1, eps=eps, lr=0.02) for eps in (1e-8, 0.3)),
    *(adam_like("AdaMax", torch.optim.Adamax, decay=0.1, eps=eps, lr=0.02) for eps in (1e-8, 0.3)),
    *(adam_like("RAdam", torch.optim.RAdam, decay=0.1, eps=1e-3, lr=0.02, beta2=beta2) for beta2 in (0.55, 0.65, 0.7)),
    *(adam_like(name, theirs, decay=0.1, eps=1e-3, lr=0.02, decoupled_weight_decay=True)
      for name, theirs in (("AMSGrad", amsgrad), ("NAdam", torch.optim.NAdam), ("RAdam", torch.optim.RAdam))),
    *(adafactor(0.1, eps, lr) for eps in (None, 0.3) for lr in (0.02, 0.5)),
]
IDS = [f"{name}-eps={torchs['eps']}-lr={torchs['lr']}-{i}" for i, (name, _, _, torchs) in enumerate(CASES)]


@pytest.fixture
def double():
    """torch keeps NAdam's product of momenta in its default precision: with 64 bits, nothing hides in rounding."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize(("name", "ours", "theirs", "torchs"), CASES, ids=IDS)
def test_the_numpy_engine_walks_torchs_path_and_keeps_its_state(double, name, ours, theirs, torchs):
    shapes = shapes_for(name)
    params, grads = starts(shapes), gradients(shapes)
    reference, expected = run_torch(lambda p: theirs(p, **torchs), params, grads)
    mine, found = run_numpy(name, params, grads, **ours)
    assert gap(found, expected) < TOLERANCE
    for i, state in enumerate(mine.state):
        state, memory = by_torch_names(name, state), memory_of(reference, i)
        assert set(state) == set(memory)
        assert gap([state[key] for key in memory], list(memory.values())) < TOLERANCE
    assert gap(found, params) > 0.1  # the path leads somewhere


@pytest.mark.parametrize(("name", "ours", "theirs", "torchs"), CASES, ids=IDS)
def test_the_torch_engine_takes_torchs_arguments_and_walks_its_path(name, ours, theirs, torchs):
    shapes = shapes_for(name)
    params, grads = starts(shapes), gradients(shapes)
    reference, expected = run_torch(lambda p: theirs(p, **torchs), params, grads)
    mine, found = run_torch(lambda p: getattr(torch_optim, name)(p, **torchs), params, grads)
    assert gap(found, expected) < TOLERANCE
    for i in range(len(params)):
        state, memory = memory_of(mine, i), memory_of(reference, i)
        assert set(state) == set(memory)
        assert gap([state[key] for key in memory], list(memory.values())) < TOLERANCE


@pytest.mark.parametrize(("name", "ours", "theirs", "torchs"), CASES[::2], ids=IDS[::2])
def test_a_checkpoint_of_torch_goes_on_here_and_back(name, ours, theirs, torchs):
    shapes = shapes_for(name)
    params, grads = starts(shapes), gradients(shapes)
    _, expected = run_torch(lambda p: theirs(p, **torchs), params, grads)
    first, half = run_torch(lambda p: theirs(p, **torchs), params, grads[:20])

    def resumed(kind, before):
        def make(p):
            optimizer = kind(p, **torchs)
            optimizer.load_state_dict(before.state_dict())
            return optimizer
        return make

    second, more = run_torch(resumed(getattr(torch_optim, name), first), half, grads[20:40])
    _, found = run_torch(resumed(theirs, second), more, grads[40:])
    # torch itself puts NAdam's 32-bit product into 64 bits when it loads a checkpoint.
    assert gap(found, expected) < (1e-6 if name == "NAdam" else TOLERANCE)


@pytest.mark.parametrize("adjust", [None, "original", "match_rms_adamw"])
@pytest.mark.parametrize("nesterov", [True, False])
def test_muon_stays_as_close_to_torchs_as_bfloat16_allows(adjust, nesterov):
    options = {"lr": 0.02, "weight_decay": 0.1, "adjust_lr_fn": adjust, "nesterov": nesterov}
    params, grads = starts(MATRICES), gradients(MATRICES)
    reference, expected = run_torch(lambda p: torch.optim.Muon(p, **options), params, grads)
    mine, found = run_torch(lambda p: torch_optim.Muon(p, **options), params, grads)
    away = max(abs(a - b).max() for a, b in zip(expected, params))
    assert max(abs(a - b).max() for a, b in zip(found, expected)) < 0.02 * away
    for i in range(len(params)):  # the average is not rounded
        assert gap(list(memory_of(mine, i).values()), list(memory_of(reference, i).values())) < TOLERANCE


def test_nadam_keeps_torchs_product_in_32_bits_and_its_path_too():
    params, grads = starts([(4,)]), gradients([(4,)])
    reference, expected = run_torch(lambda p: torch.optim.NAdam(p, lr=0.02), params, grads)
    mine, found = run_torch(lambda p: torch_optim.NAdam(p, lr=0.02), params, grads)
    assert memory_of(mine, 0)["mu_product"] == memory_of(reference, 0)["mu_product"]
    assert memory_of(mine, 0)["mu_product"].dtype == np.float32
    assert gap(found, expected) < TOLERANCE


def test_torchs_plain_adam_is_not_taken_for_amsgrad():
    plain, _ = run_torch(lambda p: torch.optim.Adam(p), starts([(3,)]), gradients([(3,)], steps=2))
    mine = torch_optim.AMSGrad([torch.zeros(3)])
    with pytest.raises(ValueError, match="amsgrad=False"):
        mine.load_state_dict(plain.state_dict())


@pytest.mark.parametrize(("beta2", "threshold", "first"), [
    (0.999, 5.0, 6), (0.999, 4.0, 5), (0.9, 5.0, 6), (0.8, 5.0, 7), (0.7, 5.0, 10), (0.65, 5.0, None), (0.6, 4.0, None),
])
def test_radams_rectified_steps_begin_where_the_threshold_says(beta2, threshold, first):
    rule = rules.RAdam(beta2=beta2, threshold=threshold)
    rectified = [t for t in range(1, 5 * STEPS) if rule.factors(t)[2]]
    assert (rectified[0] if rectified else None) == first
    assert rectified == list(range(first, 5 * STEPS)) if first else not rectified


def test_radams_rectification_has_the_published_values():
    rule = rules.RAdam(beta2=0.999)
    assert [round(float(rule.factors(t)[3]), 3) for t in (6, 100, 2000)] == [0.026, 0.215, 0.828]
