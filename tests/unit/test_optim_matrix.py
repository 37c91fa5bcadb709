"""What every rule does with every kind of numbers, on both engines: precisions, shapes, sizes, memory, breaks.

The compiled step takes seconds a rule: a slice by default, all of it with ADAMKIT_FULL=1.
"""

import copy
import io
import pickle
import shutil

import numpy as np
import pytest
import torch
from slices import ordinarily
from variant_runs import RULES, gap, run_torch, takes

from adamkit import optim, rules, torch_optim

MIXED = ((), (1,), (1, 6), (5, 3), (2, 3, 2))
#: How far 4 steps may end from those in 64 bits, relative to the size of the weights.
PRECISIONS = {"float64": 1e-12, "float32": 1e-4, "float16": 0.02, "bfloat16": 0.15}
OPTIONS = {"lr": 0.05, "weight_decay": 0.1}
BETWEEN_ENGINES = {"NAdam": 1e-6}  # its product has 32 bits in torch

every_rule = pytest.mark.parametrize("name", RULES)


def data(name, *, steps=4, scale=1.0, seed=0):
    """Starting points, and one list of gradients a step, in 64 bits."""
    rng, shapes = np.random.default_rng(seed), [shape for shape in MIXED if takes(name, shape)]
    return ([np.asarray(rng.normal(size=shape)) for shape in shapes],
            [[np.asarray(scale * rng.normal(size=shape)) for shape in shapes] for _ in range(steps)])


def on_torch(name, params, grads, dtype=torch.float64, options=OPTIONS, **more):
    """(optimizer, weights in 64 bits)."""
    tensors = [torch.nn.Parameter(torch.tensor(p).to(dtype)) for p in params]
    optimizer = getattr(torch_optim, name)(tensors, **options, **more)
    for step in grads:
        for p, g in zip(tensors, step, strict=True):
            p.grad = torch.tensor(g).to(dtype)
        optimizer.step()
    return optimizer, [p.detach().double().numpy() for p in tensors]


def on_numpy(name, params, grads, dtype=np.float64, options=OPTIONS):
    arrays = [p.astype(dtype) for p in params]
    optimizer = getattr(optim, name)(arrays, **options)
    for step in grads:
        optimizer.step([g.astype(dtype) for g in step])
    return optimizer, [np.asarray(p, dtype=np.float64) for p in arrays]


@every_rule
@pytest.mark.parametrize("default", [torch.float32, torch.float64], ids=["default 32", "default 64"])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_each_precision_is_kept_and_follows_64_bits(name, precision, default):
    params, grads = data(name)
    wanted, dtype, tolerance = on_torch(name, params, grads)[1], getattr(torch, precision), PRECISIONS[precision]
    torch.set_default_dtype(default)
    try:
        optimizer, found = on_torch(name, params, grads, dtype)
    finally:
        torch.set_default_dtype(torch.float32)
    assert gap(found, wanted) < max(tolerance, BETWEEN_ENGINES.get(name, 0))
    for p, memory in optimizer.state.items():
        assert p.dtype == dtype
        assert {value.dtype for value in memory.values() if value.ndim and value.shape == p.shape} <= {dtype}
    if precision != "bfloat16":
        numpy_optimizer, found = on_numpy(name, params, grads, precision)
        assert gap(found, wanted) < max(tolerance, BETWEEN_ENGINES.get(name, 0))
        for p, state in zip(numpy_optimizer.params, numpy_optimizer.state, strict=True):
            assert {x.dtype for x in (p, *state) if x is not None and x.shape == p.shape} == {np.dtype(precision)}


#: Gradients in 32 bits: their squares vanish, or have no number any more.
SIZES = {"tiny": 1e-25, "small": 1e-12, "large": 1e12, "huge": 1e25}


@every_rule
@pytest.mark.parametrize("size", SIZES)
def test_tiny_and_huge_gradients_do_the_same_on_both_engines_and_in_torch(name, size):
    params, grads = data(name, scale=SIZES[size])
    on_arrays = on_numpy(name, params, grads, np.float32)[1]
    on_tensors = on_torch(name, params, grads, torch.float32)[1]
    same(on_arrays, on_tensors, 1e-4)
    # torch's Muon rounds to bfloat16; its Adafactor, interpolating between 0 and ∞, ends in NaN.
    if name in TORCHS and name != "Muon" and (name, size) != ("Adafactor", "huge"):
        theirs = run_torch(lambda p: TORCHS[name](p, **torchs(name)), [p.astype(np.float32) for p in params],
                           [[g.astype(np.float32) for g in step] for step in grads])[1]
        same(on_tensors, theirs, 1e-4)


