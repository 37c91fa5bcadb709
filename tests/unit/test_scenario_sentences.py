"""Every sentence beside a picture is held to the picture's own data, or listed as saying nothing measurable."""

import re

import pytest
import scenario_averages
import scenario_counts
import scenario_momentum
import scenario_new
import scenario_races
from scenario_tools import sentences

from adamkit.lessons import explorers

#: Explorer → scenario → words of a sentence → (measure, least, most); None for words that say nothing measurable.
#: ``measure`` takes the explorer as the scenario leaves it and may move its controls.
TABLE = (scenario_races.TABLE | scenario_momentum.TABLE | scenario_averages.TABLE | scenario_counts.TABLE
         | scenario_new.TABLE)
CASES = [(name, scenario, words, claim) for name, rows in TABLE.items() for scenario, row in rows.items()
         for words, claim in row.items() if claim]  # fmt: skip


@pytest.mark.parametrize(("name", "scenario", "words", "claim"), CASES,
                         ids=[f"{name}: {scenario}: {words}" for name, scenario, words, _ in CASES])  # fmt: skip
def test_what_a_scenario_says_is_what_its_explorer_computes(made, name, scenario, words, claim):
    explorer = made(name)
    explorer.scenario(scenario)
    measure, least, most = claim
    measured = float(measure(explorer))
    assert least <= measured <= most, f"“… {words} …”: measured {measured:.6g}, wanted {least:g} to {most:g}"


@pytest.mark.parametrize("name", sorted(explorers.ALL))
def test_every_sentence_of_every_scenario_is_in_the_table(name):
    scenarios = getattr(explorers, name).scenarios
    assert list(TABLE[name]) == list(scenarios)
    for title, scenario in scenarios.items():
        parts, keys = sentences(scenario.look), list(TABLE[name][title])
        for part in parts:
            inside = [key for key in keys if key in part]
            assert inside, f"{name}, “{title}”: nothing is said in the table of “{part}”"
            rest = part
            for key in inside:
                rest = rest.replace(key, "")
            assert not re.search(r"\d", rest), f"{name}, “{title}”: a number of “{part}” is in no row of the table"
        assert all(any(key in part for part in parts) for key in keys), f"{name}, “{title}”: words that it does not say"
