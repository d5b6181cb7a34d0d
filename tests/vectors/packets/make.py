"""Makes the streams in this folder: what fuzzing the readers of packets begins from. Needs ffmpeg with libx264,
libx265 and libvpx.

A stream is a byte, 0 for VP8, 1 for H.264 and 3 for HEVC behind start codes, 2 and 4 for these behind lengths with the
configuration record as the first packet; then each packet with its length in two bytes before it, little endian.
"""

import pathlib
import struct
import subprocess

HERE = pathlib.Path(__file__).parent
SOURCE = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=0.5", "-pix_fmt", "yuv420p"]
H264 = {
    "cabac": "bframes=2:ref=2:8x8dct=1",
    "cavlc": "cabac=0:bframes=0:slices=2",
    "interlaced": "interlaced=1:bframes=1",
}


def ffmpeg(*arguments: str) -> bytes:
    command = ["ffmpeg", "-v", "error", *SOURCE, *arguments, "-bitexact", "-threads", "1", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def write(name: str, kind: int, packets: list[bytes]) -> None:
    body = b"".join(struct.pack("<H", len(packet)) + packet for packet in packets)
    (HERE / f"{name}.bin").write_bytes(bytes([kind]) + body)


def with_lengths(access_unit: bytes) -> bytes:
    units = [unit.rstrip(b"\0") for unit in access_unit.split(b"\0\0\1")[1:]]
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units)


def record(first: bytes) -> bytes:
    units = [unit.rstrip(b"\0") for unit in first.split(b"\0\0\1")[1:]]
    sps, pps = (next(unit for unit in units if unit[0] & 31 == kind) for kind in (7, 8))
    sets = [bytes([0xE1]), struct.pack(">H", len(sps)), sps, bytes([1]), struct.pack(">H", len(pps)), pps]
    return bytes([1, *sps[1:4], 0xFF]) + b"".join(sets)


for name, options in H264.items():
    stream = ffmpeg("-c:v", "libx264", "-x264-params", f"{options}:aud=1", "-f", "h264")
    delimiter = b"\0\0\0\1\x09"
    packets = [delimiter + packet for packet in stream.split(delimiter)[1:]]
    write(f"h264-{name}", 1, packets)
    if name == "cabac":
        write("h264-lengths", 2, [record(packets[0]), *map(with_lengths, packets)])

def hevc_record(first: bytes) -> bytes:
    units = [unit.rstrip(b"\0") for unit in first.split(b"\0\0\1")[1:]]
    # Profile and constraints are not read; lengths have four bytes.
    head = bytes([1]) + bytes(20) + bytes([3])
    sets = [next(unit for unit in units if unit[0] >> 1 == kind) for kind in (32, 33, 34)]
    arrays = [bytes([unit[0] >> 1, 0, 1]) + struct.pack(">H", len(unit)) + unit for unit in sets]
    return head + bytes([len(arrays)]) + b"".join(arrays)


HEVC = {"hevc": "bframes=2:ctu=16", "hevc-tools": "bframes=0:ctu=32:amp=1:rect=1:tskip=1:wpp=0:weightp=1"}
for name, options in HEVC.items():
    options = f"{options}:aud=1:log-level=none:pools=none:frame-threads=1:info=0"
    stream = ffmpeg("-c:v", "libx265", "-x265-params", options, "-f", "hevc")
    delimiter = b"\0\0\0\1\x46\1"
    packets = [delimiter + packet for packet in stream.split(delimiter)[1:]]
    write(name, 3, packets)
    if name == "hevc":
        write("hevc-lengths", 4, [hevc_record(packets[0]), *map(with_lengths, packets)])

ivf = ffmpeg("-c:v", "libvpx", "-b:v", "100k", "-f", "ivf")
packets, at = [], 32
while at < len(ivf):
    (length,) = struct.unpack_from("<I", ivf, at)
    packets.append(ivf[at + 12 : at + 12 + length])
    at += 12 + length
write("vp8", 0, packets)
