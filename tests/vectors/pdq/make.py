#!/usr/bin/env python3
"""Writes vectors.json: pictures (see scene.py) with what the reference implementation makes of them.

The reference is Meta's C++ as packed in the Python package `pdqhash` 0.2.8:
    python3 -m venv venv && venv/bin/pip install pdqhash==0.2.8 && venv/bin/python make.py
"""

import hashlib
import json
import pathlib

import numpy as np
import pdqhash

from scene import scene

SIZES = [
    (64, 64), (128, 128), (5, 5), (4, 7), (7, 4), (33, 77), (512, 512), (640, 480),
    (1000, 200), (1280, 720), (64, 64), (63, 64), (64, 65), (65, 64), (127, 129), (129, 127),
    (128, 256), (5, 300), (300, 5), (6, 63), (100, 100), (176, 144), (144, 176), (320, 240),
    (255, 257), (480, 640), (720, 1280), (513, 511), (200, 1000), (1, 1), (426, 240), (854, 480),
    (999, 701), (64, 1024), (1024, 64), (384, 384), (640, 360), (360, 640), (250, 187), (1920, 1080),
]  # fmt: skip


def text(bits):
    return np.packbits(bits).tobytes().hex()


vectors = []
for number, (width, height) in enumerate(SIZES):
    seed = 1000 + number
    picture = scene(seed, width, height)
    bits, quality = pdqhash.compute(picture)
    turned, _ = pdqhash.compute_dihedral(picture)
    vectors.append(
        {
            "seed": seed,
            "width": width,
            "height": height,
            "sha256": hashlib.sha256(picture.tobytes()).hexdigest(),
            "hash": text(bits),
            "quality": quality,
            "dihedral": [text(bits) for bits in turned],
        }
    )

path = pathlib.Path(__file__).with_name("vectors.json")
path.write_text(json.dumps(vectors, indent=1) + "\n")
print(len(vectors), "vectors;", sum(v["quality"] >= 50 for v in vectors), "of quality 50 or more")
