//! How little chance explains a match: minus the natural logarithm of E, of how many matches as good as this one chance
//! is expected to give in this one search. docs/accuracy/method.md, step 6.

use super::align::{Alignment, smaller_area};
use super::clock::{middle_s, seconds};
use super::hypotheses::WHOLE;
use super::line::{Line, Null};
use super::orientation::Orientation;
use super::result::View;
use super::segment::Signatures;
use super::whiten::PLAIN_SHARE;
use crate::hash::motion::RATE_HZ;
use crate::ranked::highest_first;
use std::ops::Range;

/// Shares of the plain covariance in whitening: what always moves is played down much where the map is exact, and
/// little where few cells remain or the map is off. By trial: docs/accuracy/method.md, step 6.
const PLAIN_SHARES: [f32; 2] = [PLAIN_SHARE, 0.7];
/// The share under which a place is refined: between both. By trial.
const REFINING_SHARE: f32 = 0.5;
/// What trying both costs, nats. Derived: ln 2.
const COST_OF_SHARES: f64 = 0.7;
/// Entries of a match that are compared with all other offsets. Bounds work.
const MOST_ROWS: usize = 150;
/// Other offsets that are looked at. Bounds work in long footage.
const MOST_OFFSETS: usize = 2000;
/// Other offsets that a first look passes over, but for each third. Bounds work.
const ROUGH_STEP: usize = 3;
/// Surprise of a place as it stands from which on places are refined, nats. By trial: of copies that were found by
/// surprise none had less than 5; of 330 unrelated pairs nine in ten have less.
pub(super) const PROMISING_NATS: f64 = 2.0;
/// Places that are refined with whitened entries. Bounds work.
const REFINED: usize = 5;
/// Places that are judged and are nearly the same. Bounds work.
const ALIKE: usize = 2;
/// A moment of a match is expected to correlate with this share of the match's correlation, which is the highest
/// nearby. By trial.
const KEPT_CORRELATION: f64 = 0.85;
/// Bounds of the expected correlation. By trial.
const EXPECTED_CORRELATION: Range<f64> = 0.12..0.8;
/// From here on a place is another one than the best, seconds. Source: [`super::evidence::OTHER_MOMENT_S`] is shorter,
/// but a copy that changes its speed is found at several places; by trial.
const RIVAL_S: f64 = 3.0;
/// The shortest stretch that is judged under a usual map, samples of the query: 2.5 s. By trial.
const LEAST_STRETCH: usize = 25;
/// The shortest under any other map or speed: 8 s. By trial: where little moves, one thing that crosses the picture is
/// like any other under some map and speed; two are not.
const LEAST_UNUSUAL_STRETCH: usize = 80;
/// How long one thing takes to cross the picture, seconds. Under an unusual map what agrees best for so long is
/// left out. By trial: with it two of 200 drawn scenes of few things were the same as others, by one thing that
/// crossed.
pub(super) const ONE_THING_S: usize = 4;
/// The same in samples.
const ONE_THING: usize = ONE_THING_S * RATE_HZ as usize;
/// A speed nearer than this to 1 is usual: no more than the rates of NTSC differ. Derived.
const USUAL_SPEED: f64 = 0.003;
/// An end of a stretch is free if this share of what moves in the overlap lies beyond it. By trial.
const FREE_END_SHARE: f64 = 0.04;
/// What a free end costs, nats: it is chosen among some hundred moments. Source: by trial.
const FREE_END_COST: f64 = 6.0;
/// Surprise from which on what follows a match goes on with it, nats. Chosen: chance gives it once in 400 once its end
/// is chosen, which costs [`FREE_END_COST`].
const PLAYED_ON_NATS: f64 = 12.0;
/// Surprise from which on all of a gap goes on, nats, where neither an end nor a map is chosen: chance gives it once in 150.
/// By trial.
const ALL_PLAYED_ON_NATS: f64 = 5.0;
/// The same of the half of it that is farther from the match. By trial: keeps what goes on for a while only from being told
/// as all of it.
const FARTHER_NATS: f64 = 3.0;
/// What it costs that the map changes, nats: four numbers of it are chosen. By trial.
const COST_OF_ANOTHER_MAP: f64 = 4.0;
/// What goes on joins a match within this, seconds. By trial.
const JOINED_S: f64 = 0.3;
/// The same of its speed, as a share. By trial.
const JOINED_SPEED: f64 = 0.03;
/// Between a match and what agrees again behind it, this many samples may agree less: 2 s. By trial.
const MOST_BETWEEN: usize = 20;
/// More than that may lie between if this little moves there, as a share of what moves behind it. By trial.
const STILL_SHARE: f64 = 0.1;
/// Offsets that are independent of each other lie this many samples apart. Source: docs/motion.md, the width of the
/// peak.
const INDEPENDENT_OFFSETS: f64 = 3.0;
/// Both sides of a view are at least this long if it is the whole picture, in fractions of it. By trial.
const WHOLE_SIDE: f64 = 0.97;
/// The picture above this area is tried as the whole picture, too, which is more usual. By trial.
const NEARLY_WHOLE_AREA: f64 = 0.7;
/// A speed nearer than this to 1 is tried as 1, too. By trial.
const NEARLY_NORMAL_SPEED: f64 = 0.02;
/// The same of whole pictures. By trial.
const MAYBE_NORMAL_SPEED: f64 = 0.2;

