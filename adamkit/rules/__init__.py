"""The update rules: pure arithmetic, one rule a file, each line of code under its equation.

    rule = Adam(lr=0.01)
    state = rule.init(theta)
    theta, state = rule.update(g, theta, state, t)        # t = 1, 2, 3, …

`adamkit.optim` runs them on NumPy arrays, `adamkit.torch_optim` on PyTorch parameters; a plain
float works as well. See `adamkit.rules.base` for what a rule is, and for batches of experiments.
"""

from adamkit.rules.adagrad import AdaGrad
from adamkit.rules.adam import Adam
from adamkit.rules.adamw import AdamW
from adamkit.rules.base import Rule
from adamkit.rules.momentum import Momentum
from adamkit.rules.nesterov import Nesterov
from adamkit.rules.rmsprop import RMSprop
from adamkit.rules.sgd import SGD

__all__ = ["SGD", "AdaGrad", "Adam", "AdamW", "Momentum", "Nesterov", "RMSprop", "Rule"]
