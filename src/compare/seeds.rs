//! Short stretches of the query that may lie somewhere in the reference: the places worth a closer look.
//!
//! Under one hypothesis all entries of the query are multiplied with all of the reference. A copy shows as a line in
//! this table, whose slope is the speed. Lines are summed over stretches of the query at a few slopes; each sum is
//! normalised by the energies of both sides, and by what the same hypothesis gives elsewhere: a small or smooth
//! rectangle correlates with everything.

use super::flips::{Parts, orientations, parts_of, products};
use super::hypotheses::Hypothesis;
use super::orientation::Orientation;
use super::ranked::highest_first;
use super::result::View;
use super::track::{Cells, ENERGY_FLOOR, Track, product};
use crate::hash::motion::RATE_HZ;
use std::ops::Range;

/// Entries per second in this coarse search: every second sample. Source: docs/motion.md, "Why 10 per second", measured
/// what 5 a second lose; refinement sees all.
pub(super) const COARSE_HZ: usize = RATE_HZ as usize / 2;
/// Samples of a signature per entry. Derived.
pub(super) const COARSE_STEP: usize = RATE_HZ as usize / COARSE_HZ;
/// Length of a stretch, seconds. Source: docs/motion.md, "Length decides": 5 s are found in 0.91 of the pieces, 3 s in
/// 0.70.
pub(super) const STRETCH_S: usize = 5;
/// Seconds of reference per second of query: powers of 1.15. Derived, but for the 15 %, which are by
/// trial: with half a step of error, the ends of a stretch are off
/// by 0.075 x 2.5 s, less than an entry.
pub(super) const SPEEDS: [f64; 11] = [0.497, 0.572, 0.658, 0.756, 0.870, 1.0, 1.15, 1.322, 1.521, 1.749, 2.011];
/// How far a line strays from its middle in the reference, entries. Derived: half a stretch at the highest speed, and 2
/// for rounding.
const REACH: usize = STRETCH_S * COARSE_HZ + 2;

/// The least root mean square that correlations are divided by: Chosen: below it nothing moves.
const LEAST_TYPICAL: f32 = 1e-3;
/// Sums that are normalised side by side. Chosen for speed; the order of sums, and so their last digits, depend on it.
const LANES: usize = 4;
/// Places that are summed together. Chosen for speed; no result depends on it.
const BLOCK: usize = 4;

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
    /// Normalised cross-correlation, 0..=1.
    pub correlation: f32,
    /// The same over the root mean square of what the hypothesis gives everywhere.
    pub contrast: f32,
}

impl Seed {
    /// How promising a closer look is; comparable between hypotheses.
    pub fn score(&self) -> f32 {
        self.correlation.max(0.0) * self.contrast
    }
}

/// A seed without its hypothesis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The middle of the stretch in the query, seconds.
    pub query_s: f64,
    /// The same moment in the reference, seconds.
    pub reference_s: f64,
    /// Seconds of reference per second of query.
    pub speed: f64,
    /// Normalised cross-correlation, 0..=1.
    pub correlation: f32,
}

/// Some stretches of a query under some hypotheses, ready to be looked for in many references.
pub(super) struct SeedSearch {
    stretches: Stretches,
    /// Views of query and reference, and the entries of all stretches as the query's view shows them.
    tracks: Vec<((View, View), Track)>,
}

impl SeedSearch {
    /// Up to `most` stretches of a query at [`COARSE_HZ`], those in which most moves.
    pub fn new(query: &[Cells], energies: &[f32], most: usize, view_pairs: &[(View, View)]) -> Self {
        let stretches = Stretches::new(stretches(energies, 0..query.len(), STRETCH_S * COARSE_HZ, most));
        let track = |view| Track::new(stretches.entries.iter().map(|&entry| query[entry]), view);
        let tracks = view_pairs.iter().map(|&views| (views, track(views.0))).collect();
        Self { stretches, tracks }
    }

