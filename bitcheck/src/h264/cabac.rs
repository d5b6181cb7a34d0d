//! Context-based adaptive binary arithmetic coding (clause 9.3).

use super::cabac_tables::{CONTEXTS, INIT, LAST_8X8, SIGNIFICANT_8X8};
use super::macroblock::{Block, BlockKind, Entropy, Kind, Macroblock, Scope};
use super::slice_header::{SliceHeader, SliceType};
use crate::cabac::{Context, Engine};
use crate::finding::Read;

/// The first x264 build that takes the contexts of 8x8 blocks in 4:4:4 from the standard.
const RIGHT_444_BUILD: u32 = 151;

/// Reads a slice's data.
#[derive(Clone, Debug)]
pub struct Cabac<'a> {
    engine: Engine<'a>,
    /// The contexts, for each colour.
    states: [Context; 3 * CONTEXTS],
    /// Whether an older x264 wrote the stream, with contexts of its own: see [`RIGHT_444_BUILD`].
    has_old_444: bool,
}

impl<'a> Cabac<'a> {
    /// `data` begins after cabac_alignment_one_bit.
    pub fn new(data: &'a [u8], header: &SliceHeader, x264_build: Option<u32>) -> Self {
        let table = if header.slice_type == SliceType::I { &INIT[0] } else { &INIT[1 + header.cabac_init_idc] };
        let qp = header.qp.clamp(0, 51);
        let mut states = [Context::new(0, 0, 0); 3 * CONTEXTS];
        for (i, state) in states.iter_mut().enumerate() {
            let (m, n) = table[i % CONTEXTS];
            *state = Context::new(i32::from(m), i32::from(n), qp);
        }
        let has_old_444 = x264_build.is_some_and(|build| build < RIGHT_444_BUILD);
        Self { engine: Engine::new(data), states, has_old_444 }
    }

    /// mb_skip_flag.
    pub fn mb_skip_flag(&mut self, scope: &Scope, slice_type: SliceType) -> bool {
        let first = if slice_type == SliceType::B { 24 } else { 11 };
        let [left, above] = around(scope, |mb| mb.kind != Kind::Skip);
        self.decision(first + left + above)
    }

    /// end_of_slice_flag.
    pub fn end_of_slice_flag(&mut self) -> bool {
        self.engine.terminate()
    }

    /// The number of bits after rbsp_stop_one_bit, the last bit that the engine read.
    pub fn bits_left(&self) -> usize {
        self.engine.bits_left()
    }

    /// mb_type of an intra macroblock. Its contexts begin at `first`; `is_prefixed` outside of I slices.
    fn intra_mb_type(&mut self, first: usize, inc: usize, is_prefixed: bool) -> u32 {
        if !self.decision(first + inc) {
            return 0;
        }
        if self.engine.terminate() {
            return 25;
        }
        let [luma, chroma, both, high, low] = if is_prefixed { [1, 2, 2, 3, 3] } else { [3, 4, 5, 6, 7] };
        let mut number = 1 + 12 * self.bin(first + luma);
        if self.decision(first + chroma) {
            number += 4 + 4 * self.bin(first + both);
        }
        number += 2 * self.bin(first + high);
        number + self.bin(first + low)
    }

    fn b_mb_type(&mut self, inc: usize) -> u32 {
        if !self.decision(27 + inc) {
            return 0;
        }
        if !self.decision(30) {
            return 1 + self.bin(32);
        }
        let mut four = self.bin(31);
        for _ in 0..3 {
            four = 2 * four + self.bin(32);
        }
        match four {
            0..=7 => 3 + four,
            13 => 23 + self.intra_mb_type(32, 0, true),
            14 => 11,
            15 => 22,
            _ => 2 * four + self.bin(32) - 4,
        }
    }

    fn decision(&mut self, context: usize) -> bool {
        self.engine.decision(&mut self.states[context])
    }

    fn bin(&mut self, context: usize) -> u32 {
        u32::from(self.decision(context))
    }

    fn unary(&mut self, context: usize, max: u32) -> u32 {
        self.engine.unary(&mut self.states[context], max)
    }

