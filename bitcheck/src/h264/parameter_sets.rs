//! Sequence and picture parameter sets, as far as slices depend on them (clauses 7.3.2.1 and 7.3.2.2).

use crate::bits::Bits;
use crate::colour::{IDENTITY, StreamColour};
use crate::finding::{Read, Stop};
use crate::vui::VideoSignal;

/// nal_unit_type of a sequence parameter set (Table 7-1).
pub const SPS: u8 = 7;
/// Profiles whose sequence parameter sets give the chroma format (7.3.2.1.1).
const HIGH_PROFILES: [u32; 14] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135, 144];
const BASELINE: u32 = 66;
const MAIN: u32 = 77;
const EXTENDED: u32 = 88;
/// Macroblocks of the largest picture of any level (Table A-1).
const MAX_MACROBLOCKS: u32 = 139_264;

/// A sequence parameter set.
#[derive(Clone, Debug)]
pub struct Sps {
    /// seq_parameter_set_id.
    pub id: usize,
    profile_idc: u32,
    /// Whether any of constraint_set0_flag to constraint_set2_flag is set.
    is_constrained: bool,
    /// chroma_format_idc.
    pub chroma_format_idc: u32,
    /// separate_colour_plane_flag.
    pub separate_colour_plane: bool,
    /// BitDepthY and BitDepthC.
    pub bit_depths: [u32; 2],
    /// Bits of frame_num.
    pub frame_num_bits: usize,
    /// pic_order_cnt_type.
    pub pic_order_cnt_type: u32,
    /// Bits of pic_order_cnt_lsb.
    pub pic_order_cnt_lsb_bits: usize,
    /// delta_pic_order_always_zero_flag.
    pub delta_pic_order_always_zero: bool,
    /// max_num_ref_frames.
    pub max_num_ref_frames: u32,
    /// PicWidthInMbs.
    pub width: usize,
    /// PicHeightInMapUnits.
    height_in_map_units: usize,
    /// frame_mbs_only_flag.
    pub frame_mbs_only: bool,
    /// mb_adaptive_frame_field_flag.
    pub mb_adaptive_frame_field: bool,
    /// direct_8x8_inference_flag.
    pub direct_8x8_inference: bool,
    /// Colours from video usability information; no slice depends on them.
    pub colour: StreamColour,
    /// The shown part of the coded picture, in luma samples; `None` if the set does not give it, or gives nonsense.
    pub visible: Option<Rectangle>,
}

