"""``compile=True`` walks the plain path, and compiles once."""

import copy
import shutil

import pytest
import torch
from slices import ordinarily
from variant_runs import parameters, walk

from adamkit import torch_optim
from adamkit.torch_optim import graphs

COMPILER = any(map(shutil.which, ("g++", "clang++", "cl")))
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not COMPILER, reason="torch.compile needs a C++ compiler")]
KINDS = {
    "SGD": (torch_optim.SGD, {"momentum": 0.9, "dampening": 0.2}),
    "Nesterov": (torch_optim.Nesterov, {}),
    "AdaGrad": (torch_optim.AdaGrad, {"lr_decay": 0.1}),
    "RMSprop": (torch_optim.RMSprop, {"centered": True, "momentum": 0.9}),
    "Adam": (torch_optim.Adam, {"eps": 0.01}),
    "AdamW": (torch_optim.AdamW, {}),
}
SHAPES = [(), (5,), (4, 3), (2, 3, 2, 2)]


def start(shapes=SHAPES, dtype=torch.float64):
    return parameters(shapes, dtype)


def warmup(optimizer):
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, step / 20))


@pytest.mark.parametrize("name", ordinarily(["SGD", "RMSprop", "AdamW"], list(KINDS)))
def test_the_compiled_path_is_the_plain_path_under_a_schedule(name):
    kind, options = KINDS[name]
    one, other = start(), start()
    plain = kind(one, lr=0.02, weight_decay=0.1, **options)
    compiled = kind(other, lr=0.02, weight_decay=0.1, **options, compile=True)
    walk(one, plain, 50, schedule=warmup(plain))
    walk(other, compiled, 50, schedule=warmup(compiled))
    for a, b in zip(one, other, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-12)
        for key, value in plain.state[a].items():
            torch.testing.assert_close(value, compiled.state[b][key], rtol=1e-12, atol=1e-12)


def test_a_changing_step_rate_and_momentum_compile_once():
    params = start()
    optimizer = torch_optim.AdamW(params, lr=0.02, compile=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=30)
    walk(params, optimizer, 1)
    with torch.compiler.set_stance("fail_on_recompile"):
        walk(params, optimizer, 20, schedule=schedule)
    assert optimizer.state[params[0]]["step"] == 21


def test_each_optimizer_has_its_own_allowance_of_shapes():
    """torch gives up compiling a function after eight kinds of arguments, for all who share it."""
    for size in range(2, 12):
        params, twin = start([(size,)]), start([(size,)])
        walk(params, torch_optim.SGD(params, lr=0.1, compile=True), 2)  # raises once torch has given up
        walk(twin, torch_optim.SGD(twin, lr=0.1), 2)
        torch.testing.assert_close(params[0], twin[0])


def test_bfloat16_is_as_good_as_plain():
    wide, plain, compiled = start(dtype=torch.bfloat16), start(dtype=torch.bfloat16), start(dtype=torch.bfloat16)
    wide = [torch.nn.Parameter(p.detach().float()) for p in wide]
    for params, options in ((wide, {}), (plain, {}), (compiled, {"compile": True})):
        walk(params, torch_optim.Adam(params, lr=0.02, **options), 20)
    for a, b, c in zip(wide, plain, compiled, strict=True):
        torch.testing.assert_close(b.float(), a, rtol=0.05, atol=0.05)
        torch.testing.assert_close(c.float(), a, rtol=0.05, atol=0.05)


def test_batched_experiments_compile_too():
    rates = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64)
    one, other = start([(3, 4), (3, 2, 2)]), start([(3, 4), (3, 2, 2)])
    walk(one, torch_optim.Adam(one, lr=rates), 10)
    walk(other, torch_optim.Adam(other, lr=rates, compile=True), 10)
    torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)


def test_a_copy_and_a_checkpoint_go_on_compiled_and_plain():
    params = start()
    optimizer = torch_optim.AdamW(params, lr=0.02, compile=True)
    walk(params, optimizer, 5)
    twins, copied = copy.deepcopy((params, optimizer))
    assert copied.compile
    plain_params = [torch.nn.Parameter(p.detach().clone()) for p in params]
    plain = torch_optim.AdamW(plain_params)
    plain.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    assert not plain.compile
    for some, its in ((params, optimizer), (twins, copied), (plain_params, plain)):
        walk(some, its, 5, seed=3)
    for a, b, c in zip(params, twins, plain_params, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)
        torch.testing.assert_close(a, c, rtol=1e-12, atol=1e-12)


@pytest.fixture
def kernels(monkeypatch):
    """How many parameters each recorded kernel was made for, one after the other."""
    made, module = [], graphs.module
    monkeypatch.setattr(graphs, "module", lambda plan, count: made.append(count) or module(plan, count))
    return made


def test_one_kernel_serves_every_rate_and_momentum_zero_included(kernels):
    params, twins = start(SHAPES[1:]), start(SHAPES[1:])
    compiled, plain = torch_optim.AdamW(params, compile=True), torch_optim.AdamW(twins)
    for lr, beta1, decay in ((0.0, 0.9, 0.1), (0.1, 0.5, 0.1), (0.05, 0.95, 0.02), (0.0, 0.8, 0.3)):
        for optimizer, its in ((compiled, params), (plain, twins)):
            optimizer.param_groups[0].update(lr=lr, betas=(beta1, 0.99), weight_decay=decay)
            walk(its, optimizer, 3)
    assert kernels == [3]
    torch.testing.assert_close(params, twins, rtol=1e-12, atol=1e-12)


def test_other_tensors_get_another_kernel(kernels):
    """torch is told not to look again whether a kernel fits its arguments; this is what stands in for it."""
    compiled, double = torch_optim.Adam(start([(2,)]), compile=True), torch.float64
    for shape, dtype in (((4, 6), double), ((24,), double), ((25,), double), ((25,), torch.float32)):
        params, twins = start([shape], dtype), start([shape], dtype)
        plain = torch_optim.Adam(twins)
        compiled.param_groups[0]["params"] = params
        walk(params, compiled, 3)
        walk(twins, plain, 3)
        torch.testing.assert_close(params[0], twins[0], rtol=1e-6, atol=1e-6)
    assert kernels == [1, 1, 1]  # 24 numbers are 24 numbers


@pytest.mark.parametrize("strange", ["parameter", "gradient"])
def test_another_order_in_memory_takes_the_text(kernels, strange):
    params, twins = start([(4, 6)]), start([(4, 6)])
    if strange == "parameter":
        params[0].data = params[0].data.t().contiguous().t()
    compiled, plain = torch_optim.Adam(params, compile=True), torch_optim.Adam(twins)
    for step in range(3):
        g = torch.arange(24.0, dtype=torch.float64).view(4, 6) - 7 * step
        params[0].grad, twins[0].grad = (g.t().contiguous().t() if strange == "gradient" else g), g.clone()
        compiled.step()
        plain.step()
    assert kernels == []
    torch.testing.assert_close(params[0], twins[0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("strange", "match"), [
    (torch.zeros(20, dtype=torch.float64), "20"),
    (torch.zeros(40, dtype=torch.float64, device="meta"), "meta"),
])
def test_a_state_that_does_not_fit_is_refused_and_nothing_is_written_beyond_its_end(strange, match):
    params = start([(40,)])
    optimizer = torch_optim.Adam(params, compile=True)
    walk(params, optimizer, 2)
    optimizer.state[params[0]]["exp_avg"] = strange
    with pytest.raises(Exception, match=match):
        walk(params, optimizer, 1)
