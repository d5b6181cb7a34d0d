//! Sequence parameter sets that let a decoder hold frames back for as long as any stream may need (ITU-T H.264, Annex E.2.1).
//!
//! A decoder gives frames in the order in which they are shown, so it must know how many it has to hold back. The standard says
//! what to assume where a stream does not tell: as many as fit in the decoded picture buffer. libavcodec, in Chromium, assumes none, learns
//! from the frames that come too late, and drops those. Apple's encoder does not tell. So each set is made to tell the standard's own number;
//! where a set tells less, it may be wrong, and holding back more only takes longer.
//!
//! In: a decoder configuration record, or a packet. Out: the same with other sets; no sample changes by it.

use super::parameter_sets::{SPS, Sps};
use crate::bits::{Bits, unescape};
use crate::finding::{Read, Stop};
use crate::nal::{self, AVC_LENGTHS, behind_length, read_packet};
use crate::vui::VideoSignal;

/// MaxDpbMbs by level_idc (Table A-1); level 1b is 9, or 11 with constraint_set3_flag.
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
/// Frames that a decoded picture buffer holds at most (A.3.1, h).
const MAX_DPB_FRAMES: usize = 16;
/// pic_order_cnt_type of streams whose frames are shown in the order in which they are decoded (8.2.1.3).
const SHOWN_AS_DECODED: u32 = 2;
/// What is inferred for log2_max_mv_length_horizontal and log2_max_mv_length_vertical (E.2.1): see [`inferred_restriction`].
const MAX_MV_LENGTH_LOG2: u32 = 15;

/// What the decoder of one video is to get.
#[derive(Debug)]
pub struct Reordering {
    record: Option<Vec<u8>>,
    length_bytes: Option<usize>,
}

impl Reordering {
    /// For what the container says to the decoder beforehand.
    pub fn new(record: Option<&[u8]>) -> Self {
        Self { record: record.and_then(rewrite_record), length_bytes: nal::length_bytes(record, AVC_LENGTHS) }
    }

    /// The record with other sequence parameter sets; `None` if they stay as they are.
    pub fn record(&self) -> Option<&[u8]> {
        self.record.as_deref()
    }

    /// The packet with other sequence parameter sets; `None` if there is none, or they stay as they are.
    pub fn packet(&self, packet: &[u8]) -> Option<Vec<u8>> {
        rewrite_packet(packet, self.length_bytes)
    }
}

fn rewrite_record(record: &[u8]) -> Option<Vec<u8>> {
    let (head, mut sets) = record.split_at_checked(6).filter(|(head, _)| head[0] == 1)?;
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

/// Writes another length at the end of `written`; `None` if the old one is not there, as where a start code parts what has one length.
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

/// Another NAL unit in the place of this one; `None` if it is none of a sequence parameter set, tells enough, or cannot be read.
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
        let told_at = bits.position();
        let [max_num_reorder_frames, max_dec_frame_buffering] = [bits.ue()?, bits.ue()?];
        frames = frames.max(max_dec_frame_buffering).min(MAX_DPB_FRAMES as u32);
        if max_num_reorder_frames >= frames {
            return Ok(None);
        }
        written.copy(rbsp, told_at);
    } else {
        written.copy(rbsp, if has_vui { restriction_at } else { vui_at });
        if !has_vui {
            // vui_parameters_present_flag, and eight flags of what there is none of, up to pic_struct_present_flag.
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

/// MaxDpbFrames (A.3.1, h), and no fewer than the references that the stream uses.
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

/// Passes over VUI parameters, up to bitstream_restriction_flag (E.1.1).
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

/// What is inferred where there is no bitstream restriction (E.2.1), up to max_num_reorder_frames.
fn inferred_restriction(written: &mut BitWriter) {
    // bitstream_restriction_flag, motion_vectors_over_pic_boundaries_flag.
    written.u(0b11, 2);
    // max_bytes_per_pic_denom, max_bits_per_mb_denom, and two lengths of motion vectors.
    for value in [2, 1, MAX_MV_LENGTH_LOG2, MAX_MV_LENGTH_LOG2] {
        written.ue(value);
    }
}

/// Writes bits, the first one highest.
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

    /// The first `count` bits of `rbsp`.
    fn copy(&mut self, rbsp: &[u8], count: usize) {
        (0..count).for_each(|bit| self.flag(rbsp.get(bit / 8).is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1)));
    }

    /// With rbsp_stop_one_bit.
    fn finish(mut self) -> Vec<u8> {
        self.flag(true);
        self.bytes
    }
}

/// Puts emulation prevention bytes in (7.4.1).
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

    /// Of Main profile, level 3, 640x432 in macroblocks, two references; `vui` follows vui_parameters_present_flag.
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

    /// max_num_reorder_frames and max_dec_frame_buffering, with which a set ends.
    fn told(nal_unit: &[u8]) -> [u32; 2] {
        let mut rbsp = Vec::new();
        unescape(&nal_unit[1..], &mut rbsp);
        let mut bits = Bits::new(&rbsp);
        Sps::read(&mut bits).unwrap();
        assert_eq!([bits.flag(), bits.flag()], [false, true], "no cropping, but VUI parameters");
        skip_vui(&mut bits).unwrap();
        assert!(bits.flag());
        bits.skip(1);
        skip_ues(&mut bits, 4).unwrap();
        let told = [bits.ue().unwrap(), bits.ue().unwrap()];
        assert!(!bits.has_more());
        told
    }

    #[test]
    fn a_set_that_tells_nothing_tells_what_the_standard_infers() {
        // 8100 macroblocks, of which a frame has 40 x 27.
        for vui in [None, Some(&[(0, 9)][..]), Some(&[(0b0011_0101, 8), (0x0001_0101, 24), (0, 6)])] {
            let other = sequence_parameter_set(&set(0, vui)).unwrap();
            assert_eq!(told(&other), [7, 7]);
            assert_eq!(sequence_parameter_set(&other), None, "it tells enough now");
        }
    }

    #[test]
    fn a_set_that_tells_too_few_tells_more() {
        // No other parameters; a restriction with 0 four times, max_num_reorder_frames 0 or 7, and max_dec_frame_buffering 1 or 7.
        let few = set(0, Some(&[(0, 8), (0b11_1111, 6), (0b1_010, 4)]));
        assert_eq!(told(&few), [0, 1]);
        assert_eq!(told(&sequence_parameter_set(&few).unwrap()), [7, 7]);
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
        // A start code parts what has one length: nothing is known of such a packet.
        let parted = [&[0, 0, 0, set.len() as u8 + 5][..], &set, &[0, 0, 1, 10, 0x80]].concat();
        assert_eq!(rewrite_packet(&parted, Some(4)), None);
    }

    #[test]
    fn escapes_keep_start_codes_out() {
        assert_eq!(escape(&[0, 0, 0, 0, 0, 1, 0, 0, 4, 0, 0, 3]), [0, 0, 3, 0, 0, 3, 0, 1, 0, 0, 4, 0, 0, 3, 3]);
    }
}
