//! Whether an IVF file ends after a whole frame, according to its lengths. (The WebM Project's description of IVF.)

use super::gather::Gather;

const SIGNATURE: &[u8] = b"DKIF";
const FILE_HEADER_BYTES: usize = 32;
/// Bytes of a frame's length and time.
const FRAME_HEADER_BYTES: usize = 12;

/// Walks through the frames.
#[derive(Debug, Default)]
pub struct Ivf {
    gather: Gather,
    has_header: bool,
    is_over: bool,
}

impl Ivf {
    /// Adds `bytes`, which begin at `offset`.
    pub fn push(&mut self, offset: u64, bytes: &[u8]) {
        while !self.is_over && self.step(offset, bytes) {}
    }

    /// Whether a file of `bytes` bytes ends within a frame.
    pub fn ends_beyond(&self, bytes: u64) -> bool {
        self.has_header && (self.gather.at() > bytes || !self.gather.bytes().is_empty())
    }

    fn step(&mut self, offset: u64, bytes: &[u8]) -> bool {
        let count = if self.has_header { FRAME_HEADER_BYTES } else { FILE_HEADER_BYTES };
        if !self.gather.has(count, offset, bytes) {
            return false;
        }
        let gathered = self.gather.bytes();
        let frame_bytes = match gathered.first_chunk::<4>() {
            Some(length) if self.has_header => u64::from(u32::from_le_bytes(*length)),
            _ => 0,
        };
        self.is_over = !self.has_header && !gathered.starts_with(SIGNATURE);
        self.has_header = !self.is_over;
        self.gather.go_on(self.gather.at() + count as u64 + frame_bytes);
        true
    }
}
