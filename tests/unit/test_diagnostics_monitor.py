"""What the monitor measures, for which optimizers, and how it lives in different training loops."""

import weakref

import numpy as np
import pytest
import torch
from refusals import each, refused
from watched_runs import network

from adamkit import torch_optim
from adamkit.diagnostics import Monitor, buckets, examine, host
from adamkit.diagnostics.readings import PER_LAYER
from adamkit.diagnostics.signals import Signals

OPTIMIZERS = {
    "torch Adam": (lambda p: torch.optim.Adam(p, lr=0.01), "exp_avg_sq", 0.999),
    "torch AdamW amsgrad": (lambda p: torch.optim.AdamW(p, lr=0.01, betas=(0.8, 0.95), amsgrad=True, eps=1e-3),
                            "max_exp_avg_sq", 0.95),
    "our Adam": (lambda p: torch_optim.Adam(p, lr=0.01, betas=(0.9, 0.99)), "exp_avg_sq", 0.99),
    "our Adam, uncorrected": (lambda p: torch_optim.Adam(p, correct_m=False, correct_v=False), "exp_avg_sq", 0.0),
    "torch RMSprop": (lambda p: torch.optim.RMSprop(p, lr=0.01), "square_avg", 0.0),
    "torch Adagrad": (lambda p: torch.optim.Adagrad(p, lr=0.01), "sum", 0.0),
    "torch SGD": (lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9), None, 0.0),
    "our Lion": (lambda p: torch_optim.Lion(p, lr=1e-3), None, 0.0),
}


def batch(step, dtype=torch.float64):
    generator = torch.Generator().manual_seed(step)
    return torch.randn(8, 4, generator=generator, dtype=dtype), torch.randn(8, 3, generator=generator, dtype=dtype)


def loss_of(model, step):
    inputs, targets = batch(step, next(model.parameters()).dtype)
    return (model(inputs) - targets).square().mean()


def train(model, optimizer, monitor, steps=6):
    for step in range(steps):
        optimizer.zero_grad()
        loss = loss_of(model, step)
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
    return monitor.records()


def by_hand(model, optimizer, key, beta2, steps=6):
    """The readings of each layer from their definitions, one tensor at a time: name → (steps, layers)."""
    rows = []
    for step in range(steps):
        optimizer.zero_grad()
        loss_of(model, step).backward()
        before = [p.detach().clone() for p in model.parameters()]
        optimizer.step()
        rows.append([layer_by_hand(model[i], before[first : first + 2], optimizer, key, 1 - beta2 ** (step + 1))
                     for i, first in ((0, 0), (2, 2))])
    return {name: np.array(rows)[..., place] for place, name in enumerate(PER_LAYER)}


def layer_by_hand(layer, before, optimizer, key, weight):
    params, group = list(layer.parameters()), optimizer.param_groups[0]
    together = lambda tensors: torch.cat([t.detach().flatten() for t in tensors])
    g, theta, now = (together(tensors) for tensors in ([p.grad for p in params], before, params))
    out = [g.norm(), theta.norm(), (now - theta).norm() / theta.norm()]
    if key is None:
        out += [group["lr"], group["lr"], np.nan]
    else:
        v = together([optimizer.state[p][key] for p in params]) / weight
        rate = group["lr"] / (v.sqrt() + group["eps"])
        out += [rate.min(), rate.max(), (g.square() / v).mean().sqrt()]
    return [float(value) for value in out]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("way", ["host", "device", "many buckets"])
def test_the_readings_are_what_their_definitions_say(name, way, monkeypatch):
    make, key, beta2 = OPTIMIZERS[name]
    if way != "host":
        monkeypatch.setattr(host, "HostBucket", buckets.Bucket)
    if way == "many buckets":
        monkeypatch.setattr(buckets, "LONGEST", 10)
    model, twin = network(torch.float64), network(torch.float64)
    optimizer = make(model.parameters())
    readings = train(model, optimizer, Monitor(model, optimizer, every=1))
    assert readings.layers == ["0", "2"]
    wanted = by_hand(twin, make(twin.parameters()), key, beta2)
    for reading in PER_LAYER:
        np.testing.assert_allclose(readings[reading], wanted[reading], rtol=1e-9, err_msg=reading)


@pytest.mark.parametrize("way", ["host", "device"])
def test_coordinates_that_never_had_a_gradient_are_left_out_of_the_range_of_rates(way, monkeypatch):
    if way == "device":
        monkeypatch.setattr(host, "HostBucket", buckets.Bucket)
    table = torch.nn.Embedding(5, 3)
    optimizer = torch.optim.Adam(table.parameters(), lr=0.01)
    monitor = Monitor(table, optimizer)
    table(torch.tensor([1, 3])).square().mean().backward()
    optimizer.step()
    v = optimizer.state[table.weight]["exp_avg_sq"][[1, 3]] / 0.001
    wanted = 0.01 / (v.min().sqrt() + 1e-8)
    assert monitor.records().rate_high[0, 0] == pytest.approx(float(wanted), rel=1e-4)


