"""02-nesterov, from its statement."""
#: as of optimizers
#: as of starts

class Nesterov:
    def __init__(self, params, lr=0.01, beta=0.9):
        self.params, self.lr, self.beta, self.t = params, lr, beta, 0
        self.states = [self.fresh(p) for p in params]

    def fresh(self, p):
        return {"b": np.zeros_like(p)}

    def change(self, p, g, s):
        s["b"] = self.beta * s["b"] + g
        return self.lr * (g + self.beta * s["b"])

    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= self.change(p, g, s)

Base = Nesterov

# %% right: buffers in place
#~ s["b"] = self.beta * s["b"] + g => s["b"] *= self.beta; s["b"] += g

# %% right: multiplied out
#~ self.lr * (g + self.beta * s["b"]) => self.lr * g + self.lr * self.beta * s["b"]

# %% right: the rate inside the buffer
#~ s["b"] = self.beta * s["b"] + g => s["b"] = self.beta * s["b"] + self.lr * g
#~ self.lr * (g + self.beta * s["b"]) => self.lr * g + self.beta * s["b"]

# %% right: two terms, one after the other
class Attempt(Nesterov):
    def step(self, grads):
        for p, g, s in zip(self.params, grads, self.states):
            s["b"] = self.beta * s["b"] + g
            p -= self.lr * g
            p -= self.lr * self.beta * s["b"]
Attempt

# %% right: torch inside
import torch
class Attempt:
    def __init__(self, params, lr=0.01, beta=0.9):
        self.params = [torch.from_numpy(p) for p in params]
        self.inner = torch.optim.SGD(self.params, lr, momentum=beta, nesterov=beta > 0, foreach=False)
    def step(self, grads):
        for p, g in zip(self.params, grads):
            p.grad = torch.from_numpy(g.copy())
        self.inner.step()
Attempt

# %% right: the first gradient begins the buffer
#~ s["b"] = self.beta * s["b"] + g => s["b"] = g.copy() if self.t == 1 else self.beta * s["b"] + g

# %% wrong: the heavy ball
#~ self.lr * (g + self.beta * s["b"]) => self.lr * s["b"]

# %% wrong: an average
#~ self.beta * s["b"] + g => self.beta * s["b"] + (1 - self.beta) * g

# %% wrong: no gradient beside the buffer
#~ self.lr * (g + self.beta * s["b"]) => self.lr * self.beta * s["b"]

# %% wrong: the buffer of the step before
#~ s["b"] = self.beta * s["b"] + g => old = s["b"]; s["b"] = self.beta * s["b"] + g
#~ self.beta * s["b"]) => self.beta * old)

# %% wrong: β only once
#~ self.lr * (g + self.beta * s["b"]) => self.lr * (g + s["b"])

# %% wrong: β on the gradient
#~ (g + self.beta * s["b"]) => (self.beta * g + s["b"])

# %% wrong: dampened
#~ (g + self.beta * s["b"]) => ((1 - self.beta) * g + self.beta * s["b"])

# %% wrong: β squared
#~ self.lr * (g + self.beta * s["b"]) => self.lr * (g + self.beta**2 * s["b"])

# %% wrong: the step kept in place of the buffer
#~ return self.lr * (g + self.beta * s["b"]) => s["b"] = g + self.beta * s["b"]\n        return self.lr * s["b"]

# %% wrong: plain descent
#~ self.lr * (g + self.beta * s["b"]) => self.lr * g

# %% wrong: β fixed
#~ self.beta, self.t = params, lr, beta, 0 => self.beta, self.t = params, lr, 0.9, 0

# %% wrong: begins at one
#~ np.zeros_like(p) => np.ones_like(p)

# %% wrong: a restart when the gradient turns
#~ s["b"] = self.beta * s["b"] + g => s["b"] = self.beta * s["b"] * ((s["b"] * g) >= 0) + g

# %% wrong: momentum only from step two
#~ (g + self.beta * s["b"]) => (g + self.beta * s["b"] * (self.t > 1))

# %% wrong: β of Nesterov's proof
#~ s["b"] = self.beta * s["b"] + g => s["b"] = (self.t - 1) / (self.t + 2) * s["b"] + g

# %% wrong: the buffer capped
#~ s["b"] = self.beta * s["b"] + g => s["b"] = np.clip(self.beta * s["b"] + g, -4, 4)

# %% wrong: moves only where the gradient is not zero
class Attempt(Nesterov):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= self.change(p, g, s) * (g != 0)
Attempt

# %% wrong: the rate twice
#~ self.lr * (g + self.beta * s["b"]) => self.lr * (g + self.lr * self.beta * s["b"])

# %% wrong: the look ahead of the first step in all
#~ {"b": np.zeros_like(p)} => {"b": np.zeros_like(p), "g": None}
#~ self.lr * (g + self.beta * s["b"]) => self.lr * (g + self.beta * (s["b"] if self.t > 1 else 2 * g))

# %% right: the look-ahead written as two buffers' difference
#~ return self.lr * (g + self.beta * s["b"]) => return self.lr * ((1 + self.beta) * s["b"] - self.beta * (s["b"] - g) / 1.0) if self.beta == 0 else self.lr * (g + self.beta * s["b"])

# %% wrong: β on the gradient as well
#~ (g + self.beta * s["b"]) => (self.beta * (g + s["b"]))

# %% wrong: the buffer without this gradient
#~ (g + self.beta * s["b"]) => (g + self.beta * (s["b"] - g))

# %% wrong: the buffer is capped
#~ s["b"] = self.beta * s["b"] + g => s["b"] = np.clip(self.beta * s["b"] + g, -5, 5)
