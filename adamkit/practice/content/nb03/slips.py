"""AdaGrad and RMSprop, each time with one mistake that people make."""

import numpy as np

from adamkit.practice.content.still import NEVER_MOVED
from adamkit.practice.exercises import Mistake


class Frame:
    """What the two have in common: a memory s of squared gradients, and a step divided by its root."""

    def __init__(self, params, lr, eps):
        self.params, self.lr, self.eps = params, lr, eps
        self.s = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        for i, g in enumerate(grads):
            self.one(i, g)

    def one(self, i, g):
        self.s[i] = self.remembered(self.s[i], g)
        self.params[i] -= self.move(g, self.s[i])

    def move(self, g, s):
        return self.lr * g / (np.sqrt(s) + self.eps)


class AdaGradFrame(Frame):
    def __init__(self, params, lr=0.01, eps=1e-10):
        super().__init__(params, lr, eps)

    def remembered(self, s, g):
        return s + g * g


class RMSpropFrame(Frame):
    def __init__(self, params, lr=0.01, beta2=0.99, eps=1e-8):
        super().__init__(params, lr, eps)
        self.beta2 = beta2

    def remembered(self, v, g):
        return self.beta2 * v + (1 - self.beta2) * g * g


class Climbs:
    def move(self, g, s):
        return -super().move(g, s)


class NoRoot:
    def move(self, g, s):
        return self.lr * g / (s + self.eps)


class EpsInside:
    def move(self, g, s):
        return self.lr * g / np.sqrt(s + self.eps)


class NoEps:
    def move(self, g, s):
        return self.lr * g / np.sqrt(s)


class NoRate:
    def move(self, g, s):
        return g / (np.sqrt(s) + self.eps)


class StepsFirst:
    def one(self, i, g):
        self.params[i] -= self.move(g, self.s[i])
        self.s[i] = self.remembered(self.s[i], g)


class Forgets:
    def remembered(self, s, g):
        return super().remembered(np.zeros_like(s), g)


class OneForAll:
    def one(self, i, g):
        self.s[i] = self.remembered(self.s[i], np.sqrt(np.sum(g * g)) * np.ones_like(g))
        self.params[i] -= self.move(g, self.s[i])


class SharedState:
    def one(self, i, g):
        self.s[0] = self.remembered(self.s[0], g)
        self.params[i] -= self.move(g, self.s[0])


class SumOfGradients(AdaGradFrame):
    def remembered(self, s, g):
        return s + g


class SumOfSizes(AdaGradFrame):
    def remembered(self, s, g):
        return s + np.abs(g)

    def move(self, g, s):
        return self.lr * g / (s + self.eps)


class Mean(AdaGradFrame):
    def move(self, g, s):
        return self.lr * g / (np.sqrt(s / self.t) + self.eps)


class SumOfSquares(RMSpropFrame):
    def remembered(self, v, g):
        return v + g * g


class Accumulates(RMSpropFrame):
    def remembered(self, v, g):
        return self.beta2 * v + g * g


class SwappedWeights(RMSpropFrame):
    def remembered(self, v, g):
        return (1 - self.beta2) * v + self.beta2 * g * g


class AverageOfGradients(RMSpropFrame):
    def remembered(self, v, g):
        return self.beta2 * v + (1 - self.beta2) * g


class Corrected(RMSpropFrame):
    def move(self, g, v):
        return super().move(g, v / (1 - self.beta2**self.t))


class StartsAtOne(RMSpropFrame):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.s = [np.ones_like(p) for p in self.params]


def slipped(slip, frame):
    """A frame with one of its pieces replaced by that of ``slip``."""
    return type(slip.__name__, (slip, frame), {})


def common(frame, name):
    """Mistakes that both rules invite; ``name`` is what the rule calls its memory."""
    return (
        Mistake(
            "ε inside the root",
            f"You divide by √({name} + ε). Here ε stands outside, √{name} + ε, as in torch. Inside the root it is "
            "compared with g², so the same number acts like √ε outside.",
            slipped(EpsInside, frame),
            seen="the RMSprop of TensorFlow and of JAX, on purpose (torch's issue 23796, JAX's pull request 1427)",
        ),
        Mistake(
            "ε forgotten",
            f"A coordinate whose gradient has been zero so far divides 0 by 0. Add ε to √{name}.",
            slipped(NoEps, frame),
        ),
        Mistake(
            "√ forgotten",
            f"You divide by {name}, which has the unit of a squared gradient. Divide by its root, and the gradient's "
            "scale cancels.",
            slipped(NoRoot, frame),
        ),
        Mistake(
            f"the step comes before {name} is updated",
            f"You divide by the {name} of the step before; at the first step that is 0 + ε. Update {name} first.",
            slipped(StepsFirst, frame),
        ),
        Mistake(
            f"{name} starts anew at every step",
            f"{name} must outlive a step: create it in `__init__`, and write the new value back to where the next step "
            f"finds it (`{name}[...] = …`, or `self.{name}[i] = …`).",
            slipped(Forgets, frame),
        ),
        Mistake(
            "one number for the whole array",
            "You divide by the length of the whole gradient. The point of the method is a rate for each coordinate: "
            "square and add element by element.",
            slipped(OneForAll, frame),
        ),
        Mistake(
            "state shared between parameters",
            f"The parameters write into one {name}. Each needs its own; `[array] * n` gives n names for one array.",
            slipped(SharedState, frame),
        ),
        NEVER_MOVED,
        Mistake("the sign is flipped", "Your parameters climb. The step is subtracted.", slipped(Climbs, frame)),
        Mistake("lr is missing", "The learning rate multiplies the divided gradient.", slipped(NoRate, frame)),
    )


ADAGRAD = (
    Mistake(
        "g is added, not g²",
        "The sum runs over *squares*. Fed with g it can be negative, and its root NaN.",
        SumOfGradients,
    ),
    Mistake(
        "a sum of |g|",
        "You add up the sizes |g| and divide by their sum, which grows like t. AdaGrad divides by the root of the sum "
        "of squares, which grows like √t.",
        SumOfSizes,
    ),
    Mistake(
        "the mean instead of the sum",
        "You divide the sum by t. That keeps the rate alive, and is no longer AdaGrad: its sum is never divided.",
        Mean,
    ),
    *common(AdaGradFrame, "s"),
)

RMSPROP = (
    Mistake(
        "AdaGrad's sum",
        "v ← v + g² is AdaGrad: it never forgets, and the steps die out. RMSprop averages: v ← β₂v + (1 − β₂)g².",
        SumOfSquares,
    ),
    Mistake(
        "v accumulates instead of averaging",
        "v ← β₂v + g² grows to 1/(1 − β₂) times the average: your steps are √(1 − β₂) times too short. "
        "RMSprop averages: v ← β₂v + (1 − β₂)g².",
        Accumulates,
    ),
    Mistake(
        "the weights are swapped",
        "β₂ = 0.99 belongs to the old v, and 1 − β₂ to the new square. The other way round v forgets at once.",
        SwappedWeights,
    ),
    Mistake(
        "v fed with g instead of g²",
        "v averages the *square* of the gradient. Fed with g it can be negative, and its root NaN.",
        AverageOfGradients,
    ),
    Mistake(
        "bias correction",
        "You divide v by 1 − β₂ᵗ. That is a good idea, and it came two years later with Adam. RMSprop takes v as is.",
        Corrected,
    ),
    Mistake(
        "v starts at one",
        "Your v starts at 1, as TensorFlow's did: the first steps are short. Here, as in torch, it starts at 0.",
        StartsAtOne,
    ),
    *common(RMSpropFrame, "v"),
)