def test_the_monitor_changes_nothing():
    watched, alone = network(), network()
    first, second = (torch.optim.AdamW(model.parameters()) for model in (watched, alone))
    train(watched, first, Monitor(watched, first))
    for step in range(6):
        second.zero_grad()
        loss_of(alone, step).backward()
        second.step()
    assert all(torch.equal(p, q) for p, q in zip(watched.parameters(), alone.parameters()))


def test_losses_rates_and_steps_are_those_of_the_training():
    model = network(torch.float64)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (step + 1))
    monitor, losses = Monitor(model, optimizer), []
    for step in range(5):
        optimizer.zero_grad()
        losses.append(loss_of(model, step))
        losses[-1].backward()
        optimizer.step()
        scheduler.step()
        monitor.observe(loss=losses[-1], batch=step % 3, validation=7.0 if step == 3 else None)
    readings = monitor.records()
    assert readings.step.tolist() == [1, 2, 3, 4, 5]
    assert readings.loss.tolist() == [loss.item() for loss in losses]
    np.testing.assert_allclose(readings.rate, 0.1 / np.arange(1, 6))
    assert readings.batch.tolist() == [0, 1, 2, 0, 1]
    np.testing.assert_equal(readings.validation, [np.nan, np.nan, np.nan, 7, np.nan])


@pytest.mark.parametrize("observed", ["before the step", "after the step"])
def test_accumulated_losses_are_averaged_over_a_step(observed):
    model = network(torch.float64)
    optimizer = torch.optim.Adam(model.parameters())
    monitor = Monitor(model, optimizer)
    for _ in range(4):
        parts = [loss_of(model, part) for part in (0, 1, 2)]
        for part in parts:
            (part / 3).backward()
            if observed == "before the step":
                monitor.observe(loss=part)
        mean = torch.stack(parts).mean()
        optimizer.step()
        optimizer.zero_grad()
        if observed == "after the step":
            monitor.observe(loss=mean)
        assert monitor.records().loss[-1] == pytest.approx(mean.item(), rel=1e-12)
    assert len(monitor.records()) == 4


def test_steps_without_a_loss_are_rows_all_the_same():
    model = network(torch.float64)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with Monitor(model, optimizer) as monitor:
        for step in range(3):
            optimizer.zero_grad()
            loss_of(model, step).backward()
            optimizer.step()
    assert np.isnan(monitor.records().loss).all()
    assert (monitor.records().gradient_norm > 0).all()


def test_weights_are_measured_at_every_kth_step_and_gradients_at_all():
    model = network(torch.float64)
    optimizer = torch.optim.Adam(model.parameters())
    readings = train(model, optimizer, Monitor(model, optimizer, every=3))
    assert np.isfinite(readings.gradient_norm).all()
    assert np.isfinite(readings.update_ratio[:, 0]).tolist() == [True, False, False, True, False, False]


@pytest.mark.parametrize("every", [1, 2])
def test_gradients_are_let_go_once_their_step_is_over(every):
    model = network(torch.float32)
    optimizer = torch.optim.Adam(model.parameters())
    monitor = Monitor(model, optimizer, every=every)
    for step in range(4):
        places = []
        for p in model.parameters():
            memory = np.full(p.shape, step + 1.0, np.float32)
            p.grad = torch.from_numpy(memory)
            places.append(weakref.ref(memory))
        del p, memory
        optimizer.step()
        optimizer.zero_grad()
        assert [place() for place in places] == [None] * len(places)
    assert len(monitor.records()) == 4


def test_steps_that_are_not_measured_are_no_other_hand_and_their_way_is_reckoned():
    paths = []
    for every in (1, 3, 10):
        model = network(torch.float64)
        optimizer = torch.optim.Adam(model.parameters())
        readings = train(model, optimizer, Monitor(model, optimizer, every=every), steps=120)
        touched = readings.about["facts"]["touched"]
        assert (touched["count"], touched["looks"]) == (0, 119)
        assert not any("between the steps" in note for note in examine(readings).notes)
        paths.append(Signals(readings).path)
    np.testing.assert_allclose(paths[1:], paths[0], rtol=0.2)


@pytest.mark.parametrize("every", [1, 3])
def test_a_weight_that_another_hand_changes_is_seen_whatever_its_shape(every):
    model = torch.nn.ParameterDict({"scale": torch.ones(()), "empty": torch.zeros(0, 3), "filters": torch.ones(
        4, 3, 3, 3).to(memory_format=torch.channels_last), "table": torch.ones(5, 2).T})
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    monitor = Monitor(model, optimizer, every=every)
    for step in range(12):
        if step in (4, 9):
            model["filters" if step == 4 else "table"].data.mul_(0.5)
        optimizer.zero_grad()
        loss = sum((p - 0.5).square().sum() for p in model.values())
        loss.backward()
        optimizer.step()
        monitor.observe(loss=loss)
    touched = monitor.records().about["facts"]["touched"]
    assert (touched["steps"], touched["looks"]) == ([5, 10], 11)
    assert touched["most"] == pytest.approx(1 / 3)  # of three parameters that have elements


