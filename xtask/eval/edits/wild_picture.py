"""Edits of the wild that change where the picture lies: telephones, shaking hands, zooms, turns, windows that move."""

import math

from .geometry import bounds, homography
from .media import even
from .recipe import WILD, edit, rounded


def wave(rng, amplitude):
    """A hand's tremor as an expression of the time in `T`: a slow and a quick part."""
    slow, quick = rng.uniform(.3, .8), rng.uniform(1.5, 3.0)
    return ("%.3f*(0.7*sin(%.3f*T+%.2f)+0.3*sin(%.3f*T+%.2f))"
            % (amplitude, 2 * math.pi * slow, rng.uniform(0, 6.28), 2 * math.pi * quick, rng.uniform(0, 6.28)))


def moving_perspective(c, corners, sense):
    """The filter for four corners that are expressions of `T`, seconds."""
    time = "((on-1)/%g)" % c.fps
    points = ":".join("x%d='%s':y%d='%s'" % (i, x.replace("T", time), i, y.replace("T", time))
                      for i, (x, y) in enumerate(corners))
    return "perspective=%s:interpolation=cubic:sense=%s:eval=frame" % (points, sense)


def shaken(c, corners, amplitude):
    """Corners that move together, and a little each on its own."""
    dx, dy = wave(c.rng, amplitude), wave(c.rng, amplitude)
    own = amplitude * 0.25
    return [("%.2f+%s+%s" % (x, dx, wave(c.rng, own)), "%.2f+%s+%s" % (y, dy, wave(c.rng, own))) for x, y in corners]


def screen_pattern(c, w, h):
    """Moire and refresh bands that wander over a screen, around grey: to be merged with its picture."""
    rng = c.rng
    fine = "5*sin(%.4f*X+%.4f*Y)" % (2 * math.pi / rng.uniform(5, 9), 2 * math.pi / rng.uniform(12, 30))
    band = "9*sin(%.5f*Y)" % (2 * math.pi / h)
    speed = h * rng.uniform(.3, .9)
    return ("color=c=gray:s=%dx%d:r=%g:d=%.4f,format=yuv420p,geq=lum='128+%s+%s':cb=128:cr=128,loop=loop=-1:size=1,"
            "setpts=N/(%g*TB),crop=%d:%d:0:'mod(t*%.2f\\,%d)',setsar=1"
            % (w, 2 * h, c.fps, 1 / c.fps, fine, band, c.fps, w, h, speed, h))


@edit("phone_monitor", WILD, kind="screen", hard=True)
def _(c):
    rng, width, height = c.rng, c.w, c.h
    share = rng.uniform(.62, .74)
    w, h = even(width * share), even(height * share)
    rim = even(min(width, height) * .03)
    x, y = even((width - w) * rng.uniform(.35, .65)), even((height - h) * rng.uniform(.35, .65))
    wall = rng.choice(["0x6B665E", "0x8A8578", "0x4C5560", "0x75604E"])
    pad = "pad=%d:%d:%d:%d:0x0C0C0E,pad=%d:%d:%d:%d:%s" % (w + 2 * rim, h + 2 * rim, rim, rim, width, height,
                                                          x - rim, y - rim, wall)
    desk = "drawbox=x=0:y=%d:w=%d:h=%d:color=0x2E2620:t=fill" % (y + h + 2 * rim, width, height)
    ideal = [(0, 0), (width, 0), (0, height), (width, height)]
    # A telephone that is held at an angle: one side of the monitor is farther away.
    lean, roll = rng.uniform(.02, .07), rng.uniform(-.03, .03)
    near = [(0, -roll), (0, roll), (0, -roll), (0, roll)]
    far = rng.choice([[(0, lean), (0, 0), (0, -lean), (0, 0)], [(0, 0), (0, lean), (0, 0), (0, -lean)],
                      [(lean, 0), (-lean, 0), (0, 0), (0, 0)]])
    corners = [((px + (a + e) * width), (py + (b + f) * height))
               for (px, py), (a, b), (e, f) in zip(ideal, near, far)]
    shake = moving_perspective(c, shaken(c, corners, min(width, height) * rng.uniform(.008, .014)), "destination")
    camera = ("eq=contrast=0.88:brightness=0.03:saturation=0.85:gamma=1.08,gblur=sigma=0.6,"
              "noise=alls=9:allf=t:all_seed=%d" % rng.randint(1, 99999))
    c.graph = ("[0:v]%s,scale=%d:%d:flags=bicubic,setsar=1[s];%s[m];[s][m]blend=c0_mode=grainmerge:shortest=1,"
               "%s,%s,%s,%s[v]" % (c.base(), w, h, screen_pattern(c, w, h), pad, desk, shake, camera))
    project = homography(ideal, corners)
    quad = [project(*point) for point in [(x, y), (x + w, y), (x, y + h), (x + w, y + h)]]
    c.geo["quad"] = [rounded([u / width, v / height]) for u, v in quad]
    c.geo["placed"] = bounds([(u / width, v / height) for u, v in quad])
    c.geo["approximate"] = True
    c.op("telephone_films_monitor", screen=round(share, 3), quad=c.geo["quad"])
    c.crf = 27


