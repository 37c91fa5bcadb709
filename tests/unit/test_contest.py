"""The honest table: every optimizer gets the same budget, and what is shipped is what the code does."""

import math

import numpy as np
import pytest
import torch

from adamkit import rules, torch_optim
from adamkit.lessons.nb09 import contest
from adamkit.training import cost, ensembles, models, tasks


@pytest.fixture(scope="module")
def small():
    task = tasks.digits_mlp(hidden=(16,), rows=256)
    return contest.Arena(task, 12, 32, "test_loss", warmup=3)


def test_every_entry_has_nine_rates_half_a_decade_apart_and_five_finer_ones():
    for entry in contest.ENTRIES.values():
        assert len(entry.rates) == 9
        assert np.diff(np.log10(entry.rates)) == pytest.approx(np.full(8, 0.5))
    assert np.log10(contest.FINE) == pytest.approx([-1 / 3, -1 / 6, 0, 1 / 6, 1 / 3])


def test_entries_have_no_weight_decay_but_for_adamw():
    decays = {name: entry.rule.hypers().get("weight_decay", 0.0) for name, entry in contest.ENTRIES.items()}
    assert {name for name, decay in decays.items() if decay} == {"AdamW"}


def test_beta1_is_all_that_the_rows_of_adam_differ_in():
    adam, half, none = (contest.ENTRIES[name] for name in ("Adam", "Adam β₁ = 0.5", "Adam β₁ = 0"))
    assert [entry.rule.beta1 for entry in (adam, half, none)] == [0.9, 0.5, 0.0]
    for entry in (half, none):
        assert entry.rule.replace(beta1=0.9).hypers() == adam.rule.hypers()
        assert entry.middle == adam.middle


@pytest.mark.parametrize("name", contest.ARENAS)
def test_seeds_and_splits_of_tuning_are_not_those_of_the_report(name):
    splits, seeds = ([{part[k] for part in plan[name]} if k == 0 else [seed for part in plan[name] for seed in part[1]]
                      for plan in (contest.TUNING, contest.REPORT)] for k in (0, 1))
    assert not splits[0] & splits[1]
    assert not set(seeds[0]) & set(seeds[1])
    assert len(set(seeds[1])) == len(seeds[1]) == 10
    tuned, reported = (contest.rounds(name, plan)[0][0].task.data for plan in (contest.TUNING, contest.REPORT))
    assert not torch.equal(tuned.x_train, reported.x_train)


def test_the_best_of_the_fine_rates_trains_as_it_does_alone(small):
    entry = contest.ENTRIES["Adam"]
    tuned = contest.tune(entry, [(small, (1,)), (small, (2, 3))])
    assert tuned.best == tuned.fine_rates[int(np.argmin(tuned.fine_losses))]
    middle = tuned.rates[int(np.argmin(tuned.losses))]
    assert tuned.fine_rates == pytest.approx(middle * np.array(contest.FINE))
    alone = [contest.judge(entry, [(small, (seed,))], rate=tuned.best)[0] for seed in (1, 2, 3)]
    assert min(tuned.fine_losses) == pytest.approx(np.mean(alone), rel=1e-4)
    assert contest.judge(entry, [(small, (1,)), (small, (2, 3))], rate=tuned.best) == pytest.approx(alone, rel=1e-4)


def test_a_rate_that_diverges_counts_as_infinite_and_is_never_best(small):
    tuned = contest.tune(contest.Entry(rules.SGD(), 1e12), [(small, (0,))])
    assert math.inf in tuned.losses
    assert math.isfinite(min(tuned.losses))
    assert math.isfinite(min(tuned.fine_losses))
    assert math.isinf(contest.judge(contest.ENTRIES["SGD"], [(small, (0,))], rate=1e14)[0])


def test_schedule_free_keeps_its_rate_and_all_others_end_at_zero(small):
    for name, entry in contest.ENTRIES.items():
        end = small.schedule(entry)(small.steps)
        assert end == (1.0 if name == "ScheduleFreeAdamW" else pytest.approx(0.0, abs=1e-12))


def test_muon_takes_the_hidden_matrices_and_no_others():
    muon = contest.ENTRIES["Muon"]
    arenas = contest.arenas()
    taken = {key: set(dict(arena.task.fresh_model(0).named_parameters())) - set(contest.left_alone(muon, arena.task))
             for key, arena in arenas.items()}
    assert taken["digits"] == {"0.weight"}
    assert {name.split(".", 2)[2] for name in taken["characters"]} == {
        "attention.inputs.weight", "attention.output.weight", "mlp.0.weight", "mlp.2.weight"}
    assert taken["rare classes"] == set()
    assert [contest.plays(muon, arena) for arena in arenas.values()] == [True, True, False]
    with pytest.raises(ValueError, match="nothing for Muon"):
        contest.tune(muon, [(arenas["rare classes"], (0,))])


