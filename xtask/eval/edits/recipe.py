"""One edited copy while it is planned: its filter graph and its ground truth."""

# Names of edits, in the order in which they are made; filled by the modules that define them.
CLASSIC, WILD = {}, {}


def edit(name, table=CLASSIC, **facts):
    """Puts an edit into a table. `facts` say which edits may follow each other in a chain."""
    def put(function):
        function.facts = facts
        table[name] = function
        return function
    return put


def rounded(values):
    """Numbers of a rectangle, to a ten-thousandth."""
    return [round(value, 4) for value in values]


class Copy:
    """A filter graph from [0:v], the source, and [1:v], unrelated footage; and what it does."""

    def __init__(self, name, src, rng):
        self.name, self.src, self.rng = name, src, rng
        self.w, self.h, self.fps = src["w"], src["h"], src["fps"]
        self.crf, self.extra, self.passes = 23, [], 1
        self.t0, self.t1, self.speed = 0.0, src["use"], 1.0
        self.chain, self.graph, self.segments = [], None, None
        # How often the source is an input; unrelated footage is the input after these.
        self.inputs, self.unrel = 1, False
        self.transforms = []
        self.geo = dict(src_view=[0, 0, 1, 1], placed=[0, 0, 1, 1], quad=None, covered=[], mirror=False, rotate=0)
        self.out_fps = None

    def base(self, t0=None, t1=None, fps=None):
        """The filters that every copy starts with: a constant rate, square pixels, the stretch that is used."""
        t0 = self.t0 if t0 is None else t0
        t1 = self.t1 if t1 is None else t1
        return ("setpts=PTS-STARTPTS,scale=%d:%d:flags=bicubic,setsar=1,fps=%g,trim=start=%.3f:end=%.3f,"
                "setpts=PTS-STARTPTS" % (self.src["w"], self.src["h"], fps or self.fps, t0, t1))

    def op(self, op, **facts):
        """Tells what was done, for a reader."""
        self.transforms.append(dict(op=op, **facts))

    def add(self, filters):
        """Appends filters to the chain."""
        self.chain.append(filters)

    def full_graph(self):
        """The whole filter graph."""
        return self.graph or "[0:v]" + ",".join([self.base()] + self.chain) + "[v]"

    def unrelated(self, w, h, duration, start=0.0):
        """A chain that starts with unrelated footage and fills w x h."""
        self.unrel = True
        return ("[%d:v]setpts=PTS-STARTPTS,scale=%d:%d:force_original_aspect_ratio=increase:flags=bicubic,crop=%d:%d,"
                "setsar=1,fps=%g,trim=start=%.3f:end=%.3f,setpts=PTS-STARTPTS"
                % (self.inputs, w, h, w, h, self.fps, start, start + duration))

    def all_segments(self):
        """The stretches of the copy; one for an edit that did not say."""
        whole = dict(copy=[0, (self.t1 - self.t0) / self.speed], src=[self.t0, self.t1], speed=self.speed)
        return self.segments or [whole]
