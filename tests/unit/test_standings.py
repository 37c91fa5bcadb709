"""The honest table can be read and asked; its picture shows every run; the plain loop is a loop."""

import numpy as np
import pytest
import torch

from adamkit import plotting
from adamkit.lessons.nb09 import standings
from adamkit.training import plain, tasks


def table(**losses):
    entries = {name: {"arenas": {"a": {"losses": values, "rate": 0.1}} if values else {}, "bytes": 8.0, "step": 1.0,
                      "compiled_step": None} for name, values in losses.items()}
    return standings.Standings({}, ("a",), entries)


def test_who_has_nothing_to_do_has_no_losses_and_no_mean():
    found = table(plays=[1.0, 1.1], idle=None)
    assert found.losses("idle", "a") is None
    assert np.isnan(found.mean("idle", "a"))
    assert "nothing to do" in repr(found)


def test_the_table_shows_mean_spread_rate_and_costs():
    row = repr(table(one=[1.0, 2.0, 3.0])).splitlines()[1]
    assert row.split("  ")[0] == "one"
    assert "2.000 ± 1.000 (0.1)" in row
    assert "not measured" in row
    assert table(one=[1.0, 2.0])._repr_html_().count("<tr>") == 2


def test_the_shipped_table_has_a_row_for_each_entry():
    found = standings.load()
    assert len(found.rows()) == 1 + len(found.entries) == 16
    assert found.mean("Adam", "digits") == pytest.approx(np.mean(found.losses("Adam", "digits")))


def test_the_rates_that_were_tried_come_with_their_losses():
    (rates, coarse), (near, fine) = standings.load().tried("SGD", "digits")
    assert len(rates) == 9
    assert len(near) == 5
    assert np.nanmin(coarse) == coarse[np.argmin(np.abs(rates - near[2]))]
    assert standings.load().rate("SGD", "digits") == pytest.approx(near[np.argmin(fine)], rel=1e-4)


def test_the_picture_has_a_stroke_for_each_run_and_a_dot_for_each_mean():
    figure = plotting.figure(8, 3)
    results = {"one": {"Adam": [1.0, 2.0], "SGD": [3.0, 4.0]}, "two": {"Adam": [1.0, 2.0], "SGD": None}}
    panels = standings.draw(figure, results, reference="Adam")
    assert [len(ax.lines) for ax in panels] == [5, 3]  # strokes and dot of each method, and the reference
    assert [ax.get_title("left") for ax in panels] == ["one", "two"]


def test_the_loop_is_the_loop_that_one_writes_by_hand():
    task = tasks.digits_mlp(hidden=(8,), rows=64)
    make = lambda params: torch.optim.SGD(params, lr=0.1)
    seen = [(step, [p.detach().clone() for p in model.parameters()], model[0].weight.grad is not None)
            for step, model, _ in plain.loop(task, make, steps=3, batch_size=None, seed=2)]
    model = task.fresh_model(2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for step, weights, has_gradient in seen:
        optimizer.zero_grad()
        task.loss(model(task.data.x_train), task.data.y_train).backward()
        optimizer.step()
        assert has_gradient
        assert all(torch.equal(mine, theirs) for mine, theirs in zip(weights, model.parameters(), strict=True)), step
    assert [step for step, _, _ in seen] == [1, 2, 3]
