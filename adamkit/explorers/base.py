"""What every explorer is: controls, scenarios, a picture, and one function from values to picture.

A subclass declares ``controls`` and ``scenarios``, makes its figure in ``draw`` and moves the
artists in ``show``. That is all: buttons, sliders, keyboard, messages, theme and the static picture
come from here and from `adamkit.live`.
"""

import threading
from dataclasses import dataclass
from typing import ClassVar

from adamkit.live import Playback


@dataclass(frozen=True)
class Scenario:
    """A telling place to put the controls.

    Args:
        values: control → value; the other controls return to their opening values.
        look: one or two sentences: what to look for.
        play: start the film when the reader presses the button.
    """

    values: dict
    look: str
    play: bool = False


@dataclass(frozen=True)
class Picture:
    """What ``draw`` returns: the figure, what moves in it, and what it shows in words.

    ``playback`` and ``handle`` as for `adamkit.live.LiveFigure`.
    """

    figure: object
    moving: list
    alt: str
    playback: Playback | None = None
    handle: object = None


@dataclass(frozen=True)
class Shown:
    """What ``show`` may report besides having moved the artists.

    Attributes:
        caption: a sentence under the picture with what it measured.
        idle: names of the controls that change nothing at present; they are dimmed.
        steps: length of the film in steps.
        repaint: the scenery changed as well (limits, title, legend).
    """

    caption: str = ""
    idle: tuple = ()
    steps: int = 0
    repaint: bool = False


class Explorer:
    """Base of all explorers.

    Args:
        scenario: name of the scenario to open with; the class's ``opening`` when left out.
        **values: opening values of controls, checked like later ones.
    """

    title: ClassVar[str] = ""
    controls: ClassVar[dict] = {}
    scenarios: ClassVar[dict] = {}
    #: Scenario that a new explorer opens with, or None for the controls' own opening values.
    opening: ClassVar[str | None] = None
    #: A caption as long as any: the page keeps room for it, so that no control moves under the hand.
    longest: ClassVar[str] = ""
    #: The caption is long: it stands below the controls, where it may grow.
    caption_last: ClassVar[bool] = False

    def __init__(self, *, scenario=None, **values):
        self.lock = threading.RLock()
        self._picture = self._widget = None
        self.shown = Shown()
        self.fresh = 0  # how often a new picture began, which the reader is to see whole
        self.chosen = scenario if scenario is not None else self.opening
        self._opened_with = (self.chosen, self.checked(values))
        self._values = self._opening_values()

    def draw(self, values):
        """Make the figure once → `Picture`. Called before the first `show`."""
        raise NotImplementedError

    def show(self, values):
        """Compute, and move the artists → `Shown`. Must accept every combination of allowed values."""
        raise NotImplementedError

    def anew(self, changed):
        """Where these changes, control → value, begin a new run: values of controls that go with it; else None.

        The new run is shown whole, whatever part of the film was seen before.
        """
        return

    def point(self, event):
        """A pointer event (`adamkit.live.PointerEvent`) → values to set, or None to ignore it."""
        return

    @property
    def takes_points(self):
        """Whether this explorer has a `point` of its own."""
        return type(self).point is not Explorer.point

    @property
    def values(self):
        """Control → current value (a copy)."""
        return dict(self._values)

    @property
    def figure(self):
        """The matplotlib figure as it now stands."""
        with self.lock:
            return self._drawn().figure

    @property
    def caption(self):
        """The sentence under the picture."""
        with self.lock:
            self._drawn()
            return self.shown.caption

    @property
    def look(self):
        """What to look for in the scenario that was chosen last."""
        return self.scenarios[self.chosen].look if self.chosen else ""

    @property
    def widget(self):
        """The live view, made when it is first needed."""
        with self.lock:
            if self._widget is None:
                from adamkit.explorers.view import ExplorerView

                self._widget = ExplorerView(self, self._drawn())
            return self._widget

    @property
    def untouched(self):
        """True while the controls stand where the chosen scenario put them."""
        if not self.chosen:
            return False
        return self._values == self._defaults() | self.checked(self.scenarios[self.chosen].values)

    def set(self, **values):
        """Set controls, as the sliders do. Unknown names and values out of range are refused."""
        with self.lock:
            values = self.checked(values)
            changed = {name: value for name, value in values.items() if value != self._values[name]}
            with_them = self.anew(changed)
            self.fresh += with_them is not None
            self._values = self._values | (with_them or {}) | values
            self._update()

    def scenario(self, name):
        """Put the controls where a scenario wants them."""
        with self.lock:
            self.chosen = self._known_scenario(name)
            self._values = self._defaults() | self.checked(self.scenarios[name].values)
            self.fresh += 1
            self._update()

    def reset(self):
        """Back to the opening values."""
        with self.lock:
            self.chosen = self._opened_with[0]
            self._values = self._opening_values()
            self.fresh += 1
            self._update()

    def plain_text(self):
        """One line, the same on every machine: the explorer's name and the opening scenario."""
        scenario = f", scenario “{self.chosen}”" if self.chosen else ""
        return f"Explorer: {self.title}{scenario}"

    def _repr_mimebundle_(self, **kwargs):
        return self.widget._repr_mimebundle_(**kwargs)

    def __repr__(self):
        return self.plain_text()

    def _defaults(self):
        return {name: control.value for name, control in self.controls.items()}

    def _opening_values(self):
        name, values = self._opened_with
        scenario = self.scenarios[self._known_scenario(name)].values if name else {}
        return self._defaults() | self.checked(scenario) | values

    def _known_scenario(self, name):
        if name not in self.scenarios:
            there_are = ", ".join(map(repr, self.scenarios)) or "none"
            raise ValueError(f"{self.title}: there is no scenario {name!r}; there are {there_are}")
        return name

    def checked(self, values):
        """Values cleaned by their controls; `ValueError` or `TypeError` with a sentence if one is not allowed."""
        if unknown := sorted(set(values) - set(self.controls)):
            raise ValueError(f"{self.title}: there is no control {unknown[0]!r}; there are {', '.join(self.controls)}")
        return {name: self.controls[name].check(name, value) for name, value in values.items()}

    def _drawn(self):
        if self._picture is None:
            self._picture = self.draw(self.values)
            self.shown = self.show(self.values) or Shown()
        return self._picture

    def _update(self):
        """Bring figure and view up to the current values."""
        if self._picture is None:
            return
        if self._widget is None:
            self.shown = self.show(self.values) or Shown()
            return
        with self._widget.hold_sync():
            self.shown = self.show(self.values) or Shown()
            self._widget.follow()
