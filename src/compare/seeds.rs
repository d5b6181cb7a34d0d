//! Short stretches of the query that may lie somewhere in the reference: the places worth a closer look.
//!
//! Under one hypothesis all entries of the query are multiplied with all of the reference. A copy shows as a line in this
//! table, whose slope is the speed. Lines are summed over stretches of the query at a few slopes; each sum is normalised by
//! the energies of both sides, and by what the same hypothesis gives elsewhere: a small or smooth rectangle correlates with
//! everything.

use super::View;
use super::hypotheses::Hypothesis;
use super::orientation::ORIENTATIONS;
use super::track::{Cells, ENTRY_CELLS, Track, product};
use crate::motion::RATE_HZ;
use std::ops::Range;

/// Entries per second in this coarse search.
pub(super) const COARSE_HZ: usize = RATE_HZ as usize / 2;
/// Length of a stretch, seconds.
pub(super) const STRETCH_S: usize = 5;
/// Energy that is taken for granted, so that two still stretches do not correlate by accident.
const ENERGY_FLOOR: f32 = 4.0;
/// Seconds of reference per second of query: with steps of 15 % the ends of a stretch are off by 0.2 s at most.
const SPEEDS: [f64; 11] = [0.497, 0.572, 0.658, 0.756, 0.870, 1.0, 1.15, 1.322, 1.521, 1.749, 2.011];
/// How far a line strays from its middle in the reference, entries: half a stretch, twice as fast.
const REACH: usize = STRETCH_S * COARSE_HZ + 2;

/// A stretch of the query, where it may lie in the reference, and under which hypothesis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed {
    pub hypothesis: Hypothesis,
    /// The middle of the stretch in the query, seconds.
    pub query_s: f64,
    /// The same moment in the reference, seconds.
    pub reference_s: f64,
    /// Seconds of reference per second of query.
    pub speed: f64,
    /// Normalised cross-correlation.
    pub correlation: f32,
    /// The same over the root mean square of what the hypothesis gives everywhere.
    pub contrast: f32,
}

/// A seed without its hypothesis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub query_s: f64,
    pub reference_s: f64,
    pub speed: f64,
    pub correlation: f32,
}

/// The best place of each stretch of the query (entries) in the reference under each hypothesis: `pairs` of rectangles, in
/// all orientations. Both at [`COARSE_HZ`], neither oriented.
pub(super) fn seeds(
    query: &[Cells],
    stretches: &[Range<usize>],
    reference: &[Cells],
    pairs: &[(View, View)],
    progress: &mut dyn FnMut(f32),
) -> Vec<Seed> {
    let mut found = Vec::new();
    let Some(length) = stretches.first().map(Range::len) else { return found };
    for (done, &(query_view, reference_view)) in pairs.iter().enumerate() {
        let (track, reference) =
            (Track::new(query.iter().copied(), query_view), Track::new(reference.iter().copied(), reference_view));
        let lines = Lines::for_all_speeds(&reference, length);
        for orientation in ORIENTATIONS {
            let oriented = track.oriented(orientation.inverse());
            let (places, typical) = best_places(&oriented, stretches, &reference, &lines);
            let hypothesis = Hypothesis { query: query_view, reference: reference_view, orientation };
            found.extend(places.into_iter().map(|place| place.under(hypothesis, typical)));
        }
        progress((done + 1) as f32 / pairs.len() as f32);
    }
    found
}

/// Stretches of `length` entries within `range`, overlapping by half; of more than `most` those in which most moves.
pub(super) fn stretches(energies: &[f32], range: Range<usize>, length: usize, most: usize) -> Vec<Range<usize>> {
    let length = length.min(range.len());
    let starts = (range.start..=range.end - length).step_by((length / 2).max(1));
    let mut all: Vec<Range<usize>> = starts.map(|start| start..start + length).collect();
    let energy = |stretch: &Range<usize>| energies[stretch.clone()].iter().sum::<f32>();
    all.sort_by(|a, b| energy(b).total_cmp(&energy(a)));
    all.truncate(most);
    all
}

impl Place {
    fn under(self, hypothesis: Hypothesis, typical: f32) -> Seed {
        let Self { query_s, reference_s, speed, correlation } = self;
        Seed { hypothesis, query_s, reference_s, speed, correlation, contrast: correlation / typical }
    }
}

/// The best place of each stretch.
pub(super) fn places(query: &Track, stretches: &[Range<usize>], reference: &Track) -> Vec<Place> {
    let Some(length) = stretches.first().map(Range::len) else { return Vec::new() };
    best_places(query, stretches, reference, &Lines::for_all_speeds(reference, length)).0
}

