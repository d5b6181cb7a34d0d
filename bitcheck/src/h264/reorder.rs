//! Rewrites sequence parameter sets so that a decoder holds frames back as long as any stream may need (ITU-T H.264, Annex E.2.1).
//!
//! A decoder gives frames in display order, so it must know how many frames to hold back. If a stream does not say, the standard
//! assumes as many as fit in the decoded picture buffer. libavcodec in Chromium assumes none, learns from frames that come too
//! late, and drops those. Apple's encoder does not say. So each set gets the standard's own number. A set that gives less may be
//! wrong; holding back more only takes longer.
//!
//! In: a decoder configuration record, or a packet. Out: the same with rewritten sets; no sample changes by it.

use super::parameter_sets::{SPS, Sps};
use crate::bits::{Bits, unescape};
use crate::finding::{Read, Stop};
use crate::nal::{self, AVC_LENGTHS, behind_length, read_packet};
use crate::vui::VideoSignal;

/// MaxDpbMbs by level_idc (Table A-1). Level 1b is 9, or 11 with constraint_set3_flag.
const MAX_DPB_MACROBLOCKS: [(u8, usize); 18] = [
    (9, 396),
    (10, 396),
    (11, 900),
    (12, 2376),
    (13, 2376),
    (20, 2376),
    (21, 4752),
    (22, 8100),
    (30, 8100),
    (31, 18_000),
    (32, 20_480),
    (40, 32_768),
    (41, 32_768),
    (42, 34_816),
    (50, 110_400),
    (51, 184_320),
    (52, 184_320),
    (60, 696_320),
];
/// The most frames in a decoded picture buffer (A.3.1, h).
const MAX_DPB_FRAMES: usize = 16;
/// pic_order_cnt_type of streams shown in decoding order (8.2.1.3).
const SHOWN_AS_DECODED: u32 = 2;
/// Inferred log2_max_mv_length_horizontal and log2_max_mv_length_vertical (E.2.1): see [`inferred_restriction`].
const MAX_MV_LENGTH_LOG2: u32 = 15;

/// Rewrites what one video's decoder gets.
#[derive(Debug)]
pub struct Reordering {
    record: Option<Vec<u8>>,
    length_bytes: Option<usize>,
}

impl Reordering {
    /// `record` is the container's decoder configuration.
    pub fn new(record: Option<&[u8]>) -> Self {
        let length_bytes = nal::length_bytes(record, AVC_LENGTHS);
        Self { record: record.filter(|_| length_bytes.is_some()).and_then(rewrite_record), length_bytes }
    }

    /// The rewritten record; `None` if it stays as it is.
    pub fn record(&self) -> Option<&[u8]> {
        self.record.as_deref()
    }

    /// The rewritten packet; `None` if it stays as it is.
    pub fn packet(&self, packet: &[u8]) -> Option<Vec<u8>> {
        rewrite_packet(packet, self.length_bytes)
    }
}

fn rewrite_record(record: &[u8]) -> Option<Vec<u8>> {
    let (head, mut sets) = record.split_at_checked(6)?;
    let mut written = head.to_vec();
    let mut is_other = false;
    for _ in 0..head[5] & 31 {
        let (nal_unit, behind) = behind_length(sets, 2).ok()??;
        let other = sequence_parameter_set(nal_unit);
        is_other |= other.is_some();
        let nal_unit = other.as_deref().unwrap_or(nal_unit);
        written.extend(u16::try_from(nal_unit.len()).ok()?.to_be_bytes());
        written.extend(nal_unit);
        sets = behind;
    }
    written.extend(sets);
    is_other.then_some(written)
}

fn rewrite_packet(packet: &[u8], length_bytes: Option<usize>) -> Option<Vec<u8>> {
    let mut others = Vec::new();
    _ = read_packet(packet, length_bytes, &mut |nal_unit| {
        let at = nal_unit.as_ptr() as usize - packet.as_ptr() as usize;
        others.extend(sequence_parameter_set(nal_unit).map(|other| (at, nal_unit.len(), other)));
        Ok(())
    });
    let mut written = Vec::with_capacity(packet.len() + 16 * others.len());
    let mut taken = 0;
    for (at, bytes, other) in &others {
        written.extend(&packet[taken..*at]);
        if let Some(length_bytes) = length_bytes {
            replace_length(&mut written, length_bytes, *bytes, other.len())?;
        }
        written.extend(other);
        taken = at + bytes;
    }
    written.extend(&packet[taken..]);
    (taken > 0).then_some(written)
}

