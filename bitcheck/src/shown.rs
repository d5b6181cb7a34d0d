//! Counts the frames that a video's packets show, to compare with the frames that a decoder gave.
//!
//! In: the packets in decoding order, of which only headers are read. Out: whether frames are missing. Decoders drop frames
//! silently if they learn too late how far frames are reordered, or have nothing to start from. So no result is called whole unless
//! the numbers agree. Codecs whose packets do not tell are not counted.

use super::av1::{FRAME, FRAME_HEADER, SEQUENCE_HEADER, leb128};
use super::bits::{Bits, unescape};
use super::nal::{self, HEVC_LENGTHS};
use crate::finding::Read;
use crate::h264;

/// Codecs whose packets are one independent frame each, by ffmpeg's names.
const ONE_EACH: [&str; 16] = [
    "cfhd", "dnxhd", "dvvideo", "ffv1", "ffvhuff", "flv1", "h263", "hap", "huffyuv", "jpeg2000", "mjpeg", "png",
    "prores", "rawvideo", "utvideo", "v210",
];
/// HEVC NAL unit types (Table 7-1): skipped leading pictures (RASL), broken links (BLA), end of a sequence.
const RASL: [u8; 2] = [8, 9];
const BLA: [u8; 3] = [16, 17, 18];
const END_OF_SEQUENCE: u8 = 36;
const PPS: u8 = 34;
/// MPEG-1 and MPEG-2 (ISO/IEC 13818-2, 6.2.1): start codes of picture and extension, and the number of the picture coding
/// extension.
const PICTURE: u8 = 0x00;
const EXTENSION: u8 = 0xb5;
const PICTURE_CODING: u8 = 8;
/// picture_structure of a frame (Table 6-14); other values are fields.
const FRAME_STRUCTURE: u8 = 3;
/// MPEG-4 part 2 (ISO/IEC 14496-2, Table 6-3): start codes of a video object plane and a video object layer.
const VOP: u8 = 0xb6;
const FIRST_VOL: u8 = 0x20;
const LAST_VOL: u8 = 0x2f;
/// aspect_ratio_info of a ratio that is written out (Table 6-12).
const EXTENDED_PAR: u32 = 15;
/// Bits of vbv_parameters (6.2.3).
const VBV_BITS: usize = 79;

/// Counts the frames that the packets of one video must show.
#[derive(Debug)]
pub struct FrameTally {
    counter: Counter,
    first_key: Option<i64>,
    /// Whether packets precede the first key packet: no decoder can begin with them.
    begins_within: bool,
    is_known: bool,
    must: u64,
}

impl FrameTally {
    /// `codec` as fingerprints name it; `record` is the container's decoder configuration. `None` for codecs whose packets do not
    /// tell.
    pub fn new(codec: &str, record: Option<&[u8]>) -> Option<Self> {
        Some(Self {
            counter: Counter::new(codec, record)?,
            first_key: None,
            begins_within: false,
            is_known: true,
            must: 0,
        })
    }

    /// Counts a packet. `time` is its frame's presentation time in any unit; `is_key`: the container calls it a key packet;
    /// `is_hidden`: the decoder is told not to show its frame.
    pub fn read(&mut self, packet: &[u8], time: Option<i64>, is_key: bool, is_hidden: bool) {
        let frames = self.counter.read(packet);
        if is_key && self.first_key.is_none() {
            self.first_key = Some(time.unwrap_or(i64::MIN));
        }
        self.begins_within |= self.first_key.is_none();
        // Frames shown before the first key frame may refer to earlier ones, if the recording begins there; not all decoders show
        // them.
        let is_leading = self.first_key > time && time.is_some();
        match frames {
            Some(frames) if !is_leading && !is_hidden => self.must += u64::from(frames),
            Some(_) => {}
            None => self.is_known = false,
        }
    }

    /// Whether the first packet is not a key packet.
    pub fn begins_within(&self) -> bool {
        self.begins_within
    }

