//! HEVC: whether a stream's coded pictures parse to the end of their slice segments (ITU-T H.265, ISO/IEC 23008-2).
//!
//! In: packets in decoding order. Out: a [`Finding`] for each. All syntax elements of coding tree units are read and checked
//! against the standard's ranges; samples and motion vectors are not reconstructed. So damage is noticed if it makes an impossible
//! value, shifts the end of a slice segment or substream, or leaves coding tree units out. Damage that reads as another possible
//! picture is not noticed, nor is a lost picture. Further layers are passed over. Tables and clauses named here are the standard's.

mod contexts;
mod nal_header;
mod parameter_sets;
mod residual;
mod slice_data;
mod slice_header;

use crate::bits::{HeaderBits as Bits, escapes, unescape};
use crate::finding::{Finding, Read, Stop, worse};
use crate::nal::{self, HEVC_LENGTHS, Packet, behind_length, is_whole_sei};
use crate::size::Size;
use nal_header::{
    ACCESS_UNIT_DELIMITER, END_OF_BITSTREAM, END_OF_SEQUENCE, FILLER_DATA, LAST_VCL, NalHeader, PPS, PREFIX_SEI, SPS,
    SUFFIX_SEI, VPS,
};
use parameter_sets::{Pps, PpsRange, Sps};
use slice_data::{Progress, SliceData};
use slice_header::{Segment, SegmentStart, SliceHeader, entry_points};
use std::sync::Arc;

/// Where a record gives the number of its arrays: behind the length of lengths (ISO/IEC 14496-15, 8.3.3.1.2).
const ARRAYS: usize = HEVC_LENGTHS + 1;
/// rbsp_slice_segment_trailing_bits( ) is in the byte that the entropy code ends in.
const MAX_BITS_LEFT: usize = 7;

/// Reads a stream.
#[derive(Debug)]
pub struct Reader {
    /// Bytes of the lengths before NAL units; `None` if they follow start codes.
    length_bytes: Option<usize>,
    sequences: [Option<Arc<Sps>>; 16],
    pictures: Vec<Option<Arc<Pps>>>,
    rbsp: Vec<u8>,
    picture: Option<Picture>,
    packet: Packet,
}

/// A picture, as far as it was read.
#[derive(Debug)]
struct Picture {
    unit_type: u8,
    sps: Arc<Sps>,
    pps: Arc<Pps>,
    /// PicSizeInCtbsY.
    size: usize,
    /// The header of the last slice.
    header: Option<SliceHeader>,
    progress: Progress,
}

impl Reader {
    /// `record`: the HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1), or `None` if parameter sets are in band and NAL
    /// units follow start codes (Annex B).
    pub fn new(record: Option<&[u8]>) -> Self {
        let mut reader = Self {
            length_bytes: nal::length_bytes(record, HEVC_LENGTHS),
            sequences: Default::default(),
            pictures: vec![None; 64],
            rbsp: Vec::new(),
            picture: None,
            packet: Packet::default(),
        };
        match (record, reader.length_bytes) {
            (Some(record), Some(_)) => _ = reader.read_record(&record[ARRAYS..]),
            (Some(record), None) => _ = reader.read(record),
            (None, _) => {}
        }
        reader
    }

    /// Reads one access unit, to the end of the entropy code of each slice segment.
    pub fn read(&mut self, packet: &[u8]) -> Finding {
        self.picture = None;
        self.packet = Packet::default();
        let finding = nal::read_packet(packet, self.length_bytes, &mut |nal_unit| self.read_nal_unit(nal_unit));
        let finding = worse(finding, self.end_picture());
        self.packet.end(finding)
    }

    /// Reads the parameter sets of a record; `arrays` begins at the number of arrays.
    fn read_record(&mut self, arrays: &[u8]) -> Option<()> {
        let (&count, mut arrays) = arrays.split_first()?;
        for _ in 0..count {
            let (&[_, high, low], mut units) = arrays.split_first_chunk()?;
            for _ in 0..u16::from_be_bytes([high, low]) {
                let (nal_unit, behind) = behind_length(units, 2).ok()??;
                // Faults in a parameter set show when a slice segment refers to it.
                _ = nal::read_start_codes(nal_unit, &mut |nal_unit| self.read_nal_unit(nal_unit));
                units = behind;
            }
            arrays = units;
        }
        Some(())
    }

