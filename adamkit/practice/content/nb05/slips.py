"""AdamW, each time with one mistake that people make."""

import numpy as np

from adamkit.practice.content.nb04 import slips as adam


class Frame(adam.Frame):
    """AdamW in pieces, so that a mistake can replace one. Without a replacement it is right."""

    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        super().__init__(params, lr, beta1, beta2, eps)
        self.weight_decay = weight_decay

    def one(self, i, g):
        self.params[i] -= self.decay(self.params[i])
        super().one(i, g)

    def decay(self, p):
        return self.lr * self.weight_decay * p


class L2(Frame):
    def one(self, i, g):
        adam.Frame.one(self, i, g + self.weight_decay * self.params[i])


class DecayIntoM(Frame):
    def one(self, i, g):
        self.m[i] = self.first(self.m[i], g + self.weight_decay * self.params[i])
        self.v[i] = self.second(self.v[i], g, self.m[i])
        self.params[i] -= self.move(self.m[i], self.v[i])


class DecayDivided(Frame):
    def one(self, i, g):
        self.m[i] = self.first(self.m[i], g)
        self.v[i] = self.second(self.v[i], g, self.m[i])
        inside = self.m_hat(self.m[i]) + self.weight_decay * self.params[i]
        self.params[i] -= self.lr * inside / (np.sqrt(self.v_hat(self.v[i])) + self.eps)


class NoRate(Frame):
    def decay(self, p):
        return self.weight_decay * p


class After(Frame):
    def one(self, i, g):
        adam.Frame.one(self, i, g)
        self.params[i] -= self.decay(self.params[i])


class Forgotten(Frame):
    def decay(self, p):
        return 0 * p


class Grows(Frame):
    def decay(self, p):
        return -self.lr * self.weight_decay * p


class DecaysMoments(Frame):
    def one(self, i, g):
        adam.Frame.one(self, i, g)
        self.m[i] = self.m[i] * (1 - self.lr * self.weight_decay)
        self.v[i] = self.v[i] * (1 - self.lr * self.weight_decay)


class Twice(Frame):
    def one(self, i, g):
        super().one(i, g + self.weight_decay * self.params[i])


class SignOnly(Frame):
    def decay(self, p):
        return self.lr * self.weight_decay * np.sign(p)


class Squared(Frame):
    def decay(self, p):
        return self.lr * self.weight_decay * p * p


class OncePerParameter(Frame):
    def step(self, grads):
        self.t += 1
        for i, g in enumerate(grads):
            for p in self.params:
                p -= self.decay(p)
            adam.Frame.one(self, i, g)


class NoCorrection(Frame):
    def m_hat(self, m):
        return m

    def v_hat(self, v):
        return v


class WeightMissing(Frame):
    def decay(self, p):
        return self.lr * self.weight_decay


class CorrectedRate(Frame):
    def one(self, i, g):
        self.m[i] = self.first(self.m[i], g)
        self.v[i] = self.second(self.v[i], g, self.m[i])
        rate = self.lr * (1 - self.beta2**self.t) ** 0.5 / (1 - self.beta1**self.t)
        inside = self.m[i] / (np.sqrt(self.v[i]) + self.eps) + self.weight_decay * self.params[i]
        self.params[i] -= rate * inside


class EpsBeforeCorrection(Frame):
    move = adam.EpsBeforeCorrection.move


class CountsParameters(Frame):
    step = adam.CountsParameters.step
