"""AugLy's catalogue of what is done to videos (github.com/facebookresearch/AugLy, augly/video), as far as it changes
pictures or time, with parameters of our own. What another edit does already is only named."""

import math

from .draw import box_filter, boxes_layer, glyphs, painted
from .geometry import bounds
from .media import even
from .pieces import Other, Stretch, join
from .recipe import WILD, edit, rounded
from .steps import compress
from .wild_cover import under
from .wild_picture import moving_perspective, shaken, tilt
from .wild_time import grid

# Each name of its list, and the edit that stands for it. What touches sound only has none.
CATALOGUE = dict(
    add_noise="aug_noise", blend_videos="aug_blend", blur="aug_blur", brightness="aug_brightness",
    change_aspect_ratio="aug_square", change_video_speed="speed_150", color_jitter="aug_color_jitter",
    concat="aug_concat", contrast="aug_contrast", crop="aug_crop", encoding_quality="aug_quality", fps="aug_fps",
    grayscale="greyscale", hflip="mirror", hstack="aug_hstack", insert_in_background="aug_insert",
    replace_with_background="aug_replace", loop="aug_loop", meme_format="meme", overlay="aug_overlay",
    overlay_dots="aug_dots", overlay_emoji="aug_emoji", overlay_onto_screenshot="aug_screenshot",
    overlay_onto_background_video="aug_onto_background", overlay_shapes="aug_shapes", overlay_text="aug_text",
    pad="aug_pad", perspective_transform_and_shake="aug_perspective", pixelization="aug_pixelize",
    replace_with_color_frames="aug_color_frames", resize="aug_resize", rotate="aug_rotate", scale="aug_scale",
    shift="aug_shift", time_crop="trim_mid40", time_decimate="aug_decimate", trim="trim_start30", vflip="aug_vflip",
    vstack="aug_vstack")


def look(name, filters, **facts):
    """An edit that only changes how the picture looks."""
    def change(c):
        c.add(filters)
        c.op(name, **facts)
    edit(name, WILD, kind="look")(change)


look("aug_brightness", "eq=brightness=0.28", brightness=.28)
look("aug_contrast", "eq=contrast=1.8", contrast=1.8)
look("aug_color_jitter", "eq=brightness=-0.15:contrast=1.3:saturation=2.2", brightness=-.15, contrast=1.3)
look("aug_noise", "noise=alls=45:allf=t+u:all_seed=7", strength=45)
look("aug_fps", "fps=8", to=8)


@edit("aug_blur", WILD, kind="look")
def _(c):
    sigma = round(min(c.w, c.h) / 60, 2)
    c.add("gblur=sigma=%g" % sigma)
    c.op("blur", sigma=sigma)


@edit("aug_quality", WILD, kind="look")
def _(c):
    compress(c, 50)


@edit("aug_pixelize", WILD, kind="look")
def _(c):
    w, h = even(c.w * .12), even(c.h * .12)
    c.add("scale=%d:%d:flags=area,scale=%d:%d:flags=neighbor,setsar=1" % (w, h, c.w, c.h))
    c.op("pixelize", w=w, h=h)


def resize(c, w, h):
    """Another size."""
    c.w, c.h = even(w), even(h)
    c.add("scale=%d:%d:flags=bicubic,setsar=1" % (c.w, c.h))
    c.op("resize", w=c.w, h=c.h)


@edit("aug_scale", WILD, kind="look")
def _(c):
    resize(c, c.w * .5, c.h * .5)


@edit("aug_resize", WILD, kind="look")
def _(c):
    resize(c, c.w * c.rng.uniform(.5, 1.2), c.h * c.rng.uniform(.5, 1.2))


@edit("aug_square", WILD, kind="look")
def _(c):
    side = (c.w * c.h) ** .5
    resize(c, side, side)


