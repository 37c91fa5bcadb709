"""Which device trains, and what a training says when its memory was too little. No GPU is needed here."""

import gc
import sys
import traceback
import weakref

import pytest
import torch
from refusals import assert_refused

from adamkit import torch_optim
from adamkit.training import devices, fit, presets, tasks


def with_cuda(monkeypatch, count):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)


def with_mps(monkeypatch, there):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: there)


@pytest.mark.parametrize(("cuda", "mps", "wanted"), [(2, False, "cuda:0"), (1, True, "cuda:0"), (0, True, "mps"),
                                                     (0, False, "cpu")])
def test_auto_takes_cuda_then_mps_then_the_cpu(monkeypatch, cuda, mps, wanted):
    with_cuda(monkeypatch, cuda)
    with_mps(monkeypatch, mps)
    assert devices.device("auto") == torch.device(wanted)
    assert devices.device("cpu") == torch.device("cpu")


@pytest.mark.parametrize(("name", "sentence"), [
    ("cuda", "device='cuda' is not on this machine, which has mps, cpu"),
    ("cuda:3", "device='cuda:3' is not on this machine"),
    ("gpu", "device='gpu' must be 'auto', 'cuda'"),
    ("meta", "device='meta' must be 'auto'"),
    (None, "device=None must be 'auto'"),
])
def test_a_device_that_is_not_there_is_an_error_that_says_what_is(monkeypatch, name, sentence):
    with_cuda(monkeypatch, 0)
    with_mps(monkeypatch, True)
    assert_refused(lambda: devices.device(name), sentence)


def test_one_of_several_gpus_can_be_named(monkeypatch):
    with_cuda(monkeypatch, 2)
    assert devices.device("cuda:1") == torch.device("cuda:1")
    assert devices.device("cuda") == torch.device("cuda:0")
    with pytest.raises(ValueError, match="which has cuda:0, cuda:1, "):
        devices.device("cuda:2")


def test_a_description_has_name_memory_and_reason(monkeypatch):
    with_cuda(monkeypatch, 0)
    with_mps(monkeypatch, False)
    chosen, asked = devices.describe(), devices.describe("cpu")
    assert chosen.reason == "chosen: neither CUDA nor Apple's GPU is here"
    assert asked.reason == "asked for"
    assert chosen.name
    assert sys.platform == "win32" or 2**28 < chosen.memory < 2**50
    assert str(asked).startswith("cpu: ")


def test_the_gpus_own_name_and_memory_are_told(monkeypatch):
    with_cuda(monkeypatch, 1)
    about = type("Properties", (), {"name": "Some GPU", "total_memory": 80 * 2**30})
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: about)
    assert str(devices.describe()) == "cuda:0: Some GPU, 80.0 GiB (chosen: CUDA is here)"


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is exact on Linux only")
def test_memory_in_use_grows_with_what_is_held():
    before = devices.memory_in_use(torch.device("cpu"))
    held = torch.ones(2**24)
    assert devices.memory_in_use(torch.device("cpu")) - before > 0.8 * held.nbytes


@pytest.mark.parametrize("kind", presets.CHARACTERS)
@pytest.mark.parametrize("make", [presets.characters, presets.digits, presets.sequences])
def test_each_kind_of_device_has_a_preset(monkeypatch, kind, make):
    monkeypatch.setattr(devices, "device", lambda name: torch.device(name))
    preset = make(kind)
    model = preset.task.fresh_model(0)
    outputs = model(preset.task.data.x_test[:2])
    assert outputs.shape[-1] == preset.task.data.classes
    assert preset.batch_size <= len(preset.task.data.x_train)
    assert preset.options["schedule"](preset.steps - 1) < 0.2


