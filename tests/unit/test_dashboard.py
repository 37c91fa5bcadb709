"""The board: curves of any length in few numbers, what it says, what it costs, and what its buttons do."""

import json
import math
import random
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusals import each, refused

from adamkit.dashboard import Dashboard
from adamkit.dashboard.clock import Clock, duration
from adamkit.dashboard.panels import short
from adamkit.dashboard.series import Series, Smoothed
from adamkit.numbers import tick
from adamkit.training.history import History, Record

ROOT = Path(__file__).resolve().parents[2]


def record(step, **values):
    plain = {"loss": 3 / step, "rate": 1e-3, "grad_norm": 1.0, "update_ratio": 1e-3, "examples_per_second": 500.0,
             "tokens_per_second": 500.0, "memory": 3e8, "seconds": 0.01 * step}
    return Record(step, **{**plain, **values})


def watched(steps=300, board=None, **values):
    board = board or Dashboard(total=steps, print_every=1e9)
    for step in range(1, steps + 1):
        board.on_step(record(step, **values))
    return board


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.integers(1, 1000))
def test_a_series_keeps_extremes_and_mean_of_every_value(values, first):
    series = Series(first, most=8)
    for value in values:
        series.append(value)
    steps, low, mean, high = series.curve()
    assert len(steps) <= 8
    assert low.min() == min(values)
    assert high.max() == max(values)
    weights = np.diff([0, *np.minimum(series.width * np.arange(1, len(steps) + 1), len(values))])
    assert np.average(mean, weights=weights) == pytest.approx(np.mean(values), abs=1e-6)
    assert steps[0] >= first
    assert steps[-1] <= first + len(values) - 1
    assert (np.diff(steps) > 0).all()


def test_a_short_series_is_the_values_themselves():
    series = Series(5, most=8)
    for value in (3.0, 1.0, 2.0):
        series.append(value)
    assert [part.tolist() for part in series.curve()] == [[5, 6, 7], [3, 1, 2], [3, 1, 2], [3, 1, 2]]


def test_what_is_not_finite_is_left_out_and_counted():
    series = Series()
    for value in (1.0, math.nan, math.inf, 4.0):
        series.append(value)
    assert series.curve()[0].tolist() == [1, 4]
    assert (series.lost, series.last, len(series)) == (2, 4.0, 4)


def test_the_smoothed_loss_is_the_corrected_average_of_adam():
    smoothed, average = Smoothed(beta=0.9), 0.0
    for t, value in enumerate([5.0, 1.0, 7.0, 2.0], 1):
        smoothed.append(value)
        average = 0.9 * average + 0.1 * value
        assert smoothed.last == pytest.approx(average / (1 - 0.9**t))


@pytest.mark.parametrize(("value", "unit", "text"), [
    (2.3456, "", "2.35"), (0.00123, "", "0.00123"), (1.2e-5, "", "1.20e-5"), (45_210, "tokens/s", "45.2 k tokens/s"),
    (312.0, "MB", "312 MB"), (1234, "rows/s", "1.23 k rows/s"), (2e6, "tokens/s", "2.00 M tokens/s"), (0.0, "", "0.00"),
    (999.7, "rows/s", "1.00 k rows/s"), (math.nan, "MB", "–"), (3.2e7, "", "3.20e7"),
])
def test_numbers_read_well(value, unit, text):
    assert short(value, unit) == text


def test_ticks_and_times_read_well():
    assert [tick(value) for value in (0, 0.002, 1e-4, -2.5e-5, 45_000, 2e6, 3e12)] == [
        "0", "0.002", "1e-4", "−2.5e-5", "45k", "2M", "3e12"]
    assert [tick(value) for value in (1000, 6000, 1234)] == ["1000", "6000", "1234"]
    assert [tick(value, 18_500) for value in (0, 6000, 12_000, 18_000)] == ["0", "6k", "12k", "18k"]
    assert [duration(s) for s in (0.84, 42, 59.8, 185, 3729)] == ["0.8 s", "42 s", "1:00", "3:05", "1:02:09"]


