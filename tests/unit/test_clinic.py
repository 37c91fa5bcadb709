"""The clinic: cases are sick, their treatments do what is said of them, and the records are what a run gives."""

import runpy
from dataclasses import replace
from pathlib import Path

import clinic_slots
import numpy as np
import pytest
import torch
from refusals import refused

from adamkit.diagnostics import DISEASES
from adamkit.lessons.nb12 import clinic
from adamkit.lessons.nb12.clinic import fine_tuning, records, signs, verdicts
from adamkit.lessons.nb12.clinic.layer_cases import layerwise
from adamkit.lessons.nb12.clinic.visits import Chart

pytestmark = pytest.mark.usefixtures("one_thread")
ROOT = Path(__file__).resolve().parents[2]
STORE = records.load()
FAST = ("flat", "vanishing", "forgetting")


def figures(name, treatment=""):
    return [np.inf if figure is None else figure for figure in STORE.cases[name]["figures"][treatment]]


def test_the_records_hold_every_case_and_every_treatment_with_its_words():
    known = {**clinic.CASES, **clinic.HEALTHY}
    assert list(STORE.cases) == list(known)
    for name, case in known.items():
        facts = STORE.cases[name]
        assert (facts["disease"], facts["story"], facts["measured"]) == (case.disease, case.story, case.measured)
        assert facts["good"] == pytest.approx(case.good)
        for given, treatment in case.treatments.items():
            assert facts["treatments"][given] == {"text": treatment.text, "why": treatment.why,
                                                  "helps": treatment.helps}  # fmt: skip
            assert treatment.why
            assert len(facts["figures"][given]) == len(STORE.about["seeds"])


def test_every_disease_of_the_vocabulary_has_a_patient_and_a_sign():
    assert {case.disease for case in clinic.CASES.values()} == set(DISEASES)
    assert set(signs.SIGNS) == {*DISEASES, "healthy"}
    assert {name for pair in signs.PAIRS for name in pair} <= set(DISEASES)


@pytest.mark.parametrize("name", clinic.CASES)
def test_a_case_is_sick_on_every_recorded_seed(name):
    assert min(figures(name)) >= clinic.CASES[name].good


@pytest.mark.parametrize("name", clinic.HEALTHY)
def test_a_healthy_run_is_good_on_every_recorded_seed(name):
    assert max(figures(name)) < clinic.HEALTHY[name].good
    assert clinic.HEALTHY[name].disease is None


@pytest.mark.parametrize(("name", "treatment"), [(n, t) for n, case in clinic.CASES.items() for t in case.treatments])
def test_a_treatment_helps_or_does_not_as_the_case_says(name, treatment):
    case, helps = clinic.CASES[name], clinic.CASES[name].treatments[treatment].helps
    cured = [figure < case.good for figure in figures(name, treatment)]
    assert all(cured) if helps else helps is None or not any(cured)


@pytest.mark.parametrize("name", clinic.CASES)
def test_a_case_has_something_that_cures_and_something_that_does_not(name):
    assert {True, False} <= {treatment.helps for treatment in clinic.CASES[name].treatments.values()}


@pytest.mark.parametrize("name", FAST)
def test_a_live_run_and_its_cure_are_as_recorded(name):
    case = clinic.CASES[name]
    cure = next(given for given, treatment in case.treatments.items() if treatment.helps)
    visit = clinic.visit(name, cure, seed=1)
    assert visit.cured
    assert visit.named == case.disease
    for run, treatment in ((visit.sick, ""), (visit.treated, cure)):
        recorded = STORE.curves(name, treatment, 1)
        np.testing.assert_allclose(run.losses[:20], recorded["loss"][:20], rtol=0.01)
        assert case.measure(run) == pytest.approx(figures(name, treatment)[1], rel=0.05)


def test_the_same_seed_gives_the_same_run_and_leaves_torchs_own_alone():
    torch.manual_seed(7)
    before = torch.get_rng_state()
    case = clinic.case("forgetting")
    first, again, other = case.run(3), case.run(3), case.run(4)
    np.testing.assert_array_equal(first.losses, again.losses)
    assert not np.array_equal(first.losses, other.losses)
    assert torch.equal(torch.get_rng_state(), before)


def test_recorded_anew_a_case_is_what_the_package_ships():
    tool = runpy.run_path(str(ROOT / "tools" / "record_clinic.py"))
    whole = clinic.case("forgetting")
    some = replace(whole, treatments={name: whole.treatments[name] for name in ("replay", "clipping")})
    facts, arrays = tool["measured"](some)
    shipped = STORE.cases["forgetting"]
    for name in ("", "replay", "clipping"):
        assert facts["figures"][name] == pytest.approx(shipped["figures"][name], rel=0.05)
        key = f"curves/forgetting/{name}/0"
        assert arrays[key].dtype == STORE.arrays[key].dtype
        np.testing.assert_allclose(arrays[key][:, :20], STORE.arrays[key][:, :20], atol=0.01)
    assert {slot: shipped["slots"][slot] for slot in ("data", "clip")} == {"data": "replay", "clip": "clipping"}


