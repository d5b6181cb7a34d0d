//! Both signatures under one alignment, entry by entry on the query's clock, whitened; and what chance gives there: the
//! same stretch under the same map and speed at all other offsets of the same pair.

use super::align::Alignment;
use super::evidence::{FAR_MOMENT_S, LEAST_REPEATED, OTHER_MOMENT_S, REPEATED};
use super::orientation::Orientation;
use super::segment::{Signatures, best_run};
use super::track::{Entry, Window, between, cells_of, inner, sources_of};
use super::whiten::Whitening;
use crate::hash::motion::{RATE_HZ, STEP};
use crate::ranked::highest_first;
use std::ops::Range;

/// The shortest line that has enough offsets for a null, entries. By trial.
const LEAST_ENTRIES: usize = 25;
/// Products of energies that are added before a sum of products is normalised: keeps what hardly moves from counting.
/// By trial.
pub(super) const ENERGY_PRODUCT_FLOOR: f64 = 25.0;
/// Correlations are kept below this before Fisher's transform, which is infinite at 1. Chosen.
const MOST_CORRELATION: f64 = 0.99;
/// Energy of an entry at which half of what it says counts. By trial.
pub(super) const HALF_GAIN_ENERGY: f64 = 1.5;
/// How far rounding may bring a moment past the end of a signature, samples. Chosen: far more than rounding.
const ROUNDING: f64 = 1e-6;
/// What a moment outside the reference takes from the gain of a stretch. By trial.
const OUTSIDE_GAIN: f64 = -1.0;

/// Entries nearer than this to a moment are that moment. Source: [`OTHER_MOMENT_S`].
const SAME_MOMENT: usize = (OTHER_MOMENT_S * RATE_HZ as f64) as usize;
/// The least energy that the correlation of one moment is taken of. Chosen: far below that of a cell that moves.
const LEAST_ENERGY: f64 = 0.05;

/// An offset may be a repetition if it agrees by this share of what a match does. Bounds work.
const ALIKE_SHARE: f64 = 0.5;

/// One side: its entries and their energies.
pub(super) struct Side {
    pub entries: Vec<Entry>,
    pub energies: Vec<f32>,
}

impl Side {
    pub fn whitened(entries: &[Entry], whitening: &Whitening) -> Self {
        let entries = whitening.apply_to_all(entries);
        let energies = entries.iter().map(|entry| inner(entry, entry)).collect();
        Self { entries, energies }
    }
}

/// Both sides under an alignment.
pub(super) struct Line {
    query: Side,
    reference: Side,
    /// The query's sample that the first entry of the reference belongs to.
    first: i64,
    pub whitening: Whitening,
}

/// What a stretch sums up to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub both: f64,
    pub query: f64,
    pub reference: f64,
    /// Sum of the products of both energies.
    pub energy_products: f64,
}

impl Sums {
    /// Normalised cross-correlation, -1..=1.
    pub fn correlation(&self) -> f64 {
        let energy = (self.query * self.reference).sqrt();
        if energy > 0.0 { self.both / energy } else { 0.0 }
    }

    /// The sum of products over the root of the sum of squared energies, which has about the same spread whatever
    /// moves, stretched as Fisher stretches a correlation.
    pub fn statistic(&self) -> f64 {
        let plain = self.both / (self.energy_products + ENERGY_PRODUCT_FLOOR).sqrt();
        plain * fisher_stretch(self.correlation())
    }
}

/// `atanh(r) / r`.
fn fisher_stretch(correlation: f64) -> f64 {
    let r = correlation.clamp(-MOST_CORRELATION, MOST_CORRELATION);
    if r == 0.0 { 1.0 } else { libm::atanh(r) / r }
}