def test_a_preset_reads_the_text_that_is_named(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("to be or not to be, that is the question. " * 400)
    preset = presets.characters("cpu", path=path)
    model = preset.task.fresh_model(0)
    history = fit(model, preset.task, torch_optim.AdamW(model.parameters(), lr=preset.lr), device="cpu",
                  **{**preset.options, "steps": 30, "schedule": None, "evaluate_every": 30})
    assert history.loss[-1] < 0.6 * history.loss[0]


# Out of memory


class Crowded(torch.nn.Module):
    """Runs out of memory on more than 16 rows, holding an activation when it does."""

    def __init__(self, error):
        super().__init__()
        self.layer = torch.nn.Linear(64, 10)
        self.error, self.activation = error, None

    def forward(self, x):
        if len(x) > 16:
            held = torch.ones(3, 3)
            self.activation = weakref.ref(held)
            raise self.error
        return self.layer(x)


ERRORS = [torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
          RuntimeError("MPS backend out of memory (MPS allocated: 9.1 GB)"),
          RuntimeError("[enforce fail at alloc_cpu.cpp:126] err == 0. DefaultCPUAllocator: can't allocate memory")]


def crowded(error=None, steps=3, **options):
    task = tasks.digits_mlp()
    model = Crowded(error or ERRORS[0])
    optimizer = torch_optim.AdamW(model.parameters())
    return model, fit(model, task, optimizer, steps=steps, device="cpu", evaluate=lambda model: {}, **options)


@pytest.mark.parametrize("error", ERRORS, ids=["cuda", "mps", "cpu"])
def test_running_out_of_memory_becomes_advice_with_numbers(error):
    with pytest.raises(devices.OutOfMemory) as advice:
        crowded(error, batch_size=32)
    text = str(advice.value)
    assert advice.value.__cause__ is error
    assert "Out of memory on cpu with a batch of 32 rows" in text
    assert "parameters 0.0 MiB, gradients 0.0 MiB, optimizer state 0.0 MiB; in use" in text
    assert "Try accumulate=2: the same step from 2 parts of 16 rows" in text
    assert 'amp="bf16"' in text


def test_the_advice_works():
    _, history = crowded(batch_size=32, accumulate=2)
    assert history.ended == "finished"


def test_the_advice_follows_what_was_tried_and_counts_what_is_there():
    task = tasks.digits_mlp(hidden=(512,))
    model = task.fresh_model(0)
    optimizer = torch_optim.AdamW(model.parameters())
    fit(model, task, optimizer, steps=1, device="cpu", evaluate=lambda model: {})
    found = devices.out_of_memory(ERRORS[0], model, optimizer, torch.device("cpu"), rows=64, accumulate=4)
    size = 4 * (64 * 512 + 512 + 512 * 10 + 10) / 2**20
    assert "64 rows in 4 parts" in str(found)
    assert f"parameters {size:.1f} MiB, gradients {size:.1f} MiB, optimizer state {2 * size:.1f} MiB" in str(found)
    assert "Try accumulate=8: the same step from 8 parts of 8 rows" in str(found)
    assert "Lion keeps one number a weight" in str(found)


def test_the_activations_of_the_failed_step_are_let_go_while_the_error_is_looked_at():
    with pytest.raises(devices.OutOfMemory) as advice:
        crowded(torch.OutOfMemoryError("CUDA out of memory."), batch_size=32)
    frames = traceback.extract_tb(advice.value.__cause__.__traceback__)
    model = next(frame for frame, _ in traceback.walk_tb(advice.tb) if "model" in frame.f_locals).f_locals["model"]
    gc.collect()
    assert any(frame.name == "forward" for frame in frames), "the original error keeps its place"
    assert model.activation() is None


def test_other_errors_are_left_as_they_are():
    with pytest.raises(RuntimeError, match="shapes cannot") as error:
        crowded(RuntimeError("mat1 and mat2 shapes cannot be multiplied"), batch_size=32)
    assert not isinstance(error.value, devices.OutOfMemory)


@pytest.mark.parametrize(("triton", "compiler", "wanted"), [(True, True, True), (False, True, False),
                                                            (True, False, False)])
def test_the_preset_for_cuda_compiles_only_where_that_can_work(monkeypatch, triton, compiler, wanted):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(presets.importlib.util, "find_spec", lambda name: object() if triton else None)
    monkeypatch.setattr(presets.shutil, "which", lambda name: f"/usr/bin/{name}" if compiler else None)
    monkeypatch.setattr(presets.devices, "device", lambda name: torch.device("cuda"))
    assert presets.characters().options["compile"] is wanted
    assert presets.digits().options["compile"] is False
