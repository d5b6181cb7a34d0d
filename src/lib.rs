//! Cotejo's core: decoded video frames in, fingerprints out. Bytes in, values out; no files, no clock, no network.
//!
//! The tour, in the direction in which data flows; a module uses only what stands above it:
//!
//! 1. [`plane`], [`pixel_format`]: how a decoded frame lies in memory. [`samples`], [`luma`]: what is read of it.
//! 2. [`shrink`]: exact area averages.
//! 3. [`pdq`], [`classic`]: perceptual hashes of one picture; [`digest`]: exact ones.
//! 4. [`motion`]: what changes from moment to moment; [`rhythm`]: how frames follow each other.
//! 5. [`frame_hash`]: one frame -> all its hashes. [`file_scan`]: one file -> its SHA-256 and its container's word.
//!    [`syntax`]: one packet -> whether it is damaged. [`display_matrix`]: how players turn and mirror the picture.
//! 6. [`fingerprint`]: hashed frames -> the fingerprint of a video. [`picture`]: the same for a still.
//!    [`ffmpeg`]: what is asked of a decoder, and its answers -> a fingerprint.
//! 7. [`mod@format`], [`export`], [`import`], [`compact_code`]: fingerprints <-> bytes.
//! 8. [`timeline`], [`facts`], [`overview`]: what a person wants to see first.
//! 9. [`compare`]: two fingerprints -> what they have in common. [`still`]: one picture -> where it occurs in a fingerprint.
//! 10. [`report`]: the only words.
//!
//! The page reaches this through `wasm`, the command through `cli`; both only convert.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod compare;
pub mod ffmpeg;
pub mod file_scan;
pub mod fingerprint;
pub mod format;
pub mod hash;
pub mod picture;
pub mod report;
pub mod still;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
