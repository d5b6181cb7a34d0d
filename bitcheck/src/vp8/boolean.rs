//! The boolean entropy decoder (RFC 6386, 7).

/// Reads booleans of given probabilities from one partition. Past its end it reads zeros.
#[derive(Debug)]
pub struct BooleanDecoder<'a> {
    rest: &'a [u8],
    /// The data taken so far minus the lower end of the interval: 8 + `ahead` bits.
    value: u64,
    ahead: i32,
    range: u32,
    /// Bits taken past the end.
    beyond: i32,
}

impl<'a> BooleanDecoder<'a> {
    /// The value of `ahead` before the first boolean, and never after it.
    const UNTOUCHED: i32 = -8;

    /// Begins at the first byte.
    pub fn new(partition: &'a [u8]) -> Self {
        Self { rest: partition, value: 0, ahead: Self::UNTOUCHED, range: 255, beyond: 0 }
    }

    /// One boolean, false with `probability` / 256.
    #[inline]
    pub fn bool(&mut self, probability: u8) -> bool {
        if self.ahead < 0 {
            self.take();
        }
        let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
        let border = u64::from(split) << self.ahead;
        let bit = self.value >= border;
        if bit {
            self.value -= border;
            self.range -= split;
        } else {
            self.range = split;
        }
        let shift = self.range.leading_zeros() - 24;
        self.range <<= shift;
        self.ahead -= shift as i32;
        bit
    }

    /// One boolean that is as likely false as true.
    #[inline(never)]
    pub fn flag(&mut self) -> bool {
        self.bool(128)
    }

    /// An unsigned number of at most 16 bits.
    #[inline(never)]
    pub fn literal(&mut self, bits: u32) -> u16 {
        (0..bits).fold(0, |value, _| value << 1 | u16::from(self.flag()))
    }

    /// A leaf of `tree`. A node's index holds the two next nodes; a value of 0 or less is a leaf, negated.
    #[inline(never)]
    pub fn leaf(&mut self, tree: &[i8], probabilities: &[u8]) -> u8 {
        let mut node = 0;
        loop {
            let next = tree[node + usize::from(self.bool(probabilities[node >> 1]))];
            if next <= 0 {
                return next.unsigned_abs();
            }
            node = next as usize;
        }
    }

    #[inline(never)]
    fn take(&mut self) {
        if let Some((bytes, rest)) = self.rest.split_first_chunk::<4>() {
            self.value = self.value << 32 | u64::from(u32::from_be_bytes(*bytes));
            self.ahead += 32;
            self.rest = rest;
            return;
        }
        let (byte, rest) = self.rest.split_first().unwrap_or((&0, &[]));
        self.beyond += if self.rest.is_empty() { 8 } else { 0 };
        self.value = self.value << 8 | u64::from(*byte);
        self.ahead += 8;
        self.rest = rest;
    }

    /// Whether the booleans read so far need bits past the end. A decision looks at eight bits.
    pub fn is_beyond_end(&self) -> bool {
        self.rest.is_empty() && self.beyond > self.ahead && self.ahead != Self::UNTOUCHED
    }

    /// The number of undecided bytes, without zeros at the end.
    pub fn leftover(&self) -> usize {
        let ahead = (self.ahead - Self::UNTOUCHED).unsigned_abs();
        match self.rest.iter().rposition(|&byte| byte != 0) {
            Some(last) => ahead.div_ceil(8) as usize + last + 1,
            None if self.value != 0 => (ahead - self.value.trailing_zeros()).div_ceil(8) as usize,
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The encoder of RFC 6386, 7.3, with numbers of any length.
    fn encode(bits: &[(bool, u8)]) -> Vec<u8> {
        let (mut low, mut range, mut shifts) = (vec![0u8; bits.len() + 4], 255u32, 0usize);
        let mut add = |at: usize, value: u32| {
            // `value` is a byte; its top bit belongs at bit `at`.
            let mut carry = value << (8 - at % 8);
            let mut byte = at / 8 + 1;
            loop {
                let sum = u32::from(low[byte]) + (carry & 0xff);
                low[byte] = sum as u8;
                carry = (carry >> 8) + (sum >> 8);
                if carry == 0 {
                    return;
                }
                byte -= 1;
            }
        };
        for &(bit, probability) in bits {
            let split = 1 + (((range - 1) * u32::from(probability)) >> 8);
            if bit {
                add(shifts, split);
            }
            range = if bit { range - split } else { split };
            while range < 128 {
                (range, shifts) = (range * 2, shifts + 1);
            }
        }
        low.truncate(shifts / 8 + 2);
        low
    }

    fn bits() -> Vec<(bool, u8)> {
        (0u32..999).map(|i| (i.wrapping_mul(i).wrapping_mul(2_654_435_761) >> 27 == 3, (i * 37 % 256) as u8)).collect()
    }

    #[test]
    fn what_is_encoded_is_read_to_its_end() {
        let (bits, code) = (bits(), encode(&bits()));
        let mut decoder = BooleanDecoder::new(&code);
        for &(bit, probability) in &bits {
            assert_eq!(decoder.bool(probability), bit);
            assert!(!decoder.is_beyond_end());
        }
        assert_eq!(decoder.leftover(), 0);
    }

    #[test]
    fn what_is_missing_or_too_much_is_noticed() {
        let (bits, code) = (bits(), encode(&bits()));
        let read = |code: &[u8], bits: &[(bool, u8)]| {
            let mut decoder = BooleanDecoder::new(code);
            bits.iter().for_each(|&(_, probability)| _ = decoder.bool(probability));
            (decoder.is_beyond_end(), decoder.leftover())
        };
        assert_eq!(read(&code, &bits), (false, 0));
        assert!(read(&code[..code.len() - 2], &bits).0);
        let half = read(&code, &bits[..500]).1;
        assert!((code.len() / 4..code.len() * 3 / 4).contains(&half), "{half} of {}", code.len());
        assert_eq!(read(&[&code[..], &[0; 9]].concat(), &bits), (false, 0));
        assert!((9..=12).contains(&read(&[&code[..], &[1; 9]].concat(), &bits).1));
    }

    #[test]
    fn nothing_is_wrong_with_what_is_not_asked_for() {
        assert!(!BooleanDecoder::new(&[]).is_beyond_end());
        assert_eq!(BooleanDecoder::new(&[0; 4]).leftover(), 0);
        assert_eq!(BooleanDecoder::new(&[0, 1, 0]).leftover(), 2);
    }
}
