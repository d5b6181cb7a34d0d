#!/usr/bin/env python3
"""Compares the PDQ of every frame of videos with the lists that Meta published for them: vPDQ's `sample-hashes`.

    pip download --no-deps --no-binary :all: --no-build-isolation vpdq==0.2.5    # its source has the lists
    against_published.py COTEJO LISTS VIDEO...

The videos are those of ThreatExchange, `vpdq/sample-videos`; each has the name of its list. Prints for each the frames, and the
greatest distance in bits at quality 100 and from quality 50 on.
"""

import pathlib
import subprocess
import sys


def features(text):
    """Quality and hash of each frame."""
    return [(int(quality), int(bits, 16)) for _, quality, bits, _ in (line.split(",") for line in text.split())]


def worst(pairs, least):
    return max(((ours ^ bits).bit_count() for (_, ours), (quality, bits) in pairs if quality >= least), default=None)


cotejo, lists, *videos = sys.argv[1:]
for video in map(pathlib.Path, videos):
    published = features((pathlib.Path(lists) / f"{video.stem}.txt").read_text())
    ours = features(subprocess.check_output([cotejo, "hash", "--format", "vpdq", "-o", "-", video], text=True))
    assert len(ours) == len(published), f"{len(ours)} frames hashed, {len(published)} published"
    pairs = list(zip(ours, published))
    print(f"{video.stem}: {len(pairs)} frames, quality 100: {worst(pairs, 100)} bits, from quality 50: {worst(pairs, 50)} bits", flush=True)