@edit("aug_vflip", WILD, kind="turn")
def _(c):
    c.add("vflip")
    # Mirrored left to right and then turned by half a turn.
    c.geo["mirror"], c.geo["rotate"] = True, 180
    c.op("vflip")


@edit("aug_crop", WILD, kind="window", hard=True)
def _(c):
    w, h = even(c.w * .5), even(c.h * .5)
    x, y = even(c.w * .25), even(c.h * .25)
    c.add("crop=%d:%d:%d:%d" % (w, h, x, y))
    c.geo["src_view"] = rounded([x / c.w, y / c.h, w / c.w, h / c.h])
    c.op("crop", src_view=c.geo["src_view"])
    c.w, c.h = w, h


@edit("aug_shift", WILD, kind="window")
def _(c):
    x, y = (even(c.rng.choice([-1, 1]) * c.rng.uniform(.1, .25) * side + 2 * side) - 2 * side for side in (c.w, c.h))
    w, h = c.w - abs(x), c.h - abs(y)
    c.add("crop=%d:%d:%d:%d,pad=%d:%d:%d:%d:black" % (w, h, max(0, -x), max(0, -y), c.w, c.h, max(0, x), max(0, y)))
    c.geo["src_view"] = rounded([max(0, -x) / c.w, max(0, -y) / c.h, w / c.w, h / c.h])
    c.geo["placed"] = rounded([max(0, x) / c.w, max(0, y) / c.h, w / c.w, h / c.h])
    c.op("shift", x=x, y=y)


@edit("aug_rotate", WILD, kind="tilt", hard=True)
def _(c):
    tilt(c, 15, True)


@edit("aug_pad", WILD, kind="layout")
def _(c):
    x, y = even(c.w * .25), even(c.h * .25)
    c.add("pad=%d:%d:%d:%d:%s" % (c.w + 2 * x, c.h + 2 * y, x, y, c.rng.choice(["black", "0x204060", "white"])))
    c.geo["placed"] = rounded([x / (c.w + 2 * x), y / (c.h + 2 * y), c.w / (c.w + 2 * x), c.h / (c.h + 2 * y)])
    c.op("pad", placed=c.geo["placed"])
    c.w, c.h = c.w + 2 * x, c.h + 2 * y


def stack(c, is_across):
    """The whole picture before unrelated footage of the same size."""
    c.graph = ("[0:v]%s[s];%s[u];[s][u]%s=shortest=1[v]"
               % (c.base(), c.unrelated(c.w, c.h, c.t1 - c.t0), "hstack" if is_across else "vstack"))
    c.geo["placed"] = [0, 0, .5, 1] if is_across else [0, 0, 1, .5]
    c.op("stack", across=is_across)
    c.w, c.h = (2 * c.w, c.h) if is_across else (c.w, 2 * c.h)


@edit("aug_hstack", WILD, kind="layout")
def _(c):
    stack(c, True)


@edit("aug_vstack", WILD, kind="layout")
def _(c):
    stack(c, False)


@edit("aug_onto_background", WILD, kind="layout")
def _(c):
    w, h = even(c.w * .7), even(c.h * .7)
    x, y = c.rng.randint(0, c.w - w), c.rng.randint(0, c.h - h)
    c.graph = ("[0:v]%s,scale=%d:%d:flags=bicubic,setsar=1[s];%s[u];[u][s]overlay=%d:%d:eof_action=endall[v]"
               % (c.base(), w, h, c.unrelated(c.w, c.h, c.t1 - c.t0), x, y))
    c.geo["placed"] = rounded([x / c.w, y / c.h, w / c.w, h / c.h])
    c.op("onto_background", placed=c.geo["placed"])


