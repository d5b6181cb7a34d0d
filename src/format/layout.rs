//! The constants of a fingerprint file, and its first line.

use crate::fingerprint::Header;
use serde::{Deserialize, Serialize};

/// The version that this code writes and reads.
pub const VERSION: u32 = 1;
/// The start of every fingerprint of any version.
pub const SIGNATURE: &[u8] = b"{\"cotejo\":";
/// Samples on every motion line but the last.
pub const SAMPLES_PER_LINE: usize = 600;
/// The longest line in bytes, without its line feed.
///
/// A motion line of 600 samples has 51,233; no other line comes near.
pub const MAX_LINE_BYTES: usize = 65_536;

/// The header, preceded by its version.
#[derive(Serialize, Deserialize)]
pub(super) struct HeaderLine {
    pub cotejo: u32,
    #[serde(flatten)]
    pub header: Header,
}
