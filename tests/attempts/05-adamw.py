"""05-adamw, from its statement."""
#: as of optimizers
#: as of starts

class AdamW:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.params, self.lr, self.beta1, self.beta2, self.eps, self.t = params, lr, beta1, beta2, eps, 0
        self.weight_decay = weight_decay
        self.states = [self.fresh(p) for p in params]

    def fresh(self, p):
        return {"m": np.zeros_like(p), "v": np.zeros_like(p)}

    def change(self, p, g, s):
        s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g
        s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2
        m_hat = s["m"] / (1 - self.beta1**self.t)
        v_hat = s["v"] / (1 - self.beta2**self.t)
        return self.lr * self.weight_decay * p + self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= self.change(p, g, s)

Base = AdamW

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

# %% wrong: moves only where the gradient is not zero
class Attempt(AdamW):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= self.change(p, g, s) * (g != 0)
Attempt

# %% wrong: only v is corrected
#~ m_hat = s["m"] / (1 - self.beta1**self.t) => m_hat = s["m"]

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

# %% wrong: t counts parameters
#~ s["m"] = self.beta1 * s["m"] => self.t += p is not self.params[0]\n        s["m"] = self.beta1 * s["m"]

# %% wrong: v begins at one
#~ "v": np.zeros_like(p)} => "v": np.ones_like(p)}

# %% wrong: β₂ fixed
#~ self.eps, self.t = params, lr, beta1, beta2, => self.eps, self.t = params, lr, beta1, 0.999,

# %% right: shrinks first, in place
class Attempt(AdamW):
    def change(self, p, g, s):
        p *= 1 - self.lr * self.weight_decay
        return super().change(0 * p, g, s)
Attempt

# %% right: torch inside
import torch
class Attempt:
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.params = [torch.from_numpy(p) for p in params]
        self.inner = torch.optim.AdamW(self.params, lr, (beta1, beta2), eps, weight_decay, foreach=False)
    def step(self, grads):
        for p, g in zip(self.params, grads):
            p.grad = torch.from_numpy(g.copy())
        self.inner.step()
Attempt

# %% right: the factor is kept
class Attempt(AdamW):
    def __init__(self, params, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        super().__init__(params, lr, beta1, beta2, eps, weight_decay=0)
        self.shrink = 1.0 - lr * weight_decay
    def step(self, grads):
        for p in self.params:
            np.multiply(p, self.shrink, out=p)
        super().step(grads)
Attempt

# %% wrong: L2, the decay in the gradient
class Attempt(AdamW):
    def change(self, p, g, s):
        return super().change(0 * p, g + self.weight_decay * p, s)
Attempt

# %% wrong: λ without the rate
#~ self.lr * self.weight_decay * p => self.weight_decay * p

# %% wrong: grows
#~ self.lr * self.weight_decay * p => -self.lr * self.weight_decay * p

# %% wrong: the decay divided by the root
#~ self.lr * self.weight_decay * p + self.lr * m_hat / => self.lr * (m_hat + self.weight_decay * p) /

# %% wrong: shrinks after the step
class Attempt(AdamW):
    def change(self, p, g, s):
        d = super().change(0 * p, g, s)
        return d + self.lr * self.weight_decay * (p - d)
Attempt

# %% wrong: λ squared
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay**2 * p

# %% wrong: decays only what has two axes
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay * p * (p.ndim > 1)

# %% wrong: decays only where the gradient is not zero
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay * p * (g != 0)

# %% wrong: no decay in the first step
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay * p * (self.t > 1)

# %% wrong: towards the start
#~ {"m": np.zeros_like(p), => {"start": p.copy(), "m": np.zeros_like(p),
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay * (p - s["start"])

# %% wrong: L1
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay * np.sign(p)

# %% wrong: λ of the default
#~ self.weight_decay = weight_decay => self.weight_decay = 0.01

# %% wrong: the rate of the default in the decay
#~ self.lr * self.weight_decay * p => 1e-3 * self.weight_decay * p

# %% wrong: 1/(1 + ηλ)
#~ self.lr * self.weight_decay * p + => p * (1 - 1 / (1 + self.lr * self.weight_decay)) +

# %% wrong: exp(−ηλ)
#~ self.lr * self.weight_decay * p + => p * (1 - np.exp(-self.lr * self.weight_decay)) +

# %% wrong: not below zero
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay * np.maximum(p, 0)

# %% wrong: decays once for every parameter there is
class Attempt(AdamW):
    def step(self, grads):
        for _ in self.params:
            for p in self.params:
                p *= 1 - self.lr * self.weight_decay
        decay, self.weight_decay = self.weight_decay, 0
        super().step(grads)
        self.weight_decay = decay
Attempt

# %% wrong: no decay at all
#~ self.lr * self.weight_decay * p + => 0 * p +

# %% right: shrunk first, in a copy, and put back
class Attempt(Base):
    def step(self, grads):
        rate, self.weight_decay, keep = self.lr, 0.0, 1 - self.lr * self.weight_decay
        decay = (1 - keep) / rate if rate else 0.0
        for p in self.params:
            p *= keep
        super().step(grads)
        self.weight_decay = decay
Attempt

# %% right: the decay as a gradient of its own
#~ return self.lr * self.weight_decay * p + self.lr => return self.lr * (self.weight_decay * p) + self.lr

# %% right: corrected rate and ε
#~ return self.lr * self.weight_decay * p + self.lr * m_hat / (np.sqrt(v_hat) + self.eps) => k = np.sqrt(1 - self.beta2**self.t); return self.lr * self.weight_decay * p + self.lr * k / (1 - self.beta1**self.t) * s["m"] / (np.sqrt(s["v"]) + self.eps * k)

# %% wrong: the decay after Adam's step, of the new weights
class Attempt(Base):
    def step(self, grads):
        decay, self.weight_decay = self.weight_decay, 0.0
        super().step(grads)
        self.weight_decay = decay
        for p in self.params:
            p *= 1 - self.lr * decay
Attempt

# %% wrong: one decay for the whole length
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay * p / max(np.linalg.norm(p), 1e-12)

# %% wrong: the decay of the mean weight
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay * p.mean()

# %% wrong: half of the decay
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay * p / 2

# %% wrong: decay towards the start
#~ self.lr * self.weight_decay * p => self.lr * self.weight_decay * (p - s.setdefault("begin", p.copy()))
