//! The two videos that are compared, and what a match between them amounts to: all its stretches, as segments of A and B.

use super::appearance::{plain_beside, unlike};
use super::chance::{self, SAME_FOOTAGE_NATS};
use super::continued::continued;
use super::evidence::Match;
use super::hypotheses::WHOLE;
use super::judge::{self, Judged, PROMISING_NATS, Place, Playing};
use super::orientation::Orientation;
use super::result::{Comparison, Reason, Segment, rounded};
use super::segment::Signatures;
use super::tilt::Tilt;
use super::ways::{self, Played, Way};
use super::{ends, follow, further, geometry, map_by_points};
use crate::fingerprint::Fingerprint;
use crate::ranked::highest_first;

/// The shortest signature that is looked for, samples: 1.5 s. By trial.
const LEAST_SAMPLES: usize = 15;
/// Surprise from which on "no match" is not said, nats. By trial.
pub(super) const WEAK_NATS: f64 = 5.0;

/// What it costs to ask pictures as well as motion, nats. Derived: ln 2.
const COST_OF_PICTURES: f64 = 0.7;

/// Matches of the query backwards, and what they are as it runs.
type Backwards = Vec<(Match, Segment)>;

/// Which of the two is looked for in the other.
pub(super) struct Sides<'a> {
    pub query: &'a Fingerprint,
    pub reference: &'a Fingerprint,
    /// Whether the query is B.
    pub swapped: bool,
    /// Their signatures; `None` if the shorter is too short.
    pub signatures: Option<Signatures<'a>>,
    /// Whether what changes in whole pictures stands in for motion, and in which orientation the reference's were read.
    pub of_pictures: Option<Orientation>,
}

impl<'a> Sides<'a> {
    pub fn new(a: &'a Fingerprint, b: &'a Fingerprint) -> Self {
        let swapped = a.motion.len() > b.motion.len();
        let (query, reference) = if swapped { (b, a) } else { (a, b) };
        let shapes = [query, reference].map(|side| f64::from(side.header.width) / f64::from(side.header.height));
        let is_long = query.motion.len() >= LEAST_SAMPLES;
        let signatures = is_long.then_some(Signatures { query: &query.motion, reference: &reference.motion, shapes });
        Self { query, reference, swapped, signatures, of_pictures: None }
    }

    /// Whether one of the two was read from a compact code.
    pub fn has_code(&self) -> bool {
        self.query.is_of_code() || self.reference.is_of_code()
    }

