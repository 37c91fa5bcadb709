"""Where torch has no such variant, or rounds: a reference of the test's own, written from the paper, in 64 bits.

Libraries that many use follow, where they are installed, with the options that make them the same algorithm.
"""

import numpy as np
import pytest
import torch
from variant_runs import MATRICES, MIXED, gap, gradients, memory_of, run_numpy, run_torch, starts

from adamkit import rules, torch_optim

TOLERANCE = 1e-12


def walk(step, params, grads):
    """Each parameter on its own through ``step(theta, g, memory, t)``, which returns theta and fills its memory."""
    thetas, memories = [p.copy() for p in params], [{} for _ in params]
    for t, gs in enumerate(grads, start=1):
        thetas = [step(theta, g, memory, t) for theta, g, memory in zip(thetas, gs, memories, strict=True)]
    return thetas, memories


def moments(g, memory, beta1, beta2):
    memory["m"] = beta1 * memory.get("m", 0) + (1 - beta1) * g
    memory["v"] = beta2 * memory.get("v", 0) + (1 - beta2) * g**2
    return memory["m"], memory["v"]


def lamb_step(theta, g, memory, t, *, eps, corrected=True, lr=0.02, decay=0.1):
    m, v = moments(g, memory, 0.9, 0.999)
    if corrected:
        m, v = m / (1 - 0.9**t), v / (1 - 0.999**t)
    u = m / (np.sqrt(v) + eps) + decay * theta
    return theta - lr * np.linalg.norm(theta) / np.linalg.norm(u) * u


def lion_step(theta, g, memory, t, *, lr=0.02, decay=0.1):
    m = memory.get("m", np.zeros_like(g))
    memory["m"] = 0.99 * m + 0.01 * g
    return theta - lr * (np.sign(0.9 * m + 0.1 * g) + decay * theta)


def schedule_free_step(theta, g, memory, t, *, eps, lr=0.02, decay=0.1, warmup=10):
    """Algorithm 1 as the paper writes it: x is kept, and y made from x and z at each step."""
    x, z = memory.get("x", theta), memory.get("z", theta)
    rate = lr * min(1, t / warmup)
    y = 0.1 * z + 0.9 * x
    assert np.allclose(y, theta, rtol=0, atol=1e-13)
    memory["v"] = 0.999 * memory.get("v", 0) + 0.001 * g**2
    z = z - rate * (g / (np.sqrt(memory["v"] / (1 - 0.999**t)) + eps) + decay * y)
    memory["sum"] = memory.get("sum", 0) + rate**2
    c = rate**2 / memory["sum"]
    memory["x"], memory["z"] = (1 - c) * x + c * z, z
    return 0.1 * z + 0.9 * memory["x"]


def muon_step(theta, g, memory, t, *, nesterov, lr=0.02, decay=0.1):
    """The polynomial applied to singular values themselves."""
    memory["b"] = 0.95 * memory.get("b", 0) + 0.05 * g
    left, s, right = np.linalg.svd(0.95 * memory["b"] + 0.05 * g if nesterov else memory["b"], full_matrices=False)
    s = s / np.sqrt((s**2).sum())
    for _ in range(5):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
    rows, columns = theta.shape
    return theta * (1 - lr * decay) - lr * max(1, rows / columns) ** 0.5 * (left * s) @ right


def amsgrad_step(theta, g, memory, t, *, form, lr=0.02, eps=1e-3):
    m, v = moments(g + 0.1 * theta, memory, 0.9, 0.999)
    if form == "v_hat":
        m, v = m / (1 - 0.9**t), v / (1 - 0.999**t)
    memory["v_max"] = np.maximum(memory.get("v_max", 0), v)
    return theta - lr * m / (np.sqrt(memory["v_max"]) + eps)


def assert_same(name, step, shapes, hypers, fields, torch_hypers=None):
    """Both engines on the reference's path, with the reference's state."""
    params, grads = starts(shapes), gradients(shapes)
    expected, memories = walk(step, params, grads)
    mine, found = run_numpy(name, params, grads, **hypers)
    assert gap(found, expected) < TOLERANCE
    for state, memory in zip(mine.state, memories, strict=True):
        assert gap([getattr(state, field) for field in fields], [memory[field] for field in fields]) < TOLERANCE
    _, through_torch = run_torch(lambda p: getattr(torch_optim, name)(p, **(torch_hypers or hypers)), params, grads)
    assert gap(through_torch, expected) < TOLERANCE
    assert gap(found, params) > 0.1


