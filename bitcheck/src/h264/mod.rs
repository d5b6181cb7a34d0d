//! H.264: whether a stream's coded pictures parse to the end of their slices (ITU-T H.264, ISO/IEC 14496-10).
//!
//! In: packets in decoding order. Out: a [`Finding`] for each. All syntax elements of macroblocks are read, by CAVLC or CABAC, and
//! checked against the standard's ranges; samples and motion vectors are not reconstructed. So damage is noticed if it makes an
//! impossible value, shifts the end of a slice, or leaves macroblocks out or codes them twice. Damage that reads as another
//! possible picture is not noticed, nor is a lost picture. Tables and clauses named here are the standard's.

mod cabac;
mod cabac_tables;
mod cavlc;
mod cavlc_tables;
mod macroblock;
mod parameter_sets;
pub mod reorder;
mod slice_data;
mod slice_header;

use crate::bits::{Bits, unescape};
use crate::colour::StreamColour;
use crate::finding::{Finding, Read, Stop, worse};
use crate::nal::{self, AVC_LENGTHS, Packet, behind_length, is_whole_sei};
use crate::size::Size;
use macroblock::Macroblock;
pub use parameter_sets::Rectangle;
use parameter_sets::{Pps, SPS, Sps};
use slice_data::SliceData;
use slice_header::{IDR_SLICE, NalHeader, PictureId, SLICE, SliceHeader, SliceStart};

/// NAL unit types (Table 7-1).
const SEI: u8 = 6;
const PPS: u8 = 8;
const ACCESS_UNIT_DELIMITER: u8 = 9;
const END_OF_SEQUENCE: u8 = 10;
const END_OF_STREAM: u8 = 11;
const FILLER_DATA: u8 = 12;
const SPS_EXTENSION: u8 = 13;
const SUBSET_SPS: u8 = 15;
const AUXILIARY_SLICE: u8 = 19;
/// More bytes than a sequence parameter set extension has.
const MAX_SPS_EXTENSION_BYTES: usize = 32;
/// Bytes kept of a picture parameter set: more than any has without slice groups.
const MAX_PPS_BYTES: usize = 4096;
/// Where an AVCDecoderConfigurationRecord has its sequence parameter sets, behind their number (ISO/IEC 14496-15, 5.3.3.1.2).
const RECORD_SETS: usize = 6;
/// The damage of a slice whose sequence or picture parameter set never came.
const PARAMETER_SET_MISSING: &str = "parameter set missing";
/// x264's version message begins with this.
const X264: &[u8] = b"x264 - core ";

/// Reads a stream.
#[derive(Debug)]
pub struct Reader {
    /// Bytes of the lengths before NAL units; `None` if they follow start codes.
    length_bytes: Option<usize>,
    sequences: [Option<Sps>; 32],
    /// Indexed by pic_parameter_set_id: seq_parameter_set_id, and the set as bytes. What the bytes mean depends on the sequence
    /// parameter set in force when a slice uses them.
    pictures: Vec<Option<(usize, Vec<u8>)>>,
    /// Whether the stream has further layers or views.
    has_subset_sps: bool,
    x264_build: Option<u32>,
    rbsp: Vec<u8>,
    /// The picture's macroblocks; those of three separately coded colours follow each other.
    mbs: Vec<Macroblock>,
    /// The number of the last slice.
    slice: u32,
    picture: Option<Picture>,
    packet: Packet,
    depth: Depth,
    /// A first field whose frame may still get its second.
    first_field: Option<PictureId>,
    /// The number of frames that begin in the packet.
    frames: u32,
}

/// How far slices are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    /// To the end of the entropy code.
    Whole,
    /// Headers only, which is enough to count frames.
    Headers,
}

/// A picture, as far as it was read.
#[derive(Debug)]
struct Picture {
    id: PictureId,
    first_slice: u32,
    macroblocks_left: usize,
}

