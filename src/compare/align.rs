//! How a stretch of the query lies in the reference: when, how fast, and which part of the picture is which.

use super::hypotheses::{Hypothesis, WHOLE};
use super::orientation::Orientation;
use super::result::View;
use super::seeds::Seed;
use super::track::{Cells, Window, cells_of, inner, prepare, sources_of};
use crate::hash::motion::{RATE_HZ, STEP, Sample};
use std::ops::Range;

/// A line in time, and a map from picture to picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alignment {
    /// A moment of the query, seconds, about which the line is turned.
    pub query_s: f64,
    /// The same moment in the reference, seconds.
    pub reference_s: f64,
    /// Seconds of reference per second of query.
    pub speed: f64,
    /// This rectangle of the query's picture ...
    pub query_view: View,
    /// ... is this rectangle of the reference's oriented picture. It may reach outside.
    pub reference_view: View,
    pub orientation: Orientation,
    /// The part of the query's picture that the map holds for.
    pub within: View,
}

impl Alignment {
    pub fn from_seed(seed: &Seed) -> Self {
        let Hypothesis { query, reference, orientation } = seed.hypothesis;
        Self {
            query_s: seed.query_s,
            reference_s: seed.reference_s,
            speed: seed.speed,
            query_view: query,
            reference_view: reference,
            orientation,
            within: WHOLE,
        }
    }

    /// When the reference shows what the query shows at `query_s`, seconds.
    pub fn reference_time(&self, query_s: f64) -> f64 {
        self.reference_s + self.speed * (query_s - self.query_s)
    }

    /// When the query shows what the reference shows at `reference_s`, seconds.
    pub fn query_time(&self, reference_s: f64) -> f64 {
        self.query_s + (reference_s - self.reference_s) / self.speed
    }

    /// The same line, turned about another moment.
    pub fn about(&self, query_s: f64) -> Self {
        Self { query_s, reference_s: self.reference_time(query_s), ..*self }
    }

    /// Whether both put the same moments together.
    pub fn is_near(&self, other: &Self) -> bool {
        const NEAR_S: f64 = 0.5;
        let is_near_at = |query_s| (self.reference_time(query_s) - other.reference_time(query_s)).abs() < NEAR_S;
        self.orientation == other.orientation && is_near_at(self.query_s) && is_near_at(other.query_s)
    }

    /// The rectangle of the query's picture that is `view` of the reference's oriented one.
    pub fn in_query(&self, view: View) -> View {
        let mut found = [0.0; 4];
        for axis in 0..2 {
            let scale = self.query_view[axis + 2] / self.reference_view[axis + 2];
            found[axis] = self.query_view[axis] + (view[axis] - self.reference_view[axis]) * scale;
            found[axis + 2] = view[axis + 2] * scale;
        }
        found
    }

    /// Moves the reference's rectangle by a share of its length along an axis, or grows it about its middle.
    pub fn with_axis(&self, axis: usize, shift: f64, growth: f64) -> Self {
        let mut moved = *self;
        let length = self.reference_view[axis + 2];
        moved.reference_view[axis] += length * (shift - growth / 2.0);
        moved.reference_view[axis + 2] = length * (1.0 + growth);
        moved
    }

    /// The parts of both pictures, the reference's oriented, that show the same; none where that is nothing.
    pub fn shared(&self) -> Option<(View, View)> {
        const LEAST: f64 = 0.1;
        let (mut query, mut reference) = ([0.0; 4], [0.0; 4]);
        for axis in 0..2 {
            let (from, length) = (self.query_view[axis], self.query_view[axis + 2]);
            let (to, scale) = (self.reference_view[axis], self.reference_view[axis + 2] / length);
            let (start, end) = (self.within[axis], self.within[axis] + self.within[axis + 2]);
            let low = start.max(from - to / scale);
            let high = end.min(from + (1.0 - to) / scale);
            if high - low < LEAST || (high - low) * scale < LEAST {
                return None;
            }
            (query[axis], query[axis + 2]) = (low, high - low);
            (reference[axis], reference[axis + 2]) = (to + (low - from) * scale, (high - low) * scale);
        }
        Some((query, reference))
    }
}

/// How well a sample, or many, agree.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Agreement {
    /// Inner product of the entries.
    pub product: f64,
    /// Energy of the query's.
    pub query: f64,
    /// Energy of the reference's.
    pub reference: f64,
}

impl Agreement {
    /// Normalised cross-correlation, -1..=1; towards 0 where one side is still.
    pub fn correlation(&self) -> f64 {
        const FLOOR: f64 = 4.0;
        self.product / ((self.query + FLOOR) * (self.reference + FLOOR)).sqrt()
    }
}

impl std::iter::Sum for Agreement {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, next| Self {
            product: sum.product + next.product,
            query: sum.query + next.query,
            reference: sum.reference + next.reference,
        })
    }
}

/// Some samples of the query, and the stretch of the reference they may lie in, unpacked.
pub(super) struct Bench {
    /// Seconds and cells.
    query: Vec<(f64, Cells)>,
    /// From sample `first` on, oriented.
    reference: Vec<Cells>,
    first: usize,
}

