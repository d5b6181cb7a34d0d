"""Copies that are put together of stretches of the source, and of unrelated footage."""


class Stretch:
    """A stretch of the source: from `start` to `end` seconds at `speed`; backwards where `speed` is negative; the one
    frame at `start`, for `hold` seconds, where it is 0."""

    def __init__(self, start, end, speed=1.0, hold=0.0):
        self.start, self.end, self.speed, self.hold = start, end, speed, hold

    def seconds(self):
        """How long it is in the copy."""
        return abs((self.end - self.start) / self.speed) if self.speed else self.hold

    def filters(self, c):
        """What makes it of the source."""
        # Half a frame earlier, so that no rounding takes a frame too many or too few.
        half = 0.5 / c.fps
        out = c.base(max(0.0, self.start - half), self.end - half if self.speed else self.start + 2 * half)
        if not self.speed:
            return out + ",select='eq(n\\,0)',loop=loop=-1:size=1,setpts=N/(%g*TB),trim=end=%.3f" % (c.fps, self.hold)
        if self.speed < 0:
            out += ",reverse"
        if abs(self.speed) != 1:
            out += ",setpts=PTS/%g,fps=%g" % (abs(self.speed), c.fps)
        return out

    def truth(self):
        """Where it starts and ends in the source, in the order of the copy."""
        if not self.speed:
            return [self.start, self.start]
        return [self.start, self.end] if self.speed > 0 else [self.end, self.start]


class Other:
    """So many seconds of unrelated footage, or of one colour."""

    def __init__(self, length, start=0.0, colour=None):
        self.length, self.start, self.colour = length, start, colour


def join(c, parts, more=""):
    """Sets the copy's graph and its stretches: these parts, one after the other; `more` filters for all of it."""
    c.inputs = max(1, sum(isinstance(part, Stretch) for part in parts))
    chains, segments, at, source = [], [], 0.0, 0
    if not isinstance(parts[0], Stretch) and all(isinstance(part, Other) for part in parts):
        raise ValueError("a copy has to have something of its source")
    spare = split_unrelated(c, parts, chains)
    for i, part in enumerate(parts):
        if isinstance(part, Stretch):
            chains.append("[%d:v]%s[p%d]" % (source, part.filters(c), i))
            source += 1
            length = part.seconds()
            segments.append(dict(copy=[at, at + length], src=part.truth(), speed=part.speed))
        else:
            length = part.length
            chains.append(other_chain(c, part, spare) + "[p%d]" % i)
            segments.append(dict(copy=[at, at + length], src=None))
        at += length
    labels = "".join("[p%d]" % i for i in range(len(parts)))
    c.graph = "%s;%sconcat=n=%d:v=1%s[v]" % (";".join(chains), labels, len(parts), more)
    c.segments = segments


def split_unrelated(c, parts, chains):
    """Labels of as many streams of unrelated footage as are needed."""
    count = sum(isinstance(part, Other) and not part.colour for part in parts)
    if count < 2:
        return []
    labels = ["[u%d]" % i for i in range(count)]
    c.unrel = True
    chains.append("[%d:v]split=%d%s" % (c.inputs, count, "".join(labels)))
    return labels


def other_chain(c, part, spare):
    """A chain of unrelated footage or of one colour, of the copy's size and rate."""
    if part.colour:
        return ("color=c=%s:s=%dx%d:r=%g:d=%.3f,format=yuv420p,setsar=1,fps=%g"
                % (part.colour, c.src["w"], c.src["h"], c.fps, part.length, c.fps))
    chain = c.unrelated(c.src["w"], c.src["h"], part.length, part.start)
    if spare:
        chain = spare.pop(0) + chain[chain.index("]") + 1:]
    return chain
