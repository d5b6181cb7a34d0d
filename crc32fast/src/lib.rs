//! CRC-32, the check of PNG's chunks (PNG specification, annex D), in place of the crate of this name (`[patch.crates-io]` in Cargo.toml).
//!
//! That crate carries 16 tables of 1 kB. Nothing compresses them, so they took 16 kB of the 700 that the page may have. Here the tables are
//! made when the first PNG comes. It has what `png` and `flate2` use of that crate, and no more.

use std::sync::OnceLock;

/// The polynomial, without its highest term; the lowest bit is the highest power.
const POLYNOMIAL: u32 = 0xedb8_8320;
/// `x⁸`, in the same order of bits: what one byte more multiplies by.
const ONE_BYTE: u32 = 1 << (31 - 8);
/// Bytes that are taken at once, each with a table of its own.
const AT_ONCE: usize = 8;

type Tables = [[u32; 256]; AT_ONCE];

/// A check of bytes that come in parts.
#[derive(Clone, Debug, Default)]
pub struct Hasher {
    /// The check so far.
    sum: u32,
    /// How many bytes it is of.
    bytes: u64,
}

impl Hasher {
    /// The check of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on with these bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        static TABLES: OnceLock<Box<Tables>> = OnceLock::new();
        let tables = TABLES.get_or_init(tables);
        let mut rest = !self.sum;
        let (chunks, last) = bytes.as_chunks::<AT_ONCE>();
        for &[a, b, c, d, chunk @ ..] in chunks {
            let first = (rest ^ u32::from_le_bytes([a, b, c, d])).to_le_bytes();
            let bytes = first.into_iter().chain(chunk);
            rest = tables.iter().rev().zip(bytes).fold(0, |sum, (table, byte)| sum ^ table[usize::from(byte)]);
        }
        for byte in last {
            rest = rest >> 8 ^ tables[0][usize::from(rest as u8 ^ byte)];
        }
        self.sum = !rest;
        self.bytes += bytes.len() as u64;
    }

    /// The check of all bytes.
    pub fn finalize(self) -> u32 {
        self.sum
    }

    /// Begins anew.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Goes on with the bytes that another check is of.
    pub fn combine(&mut self, next: &Self) {
        let (mut bytes, mut power) = (next.bytes, ONE_BYTE);
        while bytes > 0 {
            if bytes & 1 == 1 {
                self.sum = product(self.sum, power);
            }
            power = product(power, power);
            bytes >>= 1;
        }
        self.sum ^= next.sum;
        self.bytes += next.bytes;
    }
}

/// The rest of each byte, with none to seven bytes of zero behind it.
fn tables() -> Box<Tables> {
    let mut tables = Box::new([[0; 256]; AT_ONCE]);
    for byte in 0..256 {
        tables[0][byte] = (0..8).fold(byte as u32, |rest, _| times_x(rest));
    }
    for zeros in 1..AT_ONCE {
        for byte in 0..256 {
            let rest = tables[zeros - 1][byte];
            tables[zeros][byte] = rest >> 8 ^ tables[0][usize::from(rest as u8)];
        }
    }
    tables
}

fn times_x(rest: u32) -> u32 {
    rest >> 1 ^ if rest & 1 == 1 { POLYNOMIAL } else { 0 }
}

/// The product of two rests.
fn product(a: u32, mut b: u32) -> u32 {
    let mut sum = 0;
    for bit in (0..32).rev() {
        if a >> bit & 1 == 1 {
            sum ^= b;
        }
        b = times_x(b);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) -> u32 {
        let mut hasher = Hasher::new();
        hasher.update(bytes);
        hasher.finalize()
    }

    /// As the definition says, a bit at a time.
    fn slowly(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |rest, &byte| (0..8).fold(rest ^ u32::from(byte), |rest, _| times_x(rest)))
    }

    #[test]
    fn known_checks_are_met() {
        assert_eq!(check(b""), 0);
        // The check value of every catalogue of CRCs, and the empty IEND chunk that ends each PNG.
        assert_eq!(check(b"123456789"), 0xcbf4_3926);
        assert_eq!(check(b"IEND"), 0xae42_6082);
    }

    #[test]
    fn parts_of_all_lengths_give_the_definitions_check() {
        let bytes: Vec<u8> = (0..600u32).map(|i| (i * i * 31 + i / 7) as u8).collect();
        for end in 0..bytes.len() {
            let (first, second) = bytes[..end].split_at(end / 3);
            let mut parts = Hasher::new();
            parts.update(first);
            let mut combined = parts.clone();
            parts.update(second);
            let mut next = Hasher::new();
            next.update(second);
            combined.combine(&next);
            let right = slowly(&bytes[..end]);
            assert_eq!([parts.finalize(), combined.finalize()], [right, right], "{end} bytes");
        }
    }
}
