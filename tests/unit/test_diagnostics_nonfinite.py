"""NaN and infinity: found before they spread, and named. Clipping, which spreads them."""

import warnings

import numpy as np
import pytest
import torch
from watched_runs import network

from adamkit.diagnostics import Monitor, NonFiniteWarning, buckets, host


def step(model, optimizer, monitor, *, poison=None, value=torch.nan, clip=None):
    """One step; ``poison`` names the parameter whose gradient gets one bad element."""
    optimizer.zero_grad()
    loss = model(torch.ones(2, 4)).square().mean()
    loss.backward()
    if poison:
        dict(model.named_parameters())[poison].grad.view(-1)[1] = value
    if clip:
        monitor.clip_(clip)
    optimizer.step()
    monitor.observe(loss=loss)


@pytest.fixture
def run():
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    return model, optimizer


@pytest.mark.parametrize("clip", [None, 1.0])
@pytest.mark.parametrize(("value", "word"), [(torch.nan, "NaN"), (torch.inf, "infinity")])
def test_raising_names_parameter_and_step_and_saves_the_weights(run, value, word, clip):
    model, optimizer = run
    monitor = Monitor(*run, on_nonfinite="raise")
    step(*run, monitor, clip=clip)
    before = [p.detach().clone() for p in model.parameters()]
    with pytest.raises(FloatingPointError, match=rf"step 2: {word} in the gradient of 2\.bias"):
        step(*run, monitor, poison="2.bias", value=value, clip=clip)
    assert all(torch.equal(p, q) for p, q in zip(model.parameters(), before))
    assert all(torch.isfinite(memory["exp_avg"]).all() for memory in optimizer.state.values())


def test_a_warning_comes_once_and_names_the_first(run):
    monitor = Monitor(*run, every=1)
    step(*run, monitor)
    with pytest.warns(NonFiniteWarning) as caught:
        step(*run, monitor, poison="0.weight")
    assert "step 2: NaN in the gradient of 0.weight, before the optimizer used it" in str(caught[0].message)
    events = monitor.records().events
    assert events[0] == {"step": 2, "where": "gradient", "name": "0.weight", "kind": "nan"}
    assert events[1] == {"step": 2, "where": "parameter", "name": "0.weight", "kind": "nan"}


def test_recording_is_silent(run):
    monitor = Monitor(*run, on_nonfinite="record")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        step(*run, monitor, poison="2.weight", value=torch.inf)
        step(*run, monitor)
    events = monitor.records().events
    assert [event["step"] for event in events][:2] == [1, 1]
    assert (events[0]["name"], events[0]["kind"]) == ("2.weight", "inf")
    assert {event["where"] for event in events} == {"gradient", "parameter", "loss"}


@pytest.mark.parametrize("way", ["host", "device"])
def test_a_clipped_infinity_is_still_named_alone(run, way, monkeypatch):
    if way == "device":
        monkeypatch.setattr(host, "HostBucket", buckets.Bucket)
    monitor = Monitor(*run, on_nonfinite="record")
    step(*run, monitor, poison="0.bias", value=torch.inf, clip=1.0)
    gradients = [event["name"] for event in monitor.records().events if event["where"] == "gradient"]
    assert gradients == ["0.bias"]


def test_results_that_wait_on_a_device_are_named_when_they_are_fetched(run, monkeypatch):
    monkeypatch.setattr(host, "HostBucket", buckets.Bucket)
    monkeypatch.setattr(buckets.Bucket, "_out", lambda self, value: value)
    monitor = Monitor(*run, on_nonfinite="record")
    for bucket in monitor.watched.buckets:
        bucket.waits = True
    for poison in (None, None, "2.weight"):
        step(*run, monitor, poison=poison)
    assert monitor._watch.events == []
    first = monitor.records().events[0]
    assert first == {"step": 3, "where": "gradient", "name": "2.weight", "kind": "nan"}


def test_large_finite_gradients_are_no_infinity(run):
    monitor = Monitor(*run, on_nonfinite="raise")
    step(*run, monitor, poison="0.bias", value=1e25)
    assert monitor.records().events == []