impl Line {
    /// `None` if the pictures share too little, or the reference is too short. `plain`: [`Whitening::new`].
    pub fn new(signatures: &Signatures, alignment: &Alignment, plain: f32) -> Option<Self> {
        let (query_view, reference_view) = alignment.shared()?;
        let (query_window, reference_window) = (Window::new(query_view), Window::new(reference_view));
        let as_is = sources_of(Orientation::AS_IS);
        let query: Vec<Entry> = signatures
            .query
            .iter()
            .enumerate()
            .map(|(k, sample)| if k < STEP { [0.0; _] } else { query_window.entry(&cells_of(sample, &as_is)) })
            .collect();
        let rate = f64::from(RATE_HZ);
        let position = |k: i64| alignment.reference_time(k as f64 / rate) * rate;
        let last = signatures.reference.len() as f64 - 1.0;
        // The query's samples at which the reference begins and ends.
        let ends = [0.0, last].map(|at| alignment.query_time(at / rate) * rate);
        let far = (FAR_MOMENT_S * rate) as i64;
        let first = ((ends[0].min(ends[1]) - ROUNDING).ceil() as i64).max(-far);
        let end = ((ends[0].max(ends[1]) + ROUNDING).floor() as i64).min(query.len() as i64 + far);
        let oriented = sources_of(alignment.orientation);
        let at = |k: i64| {
            let position = position(k);
            if position < STEP as f64 - ROUNDING || position > last + ROUNDING {
                return [0.0; _];
            }
            let before = position as usize;
            let share = (position - before as f64) as f32;
            let cells = cells_of(&signatures.reference[before], &oriented);
            let after = signatures.reference.get(before + 1).filter(|_| share > 0.0);
            reference_window.entry(&after.map_or(cells, |after| between(cells, &cells_of(after, &oriented), share)))
        };
        let reference: Vec<Entry> = (first..=end).map(at).collect();
        if reference.len() < LEAST_ENTRIES {
            return None;
        }
        let whitening = Whitening::new([&query, &reference], plain);
        let [query, reference] = [&query, &reference].map(|side| Side::whitened(side, &whitening));
        Some(Self { query, reference, first, whitening })
    }

    /// All samples of the query.
    pub fn all(&self) -> Range<usize> {
        0..self.query.entries.len()
    }

    /// Entries of the reference.
    pub fn len(&self) -> usize {
        self.reference.entries.len()
    }

    /// The reference's entry of the same moment as sample `k` of the query.
    fn reference_of(&self, k: usize) -> Option<usize> {
        usize::try_from(k as i64 - self.first).ok().filter(|&at| at < self.len())
    }

    /// The query's samples that the reference has a moment of.
    pub fn overlap(&self) -> Range<usize> {
        let query = self.query.entries.len() as i64;
        let [start, end] = [self.first, self.first + self.len() as i64].map(|at| at.clamp(0, query) as usize);
        start..end
    }

    /// Adds up the moments of `rows`, the reference moved on by `shift`; it is closed to a ring, so that every shift
    /// has all of them.
    fn sums_in_ring(&self, rows: &[usize], shift: i64) -> Sums {
        self.add_up(rows.iter().map(|&k| (k, self.in_ring(k, shift))))
    }

    /// The reference's entry of the moment of sample `k` of the query, moved on by `shift`, in the ring.
    fn in_ring(&self, k: usize, shift: i64) -> usize {
        (k as i64 - self.first + shift).rem_euclid(self.len() as i64) as usize
    }

    /// The `samples` of `range` one after the other in which most agrees.
    pub fn strongest(&self, range: &Range<usize>, samples: usize) -> Range<usize> {
        let both: Vec<f64> = range.clone().map(|k| self.sums(k..k + 1).both).collect();
        let sums: Vec<f64> = both.windows(samples.min(both.len()).max(1)).map(|window| window.iter().sum()).collect();
        let start = range.start + (0..sums.len()).max_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap_or(0);
        start..(start + samples).min(range.end)
    }

    /// Adds up the moments of `range` that lie in the reference.
    pub fn sums(&self, range: Range<usize>) -> Sums {
        self.add_up(self.inside(range))
    }

