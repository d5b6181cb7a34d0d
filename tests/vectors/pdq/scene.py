"""The pictures of these vectors: pure integer arithmetic, so that any language can draw them again.

All values are whole, from 0 to 2^32, but where `mod 2^32` is written; division is floor division.

    state = seed; next() = { state = (1664525 * state + 1013904223) mod 2^32; return state >> 16 }

Drawn from it, in this order: 3 base levels `next() % 96`; 4 waves, each with `ax = next() % 4`, `ay = next() % 4`,
`phase = next() % 4096`, `period = 512 + next() % 4096` and 3 amplitudes `next() % 128`; 4 rectangles, each with
`left = next() % 4096`, `top = next() % 4096`, `width = next() % 2048`, `height = next() % 2048` and 3 levels
`next() % 256`; `noise = [0, 3, 24, 80][next() % 4]`; `calm = next() % 5`; `grey = next() % 4 == 0`.

The pixel at (x, y), with `u = 4096 * x / picture width` and `v = 4096 * y / picture height`, has in channel c (0 red,
1 green, 2 blue) the base level, plus for each wave `amplitude * |2 t - period| / period` where
`t = (ax * u + ay * v + phase) % period`; then for each rectangle that contains (u, v) - left and top within, right and
bottom not - `(value + 3 * level) / 4`; then plus `(k % 256) * noise / 256`, where
`k = 374761393 x + 668265263 y + 2246822519 c + seed mod 2^32`, `k = (k ^ k >> 13) * 1274126177 mod 2^32`,
`k = k ^ k >> 16`; at most 255; and last `value / 2^calm + 8 * calm`. A grey picture has the value of channel 0 in all
three.
"""

import numpy as np


def scene(seed, width, height):
    """The picture as an array (height, width, 3) of uint8."""
    state = seed

    def draw(below):
        nonlocal state
        state = (1664525 * state + 1013904223) % 2**32
        return (state >> 16) % below

    base = [draw(96) for _ in range(3)]
    waves = [(draw(4), draw(4), draw(4096), 512 + draw(4096), [draw(128) for _ in range(3)]) for _ in range(4)]
    rectangles = [(draw(4096), draw(4096), draw(2048), draw(2048), [draw(256) for _ in range(3)]) for _ in range(4)]
    noise = [0, 3, 24, 80][draw(4)]
    calm = draw(5)
    grey = draw(4) == 0

    y, x = np.mgrid[0:height, 0:width].astype(np.uint64)
    u, v = 4096 * x // width, 4096 * y // height
    channels = []
    for c in range(3):
        value = np.full((height, width), base[c], np.int64)
        for ax, ay, phase, period, amplitude in waves:
            t = ((ax * u + ay * v + phase) % period).astype(np.int64)
            value += amplitude[c] * abs(2 * t - period) // period
        for left, top, wide, high, level in rectangles:
            inside = (u >= left) & (u < left + wide) & (v >= top) & (v < top + high)
            value = np.where(inside, (value + 3 * level[c]) // 4, value)
        k = (374761393 * x + 668265263 * y + 2246822519 * c + seed) % 2**32
        k = (k ^ k >> 13) * 1274126177 % 2**32
        k = k ^ k >> 16
        value += (k % 256).astype(np.int64) * noise // 256
        channels.append(((np.minimum(value, 255) >> calm) + 8 * calm).astype(np.uint8))
    return np.stack([channels[0]] * 3 if grey else channels, axis=2)