    fn read_nal_unit(&mut self, nal_unit: &[u8]) -> Read<()> {
        let Some((&header, payload)) = nal_unit.split_first_chunk() else {
            return Err(Stop::Damaged("NAL unit without header"));
        };
        let header = NalHeader::read(header)?;
        if header.layer > 0 {
            self.packet.has_unknown |= header.unit_type <= LAST_VCL;
            return Ok(());
        }
        let mut rbsp = std::mem::take(&mut self.rbsp);
        let is_escaped = unescape(payload, &mut rbsp);
        let result = match header.unit_type {
            _ if header.is_slice() => {
                self.packet.has_slice = true;
                if is_escaped {
                    self.read_slice_segment(header, payload, &rbsp)
                } else {
                    Err(Stop::Damaged("start code within a slice segment"))
                }
            }
            SPS => self.read_sps(&rbsp),
            PPS => self.read_pps(&rbsp),
            unit_type => {
                self.packet.has_unknown |= !is_no_picture(unit_type, &rbsp);
                Ok(())
            }
        };
        self.rbsp = rbsp;
        self.packet.has_unread |= matches!(result, Err(Stop::Unread));
        result
    }

    fn read_sps(&mut self, rbsp: &[u8]) -> Read<()> {
        let sps = Sps::read(&mut Bits::new(rbsp))?;
        let id = sps.id;
        self.sequences[id] = Some(Arc::new(sps));
        Ok(())
    }

    fn read_pps(&mut self, rbsp: &[u8]) -> Read<()> {
        let pps = Pps::read(&mut Bits::new(rbsp))?;
        let id = pps.id;
        self.pictures[id] = Some(Arc::new(pps));
        Ok(())
    }

    fn read_slice_segment(&mut self, nal: NalHeader, payload: &[u8], rbsp: &[u8]) -> Read<()> {
        let mut bits = Bits::new(rbsp);
        let start = SegmentStart::read(&mut bits, nal)?;
        let mut ended = Ok(());
        if start.is_first {
            ended = self.end_picture();
            self.packet.begin_picture()?;
            self.picture = Some(self.begin_picture(nal, &start)?);
        }
        match &mut self.picture {
            Some(picture) => worse(ended, picture.read_slice_segment(nal, &start, bits, payload, rbsp)),
            None if self.packet.has_unread => Err(Stop::Unread),
            None => Err(Stop::Damaged("first slice segment missing")),
        }
    }

    fn begin_picture(&self, nal: NalHeader, start: &SegmentStart) -> Read<Picture> {
        let missing = Stop::Damaged("parameter set missing");
        let mut pps = self.pictures[start.pps].clone().ok_or(missing)?;
        let sps = self.sequences[pps.sps].clone().ok_or(missing)?;
        let size = sps.size_in_ctbs()?;
        if sps.has_range && pps.has_unread || sps.separate_colour_plane {
            return Err(Stop::Unread);
        }
        if !sps.has_range {
            // Bits after it mean nothing.
            Arc::make_mut(&mut pps).range = PpsRange::default();
        }
        let progress = Progress::new(&sps, pps.tile_bounds(size)?, size);
        Ok(Picture { unit_type: nal.unit_type, sps, pps, size: size[0] * size[1], header: None, progress })
    }

    /// Fails if coding tree units of the picture are missing.
    fn end_picture(&mut self) -> Read<()> {
        match self.picture.take() {
            Some(picture) if !picture.progress.is_over() => self.packet.missing("coding tree units missing"),
            _ => Ok(()),
        }
    }
}

