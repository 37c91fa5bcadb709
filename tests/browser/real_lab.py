"""A real JupyterLab or Notebook 7 and a real browser for tests: start, open a notebook, run it, wait for frames."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Milliseconds after which something hangs: a guard, far longer than anything takes on a busy machine.
GUARD = 600_000
PROMPT_SOCKET = "--ServerApp.kernel_websocket_connection_class=adamkit.server.PromptConnection"


def find_chromium():
    """Path of a Chromium or Chrome, or None. ``ADAMKIT_CHROMIUM`` names one that is not on the path."""
    named = os.environ.get("ADAMKIT_CHROMIUM")
    if named:
        return named
    found = (shutil.which(name) for name in BROWSERS)
    return next((path for path in found if path), None)


def browser_flags():
    """Chromium's sandbox refuses to run for root, which is who runs containers."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return FLAGS + (["--no-sandbox"] if as_root else [])


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lab:
    """One JupyterLab server on a folder of its own, with nothing of the user's configuration.

    Args:
        home: empty folder; notebooks go to ``home/work``.
        prompt: use the connection without Nagle's algorithm (`adamkit.server`).
    """

    application = ("jupyterlab", "--LabApp.expose_app_in_browser=True")

    def __init__(self, home, *, prompt=True):
        self.home, self.work = Path(home), Path(home) / "work"
        self.work.mkdir(parents=True)
        self._write_settings()
        self.port, self.token = free_port(), secrets.token_hex(12)
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = (self.home / "server.log").open("w")
        self.process = subprocess.Popen(
            self._command(prompt), cwd=self.work, env=self._environment(), stdout=self.log, stderr=self.log
        )
        self._wait_until_up()

    def _write_settings(self):
        """No pop-ups; every cell in the page, also those scrolled out of sight."""
        settings = {
            "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
            "notebook-extension/tracker": {"windowingMode": "none"},
        }
        for name, values in settings.items():
            path = self.home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(values))

    def _command(self, prompt):
        command = [sys.executable, "-m", *self.application, "--no-browser", "--ip=127.0.0.1", f"--port={self.port}"]
        command += [f"--IdentityProvider.token={self.token}"]
        command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
        command += ["--ServerApp.root_dir=.", "--ServerApp.port_retries=0", "--ServerApp.allow_root=True"]
        return command + ([PROMPT_SOCKET] if prompt else [])

    def _environment(self):
        """Settings, history and the learner's progress go below ``home`` as well."""
        folders = {
            name: str(self.home / name.lower())
            for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")
        }
        folders |= {"JUPYTERLAB_SETTINGS_DIR": str(self.home / "settings"), "ADAMKIT_HOME": str(self.home / "progress")}
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        threads = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        return {**os.environ, **threads, **folders, "PYTHONPATH": path}

    def _wait_until_up(self, seconds=GUARD / 1000):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{self.address}/api?token={self.token}", timeout=60).close()
                return
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"the server did not start:\n{(self.home / 'server.log').read_text()[-3000:]}")

    def stop(self):
        """End the server and its kernels."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def page(self, name):
        """Address at which a notebook opens, alone in a workspace of its own."""
        return f"{self.address}/lab/workspaces/{secrets.token_hex(4)}/tree/{name}?token={self.token}"

    def write(self, name, cells):
        """A notebook of code cells in the work folder."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.work / name)


class Notebook7(Lab):
    """The same with the Jupyter Notebook application, which shows one document and no side bars."""

    application = ("notebook", "--JupyterNotebookApp.expose_app_in_browser=True")

    def page(self, name):
        return f"{self.address}/notebooks/{name}?token={self.token}"


KERNEL = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel"
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
  .flatMap((cell) => cell.outputs ?? [])
  .filter((output) => output.output_type === "error")
  .map((output) => `${output.ename}: ${output.evalue}`)"""
RUN_QUIETLY = f"""async (code) => {{
  let text = "";
  const future = ({KERNEL}).requestExecute({{ code, store_history: false }});
  future.onIOPub = ({{ header, content }}) => {{
    if (header.msg_type === "stream") text += content.text;
    if (header.msg_type === "error") text += content.traceback.join("\\n");
  }};
  await future.done;
  return text.trim();
}}"""


class Notebook:
    """A notebook open in a browser page."""

    def __init__(self, page, lab, name):
        self.page, self.lab, self.name = page, lab, name
        page.set_default_timeout(GUARD)
        page.goto(lab.page(name))
        page.wait_for_selector(".jp-NotebookPanel .jp-Notebook .jp-Cell")
        page.wait_for_function(f"() => ({KERNEL})?.status === 'idle'")
        page.evaluate("() => window.jupyterapp.shell.collapseLeft()")

    def run_all(self):
        """Run every cell and wait for the last; an error in one does not hide the others' outputs."""
        self.page.evaluate("async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        self.page.wait_for_function(f"() => ({KERNEL}).status === 'idle'")

    def python(self, code):
        """Run code in the notebook's kernel, out of sight, and return what it printed."""
        return self.page.evaluate(RUN_QUIETLY, code)

    def command(self, name, **arguments):
        """Execute a command of JupyterLab."""
        self.page.evaluate(
            "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args); }", [name, arguments]
        )

    def errors(self):
        """Errors in outputs, and boxes that say a widget could not be shown."""
        return self.page.evaluate(ERRORS) + self.page.locator(".jupyter-widgets-error-widget").all_inner_texts()

    def close(self):
        """Shut the kernel down and leave the page."""
        with contextlib.suppress(Exception):
            self.page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.sessionContext.shutdown(); }")
        self.page.close()
