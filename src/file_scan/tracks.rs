//! Encryption in Matroska and WebM: the first video track has a `ContentEncryption` whose algorithm is not "none" (RFC 9559,
//! 5.1.4.1.31; the WebM Project's "WebM Encryption"). In such a WebM file each frame begins with a byte for it, even if the frame
//! itself is clear.

use super::matroska::{CLUSTER, EBML, Element, NoElement, SEGMENT, element};
use super::nested::{Header, Meet, Tree};

const TRACKS: u32 = 0x1654_ae6b;
const TRACK_ENTRY: u32 = 0xae;
const TRACK_TYPE: u32 = 0x83;
const CONTENT_ENCODINGS: u32 = 0x6d80;
const CONTENT_ENCODING: u32 = 0x6240;
const CONTENT_ENCRYPTION: u32 = 0x5035;
const ALGORITHM: u32 = 0x47e1;
/// Track type of video, and the algorithm value of frames that are only signed.
const VIDEO: u64 = 1;
const NO_ALGORITHM: u64 = 0;
/// Bytes of the longest number.
const NUMBER_BYTES: usize = 8;

/// What the tracks declare.
#[derive(Debug, Default)]
pub struct Tracks {
    /// Whether the first video track is encrypted.
    pub is_encrypted: bool,
    /// Whether the tracks, or what follows them, have come.
    pub has_index: bool,
    has_video: bool,
    track_type: u64,
    track_is_encrypted: bool,
    algorithm: Option<u64>,
}

impl Tree for Tracks {
    type Kind = u32;

    fn header(bytes: &[u8]) -> Header<u32> {
        match element(bytes) {
            Ok(Some(Element { id, header_bytes, length })) => {
                // Of elements of unknown length only the segment is entered; for any other, the walk goes on right after its
                // header.
                let length = if id == SEGMENT { length } else { Some(length.unwrap_or(0)) };
                Header::Of { kind: id, header_bytes, length }
            }
            Ok(None) => Header::Needs(bytes.len() + 1),
            Err(NoElement) => Header::Nothing,
        }
    }

    fn meet(&mut self, path: &[u32], kind: u32) -> Meet {
        match (path, kind) {
            ([], EBML) => Meet::PassOver,
            ([], SEGMENT) => Meet::Enter(0),
            ([], _) => Meet::Stop,
            ([SEGMENT], TRACKS) => {
                self.has_video = false;
                Meet::Enter(0)
            }
            ([SEGMENT], CLUSTER) => {
                self.has_index = true;
                Meet::PassOver
            }
            ([.., TRACKS], TRACK_ENTRY) => {
                (self.track_type, self.track_is_encrypted) = (0, false);
                Meet::Enter(0)
            }
            ([.., TRACK_ENTRY], CONTENT_ENCODINGS) | ([.., CONTENT_ENCODINGS], CONTENT_ENCODING) => Meet::Enter(0),
            ([.., CONTENT_ENCODING], CONTENT_ENCRYPTION) => {
                self.algorithm = None;
                Meet::Enter(0)
            }
            ([.., TRACK_ENTRY], TRACK_TYPE) | ([.., CONTENT_ENCRYPTION], ALGORITHM) => Meet::Take(NUMBER_BYTES),
            _ => Meet::PassOver,
        }
    }

    fn take(&mut self, _path: &[u32], kind: u32, content: &[u8]) {
        let number = content.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
        match kind {
            TRACK_TYPE => self.track_type = number,
            _ => self.algorithm = Some(number),
        }
    }

    fn leave(&mut self, path: &[u32]) {
        match path {
            [.., CONTENT_ENCRYPTION] => self.track_is_encrypted |= self.algorithm != Some(NO_ALGORITHM),
            [.., TRACK_ENTRY] if self.track_type == VIDEO && !self.has_video => {
                self.has_video = true;
                self.is_encrypted |= self.track_is_encrypted;
            }
            [.., TRACKS] => self.has_index = true,
            _ => {}
        }
    }
}
