"""Engine 2, PyTorch: the update rules of `adamkit.rules` as real ``torch.optim.Optimizer`` classes.

    optimizer = AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)

Parameter groups, closures, schedulers, gradient scalers, ``state_dict``, pickling and hooks work as
with torch's own. Arguments and state keys have torch's names where torch has the optimizer, so that a
checkpoint of torch.optim's Adam, AdamW, SGD, RMSprop, Adagrad, NAdam, … continues here on the same path, and
back. See `RuleOptimizer` for what is common to all of them, ``compile=True`` and batches included.
"""

import sys
from typing import TYPE_CHECKING, Any

from adamkit.torch_optim.base import RuleOptimizer
from adamkit.torch_optim.classes import CLASSES

if TYPE_CHECKING:
    def __getattr__(name: str) -> Any: ...

globals().update(CLASSES)
#: Pickles of whole optimizers that version 1.0.0 made say that the classes lie there.
for old in ("adaptive", "newer", "sgd", "variants"):
    sys.modules[f"{__name__}.{old}"] = sys.modules[__name__]

__all__ = ["RuleOptimizer", *CLASSES]
