//! Reads the coefficients of a transform block (clauses 7.3.8.11 and 9.3.4.2.4 to 9.3.4.2.7).

use super::contexts::{
    CODED_SUB_BLOCK, Contexts, EXPLICIT_RDPCM, EXPLICIT_RDPCM_DIR, GREATER1, GREATER2, LAST_X, LAST_Y, SIGNIFICANT,
    TRANSFORM_SKIP,
};
use super::parameter_sets::{Pps, Sps};
use crate::cabac::{BYPASS_BITS, Context, Engine};
use crate::finding::{Read, Stop};

/// scanIdx.
const DIAGONAL: usize = 0;
const HORIZONTAL: usize = 1;
const VERTICAL: usize = 2;
/// The first contexts of chroma.
const CHROMA_LAST: u32 = 15;
const CHROMA_SIGNIFICANT: usize = 27;
const CHROMA_GREATER1: usize = 16;
const CHROMA_GREATER2: usize = 4;
/// The context of sig_coeff_flag with transform skip; chroma's is the next.
const SKIP_SIGNIFICANT: usize = 42;
/// The most coefficients of a sub-block with coeff_abs_level_greater1_flag.
const MAX_GREATER1: u32 = 8;
/// The longest prefix of coeff_abs_level_remaining.
const MAX_PREFIX: u32 = 32;
/// More than cRiceParam reaches.
const MAX_RICE: u32 = 24;

/// The place of a coefficient in its sub-block's scan, by scanIdx and 4 * y + x (6.5.3 to 6.5.5).
const PLACES: [[u8; 16]; 3] = [
    [0, 2, 5, 9, 1, 4, 8, 12, 3, 7, 11, 14, 6, 10, 13, 15],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
];

/// The sub-blocks of blocks of 4, 8, 16 and 32 samples in diagonal scan order, as 8 * y + x.
static DIAGONAL_SUB_BLOCKS: [&[u8]; 4] = [&[0], &diagonals::<4>(2), &diagonals::<16>(4), &diagonals::<64>(8)];
/// The same for the other scans, which blocks above 8 samples do not have.
static OTHER_SUB_BLOCKS: [[&[u8]; 2]; 2] = [[&[0], &[0, 1, 8, 9]], [&[0], &[0, 8, 1, 9]]];

const fn diagonals<const COUNT: usize>(size: usize) -> [u8; COUNT] {
    let mut scan = [0; COUNT];
    let (mut i, mut diagonal) = (0, 0);
    while i < COUNT {
        let mut x = 0;
        while x <= diagonal {
            if x < size && diagonal - x < size {
                scan[i] = (8 * (diagonal - x) + x) as u8;
                i += 1;
            }
            x += 1;
        }
        diagonal += 1;
    }
    scan
}

/// sigCtx within a sub-block, by which of the sub-blocks to the right and below are coded, scanIdx and place (9.3.4.2.5); the last
/// entry is for 4x4 blocks.
static SIGNIFICANT_INC: [[[u8; 16]; 3]; 5] = {
    const MAP: [u8; 16] = [0, 1, 4, 5, 2, 3, 4, 5, 6, 6, 8, 8, 7, 7, 8, 8];
    const NEAR: [u8; 4] = [2, 1, 0, 0];
    let mut table = [[[0; 16]; 3]; 5];
    let mut i = 0;
    while i < 48 {
        let (scan, at) = (i / 16, i % 16);
        let place = PLACES[scan][at] as usize;
        let (x, y) = (at % 4, at / 4);
        table[0][scan][place] = match x + y {
            0 => 2,
            1 | 2 => 1,
            _ => 0,
        };
        table[1][scan][place] = NEAR[y];
        table[2][scan][place] = NEAR[x];
        table[3][scan][place] = 2;
        table[4][scan][place] = MAP[at];
        i += 1;
    }
    table
};

/// What all blocks of a slice share.
#[derive(Clone, Copy, Debug)]
pub struct Tools {
    /// Log2MaxTransformSkipSize; `None` unless transform_skip_enabled_flag.
    log2_max_transform_skip: Option<u32>,
    transform_skip_context: bool,
    implicit_rdpcm: bool,
    explicit_rdpcm: bool,
    sign_data_hiding: bool,
    persistent_rice: bool,
    bypass_alignment: bool,
    extended_precision: bool,
    /// Bits of -CoeffMinY and -CoeffMinC.
    log2_ranges: [u32; 2],
}

