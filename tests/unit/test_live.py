"""What a live picture sends to the browser, and what it is without one."""

import base64
import threading
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from refusals import refused

from adamkit.live import LiveFigure, Playback, answer_while_busy, arrows, artists, fills, point_arrows
from adamkit.live.paint import paint


@pytest.fixture
def figure():
    return Figure(figsize=(4, 3), dpi=100)


@pytest.fixture
def ax(figure):
    return figure.add_axes((0.1, 0.1, 0.8, 0.8))


def decoded(png):
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def rows_of(live):
    """The frame taken apart as the browser does it."""
    numbers = np.frombuffer(live._frame, np.float32)
    sizes, rest = numbers[: len(live.moving)].astype(int), numbers[len(live.moving) :]
    assert sizes.sum() == len(rest)
    return np.split(rest, np.cumsum(sizes)[:-1])


def say(live, **message):
    """A message as the browser sends it."""
    live._handle_custom_msg(message, [])


def test_the_scenery_leaves_moving_artists_out(figure, ax):
    line = ax.plot([0, 1], [0, 1], color="red", lw=6)[0]
    ax.set(xlim=(0, 1), ylim=(0, 1))
    live = LiveFigure(figure, [line], alt="A line.")
    red = np.array([255, 0, 0])
    assert not (decoded(live._background) == red).all(axis=-1).any()
    assert (decoded(paint(figure)) == red).all(axis=-1).any()
    assert line.get_visible()


def test_refresh_moves_artists_and_keeps_the_scenery(figure, ax):
    line = ax.plot([0, 1], [0, 1])[0]
    live = LiveFigure(figure, [line], alt="A line.")
    scenery, frame = live._background, live._frame
    line.set_data([0, 1], [1, 0])
    assert live.refresh()
    assert live._background is scenery
    assert live._frame != frame


def test_redraw_paints_new_limits_and_moves_artists_with_them(figure, ax):
    line = ax.plot([0, 1], [0, 1])[0]
    live = LiveFigure(figure, [line], alt="A line.")
    scenery, frame = live._background, live._frame
    ax.set_xlim(0, 5)
    live.redraw()
    assert live._background != scenery
    assert live._frame != frame


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_points_are_figure_pixels_with_y_downwards(figure, ax, scale):
    line = ax.plot([1, 10, 100], [1, 10, 100])[0]
    ax.set(xscale=scale, yscale=scale, xlim=(1, 100), ylim=(1, 100))
    live = LiveFigure(figure, [line], alt="A line.")
    points = rows_of(live)[0].reshape(-1, 2)
    assert points[0] == pytest.approx([40, 270])
    assert points[2] == pytest.approx([360, 30])
    assert points[1] == pytest.approx([200, 150] if scale == "log" else [40 + 320 / 11, 270 - 240 / 11])


def test_the_resolution_of_the_screen_changes_the_scenery_and_not_the_points(figure, ax):
    line = ax.plot([0, 1], [0, 1])[0]
    live = LiveFigure(figure, [line], alt="A line.")
    frame = live._frame
    assert decoded(live._background).shape == (300, 400, 3)
    say(live, seq=1, ratio=2)
    assert decoded(live._background).shape == (600, 800, 3)
    assert live._frame == frame
    say(live, seq=2, ratio=1)
    assert decoded(live._background).shape == (600, 800, 3)
    assert figure.dpi == 100


def test_a_gap_stays_a_gap(figure, ax):
    line = ax.plot([0, 1, 2], [0, np.nan, 1])[0]
    live = LiveFigure(figure, [line], alt="A line with a gap.")
    assert np.isnan(rows_of(live)[0].reshape(-1, 2)).any(axis=1).tolist() == [False, True, False]


def test_a_path_that_runs_away_leaves_in_its_true_direction():
    points = np.array([[0.0, 0.0], [10.0, 20.0], [1e9, 2e9], [1e30, -1e30], [np.inf, 0.0]])
    rows = artists.pixels(points * (1, -1), 0)
    assert rows[2, 1] / rows[2, 0] == pytest.approx(2, rel=1e-3)
    assert np.abs(rows[2]).max() == pytest.approx(artists.FAR)
    assert np.isnan(rows[3:]).all()


def test_no_number_that_a_canvas_cannot_draw_is_sent(figure, ax):
    line = ax.plot([0, 1, 2, 3], [0, 1e300, -1e300, np.inf])[0]
    ax.set(xlim=(0, 1), ylim=(0, 1))
    live = LiveFigure(figure, [line], alt="A line.")
    points = rows_of(live)[0]
    assert np.nanmax(np.abs(points)) <= artists.FAR
    assert not np.isinf(points).any()