    /// How much moves on both sides in `range`: the sum of the roots of the products of both energies.
    pub fn moving(&self, range: Range<usize>) -> f64 {
        let root = |(k, at)| (f64::from(self.query.energies[k]) * f64::from(self.reference.energies[at])).sqrt();
        self.inside(range).map(root).sum()
    }

    /// The moments of `range` that lie in the reference, on either side.
    fn inside(&self, range: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
        range.filter_map(|k| Some((k, self.reference_of(k)?)))
    }

    fn add_up(&self, rows: impl Iterator<Item = (usize, usize)>) -> Sums {
        add_up(&self.query, &self.reference, rows)
    }

    /// The statistic of the query's samples `rows` at their place, and at every `stride`-th other offset, but for those at
    /// which the reference repeats itself.
    pub fn against_others(&self, rows: &[usize], stride: usize) -> (f64, Vec<f64>) {
        let near = SAME_MOMENT.min(self.len() / 4) as i64;
        let own = self.sums_in_ring(rows, 0).statistic();
        let shifts = (near..=self.len() as i64 - near).step_by(stride);
        let mut others: Vec<(i64, f64)> =
            shifts.map(|shift| (shift, self.sums_in_ring(rows, shift).statistic())).collect();
        let is_repeat = |&(shift, other): &(i64, f64)| other > ALIKE_SHARE * own && self.is_repeated(rows, shift);
        let repeats: Vec<i64> = others.iter().filter(|other| is_repeat(other)).map(|(shift, _)| *shift).collect();
        others.retain(|(shift, _)| repeats.iter().all(|repeat| (repeat - shift).abs() >= near));
        (own, others.into_iter().map(|(_, other)| other).collect())
    }

    /// Whether the reference shows again what it shows at the moments of `rows`, `shift` samples of the query later, or
    /// one more or less.
    pub fn is_repeated(&self, rows: &[usize], shift: i64) -> bool {
        let lasts = rows.last().zip(rows.first()).map_or(0, |(last, first)| last - first) as i64;
        let correlation = |shift: i64| {
            let pairs = rows.iter().map(|&k| (self.in_ring(k, 0), self.in_ring(k, shift)));
            add_up(&self.reference, &self.reference, pairs).correlation()
        };
        lasts >= LEAST_REPEATED && (shift - 1..=shift + 1).any(|shift| correlation(shift) >= REPEATED)
    }

    /// The run of moments `within` samples of the query that speaks most for the same footage: the sum of
    /// log-likelihood ratios of a copy that correlates with `expected` against chance with a spread of `spread`.
    pub fn best_run(&self, within: &Range<usize>, expected: f64, spread: f64) -> Range<usize> {
        let gain = |k: usize| {
            let Some(at) = self.reference_of(k) else { return OUTSIDE_GAIN };
            let both = f64::from(inner(&self.query.entries[k], &self.reference.entries[at]));
            let energy = (f64::from(self.query.energies[k]) * f64::from(self.reference.energies[at])).sqrt();
            let weight = energy / (energy + HALF_GAIN_ENERGY);
            weight * (expected * both / energy.max(LEAST_ENERGY) - expected * expected / 2.0) / (spread * spread)
        };
        let run = best_run(within.clone().map(gain));
        within.start + run.start..within.start + run.end
    }

    /// What a copy of all of the query would be expected to reach, as the statistic has it, for each unit of
    /// correlation.
    pub fn power(&self) -> f64 {
        let of = |side: &Side| {
            let energy: f64 = side.energies.iter().copied().map(f64::from).sum();
            let squares: f64 = side.energies.iter().map(|energy| f64::from(energy * energy)).sum();
            energy / (squares + ENERGY_PRODUCT_FLOOR).sqrt()
        };
        // Of the reference: what a stretch as long as the query holds.
        let share = self.query.entries.len() as f64 / self.len() as f64;
        of(&self.query).min(of(&self.reference) * share.sqrt())
    }
}

