//! What the match with most evidence, and the likeness of the pictures, amount to. docs/accuracy/method.md, step 5.

use super::appearance::evidence_factor;
use super::chance::{self, SAME_FOOTAGE_NATS};
use super::evidence::{Match, SAME_FOOTAGE_EVIDENCE};
use super::judge::{PROMISING_NATS, Place, Playing};
use super::orientation::Orientation;
use super::result::{Comparison, Reason, Segment, Verdict};
use super::scene::{SAME_SCENE_SHARE, likeness};
use super::search::{self, Found, PLENTY};
use super::segment::Signatures;
use super::sides::{Sides, WEAK_NATS};
use super::ways::{self, Played};
use super::{clock, follow, identical, judge, pictures, power, registered};
use crate::fingerprint::Fingerprint;
use crate::hash::motion::{Sample, moving_cells};

/// Evidence from which on a match that is not the same footage makes "no match" unsure. By trial; the highest of a
/// wrong match was 1.47 (docs/accuracy/videos.md, "How it was measured").
const WEAK_EVIDENCE: f64 = 1.4;
/// Evidence below which what moves in two pictures of one scene is said to differ. By trial.
const NO_EVIDENCE: f64 = 0.9;
/// Motion that a verdict needs, seconds. By trial; docs/motion.md, "Length decides".
const ENOUGH_MOTION_S: f64 = 3.0;
/// Cells of 256 that move from which on a sample counts as motion: 1 in 100. Source: docs/motion.md, "What was
/// measured".
const MOVING_CELLS: u32 = 3;
/// If identical frames cover this share of the shorter video, motion is not looked at. By trial.
const NEARLY_ALL: f64 = 0.95;
/// Motion is shown instead of identical frames if it covers more than this more of A, seconds. By trial.
const PART_S: f64 = 1.0;

/// How promising a comparison is, 0 if a signature is too short: see [`search::glance`].
pub(super) fn glance(a: &Fingerprint, b: &Fingerprint) -> f32 {
    Sides::new(a, b).signatures.map_or(0.0, |signatures| search::glance(&signatures))
}

/// The whole comparison.
pub(super) fn decide(a: &Fingerprint, b: &Fingerprint, progress: &mut dyn FnMut(f32)) -> Comparison {
    let identical = identical::segments(a, b);
    let seconds = |segments: &[Segment]| segments.iter().map(|segment| segment.a[1] - segment.a[0]).sum::<f64>();
    let proven = |segments| Comparison::same_footage(Reason::FramesIdentical, 0.0, segments);
    if !identical.is_empty() && seconds(&identical) >= NEARLY_ALL * a.duration_s().min(b.duration_s()) {
        return proven(identical);
    }
    let told = by_motion(a, b, progress);
    let by_motion = if told.leaves_much_open(a, b) {
        let found = registered::same_footage(a, b, |a, b| by_motion(a, b, &mut |_| {}));
        told.with_registered(found)
    } else {
        told
    };
    if identical.is_empty() {
        by_motion
    } else if seconds(&by_motion.segments) > seconds(&identical) + PART_S {
        // A part was coded anew: motion sees all of it.
        proven(by_motion.segments)
    } else {
        proven(identical)
    }
}

/// The shorter signature is looked for in the longer.
#[inline(never)]
fn by_motion(a: &Fingerprint, b: &Fingerprint, progress: &mut dyn FnMut(f32)) -> Comparison {
    let sides = Sides::new(a, b);
    let Some(signatures) = sides.signatures else { return without_match(a, b, 0.0, Denial::TooShort) };
    let found = search::search(&signatures, progress);
    let best = found.best(&signatures);
    let evidence =
        best.as_ref().map_or(0.0, |best| best.evidence() * evidence_factor(best, sides.query, sides.reference));
    let played =
        (evidence < PLENTY).then(|| ways::likeliest(sides.query, sides.reference, signatures.shapes)).flatten();
    let is_played_otherwise = played.as_ref().is_some_and(|played| played.nats >= SAME_FOOTAGE_NATS);
    let certain = best
        .filter(|_| evidence >= SAME_FOOTAGE_EVIDENCE && !is_played_otherwise)
        .and_then(|best| by_evidence(&signatures, best, evidence));
    let answer = match certain {
        Some((best, nats)) => fuller(&sides, sides.same_footage(&signatures, best, nats)),
        None => by_surprise(&sides, &signatures, found, played)
            .unwrap_or_else(|denial| without_match(a, b, evidence, denial)),
    };
    progress(1.0);
    answer
}

