//! A video's packets as ffmpeg copies them, read for damage that its decoders pass over in silence.
//!
//! ffmpeg writes a line for each packet, with its size, and then its bytes elsewhere: [`super::recipe::packets`].

use super::log::{Lines, PacketLine};
use super::probe::Video;
use crate::syntax::{Finding, PacketReader};

/// Codecs whose decoders in ffmpeg do not tell of all damage: docs/robustness.md.
const SILENT: [&str; 2] = ["hevc", "vp8"];
/// Nothing is said of a video with a larger packet: more than any picture of the largest size has.
const MAX_PACKET_BYTES: usize = 64 << 20;

/// Reads the packets of one video.
#[derive(Debug)]
pub struct PacketCheck {
    reader: PacketReader,
    lines: Lines,
    packet: Vec<u8>,
    /// Bytes of the packet that are to come.
    missing: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Reading,
    Damaged,
    /// Not everything that decoding needs is known, so nothing more is said.
    Lost,
}

impl State {
    fn lose(&mut self) {
        if *self == Self::Reading {
            *self = Self::Lost;
        }
    }
}

impl PacketCheck {
    /// Nothing read yet; `None` where ffmpeg tells of damage by itself.
    pub fn new(video: &Video) -> Option<Self> {
        let reader =
            SILENT.contains(&&*video.codec).then(|| PacketReader::new(&video.codec, video.record.as_deref()))??;
        Some(Self { reader, lines: Lines::default(), packet: Vec::new(), missing: 0, state: State::Reading })
    }

    /// Takes the next bytes of the lines.
    pub fn take_lines(&mut self, bytes: &[u8]) {
        let Self { lines, missing, state, .. } = self;
        lines.push(bytes, |line| {
            let Some(packet) = PacketLine::read(line) else { return };
            let is_unforeseen = *missing > 0 || packet.bytes > MAX_PACKET_BYTES || packet.may_have_record;
            if is_unforeseen {
                state.lose();
            }
            *missing = packet.bytes;
        });
    }

    /// Bytes of the packet that are to come before its line's successor.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Takes the next bytes of the packets.
    pub fn take_packets(&mut self, bytes: &[u8]) {
        let Some(missing) = self.missing.checked_sub(bytes.len()) else {
            return self.state.lose();
        };
        self.missing = missing;
        if self.state != State::Reading {
            return;
        }
        self.packet.extend_from_slice(bytes);
        if missing == 0 {
            if matches!(self.reader.read(&self.packet), Finding::Damaged(_)) {
                self.state = State::Damaged;
            }
            self.packet.clear();
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
