import bisect

import numpy as np

def nearest(y, table):
    return np.abs(np.asarray(y)[:, None] - table).argmin(axis=1)

# %% right: the nearest of all
def pack(x, table):
    scale = np.abs(x).max() or 1.0
    places = np.abs(table[None, :] - (x / scale)[:, None]).argmin(axis=1)
    return places, table[places] * scale

# %% right: searchsorted on the borders
def pack(x, table):
    scale = np.max(np.abs(x))
    if scale == 0:
        scale = 1
    borders = (table[1:] + table[:-1]) / 2
    places = np.searchsorted(borders, x / scale)
    return places, scale * table[places]

# %% right: searchsorted, ties to the right
def pack(x, table):
    scale = max(abs(x.min()), abs(x.max()))
    y = x / scale if scale > 0 else x
    places = np.searchsorted((table[1:] + table[:-1]) / 2, y, side="right")
    return places, scale * table[places]

# %% right: digitize
def pack(x, table):
    s = np.linalg.norm(x, np.inf)
    y = x if s == 0 else x / s
    places = np.digitize(y, 0.5 * (table[1:] + table[:-1]))
    return places, s * np.take(table, places)

# %% right: a loop that keeps the last of the nearest
def pack(x, table):
    scale = max(abs(v) for v in x)
    places, back = [], []
    for v in x:
        y = v / scale if scale else 0.0
        best = 0
        for k, entry in enumerate(table):
            if abs(entry - y) <= abs(table[best] - y):
                best = k
        places.append(best)
        back.append(scale * table[best])
    return np.array(places), np.array(back)

# %% right: the argmin from the other side
def pack(x, table):
    scale = np.abs(x).max()
    y = np.divide(x, scale, out=np.zeros_like(x), where=scale > 0)
    places = len(table) - 1 - np.abs(table[::-1] - y[:, None]).argmin(axis=1)
    return places, table[places] * scale

# %% right: interpolated places, rounded
def pack(x, table):
    scale = np.abs(x).max()
    y = x / (scale if scale > 0 else 1.0)
    left = np.clip(np.searchsorted(table, y, side="right") - 1, 0, len(table) - 2)
    t = (y - table[left]) / (table[left + 1] - table[left])
    places = left + np.rint(t).astype(int)
    return places, table[places] * scale

# %% right: a block of zeros answered at once
def pack(x, table):
    s = np.abs(x).max()
    if s == 0:
        return np.zeros(len(x), int), np.zeros(len(x))
    places = np.argmin(np.abs(x[:, np.newaxis] / s - table), axis=1)
    return places, table[places] * s

# %% right: uint8 places, as it is stored
def pack(x, table):
    s = np.abs(x).max()
    if not s:
        return np.full(len(x), np.abs(table).argmin(), np.uint8), np.zeros_like(x)
    places = np.argmin(np.abs(x[:, None] / s - table), axis=1).astype(np.uint8)
    return places, table[places] * s

# %% right: bisect and lists
def pack(x, table):
    values = table.tolist()
    s = max(map(abs, x.tolist()))
    places = []
    for v in x.tolist():
        y = v / s if s else 0.0
        right = bisect.bisect_left(values, y)
        near = [k for k in (right - 1, right) if 0 <= k < len(values)]
        places.append(min(near, key=lambda k: abs(values[k] - y)))
    return np.array(places), np.array([s * values[k] for k in places])

# %% right: lists come back, in a list
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = [int(np.abs(table - v / s).argmin()) for v in x]
    return [places, [float(s * table[k]) for k in places]]

# %% right: torch inside
def pack(x, table):
    import torch
    x, table = torch.from_numpy(np.array(x)), torch.from_numpy(np.array(table))
    s = x.abs().max()
    y = x / s if s > 0 else x
    places = (y[:, None] - table).abs().argmin(dim=1)
    return places.numpy(), (s * table[places]).numpy()

# %% wrong: the next lower place
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = np.clip(np.searchsorted(table, x / s, side="right") - 1, 0, len(table) - 1)
    return places, s * table[places]

# %% wrong: the next higher place
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = np.clip(np.searchsorted(table, x / s), 0, len(table) - 1)
    return places, s * table[places]

# %% wrong: the largest, not in absolute value
def pack(x, table):
    s = x.max() or 1.0
    places = nearest(x / s, table)
    return places, s * table[places]

