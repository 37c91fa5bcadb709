"""What the pictures of several explorers are made of. The sentences beside them: `test_scenario_sentences`."""

import numpy as np
import pytest

from adamkit import descent, rules, surfaces, theory
from adamkit.explorers.landscape import relief, widened
from adamkit.lessons import explorers
from adamkit.lessons.nb00 import race
from adamkit.lessons.nb01.noise import expected_loss
from adamkit.lessons.nb04.gradient_streams import STREAMS, stream
from adamkit.lessons.nb04.moments import bookkeeping, stems
from adamkit.numbers import round_up


@pytest.mark.parametrize("name", race.NAMES)
def test_the_tuned_rate_is_no_worse_than_half_or_double(name):
    surface = race._surface("beale")
    best = race.tuned_rate(name, "beale")

    def score(lr):
        losses = np.nan_to_num(descent.run(race.race_rule(name, lr), surface, steps=race.STEPS).losses, nan=np.inf)
        return np.inf if losses.max() > 2 * losses[0] else np.log(np.maximum(losses, 1e-9)).mean()

    assert score(best) <= min(score(best / 2), score(best * 2)) + 0.05
    assert np.isfinite(score(best))


def test_the_edge_of_stability_is_where_the_noise_explorer_draws_it():
    noise = explorers.noise()
    noise.figure  # noqa: B018 - draws
    for angle in (0, 37):
        noise.set(lr=0.0985, angle=angle)
        below = noise._loss.lines["SGD"].get_ydata()
        noise.set(lr=0.1015)
        above = noise._loss.lines["SGD"].get_ydata()
        assert below[-1] < 1e-3 * below[0]
        assert above[-1] > 1e3 * above[0]
        assert "Limit 2/λ_max = 0.1;" in noise.caption


def test_the_dashed_level_is_the_mean_loss_of_many_runs():
    values = {"surface": "ravine", "lr": 0.03, "noise": 4.0, "batch": 4}
    ravine = surfaces.ravine(kappa=20)
    seeds = list(range(200))
    runs = descent.sweep(rules.SGD(lr=0.03), ravine, noise=2.0, steps=400, seed=seeds, keep="losses")
    assert runs.losses[:, 200:].mean() == pytest.approx(expected_loss(values, ravine.curvatures()), rel=0.05)


def test_halving_the_rate_or_doubling_the_batch_lowers_the_level_alike():
    level = {}
    for key, change in {"as is": {}, "half rate": {"lr": 0.01}, "double batch": {"batch": 2}}.items():
        values = {"surface": "ravine", "lr": 0.02, "noise": 4.0, "batch": 1} | change
        level[key] = expected_loss(values, np.array([1.0, 1.0]))
    assert level["half rate"] == pytest.approx(level["as is"] / 2, rel=0.01)
    assert level["double batch"] == pytest.approx(level["as is"] / 2)


def caption_of(scenario):
    return explorers.moments(scenario=scenario).caption


def largest(scenario):
    """The number after "Largest step:"."""
    return float(caption_of(scenario).split()[2])


def test_the_moments_scenarios_show_the_numbers_they_name():
    assert "Largest step: 1 η, at t = 1." in caption_of("Constant gradient")
    assert "Largest step: 6.57 η, at t = 12." in caption_of("No correction")
    assert 2 < largest("One spike after silence") < theory.paper_step_bound(0.9, 0.999)
    assert 7 < largest("Worst case") < theory.largest_adam_step(0.9, 0.999)
    assert 0.9 < largest("Tiny gradients") < 0.92
    assert "Last: −0.0526 η." in caption_of("Alternating signs")


def test_the_bookkeeping_is_adams_equations():
    g = np.array([1.0, -2.0, 0.5])
    book = bookkeeping(g, 0.9, 0.99, 1e-8, True, False)
    m = v = 0.0
    for t, gradient in enumerate(g, start=1):
        m, v = 0.9 * m + 0.1 * gradient, 0.99 * v + 0.01 * gradient**2
        assert book["m"][t - 1] == pytest.approx(m)
        assert book["m_hat"][t - 1] == pytest.approx(m / (1 - 0.9**t))
        assert book["v"][t - 1] == book["v_hat"][t - 1] == pytest.approx(np.sqrt(v))
        assert book["step"][t - 1] == pytest.approx(m / (1 - 0.9**t) / (np.sqrt(v) + 1e-8))
        fair = m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.99**t)) + 1e-8)
        assert book["fair"][t - 1] == pytest.approx(fair)


@pytest.mark.parametrize("kind", STREAMS)
@pytest.mark.parametrize(("beta1", "beta2"), [(0.9, 0.999), (0.0, 0.0), (0.999, 0.0), (0.0, 0.9999)])
def test_every_stream_is_finite_and_of_the_length_asked_for(kind, beta1, beta2):
    g = stream(kind, 3000, beta1=beta1, beta2=beta2, own=(1, -2))
    assert g.shape == (3000,)
    assert np.isfinite(g).all()
    assert np.abs(g).max() > 0


def test_one_unit_is_equally_long_both_ways():
    (x0, x1), (y0, y1) = widened(((-1, 1), (0, 8)), 1.5)
    assert (x1 - x0) / (y1 - y0) == pytest.approx(1.5)
    assert (y0, y1) == (0, 8)
    assert (x0 + x1) / 2 == 0


def test_the_relief_darkens_towards_the_minimum():
    surface = race._surface("ravine")
    brightness = relief(surface, surface.view, 120, 90)[..., :3].mean(axis=-1)
    middle, beside, edge = (brightness[rows, 50:70].mean() for rows in (slice(42, 48), slice(28, 38), slice(2, 12)))
    assert middle < beside < edge


def test_limits_of_plots_are_round():
    assert [round_up(number) for number in (0.9, 1.0, 1.01, 6.57, 8, 2e-7)] == [1, 1, 1.5, 7, 10, 2e-7]


def test_strokes_start_at_zero_and_are_separate():
    x, y = stems(np.array([1, 2]), np.array([3.0, -4.0]))
    assert x[:2].tolist() == [1, 1]
    assert y[:2].tolist() == [0, 3]
    assert np.isnan(y[2])
    assert len(stems(np.arange(1000), np.ones(1000))[0]) == 1000
