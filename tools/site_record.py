"""Recordings of explorers: what a kernel would send to the page, for the positions that `site_plans` names.

A recorder makes the explorer's own view, sets its controls as a reader would, and keeps what the view then holds:
frame, looks, images, scenery and words. Equal parts are kept once. `site_pack` writes them down small.
"""

import io
import itertools
import json
from dataclasses import dataclass, field

import numpy as np
from PIL import Image
from site_plans import PLANS, POINTED, RATIOS, WORDS

from adamkit.explorers.controls import Slider
from adamkit.explorers.view import ExplorerView
from adamkit.lessons import explorers

RATIO = 2.0  # pixels of the recorded scenery per pixel of the figure
COLORS = 51  # levels a colour channel may have above black: white and black stay what they are
ROUNDED = (np.round(np.arange(256) * COLORS / 255) * (255 // COLORS)).astype(np.uint8)


class Pool:
    """Things in the order in which they were first met, each once; `add` says where one is."""

    def __init__(self):
        self.items, self._places = [], {}

    def add(self, item, key=None):
        key = item if key is None else key
        if key not in self._places:
            self._places[key] = len(self.items)
            self.items.append(item)
        return self._places[key]


@dataclass
class Recording:
    """What was taken of one explorer.

    Attributes:
        facts: what the page needs besides frames: controls, scenarios, looks, rooms; JSON-able.
        tracks: an opening or a scenario each, with its grids; JSON-able.
        states: rows (frame, looks, scene, scenery, images, caption, idle) of places in the pools.
        frames: lists of float32 arrays, one an artist; the other pools hold what their names say.
    """

    facts: dict
    tracks: list = field(default_factory=list)
    states: list = field(default_factory=list)
    values: Pool = field(default_factory=Pool)
    frames: Pool = field(default_factory=Pool)
    styles: Pool = field(default_factory=Pool)
    looks: Pool = field(default_factory=Pool)
    scenes: Pool = field(default_factory=Pool)
    sceneries: Pool = field(default_factory=Pool)
    images: Pool = field(default_factory=Pool)
    words: Pool = field(default_factory=Pool)


def record(name, openings=({},), plan=None):
    """The recording of the explorer called ``name``: one track for each opening, then one for each scenario.

    Args:
        openings: keyword arguments with which notebooks open it.
        plan: grids in place of those of `PLANS`.
    """
    makers = [getattr(explorers, name)(**opening) for opening in openings]
    recorder = Recorder(name, makers[0], PLANS[name] if plan is None else plan)
    for explorer in makers:
        recorder.track(explorer.values, explorer.chosen, explorer.untouched)
    for scenario in makers[0].scenarios:
        makers[0].scenario(scenario)
        recorder.track(makers[0].values, scenario, True)
    return recorder.finished()


class Recorder:
    """Drives one explorer through its plan."""

    def __init__(self, name, explorer, plan):
        self.name, self.explorer, self.plan = name, explorer, plan
        self.view = ExplorerView(explorer, explorer._drawn())
        explorer._widget = self.view
        self.view._ratio = RATIOS.get(name, RATIO)
        self.view.redraw()
        self.out = Recording(_facts(explorer, self.view))
        self._last = None

    def track(self, base, chosen, untouched):
        """The states of one opening or scenario: its own, and those of every grid."""
        base_place, idle = self.state(base), set(self.explorer.shown.idle)
        grids = []
        for grid in self.plan:
            axes = {name: self._positions(name, count, base) for name, count in grid.items() if name not in idle}
            axes = {name: positions for name, positions in axes.items() if len(positions) > 1}
            if axes and axes not in [grid["axes"] for grid in grids]:
                grids.append(self._grid(base, axes))
        self.out.tracks.append({"base": base_place, "chosen": chosen or "", "untouched": untouched, "grids": grids})

    def state(self, values):
        """Where the state with these values is kept; it is taken now if it is new."""
        place = self.out.values.add(dict(values), json.dumps(values))
        new = place == len(self.out.states)
        if new or self.explorer.values != values:
            drawn = json.dumps({key: value for key, value in values.items() if key not in WORDS.get(self.name, ())})
            same = self._last is not None and self._last[0] == drawn
            self.explorer._widget = None if same else self.view  # words alone need no new frame
            self.explorer.set(**values)
            if not same:
                self._last = drawn, self._drawn(self.out, self.view)
        if new:
            self.out.states.append(self._taken())
        return place

    def finished(self):
        """The recording, its sliders reduced to the positions that were taken."""
        controls = self.explorer.controls
        for decl in self.out.facts["controls"]:
            seen = {json.dumps(values[decl["name"]]): values[decl["name"]] for values in self.out.values.items}
            decl["seen"] = sorted(seen.values()) if decl["kind"] == "slider" else list(seen.values())
            decl["seen_texts"] = [controls[decl["name"]].text(value) for value in decl["seen"]]
            if decl["kind"] == "slider" and any(decl["name"] in grid for grid in self.plan):
                decl["stops"], decl["texts"] = decl["seen"], decl["seen_texts"]
        return self.out

    def _grid(self, base, axes):
        places, handles, pointed = [], [], POINTED.get(self.name, ("start",))
        for combination in itertools.product(*axes.values()):
            places.append(self.state(base | dict(zip(axes, combination))))
            if set(axes) & set(pointed):
                rows = self.out.frames.items[self.out.states[places[-1]][0]][self.view._scene["handle"]]
                handles.append([round(float(number), 1) for number in rows[:2]])
        return {"axes": axes, "states": places, "handles": handles}

    def _positions(self, name, count, base):
        control, own = self.explorer.controls[name], base[name]
        if name == "start":
            return [own, *_lattice(self.explorer.figure.axes[0], *count)]
        if isinstance(control, Slider):
            stops = control.stops()
            chosen = np.unique(np.linspace(0, len(stops) - 1, min(count, len(stops))).round().astype(int))
            return sorted({control.check(name, stops[i]) for i in chosen} | {own})
        options = getattr(control, "options", (False, True))
        if isinstance(control.value, tuple):
            subsets = itertools.chain.from_iterable(itertools.combinations(options, n) for n in range(len(options) + 1))
            return list(subsets)
        return list(options)

    def _taken(self):
        """The present state as places in the pools."""
        words, shown = self.out.words, self.explorer.shown
        return (*self._last[1], words.add(shown.caption), words.add(json.dumps(list(shown.idle))))

    def _drawn(self, out, view):
        styles = tuple(out.styles.add(style, json.dumps(style)) for style in view._styles)
        numbers = np.frombuffer(view._frame, np.float32)
        ends = len(styles) + np.cumsum(numbers[: len(styles)]).astype(int)
        frame = [numbers[end - int(count) : end] for end, count in zip(ends, numbers)]
        images = tuple(
            (place, out.images.add(_picture(entry), bytes(entry["rgba"]))) for place, entry in view._images.items()
        )
        scene = dict(view._scene)
        return (
            out.frames.add(frame, bytes(view._frame)),
            out.looks.add(styles),
            out.scenes.add(scene, json.dumps(scene)),
            out.sceneries.add(view._background),
            out.words.add(json.dumps(images)),
        )


def _facts(explorer, view):
    fresh = {}
    for name in explorer.controls:
        if (with_it := explorer.anew({name: explorer.values[name]})) is not None:
            fresh[name] = with_it
    return {
        "title": view._title,
        "controls": view._controls,
        "scenarios": view._scenarios,
        "looks_for": {name: scenario.look for name, scenario in explorer.scenarios.items()},
        "plays": [name for name, scenario in explorer.scenarios.items() if scenario.play],
        "room": view._room,
        "fresh": fresh,
    }


def _lattice(ax, columns, rows):
    """Points in the middles of the cells that a lattice cuts the axes into, as data coordinates of three digits."""
    box = ax.bbox
    across = box.x0 + box.width * (np.arange(columns) + 0.5) / columns
    up = box.y0 + box.height * (np.arange(rows) + 0.5) / rows
    points = ax.transData.inverted().transform([(x, y) for y in up for x in across])
    return [tuple(float(f"{number:.3g}") for number in point) for point in points]


def _picture(entry):
    return _rounded(np.frombuffer(entry["rgba"], np.uint8).reshape(entry["height"], entry["width"], 4))


def pixels_of(png):
    """A scenery's colours as (height, width, 4) bytes, rounded to what is kept."""
    return _rounded(np.asarray(Image.open(io.BytesIO(png)).convert("RGBA")))


def _rounded(pixels):
    return ROUNDED[pixels]
