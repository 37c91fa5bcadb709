"""The systems problem of notebook 14: memory and time of one step, for a model and a machine drawn by a seed."""

import random
from dataclasses import dataclass

import numpy as np

from adamkit.practice.estimates import Estimate, Part
from adamkit.theory.memory import budget, shape_of

#: Name, memory in GB, bf16 matrix products in TFLOP/s (dense), memory traffic in TB/s; the maker's figures (SXM).
MACHINES = (("A100", 40, 312, 1.555), ("A100", 80, 312, 2.039), ("H100", 80, 989, 3.35))
#: Optimizer → numbers of state for each parameter.
MOMENTS = {"AdamW": 2, "Lion": 1}
_KEPT = {"AdamW": "Adam remembers m *and* v, in float32: 8 bytes.",
         "Lion": "Lion remembers m alone, in float32: 4 bytes."}  # fmt: skip
SPREADS = {"state": "The copy and the state are spread over the devices (ZeRO 1); weights and gradients are not.",
           "weights": "Everything for a parameter is spread over the devices (FSDP, ZeRO 3)."}  # fmt: skip
UTILISATION = 0.4


@dataclass(frozen=True)
class Setting:
    """One drawn situation."""

    parameters: float
    optimizer: str
    machine: tuple
    devices: int
    spread: str
    tokens: int
    recompute: bool

    @property
    def held(self):
        """`Budget` of one device."""
        return budget(self.parameters, optimizer=self.optimizer, devices=self.devices, spread=self.spread,
                      tokens=self.tokens, recompute=self.recompute)

    @property
    def seconds(self):
        """Of forward and backward pass on one device."""
        return (8 if self.recompute else 6) * self.parameters * self.tokens / (self.machine[2] * 1e12 * UTILISATION)

    @property
    def moved(self):
        """Bytes for each parameter: gradient, copy and state are read; copy, state and weight are written."""
        return 2 + 2 * (4 + 4 * MOMENTS[self.optimizer]) + 2

    @property
    def update(self):
        """Milliseconds of the optimizer's step on one device."""
        return 1e3 * self.moved * self.parameters / self.devices / (self.machine[3] * 1e12)


def systems(seed=0):
    """The problem of this seed → `Estimate`. Raises ValueError for a seed that is no whole number ≥ 0."""
    if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or seed < 0:
        raise ValueError(f"seed={seed!r} must be a whole number >= 0")
    drawn = _drawn(random.Random(int(seed)))
    parts = (_memory(drawn), _activations(drawn), _seconds(drawn), _update(drawn))
    return Estimate(f"14-systems-{seed}", f"One step, seed {seed}", _statement(drawn), parts, minutes=8, hints=_HINTS)


def _drawn(chance):
    return Setting(
        parameters=chance.choice((1.3e9, 3e9, 7e9, 13e9, 34e9, 70e9)),
        optimizer=chance.choice(("AdamW", "AdamW", "Lion")),
        machine=chance.choice(MACHINES),
        devices=chance.choice((8, 16, 32, 64)),
        spread=chance.choice(tuple(SPREADS)),
        tokens=chance.choice((2048, 4096, 8192, 16384)),
        recompute=chance.choice((False, True)),
    )


def _statement(s):
    name, memory, flops, traffic = s.machine
    width, depth = shape_of(s.parameters)
    kept = ("The backward pass computes a layer's activations anew: only the input of each layer is kept, 2 bytes a "
            "number, and the activations of one layer at a time." if s.recompute else
            "All activations are kept for the backward pass.")  # fmt: skip
    return f"""
A transformer of **{s.parameters / 1e9:g} billion** parameters, about {depth:.0f} layers of width {width:.0f}, is
trained with **{s.optimizer}** in mixed precision: weights and gradients in bfloat16, the optimizer's copy of the
weights and its state in float32. There are **{s.devices}** {name}s, each with {memory} GB, {flops} TFLOP/s in
bfloat16 of which {100 * UTILISATION:g} percent are reached, {traffic:g} TB/s to and from memory.
{SPREADS[s.spread]} Each device works on **{s.tokens}** tokens a step. {kept} A layer needs 32 bytes of activations for
each token and unit of width. GB are 10⁹ bytes. Left out are messages between devices, the products of queries and keys,
embeddings and buffers.
""".strip()


def _resident(s):
    """Bytes on one device that stay from step to step, gradients included."""
    return s.held.total - s.held.activations


