//! A file's name and first bytes -> its kind.

use cotejo::file_scan::container_name;
use cotejo::format::SIGNATURE;
use std::path::Path;

/// Endings of videos and pictures. Files in folders with one of these are always tried: not all begin with a signature.
pub const ENDINGS: [&str; 60] = [
    "264", "265", "266", "3g2", "3gp", "apng", "asf", "av1", "avc", "avi", "avif", "bmp", "divx", "dv", "f4v", "flv",
    "gif", "gxf", "h261", "h263", "h264", "h265", "h266", "hevc", "ivf", "jpeg", "jpg", "m1v", "m2t", "m2ts", "m2v",
    "m4v", "mjpeg", "mjpg", "mk3d", "mkv", "mod", "mov", "mp4", "mpeg", "mpg", "mpv", "mts", "mxf", "nut", "obu",
    "ogm", "ogv", "png", "qt", "rm", "rmvb", "ts", "vc1", "vob", "vvc", "webm", "webp", "wmv", "y4m",
];

/// The ending of fingerprints.
const FINGERPRINT: &str = "cotejo";

/// First bytes of videos and pictures that [`container_name`] does not know, because its names appear in fingerprints.
const SIGNATURES: [&[u8]; 18] = [
    // Annex B of H.264 (access unit delimiter, sequence parameter set), H.265 (both, and video parameter set).
    &[0, 0, 0, 1, 0x09],
    &[0, 0, 0, 1, 0x27],
    &[0, 0, 0, 1, 0x47],
    &[0, 0, 0, 1, 0x67],
    &[0, 0, 1, 0x67],
    &[0, 0, 0, 1, 0x40, 0x01],
    &[0, 0, 0, 1, 0x42, 0x01],
    &[0, 0, 0, 1, 0x46, 0x01],
    // AV1: a temporal delimiter, then a sequence header, with their lengths.
    &[0x12, 0x00, 0x0a],
    b"DKIF",
    b"YUV4MPEG2 ",
    // The sequence header of MPEG-1 and MPEG-2; visual objects of MPEG-4.
    &[0, 0, 1, 0xb3],
    &[0, 0, 1, 0xb0],
    // The header partition of MXF; the first blocks of DV; NUT; RealMedia; GXF.
    &[0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01],
    &[0x1f, 0x07, 0x00],
    b"nut/multimedia container\0",
    b".RMF",
    &[0, 0, 0, 0, 1, 0xbc],
];

/// Containers of sound alone.
const SOUND: [&str; 3] = ["wav", "mp3", "flac"];

/// First bytes of the `._` files that macOS puts beside others on foreign disks.
const APPLE_DOUBLE: [u8; 4] = [0, 5, 0x16, 7];

/// Whether files of this name in folders are always tried.
pub fn has_listed_ending(path: &Path) -> bool {
    ENDINGS.contains(&ending(path).as_str())
}

/// Whether the name is that of a fingerprint.
pub fn has_fingerprint_ending(path: &Path) -> bool {
    ending(path) == FINGERPRINT
}

fn ending(path: &Path) -> String {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase()
}

/// Whether a file that begins so is a macOS `._` file.
pub fn is_apple_double(head: &[u8]) -> bool {
    head.starts_with(&APPLE_DOUBLE)
}

/// Whether a file that begins so is a fingerprint.
pub fn is_fingerprint(head: &[u8]) -> bool {
    head.starts_with(SIGNATURE)
}

/// Whether a file that begins so is a video or a picture.
pub fn is_video_or_picture(head: &[u8]) -> bool {
    container_name(head).is_some_and(|name| !SOUND.contains(&name))
        || SIGNATURES.iter().any(|signature| head.starts_with(signature))
}

/// Whether a file that begins so is a recording of any kind.
pub fn is_recording(head: &[u8]) -> bool {
    is_video_or_picture(head) || container_name(head).is_some()
}
