from fractions import Fraction

# %% right: a whole number
26

# %% right: a float
26.0

# %% right: worked out
13e9 * (2 + 2 + 4 + 4 + 4) / 8 / 1e9

# %% right: NumPy's number
np.float64(26)

# %% right: NumPy's whole number
np.int64(26)

# %% right: an array without axes
np.array(26.0)

# %% right: a sum of parts
sum([13 * 2, 13 * 2, 13 * 4, 13 * 4, 13 * 4]) / 8

# %% right: a fraction
Fraction(13 * 16, 8)

# %% right: a decimal
__import__("decimal").Decimal("26")

# %% right: a torch number
__import__("torch").tensor(26.0)

# %% wrong: all on one GPU
208

# %% wrong: no copy
19.5

# %% wrong: bytes
26e9

# %% wrong: all in float32
32.5

# %% wrong: all in bf16
16.25

# %% wrong: m and v alone
13

# %% wrong: weights and gradients are not spread
13 * 4 + 13 * 12 / 8

# %% wrong: weights are not spread
13 * 2 + 13 * 14 / 8

# %% wrong: m alone
19.6

# %% wrong: no gradients
22.75

# %% wrong: no weights
22.8

# %% wrong: gradients in float32
29.25

# %% wrong: gibibytes
13e9 * 16 / 8 / 2 ** 30

# %% wrong: bits
208 * 8

# %% wrong: four GPUs
52

# %% wrong: sixteen GPUs
13.0

# %% wrong: each part alone
[3.25, 3.25, 6.5, 6.5, 6.5]

# %% wrong: gigabits
26 * 8

# %% wrong: a billion forgotten
26 / 1000

# %% wrong: minus
-26

# %% wrong: the bytes a parameter
16

# %% wrong: the bytes a parameter and GPU
2

# %% wrong: the count of parameters
13e9

# %% wrong: optimizer and copy
19.4

# %% wrong: a truth value
True

# %% wrong: not a number
float("nan")

# %% wrong: a text
"26 GB"

# %% right: by kinds
sum({"weights": 2, "gradients": 2, "copy": 4, "m": 4, "v": 4}.values()) * 13e9 / 8 / 1e9

# %% right: single precision
np.float32(26)

# %% right: a whole number, worked out
13 * 16 // 8

# %% wrong: a copy in bf16
13 * 14 / 8

# %% wrong: two copies
13 * 20 / 8

# %% wrong: v in bf16
13 * (2 + 2 + 4 + 4 + 2) / 8

# %% wrong: seven others
13 * 16 / 7

# %% wrong: a fifth more
13 * 16 / 8 * 1.2
