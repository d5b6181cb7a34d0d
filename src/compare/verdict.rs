//! What the match with most evidence, and the likeness of the pictures, amount to. docs/accuracy/method.md, step 5.

use super::appearance::{evidence_factor, plain_beside};
use super::chance::{self, SAME_FOOTAGE_NATS};
use super::evidence::{Match, SAME_FOOTAGE_EVIDENCE};
use super::hypotheses::WHOLE;
use super::judge::{Judged, PROMISING_NATS, Place, Playing};
use super::orientation::Orientation;
use super::result::{Comparison, Reason, Segment, Verdict, rounded};
use super::scene::{SAME_SCENE_SHARE, likeness};
use super::search::{self, Found, PLENTY};
use super::segment::Signatures;
use super::tilt::Tilt;
use super::ways::{self, Played, Way};
use super::{clock, ends, follow, further, geometry, identical, judge, power};
use crate::fingerprint::Fingerprint;
use crate::hash::motion::{Sample, moving_cells};
use crate::ranked::highest_first;

/// Surprise from which on "no match" is not said, nats. By trial.
const WEAK_NATS: f64 = 5.0;
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
/// The shortest signature that is looked for, samples: 1.5 s. By trial.
const LEAST_SAMPLES: usize = 15;
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
    if seconds(&identical) >= NEARLY_ALL * a.duration_s().min(b.duration_s()) {
        return proven(identical);
    }
    let by_motion = by_motion(a, b, progress);
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
        Some((best, nats)) => sides.same_footage(&signatures, best, nats),
        None => by_surprise(&sides, &signatures, found, played)
            .unwrap_or_else(|denial| without_match(a, b, evidence, denial)),
    };
    progress(1.0);
    answer
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
    let is_of_code = [sides.query, sides.reference].iter().any(|side| side.is_of_code());
    let is_deniable =
        have_one_shape(signatures) && power::expected_nats(signatures, is_of_code) >= Some(SAME_FOOTAGE_NATS);
    // Before it is denied, it is looked at as closely as can be.
    let promising_nats = if is_deniable { f64::NEG_INFINITY } else { PROMISING_NATS };
    let judged = judge::least_likely(signatures, &places, Playing::AsFootageRuns, promising_nats);
    let most_nats = judged.as_ref().map_or(0.0, |judged| judged.most_nats);
    let played = played.filter(|played| played.nats >= WEAK_NATS);
    let played_so = played.as_ref().and_then(|played| sides.same_footage_played(played, signatures.shapes));
    let as_it_runs = judged.and_then(|judged| certain(signatures, judged));
    // What is dark and what is bright of one thing follow each other: a negative agrees a little as it is, too.
    let as_it_runs = as_it_runs.filter(|(_, nats)| played_so.as_ref().is_none_or(|(_, played)| nats >= played));
    if let Some((best, nats)) = as_it_runs {
        return Ok(sides.same_footage(signatures, best, nats));
    }
    if played.is_some() {
        return played_so.map(|(told, _)| told).ok_or(Denial::PlayedOtherwise);
    }
    sides.same_footage_followed(signatures).ok_or_else(|| Denial::of(is_deniable, most_nats))
}

/// What was judged as a match with its surprise; `None` if that does not make it the same footage.
fn certain(signatures: &Signatures, judged: Judged) -> Option<(Match, f64)> {
    let nats = judged.nats;
    let best = (nats >= SAME_FOOTAGE_NATS).then(|| signatures.measured(judged.alignment, judged.range))??;
    Some((best, nats))
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

/// The same footage, in these segments.
fn told(segments: Vec<Segment>, nats: f64) -> Comparison {
    let in_order = highest_first(segments, |segment| -segment.a[0]);
    Comparison::same_footage(Reason::MotionAgrees, chance::e_value(nats), in_order)
}

/// Matches of the query backwards, and what they are as it runs.
type Backwards = Vec<(Match, Segment)>;

/// Which of the two is looked for in the other.
struct Sides<'a> {
    query: &'a Fingerprint,
    reference: &'a Fingerprint,
    /// Whether the query is B.
    swapped: bool,
    /// Their signatures; `None` if the shorter is too short.
    signatures: Option<Signatures<'a>>,
}

impl<'a> Sides<'a> {
    fn new(a: &'a Fingerprint, b: &'a Fingerprint) -> Self {
        let swapped = a.motion.len() > b.motion.len();
        let (query, reference) = if swapped { (b, a) } else { (a, b) };
        let shapes = [query, reference].map(|side| f64::from(side.header.width) / f64::from(side.header.height));
        let is_long = query.motion.len() >= LEAST_SAMPLES;
        let signatures = is_long.then_some(Signatures { query: &query.motion, reference: &reference.motion, shapes });
        Self { query, reference, swapped, signatures }
    }

