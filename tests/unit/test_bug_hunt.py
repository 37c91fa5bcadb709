"""The bug hunt: its programs are right, its bugs are bugs, and its judge is fair."""

from itertools import combinations, product

import numpy as np
import pytest
import torch
from refusals import each, refused
from widget_tree import walk

from adamkit import optim, practice
from adamkit.practice import hunts, programs
from adamkit.practice.store import Shelf
from adamkit.torch_optim import Lion

PROGRAMS = programs.load()
HUNTS = [hunts.draw(seed, level) for level in hunts.LEVELS for seed in range(len(PROGRAMS))]
EDGES = [
    (), (...,), (None,), ("x",), ("",), (0,), (-1,), (10**9,), (1e400,), (float("nan"),), (1.5,), (True,), ([],), ({},),
    ([[1]],), ({"a": 1},), ({None: None},), (object(),), (print,), (b"3",), ("٣",), ([1, "x"],), (2j,), ([None],),
    (np.array([]),), (np.array([[1.5]]),), (np.array(["3"]),), ({1: 5},), ({1: None},), (range(0),),
]  # fmt: skip


def by_id(program):
    return program.id


def by_name(hunt):
    return f"{hunt.level}-{hunt.seed}-{hunt.program.id}"


@pytest.mark.parametrize("program", PROGRAMS, ids=by_id)
def test_each_bug_changes_what_a_run_gives_and_stops_no_run(program):
    right = programs.numbers(program, program.code)
    assert np.isfinite(right).all()
    assert np.array_equal(right, programs.numbers(program, program.code))
    for bug in program.bugs:
        wrong = programs.numbers(program, program.planted([bug]))
        assert wrong.shape == right.shape
        assert not np.allclose(wrong, right, rtol=1e-4, atol=1e-6), bug.name


@pytest.mark.parametrize("program", PROGRAMS, ids=by_id)
def test_of_bugs_that_are_planted_together_none_hides_another(program):
    alone = {bug: programs.numbers(program, program.planted([bug])) for bug in program.bugs}
    for pair in filter(program.fit, combinations(program.bugs, 2)):
        both = programs.numbers(program, program.planted(pair))
        for bug in pair:
            assert not np.array_equal(both, alone[bug], equal_nan=True), [b.name for b in pair]


PEERS = {
    "momentum": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, weight_decay=0.05, nesterov=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, eps=1e-3, centered=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1, eps=1e-2),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.3, eps=1e-2),
    "amsgrad": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.9, 0.7), amsgrad=True),
    "lion": lambda p: Lion(p, lr=0.1, weight_decay=0.3),
}


@pytest.mark.parametrize("name", PEERS)
def test_the_right_optimizers_are_torchs_or_ours(name):
    program = next(p for p in PROGRAMS if p.id == name)

    class Peer:
        """Stands in for the class of the program in its trial."""

        def __init__(self, params, *_, **__):
            self.params = params
            self.tensors = [torch.nn.Parameter(torch.from_numpy(p)) for p in params]
            self.optimizer = PEERS[name](self.tensors)

        def step(self, grads):
            for tensor, g in zip(self.tensors, grads, strict=True):
                tensor.grad = torch.from_numpy(g.copy())
            self.optimizer.step()

    space = {"np": np}
    space |= dict.fromkeys(("SGD", "RMSprop", "Adam", "AdamW", "AMSGrad", "Lion"), Peer)
    exec(program.trial, space)
    peer = np.concatenate([np.ravel(x) for x in space["result"]])
    np.testing.assert_allclose(programs.numbers(program, program.code), peer, rtol=1e-10, atol=1e-12)


def test_the_right_lamb_is_ours_without_a_ceiling():
    space, rng = {"np": np}, np.random.default_rng(0)
    exec(next(p for p in PROGRAMS if p.id == "lamb").code, space)
    p, g = 30 * rng.normal(size=6), rng.normal(size=6)
    mine, theirs = p.copy(), [p.copy()]
    space["lamb_step"](mine, g, g * g, lr=0.01, decay=0.1)
    optim.LAMB(theirs, lr=0.01, weight_decay=0.1, eps=1e-6).step([g])
    np.testing.assert_allclose(mine, theirs[0], rtol=1e-12)


