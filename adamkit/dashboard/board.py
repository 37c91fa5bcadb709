"""`Dashboard`: a watcher of `adamkit.training.fit` that shows the run and passes on what the reader presses."""

import math
import threading
import time
from collections import deque

from adamkit.dashboard.clock import Clock, duration
from adamkit.dashboard.panels import LOSS, PACE, PANELS, panels_for, short
from adamkit.dashboard.series import Series, Smoothed
from adamkit.training.control import Control
from adamkit.waiting import kernel

#: Frames a second, at most.
FASTEST = 20
#: Largest share of the time that frames may take: after a slow one the next waits until the share is kept.
SHARE = 0.015
#: What is said of a number that is NaN or infinite.
NOT_FINITE = "not finite"
#: Seconds between two printed lines, where there is no notebook.
PRINT_EVERY = 5.0


class Dashboard:
    """Loss, learning rate, gradient norm, update/weight ratio, throughput and memory of a running training.

        board = Dashboard(total=600)
        fit(model, task, optimizer, steps=600, watchers=[board], control=board.control)

    In a notebook it shows itself at the first step, or before, where it is the last line of a cell. Its
    buttons and its slider act while the cell runs: the browser's messages reach the kernel in a thread of
    their own and set plain values of `control`, which `fit` reads between two steps. After the run the
    stored output holds a picture of it. Without a notebook it prints a line every ``print_every`` seconds.

    It keeps at most 240 points of each curve, sends at most 20 frames a second, and never spends more
    than 1.5% of the time on frames. A board may watch several trainings, one after another; each starts it anew.

    Args:
        total: steps of the run, ≥ 1; None if nobody knows.
        title: written above the charts.
        control: the `Control` that its buttons act on; a new one by default.
        smoothing: β of the smoothed loss, in [0, 1).
        print_every: seconds between lines where there is no notebook, ≥ 0.
    """

    def __init__(self, total=None, *, title="Training", control=None, smoothing=0.9, print_every=PRINT_EVERY):
        if total is not None and (not isinstance(total, int) or isinstance(total, bool) or total < 1):
            raise ValueError(f"total={total!r} must be a whole number of steps, 1 or more, or None")
        if not 0 <= smoothing < 1:
            raise ValueError(f"smoothing={smoothing!r} must be at least 0 and below 1")
        if not print_every >= 0:
            raise ValueError(f"print_every={print_every!r} must be a number of seconds, 0 or more")
        self.total, self.title, self.control = total, title, control or Control()
        self.lock = threading.RLock()
        self._smoothing, self._print_every = smoothing, print_every
        self._screen = None
        self._pending = deque()
        self._begin(1)
        self.state = "waiting"

    def on_step(self, record):
        """Note a step; show it if it is time for a frame. About a microsecond where it is not."""
        self._pending.append(record)
        now = time.perf_counter()
        if now >= self._next_frame or self.control.paused:
            self._show_frame(now)

    def on_evaluation(self, step, values):
        """Note an evaluation: a loss becomes a dot beside the curve, the rest stands in the line above."""
        with self.lock:
            self.evaluated = {name: float(value) for name, value in values.items()}
            losses = [value for name, value in self.evaluated.items() if "loss" in name and math.isfinite(value)]
            self.evaluations += [(step, value) for value in losses[:1]]

    def close(self, history):
        """Show the run's last state, exactly, and leave its picture in the notebook."""
        with self.lock:
            self.catch_up()
            self.state = getattr(history, "ended", None) or "failed"
            self.control.reset()  # a stopped control would end the next training at its first step
            if self._screen is not None:
                self._screen.close()
            else:
                print(self.line(), flush=True)

    def line(self):
        """One line on where the run stands: step, loss, throughput, time left."""
        done = f"step {self.step:,}" + (f" of {self.total:,}" if self.total else "")
        loss = self._loss() if self.step else ""
        ratings = [f"{name.replace('_', ' ')} {short(value)}" for name, value in self.evaluated.items()]
        pace = self.panels[PANELS.index(PACE)]
        speed = self.series[pace.field].last
        speed = short(speed, pace.unit) if math.isfinite(speed) else ""
        return " · ".join(filter(None, [done, loss, *ratings, speed, self._time()]))

    def figure(self):
        """A matplotlib Figure of the run so far."""
        from adamkit.dashboard import picture

        with self.lock:
            self.catch_up()
            title = f"{self.title}: {self.line()}"
            return picture.draw(self.panels, self.texts(), self.series, self.smoothed, self.evaluations, title=title)

    def texts(self):
        """What stands beside the title of each panel: its last value; of the loss, the smoothed one.

        Of a quantity that was finite and is so no more, and of a loss that never was: "not finite".
        """
        series = [self.smoothed if panel is LOSS else self.series[panel.field] for panel in self.panels]
        return [_text(*pair) for pair in zip(self.panels, series, strict=True)]

    @property
    def alt(self):
        """The picture in a sentence, for those who cannot see it."""
        shown = [panel.label for panel in self.panels if self.series[panel.field].last == self.series[panel.field].last]
        if not shown:
            return f"{self.title}: empty charts, because the training has not begun."
        return f"{self.title}, {self.line()}. Charts over the steps: {', '.join(shown)}."

    @property
    def step(self):
        """Number of the last step, 0 before the first."""
        losses = self.series[LOSS.field]
        return losses.first + len(losses) - 1 if len(losses) else 0

    @property
    def widget(self):
        """The live view, made when it is first needed; needs anywidget."""
        return self.screen.view

    @property
    def screen(self):
        """The view together with the places that show it."""
        with self.lock:
            if self._screen is None:
                from adamkit.dashboard.screen import Screen

                self._screen = Screen(self)
            return self._screen

    def _ipython_display_(self):
        self.screen.show()

    def __repr__(self):
        return f"<Dashboard: {self.state}, {self.line()}>"

    def _begin(self, first):
        """An empty board for a run whose first step has this number."""
        self.panels = PANELS
        self.series = {panel.field: Series(first) for panel in PANELS}
        self.smoothed = Smoothed(first, beta=self._smoothing)
        self.evaluations, self.evaluated, self.state = [], {}, "running"
        self._next_frame, self._clock = 0.0, Clock()

    def _show_frame(self, now):
        """Take in what happened and show it; the next frame waits until this one was worth its time."""
        with self.lock:
            if self._screen is None and kernel() is not None:
                self.screen.show()
                now = time.perf_counter()  # making a widget happens once
            self.catch_up()
            if self._screen is None:
                print(self.line(), flush=True)
                self._next_frame = now + self._print_every
            else:
                self._screen.frame()
                self._next_frame = now + max(1 / FASTEST, (time.perf_counter() - now) / SHARE)

    def catch_up(self):
        """Move the waiting records into the curves. A thread that trains may be adding some."""
        with self.lock:
            pending = [self._pending.popleft() for _ in range(len(self._pending))]
            self._absorb(pending)

    def _absorb(self, pending):
        if pending and self.state != "running":
            self._start(pending[0])
        for record in pending:
            for panel in self.panels:
                self.series[panel.field].append(getattr(record, panel.field))
            self.smoothed.append(record.loss)
        if pending:
            self._clock.tick(pending[-1])

    def _start(self, record):
        """The first record of a run."""
        evaluated, dots = self.evaluated, self.evaluations
        again = self.state != "waiting"
        self._begin(record.step)
        if not again:  # an evaluation may come before the first step
            self.evaluated, self.evaluations = evaluated, dots
        self.panels = panels_for(record)
        self.series = {panel.field: Series(record.step) for panel in self.panels}

    def _time(self):
        if self.state in ("running", "paused"):
            left = self._clock.left(self.total)
            return f"{duration(left)} left" if left is not None else ""
        if not self.step:
            return "" if self.state == "waiting" else self.state
        return f"{self.state} after {duration(self._clock.seconds)}"

    def _loss(self):
        """The smoothed loss in words, and whether the run has lost it."""
        since, lost = self.smoothed.lost_since, self.smoothed.lost
        if since is not None:
            before = f" ({short(self.smoothed.last)} before)" if math.isfinite(self.smoothed.last) else ""
            return f"loss {NOT_FINITE} since step {since:,}{before}"
        found = f" ({NOT_FINITE} in {lost} step{'s' * (lost > 1)})" if lost else ""
        return f"loss {short(self.smoothed.last)}{found}"


def _text(panel, series):
    """The last value of a panel's series in words."""
    if series.lost_since is not None and (panel is LOSS or math.isfinite(series.last)):
        return NOT_FINITE
    return short(series.last * panel.scale, panel.unit)
