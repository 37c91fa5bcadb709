"""The notation table names what is really there, in the rules and in torch."""

import inspect

import pytest
import torch

from adamkit import notation, rules

RULES = [getattr(rules, name) for name in rules.__all__ if name != "Rule"]
SWITCHES = {"correct_m", "correct_v", "centered", "form", "decoupled", "nesterov"}
#: Keys that 8-bit Adam's checkpoints share with bitsandbytes, not with torch.
NOT_TORCH = {"state1", "state2", "absmax1", "absmax2"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_number_a_rule_takes_or_keeps_has_a_row(rule):
    for name in {*rule().hypers(), *rule.State._fields} - SWITCHES:
        assert notation.TABLE.find(name), name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_torch_names_of_state_are_those_the_rule_uses(rule):
    for field, key in rule.torch_names.items():
        if key in NOT_TORCH:
            continue
        assert any(key in row.torch.split(", ") for row in notation.TABLE.find(field)), (field, key)


def test_torch_arguments_in_the_table_exist_in_torch():
    known = {""}  # what torch has no name for
    for kind in (torch.optim.SGD, torch.optim.Adagrad, torch.optim.RMSprop, torch.optim.Adam, torch.optim.NAdam,
                 torch.optim.Adafactor, torch.optim.Muon):
        known |= set(inspect.signature(kind).parameters)
    hypers = {name for rule in RULES for name in rule().hypers()} - SWITCHES
    named = {word.split("[")[0] for row in notation.TABLE if row.code in hypers for word in row.torch.split(", ")}
    assert named <= known
    assert {"betas", "alpha", "initial_accumulator_value"} <= named


def test_find_gives_the_row_by_symbol_code_or_torch_name():
    for word in ("β₂", "beta2", "alpha"):
        assert [row.symbol for row in notation.TABLE.find(word)] == ["β₂"]


def test_find_refuses_a_name_that_no_row_has():
    with pytest.raises(KeyError, match="no symbol or name 'beta3'"):
        notation.TABLE.find("beta3")


def test_text_columns_line_up_also_below_combining_marks():
    lines = str(notation.TABLE).splitlines()
    code = lines[0].index("code")
    by_symbol = {line.split()[0]: line for line in lines}
    assert by_symbol["g"].index("g", 1) == code
    assert by_symbol["m̂"].index("m_hat") == code + 1  # the hat is a character of no width


def test_markdown_and_html_have_a_row_for_each_term():
    markdown, html = notation.TABLE._repr_markdown_(), notation.TABLE._repr_html_()
    assert len(markdown.splitlines()) == len(notation.TABLE) + 2
    assert html.count("<tr>") == len(notation.TABLE) + 1
    assert "<code>exp_avg_sq, square_avg, variance</code>" in html
    assert "| `beta1` | `betas[0]` |" in markdown
