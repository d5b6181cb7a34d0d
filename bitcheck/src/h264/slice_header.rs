//! Slice headers (clause 7.3.3).

use super::parameter_sets::{Pps, Sps};
use crate::bits::Bits;
use crate::finding::{Read, Stop};

/// NAL unit type of a slice of a picture that is not IDR.
pub const SLICE: u8 = 1;
/// NAL unit type of a slice of an IDR picture.
pub const IDR_SLICE: u8 = 5;
/// The most memory management control operations that make sense in one slice.
const MAX_OPERATIONS: usize = 66;

/// What predicts a slice's macroblocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SliceType {
    /// List 0.
    P,
    /// Both lists.
    B,
    /// No other picture.
    I,
}

/// The header of a NAL unit (7.3.1).
#[derive(Clone, Copy, Debug)]
pub struct NalHeader {
    /// nal_ref_idc.
    pub ref_idc: u8,
    /// nal_unit_type.
    pub unit_type: u8,
}

/// What all slices of a picture share, and the next picture's do not (7.4.1.2.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureId {
    sps: usize,
    frame_num: u32,
    /// bottom_field_flag of a field; `None` of a frame.
    bottom_field: Option<bool>,
    is_reference: bool,
    is_idr: bool,
    pic_order_cnt_lsb: u32,
    delta_pic_order_cnt: [i32; 2],
}

impl PictureId {
    /// Whether it is a field.
    pub fn is_field(&self) -> bool {
        self.bottom_field.is_some()
    }

    /// Whether it completes the frame that field `first` began (3.30: complementary field pairs).
    pub fn is_second_field_of(&self, first: &Self) -> bool {
        let is_opposite = self.bottom_field.is_some_and(|bottom| first.bottom_field == Some(!bottom));
        let is_same_frame = self.sps == first.sps && self.frame_num == first.frame_num;
        is_opposite && is_same_frame && !self.is_idr && self.is_reference == first.is_reference
    }
}

/// The start of a slice header: enough to find the parameter sets.
#[derive(Clone, Debug)]
pub struct SliceStart {
    first_mb: u32,
    slice_type: u32,
    /// pic_parameter_set_id.
    pub pps: usize,
}

/// A slice header.
#[derive(Clone, Debug)]
pub struct SliceHeader {
    /// first_mb_in_slice.
    pub first_mb: usize,
    /// slice_type.
    pub slice_type: SliceType,
    /// The picture that it belongs to.
    pub picture: PictureId,
    /// colour_plane_id.
    pub colour_plane: usize,
    /// field_pic_flag.
    pub is_field: bool,
    /// Whether its picture is redundant.
    pub is_redundant: bool,
    /// num_ref_idx_l0_active_minus1 + 1, and that of list 1.
    pub num_ref_idx_active: [u32; 2],
    /// cabac_init_idc.
    pub cabac_init_idc: usize,
    /// SliceQPY.
    pub qp: i32,
}

impl SliceStart {
    /// Reads what follows the NAL unit's header.
    pub fn read(bits: &mut Bits) -> Read<Self> {
        let first_mb = bits.ue()?;
        let slice_type = bits.ue_to(9, "slice_type")? % 5;
        Ok(Self { first_mb, slice_type, pps: bits.ue_to(255, "pic_parameter_set_id")? as usize })
    }
}

