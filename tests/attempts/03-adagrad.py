"""03-adagrad, from its statement."""
#: as of optimizers
#: as of starts
#: right here: skips a gradient of zeros
#: right here: moves and remembers only where the gradient is not zero

class AdaGrad:
    def __init__(self, params, lr=0.01, eps=1e-10):
        self.params, self.lr, self.eps, self.t = params, lr, eps, 0
        self.states = [self.fresh(p) for p in params]

    def fresh(self, p):
        return {"s": np.zeros_like(p)}

    def change(self, p, g, s):
        s["s"] = s["s"] + g**2
        return self.lr * g / (np.sqrt(s["s"]) + self.eps)

    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= self.change(p, g, s)

Base = AdaGrad

# %% right: sums in place
#~ s["s"] = s["s"] + g**2 => s["s"] += g * g

# %% right: torch inside
import torch
class Attempt:
    def __init__(self, params, lr=0.01, eps=1e-10):
        self.params = [torch.from_numpy(p) for p in params]
        self.inner = torch.optim.Adagrad(self.params, lr, eps=eps, foreach=False)
    def step(self, grads):
        for p, g in zip(self.params, grads):
            p.grad = torch.from_numpy(g.copy())
        self.inner.step()
Attempt

# %% right: the history kept and summed
class Attempt(AdaGrad):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        self.seen = [[] for _ in params]
    def step(self, grads):
        for p, g, seen in zip(self.params, grads, self.seen):
            seen.append(g)
            p -= self.lr * g / (np.sqrt(np.sum(np.square(seen), axis=0)) + self.eps)
Attempt

# %% right: the norm of the history
class Attempt(AdaGrad):
    def step(self, grads):
        for p, g, s in zip(self.params, grads, self.states):
            s["s"] = np.hypot(s["s"], g)
            p -= self.lr * g / (s["s"] + self.eps)
Attempt

# %% wrong: fades
#~ s["s"] + g**2 => 0.99 * s["s"] + g**2

# %% wrong: the mean of the squares
#~ np.sqrt(s["s"]) => np.sqrt(s["s"] / self.t)

# %% wrong: ε inside the root
#~ np.sqrt(s["s"]) + self.eps => np.sqrt(s["s"] + self.eps)

# %% wrong: the sum without this gradient
#~ s["s"] = s["s"] + g**2 => old = s["s"]; s["s"] = s["s"] + g**2
#~ np.sqrt(s["s"]) => np.sqrt(old)

# %% wrong: no root
#~ np.sqrt(s["s"]) => s["s"]

# %% wrong: absolute values
#~ s["s"] + g**2 => s["s"] + np.abs(g)

# %% wrong: the gradient, not its square
#~ s["s"] + g**2 => s["s"] + g

# %% wrong: the sum of gradients, squared
#~ np.sqrt(s["s"]) => np.abs(s["s"])
#~ s["s"] + g**2 => s["s"] + g

# %% wrong: begins at 0.1
#~ {"s": np.zeros_like(p)} => {"s": np.full_like(p, 0.1)}

# %% wrong: begins at ε
#~ {"s": np.zeros_like(p)} => {"s": np.full_like(p, self.eps)}

# %% wrong: one sum for a whole parameter
#~ s["s"] + g**2 => s["s"] + np.sum(g**2)

# %% wrong: one sum for all parameters
class Attempt(AdaGrad):
    def step(self, grads):
        self.all = getattr(self, "all", 0) + sum(float((g**2).sum()) for g in grads)
        for p, g in zip(self.params, grads):
            p -= self.lr * g / (np.sqrt(self.all) + self.eps)
Attempt

# %% wrong: the larger of root and ε
#~ np.sqrt(s["s"]) + self.eps => np.maximum(np.sqrt(s["s"]), self.eps)

# %% wrong: the largest square
#~ s["s"] + g**2 => np.maximum(s["s"], g**2)

# %% wrong: only the last eight squares
class Attempt(AdaGrad):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        self.seen = [[] for _ in params]
    def step(self, grads):
        for p, g, seen in zip(self.params, grads, self.seen):
            seen.append(g.copy())
            p -= self.lr * g / (np.sqrt(np.sum(np.square(seen[-8:]), axis=0)) + self.eps)
Attempt

# %% wrong: the root kept in place of the sum
#~ return self.lr * g / (np.sqrt(s["s"]) + self.eps) => s["s"] = np.sqrt(s["s"])\n        return self.lr * g / (s["s"] + self.eps)

# %% wrong: the rate falls with t besides
#~ self.lr * g / => self.lr / (1 + 0.01 * (self.t - 1)) * g /

# %% wrong: ε of Adam
#~ (np.sqrt(s["s"]) + self.eps) => (np.sqrt(s["s"]) + 1e-8)

# %% wrong: the sign of the gradient
#~ self.lr * g / => self.lr * np.sign(g) /

# %% wrong: a cap on the sum
#~ s["s"] + g**2 => np.minimum(s["s"] + g**2, 50.0)

# %% wrong: no ε
#~ (np.sqrt(s["s"]) + self.eps) => np.sqrt(s["s"])

# %% right: the reciprocal root
#~ self.lr * g / (np.sqrt(s["s"]) + self.eps) => g * (self.lr / (s["s"] ** 0.5 + self.eps))

# %% right: the state as a scalar array's sum of a growing list of squares
#~ s["s"] = s["s"] + g**2 => s.setdefault("all", []).append(np.square(g)); s["s"] = np.add.reduce(s["all"])

# %% right: hypot of the root kept
#~ s["s"] = s["s"] + g**2 => s["r"] = np.hypot(s.get("r", 0 * g), g)
#~ np.sqrt(s["s"]) => s["r"]

# %% wrong: the root of each square added
#~ s["s"] = s["s"] + g**2 => s["s"] = s["s"] + np.abs(g)
#~ np.sqrt(s["s"]) => s["s"]

# %% wrong: ε multiplied by the rate
#~ + self.eps) => + self.eps * self.lr)

# %% wrong: the square of this gradient added after the step
#~ np.sqrt(s["s"]) => np.sqrt(np.maximum(s["s"] - g**2, g**2))

# %% wrong: the sum halves every hundred steps
#~ s["s"] = s["s"] + g**2 => s["s"] = s["s"] * (0.5 if self.t % 100 == 0 else 1) + g**2

# %% wrong: no step where the sum is tiny
#~ return self.lr * g / (np.sqrt(s["s"]) + self.eps) => return np.where(s["s"] > 1e-12, self.lr * g / (np.sqrt(s["s"]) + self.eps), 0)
