"""Recordings written small: equal parts once, numbers as differences, gzip around it all.

Numbers are figure pixels in steps of 1/`STEP`. Each artist's rows are split into columns (all x, all y, …). A column
is coded as the differences that its kind of motion leaves small (`Columns`), and these as variable-length integers,
which gzip then shortens. Sceneries are cut into tiles, so that two which differ by a label share all others. What is
written here, `docs/site/static/unpack.js` reads.

    payload := gzip( length of the JSON, JSON, integers )        both lengths and integers as below
    integer := seven bits a byte, lowest first; the eighth bit says that more follow
    signed  := 2n for n ≥ 0, −2n − 1 below
"""

import base64
import gzip
import json

import numpy as np
from site_record import Pool, pixels_of

STEP = 8  # parts of a figure pixel
STRIDE = {"line": 2, "points": 3, "arrows": 4, "text": 2, "image": 4, "area": 2}  # as in live/drawers.js
TILE = 32  # pixels of the scenery
WHITE = 0xFFFFFFFF
GAP = 1 << 24  # above every number: a gap in a line
NAN = 0  # code of a gap; other codes are one larger than the signed difference


def packed(recording):
    """A `site_record.Recording` as bytes."""
    numbers = Integers()
    colors = Palette()
    places = _tables(recording, numbers, colors)
    facts = recording.facts | {
        "tracks": recording.tracks,
        "values": _by_control(recording),
        "styles": recording.styles.items,
        "scenes": recording.scenes.items,
        "words": recording.words.items,
        "colors": colors.ordered(),
        **places,
    }
    header = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(_varints([len(header)]) + header + numbers.bytes(), 9, mtime=0)


def script(name, recording):
    """The recording as a JavaScript file that hands it to the page, which may lie on a disk."""
    return f'adamkitSite.receive("{name}","{base64.b64encode(packed(recording)).decode()}")\n'


class Integers:
    """The stream of integers."""

    def __init__(self):
        self.parts = []

    def plain(self, numbers):
        """Write integers ≥ 0."""
        self.parts.append(_varints(numbers))

    def signed(self, numbers):
        """Write integers of either sign."""
        self.parts.append(_varints(_zigzag(np.asarray(numbers, np.int64))))

    def bytes(self):
        """All that was written."""
        return b"".join(self.parts)


def _varints(numbers):
    rest = np.asarray(numbers, np.uint64)
    digits = np.stack([(rest >> np.uint64(7 * i)) & np.uint64(127) for i in range(5)], axis=-1).astype(np.uint8)
    lengths = 1 + sum((rest >= np.uint64(1 << 7 * i)).astype(int) for i in range(1, 5))
    at = np.arange(5)
    digits[at < lengths[..., None] - 1] |= 128
    return digits[at < lengths[..., None]].tobytes()


def _zigzag(numbers):
    return np.where(numbers >= 0, 2 * numbers, -2 * numbers - 1)


def _tables(recording, numbers, colors):
    """Write every table of integers; returns how long each is, and what the pictures measure."""
    columns, tiles = Columns(), Pool()
    strides = _strides(recording)
    frames = [_frame(frame, strides, columns) for frame in recording.frames.items]
    images = [colors.places(_codes(image)) for image in recording.images.items]
    sceneries = [_cut(_codes(pixels_of(png)), tiles) for png in recording.sceneries.items]
    cut = colors.places(np.array(tiles.items))
    order = colors.settle()
    pictures = [columns.add(order[image].ravel(), ("image", image.shape)) for image in images]
    columns.write(numbers)
    for rows in (frames, recording.states, recording.looks.items, [tilemap.ravel() for tilemap, _ in sceneries]):
        _write_rows(numbers, rows)
    numbers.plain(order[cut].ravel())
    return {
        "strides": strides,
        "tile": TILE,
        "tiles": len(tiles.items),
        "images": [[*image.shape[::-1], place] for image, place in zip(images, pictures)],
        "sceneries": [[tilemap.shape[1], *shape[::-1]] for tilemap, shape in sceneries],
    }


def _strides(recording):
    """Numbers in a row of each artist; of one that never shows, 1."""
    looks = [[recording.styles.items[style].get("kind") for style in look] for look in recording.looks.items]
    return [STRIDE[next((kind for kind in kinds if kind), "text")] for kinds in zip(*looks, strict=True)]


def _frame(frame, strides, columns):
    """Places of the columns of a frame."""
    return [
        columns.add(quantised(column), (artist, side))
        for artist, (numbers, stride) in enumerate(zip(frame, strides, strict=True))
        for side, column in enumerate(numbers.reshape(-1, stride).T)
    ]


