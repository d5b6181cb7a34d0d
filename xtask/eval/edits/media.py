"""ffmpeg and ffprobe: what a file holds, and how a copy is written."""

import hashlib
import json
import subprocess
import sys

# Times are compared between copies, so a rate outside of these is a broken header.
SLOWEST_FPS, FASTEST_FPS = 1, 120
MOST_FPS = 60.0


def run(command):
    """Runs a program; ends this one with its message where it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        sys.exit("failed: %s\n%s" % (" ".join(command), done.stderr[-2000:]))
    return done.stdout


def sha256(path):
    """A file's digest."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def even(length):
    """The nearest even number: 4:2:0 has no odd sides."""
    return max(2, int(round(length / 2.0)) * 2)


def fraction(text):
    """`25/1` as a number; 0 where there is none."""
    above, below = text.split("/")
    return float(above) / float(below) if float(below) else 0.0


def probe(path):
    """Size as shown, frames per second and duration."""
    fields = ("stream=width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate:stream_side_data=rotation"
              ":packet=pts_time,flags")
    found = json.loads(run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", fields,
                            "-show_packets", "-of", "json", path]))
    stream = found["streams"][0]
    width, height = shown_size(stream)
    # D: cut off by an edit list.
    times = sorted(float(packet["pts_time"]) for packet in found["packets"]
                   if "pts_time" in packet and "D" not in packet.get("flags", ""))
    fps = fraction(stream.get("avg_frame_rate", "0/0"))
    if len(times) > 1 and not SLOWEST_FPS <= fps <= FASTEST_FPS:
        fps = (len(times) - 1) / (times[-1] - times[0])
    if not fps:
        fps = fraction(stream.get("r_frame_rate", "25/1")) or 25.0
    fps = min(MOST_FPS, max(1.0, round(fps, 3)))
    duration = (times[-1] - times[0] + 1 / fps) if times else 0.0
    return dict(w=even(width), h=even(height), fps=fps, dur=round(duration, 3))


def shown_size(stream):
    """Width and height with square pixels, turned as players turn them."""
    width, height = stream["width"], stream["height"]
    try:
        across, down = map(int, stream.get("sample_aspect_ratio", "1:1").split(":"))
        width = width * across / down if across and down else width
    except ValueError:
        pass
    turns = [data.get("rotation") for data in stream.get("side_data_list", []) if "rotation" in data]
    if turns and abs(int(turns[0])) % 180 == 90:
        width, height = height, width
    return width, height


def encode(inputs, graph, path, crf, extra):
    """Writes what the filter graph calls [v] as H.264, and returns the command."""
    command = ["ffmpeg", "-y", "-v", "error", "-nostdin", "-filter_threads", "1", "-filter_complex_threads", "1"]
    for one in inputs:
        command += one
    # x264 with 2 threads is not repeatable.
    command += ["-filter_complex", graph, "-map", "[v]", "-an", "-sn", "-dn", "-map_metadata", "-1",
                "-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf), "-pix_fmt", "yuv420p", "-threads", "1"]
    command += extra
    command += ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", path]
    run(command)
    return command


def write_master(source, path, longest_s, longest_side):
    """A small copy, nearly without loss, that edits can start from: as players show it, never larger than it is."""
    found = probe(source)
    scale = min(1.0, longest_side / max(found["w"], found["h"]))
    graph = ("[0:v]setpts=PTS-STARTPTS,scale=%d:%d:flags=bicubic,setsar=1,fps=%g,trim=end=%g,setpts=PTS-STARTPTS[v]"
             % (even(found["w"] * scale), even(found["h"] * scale), found["fps"], longest_s))
    encode([["-i", source]], graph, path, 12, [])