    /// One of the two components of mvd. Its contexts begin at `first`.
    fn mvd_part(&mut self, first: usize, sum: u32) -> Read<u32> {
        let inc = match sum {
            0..=2 => 0,
            3..=32 => 1,
            _ => 2,
        };
        if !self.decision(first + inc) {
            return Ok(0);
        }
        let mut value = 1;
        while value < 9 && self.decision(first + 2 + value.min(4)) {
            value += 1;
        }
        let mut value = value as u32;
        if value == 9 {
            value += self.engine.suffix(3)?;
        }
        self.engine.bypass();
        Ok(value)
    }

    /// Reads a block that has coefficients, and counts them. `contexts` are those of significant_coeff_flag and
    /// last_significant_coeff_flag for each coefficient but the last; `levels` is the first of coeff_abs_level_minus1.
    #[inline(always)]
    fn coefficients(
        &mut self,
        contexts: impl Iterator<Item = [usize; 2]>,
        levels: usize,
        max_above_one: usize,
    ) -> Read<u8> {
        // Copies stay in registers.
        let (mut engine, states) = (self.engine.clone(), &mut self.states);
        let mut count = 0;
        let mut is_last = false;
        for [significant, last] in contexts {
            if engine.decision(&mut states[significant]) {
                count += 1;
                if engine.decision(&mut states[last]) {
                    is_last = true;
                    break;
                }
            }
        }
        count += u8::from(!is_last);

        // The context of the first bin, and of the later ones.
        let [mut above_zero, mut above_one] = [levels + 1, levels + 5];
        for _ in 0..count {
            if engine.decision(&mut states[above_zero]) {
                if engine.unary(&mut states[above_one], 13) == 13 {
                    let mut copy = engine.clone();
                    copy.suffix(0)?;
                    engine = copy;
                }
                above_zero = levels;
                above_one = (above_one + 1).min(levels + 5 + max_above_one);
            } else if above_zero > levels {
                above_zero = (above_zero + 1).min(levels + 4);
            }
            engine.bypass();
        }
        self.engine = engine;
        Ok(count)
    }

    /// coded_block_flag's ctxIdxInc (9.3.3.1.1.9).
    fn coded_block_inc(&self, scope: &Scope, block: Block) -> usize {
        let Block { kind, plane, x, y } = block;
        let is_intra = scope.current.is_intra();
        let [left, above] = match kind {
            BlockKind::Dc16x16 | BlockKind::ChromaDc => {
                [scope.left(), scope.above()].map(|mb| mb.map(|mb| mb.coded_dc >> plane & 1))
            }
            _ => {
                let mut around = scope
                    .coefficients_around(plane, x, y, kind.grid(scope.chroma_array_type))
                    .map(|n| n.map(|n| n.min(1)));
                if kind == BlockKind::Luma8x8 {
                    let outside = [
                        if x == 0 { scope.left_of(y).map(|(mb, _)| mb) } else { None },
                        if y == 0 { scope.above() } else { None },
                    ];
                    for (coded, mb) in around.iter_mut().zip(outside) {
                        match mb {
                            Some(mb) if mb.transform_8x8 => {}
                            Some(_) if self.has_old_444 => *coded = None,
                            Some(mb) => *coded = Some(u8::from(mb.kind == Kind::Pcm)),
                            None => {}
                        }
                    }
                }
                around
            }
        }
        .map(|coded| usize::from(coded.unwrap_or(u8::from(is_intra))));
        left + 2 * above
    }
}

/// Whether `holds` of the macroblocks to the left and above; false where one is not available.
fn around(scope: &Scope, holds: impl Fn(&Macroblock) -> bool) -> [usize; 2] {
    [scope.left(), scope.above()].map(|mb| usize::from(mb.is_some_and(&holds)))
}

