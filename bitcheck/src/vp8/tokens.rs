//! Reads the coefficients of one macroblock (RFC 6386, 13).

use super::boolean::BooleanDecoder;
use super::quantizer::Limits;
use super::tables::{BANDS, CATEGORIES, TokenContexts, TokenProbabilities};

/// Types of block (13.3).
const LUMA_WITHOUT_DC: usize = 0;
const LUMA_DC: usize = 1;
const CHROMA: usize = 2;
const LUMA: usize = 3;

/// Whether the blocks along a macroblock's edge have coefficients: four of luma, two of each chroma, and the block of luma's DC.
#[derive(Clone, Copy, Debug, Default)]
pub struct Edge([bool; 9]);

impl Edge {
    const DC: usize = 8;

    /// For a macroblock without coefficients. Without a block of luma's DC, that block's entry stays.
    pub fn clear(&mut self, has_dc: bool) {
        let dc = self.0[Self::DC];
        *self = Self::default();
        self.0[Self::DC] = dc && !has_dc;
    }
}

/// A coefficient is larger than possible.
pub struct OutOfRange;

/// Reads all blocks of a macroblock; `has_dc` if luma's DC has its own block.
pub fn read(
    code: &mut BooleanDecoder,
    (probabilities, limits): (&TokenProbabilities, &Limits),
    has_dc: bool,
    above: &mut Edge,
    left: &mut Edge,
) -> Result<(), OutOfRange> {
    let mut block = |kind: usize, first: usize, x: usize, y: usize| {
        let context = usize::from(above.0[x]) + usize::from(left.0[y]);
        let has_tokens = tokens(code, &probabilities[kind], |i| limits.of(kind, i), first, context)?;
        (above.0[x], left.0[y]) = (has_tokens, has_tokens);
        Ok(())
    };
    if has_dc {
        block(LUMA_DC, 0, Edge::DC, Edge::DC)?;
    }
    let (luma, first) = if has_dc { (LUMA_WITHOUT_DC, 1) } else { (LUMA, 0) };
    for (y, x) in (0..4).flat_map(|y| (0..4).map(move |x| (y, x))) {
        block(luma, first, x, y)?;
    }
    for (plane, y, x) in
        [4, 6].into_iter().flat_map(|plane| [(plane, 0, 0), (plane, 0, 1), (plane, 1, 0), (plane, 1, 1)])
    {
        block(CHROMA, 0, plane + x, plane + y)?;
    }
    Ok(())
}

/// Reads one block from coefficient `first` on; returns whether it has any token but the end.
#[inline(never)]
fn tokens(
    code: &mut BooleanDecoder,
    bands: &[TokenContexts; 8],
    limit: impl Fn(usize) -> u32,
    first: usize,
    mut context: usize,
) -> Result<bool, OutOfRange> {
    let mut follows_zero = false;
    for (i, &band) in BANDS.iter().enumerate().skip(first) {
        let probabilities = &bands[usize::from(band & 7)][context];
        // A block cannot end after a zero.
        if !follows_zero && !code.bool(probabilities[0]) {
            return Ok(i > first);
        }
        follows_zero = !code.bool(probabilities[1]);
        if follows_zero {
            context = 0;
            continue;
        }
        let level = level(code, probabilities);
        if level > limit(i) {
            return Err(OutOfRange);
        }
        context = if level > 1 { 2 } else { 1 };
        // The sign.
        code.flag();
    }
    Ok(true)
}

/// Reads the rest of a level's magnitude, which is not zero (13.2).
#[inline]
fn level(code: &mut BooleanDecoder, probabilities: &[u8; 11]) -> u32 {
    if !code.bool(probabilities[2]) {
        return 1;
    }
    if !code.bool(probabilities[3]) {
        return match code.bool(probabilities[4]) {
            false => 2,
            true => 3 + u32::from(code.bool(probabilities[5])),
        };
    }
    let (category, least) = if !code.bool(probabilities[6]) {
        if code.bool(probabilities[7]) { (1, 7) } else { (0, 5) }
    } else if !code.bool(probabilities[8]) {
        if code.bool(probabilities[9]) { (3, 19) } else { (2, 11) }
    } else {
        if code.bool(probabilities[10]) { (5, 67) } else { (4, 35) }
    };
    let extra = CATEGORIES[category].iter().fold(0, |extra, &bit| extra << 1 | u32::from(code.bool(bit)));
    least + extra
}