/// A filmed screen shows at least this much of both sides of the other picture. By trial.
const SHOWN_SIDE: f64 = 0.9;
/// Shares of both sides that a filmed screen takes. Chosen: telephones are held so that it nearly fills the picture.
const SCREEN_SIDES: Range<f64> = 0.5..1.0;
/// One of these shares is at most this share longer than the other. By trial: a screen that is filmed at an angle is narrower.
const SCREEN_SKEW: f64 = 0.15;
/// The middle of a filmed screen is at most this far from that of the picture, in fractions of it. By trial.
const SCREEN_OFF_CENTRE: f64 = 0.12;

/// A place with its surprise.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub alignment: Alignment,
    /// Samples of the query.
    pub range: Range<usize>,
    /// `-ln E`.
    pub nats: f64,
    /// The same of all of the range, whatever the map, and whatever others reach: what speaks against a denial.
    pub most_nats: f64,
}

/// Over what a match is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// All that both videos have: no end of it is chosen.
    Overlap,
    /// The run of moments that agrees best.
    Run,
}

/// How both videos are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Playing {
    /// As they are, or one of them faster: seconds of it are many seconds of what it shows.
    AsFootageRuns,
    /// One of them backwards, or as a negative: what crosses the picture the other way, or is dark instead of bright,
    /// is like it.
    Otherwise,
}

/// A place in time and picture, and the samples of the query that agreed there so far.
pub(super) type Place = (Alignment, Range<usize>);

/// The place among `found` that chance explains least, refined; less what the best place at another time reaches,
/// refined alike. `None` if no line is long enough to tell.
///
/// The null of a line does not know that its map was chosen for it; the next best place knows. Places are refined if
/// one has `promising_nats` as it stands: [`PROMISING_NATS`], or none where a denial hangs on it.
pub(super) fn least_likely(
    signatures: &Signatures,
    found: &[Place],
    playing: Playing,
    promising_nats: f64,
) -> Option<Judged> {
    let rough = highest_first(as_they_stand(signatures, found, playing), |(nats, ..)| *nats);
    let (nats, (alignment, range), _) = rough.first()?.clone();
    if nats < promising_nats {
        return Some(Judged { alignment, range, nats, most_nats: nats });
    }
    let mut chosen: Vec<(Place, Extent)> = Vec::new();
    for (_, place, extent) in rough {
        let alike = chosen.iter().filter(|((other, _), _)| place.0.is_near(other)).count();
        if chosen.len() < REFINED && alike < ALIKE {
            chosen.push((place, extent));
        }
    }
    let judged: Vec<Judged> =
        chosen.iter().flat_map(|(place, extent)| refined(signatures, place, *extent, playing)).collect();
    let best = judged.iter().max_by(|a, b| a.nats.total_cmp(&b.nats))?.clone();
    let rival = judged.iter().filter(|other| is_elsewhere(&other.alignment, &best));
    let rival = rival.max_by(|a, b| a.nats.total_cmp(&b.nats)).filter(|rival| rival.nats > 0.0);
    let rival_nats = rival.filter(|rival| !is_repeat(signatures, rival, &best)).map_or(0.0, |rival| rival.nats);
    let most_nats = judged.iter().map(|other| other.most_nats.max(other.nats)).fold(nats, f64::max);
    Some(Judged { nats: best.nats - rival_nats, most_nats, ..best })
}

