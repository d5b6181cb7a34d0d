//! Encryption in ASF (Windows Media): Microsoft's "Advanced Systems Format (ASF) Specification", 3.

use super::nested::{Header, Meet, Tree};

/// An object's GUID, in the byte order of the file.
type Kind = [u8; 16];

const HEADER: Kind = *b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";
const HEADER_EXTENSION: Kind = *b"\xb5\x03\xbf\x5f\x2e\xa9\xcf\x11\x8e\xe3\x00\xc0\x0c\x20\x53\x65";
const STREAM_PROPERTIES: Kind = *b"\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\x00\xc0\x0c\x20\x53\x65";
const VIDEO: Kind = *b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b";
/// Objects that say how content is encrypted: 3.15, 3.14 (3.1 in the header's extension).
const CONTENT_ENCRYPTION: Kind = *b"\xfb\xb3\x11\x22\x23\xbd\xd2\x11\xb4\xb7\x00\xa0\xc9\x55\xfc\x6e";
const EXTENDED_CONTENT_ENCRYPTION: Kind = *b"\x14\xe6\x8a\x29\x22\x26\x17\x4c\xb9\x35\xda\xe0\x7e\xe9\x28\x9c";
const ADVANCED_CONTENT_ENCRYPTION: Kind = *b"\x33\x85\x05\x43\x81\x69\xe6\x49\x9b\x74\xad\x12\xcb\x86\xd5\x8c";
/// Bytes of a GUID and a length.
const OBJECT_HEADER_BYTES: usize = 24;
/// Offsets at which objects begin in the header and in its extension.
const HEADER_FIELDS: usize = 6;
const EXTENSION_FIELDS: usize = 22;
/// Offset of the flags in a stream's properties, after its kind; and the flag for encrypted content.
const FLAGS_AT: usize = 48;
const ENCRYPTED: u8 = 0x80;

/// What the header declares.
#[derive(Debug, Default)]
pub struct Asf {
    /// Whether the header was read to its end.
    pub has_index: bool,
    has_encryption: bool,
    /// Whether any stream is marked as encrypted, and whether the first video is.
    streams: bool,
    video: Option<bool>,
}

impl Asf {
    /// Whether the video is encrypted. If no stream is marked, all of them are.
    pub fn is_encrypted(&self) -> bool {
        self.video == Some(true) || (self.has_encryption && !self.streams)
    }
}

impl Tree for Asf {
    type Kind = Kind;

    fn header(bytes: &[u8]) -> Header<Kind> {
        let (Some(kind), Some(header)) = (bytes.first_chunk::<16>(), bytes.first_chunk::<OBJECT_HEADER_BYTES>()) else {
            return Header::Needs(OBJECT_HEADER_BYTES);
        };
        let length = u64::from_le_bytes(header[16..].try_into().expect("8 bytes"));
        match length.checked_sub(OBJECT_HEADER_BYTES as u64) {
            Some(length) => Header::Of { kind: *kind, header_bytes: OBJECT_HEADER_BYTES, length: Some(length) },
            None => Header::Nothing,
        }
    }

    fn meet(&mut self, path: &[Kind], kind: Kind) -> Meet {
        match (path, kind) {
            ([], HEADER) if !self.has_index => Meet::Enter(HEADER_FIELDS),
            ([], _) => Meet::Stop,
            ([HEADER], HEADER_EXTENSION) => Meet::Enter(EXTENSION_FIELDS),
            (_, STREAM_PROPERTIES) => Meet::Take(FLAGS_AT + 2),
            (_, CONTENT_ENCRYPTION | EXTENDED_CONTENT_ENCRYPTION | ADVANCED_CONTENT_ENCRYPTION) => {
                self.has_encryption = true;
                Meet::PassOver
            }
            _ => Meet::PassOver,
        }
    }

    fn take(&mut self, _path: &[Kind], _kind: Kind, content: &[u8]) {
        let is_encrypted = content.get(FLAGS_AT + 1).is_some_and(|flags| flags & ENCRYPTED != 0);
        self.streams |= is_encrypted;
        if content.starts_with(&VIDEO) {
            self.video.get_or_insert(is_encrypted);
        }
    }

    fn leave(&mut self, path: &[Kind]) {
        self.has_index |= path.len() == 1;
    }
}
