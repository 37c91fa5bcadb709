"""Explorers without a browser: controls, scenarios, and that no position of theirs breaks a picture."""

import math
from io import BytesIO

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from refusals import refused
from slices import ordinarily

import adamkit
from adamkit.explorers.base import Explorer, Picture, Scenario, Shown
from adamkit.explorers.controls import Choice, MultiChoice, Numbers, Point, Slider, Toggle
from adamkit.lessons import explorers
from adamkit.live import Playback
from adamkit.plotting import figure as new_figure

EVERY = sorted(explorers.ALL)


def any_value(control):
    """Values that a control allows, its ends among them."""
    if isinstance(control, Slider):
        ends = [control.low, control.high, control.value] + [0] * control.zero
        floats, whole = st.floats(control.low, control.high), st.integers(int(control.low), int(control.high))
        return st.sampled_from(ends) | st.sampled_from(control.stops()) | (whole if control.integer else floats)
    if isinstance(control, Choice):
        return st.sampled_from(list(control.options))
    if isinstance(control, MultiChoice):
        return st.lists(st.sampled_from(list(control.options)), max_size=len(control.options))
    if isinstance(control, Toggle):
        return st.booleans()
    if isinstance(control, Numbers):
        return st.lists(st.floats(-control.largest, control.largest), min_size=1, max_size=control.most)
    return st.none() | st.tuples(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=ordinarily(6, 25), deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_no_position_of_the_controls_in_any_order_raises(made, name, data):
    explorer = made(name)
    names = data.draw(st.lists(st.sampled_from(list(explorer.controls)), min_size=1, max_size=6))
    for control in names:
        value = data.draw(any_value(explorer.controls[control]), label=control)
        explorer.set(**{control: value})
        assert explorer.values[control] == explorer.controls[control].check(control, value)
    assert len(explorer.caption) <= (len(explorer.longest) or 1000) or explorer.caption_last, explorer.caption
    explorer.widget.refresh()
    numbers = np.frombuffer(explorer.widget._frame, np.float32)
    assert not np.isinf(numbers).any()


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.filterwarnings("error")
def test_a_start_at_a_minimum_is_drawn_at_every_end_of_every_slider(made, name):
    explorer = made(name)
    if "start" not in explorer.values:
        return
    for minimum in ((0, 0), (1, 1), (3, 0.5)):
        explorer.reset()
        explorer.set(start=minimum)
        for control, slider in explorer.controls.items():
            if isinstance(slider, Slider):
                for value in (slider.stops()[0], slider.stops()[-1]):
                    explorer.set(**{control: value})
                    explorer.widget.refresh()


@pytest.mark.parametrize("name", EVERY)
def test_scenarios_and_reset_lead_where_they_say(made, name):
    explorer = made(name)
    explorer.reset()
    opening = explorer.values
    for title, scenario in explorer.scenarios.items():
        explorer.scenario(title)
        assert explorer.chosen == title
        assert explorer.look == scenario.look
        assert explorer.values == explorer._defaults() | explorer.checked(scenario.values)
    explorer.reset()
    assert explorer.values == opening


@pytest.mark.parametrize("name", EVERY)
def test_every_explorer_has_two_scenarios_that_say_what_to_look_for(name):
    cls = getattr(explorers, name)
    assert len(cls.scenarios) >= 2
    assert cls.title
    assert all(len(scenario.look.split()) >= 6 for scenario in cls.scenarios.values())


@pytest.mark.parametrize("name", EVERY)
def test_controls_describe_themselves_to_the_browser_and_back(name):
    cls = getattr(explorers, name)
    for key, control in cls.controls.items():
        assert control.check(key, control.value) == control.value
        if isinstance(control, Slider):
            decl = control.describe()
            assert decl["stops"] == sorted(decl["stops"])
            assert len(decl["stops"]) == len(decl["texts"]) >= 3
            assert all(control.check(key, stop) == stop for stop in decl["stops"])
            assert float(control.value) in decl["stops"]


@pytest.mark.parametrize("name", EVERY)
def test_a_reader_without_a_browser_sees_the_opening_scenario(made, name):
    explorer = made(name)
    explorer.reset()
    data, _ = explorer._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"].startswith(f"Explorer: {explorer.title}")
    assert len(np.unique(np.asarray(Image.open(BytesIO(explorer.widget.png())).convert("L")))) > 20


class Small(Explorer):
    """One line whose height is a number."""

    title = "Small"
    opening = "Low"
    controls = {
        "height": Slider(0, 10, 5, label="height"),
        "count": Slider(2, 9, 3, integer=True),
        "kind": Choice(["up", "down"]),
        "names": MultiChoice(["a", "b", "c"], ["a"]),
        "on": Toggle(True),
        "own": Numbers((1, 2)),
        "at": Point(),
    }
    scenarios = {"Low": Scenario({"height": 1}, "Low."), "High": Scenario({"height": 9}, "High.", play=True)}

    def draw(self, values):
        figure = new_figure(300, 200)
        self.line = figure.add_axes((0.2, 0.2, 0.7, 0.7)).plot([], [])[0]
        return Picture(figure, [self.line], "A level line.", Playback([self.line]), self.line)

    def show(self, values):
        self.line.set_data([0, 1], [values["height"]] * 2)
        return Shown(f"height {values['height']:g}", ("own",), 2, repaint=values["kind"] == "down")

    def point(self, event):
        return {"at": (event.x, event.y)}


def test_set_computes_and_the_figure_follows_without_any_widget():
    small = Small()
    assert small.figure is small.figure
    assert list(small.line.get_ydata()) == [1, 1]
    small.set(height=7)
    assert list(small.line.get_ydata()) == [7, 7]
    assert small.caption == "height 7"
    assert small._widget is None


def test_opening_values_come_from_defaults_then_scenario_then_keywords():
    assert Small().values["height"] == 1
    assert Small(scenario="High").values["height"] == 9
    assert Small(scenario="High", height=3).values["height"] == 3
    small = Small(height=3)
    small.set(height=8)
    small.reset()
    assert small.values["height"] == 3


def test_what_is_set_is_a_copy():
    small = Small()
    small.values["height"] = 99
    assert small.values["height"] == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"hieght": 1}, "Small: there is no control 'hieght'; there are height, count, kind, names, on, own, at"),
        ({"height": 11}, "height=11 is not allowed; it must be a number from 0 to 10"),
        ({"height": math.nan}, "height=nan is not allowed; it must be a number from 0 to 10"),
        ({"count": 2.5}, "count=2.5 is not allowed; it must be a whole number from 2 to 9"),
        ({"kind": "left"}, "kind='left' is not allowed; it must be one of 'up', 'down'"),
        ({"names": ["a", "z"]}, "'z' is none of a, b, c"),
        ({"own": "1, two"}, "own='1, two' is not allowed; it must be 1 to 100 numbers within ±1e\\+06"),
        ({"own": []}, "own=\\[\\] is not allowed"),
        ({"own": [math.inf]}, "own=\\[inf\\] is not allowed"),
        ({"at": (1, math.nan)}, "at=.* is not allowed; it must be None or two finite numbers"),
        ({"at": 3}, "at=3 is not allowed"),
    ],
)
def test_values_that_are_not_allowed_are_refused_in_words_and_change_nothing(values, sentence):
    small = Small()
    before = small.values
    with pytest.raises(ValueError, match=sentence):
        small.set(**values)
    assert small.values == before


