//! What else of either video an accepted match explains: stretches under its map behind a jump cut, at another speed,
//! shown again, or backwards. docs/accuracy/method.md, step 4.

use super::align::{Alignment, InnerProducts};
use super::clock::{sample_before, seconds};
use super::evidence::{LEAST_REPEATED, Match, REPEATED};
use super::judge;
use super::orientation::Orientation;
use super::seeds::{COARSE_HZ, COARSE_STEP, Place, places, stretches};
use super::segment::{Signatures, unpack};
use super::track::Track;
use crate::hash::motion::{RATE_HZ, STEP};
use crate::ranked::highest_first;
use std::ops::Range;

/// Entries of a stretch that is looked for: 2 s. By trial: a first match vouches for the map.
const SHORT_STRETCH: usize = 2 * COARSE_HZ;
/// The same in samples.
const SHORT_SAMPLES: usize = SHORT_STRETCH * COARSE_STEP;
/// Stretches of a gap that are looked for. Bounds work.
const SEARCHED: usize = 12;
/// Places of a gap that are grown. Bounds work.
const PLACES: usize = 4;
/// The longest video of which more is looked for in the reference than the query explains, samples: 2 min. Bounds work.
const LONGEST: usize = 120 * RATE_HZ as usize;
/// Of two stretches that follow each other, the map of the first holds for the second if it correlates with this share of
/// what its own does. By trial.
const SAME_MAP_SHARE: f64 = 0.9;

/// Energy up to which nothing moves. Source: an entry in which one cell of 64 moves has 5.7.
pub(super) const STILL_ENERGY: f64 = 0.5;
/// Where nothing moves on one side for so many samples, something else may be shown: 2 s. By trial.
const LEAST_STILL: usize = 20;
/// On the other side at least this share of what moves in all of the match has to move meanwhile. By trial: coding that
/// saves bits stills only what hardly moves.
const LEAST_MOVING: f64 = 0.4;
/// The shortest part that is told, samples: 1 s.
const LEAST_PART: usize = 10;

/// Surprise from which on a stretch at another speed shows again what was found, nats. By trial: slow replays of six clips had 7, 7,
/// 15, 27, 29 and 50, what chance found beside them at most 5.7; that the speed and the moment are chosen is worth 7.
const REPLAYED_NATS: f64 = 14.0;

/// So much of the reference may be left, as a share, if it is made of pieces of the query. By trial.
const MOST_UNEXPLAINED: f64 = 0.15;

/// Which of the two videos a gap is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Query,
    Reference,
}

/// Stretches of the query and of the reference that nothing explains yet, samples.
pub(super) struct Open {
    query: Vec<Range<usize>>,
    reference: Vec<Range<usize>>,
}

/// The tracks of both videos under the map of an accepted match.
struct Further<'a> {
    signatures: &'a Signatures<'a>,
    map: Alignment,
    query: Track,
    reference: Track,
}

/// `first`, trimmed, and further stretches of the query under its map, in the query's order. No second of the query is
/// explained twice.
pub(super) fn in_query(signatures: &Signatures, first: &Match) -> Vec<Match> {
    let Some(further) = Further::new(signatures, first) else { return Vec::new() };
    let trimmed = signatures.trimmed(first.clone());
    let open = gaps(signatures.query.len(), std::slice::from_ref(&trimmed.range));
    let mut found = further.fill(Side::Query, open, &|found| found.is_enough_beside(first));
    found.push(trimmed);
    let mut found = in_order(found);
    let between = found.windows(2).filter_map(|pair| further.joining([&pair[0], &pair[1]], first));
    let between: Vec<Match> = between.collect();
    found.extend(between);
    played_on(signatures, &mut found);
    in_order(found.into_iter().flat_map(|found| parted(signatures, found)).collect())
}

/// Whether it is played at another speed than `first`, and chance does not explain it.
fn is_replayed(signatures: &Signatures, again: &Match, first: &Match) -> bool {
    let is_beyond_chance = || {
        let nats = judge::surprise_as_found(signatures, &(again.alignment, again.range.clone()));
        nats.is_some_and(|nats| nats >= REPLAYED_NATS)
    };
    !again.has_speed_of(first) && is_beyond_chance()
}

/// Matches in the query's order.
fn in_order(found: Vec<Match>) -> Vec<Match> {
    highest_first(found, |found| -(found.range.start as f64))
}

