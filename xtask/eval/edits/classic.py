"""The 39 edits that the tables of docs/accuracy/videos.md are about. Their copies stay the same, byte for byte."""

from .draw import banner_logo
from .geometry import bounds, homography
from .media import even
from .recipe import CLASSIC, edit, rounded
from .steps import change_speed, compress, corner, crop, rate, short_side, trim, vertical


@edit("reenc_crf23")
def _(c):
    compress(c, 23)


@edit("reenc_crf35")
def _(c):
    compress(c, 35)


@edit("reenc_crf45")
def _(c):
    compress(c, 45)


@edit("scale_360p")
def _(c):
    short_side(c, 360)


@edit("scale_240p")
def _(c):
    short_side(c, 240)


@edit("trim_mid40")
def _(c):
    trim(c, .3, .7)


@edit("trim_start30")
def _(c):
    trim(c, .3, 1)


@edit("trim_end30")
def _(c):
    trim(c, 0, .7)


@edit("trim_rand5s")
def _(c):
    duration = c.src["use"]
    length = min(5.0, duration * .5)
    start = c.rng.uniform(0, duration - length)
    trim(c, start / duration, (start + length) / duration)


@edit("jumpcut")
def _(c):
    duration = c.src["use"]
    out, back = round(duration * c.rng.uniform(.25, .4), 3), round(duration * c.rng.uniform(.55, .7), 3)
    c.graph = ("[0:v]split[p][q];[p]%s[x];[q]%s[y];[x][y]concat=n=2:v=1[v]"
               % (c.base(0, out), c.base(back, duration)))
    c.segments = [dict(copy=[0, out], src=[0, out], speed=1.0),
                  dict(copy=[out, out + duration - back], src=[back, duration], speed=1.0)]
    c.op("cut_out", src_start=out, src_end=back)


@edit("fps_25")
def _(c):
    rate(c, 25)


@edit("fps_15")
def _(c):
    rate(c, 15)


@edit("letterbox")
def _(c):
    height = even(c.h * 4 / 3)
    y = (height - c.h) // 2
    c.add("pad=%d:%d:0:%d:black" % (c.w, height, y))
    c.geo["placed"] = rounded([0, y / height, 1, c.h / height])
    c.op("letterbox", placed=c.geo["placed"])
    c.h = height


@edit("pillarbox")
def _(c):
    width = even(c.w * 4 / 3)
    x = (width - c.w) // 2
    c.add("pad=%d:%d:%d:0:black" % (width, c.h, x))
    c.geo["placed"] = rounded([x / width, 0, c.w / width, 1])
    c.op("pillarbox", placed=c.geo["placed"])
    c.w = width


@edit("vertical_black")
def _(c):
    vertical(c, False)


@edit("vertical_blur")
def _(c):
    vertical(c, True)


@edit("logo_banner")
def _(c):
    banner_logo(c)


@edit("crop_10")
def _(c):
    crop(c, 10)


@edit("crop_25")
def _(c):
    crop(c, 25)


@edit("mirror")
def _(c):
    c.add("hflip")
    c.geo["mirror"] = True
    c.op("mirror")


@edit("rotate_90")
def _(c):
    c.add("transpose=clock")
    c.geo["rotate"] = 90
    c.op("rotate", degrees_clockwise=90)
    c.w, c.h = c.h, c.w


def simple(name, filters, op, **facts):
    """An edit that changes colours only."""
    def look(c):
        c.add(filters)
        c.op(op, **facts)
    edit(name)(look)


simple("bright_contrast", "eq=brightness=0.12:contrast=1.25", "eq", brightness=0.12, contrast=1.25)
simple("contrast_low", "eq=contrast=0.6", "eq", contrast=0.6)
simple("gamma_dark", "eq=gamma=0.55", "eq", gamma=0.55)
simple("gamma_light", "eq=gamma=1.7", "eq", gamma=1.7)
simple("hue_shift", "hue=h=60:s=1.3", "hue", degrees=60, saturation=1.3)
simple("greyscale", "hue=s=0", "greyscale")


@edit("blur")
def _(c):
    sigma = round(max(1.0, min(c.w, c.h) / 140), 2)
    c.add("gblur=sigma=%g" % sigma)
    c.op("blur", sigma=sigma)


@edit("noise")
def _(c):
    c.add("noise=alls=28:allf=t+u:all_seed=%d" % c.rng.randint(1, 99999))
    c.crf = 26
    c.op("noise", strength=28)


@edit("speed_125")
def _(c):
    change_speed(c, 1.25)


@edit("speed_080")
def _(c):
    change_speed(c, 0.8)


