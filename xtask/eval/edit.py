#!/usr/bin/env python3
"""Makes edited copies of a video, each with its ground truth: NAME.mp4 and NAME.json, and STEM__index.json with all.

Needs Python 3.9 and ffmpeg only. Copies that are there already are kept. Times are in seconds.

  segments[]   copy_start, copy_end <-> src_start, src_end, speed (seconds of source per second of copy; negative:
               backwards, src_start above src_end; 0: frozen); source time 0 is the first frame; src null: unrelated
               material; each with its own geometry where the copy is not of the classic set
  geometry     src_view: the part of the source's picture that is visible, [x, y, width, height] in 0..1
               placed: where it lies in the copy; quad: its corners there (top left and right, bottom left and right)
               covered: what is drawn over it, on the copy; mirror; rotate: degrees clockwise, after mirroring
               inverted: a negative; moves: where the window moves, [seconds of the copy, src_view, placed], straight
               ways between; src_view and placed are then those of the stretch's middle; approximate: the picture is no
               upright rectangle (turned by degrees, keystone, shaken), and these are the nearest ones

Sound is dropped: the copies are about the picture.
"""

import argparse
import os
import sys

from edits import augly, classic, wild_cover, wild_picture, wild_time  # noqa: F401 they fill the tables
from edits.chains import CHAINS, make_chain
from edits.make import Source, make, save
from edits.media import write_master
from edits.recipe import CLASSIC, WILD

SETS = dict(classic=list(CLASSIC), wild=list(WILD), chains=CHAINS)
SETS["all"] = [name for names in SETS.values() for name in names]


def options():
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--unrelated", help="footage for montages and insets (default: a synthetic mandelbrot)")
    parser.add_argument("--set", choices=list(SETS), default="classic", help="which edits (default: classic)")
    parser.add_argument("--only", help="these edits, with commas between")
    parser.add_argument("--list", action="store_true", help="only print the names of the set's edits")
    parser.add_argument("--strict", action="store_true", help="fail where a copy is not as long or large as planned")
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
        print("\n".join(SETS[chosen.set]))
    elif chosen.master:
        write_master(chosen.source, chosen.master, chosen.longest, chosen.side)
    else:
        make_copies(chosen)


def make_copies(chosen):
    """Makes the copies and their index."""
    names = chosen.only.split(",") if chosen.only else SETS[chosen.set]
    unknown = [name for name in names if name not in SETS["all"]]
    if unknown:
        sys.exit("no such edit: " + ", ".join(unknown))
    os.makedirs(chosen.folder, exist_ok=True)
    source = Source(chosen.source, chosen.seed, chosen.unrelated, chosen.max_dur)
    index, surprises = [], []
    for name in names:
        path = os.path.join(chosen.folder, "%s__%s.mp4" % (source.stem, name))
        truth, surprise = (make_chain if name in CHAINS else make)(source, name, path)
        index.append(truth)
        if surprise:
            surprises.append(surprise)
            print("warning: " + surprise, file=sys.stderr)
    save(index, os.path.join(chosen.folder, "%s__index.json" % source.stem))
    print("%d copies of %s in %s" % (len(index), source.stem, chosen.folder))
    if surprises and chosen.strict:
        sys.exit("%d copies are not as planned" % len(surprises))


if __name__ == "__main__":
    main()
