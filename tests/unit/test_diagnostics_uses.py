"""The monitor in unusual hands: sound trainings raise no alarm, and what is measured of them is true."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from adamkit.diagnostics import Monitor, Readings, examine


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 12), nn.Tanh(), nn.Linear(12, 3))


def loss_of(model, number, rows=16):
    generator = torch.Generator().manual_seed(number)
    inputs = torch.randn(rows, 4, generator=generator)
    outputs = model(inputs.to(next(model.parameters()).dtype)).float()
    return nn.functional.cross_entropy(outputs, inputs[:, :3].argmax(1))


def adam(module, rate=0.01):
    return torch.optim.Adam(module.parameters(), lr=rate)


def norm_of(params):
    return float(nn.utils.get_total_norm([p.grad for p in params]))


def run(model, monitor, optimizer, steps=40, *, tell=None, before=None, loss=loss_of):
    """The usual loop; ``tell(loss)`` and ``before(number)``, after the backward pass, may be the user's own."""
    told = []
    for number in range(steps):
        optimizer.zero_grad()
        value = loss(model, number)
        value.backward()
        if before:
            before(number)
        optimizer.step()
        told.append(value.item())
        (tell or (lambda value: monitor.observe(loss=value)))(value)
    return told


def silent(monitor):
    report = monitor.report()
    assert report.healthy, report
    return report


@pytest.mark.parametrize("every", [1, 2, 6])
def test_each_of_several_optimizers_is_measured_at_its_own_steps_and_may_keep_its_gradients_in_between(every):
    model = network()
    often, seldom = adam(model[0]), adam(model[2])
    monitor = Monitor(model, [often, seldom], every=every)
    for number in range(48):
        loss = loss_of(model, number)
        often.zero_grad()
        loss.backward()
        often.step()
        if number % 6 == 5:
            seldom.step()
            seldom.zero_grad()
        monitor.observe(loss=loss)
    silent(monitor)
    readings = monitor.records()
    assert np.isfinite(readings.update_ratio).sum(axis=0).tolist() == [-(-48 // every), -(-8 // every)]


@pytest.mark.parametrize("way", ["clip_", "told"])
def test_a_clip_for_one_of_two_optimizers_leaves_the_others_gradients_as_they_are(way):
    model = network()
    first, second = adam(model[0]), adam(model[2])
    monitor, norms = Monitor(model, [first, second]), []
    for number in range(20):
        first.zero_grad()
        loss_of(model, number).backward()
        if way == "clip_":
            whole = float(monitor.clip_(0.01))
        else:
            whole = float(nn.utils.clip_grad_norm_(model[0].parameters(), 0.01))
            monitor.clipped(whole, 0.01)
        own = norm_of(model[0].parameters()) / 0.01 * whole
        first.step()
        second.zero_grad()
        loss = loss_of(model, number)
        loss.backward()
        norms.append([own, norm_of(model[2].parameters())])
        second.step()
        monitor.observe(loss=loss)
    np.testing.assert_allclose(monitor.records().gradient_norm, norms, rtol=2e-3)


def test_one_clip_for_two_optimizers_is_undone_for_both():
    model = network()
    first, second = adam(model[0]), adam(model[2])
    monitor, norms = Monitor(model, [first, second]), []
    for number in range(10):
        model.zero_grad()
        loss_of(model, number).backward()
        norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), 0.01)))
        monitor.clipped(norms[-1], 0.01)
        first.step()
        second.step()
    np.testing.assert_allclose(np.sqrt(np.square(monitor.records().gradient_norm).sum(axis=1)), norms, rtol=1e-4)


