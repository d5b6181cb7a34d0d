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

/// Looks for the query in the reference; both at [`COARSE_HZ`], neither oriented.
pub(super) struct Searcher<'a> {
    query: &'a [Cells],
    reference: &'a [Cells],
}

impl<'a> Searcher<'a> {
    pub fn new(query: &'a [Cells], reference: &'a [Cells]) -> Self {
        Self { query, reference }
    }

    /// The best place of each stretch under each hypothesis: `pairs` of rectangles, in all orientations.
    pub fn seeds(&self, pairs: &[(View, View)], progress: &mut dyn FnMut(f32)) -> Vec<Seed> {
        let mut found = Vec::new();
        for (done, &(query_view, reference_view)) in pairs.iter().enumerate() {
            let query = Track::new(self.query, query_view);
            let reference = Track::new(self.reference, reference_view);
            let lines = Lines::for_all_speeds(&reference, stretch_within(query.entries.len()));
            for orientation in ORIENTATIONS {
                let oriented = query.oriented(orientation.inverse());
                let (places, typical) = best_places(&oriented, &reference, 0..oriented.entries.len(), &lines);
                let hypothesis = Hypothesis { query: query_view, reference: reference_view, orientation };
                found.extend(places.into_iter().map(|place| place.under(hypothesis, typical)));
            }
            progress((done + 1) as f32 / pairs.len() as f32);
        }
        found
    }
}

impl Place {
    fn under(self, hypothesis: Hypothesis, typical: f32) -> Seed {
        let Self { query_s, reference_s, speed, correlation } = self;
        Seed { hypothesis, query_s, reference_s, speed, correlation, contrast: correlation / typical }
    }
}

/// The best place of each stretch of `length` entries within `range` of the query.
pub(super) fn places(query: &Track, reference: &Track, range: Range<usize>, length: usize) -> Vec<Place> {
    best_places(query, reference, range, &Lines::for_all_speeds(reference, length)).0
}

/// A short query is one stretch.
fn stretch_within(entries: usize) -> usize {
    (STRETCH_S * COARSE_HZ).min(entries)
}

/// The best place of each stretch, and the root mean square of the correlation at all places.
fn best_places(query: &Track, reference: &Track, range: Range<usize>, lines: &[Lines]) -> (Vec<Place>, f32) {
    let length = lines[0].shifts.len();
    let table: Vec<Vec<f32>> =
        query.entries[range.clone()].iter().map(|entry| padded_products(entry, &reference.entries)).collect();
    let mut sums = vec![0f32; reference.entries.len()];
    let (mut squares, mut count) = (0f32, 0usize);
    let mut best = Vec::new();
    // Stretches overlap by half.
    for start in (0..=table.len().saturating_sub(length)).step_by((length / 2).max(1)) {
        let rows = &table[start..(start + length).min(table.len())];
        let from = range.start + start;
        let energy = query.energies[from..from + rows.len()].iter().sum::<f32>() + ENERGY_FLOOR;
        let mut winner = (0f32, 1.0, 0usize);
        for line in lines {
            line.sum(rows, &mut sums);
            for (middle, (&sum, &other)) in sums.iter().zip(&line.energies).enumerate() {
                let correlation = sum / (energy * other).sqrt();
                squares += correlation * correlation;
                if correlation > winner.0 {
                    winner = (correlation, line.speed, middle);
                }
            }
            count += sums.len();
        }
        let (correlation, speed, middle) = winner;
        let [query_s, reference_s] = [from + length / 2, middle].map(|entry| entry as f64 / COARSE_HZ as f64);
        best.push(Place { query_s, reference_s, speed, correlation });
    }
    (best, (squares / count.max(1) as f32).sqrt().max(1e-3))
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
    /// The reference's energy along each line.
    energies: Vec<f32>,
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
        Self { speed, shifts, energies }
    }

    fn sum(&self, rows: &[Vec<f32>], sums: &mut [f32]) {
        sums.fill(0.0);
        for (row, &shift) in rows.iter().zip(&self.shifts) {
            sums.iter_mut().zip(&row[shift..]).for_each(|(sum, value)| *sum += value);
        }
    }
}
