//! When matches begin and end: motion tells it where something moves, the pictures where they can be compared.

use super::appearance::Likeness;
use super::clock::seconds;
use super::evidence::Match;
use super::segment::Signatures;
use crate::fingerprint::Fingerprint;
use crate::hash::motion::{RATE_HZ, STEP};

/// Ends are moved in steps of this, seconds. Derived: a sample.
const STEP_S: f64 = 1.0 / RATE_HZ as f64;
/// No end is cut by more than this because pictures differ, seconds, but for a step that rounding may add: motion has a
/// say as well. By trial.
const MOST_CUT_S: f64 = 1.5;
/// Motion that correlates this well is the same, however different pictures look. By trial: 99 of 100 wrong pieces of 5
/// s correlate less than 0.59 (docs/motion.md, "Hard negatives"), and here pictures speak as well.
const SAME_MOTION: f64 = 0.5;

/// Start and end of each of `matches`, which are in the query's order: seconds of the query.
pub(super) fn times(
    signatures: &Signatures,
    matches: &[Match],
    query: &Fingerprint,
    reference: &Fingerprint,
) -> Vec<[f64; 2]> {
    let duration_s = query.duration_s();
    let mut times: Vec<[f64; 2]> =
        matches.iter().map(|found| by_motion(found, duration_s, reference.duration_s())).collect();
    part(&mut times);
    let likeness: Vec<Option<Likeness>> = matches.iter().map(|found| Likeness::of(found, query, reference)).collect();
    let correlation = |i: usize, at: f64| signatures.correlation_at(&matches[i].alignment, at);
    for (i, likeness) in likeness.iter().enumerate() {
        let Some(likeness) = likeness else { continue };
        let agrees = |at: f64| correlation(i, at).is_some_and(|correlation| correlation >= SAME_MOTION);
        let is_other = |at: f64| if agrees(at) { Some(false) } else { likeness.at(at).map(|alike| !alike) };
        let middle = (times[i][0] + times[i][1]) / 2.0;
        times[i] = times[i].map(|end| cut(is_other, end, middle));
    }
    for (i, likeness) in likeness.iter().enumerate() {
        let Some(likeness) = likeness else { continue };
        let from = if i == 0 { 0.0 } else { times[i - 1][1] };
        let to = times.get(i + 1).map_or(duration_s, |next| next[0]);
        let contradicts =
            |at: f64| correlation(i, at).is_some_and(|correlation| correlation < matches[i].neutral_correlation());
        let continues = |at: f64| likeness.at(at) == Some(true) && !contradicts(at);
        times[i] = [extended(continues, times[i][0], from), extended(continues, times[i][1], to)];
    }
    times
}

/// Parts neighbours in the middle of what both claim: entries share most of their time, so that happens around a cut.
fn part(times: &mut [[f64; 2]]) {
    for i in 1..times.len() {
        if times[i][0] < times[i - 1][1] {
            let middle = (times[i][0] + times[i - 1][1]) / 2.0;
            (times[i - 1][1], times[i][0]) = (middle, middle);
        }
    }
}

/// Start and end, seconds of the query, that lasts `query_s`, by motion: an entry tells of the [`STEP`] samples before
/// it, as far as the reference, that lasts `reference_s`, has such moments.
fn by_motion(found: &Match, query_s: f64, reference_s: f64) -> [f64; 2] {
    let at = |reference_time: f64| found.alignment.query_time(reference_time).clamp(0.0, query_s);
    let [start, end] = [found.range.start.saturating_sub(STEP), found.range.end].map(seconds);
    [start.max(at(0.0)), end.min(at(reference_s))]
}

/// The start or end of a match, seconds, moved towards its `middle` past what is known to be other footage, until
/// pictures are known to be the same, and by [`MOST_CUT_S`] at most.
fn cut(is_other: impl Fn(f64) -> Option<bool>, end: f64, middle: f64) -> f64 {
    let inwards = (middle - end).signum() * STEP_S;
    let most = MOST_CUT_S.min((middle - end).abs());
    let (mut cut, mut looked) = (end, end);
    // Pictures are asked for in the middle of a step.
    while (looked - end).abs() < most {
        let other = is_other(looked + inwards / 2.0);
        looked += inwards;
        match other {
            Some(true) => cut = looked,
            Some(false) => break,
            None => {}
        }
    }
    cut
}

/// The start or end of a match, seconds, moved outwards as long as it `continues`, and to `limit` at most.
fn extended(continues: impl Fn(f64) -> bool, end: f64, limit: f64) -> f64 {
    let outwards = (limit - end).signum() * STEP_S;
    let mut extended = end;
    while (limit - extended) * outwards > 0.0 && continues(extended + outwards / 2.0) {
        extended += outwards;
    }
    if (limit - extended) * outwards < 0.0 { limit } else { extended }
}

#[cfg(test)]
mod tests {
    use super::super::align::Alignment;
    use super::super::testing::{as_is, fingerprint, hash, match_of, motion};
    use super::*;
    use crate::hash::motion::Sample;

    fn near(found: &[f64], expected: &[f64]) {
        let is_near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(is_near && found.len() == expected.len(), "{found:?} is not {expected:?}");
    }

