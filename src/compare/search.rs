//! All stretches of the query that agree with the reference: seeds, refined and grown, the strongest first, then what they
//! leave uncovered.

use super::align::Alignment;
use super::hypotheses;
use super::orientation::Orientation;
use super::seeds::{COARSE_HZ, STRETCH_S, Searcher, Seed};
use super::segment::{Match, Pair, unpack};
use super::track::Track;
use crate::motion::RATE_HZ;
use std::ops::Range;

/// Seeds that are refined.
const SEEDS: usize = 60;
/// Refined seeds that are grown.
const GROWN: usize = 8;
/// Samples of the signature per entry of the coarse search.
const COARSE_STEP: usize = RATE_HZ as usize / COARSE_HZ;

/// The strongest match of the query, whatever was done to the picture.
pub(super) fn best_match(pair: &Pair, progress: &mut dyn FnMut(f32)) -> Option<Match> {
    let [query, reference] =
        [pair.query, pair.reference].map(|samples| unpack(samples, COARSE_STEP, Orientation::AS_IS));
    let seeds = Searcher::new(&query, &reference).seeds(&hypotheses::pairs(), &mut |done| progress(done * 0.6));
    let all = 0..pair.query.len();
    let refined = refine_distinct(pair, &choose(seeds, SEEDS));
    progress(0.8);
    let grown = refined.into_iter().filter_map(|(alignment, middle)| pair.grow(alignment, middle, &all));
    grown.max_by(|a, b| a.strength().total_cmp(&b.strength()))
}

/// The best of the refined seeds, each place once, with the middle sample of its stretch.
fn refine_distinct(pair: &Pair, seeds: &[Seed]) -> Vec<(Alignment, usize)> {
    const HALF: usize = STRETCH_S * RATE_HZ as usize / 2;
    let mut refined: Vec<(Alignment, f64, usize)> = seeds
        .iter()
        .map(|seed| {
            let middle = (seed.query_s * f64::from(RATE_HZ)) as usize;
            let range = middle.saturating_sub(HALF)..(middle + HALF).min(pair.query.len());
            let (alignment, worth) = pair.refine(&Alignment::from_seed(seed), range, HALF, 0.25..1.0);
            (alignment, worth, middle)
        })
        .collect();
    refined.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut distinct: Vec<(Alignment, usize)> = Vec::new();
    for (alignment, _, middle) in refined {
        if distinct.len() < GROWN && !distinct.iter().any(|(other, _)| alignment.is_near(other)) {
            distinct.push((alignment, middle));
        }
    }
    distinct
}

/// The most promising seeds, not too many of them alike.
fn choose(mut seeds: Vec<Seed>, count: usize) -> Vec<Seed> {
    const ALIKE: usize = 4;
    const NEAR_S: f64 = 0.5;
    let promise = |seed: &Seed| seed.correlation.max(0.0) * seed.contrast;
    seeds.sort_by(|a, b| promise(b).total_cmp(&promise(a)));
    let mut chosen: Vec<Seed> = Vec::new();
    for seed in seeds {
        let is_alike = |other: &&Seed| {
            other.hypothesis.orientation == seed.hypothesis.orientation
                && other.query_s == seed.query_s
                && (other.reference_s - seed.reference_s).abs() < NEAR_S
        };
        if chosen.len() < count && chosen.iter().filter(is_alike).count() < ALIKE {
            chosen.push(seed);
        }
    }
    chosen
}

/// Further stretches under the map of `first`: behind a jump cut, or played at another speed.
pub(super) fn further_matches(pair: &Pair, first: &Match) -> Vec<Match> {
    let Some((query_view, reference_view)) = first.alignment.shared() else { return Vec::new() };
    let orientation = first.alignment.orientation;
    let query = Track::new(&unpack(pair.query, COARSE_STEP, Orientation::AS_IS), query_view);
    let reference = Track::new(&unpack(pair.reference, COARSE_STEP, orientation), reference_view);
    let mut found: Vec<Match> = vec![first.clone()];
    let mut open: Vec<Range<usize>> = vec![0..first.range.start, first.range.end..pair.query.len()];
    while let Some(gap) = open.pop() {
        let Some(next) = best_in_gap(pair, first, &query, &reference, &gap) else { continue };
        open.extend([gap.start..next.range.start, next.range.end..gap.end]);
        found.push(next);
    }
    found.sort_by_key(|found| found.range.start);
    found
}

/// Stretches in the search for further matches, entries: 2 s.
const SHORT_STRETCH: usize = 2 * COARSE_HZ;
/// Places of a gap that are grown.
const PLACES: usize = 4;

fn best_in_gap(pair: &Pair, first: &Match, query: &Track, reference: &Track, gap: &Range<usize>) -> Option<Match> {
    let entries = gap.start.div_ceil(COARSE_STEP)..gap.end / COARSE_STEP;
    if entries.len() < SHORT_STRETCH {
        return None;
    }
    let mut seeds = super::seeds::places(query, reference, entries, SHORT_STRETCH);
    seeds.sort_by(|a, b| b.correlation.total_cmp(&a.correlation));
    let grown = seeds.into_iter().take(PLACES).filter_map(|place| {
        let alignment =
            Alignment { query_s: place.query_s, reference_s: place.reference_s, speed: place.speed, ..first.alignment };
        let middle = ((place.query_s * f64::from(RATE_HZ)) as usize).clamp(gap.start, gap.end - 1);
        pair.grow(alignment, middle, gap)
    });
    grown.max_by(|a, b| a.strength().total_cmp(&b.strength())).filter(|found| found.is_strong_beside(first))
}
