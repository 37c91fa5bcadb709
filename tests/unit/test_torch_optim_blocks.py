"""How the plain step cuts and joins tensors never shows in the numbers."""

import random
import weakref
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
import torch
from variant_runs import parameters

from adamkit import rules, torch_optim
from adamkit.torch_optim import plain
from adamkit.torch_optim.base import RuleOptimizer
from adamkit.torch_optim.tape import Tape

KINDS = {name: (getattr(torch_optim, name), options) for name, options in {
    "SGD": {}, "Momentum": {"form": "torch", "dampening": 0.5}, "Nesterov": {}, "AdaGrad": {},
    "RMSprop": {"centered": True}, "Adam": {}, "AdamW": {}}.items()}
SHAPES = [(), (3,), (40, 50), (7, 3), (5000,), (64, 64), (2, 3, 4), (1,)]


def start(shapes=SHAPES):
    return parameters(shapes)


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
    torch.testing.assert_close(params, strange, rtol=0, atol=0)
    assert strange[0].is_contiguous(memory_format=torch.channels_last)


RECORDED = {  # and the passes over memory of each
    "AdamW": (rules.AdamW(lr=0.1, weight_decay=0.1), 8), "Adam": (rules.Adam(lr=0.1, weight_decay=0.1), 8),
    "SGD": (rules.SGD(lr=0.1), 1), "Momentum": (rules.Momentum(lr=0.1), 2),
    "Nesterov": (rules.Nesterov(lr=0.1, weight_decay=0.1), 4), "AdaGrad": (rules.AdaGrad(lr=0.1), 4),
    "RMSprop": (rules.RMSprop(lr=0.1, centered=True, momentum=0.9), 9), "AMSGrad": (rules.AMSGrad(lr=0.1), 8),
    "AdaMax": (rules.AdaMax(lr=0.1), 6), "Lion": (rules.Lion(lr=0.1, weight_decay=0.1), 6),
    "RAdam": (rules.RAdam(lr=0.1), 7), "RMSprop as it comes": (rules.RMSprop(lr=0.1), 5),
}


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_step_is_the_rule_s_step_in_fewer_passes(name):
    rule, passes = RECORDED[name]
    generator = torch.Generator().manual_seed(0)
    g, theta, *state = (torch.rand(1000, generator=generator, dtype=torch.float64) + i / 2 - 0.5
                        for i in range(2 + len(rule.State._fields)))
    used = plain.in_use(rule.init(theta))
    tape = Tape(rule.at(7), 7, used)
    assert len(tape.calls) + len(tape.moves) == passes
    state = [x if one else None for x, one in zip(state, used, strict=True)]
    expected, new = rule.at(7).update(g, theta, rule.State(*state), 7)
    found = [x.clone() for x in (g, theta, *state) if x is not None]
    tape.run_on_pieces(300, found)
    assert torch.equal(found[0], g)
    for one, other in zip(found[1:], (x for x in (expected, *new) if x is not None), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-13, atol=1e-13, equal_nan=True)


@pytest.mark.parametrize("compile", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_field_that_is_not_in_use_costs_nothing_and_begins_when_it_is_asked_for(compile, monkeypatch):
    params, twins = start([(80, 80), (5000,)]), start([(80, 80), (5000,)])
    ours, torchs = torch_optim.RMSprop(params, compile=compile), torch.optim.RMSprop(twins)
    sizes, init = [], rules.RMSprop.init
    monkeypatch.setattr(rules.RMSprop, "init", lambda rule, theta: sizes.append(theta.numel()) or init(rule, theta))
    for step in range(9):
        for group in (*ours.param_groups, *torchs.param_groups):
            group.update(momentum=0.9 * (step > 2), centered=step > 5)
        for p, twin in zip(params, twins, strict=True):
            p.grad = torch.sin(step + p.detach())
            twin.grad = p.grad.clone()
            if step == 6:  # torch begins it with the first step only
                torchs.state[twin]["grad_avg"] = torch.zeros_like(twin)
            if step == 3:
                torchs.state[twin]["momentum_buffer"] = torch.zeros_like(twin)
        ours.step()
        torchs.step()
        torch.testing.assert_close(params, twins, rtol=1e-12, atol=1e-12)
    # v, the buffer and the average of g began once each, with all their numbers; in between one number was asked.
    assert sorted(size for size in sizes if size > 1) == sorted(3 * [6400, 5000])


class Swapping(rules.Rule):
    """Two averages that change places, over and over; θ is read after its new value is known."""

    class State(NamedTuple):
        a: Any
        b: Any

    change = staticmethod(lambda a, b: (b, a))

    def update(self, g, theta, state, t):
        a, b = self.change(*state)
        new = theta - self.lr * g
        return new, self.State(a, b - theta)


def test_a_result_never_overwrites_what_is_still_to_be_read():
    rule = Swapping(lr=0.1)
    with pytest.raises(TypeError, match="under another name"):
        Tape(rule, 1)
    rule.__dict__["change"] = lambda a, b: (2.0 * b, 3.0 * a)
    g, theta, a, b = (torch.full((5,), x, dtype=torch.float64) for x in (1.0, 2.0, 3.0, 5.0))
    Tape(rule, 1).run_on_pieces(2, [g, theta, a, b])
    assert [x[4].item() for x in (g, theta, a, b)] == pytest.approx([1.0, 1.9, 10.0, 7.0])


def test_a_division_by_nothing_gives_what_tensors_give():
    rule = Swapping(lr=0.1)
    rule.__dict__["change"] = lambda a, b: (b + a / (0.0 * b), a + b / 2.0)
    values = [torch.full((5,), x, dtype=torch.float64) for x in (1.0, 2.0, 3.0, 5.0)]
    theta, new = rule.update(values[0], values[1], rule.State(*values[2:]), 1)
    found = [x.clone() for x in values]
    Tape(rule, 1).run_on_pieces(2, found)
    torch.testing.assert_close(found[1:], (theta, *new), rtol=0, atol=0)
    assert found[2].isinf().all()


def test_nothing_of_a_step_stays_in_memory_after_it():
    p = torch.nn.Parameter(torch.ones(10_000))
    p.grad = torch.ones_like(p)
    optimizer, made = torch_optim.AdamW([p]), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "Tape", lambda *args: made.append(weakref.ref(tape := Tape(*args))) or tape)
        for _ in range(3):
            optimizer.step()
    assert len(made) == 3
    assert [tape() for tape in made] == [None] * 3