/// Replaces the length at the end of `written`; `None` if `old` does not stand there, as when a start code splits what has one
/// length.
fn replace_length(written: &mut Vec<u8>, length_bytes: usize, old: usize, new: usize) -> Option<()> {
    let place = written.len().checked_sub(length_bytes)?;
    let found = written[place..].iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
    if found != old {
        return None;
    }
    written.truncate(place);
    written.extend(&new.to_be_bytes()[size_of::<usize>() - length_bytes..]);
    Some(())
}

/// The rewritten NAL unit; `None` if it is no sequence parameter set, gives enough, or cannot be read.
fn sequence_parameter_set(nal_unit: &[u8]) -> Option<Vec<u8>> {
    let (&header, payload) = nal_unit.split_first().filter(|(header, _)| *header & 31 == SPS)?;
    let mut rbsp = Vec::new();
    unescape(payload, &mut rbsp);
    let other = with_restriction(&rbsp).ok()??;
    Some([&[header], &escape(&other)[..]].concat())
}

fn with_restriction(rbsp: &[u8]) -> Read<Option<Vec<u8>>> {
    let mut bits = Bits::new(rbsp);
    let sps = Sps::read(&mut bits)?;
    if sps.pic_order_cnt_type == SHOWN_AS_DECODED {
        return Ok(None);
    }
    // frame_cropping_flag.
    if bits.flag() {
        skip_ues(&mut bits, 4)?;
    }
    let mut frames = dpb_frames(rbsp, &sps)?;
    let vui_at = bits.position();
    let has_vui = bits.flag();
    if has_vui {
        skip_vui(&mut bits)?;
    }
    let restriction_at = bits.position();
    let mut written = BitWriter::default();
    if has_vui && bits.flag() {
        bits.skip(1);
        skip_ues(&mut bits, 4)?;
        let restriction_at = bits.position();
        let [max_num_reorder_frames, max_dec_frame_buffering] = [bits.ue()?, bits.ue()?];
        frames = frames.max(max_dec_frame_buffering).min(MAX_DPB_FRAMES as u32);
        if max_num_reorder_frames >= frames {
            return Ok(None);
        }
        written.copy(rbsp, restriction_at);
    } else {
        written.copy(rbsp, if has_vui { restriction_at } else { vui_at });
        if !has_vui {
            // vui_parameters_present_flag, and eight flags set to 0, up to pic_struct_present_flag.
            written.u(1, 1);
            written.u(0, 8);
        }
        inferred_restriction(&mut written);
    }
    bits.check()?;
    written.ue(frames);
    written.ue(frames);
    Ok(Some(written.finish()))
}

/// MaxDpbFrames (A.3.1, h), but at least the references that the stream uses.
fn dpb_frames(rbsp: &[u8], sps: &Sps) -> Read<u32> {
    let &[_, constraints, level, ..] = rbsp else { return Err(Stop::Unread) };
    let level = if level == 11 && constraints & 0x10 != 0 { 9 } else { level };
    let of_level = MAX_DPB_MACROBLOCKS.iter().find(|(idc, _)| *idc == level);
    let frames = of_level.map_or(MAX_DPB_FRAMES, |(_, macroblocks)| macroblocks / sps.frame_size().unwrap_or(1).max(1));
    Ok(frames.max(sps.max_num_ref_frames as usize).clamp(1, MAX_DPB_FRAMES) as u32)
}

fn skip_ues(bits: &mut Bits, count: usize) -> Read<()> {
    (0..count).try_for_each(|_| bits.ue().map(drop))
}