def test_raising_stops_every_bad_step_and_what_is_left_out_is_no_step():
    model = network()
    optimizer = adam(model)
    monitor, taken, validated = Monitor(model, optimizer, on_nonfinite="raise"), [], {}
    for number in range(60):
        optimizer.zero_grad()
        loss = loss_of(model, number)
        loss.backward()
        if number in (20, 30, 31):
            model[0].weight.grad[0, 0] = torch.nan
        try:
            optimizer.step()
        except FloatingPointError:
            assert number in (20, 30, 31)
            continue
        taken.append(loss.item())
        monitor.observe(loss=loss)
        if number % 10 == 9:
            validated[len(taken)] = float(number)
            monitor.observe(validation=number)
    readings = monitor.records()
    assert all(torch.isfinite(p).all() for p in model.parameters())
    assert readings.step.tolist() == list(range(1, 58))
    np.testing.assert_allclose(readings.loss, taken, rtol=1e-6)
    assert {int(step): value for step, value in zip(readings.step, readings.validation) if value == value} == validated


def through_data(p, gradient):
    p.grad.data.copy_(gradient)


def through_numpy(p, gradient):
    p.grad.numpy()[...] = gradient.numpy()


@pytest.mark.parametrize("write", [through_data, through_numpy])
def test_gradients_that_are_written_where_torch_does_not_count_are_not_the_same_ones(write):
    model = network()
    params = list(model.parameters())
    for p in params:
        p.grad = torch.zeros_like(p)
    optimizer = torch.optim.SGD(params, lr=0.1)
    monitor = Monitor(model, optimizer)
    for number in range(40):
        loss = loss_of(model, number)
        for p, gradient in zip(params, torch.autograd.grad(loss, params)):
            write(p, gradient)
        optimizer.step()
        monitor.observe(loss=loss.item())
    silent(monitor)


@pytest.mark.parametrize("times", [2, 3])
def test_a_loss_that_is_told_more_than_once_counts_once(times):
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    told = run(model, monitor, optimizer, tell=lambda loss: [monitor.observe(loss=loss) for _ in range(times)])
    silent(monitor)
    np.testing.assert_allclose(monitor.records().loss, told, rtol=1e-6)


def test_a_loss_may_be_written_into_one_and_the_same_tensor():
    model, kept = network(), torch.zeros(())
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    told = run(model, monitor, optimizer, tell=lambda loss: monitor.observe(loss=kept.copy_(loss.detach())))
    silent(monitor)
    np.testing.assert_allclose(monitor.records().loss, told, rtol=1e-6)


def test_what_a_closed_monitor_is_told_is_left_aside():
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    told = run(model, monitor, optimizer)
    later = Monitor(model, optimizer)  # takes the place of the first one
    run(model, monitor, optimizer, tell=lambda loss: [monitor.observe(loss=loss), later.observe(loss=loss)])
    silent(monitor)
    assert silent(later).summary.startswith("40 steps")
    np.testing.assert_allclose(monitor.records().loss, told, rtol=1e-6)


@pytest.mark.parametrize("value", [np.float32(2), np.array(2.0), np.array([2.0]), [1.0, 3.0], torch.tensor(2), 2])
def test_a_loss_may_come_as_any_number(value):
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    run(model, monitor, optimizer, 3, tell=lambda loss: monitor.observe(
        loss=copy.copy(value), validation=value))
    assert monitor.records().loss.tolist() == monitor.records().validation.tolist() == [2.0] * 3


@pytest.mark.parametrize(("given", "problem"), [
    ({"loss": "low"}, r"loss='low' must be a number"), ({"loss": {"loss": 1.0}}, r"loss=\{'loss': 1.0\} must be"),
    ({"validation": []}, r"validation=\[\] must be"), ({"loss": torch.zeros(0)}, r"loss=tensor\(\[\]\) must be"),
    ({"batch": "7a"}, "batch='7a' must be a whole number"), ({"batch": 2.5}, "batch=2.5 must be a whole number")])
def test_what_is_no_number_is_refused_when_it_is_told(given, problem):
    model = network()
    with pytest.raises(TypeError, match=problem):
        Monitor(model, adam(model)).observe(**given)


@pytest.mark.parametrize("loss", [
    lambda model, number: 16 * loss_of(model, number), lambda model, number: loss_of(model, number) / 4,
    lambda model, number: nn.functional.cross_entropy(model(torch.ones(16, 4) * number), torch.zeros(16).long(),
                                                      reduction="sum")])