impl Bench {
    /// Every `step`-th sample of `range`, and the reference around where `alignment` puts them, give or take `margin_s`.
    pub fn new(
        query: &[Sample],
        reference: &[Sample],
        alignment: &Alignment,
        range: Range<usize>,
        step: usize,
        margin_s: f64,
    ) -> Self {
        let seconds = |k: usize| k as f64 / f64::from(RATE_HZ);
        let sample = |s: f64| (s * f64::from(RATE_HZ)).max(0.0) as usize;
        let first = sample(alignment.reference_time(seconds(range.start)) - margin_s).min(reference.len());
        let end = (sample(alignment.reference_time(seconds(range.end)) + margin_s) + 2).clamp(first, reference.len());
        let plain = sources_of(Orientation::AS_IS);
        let oriented = sources_of(alignment.orientation);
        Self {
            query: range.step_by(step).map(|k| (seconds(k), cells_of(&query[k], &plain))).collect(),
            reference: reference[first..end].iter().map(|sample| cells_of(sample, &oriented)).collect(),
            first,
        }
    }

    /// The reference's cells at a time, between two samples where need be.
    fn reference_at(&self, seconds: f64) -> Option<Cells> {
        let position = seconds * f64::from(RATE_HZ) - self.first as f64;
        if position < 0.0 || position > self.reference.len() as f64 - 1.0 {
            return None;
        }
        let before = position as usize;
        let share = (position - before as f64) as f32;
        let mut cells = self.reference[before];
        if let Some(after) = self.reference.get(before + 1) {
            cells.iter_mut().zip(after).for_each(|(cell, after)| *cell += (after - *cell) * share);
        }
        Some(cells)
    }

    /// For each sample of the query; nothing where its moment lies outside the reference.
    pub fn profile(&self, alignment: &Alignment) -> Vec<Option<Agreement>> {
        let Some((query, reference)) = alignment.shared() else { return vec![None; self.query.len()] };
        let (query, reference) = (Window::new(query), Window::new(reference));
        // The first entries of a signature have nothing to compare with: they tell nothing.
        let first_telling_s = STEP as f64 / f64::from(RATE_HZ);
        let agreement = |(seconds, cells): &(f64, Cells)| {
            let reference_s = alignment.reference_time(*seconds);
            let there = self.reference_at(reference_s)?;
            if *seconds < first_telling_s || reference_s < first_telling_s {
                return Some(Agreement::default());
            }
            let (mut a, mut b) = (query.means(cells), reference.means(&there));
            prepare(&mut a);
            prepare(&mut b);
            let [product, query, reference] = [inner(&a, &b), inner(&a, &a), inner(&b, &b)].map(f64::from);
            Some(Agreement { product, query, reference })
        };
        self.query.iter().map(agreement).collect()
    }

    /// Over all samples.
    pub fn total(&self, alignment: &Alignment) -> Agreement {
        self.profile(alignment).into_iter().flatten().sum()
    }

    /// What refinement makes as large as it can: the same agreement is worth more where more of the picture shares in it.
    pub fn worth(&self, alignment: &Alignment) -> f64 {
        let Some((query, reference)) = alignment.shared() else { return 0.0 };
        if !SPEEDS.contains(&alignment.speed) {
            return 0.0;
        }
        let area = (query[2] * query[3]).min(reference[2] * reference[3]);
        self.total(alignment).correlation() * area.sqrt().sqrt()
    }

    /// Climbs from `start` to the best alignment near it, with ever smaller `steps`.
    pub fn refine(&self, start: Alignment, steps: Range<f64>) -> (Alignment, f64) {
        let mut best = (start, self.worth(&start));
        let mut step = steps.end;
        for _ in 0..MOST_ROUNDS {
            if step < steps.start {
                break;
            }
            let before = best.1;
            for (change, by) in CHANGES.iter().flat_map(|change| [(change, step), (change, -step)]) {
                let tried = change(&best.0, by);
                let worth = self.worth(&tried);
                if worth > best.1 {
                    best = (tried, worth);
                }
            }
            if best.1 <= before * 1.002 {
                step /= 2.0;
            }
        }
        best
    }
}

/// Refinement ends here at the latest.
const MOST_ROUNDS: usize = 24;
/// Copies are played between half and twice as fast, give or take.
const SPEEDS: Range<f64> = 0.45..2.2;

/// What refinement may change; a step of 1 is the distance between two neighbours in the coarse search.
const CHANGES: [fn(&Alignment, f64) -> Alignment; 6] = [
    |at, step| Alignment { reference_s: at.reference_s + step * 0.2, ..*at },
    |at, step| Alignment { speed: at.speed * (1.0 + step * 0.06), ..*at },
    |at, step| at.with_axis(0, step * 0.08, 0.0),
    |at, step| at.with_axis(1, step * 0.08, 0.0),
    |at, step| at.with_axis(0, 0.0, step * 0.12),
    |at, step| at.with_axis(1, 0.0, step * 0.12),
];
