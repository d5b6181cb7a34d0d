//! A video's packets as ffmpeg copies them: cut, and read for damage and for frames that its decoders pass over in silence.
//!
//! ffmpeg writes a line for each packet, with its size, and then its bytes elsewhere: [`super::recipe::packets`].

use super::log::{Lines, PacketLine, parse_time_base};
use super::probe::Video;
use crate::motion::TimeBase;
use crate::syntax::{Finding, FrameTally, PacketReader};

/// Codecs whose decoders in ffmpeg do not tell of all damage: docs/robustness.md.
const SILENT: [&str; 2] = ["hevc", "vp8"];
/// Nothing is said of a video with a larger packet: more than any picture of the largest size has.
const MAX_PACKET_BYTES: usize = 64 << 20;

/// Puts each packet's line and bytes together.
#[derive(Debug, Default)]
pub struct PacketCutter {
    lines: Lines,
    time_base: Option<TimeBase>,
    line: Option<PacketLine>,
    packet: Vec<u8>,
    /// Bytes of the packet that are to come.
    missing: usize,
    is_lost: bool,
}

impl PacketCutter {
    /// Takes the next bytes of the lines.
    pub fn take_lines(&mut self, bytes: &[u8]) {
        let Self { lines, time_base, line, packet, missing, is_lost } = self;
        lines.push(bytes, |text| {
            let Some(read) = PacketLine::read(text) else {
                *time_base = time_base.or_else(|| parse_time_base(text));
                return;
            };
            *is_lost |= *missing > 0 || read.bytes > MAX_PACKET_BYTES;
            *missing = read.bytes;
            *line = Some(read);
            packet.clear();
        });
    }

    /// The clock of the packets' times, once the heading is read.
    pub fn time_base(&self) -> Option<TimeBase> {
        self.time_base
    }

    /// Bytes of the packet that are to come before its line's successor.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Takes the next bytes of the packets; gives the one that they complete. Packets without bytes are passed over.
    pub fn take_packets(&mut self, bytes: &[u8]) -> Option<(PacketLine, &[u8])> {
        let Some(missing) = self.missing.checked_sub(bytes.len()) else {
            self.is_lost = true;
            return None;
        };
        self.missing = missing;
        if self.is_lost {
            return None;
        }
        self.packet.extend_from_slice(bytes);
        self.line.filter(|_| missing == 0).map(|line| (line, &*self.packet))
    }

    /// Whether lines and bytes do not go together; nothing more is given then.
    pub fn is_lost(&self) -> bool {
        self.is_lost
    }
}

/// Reads the packets of one video: for damage, and for how many frames they have.
#[derive(Debug)]
pub struct PacketCheck {
    reader: Option<PacketReader>,
    tally: Option<FrameTally>,
    is_damaged: bool,
    /// Not everything that decoding needs is known, so nothing more is said of damage.
    is_lost: bool,
}

impl PacketCheck {
    /// Nothing read yet; `None` for codecs of whose packets nothing is to be said.
    pub fn new(video: &Video) -> Option<Self> {
        let (codec, record) = (&*video.codec, video.record.as_deref());
        let reader = SILENT.contains(&codec).then(|| PacketReader::new(codec, record)).flatten();
        let tally = FrameTally::new(codec, record);
        (reader.is_some() || tally.is_some()).then_some(Self { reader, tally, is_damaged: false, is_lost: false })
    }

    /// Reads the next packet.
    pub fn read(&mut self, line: PacketLine, packet: &[u8]) {
        if let Some(tally) = &mut self.tally {
            tally.read(packet, line.pts, line.is_key, line.is_hidden);
        }
        self.is_lost |= line.may_have_record;
        if let Some(reader) = self.reader.as_mut().filter(|_| !self.is_lost && !self.is_damaged) {
            self.is_damaged = matches!(reader.read(packet), Finding::Damaged(_));
        }
    }

    /// Whether nothing can be said of damage any more.
    pub fn is_lost(&self) -> bool {
        self.is_lost && self.reader.is_some()
    }

    /// Whether a packet was damaged; nothing more is to be read then.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// Whether so many frames are fewer than the packets have.
    pub fn are_missing(&self, frames: u64) -> bool {
        self.tally.as_ref().is_some_and(|tally| tally.are_missing(frames))
    }
}
