//! When matches begin and end: motion tells it where something moves, the pictures where they can be compared.

use super::appearance::Alike;
use super::segment::{Match, Pair};
use crate::fingerprint::Fingerprint;
use crate::hash::motion::{RATE_HZ, STEP};

/// Ends are moved by this, seconds.
const STEP_S: f64 = 1.0 / RATE_HZ as f64;
/// No end is cut by more than this, seconds: motion has a say as well.
const MOST_CUT_S: f64 = 1.5;

/// Motion that correlates this well is the same, however different pictures look.
const AGREES: f64 = 0.5;

/// Start and end of each of `matches`, which are in the query's order: seconds of the query.
pub(super) fn times(pair: &Pair, matches: &[Match], query: &Fingerprint, reference: &Fingerprint) -> Vec<[f64; 2]> {
    let duration_s = query.duration_s();
    let mut times: Vec<[f64; 2]> =
        matches.iter().map(|found| by_motion(found, duration_s, reference.duration_s())).collect();
    // Neighbouring entries share most of their time, so both matches may claim what lies around a cut.
    for i in 1..times.len() {
        if times[i][0] < times[i - 1][1] {
            let middle = (times[i][0] + times[i - 1][1]) / 2.0;
            (times[i - 1][1], times[i][0]) = (middle, middle);
        }
    }
    let alike: Vec<Option<Alike>> = matches.iter().map(|found| Alike::of(found, query, reference)).collect();
    let correlation = |i: usize, at: f64| pair.correlation_at(&matches[i].alignment, at);
    for (i, alike) in alike.iter().enumerate() {
        let Some(alike) = alike else { continue };
        let agrees = |at: f64| correlation(i, at).is_some_and(|correlation| correlation >= AGREES);
        let is_other = |at: f64| if agrees(at) { Some(false) } else { alike.at(at).map(|alike| !alike) };
        let middle = (times[i][0] + times[i][1]) / 2.0;
        times[i] = times[i].map(|end| cut(is_other, end, middle));
    }
    for (i, alike) in alike.iter().enumerate() {
        let Some(alike) = alike else { continue };
        let from = if i == 0 { 0.0 } else { times[i - 1][1] };
        let to = times.get(i + 1).map_or(duration_s, |next| next[0]);
        let contradicts =
            |at: f64| correlation(i, at).is_some_and(|correlation| correlation < matches[i].indifferent());
        let continues = |at: f64| alike.at(at) == Some(true) && !contradicts(at);
        times[i] = [extended(continues, times[i][0], from), extended(continues, times[i][1], to)];
    }
    times
}

/// An entry tells of the [`STEP`] samples before it, as far as the reference has such moments.
fn by_motion(found: &Match, query_s: f64, reference_s: f64) -> [f64; 2] {
    let seconds = |samples: usize| samples as f64 / f64::from(RATE_HZ);
    let at = |reference_time: f64| found.alignment.query_time(reference_time).clamp(0.0, query_s);
    let [start, end] = [found.range.start.saturating_sub(STEP), found.range.end].map(seconds);
    [start.max(at(0.0)), end.min(at(reference_s))]
}

/// The end of a match, moved towards its `middle` behind what is known to be something other, until pictures are known to
/// be the same.
fn cut(is_other: impl Fn(f64) -> Option<bool>, end: f64, middle: f64) -> f64 {
    let inwards = (middle - end).signum() * STEP_S;
    let most = MOST_CUT_S.min((middle - end).abs());
    let (mut cut, mut looked) = (end, end);
    // Just inside of a moment: that is where its picture is.
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

/// The end of a match, moved outwards to `limit` as long as it `continues`.
fn extended(continues: impl Fn(f64) -> bool, end: f64, limit: f64) -> f64 {
    let outwards = (limit - end).signum() * STEP_S;
    let mut extended = end;
    while (limit - extended) * outwards > 0.0 && continues(extended + outwards / 2.0) {
        extended += outwards;
    }
    if (limit - extended) * outwards < 0.0 { limit } else { extended }
}