def _memory(s):
    held, total = s.held, _resident(s)
    whole = s.parameters * (8 + 4 * MOMENTS[s.optimizer])
    slips = {
        "the float32 copy is forgotten": (total - held.master, "The optimizer updates weights in float32."),
        "the gradients are forgotten": (total - held.gradients, "They are as many as the weights, in bfloat16."),
        "nothing is spread": (whole, "Read again what the devices share."),
        "half of the state is missing": (total - held.state / 2, _KEPT[s.optimizer]),
    }
    if s.spread == "state":
        slips["everything is spread"] = (whole / s.devices, "At this stage weights and gradients are whole everywhere.")
    if s.optimizer == "Lion":
        slips["two moments instead of one"] = (total + held.state, _KEPT[s.optimizer])
    own = f"2 + 2 + 4 + {4 * MOMENTS[s.optimizer]} bytes a parameter"
    share = f"the last two divided by {s.devices}" if s.spread == "state" else f"all divided by {s.devices}"
    return _part("memory", "GB", "weights, gradients, copy and state on one device", total / 1e9, slips,
                 f"{own}, {share}, times {s.parameters / 1e9:g} billion.", scale=1e9)


def _activations(s):
    width, depth = shape_of(s.parameters)
    layer, kept = 32.0 * s.tokens * width, 2.0 * s.tokens * width * depth
    total = s.held.activations
    slips = {
        "one layer only": (layer, "Each layer keeps its own."),
        "the tokens of all devices": (total * s.devices, "Each device holds those of its own tokens."),
        "spread like the state": (total / s.devices, "They belong to a device's own tokens; nobody shares them."),
    }
    if s.recompute:
        slips["as if nothing were computed anew"] = layer * depth, "Only each layer's input stays, 2 bytes a number."
        slips["the layer in work is forgotten"] = kept, "While a layer is computed anew, its activations are there too."
    else:
        slips["2 bytes for each layer"] = kept, "That is its input alone; a layer keeps 16 numbers for each of them."
    bytes_ = f"(2 · {depth:.1f} layers + 32)" if s.recompute else f"32 · {depth:.1f} layers"
    way = f"{bytes_} bytes · {s.tokens} tokens · width {width:.0f}."
    both = (total + _resident(s)) / 1e9
    fits = f"With `memory` that is {both:.3g} GB: it {'fits' if both < s.machine[1] else 'does not fit'}."
    return _part("activations", "GB", "activations on one device; do they fit?", total / 1e9, slips, f"{way} {fits}",
                 scale=1e9)


def _seconds(s):
    true, least = s.seconds, 2 * s.parameters * s.tokens / (s.machine[2] * 1e12 * UTILISATION)
    slips = {
        "the backward pass is forgotten": (least, "It costs twice the forward pass: 6 operations, not 2."),
        "the backward pass as dear as the forward": (2 * least, "It computes two gradients for each product."),
        "the peak instead of what is reached": (true * UTILISATION, "Only a part of the peak is reached."),
        "the tokens of all devices": (true * s.devices, "The devices work at the same time, each on its own tokens."),
        "divided among the devices": (true / s.devices, "The tokens are those of one device already."),
        "milliseconds": (true * 1e3, "Asked are seconds."),
    }
    if s.recompute:
        slips["the second forward pass is forgotten"] = 3 * least, "Computing anew is another forward pass: 8, not 6."
    else:
        slips["a second forward pass"] = 4 * least, "Nothing is computed anew here: 6, not 8."
    operations = f"{8 if s.recompute else 6} · {s.parameters / 1e9:g}·10⁹ · {s.tokens} operations"
    return _part("seconds", "s", "forward and backward pass", true, slips,
                 f"{operations} at {UTILISATION:g} · {s.machine[2]} TFLOP/s.")


def _update(s):
    true, held = s.update, 8 + 4 * MOMENTS[s.optimizer]
    slips = {
        "as if every device updated all": (true * s.devices, "Each device updates its share."),
        "what is held instead of what moves": (true * held / s.moved, "Copy and state are read *and* written."),
        "seconds": (true / 1e3, "Asked are milliseconds."),
        "limited by arithmetic": (1e3 * 12 * s.parameters / s.devices / (s.machine[2] * 1e12),
                                  "A dozen operations a parameter take no time: the step waits for memory."),
    }  # fmt: skip
    return _part("update", "ms", "the optimizer's own step, limited by memory traffic", true, slips,
                 f"Read gradient, copy and state, write copy, state and weight: {s.moved} bytes for each of "
                 f"{s.parameters / s.devices / 1e9:.3g} billion parameters.")


def _part(name, unit, asked, answer, slips, worked, scale=1.0):
    """A `Part` with the slips of units, without those that lead to nearly the right number."""
    slips = {slip: (value / scale, why) for slip, (value, why) in slips.items()}
    if unit == "GB":
        slips["bits for bytes"] = (8 * answer, "A number of 16 bits has 2 bytes.")
        slips["bytes instead of GB"] = (1e9 * answer, "Asked are GB, 10⁹ bytes.")
    far = {slip: (value, why) for slip, (value, why) in slips.items() if value > 0 and not 0.88 < value / answer < 1.12}
    return Part(name, unit, asked, answer, far, worked)


_HINTS = (
    "Memory: count bytes for one parameter, say which of them are shared, multiply.",
    "Time: a forward pass costs 2 operations for each parameter and token, a backward pass 4.",
    "The update: what must be read, what must be written, for each parameter that this device updates?",
)
