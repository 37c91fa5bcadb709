"""04-adam, from its statement."""
#: as of optimizers
#: as of starts

class Adam:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps, self.t = params, lr, beta1, beta2, eps, 0
        self.states = [self.fresh(p) for p in params]

    def fresh(self, p):
        return {"m": np.zeros_like(p), "v": np.zeros_like(p)}

    def change(self, p, g, s):
        s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g
        s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2
        m_hat = s["m"] / (1 - self.beta1**self.t)
        v_hat = s["v"] / (1 - self.beta2**self.t)
        return self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= self.change(p, g, s)

Base = Adam

# %% right: the efficient form with a corrected rate and ε
#~ m_hat = s["m"] / (1 - self.beta1**self.t) => rate = self.lr * np.sqrt(1 - self.beta2**self.t) / (1 - self.beta1**self.t)
#~ v_hat = s["v"] / (1 - self.beta2**self.t) => eps = self.eps * np.sqrt(1 - self.beta2**self.t)
#~ return self.lr * m_hat / (np.sqrt(v_hat) + self.eps) => return rate * s["m"] / (np.sqrt(s["v"]) + eps)

# %% right: products of the betas kept
class Attempt(Adam):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        self.b1, self.b2 = 1.0, 1.0

    def step(self, grads):
        self.b1 *= self.beta1
        self.b2 *= self.beta2
        for p, g, s in zip(self.params, grads, self.states):
            s["m"] += (1 - self.beta1) * (g - s["m"])
            s["v"] += (1 - self.beta2) * (g * g - s["v"])
            p -= self.lr * (s["m"] / (1 - self.b1)) / ((s["v"] / (1 - self.b2)) ** 0.5 + self.eps)
Attempt

# %% right: averages weighted from the start, without correction
#~ s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g => s["m"] = s["m"] + (1 - self.beta1) / (1 - self.beta1**self.t) * (g - s["m"])
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["v"] = s["v"] + (1 - self.beta2) / (1 - self.beta2**self.t) * (g**2 - s["v"])
#~ m_hat = s["m"] / (1 - self.beta1**self.t) => m_hat = s["m"]
#~ v_hat = s["v"] / (1 - self.beta2**self.t) => v_hat = s["v"]

# %% right: state in place
#~ s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g => s["m"] *= self.beta1; s["m"] += (1 - self.beta1) * g
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["v"] *= self.beta2; s["v"] += (1 - self.beta2) * np.square(g)

# %% right: a count for each parameter
#~ "v": np.zeros_like(p)} => "v": np.zeros_like(p), "t": 0}
#~ m_hat = s["m"] / (1 - self.beta1**self.t) => s["t"] += 1; m_hat = s["m"] / (1 - self.beta1**s["t"])
#~ v_hat = s["v"] / (1 - self.beta2**self.t) => v_hat = s["v"] / (1 - self.beta2**s["t"])

# %% right: zeros without a type of their own
#~ {"m": np.zeros_like(p), "v": np.zeros_like(p)} => {"m": 0.0, "v": 0.0}

# %% right: torch inside
import torch
class Attempt:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params = [torch.from_numpy(p) for p in params]
        self.inner = torch.optim.Adam(self.params, lr=lr, betas=(beta1, beta2), eps=eps, foreach=False)
    def step(self, grads):
        for p, g in zip(self.params, grads):
            p.grad = torch.from_numpy(g.copy())
        self.inner.step()
Attempt

# %% right: from the whole history
class Attempt(Adam):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        self.seen = []

    def step(self, grads):
        self.seen.append([g.copy() for g in grads])
        n = len(self.seen)
        for i, p in enumerate(self.params):
            m = sum((1 - self.beta1) * self.beta1 ** (n - 1 - k) * gs[i] for k, gs in enumerate(self.seen))
            v = sum((1 - self.beta2) * self.beta2 ** (n - 1 - k) * gs[i] ** 2 for k, gs in enumerate(self.seen))
            p -= self.lr * m / (1 - self.beta1**n) / (np.sqrt(v / (1 - self.beta2**n)) + self.eps)
Attempt

# %% wrong: moves only where the gradient is not zero
class Attempt(Adam):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= self.change(p, g, s) * (g != 0)
Attempt

# %% wrong: only v is corrected
#~ m_hat = s["m"] / (1 - self.beta1**self.t) => m_hat = s["m"]

# %% wrong: the ε of the corrected rate is not scaled
#~ return self.lr * m_hat / (np.sqrt(v_hat) + self.eps) => c = np.sqrt(1 - self.beta2**self.t)\n        return self.lr * m_hat * c / (np.sqrt(s["v"]) + self.eps)

# %% wrong: the larger of root and ε
#~ (np.sqrt(v_hat) + self.eps) => np.maximum(np.sqrt(v_hat), self.eps)

# %% wrong: ε also in v
#~ (1 - self.beta2) * g**2 => (1 - self.beta2) * g**2 + self.eps

# %% wrong: no root
#~ (np.sqrt(v_hat) + self.eps) => (v_hat + self.eps)

# %% wrong: the gradient in place of m
#~ self.lr * m_hat / => self.lr * g /

# %% wrong: v from the new m
#~ (1 - self.beta2) * g**2 => (1 - self.beta2) * s["m"]**2

# %% wrong: v of deviations from m
#~ (1 - self.beta2) * g**2 => (1 - self.beta2) * (g - s["m"])**2

# %% wrong: one v for a whole parameter
#~ (1 - self.beta2) * g**2 => (1 - self.beta2) * np.mean(g**2)

