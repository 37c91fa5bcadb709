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
                     validation=parts.get("validation", held_out), steps=120, **parts.get("more", {}))


def test_a_sound_start_passes_every_line():
    result = start()
    assert result.passed, str(result)
    assert result.unasked == ["the model is in train mode"]


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


def softmax_in_the_model(parts):
    parts["model"] = torch.nn.Sequential(parts["model"], torch.nn.Softmax(dim=1))


def layers_in_a_list(parts):
    class Hidden(torch.nn.Module):
        """A network whose first layer is in a plain list."""

        def __init__(self):
            super().__init__()
            self.body, self.head = [torch.nn.Linear(64, 32)], torch.nn.Linear(32, 10)

        def forward(self, x):
            return self.head(self.body[0](x).relu())

    parts["model"] = Hidden()


def left_in_eval_mode(parts):
    parts["model"] = torch.nn.Sequential(parts["model"], torch.nn.Dropout(0.1)).eval()


def every_target_ignored(parts):
    parts["batches"] = [(x, torch.full_like(y, -100)) for x, y in parts["batches"]]


DEFECTS = [
    (softmax_in_the_model, "the outputs are scores"),
    (layers_in_a_list, "layers and weights are registered"),
    (left_in_eval_mode, "the model is in train mode"),
    (every_target_ignored, "targets are class numbers"),
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


X, Y = torch.randn(6, 32, 8), torch.randn(6, 32, 1)
MSE = torch.nn.functional.mse_loss


class Sum(torch.nn.Module):
    """Linear in two inputs, by name or by place."""

    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(8, 1)

    def forward(self, left, right):
        return self.layer(left + right)


def by_name(model, batch):
    return MSE(model(batch["a"], batch["b"]), batch["goal"])


def by_place(m, b):
    return MSE(m(b[0], b[1]), b[2])


WAYS = {
    "a tuple of three": ([(x, -x / 2, x[:, :1]) for x in X], {"loss": MSE}),
    "a list of three, and a loss of model and batch": ([[x, x, x[:, :1]] for x in X], {"loss": by_place}),
    "a dict by the names of forward": ([{"left": x, "right": x, "y": x[:, :1], "id": "7"} for x in X], {"loss": MSE}),
    "a dict, and a loss of model and batch": ([{"a": x, "b": x, "goal": x[:, :1]} for x in X], {"loss": by_name}),
}


@pytest.mark.parametrize("way", WAYS)
def test_batches_come_in_any_shape(way):
    batches, given = WAYS[way]
    model = Sum()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    result = checklist(model, optimizer, batches, steps=300, validation=[batches[0]], **given)
    assert result.failed == ["validation rows are new"], str(result)


def test_a_model_that_returns_its_own_loss_is_asked_for_it():
    class Own(Sum):
        """As the models of the large libraries do."""

        def forward(self, left, labels=None):
            out = self.layer(left)
            return type("Output", (), {"loss": MSE(out, labels), "logits": out})()

    model, batches = Own(), [{"left": x, "labels": x[:, :1]} for x in X]
    result = checklist(model, torch.optim.Adam(model.parameters(), lr=1e-2), batches, steps=300)
    assert result.passed, str(result)


def test_batches_of_one_tensor_need_a_loss_of_model_and_batch():
    model = torch.nn.Linear(8, 8)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    with pytest.raises(ValueError, match=r"need a loss of \(model, batch\)"):
        checklist(model, optimizer, list(X))
    assert checklist(model, optimizer, list(X), loss=lambda model, x: MSE(model(x), x), steps=400).passed


@pytest.mark.parametrize("loss", [MSE, torch.nn.L1Loss(), lambda out, y: (out - y).square().mean(),
                                  lambda model, batch: ((model(batch[0]) - batch[1]) ** 2).mean()])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_a_column_against_a_row_is_caught(loss, turned):
    model = torch.nn.Sequential(torch.nn.Linear(8, 1), torch.nn.Flatten(0)) if turned else torch.nn.Linear(8, 1)
    good = [(x, y.squeeze(1) if turned else y) for x, y in zip(X, Y)]
    bad = [(x, y if turned else y.squeeze(1)) for x, y in zip(X, Y)]
    line = "outputs and targets have shapes that fit"
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
    assert line not in checklist(model, optimizer, good, loss=loss, steps=1).failed
    result = checklist(model, optimizer, bad, loss=loss, steps=1)
    assert line in result.failed
    assert "(32, 1)" in str(result)
    assert "(32,)" in str(result)


def test_distances_between_all_rows_are_no_slip():
    model = torch.nn.Linear(8, 3)
    loss = lambda out, y: (out[:, None] - out[None]).square().sum(2).mean()
    result = checklist(model, torch.optim.SGD(model.parameters(), lr=1e-2), list(zip(X, Y)), loss=loss, steps=1)
    assert "outputs and targets have shapes that fit" not in result.failed


def test_lbfgs_and_pairs_of_optimizers_are_walked_with():
    data = training.data.digits()
    batches = [(data.x_train[:64], data.y_train[:64])]
    model = training.models.MLP((64, 32, 10))
    lbfgs = torch.optim.LBFGS(model.parameters(), lr=0.1)
    assert checklist(model, lbfgs, batches, classes=10, steps=30).failed == []
    weights, biases = ([p for p in model.parameters() if p.ndim == n] for n in (2, 1))
    pair = [torch.optim.SGD(weights, lr=0.1, momentum=0.9), torch.optim.Adam(biases, lr=1e-2)]
    assert checklist(model, pair, batches, classes=10).passed
    assert "left out" in str(checklist(model, pair[:1], batches, classes=10))


def test_numbers_that_are_printed_bear_out_the_verdict():
    model = torch.nn.Linear(8, 1)
    for lr, good in ((0.104, False), (0.096, True)):  # the gradient is the weights: a step takes lr of their length
        result = checklist(model, torch.optim.SGD(model.parameters(), lr=lr), [(X[0], Y[0])], steps=1,
                           loss=lambda model, batch: sum(p.square().sum() for p in model.parameters()) / 2)
        line = next(line for line in result.lines if line.name.startswith("a step moves"))
        assert line.passed is good
        assert line.detail == f"from {lr} (weight) to {lr} (weight)"


def test_a_loss_of_many_numbers_and_a_lazy_layer_get_a_sentence():
    model = torch.nn.Linear(8, 1)
    each = lambda out, y: (out - y).square()
    result = checklist(model, torch.optim.SGD(model.parameters(), lr=1e-2), list(zip(X, Y)), loss=each)
    assert "the loss has shape (32, 1); it must be a tensor of one number" in str(result)
    lazy = torch.nn.LazyLinear(3)
    with pytest.raises(ValueError, match="call it once"):
        checklist(lazy, torch.optim.SGD(lazy.parameters(), lr=1e-2), list(zip(X, Y)))


def test_a_loss_below_zero_is_not_said_to_be_missed():
    model = torch.nn.Linear(8, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
    result = checklist(model, optimizer, list(zip(X, Y)), loss=lambda out, y: -out.mean())
    assert "one batch can be learned by heart" in result.unasked


def test_random_numbers_go_on_where_they_were():
    model = torch.nn.Sequential(torch.nn.Linear(8, 1), torch.nn.Dropout(0.5))
    loader = torch.utils.data.DataLoader(list(zip(X[0], Y[0])), batch_size=8, shuffle=True)
    before = torch.get_rng_state()
    checklist(model, torch.optim.SGD(model.parameters(), lr=1e-2), loader, loss=MSE, steps=3)
    assert torch.equal(before, torch.get_rng_state())
