//! Sequence and picture parameter sets, as far as slices depend on them (clauses 7.3.2.2 and 7.3.2.3).

use crate::bits::HeaderBits as Bits;
use crate::finding::{Read, Stop};
use crate::vui::VideoSignal;

/// Main, Main 10 and Main Still Picture: profiles whose parameter sets have no extensions (A.3).
const FIRST_PROFILES: std::ops::RangeInclusive<u32> = 1..=3;
/// general_profile_compatibility_flag of these profiles.
const FIRST_FLAGS: u32 = 0xf000_0000;
/// MaxLumaPs of the highest level (Table A.8), and the longest side that it allows.
const MAX_SAMPLES: usize = 142_606_336;
const MAX_SIDE: usize = 33_776;
/// The largest sps_max_dec_pic_buffering_minus1, and the most pictures of a set.
const MAX_PICTURES: usize = 16;

/// A picture of a short-term reference picture set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortTerm {
    /// DeltaPocS0 or DeltaPocS1.
    delta: i32,
    /// Whether the current picture refers to it.
    pub is_used: bool,
}

impl ShortTerm {
    /// Sorts the pictures of a set: the smallest comes first.
    fn order(self) -> (bool, i32) {
        (self.delta > 0, self.delta.abs())
    }
}

/// A short-term reference picture set (7.3.7): pictures before the current one, nearest first, then those after it.
pub type ShortTermSet = Vec<ShortTerm>;

/// sps_range_extension( ) (7.3.2.2.2).
#[derive(Clone, Debug, Default)]
pub struct SpsRange {
    /// transform_skip_context_enabled_flag.
    pub transform_skip_context: bool,
    /// implicit_rdpcm_enabled_flag.
    pub implicit_rdpcm: bool,
    /// explicit_rdpcm_enabled_flag.
    pub explicit_rdpcm: bool,
    /// extended_precision_processing_flag.
    pub extended_precision: bool,
    /// high_precision_offsets_enabled_flag.
    pub high_precision_offsets: bool,
    /// persistent_rice_adaptation_enabled_flag.
    pub persistent_rice: bool,
    /// cabac_bypass_alignment_enabled_flag.
    pub bypass_alignment: bool,
}

/// pcm_enabled_flag and what follows it.
#[derive(Clone, Debug)]
pub struct Pcm {
    /// PcmBitDepthY and PcmBitDepthC.
    pub bit_depths: [usize; 2],
    /// Log2MinIpcmCbSizeY and Log2MaxIpcmCbSizeY.
    pub log2_sizes: [u32; 2],
}

/// A sequence parameter set.
#[derive(Clone, Debug)]
pub struct Sps {
    /// sps_seq_parameter_set_id.
    pub id: usize,
    /// chroma_format_idc.
    chroma_format_idc: u32,
    /// separate_colour_plane_flag.
    pub separate_colour_plane: bool,
    /// pic_width_in_luma_samples and pic_height_in_luma_samples.
    pub size: [usize; 2],
    /// BitDepthY and BitDepthC.
    pub bit_depths: [u32; 2],
    /// Bits of slice_pic_order_cnt_lsb.
    pub pic_order_cnt_lsb_bits: usize,
    /// MinCbLog2SizeY.
    pub log2_min_cb: u32,
    /// CtbLog2SizeY.
    pub log2_ctb: u32,
    /// MinTbLog2SizeY.
    pub log2_min_tb: u32,
    /// MaxTbLog2SizeY.
    pub log2_max_tb: u32,
    /// max_transform_hierarchy_depth_inter.
    pub max_depth_inter: u32,
    /// max_transform_hierarchy_depth_intra.
    pub max_depth_intra: u32,
    /// amp_enabled_flag.
    pub amp: bool,
    /// sample_adaptive_offset_enabled_flag.
    pub sao: bool,
    /// The PCM parameters; `None` unless pcm_enabled_flag.
    pub pcm: Option<Pcm>,
    /// The short-term reference picture sets.
    pub short_term_sets: Vec<ShortTermSet>,
    /// long_term_ref_pics_present_flag.
    pub long_term_ref_pics_present: bool,
    /// used_by_curr_pic_lt_sps_flag of the long-term reference pictures.
    pub long_term: Vec<bool>,
    /// sps_temporal_mvp_enabled_flag.
    pub temporal_mvp: bool,
    /// Whether the profile may have extensions.
    pub has_range: bool,
    /// The range extension, or its inferred values.
    pub range: SpsRange,
    /// Whether it has an extension that is not read.
    has_unread: bool,
}