/// The best place of each stretch, and the root mean square of the correlation at all places.
fn best_places(query: &Track, stretches: &[Range<usize>], reference: &Track, lines: &[Lines]) -> (Vec<Place>, f32) {
    let mut table: Vec<Option<Vec<f32>>> = vec![None; query.entries.len()];
    let mut sums = vec![0f32; reference.entries.len()];
    let mut squares = 0f32;
    let mut best = Vec::new();
    for stretch in stretches {
        for (row, entry) in table[stretch.clone()].iter_mut().zip(&query.entries[stretch.clone()]) {
            row.get_or_insert_with(|| padded_products(entry, &reference.entries));
        }
        let energy = query.energies[stretch.clone()].iter().sum::<f32>() + ENERGY_FLOOR;
        let mut winner = (0f32, 1.0, 0usize);
        for line in lines {
            line.sum(&table[stretch.clone()], &mut sums);
            let normalised = Normalised::of(&mut sums, &line.weights, 1.0 / energy.sqrt());
            squares += normalised.squares;
            if normalised.highest > winner.0 {
                let middle = sums.iter().position(|&value| value == normalised.highest).unwrap_or(0);
                winner = (normalised.highest, line.speed, middle);
            }
        }
        let (correlation, speed, middle) = winner;
        let [query_s, reference_s] =
            [stretch.start + stretch.len() / 2, middle].map(|entry| entry as f64 / COARSE_HZ as f64);
        best.push(Place { query_s, reference_s, speed, correlation });
    }
    let count = (stretches.len() * lines.len() * sums.len()).max(1);
    (best, (squares / count as f32).sqrt().max(1e-3))
}

/// Sums turned into correlations in place, the highest, and the sum of squares; in lanes, so that it is quick.
struct Normalised {
    highest: f32,
    squares: f32,
}

impl Normalised {
    const LANES: usize = 8;

    fn of(sums: &mut [f32], weights: &[f32], scale: f32) -> Self {
        let (mut highest, mut squares) = ([0f32; Self::LANES], [0f32; Self::LANES]);
        for (sums, weights) in sums.chunks_mut(Self::LANES).zip(weights.chunks(Self::LANES)) {
            for (lane, (sum, weight)) in sums.iter_mut().zip(weights).enumerate() {
                *sum *= weight * scale;
                highest[lane] = if *sum > highest[lane] { *sum } else { highest[lane] };
                squares[lane] += *sum * *sum;
            }
        }
        Self { highest: highest.into_iter().fold(0.0, f32::max), squares: squares.iter().sum() }
    }
}

/// One row of the table: `entry` times each of `others`, with zeros before and after.
fn padded_products(entry: &[i16; ENTRY_CELLS], others: &[[i16; ENTRY_CELLS]]) -> Vec<f32> {
    let mut row = vec![0f32; others.len() + 2 * REACH];
    row[REACH..].iter_mut().zip(others).for_each(|(at, other)| *at = product(entry, other));
    row
}

/// Lines of one slope through the table, one for each middle in the reference.
struct Lines {
    speed: f64,
    /// Where each row is met, from the middle on, in padded rows.
    shifts: Vec<usize>,
    /// 1 over the square root of the reference's energy along each line.
    weights: Vec<f32>,
}

impl Lines {
    fn for_all_speeds(reference: &Track, length: usize) -> Vec<Self> {
        SPEEDS.iter().map(|&speed| Self::new(speed, length, reference)).collect()
    }

    fn new(speed: f64, length: usize, reference: &Track) -> Self {
        let middle = (length / 2) as f64;
        let shift = |i: usize| (REACH as f64 + (speed * (i as f64 - middle)).round()) as usize;
        let shifts: Vec<usize> = (0..length).map(shift).collect();
        let mut padded = vec![0f32; reference.energies.len() + 2 * REACH];
        padded[REACH..REACH + reference.energies.len()].copy_from_slice(&reference.energies);
        let mut energies = vec![ENERGY_FLOOR; reference.energies.len()];
        for &shift in &shifts {
            energies.iter_mut().zip(&padded[shift..]).for_each(|(sum, energy)| *sum += energy);
        }
        let weights = energies.iter().map(|energy| 1.0 / energy.sqrt()).collect();
        Self { speed, shifts, weights }
    }

    fn sum(&self, rows: &[Option<Vec<f32>>], sums: &mut [f32]) {
        sums.fill(0.0);
        for (row, &shift) in rows.iter().flatten().zip(&self.shifts) {
            sums.iter_mut().zip(&row[shift..]).for_each(|(sum, value)| *sum += value);
        }
    }
}