    /// Whether a decoder that gave `given` frames left some out.
    pub fn are_missing(&self, given: u64) -> bool {
        self.is_known && given < self.must
    }
}

#[derive(Debug)]
enum Counter {
    H264(Box<h264::Reader>),
    Hevc(Hevc),
    Vp8,
    Vp9,
    Av1 {
        /// Whether all frames are shown, so that there are no flags (reduced_still_picture_header).
        is_reduced: bool,
    },
    Mpeg12 {
        /// Whether a first field waits for its second.
        has_field: bool,
    },
    Mpeg4 {
        /// Bits of vop_time_increment, known from the first video object layer on.
        time_bits: Option<usize>,
    },
    OneEach,
}

impl Counter {
    fn new(codec: &str, record: Option<&[u8]>) -> Option<Self> {
        Some(match codec {
            "h264" => Self::H264(Box::new(h264::Reader::of_headers(record))),
            "hevc" => Self::Hevc(Hevc::new(record)),
            "vp8" => Self::Vp8,
            "vp9" => Self::Vp9,
            "av1" => Self::Av1 { is_reduced: false },
            "mpeg1video" | "mpeg2video" => Self::Mpeg12 { has_field: false },
            "mpeg4" => Self::Mpeg4 { time_bits: record.and_then(|record| start_codes(record).find_map(vop_time_bits)) },
            _ if ONE_EACH.contains(&codec) => Self::OneEach,
            _ => return None,
        })
    }

    /// The number of shown frames in the packet; `None` if it does not tell.
    fn read(&mut self, packet: &[u8]) -> Option<u32> {
        if packet.is_empty() {
            return Some(0);
        }
        match self {
            Self::H264(reader) => reader.count_frames(packet),
            Self::Hevc(hevc) => hevc.read(packet),
            // show_frame (RFC 6386, 9.1).
            Self::Vp8 => Some(u32::from(packet[0] >> 4 & 1)),
            Self::Vp9 => vp9_frames(packet),
            Self::Av1 { is_reduced } => av1_frames(packet, is_reduced),
            Self::Mpeg12 { has_field } => Some(mpeg12_frames(packet, has_field)),
            Self::Mpeg4 { time_bits } => mpeg4_frames(packet, time_bits),
            Self::OneEach => Some(1),
        }
    }
}

/// HEVC (ITU-T H.265): counts the first slice segments of base layer pictures.
#[derive(Debug, Default)]
struct Hevc {
    length_bytes: Option<usize>,
    /// Whether pictures may be hidden (output_flag_present_flag).
    has_output_flags: bool,
    /// Whether RASL pictures refer to missing ones (8.1.3).
    skips_rasl: bool,
    has_ended: bool,
}

impl Hevc {
    fn new(record: Option<&[u8]>) -> Self {
        let mut hevc = Self { length_bytes: nal::length_bytes(record, HEVC_LENGTHS), ..Self::default() };
        hevc.has_output_flags = record.is_some_and(|record| hevc.record_has_output_flags(record));
        hevc
    }

    fn record_has_output_flags(&self, record: &[u8]) -> bool {
        let is_flagged =
            |unit: &[u8]| unit.first().is_some_and(|first| first >> 1 & 63 == PPS) && has_output_flag(unit);
        let Some((&[count], mut arrays)) = record.get(22..).and_then(<[u8]>::split_first_chunk) else { return false };
        for _ in 0..count {
            let Some((&[_, high, low], mut units)) = arrays.split_first_chunk() else { return false };
            for _ in 0..u16::from_be_bytes([high, low]) {
                let Ok(Some((unit, behind))) = nal::behind_length(units, 2) else { return false };
                if is_flagged(unit) {
                    return true;
                }
                units = behind;
            }
            arrays = units;
        }
        false
    }

    fn read(&mut self, packet: &[u8]) -> Option<u32> {
        let mut frames = 0;
        let length_bytes = self.length_bytes;
        let read = nal::read_packet(packet, length_bytes, &mut |unit| {
            frames += self.frames_of(unit);
            Ok(())
        });
        (read.is_ok() && !self.has_output_flags).then_some(frames)
    }

