//! Short stretches of the query that may lie somewhere in the reference: the places worth a closer look.
//!
//! Under one hypothesis all entries of the query are multiplied with all of the reference. A copy shows as a line in
//! this table, whose slope is the speed. Lines are summed over stretches of the query at a few slopes; each sum is
//! normalised by the energies of both sides, and by what the same hypothesis gives elsewhere: a small or smooth
//! rectangle correlates with everything.

use super::flips::{FLIPS, PRODUCT_UNIT, Parts, flipped, orientations, part_products, parts_of};
use super::hypotheses::{Hypothesis, WHOLE};
use super::orientation::Orientation;
use super::result::View;
use super::track::{Cells, ENERGY_FLOOR, ENTRY_CELLS, Track};
use crate::hash::motion::RATE_HZ;
use crate::ranked::highest_first;
use std::ops::Range;
use wide::i32x4;

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
const BLOCK: usize = 8;

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
    /// Up to `most` stretches of a query at [`COARSE_HZ`], those in which most moves; every `step`-th entry of each.
    pub fn new(query: &[Cells], energies: &[f32], most: usize, step: usize, view_pairs: &[(View, View)]) -> Self {
        let stretches = Stretches::new(stretches(energies, 0..query.len(), STRETCH_S * COARSE_HZ, most), step);
        let track = |view| Track::new(stretches.entries.iter().map(|&entry| query[entry]), view);
        let tracks = view_pairs.iter().map(|&views| (views, track(views.0))).collect();
        Self { stretches, tracks }
    }

    /// The best place of each stretch in the reference, at [`COARSE_HZ`], under each hypothesis, in all orientations.
    pub fn seeds(&self, reference: &[Cells], progress: &mut dyn FnMut(f32)) -> Vec<Seed> {
        let (mut found, mut table) = (Vec::new(), Table::default());
        let seen = |view| Seen::new(&Track::new(reference.iter().copied(), view), &self.stretches);
        // Half of all hypotheses look for a part of the query in all of the reference.
        let whole = seen(WHOLE);
        for (done, (views, query)) in self.tracks.iter().enumerate() {
            let part = (views.1 != WHOLE).then(|| seen(views.1));
            self.seeds_under(*views, query, part.as_ref().unwrap_or(&whole), &mut table, &mut found);
            progress((done + 1) as f32 / self.tracks.len() as f32);
        }
        found
    }

    fn seeds_under(
        &self,
        views: (View, View),
        query: &Track,
        reference: &Seen,
        table: &mut Table,
        found: &mut Vec<Seed>,
    ) {
        let best = [Orientation::AS_IS, QUARTER].map(|orientation| {
            table.rows.fill(&query.oriented(orientation).entries, &reference.parts);
            best_places(table, &query.energies, &self.stretches, &reference.lines)
        });
        for (orientation, turned, flip) in orientations() {
            let hypothesis = Hypothesis { query: views.0, reference: views.1, orientation };
            let (places, typical) = &best[usize::from(turned)][flip];
            found.extend(places.iter().map(|place| place.under(hypothesis, *typical)));
        }
    }
}

/// A reference inside one view, ready for stretches of a query to be looked for in it.
struct Seen {
    parts: Vec<Parts>,
    lines: Vec<Lines>,
}

impl Seen {
    fn new(reference: &Track, stretches: &Stretches) -> Self {
        Self {
            parts: reference.entries.iter().map(parts_of).collect(),
            lines: Lines::for_all_speeds(reference, stretches),
        }
    }
}

/// A picture turned by a quarter: with flips it gives the orientations that flips of the picture as it is do not.
pub(super) const QUARTER: Orientation = Orientation { mirrored: false, quarters: 1 };

/// Stretches of the query, all as long, and the entries they consist of.
struct Stretches {
    /// In entries of the query.
    ranges: Vec<Range<usize>>,
    /// One in so many entries is looked at.
    step: usize,
    /// Those of any of them, ascending.
    entries: Vec<usize>,
}

impl Stretches {
    fn new(ranges: Vec<Range<usize>>, step: usize) -> Self {
        let entries = ranges.iter().cloned().flat_map(|range| range.step_by(step)).collect();
        let mut entries: Vec<usize> = highest_first(entries, |entry| -(*entry as f64));
        entries.dedup();
        Self { ranges, step, entries }
    }

    /// Entries of each.
    fn length(&self) -> usize {
        self.ranges.first().map_or(0, Range::len)
    }

