//! Slice segment headers (clause 7.3.6).

use super::nal_header::NalHeader;
use super::parameter_sets::{Pps, ShortTermSet, Sps, deblocking_offsets, short_term_set};
use crate::bits::HeaderBits as Bits;
use crate::finding::{Read, Stop};
use std::borrow::Cow;

/// More entry points than a slice segment has: one for each row of one-row tiles in the tallest picture.
const MAX_ENTRY_POINTS: u32 = 1 << 16;
/// The most long-term reference pictures: as many as a decoder keeps pictures.
const MAX_LONG_TERM: u32 = 16;
/// The largest slice_segment_header_extension_length.
const MAX_EXTENSION_BYTES: u32 = 256;

/// What predicts a slice's blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SliceType {
    /// Both lists.
    B,
    /// List 0.
    P,
    /// No other picture.
    I,
}

/// The start of a slice segment header: enough to find the parameter sets.
#[derive(Clone, Debug)]
pub struct SegmentStart {
    /// first_slice_segment_in_pic_flag.
    pub is_first: bool,
    /// slice_pic_parameter_set_id.
    pub pps: usize,
}

/// Where in its picture a slice segment begins.
#[derive(Clone, Debug)]
pub struct Segment {
    /// dependent_slice_segment_flag.
    pub is_dependent: bool,
    /// slice_segment_address.
    pub address: usize,
}

/// The part of a header that dependent slice segments take from the segment before them.
#[derive(Clone, Debug)]
pub struct SliceHeader {
    /// slice_type.
    pub slice_type: SliceType,
    /// slice_pic_order_cnt_lsb.
    pub pic_order_cnt_lsb: u32,
    /// slice_sao_luma_flag.
    pub sao_luma: bool,
    /// slice_sao_chroma_flag.
    pub sao_chroma: bool,
    /// num_ref_idx_l0_active_minus1 + 1, and that of list 1.
    pub num_ref_idx_active: [u32; 2],
    /// mvd_l1_zero_flag.
    pub mvd_l1_zero: bool,
    /// cabac_init_flag.
    pub cabac_init: bool,
    /// MaxNumMergeCand.
    pub max_num_merge_cand: u32,
    /// SliceQpY.
    pub qp: i32,
    /// cu_chroma_qp_offset_enabled_flag.
    pub chroma_qp_offsets: bool,
}

impl SegmentStart {
    /// Reads what follows the NAL unit's header.
    pub fn read(bits: &mut Bits, nal: NalHeader) -> Read<Self> {
        let is_first = bits.flag();
        if nal.is_irap() {
            bits.skip(1);
        }
        Ok(Self { is_first, pps: bits.ue_to(63, "slice_pic_parameter_set_id")? as usize })
    }
}

impl Segment {
    /// Reads what follows `start`, in a picture of `ctbs` coding tree blocks.
    pub fn read(bits: &mut Bits, start: &SegmentStart, pps: &Pps, ctbs: usize) -> Read<Self> {
        if start.is_first {
            return Ok(Self { is_dependent: false, address: 0 });
        }
        let is_dependent = pps.dependent_slice_segments && bits.flag();
        Ok(Self { is_dependent, address: bits.u(bits_below(ctbs)) as usize })
    }
}

