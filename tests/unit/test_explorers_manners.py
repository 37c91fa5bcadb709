"""How explorers behave under the hand: idle controls are dimmed, new runs begin anew, limits hold what must be seen."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slices import ordinarily

from adamkit.explorers.controls import Choice, MultiChoice, Slider, Toggle
from adamkit.lessons import explorers
from adamkit.lessons.nb00.race import NAMES as RACERS
from adamkit.lessons.nb10.memory import SPREADS
from adamkit.lessons.nb12.clinic import records
from adamkit.lessons.nb12.mystery import PATIENTS, TREATMENTS, Curves
from adamkit.live import artists

EVERY = sorted(explorers.ALL)
NEAR = 0.5  # pixels: less is not seen


def others(control, now):
    """Some other values of a control, its ends among them."""
    if isinstance(control, Slider):
        stops = control.stops()
        values = [stops[0], stops[-1], stops[len(stops) // 2], stops[len(stops) // 3]]
    elif isinstance(control, Choice):
        values = list(control.options)
    elif isinstance(control, MultiChoice):
        values = [(), tuple(control.options)]
    else:
        values = [True, False] if isinstance(control, Toggle) else []
    return [value for value in values if value != now]


def shown(one):
    """All that the reader sees of an explorer: numbers of moving artists, and words, looks and limits."""
    height, moving = one.figure.bbox.height, one._picture.moving
    looks = [{key: value for key, value in artists.look(artist).items() if key != "visible"} for artist in moving]
    words = [text.get_text() for ax in one.figure.axes for text in ax.texts]
    limits = [(*ax.get_xlim(), *ax.get_ylim()) for ax in one.figure.axes]
    return [artists.places(artist, height) for artist in moving], (repr(looks), words, limits, one.caption)


def same(before, after):
    """Whether two pictures look alike."""
    if before[1] != after[1] or any(a.shape != b.shape for a, b in zip(before[0], after[0], strict=True)):
        return False
    pairs = zip(before[0], after[0], strict=True)
    return all(np.allclose(a, b, rtol=0, atol=NEAR, equal_nan=True) for a, b in pairs)


def changes(one, name, values):
    """Whether some other value of a control changes the picture."""
    one.set(**values)
    before = shown(one)
    for value in others(one.controls[name], values[name]):
        one.set(**values | {name: value})
        if not same(before, shown(one)):
            return True
    return False


@pytest.mark.parametrize("name", EVERY)
def test_in_every_scenario_a_control_is_dimmed_exactly_if_it_changes_nothing(made, name):
    one = made(name)
    for title in one.scenarios:
        one.scenario(title)
        values, idle = one.values, set(one.shown.idle)
        movable = [key for key in values if others(one.controls[key], values[key])]
        assert {key for key in movable if not changes(one, key, values)} == idle & set(movable), title


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=ordinarily(3, 30), deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_wherever_the_controls_stand_what_is_dimmed_changes_nothing(made, name, data):
    one = made(name)
    values = one._defaults()
    for key, control in one.controls.items():
        if choices := others(control, None):
            values[key] = data.draw(st.sampled_from(choices), label=key)
    one.set(**values)
    for key in one.shown.idle:
        assert not changes(one, key, values), key


def test_a_race_without_racers_dims_all_that_only_racers_feel():
    race = explorers.race(optimizers=())
    assert race.caption == "Nobody runs: choose an optimizer."
    assert set(race.shown.idle) == set(race.controls) - {"optimizers", "surface", "start"}


def test_corrections_that_are_over_before_the_first_gradient_are_dimmed():
    moments = explorers.moments(scenario="One spike after silence")
    assert moments.figure is not None
    assert "correct_m" in moments.shown.idle
    moments.set(stream="constant")
    assert moments.shown.idle == ("own",)
    moments.set(beta1=0)
    assert moments.shown.idle == ("own", "correct_m")


def test_a_new_patient_comes_without_diagnosis_or_treatment_and_is_shown_whole():
    mystery = explorers.mystery()
    mystery.set(diagnosis="healthy", treatment="clip")
    fresh = mystery.fresh
    mystery.set(patient=5)
    assert mystery.values == {"patient": 5, "diagnosis": "none", "treatment": "none"}
    assert mystery.fresh == fresh + 1
    assert mystery.caption == "Patient 5. Name the disease, or say that there is none."
    mystery.set(patient=5, diagnosis="healthy")  # the same patient, and a diagnosis
    assert mystery.values["diagnosis"] == "healthy"
    assert mystery.fresh == fresh + 1
    mystery.set(patient=6, treatment="clip")  # what is set with the patient is meant for it
    assert mystery.values == {"patient": 6, "diagnosis": "none", "treatment": "clip"}


def test_every_patients_panels_hold_the_validation_and_where_the_loss_began():
    mystery = explorers.mystery()
    assert mystery.figure is not None
    board = mystery._board
    for number in range(1, PATIENTS + 1):
        for treatment in TREATMENTS:
            mystery.set(patient=number, diagnosis="none", treatment=treatment)
            low, high = mystery.figure.axes[0].get_ylim()
            for lines in board._lines.values():
                loss, validation = (np.array(lines[key].get_ydata(), float) for key in ("loss", "validation"))
                first = loss[np.isfinite(loss)][:1]
                held = np.concatenate([first, validation[validation <= 100 * first.max(initial=0)]])
                assert np.all((low <= held) & (held <= high)), (number, treatment)


def test_an_explosion_does_not_flatten_the_panel_of_the_loss():
    curve = np.geomspace(1, 1e25, 200)
    case = next(iter(records.load().cases))
    run = dict(records.load().curves(case, seed=records.SEEDS[0]), loss=np.concatenate([np.ones(300), curve]))
    run |= {name: np.ones(500) for name in ("gradient", "update_high", "update_low", "rate")}
    mystery = explorers.mystery()
    assert mystery.figure is not None
    mystery._board.place(Curves.of(run))
    assert mystery.figure.axes[0].get_ylim()[1] < 1e7


@pytest.mark.parametrize("surface", ["ravine", "rosenbrock", "rastrigin"])
@pytest.mark.parametrize("times", [0.1, 3, 10])
def test_no_words_in_the_table_of_the_race_touch(made, surface, times):
    race = made("race")
    race.set(**race._defaults() | {"surface": surface, "times": times, "optimizers": RACERS})
    renderer = race.figure.canvas.get_renderer()
    rows = race._table.rows.values()
    moving = [text for row in rows for text in row]
    heads = [text for text in next(iter(rows))[0].axes.texts if text not in moving]
    assert [head.get_text() for head in heads] == ["", "η", "10⁻⁶ or loss"]
    for row in (*rows, heads[1:]):
        boxes = [text.get_window_extent(renderer) for text in row]
        assert min(right.x0 - left.x1 for left, right in itertools.pairwise(boxes)) > 3


@pytest.mark.parametrize("spread", SPREADS)
def test_what_nobody_shares_has_no_use_for_gpus(spread):
    memory = explorers.memory(spread=spread, gpus=8)
    assert ("gpus" in (memory.caption and memory.shown.idle)) == (spread == "nothing")


def test_a_mark_that_is_left_again_is_no_arrival_for_good():
    rmsprop = explorers.rmsprop(scenario="Jitter")
    assert "RMSprop at step 6, and not for good; gradient descent at step 116 (" in rmsprop.caption


def test_a_schedule_tells_why_its_figures_are_of_few_runs():
    schedule = explorers.schedule(noise=1.0)
    assert "runs diverged: the curves end where half of them had, the figures are of the rest." in schedule.caption
    schedule.set(noise=0)
    assert schedule.caption == "All 64 runs, all alike without noise, diverged."


def test_the_heads_of_the_decay_paths_stand_at_their_ends():
    decay = explorers.decay()
    assert decay.figure is not None
    for name, head in decay._heads.items():
        assert np.array_equal(head.get_xydata()[0], decay._paths[name].get_xydata()[-1])


@pytest.mark.parametrize("lr", [0.001, 0.1111, 1.0, 10.0])
@pytest.mark.parametrize("kappa", [1, 25, 200])
def test_the_names_of_floor_and_wall_stand_apart(made, lr, kappa):
    ball = made("momentum")
    ball.set(**ball._defaults() | {"lr": lr, "kappa": kappa})
    first, second = (name.get_window_extent(ball.figure.canvas.get_renderer()) for name in ball._rates.names)
    assert not first.overlaps(second)


@pytest.mark.parametrize("warmup", [5, 200, 340, 345, 395])
def test_the_words_on_the_marks_of_a_schedule_stand_beside_their_lines(made, warmup):
    schedule = made("schedule")
    schedule.set(**schedule._defaults() | {"warmup": warmup, "total": 390})
    renderer = schedule.figure.canvas.get_renderer()
    for mark, name in zip(schedule._marks, schedule._names, strict=True):
        box, x = name.get_window_extent(renderer), mark.get_transform().transform(mark.get_xydata())[0, 0]
        assert x < box.x0 or x > box.x1
        assert name.axes.bbox.x0 < box.x0
        assert box.x1 < name.axes.bbox.x1
