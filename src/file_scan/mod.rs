//! One pass over a file's bytes: SHA-256, container, whether it was cut off, and whether its video is encrypted.
//!
//! In: the bytes, in order, in pieces of any size. Out: [`FileFacts`]. Reads only the containers' outermost structure, a few bytes
//! at places that earlier bytes name; so memory is constant, and a hostile file can at most be called unknown. Decoders do not
//! distinguish a cut-off file from a short one; the outermost lengths do.
//!
//! Sources: ISO/IEC 14496-12 (boxes), RFC 8794 and RFC 9559 (EBML, Matroska), ISO/IEC 13818-1 (transport stream),
//! Microsoft's RIFF.

mod asf;
mod encryption;
mod flv;
mod gather;
mod ivf;
mod matroska;
mod movie;
mod nested;
mod sections;
mod tracks;
mod transport;

pub use encryption::EncryptionLook;

use crate::hash::digest::{Sha256Bytes, StreamingSha256, to_hex};
use encryption::Encryption;
use ivf::Ivf;
use matroska::MatroskaWalk;
use serde::{Deserialize, Serialize};
use std::io::{self, Read};
use transport::ts_packet_bytes;

/// The result of one pass over a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// SHA-256 of all bytes.
    pub sha256: Sha256Bytes,
    /// The number of bytes.
    pub bytes: u64,
    /// The container's name; `None` if the first bytes are of no known kind.
    pub container: Option<&'static str>,
    /// The file ends before its container says it should.
    pub cut_off: bool,
    /// Lengths in the container contradict each other, so bytes were lost, moved or altered. Or some of its frames are encrypted.
    pub broken: bool,
    /// The container says that its video is encrypted: a decoder's output would not be its frames.
    pub encrypted: bool,
}

/// [`FileFacts`] as in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// 64 lowercase hex digits.
    pub sha256: String,
    /// The file's length in bytes.
    pub bytes: u64,
    /// The container's name; `None` if unknown.
    pub container: Option<String>,
}

impl From<&FileFacts> for FileRecord {
    fn from(facts: &FileFacts) -> Self {
        let container = facts.container.map(str::to_owned);
        Self { sha256: to_hex(&facts.sha256), bytes: facts.bytes, container }
    }
}

/// Bytes kept from the start of the file, to name the container.
const HEAD_BYTES: usize = 4096;
/// Bytes to read at once.
const PIECE_BYTES: usize = 1 << 20;
/// Bytes of a box header with a 64-bit length.
const BOX_HEADER_BYTES: usize = 16;

/// Takes a file's bytes in order.
#[derive(Debug, Default)]
pub struct FileScan {
    digest: StreamingSha256,
    bytes: u64,
    head: Vec<u8>,
    boxes: BoxWalk,
    elements: MatroskaWalk,
    encryption: Encryption,
    ivf: Ivf,
}

impl FileScan {
    /// Adds the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.digest.push(bytes);
        let room = HEAD_BYTES - self.head.len().min(HEAD_BYTES);
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.boxes.push(self.bytes, bytes);
        self.elements.push(self.bytes, bytes);
        self.encryption.push(self.bytes, bytes);
        self.ivf.push(self.bytes, bytes);
        self.bytes += bytes.len() as u64;
    }

    /// The facts, after all bytes.
    pub fn finish(self) -> FileFacts {
        let container = container_name(&self.head);
        let cut_off = match container {
            Some("mp4" | "mov" | "3gp") => self.boxes.ends_beyond(self.bytes),
            Some("matroska" | "webm") => matroska_end(&self.head).is_some_and(|end| end > self.bytes),
            Some("avi") => riff_end(&self.head) > self.bytes,
            Some("mpegts") => !self.bytes.is_multiple_of(ts_packet_bytes(&self.head).unwrap_or(1) as u64),
            _ => self.ivf.ends_beyond(self.bytes),
        };
        let is_broken = matches!(container, Some("matroska" | "webm")) && self.elements.is_broken();
        let broken = is_broken || self.encryption.is_declared_of_a_part();
        let encrypted = self.encryption.is_declared();
        FileFacts { sha256: self.digest.finish(), bytes: self.bytes, container, cut_off, broken, encrypted }
    }
}

