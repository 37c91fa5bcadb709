"""The torch engine behaves as a torch optimizer: groups, closures, hooks, schedulers, scaler, copies, refusals."""

import copy
import math
import pickle

import pytest
import torch
from refusals import refused
from variant_runs import BASICS

from adamkit import rules, torch_optim

KINDS = [getattr(torch_optim, name) for name in BASICS]
MOMENTUM = {torch_optim.SGD: {"momentum": 0.9}}


def build(kind, params, **more):
    return kind(params, **{"lr": 0.01, **MOMENTUM.get(kind, {}), **more})


def model():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))


def loss_of(net):
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(16, 3, generator=generator)
    return ((net(inputs) - inputs.sum(1, keepdim=True)) ** 2).mean()


def train(net, optimizer, steps=1):
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(net).backward()
        optimizer.step()


def equal(one, two):
    return all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_torch_optimizer_that_lowers_the_loss(kind):
    net = model()
    optimizer = build(kind, net.parameters())
    assert isinstance(optimizer, torch.optim.Optimizer)
    before = loss_of(net).item()
    train(net, optimizer, 30)
    assert loss_of(net).item() < 0.9 * before


@pytest.mark.parametrize("kind", KINDS)
def test_a_closure_is_called_once_with_gradients_on_and_its_loss_returned(kind):
    net, twin = model(), model()
    optimizer, other = build(kind, net.parameters()), build(kind, twin.parameters())
    calls = []

    def closure():
        optimizer.zero_grad()
        loss = loss_of(net)
        loss.backward()
        calls.append(torch.is_grad_enabled())
        return loss

    with torch.no_grad():
        returned = optimizer.step(closure)
    train(twin, other)
    assert calls == [True]
    assert returned == loss_of(model())
    assert equal(net, twin)


@pytest.mark.parametrize("kind", KINDS)
def test_a_pickled_or_copied_run_goes_on_the_same_way(kind):
    net = model()
    optimizer = build(kind, net.parameters())
    train(net, optimizer, 3)
    twins = [copy.deepcopy((net, optimizer)), pickle.loads(pickle.dumps((net, optimizer)))]
    train(net, optimizer, 3)
    for twin, its in twins:
        train(twin, its, 3)
        assert equal(net, twin)


@pytest.mark.parametrize("kind", KINDS)
def test_hooks_run_before_and_after_the_step(kind):
    net, seen = model(), []
    optimizer = build(kind, net.parameters())
    weight = next(net.parameters())
    optimizer.register_step_pre_hook(lambda *_: seen.append(weight.detach().clone()))
    optimizer.register_step_post_hook(lambda *_: seen.append(weight.detach().clone()))
    train(net, optimizer)
    assert len(seen) == 2
    assert not torch.equal(*seen)


@pytest.mark.parametrize("kind", KINDS)
def test_a_group_added_later_is_trained_with_its_own_rate(kind):
    net = model()
    optimizer = build(kind, net[0].parameters())
    train(net, optimizer, 2)
    still = net[2].weight.detach().clone()
    optimizer.add_param_group({"params": net[2].parameters(), "lr": 0.0})
    train(net, optimizer, 2)
    assert torch.equal(net[2].weight, still)
    optimizer.param_groups[1]["lr"] = 0.1
    train(net, optimizer)
    assert not torch.equal(net[2].weight, still)


@pytest.mark.parametrize("kind", KINDS)
def test_lambda_lr_sets_the_rate_of_each_step(kind):
    net = model()
    optimizer = build(kind, net.parameters(), lr=0.5)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: step)
    before = net[0].weight.detach().clone()
    train(net, optimizer)
    assert torch.equal(net[0].weight, before)  # factor 0 at the first step
    schedule.step()
    train(net, optimizer)
    assert not torch.equal(net[0].weight, before)


def test_one_cycle_may_move_the_betas_too():
    net = model()
    optimizer = build(torch_optim.Adam, net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=10)
    seen = []
    for _ in range(9):
        seen.append(optimizer.rule(optimizer.param_groups[0]).beta1)
        train(net, optimizer)
        schedule.step()
    assert max(seen) == pytest.approx(0.95)
    assert min(seen) == pytest.approx(0.85)


@pytest.mark.parametrize("kind", KINDS)
def test_a_gradient_scaler_skips_the_step_that_overflowed(kind):
    net, twin = model(), model()
    optimizer, plain = build(kind, net.parameters()), build(kind, twin.parameters())
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**10)
    for t in range(4):
        optimizer.zero_grad()
        scaler.scale(loss_of(net) * (math.inf if t == 1 else 1)).backward()
        scaler.step(optimizer)
        scaler.update()
        if t != 1:
            train(twin, plain)
    assert scaler.get_scale() == 2.0**9
    torch.testing.assert_close([*net.parameters()], [*twin.parameters()], rtol=1e-4, atol=1e-6)


