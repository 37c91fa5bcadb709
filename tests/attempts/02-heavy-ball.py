"""02-heavy-ball, from its statement: m ← βm + (1−β)g, θ ← θ − lr/(1−β)·m."""

# %% right: the formula
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr / (1 - beta) * m, m

# %% right: a list of two
def heavy_ball_step(theta, m, g, lr, beta):
    new = beta * m + (1 - beta) * g
    return [theta - lr * new / (1 - beta), new]

# %% right: through b
def heavy_ball_step(theta, m, g, lr, beta):
    b = beta * m / (1 - beta) + g
    return theta - lr * b, (1 - beta) * b

# %% right: the difference form
def heavy_ball_step(theta, m, g, lr, beta):
    new = m + (1 - beta) * (g - m)
    return theta - np.multiply(lr / (1 - beta), new), new

# %% right: copies in place
def heavy_ball_step(theta, m, g, lr, beta):
    theta, m = np.array(theta, dtype=float), np.array(m, dtype=float)
    m *= beta
    m += (1 - beta) * np.asarray(g)
    theta -= lr / (1 - beta) * m
    return theta, m

# %% right: lists
def heavy_ball_step(theta, m, g, lr, beta):
    new = beta * np.asarray(m) + (1 - beta) * np.asarray(g)
    return (np.asarray(theta) - lr / (1 - beta) * new).tolist(), new.tolist()

# %% right: torch inside
def heavy_ball_step(theta, m, g, lr, beta):
    import torch
    theta, m, g = (torch.as_tensor(np.array(x, dtype=float)) for x in (theta, m, g))
    m = torch.lerp(g, m, float(beta))
    return theta - lr / (1 - beta) * m, m

# %% right: a named pair
from collections import namedtuple
Step = namedtuple("Step", "theta m")
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return Step(theta=theta - lr / (1 - beta) * m, m=m)

# %% wrong: the rate as it is
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr * m, m

# %% wrong: the heavy ball's buffer
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + g
    return theta - lr * m, m

# %% wrong: times 1 − β
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr * (1 - beta) * m, m

# %% wrong: over β
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr / beta * m if beta else theta - lr * m, m

# %% wrong: the old m
def heavy_ball_step(theta, m, g, lr, beta):
    return theta - lr / (1 - beta) * m, beta * m + (1 - beta) * g

# %% wrong: the old m given back
def heavy_ball_step(theta, m, g, lr, beta):
    new = beta * m + (1 - beta) * g
    return theta - lr / (1 - beta) * new, m

# %% wrong: b given back
def heavy_ball_step(theta, m, g, lr, beta):
    new = beta * m + (1 - beta) * g
    return theta - lr / (1 - beta) * new, new / (1 - beta)

# %% wrong: β exchanged
def heavy_ball_step(theta, m, g, lr, beta):
    m = (1 - beta) * m + beta * g
    return theta - lr / (1 - beta) * m, m

# %% wrong: exchanged
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return m, theta - lr / (1 - beta) * m

# %% wrong: uphill
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta + lr / (1 - beta) * m, m

# %% wrong: the rate in m
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + lr * (1 - beta) * g
    return theta - m / (1 - beta), m

# %% wrong: Nesterov's
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr * (g + beta * m / (1 - beta)), m

# %% wrong: plain descent
def heavy_ball_step(theta, m, g, lr, beta):
    return theta - lr * g, beta * m + (1 - beta) * g

# %% wrong: corrected as Adam's first step
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr / (1 - beta**2) * m, m

# %% wrong: 0.9 for β
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr * 10 * m, m

# %% wrong: only θ
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr / (1 - beta) * m

# %% wrong: three values
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr / (1 - beta) * m, m, g

# %% wrong: a dict
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return {"theta": theta - lr / (1 - beta) * m, "m": m}

# %% wrong: one array of both
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return np.concatenate([np.ravel(theta - lr / (1 - beta) * m), np.ravel(m)])

