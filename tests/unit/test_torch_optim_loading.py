"""Loading a checkpoint: hooks run as torch runs them; what is another rule's or shape's is refused with a sentence."""

import copy
import inspect
import io

import numpy as np
import pytest
import torch
from variant_runs import BASICS, RULES, walk

from adamkit import torch_optim
from adamkit.torch_optim.tensors import state_keys

every_rule = pytest.mark.parametrize("name", RULES)


def trained(name, shapes, **options):
    """Named parameters, and the optimizer after three steps on them."""
    params = {key: torch.nn.Parameter(torch.ones(shape)) for key, shape in shapes.items()}
    optimizer = getattr(torch_optim, name)(list(params.items()), **options)
    walk(params.values(), optimizer, 3)
    return params, optimizer


def by_name(optimizer, saved):
    """A pre-hook as torch's documentation has it: the saved memories in the order of today's names."""
    group, = saved["param_groups"]
    names = optimizer.param_groups[0]["param_names"]
    places = [group["param_names"].index(name) for name in names]
    state = {i: saved["state"][place] for i, place in enumerate(places) if place in saved["state"]}
    return {"state": state, "param_groups": [{**group, "param_names": names}]}


@every_rule
@pytest.mark.parametrize("shapes", [{"a": (70, 70), "b": (70, 70)}, {"a": (66, 70), "b": (70, 80)}],
                         ids=["same", "other"])
def test_a_hook_before_loading_may_put_memories_in_another_order(name, shapes):
    params, optimizer = trained(name, shapes)
    saved = copy.deepcopy(optimizer.state_dict())
    others = {key: torch.nn.Parameter(params[key].detach().clone()) for key in ("b", "a")}
    second = getattr(torch_optim, name)(list(others.items()))
    second.register_load_state_dict_pre_hook(by_name)
    second.load_state_dict(saved)
    walk(params.values(), optimizer, 2, seed=1)
    walk([others[key] for key in params], second, 2, seed=1)
    for key, p in params.items():
        assert torch.equal(p, others[key])


def test_a_hook_may_take_away_what_the_optimizer_has_not_and_one_afterwards_finds_the_loaded_state():
    p = torch.nn.Parameter(torch.ones(3, dtype=torch.float64))
    before = torch.optim.Adam([p], amsgrad=True)
    walk([p], before, 2)
    after, seen = torch_optim.LAMB([torch.nn.Parameter(torch.ones(3, dtype=torch.float64))]), []

    def fitting(optimizer, saved):
        kept = {key: value for key, value in saved["state"][0].items() if key != "max_exp_avg_sq"}
        return {"state": {0: kept}, "param_groups": [{**optimizer.defaults, "params": [0]}]}

    after.register_load_state_dict_pre_hook(fitting)
    after.register_load_state_dict_post_hook(lambda optimizer: seen.append(dict(optimizer.state[q])))
    q, = after.param_groups[0]["params"]
    after.load_state_dict(before.state_dict())
    assert torch.equal(seen[0]["exp_avg"], before.state[p]["exp_avg"])


def test_a_hook_afterwards_finds_single_numbers_and_bytes_as_they_were_saved():
    for name, key, dtype in (("Adam8bit", "state1", torch.uint8), ("ScheduleFreeAdamW", "weight_sum", torch.float64)):
        _, optimizer = trained(name, {"a": (70, 70)})
        again, seen = getattr(torch_optim, name)([torch.nn.Parameter(torch.ones(70, 70))]), []
        again.register_load_state_dict_post_hook(
            lambda o, key=key, seen=seen: seen.extend(m[key].dtype for m in o.state.values()))
        again.load_state_dict(optimizer.state_dict())
        assert seen == [dtype]


def twins(loading, saved):
    """Whether nothing in a checkpoint of ``saved`` tells it from one of ``loading``: options, values, what it keeps.

    torch has SGD's forms in one class. With nothing remembered yet options alone tell, and an argument that a class
    has of its own may be absent from the checkpoint of another.
    """
    needed = loading.defaults.keys() - loading.own_options - {"maximize", "decoupled_weight_decay"}
    foreign = inspect.signature(type(saved)).parameters.keys() | saved.fixed_options.keys()
    kept = {key for kind in loading.rule_types for key in [*state_keys(kind).values(), "step"]}
    found = {key for memory in saved.state.values() for key in memory}
    values = loading.fixed_options | loading.defaults | saved.defaults
    return (needed <= saved.defaults.keys() and foreign & saved.defaults.keys() <= loading.defaults.keys()
            and found <= kept and ("step" in found or not found or not loading.rule_types[0].counts_steps)
            and all(values[key] == value for key, value in loading.fixed_options.items()))


def test_of_the_first_seven_only_torchs_one_class_has_twins():
    made = {}
    for name in BASICS:
        p = torch.nn.Parameter(torch.ones(2, 3))
        made[name] = getattr(torch_optim, name)([p])
        walk([p], made[name], 1)
    found = {(one, two) for one in BASICS for two in BASICS if one != two and twins(made[one], made[two])}
    assert found == {("SGD", "Nesterov"), ("Momentum", "SGD")}


