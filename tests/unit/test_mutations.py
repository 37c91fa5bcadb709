"""No solution that was altered mechanically passes its checker, but for those that still do the same.

In the ordinary run a fixed sample of the altered solutions is tried for each exercise; with ADAMKIT_FULL=1, every
one. When a new exercise fails here, its checker has let a wrong solution through: add a case that tells the two apart.
Only when no case can, add the label to EQUIVALENT, with the reason.
"""

import inspect

import pytest
from mutants import altered_values, mutants
from slices import FULL

from adamkit.practice import catalogue
from adamkit.practice.exercises import Exercise, NumberExercise

SAMPLE = 10  # of each exercise in the ordinary run

CHECKED = [e for e in catalogue.everything("EXERCISES") if isinstance(e, Exercise)]
NUMBERS = [e for e in CHECKED if isinstance(e, NumberExercise)]
#: Judged by what they find, so that another search may be as right; see test_exercise_budget.
SEARCHES = {"07-tune"}
CODE = [e for e in CHECKED if e not in NUMBERS and e.key not in SEARCHES
        and (inspect.isfunction(e.solution_code) or inspect.isclass(e.solution_code))]

ZERO_BLOCK = "used only for a block of zeros, whose code is the table's 0 at any scale"
NORM = "a norm is never negative"
SYMMETRIC = "a Hessian is symmetric"
LENGTH = "the length of v does not matter, as long as it stays within the range of floats"
MIRROR = "the other sign in the middle turns z into −z, and |z| stays"
SIGNS = "a positive factor on every v, or a root or square of them all, turns no bracket's sign"
WATCH = ("def watch(name):; ; def look(module, given, output):; if not torch.isfinite(output).all():; "
         "bad.append(name); return look")
