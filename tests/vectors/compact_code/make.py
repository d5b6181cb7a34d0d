#!/usr/bin/env python3
"""Writes packed.txt: for each thinning the packed motion of one signature, in hex.

A second implementation of docs/compact-code.md, "Thinning" and "Packing", written from that document alone. It knows
nothing of ours, so both are wrong only if both misread the document alike.
    python3 make.py
"""

import pathlib

SIDE = 16
SAMPLES = 60


def signature():
    """Samples that rest, move a little, and move everywhere in turn; a third of the cells stay as they were.

    `signature` in src/format/compact_code/motion.rs draws the same.
    """
    state, cells, samples = 1, [0] * (SIDE * SIDE), []
    for t in range(SAMPLES):
        percent = [0, 2, 8, 20, 45, 90][t // 4 % 6]
        for i in range(SIDE * SIDE):
            state = (state * 1103515245 + 12345) % 2**31
            drawn = state >> 16
            if drawn % 3 > 0:
                cells[i] = [1, -1][drawn // 300 % 2] if drawn // 3 % 100 < percent else 0
        samples.append(list(cells))
    return samples


def squares(cells):
    """Squares of 2 x 2 as one."""
    kept = []
    for y in range(0, SIDE, 2):
        for x in range(0, SIDE, 2):
            total = sum(cells[(y + down) * SIDE + x + across] for down in (0, 1) for across in (0, 1))
            kept.append(1 if total >= 2 else -1 if total <= -2 else 0)
    return kept


class Coder:
    def __init__(self):
        self.low, self.high, self.bytes = 0, 2**32 - 1, bytearray()
        self.learned = {}

    def bit(self, context, is_set):
        p, n = self.learned.get(context, (2**15, 0))
        border = self.low + (self.high - self.low) * p // 2**16
        if is_set:
            self.high = border
        else:
            self.low = border + 1
        while self.low >> 24 == self.high >> 24:
            self.bytes.append(self.low >> 24)
            self.low = self.low << 8 & 0xFFFFFFFF
            self.high = self.high << 8 & 0xFFFFFFFF | 0xFF
        step = 2 * ((0xFFFF if is_set else 0) - p)
        # Python rounds downwards, the document towards 0.
        step = step // (2 * n + 3) if step > 0 else -(-step // (2 * n + 3))
        self.learned[context] = (min(max(p + step, 32), 65503), min(n + 1, 60))

    def finish(self):
        if self.low > 0:
            self.bytes.append((self.low >> 24) + 1)
        return bytes(self.bytes)


def packed(samples, side):
    coder = Coder()
    rest = [0] * (side * side)
    before, earlier = rest, rest
    for now in samples:

        def cell(grid, x, y):
            return grid[y * side + x] if 0 <= x < side and 0 <= y < side else 0

        share = sum(value != 0 for value in before) * 16 // (side * side)
        busy = 0 if share == 0 else 1 if share <= 2 else 2 if share <= 6 else 3
        for y in range(side):
            for x in range(side):
                value = cell(now, x, y)
                same = (cell(before, x, y) != 0, cell(earlier, x, y) != 0)
                places = [(x - 1, y), (x, y - 1), (x - 1, y - 1), (x + 1, y - 1)]
                beside = sum(cell(now, *place) != 0 for place in places)
                places = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
                around = sum(cell(before, *place) != 0 for place in places)
                coder.bit(("moves", busy, same, beside, around), value != 0)
                if value != 0:
                    ways = (cell(before, x, y), cell(now, x - 1, y), cell(now, x, y - 1))
                    coder.bit(("brighter", ways), value > 0)
        before, earlier = now, before
    return coder.finish()


samples = signature()
lines = [packed(samples, SIDE), packed(samples[::2], SIDE)]
thinned = [squares(cells) for cells in samples]
lines += [packed(thinned, SIDE // 2), packed(thinned[::2], SIDE // 2)]
path = pathlib.Path(__file__).with_name("packed.txt")
path.write_text("".join(f"{line.hex()}\n" for line in lines), encoding="ascii")
