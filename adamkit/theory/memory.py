"""What training keeps in memory: weights, gradients, the optimizer's state, activations, in bytes on one device.

The model is a transformer reduced to its matrices: L layers of width d, each with four matrices (d, d) and two
(4d, d), and L = d/128, about the shape of GPT-3 and LLaMA. Embeddings, norms and biases are left out, and so are
buffers of the allocator and of communication: real runs need more.

    budget(7e9).total / 1e9                      # 112: AdamW with bf16 weights and a copy of them in float32
    budget(7e9, rank=16).state / 1e9             # LoRA: state only for what is trained
"""

import math
from dataclasses import dataclass

#: Width over depth: 12 288 over 96 in GPT-3, 4096 over 32 in LLaMA 7B.
ASPECT = 128
#: Inputs and outputs of a layer's matrices, in widths: queries, keys, values, output; up and down.
MATRICES = ((1, 1),) * 4 + ((1, 4), (4, 1))
#: Numbers that share a scale in 8-bit state.
BLOCK = 256
#: Matrices with fewer numbers keep their state in float32.
SMALL = 4096


@dataclass(frozen=True)
class Precision:
    """Bytes a number.

    Attributes:
        label: for tables and pictures.
        weights, gradients: as the passes use them.
        master: of a second copy of the trained weights, which the optimizer updates; 0 without.
        state: of each number that the optimizer remembers.
        activations: for each token, layer and unit of width: 16 numbers of a pre-LN layer are kept for the backward
            pass (Korthikanti et al. 2022, section 4.1; their 34 bytes in 16 bits are these and 2 of dropout masks).
            The scores of attention are not among them: fused attention does not keep them. Autocast leaves
            the inputs of the two norms in float32 (36 bytes); q, k and v as three layers keep three casts of their
            input (40, as here).
        stream: bytes of a number on the residual path.
    """

    label: str
    weights: float
    gradients: float
    master: float
    state: float
    activations: float
    stream: float


PRECISIONS = {
    "fp32": Precision("float32", 4, 4, 0, 4, 64, 4),
    "autocast": Precision("autocast to bf16", 4 + 2, 4, 0, 4, 40, 4),  # each cast is kept for the backward pass
    "mixed": Precision("bf16, float32 copy", 2, 2, 4, 4, 32, 2),
    "bf16": Precision("bf16 alone", 2, 2, 0, 2, 32, 2),
}

#: Numbers of state for each trained parameter. Two have rules of their own: 8 bits, and rows and columns.
NUMBERS = {"SGD": 0, "Momentum": 1, "Lion": 1, "Adam": 2, "AdamW": 2, "Adam8bit": None, "Adafactor": None}
#: What is spread over the devices (Rajbhandari et al. 2020, "ZeRO"): each stage adds to the one before.
STAGES = ("nothing", "state", "gradients", "weights")


@dataclass(frozen=True)
class Budget:
    """Bytes on one device. ``master`` is the optimizer's own copy of the weights; ``trained`` counts parameters."""

    weights: float
    gradients: float
    master: float
    state: float
    activations: float
    trained: float

    @property
    def total(self):
        """All of it together."""
        return self.weights + self.gradients + self.master + self.state + self.activations


def shape_of(parameters):
    """(width d, depth L) of the transformer with 12·d²·L parameters and L = d/128; real numbers, not rounded."""
    width = (parameters * ASPECT / 12) ** (1 / 3)
    return width, width / ASPECT


def trained_shapes(parameters, rank=0):
    """[(rows, columns), …] of what one layer trains: its matrices, or two thin ones beside each."""
    width, _ = shape_of(parameters)
    whole = [(outputs * width, inputs * width) for inputs, outputs in MATRICES]
    if not rank:
        return whole
    return [thin for rows, columns in whole for thin in ((rank, columns), (rows, rank))]


def state_of(optimizer, shapes, number):
    """Bytes of state for matrices of these shapes, ``number`` bytes for each number that is kept as such."""
    count = sum(rows * columns for rows, columns in shapes)
    if optimizer == "Adam8bit":
        sizes = [rows * columns for rows, columns in shapes]
        return sum(2 * size * (4 if round(size) < SMALL else 1 + 4 / BLOCK) for size in sizes)
    if optimizer == "Adafactor":
        return 4 * sum(rows + columns for rows, columns in shapes)
    return count * NUMBERS[optimizer] * number


def budget(parameters, *, optimizer="AdamW", precision="mixed", rank=0, devices=1, spread="nothing", tokens=0,
           recompute=False):
    """What lies on each device at the peak of a step, when forward passes end and gradients are there → `Budget`.

    Args:
        parameters: of the model, > 0.
        optimizer: key of `NUMBERS`. Adam8bit keeps one byte a number and a float32 scale for 256 of them, Adafactor a
            row and a column of float32 a matrix.
        precision: key of `PRECISIONS`. Frozen weights have no second copy.
        rank: of LoRA on all matrices; 0 trains them all.
        devices: that train together, ≥ 1.
        spread: what each of them holds a share of only, with all before it in `STAGES`; "weights" is FSDP. The layer
            that is gathered for use is not counted.
        tokens: in the batch of one device, ≥ 0.
        recompute: keep only the input of each layer, and compute one layer's activations at a time anew.

    Raises:
        ValueError: a value that is not allowed.
    """
    _check(parameters, optimizer, precision, rank, devices, spread, tokens)
    held, (width, depth) = PRECISIONS[precision], shape_of(parameters)
    shapes = trained_shapes(parameters, rank)
    trained = depth * sum(rows * columns for rows, columns in shapes) if rank else parameters
    share = [1 / devices if STAGES.index(spread) >= stage else 1.0 for stage in (1, 2, 3)]
    layers = 1 if recompute else depth
    kept = depth * held.stream if recompute else 0
    return Budget(
        weights=share[2] * held.weights * (parameters + (trained if rank else 0)),
        gradients=share[1] * held.gradients * trained,
        master=share[0] * held.master * trained,
        state=share[0] * depth * state_of(optimizer, shapes, held.state),
        activations=tokens * width * (held.activations * layers + kept),
        trained=trained,
    )


def _check(parameters, optimizer, precision, rank, devices, spread, tokens):
    for name, value, known in (("optimizer", optimizer, NUMBERS), ("precision", precision, PRECISIONS),
                               ("spread", spread, STAGES)):
        if value not in known:
            raise ValueError(f"{name}={value!r} is not one of {', '.join(known)}")
    for name, value, low in (("parameters", parameters, 1), ("rank", rank, 0), ("devices", devices, 1),
                             ("tokens", tokens, 0)):
        if not low <= value < math.inf:
            raise ValueError(f"{name}={value!r} must be a finite number, {low} or more")