def test_there_are_more_than_a_dozen_programs_of_each_level():
    assert len(PROGRAMS) >= 12
    for level in hunts.LEVELS:
        drawn = [hunt for hunt in HUNTS if hunt.level == level]
        assert {hunt.program.id for hunt in drawn} == {program.id for program in PROGRAMS}
        assert {len(hunt.bugs) for hunt in drawn} == set(hunts.LEVELS[level][0])
        assert all(max(bug.level for bug in hunt.bugs) == level for hunt in drawn)


@pytest.mark.parametrize("hunt", HUNTS, ids=by_name)
def test_a_mark_on_any_line_of_the_statement_is_right(hunt):
    for marks in product(*map(sorted, hunt.places)):
        assert hunt.check(list(marks)).passed
        assert hunt.check(dict.fromkeys(marks, "because")).passed
    assert hunt.check(*map(min, hunt.places)).passed


@pytest.mark.parametrize("hunt", HUNTS, ids=by_name)
def test_what_was_missed_and_what_was_marked_falsely_is_named(hunt):
    first, *others = hunt.places
    stray = min(set(range(1, len(hunt.lines) + 1)) - set().union(*hunt.places))
    own = min(first - set().union(*others))
    verdict = hunt.check({own: "it forgets", stray: ""})
    assert (verdict.kind, verdict.title) == ("wrong", f"1 of {len(hunt.bugs)} found, 1 false mark")
    assert f"✗ **Line {stray}**" in verdict.body
    assert "You said: “it forgets”" in verdict.body
    for bug in hunt.bugs:
        assert bug.name in verdict.body
    assert verdict.body.count("✗ Missed") == len(others)
    assert hunt.check(stray).title == f"0 of {len(hunt.bugs)} found, 1 false mark"


def test_an_empty_line_has_no_text_to_quote():
    hunt = hunts.draw(0, 1)
    assert f"**Line {hunt.lines.index('') + 1}** is empty." in hunt.check(hunt.lines.index("") + 1).body


@pytest.mark.parametrize("hunt", HUNTS[::16], ids=by_name)
def test_marking_every_line_finds_nothing_out(hunt):
    assert not hunt.check(range(1, len(hunt.lines) + 1))


@pytest.mark.parametrize("marks", EDGES, ids=range(len(EDGES)))
def test_odd_marks_are_answered_and_raise_nothing(marks):
    verdict = practice.bug_hunt(1, 3).check(*marks)
    assert verdict.kind in {"open", "error", "wrong"}
    assert practice.bug_hunt(1, 3).check(*marks, why=1).kind == "error"


@pytest.mark.parametrize("marks", [([7],), ("7",), ("line 7",), (7.0,), (np.int64(7),), ({7: ""},), (np.array([7]),)])
def test_a_line_may_be_written_in_many_ways(marks):
    hunt = hunts.draw(0, 1)
    assert hunt.check(*marks).title == hunt.check(7).title
    assert hunt.check(*marks).kind == hunt.check(7).kind != "error"


@pytest.mark.parametrize("marks", [(99,), ("x",)])
def test_a_mark_beside_the_program_is_refused_with_what_is_allowed(marks):
    hunt = hunts.draw(0, 1)
    assert f"the number of a line, 1 to {len(hunt.lines)}; it was given {marks[0]!r}" in hunt.check(*marks).body


test_a_hunt_that_cannot_be_drawn_is_refused = refused(
    *each(practice.bug_hunt, "seed={}", -1, 1.5, True),
    *each(lambda level: practice.bug_hunt(0, level), "level={}", 0, "2", True),
)


def test_a_seed_draws_the_same_hunt_again():
    assert practice.bug_hunt(5, 3).source == practice.bug_hunt(5, 3).source
    assert practice.bug_hunt(5, 3).source != practice.bug_hunt(6, 3).source


@pytest.mark.usefixtures("in_a_thread")
@pytest.mark.parametrize("hunt", HUNTS[::6], ids=by_name)
def test_a_repair_is_judged_by_what_the_program_then_does(hunt):
    assert hunt.repair(hunt.program.code).passed
    assert hunt.repair("# my version\n" + hunt.program.code.replace("    ", "  ")).passed
    assert "0 of" in hunt.repair(hunt.source).title
    for left in hunt.bugs:
        if len(hunt.bugs) > 1:
            assert f"{len(hunt.bugs) - 1} of" in hunt.repair(hunt.program.planted([left])).title
        assert hunt.repair(hunt.program.planted([left])).kind == "wrong"