impl Reader {
    /// `record`: the AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1), or `None` if parameter sets are in
    /// band and NAL units follow start codes (Annex B).
    pub fn new(record: Option<&[u8]>) -> Self {
        let mut reader = Self {
            length_bytes: nal::length_bytes(record, AVC_LENGTHS),
            sequences: Default::default(),
            pictures: vec![None; 256],
            has_subset_sps: false,
            x264_build: None,
            rbsp: Vec::new(),
            mbs: Vec::new(),
            slice: 0,
            picture: None,
            packet: Packet::default(),
            depth: Depth::Whole,
            first_field: None,
            frames: 0,
        };
        match (record, reader.length_bytes) {
            (Some(record), Some(_)) => _ = reader.read_record(&record[AVC_LENGTHS + 1..]),
            (Some(record), None) => _ = reader.read(record),
            (None, _) => {}
        }
        reader
    }

    /// A reader for [`Reader::count_frames`].
    pub fn of_headers(record: Option<&[u8]>) -> Self {
        Self { depth: Depth::Headers, ..Self::new(record) }
    }

    /// Reads one access unit and counts the frames that begin in it. Two fields are one frame, in one access unit or in two (3.30,
    /// 7.4.1.2.4). `None` if they cannot be counted.
    pub fn count_frames(&mut self, packet: &[u8]) -> Option<u32> {
        match self.read(packet) {
            Finding::Sound => Some(self.frames),
            // Decoders show it as soon as its parameter sets are known; whatever else is missing, it is a frame.
            Finding::Damaged(what) if what == PARAMETER_SET_MISSING => Some(self.frames.max(1)),
            _ => None,
        }
    }

    /// Reads one access unit, to the end of the entropy code of each slice.
    pub fn read(&mut self, packet: &[u8]) -> Finding {
        self.picture = None;
        self.packet = Packet::default();
        self.frames = 0;
        let finding = nal::read_packet(packet, self.length_bytes, &mut |nal_unit| self.read_nal_unit(nal_unit));
        let finding = worse(finding, self.end_picture());
        self.packet.end(finding)
    }

    /// Reads the parameter sets of a record; `sets` begins at the number of sequence parameter sets.
    fn read_record(&mut self, sets: &[u8]) -> Option<()> {
        let (&count, mut sets) = sets.split_first()?;
        let mut count = count & 31;
        for _ in 0..2 {
            for _ in 0..count {
                let (nal_unit, behind) = behind_length(sets, 2).ok()??;
                // Faults in a parameter set show when a slice refers to it.
                _ = nal::read_start_codes(nal_unit, &mut |nal_unit| self.read_nal_unit(nal_unit));
                sets = behind;
            }
            (count, sets) = sets.split_first().map(|(&count, behind)| (count, behind))?;
        }
        Some(())
    }

    fn read_nal_unit(&mut self, nal_unit: &[u8]) -> Read<()> {
        let Some((&first, payload)) = nal_unit.split_first() else { return Ok(()) };
        if first & 0x80 != 0 {
            return Err(Stop::Damaged("forbidden_zero_bit"));
        }
        let header = NalHeader { ref_idc: first >> 5, unit_type: first & 31 };
        let mut rbsp = std::mem::take(&mut self.rbsp);
        let is_escaped = unescape(payload, &mut rbsp);
        let result = match header.unit_type {
            SLICE | IDR_SLICE => {
                self.packet.has_slice = true;
                if is_escaped {
                    self.read_slice(header, &rbsp)
                } else {
                    Err(Stop::Damaged("start code within a slice"))
                }
            }
            2..=4 => {
                self.packet.has_slice = true;
                Err(self.data_partition())
            }
            SPS => self.read_sps(&rbsp),
            PPS => self.read_pps(&rbsp),
            _ => {
                self.packet.has_unknown |= !self.is_no_picture(header.unit_type, &rbsp);
                Ok(())
            }
        };
        self.rbsp = rbsp;
        self.packet.has_unread |= matches!(result, Err(Stop::Unread));
        result
    }

