//! CABAC's contexts: the first context of each syntax element, and the initial values (clause 9.3.2.2).

use super::slice_header::{SliceHeader, SliceType};
use crate::cabac::Context;

/// sao_merge_left_flag and sao_merge_up_flag.
pub const SAO_MERGE: usize = 0;
/// sao_type_idx_luma and sao_type_idx_chroma.
pub const SAO_TYPE: usize = 1;
/// split_cu_flag.
pub const SPLIT_CU: usize = 2;
/// cu_transquant_bypass_flag.
pub const TRANSQUANT_BYPASS: usize = 5;
/// cu_skip_flag.
pub const SKIP: usize = 6;
/// pred_mode_flag.
pub const PRED_MODE: usize = 9;
/// part_mode.
pub const PART_MODE: usize = 10;
/// prev_intra_luma_pred_flag.
pub const PREV_INTRA_LUMA: usize = 14;
/// intra_chroma_pred_mode.
pub const INTRA_CHROMA: usize = 15;
/// rqt_root_cbf.
pub const RQT_ROOT_CBF: usize = 16;
/// merge_flag.
pub const MERGE_FLAG: usize = 17;
/// merge_idx.
pub const MERGE_IDX: usize = 18;
/// inter_pred_idc.
pub const INTER_PRED_IDC: usize = 19;
/// ref_idx_l0 and ref_idx_l1.
pub const REF_IDX: usize = 24;
/// mvp_l0_flag and mvp_l1_flag.
pub const MVP: usize = 26;
/// split_transform_flag.
pub const SPLIT_TRANSFORM: usize = 27;
/// cbf_luma.
pub const CBF_LUMA: usize = 30;
/// cbf_cb and cbf_cr.
pub const CBF_CHROMA: usize = 32;
/// abs_mvd_greater0_flag.
pub const MVD_GREATER0: usize = 37;
/// abs_mvd_greater1_flag.
pub const MVD_GREATER1: usize = 38;
/// cu_qp_delta_abs.
pub const QP_DELTA: usize = 39;
/// transform_skip_flag, of luma and of chroma.
pub const TRANSFORM_SKIP: usize = 41;
/// last_sig_coeff_x_prefix.
pub const LAST_X: usize = 43;
/// last_sig_coeff_y_prefix.
pub const LAST_Y: usize = 61;
/// coded_sub_block_flag.
pub const CODED_SUB_BLOCK: usize = 79;
/// sig_coeff_flag; the last two are for transform skip.
pub const SIGNIFICANT: usize = 83;
/// coeff_abs_level_greater1_flag.
pub const GREATER1: usize = 127;
/// coeff_abs_level_greater2_flag.
pub const GREATER2: usize = 151;
/// explicit_rdpcm_flag, of luma and of chroma.
pub const EXPLICIT_RDPCM: usize = 157;
/// explicit_rdpcm_dir_flag.
pub const EXPLICIT_RDPCM_DIR: usize = 159;
/// cu_chroma_qp_offset_flag.
pub const CHROMA_QP_OFFSET_FLAG: usize = 161;
/// cu_chroma_qp_offset_idx.
pub const CHROMA_QP_OFFSET_IDX: usize = 162;
/// log2_res_scale_abs_plus1, of Cb and of Cr.
pub const RES_SCALE_ABS: usize = 163;
/// res_scale_sign_flag.
pub const RES_SCALE_SIGN: usize = 171;
const CONTEXTS: usize = 173;
/// As many as a byte can index, so that no bounds check is needed.
const STATES: usize = 256;

