"""Adam, each time with one mistake that people make."""

import numpy as np


class Frame:
    """Adam in pieces, so that a mistake can replace one. Without a replacement it is right."""

    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        for i, g in enumerate(grads):
            self.one(i, g)

    def one(self, i, g):
        self.m[i] = self.first(self.m[i], g)
        self.v[i] = self.second(self.v[i], g, self.m[i])
        self.params[i] -= self.move(self.m[i], self.v[i])

    def first(self, m, g):
        return self.beta1 * m + (1 - self.beta1) * g

    def second(self, v, g, m):
        return self.beta2 * v + (1 - self.beta2) * g * g

    def move(self, m, v):
        return self.lr * self.m_hat(m) / (np.sqrt(self.v_hat(v)) + self.eps)

    def m_hat(self, m):
        return m / (1 - self.beta1**self.t)

    def v_hat(self, v):
        return v / (1 - self.beta2**self.t)


class NoCorrection(Frame):
    def m_hat(self, m):
        return m

    def v_hat(self, v):
        return v


class OnlyM(Frame):
    def v_hat(self, v):
        return v


class OnlyV(Frame):
    def m_hat(self, m):
        return m


class StartsAtZero(Frame):
    def step(self, grads):
        for i, g in enumerate(grads):
            self.one(i, g)
        self.t += 1


class StartsAtTwo(Frame):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.t = 1


class CountsParameters(Frame):
    def step(self, grads):
        for i, g in enumerate(grads):
            self.t += 1
            self.one(i, g)


class EpsInside(Frame):
    def move(self, m, v):
        return self.lr * self.m_hat(m) / np.sqrt(self.v_hat(v) + self.eps)


class EpsBeforeCorrection(Frame):
    def move(self, m, v):
        corrected_lr = self.lr * (1 - self.beta2**self.t) ** 0.5 / (1 - self.beta1**self.t)
        return corrected_lr * m / (np.sqrt(v) + self.eps)


class NoEps(Frame):
    def move(self, m, v):
        return self.lr * self.m_hat(m) / np.sqrt(self.v_hat(v))


class NoRoot(Frame):
    def move(self, m, v):
        return self.lr * self.m_hat(m) / (self.v_hat(v) + self.eps)


class SwappedBetas(Frame):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, beta2, beta1, eps)


class GradientInV(Frame):
    def second(self, v, g, m):
        return self.beta2 * v + (1 - self.beta2) * g


class MomentumInV(Frame):
    def second(self, v, g, m):
        return self.beta2 * v + (1 - self.beta2) * m * m


class MAccumulates(Frame):
    def first(self, m, g):
        return self.beta1 * m + g


class VAccumulates(Frame):
    def second(self, v, g, m):
        return self.beta2 * v + g * g


class ForgetsState(Frame):
    def first(self, m, g):
        return super().first(np.zeros_like(m), g)

    def second(self, v, g, m):
        return super().second(np.zeros_like(v), g, m)


class GradientOnTop(Frame):
    def one(self, i, g):
        self.m[i] = self.first(self.m[i], g)
        self.v[i] = self.second(self.v[i], g, self.m[i])
        self.params[i] -= self.lr * g / (np.sqrt(self.v_hat(self.v[i])) + self.eps)


class Climbs(Frame):
    def move(self, m, v):
        return -super().move(m, v)


class NoRate(Frame):
    def move(self, m, v):
        return self.m_hat(m) / (np.sqrt(self.v_hat(v)) + self.eps)


class SharedState(Frame):
    def one(self, i, g):
        self.m[0] = self.first(self.m[0], g)
        self.v[0] = self.second(self.v[0], g, self.m[0])
        self.params[i] -= self.move(self.m[0], self.v[0])