/// Reads a file to its end; returns its digest, and what its container says.
pub fn scan(mut file: impl Read) -> io::Result<FileFacts> {
    let mut scan = FileScan::default();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(scan.finish()),
            Ok(bytes) => scan.push(&piece[..bytes]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Walks through the outermost boxes of an ISO base media file.
#[derive(Debug, Default)]
struct BoxWalk {
    next_box: u64,
    header: Vec<u8>,
    stopped: bool,
}

impl BoxWalk {
    fn push(&mut self, offset: u64, bytes: &[u8]) {
        let end = offset + bytes.len() as u64;
        while !self.stopped && self.next_box + (self.header.len() as u64) < end {
            let start = (self.next_box + self.header.len() as u64 - offset) as usize;
            let missing = BOX_HEADER_BYTES - self.header.len();
            self.header.extend_from_slice(&bytes[start..bytes.len().min(start + missing)]);
            match box_bytes(&self.header) {
                BoxLength::Known(length) => {
                    self.next_box = self.next_box.saturating_add(length);
                    self.header.clear();
                }
                BoxLength::NeedsMore => return,
                BoxLength::ToTheEnd => self.stopped = true,
            }
        }
    }

    /// Whether a box reaches past `bytes`, or a header is cut off itself.
    fn ends_beyond(&self, bytes: u64) -> bool {
        !self.stopped && (self.next_box > bytes || !self.header.is_empty())
    }
}

enum BoxLength {
    Known(u64),
    NeedsMore,
    /// The box has no end of its own, or is no box: the walk ends.
    ToTheEnd,
}

fn box_bytes(header: &[u8]) -> BoxLength {
    let Some(short) = header.first_chunk::<8>() else { return BoxLength::NeedsMore };
    let length = u32::from_be_bytes([short[0], short[1], short[2], short[3]]);
    let is_name = short[4..].iter().all(|&c| c == 0xa9 || (0x20..0x7f).contains(&c));
    match (length, header.first_chunk::<16>()) {
        _ if !is_name => BoxLength::ToTheEnd,
        (0, _) => BoxLength::ToTheEnd,
        (1, None) => BoxLength::NeedsMore,
        (1, Some(long)) => match u64::from_be_bytes(long[8..].try_into().expect("8 bytes")) {
            0..=15 => BoxLength::ToTheEnd,
            length => BoxLength::Known(length),
        },
        (2..=7, _) => BoxLength::ToTheEnd,
        (8.., _) => BoxLength::Known(u64::from(length)),
    }
}

/// The container's name, from the signature in its first bytes.
pub fn container_name(head: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, signature: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(signature));
    let box_types: [&[u8]; 6] = [b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];
    Some(match head {
        _ if at(4, b"ftyp") && at(8, b"qt  ") => "mov",
        _ if at(4, b"ftyp3g") => "3gp",
        _ if at(4, b"ftyp") && (at(8, b"heic") || at(8, b"mif1") || at(8, b"avif")) => "heif",
        _ if at(4, b"ftyp") || at(4, b"styp") => "mp4",
        _ if box_types.iter().any(|name| at(4, name)) => "mov",
        _ if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) => matroska_name(head),
        _ if at(0, b"RIFF") && at(8, b"AVI ") => "avi",
        _ if at(0, b"RIFF") && at(8, b"WEBP") => "webp",
        _ if at(0, b"RIFF") && at(8, b"WAVE") => "wav",
        _ if at(0, &[0xff, 0xd8, 0xff]) => "jpeg",
        _ if at(0, b"\x89PNG\r\n\x1a\n") => "png",
        _ if at(0, b"GIF8") => "gif",
        _ if at(0, b"OggS") => "ogg",
        _ if at(0, b"FLV\x01") => "flv",
        _ if at(0, &[0, 0, 1, 0xba]) => "mpegps",
        _ if at(0, &[0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]) => "asf",
        _ if at(0, b"ID3") || at(0, &[0xff, 0xfb]) => "mp3",
        _ if at(0, b"fLaC") => "flac",
        _ if ts_packet_bytes(head).is_some() => "mpegts",
        _ => return None,
    })
}

fn riff_end(head: &[u8]) -> u64 {
    let length = head.get(4..8).map_or(0, |b| u32::from_le_bytes(b.try_into().expect("4 bytes")));
    8 + u64::from(length)
}

