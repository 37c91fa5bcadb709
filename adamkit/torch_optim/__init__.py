"""Engine 2, PyTorch: the update rules of `adamkit.rules` as real ``torch.optim.Optimizer`` classes.

    optimizer = AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)

Parameter groups, closures, schedulers, gradient scalers, ``state_dict``, pickling and hooks work as
with torch's own. Arguments and state keys have torch's names where torch has the optimizer, so that a
checkpoint of torch.optim's Adam, AdamW, SGD, RMSprop, Adagrad, NAdam, … continues here on the same path, and
back. See `RuleOptimizer` for what is common to all of them, ``compile=True`` and batches included.
"""

from adamkit.torch_optim.adaptive import AdaGrad, Adam, AdamW, RMSprop
from adamkit.torch_optim.base import RuleOptimizer
from adamkit.torch_optim.newer import LAMB, Adam8bit, Lion, ScheduleFreeAdamW
from adamkit.torch_optim.sgd import SGD, Momentum, Nesterov
from adamkit.torch_optim.variants import Adafactor, AdaMax, AMSGrad, Muon, NAdam, RAdam

__all__ = [
    "LAMB",
    "SGD",
    "AMSGrad",
    "AdaGrad",
    "AdaMax",
    "Adafactor",
    "Adam",
    "Adam8bit",
    "AdamW",
    "Lion",
    "Momentum",
    "Muon",
    "NAdam",
    "Nesterov",
    "RAdam",
    "RMSprop",
    "RuleOptimizer",
    "ScheduleFreeAdamW",
]
