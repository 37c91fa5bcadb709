"""The digits and the networks that read them."""

import sys

import numpy as np
import pytest
import torch
from refusals import refused

from adamkit.training import data, models, tasks


@pytest.fixture(scope="module")
def digits():
    return data.digits()


def test_the_split_uses_every_digit_once(digits):
    assert len(digits.x_train) + len(digits.x_test) == 1797
    assert len(digits.x_test) == 449
    rows = torch.cat([digits.x_train, digits.x_test])
    from sklearn.datasets import load_digits
    pixels = torch.from_numpy(load_digits().data)
    # The pixels as a multiset: undoing the standardisation gives back every row of the original.
    spread = (rows.max() - rows.min()) / 16
    restored = torch.round((rows - rows.min()) / spread)
    assert sorted(map(tuple, restored.int().tolist())) == sorted(map(tuple, pixels.int().tolist()))


def test_training_pixels_are_standardised_and_test_pixels_are_not_looked_at(digits):
    assert digits.x_train.mean().item() == pytest.approx(0, abs=1e-5)
    assert digits.x_train.std(correction=0).item() == pytest.approx(1, abs=1e-5)
    assert abs(digits.x_test.mean().item()) > 1e-4


def test_fewer_training_rows_leave_the_test_rows_alone(digits):
    small = data.digits(rows=300)
    assert len(small.x_train) == 300
    assert torch.equal(small.y_train, digits.y_train[:300])
    assert torch.equal(small.y_test, digits.y_test)


def test_images_are_the_same_numbers_in_rows_and_columns(digits):
    images = data.digits(images=True)
    assert images.x_train.shape == (1348, 1, 8, 8)
    assert torch.equal(images.x_train.flatten(1), digits.x_train)


def test_another_seed_splits_differently_and_the_same_seed_does_not(digits):
    assert torch.equal(data.digits(seed=0).x_test, digits.x_test)
    assert not torch.equal(data.digits(seed=1).y_test, digits.y_test)


def test_scaling_multiplies_columns_of_both_parts(digits):
    scales = np.geomspace(0.1, 10, 64)
    scaled = digits.scaled(scales)
    np.testing.assert_allclose(scaled.x_test.numpy(), digits.x_test.numpy() * scales, rtol=1e-5)
    assert torch.equal(scaled.y_train, digits.y_train)


def test_precision_changes_inputs_and_not_labels(digits):
    double = digits.to(dtype=torch.float64)
    assert double.x_train.dtype == double.x_test.dtype == torch.float64
    assert double.y_train.dtype == torch.int64


def test_an_epoch_of_batches_uses_no_row_twice_and_the_next_is_shuffled_anew():
    rows = data.batches(10, 3, 6, seed=1)
    assert rows.shape == (6, 3)
    first, second = rows[:3].flatten().tolist(), rows[3:].flatten().tolist()
    assert len(set(first)) == len(set(second)) == 9
    assert first != second
    assert torch.equal(rows, data.batches(10, 3, 6, seed=1))
    assert torch.equal(rows[:2], data.batches(10, 3, 2, seed=1))


def test_no_batch_size_means_all_rows_in_order():
    assert data.batches(4, None, 2).tolist() == [[0, 1, 2, 3]] * 2


def test_a_network_has_the_layers_it_was_asked_for():
    shapes = [tuple(p.shape) for p in models.MLP((64, 32, 10), activation="tanh").parameters()]
    assert shapes == [(32, 64), (32,), (10, 32), (10,)]
    assert len(models.MLP((64, 10))) == 1


def test_models_of_one_seed_start_alike_and_of_two_seeds_do_not():
    task = tasks.digits_mlp(hidden=(8,), rows=20).to(dtype=torch.float64)
    first, again, other = (next(task.fresh_model(seed).parameters()) for seed in (1, 1, 2))
    assert first.dtype == torch.float64
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


test_what_cannot_be_is_refused_with_a_reason = refused(
    (lambda: data.digits(rows=0), "rows=0 must be from 1 to 1348"),
    (lambda: data.digits(rows=5000), "rows=5000 must be from 1 to 1348"),
    (lambda: data.digits(test_share=1), "test_share=1 must be between 0 and 1"),
    (lambda: data.digits(rows=5).scaled([1.0]), r"scales has shape \(1,\); one number a column is shape \(64,\)"),
    (lambda: data.batches(10, 0, 1), "batch_size=0 must be from 1 to 10"),
    (lambda: models.MLP((64,)), "sizes=.* must name at least an input and an output width"),
    (lambda: models.MLP((64, 10), activation="sin"), "activation='sin' is not one of"),
)


def test_without_scikit_learn_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        data.digits()
