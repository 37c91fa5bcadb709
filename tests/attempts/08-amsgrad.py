"""08-amsgrad, from its statement."""
#: as of optimizers
#: as of starts

import math


class AMSGrad:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps, self.t = params, lr, beta1, beta2, eps, 0
        self.states = [self.fresh(p) for p in params]

    def fresh(self, p):
        return {"m": np.zeros_like(p), "v": np.zeros_like(p), "top": np.zeros_like(p)}

    def change(self, p, g, s):
        s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g
        s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2
        s["top"] = np.maximum(s["top"], s["v"])
        m_hat = s["m"] / (1 - self.beta1**self.t)
        v_hat = s["top"] / (1 - self.beta2**self.t)
        return self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= self.change(p, g, s)


Base = AMSGrad

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

# %% wrong: all zero gradients skip the step, t included
class Attempt(AMSGrad):
    def step(self, grads):
        if any(g.any() for g in grads):
            super().step(grads)
Attempt

# %% wrong: averages go on, but what gets no gradient does not move
#~ p -= self.change(p, g, s) => p -= self.change(p, g, s) * (g != 0)

# %% wrong: the maximum of a whole parameter moves on, or not
#~ s["top"] = np.maximum(s["top"], s["v"]) => s["top"] = s["v"] if np.all(s["v"] >= s["top"]) else s["top"]

# %% wrong: one array of the maximum for all parameters of a shape
SHARED = {}
class Attempt(AMSGrad):
    def __init__(self, params, **hypers):
        SHARED.clear()
        super().__init__(params, **hypers)
    def fresh(self, p):
        return {**super().fresh(p), "top": SHARED.setdefault(p.shape, np.zeros_like(p))}
Attempt
#~ s["top"] = np.maximum(s["top"], s["v"]) => np.maximum(s["top"], s["v"], out=s["top"])

# %% wrong: one number for all parameters
#~ s["top"] = np.maximum(s["top"], s["v"]) => self.most = max(getattr(self, "most", 0), s["v"].max()); s["top"] = self.most + 0 * p

# %% wrong: the maximum over the whole tensor
#~ np.maximum(s["top"], s["v"]) => np.maximum(s["top"], s["v"].max())

# %% wrong: the maximum over each row
#~ np.maximum(s["top"], s["v"]) => np.maximum(s["top"], s["v"].max(axis=-1, keepdims=True) if p.ndim > 1 else s["v"])

# %% wrong: the maximum on the class, begun anew by each object
class Attempt(AMSGrad):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        Attempt.tops = [s["top"] for s in self.states]
    def step(self, grads):
        self.t += 1
        for p, g, s, top in zip(self.params, grads, self.states, Attempt.tops):
            s["top"] = top
            p -= self.change(p, g, s)
            top[...] = s["top"]
Attempt

# %% wrong: a global count
T = 0
class Attempt(AMSGrad):
    def __init__(self, params, **hypers):
        global T
        super().__init__(params, **hypers)
        T = 0
    def step(self, grads):
        global T
        self.t = T
        super().step(grads)
        T = self.t
Attempt

# %% wrong: the maximum is the same array as v
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["top"] = s["v"]; s["v"] *= self.beta2; s["v"] += (1 - self.beta2) * g**2

# %% wrong: m begins at the first gradient
#~ s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g => s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g if self.t > 1 else g

# %% wrong: the largest of the last two
#~ s["top"] = np.maximum(s["top"], s["v"]) => s["top"] = np.maximum(s.get("before", 0), s["v"]); s["before"] = s["v"]

# %% wrong: the largest of the last ten
#~ s["top"] = np.maximum(s["top"], s["v"]) => s["all"] = [*s.get("all", [])[-9:], s["v"]]; s["top"] = np.max(s["all"], axis=0)

# %% wrong: forgotten every twenty steps
#~ s["top"] = np.maximum(s["top"], s["v"]) => s["top"] = np.maximum(s["top"] * (self.t % 20 > 0), s["v"])

# %% wrong: the largest squared gradient, weighted
#~ np.maximum(s["top"], s["v"]) => np.maximum(s["top"], (1 - self.beta2) * g**2)

