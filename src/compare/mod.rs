//! Two fingerprints in, out: is it the same footage, where, and what was done to it.
//!
//! The motion signature decides, because it survives what editing does to a picture and tells one moment before a fixed
//! camera from another; PDQ tells whether it is at least the same scene. docs/accuracy.md has the method and how often it
//! errs. The steps, in their order: `hypotheses` of what was done, `seeds` (places worth a look), `align` (refined),
//! `segment` (grown in time), `search` (all of these), `scene` (likeness of the pictures), `verdict`.

mod align;
mod appearance;
mod ends;
mod flips;
mod geometry;
mod hypotheses;
mod identical;
mod orientation;
mod result;
mod scene;
mod search;
mod seeds;
mod segment;
mod track;
mod verdict;

use crate::fingerprint::Fingerprint;

pub(crate) use orientation::Orientation;
pub use result::{Comparison, Reason, Segment, Verdict, View};

/// Compares `a` with `b`. `progress` is told the share that is done, 0..=1.
///
/// Takes about 1 s for two clips of 30 s; grows with the product of the lengths.
pub fn compare(a: &Fingerprint, b: &Fingerprint, progress: &mut dyn FnMut(f32)) -> Comparison {
    verdict::decide(a, b, progress)
}

/// How promising it is to [`compare`] the two, for ranking many; 0 where nothing moves. Takes milliseconds.
pub fn glance(a: &Fingerprint, b: &Fingerprint) -> f32 {
    verdict::glance(a, b)
}