def test_records_are_written_and_read_back_the_same_to_the_byte(tmp_path):
    tool = runpy.run_path(str(ROOT / "tools" / "record_clinic.py"))
    arrays = {"curves/a//0": np.arange(6, dtype=np.float16).reshape(2, 3)}
    for name in ("one.npz", "two.npz"):
        tool["write"](tmp_path / name, arrays)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz", allow_pickle=False) as stored:
        np.testing.assert_array_equal(stored["curves/a//0"], arrays["curves/a//0"])


def test_each_slot_of_each_case_names_a_recorded_treatment_or_nothing():
    for name, facts in STORE.cases.items():
        assert list(facts["slots"]) == list(verdicts.SLOTS)
        for slot, given in facts["slots"].items():
            own = clinic_slots.own(clinic.case(name), slot)
            assert given in (own, f"general: {slot}") if given else own is None
            assert given is None or set(STORE.curves(name, given, 1)) >= set(records.CURVES)


def test_a_general_warmup_multiplies_the_schedule_that_stands():
    plan = clinic.case("adam_on_digits").plan
    warmed = clinic_slots.general(plan, "warmup").changes["schedule"]
    assert warmed(0) < 0.05 * plan.schedule(0)
    assert [warmed(step) for step in (100, 299)] == pytest.approx([plan.schedule(step) for step in (100, 299)])
    assert clinic_slots.general(plan, "decay") is None
    assert clinic_slots.general(clinic.case("sgd_on_digits").plan, "beta2") is None


def test_a_chart_gives_a_verdict_on_each_treatment():
    rows = {text: (shown, verdict) for text, shown, verdict, _ in Chart("plateau").rows()}
    assert rows["**nothing**"][1] == "–"
    assert rows["cosine to zero"][1] == "**yes**"
    assert rows["twice the rate"][1] == "no"
    assert {verdict for _, verdict in rows.values()} == {"–", "**yes**", "no"}
    table = Chart("overfitting")._repr_markdown_().splitlines()
    assert len(table) == 3 + len(clinic.CASES["overfitting"].treatments)
    assert "depends on the seed" in next(line for line in table if "AdamW" in line)
    assert "cosine to zero: **yes**" in repr(Chart("plateau"))
    for name in clinic.CASES:  # a | in a sentence, as in |g|, is no new cell
        lines = Chart(name)._repr_markdown_().splitlines()
        assert {line.count("|") for line in lines} == {5}


def test_a_visit_draws_both_runs():
    visit = clinic.visit("forgetting", "clipping")
    assert not visit.cured
    fig = visit.figure("What clipping does")
    fig.canvas.draw()
    left, above, below = fig.axes
    assert left.get_title(loc="left") == "What clipping does"
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["as it came", "clipping", "validation"]
    assert [len(ax.lines) for ax in (left, above, below)] == [7, 1, 2]
    for ax in fig.axes:  # a legend stands above its axes and hides nothing
        assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1 - 1


def test_a_visit_can_be_looked_at_before_anything_is_tried():
    first = clinic.visit("flat", seed=1)
    assert first.treated is None
    assert not first.cured
    left, *monitor = first.figure("What is it?").axes
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["as it came"]
    assert len(monitor) == 2
    treated = first.treat("warmup in steps")
    assert treated.sick is first.sick
    assert treated.treated.seed == 1
    assert len(treated.figure("It rises", monitor=False).axes) == 1


def test_a_run_that_broke_off_has_a_cross_on_its_last_finite_loss():
    visit = clinic.visit("log_of_zero", "fused loss")
    left = visit.figure("NaN").axes[0]
    crosses = [line for line in left.lines if line.get_marker() == "x"]
    assert [list(line.get_xdata()) for line in crosses] == [[150]]
    assert [text.get_text() for text in left.texts] == ["NaN"]


def test_a_validation_loss_begins_before_the_first_step():
    run = clinic.case("forgetting").run()
    assert run.validation_steps[0] == 0
    assert run.validation[0] == run.validation.min() == run.readings.about["validation_before"]
    shipped = STORE.curves("forgetting")
    np.testing.assert_allclose(shipped["validation"][0], run.validation[0], rtol=0.01)
    assert shipped["validation_steps"][0] == 0
    assert not len(clinic.case("flat").run().validation)


def test_layer_wise_decay_forgets_less_of_the_old_labels_and_more_of_the_old_inputs():
    one, decayed = (fine_tuning.new_labels(groups=groups, seed=1) for groups in (None, layerwise(0.1)))
    assert decayed[1] < 0.3 * one[1]
    assert decayed[0] < one[0]
    assert min(figures("forgetting", "layer-wise decay")) > max(figures("forgetting"))


test_bad_input_is_refused_with_a_sentence = refused(
    (lambda: clinic.case("gout"), "there is no case 'gout'; there are immature_v, too_high"),
    (lambda: clinic.case("plateau").run(treatment="prayer"), "plateau: there is no treatment 'prayer'; there are"),
    (lambda: STORE.curves("plateau", "decay", 9), "no record of case 'plateau' under 'decay' with seed 9"),
    (lambda: clinic.case("plateau").plan.changed(lr=0.0), "lr=0.0 must be above 0"),
    (lambda: clinic.case("plateau").plan.changed(steps=0), "steps=0 and every=10 must be 1 or more"),
    (lambda: clinic.Case("x", "gout", "", clinic.case("plateau").plan), "disease='gout' is not one of"),
    (lambda: clinic.cure, AttributeError, "has no attribute 'cure'; it has CASES"),
)
