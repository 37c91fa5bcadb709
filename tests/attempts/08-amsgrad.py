import math

import numpy as np

class Right:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.top = [np.zeros_like(p) for p in params]
        self.t = 0
    def step(self, grads):
        self.t += 1
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.one(i, p, g)
    def average(self, i, g):
        self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
        self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g ** 2
    def move(self, i, p, v):
        p -= self.lr * self.m[i] / (1 - self.beta1 ** self.t) / (np.sqrt(v / (1 - self.beta2 ** self.t)) + self.eps)
    def one(self, i, p, g):
        self.average(i, g)
        self.top[i] = np.maximum(self.top[i], self.v[i])
        self.move(i, p, self.top[i])

# %% right: lists and a loop
class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.top = [np.zeros_like(p) for p in params]
        self.t = 0
    def step(self, grads):
        self.t += 1
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g ** 2
            self.top[i] = np.maximum(self.top[i], self.v[i])
            m_hat = self.m[i] / (1 - self.beta1 ** self.t)
            v_hat = self.top[i] / (1 - self.beta2 ** self.t)
            p -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

# %% right: state made at the first step, in dicts by place
class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params = list(params)
        self.lr, self.betas, self.eps = lr, (beta1, beta2), eps
        self.state = {}
    def step(self, grads):
        b1, b2 = self.betas
        for i, (p, g) in enumerate(zip(self.params, grads)):
            s = self.state.setdefault(i, {"t": 0, "m": 0.0, "v": 0.0, "max": 0.0})
            s["t"] += 1
            s["m"] = b1 * s["m"] + (1 - b1) * g
            s["v"] = b2 * s["v"] + (1 - b2) * g * g
            s["max"] = np.maximum(s["max"], s["v"])
            root = np.sqrt(s["max"]) / np.sqrt(1 - b2 ** s["t"]) + self.eps
            p[...] = p - self.lr / (1 - b1 ** s["t"]) * s["m"] / root

# %% right: everything in place
class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.slots = [(p, *np.zeros((3, *p.shape), p.dtype)) for p in params]
        self.power1 = self.power2 = 1.0
    def step(self, grads):
        self.power1 *= self.beta1
        self.power2 *= self.beta2
        for (p, m, v, largest), g in zip(self.slots, grads):
            m += (1 - self.beta1) * (g - m)
            v += (1 - self.beta2) * (g * g - v)
            np.maximum(largest, v, out=largest)
            denominator = np.sqrt(largest / (1 - self.power2))
            denominator += self.eps
            np.subtract(p, self.lr * (m / (1 - self.power1)) / denominator, out=p)

# %% right: torch's own Adam
class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        import torch
        self.tensors = [torch.from_numpy(p) for p in params]
        self.inner = torch.optim.Adam(self.tensors, lr=lr, betas=(beta1, beta2), eps=eps, amsgrad=True)
    def step(self, grads):
        import torch
        for tensor, g in zip(self.tensors, grads):
            tensor.grad = torch.from_numpy(g.copy())
        self.inner.step()

# %% right: torch's tensors over the same memory
class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        import torch
        self.torch = torch
        self.p = [torch.from_numpy(p) for p in params]
        self.m = [torch.zeros_like(p) for p in self.p]
        self.v = [torch.zeros_like(p) for p in self.p]
        self.x = [torch.zeros_like(p) for p in self.p]
        self.lr, self.b1, self.b2, self.eps, self.t = lr, beta1, beta2, eps, 0
    def step(self, grads):
        self.t += 1
        for p, m, v, x, g in zip(self.p, self.m, self.v, self.x, grads):
            g = self.torch.from_numpy(g)
            m.mul_(self.b1).add_(g, alpha=1 - self.b1)
            v.mul_(self.b2).addcmul_(g, g, value=1 - self.b2)
            self.torch.maximum(x, v, out=x)
            p.addcdiv_(m, (x.sqrt() / (1 - self.b2 ** self.t) ** 0.5).add_(self.eps), value=-self.lr / (1 - self.b1 ** self.t))

