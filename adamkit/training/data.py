"""Data that needs no network: scikit-learn's handwritten digits, split and standardised; mini-batches."""

from dataclasses import dataclass, field, replace

import numpy as np
import torch


@dataclass(frozen=True, eq=False)
class Classification:
    """A data set of labelled rows, split in two.

    Attributes:
        x_train, x_test: inputs, shape (rows, …).
        y_train, y_test: class numbers from 0, shape (rows,), int64; for text (rows, length), one a position.
        classes: number of classes.
        dtype: precision to train in: that of the inputs, or float32 where the inputs are whole numbers.
    """

    x_train: torch.Tensor
    y_train: torch.Tensor
    x_test: torch.Tensor
    y_test: torch.Tensor
    classes: int
    dtype: torch.dtype | None = field(default=None, kw_only=True)

    def __post_init__(self):
        if self.x_train.is_floating_point():
            object.__setattr__(self, "dtype", self.x_train.dtype)
        elif self.dtype is None:
            object.__setattr__(self, "dtype", torch.float32)

    def to(self, *, device=None, dtype=None):
        """The same data on another device, to train in another precision; whole numbers stay whole."""
        inputs = dtype if self.x_train.is_floating_point() else None
        return replace(
            self,
            x_train=self.x_train.to(device=device, dtype=inputs),
            x_test=self.x_test.to(device=device, dtype=inputs),
            y_train=self.y_train.to(device=device),
            y_test=self.y_test.to(device=device),
            dtype=dtype or self.dtype,
        )

    def scaled(self, scales):
        """The same data, each input column multiplied by its own number; ``scales`` has shape (columns,)."""
        scales = torch.as_tensor(scales, dtype=self.x_train.dtype, device=self.x_train.device)
        if scales.shape != self.x_train.shape[1:]:
            wanted = tuple(self.x_train.shape[1:])
            raise ValueError(f"scales has shape {tuple(scales.shape)}; one number a column is shape {wanted}")
        return replace(self, x_train=self.x_train * scales, x_test=self.x_test * scales)


def digits(*, rows=None, test_share=0.25, images=False, seed=0, dtype=torch.float32):
    """1797 handwritten digits of 8 × 8 pixels (Alpaydin & Kaynak 1998, as scikit-learn ships them).

    Shuffled and split by ``seed``; shifted and scaled by the mean and the standard deviation of all training pixels
    taken together, so that dark corners stay dark instead of being divided by almost nothing.

    Args:
        rows: number of training rows to keep, from 1 up to what the split leaves; all by default. The test rows
            stay the same.
        test_share: share of the 1797 rows to test on, in (0, 1).
        images: inputs of shape (rows, 1, 8, 8), for convolutions, instead of (rows, 64).
        seed: of the split.
        dtype: precision of the inputs.

    Returns:
        `Classification` with 10 classes, on the CPU.
    """
    pixels, labels = _load_digits()
    if not 0 < test_share < 1:
        raise ValueError(f"test_share={test_share!r} must be between 0 and 1, both excluded")
    order = np.random.default_rng(seed).permutation(len(pixels))
    tested = max(1, round(test_share * len(pixels)))
    test, train = order[:tested], order[tested:]
    if rows is not None:
        if not 1 <= rows <= len(train):
            raise ValueError(f"rows={rows!r} must be from 1 to {len(train)}, the rows left to train on")
        train = train[:rows]
    inputs = torch.from_numpy((pixels - pixels[train].mean()) / pixels[train].std()).to(dtype)
    if images:
        inputs = inputs.reshape(-1, 1, 8, 8)
    targets = torch.from_numpy(labels.astype(np.int64))
    return Classification(inputs[train], targets[train], inputs[test], targets[test], classes=10)


def batches(rows, batch_size, steps, *, seed=0):
    """Row numbers of ``steps`` mini-batches, shape (steps, batch_size), on the CPU.

    The rows are shuffled, used up, and shuffled again; a remainder too small for a batch is left out of its epoch.
    With ``batch_size=None`` each batch holds all rows, in order.
    """
    if batch_size is None:
        return torch.arange(rows).expand(steps, rows)
    if not 1 <= batch_size <= rows:
        raise ValueError(f"batch_size={batch_size!r} must be from 1 to {rows}, the number of rows, or None for all")
    generator = torch.Generator().manual_seed(seed)
    an_epoch = rows // batch_size
    epochs = [torch.randperm(rows, generator=generator)[: an_epoch * batch_size] for _ in range(-(-steps // an_epoch))]
    if not epochs:
        return torch.empty(0, batch_size, dtype=torch.int64)
    return torch.cat(epochs).reshape(-1, batch_size)[:steps]


def _load_digits():
    """Pixels (1797, 64) and labels (1797,) from scikit-learn."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as missing:
        sentence = "the digits come with scikit-learn, which is not installed: pip install scikit-learn"
        raise ImportError(sentence) from missing
    return load_digits(return_X_y=True)
