//! Binary arithmetic coding: codes bit after bit, each with the probability that it is set.
//!
//! After M. Mahoney, "Data Compression Explained", 4.1: an interval of 32 bits is divided in proportion, and a byte is written once
//! both ends agree on it. Integers only, so that every machine writes the same bytes.

/// A probability that adapts to the bits it meets.
#[derive(Clone, Copy, Debug)]
pub struct Learned {
    /// The probability of a set bit, in parts of 2^16.
    set: u16,
    /// Bits met so far, up to [`Self::MEMORY`].
    met: u16,
}

impl Learned {
    /// The number of bits that matter: the first ones change the probability fast, later ones hardly.
    const MEMORY: u16 = 60;

    fn learn(&mut self, bit: bool) {
        let (set, divisor) = (i32::from(self.set), i32::from(self.met) * 2 + 3);
        let target = if bit { 0xffff } else { 0 };
        // Stays within 32..=65503, so both bits always have a part of the interval.
        self.set = (set + (target - set) * 2 / divisor).clamp(32, 0xffff - 32) as u16;
        self.met = (self.met + 1).min(Self::MEMORY);
    }
}

impl Default for Learned {
    fn default() -> Self {
        Self { set: 1 << 15, met: 0 }
    }
}

/// The interval that remains.
#[derive(Debug)]
struct Interval {
    low: u32,
    high: u32,
}

impl Interval {
    const ALL: Self = Self { low: 0, high: u32::MAX };

    /// The last value that means a set bit.
    fn border(&self, probability: &Learned) -> u32 {
        let width = u64::from(self.high - self.low);
        self.low + ((width * u64::from(probability.set)) >> 16) as u32
    }

    fn narrow(&mut self, border: u32, bit: bool) {
        if bit { self.high = border } else { self.low = border + 1 }
    }

    /// Takes the first byte if both ends agree on it.
    fn settled(&mut self) -> Option<u8> {
        let is_settled = (self.low ^ self.high) >> 24 == 0;
        is_settled.then(|| {
            let byte = (self.high >> 24) as u8;
            self.low <<= 8;
            self.high = self.high << 8 | 0xff;
            byte
        })
    }
}

/// Encodes bits to bytes.
#[derive(Debug)]
pub struct Encoder {
    interval: Interval,
    bytes: Vec<u8>,
}

impl Encoder {
    /// An encoder without bytes.
    pub fn new() -> Self {
        Self { interval: Interval::ALL, bytes: Vec::new() }
    }

    /// The bytes so far.
    pub fn finish(mut self) -> Vec<u8> {
        // Readers see zeros after the end, so one byte above the interval's lower end is enough.
        if self.interval.low > 0 {
            self.bytes.push((self.interval.low >> 24) as u8 + 1);
        }
        self.bytes
    }
}

/// Decodes bytes to bits.
#[derive(Debug)]
pub struct Decoder<'a> {
    interval: Interval,
    value: u32,
    rest: &'a [u8],
}

impl<'a> Decoder<'a> {
    /// Starts at the first byte. After the last, zeros are read.
    pub fn new(bytes: &'a [u8]) -> Self {
        let mut decoder = Self { interval: Interval::ALL, value: 0, rest: bytes };
        (0..4).for_each(|_| decoder.shift());
        decoder
    }

    fn shift(&mut self) {
        let (&first, rest) = self.rest.split_first().unwrap_or((&0, &[]));
        (self.value, self.rest) = (self.value << 8 | u32::from(first), rest);
    }
}

/// Encoder or decoder, so that one description of the data serves both.
pub trait Coder {
    /// Codes `bit`, or ignores it and decodes one; returns the coded bit.
    fn bit(&mut self, bit: bool, probability: &mut Learned) -> bool;
}

impl Coder for Encoder {
    fn bit(&mut self, bit: bool, probability: &mut Learned) -> bool {
        self.interval.narrow(self.interval.border(probability), bit);
        self.bytes.extend(std::iter::from_fn(|| self.interval.settled()));
        probability.learn(bit);
        bit
    }
}

impl Coder for Decoder<'_> {
    fn bit(&mut self, _: bool, probability: &mut Learned) -> bool {
        let border = self.interval.border(probability);
        let bit = self.value <= border;
        self.interval.narrow(border, bit);
        while self.interval.settled().is_some() {
            self.shift();
        }
        probability.learn(bit);
        bit
    }
}
