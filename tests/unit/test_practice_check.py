"""What a checker says to whatever a reader may hand in; and that it always says something."""

from array import array
from collections import deque
from fractions import Fraction

import numpy as np
import pytest

from adamkit import practice
from adamkit.lessons.nb04.exercises import Adam
from adamkit.practice import judging
from adamkit.practice.cases import Case
from adamkit.practice.exercises import Exercise, Mistake


def check_step(function, **options):
    return practice.exercise("01-gd-step").check(function, **options)


def check_adam(attempt, **options):
    return practice.exercise("04-adam").check(attempt, **options)


def test_a_pass_says_how_much_was_checked_and_is_true():
    verdict = check_step(lambda theta, gradient, lr: theta - lr * gradient)
    assert verdict
    assert verdict.text() == "✓ 01-gd-step: passed (12 cases, 44 numbers)"


@pytest.mark.parametrize(
    "rearranged", [lambda x, g, lr: -g * lr + x, lambda x, g, lr: np.subtract(x, np.multiply(lr, g))]
)
def test_any_arrangement_of_the_same_arithmetic_passes(rearranged):
    assert check_step(rearranged).passed


def test_adam_in_the_form_of_torch_passes():
    class Rearranged(Adam):
        def step(self, grads):
            self.t += 1
            for i, g in enumerate(grads):
                self.m[i] += (1 - self.beta1) * (g - self.m[i])
                self.v[i] += (1 - self.beta2) * (g**2 - self.v[i])
                denominator = np.sqrt(self.v[i]) / (1 - self.beta2**self.t) ** 0.5 + self.eps
                np.subtract(
                    self.params[i], self.lr / (1 - self.beta1**self.t) * self.m[i] / denominator, out=self.params[i]
                )

    assert check_adam(Rearranged).passed


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda x, g, lr: np.zeros(3).sort(), "is a `return` missing?"),
        (lambda x, g, lr: [1.0, 2.0], "gave the shape (2,) where the shape (3,) was expected"),
        (lambda x, g, lr: [[1.0], [2.0, 3.0]], "gave a list where an array of shape (3,) was expected"),
        (lambda x, g, lr: (y for y in np.atleast_1d(x)), "a comprehension in round brackets"),
        (lambda x, g, lr: "0.1", "gave a text"),
        (lambda x, g, lr: np.asarray(x - lr * g, dtype=complex), "type complex128 where real numbers"),
        (lambda x, g, lr: np.array(["a", None, 3]), "an array of type object where"),
        (lambda x, g, lr: np.asarray(x) > 0, "gave truth values"),
        (lambda x, g, lr: print, "are the brackets of a call missing?"),
        (lambda x, g, lr: np.sum(x - lr * g), "gave a plain number where the shape (3,) was expected"),
        (lambda x, g, lr: (x - lr * g)[None], "gave the shape (1, 3) where the shape (3,) was expected"),
        (lambda x, g, lr: np.asarray(x - lr * g, np.float32), "the precision was lost on the way"),
        (lambda x, g, lr: x * np.nan, "gave NaN at element 0"),
        (lambda x, g, lr: x - lr * g + 1e-6, "is the first place where your numbers part"),
    ],
)
def test_a_result_that_is_no_fitting_array_is_named(attempt, words):
    verdict = check_step(attempt)
    assert not verdict.passed
    assert words in verdict.body


def test_the_right_numbers_pass_as_a_list_as_a_tensor_and_as_fractions():
    torch = pytest.importorskip("torch")
    dresses = (np.ndarray.tolist, torch.as_tensor, np.vectorize(Fraction, otypes=[object]))
    attempts = [lambda x, g, lr, dress=dress: dress(np.asarray(x - lr * g)) for dress in dresses]
    assert all(check_step(attempt).passed for attempt in attempts)


@pytest.mark.parametrize("row", [deque, memoryview, lambda x: array("d", x), lambda x: dict(enumerate(x)).values()])
def test_the_right_numbers_pass_in_whatever_holds_them_in_a_row(row):
    assert practice.exercise("02-half-life").check(row(np.array([6.58, 69.0, 693.0]))).passed


