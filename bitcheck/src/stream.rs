//! A stream by the name of its codec -> its reader, and what it says of its colours.

use crate::colour::{self, StreamColour};
use crate::finding::Finding;
use crate::nal::{self, AVC_LENGTHS, HEVC_LENGTHS};
use crate::{av1, h264, hevc, vp8};

impl StreamColour {
    /// Reads the headers of a stream: `codec` as fingerprints name it, `record` what the container says to the decoder
    /// beforehand, `packet` a key packet. `None` where they cannot be read.
    pub fn read(codec: &str, record: Option<&[u8]>, packet: &[u8]) -> Option<Self> {
        match codec {
            "h264" => h264::colour(record, packet),
            "vp9" => colour::vp9(packet),
            // It has no word for either that ffprobe takes.
            "vp8" => Some(Self { is_rgb: Some(false), ..Self::default() }),
            "av1" => colour::av1(packet).or_else(|| colour::av1(av1::record_units(record)?)),
            _ => None,
        }
    }
}

/// Whether a packet of H.264 or HEVC is certainly damaged by what can be seen without parsing it; `false` says little. `record` is what
/// the container says to the decoder beforehand: without one, units have start codes.
pub fn is_broken(codec: &str, record: Option<&[u8]>, packet: &[u8]) -> bool {
    let lengths_at = match codec {
        "h264" => AVC_LENGTHS,
        "hevc" => HEVC_LENGTHS,
        _ => return false,
    };
    let length_bytes = record.map(|record| 1 + usize::from(record.get(lengths_at).map_or(0, |lengths| lengths & 3)));
    nal::is_broken(packet, length_bytes)
}

/// Reads the packets of one video, of the codecs whose decoders may pass over damage in silence.
#[derive(Debug)]
pub enum PacketReader {
    /// H.264.
    H264(Box<h264::Reader>),
    /// HEVC.
    Hevc(Box<hevc::Reader>),
    /// VP8.
    Vp8(Box<vp8::Reader>),
}

impl PacketReader {
    /// `codec` as fingerprints name it; `record` is what the container says to the decoder beforehand. `None` for other
    /// codecs, whose decoders tell.
    pub fn new(codec: &str, record: Option<&[u8]>) -> Option<Self> {
        match codec {
            "h264" => Some(Self::H264(Box::new(h264::Reader::new(record)))),
            "hevc" => Some(Self::Hevc(Box::new(hevc::Reader::new(record)))),
            "vp8" => Some(Self::Vp8(Box::default())),
            _ => None,
        }
    }

    /// Reads one packet.
    pub fn read(&mut self, packet: &[u8]) -> Finding {
        match self {
            Self::H264(reader) => reader.read(packet),
            Self::Hevc(reader) => reader.read(packet),
            Self::Vp8(reader) => reader.read(packet),
        }
    }
}
