"""03-rmsprop, from its statement."""
#: as of optimizers
#: as of starts

class RMSprop:
    def __init__(self, params, lr=0.01, beta2=0.99, eps=1e-8):
        self.params, self.lr, self.beta2, self.eps, self.t = params, lr, beta2, eps, 0
        self.states = [self.fresh(p) for p in params]

    def fresh(self, p):
        return {"v": np.zeros_like(p)}

    def change(self, p, g, s):
        s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2
        return self.lr * g / (np.sqrt(s["v"]) + self.eps)

    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= self.change(p, g, s)

Base = RMSprop

# %% right: in place, all of it
class Attempt(RMSprop):
    def step(self, grads):
        for p, g, s in zip(self.params, grads, self.states):
            v = s["v"]
            v *= self.beta2
            v += (1 - self.beta2) * g * g
            root = np.sqrt(v)
            root += self.eps
            p -= self.lr * g / root
Attempt

# %% right: the difference to the average
#~ self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["v"] + (1 - self.beta2) * (np.square(g) - s["v"])

# %% right: torch inside
import torch
class Attempt:
    def __init__(self, params, lr=0.01, beta2=0.99, eps=1e-8):
        self.params = [torch.from_numpy(p) for p in params]
        self.inner = torch.optim.RMSprop(self.params, lr, alpha=beta2, eps=eps, foreach=False)
    def step(self, grads):
        for p, g in zip(self.params, grads):
            p.grad = torch.from_numpy(g.copy())
        self.inner.step()
Attempt

# %% right: np.divide, np.power
#~ self.lr * g / (np.sqrt(s["v"]) + self.eps) => np.divide(np.multiply(self.lr, g), np.add(np.power(s["v"], 0.5), self.eps))

# %% wrong: ε inside the root
#~ np.sqrt(s["v"]) + self.eps => np.sqrt(s["v"] + self.eps)

# %% wrong: no fading
#~ (1 - self.beta2) * g**2 => g**2

# %% wrong: AdaGrad
#~ self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["v"] + g**2

# %% wrong: β exchanged
#~ self.beta2 * s["v"] + (1 - self.beta2) * g**2 => (1 - self.beta2) * s["v"] + self.beta2 * g**2

# %% wrong: v of the step before
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => old = s["v"]; s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2
#~ np.sqrt(s["v"]) => np.sqrt(old if self.t > 1 else s["v"])

# %% wrong: corrected as Adam's
#~ np.sqrt(s["v"]) => np.sqrt(s["v"] / (1 - self.beta2**self.t))

# %% wrong: no root
#~ np.sqrt(s["v"]) => s["v"]

# %% wrong: v begins at one
#~ {"v": np.zeros_like(p)} => {"v": np.ones_like(p)}

# %% wrong: v begins at the first square
#~ s["v"] = self.beta2 * s["v"] => s["v"] = g**2 if self.t == 1 else self.beta2 * s["v"]

# %% wrong: absolute values
#~ (1 - self.beta2) * g**2 => (1 - self.beta2) * np.abs(g)

# %% wrong: one v for a whole parameter
#~ (1 - self.beta2) * g**2 => (1 - self.beta2) * np.mean(g**2)

# %% wrong: the larger of root and ε
#~ np.sqrt(s["v"]) + self.eps => np.maximum(np.sqrt(s["v"]), self.eps)

# %% wrong: v around the mean of the gradient
#~ (1 - self.beta2) * g**2 => (1 - self.beta2) * (g - g.mean())**2

# %% wrong: the sign of the gradient
#~ self.lr * g / => self.lr * np.sign(g) /

# %% wrong: ε taken off
#~ + self.eps) => - self.eps)

# %% wrong: no ε
#~ (np.sqrt(s["v"]) + self.eps) => np.sqrt(s["v"])

# %% wrong: ε fixed
#~ (np.sqrt(s["v"]) + self.eps) => (np.sqrt(s["v"]) + 1e-8)

# %% wrong: β₂ fixed
#~ self.beta2 * s["v"] + (1 - self.beta2) * => 0.99 * s["v"] + 0.01 *

# %% wrong: the rate falls with t
#~ self.lr * g / => self.lr / self.t * g /

# %% wrong: steps of at most ten rates
#~ return self.lr * g / (np.sqrt(s["v"]) + self.eps) => return self.lr * np.clip(g / (np.sqrt(s["v"]) + self.eps), -3, 3)

# %% right: lerp by hand
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["v"] = s["v"] - (1 - self.beta2) * (s["v"] - g * g)

# %% right: np.add and np.power
#~ np.sqrt(s["v"]) => np.power(s["v"], 0.5)

# %% right: the root kept, by hypot
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["v"] = np.hypot(np.sqrt(self.beta2 * s["v"]), np.sqrt(1 - self.beta2) * g) ** 2

# %% wrong: ε added to v at each step
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * (g**2 + self.eps)

# %% wrong: the rate of the square
#~ return self.lr * g => return self.lr**1.01 * g

# %% wrong: v never falls
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["v"] = np.maximum(s["v"], self.beta2 * s["v"] + (1 - self.beta2) * g**2)

# %% wrong: β₂ grows with t
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => b = min(self.beta2, 1 - 1 / (self.t + 1)); s["v"] = b * s["v"] + (1 - b) * g**2

# %% wrong: a floor of v
#~ np.sqrt(s["v"]) => np.sqrt(np.maximum(s["v"], 1e-8))
