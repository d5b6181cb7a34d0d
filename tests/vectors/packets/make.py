"""Makes the streams in this folder: what fuzzing the readers of packets begins from. Needs ffmpeg with libx264 and libvpx.

A stream is a byte, 0 for VP8, 1 for H.264 behind start codes, 2 for H.264 behind lengths with its configuration record as the
first packet; then each packet with its length in two bytes before it, little endian.
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

ivf = ffmpeg("-c:v", "libvpx", "-b:v", "100k", "-f", "ivf")
packets, at = [], 32
while at < len(ivf):
    (length,) = struct.unpack_from("<I", ivf, at)
    packets.append(ivf[at + 12 : at + 12 + length])
    at += 12 + length
write("vp8", 0, packets)