/// Passes over VUI parameters up to bitstream_restriction_flag (E.1.1).
fn skip_vui(bits: &mut Bits) -> Read<()> {
    _ = VideoSignal::read(bits);
    // chroma_loc_info_present_flag.
    if bits.flag() {
        skip_ues(bits, 2)?;
    }
    // timing_info_present_flag.
    if bits.flag() {
        bits.skip(65);
    }
    let mut has_hrd = false;
    for _ in 0..2 {
        if bits.flag() {
            has_hrd = true;
            skip_hrd(bits)?;
        }
    }
    // low_delay_hrd_flag, and pic_struct_present_flag.
    bits.skip(usize::from(has_hrd) + 1);
    bits.check()
}

/// Passes over HRD parameters (E.1.2).
fn skip_hrd(bits: &mut Bits) -> Read<()> {
    let count = 1 + bits.ue_to(31, "cpb_cnt")? as usize;
    bits.skip(8);
    for _ in 0..count {
        skip_ues(bits, 2)?;
        bits.skip(1);
    }
    bits.skip(20);
    bits.check()
}

/// Writes the values inferred without a bitstream restriction (E.2.1), up to max_num_reorder_frames.
fn inferred_restriction(written: &mut BitWriter) {
    // bitstream_restriction_flag, motion_vectors_over_pic_boundaries_flag.
    written.u(0b11, 2);
    // max_bytes_per_pic_denom, max_bits_per_mb_denom, and two motion vector lengths.
    for value in [2, 1, MAX_MV_LENGTH_LOG2, MAX_MV_LENGTH_LOG2] {
        written.ue(value);
    }
}

/// Writes bits, highest first.
#[derive(Debug, Default)]
struct BitWriter {
    bytes: Vec<u8>,
    bits: usize,
}

impl BitWriter {
    fn flag(&mut self, is_set: bool) {
        if self.bits.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(is_set) << (7 - self.bits % 8);
        }
        self.bits += 1;
    }

    fn u(&mut self, value: u32, count: usize) {
        (0..count).rev().for_each(|bit| self.flag(value >> bit & 1 == 1));
    }

    fn ue(&mut self, value: u32) {
        let count = (value + 1).ilog2() as usize;
        self.u(0, count);
        self.u(value + 1, count + 1);
    }

    /// Copies the first `count` bits of `rbsp`.
    fn copy(&mut self, rbsp: &[u8], count: usize) {
        (0..count).for_each(|bit| self.flag(rbsp.get(bit / 8).is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1)));
    }

    /// Ends with rbsp_stop_one_bit.
    fn finish(mut self) -> Vec<u8> {
        self.flag(true);
        self.bytes
    }
}

