"""What the sentences of scenarios are measured with: an explorer's own runs and the data of its lines."""

import re

import numpy as np

from adamkit.lessons.nb00 import race


def sentences(look):
    """The sentences of a scenario's text."""
    return re.split(r"(?<=[.?!])\s|(?<=\.\))\s", look)


def moved(explorer, **values):
    """The explorer after some of its controls were moved, drawn."""
    explorer.set(**values)
    assert explorer.figure is not None
    return explorer


def data(line):
    """(x, y) of a line as float arrays."""
    return tuple(np.asarray(part, float) for part in line.get_data())


def height(line):
    """y of a line."""
    return data(line)[1]


def loss(explorer, name):
    """The loss curve of one path."""
    return height(explorer._loss.lines[name])


def path(explorer, name):
    """Positions of one path, (steps + 1, 2)."""
    return np.stack(data(explorer._land.paths[name]), axis=1)


def flips(values):
    """Share of steps from one side of 0 to the other."""
    values = values[np.isfinite(values)]
    return np.mean(np.sign(values[1:]) != np.sign(values[:-1]))


def racers(explorer):
    """The race's runs, name → `descent.Trajectory`."""
    values = explorer.values
    surface = race._surface(values["surface"])
    return {name: explorer._run(name, values, surface, surface.start) for name in values["optimizers"]}


def arrivals(explorer):
    """Name → step of arrival, infinity for none."""
    return {name: np.inf if race.arrival(run) is None else race.arrival(run)
            for name, run in racers(explorer).items()}  # fmt: skip


def sizes(vectors):
    """The larger coordinate of each row by size."""
    return np.abs(vectors).max(axis=1)


def swings(run):
    """The last step at which the path is further off the valley's floor (y = 0) than a hundredth of its start."""
    across = np.abs(run.positions[:, 1])
    return int(np.flatnonzero(across > 0.01 * across[0])[-1])


def first_below(values, limit):
    """Index of the first value below a limit; infinity for none."""
    found = np.flatnonzero(values < limit)
    return int(found[0]) if len(found) else np.inf


def number_after(words, caption, position=0):
    """The number that follows some words in a caption."""
    found = re.findall(re.escape(words) + r"\D*?([+−-]?\d+(?:\.\d+)?(?:e-?\d+)?)", caption)
    return float(found[position].replace("−", "-"))
