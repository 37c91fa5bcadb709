"""Reads a packed recording as the page does, for the tests; the format stands in tools/site_pack.py."""

import gzip
import json

import numpy as np


class Stream:
    """Variable-length integers, one after the other."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def next(self):
        value = shift = 0
        while True:
            digit = self.data[self.at]
            self.at += 1
            value |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                return value

    def signed(self):
        return unsigned(self.next())

    def take(self, count):
        return [self.next() for _ in range(count)]


def unsigned(code):
    """2n for n ≥ 0, −2n − 1 below → n."""
    return -(code + 1) // 2 if code % 2 else code // 2


def unpacked(data):
    """The header, with the columns (NaN in gaps), and the rows of frames, states, looks and sceneries."""
    stream = Stream(gzip.decompress(data))
    length = stream.next()
    header = json.loads(stream.data[stream.at : stream.at + length])
    stream.at += length
    count = stream.next()
    lengths, back, modes = (stream.take(count) for _ in range(3))
    columns, gaps = [], []
    for place in range(count):
        beside = np.diff(columns[place - back[place]], prepend=0) if back[place] else []
        steps, gap = column(stream, lengths[place], modes[place], beside)
        columns.append(steps)
        gaps.append(gap)
    header["columns"] = [np.where(gap, np.nan, steps) / 8 for steps, gap in zip(columns, gaps)]
    header["rows"] = [rows(stream) for _ in range(4)]
    pixels = np.array(header["colors"], np.uint32)[stream.take(header["tiles"] * header["tile"] ** 2)]
    header["pixels"] = pixels.reshape(header["tiles"], header["tile"], header["tile"])
    assert stream.at == len(stream.data)
    return header


def column(stream, length, mode, beside):
    """(whole steps, where the gaps are) of one column."""
    steps, gaps, slope = np.zeros(length, int), np.zeros(length, bool), 0
    for i in range(length):
        code = stream.next()
        gaps[i] = code == 0
        predicted = {0: 0, 1: slope, 2: beside[i] if mode == 2 else 0}[mode]
        slope = 0 if code == 0 else unsigned(code - 1) + predicted
        steps[i] = (steps[i - 1] if i else 0) + slope
    return steps, gaps


def rows(stream):
    """Rows of numbers, each written as the difference to the one before if that is as long."""
    out, before = [], []
    for _ in range(stream.next()):
        length = stream.next()
        old = before if len(before) == length else [0] * length
        before = [stream.signed() + number for number in old]
        out.append(before)
    return out
