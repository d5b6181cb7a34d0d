//! A video's packets as ffmpeg copies them: cut, and read for damage that its decoders pass over in silence.
//!
//! ffmpeg writes a line for each packet, with its size, and then its bytes elsewhere: [`super::recipe::packets`].

use super::log::{Lines, PacketLine, parse_time_base};
use super::probe::Video;
use crate::motion::TimeBase;
use crate::syntax::{Finding, PacketReader};

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

/// Reads the packets of one video for damage.
#[derive(Debug)]
pub struct PacketCheck {
    reader: PacketReader,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Reading,
    Damaged,
    /// Not everything that decoding needs is known, so nothing more is said.
    Lost,
}

impl PacketCheck {
    /// Nothing read yet; `None` where ffmpeg tells of damage by itself.
    pub fn new(video: &Video) -> Option<Self> {
        let reader =
            SILENT.contains(&&*video.codec).then(|| PacketReader::new(&video.codec, video.record.as_deref()))??;
        Some(Self { reader, state: State::Reading })
    }

    /// Reads the next packet.
    pub fn read(&mut self, line: PacketLine, packet: &[u8]) {
        if self.state != State::Reading {
            return;
        }
        if line.may_have_record {
            self.state = State::Lost;
        } else if matches!(self.reader.read(packet), Finding::Damaged(_)) {
            self.state = State::Damaged;
        }
    }

    /// Whether nothing more is to be read.
    pub fn is_over(&self) -> bool {
        self.state != State::Reading
    }

    /// Whether a packet was damaged.
    pub fn is_damaged(&self) -> bool {
        self.state == State::Damaged
    }
}
