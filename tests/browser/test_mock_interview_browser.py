"""The mock interview in a real JupyterLab: the clock ticks, the text is kept as it is typed, grades lead to advice."""

import json
import time

import pytest
from real_lab import Notebook

CELL = "from adamkit import practice\npractice.mock_interview(1, pattern='bias correction', minutes=0.1, seed=1)"


@pytest.fixture
def room(chromium, lab):
    lab.write("mock.ipynb", [CELL])
    notebook = Notebook(chromium.new_page(viewport={"width": 1000, "height": 900}), lab, "mock.ipynb")
    notebook.run_all()
    notebook.page.get_by_role("button", name="Begin", exact=True).click()
    yield notebook
    notebook.close()


def test_an_interview_by_hand(room, lab):
    page = room.page
    clock = page.locator(".adamkit-timer")
    clock.wait_for()
    before = clock.inner_text()
    field = page.get_by_placeholder("Your answer, in your own words")
    field.press_sequentially("Both averages start at zero.", delay=20)
    assert kept(lab, "drafts") == "Both averages start at zero."
    page.wait_for_function("(old) => document.querySelector('.adamkit-timer').innerText !== old", arg=before)
    page.wait_for_function("() => document.querySelector('.adamkit-timer').innerText.startsWith('+')")
    page.get_by_role("button", name="Show the model answer").click()
    page.get_by_text("How was yours?").wait_for()
    page.get_by_role("button", name="no", exact=True).click()
    page.get_by_text("What to revisit").wait_for()
    assert page.get_by_role("link", name="04 Adam").count() + page.get_by_role("link", name="06 Warmup").count() >= 1
    assert room.errors() == []
    (history,) = json.loads((lab.home / "progress" / "mock.json").read_text())["entries"].values()
    assert history[-1]["text"] == "Both averages start at zero."
    assert history[-1]["grade"] == "no"


def kept(lab, topic, seconds=600):
    """The newest text on disk, once it has come to rest."""
    path, deadline, text = lab.home / "progress" / f"{topic}.json", time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        if path.exists():
            newest = next(iter(json.loads(path.read_text())["entries"].values()), None)
            if newest == text:
                return text
            text = newest
        time.sleep(0.5)
    return text