# %% wrong: nothing where m is zero
def heavy_ball_step(theta, m, g, lr, beta):
    new = beta * m + (1 - beta) * g
    return theta - lr / (1 - beta) * new * (np.asarray(m) != 0), new

# %% wrong: m fades only where g is not zero
def heavy_ball_step(theta, m, g, lr, beta):
    new = np.where(np.asarray(g) != 0, beta * m + (1 - beta) * g, m)
    return theta - lr / (1 - beta) * new, new

# %% wrong: m kept between calls
memory = {}
def heavy_ball_step(theta, m, g, lr, beta):
    memory["m"] = m = beta * memory.get("m", m) + (1 - beta) * g
    return theta - lr / (1 - beta) * m, m

# %% wrong: 32 bits
def heavy_ball_step(theta, m, g, lr, beta):
    m = np.float32(beta * m + (1 - beta) * g)
    return np.float32(theta - lr / (1 - beta) * m), m

# %% wrong: the mean over coordinates
def heavy_ball_step(theta, m, g, lr, beta):
    m = np.mean(beta * m + (1 - beta) * g)
    return theta - lr / (1 - beta) * m, m

# %% right: b worked out and put back
def heavy_ball_step(theta, m, g, lr, beta):
    keep = 1 - beta
    b = beta * (m / keep) + g
    return theta + (-lr) * b, keep * b

# %% right: stacked, one product
def heavy_ball_step(theta, m, g, lr, beta):
    all_ = np.stack([np.asarray(x, dtype=float) for x in (theta, m, g)])
    rows = np.array([[1, -lr * beta / (1 - beta), -lr], [0, beta, 1 - beta]])
    return tuple(np.tensordot(rows, all_, 1))

# %% right: np.add with where=True and out
def heavy_ball_step(theta, m, g, lr, beta):
    new = np.multiply(m, beta)
    np.add(new, np.multiply(g, 1 - beta), out=new) if np.ndim(new) else None
    new = new if np.ndim(new) else beta * m + (1 - beta) * g
    return np.subtract(theta, lr / (1 - beta) * new), new

# %% wrong: the memory rescaled twice
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr / (1 - beta) ** 2 * m, m

# %% wrong: θ moves with the old memory and this gradient
def heavy_ball_step(theta, m, g, lr, beta):
    return theta - lr * (beta * m + g), beta * m + (1 - beta) * g

# %% wrong: no rescaling for a small β
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - lr * m / ((1 - beta) if beta > 0.5 else 1), m

# %% wrong: the rate capped at a hundredth over 1 − β
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return theta - min(lr, 0.2) / (1 - beta) * m, m

# %% wrong: the results share memory with the input
def heavy_ball_step(theta, m, g, lr, beta):
    m *= beta
    m += (1 - beta) * g
    return theta - lr / (1 - beta) * m, m

# %% wrong: no memory where β is zero
def heavy_ball_step(theta, m, g, lr, beta):
    new = beta * m + (1 - beta) * g if beta else 0 * g
    return theta - lr / (1 - beta) * (new if beta else g), new

# %% wrong: θ of whole numbers is rounded
def heavy_ball_step(theta, m, g, lr, beta):
    new = beta * m + (1 - beta) * g
    return np.round(theta - lr / (1 - beta) * new, 4), new

# %% right: a class of state, unpacked
from dataclasses import dataclass, astuple
@dataclass
class Ball:
    theta: object
    m: object
    def __iter__(self): return iter((self.theta, self.m))
def heavy_ball_step(theta, m, g, lr, beta):
    m2 = beta * m + (1 - beta) * g
    return tuple(Ball(theta - lr / (1 - beta) * m2, m2))

# %% wrong: the old m in θ's step, new returned
def heavy_ball_step(theta, m, g, lr, beta):
    new = beta * m + (1 - beta) * g
    return theta - lr / (1 - beta) * (m + (1 - beta) * g), new

# %% wrong: the gradient cut at a hundred
def heavy_ball_step(theta, m, g, lr, beta):
    m = beta * m + (1 - beta) * np.clip(g, -100, 100)
    return theta - lr / (1 - beta) * m, m
