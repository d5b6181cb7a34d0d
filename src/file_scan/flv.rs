//! Encryption in FLV: a tag with the filter flag must be decrypted before it is shown (Adobe's "Flash Video File Format
//! Specification", version 10.1, E.4.1 and annex F).

use super::gather::Gather;

const SIGNATURE: &[u8] = b"FLV\x01";
const FILE_HEADER_BYTES: usize = 9;
/// Bytes of the previous tag's length, and of a tag's header.
const BEFORE_TAG_BYTES: usize = 4;
const TAG_HEADER_BYTES: usize = 11;
const FILTER: u8 = 0x20;
const TYPE: u8 = 0x1f;
/// Types of tags: sound, video, data.
const TYPES: [u8; 3] = [8, 9, 18];
const VIDEO: u8 = 9;
/// This many video tags decide for the whole file.
const ENOUGH_TAGS: u64 = 16;

/// Walks through the tags.
#[derive(Debug, Default)]
pub struct Flv {
    gather: Gather,
    has_header: bool,
    is_over: bool,
    tags: u64,
    filtered: u64,
}

impl Flv {
    /// Adds `bytes`, which begin at `offset`.
    pub fn push(&mut self, offset: u64, bytes: &[u8]) {
        while !self.is_over && self.step(offset, bytes) {}
    }

    /// The place whose bytes are needed next; `None` if enough is known.
    pub fn next(&self) -> Option<u64> {
        (!self.is_over && self.tags < ENOUGH_TAGS).then(|| self.gather.next())
    }

    /// Whether the video is encrypted; its first tag, the description, need not be.
    pub fn is_encrypted(&self) -> bool {
        self.is_partly_encrypted() && self.filtered * 2 >= self.tags
    }

    /// Whether any video tag is encrypted.
    pub fn is_partly_encrypted(&self) -> bool {
        self.filtered > 0
    }

    fn step(&mut self, offset: u64, bytes: &[u8]) -> bool {
        let count = if self.has_header { BEFORE_TAG_BYTES + TAG_HEADER_BYTES } else { FILE_HEADER_BYTES };
        if !self.gather.has(count, offset, bytes) {
            return false;
        }
        let gathered = self.gather.bytes();
        if !self.has_header {
            self.has_header = true;
            self.is_over = !gathered.starts_with(SIGNATURE);
            let header_bytes = u32::from_be_bytes(gathered[5..9].try_into().expect("4 bytes"));
            self.gather.go_on(u64::from(header_bytes).max(FILE_HEADER_BYTES as u64));
            return true;
        }
        let [kind, a, b, c, ..] = gathered[BEFORE_TAG_BYTES..] else { return false };
        self.is_over = !TYPES.contains(&(kind & TYPE));
        if !self.is_over && kind & TYPE == VIDEO {
            self.tags += 1;
            self.filtered += u64::from(kind & FILTER != 0);
        }
        let length = u64::from(u32::from_be_bytes([0, a, b, c]));
        self.gather.go_on(self.gather.at().saturating_add(count as u64).saturating_add(length));
        true
    }
}
