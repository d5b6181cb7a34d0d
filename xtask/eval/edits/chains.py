"""Two and three edits, one after the other, each encoded again: drawn at random, their truth composed by code."""

import glob
import os
import random

from . import classic  # noqa: F401 fills the table
from .make import Source, known_truth, measure, save, times, write
from .media import sha256
from .recipe import CLASSIC, WILD
from .truth import compose, with_pictures

CHAINS = ["chain2_%02d" % i for i in range(1, 11)] + ["chain3_%02d" % i for i in range(1, 7)]

# What the classic edits do. At most one edit of a kind is in a chain; edits that are chains themselves are in none.
KINDS = dict(
    look=["reenc_crf35", "reenc_crf45", "scale_240p", "fps_15", "bright_contrast", "contrast_low", "gamma_dark",
          "gamma_light", "hue_shift", "greyscale", "blur", "noise"],
    time=["trim_mid40", "trim_start30", "trim_end30", "jumpcut", "speed_125", "speed_080", "drops_dups",
          "drops_removed"],
    layout=["letterbox", "pillarbox", "vertical_black", "vertical_blur", "pip_source_small"],
    window=["crop_10", "crop_25"], turn=["mirror", "rotate_90"], cover=["logo_banner", "pip_source_host"],
    screen=["screenrec"], cut=["montage"])
# These leave little of the source, or little that is alike: at most one in a chain.
HARD = {"reenc_crf45", "vertical_black", "pip_source_small", "screenrec"}
# What is only known once all steps are done.
OUTCOME = ("segments", "geometry", "filters", "transforms")
# In this order where they meet: a window that is cut out of a layout may miss the picture.
ORDER = dict(window=0, tilt=1, layout=2, screen=3)


def kinds():
    """All edits that may be in a chain, by kind."""
    out = {kind: list(names) for kind, names in KINDS.items()}
    for name, function in WILD.items():
        out.setdefault(function.facts["kind"], []).append(name)
    return out


def is_hard(name):
    """Whether an edit leaves little of its source."""
    return name in HARD or bool(name in WILD and WILD[name].facts.get("hard"))


def draw(rng, length):
    """The names of edits that are compatible with each other."""
    by_kind = kinds()
    while True:
        chosen = rng.sample(sorted(by_kind), length)
        ranked = iter(sorted((kind for kind in chosen if kind in ORDER), key=ORDER.get))
        chosen = [next(ranked) if kind in ORDER else kind for kind in chosen]
        names = [rng.choice(by_kind[kind]) for kind in chosen]
        if sum(is_hard(name) for name in names) <= 1:
            return names


def code_digest():
    """Changes whenever any edit may have changed."""
    folder = os.path.dirname(os.path.abspath(__file__))
    return "".join(sha256(path)[:8] for path in sorted(glob.glob(os.path.join(folder, "*.py"))))


def make_chain(source, name, path):
    """One copy of a copy and its ground truth."""
    rng = random.Random("%s|%d|%s" % (source.digest, source.seed, name))
    names = draw(rng, int(name[5]))
    truth = dict(copy=os.path.basename(path), edit=name, steps=names, seed=source.seed,
                 source=os.path.basename(source.path), source_sha256=source.digest, source_duration=source.facts["dur"],
                 unrelated=source.unrelated, code=code_digest())
    known = known_truth(truth, path, OUTCOME)
    if known:
        return known, None
    steps, segments, at = [], None, source
    for i, step in enumerate(names):
        target = path if i == len(names) - 1 else "%s.step%d.mp4" % (path[:-4], i)
        copy = at.plan(step, (CLASSIC.get(step) or WILD[step]))
        own = with_pictures(times(copy, source.unrelated), copy.geo)
        segments = compose(own, segments) if segments else own
        write(at, copy, target)
        steps.append(copy)
        if at is not source:
            os.remove(at.path)
        if target != path:
            at = Source(target, source.seed, source.unrelated_path)
    longest = max((segment for segment in segments if segment["src_start"] is not None),
                  key=lambda segment: segment["copy_end"] - segment["copy_start"])
    truth.update(segments=segments, geometry=longest["geometry"], filters=[copy.full_graph() for copy in steps],
                 transforms=[op for copy in steps for op in copy.transforms])
    surprise = measure(truth, steps[-1], path)
    save(truth, path[:-4] + ".json")
    return truth, surprise