    /// For each, its middle in the query, seconds, and where it lies in `entries`.
    fn iter(&self) -> impl Iterator<Item = (f64, Range<usize>)> {
        self.ranges.iter().map(|range| {
            let start = self.entries.partition_point(|&entry| entry < range.start);
            ((range.start + range.len() / 2) as f64 / COARSE_HZ as f64, start..start + range.len().div_ceil(self.step))
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
    let all = Stretches::new(stretches, 1);
    let seen = Seen::new(reference, &all);
    let mut table = Table::default();
    // One by one: the table of all takes too much memory where the reference is long.
    let best_of = |range: &Range<usize>| {
        table.rows.fill(&query.entries[range.clone()], &seen.parts);
        let alone = Stretches::new(vec![range.clone()], 1);
        let [(places, _), ..] = best_places(&mut table, &query.energies[range.clone()], &alone, &seen.lines);
        places
    };
    all.ranges.iter().flat_map(best_of).collect()
}

/// Under each flip of the query: the best place of each stretch, and the root mean square of the correlation at all
/// places. The rows of `table` and `energies` belong to the entries of the stretches.
fn best_places(
    table: &mut Table,
    energies: &[f32],
    stretches: &Stretches,
    lines: &[Lines],
) -> [(Vec<Place>, f32); FLIPS] {
    let mut best = [const { Vec::new() }; FLIPS];
    let mut squares = [0f32; FLIPS];
    let count = lines.first().map_or(0, |line| line.weights.len());
    let Table { rows, pairs, sums, correlations } = table;
    sums.resize(count.next_multiple_of(BLOCK), i32x4::default());
    correlations.resize(count, [0.0; FLIPS]);
    for (query_s, range) in stretches.iter() {
        let scale = PRODUCT_UNIT / (energies[range.clone()].iter().sum::<f32>() + ENERGY_FLOOR).sqrt();
        let mut winners = [Place { query_s, reference_s: 0.0, speed: 1.0, correlation: 0.0 }; FLIPS];
        pairs.fill(rows, &range, lines);
        for line in lines {
            add_up(&line.met(rows, &range, pairs), sums);
            let normalised = Normalised::of(sums, &line.weights, scale, correlations);
            for (way, winner) in winners.iter_mut().enumerate() {
                squares[way] += normalised.squares[way];
                let highest = normalised.highest[way];
                if highest > winner.correlation {
                    let middle = correlations.iter().position(|at| at[way] == highest).unwrap_or(0);
                    let reference_s = middle as f64 / COARSE_HZ as f64;
                    *winner = Place { query_s, reference_s, speed: line.speed, correlation: highest };
                }
            }
        }
        best.iter_mut().zip(winners).for_each(|(best, winner)| best.push(winner));
    }
    let count = (stretches.ranges.len() * lines.len() * count).max(1) as f32;
    let mut squares = squares.into_iter();
    best.map(|places| (places, (squares.next().unwrap_or(0.0) / count).sqrt().max(LEAST_TYPICAL)))
}

/// The highest of some correlations, and the sum of their squares, under each flip.
struct Normalised {
    highest: [f32; FLIPS],
    squares: [f32; FLIPS],
}

impl Normalised {
    /// Turns `sums` into `correlations`.
    fn of(sums: &[i32x4], weights: &[f32], scale: f32, correlations: &mut [[f32; FLIPS]]) -> Self {
        let (mut highest, mut squares) = ([[0f32; FLIPS]; LANES], [[0f32; FLIPS]; LANES]);
        let of_lanes = sums.chunks(LANES).zip(weights.chunks(LANES)).zip(correlations.chunks_mut(LANES));
        for ((sums, weights), correlations) in of_lanes {
            for (lane, ((sums, weight), correlations)) in sums.iter().zip(weights).zip(correlations).enumerate() {
                let weight = weight * scale;
                *correlations = flipped(*sums).map(|sum| sum * weight);
                for (way, &correlation) in correlations.iter().enumerate() {
                    highest[lane][way] =
                        if correlation > highest[lane][way] { correlation } else { highest[lane][way] };
                    squares[lane][way] += correlation * correlation;
                }
            }
        }
        Self {
            highest: std::array::from_fn(|way| highest.iter().fold(0.0, |highest, lane| lane[way].max(highest))),
            squares: std::array::from_fn(|way| squares.iter().map(|lane| lane[way]).sum()),
        }
    }
}

/// The table, and room for what is made of it: kept from one hypothesis to the next.
#[derive(Default)]
struct Table {
    rows: Rows,
    pairs: Pairs,
    /// Along the lines of one slope, one for each middle in the reference, in whole blocks.
    sums: Vec<i32x4>,
    /// Of each of these lines, under each flip.
    correlations: Vec<[f32; FLIPS]>,
}

/// The products of each entry of a query with each of a reference, with zeros before and after.
#[derive(Default)]
struct Rows {
    /// Row by row.
    products: Vec<i32x4>,
    /// The length of a row.
    width: usize,
}

impl Rows {
    fn fill(&mut self, query: &[[i16; ENTRY_CELLS]], reference: &[Parts]) {
        self.width = reference.len() + 2 * REACH + BLOCK;
        self.products.resize(query.len() * self.width, i32x4::default());
        for (row, entry) in self.products.chunks_exact_mut(self.width).zip(query) {
            let entry = parts_of(entry);
            row[..REACH].fill(i32x4::default());
            row[REACH + reference.len()..].fill(i32x4::default());
            row[REACH..].iter_mut().zip(reference).for_each(|(product, other)| *product = part_products(&entry, other));
        }
    }

    fn row(&self, at: usize) -> &[i32x4] {
        &self.products[at * self.width..][..self.width]
    }
}

/// Sums of two rows of the table that follow each other in a stretch, the second moved by as much as some line moves from
/// the one to the next: most lines share theirs with others, so half of their sums are made once.
#[derive(Default)]
struct Pairs {
    /// For each pair of rows, for each distance.
    sums: Vec<i32x4>,
    /// One more than the longest distance.
    distances: usize,
    width: usize,
}

impl Pairs {
    fn fill(&mut self, rows: &Rows, range: &Range<usize>, lines: &[Lines]) {
        let count = range.len() / 2;
        let distance = |line: &Lines, pair: usize| line.shifts[2 * pair + 1] - line.shifts[2 * pair];
        let all = lines.iter().flat_map(|line| (0..count).map(move |pair| distance(line, pair)));
        self.distances = all.max().map_or(0, |longest| longest + 1);
        self.width = rows.width;
        self.sums.resize(count * self.distances * self.width, i32x4::default());
        for (at, sums) in self.sums.chunks_exact_mut(self.width).enumerate() {
            let (pair, moved) = (at / self.distances, at % self.distances);
            if lines.iter().any(|line| distance(line, pair) == moved) {
                let [first, second] = [0, 1].map(|i| rows.row(range.start + 2 * pair + i));
                // The last sums of a row are no line's.
                sums.iter_mut().zip(first.iter().zip(&second[moved..])).for_each(|(sum, (a, b))| *sum = *a + *b);
            }
        }
    }

    fn row(&self, pair: usize, moved: usize) -> &[i32x4] {
        &self.sums[(pair * self.distances + moved) * self.width..][..self.width]
    }
}

/// Adds up rows of the table, or of pairs, from their starts on.
fn add_up(rows: &[&[i32x4]], sums: &mut [i32x4]) {
    for (block, sums) in sums.chunks_exact_mut(BLOCK).enumerate() {
        let mut totals = [i32x4::default(); BLOCK];
        for row in rows {
            let values = &row[block * BLOCK..][..BLOCK];
            totals.iter_mut().zip(values).for_each(|(total, value)| *total += *value);
        }
        sums.copy_from_slice(&totals);
    }
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
    fn for_all_speeds(reference: &Track, stretches: &Stretches) -> Vec<Self> {
        SPEEDS.iter().map(|&speed| Self::new(speed, stretches, reference)).collect()
    }

    fn new(speed: f64, stretches: &Stretches, reference: &Track) -> Self {
        let middle = (stretches.length() / 2) as f64;
        let shift = |i: usize| (REACH as f64 + (speed * (i as f64 - middle)).round()) as usize;
        let shifts: Vec<usize> = (0..stretches.length()).step_by(stretches.step).map(shift).collect();
        let mut padded = vec![0f32; reference.energies.len() + 2 * REACH];
        padded[REACH..REACH + reference.energies.len()].copy_from_slice(&reference.energies);
        let mut energies = vec![ENERGY_FLOOR; reference.energies.len()];
        for &shift in &shifts {
            energies.iter_mut().zip(&padded[shift..]).for_each(|(sum, energy)| *sum += energy);
        }
        let weights = energies.iter().map(|energy| 1.0 / energy.sqrt()).collect();
        Self { speed, shifts, weights }
    }

    /// The rows of the table that add up to the lines of a stretch, from where the first line meets them on.
    fn met<'a>(&self, rows: &'a Rows, range: &Range<usize>, pairs: &'a Pairs) -> Vec<&'a [i32x4]> {
        let pair = |(pair, shifts): (usize, &[usize])| &pairs.row(pair, shifts[1] - shifts[0])[shifts[0]..];
        let in_pairs = self.shifts.chunks_exact(2).enumerate().map(pair);
        let last = self.shifts.chunks_exact(2).remainder().first();
        in_pairs.chain(last.map(|&shift| &rows.row(range.end - 1)[shift..])).collect()
    }
}

#[cfg(test)]
mod tests {
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
        for step in [1, 2] {
            let search = SeedSearch::new(&query, &[1.0; 25], 12, step, &[(WHOLE, WHOLE)]);
            let mut told = 0.0;
            let seeds = search.seeds(&reference, &mut |done| told = done);
            assert_eq!((seeds.len(), told), (8, 1.0));
            let best = seeds.iter().max_by(|a, b| a.score().total_cmp(&b.score())).unwrap();
            assert_eq!((best.hypothesis.orientation, best.speed), (mirrored, 1.0));
            assert!((best.reference_s - best.query_s - 4.0).abs() < 1e-9 && best.correlation > 0.9, "{best:?}");
            assert!(best.contrast > 2.0 && (best.score() - best.correlation * best.contrast).abs() < 1e-6);
        }
    }

    #[test]
    fn the_typical_correlation_is_never_too_small_to_divide_by() {
        let still = Track::new([[0.0; CELLS * CELLS]; 25], WHOLE);
        let stretches = Stretches::new(only(0..25), 1);
        let lines = Lines::for_all_speeds(&still, &stretches);
        let mut table = Table::default();
        table.rows.fill(&still.entries, &Seen::new(&still, &stretches).parts);
        let best = best_places(&mut table, &still.energies, &stretches, &lines);
        assert!(best.iter().all(|(_, typical)| *typical == LEAST_TYPICAL));
    }
}
