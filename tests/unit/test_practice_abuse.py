"""Whatever an attempt does, and however `check` is called: a sentence comes back, and nothing else has changed."""

import builtins
import itertools
import os
import random
import sys
import threading
import time

import numpy as np
import pytest

from adamkit import practice
from adamkit.lessons.nb04.exercises import Adam
from adamkit.practice import copied, guard, sandbox
from adamkit.practice.verdict import Verdict

step = practice.exercise("01-gd-step")
forked_only = pytest.mark.skipif(sys.platform != "linux", reason="a process is copied on Linux only")


@pytest.fixture(params=["copy", "thread"])
def place(request, monkeypatch):
    """Where attempts run: both ways must hold."""
    if request.param == "copy" and not copied.possible():
        pytest.skip("a process is copied on Linux only")
    monkeypatch.setattr(copied, "possible", lambda: request.param == "copy")
    return request.param


class Unprintable:
    def __repr__(self):
        raise RuntimeError("do not print me")


CALLS = {
    "nothing": lambda e: e.check(),
    "three numbers": lambda e: e.check(0.9, 0.8, 0.8143),
    "an unknown argument": lambda e: e.check(3, second=1),
    "no seconds": lambda e: e.check(3, seconds=None),
    "a text for seconds": lambda e: e.check(3, seconds="ten"),
    "seconds below zero": lambda e: e.check(3, seconds=-1),
    "no seed": lambda e: e.check(3, seed=None),
    "what cannot be printed": lambda e: e.check(Unprintable()),
    "many that cannot be printed": lambda e: e.check(Unprintable(), Unprintable()),
    "seconds that cannot be printed": lambda e: e.check(3, seconds=Unprintable()),
}


@pytest.mark.parametrize("key", ["01-gd-step", "04-adam", "04-first-three-steps", "07-argue", "12-mystery-1"])
@pytest.mark.parametrize("call", CALLS)
def test_check_answers_with_a_sentence_however_it_is_called(key, call):
    verdict = CALLS[call](practice.exercise(key))
    assert isinstance(verdict, Verdict)
    assert not verdict.passed
    assert verdict.text()


def test_several_numbers_without_a_list_are_told_of_the_list():
    assert "one list, in square brackets" in practice.exercise("04-first-three-steps").check(0.9, 0.8, 0.8143).body


def test_the_attempt_may_be_named():
    assert practice.exercise("04-adam").check(attempt=Adam).passed


def test_leaving_is_only_an_error(place):
    for leave in (exit, quit, sys.exit):
        verdict = step.check(lambda x, g, lr, leave=leave: leave())
        assert (verdict.kind, "`SystemExit`" in verdict.body) == ("error", True)
    assert builtins.exit is not guard._leave


def test_asking_the_reader_is_an_error_that_says_so(place):
    verdict = step.check(lambda x, g, lr: float(input("θ? ")))
    assert verdict.kind == "error"
    assert "asks for input, and nobody answers" in verdict.body


def test_a_replaced_library_function_fools_nothing_and_is_back_afterwards(place):
    right, before = Adam.step, (np.sqrt, np.isclose, len)

    class Patches(Adam):
        def step(self, grads):
            np.sqrt = lambda x: x
            np.isclose = lambda *args, **kwargs: np.array(True)
            right(self, grads)

    first, second = (practice.exercise("04-adam").check(Patches) for _ in range(2))
    assert not first.passed
    assert (first.kind, first.body) == (second.kind, second.body)
    assert (np.sqrt, np.isclose, len) == before


def test_what_the_reader_replaced_before_the_check_does_not_reach_the_reference(monkeypatch):
    monkeypatch.setattr(np, "isclose", lambda *args, **kwargs: np.array(True))
    monkeypatch.setattr(np, "mean", lambda *args, **kwargs: 7.0)
    exercise = practice.exercise("00-average")
    exercise._known.clear()
    assert not exercise.check(lambda gradients: np.mean(gradients, axis=0)).passed
    assert exercise.check(lambda gradients: sum(gradients) / len(gradients)).passed
    assert np.mean(3) == 7.0, "the notebook keeps what it replaced"


def test_no_random_generator_moves(place):
    torch = pytest.importorskip("torch")

    def attempt(x, g, lr):
        random.random(), np.random.normal(), torch.rand(1)
        np.random.seed(3), torch.manual_seed(3)
        return x - lr * g

    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    assert step.check(attempt).passed
    practice.exercise("05-param-groups").check(lambda model, weight_decay: [])
    assert (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()) == before


