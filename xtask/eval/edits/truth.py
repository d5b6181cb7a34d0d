"""Ground truth as maps in time and picture, and what comes of one edit after the other."""

from .geometry import homography
from .recipe import rounded

# Where a window moves over another edit, the way of the outcome is no straight line: it is told so often.
KEYS_EVERY_S = 0.5
# Stretches shorter than this are rounding.
SHORTEST_S = 0.002
# A part of the copy smaller than this shows nothing.
LEAST_AREA = 0.005

WHOLE = [0, 0, 1, 1]


class Picture:
    """The part `view` of a picture lies at `placed` in another, mirrored left to right and then turned clockwise."""

    def __init__(self, view, placed, mirror=False, rotate=0):
        self.view, self.placed, self.mirror, self.rotate = view, placed, mirror, rotate

    def forward(self, x, y):
        """Where a point of the source is in the copy."""
        u, v = (x - self.view[0]) / self.view[2], (y - self.view[1]) / self.view[3]
        u = 1 - u if self.mirror else u
        for _ in range(self.rotate // 90):
            u, v = 1 - v, u
        return self.placed[0] + u * self.placed[2], self.placed[1] + v * self.placed[3]

    def backward(self, x, y):
        """Where a point of the copy is in the source."""
        u, v = (x - self.placed[0]) / self.placed[2], (y - self.placed[1]) / self.placed[3]
        for _ in range(self.rotate // 90):
            u, v = v, 1 - u
        u = 1 - u if self.mirror else u
        return self.view[0] + u * self.view[2], self.view[1] + v * self.view[3]

    def after(self, first):
        """The map of a copy of a copy; nothing where nothing is left to be seen."""
        seen = common(first.placed, self.view)
        if not seen:
            return None
        rotate = (self.rotate + (-first.rotate if self.mirror else first.rotate)) % 360
        return Picture(mapped(seen, first.backward), mapped(seen, self.forward), self.mirror != first.mirror, rotate)


def common(a, b):
    """What two rectangles share; nothing where they do not meet."""
    x, y = max(a[0], b[0]), max(a[1], b[1])
    w, h = min(a[0] + a[2], b[0] + b[2]) - x, min(a[1] + a[3], b[1] + b[3]) - y
    return [x, y, w, h] if w > 0 and h > 0 else None


def mapped(rect, move):
    """A rectangle through a map of points that keeps it one."""
    (x0, y0), (x1, y1) = move(rect[0], rect[1]), move(rect[0] + rect[2], rect[1] + rect[3])
    return [min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)]


def between(a, b, share):
    """A rectangle on the way from one to the other."""
    return [x + (y - x) * share for x, y in zip(a, b)]


def picture_at(geometry, time):
    """The map at a time of the copy."""
    view, placed = geometry["src_view"], geometry["placed"]
    keys = geometry.get("moves")
    if keys:
        after = next((i for i, key in enumerate(keys) if key[0] >= time), len(keys) - 1)
        before = max(0, after - 1)
        span = keys[after][0] - keys[before][0]
        share = min(1.0, max(0.0, (time - keys[before][0]) / span)) if span > 0 else 0.0
        view = between(keys[before][1], keys[after][1], share)
        placed = between(keys[before][2], keys[after][2], share)
    return Picture(view, placed, geometry["mirror"], geometry["rotate"])


def middle(segment):
    """The middle of a stretch of the copy."""
    return (segment["copy_start"] + segment["copy_end"]) / 2


def clipped_moves(geometry, start, end):
    """The keys of a window's way, with one at either end."""
    keys = [key[0] for key in geometry.get("moves", []) if start < key[0] < end]
    return [start] + keys + [end]


def described(picture, keys, **more):
    """A map as it is written down; `keys` are (time, map)."""
    out = dict(src_view=rounded(picture.view), placed=rounded(picture.placed), mirror=picture.mirror,
               rotate=picture.rotate, inverted=False, approximate=False, quad=None)
    out.update(more)
    if keys:
        out["moves"] = [[round(time, 3), rounded(one.view), rounded(one.placed)] for time, one in keys]
    return out


def with_pictures(segments, geometry):
    """Stretches of one edit, each with the map of its own."""
    out = []
    for segment in segments:
        segment = dict(segment)
        if segment["src_start"] is not None:
            start, end = segment["copy_start"], segment["copy_end"]
            times = clipped_moves(geometry, start, end) if geometry.get("moves") else []
            keys = [(time, picture_at(geometry, time)) for time in times]
            segment["geometry"] = described(
                picture_at(geometry, middle(segment)), keys, inverted=geometry.get("inverted", False),
                approximate=geometry.get("approximate", False) or bool(geometry.get("quad")), quad=geometry.get("quad"))
        out.append(segment)
    return out


def compose(late, early):
    """The stretches of a copy of a copy: `late` leads from it to what it was made of, `early` on to the source."""
    out = []
    for segment in late:
        if segment["src_start"] is None:
            out.append(segment)
        else:
            out += parts_through(segment, early)
    return sorted(out, key=lambda segment: segment["copy_start"])


def parts_through(late, early):
    """What one stretch becomes."""
    out = []
    low, high = sorted((late["src_start"], late["src_end"]))
    for segment in early:
        start, end = max(low, segment["copy_start"]), min(high, segment["copy_end"])
        if late["speed"] == 0:
            if segment["copy_start"] <= low < segment["copy_end"]:
                out += joined(late, segment, [late["copy_start"], late["copy_end"]])
        elif end - start > SHORTEST_S:
            times = sorted(late["copy_start"] + (at - late["src_start"]) / late["speed"] for at in (start, end))
            out += joined(late, segment, times)
    return out


def joined(late, early, times):
    """Two stretches as one, and as several where for a while nothing is seen."""
    copy = dict(copy_start=round(times[0], 3), copy_end=round(times[1], 3))
    if early["src_start"] is None:
        return [dict(early, **copy)]

    def between_times(at):
        return late["src_start"] + (at - late["copy_start"]) * late["speed"]

    def source_time(at):
        return early["src_start"] + (between_times(at) - early["copy_start"]) * early["speed"]

    def picture(at):
        return picture_at(late["geometry"], at).after(picture_at(early["geometry"], between_times(at)))
    out = []
    for start, end, is_seen in seen_runs(keys_of(late, early, times), picture):
        segment = dict(copy_start=round(start, 3), copy_end=round(end, 3), src_start=None, src_end=None, speed=None)
        if is_seen:
            segment.update(src_start=round(source_time(start), 3), src_end=round(source_time(end), 3),
                           speed=round(late["speed"] * early["speed"], 4))
            segment["geometry"] = joined_geometry(late, early, keys_of(late, early, [start, end]), picture)
        out.append(segment)
    return out


def keys_of(late, early, times):
    """The times at which something of the map changes."""
    start, end = times
    keys = set(clipped_moves(late["geometry"], start, end))
    moves = early["geometry"].get("moves", [])
    if late["speed"]:
        back = [late["copy_start"] + (key[0] - late["src_start"]) / late["speed"] for key in moves]
        keys |= {at for at in back if start < at < end}
    if moves or late["geometry"].get("moves"):
        keys |= {start + i * KEYS_EVERY_S for i in range(1, int((end - start) / KEYS_EVERY_S) + 1)}
    return sorted(at for at in keys if start <= at <= end)


def seen_runs(keys, picture):
    """Stretches in which something is seen, and in which nothing is."""
    runs = []
    for start, end in zip(keys, keys[1:]):
        one = picture((start + end) / 2)
        is_seen = bool(one) and one.placed[2] * one.placed[3] >= LEAST_AREA
        if runs and runs[-1][2] == is_seen:
            runs[-1][1] = end
        else:
            runs.append([start, end, is_seen])
    return runs


def joined_geometry(late, early, keys, picture):
    """The map of two edits."""
    a, b = late["geometry"], early["geometry"]
    moves = [(at, picture(at)) for at in keys] if a.get("moves") or b.get("moves") else []
    moves = [(at, one) for at, one in moves if one]
    at = (keys[0] + keys[-1]) / 2
    return described(picture(at), moves, inverted=a["inverted"] != b["inverted"],
                     approximate=a["approximate"] or b["approximate"], quad=joined_quad(a, b, at))


def joined_quad(late, early, at):
    """The corners of what was seen of the source, where they are no rectangle."""
    if not late["quad"] and not early["quad"]:
        return None
    x, y, w, h = early["placed"]
    corners = early["quad"] or [[x, y], [x + w, y], [x, y + h], [x + w, y + h]]
    move = picture_at(late, at).forward
    if late["quad"]:
        move = homography([(0, 0), (1, 0), (0, 1), (1, 1)], late["quad"])
    return [rounded(move(*corner)) for corner in corners]