/// The parts of a match before and behind where nothing moves on one side, but on the other as much as elsewhere:
/// something else is shown there, such as a title.
fn parted(signatures: &Signatures, found: Match) -> Vec<Match> {
    let profile = signatures.profile(&found.alignment, found.range.clone());
    let sides: [fn(&InnerProducts) -> f64; 2] = [|at| at.query, |at| at.reference];
    let hidden = [(sides[0], sides[1]), (sides[1], sides[0])].into_iter().flat_map(|(own, other)| {
        let mean = |part: &[Option<InnerProducts>]| part.iter().flatten().map(other).sum::<f64>() / part.len() as f64;
        let still: Vec<bool> = profile.iter().map(|at| at.as_ref().is_some_and(|at| own(at) <= STILL_ENERGY)).collect();
        let is_hidden = |run: &Range<usize>| {
            let is_between = run.start > 0 && run.end < profile.len();
            is_between && run.len() >= LEAST_STILL && mean(&profile[run.clone()]) >= LEAST_MOVING * mean(&profile)
        };
        runs(&still).into_iter().filter(is_hidden).collect::<Vec<_>>()
    });
    without(signatures, &found, &hidden.collect::<Vec<_>>())
}

/// The parts of a match at whose moments the pictures do not tell that something else is shown, such as a coloured card: `is_hidden`
/// tells that of each sample of the match.
pub(super) fn parted_by_pictures(signatures: &Signatures, found: &Match, is_hidden: &[bool]) -> Vec<Match> {
    let mut hidden = runs(is_hidden);
    hidden.retain(|run| run.len() >= LEAST_PART);
    without(signatures, found, &hidden)
}

/// What a match has beside what is `hidden`, samples after its first.
fn without(signatures: &Signatures, found: &Match, hidden: &[Range<usize>]) -> Vec<Match> {
    let shown = gaps(found.range.len(), hidden);
    if shown.len() == 1 && shown[0].len() == found.range.len() {
        return Vec::from([found.clone()]);
    }
    let start = found.range.start;
    let parts = shown.into_iter().filter(|part| part.len() >= LEAST_PART);
    parts.filter_map(|part| signatures.measured(found.alignment, start + part.start..start + part.end)).collect()
}

/// What matches explain of the query.
fn ranges(found: &[Match]) -> Vec<Range<usize>> {
    found.iter().map(|found| found.range.clone()).collect()
}

/// The runs of what is true.
fn runs(values: &[bool]) -> Vec<Range<usize>> {
    let mut start = 0;
    let runs = values.chunk_by(bool::eq).map(|run| {
        start += run.len();
        (run[0], start - run.len()..start)
    });
    runs.filter(|(is_true, _)| *is_true).map(|(_, run)| run).collect()
}

/// Adds what goes on before or behind what was found, and agrees less, or under a map that has changed a little: where a
/// picture zooms or shakes, or hardly anything moves.
fn played_on(signatures: &Signatures, found: &mut Vec<Match>) {
    let mut open: Vec<(Alignment, usize, bool)> = Vec::new();
    for found in found.iter() {
        open.extend([(found.alignment, found.range.end, false), (found.alignment, found.range.start, true)]);
    }
    while let Some((alignment, joint, is_behind)) = open.pop() {
        let all = gaps(signatures.query.len(), &ranges(found));
        let is_joined = |gap: &Range<usize>| if is_behind { gap.end == joint } else { gap.start == joint };
        let Some(gap) = all.into_iter().find(is_joined).filter(|gap| gap.len() >= SHORT_SAMPLES) else {
            continue;
        };
        let Some((map, range)) = judge::played_on(signatures, &alignment, &gap, is_behind) else { continue };
        let Some(next) = signatures.measured(map, range.clone()) else { continue };
        open.push((map, if is_behind { range.start } else { range.end }, is_behind));
        let before = found
            .iter()
            .position(|found| if is_behind { found.range.start == joint } else { found.range.end == joint });
        match before.and_then(|at| Some((at, joined(signatures, &found[at], &next)?))) {
            Some((at, joined)) => found[at] = joined,
            None => found.push(next),
        }
    }
}