impl Sps {
    /// Reads what follows the NAL unit's header.
    pub fn read(bits: &mut Bits) -> Read<Self> {
        bits.skip(4);
        let max_sub_layers = bits.u(3) as usize;
        if max_sub_layers > 6 {
            return Err(Stop::Damaged("sps_max_sub_layers"));
        }
        bits.skip(1);
        let has_range = profile_tier_level(bits, max_sub_layers);
        let id = bits.ue_to(15, "sps_seq_parameter_set_id")? as usize;
        let chroma_format_idc = bits.ue_to(3, "chroma_format_idc")?;
        let separate_colour_plane = chroma_format_idc == 3 && bits.flag();
        let mut size = [0; 2];
        for side in &mut size {
            *side = bits.ue()? as usize;
        }
        if bits.flag() {
            bits.skip_ue(4)?;
        }
        let bit_depths = [8 + bits.ue_to(8, "bit_depth_luma")?, 8 + bits.ue_to(8, "bit_depth_chroma")?];
        let pic_order_cnt_lsb_bits = 4 + bits.ue_to(12, "log2_max_pic_order_cnt_lsb")? as usize;
        for _ in if bits.flag() { 0 } else { max_sub_layers }..=max_sub_layers {
            bits.ue_to(MAX_PICTURES as u32 - 1, "sps_max_dec_pic_buffering")?;
            bits.skip_ue(2)?;
        }
        let log2_min_cb = 3 + bits.ue_to(3, "log2_min_luma_coding_block_size")?;
        let log2_ctb = log2_min_cb + bits.ue_to(3, "log2_diff_max_min_luma_coding_block_size")?;
        let log2_min_tb = 2 + bits.ue_to(3, "log2_min_luma_transform_block_size")?;
        let log2_max_tb = log2_min_tb + bits.ue_to(3, "log2_diff_max_min_luma_transform_block_size")?;
        if !(4..=6).contains(&log2_ctb) || log2_min_tb >= log2_min_cb || log2_max_tb > log2_ctb.min(5) {
            return Err(Stop::Damaged("sizes of blocks"));
        }
        if size.iter().any(|&side| side == 0 || side % (1 << log2_min_cb) != 0) {
            return Err(Stop::Damaged("size of the picture"));
        }
        let max_depth = log2_ctb - log2_min_tb;
        let max_depth_inter = bits.ue_to(max_depth, "max_transform_hierarchy_depth_inter")?;
        let max_depth_intra = bits.ue_to(max_depth, "max_transform_hierarchy_depth_intra")?;
        if bits.flag() && bits.flag() {
            scaling_list_data(bits)?;
        }
        let amp = bits.flag();
        let sao = bits.flag();
        let mut pcm = None;
        if bits.flag() {
            let pcm_depths = [1 + bits.u(4), 1 + bits.u(4)];
            let min = 3 + bits.ue_to(2, "log2_min_pcm_luma_coding_block_size")?;
            let max = min + bits.ue_to(2, "log2_diff_max_min_pcm_luma_coding_block_size")?;
            bits.skip(1);
            if max > log2_ctb.min(5) || pcm_depths[0] > bit_depths[0] || pcm_depths[1] > bit_depths[1] {
                return Err(Stop::Damaged("PCM samples"));
            }
            pcm = Some(Pcm { bit_depths: pcm_depths.map(|depth| depth as usize), log2_sizes: [min, max] });
        }
        let mut short_term_sets = Vec::new();
        let count = bits.ue_to(64, "num_short_term_ref_pic_sets")? as usize;
        for _ in 0..count {
            let set = short_term_set(bits, &short_term_sets, false)?;
            short_term_sets.push(set);
        }
        let long_term_ref_pics_present = bits.flag();
        let mut long_term = Vec::new();
        if long_term_ref_pics_present {
            for _ in 0..bits.ue_to(32, "num_long_term_ref_pics_sps")? {
                bits.skip(pic_order_cnt_lsb_bits);
                long_term.push(bits.flag());
            }
        }
        let temporal_mvp = bits.flag();
        bits.skip(1);
        let mut sps = Self {
            id,
            chroma_format_idc,
            separate_colour_plane,
            size,
            bit_depths,
            pic_order_cnt_lsb_bits,
            log2_min_cb,
            log2_ctb,
            log2_min_tb,
            log2_max_tb,
            max_depth_inter,
            max_depth_intra,
            amp,
            sao,
            pcm,
            short_term_sets,
            long_term_ref_pics_present,
            long_term,
            temporal_mvp,
            has_range,
            range: SpsRange::default(),
            has_unread: false,
        };
        let has_vui = bits.flag();
        bits.check()?;
        if has_range {
            if has_vui {
                vui_parameters(bits, max_sub_layers)?;
            }
            sps.extensions(bits)?;
        }
        // Without extensions nothing depends on video usability information, which some encoders write wrongly.
        Ok(sps)
    }

