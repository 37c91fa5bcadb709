"""Every exercise of every notebook: its solution passes, its mistakes are named, nothing wrong passes."""

import inspect
import re
import textwrap

import numpy as np
import pytest
from slices import ordinarily

from adamkit.practice import catalogue, plays
from adamkit.practice.exercises import Exercise, NumberExercise

pytestmark = pytest.mark.usefixtures("in_a_thread")
EXERCISES = catalogue.everything("EXERCISES")
CODE = [e for e in EXERCISES if isinstance(e, Exercise) and not isinstance(e, NumberExercise)]
NUMBERS = [e for e in EXERCISES if isinstance(e, NumberExercise)]
MISTAKES = [(e, m) for e in EXERCISES if isinstance(e, Exercise) for m in e.mistakes]
FUNCTIONS = [e for e in CODE if inspect.isfunction(e.solution_code)]
CLASSES = [e for e in CODE if inspect.isclass(e.solution_code) and e.how is plays.step_optimizer]


def by_key(exercise):
    return exercise.key


@pytest.mark.parametrize("exercise", CODE + NUMBERS, ids=by_key)
@pytest.mark.parametrize("seed", range(3))
def test_the_solution_passes(exercise, seed):
    verdict = exercise.check(exercise.solution_code, seed=seed)
    assert verdict.kind == "passed", verdict


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=lambda x: getattr(x, "key", None) or x.name)
@pytest.mark.parametrize("seed", ordinarily([0], range(3)))
def test_a_known_mistake_is_named_and_explained(exercise, mistake, seed):
    verdict = exercise.check(mistake.made, seed=seed)
    assert (verdict.kind, verdict.mistake) == ("mistake", mistake.name), verdict
    assert verdict.body == mistake.body
    assert mistake.explanation in verdict.body
    assert mistake.seen in verdict.body


@pytest.mark.parametrize("exercise", CODE, ids=by_key)
def test_the_stub_that_the_statement_shows_counts_as_not_attempted(exercise):
    (block,) = re.findall(r"```python\n(.*?)```", textwrap.dedent(exercise.statement), re.DOTALL)
    space = {"np": np}
    exec(textwrap.dedent(block), space)
    verdict = exercise.check(space[exercise.solution_code.__name__])
    assert (verdict.kind, verdict.text()) == ("open", f"○ {exercise.key}: not attempted yet")


@pytest.mark.parametrize("exercise", CODE, ids=by_key)
def test_the_stub_has_the_arguments_of_the_solution(exercise):
    (block,) = re.findall(r"```python\n(.*?)```", textwrap.dedent(exercise.statement), re.DOTALL)
    space = {"np": np}
    exec(textwrap.dedent(block), space)
    stub = space[exercise.solution_code.__name__]
    assert inspect.signature(stub) == inspect.signature(exercise.solution_code)


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_key)
def test_an_ellipsis_counts_as_not_attempted(exercise):
    assert exercise.check(...).kind == "open"


@pytest.mark.parametrize("exercise", [e for e in NUMBERS if np.ndim(e.solution_code)], ids=by_key)
def test_a_list_with_an_ellipsis_counts_as_not_attempted(exercise):
    assert exercise.check([..., *exercise.solution_code[1:]]).kind == "open"


NONSENSE = [None, 0, "0.1", [], {}, object(), np.nan, print, int, float("inf"), True]


@pytest.mark.parametrize("exercise", CODE + NUMBERS, ids=by_key)
@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda x: type(x).__name__)
def test_nonsense_never_passes_and_never_raises(exercise, nonsense):
    assert exercise.check(nonsense).kind in {"wrong", "error", "mistake"}


def spoiled(function, spoil):
    return lambda *args: spoil(function(*args), args)


WAYS = {
    "None": lambda result, args: None,
    "zero": lambda result, args: 0,
    "first argument": lambda result, args: args[0],
    "sign flipped": lambda result, args: -result,
    "a thousandth too large": lambda result, args: result * (1 + 1e-3),
    "NaN": lambda result, args: result * np.nan,
    "one axis more": lambda result, args: np.asarray(result)[None],
}


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=by_key)
@pytest.mark.parametrize("way", WAYS)
def test_a_spoiled_result_never_passes(exercise, way):
    verdict = exercise.check(spoiled(exercise.solution_code, WAYS[way]))
    assert verdict.kind in {"wrong", "error", "mistake"}, verdict


def scaled_steps(solution, factor):
    class Scaled(solution):
        def step(self, grads):
            before = [p.copy() for p in self.params]
            super().step(grads)
            for p, old in zip(self.params, before, strict=True):
                p[...] = old + (p - old) * np.asarray(factor, dtype=p.dtype)

    return Scaled


@pytest.mark.parametrize("exercise", CLASSES, ids=by_key)
@pytest.mark.parametrize("factor", [0, -1, 1 + 1e-3, np.nan], ids=["still", "flipped", "a thousandth too far", "NaN"])
def test_spoiled_steps_never_pass(exercise, factor):
    verdict = exercise.check(scaled_steps(exercise.solution_code, factor))
    assert verdict.kind in {"wrong", "mistake"}, verdict


@pytest.mark.parametrize("exercise", NUMBERS, ids=by_key)
def test_numbers_outside_the_tolerance_never_pass(exercise):
    right = np.asarray(exercise.solution_code, dtype=float)
    reach = exercise.tolerance.atol + exercise.tolerance.rtol * np.abs(right)
    for wrong in (right + 1.5 * reach, right - 1.5 * reach, -right, 0 * right, 10 * right):
        assert exercise.check(wrong.tolist()).kind in {"wrong", "mistake"}


@pytest.mark.parametrize("exercise", CODE, ids=by_key)
def test_the_solution_shown_is_plain_numpy_that_runs_by_itself(exercise):
    space = {"np": np}
    exec(exercise.source(), space)
    assert exercise.check(space[exercise.solution_code.__name__]).passed


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_key)
def test_an_exercise_has_hints_and_a_way_to_its_solution(exercise):
    assert exercise.hints
    assert exercise.minutes > 0
    solution = exercise.solution()
    assert solution.source or solution.explanation
    assert "<details" in solution.html()


def test_keys_are_unique_and_begin_with_their_notebook():
    for shelf in ("EXERCISES", "PREDICTIONS", "INTERVIEWS"):
        for number in catalogue.notebooks():
            keys = [entry.key for entry in getattr(catalogue.module(number), shelf, ())]
            assert len(keys) == len(set(keys))
            assert all(key.startswith(f"{number}-") for key in keys)


def steps(summed, size=np.linalg.norm):
    """Newton–Schulz with another division at first, its step written out or put into brackets."""

    def orthogonal(M, steps):
        X = M / (size(M) or 1.0)
        for _ in range(steps):
            A = X @ X.T
            turned = -4.7750 * A @ X + 2.0315 * A @ A @ X if summed else (-4.7750 * A + 2.0315 * A @ A) @ X
            X = 3.4445 * X + turned
        return X

    return orthogonal


@pytest.mark.parametrize("summed", [True, False])
def test_a_mistake_that_overflows_is_named_however_its_sum_is_written(summed):
    exercise = catalogue.find("EXERCISES", "09-newton-schulz")
    assert exercise.check(steps(summed)).passed
    assert "no division at first" in exercise.check(steps(summed, lambda M: 1.0)).text()
    assert "divided by the largest entry" in exercise.check(steps(summed, lambda M: np.abs(M).max())).text()
