"""Training many networks at once is training each of them alone, only faster."""

import numpy as np
import pytest
import torch

from adamkit import rules
from adamkit.training import data, ensembles, tasks

STEPS, BATCH = 60, 32


@pytest.fixture(scope="module")
def task():
    return tasks.digits_mlp(hidden=(12,), rows=300).to(dtype=torch.float64)


def alone(task, make_optimizer, seed, factor=lambda step: 1.0):
    """One network, trained the ordinary way: (batch losses, test loss, test accuracy)."""
    model = task.fresh_model(seed)
    optimizer = make_optimizer(model.parameters())
    rates = [group["lr"] for group in optimizer.param_groups]
    losses = []
    for step, rows in enumerate(data.batches(len(task.data.x_train), BATCH, STEPS, seed=seed)):
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * factor(step)
        optimizer.zero_grad()
        loss = task.loss(model(task.data.x_train[rows]), task.data.y_train[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        outputs = model(task.data.x_test)
    accuracy = (outputs.argmax(-1) == task.data.y_test).double().mean().item()
    return losses, task.loss(outputs, task.data.y_test).item(), accuracy


def test_every_setting_and_seed_ends_where_torch_alone_ends(task):
    settings = [(1e-3, 0.9, 0.999, 1e-8), (1e-2, 0.0, 0.9, 1e-3), (3e-2, 0.95, 0.99, 1e-1)]
    lr, beta1, beta2, eps = np.array(settings).T
    rule = rules.Adam(lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    history = ensembles.train(rule, task, steps=STEPS, batch_size=BATCH, seed=(0, 5))
    for s, seed in enumerate((0, 5)):
        for n, (lr, beta1, beta2, eps) in enumerate(settings):
            losses, test_loss, accuracy = alone(
                task, lambda p, a=(lr, beta1, beta2, eps): torch.optim.Adam(p, lr=a[0], betas=a[1:3], eps=a[3]), seed)
            np.testing.assert_allclose(history.batch_loss[:, s, n], losses, rtol=1e-9)
            assert history.test_loss[-1, s, n] == pytest.approx(test_loss, rel=1e-9)
            assert history.test_accuracy[-1, s, n] == pytest.approx(accuracy, abs=1e-12)


@pytest.mark.parametrize(("rule", "make"), [
    (rules.AdamW(lr=np.array([1e-2]), weight_decay=0.3),
     lambda p: torch.optim.AdamW(p, lr=1e-2, weight_decay=0.3)),
    (rules.Adam(lr=1e-2, weight_decay=np.array([0.3])), lambda p: torch.optim.Adam(p, lr=1e-2, weight_decay=0.3)),
    (rules.SGD(lr=0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
], ids=["AdamW", "Adam with L2", "SGD with plain numbers"])
def test_decay_and_plain_numbers_train_as_in_torch(task, rule, make):
    history = ensembles.train(rule, task, steps=STEPS, batch_size=BATCH, seed=3)
    losses, test_loss, _ = alone(task, make, 3)
    assert history.batch_loss.shape == (STEPS, 1, 1)
    np.testing.assert_allclose(history.batch_loss[:, 0, 0], losses, rtol=1e-9)
    assert history.last("test_loss")[0] == pytest.approx(test_loss, rel=1e-9)


def test_a_schedule_may_give_each_setting_its_own_factor(task):
    warmups = np.array([1, 10, 40])
    history = ensembles.train(rules.Adam(lr=np.full(3, 1e-2)), task, steps=STEPS, batch_size=BATCH,
                              schedule=lambda step: np.minimum(1, (step + 1) / warmups))
    for n, warmup in enumerate(warmups):
        factor = lambda step, w=warmup: min(1, (step + 1) / w)
        losses, _, _ = alone(task, lambda p: torch.optim.Adam(p, lr=1e-2), 0, factor)
        np.testing.assert_allclose(history.batch_loss[:, 0, n], losses, rtol=1e-9)


def test_a_setting_that_diverges_is_marked_and_disturbs_no_other(task):
    rates = np.array([0.1, 1e200, 0.05])
    together = ensembles.train(rules.SGD(lr=rates), task, steps=20, batch_size=BATCH, eval_every=10)
    without = ensembles.train(rules.SGD(lr=rates[[0, 2]]), task, steps=20, batch_size=BATCH, eval_every=10)
    assert together.diverged.tolist() == [[False, True, False]]
    assert 2 <= together.diverged_at[0, 1] <= 5
    assert np.isnan(together.last("test_loss")).tolist() == [False, True, False]
    assert np.isnan(together.last("test_accuracy")).tolist() == [False, True, False]
    np.testing.assert_allclose(together.train_loss[:, :, [0, 2]], without.train_loss, rtol=1e-12)


def test_measurements_are_taken_at_the_start_at_the_end_and_as_often_as_asked(task):
    measured = ensembles.train(rules.Adam(), task, steps=25, eval_every=10)
    assert measured.steps.tolist() == [0, 10, 20, 25]
    assert measured.train_loss.shape == (4, 1, 1)
    assert ensembles.train(rules.Adam(), task, steps=25).steps.tolist() == [0, 25]
    untrained = ensembles.train(rules.Adam(), task, steps=0)
    assert untrained.steps.tolist() == [0]
    np.testing.assert_array_equal(untrained.test_loss[0], measured.test_loss[0])
    assert untrained.diverged.tolist() == [[False]]


def test_full_batch_training_measures_the_loss_it_descends(task):
    history = ensembles.train(rules.SGD(lr=0.1), task, steps=5, batch_size=None, eval_every=1)
    np.testing.assert_allclose(history.batch_loss, history.train_loss[:-1], rtol=1e-10)


def test_single_precision_stays_single_precision():
    small = tasks.digits_mlp(hidden=(), rows=50)
    history = ensembles.train(rules.Adam(lr=np.array([0.01, 0.1])), small, steps=3, batch_size=16)
    assert history.batch_loss.dtype == np.float32


def test_training_leaves_the_seed_of_torch_alone(task):
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    ensembles.train(rules.Adam(), task, steps=2)
    assert torch.equal(torch.rand(3), expected)


def test_a_grid_holds_every_combination_and_folds_back():
    rule = ensembles.grid(rules.AdamW(beta1=0.8), lr=[1.0, 2.0], weight_decay=[0.1, 0.2, 0.3])
    assert rule.batch_size == 6
    assert rule.lr.reshape(2, 3).tolist() == [[1, 1, 1], [2, 2, 2]]
    assert rule.weight_decay.reshape(2, 3).tolist() == [[0.1, 0.2, 0.3]] * 2
    assert rule.beta1 == 0.8


def test_one_at_a_time_changes_one_and_leaves_the_others():
    rule, slices = ensembles.one_at_a_time(rules.Adam(), lr=[0.1, 0.2], beta2=[0.5])
    assert rule.lr.tolist() == [0.1, 0.2, 1e-3]
    assert rule.beta2.tolist() == [0.999, 0.999, 0.5]
    assert rule.lr[slices["lr"]].tolist() == [0.1, 0.2]
    assert rule.beta2[slices["beta2"]].tolist() == [0.5]


@pytest.mark.parametrize(("change", "why"), [
    ({"steps": -1}, "steps=-1 must be 0 or more"),
    ({"eval_every": 0}, "eval_every=0 at least 1"),
    ({"seed": (1, 1)}, r"seed=\(1, 1\) must be a whole number"),
    ({"seed": 0.5}, "must be a whole number"),
    ({"batch_size": 301}, "batch_size=301 must be from 1 to 300"),
])
def test_what_cannot_be_trained_is_refused_with_a_reason(task, change, why):
    with pytest.raises(ValueError, match=why):
        ensembles.train(rules.Adam(), task, **{"steps": 1, **change})


def test_a_sweep_without_values_and_an_unknown_reading_are_refused(task):
    for sweep in (ensembles.grid, ensembles.one_at_a_time):
        with pytest.raises(ValueError, match="at least one hyper-parameter"):
            sweep(rules.Adam())
    with pytest.raises(TypeError, match="no hyper-parameter"):
        ensembles.grid(rules.Adam(), rate=[1.0])
    with pytest.raises(ValueError, match="'loss' is not one of"):
        ensembles.train(rules.Adam(), task, steps=0).last("loss")


def test_training_runs_in_one_thread_and_gives_the_others_back(task):
    before, seen = torch.get_num_threads(), []
    torch.set_num_threads(2)
    try:
        ensembles.train(rules.Adam(), task, steps=1, schedule=lambda step: seen.append(torch.get_num_threads()) or 1.0)
        assert seen == [1]
        assert torch.get_num_threads() == 2
        with pytest.raises(ValueError, match="steps=-1"):
            ensembles.train(rules.Adam(), task, steps=-1)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