/// Whether an alignment puts the middle of `best` clearly elsewhere, or in another orientation.
fn is_elsewhere(other: &Alignment, best: &Judged) -> bool {
    let middle_s = middle_s(&best.range);
    let apart_s = (other.reference_time(middle_s) - best.alignment.reference_time(middle_s)).abs();
    other.orientation != best.alignment.orientation || apart_s >= RIVAL_S
}

/// Whether the reference shows at `rival` what it shows at `best` again.
fn is_repeat(signatures: &Signatures, rival: &Judged, best: &Judged) -> bool {
    let middle_s = middle_s(&best.range);
    let later_s = best.alignment.query_time(rival.alignment.reference_time(middle_s)) - middle_s;
    let rows = thinned(best.range.clone().collect());
    let shift = (later_s * f64::from(RATE_HZ)).round() as i64;
    Line::new(signatures, &best.alignment, PLAIN_SHARE).is_some_and(|line| line.is_repeated(&rows, shift))
}

/// The highest surprise of the places as they stand, nats. Cheap, and low where a map is not exact.
pub(super) fn most_nats(signatures: &Signatures, found: &[Place], playing: Playing) -> Option<f64> {
    as_they_stand(signatures, found, playing).into_iter().map(|(nats, ..)| nats).max_by(f64::total_cmp)
}

/// Each place, under the usual maps near it, too, over either extent, with its surprise as it stands.
fn as_they_stand(signatures: &Signatures, found: &[Place], playing: Playing) -> Vec<(f64, Place, Extent)> {
    let all = found.iter().flat_map(as_found_and_usual);
    all.flat_map(|place| glanced_at(signatures, place, playing)).collect()
}

/// A place as it was found, under the map of the whole picture, and at normal speed as well, if it is near to these.
fn as_found_and_usual((alignment, range): &Place) -> Vec<Place> {
    let mut maps = vec![*alignment];
    maps.extend(at_normal_speed(alignment, range, NEARLY_NORMAL_SPEED));
    if alignment.shared().is_some_and(|(query, reference)| smaller_area(query, reference) > NEARLY_WHOLE_AREA) {
        let whole = alignment.about(middle_s(range)).of_whole_pictures();
        maps.push(whole);
        maps.extend(at_normal_speed(&whole, range, MAYBE_NORMAL_SPEED));
    }
    maps.into_iter().map(|map| (map, range.clone())).collect()
}

/// `map` at normal speed, if its own is another, but nearly that.
fn at_normal_speed(map: &Alignment, range: &Range<usize>, nearer_than: f64) -> Option<Alignment> {
    map.at_normal_speed(middle_s(range), nearer_than).filter(|_| map.speed != 1.0)
}

/// A place judged as it stands, over either extent.
fn glanced_at(signatures: &Signatures, place: Place, playing: Playing) -> Vec<(f64, Place, Extent)> {
    let Some(line) = Line::new(signatures, &place.0, PLAIN_SHARES[0]) else { return Vec::new() };
    let judged = |extent| {
        let range = stretch(&line, &place.1, extent, is_usual(&place.0, playing))?;
        Some((nats(signatures, &line, &place.0, &range, &(0..0), ROUGH_STEP)?, place.clone(), extent))
    };
    [Extent::Overlap, Extent::Run].into_iter().filter_map(judged).collect()
}

