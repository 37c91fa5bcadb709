"""The explorer that scales a run: its sheet is the arithmetic's, and its scenarios show what their texts say."""

import pytest

from adamkit.lessons import explorers
from adamkit.lessons.nb11 import scale
from adamkit.theory import scaling

COLUMN = {name: place for place, name in enumerate(scale.COLUMNS)}


@pytest.fixture(scope="module")
def explorer():
    return explorers.scale()


def row(explorer, name):
    """The texts of a row as they stand in the picture."""
    assert explorer.figure
    return [cell.get_text() for cell in explorer._cells[name]]


def number(explorer, name):
    return float(row(explorer, name)[COLUMN["scaled"]].replace(" ", ""))


def ticks(explorer):
    return [text.get_text()[-1] for text in explorer._totals]


def test_at_first_nothing_has_changed(explorer):
    explorer.reset()
    for name in scale.ROWS:
        texts = row(explorer, name)
        assert texts[COLUMN["tuned"]] == texts[COLUMN["scaled"]], name


def test_four_times_the_batch_doubles_adams_rate_and_quadruples_sgds(explorer):
    explorer.scenario("Four times the batch")
    assert number(explorer, "η, hidden matrices") == pytest.approx(2 * 6e-4)
    assert number(explorer, "β₁") == pytest.approx(0.9**4, abs=1e-3)
    explorer.set(optimizer="SGD")
    assert number(explorer, "η, hidden matrices") == pytest.approx(0.4)
    assert row(explorer, "ε")[COLUMN["scaled"]] == ""


def test_for_gpt3s_largest_the_rule_gives_more_than_twice_what_the_paper_chose_and_only_spread_weights_fit(explorer):
    explorer.scenario("GPT-3's largest")
    (chosen,) = (run.lr for run in scaling.PUBLISHED if run.name == "GPT-3 175B")
    assert 2 < number(explorer, "η, hidden matrices") / chosen < 10
    assert ticks(explorer) == ["✗", "✗", "✗", "✓"]


def test_for_deepseeks_67_billion_the_rule_is_two_fifths_above_and_their_fit_meets_it(explorer):
    explorer.scenario("As DeepSeek's 67 B")
    (chosen,) = (run.lr for run in scaling.PUBLISHED if run.name == "DeepSeek 67B")
    assert number(explorer, "η, hidden matrices") / chosen == pytest.approx(1.4, abs=0.03)
    assert "η 3.2e-4, batch 19 M" in explorer.caption
    assert "hardly momentum" in explorer.caption


def test_ten_times_the_data_move_only_the_decay_and_the_number_of_steps(explorer):
    explorer.scenario("Ten times the data")
    changed = {name for name in scale.ROWS
               if row(explorer, name)[COLUMN["tuned"]] != row(explorer, name)[COLUMN["scaled"]]}
    assert changed == {"λ", "steps"}
    assert number(explorer, "λ") == pytest.approx(0.01)


def test_one_device_holds_the_same_at_every_stage(explorer):
    explorer.reset()
    explorer.set(devices=1, billions=7)
    held = scale.bills(explorer.values)
    assert held == [held[0]] * 4 == [pytest.approx(112)] * 4
