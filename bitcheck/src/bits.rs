//! Reads the bits of a NAL unit, and its codes of single values (ITU-T H.264, clauses 7.3.1 and 9.1; H.265, clauses 7.3.1 and 9.2).

use crate::finding::{Read, Stop};

/// Finds two zeros followed by a byte from 1 to 3; yields that byte and its place. A 3 is an escape; an encoder would have escaped
/// a 1 or 2.
fn patterns(nal_unit: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let mut at = 2;
    std::iter::from_fn(move || {
        // `at` is a candidate for the third byte of a pattern: two zeros may precede it.
        loop {
            let &third = nal_unit.get(at)?;
            at += if third == 0 { 1 } else { 3 };
            if matches!(third, 1..=3) && nal_unit[at - 5..at - 3] == [0, 0] {
                return Some((at - 3, third));
            }
        }
    })
}

/// Yields the places of a NAL unit's emulation prevention bytes.
pub fn escapes(nal_unit: &[u8]) -> impl Iterator<Item = usize> {
    patterns(nal_unit).filter(|&(_, third)| third == 3).map(|(at, _)| at)
}

/// Writes a NAL unit's raw byte sequence payload to `rbsp`: the unit without emulation prevention bytes and without the zeros
/// behind its last bit. Returns false if the unit has bytes that an encoder would have escaped.
pub fn unescape(nal_unit: &[u8], rbsp: &mut Vec<u8>) -> bool {
    rbsp.clear();
    let mut is_escaped = true;
    let mut taken = 0;
    for (at, third) in patterns(nal_unit) {
        if third == 3 {
            rbsp.extend_from_slice(&nal_unit[taken..at]);
            taken = at + 1;
        } else {
            is_escaped = false;
        }
    }
    rbsp.extend_from_slice(&nal_unit[taken..]);
    let end = rbsp.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    rbsp.truncate(end);
    is_escaped
}

/// Reads bits up to rbsp_stop_one_bit. Reading past the end gives zeros, and [`Bits::check`] then fails.
#[derive(Clone, Debug)]
pub struct Bits<'a> {
    rbsp: &'a [u8],
    position: usize,
    /// Position of rbsp_stop_one_bit.
    end: usize,
}

impl<'a> Bits<'a> {
    /// `rbsp` as [`unescape`] writes it.
    pub fn new(rbsp: &'a [u8]) -> Self {
        let last = rbsp.last().map_or(0, |byte| byte.trailing_zeros() as usize);
        Self { rbsp, position: 0, end: (8 * rbsp.len()).saturating_sub(last + 1) }
    }

    /// The number of bits read.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The number of bits up to the next byte boundary.
    pub fn alignment(&self) -> usize {
        self.position.next_multiple_of(8) - self.position
    }

    /// The bytes from the next byte boundary on.
    pub fn bytes(&self) -> &'a [u8] {
        self.rbsp.get(self.position.div_ceil(8)..).unwrap_or_default()
    }

    /// more_rbsp_data( ).
    pub fn has_more(&self) -> bool {
        self.position < self.end
    }

    /// Fails if more was read than there is.
    pub fn check(&self) -> Read<()> {
        if self.position > self.end { Err(Stop::Damaged("read past the end")) } else { Ok(()) }
    }

    /// The next 32 bits, without passing over them.
    #[inline]
    pub fn peek(&self) -> u32 {
        let byte = self.position / 8;
        let shift = self.position % 8;
        let eight = match self.rbsp.get(byte..byte + 8) {
            Some(eight) => u64::from_be_bytes(eight.try_into().expect("8 bytes")),
            None => self.last_bytes(byte),
        };
        (eight << shift >> 32) as u32
    }

    /// The same from fewer than eight bytes, as if zeros followed.
    #[cold]
    #[inline(never)]
    fn last_bytes(&self, byte: usize) -> u64 {
        let rest = self.rbsp.get(byte..).unwrap_or_default();
        (0..8).fold(0, |all, i| all << 8 | u64::from(rest.get(i).copied().unwrap_or(0)))
    }

    /// Passes over `count` bits.
    #[inline]
    pub fn skip(&mut self, count: usize) {
        self.position += count;
    }

    /// u(`count`), at most 32.
    #[inline]
    pub fn u(&mut self, count: usize) -> u32 {
        if count == 0 {
            return 0;
        }
        let value = self.peek() >> (32 - count);
        self.skip(count);
        value
    }

    /// u(1).
    #[inline]
    pub fn flag(&mut self) -> bool {
        let byte = self.rbsp.get(self.position / 8).copied().unwrap_or(0);
        let flag = byte << (self.position % 8) & 0x80 != 0;
        self.skip(1);
        flag
    }

    /// ue(v).
    #[inline]
    pub fn ue(&mut self) -> Read<u32> {
        let zeros = self.peek().leading_zeros() as usize;
        if zeros > 31 {
            return Err(Stop::Damaged("Exp-Golomb code too long"));
        }
        self.skip(zeros + 1);
        Ok((1 << zeros) - 1 + self.u(zeros))
    }

    /// se(v).
    #[inline]
    pub fn se(&mut self) -> Read<i32> {
        let code = self.ue()?;
        let magnitude = code.div_ceil(2) as i32;
        Ok(if code % 2 == 1 { magnitude } else { -magnitude })
    }

    /// ue(v), at most `max`.
    #[inline(never)]
    pub fn ue_to(&mut self, max: u32, what: &'static str) -> Read<u32> {
        let value = self.ue()?;
        if value > max { Err(Stop::Damaged(what)) } else { Ok(value) }
    }

    /// se(v), from `min` to `max`.
    #[inline(never)]
    pub fn se_within(&mut self, min: i32, max: i32, what: &'static str) -> Read<i32> {
        let value = self.se()?;
        if (min..=max).contains(&value) { Ok(value) } else { Err(Stop::Damaged(what)) }
    }
}