def every_kind(ax):
    return {
        "line": ax.plot([0, 1], [0, 1], "o--")[0],
        "points": ax.scatter([0, 1], [1, 0], s=[20, 80], c=["red", "blue"]),
        "arrows": arrows(ax, [[0, 0]], [[1, 1]]),
        "text": ax.text(0.5, 0.5, "words"),
        "image": ax.imshow(np.eye(3), extent=(0, 1, 0, 1), origin="lower"),
        "area": ax.axvspan(0.2, 0.4),
        "between": ax.fill_between([0, 1], [0, 1]),
    }


def test_every_kind_of_artist_that_may_move_does(figure, ax):
    kinds = every_kind(ax)
    live = LiveFigure(figure, list(kinds.values()), alt="All of them.")
    assert [style["kind"] for style in live._styles] == [*list(kinds)[:-1], "area"]
    assert all(len(rows) and np.isfinite(rows).any() for rows in rows_of(live))


def test_looks_reach_the_browser_in_its_own_units(figure, ax):
    line = ax.plot([0, 1], [0, 1], color="#ff0000", alpha=0.5, lw=3.6, ls="--", marker="s")[0]
    live = LiveFigure(figure, [line], alt="A line.")
    look = live._styles[0]
    assert look["color"] == "#ff000080"
    assert look["width"] == pytest.approx(5)
    assert look["dash"]
    assert look["marker"]["d"].startswith("M")
    line.set(visible=False, linestyle="none")
    live.refresh()
    assert not live._styles[0]["visible"]
    assert len(rows_of(live)[0]) == 0
    line.set(visible=True)
    live.refresh()
    assert live._styles[0]["color"] is None


def test_arrows_point_from_tail_to_tip(figure, ax):
    quiver = arrows(ax, [[0, 0]], width=4)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    live = LiveFigure(figure, [quiver], alt="An arrow.")
    assert rows_of(live)[0].tolist() == pytest.approx([40, 270, 40, 270])
    point_arrows(quiver, [[0, 0]], [[1, 0.5]])
    live.refresh()
    assert rows_of(live)[0].tolist() == pytest.approx([40, 270, 360, 150])
    assert live._styles[0]["width"] == pytest.approx(4)


def test_an_image_is_sent_again_only_when_its_numbers_change(figure, ax):
    image = ax.imshow(np.zeros((2, 3)), vmin=0, vmax=1, origin="lower")
    line = ax.plot([0, 1], [0, 1])[0]
    live = LiveFigure(figure, [image, line], alt="A map.")
    before = live._images["0"]
    assert (before["width"], before["height"]) == (3, 2)
    line.set_data([0, 1], [1, 0])
    live.refresh()
    assert live._images["0"] is before
    image.set_data(np.ones((2, 3)))
    live.refresh()
    assert live._images["0"]["rgba"] != before["rgba"]


@pytest.mark.parametrize("origin", ["lower", "upper"])
def test_an_image_is_sent_top_row_first(ax, origin):
    image = ax.imshow([[0.0, 0.0], [1.0, 1.0]], origin=origin, cmap="gray")
    top = fills.image_pixels(image)[0, 0, 0]
    assert top == (255 if origin == "lower" else 0)


def pictured(moving, **options):
    """A live picture of what ``moving`` draws on its axes."""
    ax = Figure().add_subplot()
    return LiveFigure(ax.figure, moving(ax), **{"alt": "A picture.", **options})


LINE, OTHER = (Figure().add_subplot().plot([0], [0])[0] for _ in range(2))
test_what_cannot_move_is_refused_in_words = refused(
    (lambda: pictured(lambda ax: [ax.yaxis]), TypeError, "a YAxis cannot move; lines, points"),
    (lambda: pictured(lambda ax: [ax.quiver([0], [0], [1], [1])]), r"adamkit\.live\.arrows"),
    (lambda: pictured(lambda ax: [ax.text(0, 0, "$x$")]), r"no \$ formulas"),
    (lambda: pictured(lambda ax: [LINE]), "belongs to another figure"),
    (lambda: pictured(lambda ax: [], alt=""), "alt='' is not allowed"),
    (lambda: pictured(lambda ax: [], handle=LINE), "handle must be one of the moving artists"),
    (lambda: LiveFigure(LINE.figure, [LINE], alt="A film.", playback=Playback([LINE], [(OTHER, LINE)])),
     "must be among the picture's moving artists"),
    (lambda: Playback([LINE], seconds=0), "seconds=0"),
    (lambda: Playback([]), "lines is empty"),
)


def test_refresh_keeps_to_a_rate_when_asked(figure, ax):
    live = LiveFigure(figure, ax.plot([0, 1], [0, 1]), alt="A line.")
    sent = [live.refresh(at_most=1000), live.refresh(at_most=1), live.refresh(at_most=1), live.refresh()]
    assert sent[1:] == [False, False, True]


