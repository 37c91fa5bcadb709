"""The history of a training: arrays, and a file that is whole or refused."""

import math

import numpy as np
import pytest

from adamkit import torch_optim
from adamkit.training import History, Record, fit, tasks


def trained(steps):
    task = tasks.digits_mlp(hidden=(), rows=96)
    model = task.fresh_model(0)
    return fit(model, task, torch_optim.AdamW(model.parameters()), steps=steps, batch_size=24, device="cpu")


def test_a_history_comes_back_from_its_file_number_for_number(tmp_path):
    history = trained(5)
    history.append(Record(6, math.inf, 1e-300))
    back = History.load(history.save(tmp_path / "run.json"))
    for name in ("step", "loss", "rate", "grad_norm", "update_ratio", "seconds", "memory"):
        np.testing.assert_array_equal(getattr(back, name), getattr(history, name))
    assert (back.ended, back.settings, back.evaluations) == (history.ended, history.settings, history.evaluations)
    assert list(tmp_path.iterdir()) == [tmp_path / "run.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "something"}',
                                  '{"format": "adamkit training history", "version": 99}',
                                  '{"format": "adamkit training history", "version": 1, "records": {}}'])
def test_a_damaged_history_is_refused_by_name(tmp_path, text):
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"run\.json"):
        History.load(path)
    assert path.read_text() == text


def test_asking_for_what_was_not_evaluated_says_what_was():
    history = trained(2)
    with pytest.raises(ValueError, match=r"'speed' was not evaluated; \['test_accuracy', 'test_loss'\] was"):
        history.evaluated("speed")
