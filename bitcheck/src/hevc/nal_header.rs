//! Headers of NAL units, and their types (7.3.1.2, Table 7-1).

use crate::finding::{Read, Stop};

/// NAL unit types (Table 7-1).
pub const LAST_SLICE: u8 = 9;
pub const FIRST_IRAP: u8 = 16;
pub const IDR_W_RADL: u8 = 19;
pub const IDR_N_LP: u8 = 20;
pub const CRA: u8 = 21;
pub const LAST_RESERVED_IRAP: u8 = 23;
pub const LAST_VCL: u8 = 31;
pub const VPS: u8 = 32;
pub const SPS: u8 = 33;
pub const PPS: u8 = 34;
pub const ACCESS_UNIT_DELIMITER: u8 = 35;
pub const END_OF_SEQUENCE: u8 = 36;
pub const END_OF_BITSTREAM: u8 = 37;
pub const FILLER_DATA: u8 = 38;
pub const PREFIX_SEI: u8 = 39;
pub const SUFFIX_SEI: u8 = 40;

/// The header of a NAL unit (7.3.1.2).
#[derive(Clone, Copy, Debug)]
pub struct NalHeader {
    /// nal_unit_type.
    pub unit_type: u8,
    /// nuh_layer_id.
    pub layer: u8,
    /// nuh_temporal_id_plus1.
    pub temporal: u8,
}

impl NalHeader {
    pub fn read([first, second]: [u8; 2]) -> Read<Self> {
        let header = Self { unit_type: first >> 1, layer: (first & 1) << 5 | second >> 3, temporal: second & 7 };
        if first & 0x80 != 0 {
            return Err(Stop::Damaged("forbidden_zero_bit"));
        }
        if header.temporal == 0 || header.is_irap() && header.temporal > 1 {
            return Err(Stop::Damaged("nuh_temporal_id"));
        }
        Ok(header)
    }

    pub fn is_slice(self) -> bool {
        matches!(self.unit_type, 0..=LAST_SLICE | FIRST_IRAP..=CRA)
    }

    /// Whether it belongs to an intra random access point picture.
    pub fn is_irap(self) -> bool {
        matches!(self.unit_type, FIRST_IRAP..=LAST_RESERVED_IRAP)
    }

    pub fn is_idr(self) -> bool {
        matches!(self.unit_type, IDR_W_RADL | IDR_N_LP)
    }
}
