"""Shapes hidden in noisy rows of numbers, and the networks that find them."""

import numpy as np
import pytest
import torch
from refusals import refused
from torch.func import functional_call

from adamkit.lessons.nb07 import duel
from adamkit.rules import AdamW
from adamkit.training import models, presets, recurrent, sequences, tasks


@pytest.fixture(scope="module")
def rows():
    return sequences.sequences()


def same(one, other):
    names = ("x_train", "y_train", "x_test", "y_test")
    return all(torch.equal(getattr(one, name), getattr(other, name)) for name in names)


def test_there_are_as_many_rows_as_asked_for_and_as_many_of_each_class(rows):
    assert rows.x_train.shape == (4000, 40)
    assert rows.x_test.shape == (1000, 40)
    assert rows.x_train.dtype == torch.float32
    assert rows.y_train.dtype == torch.int64
    assert torch.bincount(rows.y_train).tolist() == [400] * 10
    assert torch.bincount(rows.y_test).tolist() == [100] * 10
    assert sequences.sequences(rows=30, test_rows=10, length=60, dtype=torch.float64).x_test.shape == (10, 60)


def test_training_points_are_standardised_and_test_points_are_not_looked_at(rows):
    assert rows.x_train.double().mean().item() == pytest.approx(0, abs=1e-6)
    assert rows.x_train.double().std(correction=0).item() == pytest.approx(1, abs=1e-6)
    assert abs(rows.x_test.double().std(correction=0).item() - 1) > 1e-5


def test_a_seed_gives_the_same_rows_again_and_another_seed_others(rows):
    assert same(rows, sequences.sequences())
    assert not torch.equal(rows.x_test, sequences.sequences(seed=1).x_test)


def test_no_row_is_both_trained_on_and_tested(rows):
    everything = torch.cat([rows.x_train, rows.x_test])
    assert len(torch.unique(everything, dim=0)) == 5000
    assert torch.cdist(rows.x_test, rows.x_train).min() > 0.1  # nor nearly the same


def test_fewer_rows_are_the_first_of_more_and_leave_the_test_rows_alone(rows):
    few = sequences.sequences(rows=500)
    for one, other in ((few.x_train, rows.x_train[:500]), (few.x_test, rows.x_test)):
        middle, spread = other.mean(), other.std()
        np.testing.assert_allclose((one - one.mean()) / one.std(), (other - middle) / spread, atol=1e-5)


def test_without_noise_and_slope_a_row_is_flat_but_for_a_shape_of_its_width_and_height():
    clean = sequences.sequences(rows=200, noise=0, jitter=0, tilt=0, dtype=torch.float64).x_train.numpy()
    values, counts = np.unique(clean, return_counts=True)
    ground = values[counts.argmax()]
    hills = (clean - ground)[::10].max(axis=1)  # class 0, whose flat top no point can miss
    low, high = sequences.HEIGHTS
    assert 1.2 < hills.max() / hills.min() < high / low
    begins = []
    for x in clean:
        inside = np.flatnonzero(x != ground)
        assert 2 < inside[-1] - inside[0] <= sequences.WIDTHS[1]
        begins.append(inside[0])
    assert min(begins) <= 2
    assert max(begins) >= 28


def test_a_shape_is_laid_where_and_as_wide_as_it_was_told():
    begin, width = np.array([3.0, 0.25, 17.5]), np.array([11.0, 7.3, 22.0])
    laid = sequences._laid(sequences.SHAPES[[0, 4, 7]], begin, width, 40)
    for row, shape, start, wide in zip(laid, sequences.SHAPES[[0, 4, 7]], begin, width, strict=True):
        knots = np.linspace(start, start + wide, 12)
        np.testing.assert_allclose(row, np.interp(np.arange(40), knots, shape, left=0, right=0), atol=1e-12)


def test_drifting_noise_has_the_standard_deviation_asked_for_and_drifts():
    smoothing = sequences._smoothing(40)
    np.testing.assert_allclose((smoothing**2).sum(axis=0), 1)
    x = np.random.default_rng(0).standard_normal((4000, 40)) @ smoothing
    assert np.corrcoef(x[:, 20], x[:, 21])[0, 1] > 0.9
    assert abs(np.corrcoef(x[:, 5], x[:, 30])[0, 1]) < 0.1


