//! The arithmetic decoding engine of CABAC, which H.264 and HEVC have in common (ITU-T H.264, clause 9.3.3.2; H.265, clause
//! 9.3.4.3).

use super::{Read, Stop};

/// The last pStateIdx that adapts.
const LAST_STATE: u8 = 62;
/// More bits than the suffix of any value has.
const MAX_SUFFIX_BITS: u32 = 24;
/// Where codIRange and codIOffset begin in a window of 64 bits.
const RANGE_SHIFT: u32 = 55;
/// How many bits of bypass are taken at once.
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

/// The state of a context is 2 * pStateIdx + valMPS. This is the one after a more probable symbol, and 128 further on after a
/// less probable one.
const NEXT_STATE: [u8; 256] = {
    let mut next = [0; 256];
    let mut i = 0;
    while i < 128 {
        let state = i as u8;
        next[i] = if state / 2 < LAST_STATE { state + 2 } else { state };
        let flips = (i < 2) as u8;
        next[128 + i] = 2 * NEXT_AFTER_LPS[i / 2] + ((state % 2) ^ flips);
        i += 1;
    }
    next
};

/// The state that a context begins with at SliceQPY (H.264, 9.3.1.1; H.265, 9.3.2.2).
pub fn start_state(m: i32, n: i32, qp: i32) -> u8 {
    let start = (((m * qp.clamp(0, 51)) >> 4) + n).clamp(1, 126) as u8;
    if start <= 63 { 2 * (63 - start) } else { 2 * (start - 64) + 1 }
}

/// The arithmetic decoding engine. Behind the end of its data are zeros; [`Engine::check`] tells.
#[derive(Clone, Debug)]
pub struct Engine<'a> {
    data: &'a [u8],
    /// Bytes taken into `window`.
    taken: usize,
    /// codIOffset in the upper 9 bits, and behind it as many bits as `ahead` says.
    window: u64,
    ahead: u32,
    /// codIRange.
    range: u32,
}

impl<'a> Engine<'a> {
    /// Begins with the first of `data`.
    pub fn new(data: &'a [u8]) -> Self {
        Self::at(data, 0)
    }

    fn at(data: &'a [u8], taken: usize) -> Self {
        let mut engine = Self { data, taken, window: 0, ahead: 0, range: 510 };
        let first = engine.take_4();
        engine.window = u64::from(first) << 32;
        engine.ahead = 23;
        engine
    }

    #[inline(always)]
    fn take_4(&mut self) -> u32 {
        let four = match self.data.get(self.taken..self.taken + 4) {
            Some(four) => u32::from_be_bytes(four.try_into().expect("4 bytes")),
            None => (0..4).fold(0, |all, i| all << 8 | u32::from(self.data.get(self.taken + i).copied().unwrap_or(0))),
        };
        self.taken += 4;
        four
    }

    /// Goes on by `count` bits, at most [`BYPASS_BITS`]; as many are ahead before and after.
    #[inline(always)]
    fn consume(&mut self, count: u32) {
        self.window <<= count;
        self.ahead -= count;
        if self.ahead < BYPASS_BITS {
            let four = self.take_4();
            self.window |= u64::from(four) << (RANGE_SHIFT - 32 - self.ahead);
            self.ahead += 32;
        }
    }

    /// How many bits the engine of the standard would have read.
    fn position(&self) -> usize {
        8 * self.taken - self.ahead as usize
    }

    /// How many bits there are behind the last one that was read, which ends a slice's data if the last bin did.
    pub fn bits_left(&self) -> usize {
        (8 * self.data.len()).saturating_sub(self.position())
    }

    /// Where the next byte begins, in the data.
    pub fn next_byte(&self) -> usize {
        self.position().div_ceil(8)
    }

    /// An error if more was read than there is.
    pub fn check(&self) -> Read<()> {
        if self.position() > 8 * self.data.len() { Err(Stop::Damaged("read past the end")) } else { Ok(()) }
    }

    /// Begins again (9.3.1.2; 9.3.2.5), `count` bytes behind the next byte.
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
    pub fn decision(&mut self, state: &mut u8) -> bool {
        let now = *state & 127;
        let lps = u32::from(RANGE_LPS[usize::from(now / 2)][(self.range >> 6 & 3) as usize]);
        let mps = self.range - lps;
        let limit = u64::from(mps) << RANGE_SHIFT;
        let is_lps = self.window >= limit;
        let mask = u32::from(is_lps).wrapping_neg();
        self.window -= limit & u64::from(is_lps).wrapping_neg();
        let range = mps ^ ((mps ^ lps) & mask);
        let shift = range.leading_zeros() - 23;
        *state = NEXT_STATE[usize::from(now | u8::from(is_lps) << 7)];
        self.range = range << shift;
        self.consume(shift);
        (now & 1 == 1) ^ is_lps
    }

    /// DecodeBypass.
    #[inline(always)]
    pub fn bypass(&mut self) -> bool {
        // The range is halved rather than the offset doubled, which may need 10 bits.
        let limit = u64::from(self.range) << (RANGE_SHIFT - 1);
        let bin = self.window >= limit;
        self.window -= limit & u64::from(bin).wrapping_neg();
        self.consume(1);
        bin
    }

    /// `count` bins of DecodeBypass, at most 32, the first one as the most significant bit.
    #[inline(always)]
    pub fn bypass_bits(&mut self, mut count: u32) -> u32 {
        let mut value = 0;
        while count > BYPASS_BITS {
            value = value << BYPASS_BITS | self.few_bypass_bits(BYPASS_BITS);
            count -= BYPASS_BITS;
        }
        value << count | self.few_bypass_bits(count)
    }

    /// At most [`BYPASS_BITS`].
    #[inline(always)]
    fn few_bypass_bits(&mut self, count: u32) -> u32 {
        let bits = self.next_bypass_bits(count);
        self.skip_bypass_bits(bits, count);
        bits
    }

    /// The next `count` bins of DecodeBypass, at most [`BYPASS_BITS`], to which [`Engine::skip_bypass_bits`] belongs.
    #[inline(always)]
    pub fn next_bypass_bits(&self, count: u32) -> u32 {
        (self.window >> (RANGE_SHIFT - count)) as u32 / self.range
    }

    /// Goes on behind the `count` bins that `bits` are.
    #[inline(always)]
    pub fn skip_bypass_bits(&mut self, bits: u32, count: u32) {
        self.window -= u64::from(bits * self.range) << (RANGE_SHIFT - count);
        self.consume(count);
    }

    /// Makes bypass bins whole bits (H.265, 9.3.4.3.6).
    pub fn align_bypass(&mut self) {
        self.range = 256;
    }

    /// DecodeTerminate.
    #[inline(never)]
    pub fn terminate(&mut self) -> bool {
        self.range -= 2;
        if self.window >= u64::from(self.range) << RANGE_SHIFT {
            return true;
        }
        let shift = u32::from(self.range < 256);
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

    /// The bins of one context until one is 0, at most `max`.
    #[inline(always)]
    pub fn unary(&mut self, state: &mut u8, max: u32) -> u32 {
        (0..max).find(|_| !self.decision(state)).unwrap_or(max)
    }
}
