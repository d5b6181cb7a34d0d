//! From a short stretch that agrees to all of it: where agreement begins and ends, and how strong the evidence is.

use super::align::{Agreement, Alignment, Bench};
use super::hypotheses;
use super::orientation::Orientation;
use super::result::View;
use super::track::{Cells, ENTRY_CELLS, Track, cells_of, product, sources_of};
use crate::hash::motion::{RATE_HZ, STEP, Sample};
use std::ops::Range;

/// Two motion signatures; the query is the shorter.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub query: &'a [Sample],
    pub reference: &'a [Sample],
    /// Width over height of the query's picture, and of the reference's, pixels.
    pub shapes: [f64; 2],
}

/// A stretch of the query that agrees with the reference, and what speaks for it.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub alignment: Alignment,
    /// Samples of the query.
    pub range: Range<usize>,
    /// Normalised cross-correlation over the stretch.
    pub correlation: f64,
    /// How many independent moments the agreement rests on.
    pub moments: f64,
    /// The share of what moves in the query, while the reference lasts, that lies within the stretch.
    pub coverage: f64,
    /// The smaller share of the two pictures that is compared.
    pub area: f64,
    /// The highest correlation of the same stretch, under the same map, with another moment of the reference.
    pub elsewhere: f64,
}

/// Below this correlation a moment speaks against being the same.
const INDIFFERENT: f64 = 0.3;
/// So much less than the whole match a moment of it may correlate.
const MUCH_LESS: f64 = 0.2;
/// An end that moves less than this share of what agrees is not trimmed.
const MUCH_FAINTER: f64 = 0.5;
/// Motion of this energy is not counted against: a few cells that noise moves.
const FAINT: f64 = 1.5;
/// A shorter stretch is no match, samples.
const LEAST: usize = 10;
/// Other maps that are tried on a match.
const MAPS: usize = 3;
/// Samples that a refinement looks at.
const MOST_REFINED: usize = 100;

impl Match {
    /// Below this correlation a moment speaks against belonging to this match.
    pub fn indifferent(&self) -> f64 {
        INDIFFERENT.max(self.correlation - MUCH_LESS)
    }
}

impl<'a> Pair<'a> {
    /// How much wider for its height the reference's picture is than the query's, in an orientation.
    pub fn squeeze(&self, orientation: Orientation) -> f64 {
        let [query, reference] = self.shapes;
        if orientation.quarters.is_multiple_of(2) { reference / query } else { 1.0 / (reference * query) }
    }

    /// The samples of a match, not too many.
    pub fn bench_of(&self, found: &Match) -> Bench {
        self.bench(&found.alignment, found.range.clone(), MOST_REFINED, 2.0)
    }

    fn bench(&self, alignment: &Alignment, range: Range<usize>, most: usize, margin_s: f64) -> Bench {
        let step = range.len().div_ceil(most).max(1);
        Bench::new(self.query, self.reference, alignment, range, step, margin_s)
    }

    /// Refines `alignment` on `range` of the query, looking at `most` samples.
    pub fn refine(
        &self,
        alignment: &Alignment,
        range: Range<usize>,
        most: usize,
        steps: Range<f64>,
    ) -> (Alignment, f64) {
        let middle = (range.start + range.end) as f64 / 2.0 / f64::from(RATE_HZ);
        self.bench(alignment, range, most, 2.0).refine(alignment.about(middle), steps)
    }

    /// How well the motion around a moment of the query, seconds, correlates; nothing where it does not move on both sides.
    pub fn correlation_at(&self, alignment: &Alignment, seconds: f64) -> Option<f64> {
        let sample = (seconds * f64::from(RATE_HZ)).round().max(0.0) as usize;
        let around = sample.saturating_sub(STEP / 2)..(sample + STEP / 2).min(self.query.len());
        let agreement: Agreement = self.profile(alignment, around).into_iter().flatten().sum();
        let moves = agreement.query.min(agreement.reference) > FAINT * STEP as f64;
        moves.then(|| agreement.product / (agreement.query * agreement.reference).sqrt())
    }

    /// How each sample within `bounds` agrees with its moment; nothing where that lies outside the reference.
    fn profile(&self, alignment: &Alignment, bounds: Range<usize>) -> Vec<Option<Agreement>> {
        self.bench(alignment, bounds, usize::MAX, 0.0).profile(alignment)
    }

