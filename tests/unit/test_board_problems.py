"""The systems problem and the list of settings: every right style passes, slips are named, nothing raises."""

from fractions import Fraction

import numpy as np
import pytest
from refusals import each, refused
from widget_tree import walk

from adamkit import practice
from adamkit.lessons.nb14 import one_step as drawn
from adamkit.practice.settings import SURE, WAYS
from adamkit.practice.store import Shelf
from adamkit.theory.memory import budget

SEEDS = range(24)
NONSENSE = [None, "x", b"1", object(), print, [], {}, {"memory"}, np.nan, np.inf, -1, 0, True, 1j, "1", [1] * 9,
            {"nothing": 1}, {3: 1}, {None: None}, [[1, 2], [3, 4]], np.zeros((2, 2)), range(5), 10**400]  # fmt: skip


def answers(problem):
    return [part.answer for part in problem.parts]


@pytest.mark.parametrize("seed", SEEDS)
def test_right_numbers_pass_in_every_style(seed):
    problem = practice.systems(seed)
    right = answers(problem)
    names = [part.name for part in problem.parts]
    rounded = [float(f"{number:.2g}") for number in right]
    styles = [right, rounded, tuple(right), np.array(right), [Fraction(n) for n in right], np.float32(right),
              [1.09 * n for n in right], [n / 1.09 for n in right], dict(zip(names, right, strict=True))]  # fmt: skip
    for numbers in styles:
        assert problem.check(numbers).passed, numbers
    assert problem.check(*right).passed
    assert problem.check(**dict(zip(names, right, strict=True))).passed


@pytest.mark.parametrize("seed", SEEDS)
def test_a_slip_is_named_and_only_its_number_is_wrong(seed):
    problem = practice.systems(seed)
    for place, part in enumerate(problem.parts):
        assert len(part.slips) >= 3
        for slip, (value, why) in part.slips.items():
            numbers = answers(problem)
            numbers[place] = value
            verdict = problem.check(numbers)
            assert (verdict.kind, verdict.title) == ("wrong", "3 of 4 are right")
            assert slip in verdict.body
            assert why in verdict.body


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("factor", [0.85, 1.15, 3.7, 1e-7])
def test_a_number_outside_the_tolerance_never_passes(seed, factor):
    problem = practice.systems(seed)
    for place in range(4):
        numbers = answers(problem)
        numbers[place] *= factor
        assert problem.check(numbers).kind == "wrong"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_number_does_not_give_the_right_one_away(seed):
    problem = practice.systems(seed)
    for place, part in enumerate(problem.parts):
        verdict = problem.check(**{part.name: answers(problem)[place] * 1.23456e4})
        assert f"{part.answer:.3g} {part.unit}" not in verdict.body
        assert part.worked not in verdict.body
        assert verdict.body.count("not attempted yet") == 3


def test_the_problem_of_a_usual_run_has_the_numbers_of_the_budget_and_of_the_rules_of_thumb():
    usual = drawn.Setting(7e9, "AdamW", ("A100", 80, 312, 2.039), 8, "weights", 4096, recompute=False)
    held = budget(7e9, devices=8, spread="weights", tokens=4096)
    assert drawn._resident(usual) == pytest.approx(16 * 7e9 / 8)
    assert usual.held.activations == held.activations == pytest.approx(32 * 4096 * 4211 * 32.9, rel=2e-3)
    assert usual.seconds == pytest.approx(6 * 7e9 * 4096 / (0.4 * 312e12))
    assert usual.moved == 28  # g 2; copy, m, v: 12 in and 12 out; weight 2
    assert usual.update == pytest.approx(1e3 * 28 * 7e9 / 8 / 2.039e12)


def test_seeds_draw_every_kind_of_model_and_machine():
    texts = [practice.systems(seed).text() for seed in range(60)]
    for word in ("AdamW", "Lion", "ZeRO 1", "ZeRO 3", "anew", "All activations", "A100", "H100"):
        assert any(word in text for text in texts)
    assert practice.systems(5).text() == texts[5] != texts[6]


