"""How the plain step cuts and joins tensors never shows in the numbers."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
import torch

from adamkit import rules, torch_optim
from adamkit.torch_optim import plain
from adamkit.torch_optim.base import RuleOptimizer

KINDS = {name: (getattr(torch_optim, name), options) for name, options in {
    "SGD": {}, "Momentum": {"form": "torch", "dampening": 0.5}, "Nesterov": {}, "AdaGrad": {},
    "RMSprop": {"centered": True}, "Adam": {}, "AdamW": {}}.items()}
SHAPES = [(), (3,), (40, 50), (7, 3), (5000,), (64, 64), (2, 3, 4), (1,)]


def start(shapes=SHAPES):
    generator = torch.Generator().manual_seed(1)
    return [torch.nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64)) for shape in shapes]


def walk(params, optimizer, steps=5):
    generator = torch.Generator().manual_seed(2)
    for t in range(steps):
        for i, p in enumerate(params):
            g = torch.randn(p.shape, generator=generator, dtype=torch.float64)
            p.grad = None if (t + i) % 4 == 0 else g  # different step numbers, buffers that begin at different times
        optimizer.step()


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("block", [100, 1000, 10_000])  # numbers, on any count of threads
def test_blocks_of_any_size_give_the_path_of_whole_tensors(name, block, monkeypatch):
    kind, options = KINDS[name]
    whole, blocks = start(), start()
    one, other = (kind(params, lr=0.01, weight_decay=0.1, **options) for params in (whole, blocks))
    calls = count_updates(monkeypatch, type(one.rule(one.param_groups[0])))
    with monkeypatch.context() as patch:
        patch.setattr(plain, "advance", whole_tensors)
        walk(whole, one)
    updates = calls[0]
    monkeypatch.setattr(plain, "_block_size", lambda p: block)
    walk(blocks, other)
    assert calls[0] - updates != updates == 30  # it did cut, or join
    for a, b in zip(whole, blocks, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-14, atol=1e-14)
        assert one.state.get(a, {}).keys() == other.state.get(b, {}).keys()
        for key, value in one.state.get(a, {}).items():
            torch.testing.assert_close(value, other.state[b][key], rtol=1e-14, atol=1e-14)


def whole_tensors(rule, params, grads, states, t):
    return [plain.update_in_place(rule, p, g, s, t) for p, g, s in zip(params, grads, states, strict=True)]


def count_updates(monkeypatch, rule_type):
    calls, update = [0], rule_type.update

    def counted(self, *args):
        calls[0] += 1
        return update(self, *args)

    monkeypatch.setattr(rule_type, "update", counted)
    return calls


def test_many_small_tensors_take_one_update(monkeypatch):
    params = start([(3,), (4, 5), (2, 2), (6,)])
    optimizer = torch_optim.Adam(params)
    calls = count_updates(monkeypatch, rules.Adam)
    for p in params:
        p.grad = torch.ones_like(p)
    optimizer.step()
    assert calls == [1]


def test_tensors_in_another_memory_order_are_updated_in_their_order():
    params = start([(2, 3, 8, 8), (5, 6)])
    strange = [torch.nn.Parameter(params[0].detach().clone().to(memory_format=torch.channels_last)),
               torch.nn.Parameter(params[1].detach().clone().t().contiguous().t())]
    for many in (params, strange):
        walk(many, torch_optim.Adam(many, lr=0.1))
    for a, b in zip(params, strange, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)
    assert strange[0].is_contiguous(memory_format=torch.channels_last)


class MeanState(NamedTuple):
    """A number for the whole tensor, and an average of its shape."""

    total: Any
    m: Any


@dataclass(frozen=True, eq=False)
class Mean(rules.Rule):
    """A rule that needs whole tensors and keeps a plain number in its state."""

    State = MeanState
    torch_names = {"m": "exp_avg"}
    elementwise = False

    def init(self, theta):
        return MeanState(total=1.0, m=0 * theta)

    def update(self, g, theta, state, t):
        total = 0.5 * state.total + t
        m = 0.5 * state.m + g
        return theta - self.lr * (m - m.mean()) / total, MeanState(total, m)


class MeanOptimizer(RuleOptimizer):
    """What a new rule needs on the torch side."""

    rule_types = (Mean,)

    def __init__(self, params, lr=1e-3, *, compile=False):
        super().__init__(params, {"lr": lr}, compile=compile)

    def rule(self, group):
        return Mean(lr=group["lr"])


@pytest.mark.parametrize("compile", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_new_rule_for_whole_tensors_with_a_number_in_its_state_needs_no_engine_work(compile):
    params, by_hand = start([(3,), (4, 2)]), start([(3,), (4, 2)])
    optimizer = MeanOptimizer(params, lr=0.1, compile=compile)
    rule = Mean(lr=0.1)
    states = [rule.init(p.detach()) for p in by_hand]
    for t in range(1, 5):
        for i, (p, q) in enumerate(zip(params, by_hand, strict=True)):
            p.grad = torch.arange(p.numel(), dtype=torch.float64).view_as(p) ** t
            theta, states[i] = rule.update(p.grad, q.detach(), states[i], t)
            q.data.copy_(theta)
        optimizer.step()
    for p, q, state in zip(params, by_hand, states, strict=True):
        torch.testing.assert_close(p, q, rtol=1e-6, atol=1e-6)
        torch.testing.assert_close(optimizer.state[p]["exp_avg"], state.m, rtol=1e-6, atol=1e-6)
        assert optimizer.state[p]["total"].item() == pytest.approx(state.total)


def test_a_number_in_the_state_keeps_its_precision_through_a_checkpoint():
    params = [torch.nn.Parameter(torch.ones(3, dtype=torch.bfloat16))]
    optimizer = MeanOptimizer(params)
    for _ in range(12):
        params[0].grad = torch.ones(3, dtype=torch.bfloat16)
        optimizer.step()
    resumed = MeanOptimizer([torch.nn.Parameter(torch.ones(3, dtype=torch.bfloat16))])
    resumed.load_state_dict(optimizer.state_dict())
    (before,), (after,) = optimizer.state.values(), resumed.state.values()
    assert before["total"].bfloat16() != before["total"]
    torch.testing.assert_close(after["total"], before["total"], rtol=0, atol=0)
    assert after["exp_avg"].dtype == torch.bfloat16
    after["total"] += 1
    assert before["total"] != after["total"]  # its own memory