    fn extensions(&mut self, bits: &mut Bits) -> Read<()> {
        if bits.flag() {
            let [range, _, three_d, screen] = [(); 4].map(|()| bits.flag());
            bits.skip(4);
            self.has_unread = three_d || screen;
            if range {
                let mut flag = || bits.flag();
                let _rotation = flag();
                let [transform_skip_context, implicit_rdpcm, explicit_rdpcm] = [flag(), flag(), flag()];
                let extended_precision = flag();
                let _smoothing_disabled = flag();
                let [high_precision_offsets, persistent_rice, bypass_alignment] = [flag(), flag(), flag()];
                self.range = SpsRange {
                    transform_skip_context,
                    implicit_rdpcm,
                    explicit_rdpcm,
                    extended_precision,
                    high_precision_offsets,
                    persistent_rice,
                    bypass_alignment,
                };
            }
        }
        bits.check()
    }

    /// ChromaArrayType.
    pub fn chroma_array_type(&self) -> u32 {
        if self.separate_colour_plane { 0 } else { self.chroma_format_idc }
    }

    /// QpBdOffsetY.
    pub fn qp_bd_offset(&self) -> i32 {
        6 * (self.bit_depths[0] as i32 - 8)
    }

    /// PicWidthInCtbsY and PicHeightInCtbsY; [`Stop::Unread`] if more than any level allows.
    pub fn size_in_ctbs(&self) -> Read<[usize; 2]> {
        let [width, height] = self.size;
        if self.has_unread || width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_SAMPLES {
            return Err(Stop::Unread);
        }
        Ok(self.size.map(|side| side.div_ceil(1 << self.log2_ctb)))
    }
}

/// pps_range_extension( ) (7.3.2.3.2).
#[derive(Clone, Debug)]
pub struct PpsRange {
    /// Log2MaxTransformSkipSize.
    pub log2_max_transform_skip: u32,
    /// cross_component_prediction_enabled_flag.
    pub cross_component_prediction: bool,
    /// diff_cu_chroma_qp_offset_depth and chroma_qp_offset_list_len_minus1; `None` unless chroma_qp_offset_list_enabled_flag.
    pub chroma_qp_offsets: Option<[u32; 2]>,
}