test_values_and_names_that_do_not_exist_are_refused_in_words = refused(
    (lambda: Small().set(height="3"), TypeError, "height='3' is not allowed; it must be"),
    (lambda: Small().set(height=True), TypeError, "height=True is not allowed; it must be"),
    (lambda: Small().set(on=1), TypeError, "on=1 is not allowed; it must be"),
    (lambda: Small(scenario="Middle"), "Small: there is no scenario 'Middle'; there are 'Low', 'High'"),
    (lambda: explorers.races, AttributeError, "there is no explorer 'races'; there are"),
    (lambda: adamkit.explorers.races, AttributeError, "there is no explorer 'races'; there are"),
)


def test_sliders_move_evenly_on_their_scale():
    log, decay = Slider(1e-4, 1, 0.01, log=True), Slider(0, 0.999, 0.9, decay=True)
    ratios = np.diff(np.log(log.stops()))
    assert ratios.max() < 0.2
    gaps = np.diff(np.log(1 - np.array(decay.stops())))
    assert gaps.min() > -0.25
    assert Slider(0.01, 1, 0, log=True, zero=True).stops()[:2] == [0, 0.01]
    assert all(stop == int(stop) for stop in Slider(1, 1000, 1, log=True, integer=True).stops())


@pytest.mark.parametrize(
    ("slider", "value", "text"),
    [
        (Slider(1e-12, 1, 1e-8, log=True), 1e-8, "1e-8"),
        (Slider(1e-4, 10, 0.05, log=True), 0.05, "0.05"),
        (Slider(0, 0.9999, 0.9, decay=True), 0.9995, "0.9995"),
        (Slider(0, 90, 0, unit="°"), 45, "45°"),
        (Slider(-5, 5, 0), -2.5, "−2.5"),
        (Slider(1e-9, 1e3, 1, log=True, unit="×"), 1000, "1000×"),
    ],
)
def test_numbers_read_as_people_write_them(slider, value, text):
    assert slider.text(value) == text


