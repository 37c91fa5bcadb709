"""The small problems that part Adam from SGD."""

import numpy as np
import pytest
import torch
from refusals import refused

from adamkit.lessons.nb07 import classic


def test_classes_follow_zipf_and_the_control_is_even():
    counts = classic.zipf_softmax().counts
    assert counts[0] / counts[9] == pytest.approx(10, rel=0.05)
    assert counts.min() == 1
    assert np.ptp(classic.zipf_softmax(balanced=True).counts) == 0


def test_inputs_know_nothing_of_the_class_and_have_a_mean():
    problem = classic.zipf_softmax(classes=4, rows=20_000, inputs=3)
    means = [problem.x[problem.y == one].mean() for one in range(4)]
    assert means == pytest.approx([0.5] * 4, abs=0.02)


def test_loss_and_gradient_are_those_of_torch_for_many_weights_at_once():
    problem = classic.zipf_softmax(classes=7, rows=60, inputs=5)
    weights = np.random.default_rng(1).normal(size=(2, 3, *problem.shape)).astype(np.float32)
    theirs = torch.tensor(weights.reshape(6, *problem.shape), requires_grad=True)
    scores = torch.from_numpy(problem.x) @ theirs.mT
    y = torch.from_numpy(problem.y)
    losses = torch.stack([torch.nn.functional.cross_entropy(one, y) for one in scores])
    losses.sum().backward()
    np.testing.assert_allclose(problem.loss(weights).ravel(), losses.detach(), rtol=1e-5)
    np.testing.assert_allclose(problem.gradient(weights).reshape(theirs.shape), theirs.grad, atol=1e-6)
    assert problem.gradient(weights).dtype == np.float32


def test_losses_by_class_average_to_the_loss():
    problem = classic.zipf_softmax(classes=7, rows=60, inputs=5)
    assert problem.losses(np.zeros(problem.shape, np.float32)) == pytest.approx([np.log(7)] * 7)
    weights = np.random.default_rng(1).normal(size=problem.shape).astype(np.float32)
    probabilities = torch.softmax(torch.from_numpy(problem.x) @ torch.from_numpy(weights).T, dim=1)
    first = -probabilities[problem.y == 0, 0].log().mean()
    assert problem.losses(weights)[0] == pytest.approx(first.item(), rel=1e-5)


def test_words_stand_in_as_many_rows_as_their_share_says():
    problem = classic.rare_words(rows=20_000, features=50)
    np.testing.assert_allclose(problem.task.x.mean(axis=0), problem.shares, atol=0.015)
    assert set(np.unique(problem.task.x)) == {0.0, 1.0}
    assert len(problem.test.x) == 10_000


def test_the_true_weights_explain_unseen_labels_better_than_none():
    problem = classic.rare_words()
    assert problem.test.loss(problem.truth) < problem.test.loss(np.zeros(200)) - 0.1


test_problems_that_cannot_be_are_refused = refused(
    (lambda: classic.zipf_softmax(classes=1), "classes=1"),
    (lambda: classic.zipf_softmax(classes=10, rows=9), "rows=9"),
    (lambda: classic.rare_words(top=0), "top=0"),
    (lambda: classic.rare_words(rows=1), "rows=1"),
)
