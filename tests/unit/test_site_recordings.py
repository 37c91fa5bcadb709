"""What is recorded for the site is what the explorer shows, and comes back from its packing as it went in."""

import sys

import numpy as np
import pytest
from site_reader import unpacked

from adamkit import plotting
from adamkit.explorers import base
from adamkit.explorers.controls import Toggle
from adamkit.lessons import explorers

#: Explorers with a handle, with a scenery for each state and typed lists, with images, with many styles.
SOME = {
    "rmsprop": ({"angle": 2}, {"start": (2, 1)}),
    "moments": (),
    "momentum_map": ({"lr": 2, "beta": 2},),
    "memory": ({"precision": 10}, {"billions": 3}),
}


@pytest.fixture(scope="module")
def tools(root):
    """site_plans, site_record and site_pack, which live beside the package."""
    sys.path.insert(0, str(root / "tools"))
    import site_pack
    import site_plans
    import site_record

    yield site_plans, site_record, site_pack
    sys.path.remove(str(root / "tools"))


@pytest.fixture(scope="module", params=SOME)
def pair(request, tools):
    """A recording and what a page reads of it."""
    _, site_record, site_pack = tools
    recording = site_record.record(request.param, plan=SOME[request.param])
    return request.param, recording, unpacked(site_pack.packed(recording))


def frame_of(read, place):
    """A frame's artists as rows of numbers."""
    columns = iter(read["rows"][0][place])
    return [np.stack([read["columns"][next(columns)] for _ in range(stride)], axis=1) for stride in read["strides"]]


def test_frames_come_back_within_a_sixteenth_of_a_pixel_with_their_gaps(pair):
    _, recording, read = pair
    for place, frame in enumerate(recording.frames.items):
        for rows, numbers in zip(frame_of(read, place), frame, strict=True):
            assert np.allclose(rows.ravel(), numbers, rtol=0, atol=1 / 16, equal_nan=True)


def test_sceneries_come_back_to_the_last_pixel_that_is_kept(pair, tools):
    _, recording, read = pair
    for place, (png, rows) in enumerate(zip(recording.sceneries.items, read["rows"][3], strict=True)):
        across, width, height = read["sceneries"][place]
        tiles = read["pixels"][rows].reshape(-1, across, read["tile"], read["tile"])
        whole = tiles.swapaxes(1, 2).reshape(-1, across * read["tile"])[:height, :width]
        colors = np.ascontiguousarray(whole).view(np.uint8).reshape(height, width, 4)
        assert np.array_equal(colors, tools[1].pixels_of(png))


def test_every_state_is_what_a_new_explorer_shows_with_its_values(pair):
    name, recording, read = pair
    fresh = getattr(explorers, name)()
    for place in range(0, len(recording.states), max(1, len(recording.states) // 5)):
        values = {control: table["values"][table["places"][place]] for control, table in read["values"].items()}
        fresh.set(**values)
        frame, looks, *_, caption, _ = read["rows"][1][place]
        assert read["words"][caption] == fresh.caption
        assert [read["styles"][style] for style in read["rows"][2][looks]] == fresh.widget._styles
        numbers = np.frombuffer(fresh.widget._frame, np.float32)[len(fresh.widget.moving) :]
        rows = [part.ravel() for part in frame_of(read, frame)]
        assert np.allclose(np.concatenate(rows) if rows else [], numbers, rtol=0, atol=1 / 16, equal_nan=True)


def test_every_scenario_has_a_track_that_begins_where_the_scenario_puts_the_controls(pair):
    name, recording, read = pair
    explorer = getattr(explorers, name)()
    for track, scenario in zip(read["tracks"][-len(explorer.scenarios) :], explorer.scenarios, strict=True):
        explorer.scenario(scenario)
        assert recording.values.items[track["base"]] == explorer.values
        for grid in track["grids"]:
            assert len(grid["states"]) == np.prod([len(positions) for positions in grid["axes"].values()])


def test_an_opening_of_a_notebook_is_a_track_of_its_own(tools):
    recording = tools[1].record("moments", openings=({}, {"correct_v": False}), plan=())
    first, second = recording.tracks[:2]
    assert recording.values.items[second["base"]]["correct_v"] is False
    assert (first["untouched"], second["untouched"]) == (True, False)


def test_plans_name_controls_that_there_are_and_words_change_no_picture(tools):
    site_plans, *_ = tools
    assert set(site_plans.PLANS) == set(explorers.ALL)
    for name, grids in site_plans.PLANS.items():
        assert {control for grid in grids for control in grid} <= set(getattr(explorers, name).controls)
    for name, controls in site_plans.WORDS.items():
        for control in controls:
            explorer = getattr(explorers, name)()
            before = bytes(explorer.widget._frame), explorer.widget._styles
            explorer.set(**{control: list(explorer.controls[control].options)[-1]})
            assert (bytes(explorer.widget._frame), explorer.widget._styles) == before


def test_a_whole_explorer_stays_under_its_two_megabytes(tools):
    _, site_record, site_pack = tools
    assert 20e3 < len(site_pack.script("quantiser", site_record.record("quantiser"))) < 2e6


def test_a_picture_in_which_nothing_moves_is_recorded_as_its_sceneries(tools):
    _, site_record, site_pack = tools
    recorder = site_record.Recorder("still", Still(), ({"on": 2},))
    recorder.track(recorder.explorer.values, "", False)
    recorder.finished()
    read = unpacked(site_pack.packed(recorder.out))
    assert [len(rows) for rows in read["rows"]] == [1, 2, 1, 2]


class Still(base.Explorer):
    """A page of words, repainted at every change."""

    title = "Still"
    controls = {"on": Toggle()}

    def draw(self, values):
        figure = plotting.figure(64, 64)
        self._words = figure.text(0.1, 0.5, "")
        return base.Picture(figure, [], alt="A word.")

    def show(self, values):
        self._words.set_text("on" if values["on"] else "off")
        return base.Shown(repaint=True)


@pytest.mark.parametrize("numbers", [[0], [127, 128, 2**14 - 1, 2**14, 2**31], range(300)])
def test_integers_of_any_size_come_back(tools, numbers):
    from site_reader import Stream

    stream = tools[2].Integers()
    stream.plain(list(numbers))
    stream.signed([-number for number in numbers])
    read = Stream(stream.bytes())
    assert read.take(len(numbers)) == list(numbers)
    assert [read.signed() for _ in numbers] == [-number for number in numbers]
