"""Where torch.optim has the variant: both engines walk its path and keep its state, in 64 bits, decay on."""

import numpy as np
import pytest
import torch
from variant_runs import (
    MATRICES,
    STEPS,
    gap,
    gradients,
    memory_of,
    run_torch,
    starts,
)

from adamkit import rules, torch_optim

TOLERANCE = 1e-12


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