impl Tools {
    /// Takes the values from parameter sets.
    pub fn new(sps: &Sps, pps: &Pps) -> Self {
        let range = &sps.range;
        Self {
            log2_max_transform_skip: pps.transform_skip.then_some(pps.range.log2_max_transform_skip),
            transform_skip_context: range.transform_skip_context,
            implicit_rdpcm: range.implicit_rdpcm,
            explicit_rdpcm: range.explicit_rdpcm,
            sign_data_hiding: pps.sign_data_hiding,
            persistent_rice: range.persistent_rice,
            bypass_alignment: range.bypass_alignment,
            extended_precision: range.extended_precision,
            log2_ranges: sps.bit_depths.map(|depth| if range.extended_precision { 15.max(depth + 6) } else { 15 }),
        }
    }
}

/// A transform block.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// log2TrafoSize.
    pub log2: u32,
    /// Whether cIdx is not 0.
    pub is_chroma: bool,
    /// predModeIntra of an intra block.
    pub intra_mode: Option<u8>,
    /// cu_transquant_bypass_flag.
    pub transquant_bypass: bool,
    /// ChromaArrayType.
    pub chroma_array_type: u32,
}

impl Block {
    /// scanIdx (7.4.9.11).
    fn scan(&self) -> usize {
        let has_modes = self.log2 == 2 || self.log2 == 3 && (!self.is_chroma || self.chroma_array_type == 3);
        match self.intra_mode {
            Some(6..=14) if has_modes => VERTICAL,
            Some(22..=30) if has_modes => HORIZONTAL,
            _ => DIAGONAL,
        }
    }
}

/// residual_coding( ).
pub fn residual_coding(engine: &mut Engine, contexts: &mut Contexts, tools: &Tools, block: Block) -> Read<()> {
    let chroma = usize::from(block.is_chroma);
    let states = &mut contexts.states;
    let has_skip = !block.transquant_bypass && tools.log2_max_transform_skip.is_some_and(|max| block.log2 <= max);
    let transform_skip = has_skip && rare_decision(engine, &mut states[TRANSFORM_SKIP + chroma]);
    let is_plain = transform_skip || block.transquant_bypass;
    let mut has_rdpcm = false;
    match block.intra_mode {
        None if tools.explicit_rdpcm && is_plain => {
            has_rdpcm = rare_decision(engine, &mut states[EXPLICIT_RDPCM + chroma]);
            if has_rdpcm {
                rare_decision(engine, &mut states[EXPLICIT_RDPCM_DIR + chroma]);
            }
        }
        Some(10 | 26) => has_rdpcm = tools.implicit_rdpcm && transform_skip,
        _ => {}
    }
    let hides_signs = tools.sign_data_hiding && !block.transquant_bypass && !has_rdpcm;
    // A copy stays in registers.
    let mut copy = engine.clone();
    let result = Residual { tools, block, is_plain, hides_signs }.read(&mut copy, contexts);
    *engine = copy;
    result
}

#[inline(never)]
fn rare_decision(engine: &mut Engine, state: &mut Context) -> bool {
    engine.decision(state)
}

struct Residual<'a> {
    tools: &'a Tools,
    block: Block,
    /// Whether there is no transform.
    is_plain: bool,
    /// Whether a sign may be hidden.
    hides_signs: bool,
}

