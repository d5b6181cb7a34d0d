"""Makes one copy and writes down what was done."""

import json
import os
import random

from .media import encode, probe, sha256
from .recipe import CLASSIC, WILD, Copy
from .truth import with_pictures

# What is only known once the copy is there.
MEASURED = ("copy_sha256", "copy_duration", "copy_wxh", "copy_fps")
# A stretch's end may be a few frames off, where frames are repeated or left out.
SLACK_S, SLACK_FRAMES = 0.35, 2.5


class Source:
    """A video that copies are made of, and the unrelated footage that some of them need."""

    def __init__(self, path, seed, unrelated=None, longest_s=0.0):
        self.path, self.seed, self.unrelated_path = path, seed, unrelated
        self.facts = probe(path)
        self.digest = sha256(path)
        self.facts["use"] = min(self.facts["dur"], longest_s) if longest_s else self.facts["dur"]
        self.stem = os.path.splitext(os.path.basename(path))[0]
        if unrelated:
            self.unrelated_input = ["-stream_loop", "-1", "-i", unrelated]
            self.unrelated = dict(file=os.path.basename(unrelated), sha256=sha256(unrelated))
        else:
            self.unrelated_input = ["-f", "lavfi", "-i", "mandelbrot=s=640x360:r=25"]
            self.unrelated = dict(file=None, lavfi="mandelbrot")

    def plan(self, name, function):
        """What an edit will do to this video."""
        copy = Copy(name, self.facts, random.Random("%s|%d|%s" % (self.digest, self.seed, name)))
        function(copy)
        return copy


def times(copy, unrelated):
    """The stretches as they are written down."""
    out = []
    for segment in copy.all_segments():
        entry = dict(copy_start=round(segment["copy"][0], 3), copy_end=round(segment["copy"][1], 3))
        if segment["src"] is None:
            entry.update(src_start=None, src_end=None, speed=None, unrelated=unrelated)
        else:
            entry.update(src_start=round(segment["src"][0], 3), src_end=round(segment["src"][1], 3),
                         speed=round(segment["speed"], 4))
        out.append(entry)
    return out


def planned(source, copy, path, segments):
    """The ground truth without what is only known once the copy is there."""
    mine = [entry for entry in segments if entry["src_start"] is not None]
    ends = [entry[end] for entry in mine for end in ("src_start", "src_end")]
    return dict(copy=os.path.basename(path), edit=copy.name, seed=source.seed,
                source=os.path.basename(source.path), source_sha256=source.digest, source_duration=source.facts["dur"],
                source_range=[min(ends), max(ends)], segments=segments, transforms=copy.transforms, geometry=copy.geo,
                encode=dict(codec="h264", crf=copy.crf, passes=copy.passes),
                unrelated=source.unrelated if copy.unrel else None, filter=copy.full_graph())


def known_truth(plan, path, outcome=()):
    """The ground truth of this very copy, where it is there already; `outcome` is what a plan does not say."""
    try:
        with open(path[:-4] + ".json") as file:
            known = json.load(file)
    except (OSError, ValueError):
        return None
    stated = {key: value for key, value in known.items() if key not in MEASURED and key not in outcome}
    return known if os.path.exists(path) and stated == json.loads(json.dumps(plan)) else None


def write(source, copy, path):
    """Encodes the copy, several times where it asks for that."""
    inputs = [["-i", source.path]] * copy.inputs + ([source.unrelated_input] if copy.unrel else [])
    graph = copy.full_graph()
    for turn in range(copy.passes):
        target = path if turn == copy.passes - 1 else "%s.pass%d.mp4" % (path, turn)
        encode(inputs, graph, target, copy.crf, copy.extra)
        if turn:
            os.remove(inputs[0][1])
        inputs, graph = [["-i", target]], "[0:v]null[v]"


def measure(truth, copy, path):
    """Adds what is only known once the copy is there, and tells where that differs from the plan."""
    found = probe(path)
    truth.update(copy_sha256=sha256(path), copy_duration=found["dur"], copy_wxh=[found["w"], found["h"]],
                 copy_fps=found["fps"])
    promised = truth["segments"][-1]["copy_end"]
    if abs(found["dur"] - promised) > max(SLACK_S, SLACK_FRAMES / found["fps"]):
        return "%s lasts %.2f s, ground truth says %.2f s" % (truth["edit"], found["dur"], promised)
    if [copy.w, copy.h] != truth["copy_wxh"]:
        return "%s is %s, not %dx%d" % (truth["edit"], truth["copy_wxh"], copy.w, copy.h)
    return None


def save(truth, path):
    """Writes ground truth in a form that is the same every time."""
    with open(path, "w") as file:
        json.dump(truth, file, indent=1, sort_keys=True)
        file.write("\n")


def make(source, name, path):
    """One copy and its ground truth, unless both are there already; and what is not as it was planned."""
    copy = source.plan(name, CLASSIC.get(name) or WILD[name])
    segments = times(copy, source.unrelated)
    if name in WILD:
        segments = with_pictures(segments, copy.geo)
    truth = planned(source, copy, path, segments)
    known = known_truth(truth, path)
    if known:
        return known, None
    write(source, copy, path)
    surprise = measure(truth, copy, path)
    save(truth, path[:-4] + ".json")
    return truth, surprise