fn matroska_name(head: &[u8]) -> &'static str {
    let Some((header_end, _)) = ebml_element(head, 0) else { return "matroska" };
    let header = &head[..header_end.min(head.len() as u64) as usize];
    if header.windows(7).any(|window| window == b"\x42\x82\x84webm") { "webm" } else { "matroska" }
}

/// Where the Segment ends; `None` if it does not say.
fn matroska_end(head: &[u8]) -> Option<u64> {
    let (header_end, _) = ebml_element(head, 0)?;
    let (end, id) = ebml_element(head, usize::try_from(header_end).ok()?)?;
    (id == [0x18, 0x53, 0x80, 0x67]).then_some(end)
}

/// The end and the id of the element with a four-byte id at `start`; `None` if its length is unknown.
fn ebml_element(head: &[u8], start: usize) -> Option<(u64, [u8; 4])> {
    let id = *head.get(start..)?.first_chunk::<4>()?;
    let first = *head.get(start + 4)?;
    let length_bytes = first.leading_zeros() as usize + 1;
    if length_bytes > 8 {
        return None;
    }
    let rest = head.get(start + 5..start + 4 + length_bytes)?;
    let marker_free = u64::from(first) & ((1 << (8 - length_bytes)) - 1);
    let length = rest.iter().fold(marker_free, |value, &byte| value << 8 | u64::from(byte));
    let unknown = (1u64 << (7 * length_bytes)) - 1;
    (length != unknown).then_some(((start + 4 + length_bytes) as u64 + length, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(bytes: &[u8], piece: usize) -> FileFacts {
        let mut scan = FileScan::default();
        for piece in bytes.chunks(piece.max(1)) {
            scan.push(piece);
        }
        scan.finish()
    }

    fn mp4() -> Vec<u8> {
        let mut file = b"\0\0\0\x10ftypisom\0\0\0\0".to_vec();
        file.extend(b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x30");
        file.extend([7; 32]);
        file.extend(b"\0\0\0\x08moov");
        file
    }

    #[test]
    fn a_whole_mp4_is_whole_and_every_cut_of_it_is_not() {
        let file = mp4();
        let ends = [16, 16 + 48, file.len()];
        for piece in [1, 3, 1000] {
            for length in 12..=file.len() {
                let facts = scan(&file[..length], piece);
                assert_eq!(facts.container, Some("mp4"));
                assert_eq!(facts.cut_off, !ends.contains(&length), "{length} of {} bytes", file.len());
                assert_eq!(facts.bytes, length as u64);
            }
        }
    }

    #[test]
    fn a_segment_that_reaches_past_the_end_is_cut_off() {
        let mut file = b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm".to_vec();
        file.extend(b"\x18\x53\x80\x67\x88");
        file.extend([0; 8]);
        assert_eq!(scan(&file, 5), FileFacts { container: Some("webm"), cut_off: false, ..scan(&file, 5) });
        file.pop();
        assert!(scan(&file, 5).cut_off);
    }

    #[test]
    fn a_segment_of_unknown_length_is_never_called_cut_off() {
        let file = b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff";
        assert_eq!(scan(file, 99).container, Some("matroska"));
        assert!(!scan(file, 99).cut_off);
    }

    #[test]
    fn a_transport_stream_ends_with_a_whole_packet() {
        let mut file = vec![0u8; 188 * 4];
        for packet in file.chunks_mut(188) {
            packet[0] = 0x47;
        }
        assert_eq!(scan(&file, 100).container, Some("mpegts"));
        assert!(!scan(&file, 100).cut_off);
        assert!(scan(&file[..700], 100).cut_off);
    }

    #[test]
    fn an_ivf_ends_with_a_whole_frame() {
        let mut file = b"DKIF\0\0\x20\0VP80".to_vec();
        file.resize(32, 0);
        for length in [3, 0, 5] {
            file.extend([&[length, 0, 0, 0][..], &[0; 8], &vec![7; usize::from(length)]].concat());
        }
        let ends = [32, 47, 59, file.len()];
        for piece in [1, 5, 1000] {
            for length in 32..=file.len() {
                assert_eq!(scan(&file[..length], piece).cut_off, !ends.contains(&length), "{length}");
            }
        }
    }

    #[test]
    fn nothing_and_noise_are_of_no_known_kind() {
        assert_eq!(scan(b"", 1).container, None);
        assert_eq!(scan(b"hello, this is text", 4).container, None);
        assert_eq!(scan(&[0x47], 4).container, None);
    }
}