def test_chance_is_that_of_the_loss_as_it_is_made_whatever_number_of_classes_was_told(loss):
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer, classes=3)
    run(model, monitor, optimizer, loss=loss)
    report = silent(monitor)
    assert not any("knows nothing" in note for note in report.notes)


@pytest.mark.parametrize(("steps", "every"), [(8, 10), (60, 50), (40, 7)])
def test_a_warmup_that_begins_at_0_is_no_standstill_where_its_first_step_alone_was_measured(steps, every):
    model = network()
    optimizer = adam(model)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, step / 100))
    monitor = Monitor(model, optimizer, every=every)
    run(model, monitor, optimizer, steps, tell=lambda loss: [schedule.step(), monitor.observe(loss=loss)])
    silent(monitor)


@pytest.mark.parametrize("every", [1, 10])
def test_a_rate_of_0_is_a_standstill(every):
    model = network()
    optimizer = adam(model, 1 // 1000)
    monitor = Monitor(model, optimizer, every=every)
    run(model, monitor, optimizer)
    assert monitor.report().diseases == ["weights_do_not_move"]


@pytest.mark.parametrize("monitors", [1, 2])
def test_a_part_that_another_optimizer_trains_is_no_other_hand_and_takes_no_ones_place(monitors):
    model = network()
    often, seldom = adam(model[0]), adam(model[2])
    watching = [Monitor(model, optimizer, every=2) for optimizer in (seldom, often)[:monitors]]
    for number in range(60):
        model.zero_grad()
        loss = loss_of(model, number)
        loss.backward()
        often.step()
        for monitor in watching:
            monitor.observe(loss=loss)
        if number % 3 == 2:
            seldom.step()
    for monitor, steps in zip(watching, (20, 60)):
        report = silent(monitor)
        assert monitor.records().about["facts"]["steps"] == steps
        assert not any("replaced" in note or "changed between" in note for note in report.notes)


def test_half_precision_trained_by_copies_of_a_higher_one_is_sound_and_said_to_be_so():
    model = network().to(torch.bfloat16)
    params = list(model.parameters())
    kept = [p.detach().float().requires_grad_() for p in params]
    optimizer = torch.optim.Adam(kept, lr=0.01)
    monitor = Monitor(model, optimizer)
    for number in range(60):
        model.zero_grad()
        loss = loss_of(model, number)
        loss.backward()
        for p, copied in zip(params, kept):
            copied.grad = p.grad.float()
        optimizer.step()
        with torch.no_grad():
            torch._foreach_copy_(params, kept)
        monitor.observe(loss=loss)
    notes = silent(monitor).notes
    assert any("copies of a higher" in note for note in notes)
    assert not any("requires_grad_(False)" in note for note in notes)


@pytest.mark.parametrize("every", [1, 3])
def test_complex_weights_count_with_both_their_parts(every):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(4, 3, dtype=torch.cfloat))

        def forward(self, x):
            return (x.to(torch.cfloat) @ self.weight).abs()

    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor, norms = Monitor(model, optimizer, every=every), []
    start = float(model.weight.detach().norm())
    run(model, monitor, optimizer, 9, before=lambda number: norms.append(norm_of([model.weight])),
        loss=lambda model, number: model(torch.randn(8, 4)).square().mean())
    readings = monitor.records()
    np.testing.assert_allclose(readings.gradient_norm[:, 0], norms, rtol=1e-5)
    assert abs(readings.parameter_norm[0, 0] / start - 1) < 1e-5
    assert readings.about["facts"]["touched"]["count"] == 0


def test_another_models_weights_in_a_group_of_as_many_are_watched_from_then_on():
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    run(model, monitor, optimizer)
    model[0], model[2] = nn.Linear(4, 24), nn.Linear(24, 3)
    optimizer.param_groups[0]["params"] = list(model.parameters())
    run(model, monitor, optimizer)
    silent(monitor)
    whole = float(torch.cat([p.detach().flatten() for p in model[0].parameters()]).norm())
    assert abs(monitor.records().parameter_norm[-1, 0] / whole - 1) < 0.05


def test_what_was_trained_before_it_was_frozen_is_not_called_untrained():
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer, every=7)
    run(model, monitor, optimizer, before=lambda number: model[0].requires_grad_(number < 20))
    assert not any("untrained" in note for note in silent(monitor).notes)


