//! Places over the whole overlap of both signatures, at every offset, under the likeliest maps: finds what agrees a
//! little all the time, and not in the few stretches in which most moves.

use super::flips::{FLIPS, PRODUCT_UNIT, Parts, flipped, orientations, part_products, parts_of};
use super::hypotheses::Hypothesis;
use super::line::ENERGY_PRODUCT_FLOOR;
use super::orientation::Orientation;
use super::result::View;
use super::seeds::{COARSE_HZ, QUARTER, SPEEDS, Seed};
use super::track::{Cells, ENTRY_CELLS, Track};

/// The least overlap, entries: 2 s. By trial.
const LEAST_OVERLAP: usize = 2 * COARSE_HZ;
/// Places of each map, orientation and speed. Bounds work.
const PLACES: usize = 2;
/// Places at most this far apart are one, entries. By trial.
const SAME_PLACE: usize = 3;
/// The least spread of the null, as the statistic is scaled: 64 cells, about 3 entries of each moment. Derived: the
/// root of 3 / 64.
const LEAST_SPREAD: f64 = 0.22;
/// The standard deviation of a Gaussian over its mean absolute value. Derived: the root of pi / 2.
const SPREAD_OF_MEAN_DEVIATION: f64 = 1.2533;

/// The best places under each of `view_pairs`, in all orientations and at all speeds, of cells at [`COARSE_HZ`].
///
/// The contrast of a seed is how many standard deviations it lies above all other offsets under the same map and speed.
pub(super) fn overlap_seeds(query: &[Cells], reference: &[Cells], view_pairs: &[(View, View)]) -> Vec<Seed> {
    view_pairs.iter().flat_map(|&views| seeds_under(views, query, reference)).collect()
}

fn seeds_under((query_view, reference_view): (View, View), query: &[Cells], reference: &[Cells]) -> Vec<Seed> {
    let query = Track::new(query.iter().copied(), query_view);
    let reference = Track::new(reference.iter().copied(), reference_view);
    let parts: Vec<Parts> = reference.entries.iter().map(parts_of).collect();
    let tables = [Orientation::AS_IS, QUARTER].map(|orientation| {
        let row = |entry: &[i16; ENTRY_CELLS]| {
            let entry = parts_of(entry);
            parts.iter().map(|other| flipped(part_products(&entry, other)).map(|sum| sum * PRODUCT_UNIT)).collect()
        };
        query.oriented(orientation).entries.iter().map(row).collect::<Vec<Vec<_>>>()
    });
    let mut found = Vec::new();
    for speed in SPEEDS {
        let Some(diagonals) = Diagonals::new(speed, &query.energies, &reference.energies) else { continue };
        let sums = tables.each_ref().map(|table| diagonals.sums(table));
        for (orientation, turned, flip) in orientations() {
            let hypothesis = Hypothesis { query: query_view, reference: reference_view, orientation };
            let statistics = diagonals.statistics(&sums[usize::from(turned)], flip);
            found.extend(diagonals.best_of(&statistics, hypothesis));
        }
    }
    found
}

/// The lines of one slope through the table of products, one for each offset at which the overlap is long enough.
struct Diagonals {
    speed: f64,
    /// Where the first entry of the query lies in the reference, at the first offset, entries.
    first: i64,
    /// Entries of the query, and of the reference.
    lengths: [usize; 2],
    /// One over the root of the sum of the products of both energies along each.
    weights: Vec<f32>,
}

impl Diagonals {
    /// `None` if there is no offset with enough overlap.
    fn new(speed: f64, query: &[f32], reference: &[f32]) -> Option<Self> {
        let lengths = [query.len(), reference.len()];
        let least = (LEAST_OVERLAP.min(lengths[0].checked_sub(1)?) as f64 * speed) as i64;
        let first = least - (speed * (lengths[0] - 1) as f64) as i64;
        let count = usize::try_from(lengths[1] as i64 - least - first).ok().filter(|&count| count > 0)?;
        let mut all = Self { speed, first, lengths, weights: vec![ENERGY_PRODUCT_FLOOR as f32; count] };
        let mut energies = std::mem::take(&mut all.weights);
        for (k, energy) in query.iter().enumerate() {
            let (lines, from) = all.crossing(k, count);
            energies[lines.clone()].iter_mut().zip(&reference[from..]).for_each(|(sum, other)| *sum += energy * other);
        }
        all.weights = energies.iter().map(|energy| 1.0 / energy.sqrt()).collect();
        Some(all)
    }