/// What the pictures tell, if what motion tells leaves much open and they tell clearly more; else what motion tells.
fn fuller(sides: &Sides, by_motion: Comparison) -> Comparison {
    let explained_s = |of: &Comparison| {
        let spans = of.segments.iter().map(|segment| if sides.swapped { segment.b } else { segment.a });
        spans.map(|span| span[1] - span[0]).sum::<f64>()
    };
    let told_s = explained_s(&by_motion);
    if told_s >= NEARLY_ALL * sides.query.duration_s() {
        return by_motion;
    }
    let of_pictures = pictures::same_footage(sides);
    of_pictures.filter(|other| explained_s(other) > told_s + PART_S).unwrap_or(by_motion)
}

/// The match with its `-ln E`, nats; `None` if its evidence is not enough, nor is it with its surprise.
fn by_evidence(signatures: &Signatures, best: Match, evidence: f64) -> Option<(Match, f64)> {
    let mut nats = chance::of_evidence(evidence);
    if nats < SAME_FOOTAGE_NATS {
        let place = (best.alignment, best.range.clone());
        let judged = judge::least_likely(signatures, &[place], Playing::AsFootageRuns, PROMISING_NATS);
        nats = chance::of_both(evidence, judged.map_or(0.0, |judged| judged.most_nats));
    }
    (nats >= SAME_FOOTAGE_NATS).then_some((best, nats))
}

/// The answer where evidence does not suffice; or how far it can be denied.
fn by_surprise(
    sides: &Sides,
    signatures: &Signatures,
    found: Found,
    played: Option<Played>,
) -> Result<Comparison, Denial> {
    let overlapping = search::overlapping(signatures, &found);
    let grown = found.grown.into_iter().map(|found| (found.alignment, found.range));
    let places: Vec<Place> = grown.chain(overlapping).collect();
    let is_deniable =
        have_one_shape(signatures) && power::expected_nats(signatures, sides.has_code()) >= Some(SAME_FOOTAGE_NATS);
    // Before it is denied, it is looked at as closely as can be.
    let promising_nats = if is_deniable { f64::NEG_INFINITY } else { PROMISING_NATS };
    let judged = sides.by_places(signatures, &places, played, promising_nats);
    let told = judged.told.map(|told| fuller(sides, told)).or_else(|| pictures::same_footage(sides));
    if let Some(told) = told {
        return Ok(told);
    }
    if judged.is_played_otherwise {
        return Err(Denial::PlayedOtherwise);
    }
    sides.same_footage_followed(signatures).ok_or_else(|| Denial::of(is_deniable, judged.most_nats))
}

/// Whether it can be denied that one of two videos is a copy of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Denial {
    /// A copy would have been found.
    Earned,
    /// Something agrees, or may agree by chance.
    SomethingAgrees,
    /// Something agrees if one of the two is a negative or played backwards.
    PlayedOtherwise,
    /// So little moves, or the shapes differ so much, that a copy may have been missed.
    MayBeMissed,
    /// One of the two is too short to be looked for.
    TooShort,
}

impl Denial {
    fn of(is_deniable: bool, nats: f64) -> Self {
        if nats >= WEAK_NATS {
            Self::SomethingAgrees
        } else if is_deniable {
            Self::Earned
        } else {
            Self::MayBeMissed
        }
    }
}

/// Whether neither picture is so much wider or taller that it may be a part of the other that moves with the subject.
fn have_one_shape(signatures: &Signatures) -> bool {
    let wider = signatures.relative_width(Orientation::AS_IS);
    wider.max(1.0 / wider) < follow::ANOTHER_SHAPE
}

/// What can be said if no motion agrees enough: `evidence` is that of the best match.
fn without_match(a: &Fingerprint, b: &Fingerprint, evidence: f64, denial: Denial) -> Comparison {
    let moving = |fingerprint: &Fingerprint| moving_seconds(&fingerprint.motion);
    let least_moving = moving(a).min(moving(b));
    if likeness(a, b).is_some_and(|share| share >= SAME_SCENE_SHARE) {
        let differs = least_moving >= ENOUGH_MOTION_S && evidence < NO_EVIDENCE && denial == Denial::Earned;
        let reason = if differs { Reason::MotionDiffers } else { Reason::MomentUnknown };
        return Comparison::without_match(Verdict::SameScene, reason);
    }
    let shortest = clock::seconds(a.motion.len().min(b.motion.len()));
    if shortest < ENOUGH_MOTION_S {
        return Comparison::without_match(Verdict::CantTell, Reason::TooShort);
    }
    if least_moving < ENOUGH_MOTION_S {
        return Comparison::without_match(Verdict::CantTell, Reason::NothingMoves);
    }
    match denial {
        _ if evidence >= WEAK_EVIDENCE => Comparison::without_match(Verdict::CantTell, Reason::WeakEvidence),
        Denial::SomethingAgrees => Comparison::without_match(Verdict::CantTell, Reason::WeakEvidence),
        Denial::PlayedOtherwise => Comparison::without_match(Verdict::CantTell, Reason::PlayedOtherwise),
        Denial::MayBeMissed | Denial::TooShort => Comparison::without_match(Verdict::CantTell, Reason::MayBeMissed),
        Denial::Earned => Comparison::without_match(Verdict::NoMatch, Reason::NothingAgrees),
    }
}