TORCHS = {"SGD": torch.optim.SGD, "Momentum": torch.optim.SGD, "Nesterov": torch.optim.SGD, "Adam": torch.optim.Adam,
          "AdamW": torch.optim.AdamW, "RMSprop": torch.optim.RMSprop, "AdaGrad": torch.optim.Adagrad,
          "NAdam": torch.optim.NAdam, "RAdam": torch.optim.RAdam, "AdaMax": torch.optim.Adamax,
          "AMSGrad": torch.optim.Adam, "Adafactor": torch.optim.Adafactor, "Muon": torch.optim.Muon}


def torchs(name):
    """The options with which torch's class is the rule."""
    extra = {"Momentum": {"momentum": 0.9}, "Nesterov": {"momentum": 0.9, "nesterov": True},
             "AMSGrad": {"amsgrad": True}}
    return {**OPTIONS, **extra.get(name, {})}


def same(ours, theirs, tolerance):
    """Numbers agree, relative to their size, and what is not finite stands in the same places."""
    for a, b in zip(ours, theirs, strict=True):
        assert np.array_equal(np.isfinite(a), np.isfinite(b))
        finite = np.isfinite(a)
        np.testing.assert_allclose(a[finite], b[finite], rtol=tolerance, atol=tolerance)


#: Rules that divide by the size of the whole tensor.
BY_A_NORM = ("LAMB", "Adafactor", "Muon")


@every_rule
@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_goes_into_its_own_place_or_its_tensor_and_stays(name, poison):
    """Into the parameter at once and for good: no rule and no engine hides it."""
    params, grads = data(name, steps=5)
    clean = on_torch(name, params, grads)[1]
    grads[2][-1][(0,) * grads[2][-1].ndim] = poison
    for run in (on_torch, on_numpy):
        for steps in (3, 5):
            found = run(name, params, grads[:steps])[1]
            lost = ~np.isfinite(found[-1])
            # AdamW in 8 bits keeps so few numbers in full precision.
            own = getattr(rules, name).elementwise or name == "Adam8bit"
            assert lost.reshape(-1)[0]
            assert lost.sum() == 1 if own else lost.all() or name not in BY_A_NORM
            assert all(np.isfinite(x).all() for x in found[:-1])
        assert gap(found[:-1], clean[:-1]) < BETWEEN_ENGINES.get(name, 1e-12)  # the other tensors notice nothing
        if own:
            assert gap([found[-1].reshape(-1)[1:]], [clean[-1].reshape(-1)[1:]]) < BETWEEN_ENGINES.get(name, 1e-12)


def test_a_block_of_8_bit_moments_is_lost_as_a_whole_and_no_other():
    params, grads = [np.ones((64, 64))], [[np.full((64, 64), 0.5)] for _ in range(3)]
    grads[0][0][1, 2] = np.nan
    for run in (on_torch, on_numpy):
        lost = ~np.isfinite(run("Adam8bit", params, grads)[1][0])
        assert lost.reshape(-1, 256)[0].all()
        assert lost.sum() == 256


@every_rule
@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_bytes_in_either_order_views_and_subclasses_are_the_numbers_that_they_hold(name):
    params, grads = data(name)
    wanted = on_numpy(name, params, grads)[1]
    flat = np.concatenate([p.reshape(-1) for p in params])
    places = np.cumsum([0, *(p.size for p in params)])
    views = [flat[a:b].reshape(p.shape) for a, b, p in zip(places, places[1:], params)]
    matrices = [np.matrix(p) if p.ndim == 2 else p.copy() for p in params]
    swapped = [p.astype(">f8") for p in params]
    columns = [p.copy(order="F") for p in params]
    for arrays in (views, matrices, swapped, columns):
        optimizer = getattr(optim, name)(arrays, **OPTIONS)
        for step in grads:
            given = [np.asarray(g, dtype=p.dtype) if type(p) is np.ndarray else np.matrix(g)
                     for g, p in zip(step, arrays)]
            returned = optimizer.step([g[()] if g.ndim == 0 else g for g in given])
        assert all(a is b for a, b in zip(returned, arrays, strict=True))
        assert gap([np.asarray(p, dtype=float) for p in arrays], wanted) < 1e-12