impl Default for PpsRange {
    fn default() -> Self {
        Self { log2_max_transform_skip: 2, cross_component_prediction: false, chroma_qp_offsets: None }
    }
}

/// The tiles of a picture in one direction.
#[derive(Clone, Debug)]
enum Spacing {
    /// This many tiles of equal size.
    Uniform(usize),
    /// Tiles of these sizes in coding tree blocks, and a last one with the rest.
    Sizes(Vec<usize>),
}

impl Spacing {
    /// Where tiles begin, then the end (6.5.1).
    fn bounds(&self, size: usize) -> Read<Vec<usize>> {
        let bounds: Vec<usize> = match self {
            Self::Uniform(count) => (0..=*count).map(|i| i * size / count).collect(),
            Self::Sizes(sizes) => {
                let mut at = 0;
                let starts = sizes.iter().map(|size| {
                    at += size;
                    at
                });
                [0].into_iter().chain(starts).chain([size]).collect()
            }
        };
        match bounds.is_sorted_by(|a, b| a < b) {
            true => Ok(bounds),
            false => Err(Stop::Damaged("more tiles than coding tree blocks")),
        }
    }
}

/// A picture parameter set.
#[derive(Clone, Debug)]
pub struct Pps {
    /// pps_pic_parameter_set_id.
    pub id: usize,
    /// pps_seq_parameter_set_id.
    pub sps: usize,
    /// dependent_slice_segments_enabled_flag.
    pub dependent_slice_segments: bool,
    /// output_flag_present_flag.
    pub output_flag_present: bool,
    /// num_extra_slice_header_bits.
    pub extra_slice_header_bits: usize,
    /// sign_data_hiding_enabled_flag.
    pub sign_data_hiding: bool,
    /// cabac_init_present_flag.
    pub cabac_init_present: bool,
    /// num_ref_idx_l0_default_active_minus1 + 1, and that of list 1.
    pub num_ref_idx_default_active: [u32; 2],
    /// 26 + init_qp_minus26.
    pub init_qp: i32,
    /// transform_skip_enabled_flag.
    pub transform_skip: bool,
    /// diff_cu_qp_delta_depth; `None` unless cu_qp_delta_enabled_flag.
    pub qp_delta_depth: Option<u32>,
    /// pps_slice_chroma_qp_offsets_present_flag.
    pub slice_chroma_qp_offsets_present: bool,
    /// weighted_pred_flag.
    pub weighted_pred: bool,
    /// weighted_bipred_flag.
    pub weighted_bipred: bool,
    /// transquant_bypass_enabled_flag.
    pub transquant_bypass: bool,
    /// entropy_coding_sync_enabled_flag.
    pub entropy_coding_sync: bool,
    tiles: Option<[Spacing; 2]>,
    /// pps_loop_filter_across_slices_enabled_flag.
    pub loop_filter_across_slices: bool,
    /// deblocking_filter_override_enabled_flag.
    pub deblocking_override: bool,
    /// pps_deblocking_filter_disabled_flag.
    pub deblocking_disabled: bool,
    /// lists_modification_present_flag.
    pub lists_modification_present: bool,
    /// slice_segment_header_extension_present_flag.
    pub slice_header_extension_present: bool,
    /// The range extension, or its inferred values.
    pub range: PpsRange,
    /// Whether it has an extension that is not read.
    pub has_unread: bool,
}