@every_rule
@pytest.mark.parametrize("kept", [True, False], ids=["with state", "before the first step"])
def test_each_optimizer_takes_its_own_checkpoint_and_refuses_those_of_all_others(name, kept):
    for other in RULES:
        p = torch.nn.Parameter(torch.ones(2, 3))
        saved = getattr(torch_optim, other)([p])
        if kept:
            walk([p], saved, 1)
        loading = getattr(torch_optim, name)([torch.nn.Parameter(torch.ones(2, 3))], lr=0.125)
        if other == name:
            for _ in range(2):
                loading.load_state_dict(saved.state_dict())
        elif not twins(loading, saved):
            with pytest.raises(ValueError, match=f"^{name}: .*(another optimizer|is not what {name} does)"):
                loading.load_state_dict(saved.state_dict())
            assert loading.param_groups[0]["lr"] == 0.125
            assert not loading.state


def test_a_checkpoint_of_parameters_of_another_shape_is_refused_and_nothing_changes():
    _, optimizer = trained("AdamW", {"a": (3, 4)})
    loading = torch_optim.AdamW([torch.nn.Parameter(torch.ones(4, 3))])
    with pytest.raises(ValueError, match=r"exp_avg of parameter 0 has the shape \(3, 4\), and the parameter now"):
        loading.load_state_dict(optimizer.state_dict())
    assert not loading.state
    two = torch_optim.AdamW([torch.nn.Parameter(torch.ones(3, 4)) for _ in range(2)])
    with pytest.raises(ValueError, match=r"groups of \[1\] parameters, and the optimizer of \[2\]"):
        two.load_state_dict(optimizer.state_dict())
    with pytest.raises(ValueError, match="this is no optimizer's state dict"):
        two.load_state_dict({"model": 1})


def test_what_users_and_schedulers_put_into_a_group_does_not_make_a_checkpoint_another_rules():
    params = {"a": torch.nn.Parameter(torch.ones(3))}
    make = lambda: torch_optim.AdamW([{"params": params.values(), "name": "head", "momentum": 0.5}])
    optimizer = make()
    torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=5)
    walk(params.values(), optimizer, 1)
    make().load_state_dict(optimizer.state_dict())


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, np.longdouble, np.array],
                         ids=lambda kind: kind.__name__)
def test_numbers_of_numpy_are_plain_in_a_checkpoint(kind):
    params = {"a": torch.nn.Parameter(torch.ones(3))}
    optimizer = torch_optim.AdamW(params.values(), lr=kind(0.125), betas=(kind(0.5), 0.99), weight_decay=kind(0.25))
    torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: kind(np.cos(step / 9)))
    walk(params.values(), optimizer, 1)
    file = io.BytesIO()
    torch.save(optimizer.state_dict(), file)
    file.seek(0)
    group, = torch.load(file, weights_only=True)["param_groups"]
    assert (group["lr"], group["betas"], group["weight_decay"]) == (0.125, (0.5, 0.99), 0.25)
    assert {type(group["lr"]), type(group["betas"][0]), type(group["initial_lr"])} == {float}


def test_a_buffer_that_was_none_and_numbers_that_were_plain_in_old_checkpoints_begin_now():
    p = torch.nn.Parameter(torch.ones(3))
    optimizer = torch_optim.SGD([p])
    saved = {"state": {0: {"momentum_buffer": None}}, "param_groups": optimizer.state_dict()["param_groups"]}
    optimizer.load_state_dict(saved)
    optimizer.param_groups[0]["momentum"] = 0.9
    walk([p], optimizer, 2)
    assert optimizer.state[p]["momentum_buffer"].shape == (3,)
    nadam = torch_optim.NAdam([p])
    walk([p], nadam, 1)
    old = copy.deepcopy(nadam.state_dict())
    old["state"][0] |= {"mu_product": old["state"][0]["mu_product"].item(), "step": 1}
    again = torch_optim.NAdam([p])
    again.load_state_dict(old)
    walk([p], again, 1)
    assert again.state[p]["step"] == 2


def test_amsgrad_switched_on_in_the_midst_begins_to_seek_the_largest_average_and_fixed_options_stay():
    p = torch.nn.Parameter(torch.ones(3, dtype=torch.float64))
    optimizer = torch_optim.AdamW([p], lr=0.1)
    walk([p], optimizer, 3)
    assert "max_exp_avg_sq" not in optimizer.state[p]
    optimizer.param_groups[0]["amsgrad"] = True
    walk([p], optimizer, 1)
    assert torch.equal(optimizer.state[p]["max_exp_avg_sq"], optimizer.state[p]["exp_avg_sq"])
    before = p.detach().clone()
    optimizer.param_groups[0]["decoupled_weight_decay"] = False
    with pytest.raises(ValueError, match="decoupled_weight_decay=False is not what AdamW does"):
        walk([p], optimizer, 1)
    assert torch.equal(p, before)