@pytest.mark.parametrize("eps", [1e-6, 0.3])
@pytest.mark.parametrize("corrected", [True, False])
def test_lamb_is_the_published_algorithm(eps, corrected):
    hypers = {"lr": 0.02, "eps": eps, "weight_decay": 0.1, "correct_m": corrected, "correct_v": corrected}
    assert_same("LAMB", lambda *a: lamb_step(*a, eps=eps, corrected=corrected), MIXED, hypers, ("m", "v"))


def test_lion_is_the_published_algorithm():
    assert_same("Lion", lion_step, MIXED, {"lr": 0.02, "weight_decay": 0.1}, ("m",))


@pytest.mark.parametrize("nesterov", [True, False])
def test_muon_applies_its_polynomial_to_the_singular_values(nesterov):
    hypers = {"lr": 0.02, "weight_decay": 0.1, "nesterov": nesterov}
    assert_same("Muon", lambda *a: muon_step(*a, nesterov=nesterov), MATRICES, hypers, ("b",))


@pytest.mark.parametrize("form", ["v_hat", "paper"])
def test_amsgrad_has_the_form_of_the_paper_and_of_optax(form):
    hypers = {"lr": 0.02, "eps": 1e-3, "weight_decay": 0.1, "form": form}
    assert_same("AMSGrad", lambda *a: amsgrad_step(*a, form=form), MIXED, hypers, ("m", "v_max"))


def warm(optimizer, t):
    optimizer.param_groups[0]["lr"] = 0.02 * min(1, t / 10)


@pytest.mark.parametrize("eps", [1e-8, 0.3])
def test_schedule_free_adamw_is_the_published_algorithm(eps):
    params, grads = starts(MIXED), gradients(MIXED)
    expected, memories = walk(lambda *a: schedule_free_step(*a, eps=eps), params, grads)
    mine, found = run_torch(lambda p: torch_optim.ScheduleFreeAdamW(p, eps=eps, weight_decay=0.1), params, grads, warm)
    assert gap(found, expected) < TOLERANCE
    for i, memory in enumerate(memories):
        state = memory_of(mine, i)
        assert gap([state["z"], state["exp_avg_sq"]], [memory["z"], memory["v"]]) < TOLERANCE
        assert state["weight_sum"] == pytest.approx(memory["sum"], rel=1e-12)
    mine.eval()
    averages = [p.detach().numpy() for p in mine.param_groups[0]["params"]]
    assert gap(averages, [memory["x"] for memory in memories]) < TOLERANCE
    mine.train()
    assert gap([p.detach().numpy() for p in mine.param_groups[0]["params"]], expected) < TOLERANCE


def test_with_a_constant_rate_the_schedule_free_average_is_the_plain_mean_of_z():
    params, grads = starts([(4,)]), gradients([(4,)])
    rule = rules.ScheduleFreeAdamW(lr=0.02)
    theta, state, path = params[0], rule.init(params[0]), []
    for t, (g,) in enumerate(grads, start=1):
        theta, state = rule.update(g, theta, state, t)
        path.append(state.z)
    assert np.allclose(rule.average(theta, state), np.mean(path, axis=0), rtol=0, atol=1e-13)


def test_lamb_moves_each_tensor_by_the_same_share_of_its_norm():
    params = [scale * p for scale, p in zip((1e-3, 1.0, 1e3), starts(MIXED))]
    _, after = run_numpy("LAMB", params, gradients(MIXED, steps=1), lr=0.02)
    shares = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(params, after)]
    assert np.allclose(shares, 0.02, rtol=1e-12)


def test_lambs_trust_ratio_is_1_where_weights_or_direction_are_zero():
    rule, g = rules.LAMB(lr=0.5, eps=0.0), np.array([2.0, -3.0])
    theta, _ = rule.update(g, np.zeros(2), rule.init(np.zeros(2)), 1)
    assert np.allclose(theta, [-0.5, 0.5])
    still, _ = rules.LAMB(lr=0.5).update(np.zeros(2), np.ones(2), rule.init(np.zeros(2)), 1)
    assert np.array_equal(still, [1.0, 1.0])


