//! Packets are read without a panic, and a second time with the same findings; so are their colours. Frames are counted, and
//! parameter sets rewritten. `tests/vectors/packets/make.py` defines a stream's bytes.

use bitcheck::h264::reorder::Reordering;
use bitcheck::{Finding, FrameTally, PacketReader, StreamColour};

/// Codecs whose frames are counted, but whose packets are not read to their end.
const COUNTED: [&str; 4] = ["av1", "mpeg2video", "mpeg4", "vp9"];

/// Takes any bytes; panics if the rule is broken. Returns the finding of each packet.
pub fn check(bytes: &[u8]) -> Vec<Finding> {
    let Some((kind, rest)) = bytes.split_first() else { return Vec::new() };
    let mut packets = packets(rest);
    let (codec, record) = match kind % 5 {
        0 => ("vp8", None),
        1 => ("h264", None),
        2 => ("h264", packets.next()),
        3 => ("hevc", None),
        _ => ("hevc", packets.next()),
    };
    let read = || -> Vec<Finding> {
        let mut reader = PacketReader::new(codec, record).expect("a codec that is read");
        packets.clone().map(|packet| reader.read(packet)).collect()
    };
    let findings = read();
    assert_eq!(read(), findings);
    for codec in COUNTED.into_iter().chain([codec]) {
        let mut tally = FrameTally::new(codec, record).expect("a codec that is counted");
        packets.clone().for_each(|packet| tally.read(packet, None, false, false));
        assert!(!tally.are_missing(u64::MAX));
    }
    let reordering = Reordering::new(record);
    assert!(reordering.record().is_none_or(|record| !record.is_empty()));
    for written in packets.clone().filter_map(|packet| reordering.packet(packet)) {
        assert!(!written.is_empty());
    }
    for packet in packets {
        for codec in [codec, "vp9", "av1"] {
            let colour = || StreamColour::read(codec, record, packet);
            assert_eq!(colour(), colour());
        }
    }
    findings
}

/// Splits a stream into packets; the last one may be shorter than its length says.
fn packets(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    std::iter::from_fn(move || {
        let (length, behind) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_le_bytes(*length)).min(behind.len());
        let (packet, behind) = behind.split_at(length);
        rest = behind;
        Some(packet)
    })
}