def test_pointer_events_arrive_in_data_coordinates(figure, ax):
    ax.set(xscale="log", xlim=(1, 100), ylim=(-1, 1))
    live = LiveFigure(figure, [], alt="Empty axes.")
    assert live._scene["pointer"] is False
    events = []
    live.on_pointer(events.append)
    assert live._scene["pointer"] is True
    down, up = {"kind": "click", "axes": 0, "x": 200, "y": 30}, {"kind": "release", "axes": 0, "x": 40, "y": 150}
    say(live, seq=5, pointer=[down, up])
    assert [event.kind for event in events] == ["click", "release"]
    assert (events[0].x, events[0].y) == pytest.approx((10, 1))
    assert (events[1].x, events[1].y) == pytest.approx((1, 0), abs=1e-9)


def test_pointer_messages_that_make_no_sense_are_ignored(figure, ax):
    live = LiveFigure(figure, [], alt="Empty axes.")
    live.on_pointer(lambda event: pytest.fail("called"))
    say(live, seq=1, pointer=[{"kind": "shout", "axes": 0, "x": 1, "y": 1}])
    say(live, seq=1, pointer=[{"kind": "click", "axes": 7, "x": 1, "y": 1}])
    assert live._seen == 1


def test_every_message_is_answered_even_if_a_callback_fails(figure, ax, capsys):
    live = LiveFigure(figure, [], alt="Empty axes.")

    def fail(event):
        raise RuntimeError("on purpose")

    live.on_pointer(fail)
    with pytest.raises(RuntimeError, match="on purpose"):
        live._receive(live, {"seq": 9, "pointer": [{"kind": "click", "axes": 0, "x": 1, "y": 1}]}, [])
    assert live._seen == 9


def test_one_message_from_the_browser_gives_one_back(figure, ax, monkeypatch):
    line = ax.plot([0, 1], [0, 1])[0]
    live = LiveFigure(figure, [line], alt="A line.")

    def follow(event):
        line.set_data([0, event.x], [0, event.y])
        live.refresh()
        live.redraw()

    live.on_pointer(follow)
    sent = []
    monkeypatch.setattr(live, "send_state", lambda keys=None: sent.append(set(keys)))
    say(live, seq=3, pointer=[{"kind": "drag", "axes": 0, "x": 100, "y": 100}])
    assert len(sent) == 1
    assert {"_frame", "_seen"} <= sent[0]


def test_a_film_names_moving_artists_and_lasts(figure, ax):
    line, head = ax.plot([0, 1], [0, 1])[0], ax.plot([0], [0], "o")[0]
    live = LiveFigure(figure, [head, line], alt="A film.", playback=Playback([line], [(head, line)], steps=1))
    assert live._scene["playback"] == {"lines": [1], "heads": [[0, 1]], "steps": 1, "seconds": 4.0}
    live.playback_steps = 7
    assert live._scene["playback"]["steps"] == 7


def test_a_notebook_gets_the_widget_a_picture_and_a_line_of_text(figure, ax):
    line = ax.plot([0, 1], [0, 1], color="red", lw=6)[0]
    live = LiveFigure(figure, [line], alt="A red line.")
    data, metadata = live._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == live.model_id
    assert data["text/plain"] == "Live picture: A red line."
    picture = decoded(base64.b64decode(data["image/png"]))
    assert (np.abs(picture - [255, 0, 0]).max(axis=-1) < 10).any()
    assert metadata["image/png"] == {"width": 400, "alt": "A red line."}


def test_a_stored_picture_keeps_its_colours(figure, ax):
    ax.imshow(np.linspace(0, 1, 400).reshape(20, 20), cmap="Blues", interpolation="bilinear")
    ax.plot([0, 19], [0, 19], color="#c63707", lw=1)
    exact, stored = decoded(paint(figure)), decoded(paint(figure, compact=True))
    assert np.abs(exact - stored).mean() < 1.5
    assert np.abs(exact - stored).max() < 40


def test_cells_and_callbacks_may_draw_at_the_same_time(figure, ax):
    line = ax.plot([0, 1], [0, 1])[0]
    live = LiveFigure(figure, [line], alt="A line.")
    broken = []

    def hammer(action):
        try:
            for _ in range(8):
                action()
        except Exception as error:
            broken.append(error)

    tasks = [live.redraw, live.refresh, live.png, lambda: say(live, seq=1, ratio=2)]
    threads = [threading.Thread(target=hammer, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert broken == []
    assert figure.dpi == 100
    assert rows_of(live)[0].reshape(-1, 2).shape == (2, 2)


def test_a_comm_that_redirects_messages_to_the_busy_thread_is_told_not_to():
    redirecting = SimpleNamespace(comm=SimpleNamespace(_reply_subshell_for=lambda data, default: None))
    plain, closed = SimpleNamespace(comm=SimpleNamespace()), SimpleNamespace(comm=None)
    answer_while_busy(redirecting, plain, closed)
    assert redirecting.comm._reply_subshell_for({}, "the browser's choice") == "the browser's choice"
    assert vars(plain.comm) == {}
