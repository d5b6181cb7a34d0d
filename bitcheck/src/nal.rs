//! Splits a packet into NAL units, and holds what H.264 and HEVC share (ITU-T H.264 | H.265, Annex B and clause 7.3.1).

use crate::finding::{Finding, Read, Stop, worse};

/// More pictures than one packet has: two fields, or a few frames that a demuxer did not separate.
const MAX_PICTURES: usize = 16;

/// MPEG-2's sequence_end_code without its prefix (ISO/IEC 13818-2, 6.2.1). Programs built on an old ffmpeg example write it after
/// the last picture of any codec, and decoders ignore it.
const SEQUENCE_END: &[u8] = &[0xb7];

/// Byte of an AVCDecoderConfigurationRecord that holds lengthSizeMinusOne.
pub const AVC_LENGTHS: usize = 4;
/// Byte of an HEVCDecoderConfigurationRecord that holds lengthSizeMinusOne.
pub const HEVC_LENGTHS: usize = 21;

/// What is known of the packet being read.
#[derive(Clone, Debug, Default)]
pub struct Packet {
    /// The number of pictures begun.
    pictures: usize,
    /// Whether some of it was not read; then nothing can be called missing.
    pub has_unread: bool,
    /// Whether it has a slice.
    pub has_slice: bool,
    /// Whether it has a unit that a damaged slice could have become.
    pub has_unknown: bool,
}

impl Packet {
    /// Counts a picture; fails if there are too many to read.
    pub fn begin_picture(&mut self) -> Read<()> {
        self.pictures += 1;
        if self.pictures > MAX_PICTURES { Err(Stop::Unread) } else { Ok(()) }
    }

    /// Reports missing data as damage, if everything was read.
    pub fn missing(&self, what: &'static str) -> Read<()> {
        if self.has_unread { Ok(()) } else { Err(Stop::Damaged(what)) }
    }

    /// The packet's finding; `finding` is that of its NAL units and pictures.
    pub fn end(&self, finding: Read<()>) -> Finding {
        let is_none = self.has_unknown && !self.has_slice;
        worse(finding, if is_none { Err(Stop::Damaged("no picture")) } else { Ok(()) }).into()
    }
}

/// Bytes of the length before each NAL unit (ISO/IEC 14496-15, 5.3.3.1.2 and 8.3.3.1.2: lengthSizeMinusOne), from byte `at` of the
/// record: [`AVC_LENGTHS`] or [`HEVC_LENGTHS`]. `None` if there is no record, it is too short, or it is parameter sets behind start
/// codes.
///
/// Accepts any configurationVersion: files from before the standard of 2014 have version 0, and ffmpeg decodes them.
pub fn length_bytes(record: Option<&[u8]>, at: usize) -> Option<usize> {
    let record = record.filter(|record| behind_start_code(record).is_err())?;
    record.get(at).map(|lengths| usize::from(lengths & 3) + 1)
}

/// Calls `read` with each NAL unit of a packet. Lengths of `length_bytes` bytes precede the units, or start codes if `None`.
pub fn read_packet(packet: &[u8], length_bytes: Option<usize>, read: &mut impl FnMut(&[u8]) -> Read<()>) -> Read<()> {
    match length_bytes.filter(|&bytes| bytes != 4 || !begins_with_start_code(packet)) {
        Some(bytes) => read_lengths(packet, bytes, read),
        None => behind_start_code(packet).and_then(|packet| read_start_codes(packet, read)),
    }
}

fn read_lengths(mut packet: &[u8], bytes: usize, read: &mut impl FnMut(&[u8]) -> Read<()>) -> Read<()> {
    let mut finding = Ok(());
    loop {
        match behind_length(packet, bytes) {
            Ok(Some((nal_unit, behind))) => {
                // Some encoders end a sequence with a start code even here.
                finding = worse(finding, read_start_codes(nal_unit, read));
                packet = behind;
            }
            Ok(None) => return finding,
            Err(stop) => return worse(finding, Err(stop)),
        }
    }
}

/// Calls `read` with each NAL unit that is not empty; start codes separate them.
pub fn read_start_codes(mut bytes: &[u8], read: &mut impl FnMut(&[u8]) -> Read<()>) -> Read<()> {
    let mut finding = Ok(());
    while let Some((nal_unit, behind)) = up_to_start_code(bytes) {
        if !nal_unit.is_empty() && nal_unit != SEQUENCE_END {
            finding = worse(finding, read(nal_unit));
        }
        bytes = behind;
    }
    finding
}

/// Whether a packet has start codes although its record promises lengths, as in some files.
fn begins_with_start_code(packet: &[u8]) -> bool {
    let is_too_long = |length: &[u8; 4]| u32::from_be_bytes(*length) as usize > packet.len();
    packet.starts_with(&[0, 0, 0, 1]) && packet.get(5..).and_then(<[u8]>::first_chunk).is_some_and(is_too_long)
}

/// What follows the first start code (Annex B); only zeros may precede it.
fn behind_start_code(packet: &[u8]) -> Read<&[u8]> {
    match packet.iter().position(|&byte| byte != 0) {
        None => Ok(&[]),
        Some(one @ 2..) if packet[one] == 1 => Ok(&packet[one + 1..]),
        Some(_) => Err(Stop::Damaged("no start code")),
    }
}

