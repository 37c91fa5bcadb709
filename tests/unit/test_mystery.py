"""Mystery runs: every patient, every diagnosis and every treatment has a dashboard and an answer."""

import itertools
import re

import clinic_slots
import numpy as np
import pytest

from adamkit.diagnostics import DISEASES
from adamkit.lessons import explorers
from adamkit.lessons.nb12.clinic import records, signs, verdicts
from adamkit.lessons.nb12.mystery import DIAGNOSES, PATIENTS, TREATMENTS, caption, patient
from adamkit.numbers import log_ticks, tick


@pytest.fixture(scope="module")
def mystery():
    made = explorers.mystery()
    made.figure.canvas.draw()
    return made


def test_every_patient_diagnosis_and_treatment_shows_something(mystery):
    for number, treatment in itertools.product(range(1, PATIENTS + 1), TREATMENTS):
        mystery.set(patient=number, treatment=treatment, diagnosis="none")
        assert mystery.caption.startswith(f"Patient {number}. Name the disease")
        for ax in mystery.figure.axes:
            assert np.all(np.isfinite([*ax.get_xlim(), *ax.get_ylim()]))
            assert any(word.get_visible() and word.get_text() for word in ax.texts)


def test_every_answer_is_a_sentence_or_more():
    for number, treatment, diagnosis in itertools.product(range(1, PATIENTS + 1), TREATMENTS, DIAGNOSES):
        name, seed = patient(number)
        facts = records.load().cases[name]
        values = {"patient": number, "diagnosis": diagnosis, "treatment": treatment}
        said = caption(values, facts, seed, facts["slots"].get(treatment))
        assert said.endswith(".")
        assert "  " not in said
        assert ".." not in said
        assert not set(re.findall(r"\w+_\w+", said)) - {"cross_entropy"}


def test_all_cases_come_as_patients_sick_and_healthy():
    seen = {patient(number)[0] for number in range(1, PATIENTS + 1)}
    assert seen == set(records.load().cases)
    assert patient(7) == patient(7)


def test_the_controls_know_all_slots_and_all_diseases():
    assert set(TREATMENTS) == {"none", *clinic_slots.NAMES}
    assert set(DIAGNOSES) == {"none", "healthy", *DISEASES}


def test_before_a_diagnosis_nothing_gives_the_disease_away(mystery):
    for number in range(1, PATIENTS + 1):
        name, _ = patient(number)
        facts = records.load().cases[name]
        for diagnosis in DIAGNOSES:
            if diagnosis == (facts["disease"] or "healthy"):
                continue
            mystery.set(patient=number, treatment="none", diagnosis=diagnosis)
            assert facts["story"] not in mystery.caption
            assert signs.spoken(facts["disease"] or "healthy") + ":" not in mystery.caption


def test_a_wrong_guess_is_told_what_speaks_against_it_and_with_a_treatment_the_truth(mystery):
    number = next(n for n in range(1, PATIENTS + 1) if patient(n)[0] == "plateau")
    mystery.set(patient=number, diagnosis="flat_from_start", treatment="none")
    assert mystery.caption == "✗ Not “flat from start”: it fell first. Look again, or treat it and be told."
    mystery.set(treatment="decay")
    assert mystery.caption.startswith("✗ It is “plateau”, not “flat from start”: it fell first.")
    assert "It cures. The weights circle their goal" in mystery.caption
    mystery.set(diagnosis="plateau")
    assert mystery.caption.startswith("✓ Right: “plateau”.")


def test_with_both_chosen_all_that_was_tried_is_told_with_its_figures(mystery):
    number = next(n for n in range(1, PATIENTS + 1) if patient(n)[0] == "plateau")
    _, seed = patient(number)
    facts = records.load().cases["plateau"]
    mystery.set(patient=number, diagnosis="plateau", treatment="clip")
    cures, others = mystery.caption.partition("Cures: ")[2].split(" Does not: ")
    for name in filter(None, facts["slots"].values()):
        figure = facts["figures"][name][seed]
        words = f"{facts['treatments'][name]['text']} ({verdicts.written(figure)})"
        assert words in (cures if figure < facts["good"] else others)


def test_the_treated_run_is_drawn_over_the_other_and_its_absence_is_seen(mystery):
    mystery.set(patient=3, treatment="none", diagnosis="none")
    assert len(drawn(mystery, "treated")) == 0
    mystery.set(treatment="lower")
    name, seed = patient(3)
    loss = records.load().curves(name, "lower rate", seed)["loss"]
    np.testing.assert_allclose(drawn(mystery, "treated"), loss)
    mystery.set(treatment="data")
    assert "changes nothing" in mystery.caption
    assert len(drawn(mystery, "treated")) == 0


