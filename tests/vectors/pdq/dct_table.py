#!/usr/bin/env python3
"""Prints src/hash/pdq/dct_table.rs: the 16 x 64 table of PDQ's cosine transform.

Run once and committed, because `cos` differs in its last bit between platforms:
    python3 dct_table.py > ../../../src/hash/pdq/dct_table.rs
"""

import math
import struct


def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def shortest(x):
    """The shortest decimal that reads back as the same f32."""
    for digits in range(1, 10):
        text = f"{x:.{digits}g}"
        if f32(float(text)) == x:
            break
    assert f32(float(text)) == x and "e" not in text
    return text


scale = f32(math.sqrt(2.0 / 64))
print(
    """\
//! The table of PDQ's discrete cosine transform.
//!
//! Row `i`, column `j` holds `sqrt(2 / 64) * cos(pi / 128 * (i + 1) * (2 j + 1))`, rounded to f32 as the reference does
//! (the root to f32, the product in f64, then to f32). It is written out rather than computed because `cos` differs in
//! its last bit between platforms. Made by `tests/vectors/pdq/dct_table.py`.

/// Row `i` is the basis function of frequency `i + 1`; the constant term is not used by PDQ.
#[rustfmt::skip]
pub(super) const DCT: [[f32; 64]; 16] = ["""
)
for i in range(16):
    row = [shortest(f32(scale * math.cos((math.pi / 2.0 / 64) * (i + 1) * (2 * j + 1)))) for j in range(64)]
    print("    [")
    for j in range(0, 64, 8):
        print("        " + ", ".join(row[j : j + 8]) + ",")
    print("    ],")
print("];")