    /// Which of `count` lines meet row `k` inside the table, and where the first of them does.
    fn crossing(&self, k: usize, count: usize) -> (std::ops::Range<usize>, usize) {
        let at = self.first + (self.speed * k as f64).round() as i64;
        let bound = |line: i64| line.clamp(0, count as i64) as usize;
        let lines = bound(-at)..bound(self.lengths[1] as i64 - at);
        let from = usize::try_from(at + lines.start as i64).unwrap_or(0).min(self.lengths[1]);
        (lines, from)
    }

    /// The sum of the products along each line, under each flip.
    fn sums(&self, table: &[Vec<[f32; FLIPS]>]) -> Vec<[f32; FLIPS]> {
        let mut sums = vec![[0f32; FLIPS]; self.weights.len()];
        for (k, row) in table.iter().enumerate() {
            let (lines, from) = self.crossing(k, sums.len());
            for (sum, products) in sums[lines].iter_mut().zip(&row[from..]) {
                sum.iter_mut().zip(products).for_each(|(sum, product)| *sum += product);
            }
        }
        sums
    }

    fn statistics(&self, sums: &[[f32; FLIPS]], flip: usize) -> Vec<f64> {
        sums.iter().zip(&self.weights).map(|(sum, weight)| f64::from(sum[flip] * weight)).collect()
    }

    /// The lines with the highest statistics, not too near to each other.
    fn best_of(&self, statistics: &[f64], hypothesis: Hypothesis) -> Vec<Seed> {
        let count = statistics.len() as f64;
        let mean = statistics.iter().sum::<f64>() / count;
        let deviation = statistics.iter().map(|value| (value - mean).abs()).sum::<f64>() / count;
        let spread = (deviation * SPREAD_OF_MEAN_DEVIATION).max(LEAST_SPREAD);
        let mut chosen: Vec<usize> = Vec::new();
        for _ in 0..PLACES {
            let open =
                (0..statistics.len()).filter(|line| chosen.iter().all(|other| other.abs_diff(*line) > SAME_PLACE));
            chosen.extend(open.max_by(|a, b| statistics[*a].total_cmp(&statistics[*b])));
        }
        let seed = |line: usize| {
            let offset = (self.first + line as i64) as f64;
            // The rows of the query that lie in the reference, and their middle.
            let [start, end] =
                [0.0, self.lengths[1] as f64].map(|at| ((at - offset) / self.speed).clamp(0.0, self.lengths[0] as f64));
            let middle = (start + end) / 2.0;
            Seed {
                hypothesis,
                query_s: middle / COARSE_HZ as f64,
                reference_s: (offset + self.speed * middle) / COARSE_HZ as f64,
                speed: self.speed,
                correlation: 0.0,
                contrast: ((statistics[line] - mean) / spread) as f32,
            }
        };
        chosen.into_iter().map(seed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::hypotheses::WHOLE;
    use super::super::segment::unpack;
    use super::super::testing::motion;
    use super::*;

    fn cells(moments: impl Iterator<Item = usize>) -> Vec<Cells> {
        unpack(&motion(moments), 1, Orientation::AS_IS).collect()
    }

    fn best(query: &[Cells], reference: &[Cells]) -> Seed {
        let seeds = overlap_seeds(query, reference, &[(WHOLE, WHOLE)]);
        seeds.into_iter().max_by(|a, b| a.contrast.total_cmp(&b.contrast)).unwrap()
    }

    #[test]
    fn a_copy_is_found_at_its_offset_also_where_it_reaches_beyond_the_reference() {
        let reference = cells(0..150);
        for (moments, offset_s) in [(40..100, 8.0), (120..200, 24.0)] {
            let found = best(&cells(moments), &reference);
            assert_eq!((found.speed, found.hypothesis.orientation), (1.0, Orientation::AS_IS));
            assert!((found.reference_s - found.query_s - offset_s).abs() < 1e-9, "{found:?}");
            assert!(found.contrast > 8.0, "{found:?}");
        }
        let found = best(&cells(130..230), &reference);
        assert!((found.query_s - 2.0).abs() < 0.3, "the middle of the overlap: {found:?}");
    }

    #[test]
    fn another_speed_is_found() {
        let found = best(&cells((0..60).map(|k| 20 + 2 * k)), &cells(0..180));
        assert!((found.speed - 2.011).abs() < 1e-9 && found.contrast > 6.0, "{found:?}");
    }

    #[test]
    fn other_footage_stands_out_little_and_nothing_not_at_all() {
        assert!(best(&cells(5000..5060), &cells(0..150)).contrast < 6.0);
        assert!(overlap_seeds(&[], &[], &[(WHOLE, WHOLE)]).is_empty());
    }
}