test_a_seed_or_a_time_that_is_none_is_refused = refused(
    *each(practice.systems, "seed={}", -1, 1.5, "a", True, None), *each(practice.clock, "minutes={}", 0))


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda x: type(x).__name__)
def test_nonsense_is_answered_and_raises_nothing(nonsense):
    step, scale = practice.systems(), practice.scale_it()
    for verdict in (step.check(nonsense), step.check(memory=nonsense), step.check(nonsense=nonsense),
                    scale.check(nonsense), scale.check({"peak rate": nonsense}), scale.check(x=nonsense)):  # fmt: skip
        assert verdict.kind in {"error", "open", "wrong"}
        assert not verdict


def test_what_is_not_attempted_is_open():
    assert practice.systems().check().kind == "open"
    assert practice.systems().check(memory=..., seconds=...).kind == "open"
    assert practice.systems().check([...] * 4).kind == "open"
    assert practice.scale_it().check({"peak rate": ...}).kind == "open"
    assert practice.scale_it().check(...).kind == practice.scale_it().check().kind == "open"


def test_hints_and_the_way_are_folded_or_opened_one_at_a_time():
    problem = practice.systems(1)
    assert [len(problem.hint().opened) for _ in range(4)] == [1, 2, 3, 3]
    assert problem.html().count("<details") == 1
    assert all(part.worked in problem.solution().explanation for part in problem.parts)
    assert not any(part.worked in problem.text() for part in problem.parts)


ROWS = practice.scale_it().rows


@pytest.mark.parametrize("style", [lambda w, s: f"{w}, {s}", lambda w, s: (w, s), lambda w, s: [w, s], lambda w, s: w,
                                   lambda w, s: f" {w.upper()} ({s}) "])  # fmt: skip
def test_every_way_that_the_evidence_allows_passes(style):
    for number in range(3):
        said = {row.name: style(row.ways[number % len(row.ways)], row.sure) for row in ROWS}
        assert practice.scale_it().check(said).passed


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_wrong_way_or_too_much_certainty_does_not_pass(row):
    right = {other.name: f"{other.ways[0]}, {other.sure}" for other in ROWS}
    for way in set(WAYS) - set(row.ways):
        verdict = practice.scale_it().check({**right, row.name: way})
        assert verdict.title.endswith(f"{len(ROWS) - 1} of {len(ROWS)} right")
    for sure in list(SURE)[: list(SURE).index(row.sure)]:
        verdict = practice.scale_it().check({**right, row.name: f"{row.ways[0]}, {sure}"})
        assert verdict.kind == "wrong"
        assert "said too surely" in verdict.title
        assert "Surer than the evidence" in verdict.body


def test_several_allowed_ways_are_called_open_and_every_row_has_its_source():
    for row in ROWS:
        assert (len(row.ways) > 1) == (row.sure == "open")
        assert row.why
        assert row.source


def test_rows_that_were_not_answered_stay_closed_and_other_names_are_understood():
    verdict = practice.scale_it().check({"β₁": "unchanged", "lr": "lower, certain"})
    assert verdict.title.endswith(f"2 of {len(ROWS)} right")
    assert ROWS[1].why not in verdict.body
    assert "Did you mean 'tokens a step'?" in practice.scale_it().check({"tokens per step": "up"}).body


def test_the_list_can_be_answered_by_clicks_and_is_kept(reader):
    live = practice.scale_it().widget()
    choices = [w for w in walk(live) if type(w).__name__ == "Dropdown"]
    for row, way, sure in zip(ROWS, choices[::2], choices[1::2], strict=True):
        way.value, sure.value = row.ways[0], row.sure
    next(w for w in walk(live) if type(w).__name__ == "Button").click()
    assert any(f"{len(ROWS)} of {len(ROWS)} right" in w.value for w in walk(live) if type(w).__name__ == "HTML")
    assert "14-scale" in Shelf("exercises").entries()


def test_a_clock_starts_on_a_click_and_only_then():
    live = practice.clock(12).widget()
    button, timer = live.children
    assert (timer.seconds, timer.running) == (720, False)
    button.click()
    assert timer.running
