//! The largest possible coefficients, from their quantizers (RFC 6386, 9.6 and 14.1).
//!
//! Decoders calculate in 16 bits, and differ where that overflows. What an encoder writes never overflows.

use super::boolean::BooleanDecoder;
use super::tables::{AC_QUANTIZERS, DC_QUANTIZERS};

/// Four times the largest coefficient of a block of differences: half of 16 times 255.
const MAX_COEFFICIENT: u32 = 4 * 2040;
/// Twice the largest coefficient of a block of 16 such DC coefficients: half of 16 times 2040.
const MAX_SECOND_ORDER: u32 = 2 * 16320;

/// Quantizer levels of the segments; they last until a frame changes them.
#[derive(Clone, Copy, Debug, Default)]
pub struct SegmentQuantizers {
    pub is_absolute: bool,
    pub values: [i32; 4],
}

/// The largest levels by type of block, for the DC coefficient and for the others.
#[derive(Clone, Copy, Debug)]
pub struct Limits([[u32; 2]; 4]);

impl Limits {
    /// Reads the quantizer indices. With `segments`, takes the finest that a segment may have.
    pub fn read(code: &mut BooleanDecoder, segments: Option<&SegmentQuantizers>) -> Self {
        let base = i32::from(code.literal(7));
        let index = segments.map_or(base, |segments| {
            let finest = segments.values.into_iter().min().unwrap_or(0);
            if segments.is_absolute { finest } else { base + finest }
        });
        let index = index.clamp(0, 127);
        let [luma_dc, second_dc, second_ac, chroma_dc, chroma_ac] = std::array::from_fn(|_| optional(code, 4));
        let dc = |delta: i32| DC_QUANTIZERS[(index + delta).clamp(0, 127) as usize];
        let ac = |delta: i32| AC_QUANTIZERS[(index + delta).clamp(0, 127) as usize];
        let luma = [MAX_COEFFICIENT / dc(luma_dc), MAX_COEFFICIENT / ac(0)];
        let second = [MAX_SECOND_ORDER / (2 * dc(second_dc)), MAX_SECOND_ORDER / (ac(second_ac) * 155 / 100).max(8)];
        let chroma = [MAX_COEFFICIENT / dc(chroma_dc).min(132), MAX_COEFFICIENT / ac(chroma_ac)];
        Self([luma, second, chroma, luma])
    }

    /// The largest level of coefficient `i` in a block of a type.
    #[inline]
    pub fn of(&self, kind: usize, i: usize) -> u32 {
        self.0[kind][usize::from(i > 0)]
    }
}

/// A magnitude of `bits` and a sign if a flag is set; otherwise zero.
pub fn optional(code: &mut BooleanDecoder, bits: u32) -> i32 {
    if !code.flag() {
        return 0;
    }
    let magnitude = i32::from(code.literal(bits));
    if code.flag() { -magnitude } else { magnitude }
}
