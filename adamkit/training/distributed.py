"""More than one process: the same training, each with its share of every batch.

    torchrun --nproc-per-node 2 train.py

    with distributed.processes():                 # joins the processes that torchrun started; alone it does nothing
        fit(model, task, AdamW(model.parameters()), steps=1000)

`fit` replicates the model (DistributedDataParallel averages the gradients), unless it is sharded already
(``torch.distributed.fsdp.fully_shard`` before the optimizer is made). Only the first process writes and draws.
"""

import contextlib
import os
from datetime import timedelta

import torch
import torch.distributed as dist


@contextlib.contextmanager
def processes(*, timeout=600):
    """Join the processes that torchrun started, and leave them afterwards. Without torchrun nothing happens.

    Args:
        timeout: seconds to wait for a process that does not answer.

    Yields:
        `World`.
    """
    if "RANK" not in os.environ or dist.is_initialized():
        yield world()
        return
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", 0)))
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    dist.init_process_group(backend, timeout=timedelta(seconds=timeout))
    try:
        yield world()
    finally:
        dist.destroy_process_group()


def world():
    """The processes that train together now: `World`, of one if there are no others."""
    if dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1:
        return World(dist.get_rank(), dist.get_world_size())
    return World()


class World:
    """Who else is training: ``rank`` of this process from 0, ``size`` of them. Alone, everything is a no-op."""

    def __init__(self, rank=0, size=1):
        self.rank, self.size = rank, size

    @property
    def first(self):
        """True in the one process that writes and draws."""
        return self.rank == 0

    def mean(self, value):
        """The mean over the processes of a tensor's first number; the others are the same everywhere."""
        if self.size == 1:
            return value
        value = value.clone()
        dist.all_reduce(value[:1])
        value[0] /= self.size
        return value

    def agree(self, *numbers):
        """The largest of each number over the processes, so that all of them do the same."""
        if self.size == 1:
            return numbers
        backend = dist.get_backend_config() if hasattr(dist, "get_backend_config") else dist.get_backend()
        device = "cpu" if "gloo" in str(backend) else torch.device("cuda", torch.cuda.current_device())
        together = torch.tensor(numbers, dtype=torch.float64, device=device)
        dist.all_reduce(together, op=dist.ReduceOp.MAX)
        return together.tolist()

    def gather(self, value):
        """A list of what each process has; on the first process only, elsewhere None."""
        if self.size == 1:
            return [value]
        everyone = [None] * self.size if self.first else None
        dist.gather_object(value, everyone)
        return everyone

    def wait(self):
        """Until all processes are here."""
        if self.size > 1:
            dist.barrier()

    def replicated(self, model, device):
        """The model that averages its gradients over the processes; as it is if it does so, or is sharded, already."""
        if self.size == 1 or is_sharded(model) or isinstance(model, torch.nn.parallel.DistributedDataParallel):
            return model
        places = [device] if device.type == "cuda" else None
        return torch.nn.parallel.DistributedDataParallel(model, device_ids=places)


def is_sharded(model):
    """True when parameters are DTensors, each process holding a part: after ``fully_shard``."""
    return any(hasattr(p, "full_tensor") for p in model.parameters())