/// Adds up pairs of entries of `a` and `b`.
fn add_up(a: &Side, b: &Side, pairs: impl Iterator<Item = (usize, usize)>) -> Sums {
    pairs.fold(Sums::default(), |mut sums, (one, other)| {
        let (own, others) = (f64::from(a.energies[one]), f64::from(b.energies[other]));
        sums.both += f64::from(inner(&a.entries[one], &b.entries[other]));
        sums.query += own;
        sums.reference += others;
        sums.energy_products += own * others;
        sums
    })
}

/// The least values that tell a spread. By trial.
const LEAST_VALUES: usize = 8;
/// Distance of the 10 and 90 % points of a Gaussian, standard deviations. Derived.
const MIDDLE_OF_GAUSSIAN: f64 = 2.563;
/// The spread that is usual, as if this many independent values had been seen. By trial: after whitening it is 0.14 to
/// 0.4 everywhere.
const USUAL_SPREAD: (f64, f64) = (0.25, 6.0);
/// Neighbouring offsets that share their moments: one in this many values is independent. Derived: [`STEP`].
const SHARED_OFFSETS: f64 = STEP as f64;
/// No spread is smaller. Derived: 64 cells, a few of which carry all; by trial.
const LEAST_SPREAD: f64 = 0.14;
/// No tail is lighter: the mean excess of a Gaussian over its upper tenth, in standard deviations. Derived.
pub(super) const GAUSSIAN_TAIL: f64 = 0.47;
/// Where the upper tenth of a Gaussian begins, standard deviations. Derived.
pub(super) const UPPER_TENTH: f64 = 1.28;
/// The surprise of being in the upper tenth: ln 10, nats.
pub(super) const UPPER_TENTH_NATS: f64 = 2.3;

/// What chance gives: the values of a statistic at other offsets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Null {
    pub median: f64,
    pub spread: f64,
    /// The mean excess over the upper tenth, in spreads: how heavy the tail is.
    pub tail: f64,
}

impl Null {
    /// `None` if there are too few values.
    pub fn of(values: Vec<f64>) -> Option<Self> {
        if values.len() < LEAST_VALUES {
            return None;
        }
        let values = highest_first(values, |value| -value);
        let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
        let own = (at(0.9) - at(0.1)) / MIDDLE_OF_GAUSSIAN;
        let (usual, weight) = USUAL_SPREAD;
        let count = values.len() as f64 / SHARED_OFFSETS;
        let spread = ((count * own * own + weight * usual * usual) / (count + weight)).sqrt().max(LEAST_SPREAD);
        let limit = values[values.len() * 9 / 10];
        let over: Vec<f64> =
            values.iter().filter(|value| **value > limit).map(|value| (value - limit) / spread).collect();
        let tail = over.iter().sum::<f64>() / over.len().max(1) as f64;
        Some(Self { median: at(0.5), spread, tail: tail.max(GAUSSIAN_TAIL) })
    }