def test_time_left_follows_the_recent_pace_and_ignores_pauses():
    clock = Clock(memory=3)
    for step, seconds in ((1, 30.0), (2, 30.5), (3, 31.0), (4, 31.5)):  # the first step compiled
        clock.tick(record(step, seconds=seconds))
    assert clock.left(10) == pytest.approx(3.0)
    assert clock.left(None) is None


def test_without_a_notebook_it_prints_lines_and_the_end(capsys):
    board = watched(200, Dashboard(total=200, print_every=0.0))
    board.on_evaluation(200, {"test_loss": 0.5, "accuracy": 0.93})
    board.close(History(ended="finished"))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 201
    assert lines[0].startswith("step 1 of 200 · loss 3.00 · 500 rows/s")
    assert "test loss 0.500 · accuracy 0.930" in lines[-1]
    assert lines[-1].endswith("finished after 2.0 s")


def test_lines_come_as_rarely_as_asked(capsys):
    board = watched(2000)
    board.close(History(ended="finished"))
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_throughput_is_in_tokens_where_a_row_holds_many(capsys):
    board = watched(3, tokens_per_second=8000.0)
    board.close(History(ended="finished"))
    assert "8.00 k tokens/s" in board.line()
    assert "500 rows/s" in repr(watched(3, Dashboard(total=3)))


def test_the_last_picture_holds_every_step_though_frames_were_skipped(capsys):
    board = watched(250)
    board.close(History(ended="stopped"))
    figure = board.figure()
    titles = [ax.get_title(loc="left").split("  ")[0] for ax in figure.axes]
    assert titles[:3] == ["loss", "learning rate η", "gradient norm ‖g‖"]
    assert len(titles) == 6
    lines = figure.axes[0].get_lines()
    assert lines[0].get_xdata()[-1] == pytest.approx(250, abs=1)
    assert board.state == "stopped"
    assert "250 of 250" in figure.get_suptitle()


@pytest.mark.parametrize("fall", [10, 50, 1e4, 1e9])
def test_a_logarithmic_axis_in_the_picture_has_three_to_seven_numbers(fall, capsys):
    board = Dashboard(total=100, print_every=1e9)
    for step in range(1, 101):
        board.on_step(record(step, grad_norm=3 * fall ** (-step / 100)))
    figure = board.figure()
    figure.canvas.draw()
    ax = next(ax for ax in figure.axes if "gradient" in ax.get_title(loc="left"))
    low, high = ax.get_ylim()
    assert ax.get_yscale() == "log"
    shown = [text.get_text() for text in ax.get_yticklabels() if low <= text.get_position()[1] <= high]
    assert 3 <= len(list(filter(None, shown))) <= 7


def test_panels_without_a_value_are_left_out_of_the_picture(capsys):
    board = watched(10, memory=math.nan, grad_norm=math.nan)
    assert len(board.figure().axes) == 4


def test_a_loss_that_is_not_finite_any_more_is_shown_as_no_number(capsys):
    board = watched(199)
    board.catch_up()
    before = board.texts()[0]
    for step in range(200, 401):
        board.on_step(record(step, loss=math.nan, grad_norm=math.nan))
    board.close(History(ended="finished"))
    assert board.line().startswith(f"step 400 of 199 · loss not finite since step 200 ({before} before) · ")
    assert board.texts()[:3] == ["not finite", "0.00100", "not finite"]
    assert "not finite since step 200" in board.alt
    assert "not finite since step 200" in board.figure().get_suptitle()


def test_a_loss_that_was_not_finite_for_a_while_is_said_beside_its_number(capsys):
    board = watched(5)
    board.on_step(record(6, loss=math.inf))
    board.on_step(record(7))
    board.catch_up()
    assert "(not finite in 1 step)" in board.line()
    assert "not finite" not in board.texts()


def test_a_loss_that_never_was_finite_is_no_dash(capsys):
    board = watched(5, loss=math.nan, memory=math.nan)
    board.catch_up()
    assert "loss not finite since step 1 · " in board.line()
    assert (board.texts()[0], board.texts()[-1]) == ("not finite", "–")


def test_a_board_before_its_run_says_so_once():
    assert repr(Dashboard(total=1500)) == "<Dashboard: waiting, step 0 of 1,500>"