impl Entropy for Cabac<'_> {
    const HAS_8X8_BLOCKS: bool = true;

    fn mb_field_decoding_flag(&mut self, fields: [Option<bool>; 2]) -> bool {
        let [left, above] = fields.map(|is_field| usize::from(is_field == Some(true)));
        self.decision(70 + left + above)
    }

    fn mb_type(&mut self, scope: &Scope, slice_type: SliceType) -> Read<u32> {
        Ok(match slice_type {
            SliceType::I => {
                let [left, above] = around(scope, |mb| mb.kind != Kind::INxN);
                self.intra_mb_type(3, left + above, false)
            }
            SliceType::P if self.decision(14) => 5 + self.intra_mb_type(17, 0, true),
            SliceType::P => match self.decision(15) {
                false => 3 * self.bin(16),
                true => 2 - self.bin(17),
            },
            SliceType::B => {
                let [left, above] = around(scope, |mb| !matches!(mb.kind, Kind::Skip | Kind::Direct));
                self.b_mb_type(left + above)
            }
        })
    }

    fn pcm_samples(&mut self, count: usize) -> Read<()> {
        self.engine.restart(count.div_ceil(8))
    }

    fn transform_size_8x8_flag(&mut self, scope: &Scope) -> bool {
        let [left, above] = around(scope, |mb| mb.transform_8x8);
        self.decision(399 + left + above)
    }

    fn rem_intra_pred_mode(&mut self) -> Option<u8> {
        if self.decision(68) {
            return None;
        }
        Some((0..3).map(|bit| (self.bin(69) as u8) << bit).sum())
    }

    fn intra_chroma_pred_mode(&mut self, scope: &Scope) -> Read<u8> {
        let [left, above] = around(scope, |mb| mb.intra_chroma_pred_mode != 0);
        if !self.decision(64 + left + above) {
            return Ok(0);
        }
        Ok(1 + self.unary(67, 2) as u8)
    }

    fn sub_mb_type(&mut self, slice_type: SliceType) -> Read<u32> {
        if slice_type == SliceType::P {
            return Ok(match () {
                () if self.decision(21) => 0,
                () if !self.decision(22) => 1,
                () => 3 - self.bin(23),
            });
        }
        if !self.decision(36) {
            return Ok(0);
        }
        if !self.decision(37) {
            return Ok(1 + self.bin(39));
        }
        let mut number = 3;
        if self.decision(38) {
            if self.decision(39) {
                return Ok(11 + self.bin(39));
            }
            number += 4;
        }
        number += 2 * self.bin(39);
        Ok(number + self.bin(39))
    }

    fn ref_idx(&mut self, scope: &Scope, list: usize, quarter: usize, count: u32) -> Read<u32> {
        let own = &scope.current.ref_idx[list];
        let is_far = |mb: &Macroblock, ref_idx: u8| ref_idx > u8::from(mb.is_field && !scope.current.is_field);
        let left = match quarter % 2 {
            0 => scope.left_of(quarter).is_some_and(|(mb, row)| is_far(mb, mb.ref_idx[list][row / 2 * 2 + 1])),
            _ => own[quarter - 1] > 0,
        };
        let above = match quarter / 2 {
            0 => scope.above().is_some_and(|mb| is_far(mb, mb.ref_idx[list][2 + quarter])),
            _ => own[quarter - 2] > 0,
        };
        if !self.decision(54 + usize::from(left) + 2 * usize::from(above)) {
            return Ok(0);
        }
        if !self.decision(58) {
            return Ok(1);
        }
        Ok(2 + self.unary(59, count))
    }

    fn mvd(&mut self, scope: &Scope, list: usize, x: usize, y: usize) -> Read<[u32; 2]> {
        let own = &scope.current.mvd[list];
        let scaled = |mb: &Macroblock, [across, down]: [u8; 2]| {
            let down = u32::from(down);
            let down = match (scope.current.is_field, mb.is_field) {
                (false, true) => 2 * down,
                (true, false) => down / 2,
                _ => down,
            };
            [u32::from(across), down]
        };
        let left = match x {
            0 => scope.left_of(y).map_or([0; 2], |(mb, row)| scaled(mb, mb.mvd[list][4 * row + 3])),
            _ => own[4 * y + x - 1].map(u32::from),
        };
        let above = match y {
            0 => scope.above().map_or([0; 2], |mb| scaled(mb, mb.mvd[list][12 + x])),
            _ => own[4 * (y - 1) + x].map(u32::from),
        };
        Ok([self.mvd_part(40, left[0] + above[0])?, self.mvd_part(47, left[1] + above[1])?])
    }

    fn coded_block_pattern(&mut self, scope: &Scope) -> Read<u8> {
        let mut coded = 0;
        for quarter in 0..4 {
            let left = match quarter % 2 {
                0 => scope.left_of(quarter).is_some_and(|(mb, row)| mb.coded >> (row / 2 * 2 + 1) & 1 == 0),
                _ => coded >> (quarter - 1) & 1 == 0,
            };
            let above = match quarter / 2 {
                0 => scope.above().is_some_and(|mb| mb.coded >> (2 + quarter) & 1 == 0),
                _ => coded >> (quarter - 2) & 1 == 0,
            };
            coded |= u8::from(self.decision(73 + usize::from(left) + 2 * usize::from(above))) << quarter;
        }
        if matches!(scope.chroma_array_type, 1 | 2) {
            let [left, above] = around(scope, |mb| mb.coded >> 4 != 0);
            if self.decision(77 + left + 2 * above) {
                let [left, above] = around(scope, |mb| mb.coded >> 4 == 2);
                coded |= if self.decision(81 + left + 2 * above) { 0x20 } else { 0x10 };
            }
        }
        Ok(coded)
    }

    fn mb_qp_delta(&mut self, follows_change: bool) -> Read<i32> {
        if !self.decision(60 + usize::from(follows_change)) {
            return Ok(0);
        }
        if !self.decision(62) {
            return Ok(1);
        }
        // 256 is more than any range has.
        let code = 2 + self.unary(63, 256) as i32;
        Ok(if code % 2 == 1 { (code + 1) / 2 } else { -code / 2 })
    }

    fn residual_block(&mut self, scope: &Scope, block: Block) -> Read<u8> {
        const SIGNIFICANT: [[usize; 6]; 2] = [[105, 120, 134, 149, 152, 402], [277, 292, 306, 321, 324, 436]];
        const LAST: [[usize; 6]; 2] = [[166, 181, 195, 210, 213, 417], [338, 353, 367, 382, 385, 451]];
        /// Distance from significant_coeff_flag to last_significant_coeff_flag, except in 8x8 blocks.
        const TO_LAST: usize = LAST[0][0] - SIGNIFICANT[0][0];
        const ABS_LEVEL: [usize; 6] = [227, 237, 247, 257, 266, 426];
        const CODED_BLOCK: [usize; 6] = [85, 89, 93, 97, 101, 460];

        let Block { kind, plane, .. } = block;
        let category = kind as usize;
        let is_field = usize::from(scope.current.is_field);
        let first = if scope.chroma_array_type == 3 { plane * CONTEXTS } else { 0 };
        if kind != BlockKind::Luma8x8 || scope.chroma_array_type == 3 {
            let context = first + CODED_BLOCK[category] + self.coded_block_inc(scope, block);
            if !self.decision(context) {
                return Ok(0);
            }
        }
        let [significant, last, levels] =
            [SIGNIFICANT[is_field][category], LAST[is_field][category], ABS_LEVEL[category]].map(|at| first + at);
        let flags = kind.max_coefficients(scope.chroma_array_type) - 1;
        match kind {
            BlockKind::Luma8x8 => {
                let incs = SIGNIFICANT_8X8[is_field].iter().zip(&LAST_8X8);
                let contexts =
                    incs.map(|(&inc, &last_inc)| [significant + usize::from(inc), last + usize::from(last_inc)]);
                self.coefficients(contexts, levels, 4)
            }
            BlockKind::ChromaDc => {
                let incs = (0..flags).map(|i| (i * 4 / (flags + 1)).min(2));
                self.coefficients(incs.map(|inc| [significant + inc, last + inc]), levels, 3)
            }
            _ => self.coefficients((0..flags).map(|i| [significant + i, significant + i + TO_LAST]), levels, 4),
        }
    }

    fn check(&self) -> Read<()> {
        self.engine.check()
    }
}