impl SliceHeader {
    /// Reads what follows [`Segment`] in an independent slice segment.
    pub fn read(bits: &mut Bits, nal: NalHeader, sps: &Sps, pps: &Pps) -> Read<Self> {
        bits.skip(pps.extra_slice_header_bits);
        let slice_type = match bits.ue_to(2, "slice_type")? {
            0 => SliceType::B,
            1 => SliceType::P,
            _ => SliceType::I,
        };
        if nal.is_irap() && slice_type != SliceType::I {
            return Err(Stop::Damaged("predicted slice in an IRAP picture"));
        }
        bits.skip(usize::from(pps.output_flag_present));
        let mut pic_order_cnt_lsb = 0;
        let mut references = 0;
        let mut temporal_mvp = false;
        if !nal.is_idr() {
            pic_order_cnt_lsb = bits.u(sps.pic_order_cnt_lsb_bits);
            let set = short_term(bits, sps)?;
            references = set.iter().filter(|picture| picture.is_used).count();
            if sps.long_term_ref_pics_present {
                references += long_term(bits, sps)?;
            }
            temporal_mvp = sps.temporal_mvp && bits.flag();
        }
        let sao_luma = sps.sao && bits.flag();
        let sao_chroma = sps.sao && sps.chroma_array_type() != 0 && bits.flag();
        let mut num_ref_idx_active = [0; 2];
        let mut mvd_l1_zero = false;
        let mut cabac_init = false;
        let mut max_num_merge_cand = 0;
        if slice_type != SliceType::I {
            let lists = if slice_type == SliceType::B { 2 } else { 1 };
            num_ref_idx_active[..lists].copy_from_slice(&pps.num_ref_idx_default_active[..lists]);
            if bits.flag() {
                for number in &mut num_ref_idx_active[..lists] {
                    *number = 1 + bits.ue_to(14, "num_ref_idx_active")?;
                }
            }
            if references == 0 {
                return Err(Stop::Damaged("predicted slice without references"));
            }
            if pps.lists_modification_present && references > 1 {
                ref_pic_lists_modification(bits, &num_ref_idx_active[..lists], references)?;
            }
            mvd_l1_zero = slice_type == SliceType::B && bits.flag();
            cabac_init = pps.cabac_init_present && bits.flag();
            if temporal_mvp {
                let list = if slice_type == SliceType::B && !bits.flag() { 1 } else { 0 };
                if num_ref_idx_active[list] > 1 {
                    bits.ue_to(num_ref_idx_active[list] - 1, "collocated_ref_idx")?;
                }
            }
            if if slice_type == SliceType::P { pps.weighted_pred } else { pps.weighted_bipred } {
                pred_weight_table(bits, &num_ref_idx_active[..lists], sps)?;
            }
            max_num_merge_cand = 5 - bits.ue_to(4, "five_minus_max_num_merge_cand")?;
        }
        let (min, max) = (-sps.qp_bd_offset() - pps.init_qp, 51 - pps.init_qp);
        let qp = pps.init_qp + bits.se_within(min, max, "slice_qp_delta")?;
        if pps.slice_chroma_qp_offsets_present {
            bits.se_within(-12, 12, "slice_cb_qp_offset")?;
            bits.se_within(-12, 12, "slice_cr_qp_offset")?;
        }
        let chroma_qp_offsets = pps.range.chroma_qp_offsets.is_some() && bits.flag();
        let mut deblocking_disabled = pps.deblocking_disabled;
        if pps.deblocking_override && bits.flag() {
            deblocking_disabled = bits.flag();
            if !deblocking_disabled {
                deblocking_offsets(bits)?;
            }
        }
        if pps.loop_filter_across_slices && (sao_luma || sao_chroma || !deblocking_disabled) {
            bits.skip(1);
        }
        bits.check()?;
        Ok(Self {
            slice_type,
            pic_order_cnt_lsb,
            sao_luma,
            sao_chroma,
            num_ref_idx_active,
            mvd_l1_zero,
            cabac_init,
            max_num_merge_cand,
            qp,
            chroma_qp_offsets,
        })
    }
}

/// Reads the end of a header, up to the data. Returns the bytes of each substream but the last.
pub fn entry_points(bits: &mut Bits, pps: &Pps) -> Read<Vec<usize>> {
    let mut sizes = Vec::new();
    if pps.has_tiles() || pps.entropy_coding_sync {
        let count = bits.ue_to(MAX_ENTRY_POINTS, "num_entry_point_offsets")?;
        if count > 0 {
            let length = 1 + bits.ue_to(31, "offset_len")? as usize;
            for _ in 0..count {
                bits.check()?;
                sizes.push((bits.u(length) as usize).saturating_add(1));
            }
        }
    }
    if pps.slice_header_extension_present {
        let bytes = bits.ue_to(MAX_EXTENSION_BYTES, "slice_segment_header_extension_length")?;
        bits.skip(8 * bytes as usize);
    }
    // byte_alignment( ).
    let is_aligned = bits.flag() && bits.u(bits.alignment()) == 0;
    bits.check()?;
    if is_aligned { Ok(sizes) } else { Err(Stop::Damaged("byte_alignment")) }
}