def test_the_picture_names_the_three_marks_of_the_loss(capsys):
    board = watched(30)
    board.on_evaluation(30, {"validation loss": 0.2})
    assert [text.get_text() for text in board.figure().axes[0].get_legend().get_texts()] == [
        "each step", "smoothed", "evaluation"]


def test_a_board_may_watch_a_second_training_and_a_resumed_one(capsys):
    board = watched(20)
    board.control.stop()
    board.close(History(ended="stopped"))
    assert not board.control.stopped
    for step in range(101, 111):
        board.on_step(record(step))
    board.close(History(ended="finished"))
    assert board.step == 110
    assert len(board.series["loss"]) == 10


test_arguments_that_make_no_sense_are_refused = refused(
    *each(lambda total: Dashboard(total=total), "total={}", 0, 2.5),
    (lambda: Dashboard(smoothing=1.0), "smoothing=1.0"),
    (lambda: Dashboard(print_every=-1), "print_every=-1"),
)


def press(board, **message):
    board.widget._receive(board.widget, {"seq": random.randrange(1, 2**20), **message}, [])


def test_buttons_set_what_the_loop_reads():
    board = watched(5)
    press(board, pause=True)
    assert board.control.paused
    assert board.widget._head["state"] == "paused"
    press(board, rate=0.5)
    assert board.control.rate_factor == 0.5
    press(board, stop=True)
    assert board.control.stopped
    assert not board.control.paused
    assert board.widget._head["state"] == "stopping"


def test_after_the_run_buttons_do_nothing():
    board = watched(5)
    board.widget.send_frame()
    board.close(History(ended="finished"))
    for message in ({"pause": True}, {"stop": True}, {"rate": 3.0}):
        press(board, **message)
    assert (board.control.paused, board.control.stopped, board.control.rate_factor) == (False, False, 1.0)


@given(st.lists(st.sampled_from([{"pause": True}, {"pause": False}, {"stop": True}, {"rate": 0.1}, {"rate": 10.0}, {},
                                 "step", "close", "evaluate"]), max_size=25))
def test_no_order_of_clicks_raises(clicks):
    board, step = Dashboard(total=50), 0
    assert board.widget
    for click in clicks:
        if click == "step":
            step += 1
            board.on_step(record(step))
        elif click == "close":
            board.close(History(ended="finished"))
        elif click == "evaluate":
            board.on_evaluation(step, {"loss": 1.0})
        else:
            press(board, **click)
    assert board.line()


def test_clicks_from_another_thread_disturb_no_record():
    board, failures = Dashboard(total=2000), []
    assert board.widget

    def click():
        try:
            for turn in range(200):
                press(board, pause=turn % 2 == 0, rate=0.1 + turn % 7)
        except Exception as failure:
            failures.append(failure)

    hand = threading.Thread(target=click)
    hand.start()
    watched(2000, board)
    hand.join()
    board.close(History(ended="finished"))
    assert failures == []
    assert len(board.series["loss"]) == 2000


def test_the_frame_holds_what_the_curves_hold():
    board = watched(7)
    board.on_evaluation(7, {"test_loss": 0.25})
    board.widget.send_frame()
    numbers = np.frombuffer(board.widget._frame, np.float32)
    assert numbers[0] == 7
    assert numbers[1:8].tolist() == list(range(1, 8))
    assert numbers[-5:].tolist() == [1, 7, 0.25, 0.25, 0.25]
    json.dumps(board.widget._head, allow_nan=False)


def test_it_runs_where_no_widget_library_is_installed():
    code = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"ipywidgets", "anywidget", "IPython", "matplotlib", "traitlets"}:
            raise ImportError(name)
sys.meta_path.insert(0, Blocker())
from adamkit.dashboard import Dashboard
from adamkit.training.history import History, Record
board = Dashboard(total=2)
board.on_step(Record(1, 2.0, 0.1))
board.on_step(Record(2, 1.0, 0.1))
board.close(History(ended="finished"))
"""
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[-1].startswith("step 2 of 2 · loss 1.47 · finished")