def operation(kind, x, y, c):
    """One of the things that rules do with tensors x, y and a number c."""
    if kind < 4:
        return (x + y, x - y, 0.3 * (x * y), x / (abs(y) + 1.0))[kind]
    return (c * x, c - x, x - c * y, c * (x * y) + x, (1 - c) * x + c * y, 2.0 * x - (x / c) / (3.0 * abs(y) + 1.0),
            0.5 * (x / 2.0) - 0.75 * y)[kind - 4]


class Anything(rules.Rule):
    """A dozen operations drawn by ``seed``; some fields stay as they are, some share a value."""

    class State(NamedTuple):
        a: Any
        b: Any

    def update(self, g, theta, state, t):
        draw, values = random.Random(self.seed), [g, theta, *state]
        for _ in range(draw.randint(4, 12)):
            values.append(operation(draw.randrange(11), draw.choice(values), draw.choice(values), draw.uniform(-1, 1)))
        old, new = values[1:4], values[4:]
        theta, a, b = (kept if draw.random() < 0.15 else draw.choice(new) for kept in old)
        return theta, self.State(a, b)


def test_five_hundred_random_rules_are_replayed_without_treading_on_their_own_numbers():
    generator = torch.Generator().manual_seed(0)
    for seed in range(500):
        rule = Anything()
        rule.__dict__["seed"] = seed
        g, theta, *state = torch.randn(4, 5, generator=generator, dtype=torch.float64)
        expected, new = rule.update(g, theta, rule.State(*state), 1)
        found = [x.clone() for x in (g, theta, *state)]
        Tape(rule, 1).run_on_pieces(2 + 3 * (seed % 2), found)
        torch.testing.assert_close(found, (g, expected, *new), rtol=1e-9, atol=1e-9, equal_nan=True)


def test_a_rule_that_cannot_be_recorded_runs_as_it_reads():
    class Clipped(rules.SGD):
        def update(self, g, theta, state, t):
            return theta - self.lr * torch.where(g > 0.5, 0.5, g), state

    class ClippedOptimizer(torch_optim.SGD):
        rule_types = (Clipped,)

        def rule(self, group):
            return Clipped(lr=group["lr"])

    p = torch.nn.Parameter(torch.zeros(2**22))
    p.grad = torch.linspace(0, 1, 2**22)
    ClippedOptimizer([p], lr=1.0).step()
    assert torch.equal(p, -p.grad.clamp(max=0.5))


def test_bfloat16_is_rounded_after_each_operation_in_long_tensors_too(monkeypatch):
    short, long = start([(64, 64)]), start([(64, 64)])
    for params, block in ((short, 10_000), (long, 1000)):
        params[0].data = params[0].data.bfloat16()
        monkeypatch.setattr(plain, "_block_size", lambda p, block=block: block)
        optimizer = torch_optim.AdamW(params, lr=0.1)
        for _ in range(3):
            params[0].grad = params[0].detach() / 3
            optimizer.step()
    assert torch.equal(short[0], long[0])


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