/// A place as it stands and the best one near it, over `extent`, under either share. Empty if there is too little to
/// tell.
///
/// A climb maximises correlation, which is not surprise: it may lead away.
fn refined(signatures: &Signatures, (start, range): &Place, extent: Extent, playing: Playing) -> Vec<Judged> {
    let climbed = || {
        let line = Line::new(signatures, start, REFINING_SHARE)?;
        let range = stretch(&line, range, extent, is_usual(start, playing))?;
        Some((signatures.refine_whitened(start, range.clone(), &line.whitening), range))
    };
    let judged = |alignment: Alignment, range: &Range<usize>, share: f32| {
        let line = Line::new(signatures, &alignment, share)?;
        let is_usual = is_usual(&alignment, playing);
        let range = stretch(&line, range, extent, is_usual)?;
        let without = |left_out: Range<usize>| nats(signatures, &line, &alignment, &range, &left_out, 1);
        let most_nats = without(0..0)?;
        let is_many_things = is_usual || extent == Extent::Overlap && is_filmed(&alignment, playing);
        let nats = if is_many_things { most_nats } else { without(line.strongest(&range, ONE_THING))? };
        Some(Judged { alignment, range, nats, most_nats })
    };
    let as_it_stands = judged(*start, range, PLAIN_SHARES[0]);
    let climbed = climbed().into_iter().flat_map(|(alignment, range)| {
        let maps = [Some(alignment), at_normal_speed(&alignment, &range, NEARLY_NORMAL_SPEED)].into_iter().flatten();
        let judged = maps.flat_map(|map| PLAIN_SHARES.map(|share| judged(map, &range, share)));
        judged.flatten().collect::<Vec<_>>()
    });
    as_it_stands.into_iter().chain(climbed).collect()
}

/// The surprise of `range` on its line without what is `left_out`, less what it costs to be chosen; every `stride`-th
/// other offset is looked at, or fewer.
fn nats(
    signatures: &Signatures,
    line: &Line,
    alignment: &Alignment,
    range: &Range<usize>,
    left_out: &Range<usize>,
    stride: usize,
) -> Option<f64> {
    let rows = range.clone().filter(|row| !left_out.contains(row)).collect();
    let costs = prior_cost(alignment) + FREE_END_COST * f64::from(free_ends(line, range)) + COST_OF_SHARES;
    Some(surprise(line, rows, stride)? - costs - offsets_cost(signatures.lengths()))
}

/// The surprise of the query's samples `rows` on their line, as it stands; every `stride`-th other offset is looked at,
/// or fewer.
fn surprise(line: &Line, rows: Vec<usize>, stride: usize) -> Option<f64> {
    let (statistic, others) = line.against_others(&thinned(rows), line.len().div_ceil(MOST_OFFSETS).max(stride));
    Some(Null::of(others)?.surprise(statistic))
}

/// The surprise of a place as it stands, nats: of nothing that was chosen is the cost taken. `None` if it is too short to
/// tell.
pub(super) fn surprise_as_found(signatures: &Signatures, (alignment, range): &Place) -> Option<f64> {
    surprise(&Line::new(signatures, alignment, PLAIN_SHARE)?, range.clone().collect(), 1)
}

/// Not many more than [`MOST_ROWS`] of `rows`, spread evenly.
fn thinned(rows: Vec<usize>) -> Vec<usize> {
    let step = (rows.len() / MOST_ROWS).max(1);
    rows.into_iter().step_by(step).collect()
}

/// What trying all offsets of signatures of so many samples costs, nats.
pub(super) fn offsets_cost([query, reference]: [usize; 2]) -> f64 {
    let samples = query + reference;
    libm::log(samples as f64 / INDEPENDENT_OFFSETS + 1.0)
}