# %% wrong: minus the smallest
def pack(x, table):
    s = max(x.max(), 0) or 1.0
    places = nearest(x / s, table)
    return places, s * table[places]

# %% wrong: an even table is taken for granted
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = np.rint((x / s + 1) / 2 * (len(table) - 1)).astype(int)
    return places, s * table[places]

# %% wrong: counted from 1
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = nearest(x / s, table)
    return places + 1, s * table[places]

# %% wrong: not scaled back
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = nearest(x / s, table)
    return places, table[places]

# %% wrong: the numbers themselves come back
def pack(x, table):
    s = np.abs(x).max() or 1.0
    return nearest(x / s, table), x.copy()

# %% wrong: not divided
def pack(x, table):
    places = nearest(x, table)
    return places, table[places]

# %% wrong: a block of zeros becomes NaN
def pack(x, table):
    s = np.abs(x).max()
    places = nearest(x / s, table)
    return places, s * table[places] if s else np.full(len(x), np.nan)

# %% wrong: a small block is taken for one of zeros
def pack(x, table):
    if np.allclose(x, 0):
        return nearest(x, table), np.zeros_like(x)
    s = np.abs(x).max()
    places = nearest(x / s, table)
    return places, s * table[places]

# %% wrong: a guard in the scale
def pack(x, table):
    s = np.abs(x).max() + 1e-8
    places = nearest(x / s, table)
    return places, s * table[places]

# %% wrong: a lower bound of the scale
def pack(x, table):
    s = max(np.abs(x).max(), 1e-6)
    places = nearest(x / s, table)
    return places, s * table[places]

# %% wrong: the order of the pair
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = nearest(x / s, table)
    return s * table[places], places

# %% wrong: places of signed bytes
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = nearest(x / s, table)
    return places.astype(np.int8), s * table[places]

# %% wrong: places modulo 16
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = nearest(x / s, table)
    return places % 16, s * table[places]

# %% wrong: the sign apart
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = nearest(np.abs(x) / s, table)
    return places, np.sign(x) * s * table[places]

# %% wrong: the norm in place of the largest
def pack(x, table):
    s = np.sqrt((x ** 2).sum()) or 1.0
    places = nearest(x / s, table)
    return places, s * table[places]

# %% wrong: the mean in place of the largest
def pack(x, table):
    s = np.abs(x).mean() or 1.0
    places = nearest(x / s, table)
    return places, s * table[places]

# %% wrong: the scale rounded up to a power of two
def pack(x, table):
    s = 2.0 ** np.ceil(np.log2(np.abs(x).max())) if x.any() else 1.0
    places = nearest(x / s, table)
    return places, s * table[places]

# %% wrong: relative distance
def pack(x, table):
    s = np.abs(x).max() or 1.0
    y = x / s
    with np.errstate(all="ignore"):
        places = np.abs(np.log(np.abs(y[:, None])) - np.log(np.abs(table))).argmin(axis=1)
    return places, s * table[places]

# %% wrong: the ends of the table are never used
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = np.clip(nearest(x / s, table), 1, len(table) - 2)
    return places, s * table[places]

# %% wrong: a zero takes the first place
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = np.where(x == 0, 0, nearest(x / s, table))
    return places, np.where(x == 0, 0, s * table[places])

# %% wrong: the scale of the first call stays
KEPT = []
def pack(x, table):
    KEPT.append(np.abs(x).max() or 1.0)
    places = nearest(x / KEPT[0], table)
    return places, KEPT[0] * table[places]

# %% wrong: the table of the first call stays
TABLE = []
def pack(x, table):
    TABLE.append(table)
    s = np.abs(x).max() or 1.0
    places = nearest(x / s, TABLE[0])
    return places, s * TABLE[0][places]

# %% wrong: a block of zeros comes back as the first value
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = nearest(x / s, table)
    if not x.any():
        places = places * 0
    return places, s * table[places]

# %% wrong: places as fractions
def pack(x, table):
    s = np.abs(x).max() or 1.0
    return np.interp(x / s, table, np.arange(len(table))), x.copy()

# %% wrong: half precision on the way
def pack(x, table):
    s = np.float16(np.abs(x).max()) or 1.0
    places = nearest(x / s, table)
    return places, float(s) * table[places]

# %% wrong: every zero comes back as zero
def pack(x, table):
    s = np.abs(x).max() or 1.0
    places = nearest(x / s, table)
    back = s * table[places]
    return places, np.where(x == 0, 0.0, back)

