"""The checklist before a training: a sound start passes, and each planted defect fails its own line."""

import copy

import pytest
import torch

from adamkit import training
from adamkit.diagnostics import checklist


def start(**changes):
    torch.manual_seed(0)
    data = training.data.digits()
    model = training.models.MLP((64, 32, 10))
    batches = [(data.x_train[rows], data.y_train[rows]) for rows in training.data.batches(1348, 64, 10, seed=0)]
    parts = {"model": model, "batches": batches, "lr": 3e-3, "params": None} | changes
    if "spoil" in parts:
        parts["spoil"](parts)
    params = parts["params"] or list(parts["model"].parameters())
    held_out = [(data.x_test[:64], data.y_test[:64])]
    return checklist(parts["model"], torch.optim.Adam(params, lr=parts["lr"]), parts["batches"], classes=10,
                     validation=parts.get("validation", held_out), steps=120)


def test_a_sound_start_passes_every_line():
    result = start()
    assert result.passed, str(result)
    assert all(line.passed for line in result.lines)


def nan_in_the_data(parts):
    x, y = parts["batches"][3]
    parts["batches"][3] = (x.clone().fill_(float("nan")), y)


def one_row_everywhere(parts):
    parts["batches"] = [(x[:1].expand(64, -1).clone(), y[:1].expand(64).clone()) for x, y in parts["batches"]]


def labels_from_one(parts):
    parts["batches"] = [(x, y + 1) for x, y in parts["batches"]]


def sorted_rows(parts):
    x, y = (torch.cat(column) for column in zip(*parts["batches"], strict=True))
    order = y.argsort()
    parts["batches"] = list(zip(x[order].split(64), y[order].split(64), strict=True))


def validation_seen(parts):
    parts["validation"] = parts["batches"][:1]


def huge_scores(parts):
    with torch.no_grad():
        parts["model"][-1].weight *= 100


def left_out(parts):
    parts["params"] = list(parts["model"].parameters())[:2]


def dead_layer(parts):
    with torch.no_grad():
        parts["model"][0].bias.fill_(-1000.0)


def too_long(parts):
    parts["lr"] = 3.0


def too_short(parts):
    parts["lr"] = 1e-9


def shuffled_labels_in_the_loss(parts):
    class Ignores(torch.nn.Module):
        """A network that does not look at its input."""

        def __init__(self):
            super().__init__()
            self.scores = torch.nn.Parameter(torch.zeros(10))

        def forward(self, x):
            return self.scores.expand(len(x), 10)

    parts["model"] = Ignores()


DEFECTS = [
    (nan_in_the_data, "inputs and targets are finite"),
    (one_row_everywhere, "rows differ"),
    (labels_from_one, "targets are class numbers"),
    (sorted_rows, "batches are mixed"),
    (validation_seen, "validation rows are new"),
    (huge_scores, "the first loss is near ln(classes)"),
    (left_out, "the optimizer has every trainable parameter"),
    (nan_in_the_data, "gradients are finite"),
    (dead_layer, "a gradient reaches every parameter"),
    (too_long, "a step moves each matrix"),
    (too_short, "a step moves each matrix"),
    (shuffled_labels_in_the_loss, "one batch can be learned by heart"),
]


@pytest.mark.parametrize(("spoil", "line"), DEFECTS)
def test_a_planted_defect_fails_its_line(spoil, line):
    result = start(spoil=spoil)
    assert any(name.startswith(line) for name in result.failed), str(result)


def test_model_and_optimizer_stay_as_they_were():
    data = training.data.digits()
    model = training.models.MLP((64, 16, 10))
    optimizer = torch.optim.Adam(model.parameters())
    before = copy.deepcopy(model.state_dict())
    checklist(model, optimizer, [(data.x_train[:64], data.y_train[:64])], classes=10, steps=10)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not optimizer.state


@pytest.mark.parametrize(("changes", "message"), [({"steps": 0}, "steps=0"), ({"classes": 1}, "classes=1"),
                                                  ({"look": 1.5}, "look=1.5")])  # fmt: skip
def test_bad_arguments_are_refused(changes, message):
    model = training.models.MLP((64, 10))
    data = training.data.digits()
    with pytest.raises(ValueError, match=message):
        checklist(model, torch.optim.Adam(model.parameters()), [(data.x_train[:8], data.y_train[:8])], **changes)