def test_a_state_that_is_loaded_after_the_monitor_was_made_is_the_one_that_counts():
    trained = network()
    optimizer = adam(trained)
    for number in range(40):
        optimizer.zero_grad()
        loss_of(trained, number).backward()
        optimizer.step()
    model = network()
    again = adam(model)
    monitor = Monitor(model, again)
    model.load_state_dict(trained.state_dict())
    again.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    model[0].requires_grad_(False)
    run(model, monitor, again)
    about = monitor.records().about
    assert about["counted"] == 40
    assert about["facts"]["fresh"] == []
    silent(monitor)


@pytest.mark.parametrize("ill", [False, True])
def test_statistics_renewed_in_training_mode_are_told_from_a_validation_in_training_mode(ill):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 3))
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)

    def tell(loss):
        monitor.observe(loss=loss)
        if monitor.step % 10 == 0:
            with torch.no_grad():
                loss_of(model, 99)
                model.train(ill)
                monitor.observe(validation=loss_of(model, 100))
                model.train()

    run(model, monitor, optimizer, 60, tell=tell)
    assert monitor.report().diseases == ["validation_in_train_mode"] * ill


def test_readings_with_odd_numbers_in_what_is_known_of_them_survive_a_file(tmp_path):
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=torch.tensor(0.01), foreach=False,
                                 betas=(torch.tensor(0.9), torch.tensor(0.99)))
    monitor = Monitor(model, optimizer, on_nonfinite="record")
    monitor.observe(validation=float("inf"))
    run(model, monitor, optimizer, 10, before=lambda number: model[0].weight.grad.fill_(torch.inf))
    for _ in range(6):
        monitor.observe(loss=float("nan"))
    readings = monitor.records()
    np.testing.assert_allclose(readings.about["hypers"]["betas"], [0.9, 0.99], rtol=1e-6)
    for path in (readings.to_json(tmp_path / "a.json"), readings.save(tmp_path / "a.npz")):
        assert str(examine(Readings.load(path))) == str(examine(readings))


def test_a_loss_for_each_epoch_only_is_said_to_be_too_seldom():
    model = network()
    optimizer = adam(model)
    monitor = Monitor(model, optimizer)
    run(model, monitor, optimizer, 100, tell=lambda loss: monitor.step % 10 or monitor.observe(loss=loss))
    first = silent(monitor).cannot_tell[0]
    assert (first.reason, first.measure) == ("10 finite losses have no shape yet.", "Observe the loss of each step.")


@pytest.mark.parametrize("every", [1, 7])
def test_weights_that_two_optimizers_hold_are_no_other_hands_and_a_note(every):
    torch.manual_seed(0)
    model = nn.ModuleDict({"body": nn.Linear(4, 12), "one": nn.Linear(12, 3), "two": nn.Linear(12, 3)})
    both = [adam(nn.ModuleList([model["body"], model[head]])) for head in ("one", "two")]
    monitor = Monitor(model, both, every=every)
    for number in range(60):
        for head, optimizer in zip(("one", "two"), both):
            optimizer.zero_grad()
            loss = loss_of(nn.Sequential(model["body"], nn.Tanh(), model[head]), number)
            loss.backward()
            optimizer.step()
        monitor.observe(loss=loss)
    report = silent(monitor)
    assert monitor.records().about["facts"]["touched"]["count"] == 0
    assert [note for note in report.notes if "Two optimizers hold" in note] == [
        "Two optimizers hold the same weights, body.weight, body.bias: each moves them by averages of its own."]


def test_gradients_that_a_rivals_loss_leaves_behind_are_not_stale():
    torch.manual_seed(0)
    made, told = nn.Linear(4, 4), nn.Linear(4, 3)
    first, second = adam(told), adam(made)
    monitor = Monitor(nn.ModuleList([made, told]), [first, second])
    for number in range(60):
        first.zero_grad()
        loss = loss_of(told, number)
        loss.backward()
        first.step()
        second.zero_grad()
        loss_of(nn.Sequential(made, told), number).backward()  # reaches the weights of the first, too
        second.step()
        monitor.observe(loss=loss)
    silent(monitor)