    fn frames_of(&mut self, unit: &[u8]) -> u32 {
        let &[high, low, ..] = unit else { return 0 };
        let (unit_type, layer) = (high >> 1 & 63, (high & 1) << 5 | low >> 3);
        if layer > 0 {
            return 0;
        }
        self.has_output_flags |= unit_type == PPS && has_output_flag(unit);
        self.has_ended |= unit_type == END_OF_SEQUENCE;
        // first_slice_segment_in_pic_flag.
        let is_first = matches!(unit_type, 0..=9 | 16..=21) && unit.get(2).is_some_and(|byte| byte & 0x80 != 0);
        if !is_first {
            return 0;
        }
        if unit_type >= BLA[0] {
            self.skips_rasl = BLA.contains(&unit_type) || std::mem::take(&mut self.has_ended);
        }
        u32::from(!(self.skips_rasl && RASL.contains(&unit_type)))
    }
}

/// Whether pictures that use a picture parameter set have pic_output_flag (7.3.2.3.1).
fn has_output_flag(unit: &[u8]) -> bool {
    let flag = |unit: &[u8]| -> Read<bool> {
        let mut rbsp = Vec::new();
        unescape(unit.get(2..).unwrap_or_default(), &mut rbsp);
        let mut bits = Bits::new(&rbsp);
        bits.ue()?;
        bits.ue()?;
        bits.skip(1);
        Ok(bits.flag())
    };
    flag(unit).unwrap_or(true)
}

/// VP9: counts the shown frames of a packet, which may be a superframe (Annex B).
fn vp9_frames(packet: &[u8]) -> Option<u32> {
    let mut shown = 0;
    for frame in vp9_parts(packet)? {
        shown += u32::from(is_vp9_shown(*frame.first()?)?);
    }
    Some(shown)
}

/// The frames of a superframe; any other packet is one frame.
pub fn vp9_parts(packet: &[u8]) -> Option<Vec<&[u8]>> {
    let &last = packet.last()?;
    let (count, size_bytes) = (usize::from(last & 7) + 1, usize::from(last >> 3 & 3) + 1);
    let index_bytes = 2 + count * size_bytes;
    let index = packet.len().checked_sub(index_bytes).map(|at| &packet[at..]);
    let Some([_, sizes @ .., _]) = index.filter(|index| last >> 5 == 0b110 && index[0] == last) else {
        return Some(vec![packet]);
    };
    let mut rest = packet;
    let mut parts = Vec::new();
    for size in sizes.chunks_exact(size_bytes) {
        let size = size.iter().rev().fold(0, |size, &byte| size << 8 | usize::from(byte));
        let (part, behind) = rest.split_at_checked(size)?;
        parts.extend((!part.is_empty()).then_some(part));
        rest = behind;
    }
    Some(parts)
}

/// Reads the first bits of the uncompressed header (6.2): frame_marker, profile, show_existing_frame, frame_type, show_frame.
fn is_vp9_shown(byte: u8) -> Option<bool> {
    if byte >> 6 != 0b10 {
        return None;
    }
    // Profile 3 has one more reserved bit.
    let shift = if byte >> 4 & 3 == 3 { 1 } else { 0 };
    let [shows_existing, shows] = [3, 1].map(|bit: u8| byte >> (bit - shift) & 1 == 1);
    Some(shows_existing || shows)
}

