"""More attempts at 10-largest-batch, which stand on the code that those of tests/attempts/10-largest-batch.py share."""

# %% right: doubling from what fits, then halves of the gap
def largest_batch(fits):
    if not fits(1):
        return 0
    good, bad = 1, 2
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = good + (bad - good) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% right: binary digits from the highest
def largest_batch(fits):
    bits = 0
    while fits(1 << bits):
        bits += 1
    found = (1 << bits) >> 1
    for k in range(bits - 2, -1, -1):
        found += (1 << k) * bool(fits(found + (1 << k)))
    return found

# %% right: a class
class Search:
    def __init__(self, fits):
        self.fits, self.low, self.high = fits, 0, 1
    def run(self):
        while self.fits(self.high):
            self.low, self.high = self.high, self.high * 2
        while self.high > self.low + 1:
            half = (self.low + self.high) // 2
            if self.fits(half):
                self.low = half
            else:
                self.high = half
        return self.low
largest_batch = lambda fits: Search(fits).run()
largest_batch

# %% wrong: the first that fails, from doubling
def largest_batch(fits):
    n = 1
    while fits(n):
        n *= 2
    return n

# %% wrong: one less
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return max(good - 1, 0)

# %% wrong: even numbers alone
def largest_batch(fits):
    good, bad = 0, 2
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 2:
        middle = (good + bad) // 4 * 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good or int(fits(1))

# %% wrong: ten bisections at most
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    for _ in range(5):
        middle = (good + bad) // 2
        good, bad = (middle, bad) if middle and fits(middle) else (good, middle or bad)
    return good

# %% wrong: stops at the first doubling that a thousand ends
def largest_batch(fits):
    good, bad = 0, 1
    while bad <= 512 and fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: one row is none
def largest_batch(fits):
    good, bad = 0, 2
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        if middle == 1:
            break
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: powers of two lose one
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good - (good > 1 and good & (good - 1) == 0)