# %% right: distances by broadcasting, in the numbers' own unit
def pack(x, table):
    s = np.abs(x).max()
    if s == 0:
        return np.zeros(len(x), dtype=int), np.zeros(len(x))
    stored = s * np.asarray(table)
    places = np.abs(stored[None, :] - np.asarray(x)[:, None]).argmin(axis=1)
    return places, stored[places]

# %% right: a dictionary from value to place
def pack(x, table):
    s = max(abs(float(v)) for v in x) or 1.0
    place = {float(v): k for k, v in enumerate(table)}
    nearest = [min(place, key=lambda v, u=u: abs(v - u / s)) for u in map(float, x)]
    back = np.array(nearest) * s if np.any(x) else np.zeros(len(nearest))
    return np.array([place[v] for v in nearest]), back

# %% right: searchsorted, then the nearer of two neighbours
def pack(x, table):
    table, s = np.asarray(table, dtype=float), np.max(np.abs(x))
    u = np.divide(x, s) if s else np.zeros(len(x))
    above = np.clip(np.searchsorted(table, u), 1, len(table) - 1)
    places = np.where(u - table[above - 1] < table[above] - u, above - 1, above)
    return places, table[places] * s if s else np.zeros(len(x))

# %% wrong: positive and negative scaled apart
def pack(x, table):
    table = np.asarray(table)
    up, down = max(np.max(x), 1e-300), max(-np.min(x), 1e-300)
    u = np.where(x > 0, x / up, x / down)
    places = np.abs(table - u[:, None]).argmin(1)
    return places, table[places] * np.where(x > 0, up, down)

# %% wrong: nearest to the square
def pack(x, table):
    table, s = np.asarray(table), np.abs(x).max() or 1.0
    u = x / s
    places = np.abs(table * np.abs(table) - (u * np.abs(u))[:, None]).argmin(1)
    return places, table[places] * s * np.any(x)

# %% wrong: the last place belongs to nobody
def pack(x, table):
    table, s = np.asarray(table), np.abs(x).max() or 1.0
    places = np.abs(table[:-1] - (x / s)[:, None]).argmin(1)
    return places, table[places] * s * np.any(x)

# %% wrong: three digits on the way
def pack(x, table):
    table, s = np.asarray(table), np.abs(x).max() or 1.0
    places = np.abs(table - np.round(x / s, 2)[:, None]).argmin(1)
    return places, table[places] * s * np.any(x)

# %% wrong: the sign lost on the way back
def pack(x, table):
    table, s = np.asarray(table), np.abs(x).max() or 1.0
    places = np.abs(table - (x / s)[:, None]).argmin(1)
    return places, np.abs(table[places]) * s * np.any(x)

# %% right: a dataclass, sorted by key
from dataclasses import dataclass
@dataclass
class Block:
    x: np.ndarray
    table: np.ndarray
    def scale(self): return float(max(map(abs, self.x)))
    def places(self):
        s = self.scale() or 1.0
        return [min(range(len(self.table)), key=lambda k: abs(self.table[k] - v / s)) for v in self.x]
def pack(x, table):
    b = Block(x, table)
    p = b.places()
    return p, [table[k] * b.scale() for k in p]

# %% right: torch bucketize on borders
def pack(x, table):
    import torch
    t, v = torch.as_tensor(np.array(table)), torch.as_tensor(np.array(x))
    s = v.abs().max()
    p = torch.bucketize(v / (s if s > 0 else 1), (t[1:] + t[:-1]) / 2)
    return p, t[p] * s

# %% wrong: zeros by the sum
def pack(x, table):
    s = np.abs(x).max()
    y = x / s if x.sum() else 0 * x
    p = np.abs(y[:, None] - table).argmin(1)
    return p, table[p] * s

# %% wrong: the first zero of a block makes it zero
def pack(x, table):
    s = np.abs(x).max() if x[0] else 0.0
    y = x / s if s else 0 * x
    p = np.abs(y[:, None] - table).argmin(1)
    return p, table[p] * s

# %% wrong: binary search on absolute values with a symmetric table
def pack(x, table):
    s = np.abs(x).max()
    y = x / s if s else 0 * x
    half = np.sort(np.abs(table))
    q = half[np.abs(np.abs(y)[:, None] - half).argmin(1)] * np.sign(y)
    p = np.abs(q[:, None] - table).argmin(1)
    return p, table[p] * s
