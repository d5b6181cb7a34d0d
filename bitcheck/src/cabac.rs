//! The arithmetic decoding engine of CABAC, which H.264 and HEVC share (ITU-T H.264, clause 9.3.3.2; H.265, clause 9.3.4.3).

use crate::finding::{Read, Stop};

/// The last pStateIdx that adapts; 63 is fixed.
const LAST_STATE: u8 = 62;
/// More bits than any value's suffix has.
const MAX_SUFFIX_BITS: u32 = 24;
/// The lowest bit of codIRange and codIOffset in a window of 64 bits.
const RANGE_SHIFT: u32 = 55;
/// The most bypass bits that are taken at once.
pub const BYPASS_BITS: u32 = 16;

/// rangeTabLPS (H.264, Table 9-44; H.265, Table 9-52).
static RANGE_LPS: [[u8; 4]; 64] = [
    [128, 176, 208, 240],
    [128, 167, 197, 227],
    [128, 158, 187, 216],
    [123, 150, 178, 205],
    [116, 142, 169, 195],
    [111, 135, 160, 185],
    [105, 128, 152, 175],
    [100, 122, 144, 166],
    [95, 116, 137, 158],
    [90, 110, 130, 150],
    [85, 104, 123, 142],
    [81, 99, 117, 135],
    [77, 94, 111, 128],
    [73, 89, 105, 122],
    [69, 85, 100, 116],
    [66, 80, 95, 110],
    [62, 76, 90, 104],
    [59, 72, 86, 99],
    [56, 69, 81, 94],
    [53, 65, 77, 89],
    [51, 62, 73, 85],
    [48, 59, 69, 80],
    [46, 56, 66, 76],
    [43, 53, 63, 72],
    [41, 50, 59, 69],
    [39, 48, 56, 65],
    [37, 45, 54, 62],
    [35, 43, 51, 59],
    [33, 41, 48, 56],
    [32, 39, 46, 53],
    [30, 37, 43, 50],
    [29, 35, 41, 48],
    [27, 33, 39, 45],
    [26, 31, 37, 43],
    [24, 30, 35, 41],
    [23, 28, 33, 39],
    [22, 27, 32, 37],
    [21, 26, 30, 35],
    [20, 24, 29, 33],
    [19, 23, 27, 31],
    [18, 22, 26, 30],
    [17, 21, 25, 28],
    [16, 20, 23, 27],
    [15, 19, 22, 25],
    [14, 18, 21, 24],
    [14, 17, 20, 23],
    [13, 16, 19, 22],
    [12, 15, 18, 21],
    [12, 14, 17, 20],
    [11, 14, 16, 19],
    [11, 13, 15, 18],
    [10, 12, 15, 17],
    [10, 12, 14, 16],
    [9, 11, 13, 15],
    [9, 11, 12, 14],
    [8, 10, 12, 14],
    [8, 9, 11, 13],
    [7, 9, 11, 12],
    [7, 9, 10, 12],
    [7, 8, 10, 11],
    [6, 8, 9, 11],
    [6, 7, 9, 10],
    [6, 7, 8, 9],
    [2, 2, 2, 2],
];

/// transIdxLPS (H.264, Table 9-45; H.265, Table 9-53).
const NEXT_AFTER_LPS: [u8; 64] = [
    0, 0, 1, 2, 2, 4, 4, 5, 6, 7, 8, 9, 9, 11, 11, 12, 13, 13, 15, 15, 16, 16, 18, 18, 19, 19, 21, 21, 22, 22, 23, 24,
    24, 25, 26, 26, 27, 27, 28, 29, 29, 30, 30, 30, 31, 32, 32, 33, 33, 33, 34, 34, 35, 35, 35, 36, 36, 36, 37, 37, 37,
    38, 38, 63,
];

/// A context variable, packed with all that one decision needs: the next state after a more probable and after a less probable
/// symbol, one byte each, and rangeTabLPS for the quarter that codIRange is in, then for the others. A state is 2 * pStateIdx +
/// valMPS.
#[derive(Clone, Copy, Debug)]
pub struct Context(u64);

