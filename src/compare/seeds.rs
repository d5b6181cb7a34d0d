//! Short stretches of the query that may lie somewhere in the reference: the places worth a closer look.
//!
//! Under one hypothesis all entries of the query are multiplied with all of the reference. A copy shows as a line in this
//! table, whose slope is the speed. Lines are summed over stretches of the query at a few slopes; each sum is normalised by
//! the energies of both sides, and by what the same hypothesis gives elsewhere: a small or smooth rectangle correlates with
//! everything.

use super::flips::{Parts, orientations, parts_of, products};
use super::hypotheses::Hypothesis;
use super::orientation::Orientation;
use super::result::View;
use super::track::{Cells, Track, product};
use crate::hash::motion::RATE_HZ;
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

/// Some stretches of a query under some hypotheses, ready to be looked for in many references.
pub(super) struct Sought {
    stretches: Stretches,
    /// Pairs of rectangles, and the entries of all stretches as the query's shows them.
    pairs: Vec<((View, View), Track)>,
}

impl Sought {
    /// Up to `most` stretches of a query at [`COARSE_HZ`], those in which most moves.
    pub fn new(query: &[Cells], energies: &[f32], most: usize, pairs: &[(View, View)]) -> Self {
        let stretches = Stretches::new(stretches(energies, 0..query.len(), STRETCH_S * COARSE_HZ, most));
        let track = |view| Track::new(stretches.entries.iter().map(|&entry| query[entry]), view);
        let pairs = pairs.iter().map(|&views| (views, track(views.0))).collect();
        Self { stretches, pairs }
    }

    /// The best place of each stretch in the reference, at [`COARSE_HZ`], under each hypothesis, in all orientations.
    pub fn seeds(&self, reference: &[Cells], progress: &mut dyn FnMut(f32)) -> Vec<Seed> {
        let mut found = Vec::new();
        for (done, (views, query)) in self.pairs.iter().enumerate() {
            self.seeds_under(*views, query, reference, &mut found);
            progress((done + 1) as f32 / self.pairs.len() as f32);
        }
        found
    }

    fn seeds_under(&self, views: (View, View), query: &Track, reference: &[Cells], found: &mut Vec<Seed>) {
        let reference = Track::new(reference.iter().copied(), views.1);
        let lines = Lines::for_all_speeds(&reference, self.stretches.length());
        let parts: Vec<Parts> = reference.entries.iter().map(parts_of).collect();
        let best = [Orientation::AS_IS, QUARTER].map(|orientation| {
            let query = query.oriented(orientation);
            let rows = query.entries.iter().map(|entry| {
                let entry = parts_of(entry);
                padded(parts.iter().map(|other| products(&entry, other)))
            });
            best_places(&rows.collect::<Vec<_>>(), &query.energies, &self.stretches, &lines)
        });
        for (orientation, turned, flip) in orientations() {
            let hypothesis = Hypothesis { query: views.0, reference: views.1, orientation };
            let (places, typical) = &best[usize::from(turned)][flip];
            found.extend(places.iter().map(|place| place.under(hypothesis, *typical)));
        }
    }
}

/// A picture turned by a quarter: with flips it gives the orientations that flips of the picture as it is do not.
const QUARTER: Orientation = Orientation { mirrored: false, quarters: 1 };

/// Stretches of the query, all as long, and the entries they consist of.
struct Stretches {
    /// In entries of the query.
    ranges: Vec<Range<usize>>,
    /// Those in any of them, ascending.
    entries: Vec<usize>,
}

impl Stretches {
    fn new(ranges: Vec<Range<usize>>) -> Self {
        let mut entries: Vec<usize> = ranges.iter().cloned().flatten().collect();
        entries.sort_unstable();
        entries.dedup();
        Self { ranges, entries }
    }

    fn length(&self) -> usize {
        self.ranges.first().map_or(0, Range::len)
    }

