"""The board in a real JupyterLab: it grows, pauses, stops and changes the rate while the cell still runs."""

import json

import pytest
from real_lab import KERNEL

CELLS = [
    """
import json, time
from adamkit.dashboard import Dashboard
from adamkit.training import Control
from adamkit.training.history import History, Record

def run(board, steps=100_000):
    control, ended = board.control, "finished"
    for step in range(1, steps + 1):
        while control.paused and not control.stopped:
            control.wait()
        if control.stopped:
            ended = "stopped"
            break
        time.sleep(0.01)
        board.on_step(Record(step, 3 / step, 0.1 * control.rate_factor, 1.0, 1e-3, 100.0, 800.0, 3e8, 0.01 * step))
        if step % 20 == 0:
            board.on_evaluation(step, {"test_loss": 4 / step})
    board.close(History(ended=ended))
""",
    "board = Dashboard(total=2000, title='A test run')\nboard",
    "run(board)",
]
# The kernel's own status says "idle" after every answer to a button; the cell's future knows better.
RUN = f"""(code) => {{
  window.cellRuns = true;
  ({KERNEL}).requestExecute({{ code }}).done.finally(() => (window.cellRuns = false));
}}"""
STEP = "(board) => Number(board.dataset.step)"
PROGRESS = "(board) => [board.querySelector('[role=progressbar]').getAttribute('aria-valuenow'), board.dataset.step]"


class Board:
    """The board of a notebook whose last cell is running."""

    def __init__(self, notebook):
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(".adamkit-dashboard").first

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def step(self):
        return self.root.evaluate(STEP)

    def wait_for_step(self, step):
        self.page.wait_for_function(
            f"() => ({STEP})(document.querySelector('.adamkit-dashboard')) >= {step}")

    def wait_for_frames(self, frames):
        self.page.wait_for_function(
            f"() => Number(document.querySelector('.adamkit-dashboard').dataset.frames) >= {frames}")

    def wait_for_state(self, state):
        self.page.wait_for_function(
            f"() => document.querySelector('.adamkit-state').textContent === '{state}'")

    def busy(self):
        return self.page.evaluate("() => window.cellRuns")

    def line(self, place):
        return self.root.locator(".adamkit-line").nth(place).get_attribute("d")


@pytest.fixture
def board(open_notebook):
    """A board in the middle of its run; the run is stopped afterwards."""
    notebook = open_notebook(CELLS[:2])
    found = Board(notebook)
    found.root.wait_for()
    notebook.page.evaluate(RUN, CELLS[2])
    found.wait_for_step(10)
    yield found
    if found.busy():
        found.button("Stop").click()
        found.wait_for_state("stopped")


def test_the_curves_grow_while_the_cell_runs(board):
    before, frames = board.line(0), int(board.root.get_attribute("data-frames"))
    board.wait_for_step(board.step() + 40)
    board.wait_for_frames(frames + 3)
    assert board.busy()
    assert len(board.line(0)) > len(before)
    assert board.root.locator(".adamkit-dots").first.get_attribute("d").count("M") >= 2
    shown, step = board.root.evaluate(PROGRESS)  # at one moment: the run goes on
    assert shown == step


def test_pause_holds_the_run_and_resume_lets_it_go_on(board):
    board.button("Pause").click()
    board.wait_for_state("paused")
    board.page.wait_for_timeout(300)
    held = board.step()
    board.page.wait_for_timeout(600)
    assert board.step() == held
    assert board.busy()
    board.button("Resume").click()
    board.wait_for_step(held + 20)


def test_stop_ends_the_cell_also_from_a_pause_and_the_picture_stays(board):
    board.button("Pause").click()
    board.wait_for_state("paused")
    board.button("Stop").click()
    board.wait_for_state("stopped")
    board.page.wait_for_function("() => !window.cellRuns")
    last = json.loads(board.notebook.python("print(json.dumps([board.step, board.state]))"))
    assert last == [board.step(), "stopped"]
    stored = board.page.evaluate("""() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells[1]
      .outputs.map((output) => [Object.keys(output.data), output.metadata["image/png"]?.alt ?? ""])""")
    (kinds, alt), = stored
    assert "image/png" in kinds
    assert f"step {last[0]} of 2,000" in alt
    assert board.notebook.errors() == []


def test_the_slider_changes_the_rate_from_the_keyboard(board):
    board.button("Pause").focus()
    for _ in range(2):
        board.page.keyboard.press("Tab")
    assert board.page.evaluate("() => document.activeElement.type") == "range"
    board.page.keyboard.press("Home")
    board.wait_for_step(board.step() + 30)
    assert board.busy()
    assert "0.010" in board.root.locator(".adamkit-value").nth(2).inner_text()


@pytest.mark.parametrize("width", [800, 1280])
def test_nothing_is_wider_than_the_page_and_dark_text_is_light(board, width):
    board.page.set_viewport_size({"width": width, "height": 900})
    board.page.wait_for_timeout(300)
    outside = board.root.evaluate("(root) => root.scrollWidth - root.clientWidth")
    assert outside <= 1
    color = "(el) => getComputedStyle(el.querySelector('.adamkit-line')).stroke"
    light = board.root.evaluate(color)
    board.notebook.command("apputils:change-theme", theme="JupyterLab Dark")
    board.page.wait_for_function(f"(old) => ({color})(document.querySelector('.adamkit-dashboard')) !== old", arg=light)
    board.notebook.command("apputils:change-theme", theme="JupyterLab Light")


def test_every_chart_says_in_words_what_it_shows(board):
    labels = [image.get_attribute("aria-label") for image in board.root.locator("svg").all()]
    assert len(labels) == 6
    assert labels[0].startswith("loss: ")
    assert all(len(label) > 6 for label in labels)
