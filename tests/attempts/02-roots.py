"""02-roots, from its statement: the larger |z| of the solutions of z² − (1 + β − ηλ)z + β = 0."""

import cmath
import math

# %% right: np.roots
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max()

# %% right: the formula, with complex roots
def factor(eta_lam, beta):
    b = 1 + beta - eta_lam
    root = cmath.sqrt(b * b - 4 * beta)
    return max(abs((b + root) / 2), abs((b - root) / 2))

# %% right: two cases
def factor(eta_lam, beta):
    b = 1 + beta - eta_lam
    d = b * b - 4 * beta
    return math.sqrt(beta) if d < 0 else (abs(b) + math.sqrt(d)) / 2

# %% right: eigenvalues of the companion matrix
def factor(eta_lam, beta):
    return np.abs(np.linalg.eigvals([[1 + beta - eta_lam, -beta], [1, 0]])).max()

# %% right: the matrix of place and velocity
def factor(eta_lam, beta):
    return max(abs(z) for z in np.linalg.eigvals(np.array([[1 - eta_lam, beta], [-eta_lam, beta]])))

# %% right: NumPy's polynomial, coefficients from the constant on
def factor(eta_lam, beta):
    return np.abs(np.polynomial.polynomial.polyroots([beta, -(1 + beta - eta_lam), 1])).max()

# %% right: the product of the roots
def factor(eta_lam, beta):
    z = np.roots([1.0, eta_lam - beta - 1.0, beta]).astype(complex)
    return sorted(np.sqrt(z.real**2 + z.imag**2))[-1]

# %% right: hypot
def factor(eta_lam, beta):
    return max(math.hypot(z.real, z.imag) for z in np.roots((1, -1 - beta + eta_lam, beta)))

# %% right: other names, a lambda
f = lambda x, b: float(max(abs(np.roots([1, x - 1 - b, b]))))
f

# %% wrong: the imaginary part forgotten
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta]).real).max()

# %% wrong: the last root
def factor(eta_lam, beta):
    return abs(np.roots([1, -(1 + beta - eta_lam), beta])[-1])

# %% wrong: the mean of the two
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).mean()

# %% wrong: the sum of the two
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).sum()

# %% wrong: both of them
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta]))

# %% wrong: squared
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max() ** 2

# %% wrong: capped at one
def factor(eta_lam, beta):
    return min(1.0, np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max())

# %% wrong: no factor below √β ends it, none above is told
def factor(eta_lam, beta):
    return max(math.sqrt(beta), abs(1 - eta_lam))

# %% wrong: the average's form, 1 − β on the gradient
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - (1 - beta) * eta_lam), beta])).max()

# %% wrong: Nesterov's equation
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta) * (1 - eta_lam), beta * (1 - eta_lam)])).max()

# %% wrong: the middle sign
def factor(eta_lam, beta):
    return np.abs(np.roots([1, 1 - beta + eta_lam, beta])).max()

# %% wrong: β twice
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + 2 * beta - eta_lam), beta])).max()

# %% wrong: the one forgotten
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(beta - eta_lam), beta])).max()

# %% wrong: β squared
def factor(eta_lam, beta):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta**2])).max()

# %% wrong: the arguments exchanged
def factor(beta, eta_lam):
    return np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max()

# %% wrong: NaN where the roots are complex
def factor(eta_lam, beta):
    b = 1 + beta - eta_lam
    with np.errstate(all="ignore"):
        return (abs(b) + np.sqrt(np.float64(b * b - 4 * beta))) / 2

# %% wrong: zero in place of a negative discriminant
def factor(eta_lam, beta):
    b = 1 + beta - eta_lam
    return (abs(b) + math.sqrt(max(b * b - 4 * beta, 0))) / 2

# %% wrong: the absolute discriminant
def factor(eta_lam, beta):
    b = 1 + beta - eta_lam
    return (abs(b) + math.sqrt(abs(b * b - 4 * beta))) / 2

# %% wrong: the sign of the middle term lost
def factor(eta_lam, beta):
    b = 1 + beta - eta_lam
    return abs(b + cmath.sqrt(b * b - 4 * beta)) / 2

# %% wrong: the decay rate in place of the factor
def factor(eta_lam, beta):
    return 1 - np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max()

# %% wrong: rounded
def factor(eta_lam, beta):
    return round(float(np.abs(np.roots([1, -(1 + beta - eta_lam), beta])).max()), 2)

# %% right: the quadratic solved by cmath
import cmath
def factor(eta_lam, beta):
    half = (1 + beta - eta_lam) / 2
    root = cmath.sqrt(half * half - beta)
    return max(abs(half + root), abs(half - root))

# %% right: by Vieta, for complex ones
def factor(eta_lam, beta):
    b = 1 + beta - eta_lam
    if b * b < 4 * beta:
        return beta ** 0.5
    return (abs(b) + (b * b - 4 * beta) ** 0.5) / 2

# %% right: a matrix power's norm would be slow: eigvals of a list of lists
def factor(eta_lam, beta):
    return float(np.abs(np.linalg.eigvals([[1 + beta - eta_lam, -1.0], [float(beta), 0.0]])).max())

# %% wrong: √β wherever it is possible
def factor(eta_lam, beta):
    return beta ** 0.5 if beta else abs(1 - eta_lam)

# %% wrong: the smaller one
def factor(eta_lam, beta):
    return min(abs(np.roots([1, -(1 + beta - eta_lam), beta])))

# %% wrong: the largest root by its value
def factor(eta_lam, beta):
    return abs(max(np.roots([1, -(1 + beta - eta_lam), beta]), key=lambda z: z.real))

# %% wrong: the real part
def factor(eta_lam, beta):
    return max(abs(np.roots([1, -(1 + beta - eta_lam), beta]).real))

# %% wrong: real roots only, else one
def factor(eta_lam, beta):
    b = 1 + beta - eta_lam
    d = b * b - 4 * beta
    return (abs(b) + d ** 0.5) / 2 if d >= 0 else 1.0

# %% wrong: a curvature of zero has no factor
def factor(eta_lam, beta):
    return max(abs(np.roots([1, -(1 + beta - eta_lam), beta]))) if eta_lam else 0.0

# %% wrong: β of zero is the plain step without its sign
def factor(eta_lam, beta):
    return max(abs(np.roots([1, -(1 + beta - eta_lam), beta]))) if beta else 1 - eta_lam

# %% right: torch eigvals
def factor(eta_lam, beta):
    import torch
    A = torch.tensor([[1 + beta - eta_lam, -beta], [1.0, 0.0]], dtype=torch.float64)
    return torch.linalg.eigvals(A).abs().max()

# %% wrong: determinant over the smaller
def factor(eta_lam, beta):
    h = abs(1 + beta - eta_lam) / 2
    return beta ** 0.5 if h * h <= beta else h + (h * h - beta) ** 0.5 if h < 1.5 else h