impl Pps {
    /// Reads what follows the NAL unit's header.
    pub fn read(bits: &mut Bits) -> Read<Self> {
        let id = bits.ue_to(63, "pps_pic_parameter_set_id")? as usize;
        let sps = bits.ue_to(15, "pps_seq_parameter_set_id")? as usize;
        let dependent_slice_segments = bits.flag();
        let output_flag_present = bits.flag();
        let extra_slice_header_bits = bits.u(3) as usize;
        let sign_data_hiding = bits.flag();
        let cabac_init_present = bits.flag();
        let mut num_ref_idx_default_active = [0; 2];
        for number in &mut num_ref_idx_default_active {
            *number = 1 + bits.ue_to(14, "num_ref_idx_default_active")?;
        }
        let init_qp = 26 + bits.se_within(-26 - 48, 25, "init_qp")?;
        bits.skip(1);
        let transform_skip = bits.flag();
        let qp_delta_depth = if bits.flag() { Some(bits.ue_to(3, "diff_cu_qp_delta_depth")?) } else { None };
        for _ in 0..2 {
            bits.se_within(-12, 12, "pps_cb_qp_offset")?;
        }
        let slice_chroma_qp_offsets_present = bits.flag();
        let weighted_pred = bits.flag();
        let weighted_bipred = bits.flag();
        let transquant_bypass = bits.flag();
        let has_tiles = bits.flag();
        let entropy_coding_sync = bits.flag();
        let tiles = if has_tiles { Some(tile_spacing(bits)?) } else { None };
        let loop_filter_across_slices = bits.flag();
        let mut deblocking_override = false;
        let mut deblocking_disabled = false;
        if bits.flag() {
            deblocking_override = bits.flag();
            deblocking_disabled = bits.flag();
            if !deblocking_disabled {
                deblocking_offsets(bits)?;
            }
        }
        if bits.flag() {
            scaling_list_data(bits)?;
        }
        let lists_modification_present = bits.flag();
        bits.ue_to(4, "log2_parallel_merge_level")?;
        let slice_header_extension_present = bits.flag();
        let mut range = PpsRange::default();
        let mut has_unread = false;
        if bits.flag() {
            let [has_range, multilayer, three_d, screen] = [(); 4].map(|()| bits.flag());
            bits.skip(4);
            if has_range {
                range = range_extension(bits, transform_skip)?;
            }
            has_unread = multilayer || three_d || screen;
        }
        bits.check()?;
        Ok(Self {
            id,
            sps,
            dependent_slice_segments,
            output_flag_present,
            extra_slice_header_bits,
            sign_data_hiding,
            cabac_init_present,
            num_ref_idx_default_active,
            init_qp,
            transform_skip,
            qp_delta_depth,
            slice_chroma_qp_offsets_present,
            weighted_pred,
            weighted_bipred,
            transquant_bypass,
            entropy_coding_sync,
            tiles,
            loop_filter_across_slices,
            deblocking_override,
            deblocking_disabled,
            lists_modification_present,
            slice_header_extension_present,
            range,
            has_unread,
        })
    }

    /// tiles_enabled_flag.
    pub fn has_tiles(&self) -> bool {
        self.tiles.is_some()
    }

    /// Where columns and rows of tiles begin in a picture of this size in coding tree blocks, then the ends of the picture.
    pub fn tile_bounds(&self, [width, height]: [usize; 2]) -> Read<[Vec<usize>; 2]> {
        match &self.tiles {
            None => Ok([vec![0, width], vec![0, height]]),
            Some([columns, rows]) => Ok([columns.bounds(width)?, rows.bounds(height)?]),
        }
    }
}

fn tile_spacing(bits: &mut Bits) -> Read<[Spacing; 2]> {
    // More than the highest level allows (Table A.8).
    let columns = bits.ue_to(127, "num_tile_columns")? as usize;
    let rows = bits.ue_to(127, "num_tile_rows")? as usize;
    let spacing = match bits.flag() {
        true => [Spacing::Uniform(columns + 1), Spacing::Uniform(rows + 1)],
        false => {
            let mut sizes = |count: usize| -> Read<Spacing> {
                let sizes: Read<_> =
                    (0..count).map(|_| Ok(1 + bits.ue_to(1 << 16, "size of a tile")? as usize)).collect();
                Ok(Spacing::Sizes(sizes?))
            };
            [sizes(columns)?, sizes(rows)?]
        }
    };
    bits.skip(1);
    Ok(spacing)
}

