"""A checkpoint of torch.optim goes on here on the same path, and one of ours goes on in torch."""

import copy
import functools

import pytest
import torch
from torch_twins import TWINS
from variant_runs import parameters, walk

from adamkit import torch_optim

EXACT = {"rtol": 1e-12, "atol": 1e-12}
WIDENS = torch.optim.NAdam  # when it loads a checkpoint, its product of 32 bits gets 64
NESTEROV = functools.partial(torch.optim.SGD, nesterov=True)
PAIRS = {repr(twin): (twin.theirs, twin.ours, twin.options) for twin in TWINS[::2]} | {
    "Nesterov's own class": (NESTEROV, torch_optim.Nesterov, {"lr": 0.02, "momentum": 0.9}),
    "Momentum's own class": (torch.optim.SGD, torch_optim.Momentum, {"lr": 0.02, "momentum": 0.9}),
    "Adam, foreach": (functools.partial(torch.optim.Adam, foreach=True), torch_optim.Adam, {"lr": 0.02}),
    "Adam, fused": (functools.partial(torch.optim.Adam, fused=True), torch_optim.Adam, {"lr": 0.02}),
    "AdamW, AMSGrad": (torch.optim.AdamW, torch_optim.AdamW, {"amsgrad": True}),
}
pairs = pytest.mark.parametrize(("theirs", "ours", "options"), PAIRS.values(), ids=PAIRS)


def start():
    return parameters([(3, 4), (4,), ()])


def hand_over(first, second, options):
    """Params and optimizer of class ``second``, taken over from a run of ``first`` after 7 steps."""
    params = start()
    before = first(params, **options)
    walk(params, before, 7)
    taken = [torch.nn.Parameter(p.detach().clone()) for p in params]
    after = second(taken, **{**options, "lr": 0.5})  # the checkpoint's own rate must win
    after.load_state_dict(copy.deepcopy(before.state_dict()))
    return params, before, taken, after


@pytest.mark.parametrize("back", [False, True], ids=["torch's here", "ours in torch"])
@pairs
def test_a_checkpoint_goes_on_on_its_path(theirs, ours, options, back):
    params, before, taken, after = hand_over(*((ours, theirs) if back else (theirs, ours)), options)
    walk(params, before, 50, seed=3)
    walk(taken, after, 50, seed=3)
    exact = {"rtol": 1e-6, "atol": 1e-6} if theirs is WIDENS else EXACT
    torch.testing.assert_close(taken, params, **exact)


@pairs
def test_there_and_back_again_keeps_every_state_tensor(theirs, ours, options):
    _, before, taken, middle = hand_over(theirs, ours, options)
    back = theirs(taken, **options)
    back.load_state_dict(middle.state_dict())
    first, last = before.state_dict(), back.state_dict()
    for index, memory in first["state"].items():
        assert last["state"][index].keys() == memory.keys()
        for key, value in memory.items():
            found = last["state"][index][key]
            torch.testing.assert_close(found, value, rtol=0, atol=0, check_dtype=theirs is not WIDENS)
    for group, old in zip(last["param_groups"], first["param_groups"], strict=True):
        assert {key: group[key] for key in old} == old


def test_an_old_checkpoint_with_plain_step_numbers_and_fewer_options_loads():
    params = start()
    before = torch.optim.Adam(params, lr=0.02)
    walk(params, before, 3)
    old = copy.deepcopy(before.state_dict())
    for memory in old["state"].values():
        memory["step"] = 3
    for group in old["param_groups"]:
        for option in ("maximize", "foreach", "capturable", "differentiable", "fused", "decoupled_weight_decay"):
            del group[option]
    taken = [torch.nn.Parameter(p.detach().clone()) for p in params]
    after = torch_optim.Adam(taken)
    after.load_state_dict(old)
    walk(params, before, 3, seed=3)
    walk(taken, after, 3, seed=3)
    torch.testing.assert_close(taken, params, **EXACT)


@pytest.mark.parametrize(
    ("saved", "loading", "match"),
    [
        (lambda p: torch.optim.AdamW(p), torch_optim.Adam, "decoupled_weight_decay=True is not what Adam does"),
        (lambda p: torch.optim.Adam(p), torch_optim.AdamW, "decoupled_weight_decay=False is not what AdamW does"),
        (lambda p: torch.optim.Adam(p), torch_optim.AMSGrad, "amsgrad=False is not what AMSGrad does"),
        (lambda p: torch.optim.SGD(p, momentum=0.9), torch_optim.Adam, r"groups have no \['amsgrad', 'betas', 'eps'\]"),
        (lambda p: torch.optim.Adam(p), torch_optim.SGD, r"groups have no \['dampening', 'momentum', 'nesterov'\]"),
        (lambda p: torch.optim.NAdam(p), torch_optim.AdamW, r"AdamW: the checkpoint's groups have no \['amsgrad'\]"),
        (lambda p: torch.optim.RAdam(p), torch_optim.RMSprop, r"groups have no \['alpha', 'centered', 'momentum'\]"),
    ],
)
def test_a_checkpoint_of_another_rule_is_refused_and_nothing_changes(saved, loading, match):
    params = start()
    before = saved(params)
    walk(params, before, 2)
    state = before.state_dict()
    optimizer = loading(start(), lr=0.125)
    with pytest.raises(ValueError, match=match):
        optimizer.load_state_dict(state)
    assert len(optimizer.state) == 0
    assert optimizer.param_groups[0]["lr"] == 0.125


def test_a_checkpoint_with_a_value_that_is_not_allowed_is_refused():
    optimizer = torch_optim.Adam(start())
    state = optimizer.state_dict()
    state["param_groups"][0]["lr"] = float("nan")
    with pytest.raises(ValueError, match="Adam: lr=nan"):
        optimizer.load_state_dict(state)


def test_a_checkpoint_without_step_numbers_is_refused():
    params = start()
    before = torch_optim.Adam(params)
    walk(params, before, 2)
    state = copy.deepcopy(before.state_dict())
    del state["state"][1]["step"]
    with pytest.raises(ValueError, match="state has no step"):
        torch_optim.Adam(start()).load_state_dict(state)