def test_the_first_difference_comes_with_case_step_and_both_numbers():
    class Late(Adam):
        def step(self, grads):
            super().step(grads)
            if self.t == 3 and len(self.params) == 2:
                self.params[1][0, 1] = 7.0

    verdict = check_adam(Late)
    assert verdict.kind == "wrong"
    assert "two parameters of one shape" in verdict.body
    assert "Step 3, parameter 1" in verdict.body
    assert "gave 7 at element (0, 1) where" in verdict.body


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (3.0, "it was given a value of type float"),
        (np.ones(3), "it was given a value of type ndarray"),
        (lambda theta: theta, "your signature is (theta)".capitalize()),
        (lambda: 1, "Your signature is ()"),
    ],
)
def test_what_cannot_be_called_is_explained(attempt, words):
    verdict = check_step(attempt)
    assert verdict.kind == "error"
    assert words in verdict.body


def test_an_optimizer_handed_in_as_an_instance_is_explained():
    assert "the class itself" in check_adam(Adam([np.ones(2)])).body


def test_a_class_without_step_is_explained():
    class Stepless:
        def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
            pass

    assert "no method `step(grads)`" in check_adam(Stepless).body
    assert "no method `step(grads)`" in check_adam(lambda params, **hypers: list(params).sort(key=id)).body


def test_an_error_comes_with_type_message_and_the_line_of_the_reader():
    def helper(x):
        return x + np.ones(17)  # the line that raises

    verdict = check_step(lambda x, g, lr: helper(x) if np.ndim(x) else x)
    assert verdict.kind == "error"
    assert "`ValueError`" in verdict.body
    assert "return x + np.ones(17)  # the line that raises" in verdict.body
    assert "could not be broadcast" in verdict.body
    assert "a vector" in verdict.body


@pytest.mark.parametrize(
    "error", [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), MemoryError("full"), StopIteration()]
)
def test_no_exception_gets_out(error):
    def attempt(x, g, lr):
        raise error

    verdict = check_step(attempt)
    assert verdict.kind == "error"
    assert f"`{type(error).__name__}`" in verdict.body


def test_endless_recursion_is_an_error_like_any_other():
    def attempt(x, g, lr):
        return attempt(x, g, lr)

    assert "RecursionError" in check_step(attempt).body


def test_hostile_objects_do_no_harm():
    class Hostile:
        def __getattribute__(self, name):
            raise RuntimeError("do not look at me")

        def __repr__(self):
            raise RuntimeError("do not print me")

    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("no message")

    def raise_mute(x, g, lr):
        raise Mute

    assert check_step(Hostile()).kind == "error"
    assert check_step(lambda x, g, lr: Hostile()).kind in {"error", "wrong"}
    assert "could not be read" in check_step(raise_mute).body


def test_an_error_message_with_markup_is_shown_and_not_obeyed():
    def attempt(x, g, lr):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in check_step(attempt).html()


def test_a_stub_with_an_open_place_inside_is_unfinished_and_says_where():
    def attempt(theta, gradient, lr):
        step = ...
        return theta - step

    verdict = check_step(attempt)
    assert verdict.kind == "open"
    assert "line" in verdict.body


@pytest.mark.parametrize(
    "body", ["...", "pass", "return", "return None", "return ...", "'''Doc.'''", "raise NotImplementedError"]
)
def test_every_kind_of_stub_counts_as_not_attempted(body):
    space = {}
    exec(f"def attempt(theta, gradient, lr):\n    {body}", space)
    assert check_step(space["attempt"]).text() == "○ 01-gd-step: not attempted yet"


def twin_exercise(**others):
    cases = [Case("two", {"x": 2.0}), Case("three, alone", {"x": 3.0}, alone="So it is the three.")]
    return Exercise("00-twins", "", "", lambda x: x, lambda rng: cases, **others)


def test_where_two_mistakes_give_the_same_numbers_both_are_said():
    mistakes = [Mistake("doubled", "You double.", lambda x: 2 * x), Mistake("other", "No.", lambda x: x + 7),
                Mistake("added to itself", "You add x again.", lambda x: x + x)]  # fmt: skip
    verdict = twin_exercise(mistakes=mistakes).check(lambda x: x * 2)
    assert verdict.title == "Not yet: doubled or added to itself"
    assert "You double." in verdict.body
    assert "You add x again." in verdict.body
    assert "No." not in verdict.body