@edit("aug_screenshot", WILD, kind="layout", hard=True)
def _(c):
    # A telephone's feed: header, picture, buttons, comments.
    scale = 360 / c.w
    w, h = 360, even(c.h * scale)
    top, tall = 96, even(max(640, h + 96 + 120))
    rects = [(0, 0, w, 26, "0xEEEEEE"), (14, 46, 38, 38, "0x99AACC")] + glyphs(c.rng, 62, 50, 160, 12, "black")
    rects += glyphs(c.rng, 62, 70, 90, 8, "0x777777")
    rects += [(14 + 44 * i, top + h + 14, 26, 24, "0x333333") for i in range(3)]
    for line in range(2):
        rects += glyphs(c.rng, 14, top + h + 54 + 22 * line, int(w * c.rng.uniform(.5, .9)), 12, "black")
    c.add("scale=%d:%d:flags=bicubic,pad=%d:%d:0:%d:white,setsar=1" % (w, h, w, tall, top))
    for box in rects:
        c.add(box_filter(box))
    c.geo["placed"] = rounded([0, top / tall, 1, h / tall])
    c.op("screenshot", placed=c.geo["placed"])
    c.w, c.h = w, tall


@edit("aug_perspective", WILD, kind="screen", hard=True)
def _(c):
    rng, width, height = c.rng, c.w, c.h
    corners = [(width * abs(a - rng.uniform(.03, .16)), height * abs(b - rng.uniform(.03, .16)))
               for b in (0, 1) for a in (0, 1)]
    # A rim of black, because the filter repeats the outermost pixels.
    rim = "drawbox=x=0:y=0:w=%d:h=%d:color=black:t=2" % (width, height)
    c.add(rim + "," + moving_perspective(c, shaken(c, corners, min(width, height) * .012), "destination"))
    c.geo["quad"] = [rounded([x / width, y / height]) for x, y in corners]
    c.geo["placed"] = bounds([(x / width, y / height) for x, y in corners])
    c.geo["approximate"] = True
    c.op("perspective_and_shake", quad=c.geo["quad"])


def blend(c, opacity):
    """Unrelated footage over the whole picture, half seen through."""
    c.graph = ("[0:v]%s[s];%s[u];[u][s]blend=all_opacity=%g:shortest=1[v]"
               % (c.base(), c.unrelated(c.w, c.h, c.t1 - c.t0), opacity))
    c.op("blend", opacity=opacity)


@edit("aug_blend", WILD, kind="cover", hard=True)
def _(c):
    blend(c, .5)


@edit("aug_blend_25", WILD, kind="cover")
def _(c):
    blend(c, .25)


@edit("aug_overlay", WILD, kind="cover")
def _(c):
    w, h = even(c.w * .5), even(c.h * .5)
    x, y = c.rng.randint(0, c.w - w), c.rng.randint(0, c.h - h)
    c.graph = ("[0:v]%s[s];%s[u];[s][u]overlay=%d:%d:eof_action=endall[v]"
               % (c.base(), c.unrelated(w, h, c.t1 - c.t0), x, y))
    c.geo["covered"] = [rounded([x / c.w, y / c.h, w / c.w, h / c.h])]
    c.op("overlay", covered=c.geo["covered"])