# %% right: an Adam with a hook, inherited
class Adam:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.m = [0.0 * p for p in params]
        self.v = [0.0 * p for p in params]
        self.t = 0
    def second(self, i):
        return self.v[i]
    def step(self, grads):
        self.t = self.t + 1
        for i in range(len(grads)):
            g = grads[i]
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * np.square(g)
            hat = self.second(i) / (1 - self.beta2 ** self.t)
            self.params[i] -= self.lr * self.m[i] / (1 - self.beta1 ** self.t) / (hat ** 0.5 + self.eps)
class AMSGrad(Adam):
    def second(self, i):
        self.largest = getattr(self, "largest", None) or [v.copy() for v in self.v]
        self.largest[i] = np.where(self.v[i] > self.largest[i], self.v[i], self.largest[i])
        return self.largest[i]

# %% right: the root of the maximum, step by step over elements
class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.hypers, self.t = params, (lr, beta1, beta2, eps), 0
        self.memory = [np.zeros(p.shape + (3,)) for p in params]
    def step(self, grads):
        self.t += 1
        lr, b1, b2, eps = self.hypers
        c1, c2 = 1 - b1 ** self.t, math.sqrt(1 - b2 ** self.t)
        for p, memory, g in zip(self.params, self.memory, grads):
            for at in np.ndindex(p.shape):
                m, v, root = memory[at]
                m = b1 * m + (1 - b1) * float(g[at])
                v = b2 * v + (1 - b2) * float(g[at]) ** 2
                root = max(root, math.sqrt(v))
                memory[at] = m, v, root
                p[at] -= lr * (m / c1) / (root / c2 + eps)

# %% right: a generator holds the state
class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        def run(p):
            m = v = largest = np.zeros_like(p)
            t = 0
            while True:
                g = yield
                t += 1
                m = beta1 * m + (1 - beta1) * g
                v = beta2 * v + (1 - beta2) * g * g
                largest = np.maximum(v, largest)
                p -= lr * (m / (1 - beta1 ** t)) / (np.sqrt(largest / (1 - beta2 ** t)) + eps)
        self.runs = [run(p) for p in params]
        for r in self.runs:
            next(r)
    def step(self, grads):
        for r, g in zip(self.runs, grads, strict=True):
            r.send(g)

# %% right: the whole history of v
class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.m, self.vs = [np.zeros_like(p) for p in params], [[np.zeros_like(p)] for p in params]
    def step(self, grads):
        for p, m, vs, g in zip(self.params, self.m, self.vs, grads):
            m *= self.beta1
            m += (1 - self.beta1) * g
            vs.append(self.beta2 * vs[-1] + (1 - self.beta2) * g ** 2)
            t = len(vs) - 1
            top = np.max(vs, axis=0)
            p -= self.lr * m / (1 - self.beta1 ** t) / (np.sqrt(top / (1 - self.beta2 ** t)) + self.eps)

# %% right: split into methods
class AMSGrad(Right):
    pass

# %% wrong: a step without a gradient is skipped
class AMSGrad(Right):
    def one(self, i, p, g):
        if g.any():
            super().one(i, p, g)

# %% wrong: all zero gradients skip the step, t included
class AMSGrad(Right):
    def step(self, grads):
        if any(g.any() for g in grads):
            super().step(grads)

# %% wrong: sparse: what gets no gradient keeps its state and place
class AMSGrad(Right):
    def one(self, i, p, g):
        hit = g != 0
        m, v, top = self.m[i], self.v[i], self.top[i]
        m[hit] = self.beta1 * m[hit] + (1 - self.beta1) * g[hit]
        v[hit] = self.beta2 * v[hit] + (1 - self.beta2) * g[hit] ** 2
        top[hit] = np.maximum(top[hit], v[hit])
        p[hit] -= (self.lr * m / (1 - self.beta1 ** self.t) / (np.sqrt(top / (1 - self.beta2 ** self.t)) + self.eps))[hit]

