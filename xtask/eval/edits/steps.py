"""What several edits do to a copy."""

from .media import even
from .recipe import rounded


def crop(c, percent):
    """Cuts off a part at random and scales the rest up."""
    width, height = c.w, c.h
    keep = 1 - percent / 100.0
    w, h = even(width * keep), even(height * keep)
    x, y = c.rng.randint(0, width - w), c.rng.randint(0, height - h)
    c.add("crop=%d:%d:%d:%d,scale=%d:%d:flags=bicubic,setsar=1" % (w, h, x, y, width, height))
    c.geo["src_view"] = rounded([x / width, y / height, w / width, h / height])
    c.op("crop_zoom", percent_per_axis=percent, src_view=c.geo["src_view"])


def short_side(c, length):
    """Scales so that the shorter side has this length."""
    scale = length / min(c.w, c.h)
    w, h = (even(c.w * scale), length) if c.h <= c.w else (length, even(c.h * scale))
    c.add("scale=%d:%d:flags=bicubic,setsar=1" % (w, h))
    c.op("scale", w=w, h=h, upscaled=scale > 1)
    c.w, c.h = w, h


def vertical(c, blur):
    """Into the middle of a 9:16 picture."""
    height = even(max(640, min(1280, c.w * 16 / 9)))
    width = even(height * 9 / 16)
    scale = min(width / c.w, height / c.h)
    w, h = even(c.w * scale), even(c.h * scale)
    x, y = (width - w) // 2, (height - h) // 2
    if blur:
        c.add("split[a][b];[a]scale=%d:%d:force_original_aspect_ratio=increase:flags=bilinear,crop=%d:%d,"
              "gblur=sigma=%d,setsar=1[bg];[b]scale=%d:%d:flags=bicubic,setsar=1[fg];[bg][fg]overlay=%d:%d:shortest=1"
              % (width, height, width, height, width // 28, w, h, x, y))
    else:
        c.add("scale=%d:%d:flags=bicubic,pad=%d:%d:%d:%d:black,setsar=1" % (w, h, width, height, x, y))
    c.geo["placed"] = rounded([x / width, y / height, w / width, h / height])
    c.geo["covered"] = [rounded([(x + a * w) / width, (y + b * h) / height, wide * w / width, tall * h / height])
                        for a, b, wide, tall in c.geo["covered"]]
    c.op("vertical_9x16", background="blurred_self" if blur else "black", w=width, h=height, placed=c.geo["placed"])
    c.w, c.h = width, height


def trim(c, start, end):
    """Keeps a part, given as shares of the duration."""
    duration = c.src["use"]
    c.t0, c.t1 = round(start * duration, 3), round(end * duration, 3)
    c.op("trim", src_start=c.t0, src_end=c.t1)


def compress(c, crf):
    """Encodes worse."""
    c.crf = crf
    c.op("reencode", codec="h264", crf=crf)


def rate(c, fps):
    """Another number of frames per second."""
    c.add("fps=%d" % fps)
    c.out_fps = fps
    c.op("fps", to=fps)


def change_speed(c, factor):
    """Seconds of source per second of copy; frames are left out or repeated."""
    c.add("setpts=PTS/%g,fps=%g" % (factor, c.fps))
    c.speed = factor
    c.op("speed", factor=factor)


def corner(c, w, h):
    """A corner for an inset, a little off the edges."""
    margin = even(min(c.w, c.h) * .04)
    return c.rng.choice([margin, c.w - w - margin]), c.rng.choice([margin, c.h - h - margin])
