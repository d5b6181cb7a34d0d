//! PDQ, the 256-bit hash of one picture by Meta: luma in, hash and quality out, bit for bit as the reference makes
//! them.
//!
//! The picture is blurred, sampled at 64 x 64 points, and turned into its 16 x 16 lowest frequencies without the
//! constant ones; each bit tells whether a frequency lies above the median. Hashes of copies differ in few bits, hashes
//! of unrelated pictures in about 128. Quality (0..=100) says how much gradient the samples hold: below 50 the hash of
//! a plain picture is mostly noise.
//!
//! Two front ends make the samples. [`hash_rgb`] and [`hash_luma`] do what the reference does, in its order of f32 sums, and are
//! for pictures. [`tent_grid_u8`] and [`tent_grid_u16`] compute the same filter exactly, in integers and only at the samples; they
//! are for video frames and about 40 times cheaper. Hashes of both are equal unless only rounding decides a bit (3 of 1,500
//! generated pictures).
//!
//! Only + - * / are used, in a fixed order, so native and wasm agree. Source: "PDQ & TMK + PDQF" (2019) and the C++ in
//! the repository `facebook/ThreatExchange`.

mod blur;
mod dct_table;
mod hash;
mod tent;

pub use blur::{grid_of_luma, hash_luma, hash_photo, hash_rgb, luma_of_rgb};
pub(crate) use dct_table::DCT;
#[cfg(test)]
pub(crate) use hash::median_bits;
pub(crate) use hash::{BANDS, Bands, median};
pub use hash::{GRID, ParsePdqError, PdqHash, PdqResult, dihedral_hashes, hash_grid};
pub use tent::{MAX_TENT_SIDE, tent_grid_u8, tent_grid_u16};
