"""What runs first in a kernel of another world: rounding disturbed, claims written down and stopping nothing.

`worlds.py` puts this file into the kernel's start-up folder. It reads two environment variables:

- ``ADAMKIT_WORLD_SEED``: a whole number. Starting weights (whatever `torch.nn.init` draws) and the gradients of every
  surface are then multiplied by 1 + 10⁻⁶ s, with s between −1 and 1: what another machine's rounding does, a little
  larger. s depends on the seed and on the number it disturbs, and draws nothing, so what starts equal stays equal.
- ``ADAMKIT_WORLD_RECORDS``: a file. Each claim is written there as a line of JSON, and none stops the notebook.
"""

import functools
import importlib.abc
import importlib.util
import json
import math
import os
import sys

import numpy as np

SIZE = 1e-6
FREQUENCY = 98765.4321  # of the sine that makes s: neighbouring numbers get unrelated disturbances


def disturbed(x, seed):
    """x (1 + 10⁻⁶ sin(…)) for a float, an array or a tensor; whatever else comes back as it is."""
    if isinstance(x, float):
        return x * (1 + SIZE * math.sin(FREQUENCY * x + seed)) if math.isfinite(x) else x
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        with np.errstate(all="ignore"):
            return x * (1 + SIZE * np.nan_to_num(np.sin(FREQUENCY * x + seed)))
    return x


def disturb_surfaces(base, seed):
    """Gradients of every surface that `adamkit.surfaces.base` makes from now on."""
    finish = base.Surface.__post_init__

    def finish_disturbed(self):
        finish(self)
        gradient = self.gradient_xy
        object.__setattr__(self, "gradient_xy", lambda x, y: tuple(disturbed(g, seed) for g in gradient(x, y)))

    base.Surface.__post_init__ = finish_disturbed


def disturb_weights(init, seed):
    """Whatever `torch.nn.init` draws from now on."""

    def after(draw):
        @functools.wraps(draw)
        def call(tensor, *args, **kwargs):
            import torch

            out = draw(tensor, *args, **kwargs)
            if torch.is_tensor(tensor) and tensor.is_floating_point() and not tensor.is_meta:
                with torch.no_grad():
                    tensor *= 1 + SIZE * torch.sin(FREQUENCY * tensor.double() + seed)
            return out

        return call

    for name in ("uniform_", "normal_", "trunc_normal_", "xavier_uniform_", "xavier_normal_", "kaiming_uniform_",
                 "kaiming_normal_", "orthogonal_"):
        setattr(init, name, after(getattr(init, name)))


class AfterImport(importlib.abc.MetaPathFinder):
    """Calls ``then(module)`` once that module has been imported, without importing it for that."""

    def __init__(self, module, then):
        self.module, self.then = module, then

    def find_spec(self, name, path=None, target=None):
        if name != self.module:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module

        def run_then_patch(module):
            run(module)
            self.then(module)

        spec.loader.exec_module = run_then_patch
        return spec


def record_claims(path):
    """Replaces `adamkit.claims.claim` by one that writes down what was measured and never raises."""
    from adamkit import claims

    judge = claims.claim

    @functools.wraps(judge)
    def claim(sentence, measured, **options):
        conditions = {name: options.get(name) for name in ("near", "within", "above", "below", "between", "equals")}
        measured, test = claims.weigh(measured, **conditions)
        row = {"sentence": sentence, "wanted": test.wanted, "held": True, **margins(measured, test)}
        try:
            judge(sentence, measured, **options)
        except claims.ClaimFailed as failure:
            row["held"] = False
            print(f"✗ {failure}")
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    claims.claim = claim


def margins(measured, test):
    """What the table needs of one measurement: its range, and how far it stays inside each bound."""
    if isinstance(measured, str):
        return {"low": measured, "high": measured, "exact": True}
    x = np.asarray(measured, dtype=float)
    exact = test.target is not None and (test.reach <= 1e-5 * max(1.0, float(np.max(np.abs(test.target)))))
    whole = np.asarray(measured).dtype.kind in "iu"
    row = {"low": float(x.min()), "high": float(x.max()), "exact": exact, "whole": whole}
    if np.shape(x) != np.shape(test.target) and test.target is not None:
        return row
    if test.low is not None:
        row["above"] = float(np.min(x - test.low))
    if test.high is not None:
        row["below"] = float(np.min(test.high - x))
    return row


def main():
    """Set up the world that the environment asks for."""
    records, seed = os.environ.get("ADAMKIT_WORLD_RECORDS"), os.environ.get("ADAMKIT_WORLD_SEED")
    if records:
        record_claims(records)
    if seed:
        for module, disturb in (("adamkit.surfaces.base", disturb_surfaces), ("torch.nn.init", disturb_weights)):
            then = functools.partial(disturb, seed=int(seed))
            if module in sys.modules:
                then(sys.modules[module])
            else:
                sys.meta_path.insert(0, AfterImport(module, then))


main()
