"""Which device trains, what it is, how much memory it has left, and what to do when that was too little."""

import contextlib
import os
import platform
import re
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

import torch

GIB, MIB = 2**30, 2**20
KINDS = ("cuda", "mps", "cpu")


@dataclass(frozen=True)
class Description:
    """A device in words.

    Attributes:
        device: the torch.device.
        name: what the maker calls it.
        memory: bytes in all, NaN where the system does not say.
        reason: why this one.
    """

    device: torch.device
    name: str
    memory: float
    reason: str

    def __str__(self):
        memory = "" if self.memory != self.memory else f", {self.memory / GIB:.1f} GiB"
        return f"{self.device}: {self.name}{memory} ({self.reason})"


def available():
    """Names of the devices of this machine, the first being what "auto" takes: such as ["cuda:0", "cuda:1", "cpu"]."""
    found = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    found += ["mps"] * torch.backends.mps.is_available()
    return [*found, "cpu"]


def device(name="auto"):
    """The torch.device of this name.

    Args:
        name: "auto" (CUDA if it is there, else Apple's MPS, else the CPU), "cuda" (the current one, which `processes`
            chooses for each process), "cuda:1", "mps", "cpu", or a torch.device.

    Raises:
        ValueError: this machine has no such device; the sentence says what it has.
    """
    here = available()
    if name == "auto":
        name = here[0].partition(":")[0]
    try:
        wanted = torch.device(name)
    except (RuntimeError, TypeError):
        wanted = None
    if wanted is None or wanted.type not in KINDS:
        raise ValueError(f"device={name!r} must be 'auto', 'cuda' (or 'cuda:1', …), 'mps', 'cpu' or a torch.device")
    if not any(one == str(wanted) or one.partition(":")[0] == str(wanted) for one in here):
        raise ValueError(f"device={str(wanted)!r} is not on this machine, which has {', '.join(here)}")
    return torch.device("cuda", torch.cuda.current_device()) if str(wanted) == "cuda" else wanted


def describe(name="auto"):
    """The device that `device` chooses, with its name, its memory, and why: a `Description`."""
    chosen = device(name)
    if name != "auto":
        reason = "asked for"
    elif chosen.type == "cuda":
        reason = "chosen: CUDA is here"
    elif chosen.type == "mps":
        reason = "chosen: no CUDA, Apple's GPU is here"
    else:
        reason = "chosen: neither CUDA nor Apple's GPU is here"
    if chosen.type == "cuda":
        about = torch.cuda.get_device_properties(chosen)
        return Description(chosen, about.name, float(about.total_memory), reason)
    if chosen.type == "mps":
        return Description(chosen, f"{_processor()} GPU", float(torch.mps.recommended_max_memory()), reason)
    threads = torch.get_num_threads()
    name = f"{_processor()}, {threads} thread" + "s" * (threads > 1)
    return Description(chosen, name, _machine_memory(), reason)


def memory_in_use(device):
    """Bytes: the allocator's peak on CUDA, the driver's total on MPS, the process's resident memory on the CPU.

    NaN where the system does not say. Asking does not make the device wait.
    """
    if device.type == "cuda":
        return float(torch.cuda.max_memory_allocated(device))
    if device.type == "mps":
        return float(torch.mps.driver_allocated_memory())
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return float(int(pages) * os.sysconf("SC_PAGE_SIZE"))
    with contextlib.suppress(ImportError):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return float(peak if sys.platform == "darwin" else peak * 1024)
    return float("nan")


class OutOfMemory(torch.OutOfMemoryError):
    """The device's memory did not suffice. The message has the numbers, and what to try."""


def is_out_of_memory(error):
    """True for CUDA's error, and for the plain RuntimeErrors that MPS and the CPU raise instead."""
    told = isinstance(error, RuntimeError) and re.search(r"out of memory|not enough memory|can't allocate memory",
                                                         str(error))
    return isinstance(error, torch.OutOfMemoryError) or bool(told)


def out_of_memory(error, model, optimizer, device, *, rows, accumulate):
    """`OutOfMemory` with numbers and advice, to be raised from ``error``.

    What the failed step had allocated is let go: its frames would hold the activations as long as the error is
    looked at, so that even a smaller batch would not fit.

    Args:
        rows: rows of the step's batch, all micro-batches together.
        accumulate: micro-batches that it was cut into.
    """
    peak = memory_in_use(device)
    traceback.clear_frames(error.__traceback__)
    optimizer.zero_grad(set_to_none=True)
    parameters = sum(size_of(p) for p in model.parameters())
    trained = sum(size_of(p) for p in model.parameters() if p.requires_grad)
    state = optimizer_bytes(optimizer)
    lines = [
        f"Out of memory on {device} with a batch of {rows} rows" + f" in {accumulate} parts" * (accumulate > 1) + ".",
        f"parameters {_mib(parameters)}, gradients {_mib(trained)}, optimizer state {_mib(state)}; "
        f"in use {_mib(peak)}" + _total(device) + ". The rest is mostly activations, which grow with the batch.",
        *_advice(rows, accumulate, trained, state),
    ]
    return OutOfMemory("\n".join(lines))


def optimizer_bytes(optimizer):
    """Bytes of all tensors in the optimizer's state, on whatever device; the weights and gradients are not its own."""
    return sum(size_of(value) for memory in optimizer.state.values() for value in memory.values()
               if torch.is_tensor(value))


def size_of(tensor):
    """Bytes of a tensor's numbers; of a sharded one, those in this process."""
    local = tensor.to_local() if hasattr(tensor, "to_local") else tensor
    return local.numel() * local.element_size()


def _advice(rows, accumulate, trained, state):
    smaller = -(-rows // (2 * accumulate))
    if rows >= 2 * accumulate:
        yield (f"Try accumulate={2 * accumulate}: the same step from {2 * accumulate} parts of {smaller} rows, one in "
               f"memory at a time. Or a batch of {rows // 2} rows, which is another step.")
    yield ('Try amp="bf16": what enters or leaves a matrix product then takes half the room, a quarter to two fifths '
           "of all.")
    if state > trained:
        yield (f"An optimizer with less state saves up to {_mib(state)}: Lion keeps one number a weight, Adafactor a "
               "row and a column a matrix, Adam8bit two bytes a weight.")


def _total(device):
    total = describe(device).memory
    return "" if total != total else f" of {total / GIB:.1f} GiB"


def _mib(size):
    return "unknown" if size != size else f"{size / MIB:,.1f} MiB"


def _processor():
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _machine_memory():
    with contextlib.suppress(AttributeError, ValueError, OSError):
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return float("nan")