def test_named_parameters_keep_their_names():
    optimizer = torch_optim.Adam(model().named_parameters())
    assert optimizer.state_dict()["param_groups"][0]["param_names"][0] == "0.weight"


def test_readings_tell_what_the_state_means_now():
    net = model()
    optimizer = build(torch_optim.Adam, net.parameters())
    assert optimizer.readings(net[0].weight) == {}
    train(net, optimizer, 3)
    p = net[0].weight
    readings = optimizer.readings(p)
    torch.testing.assert_close(readings["m_hat"], optimizer.state[p]["exp_avg"] / (1 - 0.9**3))
    torch.testing.assert_close(readings["rate"], 0.01 / (readings["v_hat"].sqrt() + 1e-8))


def test_the_rule_of_a_group_says_what_will_be_computed():
    net = model()
    sgd = torch_optim.SGD(net.parameters(), lr=0.1)
    group = sgd.param_groups[0]
    assert type(sgd.rule(group)) is rules.SGD
    assert type(sgd.rule({**group, "momentum": 0.9})) is rules.Momentum
    assert type(sgd.rule({**group, "momentum": 0.9, "nesterov": True})) is rules.Nesterov


# Refused at the door.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lr", [-0.1, math.nan, math.inf])
def test_a_bad_rate_is_refused_when_made_added_or_set(kind, lr):
    net = model()
    with pytest.raises(ValueError, match="lr="):
        kind(net.parameters(), lr=lr)
    optimizer = build(kind, net[0].parameters())
    with pytest.raises(ValueError, match="lr="):
        optimizer.add_param_group({"params": net[2].parameters(), "lr": lr})
    assert len(optimizer.param_groups) == 1
    before = net[0].weight.detach().clone()
    optimizer.param_groups[0]["lr"] = lr
    with pytest.raises(ValueError, match="lr="):
        train(net, optimizer)
    assert torch.equal(net[0].weight, before)


ONES = [torch.nn.Parameter(torch.ones(3))]
test_what_is_not_allowed_is_refused_in_a_sentence = refused(
    (lambda: torch_optim.Adam(ONES, betas=(0.9, 1.0)), r"Adam: beta2=1\.0"),
    (lambda: torch_optim.Adam(ONES, betas=0.9), TypeError, r"betas=0\.9 must be a pair"),
    (lambda: torch_optim.AdamW(ONES, eps=-1), "AdamW: eps=-1"),
    (lambda: torch_optim.AdamW(ONES, weight_decay=-1), "AdamW: weight_decay=-1"),
    (lambda: torch_optim.RMSprop(ONES, alpha=1.0), "RMSprop: beta2=1"),
    (lambda: torch_optim.SGD(ONES, nesterov=True), "nesterov needs momentum > 0"),
    (lambda: torch_optim.SGD(ONES, momentum=0.9, dampening=0.1, nesterov=True), "dampening=0"),
    (lambda: torch_optim.Momentum(ONES, form="nesterov"), "is not one of"),
    (lambda: torch_optim.Adam([]), "empty parameter list"),
    (lambda: torch_optim.Adam([torch.zeros(2, dtype=torch.cfloat)]), TypeError, "complex64"),
    (lambda: torch_optim.Adam([torch.zeros(2, dtype=torch.int64)]), TypeError, "int64"),
    (lambda: torch_optim.Adam([torch.ones(3, 2), torch.ones(2, 3)], lr=torch.ones(3)),
     r"params\[1\] must have a leading axis of 3, and its shape is \(2, 3\)"),
    (lambda: torch_optim.Adam(ONES, amsgrad=True, correct_m=False), "amsgrad=True needs both correct"),
    (lambda: torch_optim.AMSGrad([{"params": ONES, "amsgrad": False}]), "amsgrad=False is not what AMS"),
    (lambda: torch_optim.Muon(ONES, ns_coefficients=(1, 2)), "must be a tuple of 3 finite numbers"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_sparse_gradients_are_refused_before_anything_changes(kind):
    dense, table = torch.nn.Parameter(torch.ones(3)), torch.nn.Embedding(5, 2, sparse=True)
    optimizer = build(kind, [dense, table.weight])
    dense.grad = torch.ones(3)
    table(torch.tensor([1])).sum().backward()
    with pytest.raises(RuntimeError, match=r"the gradient of params\[1\] is sparse"):
        optimizer.step()
    assert (dense == 1).all()


@pytest.mark.parametrize(("now", "match"), [(torch.ones(2), r"the parameter torch.float32 \(2,\)"),
                                            (torch.ones(3, dtype=torch.float64), "the parameter torch.float64")])
def test_a_gradient_left_from_before_the_parameter_changed_is_refused(now, match):
    p = torch.nn.Parameter(torch.ones(3))
    optimizer = torch_optim.Adam([p])
    p.grad = torch.ones(3)
    p.data = now
    with pytest.raises(ValueError, match=rf"the gradient of params\[0\] is torch.float32 \(3,\), and {match}"):
        optimizer.step()