@pytest.mark.parametrize("way", ["a sum without end", "a power without end"])
@forked_only
def test_code_that_holds_the_interpreters_lock_is_ended(way):
    hold = {"a sum without end": lambda: sum(itertools.count()), "a power without end": lambda: 10**10**9}[way]
    verdict = step.check(lambda x, g, lr: hold(), seconds=0.2)
    assert verdict.title == "Stopped: not done after 0.2 seconds"
    assert "background" not in verdict.body


@forked_only
def test_code_that_ends_its_process_is_named_and_ends_nothing_else():
    assert "os._exit" in step.check(lambda x, g, lr: os._exit(3)).body
    assert "SIGABRT" in step.check(lambda x, g, lr: os.abort()).body


@forked_only
def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(copied, "MEMORY", 2**26)

    def attempt(x, g, lr):
        grown = b"x" * 1000
        while True:
            grown += grown

    verdict = step.check(attempt, seconds=60)
    assert "`MemoryError`" in verdict.body
    assert "2 GiB" in verdict.body


@forked_only
def test_a_flood_of_prints_is_cut(capsys):
    def attempt(x, g, lr):
        for _ in range(5):
            print("x" * 50_000)
        return x - lr * g

    assert step.check(attempt).passed
    assert 100_000 < len(capsys.readouterr().out) < 110_000


def test_a_first_import_costs_an_attempt_no_time(place, tmp_path, monkeypatch):
    (tmp_path / "slow_library_of_this_test.py").write_text("import time\ntime.sleep(0.6)\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "slow_library_of_this_test", raising=False)

    def attempt(x, g, lr):
        import slow_library_of_this_test  # noqa: F401

        return x - lr * g

    assert step.check(attempt, seconds=0.4).passed
    assert builtins.__import__.__name__ == "__import__"


def test_a_crowded_machine_refuses_no_right_solution():
    charge = copied._Charge(os.getpid())
    charge._state = lambda: (False, 0.0)  # it would run, and gets no processor
    charge._last -= 100
    assert charge.spent() == 0
    charge._state = lambda: (True, 0.0)  # it sleeps
    charge._last -= 100
    assert charge.spent() >= 100


class Coroutine(Adam):
    async def step(self, grads):
        super().step(grads)


class Yields(Adam):
    def step(self, grads):
        super().step(grads)
        yield


@pytest.mark.parametrize(("attempt", "words"), [(Coroutine, "a coroutine"), (Yields, "a generator")])
def test_a_step_that_never_runs_is_named(attempt, words):
    body = practice.exercise("04-adam").check(attempt).body
    assert words in body
    assert "nothing in it has run" in body


def test_a_list_of_gradients_that_is_emptied_is_a_changed_input():
    class Empties(Adam):
        def step(self, grads):
            super().step([grads.pop(0) for _ in self.params])

    verdict = practice.exercise("04-adam").check(Empties)
    assert verdict.mistake == "input modified"
    assert "the list of gradients at step 1" in verdict.body


def test_open_places_inside_a_result_are_not_attempted_yet():
    verdict = practice.exercise("02-heavy-ball").check(lambda theta, m, g, lr, beta: (..., ...))
    assert verdict.text() == "○ 02-heavy-ball: not attempted yet"


def test_a_library_that_is_not_implemented_is_no_stub():
    class NobodyThere(NotImplementedError):
        pass

    def attempt(x, g, lr):
        raise NobodyThere("raw_input was called, but this frontend does not support input requests.")

    assert step.check(attempt).kind == "error"


@forked_only
def test_a_library_that_cannot_work_in_a_copied_process_gets_a_thread():
    home = os.getpid()

    def attempt(x, g, lr):
        if os.getpid() != home:
            raise RuntimeError("Cannot re-initialize CUDA in forked subprocess.")
        return x - lr * g

    assert step.check(attempt).passed


def test_the_stop_button_ends_the_attempt_and_reaches_the_reader(monkeypatch):
    def pressed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(copied._Charge, "spent", pressed)
    with pytest.raises(KeyboardInterrupt):
        sandbox.run(lambda: iter([time.sleep(30)]), 60, forked=True)


def test_nothing_is_left_running(place, monkeypatch):
    def attempt(x, g, lr):
        while True:
            pass

    children, fork = [], os.fork
    monkeypatch.setattr(os, "fork", lambda: children.append(fork()) or children[-1])
    before = threading.enumerate()
    assert "not done after" in step.check(attempt, seconds=0.2).title
    assert [t for t in threading.enumerate() if t not in before] == []
    assert len(children) == (place == "copy")
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