/// [`Bits`] for headers, which take no time to read: nothing is inlined, so the program stays small.
#[derive(Clone, Debug)]
pub struct HeaderBits<'a>(pub(super) Bits<'a>);

#[inline(never)]
fn header_u(bits: &mut Bits, count: usize) -> u32 {
    bits.u(count)
}

#[inline(never)]
fn header_ue(bits: &mut Bits) -> Read<u32> {
    bits.ue()
}

impl<'a> HeaderBits<'a> {
    /// [`Bits::new`].
    pub fn new(rbsp: &'a [u8]) -> Self {
        Self(Bits::new(rbsp))
    }

    /// [`Bits::alignment`].
    pub fn alignment(&self) -> usize {
        self.0.alignment()
    }

    /// [`Bits::bytes`].
    pub fn bytes(&self) -> &'a [u8] {
        self.0.bytes()
    }

    /// [`Bits::check`].
    pub fn check(&self) -> Read<()> {
        self.0.check()
    }

    /// [`Bits::skip`].
    pub fn skip(&mut self, count: usize) {
        self.0.skip(count);
    }

    /// [`Bits::u`].
    pub fn u(&mut self, count: usize) -> u32 {
        header_u(&mut self.0, count)
    }

    /// [`Bits::flag`].
    pub fn flag(&mut self) -> bool {
        self.u(1) == 1
    }

    /// [`Bits::ue`].
    pub fn ue(&mut self) -> Read<u32> {
        header_ue(&mut self.0)
    }

    /// Passes over `count` codes of ue(v).
    #[inline(never)]
    pub fn skip_ue(&mut self, count: usize) -> Read<()> {
        (0..count).try_for_each(|_| self.ue().map(drop))
    }

    /// [`Bits::ue_to`].
    pub fn ue_to(&mut self, max: u32, what: &'static str) -> Read<u32> {
        self.0.ue_to(max, what)
    }

    /// [`Bits::se_within`].
    pub fn se_within(&mut self, min: i32, max: i32, what: &'static str) -> Read<i32> {
        self.0.se_within(min, max, what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescaped(nal_unit: &[u8]) -> (Vec<u8>, bool) {
        let mut rbsp = vec![9];
        let is_escaped = unescape(nal_unit, &mut rbsp);
        (rbsp, is_escaped)
    }

    #[test]
    fn emulation_prevention_and_zeros_at_the_end_go() {
        assert_eq!(unescaped(&[]), (vec![], true));
        assert_eq!(unescaped(&[1, 0, 0, 3, 1]), (vec![1, 0, 0, 1], true));
        assert_eq!(unescaped(&[0, 0, 3, 0, 0, 3, 3, 0, 3]), (vec![0, 0, 0, 0, 3, 0, 3], true));
        assert_eq!(unescaped(&[0x80, 0, 0, 3, 0, 0, 3]), (vec![0x80], true));
        assert_eq!(unescaped(&[7, 0, 0, 1, 5, 0]), (vec![7, 0, 0, 1, 5], false));
        assert_eq!(unescaped(&[7, 0, 0, 0, 3, 5]), (vec![7, 0, 0, 0, 5], true));
        // Tries the pattern at every place.
        for before in 0..5 {
            let nal_unit = [vec![0x11; before], vec![0, 0, 3, 0, 1]].concat();
            assert_eq!(unescaped(&nal_unit), ([vec![0x11; before], vec![0, 0, 0, 1]].concat(), true));
        }
    }

    #[test]
    fn values_and_the_end() {
        // 1 010 011 00100 00101, then the stop bit.
        let rbsp = [0b1010_0110, 0b0100_0010, 0b1100_0000];
        let mut bits = Bits::new(&rbsp);
        let values: Vec<u32> = (0..4).map(|_| bits.ue().unwrap()).collect();
        assert_eq!(values, [0, 1, 2, 3]);
        assert!(bits.has_more());
        assert_eq!(bits.se().unwrap(), -2);
        assert!(!bits.has_more() && bits.check().is_ok());
        assert!(bits.flag() && bits.check().is_err());
        assert!(Bits::new(&[0, 0, 0, 0, 0x80]).ue().is_err());
        assert_eq!(Bits::new(&[0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]).ue().unwrap(), u32::MAX - 1);
        assert!(!Bits::new(&[]).has_more());
    }
}
