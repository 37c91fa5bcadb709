"""02-half-life, from its statement: ln 2 / −ln β, to 1%."""

import math
from decimal import Decimal
from fractions import Fraction

exact = [math.log(0.5) / math.log(b) for b in (0.9, 0.99, 0.999)]

# %% right: exact
exact

# %% right: three digits
[6.58, 69.0, 693.0]

# %% right: a tuple
(6.58, 68.97, 692.8)

# %% right: an array
np.log(0.5) / np.log([0.9, 0.99, 0.999])

# %% right: fractions
[Fraction(658, 100), Fraction(69), Fraction(693)]

# %% right: decimals
[Decimal("6.58"), Decimal("68.97"), Decimal("692.8")]

# %% right: a tensor
__import__("torch").tensor(exact)

# %% right: whole where one per cent allows it
[6.6, 69, 693]

# %% right: 32 bits
np.array(exact, dtype=np.float32)

# %% right: a list of NumPy's numbers
[np.float64(x) for x in exact]

# %% wrong: rounded up
[7, 69, 693]

# %% wrong: ln 2 / (1 − β)
[6.93, 69.3, 693]

# %% wrong: 1 / (1 − β)
[10, 100, 1000]

# %% wrong: the time to 1/e
[9.49, 99.5, 999.5]

# %% wrong: base 2 forgotten
[math.log(2) * x for x in exact]

# %% wrong: one step more
[x + 1 for x in exact]

# %% wrong: half of them
[x / 2 for x in exact]

# %% wrong: the time to a tenth
[21.85, 229.1, 2301.4]

# %% wrong: powers
[0.5 ** (1 / b) for b in (0.9, 0.99, 0.999)]

# %% wrong: β to a half
[0.9**0.5, 0.99**0.5, 0.999**0.5]

# %% wrong: the other way round
exact[::-1]

# %% wrong: one alone
6.58

# %% wrong: two
[6.58, 69]

# %% wrong: four
[6.58, 69, 693, 6931]

# %% wrong: below zero
[-x for x in exact]

# %% wrong: zeros
[0, 0, 0]

# %% wrong: a column
[[6.58], [69], [693]]

# %% wrong: rounded down
[6, 68, 692]

# %% wrong: two per cent off
[1.02 * x for x in exact]

# %% wrong: texts
["6.58", "69", "693"]

# %% wrong: one NaN
[6.58, float("nan"), 693]

# %% wrong: a dict
{0.9: 6.58, 0.99: 69, 0.999: 693}

# %% wrong: a set
{6.58, 69.0, 693.0}

# %% wrong: only the last wrong
[6.58, 69, 700]

# %% right: base-two logarithms
[-1 / np.log2(b) for b in (0.9, 0.99, 0.999)]

# %% right: by log1p, rounded
tuple(round(float(x), 2) for x in np.log(2) / -np.log1p([-0.1, -0.01, -0.001]))

# %% right: three digits in a tuple
(6.58, 69.0, 693)

# %% wrong: round numbers
[7, 70, 700]

# %% wrong: the last for the step after
[7.58, 69.97, 693.8]

# %% wrong: down to a quarter
[13.16, 137.9, 1385.6]

# %% wrong: from the largest
[692.8, 68.97, 6.579]

# %% wrong: a step less
[5.58, 67.97, 691.8]
