"""Muon: momentum, made orthogonal."""

from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple

from adamkit.rules.arrays import at_least, where, zeros_like
from adamkit.rules.base import Rule, TorchArguments, hyper
from adamkit.rules.decay import shrink
from adamkit.rules.whole import norm

#: Coefficients of the polynomial as + bs³ + cs⁵ that is applied to every singular value s.
QUINTIC = (3.4445, -4.7750, 2.0315)


class MuonState(NamedTuple):
    """The average gradient of one matrix, of its shape, zero at the start."""

    b: Any


@dataclass(frozen=True, eq=False)
class Muon(Rule):
    """Muon (Jordan et al. 2024), for the matrices of hidden layers, as torch.optim.Muon.

    The average gradient is a matrix USVᵀ, often with a few large singular values and many tiny ones. Muon
    steps along UVᵀ instead: every direction that the average knows gets the same size. UVᵀ is reached
    roughly, by products of matrices alone: each Newton–Schulz step applies a polynomial to all singular
    values. After five they lie between about 0.3 and 1.2, not at 1.

    Args:
        lr: η ≥ 0.
        momentum: μ in [0, 1) of the average b ← μb + (1−μ)g. (The blog accumulates, b ← μb + g; that is the
            same, because the size of the matrix does not count.)
        nesterov: orthogonalise (1−μ)g + μb instead of b.
        eps: ≥ 0, the least norm that the matrix is divided by at first.
        steps: ≥ 1, Newton–Schulz steps, a whole number.
        coefficients: (a, b, c) of the polynomial as + bs³ + cs⁵, finite; the blog's by default.
        adjust: what η is multiplied by, for a matrix of r rows and c columns: "original" √max(1, r/c);
            "match_rms_adamw" 0.2√max(r, c) (Liu et al. 2025), with which AdamW's rates can be used.
        weight_decay: λ ≥ 0, decoupled, multiplied by η before the adjustment. 0.1 as in torch.

    torch's rounds the matrix to bfloat16 for speed on accelerators; this one keeps the parameter's
    precision, so steps differ in the third digit. Matrices only, as in torch: give embeddings, outputs, vectors
    and convolutions to AdamW. With array hyper-parameters a parameter is a batch of matrices, (n, r, c).
    """

    momentum: float = hyper(0.95, low=0, below=1)
    nesterov: bool = hyper(True)
    eps: float = hyper(1e-7, low=0)
    steps: int = hyper(5, low=1, whole=True)
    coefficients: tuple = hyper(QUINTIC, count=3)
    adjust: str = hyper("original", choices=("original", "match_rms_adamw"))
    weight_decay: float = hyper(0.1, low=0)

    State = MuonState
    torch_names = {"b": "momentum_buffer"}
    torch_arguments = TorchArguments(
        "lr, weight_decay, momentum, nesterov, ns_coefficients, eps, ns_steps, adjust_lr_fn=None, *",
        {"steps": "ns_steps", "coefficients": "ns_coefficients", "adjust": "adjust_lr_fn"})
    elementwise = False
    counts_steps = False

    def check_fits(self, name, shape):
        """Refuse what is not a matrix, or with array hyper-parameters a batch of matrices."""
        super().check_fits(name, shape)
        batched = self.batch_size is not None
        if len(shape) != 2 + batched:
            wanted = "a batch of matrices (n, rows, columns)" if batched else "a matrix"
            raise ValueError(f"Muon: {name} must be {wanted}, and its shape is {tuple(shape)}; use AdamW for the rest")

    def init(self, theta):
        """The average starts at zero."""
        self.check_fits("theta", getattr(theta, "shape", ()))
        return MuonState(b=zeros_like(theta))

    def update(self, g, theta, state, t):
        """One step of Muon."""
        # b ← μb + (1−μ)g
        b = self.momentum * state.b + (1 - self.momentum) * g
        # M = (1−μ)g + μb, or b
        matrix = self.momentum * b + (1 - self.momentum) * g if self.nesterov else b
        # θ ← θ − ηλθ
        theta = shrink(self, theta)
        # θ ← θ − η a(r, c) NewtonSchulz(M)
        theta = theta - self.lr * self.adjustment(theta) * self.orthogonal(matrix)
        return theta, MuonState(b)

    def adjustment(self, theta):
        """a(r, c), what the rate is multiplied by for the shape of this matrix."""
        rows, columns = theta.shape[-2:]
        return sqrt(max(1.0, rows / columns)) if self.adjust == "original" else 0.2 * sqrt(max(rows, columns))

    def orthogonal(self, matrix):
        """UVᵀ, roughly, of matrix = USVᵀ."""
        size = norm(self, matrix)
        # X = M / max(‖M‖, ε): no singular value is above 1
        floored = at_least(size, self.eps) if isinstance(self.eps, float) else where(size < self.eps, self.eps, size)
        return newton_schulz(matrix / where(floored > 0, floored, 1.0), self.steps, self.coefficients)


def newton_schulz(x, steps=5, coefficients=QUINTIC):
    """x with as + bs³ + cs⁵ applied ``steps`` times to each singular value s, which must be in [0, 1].

    Args:
        x: matrices (…, rows, columns), NumPy or torch.
        steps: how often; five bring singular values from 0.01 … 1 to between about 0.3 and 1.2.
        coefficients: (a, b, c).
    """
    a, b, c = coefficients
    wide = x.shape[-2] <= x.shape[-1]
    # The product below is the smaller one when rows are fewer than columns.
    x = x if wide else x.swapaxes(-2, -1)
    for _ in range(steps):
        # X ← aX + (bA + cA²)X with A = XXᵀ
        gram = x @ x.swapaxes(-2, -1)
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x if wide else x.swapaxes(-2, -1)


__all__ = ["QUINTIC", "Muon", "MuonState", "newton_schulz"]
