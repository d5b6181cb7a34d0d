//! Watches a stream for changes of its picture size.
//!
//! Some decoders do not report a change: WebKit gives later frames as if they had the first size. So the stream is read here:
//! H.264's and HEVC's sequence parameter sets, and the frame headers of VP8 (RFC 6386, 9.1), VP9 (bitstream specification 0.6, 7.2)
//! and AV1.

use crate::colour;
use crate::nal::{self, AVC_LENGTHS, HEVC_LENGTHS};
use crate::shown::vp9_parts;
use crate::size::Size;
use crate::{av1, h264, hevc};

/// VP8's sides have 14 bits; the two bits above say how to scale.
const VP8_SIDE_BITS: u16 = 0x3fff;

/// Reads the packets of one video, in decoding order.
#[derive(Debug)]
pub struct SizeWatch {
    codec: String,
    /// Bytes of the length before each NAL unit.
    length_bytes: Option<usize>,
    /// AV1's last sequence header.
    sequence: Option<av1::Sequence>,
    /// The sizes read so far, and those of the record.
    known: Vec<Size>,
}

impl SizeWatch {
    /// `codec` as fingerprints name it; `record` is the container's decoder configuration.
    pub fn new(codec: &str, record: Option<&[u8]>) -> Self {
        let (length_bytes, known) = match codec {
            "h264" => (nal::length_bytes(record, AVC_LENGTHS), h264::record_sizes(record)),
            "hevc" => (nal::length_bytes(record, HEVC_LENGTHS), hevc::record_sizes(record)),
            _ => (None, Vec::new()),
        };
        let units = av1::record_units(record).filter(|_| codec == "av1");
        let sequence = units.and_then(av1::Sequence::find).map(|(sequence, _)| sequence);
        Self { codec: codec.to_owned(), length_bytes, sequence, known }
    }

    /// Whether a packet gives a size that no earlier packet or record gave. The first size is no change.
    pub fn changes(&mut self, packet: &[u8]) -> bool {
        let mut is_changed = false;
        for size in self.sizes(packet) {
            if !self.known.contains(&size) {
                is_changed |= !self.known.is_empty();
                self.known.push(size);
            }
        }
        is_changed
    }

    /// Whether a frame may have this size: one that was read is this, or none was read.
    pub fn may_be(&self, size: Size) -> bool {
        self.known.is_empty() || self.known.contains(&size)
    }

    fn sizes(&mut self, packet: &[u8]) -> Vec<Size> {
        match self.codec.as_str() {
            "h264" => h264::sizes(packet, self.length_bytes),
            "hevc" => hevc::sizes(packet, self.length_bytes),
            "vp8" => vp8(packet).into_iter().collect(),
            "vp9" => vp9_parts(packet).unwrap_or_default().into_iter().filter_map(colour::vp9_size).collect(),
            "av1" => av1::sizes(packet, &mut self.sequence),
            _ => Vec::new(),
        }
    }
}

/// The size in a key frame.
fn vp8(packet: &[u8]) -> Option<Size> {
    let &[tag, _, _, 0x9d, 0x01, 0x2a, wide_low, wide_high, high_low, high_high, ..] = packet else { return None };
    let is_key = tag & 1 == 0;
    let side = |bytes| u32::from(u16::from_le_bytes(bytes) & VP8_SIDE_BITS);
    is_key.then(|| [side([wide_low, wide_high]), side([high_low, high_high])])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key frame's first bytes.
    fn vp8_key(width: u8, height: u8) -> [u8; 10] {
        [0x10, 0, 0, 0x9d, 0x01, 0x2a, width, 0, height, 0]
    }

    #[test]
    fn the_first_size_is_no_change_and_another_is() {
        let mut watch = SizeWatch::new("vp8", None);
        let packets = [&vp8_key(64, 48)[..], &[0x11, 0, 0, 0], &vp8_key(64, 48), &vp8_key(48, 64), &vp8_key(48, 64)];
        assert!(watch.may_be([1, 1]), "none was read");
        assert_eq!(packets.map(|packet| watch.changes(packet)), [false, false, false, true, false]);
        assert_eq!([[64, 48], [48, 64], [64, 64]].map(|size| watch.may_be(size)), [true, true, false]);
    }

    #[test]
    fn nothing_is_said_of_what_cannot_be_read() {
        for codec in ["h264", "hevc", "vp8", "vp9", "av1", "mjpeg"] {
            let mut watch = SizeWatch::new(codec, Some(&[1, 2, 3]));
            assert!(!watch.changes(&[]) && !watch.changes(&[0xff; 7]), "{codec}");
        }
    }
}