/// The samples of the query that are judged; `range` is where it agreed so far. `None` if that is too little.
fn stretch(line: &Line, range: &Range<usize>, extent: Extent, is_usual: bool) -> Option<Range<usize>> {
    let stretch = match extent {
        Extent::Overlap => line.overlap(),
        Extent::Run => run(line, range, &line.all())?,
    };
    let least = if is_usual { LEAST_STRETCH } else { LEAST_UNUSUAL_STRETCH };
    (stretch.len() >= least).then_some(stretch)
}

/// The run of moments `within` samples of the query that agrees best, where `range` has agreed so far.
fn run(line: &Line, range: &Range<usize>, within: &Range<usize>) -> Option<Range<usize>> {
    let rows = thinned(range.clone().collect());
    let (_, others) = line.against_others(&rows, 2 * line.len().div_ceil(MOST_OFFSETS));
    let spread = Null::of(others)?.spread;
    let expected = KEPT_CORRELATION * line.sums(range.clone()).correlation();
    let expected = expected.clamp(EXPECTED_CORRELATION.start, EXPECTED_CORRELATION.end);
    Some(line.best_run(within, expected, spread))
}

/// The run of moments in `gap`, samples of the query, that goes on as what stands before it, or behind it, under nearly
/// the map of that, `alignment`. `None` if chance may explain it.
///
/// When it goes on is given, and that it does is usual: so it costs none of what a match costs.
pub(super) fn played_on(
    signatures: &Signatures,
    alignment: &Alignment,
    gap: &Range<usize>,
    is_behind: bool,
) -> Option<Place> {
    let same_map = Line::new(signatures, alignment, PLAIN_SHARE)?;
    let both = same_map.overlap();
    let all = gap.start.max(both.start)..gap.end.min(both.end);
    if all.len() >= LEAST_STRETCH && is_all_played_on(&same_map, &all, is_behind) {
        return Some((*alignment, all));
    }
    let line = Line::new(signatures, alignment, REFINING_SHARE)?;
    let refined = signatures.refine_whitened(alignment, gap.clone(), &line.whitening);
    let joint_s = seconds(if is_behind { gap.end } else { gap.start });
    let is_joined = |map: &Alignment| {
        let apart_s = (map.reference_time(joint_s) - alignment.reference_time(joint_s)).abs();
        apart_s <= JOINED_S && (map.speed / alignment.speed - 1.0).abs() <= JOINED_SPEED
    };
    let judged = |line: &Line, map: Alignment| {
        let run = run(line, gap, gap)?;
        let range = if is_behind { run.start..gap.end } else { gap.start..run.end };
        let between = if is_behind { run.end..gap.end } else { gap.start..run.start };
        let is_near = between.len() <= MOST_BETWEEN || line.moving(between) <= STILL_SHARE * line.moving(run.clone());
        if !is_near || run.len() < LEAST_STRETCH {
            return None;
        }
        let nats = surprise(line, range.clone().collect(), 1)?;
        (nats >= PLAYED_ON_NATS).then_some((nats, (map, range)))
    };
    let as_it_was = judged(&same_map, *alignment);
    let under = |map: Alignment| judged(&Line::new(signatures, &map, PLAIN_SHARE)?, map);
    let other =
        Some(refined).filter(is_joined).and_then(under).map(|(nats, place)| (nats - COST_OF_ANOTHER_MAP, place));
    let best = as_it_was.into_iter().chain(other).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, place)| place)
}

/// Whether all samples of `gap` go on as what stands before them, or behind them, though each agrees little.
fn is_all_played_on(line: &Line, gap: &Range<usize>, is_behind: bool) -> bool {
    let middle = usize::midpoint(gap.start, gap.end);
    let farther = if is_behind { gap.start..middle } else { middle..gap.end };
    let surprise = |rows: &Range<usize>| surprise(line, rows.clone().collect(), 1).unwrap_or(0.0);
    surprise(gap) >= ALL_PLAYED_ON_NATS && surprise(&farther) >= FARTHER_NATS
}

