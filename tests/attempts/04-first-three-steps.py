"""04-first-three-steps, from its statement: 0.9, 0.8, 0.814."""

from decimal import Decimal
from fractions import Fraction

def adam(lr=0.1, b1=0.5, b2=0.75, correct=True, grads=(2, 2, -2), start=1.0):
    theta, m, v, path = start, 0.0, 0.0, []
    for t, g in enumerate(grads, 1):
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        c1, c2 = (1 - b1**t, 1 - b2**t) if correct else (1, 1)
        theta -= lr * m / c1 / (v / c2) ** 0.5
        path.append(theta)
    return path

# %% right: three digits
[0.9, 0.8, 0.814]

# %% right: a tuple
(0.9, 0.8, 0.814)

# %% right: worked out
adam()

# %% right: an array
np.array(adam())

# %% right: 32 bits
np.array(adam(), dtype=np.float32)

# %% right: fractions
[Fraction(9, 10), Fraction(4, 5), Fraction(57, 70)]

# %% right: decimals
[Decimal("0.9"), Decimal("0.8"), Decimal("0.814")]

# %% right: a tensor
__import__("torch").tensor(adam())

# %% right: four digits
[0.9000, 0.8000, 0.8143]

# %% wrong: one more step down
[0.9, 0.8, 0.7]

# %% wrong: the gradient's sign
[0.9, 0.8, 0.9]

# %% wrong: no correction
adam(correct=False)

# %% wrong: betas exchanged
adam(b1=0.75, b2=0.5)

# %% wrong: changes in place of positions
[-0.1, -0.1, 0.014]

# %% wrong: from zero
adam(start=0.0)

# %% wrong: the rate of 0.01
adam(lr=0.01)

# %% wrong: the default betas
adam(b1=0.9, b2=0.999)

# %% wrong: uphill
adam(lr=-0.1)

# %% wrong: all gradients positive
adam(grads=(2, 2, 2))

# %% wrong: first three of four
[1, 0.9, 0.8]

# %% wrong: two
[0.9, 0.8]

# %% wrong: the last alone
0.814

# %% wrong: the other way round
[0.814, 0.8, 0.9]

# %% wrong: plain descent
[0.8, 0.6, 0.8]

# %% wrong: momentum
[0.9, 0.75, 0.775]

# %% wrong: the third in two digits
[0.9, 0.8, 0.83]

# %% wrong: the third below
[0.9, 0.8, 0.786]

# %% wrong: NaN at the end
[0.9, 0.8, float("nan")]

# %% wrong: texts
["0.9", "0.8", "0.814"]

# %% wrong: a row in a list
[[0.9, 0.8, 0.814]]

# %% wrong: a dict
{1: 0.9, 2: 0.8, 3: 0.814}

# %% wrong: truth values
[True, True, True]

# %% wrong: ten per cent too large
[0.99, 0.88, 0.895]

# %% right: worked out
(lambda m: [1 - 0.1, 1 - 0.2, 0.8 - 0.1 * m / (1 - 0.5**3) / 2])(0.5 * 1.5 - 1)

# %% right: an array
np.array([0.9, 0.8, 0.8143])

# %% right: exact fractions
(lambda F: [F(9, 10), F(4, 5), F(4, 5) + F(1, 70)])(__import__("fractions").Fraction)

# %% wrong: no correction
[0.9, 0.7866, 0.8017]

# %% wrong: the third step the wrong way
[0.9, 0.8, 0.7857]

# %% wrong: the third with η/2
[0.9, 0.8, 0.8071]

# %% wrong: the third without its step
[0.9, 0.8, 0.8]

# %% wrong: m not corrected in the third
[0.9, 0.8, 0.8125]