    /// Start and end of matches of ten seconds with themselves, whose frames look alike within `alike`; what moves is
    /// of the query and of the reference.
    fn times_of(
        ranges: &[std::ops::Range<usize>],
        alike: std::ops::Range<usize>,
        moving: [&[Sample]; 2],
    ) -> Vec<[f64; 2]> {
        let frames = |is_alike: &dyn Fn(usize) -> bool| {
            let frames: Vec<_> = (0..100).map(|i| (hash(if is_alike(i) { 0 } else { 128 }), 100)).collect();
            fingerprint(&frames, Vec::new())
        };
        let (query, reference) = (frames(&|_| true), frames(&|i| alike.contains(&i)));
        let matches: Vec<Match> =
            ranges.iter().map(|range| Match { range: range.clone(), ..match_of(as_is()) }).collect();
        let signatures = Signatures { query: moving[0], reference: moving[1], shapes: [1.0, 1.0] };
        times(&signatures, &matches, &query, &reference)
    }

    const MATCH: [std::ops::Range<usize>; 1] = [24..76; 1];
    const STILL: &[Sample] = &[[0; crate::hash::motion::SAMPLE_BYTES]; 100];

    #[test]
    fn where_nothing_moves_pictures_move_the_ends() {
        near(times_of(&MATCH, 10..90, [STILL; 2]).as_flattened(), &[1.0, 9.0]);
        near(times_of(&MATCH, 25..70, [STILL; 2]).as_flattened(), &[2.5, 7.0]);
        // Too few pictures of the match are alike to tell.
        near(times_of(&MATCH, 60..70, [STILL; 2]).as_flattened(), &[2.0, 7.6]);
    }

    #[test]
    fn motion_that_is_the_same_keeps_an_end_that_pictures_would_cut() {
        let (moving, other) = (motion(0..100), motion(700..800));
        near(times_of(&MATCH, 25..70, [&moving; 2]).as_flattened(), &[2.0, 7.6]);
        near(times_of(&MATCH, 25..70, [&moving, &other]).as_flattened(), &[2.5, 7.0]);
    }

    #[test]
    fn motion_that_contradicts_keeps_an_end_that_pictures_would_extend() {
        let moving = motion(0..100);
        // Outside the match what is brighter in one gets darker in the other.
        let mut against = moving.clone();
        for sample in [0..20, 76..100].into_iter().flatten() {
            against[sample].iter_mut().for_each(|byte| *byte = (*byte & 0x55) << 1 | (*byte & 0xaa) >> 1);
        }
        near(times_of(&MATCH, 0..100, [&moving, &against]).as_flattened(), &[2.0, 7.6]);
        near(times_of(&MATCH, 0..100, [&moving; 2]).as_flattened(), &[0.0, 10.0]);
    }

    #[test]
    fn an_end_is_extended_to_the_next_match_and_no_further() {
        near(times_of(&[0..40, 60..100], 0..100, [STILL; 2]).as_flattened(), &[0.0, 5.6, 5.6, 10.0]);
        near(times_of(&[0..52, 50..100], 0..100, [STILL; 2]).as_flattened(), &[0.0, 4.9, 4.9, 10.0]);
    }

    #[test]
    fn motion_of_an_entry_began_a_step_before_it() {
        let found = |range, reference_s| {
            let alignment = Alignment { query_s: 0.0, reference_s, ..as_is() };
            by_motion(&Match { range, ..match_of(alignment) }, 12.0, 10.0)
        };
        near(&found(30..80, 0.0), &[2.6, 8.0]);
        near(&found(2..80, 0.0), &[0.0, 8.0]);
        // No match begins before the other video does, or ends after it.
        near(&found(30..80, -4.0), &[4.0, 8.0]);
        near(&found(30..80, 3.0), &[2.6, 7.0]);
    }

    #[test]
    fn neighbours_part_in_the_middle_of_what_both_claim() {
        let mut times = [[0.0, 5.2], [4.8, 9.0], [9.5, 12.0]];
        part(&mut times);
        near(times.as_flattened(), &[0.0, 5.0, 5.0, 9.0, 9.5, 12.0]);
    }

    #[test]
    fn an_end_is_cut_back_to_where_pictures_are_the_same() {
        let other_after = |limit: f64| move |at: f64| Some(at > limit);
        near(&[cut(other_after(9.2), 10.0, 5.0)], &[9.2]);
        near(&[cut(|at| Some(at < 0.8), 0.0, 5.0)], &[0.8]);
        near(&[cut(other_after(20.0), 10.0, 5.0)], &[10.0]);
        // By a second and a half at most, and to the middle; rounding may add a step.
        assert!((8.39..8.51).contains(&cut(other_after(0.0), 10.0, 5.0)));
        assert!((9.39..9.51).contains(&cut(other_after(0.0), 10.0, 9.5)));
    }

    #[test]
    fn what_pictures_leave_open_is_passed_over_and_kept_if_nothing_other_follows() {
        let open_until = |other: bool| move |at: f64| if at > 9.5 { None } else { Some(other && at > 9.2) };
        near(&[cut(open_until(true), 10.0, 5.0)], &[9.2]);
        near(&[cut(open_until(false), 10.0, 5.0)], &[10.0]);
    }

    #[test]
    fn an_end_is_moved_outwards_as_long_as_the_match_continues() {
        near(&[extended(|at| at < 10.72, 10.0, 20.0)], &[10.7]);
        near(&[extended(|at| at > 1.72, 2.0, 0.0)], &[1.7]);
        near(&[extended(|_| false, 10.0, 20.0)], &[10.0]);
        // Not beyond the limit, though a step may reach over it.
        near(&[extended(|_| true, 10.0, 10.25)], &[10.25]);
        near(&[extended(|_| true, 2.0, 1.95)], &[1.95]);
        near(&[extended(|_| true, 10.0, 10.0)], &[10.0]);
    }
}