    /// The middle of each in the query, seconds, and where it lies in `entries`.
    fn iter(&self) -> impl Iterator<Item = (f64, Range<usize>)> {
        self.ranges.iter().map(|range| {
            let start = self.entries.partition_point(|&entry| entry < range.start);
            ((range.start + range.len() / 2) as f64 / COARSE_HZ as f64, start..start + range.len())
        })
    }
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

/// The best place of each stretch of the query, as it is, in the reference.
pub(super) fn places(query: &Track, stretches: Vec<Range<usize>>, reference: &Track) -> Vec<Place> {
    let stretches = Stretches::new(stretches);
    let lines = Lines::for_all_speeds(reference, stretches.length());
    let row = |&entry: &usize| padded(reference.entries.iter().map(|other| [product(&query.entries[entry], other)]));
    let rows: Vec<_> = stretches.entries.iter().map(row).collect();
    let energies: Vec<f32> = stretches.entries.iter().map(|&entry| query.energies[entry]).collect();
    let [(places, _)] = best_places(&rows, &energies, &stretches, &lines);
    places
}

/// For each of N ways to see the query: the best place of each stretch, and the root mean square of the correlation at all
/// places. `rows` and `energies` belong to the entries of the stretches.
fn best_places<const N: usize>(
    rows: &[Vec<[f32; N]>],
    energies: &[f32],
    stretches: &Stretches,
    lines: &[Lines],
) -> [(Vec<Place>, f32); N] {
    let mut best = [const { Vec::new() }; N];
    let mut squares = [0f32; N];
    let mut sums = vec![[0f32; N]; lines.first().map_or(0, |line| line.weights.len())];
    for (query_s, range) in stretches.iter() {
        let scale = 1.0 / (energies[range.clone()].iter().sum::<f32>() + ENERGY_FLOOR).sqrt();
        let mut winners = [Place { query_s, reference_s: 0.0, speed: 1.0, correlation: 0.0 }; N];
        for line in lines {
            line.sum(&rows[range.clone()], &mut sums);
            let normalised = Normalised::of(&mut sums, &line.weights, scale);
            for (way, winner) in winners.iter_mut().enumerate() {
                squares[way] += normalised.squares[way];
                let highest = normalised.highest[way];
                if highest > winner.correlation {
                    let middle = sums.iter().position(|sum| sum[way] == highest).unwrap_or(0);
                    let reference_s = middle as f64 / COARSE_HZ as f64;
                    *winner = Place { query_s, reference_s, speed: line.speed, correlation: highest };
                }
            }
        }
        best.iter_mut().zip(winners).for_each(|(best, winner)| best.push(winner));
    }
    let count = (stretches.ranges.len() * lines.len() * sums.len()).max(1) as f32;
    let mut squares = squares.into_iter();
    best.map(|places| (places, (squares.next().unwrap_or(0.0) / count).sqrt().max(1e-3)))
}

/// Sums that are normalised side by side.
const LANES: usize = 4;

/// Sums turned into correlations in place, the highest, and the sum of squares.
struct Normalised<const N: usize> {
    highest: [f32; N],
    squares: [f32; N],
}

impl<const N: usize> Normalised<N> {
    fn of(sums: &mut [[f32; N]], weights: &[f32], scale: f32) -> Self {
        let (mut highest, mut squares) = ([[0f32; N]; LANES], [[0f32; N]; LANES]);
        for (sums, weights) in sums.chunks_mut(LANES).zip(weights.chunks(LANES)) {
            for (lane, (sums, weight)) in sums.iter_mut().zip(weights).enumerate() {
                let weight = weight * scale;
                for (way, sum) in sums.iter_mut().enumerate() {
                    *sum *= weight;
                    highest[lane][way] = if *sum > highest[lane][way] { *sum } else { highest[lane][way] };
                    squares[lane][way] += *sum * *sum;
                }
            }
        }
        Self {
            highest: std::array::from_fn(|way| highest.iter().fold(0.0, |highest, lane| lane[way].max(highest))),
            squares: std::array::from_fn(|way| squares.iter().map(|lane| lane[way]).sum()),
        }
    }
}

/// Places that are summed together.
const BLOCK: usize = 4;

/// One row of the table, an entry times each of the others: with zeros before and after, in whole blocks.
fn padded<const N: usize>(products: impl ExactSizeIterator<Item = [f32; N]>) -> Vec<[f32; N]> {
    let mut row = Vec::with_capacity(products.len() + 2 * REACH + BLOCK);
    row.resize(REACH, [0.0; N]);
    row.extend(products);
    row.resize(row.len() + REACH + BLOCK, [0.0; N]);
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

    fn sum<const N: usize>(&self, rows: &[Vec<[f32; N]>], sums: &mut [[f32; N]]) {
        for (block, sums) in sums.chunks_mut(BLOCK).enumerate() {
            let mut totals = [[0f32; N]; BLOCK];
            for (row, &shift) in rows.iter().zip(&self.shifts) {
                let values = &row[shift + block * BLOCK..][..BLOCK];
                for (totals, values) in totals.iter_mut().zip(values) {
                    totals.iter_mut().zip(values).for_each(|(total, value)| *total += value);
                }
            }
            sums.copy_from_slice(&totals[..sums.len()]);
        }
    }
}
