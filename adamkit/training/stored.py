"""Measurements too long for a page, made by a script in `tools` that each file names; a notebook re-runs a slice."""

import json
from functools import cache
from importlib.resources import files

import numpy as np


@cache
def load(name, package):
    """Content of ``name``.json in a package: lists of numbers as float arrays, with NaN for what is missing."""
    return _arrays(json.loads(files(package).joinpath(f"{name}.json").read_text(encoding="utf-8")))


def _arrays(value):
    if isinstance(value, dict):
        return {key: _arrays(one) for key, one in value.items()}
    if isinstance(value, list) and not any(isinstance(one, str) for one in value):
        return np.array(value, dtype=float)
    return value
