//! Finds packets at which decoding can begin without earlier ones.

use super::nal::{self, AVC_LENGTHS, HEVC_LENGTHS};

/// Codecs in which every key frame is an entry. Each frame stands alone; or a key frame replaces all references; or there are at
/// most two references, so that a frame shown after the key frame refers to it or to later frames.
const KEYS_ARE_ENTRIES: [&str; 21] = [
    "av1",
    "dnxhd",
    "ffv1",
    "flv1",
    "h261",
    "h263",
    "mjpeg",
    "mpeg1video",
    "mpeg2video",
    "mpeg4",
    "msmpeg4v1",
    "msmpeg4v2",
    "msmpeg4v3",
    "prores",
    "rawvideo",
    "theora",
    "vp8",
    "vp9",
    "wmv1",
    "wmv2",
    "wmv3",
];

/// Whether a key packet of its container is an entry: frames shown after its frame refer to nothing before it. `codec` is ffmpeg's
/// name; `record` is the container's decoder configuration.
///
/// In H.264 only IDR pictures are entries, not every recovery point (ITU-T H.264, 7.4.1.2.4); in HEVC every intra random access
/// point is (ITU-T H.265, 7.4.2.2).
pub fn is_entry(codec: &str, record: Option<&[u8]>, packet: &[u8]) -> bool {
    let (lengths_at, unit_type, entries): (_, fn(u8) -> u8, _) = match codec {
        "h264" => (AVC_LENGTHS, |first| first & 31, 5..=5),
        "hevc" => (HEVC_LENGTHS, |first| first >> 1 & 63, 16..=21),
        _ => return KEYS_ARE_ENTRIES.contains(&codec),
    };
    let length_bytes = nal::length_bytes(record, lengths_at);
    let mut is_entry = false;
    let is_whole = nal::read_packet(packet, length_bytes, &mut |nal_unit| {
        is_entry |= nal_unit.first().is_some_and(|&first| entries.contains(&unit_type(first)));
        Ok(())
    });
    is_whole.is_ok() && is_entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_that_end_all_references_are_entries() {
        let record = [1, 100, 0, 31, 0xff];
        assert!(is_entry("h264", Some(&record), &[0, 0, 0, 2, 9, 16, 0, 0, 0, 2, 0x65, 1]));
        assert!(!is_entry("h264", Some(&record), &[0, 0, 0, 2, 0x41, 1]));
        assert!(is_entry("h264", None, &[0, 0, 0, 1, 9, 16, 0, 0, 1, 0x65, 1]));
        assert!(!is_entry("h264", Some(&record), &[0, 0, 0, 9, 0x65, 1]), "a length beyond the packet");
        assert!(is_entry("hevc", None, &[0, 0, 1, 21 << 1, 1, 7]), "a clean random access point");
        assert!(!is_entry("hevc", None, &[0, 0, 1, 1 << 1, 1, 7]));
        assert!(is_entry("mpeg4", None, &[]) && !is_entry("cinepak", None, &[]));
        assert!(!is_entry("h264", Some(&[]), &[]));
    }
}
