"""One optimizer step: micro-batches, one gradient, its norm, the clip, the update and its size."""

import contextlib

import torch
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from adamkit.training.shares import shares, weighed


class Stepper:
    """Takes steps with one model and one optimizer.

    Args:
        model: what is called; its gradients go to the parameters of ``optimizer``.
        loss: (outputs, targets) → mean over rows.
        clip: largest norm of the gradient, or None.
        amp: None or "bf16".
        device: where all of it is.
        watchers: those that have it are called as ``on_gradients(loss, clip)`` before the clip.
    """

    def __init__(self, model, optimizer, loss, *, clip, amp, device, watchers=()):
        self.model, self.optimizer, self.loss, self.clip = model, optimizer, loss, clip
        self.amp, self.device = amp, device
        self.watchers = [watcher for watcher in watchers if hasattr(watcher, "on_gradients")]

    def take(self, parts, rates, *, measure_update):
        """One step on the micro-batches ``parts``, at the rates that the context ``rates`` sets.

        Returns:
            (rate, tensor of loss, gradient norm, ‖Δθ‖, and ‖θ‖ before the step), still on the device; the last two are
            NaN unless ``measure_update``.
        """
        self.optimizer.zero_grad(set_to_none=True)
        loss, last = self._accumulate(parts)
        for watcher in self.watchers:
            watcher.on_gradients(last if len(parts) == 1 else loss, self.clip)
        params = [p for group in self.optimizer.param_groups for p in group["params"] if p.grad is not None]
        norm = self._clipped(params)
        before = _copies(params) if measure_update else None
        with rates as rate:
            self.optimizer.step()
        moved, size = _change(params, before) if measure_update else (torch.full_like(norm, torch.nan),) * 2
        return rate, torch.stack([value.to(loss) for value in (loss, norm, moved, size)])

    def _accumulate(self, parts):
        """Mean loss over all rows, and that of the last part with its graph; gradients are left in the parameters.

        A part counts by what its mean was taken over, so the sum is the gradient of one big batch, whatever the parts'
        sizes.
        """
        share_of = shares(self.loss, parts) if len(parts) > 1 else None  # one part is the whole batch
        total = 0
        for number, (inputs, targets) in enumerate(parts):
            with self._shared_only(last=number == len(parts) - 1):
                with self._precision():
                    loss = self.loss(self.model(inputs), targets)
                own, counts = weighed(loss, share_of[number]) if share_of else (loss, loss.detach())
                own.backward()
            total = total + counts
        return total, loss

    def _clipped(self, params):
        """Norm of all gradients before clipping, as a tensor; the gradients are clipped."""
        # Summed up before it is used: torch 2.9 adds clipping's 1e-6 to the part of each process.
        norm = _whole(get_total_norm([p.grad for p in params]))
        if self.clip is not None:
            clip_grads_with_norm_(params, self.clip, norm)
        return norm

    def _precision(self):
        if self.amp is None:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def _shared_only(self, *, last):
        """Between processes, gradients are averaged once a step: with the last micro-batch."""
        if last or not hasattr(self.model, "no_sync"):
            return contextlib.nullcontext()
        return self.model.no_sync()


@torch.no_grad()
def _copies(params):
    """The parameters as they are. Multiplying by 1 copies all of them in one fused launch."""
    return torch._foreach_mul(params, 1.0)


@torch.no_grad()
def _change(params, before):
    """(‖Δθ‖, ‖θ‖) with the fused kernels that clipping uses: three passes over the parameters, a launch or so each."""
    size = get_total_norm(before)
    torch._foreach_sub_(before, params)
    return _whole(get_total_norm(before)), _whole(size)


def _whole(norm):
    """A norm of sharded tensors, summed up over the processes; others as they are."""
    return norm.full_tensor() if hasattr(norm, "full_tensor") else norm