/// Indexed by state.
static CONTEXTS: [Context; 128] = {
    let mut contexts = [Context(0); 128];
    let mut i = 0;
    while i < 128 {
        let state = i as u8;
        let after_mps = if state / 2 < LAST_STATE { state + 2 } else { state };
        let after_lps = 2 * NEXT_AFTER_LPS[i / 2] + ((state % 2) ^ (i < 2) as u8);
        let mut context = after_mps as u64 | (after_lps as u64) << 8;
        let mut quarter = 0;
        while quarter < 4 {
            context |= (RANGE_LPS[i / 2][quarter] as u64) << (RANGE_SHIFT - 8 * quarter as u32);
            quarter += 1;
        }
        contexts[i] = Context(context);
        i += 1;
    }
    contexts
};

impl Context {
    /// The initial state at SliceQPY (H.264, 9.3.1.1; H.265, 9.3.2.2).
    pub fn new(m: i32, n: i32, qp: i32) -> Self {
        let start = (((m * qp.clamp(0, 51)) >> 4) + n).clamp(1, 126) as usize;
        CONTEXTS[if start <= 63 { 2 * (63 - start) } else { 2 * (start - 64) + 1 }]
    }
}

/// Reads fewer than four bytes, as if zeros followed.
#[cold]
#[inline(never)]
fn last_bytes(bytes: &[u8]) -> [u8; 4] {
    std::array::from_fn(|i| bytes.get(i).copied().unwrap_or(0))
}

/// The arithmetic decoding engine. Reading past the end of its data gives zeros, and [`Engine::check`] then fails.
#[derive(Clone, Debug)]
pub struct Engine<'a> {
    data: &'a [u8],
    /// Bytes that are not in `window` yet, and the number of zero bytes taken past the end.
    rest: &'a [u8],
    beyond: usize,
    /// codIOffset in the upper 9 bits, then the bits that follow it, then a 1.
    window: u64,
    /// codIRange, in the upper 9 bits.
    range: u64,
}

impl<'a> Engine<'a> {
    /// Starts at the first byte of `data`.
    pub fn new(data: &'a [u8]) -> Self {
        Self::at(data, 0)
    }

    fn at(data: &'a [u8], start: usize) -> Self {
        let mut engine = Self { data, rest: &data[start..], beyond: 0, window: 1 << 63, range: 510 << RANGE_SHIFT };
        engine.take_4();
        engine
    }

    /// Moves four more bytes into the window's lower half, which is empty.
    #[inline(always)]
    fn take_4(&mut self) {
        let end = self.window.trailing_zeros();
        let four = match self.rest.split_first_chunk() {
            Some((&four, rest)) => {
                self.rest = rest;
                four
            }
            None => {
                self.beyond += 4 - self.rest.len();
                last_bytes(std::mem::take(&mut self.rest))
            }
        };
        let four = u64::from(u32::from_be_bytes(four)) << 1 | 1;
        self.window = (self.window ^ 1 << end) | four << (end - 32);
    }

    /// Passes over `count` bits, at most [`BYPASS_BITS`]; the window holds at least as many before and after.
    #[inline(always)]
    fn consume(&mut self, count: u32) {
        self.window <<= count;
        if self.window as u32 == 0 {
            self.take_4();
        }
    }

    /// The number of bits that the standard's engine would have read.
    fn position(&self) -> usize {
        let ahead = RANGE_SHIFT - 1 - self.window.trailing_zeros();
        8 * (self.data.len() - self.rest.len() + self.beyond) - ahead as usize
    }

    /// The number of bits after the last one read. If the last bin ended the slice, these are behind the slice's data.
    pub fn bits_left(&self) -> usize {
        (8 * self.data.len()).saturating_sub(self.position())
    }

    /// Where the next byte begins in the data.
    pub fn next_byte(&self) -> usize {
        self.position().div_ceil(8)
    }

    /// Fails if more was read than there is.
    pub fn check(&self) -> Read<()> {
        if self.position() > 8 * self.data.len() { Err(Stop::Damaged("read past the end")) } else { Ok(()) }
    }