    /// Whether a NAL unit is what its type says, so that no damaged slice became it.
    fn is_no_picture(&mut self, unit_type: u8, rbsp: &[u8]) -> bool {
        match unit_type {
            SEI => {
                self.x264_build = self.x264_build.or_else(|| x264_build(rbsp));
                is_whole_sei(rbsp)
            }
            ACCESS_UNIT_DELIMITER => rbsp.len() == 1,
            END_OF_SEQUENCE | END_OF_STREAM => rbsp.is_empty(),
            FILLER_DATA => rbsp.iter().rev().skip(1).all(|&byte| byte == 0xff),
            SPS_EXTENSION => rbsp.len() <= MAX_SPS_EXTENSION_BYTES,
            SUBSET_SPS => {
                let is_whole = Sps::read(&mut Bits::new(rbsp)).is_ok();
                self.has_subset_sps |= is_whole;
                is_whole
            }
            AUXILIARY_SLICE => true,
            // Types of further layers and views.
            14 | 20 | 21 => self.has_subset_sps,
            _ => false,
        }
    }

    /// The finding for a data partition, which only the Extended profile has.
    fn data_partition(&self) -> Stop {
        let is_extended = |sps: &Sps| matches!(sps.extended(), Stop::Unread);
        match self.sequences.iter().flatten().any(is_extended) {
            true => Stop::Unread,
            false => Stop::Damaged("tool of the Extended profile"),
        }
    }

    fn read_sps(&mut self, rbsp: &[u8]) -> Read<()> {
        let sps = Sps::read(&mut Bits::new(rbsp))?;
        let id = sps.id;
        self.sequences[id] = Some(sps);
        Ok(())
    }

    fn read_pps(&mut self, rbsp: &[u8]) -> Read<()> {
        let mut bits = Bits::new(rbsp);
        let [id, sps] = Pps::ids(&mut bits)?;
        // The sequence parameter set may still follow.
        let result = self.sequences[sps].as_ref().map_or(Ok(()), |sps| Pps::read(&mut bits, sps).map(drop));
        if !matches!(result, Err(Stop::Damaged(_))) {
            self.pictures[id] = Some((sps, rbsp[..rbsp.len().min(MAX_PPS_BYTES)].to_vec()));
        }
        // Slices show whether they use anything unknown.
        result.or_else(|stop| if matches!(stop, Stop::Unread) { Ok(()) } else { Err(stop) })
    }

    fn read_slice(&mut self, nal: NalHeader, rbsp: &[u8]) -> Read<()> {
        let mut bits = Bits::new(rbsp);
        let start = SliceStart::read(&mut bits)?;
        let missing = Stop::Damaged(PARAMETER_SET_MISSING);
        let (sps, pps) = self.pictures[start.pps].as_ref().ok_or(missing)?;
        let sps = self.sequences[*sps].as_ref().ok_or(missing)?.clone();
        let frame_size = sps.frame_size()?;
        let mut pps_bits = Bits::new(pps);
        Pps::ids(&mut pps_bits)?;
        let pps = Pps::read(&mut pps_bits, &sps)?;
        let header = SliceHeader::read(&mut bits, nal, &start, &sps, &pps)?;
        if header.is_redundant {
            return Ok(());
        }
        let is_over = |picture: &Picture| picture.macroblocks_left == 0 || picture.id != header.picture;
        let ended = if self.picture.as_ref().is_some_and(is_over) { self.end_picture() } else { Ok(()) };
        if self.picture.is_none() {
            self.packet.begin_picture()?;
            self.count_picture(&header.picture);
        }
        let size = frame_size >> u32::from(header.is_field);
        let planes = if sps.separate_colour_plane { 3 } else { 1 };
        if self.depth == Depth::Whole && self.mbs.len() < planes * size {
            self.mbs.resize(planes * size, Macroblock::default());
        }
        self.slice = self.slice.wrapping_add(1);
        let picture = self.picture.get_or_insert_with(|| Picture {
            id: header.picture.clone(),
            first_slice: self.slice,
            macroblocks_left: planes * size,
        });
        if self.depth == Depth::Headers {
            return ended;
        }
        let mbs = &mut self.mbs[header.colour_plane * size..][..size];
        let slices = [picture.first_slice, self.slice];
        let read = SliceData::new(&header, &sps, &pps, mbs, slices).read(bits, self.x264_build)?;
        picture.macroblocks_left = picture.macroblocks_left.saturating_sub(read);
        ended
    }

