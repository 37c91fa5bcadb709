"""AdaGrad and RMSprop as published code has had them otherwise, each as code that makes the slip."""

import numpy as np

from adamkit.practice.content.nb03.slips import AdaGradFrame, RMSpropFrame, slipped
from adamkit.practice.exercises import Mistake


class NoBracket:
    def move(self, g, s):
        return self.lr * g / np.sqrt(s) + self.eps


class NoBracketAfterMinus:
    def move(self, g, s):
        return self.lr * g / np.sqrt(s) - self.eps


class StartsAtATenth(AdaGradFrame):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.s = [np.full_like(p, 0.1) for p in self.params]


class FadesWithRho(AdaGradFrame):
    def remembered(self, s, g):
        return 0.9 * s + 0.1 * g * g


class BeginsWithFirstSquare(RMSpropFrame):
    def remembered(self, v, g):
        return super().remembered(v, g) if self.t > 1 else g * g


class Centred(RMSpropFrame):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mean = [np.zeros_like(p) for p in self.params]

    def one(self, i, g):
        self.mean[i] = self.beta2 * self.mean[i] + (1 - self.beta2) * g
        self.s[i] = self.remembered(self.s[i], g)
        self.params[i] -= self.move(g, self.s[i] - self.mean[i] ** 2)


def brackets(frame, name):
    """The missing bracket, in the two ways in which it is written."""
    explanation = (
        f"Division binds more tightly than addition: `lr * g / np.sqrt({name}) + eps` divides first, and then adds ε "
        f"to the result. Put brackets around √{name} + ε."
    )
    return (
        Mistake(f"the bracket around √{name} + ε is missing", explanation, slipped(NoBracket, frame)),
        Mistake("the bracket is missing, and ε is added to θ", explanation, slipped(NoBracketAfterMinus, frame)),
    )


ADAGRAD_PUBLISHED = (
    Mistake(
        "s starts at 0.1",
        "Your sum starts at 0.1, TensorFlow's default, which Keras and optax share: the first steps are shorter, and "
        "gradients far below 0.3 hardly move anything. Here, as in the paper and in torch, it starts at 0.",
        StartsAtATenth,
    ),
    Mistake(
        "the sum fades",
        "You keep 0.9·s + 0.1·g². That forgets, and is RMSprop. AdaGrad adds up, and forgets nothing.",
        FadesWithRho,
        seen="Swift for TensorFlow's AdaGrad until 2020 (pull request 733)",
    ),
    *brackets(AdaGradFrame, "s"),
)

RMSPROP_PUBLISHED = (
    Mistake(
        "v begins with the first square",
        "You set v = g² at the first step. The first step is then lr long in every coordinate, where RMSprop's is "
        "1/√(1 − β₂) times that; and one mini-batch rules v for a long time. Here v starts at 0.",
        BeginsWithFirstSquare,
        seen="fastai's course notebooks",
    ),
    Mistake(
        "v without the squared mean",
        "You subtract the square of the averaged gradient: Graves' *centred* RMSprop, torch's `centered=True`. The "
        "plain one is asked for.",
        Centred,
    ),
    *brackets(RMSpropFrame, "v"),
)