    /// Grows a refined seed around `middle` to the whole stretch that agrees within `bounds`, all samples of the query.
    pub fn grow(&self, mut alignment: Alignment, middle: usize, bounds: &Range<usize>) -> Option<Match> {
        let mut range = extent(&self.profile(&alignment, bounds.clone()), middle, bounds, against_chance)?;
        for steps in [0.12..0.5, 0.03..0.25] {
            alignment = self.refine(&alignment, range.clone(), MOST_REFINED, steps).0;
            let middle = middle.clamp(range.start, range.end - 1);
            range = extent(&self.profile(&alignment, bounds.clone()), middle, bounds, against_chance)?;
        }
        self.weigh(alignment, range)
    }

    /// The same match under the best map there is: growth may have climbed to the wrong one.
    pub fn with_best_map(&self, found: Match) -> Match {
        let bench = self.bench(&found.alignment, found.range.clone(), MOST_REFINED / 2, 2.0);
        let under =
            |&(query_view, reference_view): &(View, View)| Alignment { query_view, reference_view, ..found.alignment };
        let mut maps: Vec<(f64, Alignment)> =
            hypotheses::pairs().iter().map(under).map(|map| (bench.worth(&map), map)).collect();
        maps.sort_by(|a, b| b.0.total_cmp(&a.0));
        let middle = (found.range.start + found.range.end) / 2;
        let grown = maps[..MAPS].iter().filter_map(|&(_, map)| {
            let map = bench.refine(map, 0.1..1.0).0;
            self.grow(map, middle, &(0..self.query.len()))
        });
        grown.chain([found.clone()]).max_by(|a, b| a.strength().total_cmp(&b.strength())).unwrap_or(found)
    }

    /// The part of a match that agrees about as well as all of it: growth goes on for a while where motion is merely similar,
    /// as behind a jump cut in the same scene.
    pub fn trimmed(&self, mut found: Match) -> Match {
        const TIMES: usize = 3;
        for _ in 0..TIMES {
            let limit = found.indifferent();
            let profile = self.profile(&found.alignment, found.range.clone());
            let gain = |at: &Option<Agreement>| at.map(|at| gain(&at, limit));
            let best = best_run(profile.iter().map(|at| gain(at).unwrap_or(0.0)));
            let middle = found.range.start + (best.start + best.end) / 2;
            let Some(kept) = extent(&profile, middle, &found.range, gain) else { break };
            // Noise has a large share in what hardly moves: that it agrees less tells nothing.
            let [first, last] = [kept.start, kept.end].map(|at| at - found.range.start);
            let least = MUCH_FAINTER * mean_energy(&profile[first..last]);
            let start = if mean_energy(&profile[..first]) < least { found.range.start } else { kept.start };
            let end = if mean_energy(&profile[last..]) < least { found.range.end } else { kept.end };
            let range = start..end;
            if range == found.range {
                break;
            }
            let Some(trimmed) = self.weigh(found.alignment, range) else { break };
            found = trimmed;
        }
        found
    }

    fn weigh(&self, alignment: Alignment, range: Range<usize>) -> Option<Match> {
        let (query, reference) = alignment.shared()?;
        let all = self.profile(&alignment, 0..self.query.len());
        let inside: Vec<Agreement> = all[range.clone()].iter().flatten().copied().collect();
        let agreement: Agreement = inside.iter().copied().sum();
        let comparable: Agreement = all.into_iter().flatten().sum();
        let both: f64 = inside.iter().map(|at| (at.query * at.reference).sqrt()).sum();
        let squares: f64 = inside.iter().map(|at| at.query * at.reference).sum();
        Some(Match {
            correlation: agreement.correlation(),
            // Neighbouring entries share most of their time: a moment lasts as long as the signature's step.
            moments: both * both / squares.max(1e-9) / STEP as f64,
            coverage: agreement.query / comparable.query.max(1e-9),
            area: (query[2] * query[3]).min(reference[2] * reference[3]),
            elsewhere: self.elsewhere(&alignment, &range),
            alignment,
            range,
        })
    }

