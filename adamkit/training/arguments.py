"""What `fit` refuses, in sentences that name the argument, its value and what is allowed."""

import math
import numbers
from pathlib import Path

import torch

from adamkit.arguments import whole
from adamkit.training.distributed import is_sharded


def check_numbers(*, steps, accumulate, clip, ratio_every, evaluate_every, checkpoint_every, seed):
    """Refuse counts and limits out of range."""
    whole("steps", steps, 0)
    whole("accumulate", accumulate, 1)
    whole("ratio_every", ratio_every, 1)
    for name, value in (("evaluate_every", evaluate_every), ("checkpoint_every", checkpoint_every)):
        if value is not None:
            whole(name, value, 1)
    if clip is not None and (not isinstance(clip, numbers.Real) or isinstance(clip, bool) or not 0 < clip < math.inf):
        raise ValueError(f"clip={clip!r} must be a finite number > 0, or None for no clipping")
    if seed is not None:
        whole("seed", seed, 0)


def check_precision(amp, model):
    """Refuse mixed precision that would do nothing, or that does not exist."""
    if amp is None:
        return
    if amp != "bf16":
        raise ValueError(f"amp={amp!r} must be None or 'bf16'")
    wide = [name for name, p in model.named_parameters() if p.dtype == torch.float64]
    if wide:
        raise ValueError(f"amp='bf16' with float64 parameters ({wide[0]}): autocast leaves those alone. Use float32 "
                         "parameters, or amp=None")


def check_optimizer(optimizer, model):
    """Refuse an optimizer that cannot train this model in this loop."""
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(f"optimizer={optimizer!r} must be a torch.optim.Optimizer, such as adamkit.torch_optim.AdamW")
    if isinstance(optimizer, torch.optim.LBFGS):
        raise TypeError("optimizer=LBFGS(…) asks for many gradients a step, and fit takes one; allowed are optimizers "
                        "whose step needs no closure")
    own = {id(p) for p in model.parameters()}
    strange = sum(id(p) not in own for group in optimizer.param_groups for p in group["params"])
    if strange:
        raise ValueError(f"optimizer: {strange} of its parameters are not the model's; make it from this model's "
                         "parameters()")


def check_checkpoint(checkpoint, checkpoint_every, resume, model):
    """The path of the checkpoint, or None; refuse what would overwrite one, or write nothing."""
    if checkpoint is None:
        if resume or checkpoint_every is not None:
            name, value = ("resume", resume) if resume else ("checkpoint_every", checkpoint_every)
            raise ValueError(f"{name}={value!r} needs checkpoint=, the path of the file")
        return None
    if is_sharded(model):
        raise ValueError(f"checkpoint={str(checkpoint)!r} with a sharded model: no process holds all of it. Use "
                         "torch.distributed.checkpoint, or checkpoint=None")
    path = Path(checkpoint)
    if path.is_dir() or not path.parent.is_dir():
        raise ValueError(f"checkpoint={str(checkpoint)!r} must name a file in a folder that is there")
    if path.exists() and not resume:
        raise FileExistsError(f"checkpoint={str(checkpoint)!r} is there already; resume=True goes on from it. To begin "
                              "anew, remove it or name another file")
    return path


def check_watchers(watchers):
    """The watchers as a tuple; refuse what lacks a method that `fit` will call, before the training begins."""
    if not isinstance(watchers, list | tuple):
        raise TypeError(f"watchers={watchers!r} must be a tuple or a list of watchers: watchers=(monitor,)")
    for watcher in watchers:
        if isinstance(watcher, type):
            raise TypeError(f"watchers: {watcher!r} is a class; give an object made from it")
        missing = [name for name in ("on_step", "on_evaluation", "close") if not callable(getattr(watcher, name, None))]
        if missing:
            raise TypeError(f"watchers: {watcher!r} has no {', '.join(missing)}; a watcher has on_step(record), "
                            "on_evaluation(step, values) and close(history), as adamkit.training.Watcher has")
    return tuple(watchers)
