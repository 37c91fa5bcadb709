"""A live picture of one training, with hands on it: pause, stop, and a slider for the rate.

    board = Dashboard(total=600)
    fit(model, task, optimizer, steps=600, watchers=[board], control=board.control)

In a notebook the board shows itself when the first step arrives (or where you display it), moves while
the cell runs, and leaves a picture of the whole run in the stored notebook. In a script it prints a
line now and then. It needs nothing but NumPy until it has something to show.

The files: `board` is the watcher, `series` keeps a long run in few numbers, `panels` says which curves
there are, `picture` draws the stored picture, `view` (with its .js and .css) is the widget.
"""

from adamkit.dashboard.board import Dashboard

__all__ = ["Dashboard"]