def test_muon_with_exceptions_walks_the_path_of_two_torch_optimizers():
    task = tasks.digits_mlp(hidden=(8,), rows=64).to(dtype=torch.float64)
    rates, left = np.array([0.01, 0.03]), ["0.bias", "2.weight", "2.bias"]
    muon = rules.Muon(lr=rates, adjust="match_rms_adamw", weight_decay=0.0)
    exceptions = {name: rules.AdamW(lr=rates, weight_decay=0.0) for name in left}
    together = ensembles.train(muon, task, steps=5, batch_size=None, seed=3, exceptions=exceptions)
    for i, rate in enumerate(rates):
        model = task.fresh_model(3)
        named = dict(model.named_parameters())
        both = [torch_optim.Muon([named["0.weight"]], lr=rate, adjust_lr_fn="match_rms_adamw", weight_decay=0.0),
                torch.optim.AdamW([named[name] for name in left], lr=rate, weight_decay=0.0)]
        for _ in range(5):
            model.zero_grad()
            task.loss(model(task.data.x_train), task.data.y_train).backward()
            cost.step(both)
        alone = task.loss(model(task.data.x_test), task.data.y_test).item()
        assert together.test_loss[-1, 0, i] == pytest.approx(alone, abs=1e-10)


def test_schedule_free_is_measured_at_its_average():
    task = tasks.digits_mlp(hidden=(), rows=64).to(dtype=torch.float64)
    history = ensembles.train(rules.ScheduleFreeAdamW(lr=np.array([0.1])), task, steps=6, batch_size=None, seed=0)
    model = task.fresh_model(0)
    optimizer = torch_optim.ScheduleFreeAdamW(model.parameters(), lr=0.1)
    for _ in range(6):
        optimizer.zero_grad()
        task.loss(model(task.data.x_train), task.data.y_train).backward()
        optimizer.step()
    at_y = task.loss(model(task.data.x_test), task.data.y_test).item()
    optimizer.eval()
    at_x = task.loss(model(task.data.x_test), task.data.y_test).item()
    assert abs(at_x - at_y) > 1e-3
    assert history.test_loss[-1, 0, 0] == pytest.approx(at_x, abs=1e-9)


def test_exceptions_must_name_parameters_and_have_as_many_settings():
    task = tasks.digits_mlp(hidden=(), rows=64)
    two = rules.Adam(lr=np.array([0.1, 0.2]))
    with pytest.raises(ValueError, match="exceptions names"):
        ensembles.train(two, task, steps=1, exceptions={"1.weight": two})
    with pytest.raises(ValueError, match="has None settings"):
        ensembles.train(two, task, steps=1, exceptions={"0.weight": rules.Adam()})


def test_the_share_of_a_rare_class_is_one_over_its_number():
    data = contest.rare_classes().data
    counts = np.bincount(data.y_train.numpy())
    assert len(counts) == 128
    assert counts.min() >= 1
    assert counts[0] / counts[9] == pytest.approx(10, rel=0.05)
    assert isinstance(contest.rare_classes().fresh_model(0), models.MLP)


@pytest.mark.parametrize(("name", "each"), [
    ("SGD", 0), ("Momentum", 4), ("Lion", 4), ("Adam", 8), ("AMSGrad", 12), ("Adam8bit", 2.0)])
def test_state_bytes_are_counted(name, each):
    counted = cost.state_bytes(cost.on_matrices(name, shapes=((128, 256),)))
    assert counted == pytest.approx(each + (1 / 32 if name == "Adam8bit" else 0), abs=1e-9)


def test_factored_state_is_next_to_nothing_and_muons_is_half_of_adams():
    assert cost.state_bytes(cost.on_matrices("Adafactor", shapes=((128, 256),))) < 0.05
    assert cost.state_bytes(cost.on_matrices("Muon", shapes=((128, 256),))) == 4


def test_a_step_beside_itself_takes_about_as_long():
    assert 0.5 < cost.step_ratio("Adam", repeats=5) < 2


# What is shipped


@pytest.fixture(scope="module")
def shipped():
    return contest.load()


def test_the_file_holds_every_entry_in_every_arena_it_can_play_in(shipped):
    assert list(shipped["entries"]) == list(contest.ENTRIES)
    arenas = contest.arenas()
    assert list(shipped["arenas"]) == list(arenas)
    for name, row in shipped["entries"].items():
        playing = [key for key, arena in arenas.items() if contest.plays(contest.ENTRIES[name], arena)]
        assert list(row["arenas"]) == playing
        for result in row["arenas"].values():
            assert len(result["tuning"]) + len(result["fine"]) == shipped["made"]["rates_tried"] == 14
            assert len(result["losses"]) == 10
            assert all(loss is not None for loss in result["losses"])


def test_no_best_rate_lies_at_the_end_of_its_range(shipped):
    for name, row in shipped["entries"].items():
        for key, result in row["arenas"].items():
            best = int(np.argmin([math.inf if loss is None else loss for loss in result["tuning"]]))
            assert 0 < best < 8, (name, key)
            fine = contest.ENTRIES[name].rates[best] * np.array(contest.FINE)
            assert result["fine_rates"] == pytest.approx(fine, rel=1e-4)
            assert result["rate"] == result["fine_rates"][int(np.argmin(result["fine"]))]


def test_the_file_says_when_and_with_what_it_was_made(shipped):
    assert {"date", "by", "torch", "numpy", "python", "machine", "tuning", "report"} <= set(shipped["made"])


def test_a_slice_of_the_file_comes_out_again(shipped):
    for name in ("Momentum", "Lion"):
        result = shipped["entries"][name]["arenas"]["digits"]
        first = contest.rounds("digits", contest.REPORT)[:1]
        again = contest.judge(contest.ENTRIES[name], first, rate=result["rate"])
        assert again == pytest.approx(result["losses"][:2], rel=0.1)