/// AV1: counts the shown frames of a temporal unit (5.9.2). `None` if there are several layers, of which a decoder shows one.
fn av1_frames(mut unit: &[u8], is_reduced: &mut bool) -> Option<u32> {
    let mut shown = 0;
    while let Some((&header, mut rest)) = unit.split_first() {
        if header & 0b100 != 0 {
            let (&extension, behind) = rest.split_first()?;
            if extension >> 3 & 3 > 0 {
                return None;
            }
            rest = behind;
        }
        let mut size = rest.len();
        if header & 0b10 != 0 {
            (size, rest) = leb128(rest)?;
        }
        let (payload, behind) = rest.split_at_checked(size)?;
        let first = payload.first().copied();
        match (header >> 3 & 15, first) {
            // seq_profile, still_picture, reduced_still_picture_header.
            (SEQUENCE_HEADER, Some(first)) => *is_reduced = first >> 3 & 1 == 1,
            // show_existing_frame; or frame_type, and then show_frame.
            (FRAME_HEADER | FRAME, Some(first)) => {
                shown += u32::from(*is_reduced || first >> 7 == 1 || first >> 4 & 1 == 1);
            }
            _ => {}
        }
        unit = behind;
    }
    Some(shown)
}

fn mpeg12_frames(packet: &[u8], has_field: &mut bool) -> u32 {
    let mut frames = 0_u32;
    for unit in start_codes(packet) {
        match *unit {
            [PICTURE, ..] => frames += 1,
            [EXTENSION, id, _, structure, ..] if id >> 4 == PICTURE_CODING => {
                // Two fields are one frame.
                let is_second = std::mem::take(has_field) && structure & 3 != FRAME_STRUCTURE;
                *has_field = !is_second && structure & 3 != FRAME_STRUCTURE;
                frames = frames.saturating_sub(u32::from(is_second));
            }
            _ => {}
        }
    }
    frames
}

/// MPEG-4 part 2: counts coded planes. A plane that is not coded repeats the last one, and players show nothing new.
fn mpeg4_frames(packet: &[u8], time_bits: &mut Option<usize>) -> Option<u32> {
    let mut frames = 0;
    for unit in start_codes(packet) {
        *time_bits = vop_time_bits(unit).or(*time_bits);
        if unit[0] == VOP {
            frames += u32::from(is_vop_coded(unit, (*time_bits)?));
        }
    }
    Some(frames)
}

/// Bits of vop_time_increment, from vop_time_increment_resolution (6.2.3, 6.3.5). `None` if this is no video object layer of
/// rectangular shape.
fn vop_time_bits(unit: &[u8]) -> Option<usize> {
    let (_, layer) = unit.split_first().filter(|(code, _)| (FIRST_VOL..=LAST_VOL).contains(*code))?;
    let mut bits = Bits::new(layer);
    bits.skip(1 + 8);
    // is_object_layer_identifier.
    if bits.flag() {
        bits.skip(4 + 3);
    }
    if bits.u(4) == EXTENDED_PAR {
        bits.skip(16);
    }
    // vol_control_parameters, which contain vbv_parameters.
    if bits.flag() {
        bits.skip(2 + 1);
        if bits.flag() {
            bits.skip(VBV_BITS);
        }
    }
    let shape = bits.u(2);
    bits.skip(1);
    let last_tick = bits.u(16).checked_sub(1)?;
    (shape == 0).then(|| last_tick.checked_ilog2().unwrap_or(0) as usize + 1)
}

/// vop_coded (6.2.5).
fn is_vop_coded(unit: &[u8], time_bits: usize) -> bool {
    let mut bits = Bits::new(&unit[1..]);
    bits.skip(2);
    // modulo_time_base.
    while bits.flag() {}
    bits.skip(1 + time_bits + 1);
    bits.flag()
}

