"""Things that are drawn over a picture, without any font."""

from .recipe import rounded


def boxes(c, rects):
    """Draws filled rectangles: x, y, width, height, colour."""
    for box in rects:
        c.add(box_filter(box))


def box_filter(box, more=""):
    """One filled rectangle as a filter."""
    x, y, w, h, colour = box
    return "drawbox=x=%d:y=%d:w=%d:h=%d:color=%s:t=fill%s" % (x, y, max(1, w), max(1, h), colour, more)


def glyphs(rng, x, y, w, h, colour):
    """Blocks that look like a line of text."""
    out, at = [], x
    while at < x + w - h:
        wide = int(h * rng.choice([0.35, 0.5, 0.6]))
        if rng.random() < 0.15:
            at += int(h * 0.5)
            continue
        out.append((at, y, max(1, wide // 3), h, colour))
        out.append((at, y + rng.choice([0, h // 2, h - max(1, h // 5)]), wide, max(1, h // 5), colour))
        at += wide + max(1, h // 6)
    return out


def banner_logo(c, share=None):
    """A lower third and a station's logo."""
    rng, width, height = c.rng, c.w, c.h
    share = share or round(rng.uniform(0.10, 0.20), 3)
    tall = int(height * share)
    top = height - tall - int(height * 0.03)
    colour = rng.choice(["0xB00020", "0x003A8C", "0x101010", "0xE0A000"])
    rects = [(0, top, width, tall, colour), (0, top, max(2, width // 60), tall, "white")]
    rects += glyphs(rng, width // 25, top + tall // 6, int(width * 0.75), max(3, tall * 2 // 5), "white")
    rects += glyphs(rng, width // 25, top + tall * 2 // 3, int(width * 0.55), max(2, tall // 5), "0xDDDDDD")
    logo_w, logo_h = int(width * 0.16), int(height * 0.10)
    x, y = (width - logo_w - width // 40 if rng.random() < 0.6 else width // 40), height // 30
    rects += [(x, y, logo_w, logo_h, "0xD01010"),
              (x + logo_w // 10, y + logo_h // 5, logo_w // 4, logo_h * 3 // 5, "white")]
    rects += glyphs(rng, x + logo_w * 2 // 5, y + logo_h // 3, logo_w // 2, max(3, logo_h // 3), "white")
    boxes(c, rects)
    covered = [rounded([0, top / height, 1, tall / height]),
               rounded([x / width, y / height, logo_w / width, logo_h / height])]
    c.geo["covered"] += covered
    c.op("logo_and_lower_third", banner_area=round(tall / height, 4),
         logo_area=round(logo_w * logo_h / (width * height), 4), rects=covered)


def one_frame(w, h, colour="black@0", pixels="yuva444p"):
    """A transparent picture as a stream of one frame, which an overlay repeats."""
    # Packed formats crash in drawbox=replace of ffmpeg 5.1.
    return "color=c=%s:s=%dx%d:r=25:d=0.04,format=%s" % (colour, w, h, pixels)


def painted(w, h, red, green, blue, alpha):
    """A picture of expressions in X and Y."""
    return one_frame(w, h, pixels="rgba") + ",geq=r='%s':g='%s':b='%s':a='%s'" % (red, green, blue, alpha)


def circle_layer(w, h, x, y, radius):
    """A red circle, as news desks draw it."""
    thick = max(2, radius // 10)
    ring = "255*between(hypot(X-%d\\,Y-%d)\\,%d\\,%d)" % (x, y, radius - thick, radius)
    return painted(w, h, "225", "10", "10", ring)


def boxes_layer(w, h, rects, colour="black@0"):
    """A picture of filled rectangles on a ground."""
    return ",".join([one_frame(w, h, colour)] + [box_filter(box, ":replace=1") for box in rects])