    /// Counts a frame at each picture that is not the second field of one.
    fn count_picture(&mut self, picture: &PictureId) {
        let first = self.first_field.take();
        if first.is_some_and(|first| picture.is_second_field_of(&first)) {
            return;
        }
        self.frames += 1;
        self.first_field = picture.is_field().then(|| picture.clone());
    }

    /// Fails if macroblocks of the picture are missing.
    fn end_picture(&mut self) -> Read<()> {
        match self.picture.take() {
            Some(picture) if picture.macroblocks_left > 0 && self.depth == Depth::Whole => {
                self.packet.missing("macroblocks missing")
            }
            _ => Ok(()),
        }
    }
}

/// What the sequence parameter sets of record and packet say of colours, if they agree.
pub fn colour(record: Option<&[u8]>, packet: &[u8]) -> Option<StreamColour> {
    let mut reader = Reader::new(record);
    let length_bytes = reader.length_bytes;
    // Ignores whatever else is wrong with the packet.
    _ = nal::read_packet(packet, length_bytes, &mut |nal_unit| match nal_unit.first().map(|first| first & 31) {
        Some(SPS) => reader.read_nal_unit(nal_unit),
        _ => Ok(()),
    });
    let mut colours = reader.sequences.iter().flatten().map(|sps| sps.colour);
    let first = colours.next()?;
    colours.all(|colour| colour == first).then_some(first)
}

/// The shown sizes that a record's sequence parameter sets give.
pub fn record_sizes(record: Option<&[u8]>) -> Vec<Size> {
    Reader::new(record).sequences.iter().flatten().filter_map(shown_size).collect()
}

/// The shown sizes that a packet's sequence parameter sets give.
pub fn sizes(packet: &[u8], length_bytes: Option<usize>) -> Vec<Size> {
    let mut sizes = Vec::new();
    let mut rbsp = Vec::new();
    _ = nal::read_packet(packet, length_bytes, &mut |nal_unit| {
        if let Some((&header, payload)) = nal_unit.split_first()
            && header & 31 == SPS
        {
            unescape(payload, &mut rbsp);
            sizes.extend(Sps::read(&mut Bits::new(&rbsp)).ok().as_ref().and_then(shown_size));
        }
        Ok(())
    });
    sizes
}

fn shown_size(sps: &Sps) -> Option<Size> {
    sps.visible.map(|visible| [visible.width, visible.height])
}

/// The shown part of the coded picture, from a record's first sequence parameter set. `None` if it begins at the corner, or is not
/// known.
pub fn offset_crop(record: &[u8]) -> Option<Rectangle> {
    let sets = record.get(RECORD_SETS..).filter(|_| record[RECORD_SETS - 1] & 31 > 0)?;
    let (nal_unit, _) = behind_length(sets, 2).ok()??;
    let mut rbsp = Vec::new();
    unescape(nal_unit.get(1..)?, &mut rbsp);
    let visible = Sps::read(&mut Bits::new(&rbsp)).ok()?.visible?;
    (visible.x > 0 || visible.y > 0).then_some(visible)
}

/// Whether a record's picture parameter sets allow weighted prediction; true if none can be read.
pub fn mixes_with_weights(record: &[u8]) -> bool {
    let reader = Reader::new(Some(record));
    let mut sets = reader.pictures.iter().flatten().peekable();
    let has_none = sets.peek().is_none();
    let is_mixing = |(sps, pps): &(usize, Vec<u8>)| {
        let mut bits = Bits::new(pps);
        let sps = reader.sequences[*sps].as_ref();
        let read = sps.and_then(|sps| Pps::ids(&mut bits).and_then(|_| Pps::read(&mut bits, sps)).ok());
        read.is_none_or(|pps| pps.weighted_bipred_idc != 0)
    };
    has_none || sets.any(is_mixing)
}

/// The x264 version that wrote the stream, from supplemental enhancement information.
fn x264_build(sei: &[u8]) -> Option<u32> {
    let at = sei.windows(X264.len()).take(64).position(|window| window == X264)?;
    let digits = sei[at + X264.len()..].iter().take(6).take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |build, digit| 10 * build + u32::from(digit - b'0')))
}