/// Two stretches that follow each other as one, if the map of the first holds for the second.
fn joined(signatures: &Signatures, first: &Match, second: &Match) -> Option<Match> {
    let under_first = signatures.measured(first.alignment, second.range.clone())?;
    let range = first.range.start.min(second.range.start)..first.range.end.max(second.range.end);
    (under_first.correlation >= SAME_MAP_SHARE * second.correlation)
        .then(|| signatures.measured(first.alignment, range))?
}

/// Stretches of the reference that show again what one of `found` shows, under the map of `first`.
pub(super) fn again(signatures: &Signatures, first: &Match, found: &[Match]) -> Vec<Match> {
    let open = Open::beside(signatures, found);
    if open.reference.is_empty() {
        return Vec::new();
    }
    let Some(further) = Further::new(signatures, first) else { return Vec::new() };
    further.fill(Side::Reference, open.reference, &|again| {
        let is_enough = again.is_enough_beside(first) || is_replayed(signatures, again, first);
        is_enough && found.iter().any(|found| is_repeated(signatures, again, found))
    })
}

/// Stretches that show the same backwards, under the map of `first`, of the query and of the reference; `signatures` are
/// those of the query backwards.
pub(super) fn backwards(signatures: &Signatures, first: &Match, open: Open) -> [Vec<Match>; 2] {
    let Some(further) = Further::new(signatures, first) else { return Default::default() };
    let is_enough = |found: &Match| found.is_enough_otherwise_beside(first);
    let length = signatures.query.len();
    // A sample tells what changed in the STEP before it.
    let turned = |gap: Range<usize>| (length + STEP).saturating_sub(gap.end)..(length + STEP - gap.start).min(length);
    let found = further.fill(Side::Query, open.query.into_iter().map(turned).collect(), &is_enough);
    let explained: Vec<Range<usize>> = found.iter().map(|found| reference_range(signatures, found)).collect();
    let untouched = open
        .reference
        .into_iter()
        .filter(|gap| explained.iter().all(|range| range.end <= gap.start || gap.end <= range.start));
    let in_reference = further.fill(Side::Reference, untouched.collect(), &is_enough);
    [found, in_reference]
}

/// Whether nearly all of the reference is explained by `found`, so that it may be made of nothing but pieces of the query:
/// only then is it told that it shows them again or backwards. What moves to and fro looks like itself backwards, too.
pub(super) fn explain_all<'a>(signatures: &Signatures, found: impl Iterator<Item = &'a Match>) -> bool {
    let length = signatures.reference.len();
    let explained: Vec<Range<usize>> = found.map(|found| reference_range(signatures, found)).collect();
    let left = gaps(length, &explained);
    left.iter().map(Range::len).sum::<usize>() as f64 <= MOST_UNEXPLAINED * length as f64
}

impl Open {
    /// What `found` leaves open, in stretches of 2 s and more; of long videos nothing.
    pub fn beside(signatures: &Signatures, found: &[Match]) -> Self {
        let is_long = |gap: &Range<usize>| gap.len() >= SHORT_SAMPLES;
        let open = |length: usize, explained: &[Range<usize>]| {
            let gaps = if length > LONGEST { Vec::new() } else { gaps(length, explained) };
            gaps.into_iter().filter(is_long).collect()
        };
        let in_reference: Vec<Range<usize>> = found.iter().map(|found| reference_range(signatures, found)).collect();
        Self {
            query: open(signatures.query.len(), &ranges(found)),
            reference: open(signatures.reference.len(), &in_reference),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.query.is_empty() && self.reference.is_empty()
    }
}

impl<'a> Further<'a> {
    /// `None` if the pictures share nothing.
    fn new(signatures: &'a Signatures<'a>, first: &Match) -> Option<Self> {
        let map = first.alignment;
        let (query_view, reference_view) = map.shared()?;
        let query = Track::new(unpack(signatures.query, COARSE_STEP, Orientation::AS_IS), query_view);
        let reference = Track::new(unpack(signatures.reference, COARSE_STEP, map.orientation), reference_view);
        Some(Self { signatures, map, query, reference })
    }