impl Picture {
    /// Reads what follows `start`.
    fn read_slice_segment(
        &mut self,
        nal: NalHeader,
        start: &SegmentStart,
        mut bits: Bits,
        payload: &[u8],
        rbsp: &[u8],
    ) -> Read<()> {
        if nal.unit_type != self.unit_type || start.pps != self.pps.id {
            return Err(Stop::Damaged("slices of different pictures"));
        }
        let segment = Segment::read(&mut bits, start, &self.pps, self.size)?;
        if segment.address != self.progress.address() {
            return Err(Stop::Damaged("slice_segment_address"));
        }
        if !segment.is_dependent {
            let header = SliceHeader::read(&mut bits, nal, &self.sps, &self.pps)?;
            let lsb = self.header.as_ref().map_or(header.pic_order_cnt_lsb, |before| before.pic_order_cnt_lsb);
            if header.pic_order_cnt_lsb != lsb {
                return Err(Stop::Damaged("slices of different pictures"));
            }
            self.header = Some(header);
        }
        let header = self.header.as_ref().ok_or(Stop::Damaged("slice missing"))?;
        let sizes = entry_points(&mut bits, &self.pps)?;
        let data = bits.bytes();
        let mut starts = Vec::new();
        let slice_data = SliceData::new(&self.sps, &self.pps, header, segment.is_dependent, &mut self.progress, data);
        if slice_data.read(&mut starts)? > MAX_BITS_LEFT {
            return Err(Stop::Damaged("slice segment ends before its data"));
        }
        match is_where_entry_points_say(&sizes, &starts, rbsp.len() - data.len(), payload) {
            true => Ok(()),
            false => Err(Stop::Damaged("entry_point_offset")),
        }
    }
}

/// Whether a NAL unit is what its type says, so that no damaged slice segment became it.
fn is_no_picture(unit_type: u8, rbsp: &[u8]) -> bool {
    match unit_type {
        // vps_reserved_0xffff_16bits.
        VPS => rbsp.get(2..4) == Some(&[0xff; 2]),
        ACCESS_UNIT_DELIMITER => rbsp.len() == 1,
        END_OF_SEQUENCE | END_OF_BITSTREAM => rbsp.is_empty(),
        FILLER_DATA => rbsp.iter().rev().skip(1).all(|&byte| byte == 0xff),
        PREFIX_SEI | SUFFIX_SEI => is_whole_sei(rbsp),
        // Types that Dolby Vision uses.
        62 | 63 => true,
        _ => false,
    }
}

/// Whether substreams begin at `starts`, where `sizes` (of all but the last) say. The data begins at `offset` of the raw byte
/// sequence payload. True if there are no sizes to compare.
fn is_where_entry_points_say(sizes: &[usize], starts: &[usize], offset: usize, payload: &[u8]) -> bool {
    if sizes.is_empty() {
        return true;
    }
    // Sizes count emulation prevention bytes (7.4.7.1): those before the data, then those before each substream.
    let mut escapes = escapes(payload).enumerate().map(|(before, at)| at - before).peekable();
    let mut escaped = 0;
    let mut whole = |at: usize| {
        while escapes.next_if(|&escape| escape <= at).is_some() {
            escaped += 1;
        }
        at + escaped
    };
    let begin = whole(offset);
    let mut expected = 0_usize;
    sizes.len() == starts.len()
        && sizes.iter().zip(starts).all(|(size, start)| {
            expected = expected.saturating_add(*size);
            whole(offset + start) - begin == expected
        })
}

/// The coded sizes, before cropping, that a record's sequence parameter sets give.
pub fn record_sizes(record: Option<&[u8]>) -> Vec<Size> {
    Reader::new(record).sequences.iter().flatten().filter_map(|sps| coded_size(sps)).collect()
}

/// The coded sizes that a packet's sequence parameter sets give.
pub fn sizes(packet: &[u8], length_bytes: Option<usize>) -> Vec<Size> {
    let mut sizes = Vec::new();
    let mut rbsp = Vec::new();
    _ = nal::read_packet(packet, length_bytes, &mut |nal_unit| {
        if let Some((&header, payload)) = nal_unit.split_first_chunk()
            && let Ok(NalHeader { unit_type: SPS, layer: 0, .. }) = NalHeader::read(header)
        {
            unescape(payload, &mut rbsp);
            sizes.extend(Sps::read(&mut Bits::new(&rbsp)).ok().as_ref().and_then(coded_size));
        }
        Ok(())
    });
    sizes
}

fn coded_size(sps: &Sps) -> Option<Size> {
    let [width, height] = sps.size.map(|side| u32::try_from(side).ok());
    Some([width?, height?])
}
