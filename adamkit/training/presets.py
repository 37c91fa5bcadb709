"""Sizes that fit the machine: the same tasks, small on a CPU, larger on Apple's GPU, larger still on CUDA.

    preset = presets.characters()                        # or presets.digits(), or presets.characters("cpu")
    model = preset.task.fresh_model(seed=0)
    fit(model, preset.task, AdamW(model.parameters(), lr=preset.lr), **preset.options)
"""

import importlib.util
import os
import shutil
from dataclasses import dataclass

from adamkit import schedules
from adamkit.training import devices, tasks
from adamkit.training.data import digits as digit_images
from adamkit.training.models import DigitsCNN


@dataclass(frozen=True, eq=False)
class Preset:
    """A task and how to train it on one kind of device.

    Attributes:
        kind: "cpu", "mps" or "cuda".
        task: what to learn.
        lr: peak learning rate for AdamW.
        steps, batch_size: of the run, and rows of a step.
        amp, compile: as `fit` takes them. On CUDA, compile is True only where `can_compile_for_cuda` is.
    """

    kind: str
    task: tasks.Task
    lr: float
    steps: int
    batch_size: int
    amp: str | None = None
    compile: bool = False

    @property
    def options(self):
        """Keyword arguments for `fit`: steps, batch_size, a warmup over a tenth and a cosine, clip 1, amp, compile."""
        schedule = schedules.warmup_cosine(warmup=self.steps // 10, total=self.steps, floor=0.1)
        return {"steps": self.steps, "batch_size": self.batch_size, "schedule": schedule, "clip": 1.0, "amp": self.amp,
                "compile": self.compile}


#: Transformer sizes, and the rest of the preset. The largest is the size nanoGPT takes for characters.
CHARACTERS = {
    "cpu": ({"context": 32, "width": 64, "heads": 4, "layers": 2}, {"lr": 3e-3, "steps": 300, "batch_size": 32}),
    "mps": ({"context": 128, "width": 192, "heads": 6, "layers": 4}, {"lr": 2e-3, "steps": 600, "batch_size": 32}),
    "cuda": ({"context": 256, "width": 384, "heads": 6, "layers": 6},
             {"lr": 1e-3, "steps": 1000, "batch_size": 64, "amp": "bf16", "compile": True}),
}

#: Channels of the convolutions, and the rest of the preset.
DIGITS = {
    "cpu": ((16, 32), {"lr": 3e-3, "steps": 300, "batch_size": 64}),
    "mps": ((32, 64), {"lr": 3e-3, "steps": 500, "batch_size": 128}),
    "cuda": ((64, 128), {"lr": 3e-3, "steps": 500, "batch_size": 256, "amp": "bf16"}),
}

#: Widths of the networks that read sequences, by name, and the rest of the preset.
SEQUENCES = {
    "cpu": ({"cnn": 16, "lstm": 32}, {"lr": 2e-2, "steps": 600, "batch_size": 64}),
    "mps": ({"cnn": 32, "lstm": 64}, {"lr": 1e-2, "steps": 600, "batch_size": 128}),
    "cuda": ({"cnn": 64, "lstm": 128}, {"lr": 5e-3, "steps": 600, "batch_size": 256}),
}


def characters(device="auto", *, path=None):
    """A character transformer on Python's documentation, or on your own text, sized for a device.

    Args:
        device: as for `adamkit.training.devices.device`; it need not be what `fit` trains on.
        path: a text file in UTF-8.
    """
    kind = devices.device(device).type
    sizes, rest = CHARACTERS[kind]
    rest = {**rest, "compile": rest.get("compile", False) and can_compile_for_cuda()}
    return Preset(kind, tasks.next_character(path, **sizes), **rest)


def can_compile_for_cuda():
    """True where `torch.compile` finds what it needs for CUDA: Triton, and a C compiler for Triton's launchers.

    Triton is missing on Windows, and a compiler in many containers. Training uncompiled is better than an error.
    """
    compilers = (os.environ.get("CC"), "cc", "gcc", "clang")
    return importlib.util.find_spec("triton") is not None and any(filter(shutil.which, filter(None, compilers)))


def digits(device="auto"):
    """The digits as images, read by a small convolutional network with batch norm, sized for a device."""
    kind = devices.device(device).type
    channels, rest = DIGITS[kind]
    name = f"digits, CNN of {channels[0]} and {channels[1]} channels"
    return Preset(kind, tasks.Task(name, digit_images(images=True), lambda: DigitsCNN(channels)), **rest)


def sequences(device="auto", *, network="cnn"):
    """Shapes in noisy rows of 40 numbers, read by a small "cnn" or "lstm", sized for a device."""
    kind = devices.device(device).type
    widths, rest = SEQUENCES[kind]
    if network not in widths:
        raise ValueError(f"network={network!r} is not one of {list(widths)}")
    return Preset(kind, tasks.sequences(network, width=widths[network]), **rest)