/// Whether all of the one picture is all of the other, as it is or mirrored, at normal speed, as footage runs.
fn is_usual(alignment: &Alignment, playing: Playing) -> bool {
    let (query, reference) = alignment.shared().unwrap_or((WHOLE, WHOLE));
    is_whole(query) && is_whole(reference) && is_upright_and_normal(alignment, playing)
}

/// Whether nearly all of the one picture takes the same large share of both sides of the other, around its middle, at normal speed:
/// as a filmed screen does.
fn is_filmed(alignment: &Alignment, playing: Playing) -> bool {
    let (query, reference) = alignment.shared().unwrap_or((WHOLE, WHOLE));
    let is_screen = |screen: View, shown: View| {
        let sides = [screen[2] / shown[2], screen[3] / shown[3]];
        let off_centre = [0, 1].map(|axis| (screen[axis] + screen[axis + 2] / 2.0 - 0.5).abs());
        shown[2].min(shown[3]) > SHOWN_SIDE
            && sides.iter().all(|side| SCREEN_SIDES.contains(side))
            && (sides[0] / sides[1] - 1.0).abs() < SCREEN_SKEW
            && off_centre.iter().all(|off| *off < SCREEN_OFF_CENTRE)
    };
    (is_screen(query, reference) || is_screen(reference, query)) && is_upright_and_normal(alignment, playing)
}

/// Whether a picture is not turned, and played at normal speed, as footage runs.
fn is_upright_and_normal(alignment: &Alignment, playing: Playing) -> bool {
    playing == Playing::AsFootageRuns
        && alignment.orientation.quarters == 0
        && (alignment.speed - 1.0).abs() < USUAL_SPEED
}

fn is_whole(view: View) -> bool {
    view[2].min(view[3]) > WHOLE_SIDE
}

/// How many ends of a stretch lie inside both videos, with motion beyond them.
fn free_ends(line: &Line, range: &Range<usize>) -> u32 {
    let overlap = line.overlap();
    let least = FREE_END_SHARE * line.moving(overlap.clone());
    let beyond = [overlap.start..range.start, range.end..overlap.end];
    beyond.into_iter().map(|range| u32::from(!range.is_empty() && line.moving(range) > least)).sum()
}

/// What an unusual map, orientation and speed cost, and how many like them are tried, nats. By trial:
/// docs/accuracy/method.md, step 6.
pub(super) fn prior_cost(alignment: &Alignment) -> f64 {
    /// Of the area that is shared: the least of it, and nats for each e-fold less.
    const AREA: (f64, f64) = (0.02, 1.5);
    let (query, reference) = alignment.shared().unwrap_or((WHOLE, WHOLE));
    let map = match (is_whole(query), is_whole(reference)) {
        (true, true) => 0.7,
        (false, false) => 8.0,
        _ => 6.5,
    };
    let area = -AREA.1 * libm::log(smaller_area(query, reference).max(AREA.0));
    let speed = match (alignment.speed - 1.0).abs() {
        ..USUAL_SPEED => 0.3,
        ..0.025 => 2.5,
        _ => 4.0,
    };
    map + area + orientation_cost(alignment.orientation) + speed
}

