"""Adafactor: Adam's denominator for matrices, kept as one number a row and one a column."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from adamkit.rules.arrays import at_least, sqrt, where, zeros_like
from adamkit.rules.base import Rule, TorchArguments, hyper, rate
from adamkit.rules.decay import shrink
from adamkit.rules.whole import machine_eps, mean_along, rms, whole_axes


class AdafactorState(NamedTuple):
    """Averages of g² for one parameter, zero at the start: row and column for matrices, v for the rest."""

    row: Any  # mean over each row, (…, r, 1)
    column: Any  # mean over each column, (…, 1, c)
    v: Any  # of the parameter's shape


@dataclass(frozen=True, eq=False)
class Adafactor(Rule):
    """Adafactor (Shazeer & Stern 2018, algorithm 4), as torch.optim.Adafactor.

    For an r × c matrix Adam keeps rc averages of g². Adafactor keeps the r row means and the c column
    means, and takes v_ij = row_i column_j / mean(row): exact when g² has rank one. There is no momentum, so
    the state of a large matrix is next to nothing. Steps are *relative*: η is multiplied by the root mean
    square of the weights.

    Args:
        lr: η ≥ 0; the relative rate of step t is ρ = min(η, 1/√t). 0.01 as in the paper.
        power: ≥ 0; the average of step t has β₂ = 1 − t^(−power), so it needs no correction. 0.8;
            ``beta2_decay`` = −0.8 in torch.
        eps1: ≥ 0, keeps v from 0: v ≥ ε₁², mean(row) ≥ ε₁. None: the relative precision of the parameter,
            as in torch (float32's for float16, see `Rule`). In the paper 1e-30 is added to g² instead.
        eps2: ≥ 0, the least root mean square of weights that a step is relative to, so that zeros can move.
        clip: d ≥ 1; a step g/√v whose root mean square is above d is scaled down to it.
        weight_decay: λ ≥ 0, decoupled; multiplied by η itself, not by the relative rate, as in torch.

    The paper's code has a momentum too, off by default; torch and this rule have none. Row and column are the
    last two axes, as in torch; a vector keeps its full v. With array hyper-parameters the first axis counts
    experiments, and a parameter of rank 2 is a batch of vectors.
    """

    lr: float = rate(1e-2)
    power: float = hyper(0.8, low=0)
    eps1: float | None = hyper(None, low=0, optional=True)
    eps2: float = hyper(1e-3, low=0)
    clip: float = hyper(1.0, low=1)
    weight_decay: float = hyper(0.0, low=0)

    State = AdafactorState
    torch_names = {"row": "row_var", "column": "col_var", "v": "variance"}
    torch_arguments = TorchArguments(
        names={"power": "-beta2_decay", "eps1": "eps[0]", "eps2": "eps[1]", "clip": "d"})
    elementwise = False

    def init(self, theta):
        """Zeros, for matrices in row and column, otherwise in v."""
        if len(whole_axes(self, theta)) > 1:
            return AdafactorState(row=zeros_like(theta[..., :1]), column=zeros_like(theta[..., :1, :]), v=None)
        return AdafactorState(row=None, column=None, v=zeros_like(theta))

    def factors(self, t):
        """ρ = min(η, 1/√t), and 1 − β₂ = t^(−power)."""
        slowest = t**-0.5
        return (where(self.lr < slowest, self.lr, slowest), t**-self.power)

    def update(self, g, theta, state, t):
        """One step of Adafactor."""
        rho, fresh = self.now(t)
        # α = ρ max(ε₂, RMS(θ))
        alpha = rho * self.at_least(rms(self, theta), self.eps2)
        # θ ← θ − ηλθ
        theta = shrink(self, theta)
        # row, column or v ← β₂v + (1−β₂)g²
        state = self.averaged(g, state, fresh)
        # u = g / √v
        u = g / sqrt(self.spread(state, g))
        # u ← u / max(1, RMS(u)/d)
        u = u / at_least(rms(self, u) / self.clip, 1.0)
        # θ ← θ − αu
        theta = theta - alpha * u
        return theta, state

    def averaged(self, g, state, fresh):
        """The averages with the share ``fresh`` = 1 − β₂ of the new g²."""
        row, column, v = state
        square = g * g
        if v is None:
            row = (1 - fresh) * row + fresh * mean_along(square, (-1,))
            column = (1 - fresh) * column + fresh * mean_along(square, (-2,))
        else:
            v = (1 - fresh) * v + fresh * square
        return AdafactorState(row, column, v)

    def spread(self, state, x):
        """v of each element, held above ε₁²; ``x`` tells the precision."""
        eps1 = machine_eps(x) if self.eps1 is None else self.eps1
        row, column, v = state
        if v is None:
            # v_ij = row_i column_j / mean(row)
            v = row * column / self.at_least(mean_along(row, (-2,)), eps1)
        return self.at_least(v, eps1 * eps1)

    def at_least(self, x, low):
        """The larger of x and ``low``, which may be an array of hyper-parameters."""
        return at_least(x, low) if isinstance(low, float) else where(x < low, low, x)

    def readings(self, state, t):
        """row and column or v as they are, ``v_hat``: v of each element, and ``beta2`` of this step."""
        _, fresh = self.now(t)
        known = state.row if state.v is None else state.v
        return {**super().readings(state, t), "v_hat": self.spread(state, known), "beta2": 1 - fresh}
