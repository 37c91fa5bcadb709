"""Widgets that answer while a cell runs."""

from adamkit.waiting import kernel


def answer_while_busy(*widgets):
    """Let callbacks of these widgets run while a cell runs: for stop buttons and rate sliders beside a loop.

    JupyterLab 4.4 and later sends widget messages to a thread of their own (a sub-shell, in kernels
    that have them). From 7.4 on ipykernel redirects a widget's messages to whichever thread last
    updated that widget, which for a widget that a cell has made or moved is the main thread: there
    they wait until the cell is done. This takes the redirection back, and leaves the choice to the
    browser. On kernels without it, and without a kernel, it does nothing.

    Callbacks then run beside the cell: they should set plain values that the loop reads.
    """
    for widget in widgets:
        if hasattr(widget.comm, "_reply_subshell_for"):
            widget.comm._reply_subshell_for = lambda data, default: default


def answers_while_busy():
    """False in a kernel that handles no message while a cell runs (ipykernel before 7)."""
    here = kernel()
    return here is None or bool(getattr(here, "_supports_kernel_subshells", False))