def quantised(numbers):
    """Figure pixels as whole steps; gaps as `GAP` above the number before them, which keeps differences small."""
    gaps = ~np.isfinite(numbers)
    steps = np.round(np.where(gaps, 0, numbers) * STEP).astype(np.int64)
    last = np.maximum.accumulate(np.where(gaps, -1, np.arange(len(numbers))))
    return np.where(last >= 0, steps[last], 0) + GAP * gaps


def _cut(pixels, tiles):
    """A scenery as places of its tiles; those at the right and lower edge are filled up with white."""
    height, width = pixels.shape
    full = np.pad(pixels, ((0, -height % TILE), (0, -width % TILE)), constant_values=WHITE)
    blocks = full.reshape(len(full) // TILE, TILE, -1, TILE).swapaxes(1, 2)
    places = [[tiles.add(block, block.tobytes()) for block in row] for row in blocks]
    return np.array(places), pixels.shape


def _codes(pixels):
    """(height, width, 4) bytes as one whole number each, red in the lowest byte."""
    return np.ascontiguousarray(pixels).view(np.uint32)[..., 0]


class Palette:
    """Colours in the order of meeting, and at last by brightness, so that neighbours in a picture are near."""

    def __init__(self):
        self.codes = np.empty(0, np.uint32)

    def places(self, codes):
        """The places of colours, in the same shape."""
        found, inverse = np.unique(codes, return_inverse=True)
        self.codes = np.concatenate([self.codes, np.setdiff1d(found, self.codes)])
        sorter = np.argsort(self.codes)
        return sorter[np.searchsorted(self.codes, found, sorter=sorter)][inverse].reshape(codes.shape)

    def settle(self):
        """Sort; returns the new place of every old one."""
        red, green, blue = (self.codes >> shift & 255 for shift in (0, 8, 16))
        order = np.argsort(-(0.3 * red + 0.59 * green + 0.11 * blue), kind="stable")
        self.codes = self.codes[order]
        return np.argsort(order)

    def ordered(self):
        """The colours as whole numbers, red in the lowest byte."""
        return [int(code) for code in self.codes]


class Columns:
    """Columns, each once, written as differences: to the number before (mode 0), of such differences (1), or of these
    to the differences of the column that stood in the same slot before (2)."""

    def __init__(self):
        self.pool, self.slots, self._latest = Pool(), [], {}

    def add(self, column, slot):
        """The place of a column of whole numbers; ``slot`` says which artist and side, or which picture, it shows."""
        place = self.pool.add(column, column.tobytes())
        if place == len(self.slots):
            self.slots.append(self._latest.get((slot, len(column)), place))
        self._latest[slot, len(column)] = place
        return place

    def write(self, numbers):
        """How many, then lengths, forerunners and modes; then the columns."""
        coded = [self._coded(*pair) for pair in enumerate(self.slots)]
        numbers.plain([len(coded)])
        numbers.plain([len(column) for column in self.pool.items])
        numbers.plain([place - before for place, before in enumerate(self.slots)])
        numbers.plain([mode for mode, _ in coded])
        numbers.plain(np.concatenate([np.empty(0, np.int64), *(codes for _, codes in coded)]))

    def _coded(self, place, before):
        """(mode, codes): the mode with the shortest logarithms."""
        column = self.pool.items[place]
        gaps, steps = column >= GAP // 2, column - GAP * (column >= GAP // 2)
        slope = np.diff(steps, prepend=0)
        tries = [slope, np.diff(slope, prepend=0)]
        if before != place:
            other = self.pool.items[before]
            tries.append(slope - np.diff(other - GAP * (other >= GAP // 2), prepend=0))
        costs = [np.log2(1 + np.abs(rest)).sum() for rest in tries]
        mode = int(np.argmin(costs))
        return mode, np.where(gaps, NAN, 1 + _zigzag(tries[mode]))


def _write_rows(numbers, rows):
    """How many; then of each its length, and its numbers less those of the row before, if that is as long."""
    numbers.plain([len(rows)])
    before = np.empty(0, np.int64)
    for row in rows:
        row = np.asarray(row, np.int64)
        numbers.plain([len(row)])
        numbers.signed(row - before if len(row) == len(before) else row)
        before = row


def _by_control(recording):
    """Control → its values, each once, and for each state the place of its own among them."""
    table = {}
    for name in recording.values.items[0]:
        pool = Pool()
        places = [pool.add(values[name], json.dumps(values[name])) for values in recording.values.items]
        table[name] = {"values": pool.items, "places": places}
    return table
