//! What coefficients can be, by their quantizers (RFC 6386, 9.6 and 14.1).
//!
//! Decoders reckon with 16 bits, and what overflows differs between them. It never does in what an encoder writes.

use super::boolean::BooleanDecoder;
use super::tables::{AC_QUANTIZERS, DC_QUANTIZERS};

/// Four times the largest coefficient of a block of differences, which is 16 times 255, halved.
const MAX_COEFFICIENT: u32 = 4 * 2040;
/// Twice the largest of a block of 16 such DC coefficients: 16 times 2040, halved.
const MAX_SECOND_ORDER: u32 = 2 * 16320;

/// What the segments change. It lasts until a frame changes it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SegmentQuantizers {
    pub is_absolute: bool,
    pub values: [i32; 4],
}

/// The largest levels of the four types of block: of the DC coefficient and of the others.
#[derive(Clone, Copy, Debug)]
pub struct Limits([[u32; 2]; 4]);

impl Limits {
    /// Reads the indices of the quantizers; for the finest ones that a segment may have, if there are `segments`.
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

    /// That of coefficient `i` in a block of a type.
    #[inline]
    pub fn of(&self, kind: usize, i: usize) -> u32 {
        self.0[kind][usize::from(i > 0)]
    }
}

/// A flag, and if it is set, a magnitude of `bits` and a sign; else zero.
pub fn optional(code: &mut BooleanDecoder, bits: u32) -> i32 {
    if !code.flag() {
        return 0;
    }
    let magnitude = i32::from(code.literal(bits));
    if code.flag() { -magnitude } else { magnitude }
}