AVERAGE = next(hunt for hunt in HUNTS if [bug.name for bug in hunt.bugs] == ["the average is computed and dropped"])


LINES = (
    "mean.mul_(self.decay).add_(p, alpha=1 - self.decay)",
    "mean.lerp_(p, 1 - self.decay)",
    "mean.copy_(self.decay * mean + (1 - self.decay) * p)",
    "mean -= (1 - self.decay) * (mean - p)",
    "mean *= self.decay\nmean += (1 - self.decay) * p",
    "mean[...] = mean + (1 - self.decay) * (p - mean)",
)


@pytest.mark.parametrize("line", LINES)
def test_a_line_may_be_repaired_in_many_ways(line):
    (place,) = AVERAGE.places
    for number in (min(place), str(min(place)), float(min(place))):
        assert AVERAGE.repair({number: line}).passed


WRONG = {
    "wrong": [{11: "mean.copy_(p)"}, {11: "mean.mul_(self.decay)"}, {11: "pass"}],
    "open": [{}, ..., ""],
    "error": [
        {11: "mean.mul_("}, {11: "raise SystemExit"}, {11: "raise StopIteration"}, {11: "input()"}, {11: ""}, {11: 3},
        {11: "import os; os._exit(1)"}, {11: "while True: pass"}, {99: "x"}, {None: "x"}, 3, [11], "x = 1", None,
        "class Average: pass", np.zeros(3), {11: None},
    ],
}  # fmt: skip


@pytest.mark.parametrize(("repairs", "kind"), [(repairs, kind) for kind, given in WRONG.items() for repairs in given])
def test_a_wrong_repair_is_answered_and_raises_nothing(repairs, kind):
    assert AVERAGE.repair(repairs, seconds=0.3 if "while" in str(repairs) else 10).kind == kind


def test_the_difference_of_a_hunt_is_measured():
    assert practice.bug_hunt(0, 1).difference() > 1e-4


def test_hints_tell_the_number_then_the_run_then_the_lines_and_the_page_folds_the_bugs():
    hunt = practice.bug_hunt(3, 2)
    opened = [hunt.hint().opened for _ in range(4)]
    assert [len(hints) for hints in opened] == [1, 2, 3, 3]
    assert "bug" in opened[0][0]
    assert hunt.bugs[0].shows in opened[1][1]
    assert hunt.html().count("<details") == 1
    for bug in hunt.bugs:
        assert bug.name not in hunt.text() + hunt.html().split("<details")[0]
        assert bug.why in hunt.solution().explanation
    assert hunt.solution().source == hunt.program.code


def test_marked_buttons_are_judged_and_a_find_is_kept(reader):
    hunt = practice.bug_hunt(0, 2)
    live = hunt.widget()
    buttons = [w for w in walk(live) if type(w).__name__ == "ToggleButton"]
    assert [b.description for b in buttons] == [str(n) for n in range(1, len(hunt.lines) + 1)]
    judge = next(w for w in walk(live) if getattr(w, "description", "") == "Judge")
    shown = lambda: "".join(w.value for w in walk(live) if type(w).__name__ == "HTML")
    judge.click()
    assert "not attempted yet" in shown()
    for place in hunt.places:
        buttons[min(place) - 1].value = True
    next(w for w in walk(live) if type(w).__name__ == "Textarea").value = "my reason"
    judge.click()
    assert "All found" in shown()
    assert "my reason" in shown()
    assert list(Shelf("exercises").entries()) == [hunt.key]


def test_another_seed_or_level_brings_another_program():
    live = practice.bug_hunt(0, 2).widget()
    head = lambda: next(w.value for w in walk(live) if type(w).__name__ == "HTML")
    next(w for w in walk(live) if getattr(w, "description", "") == "Another").click()
    assert practice.bug_hunt(1, 2).program.title in head()
    next(w for w in walk(live) if type(w).__name__ == "Dropdown").value = 3
    assert practice.bug_hunt(1, 3).program.title in head()
