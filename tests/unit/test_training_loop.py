"""`fit`: what a step does, what it measures, and how a hand acts on it while it runs."""

import math
import os
import random
import signal
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from refusals import refused

from adamkit import schedules, torch_optim
from adamkit.training import Control, Watcher, fit, tasks
from adamkit.training.models import MLP

pytestmark = pytest.mark.usefixtures("one_thread")


def small_task(dtype=torch.float64):
    return tasks.digits_mlp(hidden=(8,), rows=96).to(dtype=dtype)


def trained(steps=12, *, task=None, optimizer=torch_optim.AdamW, lr=1e-2, **options):
    """(weights as one vector, history) of a small run."""
    task = task or small_task()
    model = task.fresh_model(0)
    history = fit(model, task, optimizer(model.parameters(), lr=lr), steps=steps,
                  **{"batch_size": 24, "device": "cpu", **options})
    return torch.cat([p.detach().flatten() for p in model.parameters()]), history


class Noting(Watcher):
    def __init__(self):
        self.records, self.evaluations, self.closed = [], [], []

    def on_step(self, record):
        self.records.append(record)

    def on_evaluation(self, step, values):
        self.evaluations.append((step, values))

    def close(self, history):
        self.closed.append(history)


class Doing(Watcher):
    """Does something once, after one step."""

    def __init__(self, step, action):
        self.step, self.action = step, action

    def on_step(self, record):
        if record.step == self.step:
            self.action()


# What a step does