/// What follows each start code, beginning with the code's own value.
fn start_codes(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let codes = bytes.windows(4).enumerate().filter(|(_, window)| window[..3] == [0, 0, 1]);
    codes.map(|(at, _)| &bytes[at + 3..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(codec: &str, packets: &[&[u8]]) -> Vec<Option<u32>> {
        let mut counter = Counter::new(codec, None).unwrap();
        packets.iter().map(|packet| counter.read(packet)).collect()
    }

    #[test]
    fn frames_that_are_not_shown_are_not_counted() {
        assert_eq!(frames("vp8", &[&[0x10, 0, 0], &[0x00, 0, 0], &[]]), [Some(1), Some(0), Some(0)]);
        // A key frame; a superframe of a hidden and a shown frame; a frame shown again; profile 3.
        let superframe = [0x84, 1, 0x86, 0b1100_0001, 2, 1, 0b1100_0001];
        assert_eq!(
            frames("vp9", &[&[0x82], &superframe, &[0x88], &[0b1011_0001]]),
            [Some(1), Some(1), Some(1), Some(1)]
        );
        assert_eq!(frames("vp9", &[&[0x84], &[0x00]]), [Some(0), None]);
        // A temporal delimiter, a sequence header and a shown frame; then a hidden frame and one shown again.
        let [first, second] = [&[0x12, 0, 0x0a, 1, 0, 0x32, 1, 0x10][..], &[0x32, 1, 0x20, 0x1a, 1, 0x80]];
        assert_eq!(frames("av1", &[first, second, &[0x36, 0x08, 1, 0x10]]), [Some(1), Some(1), None]);
    }

    #[test]
    fn two_fields_are_one_frame() {
        let picture =
            |structure: u8| [&[0, 0, 1, 0, 1, 2][..], &[0, 0, 1, 0xb5, 0x80, 0, structure, 0, 0, 0, 1, 1, 7]].concat();
        assert_eq!(frames("mpeg2video", &[&picture(3), &picture(1), &picture(2)]), [Some(1), Some(1), Some(0)]);
        assert_eq!(frames("mpeg2video", &[&[picture(2), picture(1)].concat()]), [Some(1)]);
        assert_eq!(frames("mpeg1video", &[&[0, 0, 1, 0, 9], &[0, 0, 1, 1]]), [Some(1), Some(0)]);
    }

    #[test]
    fn a_plane_that_changes_nothing_is_not_shown() {
        // Simple profile, 25 ticks a second, so five bits; a plane at tick 1, coded and not coded.
        let layer = [0, 0, 1, 0x20, 0, 0b0000_0100, 0b0100_0000, 0b0000_0110, 0b0111_1111];
        let plane = |is_coded: u8| [0, 0, 1, 0xb6, 0b0101_0000, 0b1100_0000 | is_coded << 5, 1];
        let packed = [&layer[..], &plane(1), &plane(1)].concat();
        assert_eq!(frames("mpeg4", &[&plane(1), &packed, &plane(0)]), [None, Some(2), Some(0)]);
    }

    #[test]
    fn pictures_that_lead_a_broken_link_are_skipped() {
        let slice = |unit_type: u8| [0, 0, 1, unit_type << 1, 1, 0x80, 1];
        let packets: Vec<_> = [21, 9, 1, 16, 8, 6, 19, 8].map(slice).into();
        let packets: Vec<&[u8]> = packets.iter().map(|packet| &packet[..]).collect();
        let shown = [1, 1, 1, 1, 0, 1, 1, 1].map(Some);
        assert_eq!(frames("hevc", &packets), shown);
        assert_eq!(frames("hevc", &[&[0, 0, 1, 1 << 1, 1, 0x00, 1], &[0, 0, 1, 1 << 1, 9, 0x80]]), [Some(0); 2]);
        // Nothing is known if pictures may be hidden.
        assert_eq!(frames("hevc", &[&[0, 0, 1, 34 << 1, 1, 0b1101_0000, 0x80]]), [None]);
    }

    #[test]
    fn what_leads_the_first_key_frame_may_be_missing_and_nothing_else() {
        let tally = |packets: &[(i64, bool)]| {
            let mut tally = FrameTally::new("vp8", None).unwrap();
            packets.iter().for_each(|&(time, is_key)| tally.read(&[0x10], Some(time), is_key, false));
            tally
        };
        let from_key = tally(&[(2, true), (0, false), (1, false), (3, false)]);
        assert!(!from_key.are_missing(4) && !from_key.are_missing(2) && from_key.are_missing(1));
        let from_the_middle = tally(&[(0, false), (1, false), (2, true)]);
        assert!(from_the_middle.are_missing(1) && !from_the_middle.are_missing(3));
        assert!(FrameTally::new("cinepak", None).is_none());
    }
}