/// Inserts emulation prevention bytes (7.4.1).
fn escape(rbsp: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(rbsp.len() + 4);
    let mut zeros = 0;
    for &byte in rbsp {
        if zeros == 2 && byte <= 3 {
            escaped.push(3);
            zeros = 0;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        escaped.push(byte);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A set of Main profile, level 3, 640x432, two references. `vui` follows vui_parameters_present_flag.
    fn set(pic_order_cnt_type: u32, vui: Option<&[(u32, usize)]>) -> Vec<u8> {
        let mut written = BitWriter::default();
        for (value, count) in [(77, 8), (0x40, 8), (30, 8)] {
            written.u(value, count);
        }
        // seq_parameter_set_id, log2_max_frame_num_minus4, pic_order_cnt_type, and log2_max_pic_order_cnt_lsb_minus4.
        [0, 0, pic_order_cnt_type].into_iter().for_each(|value| written.ue(value));
        if pic_order_cnt_type == 0 {
            written.ue(2);
        }
        written.ue(2);
        written.u(0, 1);
        [39, 26].into_iter().for_each(|value| written.ue(value));
        // frame_mbs_only_flag, direct_8x8_inference_flag, and no cropping.
        written.u(0b110, 3);
        written.u(u32::from(vui.is_some()), 1);
        vui.unwrap_or_default().iter().for_each(|&(value, count)| written.u(value, count));
        [&[0x67][..], &escape(&written.finish())].concat()
    }

    /// max_num_reorder_frames and max_dec_frame_buffering, the last fields of a set.
    fn restriction(nal_unit: &[u8]) -> [u32; 2] {
        let mut rbsp = Vec::new();
        unescape(&nal_unit[1..], &mut rbsp);
        let mut bits = Bits::new(&rbsp);
        Sps::read(&mut bits).unwrap();
        assert_eq!([bits.flag(), bits.flag()], [false, true], "no cropping, but VUI parameters");
        skip_vui(&mut bits).unwrap();
        assert!(bits.flag());
        bits.skip(1);
        skip_ues(&mut bits, 4).unwrap();
        let restriction = [bits.ue().unwrap(), bits.ue().unwrap()];
        assert!(!bits.has_more());
        restriction
    }

    #[test]
    fn a_set_that_tells_nothing_tells_what_the_standard_infers() {
        // MaxDpbMbs is 8100; a frame has 40 x 27 macroblocks.
        for vui in [None, Some(&[(0, 9)][..]), Some(&[(0b0011_0101, 8), (0x0001_0101, 24), (0, 6)])] {
            let other = sequence_parameter_set(&set(0, vui)).unwrap();
            assert_eq!(restriction(&other), [7, 7]);
            assert_eq!(sequence_parameter_set(&other), None, "it tells enough now");
        }
    }

    #[test]
    fn a_set_that_tells_too_few_tells_more() {
        // No other parameters. A restriction: four zeros, max_num_reorder_frames 0 or 7, max_dec_frame_buffering 1 or 7.
        let few = set(0, Some(&[(0, 8), (0b11_1111, 6), (0b1_010, 4)]));
        assert_eq!(restriction(&few), [0, 1]);
        assert_eq!(restriction(&sequence_parameter_set(&few).unwrap()), [7, 7]);
        let enough = set(0, Some(&[(0, 8), (0b11_1111, 6), (0b0001000, 7), (0b0001000, 7)]));
        assert_eq!(sequence_parameter_set(&enough), None);
    }

    #[test]
    fn what_is_no_set_or_needs_none_stays() {
        assert_eq!(sequence_parameter_set(&set(2, None)), None, "shown as decoded");
        assert_eq!(sequence_parameter_set(&[0x68, 1, 2, 3]), None);
        assert_eq!(sequence_parameter_set(&[0x67, 77, 0x40, 30]), None);
        assert_eq!(sequence_parameter_set(&[]), None);
        assert_eq!(rewrite_record(&[1, 77, 0, 30, 0xff, 0xe0, 0]), None);
        assert_eq!(rewrite_record(&[0, 0, 0, 1, 0x67]), None);
    }

    #[test]
    fn records_and_packets_keep_what_else_is_in_them() {
        let set = set(0, None);
        let other = sequence_parameter_set(&set).unwrap();
        let of =
            |set: &[u8]| [&[1, 77, 0x40, 30, 0xff, 0xe1, 0, set.len() as u8][..], set, &[1, 0, 2, 0x68, 9]].concat();
        assert_eq!(rewrite_record(&of(&set)), Some(of(&other)));
        let lengths =
            |set: &[u8]| [&[0, 0, 0, 2, 9, 16, 0, 0, 0, set.len() as u8][..], set, &[0, 0, 0, 2, 0x65, 1]].concat();
        assert_eq!(rewrite_packet(&lengths(&set), Some(4)), Some(lengths(&other)));
        let start_codes = |set: &[u8]| [&[0, 0, 0, 1, 9, 16, 0, 0, 1][..], set, &[0, 0, 1, 0x65, 1]].concat();
        assert_eq!(rewrite_packet(&start_codes(&set), None), Some(start_codes(&other)));
        assert_eq!(rewrite_packet(&[0, 0, 0, 2, 0x65, 1], Some(4)), None);
        // A start code splits what has one length: such a packet stays as it is.
        let parted = [&[0, 0, 0, set.len() as u8 + 5][..], &set, &[0, 0, 1, 10, 0x80]].concat();
        assert_eq!(rewrite_packet(&parted, Some(4)), None);
    }

    #[test]
    fn escapes_keep_start_codes_out() {
        assert_eq!(escape(&[0, 0, 0, 0, 0, 1, 0, 0, 4, 0, 0, 3]), [0, 0, 3, 0, 0, 3, 0, 1, 0, 0, 4, 0, 0, 3, 3]);
    }
}