impl Residual<'_> {
    #[inline(always)]
    fn read(&self, engine: &mut Engine, contexts: &mut Contexts) -> Read<()> {
        let Self { tools, block, is_plain, hides_signs } = *self;
        let states = &mut contexts.states;
        let log2 = block.log2;
        let chroma = usize::from(block.is_chroma);
        let scan = block.scan();
        let [x, y] = last_position(engine, states, log2, block.is_chroma);
        let [x, y] = if scan == VERTICAL { [y, x] } else { [x, y] };
        let sub_blocks = match scan {
            DIAGONAL => DIAGONAL_SUB_BLOCKS[log2 as usize - 2],
            _ => OTHER_SUB_BLOCKS[scan - 1][log2 as usize - 2],
        };
        let last_sub_block = (y / 4 * 8 + x / 4) as u8;
        let last_sub_block = sub_blocks.iter().position(|&at| at == last_sub_block).unwrap_or(0);
        let last_place = u32::from(PLACES[scan][(y % 4 * 4 + x % 4) as usize]);

        // Coded sub-blocks, as a bit set for each row; one more row and column than there are.
        let mut coded = [0_u16; 9];
        let mut greater1_inc = 1;
        for i in (0..=last_sub_block).rev() {
            let (x, y) = (usize::from(sub_blocks[i] % 8), usize::from(sub_blocks[i] / 8));
            let around = usize::from(coded[y] >> (x + 1) & 1 | (coded[y + 1] >> x & 1) << 1);
            let is_last = i == last_sub_block;
            let is_between = !is_last && i > 0;
            if is_between {
                let context = CODED_SUB_BLOCK + 2 * chroma + usize::from(around > 0);
                if !engine.decision(&mut states[context]) {
                    continue;
                }
            }
            coded[y] |= 1 << x;

            // Places of coefficients in scan order from the highest frequency: the first and the last.
            let (mut count, mut first, mut last) = if is_last { (1, last_place, last_place) } else { (0, 16, 0) };
            let (base, incs) = match (log2, block.is_chroma) {
                _ if tools.transform_skip_context && is_plain => (SKIP_SIGNIFICANT + chroma, &[0; 16]),
                (2, _) => (chroma * CHROMA_SIGNIFICANT, &SIGNIFICANT_INC[4][scan]),
                (_, true) => (CHROMA_SIGNIFICANT + if log2 == 3 { 9 } else { 12 }, &SIGNIFICANT_INC[around][scan]),
                (_, false) => {
                    let size = match log2 {
                        3 if scan == DIAGONAL => 9,
                        3 => 15,
                        _ => 21,
                    };
                    (size + if i > 0 { 3 } else { 0 }, &SIGNIFICANT_INC[around][scan])
                }
            };
            for place in (1..first.min(16)).rev() {
                let context = SIGNIFICANT + base + usize::from(incs[place as usize & 15]);
                if engine.decision(&mut states[context & 255]) {
                    count += 1;
                    last = last.max(place);
                    first = place;
                }
            }
            if !is_last || last_place > 0 {
                let base =
                    if i > 0 || log2 == 2 || base >= SKIP_SIGNIFICANT { base } else { chroma * CHROMA_SIGNIFICANT };
                let inc = if i == 0 && log2 > 2 { 0 } else { usize::from(incs[0]) };
                let is_inferred = is_between && count == 0;
                if is_inferred || engine.decision(&mut states[SIGNIFICANT + base + inc]) {
                    count += 1;
                    first = 0;
                }
            }
            if count == 0 {
                continue;
            }
            let set = if i == 0 || block.is_chroma { 0 } else { 2 } + usize::from(greater1_inc == 0);
            greater1_inc = 1;
            let mut greater1 = 0_u32;
            for k in 0..count.min(MAX_GREATER1) {
                let context = GREATER1 + chroma * CHROMA_GREATER1 + 4 * set + greater1_inc;
                if engine.decision(&mut states[context & 255]) {
                    greater1 |= 1 << k;
                    greater1_inc = 0;
                } else if (1..3).contains(&greater1_inc) {
                    greater1_inc += 1;
                }
            }
            // Coefficients with coeff_abs_level_remaining: all but the first above 1, unless it is above 2, and those without
            // flags.
            let first_above = greater1 & greater1.wrapping_neg();
            let mut escapes = greater1 ^ first_above | ((1_u32 << count) - 1) & !0xff;
            let mut is_greater2 = false;
            if greater1 > 0 {
                is_greater2 = engine.decision(&mut states[GREATER2 + chroma * CHROMA_GREATER2 + set]);
                if is_greater2 {
                    escapes |= first_above;
                }
            }
            if tools.bypass_alignment && escapes > 0 {
                engine.align_bypass();
            }
            let is_hidden = hides_signs && last.saturating_sub(first) > 3;
            let shown = count - u32::from(is_hidden);
            let signs = engine.bypass_bits(shown) << (count - shown);
            if escapes > 0 {
                let sum = count + greater1.count_ones() + u32::from(is_greater2);
                let kind = 2 * usize::from(!block.is_chroma) + usize::from(is_plain);
                let mut levels =
                    Levels { tools, is_chroma: block.is_chroma, greater1, first_above, is_hidden, count, signs, sum };
                let stat = tools.persistent_rice.then_some(&mut contexts.stat_coeff[kind]);
                levels.read(engine, escapes, stat)?;
            }
        }
        Ok(())
    }
}

/// last_sig_coeff_x_prefix and those behind it.
#[inline(always)]
fn last_position(engine: &mut Engine, states: &mut [Context; 256], log2: u32, is_chroma: bool) -> [u32; 2] {
    let (offset, shift) = match is_chroma {
        true => (CHROMA_LAST, log2 - 2),
        false => (3 * (log2 - 2) + (log2 - 1) / 4, (log2 + 1) / 4),
    };
    let max = 2 * log2 - 1;
    let mut prefixes = [0; 2];
    for (prefix, first) in prefixes.iter_mut().zip([LAST_X, LAST_Y]) {
        while *prefix < max && engine.decision(&mut states[(first + (offset + (*prefix >> shift)) as usize) & 255]) {
            *prefix += 1;
        }
    }
    prefixes.map(|prefix| match prefix {
        0..=3 => prefix,
        _ => {
            let bits = prefix / 2 - 1;
            ((2 + prefix % 2) << bits) + engine.bypass_bits(bits)
        }
    })
}

