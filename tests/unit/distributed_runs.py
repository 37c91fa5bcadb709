"""What `test_distributed` lets two processes do. Started by torchrun with the name of a file for the answers."""

import sys

import torch
import torch.distributed as dist
from slices import FULL
from variant_runs import RULES, takes

from adamkit import rules, schedules, torch_optim
from adamkit.training import Control, Watcher, distributed, fit, tasks

STEPS = 8
LATE = {"steps": STEPS, "clip": 0.5, "schedule": schedules.warmup_cosine(warmup=2, total=STEPS), "batch_size": 24}
#: Optimizers that `fully_shard` is tried with on layers of a few rows, and on a whole network.
PARTS = tuple(name for name in RULES if getattr(rules, name).takes_parts)
SHARDED = tuple(name for name in PARTS if takes(name) and (
    FULL or name in ("AdamW", "Momentum", "ScheduleFreeAdamW") or not getattr(rules, name).elementwise))


def task():
    return tasks.digits_mlp(hidden=(13,), rows=96).to(dtype=torch.float64)  # 13 does not divide by two


def trained(name, *, shard=None, **options):
    """(weights as one vector, history) of a run by all processes that there are, or by one."""
    model = task().fresh_model(0)
    if shard is not None:
        torch.distributed.fsdp.fully_shard(model, mesh=shard)
    optimizer = getattr(torch_optim, name)(model.parameters(), lr=0.02)
    history = fit(model, task(), optimizer, device="cpu", **{**LATE, **options})
    whole = [p.full_tensor() if hasattr(p, "full_tensor") else p for p in model.parameters()]
    return torch.cat([p.detach().flatten() for p in whole]), history


class Stopping(Watcher):
    """Notes where it is called, and stops the run after the third step."""

    def __init__(self, control):
        self.control, self.calls = control, 0

    def on_step(self, record):
        self.calls += 1
        if record.step == 3:
            self.control.stop()


def replicated(path):
    """Every way of training with DistributedDataParallel that is compared with one process."""
    answers = {name: summary(*trained(name)) for name in ("AdamW", "LAMB")}
    answers["accumulated"] = summary(*trained("AdamW", accumulate=3))
    control = Control()
    watcher = Stopping(control)
    kept = path + ".checkpoint"
    _, first = trained("AdamW", control=control, watchers=[watcher], checkpoint=kept)
    answers["stopped"] = [first.ended, len(first)]
    answers["watched"] = watcher.calls
    answers["resumed"] = summary(*trained("AdamW", checkpoint=kept, resume=True))
    return answers


class Layers(torch.nn.ModuleDict):
    """Layers side by side, of which some have fewer rows than there are processes."""

    def forward(self, x):
        return x


def few_rows(name, mesh):
    """Largest distance after three steps between whole parameters and sharded ones."""
    def layers():
        torch.manual_seed(0)
        return Layers({f"{i} to {o}": torch.nn.Linear(i, o).double() for i, o in ((8, 1), (1, 1), (1, 3), (3, 5))})

    whole, parts = layers(), layers()
    torch.distributed.fsdp.fully_shard(parts, mesh=mesh)
    pairs = [pair for pair in zip(whole.parameters(), parts.parameters(), strict=True)
             if takes(name, pair[0].shape)]
    optimizers = [getattr(torch_optim, name)(params, lr=0.05) for params in zip(*pairs, strict=True)]
    for _ in range(3):
        for p, q in pairs:
            p.grad = torch.randn_like(p)
            q.grad = torch.distributed.tensor.distribute_tensor(p.grad.clone(), mesh, q.placements)
        for optimizer in optimizers:
            optimizer.step()
    return max(float((p - q.full_tensor()).abs().max()) for p, q in pairs)


def sharded():
    """Every optimizer of `SHARDED` on parameters of which each process holds a part."""
    mesh = dist.device_mesh.init_device_mesh("cpu", (2,))
    answers = {name: summary(*trained(name, shard=mesh)) for name in SHARDED}
    answers["few rows"] = {name: few_rows(name, mesh) for name in PARTS}
    for name, attempt in {"Adam8bit": lambda: trained("Adam8bit", shard=mesh),
                          "checkpoint": lambda: trained("AdamW", shard=mesh, checkpoint="run.pt")}.items():
        try:
            attempt()
        except (TypeError, ValueError) as refusal:
            answers[f"{name} refused"] = str(refusal)
    return answers


def from_meta():
    """A transformer that never lies whole on a process: made on the meta device, sharded, emptied, filled, trained."""
    text = tasks.next_character(context=8, width=16, heads=2, layers=1)
    with torch.device("meta"):
        model = text.make_model()
    for block in model.blocks:
        torch.distributed.fsdp.fully_shard(block)
    torch.distributed.fsdp.fully_shard(model)
    model.to_empty(device="cpu")
    for module in model.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    for block in model.blocks:
        block.attention.future.fill_(-torch.inf).triu_(1)
    optimizer = torch_optim.AdamW(model.parameters(), lr=0.01)
    history = fit(model, text, optimizer, steps=30, batch_size=16, device="cpu")
    held = sum(p.to_local().numel() for p in model.parameters())
    return {"loss": history.loss.tolist(), "held": held, "numbers": sum(p.numel() for p in model.parameters())}


def summary(weights, history):
    return {"weights": weights, "loss": history.loss.tolist(), "grad_norm": history.grad_norm.tolist(),
            "ratio": history.update_ratio.tolist(), "evaluations": history.evaluations, "ended": history.ended}


def main(path):
    torch.set_num_threads(1)
    with distributed.processes(timeout=600) as world:
        answers = {"replicated": replicated(path), "sharded": sharded(), "from meta": from_meta()}
        torch.save(answers, f"{path}.{world.rank}")


if __name__ == "__main__":
    main(sys.argv[1])