    /// How surprising `value` is by chance, nats: `-ln P`, from the upper tenth on exponential.
    pub fn surprise(&self, value: f64) -> f64 {
        ((value - self.median) / self.spread - UPPER_TENTH) / self.tail + UPPER_TENTH_NATS
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{as_is, motion};
    use super::*;
    use crate::hash::motion::Sample;

    fn signatures<'a>(query: &'a [Sample], reference: &'a [Sample]) -> Signatures<'a> {
        Signatures { query, reference, shapes: [1.0, 1.0] }
    }

    fn line(query: &[Sample], reference: &[Sample], reference_s: f64) -> Line {
        let alignment = Alignment { reference_s, ..as_is() };
        Line::new(&signatures(query, reference), &alignment, 0.3).unwrap()
    }

    #[test]
    fn a_copy_stands_far_above_all_other_offsets() {
        let (query, reference) = (motion(50..130), motion(0..200));
        let line = line(&query, &reference, 5.0);
        assert_eq!((line.len(), line.overlap()), (200, 0..80));
        assert!(line.sums(0..80).correlation() > 0.95);
        let (own, others) = line.against_others(&Vec::from_iter(0..80), 1);
        assert_eq!(others.len(), 171);
        let null = Null::of(others).unwrap();
        assert!(null.surprise(own) > 40.0 && null.spread < 0.5, "{own} {null:?}");
    }

    #[test]
    fn other_footage_does_not() {
        let (query, reference) = (motion(5000..5080), motion(0..200));
        let (own, others) = line(&query, &reference, 5.0).against_others(&Vec::from_iter(0..80), 1);
        assert!(Null::of(others).unwrap().surprise(own) < 8.0);
    }

    #[test]
    fn the_overlap_is_what_both_have() {
        let (query, reference) = (motion(0..80), motion(0..200));
        assert_eq!(line(&query, &reference, -3.0).overlap(), 30..80);
        assert_eq!(line(&query, &reference, 15.0).overlap(), 0..50);
        assert_eq!(line(&query, &reference, -9.0).overlap(), 80..80);
        let alignment = Alignment { reference_view: [0.95, 0.0, 1.0, 1.0], ..as_is() };
        assert!(Line::new(&signatures(&query, &reference), &alignment, 0.3).is_none());
        assert!(Line::new(&signatures(&query[..24], &reference[..24]), &as_is(), 0.3).is_none());
    }

    #[test]
    fn the_strongest_stretch_is_the_one_that_agrees() {
        let (query, reference) = (motion((900..940).chain(40..80).chain(980..1020)), motion(0..200));
        let line = line(&query, &reference, 0.0);
        let found = line.strongest(&(0..120), 40);
        assert!(found.len() == 40 && found.start.abs_diff(40) <= 3, "{found:?}");
        assert_eq!(line.strongest(&(50..70), 40), 50..70);
    }

    #[test]
    fn the_best_run_ends_at_a_cut() {
        let (query, reference) = (motion((0..60).chain(900..960)), motion(0..200));
        let run = line(&query, &reference, 0.0).best_run(&(0..query.len()), 0.5, 0.3);
        assert!(run.start <= 5 && run.end.abs_diff(60) <= 4, "{run:?}");
    }

    #[test]
    fn fisher_stretches_high_correlations_only() {
        assert_eq!((fisher_stretch(0.0), fisher_stretch(1e-9)), (1.0, 1.0));
        assert!((fisher_stretch(0.5) - 1.0986).abs() < 1e-4 && (fisher_stretch(-0.9) - 1.6358).abs() < 1e-4);
        assert_eq!(fisher_stretch(1.0), fisher_stretch(0.99));
    }

    #[test]
    fn a_null_is_its_median_its_spread_and_its_tail() {
        assert!(Null::of(vec![0.0; 7]).is_none());
        // A hundred values evenly from -1 to 1: the middle 80 % are 1.6 wide.
        let even: Vec<f64> = (0..1000).map(|i| f64::from(i) / 499.5 - 1.0).collect();
        let null = Null::of(even).unwrap();
        assert!(null.median.abs() < 0.01 && (null.spread - 0.61).abs() < 0.02, "{null:?}");
        assert_eq!(null.tail, GAUSSIAN_TAIL);
        // A tenth of them far above: a heavy tail, and less surprise.
        let heavy: Vec<f64> =
            (0..1000).map(|i| if i < 950 { f64::from(i % 100) / 100.0 } else { 3.0 + f64::from(i - 950) }).collect();
        let heavy = Null::of(heavy).unwrap();
        assert!(heavy.tail > 20.0 && heavy.surprise(5.0) < 4.0, "{heavy:?}");
        // All alike: the spread is never nothing.
        assert_eq!(Null::of(vec![0.1; 4000]).unwrap().spread, LEAST_SPREAD);
    }

    #[test]
    fn the_power_rises_with_the_root_of_the_length() {
        let power = |samples: usize| line(&motion(0..samples), &motion(0..400), 0.0).power();
        let ratio = power(200) / power(50);
        assert!((1.8..2.3).contains(&ratio), "{ratio}");
        assert!(power(60) < line(&motion(0..60), &motion(0..60), 0.0).power() * 1.1);
    }
}
