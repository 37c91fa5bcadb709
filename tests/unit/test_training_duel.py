"""What notebook 07 compares optimizers with: an LSTM, a CNN's training, sharpness, and the shipped sweeps."""

import numpy as np
import pytest
import torch
from refusals import refused
from torch.func import functional_call

from adamkit import optim
from adamkit.lessons.nb07 import classic, curvature, duel, vision
from adamkit.rules import AdamW, Momentum
from adamkit.training import models
from adamkit.training.recurrent import LSTM


def test_the_lstm_is_that_of_torch():
    torch.manual_seed(0)
    ours = LSTM(11, width=6).double()
    theirs = torch.nn.LSTM(6, 6, batch_first=True).double()
    order = torch.cat([torch.arange(12), torch.arange(12, 24)])  # i, f, g, o in both
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(ours.inputs.weight[order])
        theirs.weight_hh_l0.copy_(ours.state.weight[order])
        theirs.bias_ih_l0.copy_(ours.inputs.bias[order])
        theirs.bias_hh_l0.zero_()
    tokens = torch.randint(0, 11, (4, 9))
    expected = ours.head(theirs(ours.characters(tokens))[0])
    torch.testing.assert_close(ours(tokens), expected, rtol=0, atol=1e-12)


def test_an_lstm_trained_in_an_ensemble_learns():
    history = duel.read_text(AdamW(lr=np.array([0.0, 0.02])), network="lstm", steps=30, seed=0)
    assert history.test_loss[-1][0, 1] < history.test_loss[-1][0, 0] - 0.5