    /// The best place of each stretch in the reference, at [`COARSE_HZ`], under each hypothesis, in all orientations.
    pub fn seeds(&self, reference: &[Cells], progress: &mut dyn FnMut(f32)) -> Vec<Seed> {
        let mut found = Vec::new();
        for (done, (views, query)) in self.tracks.iter().enumerate() {
            self.seeds_under(*views, query, reference, &mut found);
            progress((done + 1) as f32 / self.tracks.len() as f32);
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
pub(super) const QUARTER: Orientation = Orientation { mirrored: false, quarters: 1 };

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

    /// For each, its middle in the query, seconds, and where it lies in `entries`.
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
    let all: Vec<Range<usize>> = starts.map(|start| start..start + length).collect();
    let energy = |stretch: &Range<usize>| f64::from(energies[stretch.clone()].iter().sum::<f32>());
    let mut all = highest_first(all, energy);
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

/// For each of N ways to see the query: the best place of each stretch, and the root mean square of the correlation at
/// all places. `rows` and `energies` belong to the entries of the stretches.
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
    best.map(|places| (places, (squares.next().unwrap_or(0.0) / count).sqrt().max(LEAST_TYPICAL)))
}

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

#[cfg(test)]
mod tests {
    use super::super::hypotheses::WHOLE;
    use super::*;
    use crate::picture::shrink::CELLS;

    /// Cells in which a block of 4 x 4 moves up or down at a place that looks random; another one for each moment.
    fn moment(number: usize) -> Cells {
        let mut cells = [0.0; CELLS * CELLS];
        let (x, y) = (number * 7 % 13, number * 5 % 11);
        for i in 0..16 {
            cells[(y + i / 4) * CELLS + x + i % 4] = if (number * number).is_multiple_of(3) { 1.0 } else { -1.0 };
        }
        cells
    }

    fn only(range: Range<usize>) -> Vec<Range<usize>> {
        vec![range]
    }

    fn track(moments: impl Iterator<Item = usize>) -> Track {
        Track::new(moments.map(moment), WHOLE)
    }

    #[test]
    fn speeds_are_powers_of_fifteen_per_cent_and_stay_within_reach() {
        for (i, speed) in SPEEDS.into_iter().enumerate() {
            assert!((speed / 1.15f64.powi(i as i32 - 5) - 1.0).abs() < 0.001, "{speed}");
            let (half, middle) = ((STRETCH_S * COARSE_HZ) as f64 / 2.0, REACH as f64);
            assert!((half.ceil() * speed).round() <= middle, "{speed}");
        }
    }

    #[test]
    fn stretches_overlap_by_half_and_those_in_which_most_moves_are_kept() {
        let mut energies = [1.0; 30];
        energies[20..26].fill(9.0);
        let all = stretches(&energies, 0..30, 10, 99);
        assert_eq!(all.len(), 5);
        assert_eq!(stretches(&energies, 0..30, 10, 2), [20..30, 15..25]);
        // A short range is one stretch.
        assert_eq!(stretches(&energies, 3..7, 10, 9), only(3..7));
    }

    #[test]
    fn a_copy_is_a_line_at_its_speed() {
        let reference = track(0..90);
        for (speed, step) in [(1.0, 1), (2.011, 2)] {
            let query = track((0..25).map(|k| 30 + k * step));
            let [place] = places(&query, only(0..25), &reference)[..] else { panic!() };
            assert_eq!((place.speed, place.query_s), (speed, 2.4));
            assert!(place.correlation > 0.9, "{place:?}");
            assert!((place.reference_s - (30 + 12 * step) as f64 / 5.0).abs() < 0.21, "{place:?}");
        }
    }

    #[test]
    fn what_does_not_move_has_no_place() {
        let still = Track::new([[0.0; CELLS * CELLS]; 25], WHOLE);
        let [place] = places(&still, only(0..25), &track(0..60))[..] else { panic!() };
        assert_eq!(place.correlation, 0.0);
    }

    #[test]
    fn seeds_say_the_orientation_and_how_far_they_stand_out() {
        let mirrored = Orientation { mirrored: true, quarters: 0 };
        let reference: Vec<Cells> = (0..60).map(moment).collect();
        let sources = mirrored.sources::<CELLS, { CELLS * CELLS }>();
        let query: Vec<Cells> = reference[20..45].iter().map(|cells| sources.map(|at| cells[at])).collect();
        let search = SeedSearch::new(&query, &[1.0; 25], 12, &[(WHOLE, WHOLE)]);
        let mut told = 0.0;
        let seeds = search.seeds(&reference, &mut |done| told = done);
        assert_eq!((seeds.len(), told), (8, 1.0));
        let best = seeds.iter().max_by(|a, b| a.score().total_cmp(&b.score())).unwrap();
        assert_eq!((best.hypothesis.orientation, best.speed), (mirrored, 1.0));
        assert!((best.reference_s - best.query_s - 4.0).abs() < 1e-9 && best.correlation > 0.9, "{best:?}");
        assert!(best.contrast > 2.0 && (best.score() - best.correlation * best.contrast).abs() < 1e-6);
    }

    #[test]
    fn the_typical_correlation_is_never_too_small_to_divide_by() {
        let still = Track::new([[0.0; CELLS * CELLS]; 25], WHOLE);
        let stretches = Stretches::new(only(0..25));
        let lines = Lines::for_all_speeds(&still, 25);
        let rows: Vec<_> = (0..25).map(|_| padded([[0f32]; 25].into_iter())).collect();
        let [(_, typical)] = best_places(&rows, &still.energies, &stretches, &lines);
        assert_eq!(typical, LEAST_TYPICAL);
    }
}
