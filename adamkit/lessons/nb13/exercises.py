"""Exercises of notebook 13: the line of the proof that breaks, the brackets that break it, and regret."""

import numpy as np

from adamkit.practice.exercise_files import words_of
from adamkit.practice.exercises import Exercise, NumberExercise
from adamkit.practice.plays import Case
from adamkit.practice.values import Tolerance

words = words_of(__name__)

BROKEN_LINE = NumberExercise(**words("13-broken-line", 4), tolerance=Tolerance(rtol=0, atol=1e-9))


def negative_brackets(g, beta2):
    t = np.arange(1, len(g) + 1)
    v, kept = 0.0, []
    for g_t in g:
        v = beta2 * v + (1 - beta2) * g_t**2
        kept.append(v)
    v_hat = np.array(kept) / (1 - beta2**t)
    return int((np.diff(np.sqrt(v_hat * t)) < 0).sum())


def bracket_cases(rng):
    """Reddi's stream, constant and zero gradients, noise, spikes; short and long memories."""
    reddi = np.resize([3.0, -1.0, -1.0], 199)
    spikes = np.where(np.arange(120) % 25 == 0, 10.0, 0.1)
    return [
        Case("Reddi's stream", {"g": reddi, "beta2": 0.1}),
        Case("a few steps of it", {"g": reddi[:5], "beta2": 0.1}),
        Case("Reddi's stream, long memory", {"g": reddi, "beta2": 0.99}),
        Case("noise", {"g": rng.normal(size=150), "beta2": 0.9}),
        Case("noise, long memory", {"g": rng.normal(size=150), "beta2": 0.97}),
        Case("rare spikes", {"g": spikes, "beta2": 0.95}),
        Case("a constant gradient", {"g": np.full(20, 0.5), "beta2": 0.9}),
        Case("silence after a start", {"g": np.r_[rng.normal(size=5), np.zeros(30)], "beta2": 0.9}),
        Case("a long stream", {"g": np.where(rng.uniform(size=2000) < 0.01, 5.0, 0.1), "beta2": 0.99}),
        Case("noise at every second step", {"g": rng.normal(size=120) * (np.arange(120) % 2), "beta2": 0.9}),
        Case("silence, then noise", {"g": np.r_[np.zeros(4), rng.normal(size=40)], "beta2": 0.8}),
        Case("gradients of 10⁻⁸", {"g": 1e-8 * rng.normal(size=60), "beta2": 0.9}),
        Case("a single gradient", {"g": np.array([2.0]), "beta2": 0.9}),
    ]


BRACKETS = Exercise(**words("13-brackets", negative_brackets), cases=bracket_cases)


def average_regret(x, slopes):
    return (np.sum(slopes * x) + np.abs(np.sum(slopes))) / len(x)


def regret_cases(rng):
    """Reddi's slopes, the other sign, slopes that cancel or are zero, one step, a player who foresees."""
    reddi = np.resize([3.0, -1.0, -1.0], 30)
    foreseen = rng.normal(size=12)
    return [
        Case("always at +1", {"x": np.ones(30), "slopes": reddi}),
        Case("always at the best point", {"x": -np.ones(30), "slopes": reddi}),
        Case("the best point is +1", {"x": rng.uniform(-1, 1, 20), "slopes": -np.resize([3.0, -1.0, -1.0], 20)}),
        Case("slopes that cancel", {"x": rng.uniform(-1, 1, 10), "slopes": np.resize([1.0, -1.0], 10)}),
        Case("one step", {"x": np.array([0.5]), "slopes": np.array([2.0])}),
        Case("steps at which nothing is paid", {"x": rng.uniform(-1, 1, 9), "slopes": np.resize([2.0, 0.0, -3.0], 9)}),
        Case("a player who foresees each slope", {"x": -np.sign(foreseen), "slopes": foreseen}),
        Case("a long game", {"x": rng.uniform(-1, 1, 3000), "slopes": rng.normal(0.1, 1, size=3000)}),
        Case("random slopes", {"x": rng.uniform(-1, 1, 50), "slopes": rng.normal(size=50)}),
        Case("random slopes that lean one way", {"x": rng.uniform(-1, 1, 40), "slopes": rng.normal(1, 2, size=40)}),
    ]


REGRET = Exercise(**words("13-regret", average_regret), cases=regret_cases)

EXERCISES = (BROKEN_LINE, BRACKETS, REGRET)