    /// The best matches that are enough in `gaps` of one video, and in what they leave open.
    fn fill(&self, side: Side, mut gaps: Vec<Range<usize>>, is_enough: &dyn Fn(&Match) -> bool) -> Vec<Match> {
        let mut found = Vec::new();
        while let Some(gap) = gaps.pop() {
            let best = self.grown(side, &gap).max_by(|a, b| a.evidence().total_cmp(&b.evidence()));
            let Some(next) = best.filter(is_enough).map(|best| self.signatures.trimmed(best)) else { continue };
            let range = match side {
                Side::Query => next.range.clone(),
                Side::Reference => reference_range(self.signatures, &next),
            };
            let (start, end) = (range.start.clamp(gap.start, gap.end), range.end.clamp(gap.start, gap.end));
            if start < end {
                gaps.extend([gap.start..start, end..gap.end]);
                found.push(next);
            }
        }
        found
    }

    /// What joins two neighbours that are played on, slower or faster between them.
    fn joining(&self, neighbours: [&Match; 2], first: &Match) -> Option<Match> {
        let gap = neighbours[0].range.end..neighbours[1].range.start;
        let at_s = [gap.start, gap.end].map(seconds);
        let joins = self.grown(Side::Query, &gap).filter(|found| found.joins(at_s, neighbours, first));
        joins.max_by(|a, b| a.unweighted_evidence().total_cmp(&b.unweighted_evidence()))
    }

    /// What grows within a gap of one video, samples.
    fn grown(&self, side: Side, gap: &Range<usize>) -> impl Iterator<Item = Match> {
        let entries = gap.start.div_ceil(COARSE_STEP)..gap.end / COARSE_STEP;
        let is_long = entries.len() >= SHORT_STRETCH;
        let places = if is_long { self.places(side, entries) } else { Vec::new() };
        places.into_iter().filter_map(move |place| {
            let Place { query_s, reference_s, speed, .. } = place;
            let alignment = Alignment { query_s, reference_s, speed, ..self.map };
            let bounds = match side {
                Side::Query => gap.clone(),
                Side::Reference => {
                    let ends = [gap.start, gap.end].map(|end| sample_before(alignment.query_time(seconds(end))));
                    ends[0]..ends[1].min(self.signatures.query.len())
                }
            };
            let middle = (query_s * f64::from(RATE_HZ)) as usize;
            let is_inside = bounds.start < bounds.end;
            is_inside.then(|| self.signatures.grow(alignment, middle.clamp(bounds.start, bounds.end - 1), &bounds))?
        })
    }