/// initValue by initType (Tables 9-5 to 9-37), in the order of the constants above.
static INIT: [[u8; CONTEXTS]; 3] = [
    [
        153, 200, 139, 141, 157, 154, 154, 154, 154, 154, 184, 154, 154, 154, 184, 63, 154, 154, 154, 154, 154, 154,
        154, 154, 154, 154, 154, 153, 138, 138, 111, 141, 94, 138, 182, 154, 154, 154, 154, 154, 154, 139, 139, 110,
        110, 124, 125, 140, 153, 125, 127, 140, 109, 111, 143, 127, 111, 79, 108, 123, 63, 110, 110, 124, 125, 140,
        153, 125, 127, 140, 109, 111, 143, 127, 111, 79, 108, 123, 63, 91, 171, 134, 141, 111, 111, 125, 110, 110, 94,
        124, 108, 124, 107, 125, 141, 179, 153, 125, 107, 125, 141, 179, 153, 125, 107, 125, 141, 179, 153, 125, 140,
        139, 182, 182, 152, 136, 152, 136, 153, 136, 139, 111, 136, 139, 111, 141, 111, 140, 92, 137, 138, 140, 152,
        138, 139, 153, 74, 149, 92, 139, 107, 122, 152, 140, 179, 166, 182, 140, 227, 122, 197, 138, 153, 136, 167,
        152, 152, 139, 139, 139, 139, 154, 154, 154, 154, 154, 154, 154, 154, 154, 154, 154, 154,
    ],
    [
        153, 185, 107, 139, 126, 154, 197, 185, 201, 149, 154, 139, 154, 154, 154, 152, 79, 110, 122, 95, 79, 63, 31,
        31, 153, 153, 168, 124, 138, 94, 153, 111, 149, 107, 167, 154, 154, 140, 198, 154, 154, 139, 139, 125, 110, 94,
        110, 95, 79, 125, 111, 110, 78, 110, 111, 111, 95, 94, 108, 123, 108, 125, 110, 94, 110, 95, 79, 125, 111, 110,
        78, 110, 111, 111, 95, 94, 108, 123, 108, 121, 140, 61, 154, 155, 154, 139, 153, 139, 123, 123, 63, 153, 166,
        183, 140, 136, 153, 154, 166, 183, 140, 136, 153, 154, 166, 183, 140, 136, 153, 154, 170, 153, 123, 123, 107,
        121, 107, 121, 167, 151, 183, 140, 151, 183, 140, 140, 140, 154, 196, 196, 167, 154, 152, 167, 182, 182, 134,
        149, 136, 153, 121, 136, 137, 169, 194, 166, 167, 154, 167, 137, 182, 107, 167, 91, 122, 107, 167, 139, 139,
        139, 139, 154, 154, 154, 154, 154, 154, 154, 154, 154, 154, 154, 154,
    ],
    [
        153, 160, 107, 139, 126, 154, 197, 185, 201, 134, 154, 139, 154, 154, 183, 152, 79, 154, 137, 95, 79, 63, 31,
        31, 153, 153, 168, 224, 167, 122, 153, 111, 149, 92, 167, 154, 154, 169, 198, 154, 154, 139, 139, 125, 110,
        124, 110, 95, 94, 125, 111, 111, 79, 125, 126, 111, 111, 79, 108, 123, 93, 125, 110, 124, 110, 95, 94, 125,
        111, 111, 79, 125, 126, 111, 111, 79, 108, 123, 93, 121, 140, 61, 154, 170, 154, 139, 153, 139, 123, 123, 63,
        124, 166, 183, 140, 136, 153, 154, 166, 183, 140, 136, 153, 154, 166, 183, 140, 136, 153, 154, 170, 153, 138,
        138, 122, 121, 122, 121, 167, 151, 183, 140, 151, 183, 140, 140, 140, 154, 196, 167, 167, 154, 152, 167, 182,
        182, 134, 149, 136, 153, 121, 136, 122, 169, 208, 166, 167, 154, 152, 167, 182, 107, 167, 91, 107, 107, 167,
        139, 139, 139, 139, 154, 154, 154, 154, 154, 154, 154, 154, 154, 154, 154, 154,
    ],
];

/// The context variables, and StatCoeff.
#[derive(Clone, Debug)]
pub struct Contexts {
    /// 2 * pStateIdx + valMps.
    pub states: [Context; STATES],
    /// StatCoeff.
    pub stat_coeff: [u8; 4],
}

impl Contexts {
    /// The contexts at the start of a slice.
    pub fn new(header: &SliceHeader) -> Self {
        let init_type = match header.slice_type {
            SliceType::I => 0,
            SliceType::P => 1 + usize::from(header.cabac_init),
            SliceType::B => 2 - usize::from(header.cabac_init),
        };
        let mut states = [Context::new(0, 0, 0); STATES];
        for (state, &value) in states.iter_mut().zip(&INIT[init_type]) {
            let value = i32::from(value);
            *state = Context::new((value >> 4) * 5 - 45, ((value & 15) << 3) - 16, header.qp);
        }
        Self { states, stat_coeff: [0; 4] }
    }
}
