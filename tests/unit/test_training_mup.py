"""μP's groups for Adam: the paper's table, and the same path as the authors' own package."""

import pytest
import torch
from refusals import refused

from adamkit.training.models import MLP, DigitsCNN
from adamkit.training.mup import mup_groups, rate_factors
from adamkit.training.transformer import Transformer

#: What mup 1.0.0 by Microsoft gives on the network below (base width 8, width 24, MuReadout, ε 1e-30): losses before
#: steps 1, 9, 17, 25, and the first row of outputs after step 25. Its form is table 8 of the paper, with a multiplier.
REFERENCE = {
    ("Adam", 0.0): ([1.0986067971078948, 0.8902092038575471, 0.5838605421702736, 0.4481195527853575],
                    [1.1325225505119165, 1.3231527976161002, -0.9811111482995101]),
    ("AdamW", 0.3): ([1.0986067971078948, 0.894808237329513, 0.5962178505752449, 0.4584571750473848],
                     [1.0379797782698117, 1.254633234432055, -0.9153979219313173]),
}


def network(width):
    """Two hidden layers of tanh in float64, weights from a sine, the last layer at zero."""
    model = MLP((6, width, width, 3), activation="tanh").double()
    with torch.no_grad():
        for place, p in enumerate(model.parameters()):
            n = torch.arange(p.numel(), dtype=torch.float64)
            size = (2 / (p.shape[1] if p.ndim > 1 else 1e9)) ** 0.5
            p.copy_((torch.sin(1.7 * n + place + 0.3 * n**1.1) * size).reshape(p.shape))
        model[-1].weight.zero_()
    return model


@pytest.mark.parametrize(("name", "decay"), list(REFERENCE))
def test_training_walks_the_path_of_the_authors_package(name, decay):
    n = torch.arange(48, dtype=torch.float64)
    x, y = torch.sin(0.9 * n * n**0.3).reshape(8, 6), torch.tensor([0, 1, 2, 0, 1, 2, 2, 1])
    model, losses = network(24), []
    optimizer = getattr(torch.optim, name)(mup_groups(model, network(8), 0.01, weight_decay=decay), eps=1e-30)
    for _ in range(25):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    before, outputs = REFERENCE[name, decay]
    assert losses[::8] == pytest.approx(before, rel=1e-10)
    assert model(x)[0].tolist() == pytest.approx(outputs, rel=1e-10)


def test_rates_are_those_of_the_papers_table():
    # Yang et al. 2022, table 3: Adam's rate is 1 for input weights and biases, 1/fan_in for hidden and output weights.
    factors = rate_factors(MLP((64, 128, 128, 10)), MLP((64, 32, 32, 10)))
    assert factors == {"0.weight": 1, "0.bias": 1, "2.weight": 0.25, "2.bias": 1, "4.weight": 0.25, "4.bias": 1}


def test_at_the_base_width_all_rates_are_the_usual_one():
    groups = mup_groups(MLP((64, 32, 10)), MLP((64, 32, 10)), 0.01)
    assert [group["lr"] for group in groups] == [0.01]


def test_every_parameter_is_in_exactly_one_group():
    model = Transformer(50, width=64, context=8)
    groups = mup_groups(model, Transformer(50, width=32, context=8), 0.01, weight_decay=0.1)
    found = [id(p) for group in groups for p in group["params"]]
    assert sorted(found) == sorted(map(id, model.parameters()))
    assert all(group["lr"] * group["weight_decay"] == pytest.approx(0.001) for group in groups)


def test_embeddings_and_norms_of_a_transformer_keep_the_rate_and_its_matrices_do_not():
    model = Transformer(50, width=64, context=8)
    factors = rate_factors(model, Transformer(50, width=32, context=8))
    tables = {name for name, p in model.named_parameters()
              if any(p is module.weight for module in model.modules() if isinstance(module, torch.nn.Embedding))}
    assert tables
    assert all(factors[name] == 1 for name in tables)
    assert all(factors[name] == 1 for name, p in model.named_parameters() if p.ndim < 2)
    assert all(factors[name] == 0.5 for name, p in model.named_parameters() if p.ndim == 2 and name not in tables)


def test_a_convolution_counts_its_channels():
    factors = rate_factors(DigitsCNN((32, 64)), DigitsCNN((16, 32)))
    assert factors["0.weight"] == 1
    assert factors["4.weight"] == 0.5


test_what_is_not_allowed_is_refused_in_words = refused(
    (lambda: rate_factors(MLP((4, 8, 3)), MLP((4, 8, 8, 3))), "the same parameters; they differ in .*4.weight"),
    (lambda: mup_groups(MLP((4, 3)), MLP((4, 3)), 0.0), "lr=0.0 must be > 0"),
    (lambda: mup_groups(MLP((4, 3)), MLP((4, 3)), 0.1, weight_decay=-1), "weight_decay=-1 ≥ 0"),
)
