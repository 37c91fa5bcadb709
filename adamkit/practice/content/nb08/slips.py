"""AMSGrad, each time with one mistake that people make."""

import numpy as np

from adamkit.practice.content.nb04 import slips as adam


class Frame(adam.Frame):
    """AMSGrad in pieces, so that a mistake can replace one. Without a replacement it is right."""

    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, beta1, beta2, eps)
        self.largest = [np.zeros_like(p) for p in params]

    def one(self, i, g):
        self.m[i] = self.first(self.m[i], g)
        self.v[i] = self.second(self.v[i], g, self.m[i])
        self.largest[i] = self.keep(self.largest[i], self.v[i])
        self.params[i] -= self.move(self.m[i], self.largest[i])

    def keep(self, largest, v):
        return np.maximum(largest, v)


class PlainAdam(Frame):
    def keep(self, largest, v):
        return v


class MaximumOfCorrected(Frame):
    def keep(self, largest, v):
        return np.maximum(largest, v / (1 - self.beta2**self.t))

    def v_hat(self, v):
        return v


class NoCorrection(Frame):
    def m_hat(self, m):
        return m

    def v_hat(self, v):
        return v


class MomentumUncorrected(Frame):
    def m_hat(self, m):
        return m


class EpsBeforeCorrection(Frame):
    move = adam.EpsBeforeCorrection.move


class MaximumUncorrected(Frame):
    def v_hat(self, v):
        return v


class MaximumGoesIntoV(Frame):
    def one(self, i, g):
        self.m[i] = self.first(self.m[i], g)
        self.v[i] = np.maximum(self.v[i], self.second(self.v[i], g, self.m[i]))
        self.params[i] -= self.move(self.m[i], self.v[i])


class OneMaximumForAll(Frame):
    def keep(self, largest, v):
        return np.maximum(largest, v).max() + 0 * v


class Minimum(Frame):
    def keep(self, largest, v):
        return np.minimum(largest, v) if self.t > 1 else v


class MaximumOfSquares(Frame):
    def one(self, i, g):
        self.m[i] = self.first(self.m[i], g)
        self.largest[i] = np.maximum(self.largest[i], g * g)
        self.params[i] -= self.lr * self.m_hat(self.m[i]) / (np.sqrt(self.largest[i]) + self.eps)


class MaximumOfM(Frame):
    def one(self, i, g):
        self.m[i] = np.maximum(self.m[i], self.first(self.m[i], g))
        self.v[i] = self.second(self.v[i], g, self.m[i])
        self.params[i] -= self.move(self.m[i], self.v[i])
