"""Training or evaluation: in which mode the steps are taken, and how many values batch norm sees."""

import torch

from adamkit.diagnostics.naming import unwrapped

NORMS, DROPS = torch.nn.modules.batchnorm._BatchNorm, torch.nn.modules.dropout._DropoutNd
#: Forward passes of which the size is read.
LOOKS = 3


class Modes:
    """The modules that behave otherwise in evaluation, and their mode at the steps.

    Attributes:
        changes: [step, whether the model is in training mode, whether any such module is], at each step with news.
        sizes: (rows, values a channel) of the first forward passes through the first batch norm in training.
        passes: training-mode forward passes through it before each step, as it counts them; on the CPU only.
        evaluations: forward passes through it in evaluation mode before each step.
    """

    def __init__(self, model):
        self.root = unwrapped(model)
        modules = list(self.root.modules())
        self.norms = [m for m in modules if isinstance(m, NORMS) and m.track_running_stats]
        self.sensitive = self.norms + [m for m in modules if (isinstance(m, DROPS) and m.p > 0)
                                       or (not isinstance(m, DROPS) and _rate(m) > 0)]
        self.changes, self.passes, self.evaluations, self._last = [], [], [], None
        self._sizes = _Sizes()
        self._hook = self.norms[0].register_forward_pre_hook(self._sizes) if self.norms else None

    @property
    def sizes(self):
        """See the class."""
        return self._sizes.seen

    def look(self, step):
        """Before a step."""
        if not self.sensitive:
            return
        now = (self.root.training, any(module.training for module in self.sensitive))
        if now != self._last:
            self._last = now
            self.changes.append([step, *now])
        if self.norms:
            counted = self.norms[0].num_batches_tracked
            if counted is not None and counted.device.type == "cpu":
                self.passes.append(int(counted))
                self.evaluations.append(self._sizes.evaluations)

    def close(self):
        """Take the hook off."""
        if self._hook is not None:
            self._hook.remove()
            self._hook = None


class _Sizes:
    """Notes what comes in. A class of its own, so that a model under way can be copied and pickled."""

    def __init__(self):
        self.seen, self.evaluations = [], 0

    def __call__(self, module, inputs):
        if torch.compiler.is_compiling():
            return
        self.evaluations += not module.training
        if module.training and len(self.seen) < LOOKS and inputs and torch.is_tensor(inputs[0]):
            x = inputs[0]
            self.seen.append((int(x.shape[0]), int(x.numel() // x.shape[1])) if x.ndim > 1 else (1, 1))


def _rate(module):
    """Dropout inside of a recurrent layer or an attention."""
    rate = getattr(module, "dropout", 0.0)
    return rate if isinstance(rate, float) else 0.0