def drawn(mystery, kind):
    return mystery._board._lines[kind]["loss"].get_ydata()


def test_no_panel_has_two_ticks_of_the_same_name_or_grid_lines_of_its_own(mystery):
    for number in range(1, PATIENTS + 1):
        mystery.set(patient=number, treatment="none", diagnosis="none")
        for ticks, ax in zip(mystery._board._ticks, mystery.figure.axes, strict=True):
            for words in ticks._words.values():
                shown = [word.get_text() for word in words if word.get_visible()]
                assert len(shown) == len(set(shown))
            lines = [line for axis in (ax.xaxis, ax.yaxis) for line in axis.get_gridlines()]
            assert not any(line.get_visible() for line in lines)  # they would stand where the limits once were


def test_that_dashes_mean_validation_is_said_where_there_is_one(mystery):
    for number in range(1, PATIENTS + 1):
        name, seed = patient(number)
        mystery.set(patient=number, treatment="none", diagnosis="none")
        known = len(records.load().curves(name, seed=seed)["validation"]) > 0
        assert mystery._board._dashed.get_visible() == known


def test_a_run_that_broke_off_is_marked_where_it_did(mystery):
    number = next(n for n in range(1, PATIENTS + 1) if patient(n)[0] == "log_of_zero")
    mystery.set(patient=number, treatment="code", diagnosis="none")
    sick, treated = (mystery._board._ends[kind] for kind in ("sick", "treated"))
    assert sick[0].get_xdata() == [150]
    assert sick[1].get_visible()
    assert len(treated[0].get_xdata()) == 0
    assert not treated[1].get_visible()


FACTS = {"good": 0.5,
         "figures": {"": [2.0], "cure": [0.1], "ease": [1.0], "same": [1.9], "worse": [4.0], "nan": [None]},
         "slots": {"a": "cure", "b": "ease", "c": None, "d": "nan"},
         "treatments": {name: {"text": name, "why": ""} for name in ("cure", "ease", "nan")}}  # fmt: skip
WELL = {"good": 0.5, "figures": {"": [0.1], "same": [0.11], "slow": [0.3], "harm": [3.0]}}
BROKEN = {"good": 0.5, "figures": {"": [None], "cure": [0.1], "finite": [3.0], "nan": [None]}}


@pytest.mark.parametrize(("facts", "treatment", "sentence"), [
    (FACTS, "cure", "It cures."), (FACTS, "ease", "It eases, and does not cure."), (FACTS, "same", "It does not help."),
    (FACTS, "worse", "It makes things worse."), (FACTS, "nan", "It makes things worse."),
    (WELL, "same", "It cures nothing, for nothing was wrong; it does no harm."),
    (WELL, "slow", "Nothing was wrong, and now the run is slower."),
    (WELL, "harm", "Nothing was wrong. Now something is."),
    (BROKEN, "cure", "It cures."), (BROKEN, "finite", "It keeps the numbers finite, and does not cure."),
    (BROKEN, "nan", "It does not help."),
])  # fmt: skip
def test_a_verdict_says_what_the_figures_say(facts, treatment, sentence):
    assert verdicts.verdict(facts, treatment, 0) == sentence


def test_what_was_tried_is_sorted_with_nan_last():
    assert verdicts.tried(FACTS, 0) == "Cures: cure (0.1). Does not: ease (1); nan (NaN)."


def test_an_unknown_guess_is_refused():
    with pytest.raises(ValueError, match="disease 'gout' is not one of"):
        signs.judged("plateau", "gout")


@pytest.mark.parametrize(("low", "high", "most", "ticks"), [
    (1e-4, 20, 5, ["1e-4", "0.01", "1"]), (1.5, 6.3, 5, ["2", "5"]), (2.1, 2.6, 5, ["2.1", "2.3", "2.5"]),
    (3e-7, 4e4, 3, ["1e-6", "0.01", "100"]), (80, 3000, 5, ["100", "200", "500", "1000", "2000"]),
    (2.857e-6, 3.15e-6, 3, ["2.9e-6", "3e-6", "3.1e-6"]),
])  # fmt: skip
def test_ticks_are_few_round_numbers_inside_the_range(low, high, most, ticks):
    values = np.array(log_ticks(low, high, most))
    assert np.all((values >= low) & (values <= high))
    assert [tick(value) for value in values] == ticks