@edit("aug_dots", WILD, kind="cover")
def _(c):
    size = max(2, min(c.w, c.h) // 60)
    dots = [(c.rng.randint(0, 2 * c.w), c.rng.randint(0, 2 * c.h), size, size,
             c.rng.choice(["red", "yellow", "lime", "cyan", "white", "blue"])) for _ in range(400)]
    # About a hundred are seen, elsewhere in every frame.
    under(c, boxes_layer(2 * c.w, 2 * c.h, dots), "x='-%d*random(1)':y='-%d*random(2)'" % (c.w, c.h))
    c.op("dots", size=size)


@edit("aug_emoji", WILD, kind="cover")
def _(c):
    side = even(c.h * .3)
    r = side / 2
    inside = "lte(hypot(X-%g\\,Y-%g)\\,%g)" % (r, r, r - 1)
    eye = "lte(hypot(X-%g\\,Y-%g)\\,%g)"
    eyes = "(%s+%s)" % (eye % (r * .65, r * .75, r * .14), eye % (r * 1.35, r * .75, r * .14))
    mouth = "between(hypot(X-%g\\,Y-%g)\\,%g\\,%g)*gt(Y\\,%g)" % (r, r, r * .5, r * .6, r * 1.15)
    dark = "(1-min(1\\,%s+%s))" % (eyes, mouth)
    layer = painted(side, side, "250*" + dark, "205*" + dark, "30*" + dark, "255*" + inside)
    x, y = int(c.w * c.rng.uniform(.05, .7)), int(c.h * c.rng.uniform(.05, .65))
    under(c, layer, "%d:%d" % (x, y))
    c.geo["covered"] = [rounded([x / c.w, y / c.h, side / c.w, side / c.h])]
    c.op("emoji", side=side)


@edit("aug_shapes", WILD, kind="cover")
def _(c):
    rng = c.rng
    r = int(min(c.w, c.h) * rng.uniform(.1, .18))
    layer = painted(2 * r, 2 * r, "40", "90", "230", "255*lte(hypot(X-%d\\,Y-%d)\\,%d)" % (r, r, r))
    place = ["%d*(.5+.5*sin(t*%.3f+%.2f))" % (side - 2 * r, rng.uniform(.5, 2), rng.uniform(0, 6))
             for side in (c.w, c.h)]
    under(c, layer, "x='%s':y='%s'" % tuple(place))
    c.op("shape", radius=r)


@edit("aug_text", WILD, kind="cover")
def _(c):
    tall = max(8, int(c.h * .09))
    wide = int(c.w * .6)
    layer = boxes_layer(wide, tall, glyphs(c.rng, 0, 0, wide, tall, c.rng.choice(["yellow", "white", "red"])))
    speed = c.w * c.rng.uniform(.05, .12)
    under(c, layer, "x='mod(t*%.2f\\,%d)-%d':y=%d" % (speed, c.w + wide, wide // 4, int(c.h * c.rng.uniform(.1, .8))))
    c.op("moving_text", pixels_per_s=round(speed, 1))


@edit("aug_concat", WILD, kind="cut")
def _(c):
    parts = [Stretch(0.0, c.src["use"]), Other(grid(c, 6.0))]
    join(c, parts if c.rng.random() < .5 else parts[::-1])
    c.op("concat", unrelated_s=6.0)


@edit("aug_insert", WILD, kind="cut")
def _(c):
    join(c, [Other(grid(c, 4.0)), Stretch(0.0, c.src["use"]), Other(grid(c, 4.0), 4.0)])
    c.op("insert_in_background", unrelated_s=[4.0, 4.0])


@edit("aug_replace", WILD, kind="cut")
def _(c):
    start, end = grid(c, c.src["use"] * .25), grid(c, c.src["use"] * .75)
    join(c, [Other(start), Stretch(start, end), Other(grid(c, c.src["use"] - end), end)])
    c.op("replace_with_background", src_start=start, src_end=end)


@edit("aug_color_frames", WILD, kind="cut")
def _(c):
    start, end = grid(c, c.src["use"] * .35), grid(c, c.src["use"] * .65)
    join(c, [Stretch(0.0, start), Other(end - start, colour=c.rng.choice(["black", "white", "0x2040A0"])),
             Stretch(end, c.src["use"])])
    c.op("replace_with_colour", start=start, end=end)


@edit("aug_decimate", WILD, kind="time")
def _(c):
    on, off = c.src["use"] * .2, c.src["use"] * .1
    starts = [grid(c, i * (on + off)) for i in range(math.floor(c.src["use"] / (on + off)))]
    join(c, [Stretch(start, grid(c, start + on)) for start in starts])
    c.op("decimate", on=round(on, 3), off=round(off, 3))


@edit("aug_loop", WILD, kind="time")
def _(c):
    end = min(c.src["use"], 20.0)
    join(c, [Stretch(0.0, end)] * 2)
    c.op("loop", times=2)
