//! Hashes every frame of a video, and tells whether two videos show the same footage.
//!
//! Takes frames as a decoder gives them and makes a [`Fingerprint`] of a thousandth of the video's size, which stays comparable
//! after cropping, logos, mirroring or filming off a screen.
//!
//! ```
//! use cotejo::{FrameFormat, TimeBase, VideoHasher};
//! # fn frames() -> impl Iterator<Item = (i64, Vec<u8>)> {
//! #     (0..250).map(|tick| {
//! #         let luma = (0..64 * 48).map(|at| ((at % 64 + tick * 3) / 8 * 40 % 200 + at / 640 * (tick / 50)) as u8);
//! #         (tick, luma.chain(std::iter::repeat_n(128, 64 * 48 / 2)).collect())
//! #     })
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let file = std::io::empty();
//! let format = FrameFormat::new("yuv420p", 64, 48)?;
//! let mut video = VideoHasher::new(format, TimeBase(1, 25)).codec("h264");
//! for (ticks, frame) in frames() {
//!     video.push(ticks, &frame)?;
//! }
//! let mine = video.finish(&cotejo::scan(file)?)?;
//! let bytes = mine.to_bytes(); // a .cotejo file: docs/format.md
//!
//! let theirs = cotejo::Fingerprint::read(bytes.as_slice())?;
//! let found = cotejo::compare(&mine, &theirs);
//! assert_eq!(found.verdict, cotejo::Verdict::SameFootage);
//! # Ok(())
//! # }
//! ```
//!
//! Further: [`Still`] and [`still::find`] look for a picture in a video, [`CompactCode`] fits a fingerprint into a message,
//! [`report`] puts results into words. Errors have a [code](ErrorCode::code) besides their prose. The core reads no files, asks no
//! clock and knows no network. The folder `examples` has whole programs.
//!
//! # The tour
//!
//! Data flows down this list, and a module uses only what is above it (`cargo xtask test` checks that):
//!
//! 1. [`error`]: prose and codes.
//! 2. [`picture`]: how a decoded frame lies in memory; its luma and its shrunk grid.
//! 3. [`hash`]: one picture -> its hashes; many pictures -> what changes between them.
//! 4. [`file_scan`]: one file -> its SHA-256, its container, and what the container says.
//! 5. [`fingerprint`]: hashed frames -> the fingerprint of a video or a picture, and its facts for people.
//! 6. [`mod@format`]: fingerprints <-> bytes, messages and other tools' lists.
//! 7. [`ffmpeg`]: how to call a decoder, and its answers -> a fingerprint.
//! 8. `registration`: points of two videos' frames -> where the picture of the one lies in the other's.
//! 9. [`mod@compare`]: two fingerprints -> what they have in common.
//! 10. [`still`]: one picture -> where it occurs in a fingerprint.
//! 11. [`pixels`]: two videos' pixels -> what they have in common, where hashes leave much open.
//! 12. [`report`]: the only place with words.
//! 13. `wasm`: the interface to JavaScript; converts, decides nothing.
//!
//! The crate `bitcheck` reads coded packets: whether one is damaged, and how many frames it shows. The command is beside this
//! library, in `src/cli`.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod compare;
pub mod error;
pub mod ffmpeg;
pub mod file_scan;
pub mod fingerprint;
pub mod format;
pub mod hash;
pub mod picture;
pub mod pixels;
mod ranked;
mod registration;
pub mod report;
pub mod still;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use compare::{Comparison, Verdict};
pub use error::ErrorCode;
pub use file_scan::{FileFacts, scan};
pub use fingerprint::{Fingerprint, VideoHasher};
pub use format::compact_code::CompactCode;
pub use hash::classic::Algorithm;
pub use hash::motion::TimeBase;
pub use picture::frame::FrameFormat;
pub use still::Still;

/// Compares two fingerprints: whether they show the same footage, where, and how the copy was edited.
///
/// Takes about 1 s for two clips of 30 s. [`compare::compare`] reports progress.
pub fn compare(a: &Fingerprint, b: &Fingerprint) -> Comparison {
    compare::compare(a, b, &mut |_| {})
}
