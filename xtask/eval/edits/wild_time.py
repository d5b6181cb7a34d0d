"""Edits of the wild that change time: speeds, pieces, repetitions, backwards, frozen."""

from .draw import circle_layer
from .pieces import Stretch, join
from .recipe import WILD, edit

# Slow copies are made of a part, so that no copy is longer.
LONGEST_SLOW_S = 40.0
# What is repeated is short, like what people repeat.
LONGEST_REPEATED_S = 8.0


def grid(c, seconds):
    """The nearest frame's time."""
    return round(seconds * c.fps) / c.fps


def part_at(c, length):
    """A stretch of at most this length, anywhere."""
    duration = c.src["use"]
    length = min(length, duration)
    start = grid(c, c.rng.uniform(0, duration - length))
    return start, min(grid(c, start + length), duration)


def speed_edit(name, factor):
    """Defines an edit that plays at a constant speed."""
    def change(c):
        start, end = part_at(c, LONGEST_SLOW_S * factor)
        join(c, [Stretch(start, end, factor)])
        c.op("speed", factor=factor)
    edit(name, WILD, kind="time", hard=factor >= 3)(change)


for _name, _factor in (("speed_025", 0.25), ("speed_033", 0.333), ("speed_050", 0.5), ("speed_070", 0.7),
                       ("speed_110", 1.1), ("speed_150", 1.5), ("speed_200", 2.0), ("speed_300", 3.0),
                       ("speed_400", 4.0)):
    speed_edit(_name, _factor)


@edit("reversed", WILD, kind="time")
def _(c):
    start, end = part_at(c, 30.0)
    join(c, [Stretch(start, end, -1.0)])
    c.op("reversed")


@edit("boomerang", WILD, kind="time")
def _(c):
    start, end = part_at(c, LONGEST_REPEATED_S)
    join(c, [Stretch(start, end), Stretch(start, end, -1.0)])
    c.op("forth_and_back")


@edit("loop_x3", WILD, kind="time")
def _(c):
    start, end = part_at(c, LONGEST_REPEATED_S)
    join(c, [Stretch(start, end)] * 3)
    c.op("loop", times=3)


@edit("slow_middle", WILD, kind="time")
def _(c):
    duration = c.src["use"]
    first, second = grid(c, duration / 3), grid(c, duration * 2 / 3)
    join(c, [Stretch(0.0, first), Stretch(first, second, 0.5), Stretch(second, duration)])
    c.op("slow_motion", src_start=first, src_end=second, factor=0.5)


@edit("replay_slow", WILD, kind="time")
def _(c):
    duration = c.src["use"]
    length = min(5.0, duration / 4)
    start = grid(c, duration * c.rng.uniform(.3, .6))
    end = grid(c, start + length)
    join(c, [Stretch(0.0, end), Stretch(start, end, 0.5), Stretch(end, duration)])
    c.op("replay", src_start=start, src_end=end, factor=0.5)


@edit("pieces_shuffled", WILD, kind="time")
def _(c):
    duration = c.src["use"]
    cuts = [0.0] + [grid(c, duration * (i + c.rng.uniform(-.25, .25)) / 4) for i in (1, 2, 3)] + [duration]
    parts = [Stretch(a, b) for a, b in zip(cuts, cuts[1:])]
    # No two parts that follow each other in the source do so in the copy.
    order = c.rng.choice([[1, 3, 0, 2], [2, 0, 3, 1]])
    join(c, [parts[i] for i in order])
    c.op("pieces", order=order, cuts=[round(cut, 3) for cut in cuts])


@edit("freeze_circle", WILD, kind="time")
def _(c):
    duration = c.src["use"]
    at = grid(c, duration * c.rng.uniform(.35, .65))
    hold = grid(c, 3.0)
    radius = int(min(c.w, c.h) * c.rng.uniform(.1, .16))
    x, y = int(c.w * c.rng.uniform(.25, .75)), int(c.h * c.rng.uniform(.25, .75))
    join(c, [Stretch(0.0, at), Stretch(at, at, 0.0, hold), Stretch(at, duration)], "[j]")
    c.graph = c.graph[:-3] + (";%s[c];[j][c]overlay=enable='between(t\\,%.3f\\,%.3f)'[v]"
                              % (circle_layer(c.w, c.h, x, y, radius), at, at + hold - .01))
    c.op("freeze", src_at=at, seconds=hold, circle=[x, y, radius])
