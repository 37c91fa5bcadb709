"""01-gd-step, from its statement."""

from fractions import Fraction

# %% right: the formula
def gd_step(theta, gradient, lr):
    return theta - lr * gradient

# %% right: NumPy's functions
def gd_step(theta, gradient, lr):
    return np.subtract(theta, np.multiply(lr, gradient))

# %% right: a copy, changed in place
def gd_step(theta, gradient, lr):
    new = np.array(theta, dtype=float)
    new -= lr * gradient
    return new

# %% right: lists
def gd_step(theta, gradient, lr):
    def step(t, g):
        return [step(a, b) for a, b in zip(t, g)] if isinstance(t, list) else t - lr * g
    return step(np.asarray(theta).tolist(), np.asarray(gradient).tolist())

# %% right: other names, and a default
step = lambda x, g, eta=0.1: x + (-eta) * g
step

# %% right: exact fractions
def gd_step(theta, gradient, lr):
    exact = np.vectorize(lambda a, b: Fraction(float(a)) - Fraction(float(lr)) * Fraction(float(b)), otypes=[object])
    return exact(theta, gradient)

# %% right: torch inside, a tensor back
def gd_step(theta, gradient, lr):
    import torch
    return torch.sub(torch.as_tensor(np.asarray(theta)), torch.as_tensor(np.asarray(gradient)), alpha=float(lr))

# %% right: coordinate by coordinate
def gd_step(theta, gradient, lr):
    theta, gradient = np.asarray(theta, dtype=float), np.asarray(gradient)
    new = np.empty_like(theta)
    for i in np.ndindex(theta.shape):
        new[i] = theta[i] - lr * gradient[i]
    return new

# %% right: a method
class Descent:
    def step(self, theta, gradient, lr):
        return theta - gradient * lr
Descent().step

# %% right: keyword-friendly, partial of a ufunc
def gd_step(theta, gradient, lr, /):
    return np.add(theta, np.negative(lr * np.asarray(gradient)))

# %% wrong: in place
def gd_step(theta, gradient, lr):
    theta -= lr * gradient
    return theta

# %% wrong: into the gradient
def gd_step(theta, gradient, lr):
    gradient *= lr
    return theta - gradient

# %% wrong: out=theta
def gd_step(theta, gradient, lr):
    return np.subtract(theta, lr * gradient, out=theta) if isinstance(theta, np.ndarray) else theta - lr * gradient

# %% wrong: uphill
def gd_step(theta, gradient, lr):
    return theta + lr * gradient

# %% wrong: no rate
def gd_step(theta, gradient, lr):
    return theta - gradient

# %% wrong: the rate on θ
def gd_step(theta, gradient, lr):
    return lr * theta - gradient

# %% wrong: the bracket
def gd_step(theta, gradient, lr):
    return (theta - gradient) * lr

# %% wrong: the sign of the gradient
def gd_step(theta, gradient, lr):
    return theta - lr * np.sign(gradient)

# %% wrong: the unit gradient
def gd_step(theta, gradient, lr):
    return theta - lr * gradient / np.linalg.norm(gradient)

# %% wrong: clipped
def gd_step(theta, gradient, lr):
    return theta - lr * np.clip(gradient, -1, 1)

# %% wrong: rate fixed
def gd_step(theta, gradient, lr):
    return theta - 0.1 * gradient

# %% wrong: divided by the rate
def gd_step(theta, gradient, lr):
    return theta - gradient / lr

# %% wrong: only the step
def gd_step(theta, gradient, lr):
    return -lr * gradient

# %% wrong: the first axis only
def gd_step(theta, gradient, lr):
    new = np.array(theta, dtype=float)
    new[..., 0] -= lr * np.asarray(gradient)[..., 0]
    return new

# %% wrong: never below zero
def gd_step(theta, gradient, lr):
    return np.maximum(theta - lr * gradient, 0)

