//! Two fingerprints in, out: is it the same footage, where, and what was done to it.
//!
//! The motion signature decides, because it survives what editing does to a picture and tells one moment before a fixed
//! camera from another; PDQ tells whether it is at least the same scene. docs/accuracy.md has the method and how often
//! it errs. The steps, in their order: `identical` (frames that are the same bit for bit), `hypotheses` of what was
//! done, `seeds` (places worth a look), `align` (refined by `climb`), `segment` (grown in time), `evidence` (how much
//! it speaks against chance), `search` (all of these), `further` (what else it explains), `geometry`, `tilt` and `ends`
//! (made exact), `appearance` and `scene` (what the pictures say), `repeats` (what is shown more than once), `chance`
//! (E), `sides` (what a match amounts to), `verdict`. Where evidence does not suffice: `overlap` (places that agree a
//! little all the time), `whiten` and `line` (what chance gives on the pair itself), `judge` (how little it explains a
//! place), `ways` (of playing), `pictures` (what changes in them), `follow` (a part that moves), `power` (whether a copy
//! would have been found). Where the camera stands still: `map_by_points` (the map once more). Where much is left open:
//! `registered` (what both show where points tell how their pictures lie, by `resample`, which `tilt` uses, too).
//!
//! # Words
//!
//! - *Query* and *reference*: the shorter and the longer of two signatures.
//! - *Sample*: a tenth of a second of a motion signature, 16 x 16 cells. *Entry*: a sample's cells inside one
//!   rectangle, 8 x 8, centred and weighed.
//! - *Energy*: an entry's inner product with itself. *Correlation*: the normalised cross-correlation of entries,
//!   -1..=1; [`Segment::score`] is one.
//! - *Score*: what one search makes as large as it can; scores of different searches do not compare.
//! - *Evidence*: how much a match speaks against chance, by rules. *Surprise*: the same in nats, measured on the pair.
//!   *E*, the E-value: how many matches as good as this one chance is expected to give in this search; `-ln E` is in
//!   nats.
//!
//! # Where the numbers come from
//!
//! Each constant says it. *By trial* is: chosen by trial on the clips of docs/accuracy.md and their copies, and not
//! derived. What all of them together achieve was measured with `cargo xtask eval --corpus DIR --only videos --cross 2`
//! and is in docs/accuracy/videos.md, "How it was measured". *Derived* is: follows from what is said. *Bounds work* is:
//! chosen so that a comparison ends in time; more might find more.

mod align;
mod appearance;
mod chance;
pub(crate) mod climb;
mod clock;
mod continued;
mod ends;
mod evidence;
mod flips;
mod follow;
mod further;
mod geometry;
mod hypotheses;
mod identical;
mod judge;
mod line;
mod map_by_points;
mod moving;
mod orientation;
mod overlap;
mod partly;
mod pictures;
mod power;
mod registered;
mod repeats;
mod resample;
mod result;
mod scene;
mod search;
mod seeds;
mod segment;
mod sides;
#[cfg(test)]
pub(crate) mod testing;
mod tilt;
mod track;
mod verdict;
mod ways;
mod whiten;

use crate::fingerprint::Fingerprint;

pub(crate) use chance::{e_value_among, in_two_digits};
pub(crate) use evidence::SAME_SPEED;
pub(crate) use moving::Moving;
pub(crate) use orientation::{ORIENTATIONS, Orientation};
pub(crate) use partly::Partly;
pub(crate) use registered::Placement;
pub(crate) use result::rounded;
pub use result::{Comparison, Reason, Repeat, Segment, Side, Verdict, View};

/// Compares `a` with `b`: the verdict, and the stretches of A and B that show the same. `progress` is told the share
/// that is done, 0..=1, rising. Never fails: if nothing can be told, that is the verdict.
///
/// Takes about 0.1 to 0.7 s for two clips of 30 s (docs/accuracy.md); grows with the product of the lengths.
pub fn compare(a: &Fingerprint, b: &Fingerprint, progress: &mut dyn FnMut(f32)) -> Comparison {
    verdict::decide(a, b, progress)
}

/// How promising it is to [`compare`] the two, for ranking many: a score of at least 0, and 0 if nothing moves or a
/// signature is shorter than 1.5 s. Takes milliseconds.
pub fn glance(a: &Fingerprint, b: &Fingerprint) -> f32 {
    verdict::glance(a, b)
}

#[cfg(test)]
mod tests {
    use super::testing::{fingerprint, hash, motion};
    use super::*;

    #[test]
    fn a_glance_promises_more_of_a_copy_than_of_other_footage_and_nothing_of_a_still_one() {
        let video = |first: usize| fingerprint(&[(hash(first % 256), 100); 100], motion(first..first + 100));
        let (own, copy, other) = (video(0), video(20), video(5000));
        assert!(glance(&own, &copy) > glance(&own, &other) && glance(&own, &other) > 0.0);
        assert_eq!(glance(&own, &fingerprint(&[(hash(0), 100); 100], vec![[0; 64]; 100])), 0.0);
    }
}