def test_a_weight_that_turns_bad_without_its_gradient_is_found(run):
    model, _ = run
    optimizer = torch.optim.Adam(model.parameters(), eps=0.0)
    monitor = Monitor(model, optimizer, on_nonfinite="record")
    optimizer.zero_grad()
    (model(torch.zeros(2, 4)) ** 2).mean().backward()  # the first layer's weights get no gradient: 0/0
    optimizer.step()
    assert {"step": 1, "where": "parameter", "name": "0.weight", "kind": "nan"} in monitor.records().events


@pytest.mark.parametrize("max_norm", [0.01, 0.5, 100.0])
def test_clipping_is_torchs_and_its_share_is_recorded(max_norm):
    ours, theirs = network(), network()
    optimizer = torch.optim.Adam(ours.parameters())
    monitor = Monitor(ours, optimizer)
    for model in (ours, theirs):
        (model(torch.ones(2, 4)) ** 2).mean().backward()
    norms = [torch.stack([p.grad.norm() for p in layer.parameters()]).norm().item() for layer in (ours[0], ours[2])]
    mine = monitor.clip_(max_norm)
    wanted = torch.nn.utils.clip_grad_norm_(theirs.parameters(), max_norm)
    torch.testing.assert_close(mine, wanted)
    for p, q in zip(ours.parameters(), theirs.parameters()):
        torch.testing.assert_close(p.grad, q.grad)
    optimizer.step()
    readings = monitor.records()
    assert readings.clipped[0] == pytest.approx(max(0.0, 1 - max_norm / wanted.item()), abs=1e-4)
    np.testing.assert_allclose(readings.gradient_norm[0], norms, rtol=1e-5)


def test_clipping_by_torchs_own_function_can_be_told(run):
    model, optimizer = run
    monitor = Monitor(*run)
    (model(torch.ones(2, 4)) ** 2).mean().backward()
    norms = [torch.stack([p.grad.norm() for p in layer.parameters()]).norm().item() for layer in (model[0], model[2])]
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    monitor.clipped(norm, 0.1)
    optimizer.step()
    readings = monitor.records()
    assert readings.clipped[0] == pytest.approx(1 - 0.1 / norm.item(), rel=1e-4)
    np.testing.assert_allclose(readings.gradient_norm[0], norms, rtol=1e-4)
    step(*run, monitor)
    assert np.isnan(monitor.records().clipped[1])


@pytest.mark.parametrize("closure", [False, True])
def test_of_several_broken_gradients_the_report_names_the_one_that_the_backward_pass_came_to_first(closure):
    torch.manual_seed(0)
    model = torch.nn.Sequential(*(torch.nn.Linear(4, 4) for _ in range(4)))
    optimizer, seen = torch.optim.SGD(model.parameters(), lr=0.01), []
    monitor = Monitor(model, optimizer, on_nonfinite="record")

    def work(number):
        optimizer.zero_grad()
        h = model[:3](torch.ones(2, 4))
        loss = model[3](h + (h - h.detach()).abs().sqrt() * 0 if number == 4 else h).square().mean()  # √ at 0
        loss.backward()
        return loss

    for number in range(5):
        if number == 4:
            for name, p in model.named_parameters():
                p.register_post_accumulate_grad_hook(lambda p, name=name: seen.append((name, p.grad.isnan().any())))
        loss = optimizer.step(lambda number=number: work(number)) if closure else work(number)
        if not closure:
            optimizer.step()
        monitor.observe(loss=loss)
    finding, = monitor.report().findings
    first = next(name for name, bad in seen if bad)
    assert first.startswith("2.")  # neither the first of the list nor the first of the pass
    assert f"The backward pass comes to {first} first of these." in finding.evidence


def test_without_a_backward_pass_no_order_of_the_gradients_is_told(run):
    model, optimizer = run
    monitor = Monitor(model, optimizer, on_nonfinite="record")
    for value in (0.0, 0.0, torch.nan):
        for p in model.parameters():
            p.grad = torch.full_like(p, value)
        optimizer.step()
        monitor.observe(loss=1.0)
    finding, = monitor.report().findings
    assert finding.evidence[1] == "Which of these gradients came first was not seen."
