//! Fingerprint <-> bytes: the `.cotejo` file, versions 1 and 2, specified in docs/format.md.
//!
//! One JSON object per line: header, frames, motion, trailer. A given fingerprint can be written in exactly one way, and the reader
//! accepts nothing else; so what was read is always written back byte for byte. Frame and motion lines are written and read by
//! hand, because there are millions of them; header and trailer go through `serde`.

pub mod compact_code;
mod error;
pub mod export;
pub mod import;
mod layout;
pub mod overview;
mod parse;
mod read;
mod write;

pub use error::{ReadError, ReadProblem};
pub use layout::{MAX_LINE_BYTES, SAMPLES_PER_LINE, SIGNATURE, VERSION};
pub use read::{Checker, Item, Reader};
pub use write::Writer;

use crate::fingerprint::Fingerprint;
use std::io;

impl Fingerprint {
    /// The whole file.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.write(Vec::new()).expect("writing to memory cannot fail")
    }

    /// Writes the whole file to `output`, and returns `output`.
    pub fn write<W: io::Write>(&self, output: W) -> io::Result<W> {
        let mut writer = Writer::new(output, &self.header)?;
        for frame in &self.frames {
            writer.frame(frame)?;
        }
        writer.finish(&self.motion, &self.trailer)
    }

    /// Reads a whole file into memory.
    pub fn read(input: impl io::BufRead) -> Result<Self, ReadError> {
        Self::read_sized(input, 0)
    }

    /// Reads a file of about `bytes` bytes. Allocates frames once: growing would leave holes as large as the frames, and the page's
    /// memory never shrinks.
    pub fn read_sized(input: impl io::BufRead, bytes: usize) -> Result<Self, ReadError> {
        let mut reader = Reader::new(input)?;
        let (mut frames, mut motion) = (Vec::new(), Vec::new());
        loop {
            match reader.next()? {
                Item::Frame(frame) => {
                    if frames.is_empty() {
                        frames.reserve_exact(bytes / reader.line_bytes());
                    }
                    frames.push(frame);
                }
                Item::Motion(samples) => {
                    if motion.is_empty() {
                        motion.reserve_exact(bytes.min(reader.expected_samples() as usize));
                    }
                    motion.extend(samples);
                }
                Item::Trailer(trailer) => {
                    return Ok(Self { header: reader.into_header(), frames, motion, trailer });
                }
            }
        }
    }
}
