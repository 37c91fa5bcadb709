"""The memory of a training: the arithmetic against real optimizers and models, and the explorer that shows it."""

import pytest
import torch
from refusals import each, refused

from adamkit import torch_optim
from adamkit.lessons import explorers
from adamkit.lessons.nb10.memory import ROWS, count
from adamkit.theory import memory
from adamkit.training import cost, lora


class Layers(torch.nn.Module):
    """The matrices of ``depth`` transformer layers, and nothing else."""

    def __init__(self, width, depth):
        super().__init__()
        sides = [(inputs * width, outputs * width) for inputs, outputs in memory.MATRICES] * depth
        self.layers = torch.nn.ModuleList(torch.nn.Linear(*side, bias=False) for side in sides)


WIDTH, DEPTH = 256, 2  # the shape that 12·d²·L parameters with L = d/128 have
PARAMETERS = 12 * WIDTH**2 * DEPTH


def test_the_shape_of_a_model_gives_back_its_parameters():
    assert sum(p.numel() for p in Layers(WIDTH, DEPTH).parameters()) == PARAMETERS
    assert memory.shape_of(PARAMETERS) == pytest.approx((WIDTH, DEPTH))


@pytest.mark.parametrize("rank", [0, 4, 16])
@pytest.mark.parametrize("optimizer", ["SGD", "Momentum", "Lion", "AdamW", "Adam8bit"])
def test_the_state_is_what_the_real_optimizer_keeps(optimizer, rank):
    model = Layers(WIDTH, DEPTH)
    params = lora.lora(model, rank=rank) if rank else list(model.parameters())
    for p in params:
        p.grad = torch.ones_like(p)
    made = getattr(torch_optim, optimizer)(params, lr=1e-3)
    measured = cost.state_bytes([made]) * sum(p.numel() for p in params)
    counted = memory.budget(PARAMETERS, optimizer=optimizer, precision="fp32", rank=rank)
    assert counted.trained == pytest.approx(sum(p.numel() for p in params))
    assert counted.state == pytest.approx(measured)


def test_adafactor_keeps_a_row_and_a_column():
    params = list(Layers(WIDTH, DEPTH).parameters())
    for p in params:
        p.grad = torch.ones_like(p)
    made = torch_optim.Adafactor(params)
    measured = cost.state_bytes([made]) * PARAMETERS
    assert memory.budget(PARAMETERS, optimizer="Adafactor", precision="fp32").state == pytest.approx(measured)


def test_mixed_training_with_adamw_takes_sixteen_bytes_a_parameter():
    assert memory.budget(7e9).total == pytest.approx(16 * 7e9)
    assert memory.budget(7e9, precision="fp32").total == pytest.approx(16 * 7e9)
    assert memory.budget(7e9, precision="bf16").total == pytest.approx(8 * 7e9)


def test_what_is_spread_shrinks_part_by_part_and_the_rest_stays():
    alone = memory.budget(1e9, devices=1, spread="weights", tokens=100)
    assert alone == memory.budget(1e9, tokens=100)
    state, gradients, weights = (memory.budget(1e9, devices=8, spread=spread, tokens=100)
                                 for spread in memory.STAGES[1:])
    assert state.state == alone.state / 8
    assert state.master == alone.master / 8
    assert (state.gradients, state.weights) == (alone.gradients, alone.weights)
    assert (gradients.gradients, gradients.weights) == (alone.gradients / 8, alone.weights)
    assert weights.weights == alone.weights / 8
    assert weights.activations == alone.activations


def test_activations_grow_with_tokens_layers_and_width_and_recomputing_keeps_a_layer_of_them():
    width, depth = memory.shape_of(7e9)
    kept = memory.budget(7e9, tokens=1000)
    assert kept.activations == pytest.approx(32 * 1000 * width * depth)
    anew = memory.budget(7e9, tokens=1000, recompute=True)
    assert anew.activations == pytest.approx(1000 * width * (32 + 2 * depth))
    assert memory.budget(7e9, tokens=1000, precision="fp32").activations == pytest.approx(64 * 1000 * width * depth)


