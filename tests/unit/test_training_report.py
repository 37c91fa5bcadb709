"""What a step costs, and the report on it: counted bytes, plausible times, files that are whole or refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from adamkit import torch_optim
from adamkit.training import devices, report, step_cost

pytestmark = pytest.mark.usefixtures("one_thread")
ROOT = Path(__file__).resolve().parents[2]
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def quick():
    """A report of very few parameters, made for real."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "SIZES", (25_000,))
        patch.setattr(report, "QUICK_STEPS", 3)
        patch.delitem(step_cost.WAYS, "compiled")
        return report.make("cpu", quick=True, note="a test", say=lambda line: None)


def test_the_bytes_of_a_step_are_those_of_gradient_weight_and_state():
    p = torch.nn.Parameter(torch.ones(1000))
    p.grad = torch.ones(1000)
    optimizer = torch.optim.AdamW([p])
    optimizer.step()
    state = sum(value.numel() * 4 for name, value in optimizer.state[p].items() if name != "step")
    read, written = 4 * 1000 + 4 * 1000 + state, 4 * 1000 + state
    assert (read + written) / 1000 == step_cost.ADAMW_BYTES


def test_the_bytes_of_an_8_bit_step_are_those_of_its_state():
    p = torch.nn.Parameter(torch.ones(512 * 256))
    p.grad = torch.ones_like(p)
    optimizer = torch_optim.Adam8bit([p], lr=1e-3)
    optimizer.step()
    state = (devices.optimizer_bytes(optimizer) - 4) / p.numel()  # without the step number
    counted = 3 * 4 + 2 * state
    assert abs(step_cost.ADAM8BIT_BYTES - counted) < 0.01 * counted


@pytest.mark.parametrize("way", [way for way in step_cost.WAYS if way != "compiled"])
def test_every_way_takes_the_same_step_as_torch(way):
    def stepped(optimizer_of):
        torch.manual_seed(0)
        p = torch.nn.Parameter(torch.randn(5000))
        p.grad = torch.randn(5000)
        optimizer_of([p]).step()
        return p.detach()

    wanted = stepped(step_cost.WAYS["for-loop"].make)
    found = stepped(step_cost.WAYS[way].make)
    tolerance = 5e-5 if way == "8-bit" else 1e-6  # 8-bit has no decay
    assert torch.allclose(found, wanted, atol=tolerance, rtol=0)


def test_a_step_of_more_parameters_takes_longer_and_the_share_fits_the_time():
    small, large = (step_cost.measure("fused", parameters=n, device="cpu", limit=1e10, repeats=5)
                    for n in (25_000, 5_000_000))
    assert large.fastest > 5 * small.fastest
    assert large.parameters == 5_000_000
    assert large.share == pytest.approx(28 * 5e6 / (large.milliseconds / 1e3) / 1e10)
    assert large.fastest <= large.milliseconds


def test_bandwidth_counts_three_numbers_for_each_element(monkeypatch):
    monkeypatch.setattr(step_cost, "seconds_of", lambda run, device, *, repeats: [0.5, 0.25, 1.0])
    assert step_cost.bandwidth("cpu", megabytes=4) == 12 * 1_000_000 / 0.25


def test_what_does_not_fit_is_refused_before_the_system_kills_the_process(monkeypatch):
    monkeypatch.setattr(step_cost, "free_memory", lambda: 1e6)
    with pytest.raises(MemoryError, match=r"0\.0 GB are free"):
        step_cost.measure("fused", parameters=1_000_000, device="cpu", limit=1e10)


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match="for-loop, foreach, fused"):
        step_cost.measure("faster", parameters=1000, device="cpu", limit=1e10)


def test_the_report_has_demos_steps_and_where_it_comes_from(quick):
    assert [demo["steps"] for demo in quick["demos"]] == [3, 3]
    assert all(demo["seconds"] > 0 and demo["evaluation"]["test_loss"] > 0 for demo in quick["demos"])
    assert {row["way"] for row in quick["steps"]} == set(step_cost.WAYS) - {"compiled"}
    assert quick["skipped"] == []
    assert quick["bandwidth"] > 1e8
    assert quick["versions"]["torch"] == str(torch.__version__)


def test_the_report_names_no_machine_and_no_path(quick):
    import getpass
    import socket

    text = json.dumps(quick)
    assert socket.gethostname() not in text
    assert str(Path.home()) not in text or str(Path.home()) == "/"
    assert getpass.getuser() not in quick["device"]["name"]


def test_a_report_comes_back_from_its_file_as_it_went(quick, tmp_path):
    report.save(quick, tmp_path / "mine.json")
    assert report.load(tmp_path / "mine.json") == json.loads(json.dumps(quick))
    assert "a test" in report.title(quick)
    assert report.table(quick).count("\n") == len(quick["steps"])


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "adamkit training report", "version": 99}', "{"])
def test_another_file_is_refused_by_name(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"other\.json"):
        report.load(path)


def test_what_cannot_be_measured_is_listed_with_its_reason(monkeypatch):
    turns = []

    def measure(way, **settings):
        turns.append(way)
        if way == "fused":
            raise RuntimeError("no kernel for this\nsecond line")
        return step_cost.Cost(way, 1000, 25, 1.0 + len(turns), 0.5 + len(turns), 15, 0.5)

    monkeypatch.setattr(step_cost, "measure", measure)
    monkeypatch.setattr(step_cost, "WAYS", {way: step_cost.WAYS[way] for way in ("fused", "plain", "compiled")})
    made = {"steps": [], "skipped": []}
    lines = list(report._costs(made, 1000, 3, CPU, 1e10))
    assert turns == ["fused", "plain", "compiled", "plain", "compiled", "plain", "compiled"]
    assert made["skipped"] == [{"way": "fused", "parameters": 1000, "reason": "no kernel for this"}]
    assert [row["way"] for row in made["steps"]] == ["plain", "compiled"]
    assert "skipped" in lines[0]
    plain = made["steps"][0]  # of 3, 5 and 7 ms the middle one, and the fastest of all
    assert (plain["milliseconds"], plain["fastest"], plain["repeats"]) == (5.0, 2.5, 45)
    assert plain["share"] == pytest.approx(0.5 * 3 / 5)


def test_the_shipped_reports_are_readable_and_of_a_full_run():
    for name, made in report.shipped().items():
        assert name == made["device"]["kind"] or made["device"]["kind"] in name
        assert not made["quick"]
        assert {row["parameters"] for row in made["steps"]} >= {1_000_000, 10_000_000}
        assert len(made["demos"]) == 2
        assert all(0 < row["fastest"] <= row["milliseconds"] for row in made["steps"])


def test_a_device_that_is_not_there_is_an_error_that_says_what_is():
    command = [sys.executable, "-m", "adamkit.training.report", "--device", "cuda:77"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 2
    assert "cuda:77" in answer.stderr
    assert "cpu" in answer.stderr
