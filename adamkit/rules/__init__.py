"""The update rules: pure arithmetic, one rule a file, each line of code under its equation.

    rule = Adam(lr=0.01)
    state = rule.init(theta)
    theta, state = rule.update(g, theta, state, t)        # t = 1, 2, 3, …

`adamkit.optim` runs them on NumPy arrays, `adamkit.torch_optim` on PyTorch parameters; a plain
float works as well. See `adamkit.rules.base` for what a rule is, and for batches of experiments.
"""
# ruff: noqa: F401  (what is imported here is a rule of the package: the engines, colours and tests take them from `ALL`)

from adamkit.rules.adafactor import Adafactor
from adamkit.rules.adagrad import AdaGrad
from adamkit.rules.adam import Adam
from adamkit.rules.adam8bit import Adam8bit
from adamkit.rules.adamax import AdaMax
from adamkit.rules.adamw import AdamW
from adamkit.rules.amsgrad import AMSGrad
from adamkit.rules.base import Rule
from adamkit.rules.lamb import LAMB
from adamkit.rules.lion import Lion
from adamkit.rules.momentum import Momentum
from adamkit.rules.muon import Muon
from adamkit.rules.nadam import NAdam
from adamkit.rules.nesterov import Nesterov
from adamkit.rules.radam import RAdam
from adamkit.rules.rmsprop import RMSprop
from adamkit.rules.schedule_free import ScheduleFreeAdamW
from adamkit.rules.sgd import SGD

#: Every rule of the package.
ALL = tuple(kind for kind in list(globals().values())
            if isinstance(kind, type) and issubclass(kind, Rule) and kind is not Rule)

__all__ = ["Rule", *(kind.__name__ for kind in ALL)]
