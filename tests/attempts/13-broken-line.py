from fractions import Fraction

# %% right: the number
4

# %% right: a float
4.0

# %% right: NumPy's
np.int64(4)

# %% right: NumPy's float
np.float32(4)

# %% right: an array without axes
np.array(4)

# %% right: a fraction
Fraction(4)

# %% right: counted in a list
[1, 2, 3, 4, 5].index(4) + 1

# %% right: a decimal
__import__("decimal").Decimal(4)

# %% right: a torch number
__import__("torch").tensor(4)

# %% wrong: 0
0

# %% wrong: 1
1

# %% wrong: 2
2

# %% wrong: 3
3

# %% wrong: 5
5

# %% wrong: 6
6

# %% wrong: 3.5
3.5

# %% wrong: nearly
4.04

# %% wrong: minus
-4

# %% wrong: a list of all
[1, 2, 3, 4, 5]

# %% wrong: two of them
[3, 4]

# %% wrong: also two
[4, 5]

# %% wrong: fourteen
14

# %% wrong: forty
40

# %% wrong: a word
"the fourth, or another"

# %% wrong: nothing
None

# %% wrong: true
True

# %% wrong: not a number
float("nan")

# %% wrong: infinite
float("inf")

# %% wrong: complex
4j

# %% wrong: a dict
{4: True}

# %% wrong: an empty list
[]

# %% right: counted
1 + 3

# %% right: an array
np.int8(4)

# %% right: from its name
int("4")

# %% wrong: between
4.5

# %% wrong: a pair
(4, 5)

# %% wrong: as a set
{4, 5}

# %% wrong: counted from zero, doubled
10

# %% wrong: ten thousandths off
-4.0