/// What an orientation costs, nats. See [`prior_cost`].
pub(super) fn orientation_cost(orientation: Orientation) -> f64 {
    match (orientation.mirrored, orientation.quarters) {
        (false, 0) => 0.2,
        (true, 0) => 3.0,
        (false, 1 | 3) => 4.0,
        (_, 2) => 4.5,
        _ => 7.0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{as_is, motion};
    use super::*;
    use crate::hash::motion::Sample;

    fn judged(query: &[Sample], reference: &[Sample], alignment: Alignment) -> Judged {
        let signatures = Signatures { query, reference, shapes: [1.0, 1.0] };
        least_likely(&signatures, &[(alignment, 0..query.len())], Playing::AsFootageRuns, PROMISING_NATS).unwrap()
    }

    #[test]
    fn a_copy_is_beyond_chance_and_other_footage_is_not() {
        let (query, reference) = (motion(50..130), motion(0..200));
        let at = Alignment { reference_s: 5.1, ..as_is() };
        let found = judged(&query, &reference, at);
        assert!(found.nats > 40.0 && (found.alignment.reference_time(0.0) - 5.0).abs() < 0.05, "{found:?}");
        assert!(judged(&motion(5000..5080), &reference, at).nats < 2.0);
    }

    #[test]
    fn a_piece_that_agrees_is_judged_by_itself() {
        let (query, reference) = (motion((50..110).chain(3000..3060)), motion(0..400));
        let found = judged(&query, &reference, Alignment { reference_s: 5.0, ..as_is() });
        assert!(found.nats > 20.0 && found.range.end.abs_diff(60) <= 5, "{found:?}");
    }

    #[test]
    fn what_goes_on_weakly_goes_on_to_its_end_but_not_past_a_cut() {
        let reference = motion(0..300);
        let whole = |shared: std::ops::Range<usize>| {
            let mut query = motion((0..80).chain(4000..4120));
            // A quarter of the picture goes on.
            shared.for_each(|at| query[at][..16].copy_from_slice(&reference[at][..16]));
            let signatures = Signatures { query: &query, reference: &reference, shapes: [1.0, 1.0] };
            let line = Line::new(&signatures, &as_is(), PLAIN_SHARE).unwrap();
            is_all_played_on(&line, &(84..200), false)
        };
        assert_eq!([whole(80..200), whole(80..140), whole(80..80)], [true, false, false]);
        // Backwards from the match, what is farther comes first.
        let query: Vec<Sample> = reference[..200].to_vec();
        let signatures = Signatures { query: &query, reference: &reference, shapes: [1.0, 1.0] };
        let line = Line::new(&signatures, &as_is(), PLAIN_SHARE).unwrap();
        assert!(is_all_played_on(&line, &(0..120), true));
    }

    #[test]
    fn what_is_unusual_costs() {
        let cost = |change: &dyn Fn(&mut Alignment)| {
            let mut alignment = as_is();
            change(&mut alignment);
            prior_cost(&alignment)
        };
        let usual = cost(&|_| {});
        assert!((usual - 1.2).abs() < 1e-9);
        let turned = |mirrored, quarters| cost(&move |at| at.orientation = Orientation { mirrored, quarters }) - usual;
        let costs = [turned(true, 0), turned(false, 1), turned(false, 2), turned(true, 2), turned(true, 1)];
        for (cost, expected) in costs.into_iter().zip([2.8, 3.8, 4.3, 4.3, 6.8]) {
            assert!((cost - expected).abs() < 1e-9, "{cost} {expected}");
        }
        let at_speed = |speed| cost(&move |at| at.speed = speed) - usual;
        assert_eq!([1.002, 1.02, 0.9].map(at_speed).map(|cost| (cost * 10.0).round()), [0.0, 22.0, 37.0]);
        let cropped = cost(&|at| at.reference_view = [0.25, 0.25, 0.5, 0.5]) - usual;
        assert!((cropped - (5.8 + 1.5 * 4f64.ln())).abs() < 1e-9, "{cropped}");
        // A part of the one is a part of the other.
        let both = cost(&|at| at.reference_view = [0.5, 0.5, 1.0, 1.0]) - usual;
        assert!((both - (7.3 + 1.5 * 4f64.ln())).abs() < 1e-9, "{both}");
    }

    #[test]
    fn trying_more_offsets_costs_more() {
        let cost = |samples: usize| {
            let (query, reference) = (motion(0..100), motion(0..samples));
            offsets_cost([query.len(), reference.len()])
        };
        assert!((cost(500) - (201f64).ln()).abs() < 1e-9 && cost(2000) > cost(500) + 1.2);
    }
}