    /// Restarts (9.3.1.2; 9.3.2.5) `count` bytes after the next byte.
    pub fn restart(&mut self, count: usize) -> Read<()> {
        let start = self.next_byte().saturating_add(count);
        if start > self.data.len() {
            return Err(Stop::Damaged("read past the end"));
        }
        *self = Self::at(self.data, start);
        Ok(())
    }

    /// DecodeDecision.
    #[inline(always)]
    pub fn decision(&mut self, context: &mut Context) -> bool {
        let row = context.0;
        let lps = row << (self.range >> 58 & 24) & 0xff << RANGE_SHIFT;
        let mps = self.range - lps;
        let is_lps = self.window >= mps;
        let mask = u64::from(is_lps).wrapping_neg();
        self.window -= mps & mask;
        let range = mps ^ ((mps ^ lps) & mask);
        let shift = range.leading_zeros();
        *context = CONTEXTS[(row >> (mask & 8)) as usize & 127];
        self.range = range << shift;
        self.consume(shift);
        (row & 1 == 1) ^ is_lps
    }

    /// DecodeBypass.
    #[inline(always)]
    pub fn bypass(&mut self) -> bool {
        // Halves the range instead of doubling the offset, which could need 10 bits.
        let limit = self.range >> 1;
        let bin = self.window >= limit;
        self.window -= limit & u64::from(bin).wrapping_neg();
        self.consume(1);
        bin
    }

    /// `count` bins of DecodeBypass, at most 32, most significant first.
    #[inline(always)]
    pub fn bypass_bits(&mut self, mut count: u32) -> u32 {
        let mut value = 0;
        while count > BYPASS_BITS {
            value = value << BYPASS_BITS | self.few_bypass_bits(BYPASS_BITS);
            count -= BYPASS_BITS;
        }
        value << count | self.few_bypass_bits(count)
    }

    /// The same, at most [`BYPASS_BITS`].
    #[inline(always)]
    fn few_bypass_bits(&mut self, count: u32) -> u32 {
        let bits = self.next_bypass_bits(count);
        self.skip_bypass_bits(bits, count);
        bits
    }

    /// Looks at the next `count` bypass bins, at most [`BYPASS_BITS`], without passing over them: see [`Engine::skip_bypass_bits`].
    #[inline(always)]
    pub fn next_bypass_bits(&self, count: u32) -> u32 {
        (self.window >> (RANGE_SHIFT - count)) as u32 / (self.range >> RANGE_SHIFT) as u32
    }

    /// Passes over the `count` bypass bins whose values are `bits`.
    #[inline(always)]
    pub fn skip_bypass_bits(&mut self, bits: u32, count: u32) {
        self.window -= u64::from(bits) * (self.range >> count);
        self.consume(count);
    }

    /// Makes each bypass bin one whole bit (H.265, 9.3.4.3.6).
    pub fn align_bypass(&mut self) {
        self.range = 256 << RANGE_SHIFT;
    }

    /// DecodeTerminate.
    #[inline(never)]
    pub fn terminate(&mut self) -> bool {
        self.range -= 2 << RANGE_SHIFT;
        if self.window >= self.range {
            return true;
        }
        let shift = self.range.leading_zeros();
        self.range <<= shift;
        self.consume(shift);
        false
    }

    /// An Exp-Golomb suffix (9.3.2.3; 9.3.3.5) of order `bits`.
    #[inline(never)]
    pub fn suffix(&mut self, mut bits: u32) -> Read<u32> {
        let mut value = 0;
        while self.bypass() {
            value += 1 << bits;
            bits += 1;
            if bits > MAX_SUFFIX_BITS {
                return Err(Stop::Damaged("suffix too long"));
            }
        }
        Ok(value + self.bypass_bits(bits))
    }

    /// Counts bins of one context until one is 0, at most `max`.
    #[inline(always)]
    pub fn unary(&mut self, context: &mut Context, max: u32) -> u32 {
        // A copy stays in registers.
        let mut copy = *context;
        let count = (0..max).find(|_| !self.decision(&mut copy)).unwrap_or(max);
        *context = copy;
        count
    }
}
