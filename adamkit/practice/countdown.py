"""A clock that counts down in the browser. It measures the reader, never a program, and cuts nobody off."""

from dataclasses import dataclass
from numbers import Real

from adamkit.practice.present import Shown, box


@dataclass(frozen=True, repr=False)
class Clock(Shown):
    """So many minutes, from the click on its button."""

    minutes: float

    def __post_init__(self):
        if not isinstance(self.minutes, Real) or isinstance(self.minutes, bool) or not 0 < self.minutes < 1000:
            raise ValueError(f"minutes={self.minutes!r} must be a number > 0 and < 1000")

    def html(self):
        return box("calm", self.text())

    def text(self):
        return f"{self.minutes:g} minutes by the clock, from now on."

    def widget(self):
        """The clock, standing, with a button that starts it anew."""
        import ipywidgets

        from adamkit.practice.mock_widgets import Timer
        from adamkit.practice.widgets import column

        timer = Timer(seconds=60 * self.minutes, running=False)
        start = ipywidgets.Button(description="Start the clock", layout={"width": "auto", "align_self": "flex-start"})

        def on_start(_):
            timer.running = True
            timer.round += 1

        start.on_click(on_start)
        return column(start, timer)