/// The first NAL unit of `bytes`, and what follows the next start code.
fn up_to_start_code(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let mut at = 2;
    // `at` is a candidate for the third byte of a start code.
    while let Some(&third) = bytes.get(at) {
        if third == 1 && bytes[at - 2..at] == [0, 0] {
            return Some((&bytes[..at - 2], &bytes[at + 1..]));
        }
        at += if third == 0 { 1 } else { 3 };
    }
    Some((bytes, &[]))
}

/// Whether a packet is certainly damaged, seen without parsing: its lengths do not add up to the packet, a unit sets
/// forbidden_zero_bit, or holds bytes that no unit holds. `length_bytes` as in [`read_packet`].
pub fn is_broken(packet: &[u8], length_bytes: Option<usize>) -> bool {
    let Some(bytes) = length_bytes else { return has_forbidden_bytes(packet) };
    let mut left = packet;
    // Trailing bytes that are too few for a length make the packet broken.
    while left.len() > bytes {
        let (length, behind) = left.split_at(bytes);
        let length = length.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
        let unit = &behind[..length.min(behind.len())];
        let is_end = length == 1 && unit == SEQUENCE_END;
        let has_forbidden_bit = behind[0] & 0x80 != 0;
        if length == 0 || has_forbidden_bit && !is_end || length > behind.len() || has_forbidden_bytes(unit) {
            return true;
        }
        left = &behind[length..];
    }
    !left.is_empty()
}

/// Whether two zeros are followed by a byte that never follows them (ITU-T H.264 | H.265, 7.4.1). Zeros at the end are padding by
/// some programs. A start code may also stand within a unit that has a length.
fn has_forbidden_bytes(unit: &[u8]) -> bool {
    let mut at = 0;
    while let Some(zero) = unit[at..].iter().position(|&byte| byte == 0) {
        at += zero;
        let zeros = unit[at..].iter().take_while(|&&byte| byte == 0).count();
        let Some(&next) = unit.get(at + zeros) else { return false };
        if zeros >= 2 && next != 1 && (zeros > 2 || next == 2) {
            return true;
        }
        at += zeros;
    }
    false
}

/// The NAL unit after a length of `bytes` bytes, and what follows it; `None` if no length is left.
pub fn behind_length(packet: &[u8], bytes: usize) -> Read<Option<(&[u8], &[u8])>> {
    let Some((length, behind)) = packet.split_at_checked(bytes) else { return Ok(None) };
    let length = length.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
    behind.split_at_checked(length).map(Some).ok_or(Stop::Damaged("NAL unit longer than the packet"))
}

/// Whether messages fill the supplemental enhancement information exactly (7.3.2.3).
pub fn is_whole_sei(mut rbsp: &[u8]) -> bool {
    while rbsp.len() > 1 {
        // First payloadType, then payloadSize.
        for part in 0..2 {
            let more = rbsp.iter().take_while(|&&byte| byte == 0xff).count();
            let Some(&last) = rbsp.get(more) else { return false };
            let size = if part == 0 { 0 } else { 255 * more + usize::from(last) };
            let Some(behind) = rbsp.get(more + 1 + size..) else { return false };
            rbsp = behind;
        }
    }
    // Some encoders omit rbsp_trailing_bits.
    matches!(rbsp, [] | [0x80])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_start_codes_make_a_record_none() {
        let lengths = |start: &[u8]| length_bytes(Some(&[start, &[0xfe; 22]].concat()), HEVC_LENGTHS);
        assert_eq!(lengths(&[1, 1, 0x60]), Some(3));
        assert_eq!(lengths(&[0, 1, 0x60]), Some(3), "before the standard the version was 0");
        assert_eq!([lengths(&[0, 0, 1]), lengths(&[0, 0, 0, 1])], [None; 2]);
        assert_eq!([length_bytes(None, AVC_LENGTHS), length_bytes(Some(&[1, 100, 0, 31]), AVC_LENGTHS)], [None; 2]);
    }

    #[test]
    fn what_no_encoder_writes_is_broken() {
        let lengths = |packet: &[u8]| is_broken(packet, Some(4));
        assert!(!lengths(&[0, 0, 0, 2, 0x65, 1, 0, 0, 0, 1, 0x41]));
        assert!(!lengths(&[]) && lengths(&[0, 0, 0]), "a length that is cut off");
        assert!(lengths(&[0, 0, 0, 3, 0x65, 1]), "a unit longer than the packet");
        assert!(lengths(&[0, 0, 0, 0, 0x65]), "no unit");
        assert!(lengths(&[0, 0, 0, 1, 0xe5]), "forbidden_zero_bit");
        assert!(!lengths(&[0, 0, 0, 1, 0xb7]), "an end that MPEG-2 has");
        assert!(lengths(&[0, 0, 0, 5, 0x65, 0, 0, 0, 5]), "three zeros");
        assert!(!lengths(&[0, 0, 0, 4, 0x65, 0, 0, 0]), "zeros at the end");
        assert!(lengths(&[0, 0, 0, 5, 0x65, 0, 0, 2, 5]), "a two behind two zeros");
        assert!(!lengths(&[0, 0, 0, 6, 0x65, 0, 0, 3, 0, 5]) && !lengths(&[0, 0, 0, 5, 0x65, 0, 0, 1, 0x41]));
        assert!(!is_broken(&[0, 0, 0, 1, 0x65, 1, 0, 0, 1, 0x41], None));
        assert!(is_broken(&[0, 0, 0, 1, 0x65, 0, 0, 2], None));
    }
}