class Block(torch.nn.Module):
    """A pre-LN layer with fused attention, as `adamkit.theory.memory` counts it."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.norms = heads, torch.nn.ModuleList(torch.nn.LayerNorm(width) for _ in range(2))
        self.inputs = torch.nn.ModuleList(torch.nn.Linear(width, width, bias=False) for _ in range(3))
        self.output = torch.nn.Linear(width, width, bias=False)
        self.up = torch.nn.Linear(width, 4 * width, bias=False)
        self.down = torch.nn.Linear(4 * width, width, bias=False)

    def forward(self, x):
        normed = self.norms[0](x)
        q, k, v = (layer(normed).unflatten(-1, (self.heads, -1)).transpose(1, 2) for layer in self.inputs)
        mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.output(mixed.transpose(1, 2).flatten(2))
        return x + self.down(torch.nn.functional.gelu(self.up(self.norms[1](x))))


@pytest.mark.parametrize(("precision", "model_type"), [("fp32", torch.float32), ("autocast", torch.float32),
                                                       ("bf16", torch.bfloat16)])
def test_activations_and_casts_are_those_of_real_layers(precision, model_type):
    width, layers, tokens = 256, 2, 1024
    torch.manual_seed(0)
    model = torch.nn.Sequential(*[Block(width, 8) for _ in range(layers)]).to(model_type)
    x = torch.randn(8, tokens // 8, width, dtype=model_type, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "autocast"):
        all_rows, half = (cost.saved_bytes(model, lambda rows=rows: model(rows)) for rows in (x, x[:4]))
    held = memory.PRECISIONS[precision]
    assert 2 * (all_rows - half) / (tokens * width * layers) == pytest.approx(held.activations, rel=0.01)
    weights = sum(p.numel() for p in model.parameters())
    casts = held.weights - 4 if precision == "autocast" else 0
    assert (2 * half - all_rows) / weights == pytest.approx(casts, abs=0.02)


test_what_is_not_allowed_is_named = refused(
    *each(lambda name: memory.budget(1e9, optimizer=name), "optimizer={}", "Adam9"),
    *each(lambda name: memory.budget(1e9, precision=name), "precision={}", "fp8"),
    *each(lambda name: memory.budget(1e9, spread=name), "spread={}", "all"),
    *each(lambda rank: memory.budget(1e9, rank=rank), "rank={}", -1),
    *each(lambda devices: memory.budget(1e9, devices=devices), "devices={}", 0),
    *each(lambda tokens: memory.budget(1e9, tokens=tokens), "tokens={}", float("nan")),
)


@pytest.fixture
def shown():
    explorer = explorers.memory()
    assert explorer.figure is not None  # drawn
    return explorer


def ends(explorer, row):
    return [float(bar.get_xdata()[1]) for bar in explorer._bars[row].values()]


def test_the_bars_stack_up_to_what_is_counted(shown):
    shown.set(rank=32, tokens=5000, gpus=4, spread="state")
    for row in ROWS:
        one = count(row, shown.values)
        assert ends(shown, row)[-1] == pytest.approx(one.total / 1e9)
        assert ends(shown, row)[0] == pytest.approx(one.weights / 1e9)


def test_the_scenarios_show_what_their_texts_say(shown):
    assert count("AdamW", shown.values).state == pytest.approx(4 * count("AdamW", shown.values).weights)
    assert shown.caption.endswith("What fits in 80 GB: 8-bit AdamW; Adafactor; SGD.")
    shown.scenario("The same with LoRA")
    totals = [count(row, shown.values).total for row in ROWS]
    assert max(totals) < 1.03 * min(totals)
    assert "24 GB: all five." in shown.caption
    shown.scenario("8-bit state")
    assert 0.35 < 1 - count("Adam8bit", shown.values).total / count("AdamW", shown.values).total < 0.4
    shown.scenario("Autocast")
    cast = count("AdamW", shown.values)
    whole = count("AdamW", shown.values | {"precision": "fp32"})
    assert (cast.gradients, cast.state) == (whole.gradients, whole.state)
    assert cast.weights > whole.weights
    assert cast.activations == pytest.approx(whole.activations * 5 / 8)
    shown.scenario("Eight GPUs")
    assert "80 GB: all five." in shown.caption
    shown.set(spread="nothing")
    assert count("AdamW", shown.values).total > 80e9


def test_controls_without_effect_are_dimmed(shown):
    assert set(shown.shown.idle) == {"gpus", "recompute"}
    shown.set(gpus=2, spread="state", tokens=1000)
    assert shown.shown.idle == ()
    shown.set(gpus=1)
    assert shown.shown.idle == ("spread",)


@pytest.mark.parametrize("billions", [0.01, 500])
@pytest.mark.parametrize("room", [4, 192])
def test_the_line_and_every_bar_stay_left_of_the_totals(shown, billions, room):
    shown.set(billions=billions, room=room, tokens=262_144, precision="fp32")
    limit = shown._ax.get_xlim()[1]
    assert max(room, *(ends(shown, row)[-1] for row in ROWS)) <= limit / 1.139