def test_after_five_newton_schulz_steps_singular_values_lie_in_a_band_around_1():
    s = np.geomspace(0.01, 1, 200)
    rng = np.random.default_rng(0)
    left, right = (np.linalg.qr(rng.normal(size=(200, 200)))[0] for _ in range(2))
    found = np.linalg.svd(rules.muon.newton_schulz((left * s) @ right), compute_uv=False)
    assert 0.3 < found.min() < found.max() < 1.25
    assert found.max() - found.min() > 0.3  # and not at 1


def test_adafactor_of_a_rank_one_square_is_exact_and_a_vector_keeps_all():
    g = np.outer([1.0, 2.0, 3.0], [1.0, 10.0])
    rule = rules.Adafactor()
    _, state = rule.update(g, np.ones((3, 2)), rule.init(np.ones((3, 2))), 1)
    assert np.allclose(rule.readings(state, 1)["v_hat"], g**2, rtol=1e-14)
    assert (state.row.shape, state.column.shape, state.v) == ((3, 1), (1, 2), None)
    assert rule.init(np.ones(5)).v.shape == (5,)


# Libraries


def test_pytorch_optimizers_lamb_agrees_where_it_is_the_same_algorithm():
    library = pytest.importorskip("pytorch_optimizer")
    # Without adam_debias it divides the *rate* by 1 − β₁ᵗ; with it nothing is corrected. It clamps ‖θ‖ at 10, and
    # adds ε to ‖u‖ too, which an ε of 1e-13 hides.
    theirs = {"weight_decouple": False, "pre_norm": False, "adam_debias": True}
    options = {"lr": 0.02, "eps": 1e-13, "weight_decay": 0.1}
    params, grads = starts(MIXED), gradients(MIXED)
    reference, expected = run_torch(lambda p: library.Lamb(p, **theirs, **options), params, grads)
    mine, found = run_torch(lambda p: torch_optim.LAMB(p, correct_m=False, correct_v=False, **options), params, grads)
    assert gap(found, expected) < 1e-11
    assert max(np.linalg.norm(p) for p in found) < 10
    for i in range(len(params)):
        for key in ("exp_avg", "exp_avg_sq"):
            assert gap([memory_of(mine, i)[key]], [memory_of(reference, i)[key]]) < 1e-11


@pytest.mark.parametrize("package", ["lion_pytorch", "pytorch_optimizer"])
def test_the_libraries_lions_agree(package):
    library = pytest.importorskip(package)
    options = {"lr": 0.02, "betas": (0.8, 0.95), "weight_decay": 0.1}
    params, grads = starts(MIXED), gradients(MIXED)
    reference, expected = run_torch(lambda p: library.Lion(p, **options), params, grads)
    mine, found = run_torch(lambda p: torch_optim.Lion(p, **options), params, grads)
    assert gap(found, expected) < TOLERANCE
    for i in range(len(params)):
        assert gap([memory_of(mine, i)["exp_avg"]], [memory_of(reference, i)["exp_avg"]]) < TOLERANCE


@pytest.mark.parametrize("eps", [1e-8, 0.3])
def test_the_authors_schedule_free_adamw_agrees(eps):
    library = pytest.importorskip("schedulefree")
    options = {"eps": eps, "weight_decay": 0.1, "betas": (0.8, 0.99)}
    params, grads = starts(MIXED), gradients(MIXED)

    def theirs(p):
        optimizer = library.AdamWScheduleFree(p, lr=0.02, warmup_steps=10, **options)
        optimizer.train()
        return optimizer

    reference, expected = run_torch(theirs, params, grads)
    mine, found = run_torch(lambda p: torch_optim.ScheduleFreeAdamW(p, **options), params, grads, warm)
    assert gap(found, expected) < TOLERANCE
    for i in range(len(params)):
        for key in ("z", "exp_avg_sq"):
            assert gap([memory_of(mine, i)[key]], [memory_of(reference, i)[key]]) < TOLERANCE
    reference.eval()
    mine.eval()
    averages = [[p.detach().numpy() for p in one.param_groups[0]["params"]] for one in (mine, reference)]
    assert gap(*averages) < TOLERANCE
    assert torch.is_grad_enabled()
