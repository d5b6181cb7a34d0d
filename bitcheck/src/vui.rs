//! Reads the start of VUI parameters, which H.264 and HEVC share (ITU-T H.264 | H.265, E.1.1 | E.2.1).

use super::bits::Bits;

/// aspect_ratio_idc of a ratio that is written out (Table E-1).
const EXTENDED_SAR: u32 = 255;

/// The fields after video_signal_type_present_flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VideoSignal {
    /// video_full_range_flag.
    pub is_full_range: bool,
    /// matrix_coefficients; `None` unless colours are described.
    pub matrix_coefficients: Option<u32>,
}

impl VideoSignal {
    /// Reads vui_parameters( ) up to these fields; `None` if they are absent.
    pub fn read(bits: &mut Bits) -> Option<Self> {
        if bits.flag() && bits.u(8) == EXTENDED_SAR {
            bits.skip(16 + 16);
        }
        // overscan_info_present_flag.
        if bits.flag() {
            bits.skip(1);
        }
        // video_signal_type_present_flag.
        bits.flag().then(|| {
            bits.skip(3);
            let is_full_range = bits.flag();
            let matrix_coefficients = bits.flag().then(|| {
                bits.skip(8 + 8);
                bits.u(8)
            });
            Self { is_full_range, matrix_coefficients }
        })
    }
}