# %% wrong: flat
def gd_step(theta, gradient, lr):
    return np.ravel(theta - lr * gradient)

# %% wrong: transposed
def gd_step(theta, gradient, lr):
    return np.transpose(theta - lr * gradient)

# %% wrong: a matrix product
def gd_step(theta, gradient, lr):
    return theta - lr * np.dot(gradient, gradient)

# %% wrong: the mean of the gradient
def gd_step(theta, gradient, lr):
    return theta - lr * np.mean(gradient)

# %% wrong: 32 bits
def gd_step(theta, gradient, lr):
    return (theta - lr * gradient).astype(np.float32)

# %% wrong: two steps
def gd_step(theta, gradient, lr):
    return theta - 2 * lr * gradient

# %% wrong: relative to θ
def gd_step(theta, gradient, lr):
    return theta * (1 - lr * gradient)

# %% wrong: nothing returned
def gd_step(theta, gradient, lr):
    theta - lr * gradient

# %% wrong: a pair
def gd_step(theta, gradient, lr):
    return theta - lr * gradient, gradient

# %% wrong: still where the gradient is small
def gd_step(theta, gradient, lr):
    return np.where(np.abs(gradient) < 1e-3, theta, theta - lr * gradient)

# %% wrong: the order of the memory
def gd_step(theta, gradient, lr):
    theta = np.asarray(theta)
    return (theta.ravel(order="K") - lr * np.asarray(gradient).ravel(order="K")).reshape(theta.shape)

# %% right: fused by dot with (1, −lr)
def gd_step(theta, gradient, lr):
    return np.tensordot([1.0, -float(lr)], np.stack([np.asarray(theta, float), np.asarray(gradient, float)]), 1)

# %% right: out into a fresh array
def gd_step(theta, gradient, lr):
    new = np.empty(np.broadcast(theta, gradient).shape)
    np.subtract(theta, np.asarray(gradient) * lr, out=new)
    return new if new.ndim else float(new)

# %% right: averaged towards a point far down
def gd_step(theta, gradient, lr):
    return 0.5 * (theta + (theta - 2 * lr * gradient))

# %% wrong: the rate squared
def gd_step(theta, gradient, lr):
    return theta - lr * lr * gradient

# %% wrong: no step uphill of zero
def gd_step(theta, gradient, lr):
    return np.where(np.sign(theta) == np.sign(gradient), theta - lr * gradient, theta)

# %% wrong: weight decay besides
def gd_step(theta, gradient, lr):
    return theta * (1 - 1e-4 * lr) - lr * gradient

# %% wrong: nothing where the gradient is zero somewhere
def gd_step(theta, gradient, lr):
    return theta - lr * gradient if np.all(gradient) else theta

# %% wrong: the gradient seen twice where it is negative
def gd_step(theta, gradient, lr):
    return theta - lr * gradient - lr * np.minimum(gradient, 0)

# %% wrong: a rate above one is cut
def gd_step(theta, gradient, lr):
    return theta - min(lr, 1.0) * gradient

# %% right: torch.optim.SGD on a copy
def gd_step(theta, gradient, lr):
    import torch
    p = torch.nn.Parameter(torch.tensor(theta, dtype=torch.float64) if np.ndim(theta) == 0 else torch.as_tensor(np.array(theta)))
    p.grad = torch.as_tensor(np.array(gradient)).to(p)
    torch.optim.SGD([p], lr=lr).step()
    return p.detach().numpy() if np.ndim(theta) else p.item()

# %% wrong: zero rate is missing
def gd_step(theta, gradient, lr):
    return theta - (lr or 0.01) * gradient

# %% wrong: remembered theta
LAST = {}
def gd_step(theta, gradient, lr):
    key = np.shape(theta)
    theta = LAST.get(key, theta)
    LAST[key] = theta - lr * gradient
    return LAST[key]

# %% wrong: arrays only
def gd_step(theta, gradient, lr):
    new = theta.copy()
    new -= lr * gradient
    return new
