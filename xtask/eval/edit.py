#!/usr/bin/env python3
"""Makes edited copies of a video, each with its ground truth: NAME.mp4 and NAME.json, and STEM__index.json with all.

Needs Python 3.9 and ffmpeg only. Copies that are there already are kept. Times are in seconds.

  segments[]   copy_start, copy_end <-> src_start, src_end, speed (seconds of source per second of copy); source time 0
               is the first frame; src null: unrelated material
  geometry     src_view: the part of the source's picture that is visible, [x, y, width, height] in 0..1
               placed: where it lies in the copy; quad: its corners there (top left and right, bottom left and right)
               covered: what is drawn over it, on the copy; mirror; rotate: degrees clockwise, after mirroring

Sound is dropped: the copies are about the picture.
"""

import argparse
import os
import sys

from edits import classic  # noqa: F401 fills the table
from edits.make import Source, make, save
from edits.media import write_master
from edits.recipe import CLASSIC


def options():
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--unrelated", help="footage for montages and insets (default: a synthetic mandelbrot)")
    parser.add_argument("--only", help="these edits, with commas between")
    parser.add_argument("--list", action="store_true", help="only print the names of all edits")
    parser.add_argument("--max-dur", type=float, default=0, help="use only the first seconds of the source")
    parser.add_argument("--master", metavar="FILE", help="write a small master of the source instead of copies")
    parser.add_argument("--longest", type=float, default=30.0, help="seconds of a master")
    parser.add_argument("--side", type=int, default=512, help="pixels of a master's longer side")
    chosen = parser.parse_args()
    if not chosen.list and not (chosen.source and (chosen.folder or chosen.master)):
        parser.error("a source and a folder are needed")
    return chosen


def main():
    """Makes what was asked for."""
    chosen = options()
    if chosen.list:
        print("\n".join(CLASSIC))
        return
    if chosen.master:
        write_master(chosen.source, chosen.master, chosen.longest, chosen.side)
        return
    names = chosen.only.split(",") if chosen.only else list(CLASSIC)
    unknown = [name for name in names if name not in CLASSIC]
    if unknown:
        sys.exit("no such edit: " + ", ".join(unknown))
    os.makedirs(chosen.folder, exist_ok=True)
    source = Source(chosen.source, chosen.seed, chosen.unrelated, chosen.max_dur)
    index = []
    for name in names:
        path = os.path.join(chosen.folder, "%s__%s.mp4" % (source.stem, name))
        index.append(make(source, name, CLASSIC[name], path))
    save(index, os.path.join(chosen.folder, "%s__index.json" % source.stem))
    print("%d copies of %s in %s" % (len(index), source.stem, chosen.folder))


if __name__ == "__main__":
    main()
