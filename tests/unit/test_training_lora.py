"""LoRA trains thin corrections only, keeps optimizer state for nothing else, and folds into the weights."""

import pytest
import torch

from adamkit import torch_optim
from adamkit.training import fit, tasks
from adamkit.training.devices import optimizer_bytes
from adamkit.training.lora import LoRALinear, lora, merge
from adamkit.training.models import MLP


def test_a_corrected_model_begins_as_the_model_it_was():
    torch.manual_seed(0)
    model, x = MLP((64, 32, 10)).double(), torch.randn(5, 64, dtype=torch.float64)
    before = model(x)
    lora(model, rank=3)
    assert torch.equal(model(x), before)


def test_only_the_corrections_are_trained_and_only_they_have_state():
    task = tasks.digits_mlp(hidden=(32,), rows=256)
    model = task.fresh_model(0)
    frozen = [p.detach().clone() for p in model.parameters()]
    trained = lora(model, rank=2)
    optimizer = torch_optim.AdamW(trained, lr=0.01)
    history = fit(model, task, optimizer, steps=60, device="cpu", seed=3)
    numbers = 2 * (64 + 32) + 2 * (32 + 10)
    assert sum(p.numel() for p in trained) == history.settings["trained"] == numbers
    assert history.settings["parameters"] == numbers + sum(p.numel() for p in frozen)
    steps = 4 * len(trained)  # bytes of the step numbers
    assert optimizer_bytes(optimizer) == 2 * 4 * numbers + steps
    kept = [model[0].base.weight, model[0].base.bias, model[2].base.weight, model[2].base.bias]
    assert all(map(torch.equal, kept, frozen))
    assert history.loss[-10:].mean() < 0.8 * history.loss[:10].mean()


def test_merging_gives_plain_layers_that_do_the_same():
    torch.manual_seed(0)
    model, x = MLP((64, 32, 10)).double(), torch.randn(5, 64, dtype=torch.float64)
    for matrix in lora(model, rank=3, alpha=6):
        torch.nn.init.normal_(matrix)
    corrected = model(x)
    assert merge(model) is model
    assert not any(isinstance(module, LoRALinear) for module in model.modules())
    torch.testing.assert_close(model(x), corrected, rtol=1e-12, atol=1e-12)


def test_the_correction_is_alpha_over_r_times_b_a():
    torch.manual_seed(0)
    model = MLP((6, 4)).double()
    start = model[0].weight.detach().clone()
    a, b = lora(model, rank=2, alpha=8)
    torch.nn.init.normal_(b)
    x = torch.randn(3, 6, dtype=torch.float64)
    wanted = x @ (start + 8 / 2 * b @ a).T + model[0].base.bias
    torch.testing.assert_close(model(x), wanted, rtol=1e-12, atol=1e-12)


def test_layers_can_be_chosen_by_name_and_the_others_are_frozen():
    model = tasks.next_character(context=8, width=8, layers=1).fresh_model(0)
    trained = lora(model, rank=2, only=lambda name: "attention" in name)
    names = [name for name, module in model.named_modules() if isinstance(module, LoRALinear)]
    assert names == ["blocks.0.attention.inputs", "blocks.0.attention.output"]
    assert {id(p) for p in model.parameters() if p.requires_grad} == {id(p) for p in trained}


@pytest.mark.parametrize(("options", "sentence"), [
    ({"rank": 0}, "rank=0 must be a whole number ≥ 1"),
    ({"rank": 11}, r"rank=11 must be from 1 to 10, the smaller side of 2, \(10, 32\)"),
    ({"alpha": 0}, "alpha=0 must be a finite number > 0"),
    ({"only": lambda name: False}, "no nn.Linear inside"),
])
def test_what_is_not_allowed_is_refused_and_the_model_stays_plain(options, sentence):
    model = MLP((64, 32, 10))
    with pytest.raises(ValueError, match=sentence):
        lora(model, **options)
    assert all(p.requires_grad for p in model.parameters())
    assert not any(isinstance(module, LoRALinear) for module in model.modules())


def test_a_model_is_corrected_once():
    model = MLP((64, 32, 10))
    lora(model)
    with pytest.raises(ValueError, match="LoRA layers already"):
        lora(model)


class Tied(torch.nn.Module):
    """An embedding whose matrix, or memory, is the output layer's too; and one layer that stands under two names."""

    def __init__(self, by):
        super().__init__()
        self.embedding = torch.nn.Embedding(20, 8)
        self.first = self.second = torch.nn.Linear(8, 8)
        self.head = torch.nn.Linear(8, 20, bias=False)
        if by == "parameter":
            self.head.weight = self.embedding.weight
        else:
            self.head.weight.data = self.embedding.weight.data

    def forward(self, x):
        return self.head(self.second(self.first(self.embedding(x)).relu()))


@pytest.mark.parametrize("by", ["parameter", "memory"])
def test_merging_changes_no_output_where_matrices_are_shared(by):
    torch.manual_seed(0)
    model, x = Tied(by).double(), torch.arange(20)
    trained = lora(model, rank=2)
    assert len(trained) == 4  # one correction for the layer with two names
    assert model.first is model.second
    assert isinstance(model.first, LoRALinear)
    for matrix in trained:
        torch.nn.init.normal_(matrix)
    corrected, embedded = model(x), model.embedding.weight.detach().clone()
    torch.testing.assert_close(merge(model)(x), corrected, rtol=1e-12, atol=1e-12)
    assert torch.equal(model.embedding.weight, embedded)
    assert model.first is model.second
    assert type(model.first) is torch.nn.Linear
    assert not any(p.requires_grad for p in model.parameters())


def test_a_matrix_that_nobody_shares_stays_where_it_is():
    model = MLP((6, 4))
    before = model[0].weight
    lora(model, rank=2)
    assert merge(model)[0].weight is before


def test_a_layer_whose_weight_is_worked_out_anew_at_each_call_is_left_alone():
    model = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Linear(5, 4))
    with pytest.warns(FutureWarning):
        torch.nn.utils.weight_norm(model[0])
    lora(model, rank=2)
    assert [type(layer) for layer in model] == [torch.nn.Linear, LoRALinear]