def test_a_run_is_the_loop_that_one_would_write_by_hand():
    task = small_task()
    by_hand = task.fresh_model(0)
    optimizer = torch.optim.AdamW(by_hand.parameters(), lr=1e-2)
    losses, norms = [], []
    for step in range(12):
        epoch, place = divmod(step, 96 // 24)
        rows = np.random.default_rng((0, epoch)).permutation(96)[24 * place : 24 * place + 24]
        optimizer.zero_grad()
        loss = task.loss(by_hand(task.data.x_train[rows]), task.data.y_train[rows])
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(by_hand.parameters(), 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    weights, history = trained(optimizer=torch.optim.AdamW, clip=1.0)
    assert torch.equal(weights, torch.cat([p.detach().flatten() for p in by_hand.parameters()]))
    assert history.loss.tolist() == losses
    assert history.grad_norm.tolist() == norms
    assert max(norms) > 1 > min(norms), "the clip acted on some steps only, so the test sees both"


@pytest.mark.parametrize("accumulate", [2, 5])
def test_accumulated_micro_batches_are_one_big_batch(accumulate):
    """24 rows in 5 parts are parts of 5 and of 4: each counts by its rows. The clip acts on the sum."""
    whole, history = trained(clip=0.5)
    parts, other = trained(clip=0.5, accumulate=accumulate)
    torch.testing.assert_close(parts, whole, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(other.loss, history.loss, rtol=1e-12)
    np.testing.assert_allclose(other.grad_norm, history.grad_norm, rtol=1e-12)
    assert (history.grad_norm > 0.5).any()


def test_batches_from_elsewhere_are_joined_by_their_rows():
    task = small_task()
    x, y = task.data.x_train, task.data.y_train
    parts = [(x[:7], y[:7]), (x[7:24], y[7:24])]
    one, two = (task.fresh_model(0) for _ in range(2))
    fit(one, [(x[:24], y[:24])], torch_optim.SGD(one.parameters(), lr=0.1), steps=5, device="cpu")
    fit(two, parts, torch_optim.SGD(two.parameters(), lr=0.1), steps=5, accumulate=2, device="cpu")
    torch.testing.assert_close([*one.parameters()], [*two.parameters()], rtol=1e-12, atol=1e-14)


def test_a_function_a_list_and_a_loader_give_the_same_run():
    task = small_task()
    pairs = [(task.data.x_train[i : i + 24], task.data.y_train[i : i + 24]) for i in range(0, 96, 24)]
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(task.data.x_train, task.data.y_train), 24)
    found = []
    for batches in (pairs, loader, lambda number: pairs[number % 4]):
        model = task.fresh_model(0)
        found.append(fit(model, batches, torch_optim.AdamW(model.parameters()), steps=9, device="cpu").loss.tolist())
    assert found[0] == found[1] == found[2]


def test_an_iterator_that_runs_dry_is_refused_with_the_number_of_batches():
    task = small_task()
    model = task.fresh_model(0)
    pairs = iter([(task.data.x_train[:4], task.data.y_train[:4])] * 3)
    with pytest.raises(ValueError, match="ended after 3 batches"):
        fit(model, pairs, torch_optim.AdamW(model.parameters()), steps=4, device="cpu")


def test_the_rate_follows_the_schedule_and_is_given_back():
    task = small_task()
    model = task.fresh_model(0)
    optimizer = torch_optim.AdamW([{"params": [p], "lr": lr} for p, lr in zip(model.parameters(), (1, 2, 3, 4))])
    schedule = schedules.warmup_cosine(warmup=3, total=10)
    history = fit(model, task, optimizer, steps=10, schedule=schedule, batch_size=24, device="cpu")
    np.testing.assert_allclose(history.rate, schedule(np.arange(10)), rtol=1e-15)
    assert [group["lr"] for group in optimizer.param_groups] == [1, 2, 3, 4]


def test_a_torch_scheduler_gives_the_same_run_as_the_function_it_was_made_from():
    def run(make):
        task = small_task()
        model = task.fresh_model(0)
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
        return fit(model, task, optimizer, steps=8, schedule=make(optimizer), batch_size=24, device="cpu")

    schedule = schedules.warmup_linear(warmup=2, total=8)
    ours, theirs = run(lambda optimizer: schedule), run(schedule.as_lambda_lr)
    assert ours.rate.tolist() == theirs.rate.tolist()
    assert ours.loss.tolist() == theirs.loss.tolist()


def test_the_update_ratio_is_the_move_over_the_size():
    """Of plain SGD without momentum: ‖Δθ‖ = lr ‖g‖, so the ratio gives back ‖θ‖."""
    task = small_task()
    size = torch.cat([p.detach().flatten() for p in task.fresh_model(0).parameters()]).norm().item()
    _, history = trained(steps=4, optimizer=torch_optim.SGD, lr=0.5, ratio_every=3)
    assert history.update_ratio[0] == pytest.approx(0.5 * history.grad_norm[0] / size, rel=1e-12)
    assert np.isnan(history.update_ratio).tolist() == [False, True, True, False]


def test_measuring_changes_nothing():
    quiet, _ = trained(ratio_every=1000, evaluate=lambda model: {})
    busy, _ = trained(ratio_every=1, evaluate_every=1, evaluate=lambda model: {"noise": torch.rand(()).item()})
    assert torch.equal(quiet, busy)


def test_bf16_keeps_the_weights_in_float32_and_learns():
    weights, history = trained(steps=40, task=small_task(torch.float32), amp="bf16")
    _, exact = trained(steps=40, task=small_task(torch.float32))
    assert weights.dtype == torch.float32
    assert history.loss.tolist() != exact.loss.tolist(), "autocast did nothing"
    np.testing.assert_allclose(history.loss, exact.loss, rtol=0.1)
    assert history.loss[-1] < history.loss[0] / 2


def test_the_seed_decides_dropout_and_leaves_the_readers_random_numbers_alone():
    task = small_task()
    dropping = tasks.Task("with dropout", task.data, lambda: torch.nn.Sequential(MLP((64, 8)), torch.nn.Dropout(),
                                                                                torch.nn.Linear(8, 10)))
    torch.manual_seed(5)
    before = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist())  # noqa: NPY002
    one, two, three = (trained(task=dropping, seed=seed)[1].loss.tolist() for seed in (1, 1, 2))
    after = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist())  # noqa: NPY002
    assert one == two != three
    assert before == after


