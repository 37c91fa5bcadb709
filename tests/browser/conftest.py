"""Fixtures: one JupyterLab and one browser for all browser tests.

Without a browser every test here is skipped, with one line that says so. Where a browser is
promised, ADAMKIT_REQUIRE_BROWSER=1 turns that into a failure.
"""

import os
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from real_lab import Lab, Notebook, browser_flags, find_chromium  # noqa: E402 - found beside this file

REQUIRED = os.environ.get("ADAMKIT_REQUIRE_BROWSER") == "1"
MISSING = "NO BROWSER TESTS RAN: no Chromium or Chrome was found; install one, or set ADAMKIT_CHROMIUM to its path"


#: Its tests share nothing but the server, so any process may take the next; a file that opens one notebook for all of
#: its tests stays in one process.
ANYWHERE = "test_notebooks_browser"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A file's tests go to one process, the longest files first; single tests fill what is left."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return nodeid if ANYWHERE in nodeid else nodeid.split("::")[0]

    return ByFile(config, log)


def pytest_collection_modifyitems(items):
    """Everything in this folder needs the browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter):
    """Say loudly, once, that nothing was tested."""
    if find_chromium() is None:
        terminalreporter.write_line(MISSING, red=True, bold=True)


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium."""
    path = find_chromium()
    if path is None and REQUIRED:
        pytest.fail(MISSING)
    if path is None:
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=browser_flags())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):
    """A JupyterLab server with the prompt socket."""
    server = Lab(tmp_path_factory.mktemp("lab") / "home")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def open_notebook(chromium, lab):
    """open_notebook(cells, width=…, height=…, scale=…) → `Notebook`, run to its end, and closed with its file."""
    opened = []

    def open_(cells, *, width=1280, height=900, scale=1):
        name = f"test_{time.monotonic_ns()}.ipynb"
        lab.write(name, cells)
        page = chromium.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
        notebook = Notebook(page, lab, name)
        opened.append(notebook)
        notebook.run_all()
        return notebook

    yield open_
    for notebook in opened:
        notebook.close()