    /// The answer that `best` gives, with all its stretches.
    fn same_footage(&self, signatures: &Signatures, best: Match, nats: f64) -> Comparison {
        let best = Match { alignment: geometry::exact(signatures, &best), ..best };
        match Tilt::of(signatures, &best) {
            Some(tilt) => self.same_footage_tilted(signatures, best, nats, tilt),
            None => self.same_footage_straight(signatures, best, nats),
        }
    }

    /// The same where the query's picture is turned by a few degrees.
    fn same_footage_tilted(&self, signatures: &Signatures, best: Match, nats: f64, tilt: Tilt) -> Comparison {
        let motion = tilt.straightened(signatures.query, signatures.shapes[0]);
        let query = &Fingerprint { motion, ..self.query.clone() };
        let signatures = &Signatures { query: &query.motion, ..*signatures };
        let sides = Sides { query, signatures: Some(*signatures), ..*self };
        let best = Match { alignment: geometry::exact(signatures, &best), ..best };
        let segments = sides.same_footage_straight(signatures, best, nats).segments.into_iter();
        // As B is turned against A, A is against B the other way, but for a mirror between.
        let tilted = |segment: Segment| {
            let is_opposite = self.swapped && !segment.mirrored;
            Segment { tilted: if is_opposite { -tilt.degrees } else { tilt.degrees }, ..segment }
        };
        told(segments.map(tilted).collect(), nats)
    }

    fn same_footage_straight(&self, signatures: &Signatures, best: Match, nats: f64) -> Comparison {
        let found = self.stretches(signatures, &best, further::in_query(signatures, &best));
        let again = self.stretches(signatures, &best, further::again(signatures, &best, &found));
        let forwards: Vec<Match> = found.iter().chain(&again).cloned().collect();
        let (backwards, backwards_again) = self.backwards(signatures, &best, &forwards);
        let mut segments = self.segments(signatures, &found);
        for (_, segment) in backwards {
            segments.push(segment.beside(&segments, self.swapped));
        }
        let all = forwards.iter().chain(backwards_again.iter().map(|(found, _)| found));
        if further::explain_all(signatures, all) {
            let one_by_one = again.iter().flat_map(|again| self.segments(signatures, std::slice::from_ref(again)));
            for again in one_by_one.chain(backwards_again.into_iter().map(|(_, segment)| segment)) {
                segments.push(again.beside(&segments, !self.swapped));
            }
        }
        told(segments, nats)
    }

    /// What was `found` under the map of `first`, parted where the pictures tell something else, and at its speed.
    fn stretches(&self, signatures: &Signatures, first: &Match, found: Vec<Match>) -> Vec<Match> {
        let mut stretches = Vec::new();
        for found in found {
            let is_plain_beside = plain_beside(&found, self.query, self.reference);
            for part in further::parted_by_pictures(signatures, &found, &is_plain_beside) {
                stretches.push(geometry::at_speed_of(signatures, first, part));
            }
        }
        stretches
    }

    /// What is left open beside what was `found`, and is shown backwards: of the query, and of the reference.
    fn backwards(&self, signatures: &Signatures, best: &Match, found: &[Match]) -> (Backwards, Backwards) {
        let open = further::Open::beside(signatures, found);
        if open.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let query = &Way::BACKWARDS.of_query(self.query);
        let signatures = &Signatures { query: &query.motion, ..*signatures };
        let sides = Sides { query, signatures: Some(*signatures), ..*self };
        let told = |found: Match| {
            let segment = sides.segments(signatures, std::slice::from_ref(&found)).into_iter().next()?;
            Some((found, Way::BACKWARDS.as_it_is(segment, self.query, self.swapped)))
        };
        let [of_query, of_reference] = further::backwards(signatures, best, open);
        (of_query.into_iter().filter_map(&told).collect(), of_reference.into_iter().filter_map(&told).collect())
    }

    /// Matches, which are in the query's order, as segments.
    fn segments(&self, signatures: &Signatures, matches: &[Match]) -> Vec<Segment> {
        let times = ends::times(signatures, matches, self.query, self.reference);
        matches.iter().zip(times).map(|(found, times)| self.segment(found, times)).collect()
    }