def test_many_rows_are_settled_on_the_way():
    model = network(torch.float64)
    optimizer = torch.optim.Adam(model.parameters())
    readings = train(model, optimizer, Monitor(model, optimizer, every=1), steps=250)
    assert readings.step.tolist() == list(range(1, 251))
    assert np.isfinite(readings.update_ratio).all()


def test_a_step_that_a_scaler_skips_makes_no_row_and_scaling_leaves_no_trace():
    model, twin = network(), network()
    optimizer, other = (torch.optim.Adam(m.parameters()) for m in (model, twin))
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    monitor = Monitor(model, optimizer, on_nonfinite="raise")
    for step in range(4):
        optimizer.zero_grad()
        loss = loss_of(model, step) * (torch.inf if step == 1 else 1)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        if step != 1:
            monitor.observe(loss=loss)
    readings = monitor.records()
    plain = Monitor(twin, other)
    for step in (0, 2, 3):
        other.zero_grad()
        loss = loss_of(twin, step)
        loss.backward()
        other.step()
        plain.observe(loss=loss)
    np.testing.assert_allclose(readings.gradient_norm, plain.records().gradient_norm, rtol=1e-5)
    assert readings.events == []


def test_a_compiled_model_keeps_its_names():
    model = network()
    compiled = torch.compile(model, backend="eager")
    optimizer = torch.optim.Adam(compiled.parameters())
    assert train(compiled, optimizer, Monitor(compiled, optimizer)).layers == ["0", "2"]


def test_a_distributed_model_keeps_its_names(tmp_path):
    distributed = torch.distributed
    distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/rendezvous", rank=0, world_size=1)
    try:
        model = torch.nn.parallel.DistributedDataParallel(network())
        optimizer = torch.optim.Adam(model.parameters())
        assert train(model, optimizer, Monitor(model, optimizer)).layers == ["0", "2"]
    finally:
        distributed.destroy_process_group()


def test_bfloat16_is_measured_in_single_precision():
    model = network(torch.bfloat16)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    readings = train(model, optimizer, Monitor(model, optimizer, every=1))
    for name in PER_LAYER:
        assert np.isfinite(readings[name]).all(), name


def test_a_closure_brings_its_gradients_during_the_step():
    model = network(torch.float64)
    optimizer = torch_optim.Adam(model.parameters(), lr=0.01)
    monitor = Monitor(model, optimizer)

    def closure():
        optimizer.zero_grad()
        loss = loss_of(model, 0)
        loss.backward()
        return loss

    for _ in range(3):
        monitor.observe(loss=optimizer.step(closure))
    readings = monitor.records()
    assert (readings.gradient_norm > 0).all()
    np.testing.assert_allclose(readings.surprise[0], 1, rtol=1e-9)


def test_what_is_frozen_or_left_out_is_named_and_stands_still():
    model = network(torch.float64)
    model[0].weight.requires_grad_(False)
    model[0].bias.requires_grad_(False)
    optimizer = torch.optim.Adam([model[2].weight])
    readings = train(model, optimizer, Monitor(model, optimizer, every=1))
    assert readings.about["frozen"] == ["0.bias", "0.weight"]
    assert readings.about["left_out"] == ["2.bias"]
    assert (readings.update_ratio[:, 0] == 0).all()
    assert (readings.update_ratio[:, 1] > 0).all()


def test_a_resumed_optimizer_goes_on_counting():
    model = network(torch.float64)
    optimizer = torch.optim.Adam(model.parameters())
    train(model, optimizer, Monitor(model, optimizer))
    later = train(model, optimizer, Monitor(model, optimizer), steps=1)
    v = torch.cat([optimizer.state[p]["exp_avg_sq"].flatten() for p in model[0].parameters()])
    wanted = 1e-3 / ((v.max() / (1 - 0.999**7)).sqrt() + 1e-8)
    assert later.rate_low[0, 0] == pytest.approx(float(wanted), rel=1e-9)


def test_closing_takes_the_hooks_off():
    model = network(torch.float64)
    optimizer = torch.optim.Adam(model.parameters())
    with Monitor(model, optimizer) as monitor:
        train(model, optimizer, monitor, steps=2)
    train(model, optimizer, Monitor(model, optimizer), steps=2)
    assert len(monitor.records()) == 2


WATCHED = network(torch.float64)
watch = lambda **settings: Monitor(WATCHED, torch.optim.Adam(WATCHED.parameters()), **settings)
test_bad_settings_are_refused = refused(
    *each(lambda every: watch(every=every), "every={}", 0, True),
    (lambda: watch(on_nonfinite="shout"), "on_nonfinite='shout'"),
    *each(lambda norm: watch().clip_(norm), "max_norm={}", 0, -1.0, "one", float("nan")),
    (lambda: Monitor(WATCHED, []), "optimizer="),
    *((lambda given=given: Monitor(WATCHED, given), TypeError, "optimizer=") for given in (None, "adam", [1])),
)