def whole_hessian(model, x, y):
    shapes = {name: parameter.shape for name, parameter in model.named_parameters()}
    flat = torch.cat([parameter.detach().flatten() for parameter in model.parameters()])

    def loss(vector):
        parts = torch.split(vector, [shape.numel() for shape in shapes.values()])
        named = {name: part.view(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
        return torch.nn.functional.cross_entropy(functional_call(model, named, (x,)), y)

    return torch.autograd.functional.hessian(loss, flat)


@pytest.mark.parametrize("seed", range(3))
def test_power_iteration_finds_the_largest_eigenvalue_of_the_hessian(seed):
    torch.manual_seed(seed)
    model, x, y = models.MLP((5, 4, 3), activation="tanh").double(), torch.randn(30, 5).double(), torch.arange(30) % 3
    expected = torch.linalg.eigvalsh(whole_hessian(model, x, y))[-1].item()
    assert curvature.sharpness(model, x, y, iterations=5000, tolerance=1e-10) == pytest.approx(expected, rel=1e-4)


def test_a_saddle_whose_steepest_direction_goes_down_still_gives_the_largest_eigenvalue():
    class Saddle(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.w = torch.nn.Parameter(torch.tensor([0.3, -0.2, 0.1], dtype=torch.float64))

        def forward(self, x):
            return (self.w**2 * x).sum()

    model, bends = Saddle(), torch.tensor([1.0, -5.0, 0.5], dtype=torch.float64)
    value = curvature.sharpness(model, bends, None, loss=lambda out, y: out, iterations=500, tolerance=1e-12)
    assert value == pytest.approx(2.0)


def test_sharpness_leaves_the_model_alone_and_needs_an_iteration():
    model, x, y = models.MLP((5, 3)), torch.randn(9, 5), torch.arange(9) % 3
    before = [parameter.clone() for parameter in model.parameters()]
    curvature.sharpness(model, x, y)
    assert all(torch.equal(a, b) and a.grad is None for a, b in zip(model.parameters(), before, strict=True))
    with pytest.raises(ValueError, match="iterations=0"):
        curvature.sharpness(model, x, y, iterations=0)


def test_a_cnn_learns_and_the_same_seed_gives_the_same_run():
    first = vision.train_cnn(duel.sgd_nesterov(0.1), epochs=2, rows=400)
    again = vision.train_cnn(duel.sgd_nesterov(0.1), epochs=2, rows=400)
    assert first.test_accuracy > 0.7
    assert first.batch_losses == again.batch_losses
    assert len(first.batch_losses) == 12
    assert not first.model.training
    assert vision.train_cnn(duel.adamw(0.01), epochs=2, rows=400, seed=1).batch_losses != first.batch_losses


def test_training_until_a_loss_stops_there():
    run = vision.train_until(duel.adamw(0.01), 0.5, rows=400, most_epochs=20)
    assert run.train_loss < 0.5
    assert len(run.batch_losses) % 6 == 0
    assert vision.train_until(duel.adamw(1e-6), 0.5, rows=400, most_epochs=2).train_loss > 0.5


def test_a_sweep_of_rates_is_each_rate_alone():
    problem = classic.zipf_softmax(classes=6, rows=60, inputs=8)
    make = lambda w, lr: optim.Momentum(w, lr=lr)
    both = duel.fit_all_rows(problem, make, [0.1, 0.5], steps=20)
    np.testing.assert_allclose(both[1], duel.fit_all_rows(problem, make, [0.5], steps=20)[0], rtol=1e-5)
    words = classic.rare_words(rows=300, features=10)
    both = duel.fit_words(words, optim.Adam, [0.01, 0.1], steps=20)
    np.testing.assert_allclose(both[1], duel.fit_words(words, optim.Adam, [0.1], steps=20)[0], rtol=1e-12)


def test_what_was_learned_is_one_at_the_truth_and_zero_at_the_start():
    words = classic.rare_words(rows=300, features=10)
    assert duel.learned(words, words.truth, words.shares < 0.1) == pytest.approx(1)
    assert duel.learned(words, 0 * words.truth, slice(None)) == 0


def test_the_shipped_sweeps_have_a_rate_for_every_number_and_say_where_they_come_from():
    sweeps = dict(duel.load())
    about = sweeps.pop("about")
    assert {"date", "versions", "machine", "seeds", "made by"} <= set(about)
    for entry in sweeps.values():
        for runs in entry.values():
            rates = runs["rates"]
            assert (np.diff(rates) > 0).all()
            assert all(values.shape[-1] == len(rates) for values in runs.values())


def test_the_shipped_sweep_is_what_comes_out_today():
    runs = duel.load()["words"]["Adam"]
    best = int(np.nanargmin(runs["test_loss"].mean(axis=0)))
    problem = classic.rare_words()
    theta = duel.fit_words(problem, optim.Adam, runs["rates"][[best]])
    assert problem.test.loss(theta)[0] == pytest.approx(runs["test_loss"][0, best], rel=1e-3)


def test_no_best_rate_lies_at_the_edge_of_its_sweep():
    # In the balanced control every loss goes to zero; the large problem was tried at few rates.
    unswept = ("about", "sharpness", "zipf, balanced", "zipf, 1024 classes")
    edges = []
    for name, entry in duel.load().items():
        for who, runs in entry.items() if name not in unswept else ():
            loss = runs.get("test_loss", runs.get("loss"))
            mean = loss.mean(axis=0) if loss.ndim == 2 else loss
            best = int(np.nanargmin(mean))
            if best == 0 or best == len(mean) - 1:
                edges.append((name, who))
    assert edges == []


test_what_cannot_be_trained_is_refused = refused(
    (lambda: LSTM(0), "vocabulary=0"),
    (lambda: duel.text_task("rnn"), "network='rnn'"),
    (lambda: vision.train_cnn(duel.adamw(0.01), epochs=0), "epochs=0"),
    (lambda: vision.train_cnn(duel.adamw(0.01), batch_size=1), "batch_size=1"),
)


def test_momentum_survives_where_the_task_says_so():
    history = duel.read_text(Momentum(lr=np.array([0.3, 1e4])), steps=10, seed=0)
    assert history.diverged.tolist() == [[False, True]]
