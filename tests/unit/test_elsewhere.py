"""What notebooks outside JupyterLab need: fallbacks in the style, and what Google Colab asks of an output."""

import re
import sys
import tomllib
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from adamkit import practice
from adamkit.dashboard import Dashboard
from adamkit.dashboard.screen import Screen
from adamkit.lessons import explorers
from adamkit.live.colab import VIEW
from adamkit.live.pulse import Pulse
from adamkit.practice.present import Shown

MANAGER = "https://example.org/manager.min.js"
SHOWN = {
    "an explorer": lambda: explorers.moments(),
    "the sign of life": Pulse,
    "a self-check": lambda: practice.self_check("04"),
    "a mock interview": lambda: practice.mock_interview(),
}


@pytest.fixture
def colab(monkeypatch):
    """Google Colab's module, as far as it is asked for."""
    widgets = SimpleNamespace(_installed_url=None)

    def enable():
        widgets._installed_url = MANAGER

    output = SimpleNamespace(enable_custom_widget_manager=enable, _widgets=widgets)
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    return output


def bundle(shown):
    """(data, metadata) of anything that a cell may end with."""
    found = shown._repr_mimebundle_()
    return found if isinstance(found, tuple) else (found, {})


@pytest.mark.parametrize("name", SHOWN)
def test_in_colab_every_widget_says_where_its_manager_lies(colab, name):
    data, metadata = bundle(SHOWN[name]())
    assert VIEW in data
    assert metadata[VIEW] == {"colab": {"custom_widget_manager": {"url": MANAGER}}}


@pytest.mark.parametrize("name", SHOWN)
def test_elsewhere_no_output_speaks_of_colab(name):
    assert VIEW not in bundle(SHOWN[name]())[1]


def test_a_board_keeps_its_picture_and_names_the_manager(colab):
    _, metadata = Screen(Dashboard(total=10)).bundle()
    assert metadata == {VIEW: {"colab": {"custom_widget_manager": {"url": MANAGER}}}}


def test_a_colab_that_has_moved_its_address_gets_the_plain_widget(colab):
    del colab._widgets
    data, metadata = bundle(explorers.moments())
    assert VIEW in data
    assert set(metadata) == {"image/png"}


def test_a_widget_that_cannot_describe_itself_leaves_the_static_form():
    class Old(Shown):
        def html(self):
            return "<p>words</p>"

        def text(self):
            return "words"

        def widget(self):
            return object()  # as in ipywidgets 7

    assert Old()._repr_mimebundle_() == {"text/plain": "words", "text/html": "<p>words</p>"}


def test_bytes_that_a_front_end_lost_are_sent_again(monkeypatch):
    widget, sent = explorers.moments().widget, []
    monkeypatch.setattr(widget, "_send", lambda message, buffers=None: sent.append((message, buffers)))
    widget._handle_custom_msg({"resend": True, "seq": 7}, [])
    paths = [path for message, _ in sent for path in message.get("buffer_paths", ())]
    assert ["_background"] in paths
    assert ["_frame"] in paths
    assert widget._seen == 7


def test_every_colour_taken_from_jupyterlab_has_a_fallback(root):
    styles = {path: path.read_text(encoding="utf-8") for path in (root / "adamkit").rglob("*.css")}
    assert len(styles) >= 3
    for path, style in styles.items():
        assert re.findall(r"var\(\s*--jp-[\w-]+\s*\)", style) == [], path


def test_no_script_needs_jupyterlabs_page(root):
    scripts = {path: path.read_text(encoding="utf-8") for path in (root / "adamkit").rglob("*.js")}
    assert len(scripts) >= 10
    for path, script in scripts.items():
        assert "jupyterapp" not in script, path
        assert re.findall(r"(?:document|window)\.\w+\([\"'`]\.jp-", script) == [], path


@pytest.fixture(scope="module")
def platforms(root):
    return (root / "docs" / "platforms.md").read_text(encoding="utf-8")


def test_the_page_on_platforms_names_the_versions_that_were_tested(root, platforms):
    locked = dict(re.findall(r"^(\S+)==(\S+)$", (root / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE))
    for title, package in (("JupyterLab", "jupyterlab"), ("Notebook", "notebook")):
        assert f"| {title} {locked[package]} with Chromium" in platforms
    kernel, widgets, anywidget = (locked[name] for name in ("ipykernel", "ipywidgets", "anywidget"))
    assert f"tested kernel is ipykernel {kernel}, with ipywidgets {widgets} and anywidget {anywidget}." in platforms


def test_the_cell_for_colab_installs_what_colab_does_not_have(root, platforms):
    (cell,) = re.findall(r"```python\n(.*?)```", platforms, flags=re.DOTALL)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {Requirement(line).name for line in project["dependencies"]}
    there = {"numpy", "torch", "matplotlib", "scikit-learn", "jupyterlab"}  # the last is not needed
    installed = set(re.findall(r"[a-z]+", re.findall(r"%pip install -q (\".*)", cell)[0]))
    assert installed == needed - there
    assert "output.enable_custom_widget_manager()" in cell