/// Ceil( Log2( `count` ) ).
fn bits_below(count: usize) -> usize {
    count.next_power_of_two().trailing_zeros() as usize
}

/// The short-term reference picture set of the picture.
fn short_term<'a>(bits: &mut Bits, sps: &'a Sps) -> Read<Cow<'a, ShortTermSet>> {
    if !bits.flag() {
        return Ok(Cow::Owned(short_term_set(bits, &sps.short_term_sets, true)?));
    }
    let index = bits.u(bits_below(sps.short_term_sets.len())) as usize;
    sps.short_term_sets.get(index).map(Cow::Borrowed).ok_or(Stop::Damaged("short_term_ref_pic_set_idx"))
}

/// Passes over the long-term reference pictures; returns how many of them the current picture refers to.
fn long_term(bits: &mut Bits, sps: &Sps) -> Read<usize> {
    let known = if sps.long_term.is_empty() { 0 } else { bits.ue_to(MAX_LONG_TERM, "num_long_term_sps")? };
    let others = bits.ue_to(MAX_LONG_TERM, "num_long_term_pics")?;
    let mut references = 0;
    for i in 0..known + others {
        let is_used = if i < known {
            let index = bits.u(bits_below(sps.long_term.len())) as usize;
            *sps.long_term.get(index).ok_or(Stop::Damaged("lt_idx_sps"))?
        } else {
            bits.skip(sps.pic_order_cnt_lsb_bits);
            bits.flag()
        };
        references += usize::from(is_used);
        if bits.flag() {
            bits.skip_ue(1)?;
        }
    }
    Ok(references)
}

/// 7.3.6.2.
fn ref_pic_lists_modification(bits: &mut Bits, numbers: &[u32], references: usize) -> Read<()> {
    for &number in numbers {
        if bits.flag() {
            for _ in 0..number {
                if bits.u(bits_below(references)) as usize >= references {
                    return Err(Stop::Damaged("list_entry"));
                }
            }
        }
    }
    Ok(())
}

/// 7.3.6.3.
fn pred_weight_table(bits: &mut Bits, numbers: &[u32], sps: &Sps) -> Read<()> {
    let has_chroma = sps.chroma_array_type() != 0;
    let half = |depth: u32| if sps.range.high_precision_offsets { 1 << (depth - 1) } else { 128 };
    let [luma, chroma] = sps.bit_depths.map(half);
    let luma_denom = bits.ue_to(7, "luma_log2_weight_denom")? as i32;
    if has_chroma {
        bits.se_within(-luma_denom, 7 - luma_denom, "delta_chroma_log2_weight_denom")?;
    }
    for &number in numbers {
        let mut flags = || (0..number).map(|_| bits.flag()).collect::<Vec<_>>();
        let luma_flags = flags();
        let chroma_flags = if has_chroma { flags() } else { vec![false; luma_flags.len()] };
        for (has_luma, has_chroma) in luma_flags.into_iter().zip(chroma_flags) {
            if has_luma {
                bits.se_within(-128, 127, "delta_luma_weight")?;
                bits.se_within(-luma, luma - 1, "luma_offset")?;
            }
            for _ in 0..if has_chroma { 2 } else { 0 } {
                bits.se_within(-128, 127, "delta_chroma_weight")?;
                bits.se_within(-4 * chroma, 4 * chroma - 1, "delta_chroma_offset")?;
            }
        }
    }
    Ok(())
}
