#!/usr/bin/env python3
"""The points of a made-up frame, computed after docs/format.md alone, with whole numbers and no library.

Writes points.txt: a line for each point, 37 bytes in hex. The frame is 320 x 180 pixels of blocks, see `luma`.
"""
from math import sqrt
from pathlib import Path

WIDTH, HEIGHT = 320, 180
LEVELS = [1.0, 0.841, 0.707, 0.595, 0.5, 0.42, 0.354, 0.297, 0.25]


def luma(x, y):
    """Blocks of 18 x 14 pixels, shaded a little."""
    block = x // 18 * 31 + y // 14 * 57
    return block * block % 199 + (x * 3 + y * 5) % 17


def shrunk(picture, width, height):
    """Each pixel the rounded mean of the area that it covers."""
    from_width, from_height = len(picture[0]), len(picture)

    def shares(cell, cells, length):
        start, end = length * cell, length * (cell + 1)
        return [(at, min(end, cells * (at + 1)) - max(start, cells * at)) for at in range(start // cells, -(-end // cells))]

    area = from_width * from_height
    across = [shares(cell, width, from_width) for cell in range(width)]
    rows = []
    for cell in range(height):
        down = shares(cell, height, from_height)
        columns = [sum(picture[y][x] * share for y, share in down) for x in range(from_width)]
        rows.append([(sum(columns[x] * share for x, share in own) + area // 2) // area for own in across])
    return rows


def smoothed(picture):
    width, height = len(picture[0]), len(picture)

    def mean(x, y):
        all_of_them = [picture[j][i] for j in range(max(y - 2, 0), min(y + 3, height)) for i in range(max(x - 2, 0), min(x + 3, width))]
        return (sum(all_of_them) + len(all_of_them) // 2) // len(all_of_them)

    return [[mean(x, y) for x in range(width)] for y in range(height)]


def strengths(picture):
    width, height = len(picture[0]), len(picture)
    change = {}
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            change[x, y] = (picture[y][x + 1] - picture[y][x - 1], picture[y + 1][x] - picture[y - 1][x])

    def strength(x, y):
        if not (2 <= x < width - 2 and 2 <= y < height - 2):
            return 0
        window = [change.get((i, j), (0, 0)) for j in range(y - 2, y + 3) for i in range(x - 2, x + 3)]
        a, b, c = sum(p * p for p, _ in window), sum(q * q for _, q in window), sum(p * q for p, q in window)
        return (a * b - c * c) // (a + b + 1)

    return [[strength(x, y) for x in range(width)] for y in range(height)]


def corners(picture):
    width, height = len(picture[0]), len(picture)
    if width <= 22 or height <= 22:
        return
    strength = strengths(picture)
    for top in range(11, height - 11, 10):
        for left in range(11, width - 11, 10):
            best, at = 60, None
            for y in range(top, min(top + 10, height - 11)):
                for x in range(left, min(left + 10, width - 11)):
                    around = max(strength[j][i] for j in range(y - 1, y + 2) for i in range(x - 1, x + 2))
                    if best < strength[y][x] == around:
                        best, at = strength[y][x], (x, y)
            if at:
                yield best, at


def pairs():
    state = 20

    def step():
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return state // 2**33 % 12

    number = lambda: step() + step() - 11
    upright = [[number() for _ in range(4)] for _ in range(32)]
    for pair in upright:
        for mirrored in (False, True):
            for quarters in range(4):
                turned = []
                for x, y in (pair[:2], pair[2:]):
                    x = -x if mirrored else x
                    for _ in range(quarters):
                        x, y = -y, x
                    turned.append((x, y))
                yield turned


def points():
    picture = [[luma(x, y) for x in range(WIDTH)] for y in range(HEIGHT)]
    ratio = min(1.0, sqrt(36864 / (WIDTH * HEIGHT)))
    scaled = lambda width, height, share: [max(1, int(side * share + 0.5)) for side in (width, height)]
    small = shrunk(picture, *scaled(WIDTH, HEIGHT, ratio))
    all_pairs = list(pairs())
    found = []
    for level, share in enumerate(LEVELS):
        width, height = scaled(len(small[0]), len(small), share)
        own = shrunk(small, width, height)
        smooth = smoothed(own)
        for strength, (x, y) in corners(own):
            bits = bytearray(32)
            for i, ((x1, y1), (x2, y2)) in enumerate(all_pairs):
                bits[i // 8] |= (smooth[y + y1][x + x1] > smooth[y + y2][x + x2]) << i % 8
            place = [(2 * at + 1) * 32768 // side for at, side in ((x, width), (y, height))]
            found.append((strength, b"".join(at.to_bytes(2, "little") for at in place) + bytes([level]) + bits))
    found.sort(key=lambda point: -point[0])
    return [point for _, point in found[:100]]


if __name__ == "__main__":
    lines = "".join(point.hex() + "\n" for point in points())
    Path(__file__).with_name("points.txt").write_text(lines)
