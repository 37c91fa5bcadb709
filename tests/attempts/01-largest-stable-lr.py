"""01-largest-stable-lr, from its statement: 2/λ with λ = 20."""

from decimal import Decimal
from fractions import Fraction

H = np.array([[10.5, -9.5], [-9.5, 10.5]])

# %% right: a number
0.1

# %% right: a fraction
Fraction(1, 10)

# %% right: a decimal
Decimal("0.1")

# %% right: from the eigenvalues
2 / np.linalg.eigvalsh(H).max()

# %% right: NumPy's own number
np.float32(0.1)

# %% right: an array of no axes
np.array(0.1)

# %% right: a tensor
__import__("torch").tensor(0.1)

# %% right: an expression
2 / 20

# %% right: to one per cent
0.0995

# %% wrong: one over the largest
0.05

# %% wrong: two over the smallest
2.0

# %% wrong: one over the smallest
1.0

# %% wrong: the best rate of both
2 / 21

# %% wrong: the largest eigenvalue
20

# %% wrong: the diagonal taken for it
2 / 10.5

# %% wrong: its inverse
1 / 10.5

# %% wrong: the off-diagonal
2 / 9.5

# %% wrong: the trace
2 / np.trace(H)

# %% wrong: the determinant
np.linalg.det(H)

# %% wrong: the best momentum's rate
4 / (20**0.5 + 1) ** 2

# %% wrong: zero
0

# %% wrong: below zero
-0.1

# %% wrong: ten times
1.0e0

# %% wrong: a tenth
0.01

# %% wrong: κ
0.2

# %% wrong: in per cent
10

# %% wrong: a little more than the limit
0.11

# %% wrong: a pair
(0.1, 0.1)

# %% wrong: a list of one
[0.1]

# %% wrong: a text
"0.1"

# %% wrong: infinite
float("inf")

# %% wrong: a truth value
True

# %% wrong: complex
0.1 + 0.1j

# %% right: from the eigenvalues
2 / np.linalg.eigvalsh([[10.5, -9.5], [-9.5, 10.5]])[-1]

# %% right: NumPy's single precision
np.float32(2) / np.float32(20)

# %% right: from κ and the trace
2 / (21 * 20 / (20 + 1))

# %% wrong: a fifth above
0.12

# %% wrong: the best rate of both directions
2 / (1 + 20)

# %% wrong: one over the curvature
1 / 20

# %% wrong: four over the curvature
4 / 20

# %% wrong: the determinant
2 / (10.5**2 - 9.5**2) ** 0.5