fn range_extension(bits: &mut Bits, transform_skip: bool) -> Read<PpsRange> {
    let mut range = PpsRange::default();
    if transform_skip {
        range.log2_max_transform_skip = 2 + bits.ue_to(3, "log2_max_transform_skip_block_size")?;
    }
    range.cross_component_prediction = bits.flag();
    if bits.flag() {
        let depth = bits.ue_to(3, "diff_cu_chroma_qp_offset_depth")?;
        let last = bits.ue_to(5, "chroma_qp_offset_list_len")?;
        for _ in 0..2 * (last + 1) {
            bits.se_within(-12, 12, "qp_offset_list")?;
        }
        range.chroma_qp_offsets = Some([depth, last]);
    }
    for _ in 0..2 {
        bits.ue_to(6, "log2_sao_offset_scale")?;
    }
    Ok(range)
}

/// Beta and tC offsets of the deblocking filter.
pub fn deblocking_offsets(bits: &mut Bits) -> Read<()> {
    (0..2).try_for_each(|_| bits.se_within(-6, 6, "offset of the deblocking filter").map(drop))
}

/// Passes over profile_tier_level( ) (7.3.3); returns whether the profile may have extensions.
fn profile_tier_level(bits: &mut Bits, max_sub_layers: usize) -> bool {
    bits.skip(3);
    let profile_idc = bits.u(5);
    let compatible = bits.u(32);
    bits.skip(48 + 8);
    let sub_layers: Vec<[bool; 2]> = (0..max_sub_layers).map(|_| [bits.flag(), bits.flag()]).collect();
    if max_sub_layers > 0 {
        bits.skip(2 * (8 - max_sub_layers));
    }
    for [has_profile, has_level] in sub_layers {
        bits.skip(88 * usize::from(has_profile) + 8 * usize::from(has_level));
    }
    !FIRST_PROFILES.contains(&profile_idc) && (profile_idc > 0 || compatible & FIRST_FLAGS == 0)
}

/// Passes over scaling lists (7.3.4).
fn scaling_list_data(bits: &mut Bits) -> Read<()> {
    for size in 0..4 {
        for matrix in (0..6).step_by(if size == 3 { 3 } else { 1 }) {
            if !bits.flag() {
                bits.ue_to(matrix, "scaling_list_pred_matrix_id_delta")?;
                continue;
            }
            if size > 1 {
                bits.se_within(-7, 247, "scaling_list_dc_coef")?;
            }
            for _ in 0..if size == 0 { 16 } else { 64 } {
                bits.se_within(-128, 127, "scaling_list_delta_coef")?;
            }
        }
    }
    Ok(())
}

/// Reads a short-term reference picture set (7.3.7 and 7.4.8), which may be predicted from `sets`.
pub fn short_term_set(bits: &mut Bits, sets: &[ShortTermSet], is_in_slice: bool) -> Read<ShortTermSet> {
    const TOO_MANY: Stop = Stop::Damaged("too many reference pictures");
    if !sets.is_empty() && bits.flag() {
        let back = if is_in_slice { bits.ue_to(sets.len() as u32 - 1, "delta_idx")? as usize } else { 0 };
        let reference = &sets[sets.len() - 1 - back];
        let is_negative = bits.flag();
        let magnitude = 1 + bits.ue_to(0x7fff, "abs_delta_rps")? as i32;
        let delta = if is_negative { -magnitude } else { magnitude };
        let mut set = Vec::new();
        // The picture that the reference set belongs to comes last.
        for from in reference.iter().map(|picture| picture.delta).chain([0]) {
            let is_used = bits.flag();
            if (is_used || bits.flag()) && from + delta != 0 {
                let picture = ShortTerm { delta: from + delta, is_used };
                let is_behind = |other: &ShortTerm| other.order() > picture.order();
                set.insert(set.iter().position(is_behind).unwrap_or(set.len()), picture);
            }
        }
        return if set.len() > MAX_PICTURES { Err(TOO_MANY) } else { Ok(set) };
    }
    let counts = [bits.ue_to(16, "num_negative_pics")? as usize, bits.ue_to(16, "num_positive_pics")? as usize];
    if counts[0] + counts[1] > MAX_PICTURES {
        return Err(TOO_MANY);
    }
    let mut set = Vec::new();
    for (count, sign) in counts.into_iter().zip([-1, 1]) {
        let mut delta = 0;
        for _ in 0..count {
            delta += sign * (1 + bits.ue_to(0x7fff, "delta_poc")? as i32);
            set.push(ShortTerm { delta, is_used: bits.flag() });
        }
    }
    Ok(set)
}