    /// The answer that `best` gives, with all its stretches.
    pub fn same_footage(&self, signatures: &Signatures, best: Match, nats: f64) -> Comparison {
        if self.of_pictures.is_some() {
            let alignment = geometry::of_whole_pictures(&best);
            return self.same_footage_straight(signatures, Match { alignment, ..best }, nats);
        }
        let best = Match { alignment: geometry::exact(signatures, &best), ..best };
        let by_points = map_by_points::exact(signatures, [self.query, self.reference], &best);
        let best = Match { alignment: by_points.unwrap_or(best.alignment), ..best };
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
        // What pictures tell has their ends already.
        let found = match self.of_pictures {
            None => continued(signatures, found, self.query, self.reference),
            Some(_) => found,
        };
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
            let tells_other = if self.of_pictures.is_some() { unlike } else { plain_beside };
            let hidden = tells_other(&found, self.query, self.reference);
            for part in further::parted_by_pictures(signatures, &found, &hidden) {
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
    pub fn same_footage_played(&self, played: &Played, shapes: [f64; 2]) -> Option<(Comparison, f64)> {
        let (query, reference) = (&played.way.of_query(self.query), &played.way.of_reference(self.reference));
        let signatures = Signatures { query: &query.motion, reference: &reference.motion, shapes };
        let playing = played.way.playing_as_pictured(query, reference);
        let judged = judge::least_likely(&signatures, &played.places, playing, PROMISING_NATS)?;
        let judged = Judged { nats: judged.nats - ways::COST, ..judged };
        let (best, nats) = self.certain(&signatures, judged)?;
        let sides = Sides { query, reference, signatures: Some(signatures), ..*self };
        let segments = sides.same_footage(&signatures, best, nats).segments.into_iter();
        let as_they_are = segments.map(|segment| played.way.as_it_is(segment, self.query, self.swapped)).collect();
        Some((told(as_they_are, nats), nats))
    }

    /// The answer that surprise gives for both as they run, at `places`, or as one may be `played`.
    pub fn by_places(
        &self,
        signatures: &Signatures,
        places: &[Place],
        played: Option<Played>,
        promising_nats: f64,
    ) -> ByPlaces {
        let judged = judge::least_likely(signatures, places, Playing::AsFootageRuns, promising_nats);
        let most_nats = judged.as_ref().map_or(0.0, |judged| judged.most_nats);
        let played = played.filter(|played| played.nats >= WEAK_NATS);
        let played_so = played.as_ref().and_then(|played| self.same_footage_played(played, signatures.shapes));
        let as_it_runs = judged.and_then(|judged| self.certain(signatures, judged));
        // What is dark and what is bright of one thing follow each other: a negative agrees a little as it is, too.
        let as_it_runs = as_it_runs.filter(|(_, nats)| played_so.as_ref().is_none_or(|(_, played)| nats >= played));
        let told = match as_it_runs {
            Some((best, nats)) => Some(self.same_footage(signatures, best, nats)),
            None => played_so.map(|(told, _)| told),
        };
        ByPlaces { told, most_nats, is_played_otherwise: played.is_some() }
    }

    /// What was judged as a match with its surprise; `None` if that does not make it the same footage.
    fn certain(&self, signatures: &Signatures, judged: Judged) -> Option<(Match, f64)> {
        let nats = judged.nats - self.of_pictures.map_or(0.0, |_| COST_OF_PICTURES);
        let best = (nats >= SAME_FOOTAGE_NATS).then(|| signatures.measured(judged.alignment, judged.range))??;
        Some((best, nats))
    }

    /// The answer if one shows a part of the other that moves; `None` if that does not agree enough.
    pub fn same_footage_followed(&self, signatures: &Signatures) -> Option<Comparison> {
        let found = follow::followed(signatures).filter(|found| found.nats >= SAME_FOOTAGE_NATS)?;
        let measured = |(alignment, range)| signatures.measured(alignment, range);
        let matches: Vec<Match> = found.holds.into_iter().filter_map(measured).collect();
        (!matches.is_empty()).then(|| told(self.segments(signatures, &matches), found.nats))
    }

    /// A match from `query_s[0]` to `query_s[1]`, seconds of the query, as a segment of A and B.
    fn segment(&self, found: &Match, query_s: [f64; 2]) -> Segment {
        let alignment = &found.alignment;
        let orientation = self.of_pictures.unwrap_or(alignment.orientation);
        let views = if self.of_pictures.is_some() { None } else { alignment.shared() };
        let (query_view, oriented_view) = views.unwrap_or((WHOLE, WHOLE));
        let reference_view = orientation.rectangle_in_source(oriented_view);
        let limit = self.reference.duration_s();
        let reference_s = query_s.map(|at| alignment.reference_time(at).clamp(0.0, limit));
        let [query_s, reference_s] = [query_s, reference_s].map(|times| times.map(rounded));
        let [query_view, reference_view] = [query_view, reference_view].map(|view| view.map(|at| rounded(at.abs())));
        let Orientation { mirrored, quarters } = orientation;
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
            turned: u16::from(orientation.inverse().quarters) * 90,
            a_view: reference_view,
            b_view: query_view,
            ..as_is
        }
    }
}

/// What surprise says of places.
pub(super) struct ByPlaces {
    /// The answer, if it is the same footage.
    pub told: Option<Comparison>,
    /// The highest surprise that speaks against a denial, nats.
    pub most_nats: f64,
    /// Whether something agrees if one of both is played otherwise.
    pub is_played_otherwise: bool,
}

/// The same footage, in these segments.
fn told(segments: Vec<Segment>, nats: f64) -> Comparison {
    let in_order = highest_first(segments, |segment| -segment.a[0]);
    Comparison::same_footage(Reason::MotionAgrees, chance::e_value(nats), in_order)
}

#[cfg(test)]
mod tests {
    use super::super::align::Alignment;
    use super::super::testing::{as_is, fingerprint, hash, match_of, motion};
    use super::*;

    #[test]
    fn a_segment_is_told_from_the_side_of_a() {
        let of = |samples: usize| fingerprint(&vec![(hash(0), 100); samples], motion(0..samples));
        let (short, long) = (of(100), of(300));
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
