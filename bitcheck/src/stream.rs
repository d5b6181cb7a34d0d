//! The name of a codec -> its reader, and what the stream says of its colours.

use crate::colour::{self, StreamColour};
use crate::finding::Finding;
use crate::nal::{self, AVC_LENGTHS, HEVC_LENGTHS};
use crate::{av1, h264, hevc, vp8};

impl StreamColour {
    /// Reads the headers of a stream. `codec` as fingerprints name it, `record` the container's decoder configuration, `packet` a
    /// key packet. `None` if they cannot be read.
    pub fn read(codec: &str, record: Option<&[u8]>, packet: &[u8]) -> Option<Self> {
        match codec {
            "h264" => h264::colour(record, packet),
            "vp9" => colour::vp9(packet),
            // VP8 has no range that ffprobe takes.
            "vp8" => Some(Self { is_rgb: Some(false), ..Self::default() }),
            "av1" => colour::av1(packet).or_else(|| colour::av1(av1::record_units(record)?)),
            _ => None,
        }
    }
}

/// Whether a packet of H.264 or HEVC is certainly damaged, seen without parsing; `false` says little. `record` is the container's
/// decoder configuration: without one, units have start codes.
pub fn is_broken(codec: &str, record: Option<&[u8]>, packet: &[u8]) -> bool {
    let lengths_at = match codec {
        "h264" => AVC_LENGTHS,
        "hevc" => HEVC_LENGTHS,
        _ => return false,
    };
    nal::is_broken(packet, nal::length_bytes(record, lengths_at))
}

/// Reads the packets of one video, for codecs whose decoders may pass over damage silently.
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
    /// `codec` as fingerprints name it; `record` is the container's decoder configuration. `None` for other codecs, whose decoders
    /// report damage.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::is_entry;

    #[test]
    fn all_readers_find_the_lengths_in_a_record_of_version_0() {
        let mut record = [0; 23];
        record[1..3].copy_from_slice(&[1, 0x60]);
        record[HEVC_LENGTHS] = 0xff;
        let record = Some(&record[..]);
        let idr = [0, 0, 0, 2, 19 << 1, 1];
        assert!(is_entry("hevc", record, &idr) && !is_broken("hevc", record, &idr));
        let delimiter = [0, 0, 0, 3, 35 << 1, 1, 0x50];
        assert_eq!(PacketReader::new("hevc", record).map(|mut reader| reader.read(&delimiter)), Some(Finding::Sound));
    }
}