impl SliceHeader {
    /// Reads what follows `start`.
    pub fn read(bits: &mut Bits, nal: NalHeader, start: &SliceStart, sps: &Sps, pps: &Pps) -> Read<Self> {
        let slice_type = match start.slice_type {
            0 => SliceType::P,
            1 => SliceType::B,
            2 => SliceType::I,
            _ => return Err(sps.extended()),
        };
        let is_idr = nal.unit_type == IDR_SLICE;
        if is_idr && slice_type != SliceType::I {
            return Err(Stop::Damaged("predicted slice in an IDR picture"));
        }
        let colour_plane = if sps.separate_colour_plane { bits.u(2) as usize } else { 0 };
        if colour_plane > 2 {
            return Err(Stop::Damaged("colour_plane_id"));
        }
        let frame_num = bits.u(sps.frame_num_bits);
        let is_field = !sps.frame_mbs_only && bits.flag();
        let bottom_field = is_field.then(|| bits.flag());
        if is_idr {
            // idr_pic_id. Decoders ignore it: a picture ends without it when it is complete.
            bits.ue()?;
        }
        let mut pic_order_cnt_lsb = 0;
        let mut delta_pic_order_cnt = [0; 2];
        let has_both = pps.bottom_field_pic_order_in_frame_present && !is_field;
        if sps.pic_order_cnt_type == 0 {
            pic_order_cnt_lsb = bits.u(sps.pic_order_cnt_lsb_bits);
            if has_both {
                delta_pic_order_cnt[1] = bits.se()?;
            }
        } else if sps.pic_order_cnt_type == 1 && !sps.delta_pic_order_always_zero {
            delta_pic_order_cnt[0] = bits.se()?;
            if has_both {
                delta_pic_order_cnt[1] = bits.se()?;
            }
        }
        let is_redundant = pps.redundant_pic_cnt_present && bits.ue_to(127, "redundant_pic_cnt")? > 0;
        if slice_type == SliceType::B {
            bits.skip(1);
        }
        let num_ref_idx_active = num_ref_idx_active(bits, slice_type, is_field, pps)?;
        // MaxPicNum.
        let max_pic_num = 1 << (sps.frame_num_bits + usize::from(is_field));
        ref_pic_list_modification(bits, num_ref_idx_active, max_pic_num)?;
        let is_weighted = match slice_type {
            SliceType::P => pps.weighted_pred,
            SliceType::B => pps.weighted_bipred_idc == 1,
            SliceType::I => false,
        };
        if is_weighted {
            pred_weight_table(bits, num_ref_idx_active, sps.chroma_array_type() != 0)?;
        }
        if nal.ref_idc != 0 {
            dec_ref_pic_marking(bits, is_idr)?;
        }
        let has_init_idc = pps.entropy_coding_mode && slice_type != SliceType::I;
        let cabac_init_idc = if has_init_idc { bits.ue_to(2, "cabac_init_idc")? as usize } else { 0 };
        let (min, max) = (-sps.qp_bd_offset() - pps.pic_init_qp, 51 - pps.pic_init_qp);
        let qp = pps.pic_init_qp + bits.se_within(min, max, "slice_qp_delta")?;
        if pps.deblocking_filter_control_present && bits.ue_to(2, "disable_deblocking_filter_idc")? != 1 {
            bits.se_within(-6, 6, "slice_alpha_c0_offset_div2")?;
            bits.se_within(-6, 6, "slice_beta_offset_div2")?;
        }
        bits.check()?;
        Ok(Self {
            first_mb: start.first_mb as usize,
            slice_type,
            picture: PictureId {
                sps: sps.id,
                frame_num,
                bottom_field,
                is_reference: nal.ref_idc != 0,
                is_idr,
                pic_order_cnt_lsb,
                delta_pic_order_cnt,
            },
            colour_plane,
            is_field,
            is_redundant,
            num_ref_idx_active,
            cabac_init_idc,
            qp,
        })
    }
}

/// The number of pictures in each list.
fn num_ref_idx_active(bits: &mut Bits, slice_type: SliceType, is_field: bool, pps: &Pps) -> Read<[u32; 2]> {
    let lists = match slice_type {
        SliceType::I => return Ok([0; 2]),
        SliceType::P => 1,
        SliceType::B => 2,
    };
    let mut numbers = pps.num_ref_idx_default_active;
    numbers[lists..].fill(0);
    if bits.flag() {
        for number in &mut numbers[..lists] {
            *number = 1 + bits.ue_to(if is_field { 31 } else { 15 }, "num_ref_idx_active")?;
        }
    }
    Ok(numbers)
}

/// 7.3.3.1.
fn ref_pic_list_modification(bits: &mut Bits, numbers: [u32; 2], max_pic_num: u32) -> Read<()> {
    for number in numbers.into_iter().filter(|&number| number > 0) {
        if !bits.flag() {
            continue;
        }
        let mut left = number;
        loop {
            match bits.ue()? {
                0 | 1 => _ = bits.ue_to(max_pic_num - 1, "abs_diff_pic_num")?,
                2 => _ = bits.ue()?,
                3 => break,
                _ => return Err(Stop::Damaged("modification_of_pic_nums_idc")),
            }
            left = left.checked_sub(1).ok_or(Stop::Damaged("too many modifications of a reference list"))?;
        }
    }
    Ok(())
}

/// 7.3.3.2.
fn pred_weight_table(bits: &mut Bits, numbers: [u32; 2], has_chroma: bool) -> Read<()> {
    bits.ue_to(7, "luma_log2_weight_denom")?;
    if has_chroma {
        bits.ue_to(7, "chroma_log2_weight_denom")?;
    }
    for _ in 0..numbers[0] + numbers[1] {
        if bits.flag() {
            weights(bits, 2)?;
        }
        if has_chroma && bits.flag() {
            weights(bits, 4)?;
        }
    }
    Ok(())
}

fn weights(bits: &mut Bits, count: usize) -> Read<()> {
    (0..count).try_for_each(|_| bits.se_within(-128, 127, "prediction weight").map(drop))
}

/// 7.3.3.3.
fn dec_ref_pic_marking(bits: &mut Bits, is_idr: bool) -> Read<()> {
    if is_idr {
        bits.skip(2);
        return Ok(());
    }
    if !bits.flag() {
        return Ok(());
    }
    for _ in 0..MAX_OPERATIONS {
        match bits.ue()? {
            0 => return Ok(()),
            1 | 2 | 4 | 6 => _ = bits.ue()?,
            3 => _ = (bits.ue()?, bits.ue()?),
            5 => {}
            _ => return Err(Stop::Damaged("memory_management_control_operation")),
        }
    }
    Err(Stop::Damaged("too many memory management control operations"))
}
