"""Edits of the wild that lay something over, under or beside the picture."""

from .draw import box_filter, boxes_layer, glyphs
from .media import even
from .recipe import WILD, edit, rounded


def under(c, layer, position=""):
    """Lays a layer of one frame over the picture."""
    c.graph = "[0:v]%s[s];%s[o];[s][o]overlay=%s[v]" % (",".join([c.base()] + c.chain), layer, position)


@edit("ticker", WILD, kind="cover")
def _(c):
    tall = even(c.h * .09)
    top = c.h - tall - even(c.h * .02)
    strip = glyphs(c.rng, 0, tall // 4, c.w, max(3, tall // 2), "white")
    speed = c.w * c.rng.uniform(.12, .25)
    ground = c.rng.choice(["0xA01018", "0x0A2A66", "0x151515"])
    under(c, boxes_layer(c.w, tall, strip, ground) + ",split[a][b];[a][b]hstack",
          "x='-mod(t*%.2f\\,%d)':y=%d" % (speed, c.w, top))
    c.geo["covered"] = [rounded([0, top / c.h, 1, tall / c.h])]
    c.op("ticker", pixels_per_s=round(speed, 1))


@edit("subtitles", WILD, kind="cover")
def _(c):
    tall = max(6, int(c.h * .05))
    # Four texts of 2.5 s each, over and over.
    for i in range(4):
        lines = c.rng.choice([1, 2])
        rects = []
        for line in range(lines):
            wide = int(c.w * c.rng.uniform(.4, .75))
            top = int(c.h * .9) - (lines - line) * int(tall * 1.4)
            rects.append(((c.w - wide) // 2 - tall // 2, top - tall // 5, wide + tall, int(tall * 1.4), "black@0.6"))
            rects += glyphs(c.rng, (c.w - wide) // 2, top, wide, tall, "white")
        enable = ":enable='between(mod(t\\,10)\\,%g\\,%g)'" % (i * 2.5, i * 2.5 + 2.3)
        for box in rects:
            c.add(box_filter(box, enable))
    c.geo["covered"] = [rounded([.1, .75, .8, .16])]
    c.op("subtitles", every_s=2.5)


@edit("watermark_tiled", WILD, kind="cover")
def _(c):
    tall = max(6, int(min(c.w, c.h) * .06))
    wide = tall * 7
    tile = boxes_layer(wide, tall * 3, glyphs(c.rng, 0, tall, wide - tall, tall, "white@0.4"))
    side = int((c.w ** 2 + c.h ** 2) ** .5)
    across, down = side // wide + 1, side // (tall * 3) + 1
    layer = ("%s,loop=loop=%d:size=1,tile=%dx%d:color=black@0,rotate=-0.5:c=black@0,crop=%d:%d"
             % (tile, across * down, across, down, c.w, c.h))
    under(c, layer)
    c.op("watermark", opacity=.4)


@edit("face_blur", WILD, kind="cover")
def _(c):
    rng = c.rng
    w, h = even(c.w * rng.uniform(.16, .26)), even(c.h * rng.uniform(.2, .32))
    x = "%d+%d*sin(t*%.3f+%.2f)" % ((c.w - w) // 2, (c.w - w) * .4, rng.uniform(.3, .9), rng.uniform(0, 6))
    y = "%d+%d*sin(t*%.3f+%.2f)" % ((c.h - h) // 2, (c.h - h) * .35, rng.uniform(.2, .6), rng.uniform(0, 6))
    c.graph = ("[0:v]%s,split[a][b];[b]crop=%d:%d:'%s':'%s',gblur=sigma=%d[f];[a][f]overlay=x='%s':y='%s'[v]"
               % (c.base(), w, h, x, y, max(4, w // 8), x, y))
    c.op("moving_blur", w=w, h=h)


@edit("meme", WILD, kind="layout")
def _(c):
    band = even(c.h * c.rng.uniform(.2, .32))
    c.add("pad=%d:%d:0:%d:white" % (c.w, c.h + band, band))
    lines = c.rng.choice([1, 2])
    tall = max(6, int(band * (.34 if lines == 2 else .45)))
    for line in range(lines):
        wide = int(c.w * c.rng.uniform(.6, .9))
        for box in glyphs(c.rng, c.w // 25, int(band * .12) + line * int(tall * 1.25), wide, tall, "black"):
            c.add(box_filter(box))
    c.geo["placed"] = rounded([0, band / (c.h + band), 1, c.h / (c.h + band)])
    c.op("meme", band=band)
    c.h += band


def split_screen(c, is_across):
    """The picture's middle half beside unrelated footage."""
    w, h = (even(c.w / 2), c.h) if is_across else (c.w, even(c.h / 2))
    is_first = c.rng.random() < .5
    own = "[0:v]%s,crop=%d:%d,setsar=1[s]" % (c.base(), w, h)
    # A stack is as long as the longest, so both have to end together.
    other = "%s[u]" % c.unrelated(w, h, c.t1 - c.t0)
    order = "[s][u]" if is_first else "[u][s]"
    c.graph = "%s;%s;%s%s=shortest=1[v]" % (own, other, order, "hstack" if is_across else "vstack")
    c.geo["src_view"] = rounded([.5 - w / c.w / 2, .5 - h / c.h / 2, w / c.w, h / c.h])
    c.w, c.h = (2 * w, h) if is_across else (w, 2 * h)
    at = 0 if is_first else .5
    c.geo["placed"] = [at, 0, .5, 1] if is_across else [0, at, 1, .5]
    c.op("split_screen", source_first=is_first)


@edit("split_across", WILD, kind="layout", hard=True)
def _(c):
    split_screen(c, True)


@edit("split_down", WILD, kind="layout", hard=True)
def _(c):
    split_screen(c, False)
