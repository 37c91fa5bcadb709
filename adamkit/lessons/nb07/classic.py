"""Small problems, in NumPy, that part Adam from SGD: frequent and rare classes, rare features.

Each takes many parameter sets at once, on leading axes, so that a whole sweep of rates is one run:

    problem = zipf_softmax()
    weights = np.zeros((9, *problem.shape), dtype=np.float32)
    adam = optim.Adam([weights], lr=np.geomspace(1e-3, 1e-1, 9))
    for _ in range(200):
        adam.step([problem.gradient(weights)])
    problem.losses(weights)            # one loss for each rate and each class
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from adamkit.tasks import Logistic, sigmoid


@dataclass(frozen=True, eq=False)
class LinearSoftmax:
    """softmax(Wx) over classes, trained on all rows at once with the mean cross-entropy.

    Attributes:
        x: inputs, shape (rows, inputs), float32.
        y: class numbers, shape (rows,), the most frequent class first.
        classes: number of classes.
    """

    x: np.ndarray
    y: np.ndarray
    classes: int

    @property
    def shape(self):
        """Shape of one weight matrix, (classes, inputs)."""
        return (self.classes, self.x.shape[1])

    @cached_property
    def counts(self):
        """Rows of each class, shape (classes,)."""
        return np.bincount(self.y, minlength=self.classes)

    def losses(self, weights):
        """Mean loss of the rows of each class, for weights (…, classes, inputs); shape (…, classes)."""
        rows = -np.log(np.maximum(self._probabilities(weights)[..., np.arange(len(self.y)), self.y], 1e-30))
        by_class = np.zeros((*rows.shape[:-1], self.classes))
        np.add.at(by_class, (..., self.y), rows)
        return by_class / self.counts

    def loss(self, weights):
        """Mean loss over all rows; shape (…)."""
        return self.losses(weights) @ self.counts / len(self.y)

    def gradient(self, weights):
        """Gradient of `loss`, of the shape of ``weights``: (p − onehot(y))ᵀx / rows."""
        p = self._probabilities(weights)
        p[..., np.arange(len(self.y)), self.y] -= 1
        return np.swapaxes(p, -1, -2) @ self.x / np.float32(len(self.y))

    def _probabilities(self, weights):
        scores = self.x @ np.swapaxes(weights, -1, -2)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        return scores / scores.sum(axis=-1, keepdims=True)


def zipf_softmax(*, classes=256, rows=2048, inputs=128, balanced=False, seed=0):
    """Class imbalance with a heavy tail, after Kunstner, Yadav, Milligan, Schmidt and Bietti (2024, section 3).

    Class k has rows in proportion to 1/k, as words have in a text (Zipf's law), and at least one. The inputs are drawn
    uniformly from [0, 1], *independently of the class*: there is nothing to generalise, the model can only learn its
    rows by heart. Their mean is not zero, as activations behind a ReLU have it; with centred inputs the effect goes.

    Args:
        classes: number of classes, 2 or more.
        rows: number of rows, about; at least ``classes``.
        inputs: number of inputs, 1 or more. With more inputs than a class has rival rows, all can be learned.
        balanced: all classes equally frequent, the control experiment.
        seed: of the inputs.

    Returns:
        `LinearSoftmax`, float32.
    """
    if classes < 2 or rows < classes or inputs < 1:
        raise ValueError(f"classes={classes!r} must be 2 or more, rows={rows!r} as many or more, inputs={inputs!r} ≥ 1")
    share = np.ones(classes) if balanced else 1 / np.arange(1, classes + 1)
    counts = np.maximum(1, np.round(rows * share / share.sum())).astype(int)
    y = np.repeat(np.arange(classes), counts)
    x = np.random.default_rng(seed).uniform(size=(len(y), inputs)).astype(np.float32)
    return LinearSoftmax(x, y, classes)


@dataclass(frozen=True, eq=False)
class RareWords:
    """A logistic regression on texts as bags of words, most words of which are rare.

    Attributes:
        task: an `adamkit.tasks.Logistic` with the training rows: ``task.gradient(theta, rows)``.
        test: the same with rows that were not trained on.
        truth: the weights that drew the labels, shape (columns,).
        shares: share of the rows in which each column is not zero: 1 for the dense ones, then words, rarer and rarer.
    """

    task: Logistic
    test: Logistic
    truth: np.ndarray
    shares: np.ndarray


def rare_words(*, rows=8000, features=200, dense=0, top=0.5, scale=2.0, seed=0):
    """Sparse inputs whose words follow Zipf's law; every word matters equally when it is there.

    Word k stands in a row with probability ``top``/k, and is then 1, otherwise 0. Its true weight is drawn from
    N(0, ``scale``²) whatever its rank, as in Duchi, Hazan and Singer 2011 (section 1), whose point it is that rare
    features are often the telling ones. The label is 1 with probability sigmoid(xᵀθ).

    Columns that are always there may stand beside the words: uniform in [0, 1], weights from N(0, (``scale``/10)²).
    Their common mean makes one direction of high curvature, which limits the rate of SGD for all columns.

    Args:
        rows: training rows, 2 or more; half as many are drawn to test on.
        features: number of words, 1 or more.
        dense: number of columns that are always there, before the words; 0 or more.
        top: share of the rows that hold the most frequent word, in (0, 1].
        scale: standard deviation of the true weights, ≥ 0.
        seed: of weights, inputs and labels.
    """
    if rows < 2 or features < 1 or dense < 0 or not 0 < top <= 1 or scale < 0:
        raise ValueError(f"rows={rows!r} must be 2 or more, features={features!r} ≥ 1, dense={dense!r} ≥ 0, "
                         f"top={top!r} in (0, 1], scale={scale!r} ≥ 0")
    rng = np.random.default_rng(seed)
    shares = np.concatenate([np.ones(dense), top / np.arange(1, features + 1)])
    truth = rng.normal(0, np.where(np.arange(dense + features) < dense, scale / 10, scale))
    x = rng.uniform(size=(rows + rows // 2, dense + features))
    x[:, dense:] = x[:, dense:] < shares[dense:]
    y = (rng.uniform(size=len(x)) < sigmoid(x @ truth)).astype(float)
    return RareWords(Logistic(x[:rows], y[:rows]), Logistic(x[rows:], y[rows:]), truth, shares)