@edit("shake", WILD, kind="window")
def _(c):
    width, height, rim = c.w, c.h, .045
    inner = [(width * a, height * b) for b in (rim, 1 - rim) for a in (rim, 1 - rim)]
    c.add(moving_perspective(c, shaken(c, inner, min(width, height) * .03), "source"))
    c.geo["src_view"] = rounded([rim, rim, 1 - 2 * rim, 1 - 2 * rim])
    c.geo["approximate"] = True
    c.op("shake", amplitude=.03)


def slow_zoom(c, first, last):
    """The window goes from one to the other all the time."""
    duration = c.t1 - c.t0
    share = "(T/%.4f)" % duration

    def between(a, b, size):
        return "%.3f+%.3f*%s" % (a * size, (b - a) * size, share)
    edges = [[between(first[0], last[0], c.w), between(first[0] + first[2], last[0] + last[2], c.w)],
             [between(first[1], last[1], c.h), between(first[1] + first[3], last[1] + last[3], c.h)]]
    c.add(moving_perspective(c, [(x, y) for y in edges[1] for x in edges[0]], "source"))
    placed = [0, 0, 1, 1]
    c.geo["moves"] = [[0.0, rounded(first), placed], [round(duration, 3), rounded(last), placed]]
    c.op("slow_zoom", first=rounded(first), last=rounded(last))


def narrow_view(c):
    """A window of 60 to 75 % a side, anywhere."""
    size = c.rng.uniform(.6, .75)
    return [c.rng.uniform(0, 1 - size), c.rng.uniform(0, 1 - size), size, size]


@edit("zoom_in_slow", WILD, kind="window")
def _(c):
    slow_zoom(c, [0, 0, 1, 1], narrow_view(c))


@edit("zoom_out_slow", WILD, kind="window")
def _(c):
    slow_zoom(c, narrow_view(c), [0, 0, 1, 1])


@edit("negative", WILD, kind="turn")
def _(c):
    c.add("negate")
    c.geo["inverted"] = True
    c.op("negative")


@edit("upside_down", WILD, kind="turn")
def _(c):
    c.add("hflip,vflip")
    c.geo["rotate"] = 180
    c.op("rotate", degrees_clockwise=180)


def tilt(c, degrees, filled):
    """Turns by a few degrees, to either side; `filled`: enlarged until no corner is empty."""
    degrees *= c.rng.choice([-1, 1])
    angle = math.radians(degrees)
    wide, tall = c.w, c.h
    zoom = math.cos(angle) + max(wide / tall, tall / wide) * abs(math.sin(angle)) if filled else 1.0
    w, h = even(wide * zoom), even(tall * zoom)
    if filled:
        c.add("scale=%d:%d:flags=bicubic,setsar=1" % (w, h))
    c.add("rotate=%.5f:c=black,crop=%d:%d" % (angle, wide, tall))

    def turned(x, y):
        x, y = (x - .5) * w, (y - .5) * h
        return rounded([.5 + (x * math.cos(angle) - y * math.sin(angle)) / wide,
                        .5 + (x * math.sin(angle) + y * math.cos(angle)) / tall])
    c.geo["quad"] = [turned(x, y) for y in (0, 1) for x in (0, 1)]
    c.geo["src_view"] = rounded([.5 - .5 / zoom, .5 - .5 / zoom, 1 / zoom, 1 / zoom])
    c.geo["approximate"] = True
    c.op("tilt", degrees_clockwise=degrees, filled=filled)


