//! NAL units of a packet, and what those of H.264 and HEVC have in common (ITU-T H.264 | H.265, Annex B and clause 7.3.1).

use crate::finding::{Finding, Read, Stop, worse};

/// More pictures than a packet has: two fields, or a few frames that were not parted.
const MAX_PICTURES: usize = 16;

/// MPEG-2's sequence_end_code without its prefix (ISO/IEC 13818-2, 6.2.1). Programs that took over an old example of ffmpeg's put it
/// behind the last picture of any codec, and decoders pass over it.
const SEQUENCE_END: &[u8] = &[0xb7];

/// Where an AVCDecoderConfigurationRecord says how long lengths are.
pub const AVC_LENGTHS: usize = 4;
/// Where an HEVCDecoderConfigurationRecord does.
pub const HEVC_LENGTHS: usize = 21;

/// What is known of the packet that is being read.
#[derive(Clone, Debug, Default)]
pub struct Packet {
    /// Pictures that were begun.
    pictures: usize,
    /// Whether some of it was not read, so that nothing is said of what is missing.
    pub has_unread: bool,
    /// Whether it has a slice.
    pub has_slice: bool,
    /// Whether it has what a damaged slice could have become.
    pub has_unknown: bool,
}

impl Packet {
    /// Counts a picture; an error if there are too many to be read.
    pub fn begin_picture(&mut self) -> Read<()> {
        self.pictures += 1;
        if self.pictures > MAX_PICTURES { Err(Stop::Unread) } else { Ok(()) }
    }

    /// Makes damage of what is missing, if all was read.
    pub fn missing(&self, what: &'static str) -> Read<()> {
        if self.has_unread { Ok(()) } else { Err(Stop::Damaged(what)) }
    }

    /// What is found in all, where `finding` is what its NAL units and pictures say.
    pub fn end(&self, finding: Read<()>) -> Finding {
        let is_none = self.has_unknown && !self.has_slice;
        worse(finding, if is_none { Err(Stop::Damaged("no picture")) } else { Ok(()) }).into()
    }
}

/// Bytes of the length before each NAL unit (ISO/IEC 14496-15, 5.3.3.1.2 and 8.3.3.1.2: lengthSizeMinusOne); `None` if the record is not
/// there or is parameter sets behind start codes. `at` is where the record says it: [`AVC_LENGTHS`] or [`HEVC_LENGTHS`].
pub fn length_bytes(record: Option<&[u8]>, at: usize) -> Option<usize> {
    let record = record.filter(|record| record.first() == Some(&1))?;
    record.get(at).map(|lengths| usize::from(lengths & 3) + 1)
}

/// Calls `read` with each NAL unit of a packet, before which are lengths of `length_bytes` bytes, or start codes.
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
                // Some encoders end a sequence behind a start code even here.
                finding = worse(finding, read_start_codes(nal_unit, read));
                packet = behind;
            }
            Ok(None) => return finding,
            Err(stop) => return worse(finding, Err(stop)),
        }
    }
}

/// Calls `read` with each NAL unit that has bytes; between them are start codes.
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

/// Some files say that lengths precede their NAL units, and have start codes.
fn begins_with_start_code(packet: &[u8]) -> bool {
    let is_too_long = |length: &[u8; 4]| u32::from_be_bytes(*length) as usize > packet.len();
    packet.starts_with(&[0, 0, 0, 1]) && packet.get(5..).and_then(<[u8]>::first_chunk).is_some_and(is_too_long)
}

/// What follows the first start code (Annex B), before which are zeros only.
fn behind_start_code(packet: &[u8]) -> Read<&[u8]> {
    match packet.iter().position(|&byte| byte != 0) {
        None => Ok(&[]),
        Some(one @ 2..) if packet[one] == 1 => Ok(&packet[one + 1..]),
        Some(_) => Err(Stop::Damaged("no start code")),
    }
}

/// The NAL unit that `bytes` begin with, and what follows the next start code.
fn up_to_start_code(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let mut at = 2;
    // `at` is where the third byte of a start code could be.
    while let Some(&third) = bytes.get(at) {
        if third == 1 && bytes[at - 2..at] == [0, 0] {
            return Some((&bytes[..at - 2], &bytes[at + 1..]));
        }
        at += if third == 0 { 1 } else { 3 };
    }
    Some((bytes, &[]))
}

/// The NAL unit behind a length of `bytes` bytes, and what follows it; `None` where there is no length.
pub fn behind_length(packet: &[u8], bytes: usize) -> Read<Option<(&[u8], &[u8])>> {
    let Some((length, behind)) = packet.split_at_checked(bytes) else { return Ok(None) };
    let length = length.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
    behind.split_at_checked(length).map(Some).ok_or(Stop::Damaged("NAL unit longer than the packet"))
}

/// Whether messages fill supplemental enhancement information (7.3.2.3).
pub fn is_whole_sei(mut rbsp: &[u8]) -> bool {
    while rbsp.len() > 1 {
        // payloadType, and then payloadSize.
        for part in 0..2 {
            let more = rbsp.iter().take_while(|&&byte| byte == 0xff).count();
            let Some(&last) = rbsp.get(more) else { return false };
            let size = if part == 0 { 0 } else { 255 * more + usize::from(last) };
            let Some(behind) = rbsp.get(more + 1 + size..) else { return false };
            rbsp = behind;
        }
    }
    // Some leave rbsp_trailing_bits out.
    matches!(rbsp, [] | [0x80])
}