def test_a_schedule_free_optimizer_is_evaluated_at_its_average_and_trained_at_y():
    task = small_task()
    model = task.fresh_model(0)
    optimizer = torch_optim.ScheduleFreeAdamW(model.parameters(), lr=0.01)
    seen = []

    def look(model):
        seen.append(optimizer.param_groups[0]["train_mode"])
        return {}

    fit(model, task, optimizer, steps=4, evaluate=look, evaluate_every=2, batch_size=24, device="cpu")
    assert seen == [False, False]
    assert optimizer.param_groups[0]["train_mode"] is True


def test_evaluation_happens_in_evaluation_mode_without_gradients_when_due_and_at_the_end():
    modes = []

    def look(model):
        modes.append((model.training, torch.is_grad_enabled()))
        return {"rows": 3}

    _, history = trained(steps=7, evaluate=look, evaluate_every=3)
    assert modes == [(False, False)] * 3
    assert history.evaluations == [(3, {"rows": 3.0}), (6, {"rows": 3.0}), (7, {"rows": 3.0})]


def test_a_task_measures_its_own_test_rows():
    task = small_task()
    model = task.fresh_model(0)
    history = fit(model, task, torch_optim.AdamW(model.parameters(), lr=1e-2), steps=60, batch_size=24, device="cpu")
    steps, loss = history.evaluated("test_loss")
    assert steps.tolist() == list(range(6, 61, 6))
    outputs = model(task.data.x_test)
    assert loss[-1] == pytest.approx(task.loss(outputs, task.data.y_test).item(), rel=1e-12)
    right = (outputs.argmax(-1) == task.data.y_test).double().mean().item()
    assert history.evaluated("test_accuracy")[1][-1] == pytest.approx(right, rel=1e-12)


def test_text_counts_its_characters_and_images_their_rows():
    text = tasks.next_character(context=8, width=8, layers=1)
    model = text.fresh_model(0)
    last = fit(model, text, torch_optim.AdamW(model.parameters()), steps=2, batch_size=4, evaluate=lambda model: {},
               device="cpu")[-1]
    assert last.tokens_per_second == pytest.approx(8 * last.examples_per_second)
    assert last.memory > 1e6
    assert last.seconds > 0


@pytest.mark.slow
def test_a_compiled_model_gives_the_same_losses():
    linear = tasks.digits_mlp(hidden=(), rows=96)  # little to compile
    plain, compiled = (trained(steps=6, compile=compile, task=linear, evaluate_every=6)[1] for compile in (False, True))
    np.testing.assert_allclose(compiled.loss, plain.loss, rtol=1e-5)


# A hand on it


def test_stopping_ends_the_run_after_the_step():
    control = Control()
    noting = Noting()
    _, history = trained(steps=50, control=control, watchers=[Doing(5, control.stop), noting])
    assert (history.ended, len(history), len(noting.records)) == ("stopped", 5, 5)
    assert noting.closed == [history]


def test_the_rate_factor_acts_from_the_next_step_on():
    control = Control()
    _, history = trained(steps=6, lr=0.01, control=control,
                         watchers=[Doing(3, lambda: setattr(control, "rate_factor", 0.5))])
    assert history.rate.tolist() == [0.01] * 3 + [0.005] * 3


def test_a_paused_run_waits_and_its_clock_stands_still(monkeypatch):
    control, clock = Control(), SimpleNamespace(now=0.0)
    monkeypatch.setattr("adamkit.training.readout.time", SimpleNamespace(perf_counter=lambda: clock.now))

    def go_on():
        clock.now += 1000
        control.resume()

    def pause():
        control.pause()
        threading.Timer(0.2, go_on).start()

    quiet, _ = trained()
    paused, history = trained(control=control, watchers=[Doing(4, pause)])
    assert clock.now == 1000  # the run did not end before it was told to go on
    assert history.seconds[-1] == 0
    assert history.ended == "finished"
    assert torch.equal(paused, quiet)