@pytest.mark.parametrize("way", ["clip_", "told"])
def test_a_clip_before_the_gradients_is_named_and_the_gradients_are_those_of_the_step(way):
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor, norms = Monitor(model, optimizer), []
    for number in range(30):
        optimizer.zero_grad()
        if way == "clip_":
            monitor.clip_(0.1)
        else:
            monitor.clipped(nn.utils.clip_grad_norm_(model.parameters(), 0.1), 0.1)
        loss = loss_of(model, number)
        loss.backward()
        norms.append(norm_of(model.parameters()))
        optimizer.step()
        monitor.observe(loss=loss)
    assert monitor.report().diseases == ["clipped_too_early"]
    np.testing.assert_allclose(np.sqrt(np.square(monitor.records().gradient_norm).sum(axis=1)), norms, rtol=1e-4)


def test_noise_on_clipped_gradients_is_no_clip_too_early():
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor = Monitor(model, optimizer)

    def before(number):
        monitor.clip_(0.1)
        for p in model.parameters():
            p.grad.add_(0.3 * torch.randn_like(p))

    run(model, monitor, optimizer, before=before)
    silent(monitor)


@pytest.mark.parametrize("decay", [0.0, 2.0])
def test_frozen_weights_are_named_if_they_go_on_moving_and_not_if_their_momentum_runs_out(decay):
    model = network()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=decay)
    monitor = Monitor(model, optimizer, every=3)
    for number in range(120):
        if number == 30:
            model[0].requires_grad_(False)
        optimizer.zero_grad(set_to_none=False)
        loss = loss_of(model, number)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
    findings = monitor.report().findings
    assert [finding.symptom for finding in findings] == ["Frozen weights still move."] * bool(decay)


@pytest.mark.parametrize("reached", [1, 2])
def test_a_decay_that_reaches_one_group_of_two_is_a_note(reached):
    model = network()
    optimizer = torch.optim.Adam([{"params": model[0].parameters()}, {"params": model[2].parameters()}], lr=0.01)
    monitor = Monitor(model, optimizer)

    def before(number):
        for group in optimizer.param_groups[:reached]:
            group["lr"] = 0.01 * (1 - number / 41)

    run(model, monitor, optimizer, before=before)
    said = [note for note in silent(monitor).notes if "parameter group" in note]
    assert said == ([] if reached == 2 else [
        "The rate of parameter group 0 went from 0.01 to 4.9e-4, that of group 1 stayed at 0.01."])


def test_a_state_that_was_lost_is_dated_by_the_look_that_found_it():
    model = network()
    optimizer = adam(model)
    monitor, told = Monitor(model, optimizer), []
    fresh = copy.deepcopy(optimizer.state_dict())
    run(model, monitor, optimizer, 60, before=lambda number: number % 21 or told.append(
        optimizer.load_state_dict(copy.deepcopy(fresh))))
    evidence = monitor.report().findings[0].evidence[0]
    assert evidence == "Its state was lost by steps 24, 48."


def test_weights_whose_copies_give_the_loss_and_the_gradients_are_not_missing_from_the_model():
    model = network()
    half = copy.deepcopy(model).half()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    monitor = Monitor(model, optimizer)
    for number in range(40):
        torch._foreach_copy_([p.data for p in half.parameters()], [p.data for p in model.parameters()])
        half.zero_grad()
        loss = loss_of(half, number)
        loss.backward()
        for p, copied in zip(model.parameters(), half.parameters()):
            p.grad = copied.grad.float()
        optimizer.step()
        monitor.observe(loss=loss)
    silent(monitor)


def test_a_sum_of_cross_entropies_is_not_measured_by_the_chance_of_one():
    models = nn.ModuleList([network(), network(), network()])
    optimizer = adam(models)
    monitor = Monitor(models, optimizer, classes=3)
    run(models, monitor, optimizer, loss=lambda models, number: sum(loss_of(model, number) for model in models))
    assert not any("knows nothing" in note for note in silent(monitor).notes)
