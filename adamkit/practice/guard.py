"""Keeps a check from leaving traces, and traces from fooling a check.

Three things that code can change for everyone are put back: functions of builtins, NumPy and torch that were
replaced (``np.sqrt = …``), the global random generators, and, while an attempt runs, whatever would ask the reader
something or end the kernel.
"""

import builtins
import contextlib
import operator
import random
import sys
from itertools import repeat

import numpy as np

#: Where a replaced function would reach the reference, or the comparison.
_WATCHED = (
    "builtins", "math", "cmath", "random", "statistics", "itertools", "functools", "operator", "copy", "time", "json",
    "numpy", "numpy.linalg", "numpy.random", "numpy.fft", "torch", "torch.linalg", "torch.nn", "torch.nn.functional",
    "torch.nn.init", "torch.nn.utils", "torch.optim", "torch.optim.lr_scheduler", "torch.Tensor", "torch.nn.Module",
    "torch.optim.Optimizer",
)  # fmt: skip
#: Replaced by Jupyter from cell to cell, and by the stand-ins below.
_OTHERS = {"input", "print", "display", "exit", "quit", "open", "copyright", "credits", "license", "help"}
_first_seen: dict = {}


class NobodyAnswers(EOFError):
    """An attempt asked for input."""


def _spaces():
    """(name, its dict) of everything watched that is loaded."""
    for name in _WATCHED:
        owner = sys.modules.get(name)
        if owner is None and name[-1].isalpha() and "." in name:
            module, _, attribute = name.rpartition(".")
            owner = getattr(sys.modules.get(module), attribute, None)
        if owner is not None:
            yield name, owner


def _is_kept(key):
    """Public names, which an attempt may replace; private ones change by themselves."""
    return key == "__import__" or (key[:1] != "_" and key not in _OTHERS)


def notice():
    """Remember what the watched modules hold when they are first seen; costs nothing afterwards."""
    for name, owner in _spaces():
        if name not in _first_seen:
            _first_seen[name] = dict(vars(owner))


def _put_back(before):
    """Give every replaced or deleted name its value of ``before``. Returns what stood there, for the way back."""
    replaced = []
    for name, owner in _spaces():
        known, now = before.get(name, {}), vars(owner)
        if all(map(operator.is_, known.values(), map(now.get, known, repeat(before)))):  # mostly, of thousands of names
            continue
        for key, value in known.items():
            if now.get(key, before) is not value and _is_kept(key):
                replaced.append((owner, key, now.get(key, before)))
                setattr(owner, key, value)
    return replaced, before


@contextlib.contextmanager
def pristine():
    """Inside, the libraries are as when first seen, whatever the reader has replaced; afterwards as before."""
    notice()
    replaced, missing = _put_back(_first_seen)
    try:
        yield
    finally:
        for owner, key, value in replaced:
            if value is missing:
                delattr(owner, key)
            else:
                setattr(owner, key, value)


@contextlib.contextmanager
def undone():
    """What is replaced inside is put back at the end."""
    before = {name: dict(vars(owner)) for name, owner in _spaces()}
    try:
        yield
    finally:
        _put_back(before)


@contextlib.contextmanager
def randomness_kept():
    """The generators of Python, NumPy and torch that everyone shares stand afterwards where they stood before."""
    python, arrays = random.getstate(), np.random.get_state()
    torch = sys.modules.get("torch")
    tensors = torch.get_rng_state() if hasattr(torch, "get_rng_state") else None
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(arrays)
        if tensors is not None:
            torch.set_rng_state(tensors)


def _ask(*_, **__):
    raise NobodyAnswers("the code asks for input, and nobody answers during a check")


def _leave(*_, **__):
    raise SystemExit("the code asks to leave the notebook")


@contextlib.contextmanager
def nobody_there():
    """Inside, asking the reader raises `NobodyAnswers`, and `exit` and `quit`, IPython's too, only SystemExit."""
    places = [(builtins, name, stand_in) for name, stand_in in _STAND_INS.items() if hasattr(builtins, name)]
    if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()):
        places += [(shell, "ask_exit", _leave), (shell, "getpass", _ask)]
    if "getpass" in sys.modules:
        places.append((sys.modules["getpass"], "getpass", _ask))
    before = [(owner, name, vars(owner).get(name, places)) for owner, name, _ in places]
    for owner, name, stand_in in places:
        setattr(owner, name, stand_in)
    try:
        yield
    finally:
        for owner, name, value in before:
            if value is places:
                delattr(owner, name)
            else:
                setattr(owner, name, value)


_STAND_INS = {"input": _ask, "breakpoint": _ask, "exit": _leave, "quit": _leave}

notice()  # at the first import, before any attempt
