"""Small problems in NumPy: least squares, and a logistic regression with a rare feature.

Both are averages over rows of data, so a gradient over some of the rows is an unbiased, noisy estimate of the gradient
over all. Both take many parameter vectors at once: ``theta`` may carry leading axes, and ``rows`` may give each of them
its own mini-batch.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class RowTask(ABC):
    """A loss that is the mean of one term a row.

    Attributes:
        x: inputs, shape (rows, d).
        y: targets, shape (rows,).
    """

    x: np.ndarray
    y: np.ndarray

    def loss(self, theta, rows=None):
        """Mean loss at ``theta`` (…, d) over ``rows``; shape (…).

        ``rows`` holds row numbers: None for all, shape (b,) for one mini-batch, or (…, b) for a mini-batch of its own
        for every parameter vector.
        """
        x, y = self._batch(theta, rows)
        return self._row_losses(self._scores(x, theta), y).mean(axis=-1)

    def gradient(self, theta, rows=None):
        """Gradient of `loss` with respect to ``theta``; shape (…, d)."""
        x, y = self._batch(theta, rows)
        slopes = self._row_slopes(self._scores(x, theta), y)
        return np.einsum("...r,...rd->...d", slopes, x) / x.shape[-2]

    def hessian(self, theta):
        """Second derivatives of the loss over all rows at one ``theta`` (d,); shape (d, d)."""
        bends = self._row_bends(self.x @ np.asarray(theta, dtype=float), self.y)
        return (self.x * bends[:, None]).T @ self.x / len(self.x)

    def batches(self, batch, steps, *, seed=0):
        """Row numbers of ``steps`` mini-batches drawn with replacement; shape (steps, batch)."""
        if batch < 1:
            raise ValueError(f"batch={batch!r} must be at least 1")
        return np.random.default_rng(seed).integers(0, len(self.x), (steps, batch))

    @cached_property
    def minimum(self):
        """The minimum over all rows, by Newton's method; shape (d,)."""
        theta = np.zeros(self.x.shape[1])
        for _ in range(50):
            hessian = self.hessian(theta)
            # Labels that one feature decides push its weight to infinity, where the loss is flat.
            if np.linalg.cond(hessian) > 1e12:
                break
            step = np.linalg.solve(hessian, self.gradient(theta))
            theta = theta - step
            if np.abs(step).max() < 1e-12 * (1 + np.abs(theta).max()):
                return theta
        raise ValueError("these rows have no finite minimum (a feature decides every label): take more rows")

    def _batch(self, theta, rows):
        width = self.x.shape[1]
        if np.shape(theta)[-1:] != (width,):
            raise ValueError(f"theta has shape {np.shape(theta)}; its last axis must be {width}, one weight a feature")
        return (self.x, self.y) if rows is None else (self.x[rows], self.y[rows])

    @staticmethod
    def _scores(x, theta):
        return (x @ np.asarray(theta)[..., None])[..., 0]

    @abstractmethod
    def _row_losses(self, scores, y):
        """Loss of each row, from its score xᵀθ and its target."""

    @abstractmethod
    def _row_slopes(self, scores, y):
        """Derivative of each row's loss with respect to its score."""

    @abstractmethod
    def _row_bends(self, scores, y):
        """Second derivative of each row's loss with respect to its score."""


class LeastSquares(RowTask):
    """½(xᵀθ − y)², averaged over the rows."""

    def _row_losses(self, scores, y):
        return (scores - y) ** 2 / 2

    def _row_slopes(self, scores, y):
        return scores - y

    def _row_bends(self, scores, y):
        return np.ones_like(scores)


class Logistic(RowTask):
    """log(1 + exp(−s)) with s = xᵀθ for label 1 and −xᵀθ for label 0, averaged over the rows."""

    def _row_losses(self, scores, y):
        return np.logaddexp(0, -(2 * y - 1) * scores)

    def _row_slopes(self, scores, y):
        return sigmoid(scores) - y

    def _row_bends(self, scores, y):
        return sigmoid(scores) * sigmoid(-scores)


def least_squares(*, rows=400, weights=(2.0, -1.0), kappa=1.0, noise=0.5, seed=0):
    """A linear regression with Gaussian inputs.

    Args:
        rows: number of rows, more than there are weights.
        weights: the true θ, shape (d,), d ≥ 1.
        kappa: κ ≥ 1, ratio of the largest to the smallest curvature (exact on average over data sets).
        noise: standard deviation of what the inputs do not explain; what makes mini-batch gradients differ at the
            minimum. 0 for none.
        seed: of the data.
    """
    weights = _checked_weights(weights, rows)
    if kappa < 1 or noise < 0:
        raise ValueError(f"kappa={kappa!r} must be ≥ 1 and noise={noise!r} ≥ 0")
    rng = np.random.default_rng(seed)
    scales = np.geomspace(1, kappa**-0.5, len(weights))
    x = rng.standard_normal((rows, len(weights))) * scales
    return LeastSquares(x, x @ weights + noise * rng.standard_normal(rows))


def rare_feature_logistic(*, rows=4000, share=0.01, weights=(1.0, 2.0), seed=0):
    """A logistic regression in which one feature is in every row and the other in few.

    Feature 0 is −1 or 1 in each row; feature 1 is 1 in a ``share`` of the rows and 0 elsewhere, like a rare word. Only
    those rows say anything about its weight, so its gradient is about ``share`` as large, though it matters as much
    where it occurs.

    Args:
        rows: number of rows.
        share: share of rows that carry the rare feature, in (0, 1]; it is met exactly, up to rounding.
        weights: true weights of the common and of the rare feature.
        seed: of the data.
    """
    weights = _checked_weights(weights, rows)
    if len(weights) != 2:
        raise ValueError(f"weights={tuple(weights)!r} must hold two numbers: the common and the rare feature's")
    if not 0 < share <= 1 or round(share * rows) < 1:
        raise ValueError(f"share={share!r} must be in (0, 1] and leave at least one of the {rows} rows")
    rng = np.random.default_rng(seed)
    common = rng.choice([-1.0, 1.0], rows)
    rare = np.zeros(rows)
    rare[rng.permutation(rows)[: round(share * rows)]] = 1
    x = np.stack([common, rare], axis=1)
    y = (rng.random(rows) < sigmoid(x @ weights)).astype(float)
    return Logistic(x, y)


def sigmoid(z):
    """1 / (1 + e⁻ᶻ), without overflow, and exact in both tails (its logarithm is −log(1 + e⁻ᶻ))."""
    return np.exp(-np.logaddexp(0, -np.asarray(z)))


def _checked_weights(weights, rows):
    weights = np.asarray(weights, dtype=float)
    if weights.ndim != 1 or not len(weights):
        raise ValueError(f"weights must be a list of numbers, got shape {weights.shape}")
    if rows <= len(weights):
        raise ValueError(f"rows={rows!r} must be more than the {len(weights)} weights")
    return weights