    /// The likeliest places of some entries of one video in the other.
    fn places(&self, side: Side, entries: Range<usize>) -> Vec<Place> {
        let (own, other) = match side {
            Side::Query => (&self.query, &self.reference),
            Side::Reference => (&self.reference, &self.query),
        };
        let found = places(own, stretches(&own.energies, entries, SHORT_STRETCH, SEARCHED), other);
        let likeliest = highest_first(found, |place| f64::from(place.correlation)).into_iter().take(PLACES);
        let told = |place: Place| match side {
            Side::Query => place,
            Side::Reference => {
                let (query_s, reference_s) = (place.reference_s, place.query_s);
                Place { query_s, reference_s, speed: 1.0 / place.speed, ..place }
            }
        };
        likeliest.map(told).collect()
    }
}

/// The samples of the reference that a match explains.
fn reference_range(signatures: &Signatures, found: &Match) -> Range<usize> {
    let at = |sample: usize| sample_before(found.alignment.reference_time(seconds(sample)));
    at(found.range.start)..at(found.range.end).min(signatures.reference.len())
}

/// What `explained` leaves open of a video of so many samples.
fn gaps(length: usize, explained: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut open: Vec<Range<usize>> = std::iter::once(0..length).collect();
    for range in explained {
        let parts = |gap: Range<usize>| [gap.start..gap.end.min(range.start), gap.start.max(range.end)..gap.end];
        open = open.into_iter().flat_map(parts).filter(|gap| gap.start < gap.end).collect();
    }
    open
}

/// Whether the reference itself shows at `again` what it shows at `found`: footage resembles itself, but not so much. At
/// another speed its evidence has to tell.
fn is_repeated(signatures: &Signatures, again: &Match, found: &Match) -> bool {
    let both = again.range.start.max(found.range.start)..again.range.end.min(found.range.end);
    if (both.len() as i64) < LEAST_REPEATED {
        return false;
    }
    if !again.has_speed_of(found) {
        return true;
    }
    let [at, there] =
        [again, found].map(|of| [both.start, both.end].map(|end| of.alignment.reference_time(seconds(end))));
    let (own, shape) = (signatures.reference, signatures.shapes[1]);
    let own = Signatures { query: own, reference: own, shapes: [shape; 2] };
    let speed = (there[1] - there[0]) / (at[1] - at[0]);
    let alignment = Alignment { query_s: at[0], reference_s: there[0], speed, ..Alignment::AS_IS };
    let range = sample_before(at[0])..sample_before(at[1]).min(own.query.len());
    own.measured(alignment, range).is_some_and(|repeated| repeated.correlation >= REPEATED)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{as_is, motion};
    use super::*;
    use crate::hash::motion::Sample;

    fn signatures<'a>(query: &'a [Sample], reference: &'a [Sample]) -> Signatures<'a> {
        Signatures { query, reference, shapes: [1.0, 1.0] }
    }

    /// The match of the query's first ten seconds, which begin at that moment of the reference.
    fn first_at(signatures: &Signatures, reference_s: f64) -> Match {
        let all = 0..signatures.query.len();
        signatures.grow(Alignment { reference_s, ..as_is() }, 40, &all).unwrap()
    }

    #[test]
    fn behind_a_jump_cut_there_is_a_further_match() {
        let (query, reference) = (motion((0..80).chain(150..230)), motion(0..300));
        let signatures = signatures(&query, &reference);
        let found = in_query(&signatures, &first_at(&signatures, 0.0));
        assert_eq!(found.len(), 2, "{found:?}");
        for (found, (start, end, from_s)) in found.iter().zip([(0, 80, 0.0), (80, 160, 15.0)]) {
            assert!(found.range.start.abs_diff(start) <= 4 && found.range.end.abs_diff(end) <= 4, "{found:?}");
            let start_s = found.alignment.reference_time(start as f64 / 10.0);
            assert!((start_s - from_s).abs() < 0.1, "{found:?}");
        }
    }

    #[test]
    fn a_gap_below_two_seconds_is_not_searched() {
        let (query, reference) = (motion(0..100), motion(0..300));
        let signatures = signatures(&query, &reference);
        let further = Further::new(&signatures, &first_at(&signatures, 0.0)).unwrap();
        let is_grown = |gap| further.grown(Side::Query, &gap).next().is_some();
        assert!(is_grown(20..41) && !is_grown(20..39));
    }

    #[test]
    fn between_two_stretches_it_may_be_played_slower() {
        let slow = (80..120).flat_map(|moment| [moment; 2]);
        let (query, reference) = (motion((0..80).chain(slow).chain(120..200)), motion(0..300));
        let signatures = signatures(&query, &reference);
        let first = first_at(&signatures, 0.0);
        let found = in_query(&signatures, &first);
        let speeds: Vec<f64> = found.iter().map(|found| (found.alignment.speed * 10.0).round() / 10.0).collect();
        assert_eq!(speeds, [1.0, 0.5, 1.0]);
        // Between other neighbours it says nothing.
        let further = Further::new(&signatures, &first).unwrap();
        let apart = Match { alignment: Alignment { reference_s: 20.0, ..found[2].alignment }, ..found[2].clone() };
        assert!(further.joining([&found[0], &found[2]], &first).is_some());
        assert!(further.joining([&found[0], &apart], &first).is_none());
    }

    #[test]
    fn a_stretch_goes_on_where_it_agrees_less_and_ends_at_a_cut() {
        // A third of the picture goes on.
        let mut query = motion((0..80).chain(4000..4080));
        let reference = motion(0..400);
        query[80..]
            .iter_mut()
            .zip(&reference[80..160])
            .for_each(|(own, other)| own[..22].copy_from_slice(&other[..22]));
        let signatures_of = |query| signatures(query, &reference);
        let first = |signatures: &Signatures| signatures.grow(as_is(), 40, &(0..78)).unwrap();
        let of_all = signatures_of(&query);
        let found = in_query(&of_all, &first(&of_all));
        let is_at_its_moment = |found: &Match| (found.alignment.reference_time(8.0) - 8.0).abs() < 0.2;
        assert!(found.last().unwrap().range.end >= 155 && found.iter().all(is_at_its_moment), "{found:?}");
        let cut = motion((0..80).chain(4000..4080));
        let of_cut = signatures_of(&cut);
        let found = in_query(&of_cut, &first(&of_cut));
        assert!(found.len() == 1 && found[0].range.end <= 86, "{found:?}");
    }

    #[test]
    fn a_stretch_is_parted_by_what_stands_still_on_one_side() {
        let mut query = motion(0..150);
        query[60..90].fill([0; crate::hash::motion::SAMPLE_BYTES]);
        let reference = motion(0..150);
        let signatures = signatures(&query, &reference);
        let whole = signatures.measured(as_is(), 0..150).unwrap();
        let ranges: Vec<Range<usize>> = parted(&signatures, whole).into_iter().map(|part| part.range).collect();
        assert_eq!(ranges, [0..60, 90..150]);
        // Nor is a part of it shown before the first or behind the last moment.
        let end = signatures.measured(as_is(), 0..90).unwrap();
        assert_eq!(parted(&signatures, end).len(), 1);
        assert_eq!(runs(&[true, false, true, true]), [0..1, 2..4]);
    }

    #[test]
    fn what_the_longer_video_shows_again_is_found_each_time() {
        let query = motion(0..80);
        let reference = motion((0..80).chain(0..80).chain(4000..4050).chain(0..80));
        let signatures = signatures(&query, &reference);
        let first = first_at(&signatures, 8.0);
        let mut starts_s: Vec<f64> = again(&signatures, &first, &in_query(&signatures, &first))
            .iter()
            .map(|found| found.alignment.reference_time(0.0))
            .collect();
        starts_s.sort_by(f64::total_cmp);
        assert_eq!(starts_s.len(), 2, "{starts_s:?}");
        assert!(starts_s.iter().zip([0.0, 21.0]).all(|(found, start)| (found - start).abs() < 0.1), "{starts_s:?}");
    }

    #[test]
    fn a_slow_replay_is_shown_again() {
        let slow = (60..90).flat_map(|moment| [moment; 2]);
        let (query, reference) = (motion(0..160), motion((0..160).chain(slow)));
        let signatures = signatures(&query, &reference);
        let first = first_at(&signatures, 0.0);
        let found = in_query(&signatures, &first);
        let again = again(&signatures, &first, &found);
        assert!(found.len() == 1 && again.len() == 1, "{found:?} {again:?}");
        let alignment = &again[0].alignment;
        assert!((alignment.speed - 2.0).abs() < 0.1 && (alignment.reference_time(6.0) - 16.0).abs() < 0.3, "{again:?}");
        assert!(is_replayed(&signatures, &again[0], &first) && !again[0].is_enough_beside(&first));
    }

    #[test]
    fn what_is_only_like_it_is_not_shown_again() {
        // Three of four blocks move as before.
        let other = motion(4000..4080);
        let mut like = motion(0..80);
        like.iter_mut().zip(&other).for_each(|(like, other)| like[46..].copy_from_slice(&other[46..]));
        let (query, reference) = (motion(0..80), motion((0..80).chain(300..400)));
        let reference: Vec<Sample> = reference.into_iter().chain(like).collect();
        let signatures = signatures(&query, &reference);
        let first = first_at(&signatures, 0.0);
        let found = in_query(&signatures, &first);
        let further = Further::new(&signatures, &first).unwrap();
        let alike =
            further.fill(Side::Reference, std::iter::once(180..260).collect(), &|found| found.is_enough_beside(&first));
        assert!(alike.len() == 1 && again(&signatures, &first, &found).is_empty(), "{alike:?}");
    }

    #[test]
    fn what_is_left_open_are_stretches_of_two_seconds_in_short_videos() {
        let (query, reference) = (motion(10..90), motion(0..150));
        let open = |reference: &[Sample]| {
            Open::beside(&signatures(&query, reference), &[first_at(&signatures(&query, reference), 1.0)])
        };
        let of_short = open(&reference);
        assert_eq!((of_short.query.len(), of_short.reference.len(), of_short.is_empty()), (0, 1, false));
        assert!(of_short.reference[0].start.abs_diff(90) <= 2 && of_short.reference[0].end == 150);
        let long: Vec<Sample> = reference.iter().cycle().take(1201).copied().collect();
        assert!(open(&long).is_empty());
        assert_eq!(gaps(50, &[10..20, 15..30]), [0..10, 30..50]);
    }
}