BEFORE = "both come before the backward pass, and neither needs the other"
#: Exercise → label of an altered solution → why it is no other solution.
EQUIVALENT = {
    "01-minibatch-gradient": {
        "return X[rows].T @ residual / len(rows) → return X[rows].T @ residual / len(residual)":
            "there is one residual for each row of the batch",
    },
    "01-power-iteration": {
        "v = H @ v → v = v @ H": SYMMETRIC,
        **{f"return v @ H @ v / (v @ v) → return {other} / (v @ v)": SYMMETRIC
           for other in ("v @ (v @ H)", "H @ v @ v")},
        "v = v / np.linalg.norm(v) → v = v / np.linalg.norm(H)": LENGTH,
        "v = H @ v; v = v / np.linalg.norm(v) → v = v / np.linalg.norm(v); v = H @ v": LENGTH,
    },
    "02-roots": {
        "return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max() → "
        "return np.abs(np.roots([1, -(eta_lam - (1 + beta)), beta])).max()": MIRROR,
        "return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max() → "
        "return np.abs(np.roots([1, 1 + beta - eta_lam, beta])).max()": MIRROR,
    },
    "02-nesterov": {
        f"self.b = [np.zeros_like(p) for p in params] → self.b = [np.zeros_like({name}) for p in params]":
            "a plain zero takes the shape of the first gradient that is added to it"
        for name in ("lr", "beta")
    },
    "03-rescale": {
        "rescaled = gradients * np.array([scale, 1.0]) → rescaled = gradients * [scale, 1.0]":
            "NumPy makes an array of the list",
        "return np.abs(path(rescaled) - path(gradients)).max() → return np.abs(path(gradients) - path(rescaled)).max()":
            "|a − b| = |b − a|",
    },
    "05-param-groups": {
        "return [{'params': decayed, 'weight_decay': weight_decay}, {'params': spared, 'weight_decay': 0.0}] → "
        "return [{'params': spared, 'weight_decay': 0.0}, {'params': decayed, 'weight_decay': weight_decay}]":
            "the order of the groups means nothing",
    },
    "06-warmup-cosine": {
        "if step < warmup:; return step / warmup; progress = min((step - warmup) / (total - warmup), 1.0) → "
        "progress = min((step - warmup) / (total - warmup), 1.0); if step < warmup:; return step / warmup":
            "the progress is computed in vain during warmup",
    },
    "07-switch-rate": {
        "average = beta2 * average + (1 - beta2) * (p @ p) / -(p @ g) → "
        "average = beta2 * average + (1 - beta2) * (p @ p) / -(g @ p)": "p·g = g·p",
        "return (1 - beta1) * average / (1 - beta2 ** len(steps)) → "
        "return (1 - beta1) * average / (1 - beta2 ** len(gradients))":
            "there are as many gradients as steps",
    },
    "06-step-length": {
        "weights = (1 - beta1) * beta1 ** np.arange(t) → weights = (beta1 - 1) * beta1 ** np.arange(t)":
            "they are squared",
    },
    "06-inverse-sqrt": {
        "if step < warmup: → if step <= warmup:": "both branches give 1 at the end of warmup",
    },
    "08-trust-ratio": {
        "return size / length if size > 0 and length > 0 else 1.0 → "
        "return size / length if size != 0 and length > 0 else 1.0": NORM,
        "return size / length if size > 0 and length > 0 else 1.0 → "
        "return size / length if size > 0 and length != 0 else 1.0": NORM,
    },
    "09-pack": {
        "scale = largest if largest > 0 else 1.0 → scale = largest if largest != 0 else 1.0":
            "the largest |x| is never negative",
        **{f"scale = largest if largest > 0 else 1.0 → scale = largest if largest > 0 else {other}": ZERO_BLOCK
           for other in ("2.0", "-1.0", "10.0", "0.1", "0", "0.0")},
        **{f"scale = largest if largest > 0 else 1.0 → scale = largest if {test} else 1.0": ZERO_BLOCK
           for test in ("largest > -1", "largest >= 0", "True")},
        "codes = np.abs(x[:, None] / scale - table).argmin(axis=1) → "
        "codes = np.abs(table - x[:, None] / scale).argmin(axis=1)": "|a − b| = |b − a|",
        "codes = np.abs(x[:, None] / scale - table).argmin(axis=1) → "
        "codes = np.abs(x[:, None] / scale - table).argmin(axis=-1)": "of two axes, 1 is the last",
        "return (codes, scale * table[codes]) → return (codes, largest * table[codes])":
            "they differ for a block of zeros alone, where table[codes] is 0",
    },
    "09-newton-schulz": {
        "X = M / size if size > 0 else M → X = M / size if size != 0 else M": NORM,
        "X = 3.4445 * X - 4.775 * A @ X + 2.0315 * A @ A @ X → "
        "X = 3.4445 * X - 4.775 * A @ X + A @ (2.0315 * A) @ X": "a number goes past a matrix",
    },
    "09-enter": {
        "means = [np.mean([train(rate, seed) for seed in tuning_seeds]) for rate in rates] → "
        "means = [np.sum([train(rate, seed) for seed in tuning_seeds]) for rate in rates]":
            "every rate has as many runs, so the smallest sum is the smallest mean",
        "best = rates[int(np.argmin(means))] → best = rates[np.argmin(means)]": "NumPy's whole number is as good",
        "losses = np.array([train(best, seed) for seed in seeds]) → losses = [train(best, seed) for seed in seeds]":
            "NumPy makes an array of the list",
        "gains = np.asarray(rival) - losses → gains = rival - losses": "`rival` is an array",
        **{"return (best, gains.mean() / (gains.std(ddof=1) / np.sqrt(len(gains)))) → "
           f"return (best, gains.mean() / (gains.std(ddof=1) / np.sqrt(len({other}))))": "there are as many pairs"
           for other in ("losses", "rival", "seeds")},
    },
    "10-loop": {
        "groups = [{'params': matrices, 'weight_decay': weight_decay}, {'params': vectors, 'weight_decay': 0.0}] → "
        "groups = [{'params': vectors, 'weight_decay': 0.0}, {'params': matrices, 'weight_decay': weight_decay}]":
            "the order of the groups means nothing",
        "for group in optimizer.param_groups:; group['lr'] = peak * schedule(step); optimizer.zero_grad() → "
        "optimizer.zero_grad(); for group in optimizer.param_groups:; group['lr'] = peak * schedule(step)": BEFORE,
        "optimizer.zero_grad(); error = loss(model(inputs), targets) → "
        "error = loss(model(inputs), targets); optimizer.zero_grad()": BEFORE,
        "optimizer.step(); losses.append(error.item()) → losses.append(error.item()); optimizer.step()":
            "the loss is known before the step",
        "losses.append(error.item()) → losses.append(error)": "a loss may be a tensor of one number",
        "optimizer.zero_grad() → model.zero_grad()": "the optimizer has all parameters of the model",
    },
    "10-accumulate": {
        "return sum((len(y) / total * gradient(X, y) for X, y in parts)) → "
        "return sum((len(X) / total * gradient(X, y) for X, y in parts))": "X has as many rows as y",
        "total = sum((len(y) for X, y in parts)) → total = sum((len(X) for X, y in parts))": "X has as many rows as y",
    },
    "10-largest-batch": {
        "good, bad = (bad, 2 * bad) → good, bad = (good, 2 * bad)": "bisecting from 0 takes one try more",
        "good, bad = (0, 1) → good, bad = (0, 2)": "beginning with two rows saves a try",
        "while bad - good > 1: → while bad - good != 1:": "good stays below bad",
        "middle = (good + bad) // 2 → middle = (good + bad) / 2": "halves of a power of two are whole until the end",
    },
    "13-brackets": {
        **{f"v = beta2 * v + (1 - beta2) * g_t ** 2 → v = beta2 * v + {other}g_t ** 2": SIGNS
           for other in ("", "(1 + beta2) * ", "1 * beta2 * ", "1 / beta2 * ", "1 ** beta2 * ", "1 * ", "beta2 * ",
                         "(2 - beta2) * ", "(10 - beta2) * ")},
        **{"return int((np.diff(np.sqrt(v_hat * t)) < 0).sum()) → "
           f"return int((np.diff({other}) < 0).sum())": SIGNS for other in ("v_hat * t", "np.square(v_hat * t)")},
        "return int((np.diff(np.sqrt(v_hat * t)) < 0).sum()) → return (np.diff(np.sqrt(v_hat * t)) < 0).sum()":
            "NumPy's whole number is as good as Python's",
        "v_hat = np.array(kept) / (1 - beta2 ** t) → v_hat = kept / (1 - beta2 ** t)":
            "NumPy makes an array of the list",
        "t = np.arange(1, len(g) + 1) → t = np.arange(1, len(g) + 0.1)": "the range ends after the same number",
    },
    "13-regret": {
        "return (np.sum(slopes * x) + np.abs(np.sum(slopes))) / len(x) → "
        "return (np.sum(slopes * x) + np.abs(np.sum(slopes))) / len(slopes)": "both have the length T",
    },
    "11-mup-groups": {
        "factor = small.shape[1] / p.shape[1] if p.ndim >= 2 else 1.0 → "
        "factor = small.shape[1] / p.shape[1] if small.ndim >= 2 else 1.0": "both models have the same layers",
    },
    "11-noise-scale": {
        f"{size}_square = np.mean(np.sum({size}_gradients ** 2, axis=1)) → "
        f"{size}_square = np.mean(np.sum({size}_gradients ** 2, axis=-1))": "of two axes, 1 is the last"
        for size in ("small", "large")
    },
    "12-first-non-finite": {
        f"bad = []; ; {WATCH} → ; {WATCH}; bad = []": "the list is there before a hook is called",
    },
    "12-update-ratio": {
        "ratios.append(np.linalg.norm(new - old) / length if length > 0 else np.nan) → "
        "ratios.append(np.linalg.norm(old - new) / length if length > 0 else np.nan)": "a length has no sign",
        "ratios.append(np.linalg.norm(new - old) / length if length > 0 else np.nan) → "
        "ratios.append(np.linalg.norm(new - old) / length if length != 0 else np.nan)": NORM,
        "return np.array(ratios) → return ratios": "a list of numbers is as good",
    },
    "12-two-lines": {
        "first_loss = cross_entropy(model(inputs), targets).item() → "
        "first_loss = cross_entropy(model(inputs), targets)": "a tensor of one number is as good",
    },
}  # fmt: skip
#: Altered solutions that do differ and still pass: cases are missing. This list should be empty.
GAPS: dict[str, set[str]] = {}


