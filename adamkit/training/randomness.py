"""The random numbers of a training: begun from a seed, kept in a checkpoint, and given back afterwards.

Of NumPy this means the one generator that all code shares (``np.random.seed``): it is what data sets and
augmentations draw from when nobody hands them a generator.
"""

import contextlib
import random

import numpy as np
import torch


def state(device=None):
    """Where Python's, NumPy's and torch's generators stand, the device's included, as plain values and tensors."""
    kind, words, *rest = np.random.get_state()  # noqa: NPY002
    numpy_state = (str(kind), torch.from_numpy(words.astype(np.int64)), *map(float, rest))
    found = {"python": random.getstate(), "numpy": numpy_state, "torch": torch.get_rng_state()}
    if device is not None and device.type == "cuda":
        found["cuda"] = torch.cuda.get_rng_state(device)
    elif device is not None and device.type == "mps":
        found["mps"] = torch.mps.get_rng_state()
    return found


def restore(found, device=None):
    """Put the generators where `state` found them; a state of another kind of device is left out."""
    random.setstate(_tuples(found["python"]))
    kind, words, position, has_gauss, gauss = found["numpy"]
    np.random.set_state((kind, words.numpy().astype(np.uint32), int(position), int(has_gauss), gauss))  # noqa: NPY002
    torch.set_rng_state(found["torch"])
    if device is not None and device.type == "cuda" and "cuda" in found:
        torch.cuda.set_rng_state(found["cuda"], device)
    elif device is not None and device.type == "mps" and "mps" in found:
        torch.mps.set_rng_state(found["mps"])


@contextlib.contextmanager
def untouched(device=None):
    """Whatever happens inside, the generators stand afterwards where they stood before."""
    before = state(device)
    try:
        yield
    finally:
        restore(before, device)


@contextlib.contextmanager
def seeded(seed, device=None):
    """Inside, all generators begin from ``seed``, and afterwards go on as if nothing had been; None changes nothing."""
    if seed is None:
        yield
        return
    with untouched(device):
        random.seed(seed)
        np.random.seed(seed % 2**32)  # noqa: NPY002
        torch.manual_seed(seed)
        yield


def _tuples(value):
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value