# %% wrong: the maximum flows back into the average
#~ s["top"] = np.maximum(s["top"], s["v"]) => s["top"] = s["v"] = np.maximum(s["top"], s["v"])

# %% wrong: the largest corrected v
#~ np.maximum(s["top"], s["v"]) => np.maximum(s["top"], s["v"] / (1 - self.beta2**self.t))
#~ v_hat = s["top"] / (1 - self.beta2**self.t) => v_hat = s["top"]

# %% wrong: v larger in absolute value than m, or nothing
#~ np.maximum(s["top"], s["v"]) => np.where(s["v"] > np.abs(s["m"]), np.maximum(s["top"], s["v"]), s["top"])

# %% wrong: the maximum begins at ε
#~ "top": np.zeros_like(p) => "top": np.full_like(p, self.eps)

# %% wrong: the maximum begins at one
#~ "top": np.zeros_like(p) => "top": np.ones_like(p)

# %% wrong: the maximum decays too
#~ np.maximum(s["top"], s["v"]) => np.maximum(self.beta2 * s["top"], s["v"])

# %% wrong: no maximum for tensors of more than two axes
#~ np.maximum(s["top"], s["v"]) => np.maximum(s["top"], s["v"]) if p.ndim < 3 else s["v"]

# %% wrong: the average of v and its maximum
#~ v_hat = s["top"] => v_hat = (s["top"] + s["v"]) / 2

# %% wrong: another default of β₂
#~ beta2=0.999 => beta2=0.99

# %% wrong: another default rate
#~ lr=1e-3 => lr=1e-2

# %% wrong: another default ε
#~ eps=1e-8 => eps=1e-6

# %% wrong: β₁ by heart
#~ self.beta1, self.beta2, self.eps, self.t = params, lr, beta1 => self.beta1, self.beta2, self.eps, self.t = params, lr, 0.9

# %% wrong: ε inside the root
#~ (np.sqrt(v_hat) + self.eps) => np.sqrt(v_hat + self.eps)

# %% wrong: ε as a lower bound
#~ (np.sqrt(v_hat) + self.eps) => np.maximum(np.sqrt(v_hat), self.eps)

# %% wrong: the maximum in single precision
#~ np.maximum(s["top"], s["v"]) => np.maximum(s["top"], s["v"]).astype(np.float32)

# %% wrong: a momentum that is zero where it is small
#~ m_hat = s["m"] / => m_hat = np.where(np.abs(s["m"]) < 1e-6, 0, s["m"]) /

# %% right: fmax
#~ s["top"] = np.maximum(s["top"], s["v"]) => s["top"] = np.fmax(s["v"], s["top"])

# %% right: where
#~ s["top"] = np.maximum(s["top"], s["v"]) => s["top"] = np.where(s["v"] > s["top"], s["v"], s["top"])

# %% right: the largest of all kept
#~ s["top"] = np.maximum(s["top"], s["v"]) => s.setdefault("all", []).append(s["v"].copy()); s["top"] = np.max(s["all"], axis=0)

# %% wrong: the largest of the last ten
#~ s["top"] = np.maximum(s["top"], s["v"]) => s.setdefault("all", []).append(s["v"].copy()); s["top"] = np.max(s["all"][-10:], axis=0)

# %% wrong: the maximum at every second step alone
#~ s["top"] = np.maximum(s["top"], s["v"]) => s["top"] = np.maximum(s["top"], s["v"]) if self.t % 2 else s["v"]

# %% wrong: the smallest so far
#~ s["top"] = np.maximum(s["top"], s["v"]) => s["top"] = s["v"] if self.t == 1 else np.minimum(s["top"], s["v"])

# %% wrong: the correction left out of the maximum alone
#~ v_hat = s["top"] / (1 - self.beta2**self.t) => v_hat = s["top"]

# %% wrong: the maximum of the step before
#~ s["top"] = np.maximum(s["top"], s["v"]) => s["top"], s["next"] = np.where(self.t > 1, s.get("next", s["v"]), s["v"]), np.maximum(s.get("next", s["v"]), s["v"])