def say(explorer, **message):
    explorer.widget._handle_custom_msg(message, [])


def test_the_browser_moves_controls_and_gets_everything_back_in_one_message(monkeypatch):
    small = Small()
    view, sent = small.widget, []
    monkeypatch.setattr(view, "send_state", lambda keys=None: sent.append(set(keys)))
    say(small, seq=4, values={"height": 6})
    assert small.values["height"] == 6
    assert len(sent) == 1
    assert {"_seen", "_frame", "_values", "_texts", "_caption", "_chosen"} <= sent[0]
    assert "_background" not in sent[0]
    assert (view._seen, view._caption, view._chosen) == (4, "height 6", "")
    say(small, seq=5, values={"kind": "down"})
    assert view._seen == 5


def test_code_moves_the_browser_as_well(monkeypatch):
    small = Small()
    view = small.widget
    small.set(height=2)
    assert view._values["height"] == 2
    small.scenario("High")
    assert (view._chosen, view._look, view._plays) == ("High", "High.", 0)


def test_scenarios_and_reset_show_the_whole_film_and_a_moved_control_leaves_it_where_it_is():
    small = Small()
    view, wholes = small.widget, [small.widget._wholes]
    for message in ({"scenario": "Low"}, {"reset": True}, {"scenario": "High"}, {"values": {"height": 6}}):
        say(small, seq=1, **message)
        wholes.append(view._wholes)
    assert np.diff(wholes).tolist() == [1, 1, 1, 0]
    assert view._plays == 1  # only “High” plays


def test_a_sentence_whose_scenario_the_controls_have_left_says_which_it_was():
    small = Small()
    view = small.widget
    assert (view._look, view._left) == ("Low.", "")
    say(small, seq=1, values={"height": 6})
    assert (view._look, view._left) == ("Low.", "Scenario “Low”: ")
    say(small, seq=2, values={"height": 1})
    assert view._left == ""
    assert view._room["looks"] == ["Scenario “Low”: Low.", "Scenario “High”: High."]
    assert Small(height=3).widget._left == "Scenario “Low”: "


def test_buttons_and_drags_reach_the_explorer():
    small = Small()
    say(small, seq=1, scenario="High", values=None)
    assert small.values["height"] == 9
    assert small.widget._plays == 1
    say(small, seq=2, reset=True, values=None, scenario=None)
    assert small.values["height"] == 1
    box = small.widget._scene["boxes"][0]
    say(small, seq=3, pointer=[{"kind": "drag", "axes": 0, "x": box[0], "y": box[1] + box[3]}])
    assert small.values["at"] == pytest.approx((small.figure.axes[0].get_xlim()[0], small.figure.axes[0].get_ylim()[0]))


def test_a_typed_list_that_cannot_be_read_is_answered_with_a_notice():
    small = Small()
    say(small, seq=1, values={"own": "1, x"})
    assert small.widget._notice.startswith("own='1, x' is not allowed; it must be 1 to 100 numbers")  # it has no label
    assert small.values["own"] == (1, 2)
    say(small, seq=2, values={"own": "1, −3 4"})
    assert small.widget._notice == ""
    assert small.values["own"] == (1, -3, 4)
