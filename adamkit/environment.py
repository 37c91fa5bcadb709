"""Is this machine ready? What is here, what is missing, and what to do about it.

``check()`` looks at the running kernel and returns a `Report`, which a notebook shows as a table. Remedies are those of
the place it runs in: JupyterLab as ``make lab`` starts it, a class's JupyterHub, VS Code, or Colab.
Nothing is imported that is not already needed to answer, and nothing leaves the machine.
"""

import os
import platform
import re
import sys
from dataclasses import dataclass
from html import escape
from importlib import metadata

#: Distribution → (why it is needed, the oldest version that works).
NEEDED = {
    "numpy": ("the NumPy optimizers", (2, 0)),
    "matplotlib": ("every picture", (3, 9)),
    "ipywidgets": ("sliders and buttons", (8, 0)),
    "anywidget": ("the live pictures", (0, 9)),
    "torch": ("the PyTorch optimizers, from notebook 04 on", (2, 9)),
    "scikit-learn": ("the digits data set", (1, 4)),
    "jupyterlab": ("the page you are looking at", (4, 0)),
}

#: What brings a package, or a newer one, in each place.
REMEDIES = {
    "lab": "run make lab, which installs it",
    "hub": "tell whoever runs this server: its environment lacks it",
    "VS Code": "run make install, and choose .venv as this notebook's kernel",
    "Colab": "run %pip install -q '{name}>={oldest}' in a cell, then restart the session",
}
#: Places whose front end is JupyterLab; the others do without its parts.
JUPYTERLAB = ("lab", "hub")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its name, what was found, and the remedy when it will not do."""

    name: str
    found: str
    remedy: str = ""

    @property
    def ok(self):
        """True when nothing has to be done."""
        return not self.remedy


class Report(list):
    """Findings, shown as a table in a notebook and as lines of text elsewhere."""

    @property
    def ok(self):
        """True when no finding needs a remedy."""
        return all(finding.ok for finding in self)

    def __repr__(self):
        lines = []
        for f in self:
            lines.append(f"{'✓' if f.ok else '✗'} {f.name}: {f.found}")
            lines += [f"    → {f.remedy}"] * (not f.ok)
        return "\n".join(lines)

    def _repr_html_(self):
        rows = [("", "what", "found", "what to do")]
        rows += [("✓" if f.ok else "✗", f.name, f.found, f.remedy) for f in self]
        return f"<table>{''.join(map(_html_row, rows))}</table>"


def _html_row(texts):
    cells = (f"<td style='text-align:left'>{escape(text)}</td>" for text in texts)
    return f"<tr>{''.join(cells)}</tr>"


def place():
    """Where this kernel runs: "Colab", "VS Code", "hub" or, where nothing says otherwise, "lab"."""
    if "COLAB_RELEASE_TAG" in os.environ or "google.colab" in sys.modules:
        return "Colab"
    if "VSCODE_PID" in os.environ or "VSCODE_CWD" in os.environ:
        return "VS Code"
    return "hub" if "JUPYTERHUB_USER" in os.environ else "lab"


def check():
    """Look at Python, the packages, the front end's widget support and the computing device."""
    here = place()
    in_lab = here in JUPYTERLAB
    findings = [_python(here), *(_package(name, here) for name in NEEDED if in_lab or name != "jupyterlab")]
    if in_lab:
        findings.append(_widget_front_end(here))
    return Report([*findings, _device(here)])


def _python(here):
    found = platform.python_version()
    remedy = "Python 3.11 or newer is needed" + {
        "lab": ": install one, delete the folder .venv, and run make lab again",
        "VS Code": ": install one, delete the folder .venv, and run make install again"}.get(here, " in this place")
    return Finding("Python", found, remedy if sys.version_info < (3, 11) else "")


def _package(name, here):
    why, oldest = NEEDED[name]
    remedy = _remedy(name, here)
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(name, "missing", f"needed for {why}: {remedy}")
    if _release(found) < oldest:
        return Finding(name, found, f"needed for {why}, at least {_dotted(oldest)}: {remedy}")
    return Finding(name, found)


def _remedy(name, here):
    return REMEDIES[here].format(name=name, oldest=_dotted(NEEDED[name][1]))


def _dotted(version):
    """(2, 9) → "2.9"."""
    return ".".join(map(str, version))


def _release(version):
    """The first two numbers of a version: '2.13.0+cpu' → (2, 13)."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def _widget_front_end(here):
    """Widgets print as text when JupyterLab runs in another environment than this kernel."""
    try:
        found = metadata.version("jupyterlab_widgets")
    except metadata.PackageNotFoundError:
        remedy = "JupyterLab and the kernel live in different environments"
        remedy += ": start JupyterLab with make lab" if here == "lab" else ": tell whoever runs this server"
        return Finding("widgets in JupyterLab", "missing in this environment", remedy)
    return Finding("widgets in JupyterLab", found)


def _device(here):
    try:
        import torch
    except ImportError:
        return Finding("device", "unknown without torch", _remedy("torch", here))
    if torch.cuda.is_available():
        return Finding("device", f"CUDA: {torch.cuda.get_device_name()}")
    if torch.backends.mps.is_available():
        return Finding("device", "Apple GPU (MPS)")
    threads = torch.get_num_threads()
    return Finding("device", f"CPU, {threads} thread{'s' * (threads > 1)}: enough for every notebook")
