"""What one AdamW step costs: the bytes that must move, how fast this machine moves bytes, and how near each kernel is.

An optimizer step does a dozen operations a parameter and is over before the numbers have arrived: it is limited by
memory, not by arithmetic. AdamW in float32 must read g, m, v and θ and write m, v and θ: seven numbers of four bytes,
28 bytes a parameter, however it is programmed. Divided by the bandwidth that is the shortest possible step, and a real
step is some multiple of it.

    limit = bandwidth("cpu")                       # bytes a second
    measure("fused", parameters=1_000_000, device="cpu", limit=limit)
"""

import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from adamkit import torch_optim
from adamkit.training import devices

#: Bytes that must move for each float32 parameter: read g, m, v, θ; write m, v, θ.
ADAMW_BYTES = 28
#: With m and v in 8 bits: read g and θ, write θ in 32 bits; read and write two codes; scales of blocks of 256.
ADAM8BIT_BYTES = 3 * 4 + 2 * 2 + 2 * 2 * 4 / 256
#: Tensors that the parameters are spread over, as in a small network: a loop over tensors pays for each of them.
TENSORS = 25
SETTINGS = {"lr": 1e-3, "weight_decay": 0.01}


@dataclass(frozen=True)
class Way:
    """A way to do the step.

    Attributes:
        label: for tables and charts.
        make: parameters → optimizer.
        bytes: that must move for each parameter.
        needs: bytes of memory for each parameter, with everything that the step holds at its peak.
    """

    label: str
    make: object
    bytes: float = ADAMW_BYTES
    needs: float = 28.0


WAYS = {
    "for-loop": Way("torch, a loop over tensors", lambda p: torch.optim.AdamW(p, foreach=False, **SETTINGS)),
    "foreach": Way("torch, foreach", lambda p: torch.optim.AdamW(p, foreach=True, **SETTINGS)),
    "fused": Way("torch, fused", lambda p: torch.optim.AdamW(p, fused=True, **SETTINGS)),
    "plain": Way("adamkit, plain", lambda p: torch_optim.AdamW(p, **SETTINGS)),
    "compiled": Way("adamkit, compile=True", lambda p: torch_optim.AdamW(p, compile=True, **SETTINGS)),
    "8-bit": Way("adamkit, 8-bit state", lambda p: torch_optim.Adam8bit(p, lr=1e-3), ADAM8BIT_BYTES, 24.0),
}


@dataclass(frozen=True)
class Cost:
    """A measured step.

    Attributes:
        way: key of `WAYS`.
        parameters: how many, in ``tensors`` tensors.
        milliseconds: median of ``repeats`` steps (see `median_of` for several such); ``fastest`` the shortest of them.
        share: of the bandwidth that the median step used, counting only the bytes that must move; 1 is the limit.
    """

    way: str
    parameters: int
    tensors: int
    milliseconds: float
    fastest: float
    repeats: int
    share: float

    def to_dict(self):
        """As plain values."""
        return asdict(self)


def bandwidth(device="auto", *, megabytes=256, repeats=7):
    """Bytes a second that a step could move at best: a ← a + s·b on two long vectors, as a STREAM triad in place.

    Three numbers move for each element: a and b are read, a is written. A copy into a third vector would fetch that
    one's lines too before it overwrites them (on most processors), which nobody counts; an optimizer's step has no
    such writes, and neither has this.

    Args:
        device: see `devices.device`.
        megabytes: size of each vector, > 0; much more than the caches hold.
        repeats: the best of so many, ≥ 1. A limit is a best, not a typical value.
    """
    place = devices.device(device)
    count = int(megabytes * 1e6) // 4
    a, b = torch.ones(count, device=place), torch.ones(count, device=place)
    return 12 * count / min(seconds_of(lambda: a.add_(b, alpha=1e-9), place, repeats=repeats))


def measure(way, *, parameters, device="auto", limit, tensors=TENSORS, repeats=15):
    """Time a step of ``way`` → `Cost`.

    Args:
        way: key of `WAYS`.
        parameters: number of float32 parameters, ≥ ``tensors``.
        device: see `devices.device`.
        limit: bytes a second, from `bandwidth` on the same device.
        tensors: number of equal tensors that they are in.
        repeats: steps to take the median of; fewer where they are long.

    Raises:
        ValueError: there is no such way.
        MemoryError: on the CPU, less memory is free than the step needs.
        RuntimeError: the device or this torch cannot do it; torch's own error.
    """
    if way not in WAYS:
        raise ValueError(f"way={way!r} is not one of {', '.join(WAYS)}")
    place = devices.device(device)
    _check_room(WAYS[way], parameters, place)
    generator = torch.Generator().manual_seed(0)
    shape = (parameters // tensors,)
    params = [torch.nn.Parameter(torch.randn(shape, generator=generator).to(place)) for _ in range(tensors)]
    for p in params:
        p.grad = torch.randn(shape, generator=generator).to(place)
    optimizer = WAYS[way].make(params)
    times = seconds_of(optimizer.step, place, repeats=repeats)
    median = statistics.median(times)
    moved = WAYS[way].bytes * tensors * shape[0]
    return Cost(way, tensors * shape[0], tensors, 1e3 * median, 1e3 * min(times), len(times), moved / median / limit)


def median_of(costs):
    """One `Cost` from several of the same step on new tensors each time.

    The same kernel on the same numbers may take a fifth longer where they happen to lie worse in memory.
    """
    middle = statistics.median(cost.milliseconds for cost in costs)
    one = costs[0]
    return Cost(one.way, one.parameters, one.tensors, middle, min(cost.fastest for cost in costs),
                sum(cost.repeats for cost in costs), one.share * one.milliseconds / middle)


def seconds_of(run, device, *, repeats, warm_up=3, at_most=20.0):
    """Durations of ``run()`` in seconds: ``repeats`` of them, or as many as ``at_most`` seconds allow, at least one.

    CUDA returns before the work is done: the times are those between two events on the stream. MPS is waited for.
    """
    for _ in range(warm_up):
        run()
    wait(device)
    times, began = [], time.perf_counter()
    while len(times) < repeats and (not times or time.perf_counter() - began < at_most):
        times.append(_timed_by_events(run) if device.type == "cuda" else _timed_by_clock(run, device))
    return times


def wait(device):
    """Until the device has done all that it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def _timed_by_events(run):
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    run()
    end.record()
    end.synchronize()
    return start.elapsed_time(end) / 1e3


def _timed_by_clock(run, device):
    start = time.perf_counter()
    run()
    wait(device)
    return time.perf_counter() - start


def _check_room(way, parameters, device):
    """Refuse on the CPU what the system would kill the process for; the GPU refuses by itself."""
    needed = way.needs * parameters
    if device.type == "cpu" and (free := free_memory()) < needed:
        raise MemoryError(f"{parameters:,} parameters need about {needed / 1e9:.1f} GB; {free / 1e9:.1f} GB are free")


def free_memory():
    """Bytes that the system could hand out; infinity where it does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return 1024.0 * int(dict(line.split(":", 1) for line in lines)["MemAvailable"].split()[0])
    except (OSError, KeyError, ValueError):
        return float("inf")
