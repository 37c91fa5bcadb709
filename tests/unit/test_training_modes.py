"""Modules that the user has set to evaluation mode stay in it; a model that is in it as a whole is trained."""

import torch
from torch import nn

from adamkit import torch_optim
from adamkit.training import fit

INPUTS = torch.linspace(-2, 4, 40).reshape(8, 5)
BATCHES = [(INPUTS, (INPUTS.sum(1) > 5).long())]


def fine_tuned(body, model, params):
    before = body[1].running_mean.clone()
    fit(model, BATCHES, torch_optim.AdamW(params), steps=5, evaluate_every=2, device="cpu",
        evaluate=lambda model: {"training": sum(module.training for module in model.modules())})
    return bool(torch.equal(body[1].running_mean, before))


def test_a_frozen_body_in_evaluation_mode_keeps_its_statistics_and_its_mode():
    body = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8)).requires_grad_(False).eval()
    model = nn.Sequential(body, nn.Dropout(0.1), nn.Linear(8, 2))
    assert fine_tuned(body, model, model[2].parameters())
    assert [module.training for module in model] == [False, True, True]
    assert not body[1].training


def test_a_model_that_is_in_evaluation_mode_as_a_whole_is_trained_in_training_mode():
    body = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8))
    model = nn.Sequential(body, nn.Linear(8, 2)).eval()
    assert not fine_tuned(body, model, model.parameters())
    assert all(module.training for module in model.modules())
