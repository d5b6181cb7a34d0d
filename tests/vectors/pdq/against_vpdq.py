#!/usr/bin/env python3
"""Compares the PDQ of every frame of videos with vPDQ's way: the frame made RGB, then hashed by the reference.

    python3 -m venv venv && venv/bin/pip install pdqhash==0.2.8 && venv/bin/python against_vpdq.py COTEJO VIDEO...

Prints for each video the frames, and the greatest distance in bits at quality 100 and from quality 50 on. The
conversion rounds accurately; ffmpeg's fast one, its default, adds up to 6 bits where there is hardly any texture.
"""

import json
import subprocess
import sys

import numpy as np
import pdqhash

# vPDQ asks libswscale without naming a matrix, which is BT.601 whatever the stream says.
EXACT = "scale=in_color_matrix=bt601:flags=bilinear+accurate_rnd+full_chroma_int+full_chroma_inp"


def size(video):
    facts = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "json"]
    stream = json.loads(subprocess.check_output([*facts, video]))["streams"][0]
    return stream["height"], stream["width"], 3


def frames_as_rgb(video):
    shape = size(video)
    command = ["ffmpeg", "-v", "error", "-noautorotate", "-flags", "unaligned", "-idct", "simple", "-bitexact", "-i", video]
    command += ["-map", "0:v:0", "-vf", EXACT, "-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as ffmpeg:
        while len(frame := ffmpeg.stdout.read(np.prod(shape))) == np.prod(shape):
            yield np.frombuffer(frame, np.uint8).reshape(shape)


def distances(cotejo, video):
    """Distance in bits and quality of each frame."""
    listed = subprocess.check_output([cotejo, "hash", "--format", "vpdq", "-o", "-", video], text=True).splitlines()
    frames = [pdqhash.compute(frame) for frame in frames_as_rgb(video)]
    assert len(listed) == len(frames), f"{len(listed)} frames hashed, {len(frames)} converted"
    for line, (bits, quality) in zip(listed, frames):
        ours = np.unpackbits(np.frombuffer(bytes.fromhex(line.split(",")[2]), np.uint8))
        yield int((ours != bits).sum()), quality


cotejo, *videos = sys.argv[1:]
for video in videos:
    found = list(distances(cotejo, video))
    best = max((bits for bits, quality in found if quality == 100), default=None)
    fair = max((bits for bits, quality in found if quality >= 50), default=None)
    print(f"{video.rsplit('/')[-1]}: {len(found)} frames, quality 100: {best} bits, from quality 50: {fair} bits", flush=True)