def sample(exercise):
    """All altered solutions, or a share of them, spread evenly over the text and the same in every run."""
    everything = mutants(exercise.source())
    return everything if FULL else everything[:: -(-len(everything) // SAMPLE)]


@pytest.mark.timeout(9000)
@pytest.mark.parametrize("exercise", CODE, ids=lambda e: e.key)
def test_an_altered_solution_does_not_pass(exercise, workshop):
    name = exercise.solution_code.__name__
    tried = {m.label: workshop.verdict(exercise.key, m.source, name) for m in sample(exercise)}
    print(exercise.key, {kind: list(tried.values()).count(kind) for kind in sorted(set(tried.values()))})
    assert len(tried) >= 5
    known = set(EQUIVALENT.get(exercise.key, ())) | GAPS.get(exercise.key, set())
    assert {label for label, kind in tried.items() if kind == "passed"} - known == set()


@pytest.mark.parametrize("exercise", NUMBERS, ids=lambda e: e.key)
def test_an_altered_number_does_not_pass(exercise):
    wrong = list(altered_values(exercise.solution_code))
    # What the tolerance cannot tell from the answer is the answer: the negative of zero, twice zero.
    different = [(name, value) for name, value in wrong if not same(exercise, value)]
    print(exercise.key, len(different))
    assert len(different) >= 5
    assert [name for name, value in different if exercise.check(value).passed] == []


def same(exercise, value):
    import numpy as np

    right, value = np.asarray(exercise.solution_code, float), np.asarray(value, float)
    return right.shape == value.shape and bool(exercise.tolerance.close(right, value).all())


@pytest.mark.parametrize("key", sorted(EQUIVALENT))
def test_what_is_listed_as_equivalent_is_made_and_does_pass(key, workshop):
    exercise = catalogue.find("EXERCISES", key)
    made = {m.label: m.source for m in mutants(exercise.source())}
    for label in (*EQUIVALENT[key], *GAPS.get(key, ())):
        assert label in made, label
        assert workshop.verdict(key, made[label], exercise.solution_code.__name__) == "passed", label


ADD = "def add(a, b):\n    total = a + b\n    return total\n"


def test_the_tool_makes_the_slips_it_is_for():
    labels = {m.label for m in mutants("def f(x, y):\n    m = max(x - 1, y[0])\n    return np.sqrt(m)\n")}
    for after in ("max(x + 1, y[0])", "max(1 - x, y[0])", "max(x - 0, y[0])", "max(x - 10, y[0])", "max(y - 1, y[0])",
                  "max(x - 1, y[1])", "max(x - 1, y)", "min(x - 1, y[0])", "max(x, y[0])"):
        assert f"m = max(x - 1, y[0]) → m = {after}" in labels, after
    assert "return np.sqrt(m) → return m" in labels
    assert "return np.sqrt(m) → return np.square(m)" in labels
    assert "return np.sqrt(m) → pass" in labels


def test_the_tool_makes_each_slip_once_and_never_the_original():
    sources = [m.source for m in mutants(ADD)]
    assert len(sources) == len(set(sources))
    assert ADD.strip() not in {source.strip() for source in sources}


def test_a_solution_that_never_ends_is_killed_and_the_next_is_tried(workshop, monkeypatch):
    import mutant_trials

    monkeypatch.setattr(mutant_trials, "PATIENCE", 3)
    endless = "def average_gradient(gradients):\n    a = []\n    a += [a] * 20\n    return np.array(a, dtype=float)\n"
    workshop.verdict("00-average", "def average_gradient(gradients):\n    return 1\n", "average_gradient")
    # Where the checker has a process of its own to end, it ends it itself.
    assert workshop.verdict("00-average", endless, "average_gradient") in {"endless", "error"}
    right = catalogue.find("EXERCISES", "00-average")
    assert workshop.verdict("00-average", right.source(), "average_gradient") == "passed"