/// A part of a picture, in samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    /// Columns to its left.
    pub x: u32,
    /// Rows above it.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Sps {
    /// Reads what follows the NAL unit's header.
    pub fn read(bits: &mut Bits) -> Read<Self> {
        let profile_idc = bits.u(8);
        let is_constrained = bits.u(3) != 0;
        bits.skip(5 + 8);
        let id = bits.ue_to(31, "seq_parameter_set_id")? as usize;
        let mut chroma_format_idc = 1;
        let mut separate_colour_plane = false;
        let mut bit_depths = [8; 2];
        if HIGH_PROFILES.contains(&profile_idc) {
            chroma_format_idc = bits.ue_to(3, "chroma_format_idc")?;
            separate_colour_plane = chroma_format_idc == 3 && bits.flag();
            bit_depths = [8 + bits.ue_to(6, "bit_depth_luma")?, 8 + bits.ue_to(6, "bit_depth_chroma")?];
            bits.skip(1);
            if bits.flag() {
                scaling_lists(bits, if chroma_format_idc == 3 { 12 } else { 8 })?;
            }
        }
        let frame_num_bits = 4 + bits.ue_to(12, "log2_max_frame_num")? as usize;
        let pic_order_cnt_type = bits.ue_to(2, "pic_order_cnt_type")?;
        let mut pic_order_cnt_lsb_bits = 0;
        let mut delta_pic_order_always_zero = false;
        match pic_order_cnt_type {
            0 => pic_order_cnt_lsb_bits = 4 + bits.ue_to(12, "log2_max_pic_order_cnt_lsb")? as usize,
            1 => {
                delta_pic_order_always_zero = bits.flag();
                bits.se()?;
                bits.se()?;
                for _ in 0..bits.ue_to(255, "num_ref_frames_in_pic_order_cnt_cycle")? {
                    bits.se()?;
                }
            }
            _ => {}
        }
        let max_num_ref_frames = bits.ue()?;
        bits.skip(1);
        let width = bits.ue_to(u32::MAX / 2, "pic_width_in_mbs")? as usize + 1;
        let height_in_map_units = bits.ue_to(u32::MAX / 2, "pic_height_in_map_units")? as usize + 1;
        let frame_mbs_only = bits.flag();
        let mb_adaptive_frame_field = !frame_mbs_only && bits.flag();
        let direct_8x8_inference = bits.flag();
        bits.check()?;
        // A copy, because callers read on from the end of this set's own part.
        let mut behind = bits.clone();
        let crop = crop(&mut behind).ok();
        let colour = crop.and_then(|_| colour(&mut behind, chroma_format_idc).ok()).unwrap_or_default();
        let coded = [width, height_in_map_units].map(|macroblocks| u32::try_from(16 * macroblocks).ok());
        let visible = crop.and_then(|crop| visible(coded, crop, chroma_format_idc, frame_mbs_only));
        Ok(Self {
            id,
            profile_idc,
            is_constrained,
            chroma_format_idc,
            separate_colour_plane,
            bit_depths,
            frame_num_bits,
            pic_order_cnt_type,
            pic_order_cnt_lsb_bits,
            delta_pic_order_always_zero,
            max_num_ref_frames,
            width,
            height_in_map_units,
            frame_mbs_only,
            mb_adaptive_frame_field,
            direct_8x8_inference,
            colour,
            visible,
        })
    }

    /// ChromaArrayType.
    pub fn chroma_array_type(&self) -> u32 {
        if self.separate_colour_plane { 0 } else { self.chroma_format_idc }
    }

    /// QpBdOffsetY.
    pub fn qp_bd_offset(&self) -> i32 {
        6 * (self.bit_depths[0] as i32 - 8)
    }

    /// Macroblocks of a frame; [`Stop::Unread`] if more than any level allows.
    pub fn frame_size(&self) -> Read<usize> {
        let size =
            self.width.saturating_mul(self.height_in_map_units).saturating_mul(2 - usize::from(self.frame_mbs_only));
        if size > MAX_MACROBLOCKS as usize { Err(Stop::Unread) } else { Ok(size) }
    }

    /// The finding for a tool that only the Extended profile has.
    pub fn extended(&self) -> Stop {
        if self.profile_idc == EXTENDED { Stop::Unread } else { Stop::Damaged("tool of the Extended profile") }
    }

    /// The finding for slice groups, which only two profiles have.
    fn slice_groups(&self) -> Stop {
        if self.profile_idc == BASELINE { Stop::Unread } else { self.extended() }
    }

    /// Whether the profile's picture parameter sets have no extension: some encoders leave meaningless bits there.
    fn has_short_pps(&self) -> bool {
        matches!(self.profile_idc, BASELINE | MAIN | EXTENDED) && self.is_constrained
    }
}

/// Reads frame_cropping_flag and the offsets behind it: left, right, top, bottom, in units of chroma samples (7.4.2.1.1).
fn crop(bits: &mut Bits) -> Read<[u32; 4]> {
    let mut offsets = [0; 4];
    if bits.flag() {
        for offset in &mut offsets {
            *offset = bits.ue()?;
        }
    }
    Ok(offsets)
}

/// The part of `coded` that cropping leaves; `coded` is width and height of a map unit's picture in luma samples.
fn visible(
    [width, height]: [Option<u32>; 2],
    [left, right, top, bottom]: [u32; 4],
    chroma_format_idc: u32,
    frame_mbs_only: bool,
) -> Option<Rectangle> {
    // SubWidthC and SubHeightC (Table 6-1), and CropUnitY for fields.
    let (unit_x, unit_y) = match chroma_format_idc {
        1 => (2, 2),
        2 => (2, 1),
        _ => (1, 1),
    };
    let fields = if frame_mbs_only { 1 } else { 2 };
    let all = |offset: u32, unit: u32| offset.checked_mul(unit);
    Some(Rectangle {
        x: all(left, unit_x)?,
        y: all(top, unit_y * fields)?,
        width: width?.checked_sub(all(left.checked_add(right)?, unit_x)?)?,
        height: height?.checked_mul(fields)?.checked_sub(all(top.checked_add(bottom)?, unit_y * fields)?)?,
    })
}