/// The coefficients of a sub-block that has coeff_abs_level_remaining; the first is the lowest bit.
struct Levels<'a> {
    tools: &'a Tools,
    is_chroma: bool,
    greater1: u32,
    first_above: u32,
    /// Whether the last sign follows from the sum (signHidden).
    is_hidden: bool,
    count: u32,
    /// coeff_sign_flag; the last coefficient's is the lowest bit.
    signs: u32,
    /// sumAbsLevel so far.
    sum: u32,
}

impl Levels<'_> {
    #[inline(always)]
    fn read(&mut self, engine: &mut Engine, mut escapes: u32, mut stat: Option<&mut u8>) -> Read<()> {
        let log2_range = self.tools.log2_ranges[usize::from(self.is_chroma)];
        let mut rice = stat.as_ref().map_or(0, |stat| u32::from(**stat / 4));
        let max_rice = if stat.is_some() { MAX_RICE } else { 4 };
        while escapes > 0 {
            let k = escapes.trailing_zeros();
            let bit = escapes & escapes.wrapping_neg();
            escapes ^= bit;
            let base = 1 + u32::from(self.greater1 & bit > 0) + u32::from(self.first_above & bit > 0);
            let remaining = self.remaining(engine, rice, log2_range)?;
            let level = base.saturating_add(remaining);
            self.sum = self.sum.wrapping_add(remaining);
            if let Some(stat) = stat.take() {
                if remaining >= 3 << (*stat / 4) {
                    *stat = stat.saturating_add(1);
                } else if *stat > 0 && 2 * remaining < 1 << (*stat / 4) {
                    *stat -= 1;
                }
            }
            if level > 3 << rice {
                rice = (rice + 1).min(max_rice);
            }
            if level >= 1 << log2_range {
                let is_last = k + 1 == self.count;
                let sign = if is_last && self.is_hidden { self.sum } else { self.signs >> (self.count - 1 - k) };
                if level > 1 << log2_range || sign & 1 == 0 {
                    return Err(Stop::Damaged("coefficient"));
                }
            }
        }
        Ok(())
    }

    /// coeff_abs_level_remaining (9.3.3.11).
    #[inline(always)]
    fn remaining(&self, engine: &mut Engine, rice: u32, log2_range: u32) -> Read<u32> {
        let bits = engine.next_bypass_bits(BYPASS_BITS);
        let prefix = (!bits << (32 - BYPASS_BITS)).leading_zeros();
        let suffix = if prefix < 4 { rice } else { prefix - 3 + rice };
        let length = prefix + 1 + suffix;
        if length > BYPASS_BITS || self.tools.extended_precision {
            return self.long_remaining(engine, rice, log2_range);
        }
        let bits = bits >> (BYPASS_BITS - length);
        engine.skip_bypass_bits(bits, length);
        let suffix = bits & ((1 << suffix) - 1);
        Ok((whole_prefix(prefix) << rice) + suffix)
    }

    #[cold]
    fn long_remaining(&self, engine: &mut Engine, rice: u32, log2_range: u32) -> Read<u32> {
        const TOO_LARGE: Stop = Stop::Damaged("coefficient");
        let is_extended = self.tools.extended_precision;
        // maxPrefixExtLen (9.3.3.12), plus the four before it.
        let max = if is_extended { 4 + 28 - log2_range.min(28) } else { MAX_PREFIX };
        let prefix = (0..max).find(|_| !engine.bypass()).unwrap_or(max);
        let suffix = match prefix {
            0..=3 => rice,
            _ if is_extended && prefix == max => log2_range,
            _ if is_extended => prefix - 4 + rice,
            _ => prefix - 3 + rice,
        };
        // One bit more than the largest value has, and no more than can be read.
        if suffix > log2_range + 1 || rice > log2_range {
            return Err(TOO_LARGE);
        }
        let whole =
            if is_extended && prefix > 3 { 3 + (1_u64 << (prefix - 4)) } else { u64::from(whole_prefix(prefix)) };
        let remaining = (whole << rice) + u64::from(engine.bypass_bits(suffix));
        u32::try_from(remaining).ok().filter(|&remaining| remaining <= 1 << log2_range).ok_or(TOO_LARGE)
    }
}

/// The value of a prefix before the Rice parameter shifts it.
fn whole_prefix(prefix: u32) -> u32 {
    if prefix < 4 { prefix } else { (1 << (prefix - 3).min(24)) + 2 }
}
