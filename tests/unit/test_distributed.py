"""Two processes that share each batch train as one process with the whole batch; only the first writes and draws."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.distributed as dist
from distributed_runs import PARTS, SHARDED, trained

from adamkit.training import distributed

pytestmark = [pytest.mark.usefixtures("one_thread"),
              pytest.mark.skipif(not dist.is_available() or not dist.is_gloo_available() or sys.platform == "win32",
                                 reason="needs torch.distributed with gloo")]


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each of two processes found: one torchrun for all tests. It picks a free port itself."""
    path = tmp_path_factory.mktemp("distributed") / "answers"
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2",
               str(Path(__file__).with_name("distributed_runs.py")), str(path)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-4000:]
    return [torch.load(f"{path}.{rank}", weights_only=True) for rank in (0, 1)]


def assert_as_one(found, name, **options):
    weights, history = trained(name, **options)
    torch.testing.assert_close(found["weights"], weights, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found["loss"], history.loss, rtol=1e-12)
    np.testing.assert_allclose(found["grad_norm"], history.grad_norm, rtol=1e-11)
    np.testing.assert_allclose(found["ratio"], history.update_ratio, rtol=1e-10)
    assert found["ended"] == "finished"
    assert found["evaluations"][-1][1]["test_loss"] == pytest.approx(history.evaluations[-1][1]["test_loss"], rel=1e-12)


@pytest.mark.parametrize("rank", [0, 1])
@pytest.mark.parametrize("name", ["AdamW", "LAMB"])
def test_replicated_processes_train_as_one_with_the_joined_batch(answers, name, rank):
    assert_as_one(answers[rank]["replicated"][name], name)


def test_accumulation_between_processes_changes_nothing(answers):
    assert_as_one(answers[0]["replicated"]["accumulated"], "AdamW")


@pytest.mark.parametrize("rank", [0, 1])
@pytest.mark.parametrize("name", SHARDED)
def test_processes_that_hold_a_part_of_each_parameter_train_as_one(answers, name, rank):
    """FSDP2: AdamW works on the parts; LAMB's norms and Adafactor's means run over both processes."""
    assert_as_one(answers[rank]["sharded"][name], name)


def test_a_parameter_with_fewer_rows_than_processes_is_stepped_as_a_whole_one(answers):
    """A value head's weight has one row, which one process holds; the other holds nothing of it."""
    for answer in answers:
        assert answer["sharded"]["few rows"].keys() == set(PARTS)
        assert max(answer["sharded"]["few rows"].values()) < 1e-14


def test_a_model_from_the_meta_device_lies_in_halves_and_learns(answers):
    ours = [answer["from meta"] for answer in answers]
    assert sum(one["held"] for one in ours) == ours[0]["numbers"]
    assert max(one["held"] for one in ours) < 0.6 * ours[0]["numbers"]
    assert np.mean(ours[0]["loss"][-5:]) < np.mean(ours[0]["loss"][:5]) - 0.3


def test_what_cannot_be_sharded_is_refused_with_a_sentence(answers):
    assert "each process holds a part; this optimizer needs all of it" in answers[0]["sharded"]["Adam8bit refused"]
    assert "with a sharded model: no process holds all of it" in answers[0]["sharded"]["checkpoint refused"]


def test_a_stop_in_the_first_process_stops_both_at_the_same_step(answers):
    assert [answer["replicated"]["stopped"] for answer in answers] == [["stopped", 3]] * 2


def test_only_the_first_process_calls_watchers(answers):
    assert [answer["replicated"]["watched"] for answer in answers] == [3, 0]


def test_two_processes_go_on_exactly_from_their_checkpoint(answers):
    for answer in answers:
        whole, resumed = answer["replicated"]["AdamW"], answer["replicated"]["resumed"]
        assert torch.equal(whole["weights"], resumed["weights"])
        assert whole["loss"] == resumed["loss"]


def test_without_torchrun_there_is_one_process_and_nothing_is_joined(monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    with distributed.processes() as world:
        assert (world.rank, world.size, world.first) == (0, 1, True)
        assert not dist.is_initialized()
