//! The constants of a fingerprint file.

/// The version that is written: of the fingerprints with points.
pub const VERSION: u32 = 2;
/// The version of those without, which is read for ever.
pub const WITHOUT_POINTS: u32 = 1;
/// The start of every fingerprint of any version.
pub const SIGNATURE: &[u8] = b"{\"cotejo\":";
/// Samples on every motion line but the last.
pub const SAMPLES_PER_LINE: usize = 600;
/// The longest line in bytes, without its line feed.
///
/// A motion line of 600 samples has 51,233; no other line comes near: the points of a frame take 4,936.
pub const MAX_LINE_BYTES: usize = 65_536;