# %% wrong: absolute values
#~ (np.sqrt(v_hat) + self.eps) => (np.abs(v_hat) + self.eps)

# %% wrong: the largest v so far
#~ "v": np.zeros_like(p)} => "v": np.zeros_like(p), "top": np.zeros_like(p)}
#~ v_hat = s["v"] / (1 - self.beta2**self.t) => s["top"] = np.maximum(s["top"], s["v"] / (1 - self.beta2**self.t)); v_hat = s["top"]

# %% wrong: Nesterov's look ahead
#~ self.lr * m_hat / => self.lr * (self.beta1 * m_hat + (1 - self.beta1) * g / (1 - self.beta1**self.t)) /

# %% wrong: the betas exchanged in the correction
#~ s["m"] / (1 - self.beta1**self.t) => s["m"] / (1 - self.beta2**self.t)
#~ s["v"] / (1 - self.beta2**self.t) => s["v"] / (1 - self.beta1**self.t)

# %% wrong: the correction one step ahead
#~ (1 - self.beta1**self.t) => (1 - self.beta1 ** (self.t + 1))
#~ (1 - self.beta2**self.t) => (1 - self.beta2 ** (self.t + 1))

# %% wrong: times t in place of to the power of t
#~ (1 - self.beta1**self.t) => (1 - self.beta1 * self.t)

# %% wrong: the correction only in the first ten steps
#~ (1 - self.beta1**self.t) => (1 - self.beta1**self.t if self.t <= 10 else 1)

# %% wrong: the corrected m is kept
#~ m_hat = s["m"] / (1 - self.beta1**self.t) => s["m"] = m_hat = s["m"] / (1 - self.beta1**self.t)

# %% wrong: m begins at the first gradient
#~ s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g => s["m"] = g if self.t == 1 else self.beta1 * s["m"] + (1 - self.beta1) * g

# %% wrong: m and v are one array
#~ {"m": np.zeros_like(p), "v": np.zeros_like(p)} => dict.fromkeys(["m", "v"], np.zeros_like(p))
#~ s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g => s["m"] *= self.beta1; s["m"] += (1 - self.beta1) * g
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["v"] *= self.beta2; s["v"] += (1 - self.beta2) * g**2

# %% wrong: m accumulates
#~ (1 - self.beta1) * g => g

# %% wrong: t counts parameters
#~ s["m"] = self.beta1 * s["m"] => self.t += p is not self.params[0]\n        s["m"] = self.beta1 * s["m"]

# %% wrong: v begins at one
#~ "v": np.zeros_like(p)} => "v": np.ones_like(p)}

# %% wrong: β₂ fixed
#~ self.eps, self.t = params, lr, beta1, beta2, => self.eps, self.t = params, lr, beta1, 0.999,

# %% wrong: a step of at most the rate
#~ return self.lr * m_hat / (np.sqrt(v_hat) + self.eps) => return self.lr * np.clip(m_hat / (np.sqrt(v_hat) + self.eps), -1, 1)

# %% wrong: the rate falls with t
#~ return self.lr * m_hat => return self.lr / self.t**0.5 * m_hat

# %% wrong: v_hat of the step before
#~ "v": np.zeros_like(p)} => "v": np.zeros_like(p), "late": None}
#~ return self.lr * m_hat / (np.sqrt(v_hat) + self.eps) => late, s["late"] = s["late"], v_hat\n        return self.lr * m_hat / (np.sqrt(v_hat if late is None else late) + self.eps)

# %% wrong: decays the weights
class Attempt(Adam):
    def step(self, grads):
        super().step([g + 1e-4 * p for p, g in zip(self.params, grads)])
Attempt

# %% wrong: zero where v is zero
#~ return self.lr * m_hat / (np.sqrt(v_hat) + self.eps) => return self.lr * m_hat / np.where(v_hat > 1e-10, np.sqrt(v_hat) + self.eps, np.inf)

# %% right: the corrections accumulated as sums of weights
#~ m_hat = s["m"] / (1 - self.beta1**self.t) => m_hat = s["m"] / ((1 - self.beta1) * sum(self.beta1**k for k in range(self.t)))

# %% right: √v̂ from two roots
#~ (np.sqrt(v_hat) + self.eps) => (np.sqrt(s["v"]) / np.sqrt(1 - self.beta2**self.t) + self.eps)

# %% right: lerp by hand
#~ s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g => s["m"] = g + self.beta1 * (s["m"] - g)
#~ s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2 => s["v"] = g * g + self.beta2 * (s["v"] - g * g)

# %% wrong: corrections that stop at a thousand steps' worth
#~ m_hat = s["m"] / (1 - self.beta1**self.t) => m_hat = s["m"] / (1 - self.beta1 ** min(self.t, 3))

# %% wrong: ε before the correction
#~ (np.sqrt(v_hat) + self.eps) => ((np.sqrt(s["v"]) + self.eps) / np.sqrt(1 - self.beta2**self.t))

# %% wrong: one ε where v is zero only
#~ (np.sqrt(v_hat) + self.eps) => np.where(v_hat > 0, np.sqrt(v_hat), self.eps)

# %% wrong: the average of cut gradients
#~ (1 - self.beta1) * g => (1 - self.beta1) * np.clip(g, -3, 3)

# %% wrong: steps no longer than the rate
#~ return self.lr * m_hat / (np.sqrt(v_hat) + self.eps) => return np.clip(self.lr * m_hat / (np.sqrt(v_hat) + self.eps), -self.lr, self.lr)
