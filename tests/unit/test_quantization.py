"""Eight bits: the table, the blocks, what they cost, and Adam on them."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from refusals import each, refused
from variant_runs import gap, gradients, run_numpy, run_torch, starts

from adamkit import optim, quantization, rules, torch_optim
from adamkit.quantization import dequantize, dynamic_map, linear_map, quantize
from adamkit.training import ensembles, tasks

TABLES = {"m": dynamic_map(signed=True), "v": dynamic_map(signed=False)}


def lognormal_v(size, seed=0):
    """g² of coordinates whose scales are log-normal, as those of a network are: σ = 1.5, in powers of e."""
    rng = np.random.default_rng(seed)
    return ((np.exp(1.5 * rng.normal(size=size)) * rng.normal(size=size)) ** 2).astype(np.float32)


def there_and_back(x, code, **options):
    return dequantize(*quantize(x, code, **options), code, **options)


def lost(v, code, block):
    """(share sent to zero, median relative error)."""
    y = there_and_back(v, code, block=block)
    return (y == 0).mean(), np.median(abs(y - v) / v)


def test_the_dynamic_tables_are_the_published_ones():
    signed, unsigned = (np.array(TABLES[name].values) for name in "mv")
    for table in (signed, unsigned):
        assert len(np.unique(table)) == 256
        assert np.array_equal(np.sort(table), table)
        assert {0.0, 1.0} <= set(table)
    assert signed[0] == pytest.approx(-0.9929688, rel=1e-6)
    assert signed[signed > 0][0] == pytest.approx(5.5e-7, rel=1e-6)
    assert unsigned[1] == pytest.approx(3.25e-7, rel=1e-6)
    assert np.array_equal(np.sort(-signed[signed < 0]), signed[(signed > 0) & (signed < 1)])


@pytest.mark.parametrize("signed", [True, False])
def test_the_dynamic_tables_are_those_of_bitsandbytes(signed):
    functional = pytest.importorskip("bitsandbytes.functional")
    theirs = functional.create_dynamic_map(signed=signed).numpy()
    assert np.allclose(dynamic_map(signed=signed).values, theirs, rtol=2e-7, atol=1e-12)


@pytest.mark.parametrize("signed", [True, False])
def test_the_linear_tables_are_even_and_know_zero(signed):
    table = np.array(linear_map(signed=signed).values)
    assert len(table) == 256
    assert 0.0 in table
    assert 1.0 in table
    assert np.ptp(np.diff(table)) < 1e-7


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("block", [7, 256, 5000])
def test_every_number_becomes_the_nearest_value_of_the_table_times_its_blocks_largest(name, block):
    x = lognormal_v(1000) * (np.random.default_rng(1).choice([-1, 1], 1000) if name == "m" else 1)
    x = x.astype(np.float32)
    codes, scale = quantize(x, TABLES[name], block=block)
    assert codes.dtype == np.uint8
    assert scale.dtype == np.float32
    assert len(scale) == -(-1000 // block)
    table = np.array(TABLES[name].values)
    for i in range(0, 1000, block):
        piece = x[i : i + block].astype(float)
        largest = abs(piece).max()
        assert scale[i // block] == np.float32(largest)
        distances = abs(piece[:, None] / largest - table)
        chosen = distances[np.arange(len(piece)), codes[i : i + block]]
        assert (chosen <= distances.min(axis=1) + 1e-7).all()


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("shape", [(1,), (255,), (257,), (3, 300), (2, 3, 512)])
def test_numpy_and_torch_give_the_same_bytes_and_scales(name, shape):
    x = lognormal_v(shape)
    codes, scale = quantize(x, TABLES[name])
    on_torch = quantize(torch.tensor(x), TABLES[name])
    assert np.array_equal(codes, on_torch[0].numpy())
    assert np.array_equal(scale, on_torch[1].numpy())
    assert on_torch[0].dtype == torch.uint8
    back = dequantize(codes, scale, TABLES[name])
    assert np.array_equal(back, dequantize(*on_torch, TABLES[name]).numpy())
    assert back.shape == shape


@settings(max_examples=50)
@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=40), st.integers(1, 50), st.integers(-20, 20))
def test_packing_does_not_see_the_unit_of_measurement(numbers, block, power):
    x = np.array([n if abs(n) > 1e-6 else 0.0 for n in numbers], dtype=np.float32)
    codes, scale = quantize(x, TABLES["m"], block=block)
    again, scaled = quantize(x * np.float32(2.0**power), TABLES["m"], block=block)
    assert np.array_equal(codes, again)
    assert np.array_equal(scale * np.float32(2.0**power), scaled)


@settings(max_examples=50)
@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=40), st.integers(1, 50))
def test_what_is_packed_twice_is_the_same_once_more(numbers, block):
    # −1 is not in the table, so blocks are given a positive largest number.
    x = np.array([*numbers, 2e6], dtype=np.float32)[::-1].copy()
    once = there_and_back(x, TABLES["m"], block=len(x))
    assert np.allclose(there_and_back(once, TABLES["m"], block=len(x)), once, rtol=1e-6)


def test_relative_errors_stay_small_over_five_orders_of_magnitude():
    x = np.geomspace(1e-5, 1, 1000, dtype=np.float32)
    error = abs(there_and_back(x, TABLES["v"], block=1000) - x) / x
    assert error[x > 0.1].max() < 0.05
    assert error[x > 1e-3].max() < 0.2
    assert error.max() < 0.7


def test_zeros_stay_zeros_and_a_bad_number_spoils_its_own_block_only():
    x = np.ones(1024, dtype=np.float32)
    x[:256] = 0
    x[300], x[600] = np.nan, np.inf
    for array in (x, torch.tensor(x)):
        back = np.asarray(there_and_back(array, TABLES["m"]))
        assert (back[:256] == 0).all()
        assert np.isnan(back[256:512]).all()
        assert not np.isfinite(back[512:768]).any()
        assert (back[768:] == 1).all()


test_what_cannot_be_cut_into_blocks_is_refused = refused(
    (lambda: quantize(np.float32(1), TABLES["m"]), "needs an axis"),
    (lambda: quantize(np.zeros((3, 0)), TABLES["m"]), "needs an axis"),
    *each(lambda block: quantize(np.ones(3), TABLES["m"], block=block), "block={}", 0, 2.5, True),
)


# Why dynamic, why blocks


def test_a_linear_table_loses_most_of_v_and_a_dynamic_one_little():
    v = lognormal_v(2**18)
    zeros, error = lost(v, linear_map(signed=False), 256)
    assert zeros == pytest.approx(0.81, abs=0.01)
    assert error == 1.0
    zeros, error = lost(v, dynamic_map(signed=False), 256)
    assert zeros == pytest.approx(0.07, abs=0.005)
    assert error == pytest.approx(0.057, abs=0.003)


def test_one_scale_for_a_whole_tensor_loses_far_more_than_one_a_block():
    shares = [lost(lognormal_v(2**16, seed), dynamic_map(signed=False), 2**16)[0] for seed in range(5)]
    assert min(shares) > 0.2  # it depends on the one largest number: 0.46 for the first seed
    assert np.mean(shares) > 4 * lost(lognormal_v(2**16), dynamic_map(signed=False), 256)[0]


# 8-bit Adam


@pytest.mark.parametrize(("block", "each"), [(256, 2.03125), (2048, 2.00390625)])
def test_the_state_takes_two_bytes_a_parameter_and_eight_in_32_bits(block, each):
    p = torch.nn.Parameter(torch.ones(512, 256))
    p.grad = torch.randn(512, 256)
    taken = {}
    for optimizer in (torch_optim.Adam8bit([p], block=block), torch_optim.AdamW([p])):
        optimizer.step()
        arrays = [x for key, x in optimizer.state[p].items() if key != "step"]
        taken[type(optimizer).__name__] = quantization.state_bytes(*arrays) / p.numel()
    assert taken == {"Adam8bit": each, "AdamW": 8.0}
    on_numpy = optim.Adam8bit([np.ones((512, 256), dtype=np.float32)], block=block)
    assert quantization.state_bytes(*on_numpy.state[0]) / p.numel() == each


def test_small_tensors_stay_in_full_precision_and_walk_adamws_path():
    shapes = [(4095,), (4096,)]
    params, grads = starts(shapes), gradients(shapes, steps=20)
    packed, found = run_numpy("Adam8bit", params, grads, lr=0.02, weight_decay=0.1)
    _, adamw = run_numpy("AdamW", params, grads, lr=0.02, weight_decay=0.1)
    assert packed.state[0].m_scale is None
    assert packed.state[1].m.dtype == np.uint8
    assert np.array_equal(found[0], adamw[0])
    assert not np.array_equal(found[1], adamw[1])


def reference_8bit(theta, grads, *, lr, eps, decay, block):
    """AdamW in 64 bits, on moments that go through a search of the whole table between steps."""
    def rounded(x, table):
        out = np.empty_like(x)
        for i in range(0, len(x), block):
            piece = x[i : i + block]
            largest = abs(piece).max()
            out[i : i + block] = table[abs(piece[:, None] / (largest or 1) - table).argmin(axis=1)] * largest
        return out

    m = v = np.zeros_like(theta)
    tables = [np.array(TABLES[name].values) for name in "mv"]
    for t, (g,) in enumerate(grads, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        step = (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + eps)
        theta = theta - lr * decay * theta - lr * step
        m, v = rounded(m, tables[0]), rounded(v, tables[1])
    return theta, m, v


@pytest.mark.parametrize("eps", [1e-8, 0.3])
@pytest.mark.parametrize("block", [256, 1000])
def test_8_bit_adam_is_adamw_on_rounded_moments(eps, block):
    (theta,), grads = starts([(4100,)]), gradients([(4100,)], steps=50)
    expected, m, v = reference_8bit(theta, grads, lr=0.02, eps=eps, decay=0.1, block=block)
    hypers = {"lr": 0.02, "eps": eps, "weight_decay": 0.1, "block": block}
    mine, (found,) = run_numpy("Adam8bit", [theta], grads, **hypers)
    _, (on_torch,) = run_torch(lambda p: torch_optim.Adam8bit(p, **hypers), [theta], grads)
    readings = mine.rule.readings(mine.state[0], 50)
    # A moment within 32-bit rounding of a border may fall on the other side of it: rare, and one place away.
    for ours, theirs in ((found, expected), (on_torch, expected), (readings["m"], m), (readings["v"], v)):
        off = abs(ours - theirs) > 1e-5 * np.maximum(1, abs(theirs))
        assert off.mean() < 0.01
        assert gap([ours], [theirs]) < 0.5
    assert np.median(abs(found - expected)) < 1e-6


def test_8_bit_adam_is_bitsandbytes_up_to_its_cpu_rounding():
    """On the CPU bitsandbytes finds places through a coarse grid, so small numbers are often a place or more off.

    So the two part by far less than each parts from 32 bits, and part from 32 bits alike.
    """
    library = pytest.importorskip("bitsandbytes")
    rng = np.random.default_rng(0)
    params = [rng.normal(size=8192).astype(np.float32)]
    grads = [[(rng.normal(size=8192) + 0.3).astype(np.float32)] for _ in range(60)]
    options = {"lr": 0.02, "weight_decay": 0.1, "eps": 1e-3}
    theirs, expected = run_torch(lambda p: library.optim.Adam8bit(p, **options), params, grads)
    mine, found = run_torch(lambda p: torch_optim.Adam8bit(p, **options), params, grads)
    _, exact = run_torch(lambda p: torch.optim.AdamW(p, **options), params, grads)

    def apart(a, b):
        return float(np.sqrt(((a[0] - b[0]) ** 2).mean()))

    assert apart(found, expected) < 0.35 * apart(expected, exact)
    assert apart(found, exact) == pytest.approx(apart(expected, exact), rel=0.05)
    for key in ("state1", "state2"):
        p, q = mine.param_groups[0]["params"][0], theirs.param_groups[0]["params"][0]
        assert (mine.state[p][key] == theirs.state[q][key]).float().mean() > 0.9
        assert mine.state[p][key].dtype == theirs.state[q][key].dtype == torch.uint8


def test_training_with_8_bits_ends_where_32_bits_do():
    task, lrs = tasks.digits_mlp(hidden=(128,)), np.array([1e-3, 3e-3])
    assert rules.adam8bit.SMALL <= 64 * 128  # the first layer is packed
    ends = {}
    for kind in (rules.AdamW, rules.Adam8bit):
        history = ensembles.train(kind(lr=lrs, weight_decay=0.01), task, steps=150, seed=(0, 1, 2))
        ends[kind.__name__] = history
    losses = {name: history.test_loss[-1] for name, history in ends.items()}
    # The spread over seeds is 10% of the loss at the larger rate, and 0.2% at the smaller: there 1% is asked for.
    noise = np.maximum(losses["AdamW"].std(axis=0, ddof=1), 0.01 * losses["AdamW"].mean(axis=0))
    assert (abs(losses["AdamW"].mean(axis=0) - losses["Adam8bit"].mean(axis=0)) < noise).all()
    assert (losses["Adam8bit"] != losses["AdamW"]).any()
    assert ends["Adam8bit"].test_accuracy[-1].min() > 0.9