/// Seconds of a signature in which at least one in a hundred cells moves.
fn moving_seconds(motion: &[Sample]) -> f64 {
    clock::seconds(motion.iter().filter(|sample| moving_cells(sample) >= MOVING_CELLS).count())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fingerprint, hash, motion, scrambled};
    use super::*;
    use crate::hash::digest::sha256;
    use crate::hash::motion::SAMPLE_BYTES;
    use crate::hash::pdq::PdqHash;

    /// A fingerprint with a frame for each sample, all of one picture.
    fn of(picture: usize, motion: Vec<Sample>) -> Fingerprint {
        let picture = PdqHash(std::array::from_fn(|i| scrambled(32 * picture + i) as u8));
        fingerprint(&vec![(picture, 100); motion.len()], motion)
    }

    fn compared(a: &Fingerprint, b: &Fingerprint) -> (Verdict, Reason) {
        let found = decide(a, b, &mut |_| {});
        (found.verdict, found.reason)
    }

    /// Samples of which `moving` have three moving cells, or as many as are said.
    fn faint(samples: usize, moving: usize, cells: u32) -> Vec<Sample> {
        let mut sample = [0; SAMPLE_BYTES];
        (0..cells as usize).for_each(|cell| sample[cell] = 1);
        (0..samples).map(|i| if i < moving { sample } else { [0; SAMPLE_BYTES] }).collect()
    }

    #[test]
    fn one_frame_is_not_the_same_as_other_footage() {
        let (one, other) = (of(1, vec![[0; SAMPLE_BYTES]]), of(2, motion(0..100)));
        assert_eq!(one.duration_s(), 0.0);
        for (a, b) in [(&one, &other), (&other, &one), (&one, &of(3, one.motion.clone()))] {
            assert_eq!(compared(a, b), (Verdict::CantTell, Reason::TooShort));
        }
    }

    #[test]
    fn three_cells_of_256_are_motion() {
        assert_eq!(moving_seconds(&faint(50, 30, 3)), 3.0);
        assert_eq!(moving_seconds(&faint(50, 30, 2)), 0.0);
    }

    #[test]
    fn without_a_match_evidence_and_motion_decide_what_is_said() {
        let said = |a: usize, b: usize, moving: usize, evidence: f64| {
            let found = without_match(&of(a, faint(40, moving, 3)), &of(b, faint(40, 40, 3)), evidence, Denial::Earned);
            (found.verdict, found.reason, found.e_value)
        };
        assert_eq!(said(1, 1, 30, 0.89), (Verdict::SameScene, Reason::MotionDiffers, None));
        assert_eq!(said(1, 1, 30, 0.9), (Verdict::SameScene, Reason::MomentUnknown, None));
        assert_eq!(said(1, 1, 29, 0.0), (Verdict::SameScene, Reason::MomentUnknown, None));
        assert_eq!(said(1, 2, 29, 0.0), (Verdict::CantTell, Reason::NothingMoves, None));
        assert_eq!(said(1, 2, 30, 1.4), (Verdict::CantTell, Reason::WeakEvidence, None));
        assert_eq!(said(1, 2, 30, 1.399), (Verdict::NoMatch, Reason::NothingAgrees, None));
        assert_eq!(said(1, 2, 30, 0.0), (Verdict::NoMatch, Reason::NothingAgrees, None));
        let short = without_match(&of(1, faint(29, 29, 3)), &of(2, faint(40, 40, 3)), 0.0, Denial::Earned);
        assert_eq!((short.verdict, short.reason), (Verdict::CantTell, Reason::TooShort));
    }

    #[test]
    fn a_denial_that_is_not_earned_is_not_said() {
        let said = |a: usize, denial| {
            let found = without_match(&of(a, faint(40, 40, 3)), &of(1, faint(40, 40, 3)), 0.0, denial);
            (found.verdict, found.reason)
        };
        assert_eq!(said(2, Denial::SomethingAgrees), (Verdict::CantTell, Reason::WeakEvidence));
        assert_eq!(said(2, Denial::PlayedOtherwise), (Verdict::CantTell, Reason::PlayedOtherwise));
        assert_eq!(said(2, Denial::MayBeMissed), (Verdict::CantTell, Reason::MayBeMissed));
        // Nor is another moment.
        for denial in [Denial::SomethingAgrees, Denial::PlayedOtherwise, Denial::MayBeMissed] {
            assert_eq!(said(1, denial), (Verdict::SameScene, Reason::MomentUnknown));
        }
    }

    #[test]
    fn a_video_played_backwards_or_as_a_negative_is_found_in_either_order() {
        let swap = |byte: u8| (byte & 0x55) << 1 | (byte & 0xaa) >> 1;
        let negative: Vec<Sample> = motion(100..200).into_iter().map(|sample| sample.map(swap)).collect();
        // A sample tells what changed in the four before it.
        let backwards: Vec<Sample> = motion(96..204).into_iter().rev().map(|sample| sample.map(swap)).collect();
        let reference = of(1, motion(0..400));
        for (query, is_backwards) in [(negative, false), (backwards, true)] {
            let (query, length_s) = (of(2, query.clone()), query.len() as f64 / 10.0);
            let found = decide(&query, &reference, &mut |_| {});
            let [segment] = &found.segments[..] else { panic!("{found:?}") };
            assert_eq!(
                (found.verdict, segment.backwards, segment.negative),
                (Verdict::SameFootage, is_backwards, !is_backwards)
            );
            let told = [segment.a[0], segment.a[1], segment.b[0], segment.b[1]];
            let start_s = if is_backwards { 9.6 } else { 10.0 };
            for (told, expected) in told.iter().zip([0.0, length_s, start_s, start_s + length_s]) {
                assert!((told - expected).abs() <= 0.6, "{segment:?}");
            }
            let back = decide(&reference, &query, &mut |_| {});
            assert_eq!((back.segments[0].a, back.segments[0].b), (segment.b, segment.a));
            assert_eq!(back.segments[0].backwards, is_backwards);
        }
    }

    #[test]
    fn a_quarter_of_the_frames_makes_the_same_scene() {
        let scene = |alike: usize| {
            let frames: Vec<(PdqHash, u8)> = (0..40).map(|i| (hash(if i < alike { 0 } else { 128 }), 100)).collect();
            without_match(
                &fingerprint(&frames, faint(40, 40, 3)),
                &fingerprint(&[(hash(0), 100)], faint(40, 40, 3)),
                0.0,
                Denial::Earned,
            )
        };
        assert_eq!((scene(10).verdict, scene(9).verdict), (Verdict::SameScene, Verdict::NoMatch));
    }

    #[test]
    fn a_copy_is_the_same_footage_and_other_footage_is_not() {
        let (whole, piece) = (of(1, motion(0..300)), of(1, motion(100..200)));
        let found = decide(&piece, &whole, &mut |_| {});
        assert_eq!((found.verdict, found.reason), (Verdict::SameFootage, Reason::MotionAgrees));
        let [segment] = &found.segments[..] else { panic!("{found:?}") };
        assert!(segment.a == [0.0, 10.0] && (segment.b[0] - 10.0).abs() < 0.1 && segment.speed == 1.0, "{segment:?}");
        assert_eq!(compared(&of(2, motion(4000..4100)), &whole).0, Verdict::NoMatch);
    }

    #[test]
    fn a_signature_below_a_second_and_a_half_is_not_looked_for() {
        let sides = |samples| Sides::new(&of(1, motion(0..samples)), &of(1, motion(0..100))).signatures.is_some();
        assert!(sides(15) && !sides(14));
        assert_eq!(glance(&of(1, motion(0..14)), &of(1, motion(0..100))), 0.0);
    }

    #[test]
    fn identical_frames_are_shown_unless_motion_covers_a_second_more() {
        let reference = of(1, motion(0..300));
        let with_digests = |from: usize, identical: usize| {
            let mut print = of(1, motion(from..from + 100));
            print.frames.iter_mut().enumerate().for_each(|(i, frame)| {
                frame.sha256 = Some(sha256(&(if i < identical { from + i } else { 10_000 + i }).to_le_bytes()));
            });
            print
        };
        let reference = {
            let mut print = reference;
            print.frames.iter_mut().enumerate().for_each(|(i, frame)| frame.sha256 = Some(sha256(&i.to_le_bytes())));
            print
        };
        let covered = |identical| {
            let found = decide(&with_digests(100, identical), &reference, &mut |_| {});
            assert_eq!((found.reason, found.e_value), (Reason::FramesIdentical, Some(0.0)));
            found.segments[0].a[1]
        };
        assert_eq!((covered(100), covered(96), covered(92), covered(80)), (10.0, 9.6, 9.2, 10.0));
    }
}