def test_a_mistake_that_foretells_every_case_is_named_rather_than_one_that_crashes_in_some():
    def crashes(x):
        return 2 * x if x == 2 else x / 0

    mistakes = [Mistake("crashes", "", crashes), Mistake("doubled", "", lambda x: 2 * x)]
    assert twin_exercise(mistakes=mistakes).check(lambda x: 2 * x).mistake == "doubled"


def test_what_only_one_kind_of_case_shows_is_told():
    assert "So it is the three." in twin_exercise().check(lambda x: x if x < 3 else 0).body
    assert "So it is the three." not in twin_exercise().check(lambda x: 0).body


@pytest.mark.parametrize(
    ("answer", "said"), [([7, 69, 693], "rounded to whole steps"), ([6.93, 69.3, 693], "ln 2/(1−β)")]
)
def test_of_two_numbers_within_the_tolerance_the_nearer_is_named(answer, said):
    assert practice.exercise("02-half-life").check(answer).mistake == said


def test_a_step_that_leaves_all_as_it_was_is_told_every_way_to_do_that():
    class Lost(Adam):
        def step(self, grads):
            self.t += 1

    for key in ("02-nesterov", "03-adagrad", "03-rmsprop", "04-adam", "05-adamw"):
        verdict = practice.exercise(key).check(lambda params, **hypers: Lost(params))
        assert verdict.mistake == "the parameters never moved"
        assert "never subtracted" in verdict.body


def test_a_parameter_in_no_group_is_told_so():
    def groups(model, weight_decay):
        named = list(model.named_parameters())
        return [{"params": [p for n, p in named if p.ndim >= 2 and "embed" not in n], "weight_decay": weight_decay},
                {"params": [p for _, p in named if p.ndim < 2], "weight_decay": 0.0}]  # fmt: skip

    body = practice.exercise("05-param-groups").check(groups).body
    assert "your code gave no decay, for it is in no group, where a number was expected." in " ".join(body.split())
    none = [{"params": [], "weight_decay": None}]
    body = practice.exercise("05-param-groups").check(lambda model, weight_decay: none).body
    assert "is None; torch needs a number" in body


def test_a_modified_input_is_found_though_the_numbers_are_right():
    def attempt(theta, gradient, lr):
        theta -= lr * gradient
        return theta

    verdict = check_step(attempt)
    assert verdict.mistake == "input modified"
    assert "theta" in verdict.body


def test_a_modified_gradient_is_found():
    class Spoils(Adam):
        def step(self, grads):
            super().step(grads)
            for g in grads:
                g *= 0

    verdict = check_adam(Spoils)
    assert verdict.mistake == "input modified"
    assert "gradient 0 at step 1" in verdict.body


def test_state_in_the_class_body_is_found():
    class Remembers(Adam):
        steps = []

        def step(self, grads):
            self.steps.append(1)
            self.t = len(self.steps) - 1
            super().step(grads)

    verdict = check_adam(Remembers)
    assert verdict.mistake == "not repeatable"
    assert "class body" in verdict.body


def test_random_results_are_found():
    rng = np.random.default_rng()
    assert check_step(lambda x, g, lr: x - lr * g + rng.normal()).mistake == "not repeatable"


def test_shared_state_is_named_also_when_other_shapes_crash():
    class Shared(Adam):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.m, self.v = [self.m[0]] * len(self.m), [self.v[0]] * len(self.v)

    assert check_adam(Shared).mistake == "state shared between parameters"


def test_an_attempt_that_always_crashes_is_not_taken_for_a_known_mistake():
    def attempt(beta, t):
        raise ZeroDivisionError("on purpose")

    assert practice.exercise("04-bias-correction").check(attempt).kind == "error"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([np.ones((4, 3)), np.ones(3)], "x=arrays of shapes (4, 3), (3,)"),
        ([np.ones(3)] * 2, "x=2 arrays of shape (3,)"),
        ([(np.ones(2), np.ones(2))], "x=1 item"),
        ({"lr": 0.1, "batch": 32}, "x={lr: 0.1, batch: 32}"),
        ([0.5, 2], "x=[0.5, 2]"),
        (lambda x: x, ""),
    ],
)
def test_a_case_is_described_by_what_its_arguments_are(value, words):
    assert judging.describe(Case("it", {"x": value})) == (f"it (`{words}`)" if words else "it")