    /// The answer with its `-ln E` if the query agrees where it is `played` otherwise; `None` if it does not agree enough.
    fn same_footage_played(&self, played: &Played, shapes: [f64; 2]) -> Option<(Comparison, f64)> {
        let (query, reference) = (&played.way.of_query(self.query), &played.way.of_reference(self.reference));
        let signatures = Signatures { query: &query.motion, reference: &reference.motion, shapes };
        let playing = played.way.playing_as_pictured(query, reference);
        let judged = judge::least_likely(&signatures, &played.places, playing, PROMISING_NATS)?;
        let judged = Judged { nats: judged.nats - ways::COST, ..judged };
        let (best, nats) = certain(&signatures, judged)?;
        let sides = Sides { query, reference, signatures: Some(signatures), ..*self };
        let segments = sides.same_footage(&signatures, best, nats).segments.into_iter();
        let as_they_are = segments.map(|segment| played.way.as_it_is(segment, self.query, self.swapped)).collect();
        Some((told(as_they_are, nats), nats))
    }

    /// The answer if one shows a part of the other that moves; `None` if that does not agree enough.
    fn same_footage_followed(&self, signatures: &Signatures) -> Option<Comparison> {
        let found = follow::followed(signatures).filter(|found| found.nats >= SAME_FOOTAGE_NATS)?;
        let measured = |(alignment, range)| signatures.measured(alignment, range);
        let matches: Vec<Match> = found.holds.into_iter().filter_map(measured).collect();
        (!matches.is_empty()).then(|| told(self.segments(signatures, &matches), found.nats))
    }

    /// A match from `query_s[0]` to `query_s[1]`, seconds of the query, as a segment of A and B.
    fn segment(&self, found: &Match, query_s: [f64; 2]) -> Segment {
        let alignment = &found.alignment;
        let (query_view, oriented_view) = alignment.shared().unwrap_or((WHOLE, WHOLE));
        let reference_view = alignment.orientation.rectangle_in_source(oriented_view);
        let limit = self.reference.duration_s();
        let reference_s = query_s.map(|at| alignment.reference_time(at).clamp(0.0, limit));
        let [query_s, reference_s] = [query_s, reference_s].map(|times| times.map(rounded));
        let [query_view, reference_view] = [query_view, reference_view].map(|view| view.map(|at| rounded(at.abs())));
        let Orientation { mirrored, quarters } = alignment.orientation;
        let as_is = Segment {
            a: query_s,
            b: reference_s,
            speed: rounded(alignment.speed),
            score: rounded(found.correlation),
            mirrored,
            turned: u16::from(quarters) * 90,
            tilted: 0.0,
            backwards: false,
            negative: false,
            a_view: query_view,
            b_view: reference_view,
        };
        if !self.swapped {
            return as_is;
        }
        Segment {
            a: reference_s,
            b: query_s,
            speed: rounded(1.0 / alignment.speed),
            turned: u16::from(alignment.orientation.inverse().quarters) * 90,
            a_view: reference_view,
            b_view: query_view,
            ..as_is
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::align::Alignment;
    use super::super::testing::{as_is, fingerprint, hash, match_of, motion, scrambled};
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

    #[test]
    fn a_segment_is_told_from_the_side_of_a() {
        let (short, long) = (of(1, motion(0..100)), of(1, motion(0..300)));
        let quarter = Orientation { mirrored: false, quarters: 1 };
        let alignment = Alignment {
            reference_s: 4.0,
            speed: 1.25,
            reference_view: [0.0, 0.0, 0.5, 1.0],
            orientation: quarter,
            ..as_is()
        };
        let found = match_of(alignment);
        let there = Sides::new(&short, &long).segment(&found, [0.0, 10.0]);
        let back = Sides::new(&long, &short).segment(&found, [0.0, 10.0]);
        assert_eq!((there.a, there.b, there.speed, there.turned), ([0.0, 10.0], [4.0, 16.5], 1.25, 90));
        assert_eq!((back.a, back.b, back.speed, back.turned), ([4.0, 16.5], [0.0, 10.0], 0.8, 270));
        // The left half of the turned picture is the lower half of the picture as it is.
        assert_eq!((there.a_view, there.b_view), (WHOLE, [0.0, 0.5, 1.0, 0.5]));
        assert_eq!((back.a_view, back.b_view, back.score), ([0.0, 0.5, 1.0, 0.5], WHOLE, 0.5));
        // No time lies behind the end of the other video.
        assert_eq!(Sides::new(&short, &short).segment(&found, [0.0, 10.0]).b, [4.0, 10.0]);
    }
}
