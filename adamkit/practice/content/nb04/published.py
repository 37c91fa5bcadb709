"""Adam as published code has had it wrong: slips found in public issue threads, each as code that makes it."""

import numpy as np

from adamkit.practice.content.nb04.slips import Frame
from adamkit.practice.exercises import Mistake


class CorrectionMultiplies(Frame):
    def m_hat(self, m):
        return m * (1 - self.beta1**self.t)

    def v_hat(self, v):
        return v * (1 - self.beta2**self.t)


class StuckAtOne(Frame):
    def step(self, grads):
        self.t = 0
        super().step(grads)


class CorrectionCompounds(Frame):
    def one(self, i, g):
        self.m[i] = self.m_hat(self.first(self.m[i], g))
        self.v[i] = self.v_hat(self.second(self.v[i], g, self.m[i]))
        self.params[i] -= self.lr * self.m[i] / (np.sqrt(self.v[i]) + self.eps)


class PowerOfTheRest(Frame):
    def m_hat(self, m):
        return m / (1 - self.beta1) ** self.t

    def v_hat(self, v):
        return v / (1 - self.beta2) ** self.t


class ShareToThePower(Frame):
    def m_hat(self, m):
        return m / (1 - (1 - self.beta1) ** self.t)

    def v_hat(self, v):
        return v / (1 - (1 - self.beta2) ** self.t)


class SwappedWeights(Frame):
    def first(self, m, g):
        return (1 - self.beta1) * m + self.beta1 * g

    def second(self, v, g, m):
        return (1 - self.beta2) * v + self.beta2 * g * g


class OneBetaForBoth(Frame):
    def v_hat(self, v):
        return v / (1 - self.beta1**self.t)


class OneMinusTwice(Frame):
    def v_hat(self, v):
        return v / self.beta2**self.t


class RootOfTheCorrection(Frame):
    def v_hat(self, v):
        return v / np.sqrt(1 - self.beta2**self.t)


class FirstGradientWhole(Frame):
    def first(self, m, g):
        return super().first(m, g) if self.t > 1 else g

    def second(self, v, g, m):
        return super().second(v, g, m) if self.t > 1 else g * g


class NoBracket(Frame):
    def move(self, m, v):
        return self.lr * self.m_hat(m) / np.sqrt(self.v_hat(v)) + self.eps


class NoBracketAfterMinus(Frame):
    def move(self, m, v):
        return self.lr * self.m_hat(m) / np.sqrt(self.v_hat(v)) - self.eps


class EpsSubtracted(Frame):
    def move(self, m, v):
        return self.lr * self.m_hat(m) / (np.sqrt(self.v_hat(v)) - self.eps)


class MultipliesByRoot(Frame):
    def move(self, m, v):
        return self.lr * self.m_hat(m) * (np.sqrt(self.v_hat(v)) + self.eps)


class OneNumberForAll(Frame):
    def second(self, v, g, m):
        return self.beta2 * v + (1 - self.beta2) * np.sum(g * g)


_BRACKET = (
    "Division binds more tightly than addition: `a / np.sqrt(v) + eps` divides first, and then adds ε to the result. "
    "The root is unprotected, and ε moves every parameter at every step. Put brackets around √v̂ + ε."
)

PUBLISHED = (
    Mistake(
        "the correction multiplies",
        "You multiply by 1 − βᵗ. The averages are too *small* at the start by that factor, so divide by it.",
        CorrectionMultiplies,
        seen="ConvNetJS (pull requests 70 and 107)",
    ),
    Mistake(
        "t never grows",
        "Your correction is that of the first step for ever: 1 − β instead of 1 − βᵗ. Late steps are then "
        "√(1 − β₂)/(1 − β₁) times as long as they should be: 0.32 with the default betas, 2.2 with β₂ = 0.95. Use the "
        "power t, and raise t once a step.",
        StuckAtOne,
        seen="OLMo-core until 2025 (pull request 317), ML-From-Scratch (issue 35)",
    ),
    Mistake(
        "the correction is stored",
        "You write m̂ and v̂ back into m and v, so the next step corrects what is already corrected. m and v stay raw; "
        "m̂ and v̂ live for one step.",
        CorrectionCompounds,
        seen="Holocron's RAdam (issue 1)",
    ),
    Mistake(
        "(1 − β)ᵗ instead of 1 − βᵗ",
        "The power belongs to β alone. Right at t = 1, and with the default betas each step is then 0.32 times as long "
        "as the one before.",
        PowerOfTheRest,
        seen="PennyLane's documentation until 2021 (pull request 1929), as a product that grew step by step",
    ),
    Mistake(
        "the correction uses 1 − β in place of β",
        "You divide by 1 − (1 − β)ᵗ, which is nearly 1 from the second step on. What fades is the old average, and it "
        "fades by β: 1 − βᵗ.",
        ShareToThePower,
        seen="early code for Theano, in which b1 = 0.1 stood for the new gradient's share",
    ),
    Mistake(
        "the weights are swapped",
        "β₁ = 0.9 belongs to the old m, and 1 − β₁ to the new gradient; the same for v. Code of 2015 often has it your "
        "way round, and then writes β₁ = 0.1 and β₂ = 0.001.",
        SwappedWeights,
    ),
    Mistake(
        "both are corrected with β₁",
        "v has its own memory: divide it by 1 − β₂ᵗ.",
        OneBetaForBoth,
        seen="the MSVAG that accompanies AdaBelief (issue 47)",
    ),
    Mistake(
        "one minus, twice",
        "You divide v by 1 − (1 − β₂ᵗ) = β₂ᵗ: a variable that already held 1 − β₂ᵗ was subtracted from 1 again.",
        OneMinusTwice,
        seen="AdaBound-tensorflow (issue 3), pytorch_optimizer's AdamG until 2024 (pull request 308)",
    ),
    Mistake(
        "v is corrected by a root",
        "v is divided by 1 − β₂ᵗ and the root is taken of the whole. The form with √(1 − β₂ᵗ) multiplies the *rate*; "
        "inside the root there is no second one.",
        RootOfTheCorrection,
    ),
    Mistake(
        "the first gradient is taken whole",
        "At t = 1 you set m = g and v = g², and correct them all the same. Begin at zero, and let the first step be "
        "like every other.",
        FirstGradientWhole,
        seen="PennyLane until 2021 (issue 1928)",
    ),
    Mistake("the bracket around √v̂ + ε is missing", _BRACKET, NoBracket),
    Mistake(
        "the bracket is missing, and ε is added to θ",
        _BRACKET,
        NoBracketAfterMinus,
        seen="classes written from scratch",
    ),
    Mistake(
        "ε is subtracted",
        "√v̂ − ε is zero where |g| is near ε, and negative below it. Add ε: it keeps the divisor away from zero.",
        EpsSubtracted,
        seen="a second Adam inside TensorFlow (pull request 61411)",
    ),
    Mistake(
        "multiplied by √v̂",
        "You make large gradients larger. The root divides: that is what frees the step from the gradient's scale.",
        MultipliesByRoot,
        seen="Oracle's Tribuo until 2025 (pull request 401)",
    ),
    Mistake(
        "v is one number for the whole array",
        "You sum the squares over the array, so all coordinates share a rate. Adam squares and averages element by "
        "element.",
        OneNumberForAll,
    ),
)