# %% wrong: averages go on, but what gets no gradient does not move
class AMSGrad(Right):
    def move(self, i, p, v):
        hit = self.now != 0
        q = p.copy()
        super().move(i, q, v)
        p[hit] = q[hit]
    def one(self, i, p, g):
        self.now = g
        super().one(i, p, g)

# %% wrong: the maximum is not updated where the gradient is zero or small
class AMSGrad(Right):
    def one(self, i, p, g):
        self.average(i, g)
        if np.all(self.v[i] >= self.top[i]):
            self.top[i] = self.v[i].copy()
        self.move(i, p, np.maximum(self.top[i], self.v[i]))

# %% wrong: state by shape
class AMSGrad(Right):
    def one(self, i, p, g):
        super().one([q.shape for q in self.params].index(p.shape), p, g)

# %% wrong: one array of the maximum for all parameters of a shape
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, beta1, beta2, eps)
        shared = {}
        self.top = [shared.setdefault(p.shape, np.zeros_like(p)) for p in params]
    def one(self, i, p, g):
        self.average(i, g)
        np.maximum(self.top[i], self.v[i], out=self.top[i])
        self.move(i, p, self.top[i])

# %% wrong: [zeros] * n
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, beta1, beta2, eps)
        self.top = [0.0] * len(params)
        self.most = 0.0
    def one(self, i, p, g):
        self.average(i, g)
        self.most = max(self.most, float(self.v[i].max()))
        self.move(i, p, self.most)

# %% wrong: the maximum over the whole tensor
class AMSGrad(Right):
    def one(self, i, p, g):
        self.average(i, g)
        self.top[i] = np.maximum(self.top[i], self.v[i].max())
        self.move(i, p, self.top[i])

# %% wrong: the maximum over each row
class AMSGrad(Right):
    def one(self, i, p, g):
        self.average(i, g)
        v = self.v[i]
        self.top[i] = np.maximum(self.top[i], v.max(axis=-1, keepdims=True) if v.ndim > 1 else v)
        self.move(i, p, self.top[i])

# %% wrong: state on the class, begun anew by each object
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, beta1, beta2, eps)
        AMSGrad.kept = [np.zeros_like(p) for p in params]
    def one(self, i, p, g):
        self.average(i, g)
        AMSGrad.kept[i] = np.maximum(AMSGrad.kept[i], self.v[i])
        self.move(i, p, AMSGrad.kept[i])

# %% wrong: a global count
T = 0
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        global T
        super().__init__(params, lr, beta1, beta2, eps)
        T = 0
    def step(self, grads):
        global T
        self.t = T
        super().step(grads)
        T = self.t

# %% wrong: moments on the class
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, beta1, beta2, eps)
        AMSGrad.m, AMSGrad.v = self.__dict__.pop("m"), self.__dict__.pop("v")

# %% wrong: hyperparameters on the class
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, beta1, beta2, eps)
        AMSGrad.lr = self.__dict__.pop("lr")

# %% wrong: the maximum is the same array as v
class AMSGrad(Right):
    def one(self, i, p, g):
        self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
        self.v[i] *= self.beta2
        self.v[i] += (1 - self.beta2) * g ** 2
        if self.t == 1:
            self.top[i] = self.v[i]
        np.maximum(self.top[i], self.v[i], out=self.top[i])
        self.move(i, p, self.top[i])

# %% wrong: the first gradient is kept by reference and grows
class AMSGrad(Right):
    def one(self, i, p, g):
        self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g if self.t > 1 else g
        self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g ** 2
        self.top[i] = np.maximum(self.top[i], self.v[i])
        self.move(i, p, self.top[i])

# %% wrong: the largest of the last two
class AMSGrad(Right):
    def one(self, i, p, g):
        before = self.v[i]
        self.average(i, g)
        self.move(i, p, np.maximum(before, self.v[i]))

