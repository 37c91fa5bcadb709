"""Readings go to TensorBoard: each finite number once, at its step, under a name that groups by measure."""

import sys

import numpy as np
import pytest

from adamkit.diagnostics import Readings


class Writer:
    """Stands in for torch's SummaryWriter: the one method that is used."""

    def __init__(self):
        self.scalars = []

    def add_scalar(self, tag, value, step):
        self.scalars.append((tag, value, step))


def readings():
    ratios = np.array([[0.1, np.nan], [0.3, 0.4], [np.inf, 0.6]])
    return Readings.of([2.0, 1.5, np.nan], layers=["first", "last"], step=[1, 3, 5], update_ratio=ratios)


def test_every_finite_number_is_written_once_at_its_step():
    writer = Writer()
    readings().to_tensorboard(writer)
    assert writer.scalars == [
        ("loss", 2.0, 1), ("loss", 1.5, 3),
        ("update_ratio/first", 0.1, 1), ("update_ratio/first", 0.3, 3),
        ("update_ratio/last", 0.4, 3), ("update_ratio/last", 0.6, 5),
    ]  # fmt: skip


def test_without_tensorboard_a_folder_is_refused_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(ImportError, match="pip install tensorboard"):
        readings().to_tensorboard(tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_folder_gets_a_writer_of_its_own_that_is_closed(monkeypatch, tmp_path):
    opened = []

    class Own(Writer):
        def __init__(self, folder):
            super().__init__()
            self.folder, self.closed = folder, False
            opened.append(self)

        def close(self):
            self.closed = True

    module = type(sys)("torch.utils.tensorboard")
    module.SummaryWriter = Own
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    readings().to_tensorboard(tmp_path / "runs")
    assert (opened[0].folder, opened[0].closed, len(opened[0].scalars)) == (str(tmp_path / "runs"), True, 6)