/// Passes over video usability information (E.2.1).
fn vui_parameters(bits: &mut Bits, max_sub_layers: usize) -> Read<()> {
    _ = VideoSignal::read(&mut bits.0);
    if bits.flag() {
        bits.skip_ue(2)?;
    }
    bits.skip(3);
    if bits.flag() {
        bits.skip_ue(4)?;
    }
    if bits.flag() {
        bits.skip(64);
        if bits.flag() {
            bits.skip_ue(1)?;
        }
        if bits.flag() {
            hrd_parameters(bits, max_sub_layers)?;
        }
    }
    if bits.flag() {
        bits.skip(3);
        bits.skip_ue(5)?;
    }
    bits.check()
}

/// Passes over parameters of the hypothetical reference decoder (E.2.2).
fn hrd_parameters(bits: &mut Bits, max_sub_layers: usize) -> Read<()> {
    let [nal, vcl] = [bits.flag(), bits.flag()];
    let mut has_sub_pictures = false;
    if nal || vcl {
        has_sub_pictures = bits.flag();
        bits.skip(if has_sub_pictures { 8 + 5 + 1 + 5 + 4 + 4 + 4 } else { 4 + 4 } + 15);
    }
    for _ in 0..=max_sub_layers {
        let is_fixed = bits.flag() || bits.flag();
        let mut is_low_delay = false;
        if is_fixed {
            bits.skip_ue(1)?;
        } else {
            is_low_delay = bits.flag();
        }
        let count = if is_low_delay { 1 } else { 1 + bits.ue_to(31, "cpb_cnt")? };
        for _ in 0..count * (u32::from(nal) + u32::from(vcl)) {
            bits.skip_ue(if has_sub_pictures { 4 } else { 2 })?;
            bits.skip(1);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_part_pictures() {
        assert_eq!(Spacing::Uniform(3).bounds(10).unwrap(), [0, 3, 6, 10]);
        assert_eq!(Spacing::Sizes(vec![1, 4]).bounds(6).unwrap(), [0, 1, 5, 6]);
        assert!(Spacing::Uniform(3).bounds(2).is_err());
        assert!(Spacing::Sizes(vec![1, 4]).bounds(5).is_err());
    }

    #[test]
    fn sets_are_predicted_from_others() {
        let of = |set: &ShortTermSet| set.iter().map(|picture| (picture.delta, picture.is_used)).collect::<Vec<_>>();
        // Two pictures before it, -1 and -3, of which the second is not used, and one after it.
        let rbsp = [0b0110_1011, 0b0100_1110];
        let set = short_term_set(&mut Bits::new(&rbsp), &[], false).unwrap();
        assert_eq!(of(&set), [(-1, true), (-3, false), (1, true)]);
        // Predicted with a difference of -1: the third picture becomes the current one, and is left out.
        let rbsp = [0b1111_0111, 0b1000_0000];
        let set = short_term_set(&mut Bits::new(&rbsp), &[set], false).unwrap();
        assert_eq!(of(&set), [(-1, true), (-2, true), (-4, false)]);
    }
}
