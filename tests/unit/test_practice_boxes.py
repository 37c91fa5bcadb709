"""What surrounds a check: attempts that print or never end, hints, solutions, answers worked out by hand."""

import inspect
import threading
import time

import numpy as np
import pytest
from refusals import refused

from adamkit import practice
from adamkit.practice import catalogue, sandbox


def check_step(function, **options):
    return practice.exercise("01-gd-step").check(function, **options)


def test_what_the_reader_prints_is_kept(capfd):
    def attempt(x, g, lr):
        print("my own line")
        return x - lr * g

    assert check_step(attempt).passed
    assert "my own line" in capfd.readouterr().out


@pytest.mark.parametrize("where", ["main thread", "another thread"])
def test_an_endless_loop_is_stopped_in_any_thread(where):
    ticks = []

    def attempt(x, g, lr):
        while True:
            ticks.append(1) if len(ticks) < 10 else None

    verdicts = []
    if where == "main thread":
        verdicts.append(check_step(attempt, seconds=0.3))
    else:
        thread = threading.Thread(target=lambda: verdicts.append(check_step(attempt, seconds=0.3)))
        thread.start()
        thread.join(10)
    assert verdicts[0].kind == "error"
    assert "not done after 0.3 seconds" in verdicts[0].title
    assert "a vector" in verdicts[0].body
    assert "background" not in verdicts[0].body
    assert not [t for t in threading.enumerate() if t.name == "adamkit-check"]


def test_a_loop_that_swallows_everything_is_stopped_too():
    def attempt(x, g, lr):
        for _ in range(5):
            try:
                while True:
                    pass
            except:  # noqa: E722 - what a beginner writes
                pass
        return x

    assert "background" not in check_step(attempt, seconds=0.2).body


def sleep_long():
    yield "a first value"
    time.sleep(20)


def test_a_call_that_cannot_be_stopped_in_a_thread_is_left_behind_and_reported():
    outcome = sandbox.run(sleep_long, 0.05, forked=False)
    assert (outcome.timed_out, outcome.still_running, outcome.values) == (True, True, ["a first value"])


def test_hints_open_one_at_a_time_and_stay_open():
    exercise = practice.exercise("01-minibatch-gradient")
    exercise._opened = 0
    seen = [exercise.hint().text() for _ in range(4)]
    assert [f"hint {n} of 3" in text for n, text in zip((1, 2, 3, 3), seen)] == [True] * 4
    assert len({len(text) for text in seen[:3]}) == 3
    assert ".solution()" in seen[3]


def test_a_solution_is_folded_in_html_and_absent_from_the_text():
    solution = practice.exercise("04-adam").solution()
    assert solution.html().startswith("<details")
    assert " open" not in solution.html().partition(">")[0]
    assert "beta" not in solution.text()
    assert "self.t += 1" in solution.source


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (0.1, "passed", ""),
        (np.float64(0.0995), "passed", ""),
        (0.3, "wrong", "not the number"),
        ([0.1, 0.1], "wrong", "the shape (2,) where a plain number was expected"),
        ("0.1", "error", "without quotes"),
        (None, "error", "a value missing"),
        (lambda: 0.1, "error", "needs the number"),
        (0.05, "mistake", "stable, but not the limit"),
        (float("nan"), "wrong", "not the number"),
        (True, "wrong", "truth value"),
        (1j, "wrong", ""),
    ],
)
def test_a_number_worked_out_by_hand(answer, kind, words):
    verdict = practice.exercise("01-largest-stable-lr").check(answer)
    assert verdict.kind == kind, verdict
    assert words in verdict.body
    if kind == "wrong":
        assert "0.1 " not in verdict.text(), "the answer is not given away"


def test_a_list_of_numbers_says_which_are_right():
    exercise = practice.exercise("04-first-three-steps")
    assert exercise.check((0.9, 0.8, 0.814)).passed
    assert exercise.check(np.array([0.9, 0.8, 0.8143])).passed
    assert exercise.check([0.9, 0.7, 0.8143]).body == "2 of 3 are right; not yet: number 2."
    assert exercise.check([0.9, 0.7, 0.8]).body == "1 of 3 is right; not yet: numbers 2, 3."
    assert "has the shape (2,)" in exercise.check([0.9, 0.8]).body
    assert "plain numbers" in exercise.check([0.9, 0.8, [1]]).body
    assert "a text was handed in, '0.8'" in exercise.check([0.9, "0.8", [1]]).body.lower()


test_an_unknown_key_is_refused_with_what_there_is = refused(
    (lambda: practice.exercise("04-adm"), "Did you mean '04-adam'"),
    (lambda: practice.exercise("77-adam"), "There is no practice for notebook '77'"),
    (lambda: practice.exercise("adam"), "must begin with the number"),
    (lambda: practice.exercise(4), "must begin with the number"),
    error=LookupError,
)


def test_verdicts_read_the_same_every_time():
    def attempt(x, g, lr):
        return x - 2 * lr * g

    first, second = check_step(attempt), check_step(attempt)
    assert first._repr_mimebundle_() == second._repr_mimebundle_()
    assert set(first._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_no_module_takes_the_name_of_a_public_function():
    for key in catalogue.notebooks():
        catalogue.module(key)
    assert all(inspect.isfunction(getattr(practice, name)) for name in practice.__all__)