def test_a_paused_run_can_be_stopped():
    control = Control()

    def pause():
        control.pause()
        threading.Timer(0.1, control.stop).start()

    _, history = trained(steps=50, control=control, watchers=[Doing(4, pause)])
    assert (history.ended, len(history)) == ("stopped", 4)


def test_the_keyboards_interrupt_ends_the_run_between_two_steps():
    before = signal.getsignal(signal.SIGINT)
    _, history = trained(steps=50, watchers=[Doing(7, lambda: os.kill(os.getpid(), signal.SIGINT))])
    assert (history.ended, len(history)) == ("interrupted", 7)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_press_ends_it_wherever_it_is(monkeypatch):
    monkeypatch.setattr("adamkit.training.control.ONE_PRESS", 0.0)
    closed = Noting()

    def press():
        signal.raise_signal(signal.SIGINT)
        time.sleep(0.01)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("the second press was held back")

    _, history = trained(steps=50, watchers=[Doing(7, press), closed])
    assert (history.ended, len(history)) == ("interrupted", 7)
    assert closed.closed == [history]


def test_watchers_are_closed_when_the_training_fails():
    noting = Noting()

    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        trained(watchers=[Doing(3, fail), noting])
    assert [history.ended for history in noting.closed] == [None]
    assert len(noting.closed[0]) == 3


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, "2", True])
def test_a_rate_factor_that_is_no_positive_number_is_refused(value):
    control = Control()
    with pytest.raises(ValueError, match="rate_factor="):
        control.rate_factor = value
    assert control.rate_factor == 1


def test_a_control_is_as_new_after_a_reset():
    control = Control(rate_factor=3)
    control.stop()
    control.pause()
    control.reset()
    assert (control.paused, control.stopped, control.rate_factor) == (False, False, 1.0)


# What is refused


test_what_is_not_allowed_is_named_with_what_is = refused(
    (lambda: trained(steps=-1), "steps=-1 must be a whole number ≥ 0"),
    (lambda: trained(steps=2.5), "steps=2.5"),
    (lambda: trained(steps=3, accumulate=0), "accumulate=0 must be a whole number ≥ 1"),
    (lambda: trained(steps=3, accumulate=25), "accumulate=25 must be at most 24"),
    (lambda: trained(steps=3, batch_size=97), "batch_size=97 must be from 1 to 96"),
    (lambda: trained(steps=3, clip=0), "clip=0 must be a finite number > 0"),
    (lambda: trained(steps=3, clip=math.nan), "clip=nan"),
    (lambda: trained(steps=3, amp="fp16"), "amp='fp16' must be None or 'bf16'"),
    (lambda: trained(steps=3, amp="bf16"), "amp='bf16' with float64 parameters"),
    (lambda: trained(steps=3, evaluate_every=0), "evaluate_every=0"),
    (lambda: trained(steps=3, checkpoint_every=3), "checkpoint_every=3 needs checkpoint="),
    (lambda: trained(steps=3, resume=True), "resume=True needs checkpoint="),
    (lambda: trained(steps=3, seed=-1), "seed=-1"),
    (lambda: trained(steps=3, device="tpu"), "device='tpu' must be 'auto'"),
    (lambda: trained(steps=3, schedule=lambda step: -1.0), "schedule: the factor at step 0 is -1.0"),
)


def test_optimizers_and_schedules_that_do_not_fit_the_loop_are_refused():
    task = small_task()
    model, other = task.fresh_model(0), task.fresh_model(1)
    with pytest.raises(ValueError, match="4 of its parameters are not the model's"):
        fit(model, task, torch_optim.AdamW(other.parameters()), steps=1)
    with pytest.raises(TypeError, match="LBFGS"):
        fit(model, task, torch.optim.LBFGS(model.parameters()), steps=1)
    optimizer = torch_optim.AdamW(model.parameters())
    with pytest.raises(TypeError, match="ReduceLROnPlateau"):
        fit(model, task, optimizer, steps=1, schedule=torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer))
    with pytest.raises(TypeError, match="batches=3 must be a Task"):
        fit(model, 3, optimizer, steps=1)