@pytest.fixture(scope="module")
def accuracies():
    """Test accuracy of four networks after 150 steps."""
    found = {}
    for network in tasks.READERS:
        history = duel.read_sequences(AdamW(lr=np.array([0.03])), network=network, steps=150, seed=0)
        found[network] = history.test_accuracy[-1].max()
    return found


def test_a_linear_model_hardly_reads_them_and_a_convolution_reads_nearly_all(accuracies):
    assert 0.15 < accuracies["linear"] < 0.35
    assert accuracies["mlp"] > accuracies["linear"] + 0.2
    assert accuracies["cnn"] > 0.93


def test_an_lstm_learns_to_read_them(accuracies):
    assert accuracies["lstm"] > 0.5


def test_the_lstm_for_sequences_is_that_of_torch():
    torch.manual_seed(0)
    ours = recurrent.SequenceLSTM(12, width=5, points=3, classes=4).double()
    theirs = torch.nn.LSTM(3, 5, batch_first=True).double()
    weights = {"weight_ih_l0": ours.inputs.weight, "bias_ih_l0": ours.inputs.bias,
               "weight_hh_l0": ours.state.weight, "bias_hh_l0": torch.zeros(20, dtype=torch.float64)}
    x = torch.randn(7, 12, dtype=torch.float64)
    states, _ = functional_call(theirs, weights, (x.reshape(7, 4, 3),))
    torch.testing.assert_close(ours(x), ours.head(states[:, -1]), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("network", ["cnn", "lstm"])
def test_a_preset_is_of_the_size_it_says(network):
    preset = presets.sequences("cpu", network=network)
    model = preset.task.fresh_model(0)
    assert sum(p.numel() for p in model.parameters()) == {"cnn": 5898, "lstm": 4810}[network]
    assert model(preset.task.data.x_test[:3]).shape == (3, 10)


def test_a_width_makes_a_wider_network():
    made = {name: tasks.sequences(name, width=8, rows=10).make_model() for name in ("mlp", "cnn", "lstm")}
    shapes = {name: tuple(next(model.parameters()).shape) for name, model in made.items()}
    assert shapes == {"mlp": (8, 40), "cnn": (8, 1, 5), "lstm": (32, 2)}


test_what_cannot_be_is_refused_with_a_reason = refused(
    (lambda: sequences.sequences(rows=9), "rows=9 must be a whole number ≥ 10"),
    (lambda: sequences.sequences(test_rows=True), "test_rows=True must be a whole number ≥ 10"),
    (lambda: sequences.sequences(length=19), "length=19 must be a whole number ≥ 20"),
    (lambda: sequences.sequences(seed=-1), "seed=-1 must be a whole number ≥ 0"),
    (lambda: sequences.sequences(noise=-0.1), "noise=-0.1 must be a finite number ≥ 0"),
    (lambda: sequences.sequences(jitter=float("nan")), "jitter=nan must be a finite number ≥ 0"),
    (lambda: sequences.sequences(tilt="much"), "tilt='much' must be a finite number ≥ 0"),
    (lambda: tasks.sequences("gru"), "network='gru' is not one of"),
    (lambda: tasks.sequences("linear", width=3), "width=3 must be 1 or more, and None for the linear network"),
    (lambda: tasks.sequences("cnn", width=0), "width=0 must be 1 or more"),
    (lambda: presets.sequences("cpu", network="mlp"), "network='mlp' is not one of"),
    (lambda: recurrent.SequenceLSTM(40, points=3), "points=3 must be 1 or more and divide length=40"),
    (lambda: recurrent.SequenceLSTM(width=0), "width=0 must be 1 or more"),
    (lambda: models.SequenceCNN(3), "length=3 must be 4 or more"),
    (lambda: models.SequenceCNN(channels=(4,)), "channels=.* must be two widths"),
)