    /// The highest correlation of the same stretch, under the same map and speed, with other moments of the reference not
    /// too far away.
    fn elsewhere(&self, alignment: &Alignment, range: &Range<usize>) -> f64 {
        const MOST_ROWS: usize = 80;
        const NEAR_S: f64 = 1.5;
        // Five minutes before and after: many moments, and little work in long footage.
        const FAR: i64 = 300 * RATE_HZ as i64;
        let Some((query_view, reference_view)) = alignment.shared() else { return 0.0 };
        let step = range.len().div_ceil(MOST_ROWS).max(2);
        let near = (NEAR_S * f64::from(RATE_HZ)) as i64;
        let query = Track::new(unpack(&self.query[range.clone()], step, Orientation::AS_IS), query_view);
        let position = |sample: usize| {
            let seconds = sample as f64 / f64::from(RATE_HZ);
            (alignment.reference_time(seconds) * f64::from(RATE_HZ)).round() as i64
        };
        let sample = |position: i64| (position.max(0) as usize).min(self.reference.len());
        let around = sample(position(range.start) - FAR)..sample(position(range.end) + FAR);
        let first = around.start as i64;
        let reference = Track::new(unpack(&self.reference[around], 1, alignment.orientation), reference_view);
        let positions: Vec<i64> =
            (0..query.entries.len()).map(|row| position(range.start + row * step) - first).collect();
        let last = reference.entries.len() as i64;
        let (first_position, last_position) = (positions[0], positions[positions.len() - 1]);
        (-last_position..last - first_position)
            .step_by(2)
            .filter(|shift| shift.abs() >= near)
            .map(|shift| correlation_at(&query, &reference, &positions, shift))
            .fold(0.0, f64::max)
    }
}

/// Every `step`-th of `samples`, unpacked and oriented.
pub(super) fn unpack(samples: &[Sample], step: usize, orientation: Orientation) -> impl Iterator<Item = Cells> {
    let sources = sources_of(orientation);
    samples.iter().step_by(step).map(move |sample| cells_of(sample, &sources))
}

/// The correlation of all rows of `query` with the reference's at `positions` moved by `shift`; 0 where less than 60 % of
/// them lie inside.
fn correlation_at(query: &Track, reference: &Track, positions: &[i64], shift: i64) -> f64 {
    let inside = |position: i64| usize::try_from(position + shift).ok().filter(|&k| k < reference.entries.len());
    let rows: Vec<(usize, usize)> =
        positions.iter().enumerate().filter_map(|(row, &position)| Some((row, inside(position)?))).collect();
    if rows.len() * 5 < positions.len() * 3 {
        return 0.0;
    }
    let agreement = |&(row, other): &(usize, usize)| {
        let (a, b): (&[i16; ENTRY_CELLS], _) = (&query.entries[row], &reference.entries[other]);
        Agreement {
            product: product(a, b).into(),
            query: query.energies[row].into(),
            reference: reference.energies[other].into(),
        }
    };
    rows.iter().map(agreement).sum::<Agreement>().correlation()
}

/// The stretch around `middle` whose gain sums to the most; it ends where there is none.
fn extent(
    profile: &[Option<Agreement>],
    middle: usize,
    bounds: &Range<usize>,
    gain: impl Fn(&Option<Agreement>) -> Option<f64>,
) -> Option<Range<usize>> {
    let (before, after) = profile.split_at(middle.checked_sub(bounds.start)?.min(profile.len()));
    let start = middle - best_prefix(before.iter().rev().map(&gain));
    let end = middle + best_prefix(after.iter().map(&gain));
    (end - start >= LEAST).then_some(start..end)
}

/// How much a moment speaks for being the same, where motion that correlates by `indifferent` says nothing.
fn gain(at: &Agreement, indifferent: f64) -> f64 {
    at.product - indifferent * (energy(at) - FAINT).max(0.0)
}

/// The same, less what chance gives.
fn against_chance(at: &Option<Agreement>) -> Option<f64> {
    at.map(|at| gain(&at, INDIFFERENT))
}

/// How much moves at a moment, on both sides.
fn energy(at: &Agreement) -> f64 {
    (at.query + at.reference) / 2.0
}

fn mean_energy(profile: &[Option<Agreement>]) -> f64 {
    profile.iter().flatten().map(energy).sum::<f64>() / profile.len().max(1) as f64
}

/// The run of values whose sum is largest.
fn best_run(values: impl Iterator<Item = f64>) -> Range<usize> {
    let (mut best, mut most) = (0..0, 0.0);
    let (mut start, mut sum) = (0, 0.0);
    for (at, value) in values.enumerate() {
        if sum <= 0.0 {
            (start, sum) = (at, 0.0);
        }
        sum += value;
        if sum > most {
            (best, most) = (start..at + 1, sum);
        }
    }
    best
}

/// How many of the leading values to take so that their sum is largest; all, where that is nearly as large: a little noise
/// at the end of a clip does not end what agrees. Ends where there is no value.
fn best_prefix(gains: impl Iterator<Item = Option<f64>>) -> usize {
    const NEARLY: f64 = 0.98;
    const NOISE: f64 = 3.0;
    let (mut sum, mut best, mut length, mut all) = (0f64, 0f64, 0, 0);
    for gain in gains.map_while(|gain| gain) {
        sum += gain;
        all += 1;
        if sum >= best {
            (best, length) = (sum, all);
        }
    }
    if sum >= best * NEARLY - NOISE { all } else { length }
}