# %% wrong: the largest of the last ten
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, beta1, beta2, eps)
        self.past = [[] for _ in params]
    def one(self, i, p, g):
        self.average(i, g)
        self.past[i] = [*self.past[i][-9:], self.v[i]]
        self.move(i, p, np.max(self.past[i], axis=0))

# %% wrong: forgotten every twenty steps
class AMSGrad(Right):
    def one(self, i, p, g):
        if self.t % 20 == 0:
            self.top[i] = np.zeros_like(p)
        super().one(i, p, g)

# %% wrong: the largest squared gradient
class AMSGrad(Right):
    def one(self, i, p, g):
        self.average(i, g)
        self.top[i] = np.maximum(self.top[i], (1 - self.beta2) * g ** 2)
        self.move(i, p, self.top[i])

# %% wrong: the maximum flows back into the average
class AMSGrad(Right):
    def one(self, i, p, g):
        self.average(i, g)
        self.v[i] = self.top[i] = np.maximum(self.top[i], self.v[i])
        self.move(i, p, self.top[i])

# %% wrong: the largest corrected v
class AMSGrad(Right):
    def one(self, i, p, g):
        self.average(i, g)
        hat = self.v[i] / (1 - self.beta2 ** self.t)
        self.top[i] = np.maximum(self.top[i], hat)
        self.move(i, p, self.top[i] * (1 - self.beta2 ** self.t))

# %% wrong: the largest m too
class AMSGrad(Right):
    def one(self, i, p, g):
        self.average(i, g)
        self.top[i] = np.maximum(self.top[i], self.v[i])
        self.m[i] = np.where(np.abs(self.m[i]) < 1e-6, 0, self.m[i])
        self.move(i, p, self.top[i])

# %% wrong: the maximum begins at ε
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, beta1, beta2, eps)
        self.top = [np.full_like(p, eps) for p in params]

# %% wrong: the first parameter alone
class AMSGrad(Right):
    def step(self, grads):
        self.t += 1
        self.one(0, self.params[0], grads[0])

# %% wrong: steps counted for each parameter
class AMSGrad(Right):
    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.t += 1
            self.one(i, p, g)

# %% wrong: matrices alone
class AMSGrad(Right):
    def one(self, i, p, g):
        self.average(i, g)
        self.top[i] = np.maximum(self.top[i], self.v[i]) if p.ndim <= 2 else self.v[i]
        self.move(i, p, self.top[i])

# %% wrong: defaults of its own
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.99, eps=1e-8):
        super().__init__(params, lr, beta1, beta2, eps)

# %% wrong: another default rate
class AMSGrad(Right):
    def __init__(self, params, lr=1e-2, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, beta1, beta2, eps)

# %% wrong: another default ε
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-6):
        super().__init__(params, lr, beta1, beta2, eps)

# %% wrong: β₁ by heart
class AMSGrad(Right):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(params, lr, 0.9, beta2, eps)

# %% wrong: ε inside the root
class AMSGrad(Right):
    def move(self, i, p, v):
        p -= self.lr * self.m[i] / (1 - self.beta1 ** self.t) / np.sqrt(v / (1 - self.beta2 ** self.t) + self.eps)

# %% wrong: ε as a lower bound
class AMSGrad(Right):
    def move(self, i, p, v):
        root = np.maximum(np.sqrt(v / (1 - self.beta2 ** self.t)), self.eps)
        p -= self.lr * self.m[i] / (1 - self.beta1 ** self.t) / root

# %% wrong: gradients clipped at ten
class AMSGrad(Right):
    def one(self, i, p, g):
        super().one(i, p, np.clip(g, -10, 10))

# %% wrong: a new array in a new list
class AMSGrad(Right):
    def one(self, i, p, g):
        q = p.copy()
        super().one(i, q, g)
        self.params[i] = q

# %% wrong: the state in single precision
class AMSGrad(Right):
    def one(self, i, p, g):
        super().one(i, p, g)
        self.top[i] = self.top[i].astype(np.float32)
