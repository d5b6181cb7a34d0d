#!/usr/bin/env python3
"""Writes the files of pictures/ and pictures.json: what the reference makes of each file as Pillow decodes it.

    python3 -m venv venv && venv/bin/pip install pdqhash==0.2.8 pillow && venv/bin/python make_pictures.py

pictures/bridge.jpg is not made here: it is one of the reference's own (see pictures/README.md) and must be present.
"""

import json
import pathlib

import numpy as np
import pdqhash
from PIL import Image

from scene import scene

FORMATS = {
    "rgb.png": ("RGB", {}),
    "grey.png": ("L", {}),
    "palette.png": ("P", {}),
    "alpha.png": ("RGBA", {}),
    "lossless.webp": ("RGB", {"lossless": True}),
    "lossy.webp": ("RGB", {"quality": 80}),
    "444.jpg": ("RGB", {"quality": 92, "subsampling": 0}),
    "422.jpg": ("RGB", {"quality": 85, "subsampling": 1}),
    "420.jpg": ("RGB", {"quality": 75, "subsampling": 2}),
    "420-progressive.jpg": ("RGB", {"quality": 75, "subsampling": 2, "progressive": True}),
    "grey.jpg": ("L", {"quality": 80}),
}
SIZES = [(192, 144), (257, 171), (90, 210)]

folder = pathlib.Path(__file__).with_name("pictures")
for number, (ending, (mode, options)) in enumerate((name, how) for _ in SIZES for name, how in FORMATS.items()):
    width, height = SIZES[number // len(FORMATS)]
    picture = Image.fromarray(scene(3000 + number, width, height)).convert(mode)
    picture.save(folder / f"{number:02}-{ending}", **options)

vectors = []
for path in sorted(folder.glob("*.*")):
    if path.suffix != ".md":
        bits, quality = pdqhash.compute(np.asarray(Image.open(path).convert("RGB")))
        vectors.append({"file": path.name, "hash": np.packbits(bits).tobytes().hex(), "quality": quality})
text = ",\n".join(" " + json.dumps(vector) for vector in vectors)
folder.with_name("pictures.json").write_text(f"[\n{text}\n]\n")
print(len(vectors), "files,", sum(path.stat().st_size for path in folder.iterdir()), "bytes")