@every_rule
def test_tensors_that_are_parts_of_one_memory_and_gradients_that_are_the_weights_are_their_numbers(name):
    params, _ = data(name)
    wanted = on_torch(name, params, [params] * 2)[1]  # what follows is compared with gradients in memory of their own
    flat = torch.tensor(np.concatenate([p.reshape(-1) for p in params]))
    parts = [x.view(p.shape) for x, p in zip(flat.split([p.size for p in params]), params)]
    tensors = [torch.nn.Parameter(x) for x in parts]
    optimizer = getattr(torch_optim, name)(tensors, **OPTIONS)
    before = flat.clone()
    for p, own in zip(tensors, params, strict=True):
        p.grad = p.detach()  # the gradient of ½‖θ‖²
        assert torch.equal(p.detach(), torch.tensor(own))
    optimizer.step()
    arrays = [p.copy() for p in params]
    getattr(optim, name)(arrays, **OPTIONS).step(arrays)
    first = on_torch(name, params, [params])[1]
    assert not torch.equal(flat, before)
    for found in ([p.detach().numpy() for p in tensors], arrays):
        assert gap(found, first) < BETWEEN_ENGINES.get(name, 1e-12)
    assert gap(wanted, first) > 0


@every_rule
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_run_broken_off_saved_and_loaded_goes_on_exactly_also_with_numbers_of_numpy(name, precision):
    params, grads = data(name, steps=8)
    dtype, options = getattr(torch, precision), {"lr": np.float32(0.05), "weight_decay": np.float64(0.1)}
    unbroken, whole = on_torch(name, params, grads, dtype, options)
    first, half = on_torch(name, params, grads[:4], dtype, options)
    file = io.BytesIO()
    torch.save(first.state_dict(), file)
    file.seek(0)
    tensors = [torch.nn.Parameter(torch.tensor(p).to(dtype)) for p in half]
    second = getattr(torch_optim, name)(tensors, lr=0.9)  # the checkpoint's own rate must win
    second.load_state_dict(torch.load(file, weights_only=True))
    for step in grads[4:]:
        for p, g in zip(tensors, step, strict=True):
            p.grad = torch.tensor(g).to(dtype)
        second.step()
    for mine, its in zip(second.state.values(), unbroken.state.values(), strict=True):
        assert {key: x.dtype for key, x in mine.items()} == {key: x.dtype for key, x in its.items()}
    assert all(np.array_equal(p.detach().numpy(), wanted) for p, wanted in zip(tensors, whole, strict=True))
    on_arrays = on_numpy(name, params, grads, precision, options)[1]
    half = on_numpy(name, params, grads[:4], precision, options)[0]
    for again in (copy.deepcopy(half), pickle.loads(pickle.dumps(half))):
        for step in grads[4:]:
            again.step([g.astype(precision) for g in step])
        assert again.t == 8
        assert all(map(np.array_equal, again.params, on_arrays))


@every_rule
def test_empty_tensors_are_refused_and_a_missing_gradient_leaves_a_parameter_alone(name):
    for make in (lambda: getattr(optim, name)([np.zeros((0, 3))]),
                 lambda: getattr(torch_optim, name)([torch.zeros(0, 3)])):
        with pytest.raises(ValueError, match=r"params\[0\] has no elements; its shape is \(0, 3\)"):
            make()
    p = torch.nn.Parameter(torch.ones(2, 3))
    optimizer = getattr(torch_optim, name)([p])
    optimizer.step()
    assert (p == 1).all()
    assert not optimizer.state
    with pytest.raises(TypeError, match=r"grads\[0\] must be a NumPy array, got NoneType"):
        getattr(optim, name)([np.ones((2, 3))]).step([None])


COMPILER = any(map(shutil.which, ("g++", "clang++", "cl")))


@pytest.mark.slow
@pytest.mark.skipif(not COMPILER, reason="torch.compile needs a C++ compiler")
@pytest.mark.parametrize("precision", ordinarily(["float32"], PRECISIONS))
@pytest.mark.parametrize("name", ordinarily(["AdamW"], RULES))
def test_the_compiled_step_does_what_the_plain_one_does(name, precision):
    torch.compiler.reset()
    params, grads = data(name)
    grads[-1][-1][0] = np.nan
    dtype = getattr(torch, precision)
    same(on_torch(name, params, grads, dtype, compile=True)[1], on_torch(name, params, grads, dtype)[1],
         {"float64": 1e-9, "float32": 1e-4}.get(precision, 0.05))