def tilt_edit(name, degrees, filled):
    """Defines such an edit."""
    edit(name, WILD, kind="tilt")(lambda c: tilt(c, degrees, filled))


for _degrees in (2, 4, 8):
    tilt_edit("tilt_%d" % _degrees, _degrees, False)
    tilt_edit("tilt_%d_filled" % _degrees, _degrees, True)


def stretch(c, factor):
    """Another ratio of the sides, with the whole picture."""
    c.w = even(c.w * factor)
    c.add("scale=%d:%d:flags=bicubic,setsar=1" % (c.w, c.h))
    c.op("stretch", width_factor=round(factor, 4))


@edit("squeezed", WILD, kind="look")
def _(c):
    stretch(c, 3 / 4)


@edit("stretched", WILD, kind="look")
def _(c):
    stretch(c, 4 / 3)


class Window:
    """A window of another format that is as large as the picture allows, and moves along the one side that is left:
    9:16 in a wide picture, 16:9 in a tall one."""

    def __init__(self, c):
        self.c = c
        self.is_across = c.w > c.h * 3 / 4
        self.w = even(c.h * 9 / 16) if self.is_across else c.w
        self.h = c.h if self.is_across else even(c.w * 9 / 16)
        self.free = c.w - self.w if self.is_across else c.h - self.h

    def view(self, at):
        """The window at a place from 0 to 1."""
        c, offset = self.c, at * self.free
        x, y = (offset, 0) if self.is_across else (0, offset)
        return rounded([x / c.w, y / c.h, self.w / c.w, self.h / c.h])

    def cut(self, keys):
        """Adds the crop: keys are (seconds, place); between them it moves evenly."""
        c = self.c
        offset = "%.3f" % (keys[0][1] * self.free)
        for (t0, p0), (t1, p1) in zip(keys, keys[1:]):
            if p0 != p1:
                offset += "%+.3f*clip((t-%.3f)/%.3f\\,0\\,1)" % ((p1 - p0) * self.free, t0, t1 - t0)
        x, y = (offset, "0") if self.is_across else ("0", offset)
        # Whole pixels of chroma, too, or the window would move in steps of two.
        c.add("format=yuv444p,crop=%d:%d:'%s':'%s':exact=1,format=yuv420p,setsar=1" % (self.w, self.h, x, y))
        c.w, c.h = self.w, self.h

    def note(self, keys, name):
        """Writes down where it was."""
        c, views = self.c, [(t, self.view(place)) for t, place in keys]
        if len(keys) > 1:
            c.geo["moves"] = [[round(t, 3), view, [0, 0, 1, 1]] for t, view in views]
        c.geo["src_view"] = views[0][1]
        c.op(name, keys=[[round(t, 3), round(place, 4)] for t, place in keys])

    def apply(self, keys, name):
        """Does both; the note first, while the copy still has the source's size."""
        self.note(keys, name)
        self.cut(keys)


@edit("vertical_fixed", WILD, kind="window", hard=True)
def _(c):
    Window(c).apply([(0.0, c.rng.random())], "window_fixed")


@edit("vertical_follows", WILD, kind="window", hard=True)
def _(c):
    at, place, keys = 0.0, c.rng.random(), []
    while at < c.t1:
        # It moves by at least a quarter of the way that it has.
        following = [p / 100 for p in range(101) if abs(p / 100 - place) >= .25]
        keys += [(at, place), (at + 2.0, place)]
        at, place = at + 3.0, c.rng.choice(following)
    keys.append((at, place))
    Window(c).apply(keys, "window_follows")


@edit("vertical_pans", WILD, kind="window", hard=True)
def _(c):
    sweep = c.rng.uniform(4.0, 8.0)
    at, place, keys = 0.0, float(c.rng.choice([0, 1])), []
    while at < c.t1 + sweep:
        keys.append((at, place))
        at, place = at + sweep, 1.0 - place
    Window(c).apply(keys, "window_pans")
