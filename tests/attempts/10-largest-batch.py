#: as of 10-largest-batch
import math

# %% right: double, then bisect
def largest_batch(fits):
    if not fits(1):
        return 0
    low = 1
    while fits(2 * low):
        low *= 2
    high = 2 * low
    while high - low > 1:
        middle = (low + high) // 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return low

# %% right: powers, then bits from above
def largest_batch(fits):
    k = 0
    while fits(2 ** k):
        k += 1
    if k == 0:
        return 0
    best = 2 ** (k - 1)
    for bit in range(k - 2, -1, -1):
        if fits(best + 2 ** bit):
            best += 2 ** bit
    return best

# %% right: a recursion
def largest_batch(fits):
    def between(low, high):
        if high - low == 1:
            return low
        middle = low + (high - low) // 2
        return between(middle, high) if fits(middle) else between(low, middle)
    def up(n):
        return up(2 * n) if fits(n) else between(n // 2, n)
    return up(1)

# %% right: bisect of the standard library
def largest_batch(fits):
    import bisect
    top = 1
    while fits(top):
        top *= 2
    return bisect.bisect_left(range(top), True, lo=top // 2 + 1 if top > 1 else 1, key=lambda n: not fits(n)) - 1

# %% right: strides that halve
def largest_batch(fits):
    stride = 1
    while fits(stride):
        stride <<= 1
    answer, stride = stride >> 1, stride >> 2
    while stride:
        answer += stride if fits(answer + stride) else 0
        stride >>= 1
    return answer

# %% right: NumPy's whole numbers
def largest_batch(fits):
    good, bad = np.int64(0), np.int64(1)
    while fits(int(bad)):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(int(middle)) else (good, middle)
    return good

# %% right: NumPy's whole numbers are handed to fits
def largest_batch(fits):
    good, bad = 0, np.int64(1)
    while fits(bad):
        good, bad = bad, bad * 2
    while bad - good > 1:
        middle = np.int64((good + bad) // 2)
        if fits(middle):
            good = middle
        else:
            bad = middle
    return int(good)

# %% right: answers remembered
def largest_batch(fits):
    book = {0: True}
    def ask(n):
        if n not in book:
            book[n] = bool(fits(n))
        return book[n]
    n = 1
    while ask(n):
        n *= 2
    low, high = n // 2, n
    while low + 1 < high:
        mid = math.floor((low + high) / 2)
        if ask(mid):
            low = mid
        else:
            high = mid
    return max(n for n, good in book.items() if good)

# %% right: steps of a half more, then bisection
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, bad + max(1, bad)
    while bad > good + 1:
        mid = (bad + good + 1) // 2
        good, bad = (mid, bad) if fits(mid) is True else (good, mid)
    return good

# %% wrong: quadrupling
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 4 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: tripling
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 3 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: ten times
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 10 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: one by one
def largest_batch(fits):
    n = 0
    while fits(n + 1):
        n += 1
    return n

# %% wrong: ten by ten
def largest_batch(fits):
    n = 0
    while fits(n + 10):
        n += 10
    while fits(n + 1):
        n += 1
    return n

# %% wrong: from a million down
def largest_batch(fits):
    good, bad = 0, 1_000_000
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: from a thousand down
def largest_batch(fits):
    good, bad = 0, 1024
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: powers of two alone
def largest_batch(fits):
    n = 1
    while fits(n):
        n *= 2
    return n // 2

# %% wrong: it begins with 32
def largest_batch(fits):
    good, bad = 0, 32
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: the smallest that does not fit
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return bad

# %% wrong: at least one
def largest_batch(fits):
    good, bad = 1, 2
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: None where not one row fits
def largest_batch(fits):
    if not fits(1):
        return None
    good, bad = 1, 2
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: minus one where not one row fits
def largest_batch(fits):
    if not fits(1):
        return -1
    good, bad = 1, 2
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: bisection stops at a difference of eight
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 8:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: bisection stops at a difference of two
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 2:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: no more than 4096
def largest_batch(fits):
    good, bad = 0, 1
    while bad < 4096 and fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: every question is asked three times
def largest_batch(fits):
    sure = lambda n: all([fits(n), fits(n), fits(n)])
    good, bad = 0, 1
    while sure(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if sure(middle) else (good, middle)
    return good

# %% wrong: the answers of the first machine are remembered
BOOK = {}
def largest_batch(fits):
    ask = lambda n: BOOK.setdefault(n, BOOK[n] if n in BOOK else fits(n))
    good, bad = 0, 1
    while ask(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if ask(middle) else (good, middle)
    return good

# %% wrong: bisection from zero after every doubling
def largest_batch(fits):
    bad = 1
    while fits(bad):
        bad *= 2
    for n in range(bad, -1, -1):
        if n == 0 or fits(n):
            return n

# %% wrong: after the doubling, up one by one
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while fits(good + 1):
        good += 1
    return good

# %% wrong: fractions of a row
def largest_batch(fits):
    good, bad = 0.0, 1.0
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 0.01:
        middle = (good + bad) / 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: a multiple of eight
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good - good % 8

# %% wrong: a margin for safety
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return int(0.9 * good)

# %% wrong: squaring
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, max(2, bad * bad)
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good

# %% wrong: bisection rounds up and misses
def largest_batch(fits):
    good, bad = 0, 1
    while fits(bad):
        good, bad = bad, 2 * bad
    while bad - good > 1:
        middle = (good + bad) // 2
        if fits(middle):
            good = middle + 1
        else:
            bad = middle
    return good

# %% right: a generator and next
from itertools import count
def largest_batch(fits):
    k = next(k for k in count() if not fits(2**k))
    if k == 0: return 0
    low, high = 2 ** (k - 1), 2**k
    while high - low > 1:
        m = (low + high) >> 1
        if fits(m): low = m
        else: high = m
    return low

# %% right: a lazily asked sequence with bisect
import bisect
class No:
    def __init__(self, fits): self.fits = fits
    def __getitem__(self, n): return not self.fits(n + 1)
    def __len__(self): return 1 << 60
def largest_batch(fits):
    if not fits(1): return 0
    hi = 2
    while fits(hi): hi *= 2
    return bisect.bisect_left(No(fits), True, hi // 2, hi - 1)

# %% wrong: one fits always
def largest_batch(fits):
    lo, hi = 1, 2
    while fits(hi): lo, hi = hi, 2 * hi
    while hi - lo > 1:
        m = (lo + hi) // 2
        if fits(m): lo = m
        else: hi = m
    return lo