@edit("screenrec")
def _(c):
    rng, width, height = c.rng, c.w, c.h
    w, h = even(width * 0.7), even(height * 0.7)
    x, y = even((width - w) * rng.uniform(.3, .7)), even((height - h) * rng.uniform(.3, .7))
    colour = rng.choice(["0x2B4A3F", "0x5A4636", "0x34495E", "0x7A7A72"])

    def off():
        return rng.uniform(0.01, 0.07)
    corners = [(off() * width, off() * height), (width - off() * width, off() * height),
               (off() * width, height - off() * height), (width - off() * width, height - off() * height)]
    c.add("scale=%d:%d:flags=bicubic,pad=%d:%d:%d:%d:%s,setsar=1" % (w, h, width, height, x, y, colour))
    c.add("perspective=%s:interpolation=cubic:sense=destination"
          % ":".join("x%d=%.2f:y%d=%.2f" % (i, p[0], i, p[1]) for i, p in enumerate(corners)))
    c.add("eq=contrast=0.85:brightness=0.04:saturation=0.85:gamma=1.1,gblur=sigma=0.7,noise=alls=8:allf=t:all_seed=%d"
          % rng.randint(1, 99999))
    project = homography([(0, 0), (width, 0), (0, height), (width, height)], corners)
    quad = [project(*point) for point in [(x, y), (x + w, y), (x, y + h), (x + w, y + h)]]
    c.geo["quad"] = [rounded([u / width, v / height]) for u, v in quad]
    c.geo["placed"] = bounds([(u / width, v / height) for u, v in quad])
    c.op("screen_recording", inset=0.7, background=colour, quad=c.geo["quad"])
    c.crf = 28


@edit("pip_source_small")
def _(c):
    w, h = even(c.w * .4), even(c.h * .4)
    x, y = corner(c, w, h)
    c.graph = ("[0:v]%s,scale=%d:%d:flags=bicubic,setsar=1[s];%s[u];[u][s]overlay=%d:%d:eof_action=endall[v]"
               % (c.base(), w, h, c.unrelated(c.w, c.h, c.t1 - c.t0), x, y))
    c.geo["placed"] = rounded([x / c.w, y / c.h, w / c.w, h / c.h])
    c.op("picture_in_picture", source_is="inset", placed=c.geo["placed"])


@edit("pip_source_host")
def _(c):
    w, h = even(c.w * .3), even(c.h * .3)
    x, y = corner(c, w, h)
    c.graph = ("[0:v]%s[s];%s[u];[s][u]overlay=%d:%d:eof_action=endall[v]"
               % (c.base(), c.unrelated(w, h, c.t1 - c.t0), x, y))
    covered = rounded([x / c.w, y / c.h, w / c.w, h / c.h])
    c.geo["covered"].append(covered)
    c.op("picture_in_picture", source_is="host", covered=covered)


@edit("montage")
def _(c):
    duration = c.src["use"]
    length = min(duration, max(2.0, min(20.0, duration * c.rng.uniform(.4, .6))))
    start = round(c.rng.uniform(0, duration - length), 3)
    end = round(start + length, 3)
    c.graph = ("%s[i];[0:v]%s[s];[i][s]concat=n=2:v=1[v]" % (c.unrelated(c.w, c.h, 5.0), c.base(start, end)))
    c.segments = [dict(copy=[0, 5.0], src=None), dict(copy=[5.0, 5.0 + end - start], src=[start, end], speed=1.0)]
    c.op("montage", intro_unrelated_s=5.0, src_start=start, src_end=end)


@edit("drops_dups")
def _(c):
    seed = c.rng.randint(0, 9972)
    frozen, at = round(c.rng.uniform(.5, 1.0), 2), round(c.t1 * c.rng.uniform(.3, .6), 2)
    # 12 % of frames lost one by one, and one frozen stretch; the time line is kept.
    c.add("select='gte(mod(n*7919+%d\\,9973)\\,1197)*not(between(t\\,%g\\,%g))',fps=%g"
          % (seed, at, at + frozen, c.fps))
    c.op("drop_and_duplicate", share=0.12, freeze_at=at, freeze_s=frozen)


@edit("drops_removed")
def _(c):
    seed = c.rng.randint(0, 9972)
    c.add("select='gte(mod(n*7919+%d\\,9973)\\,997)',setpts=N/%g/TB,fps=%g" % (seed, c.fps, c.fps))
    c.speed = 1 / 0.9
    c.op("frames_removed", share=0.10, note="time line closes up: effective speed 1.111")


@edit("chain_x3")
def _(c):
    if min(c.w, c.h) > 480:
        short_side(c, 480)
    c.crf, c.passes, c.extra = 32, 3, ["-profile:v", "baseline"]
    c.op("reencode_chain", times=3, crf=32, profile="baseline")


@edit("combo_social")
def _(c):
    trim(c, .2, .8)
    crop(c, 10)
    banner_logo(c, 0.12)
    vertical(c, True)
    compress(c, 32)


assert len(CLASSIC) == 39, "the tables are about 39 edits"
