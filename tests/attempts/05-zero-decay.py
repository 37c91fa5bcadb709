"""05-zero-decay, from its statement: L2 gives 0.9, AdamW 0.95·1 − 0.1 = 0.85, AdamW with λ = 0 gives 0.9."""

from decimal import Decimal
from fractions import Fraction

# %% right: a list
[0.9, 0.85, 0.9]

# %% right: a tuple
(0.9, 0.85, 0.9)

# %% right: an array
np.array([0.9, 0.85, 0.9])

# %% right: expressions
[1 - 0.1, 1 * (1 - 0.1 * 0.5) - 0.1, 1 - 0.1]

# %% right: fractions
[Fraction(9, 10), Fraction(17, 20), Fraction(9, 10)]

# %% right: decimals
[Decimal("0.9"), Decimal("0.85"), Decimal("0.9")]

# %% right: 32 bits
np.float32([0.9, 0.85, 0.9])

# %% right: a tensor
__import__("torch").tensor([0.9, 0.85, 0.9])

# %% right: NumPy's numbers
[np.float64(0.9), np.float64(0.85), np.float64(0.9)]

# %% wrong: all the same
[0.9, 0.9, 0.9]

# %% wrong: L2 and AdamW exchanged
[0.85, 0.9, 0.9]

# %% wrong: λ decays in the third too
[0.9, 0.85, 0.85]

# %% wrong: λ without the rate
[0.9, 0.4, 0.9]

# %% wrong: shrinks after the step
[0.9, 0.855, 0.9]

# %% wrong: the decay grows the weight
[0.9, 0.95, 0.9]

# %% wrong: no step
[1, 0.95, 1]

# %% wrong: plain descent
[0.75, 0.75, 0.8]

# %% wrong: L2 as plain descent, the others right
[0.75, 0.85, 0.9]

# %% wrong: uphill
[1.1, 1.05, 1.1]

# %% wrong: the changes
[-0.1, -0.15, -0.1]

# %% wrong: two
[0.9, 0.85]

# %% wrong: the second alone
0.85

# %% wrong: order of the list
[0.9, 0.9, 0.85]

# %% wrong: λ of 0.05
[0.9, 0.895, 0.9]

# %% wrong: a tenth of the rate
[0.99, 0.985, 0.99]

# %% wrong: twice the step
[0.8, 0.75, 0.8]

# %% wrong: two per cent off
[0.9, 0.867, 0.9]

# %% wrong: truth values
[True, False, True]

# %% wrong: texts
["0.9", "0.85", "0.9"]

# %% wrong: a dict
{1: 0.9, 2: 0.85, 3: 0.9}

# %% wrong: NaN
[0.9, float("nan"), 0.9]

# %% right: worked out
[1 - 0.1, (1 - 0.1 * 0.5) * 1 - 0.1, 1 - 0.1]

# %% right: an array in single precision
np.array([0.9, 0.85, 0.9], dtype=np.float32)

# %% right: a generator's list
list(x / 100 for x in (90, 85, 90))

# %% wrong: the decay squared
[0.9, 0.65, 0.9]

# %% wrong: L2 counted as decay
[0.85, 0.85, 0.9]

# %% wrong: nothing decays or moves in the first
[1.0, 0.85, 0.9]

# %% wrong: no step in the third
[0.9, 0.85, 1.0]

# %% wrong: L2 as half a step
[0.95, 0.85, 0.9]