/// Reads the start of vui_parameters( ).
fn colour(bits: &mut Bits, chroma_format_idc: u32) -> Read<StreamColour> {
    let has_rgb = chroma_format_idc == 3;
    let silent = StreamColour { is_rgb: if has_rgb { None } else { Some(false) }, is_full_range: None, is_grey: false };
    // vui_parameters_present_flag.
    if !bits.flag() {
        return Ok(silent);
    }
    Ok(VideoSignal::read(bits).map_or(silent, |signal| StreamColour {
        is_rgb: signal.matrix_coefficients.map_or(silent.is_rgb, |matrix| Some(matrix == IDENTITY && has_rgb)),
        is_full_range: Some(signal.is_full_range),
        is_grey: false,
    }))
}

/// A picture parameter set.
#[derive(Clone, Debug)]
pub struct Pps {
    /// entropy_coding_mode_flag.
    pub entropy_coding_mode: bool,
    /// bottom_field_pic_order_in_frame_present_flag.
    pub bottom_field_pic_order_in_frame_present: bool,
    /// num_ref_idx_l0_default_active_minus1 + 1, and that of list 1.
    pub num_ref_idx_default_active: [u32; 2],
    /// weighted_pred_flag.
    pub weighted_pred: bool,
    /// weighted_bipred_idc.
    pub weighted_bipred_idc: u32,
    /// 26 + pic_init_qp_minus26.
    pub pic_init_qp: i32,
    /// deblocking_filter_control_present_flag.
    pub deblocking_filter_control_present: bool,
    /// constrained_intra_pred_flag.
    pub constrained_intra_pred: bool,
    /// redundant_pic_cnt_present_flag.
    pub redundant_pic_cnt_present: bool,
    /// transform_8x8_mode_flag.
    pub transform_8x8_mode: bool,
}

impl Pps {
    /// pic_parameter_set_id and seq_parameter_set_id, the first fields of a set.
    pub fn ids(bits: &mut Bits) -> Read<[usize; 2]> {
        let id = bits.ue_to(255, "pic_parameter_set_id")? as usize;
        Ok([id, bits.ue_to(31, "seq_parameter_set_id")? as usize])
    }

    /// Reads what follows [`Pps::ids`].
    pub fn read(bits: &mut Bits, sps: &Sps) -> Read<Self> {
        let entropy_coding_mode = bits.flag();
        let bottom_field_pic_order_in_frame_present = bits.flag();
        if bits.ue_to(7, "num_slice_groups")? > 0 {
            return Err(sps.slice_groups());
        }
        let mut num_ref_idx_default_active = [0; 2];
        for number in &mut num_ref_idx_default_active {
            *number = 1 + bits.ue_to(31, "num_ref_idx_default_active")?;
        }
        let weighted_pred = bits.flag();
        let weighted_bipred_idc = bits.u(2);
        let pic_init_qp = 26 + bits.se_within(-26 - sps.qp_bd_offset(), 25, "pic_init_qp")?;
        bits.se()?;
        bits.se_within(-12, 12, "chroma_qp_index_offset")?;
        let deblocking_filter_control_present = bits.flag();
        let constrained_intra_pred = bits.flag();
        let redundant_pic_cnt_present = bits.flag();
        let mut transform_8x8_mode = false;
        bits.check()?;
        if bits.has_more() && !sps.has_short_pps() {
            transform_8x8_mode = bits.flag();
            if bits.flag() {
                let of_8x8 = if sps.chroma_format_idc == 3 { 6 } else { 2 };
                scaling_lists(bits, if transform_8x8_mode { 6 + of_8x8 } else { 6 })?;
            }
            bits.se_within(-12, 12, "second_chroma_qp_index_offset")?;
        }
        bits.check()?;
        Ok(Self {
            entropy_coding_mode,
            bottom_field_pic_order_in_frame_present,
            num_ref_idx_default_active,
            weighted_pred,
            weighted_bipred_idc,
            pic_init_qp,
            deblocking_filter_control_present,
            constrained_intra_pred,
            redundant_pic_cnt_present,
            transform_8x8_mode,
        })
    }
}

/// Passes over `count` scaling lists, of which the first six are for 4x4 blocks (7.3.2.1.1.1).
fn scaling_lists(bits: &mut Bits, count: usize) -> Read<()> {
    for list in 0..count {
        if !bits.flag() {
            continue;
        }
        let mut last = 8;
        for _ in 0..if list < 6 { 16 } else { 64 } {
            last = (last + bits.se_within(-128, 127, "delta_scale")?) & 0xff;
            if last == 0 {
                break;
            }
        }
    }
    Ok(())
}
