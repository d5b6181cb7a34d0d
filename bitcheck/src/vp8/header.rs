//! The frame header (RFC 6386, 9.2 to 9.11 and 19.2), as far as later data depends on it.

use super::boolean::BooleanDecoder;
use super::quantizer::{Limits, SegmentQuantizers, optional};
use super::tables::{
    CHROMA, LUMA, MOTION, MOTION_UPDATES, MotionProbabilities, TOKEN_UPDATES, TOKENS, TokenProbabilities,
};

/// Probabilities that last until a frame changes them (9.11).
#[derive(Clone, Debug)]
pub struct Probabilities {
    pub tokens: TokenProbabilities,
    pub motion: [MotionProbabilities; 2],
    pub luma: [u8; 4],
    pub chroma: [u8; 3],
}

impl Probabilities {
    /// The probabilities at the start of a key frame.
    pub const KEY: Self = Self { tokens: TOKENS, motion: MOTION, luma: LUMA, chroma: CHROMA };
}

/// What a frame's header says of its macroblocks.
#[derive(Clone, Debug)]
pub struct FrameHeader {
    /// Probabilities of the segments; `None` unless macroblocks name theirs.
    pub segments: Option<[u8; 3]>,
    /// The largest coefficients.
    pub limits: Limits,
    /// Base 2 logarithm of the number of partitions that hold tokens.
    pub token_partitions_log2: u16,
    /// Whether the probabilities stay for later frames.
    pub refreshes_probabilities: bool,
    /// Probability that a macroblock has tokens; `None` unless macroblocks say so.
    pub skip: Option<u8>,
    /// `None` in key frames.
    pub inter: Option<InterHeader>,
}

/// The part of the header that only interframes have.
#[derive(Clone, Copy, Debug)]
pub struct InterHeader {
    /// Probabilities that a macroblock is intra-coded; if not, that it refers to the last frame; if not, to the golden one.
    pub intra: u8,
    pub last: u8,
    pub golden: u8,
    /// Whether vectors into each reference frame point the other way; never for the first two.
    pub sign_bias: [bool; 4],
}

impl FrameHeader {
    /// Reads a frame's header, and updates what lasts.
    pub fn read(
        code: &mut BooleanDecoder,
        is_key: bool,
        probabilities: &mut Probabilities,
        quantizers: &mut SegmentQuantizers,
    ) -> Self {
        if is_key {
            // Colour space and clamping.
            code.literal(2);
        }
        let has_segments = code.flag();
        let segments = if has_segments { segmentation(code, quantizers) } else { None };
        // Type, level and sharpness of the loop filter.
        code.literal(10);
        filter_deltas(code);
        let token_partitions_log2 = code.literal(2);
        let limits = Limits::read(code, has_segments.then_some(quantizers));
        let sign_bias = if is_key { [false; 4] } else { references(code) };
        let refreshes_probabilities = code.flag();
        if !is_key {
            // Whether the frame becomes the last reference.
            code.flag();
        }
        let updates = TOKEN_UPDATES.as_flattened().as_flattened().as_flattened();
        let tokens = probabilities.tokens.as_flattened_mut().as_flattened_mut().as_flattened_mut();
        for (probability, &update) in tokens.iter_mut().zip(updates) {
            if code.bool(update) {
                *probability = code.literal(8) as u8;
            }
        }
        let skip = code.flag().then(|| code.literal(8) as u8);
        let inter = (!is_key).then(|| inter(code, sign_bias, probabilities));
        Self { segments, limits, token_partitions_log2, refreshes_probabilities, skip, inter }
    }
}

/// 9.3: the probabilities of the segments; `None` unless macroblocks name theirs.
fn segmentation(code: &mut BooleanDecoder, quantizers: &mut SegmentQuantizers) -> Option<[u8; 3]> {
    let (updates_map, updates_data) = (code.flag(), code.flag());
    if updates_data {
        let is_absolute = code.flag();
        *quantizers = SegmentQuantizers { is_absolute, values: std::array::from_fn(|_| optional(code, 7)) };
        // Levels of the loop filter.
        (0..4).for_each(|_| _ = optional(code, 6));
    }
    updates_map.then(|| std::array::from_fn(|_| if code.flag() { code.literal(8) as u8 } else { 255 }))
}

/// 9.6.
fn filter_deltas(code: &mut BooleanDecoder) {
    if code.flag() && code.flag() {
        (0..8).for_each(|_| _ = optional(code, 6));
    }
}

/// 9.7.
fn references(code: &mut BooleanDecoder) -> [bool; 4] {
    let (refreshes_golden, refreshes_altref) = (code.flag(), code.flag());
    for is_refreshed in [refreshes_golden, refreshes_altref] {
        if !is_refreshed {
            code.literal(2);
        }
    }
    [false, false, code.flag(), code.flag()]
}

/// 9.10, 16.2, 17.2.
fn inter(code: &mut BooleanDecoder, sign_bias: [bool; 4], probabilities: &mut Probabilities) -> InterHeader {
    let [intra, last, golden] = std::array::from_fn(|_| code.literal(8) as u8);
    if code.flag() {
        probabilities.luma = std::array::from_fn(|_| code.literal(8) as u8);
    }
    if code.flag() {
        probabilities.chroma = std::array::from_fn(|_| code.literal(8) as u8);
    }
    let motion = probabilities.motion.as_flattened_mut();
    for (probability, &update) in motion.iter_mut().zip(MOTION_UPDATES.as_flattened()) {
        if code.bool(update) {
            *probability = (code.literal(7) as u8 * 2).max(1);
        }
    }
    InterHeader { intra, last, golden, sign_bias }
}
