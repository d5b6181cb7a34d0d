//! How a stretch of the query lies in the reference: when, how fast, and which part of the picture is which.

use super::climb::{climb, halving};
use super::clock::{sample_before, seconds};
use super::hypotheses::{Hypothesis, WHOLE};
use super::orientation::Orientation;
use super::result::View;
use super::seeds::Seed;
use super::track::{
    Cells, ENERGY_FLOOR, Entry, FourCells, FourEntries, LANES, Window, between, cells_of, four_inner, inner, sources_of,
};
use super::whiten::Whitening;
use crate::hash::motion::{RATE_HZ, STEP, Sample};
use crate::picture::shrink::CELLS;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use wide::f32x4;

/// Two alignments that are this near to each other at both their moments are one, seconds. By trial.
const SAME_ALIGNMENT_S: f64 = 0.5;
/// The smallest side of what two pictures share, in fractions of either picture. By trial: the smallest rectangle that
/// is searched for is 0.25.
const LEAST_SHARED: f64 = 0.1;
/// Speeds that a climb may reach, seconds of reference per second of query: those of the coarse search, 0.497 to 2.011,
/// and a little more. By trial.
const SPEEDS: Range<f64> = 0.45..2.2;
/// Rounds of one climb. Bounds work; most end after fewer.
const MOST_ROUNDS: usize = 24;
/// A round that multiplies the score by less than this halves the step. By trial.
const LEAST_GROWTH: f64 = 1.002;

/// What a step of 1 changes, in seconds of reference. Derived: an entry of the coarse search.
const TIME_STEP_S: f64 = 0.2;
/// The same as a share of the speed. By trial: a little less than half of the 15 % between two speeds of the coarse
/// search.
const SPEED_STEP: f64 = 0.06;
/// The same as a share of the rectangle's length that it is moved. By trial.
const SHIFT_STEP: f64 = 0.08;
/// The same as a share of the rectangle's length that it grows. By trial.
const GROWTH_STEP: f64 = 0.12;

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
    /// Whole pictures, the same moments, at normal speed.
    pub const AS_IS: Self = Self {
        query_s: 0.0,
        reference_s: 0.0,
        speed: 1.0,
        query_view: WHOLE,
        reference_view: WHOLE,
        orientation: Orientation::AS_IS,
        within: WHOLE,
    };

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

    /// The same with the whole of the one picture on the whole of the other.
    pub fn of_whole_pictures(&self) -> Self {
        Self { query_view: WHOLE, reference_view: WHOLE, within: WHOLE, ..*self }
    }

    /// The same at normal speed, turned about a moment; `None` if its speed is not nearer to that than `nearer_than`.
    pub fn at_normal_speed(&self, query_s: f64, nearer_than: f64) -> Option<Self> {
        ((self.speed - 1.0).abs() < nearer_than).then(|| Self { speed: 1.0, ..self.about(query_s) })
    }

    /// Whether both put the same moments together, in the same orientation.
    pub fn is_near(&self, other: &Self) -> bool {
        let is_near_at =
            |query_s| (self.reference_time(query_s) - other.reference_time(query_s)).abs() < SAME_ALIGNMENT_S;
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

    /// Moves the reference's rectangle by a share of its length along an axis, 0 across or 1 down, or grows it about
    /// its middle.
    pub fn with_axis(&self, axis: usize, shift: f64, growth: f64) -> Self {
        let mut moved = *self;
        let length = self.reference_view[axis + 2];
        moved.reference_view[axis] += length * (shift - growth / 2.0);
        moved.reference_view[axis + 2] = length * (1.0 + growth);
        moved
    }

    /// The parts of the query's picture and of the reference's oriented one that show the same. `None` if that is less
    /// than a tenth of a side.
    pub fn shared(&self) -> Option<(View, View)> {
        let (mut query, mut reference) = ([0.0; 4], [0.0; 4]);
        for axis in 0..2 {
            let (from, length) = (self.query_view[axis], self.query_view[axis + 2]);
            let (to, scale) = (self.reference_view[axis], self.reference_view[axis + 2] / length);
            let (start, end) = (self.within[axis], self.within[axis] + self.within[axis + 2]);
            let low = start.max(from - to / scale);
            let high = end.min(from + (1.0 - to) / scale);
            if high - low < LEAST_SHARED || (high - low) * scale < LEAST_SHARED {
                return None;
            }
            (query[axis], query[axis + 2]) = (low, high - low);
            (reference[axis], reference[axis + 2]) = (to + (low - from) * scale, (high - low) * scale);
        }
        Some((query, reference))
    }

    /// What a climb may change, with a step of either sign.
    fn changed(&self, change: usize, step: f64) -> Self {
        match change {
            0 => Self { reference_s: self.reference_s + step * TIME_STEP_S, ..*self },
            1 => Self { speed: self.speed * (1.0 + step * SPEED_STEP), ..*self },
            2 | 3 => self.with_axis(change - 2, step * SHIFT_STEP, 0.0),
            _ => self.with_axis(change - 4, 0.0, step * GROWTH_STEP),
        }
    }
}

/// How many kinds of changes [`Alignment::changed`] knows.
const CHANGES: usize = 6;

/// The smaller of two views' areas, in fractions of their pictures.
pub(super) fn smaller_area(query: View, reference: View) -> f64 {
    (query[2] * query[3]).min(reference[2] * reference[3])
}

/// How much the area that is compared counts: the same agreement is worth more where more of the picture shares in it.
pub(super) fn fourth_root(area: f64) -> f64 {
    area.sqrt().sqrt()
}

/// Inner products of one entry, or summed over many.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct InnerProducts {
    /// Of the query's with the reference's.
    pub both: f64,
    /// Of the query's with itself: its energy.
    pub query: f64,
    /// Of the reference's with itself.
    pub reference: f64,
}

impl InnerProducts {
    /// Normalised cross-correlation, -1..=1; towards 0 where one side is still.
    pub fn correlation(&self) -> f64 {
        let floor = f64::from(ENERGY_FLOOR);
        self.both / ((self.query + floor) * (self.reference + floor)).sqrt()
    }
}

impl std::iter::Sum for InnerProducts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, next| Self {
            both: sum.both + next.both,
            query: sum.query + next.query,
            reference: sum.reference + next.reference,
        })
    }
}

/// Some samples of the query, and the stretch of the reference they may lie in, unpacked.
pub(super) struct Excerpt {
    /// Seconds and cells.
    query: Vec<(f64, Cells)>,
    /// From sample `first` on, oriented.
    reference: Vec<Cells>,
    first: usize,
    whitening: Option<Whitening>,
    /// What a climb needs again: most of its steps change the map, or the time, and not both.
    kept: RefCell<Kept>,
}

/// The entries of the samples of the query, or of their moments in the reference, four at a time, with their energies.
type Moments = Rc<Vec<(FourEntries, f32x4)>>;
/// The cells of these, four at a time; nothing moves outside.
type Pictures = Rc<Vec<FourCells>>;
/// A line in time: [`Alignment::query_s`], [`Alignment::reference_s`] and [`Alignment::speed`].
type TimeLine = [f64; 3];
/// Views whose entries are kept: that of the best alignment so far, and that of the last one.
const KEPT: usize = 2;

/// What was worked out for the last alignments.
#[derive(Default)]
struct Kept {
    query: Vec<(View, Moments)>,
    reference: Vec<((TimeLine, View), Moments)>,
    /// The cells of the query.
    query_cells: Option<Pictures>,
    /// The cells of the reference along a line.
    reference_cells: Option<(TimeLine, Pictures)>,
}

/// What `kept` has for `key`, or else what `make` makes; the last one asked for comes first.
fn kept_or<K: PartialEq>(kept: &mut Vec<(K, Moments)>, key: K, make: impl FnOnce() -> Moments) -> Moments {
    let at = kept.iter().position(|(other, _)| *other == key);
    let moments = at.map_or_else(make, |at| kept.remove(at).1);
    kept.insert(0, (key, Rc::clone(&moments)));
    kept.truncate(KEPT);
    moments
}

impl Excerpt {
    /// Every `step`-th sample of `range`, and the reference around where `alignment` puts them, give or take
    /// `margin_s`.
    pub fn new(
        query: &[Sample],
        reference: &[Sample],
        alignment: &Alignment,
        range: Range<usize>,
        step: usize,
        margin_s: f64,
    ) -> Self {
        let first = sample_before(alignment.reference_time(seconds(range.start)) - margin_s).min(reference.len());
        // One more than the last, so that there is a sample behind it, and one for the end of the range.
        let end =
            (sample_before(alignment.reference_time(seconds(range.end)) + margin_s) + 2).clamp(first, reference.len());
        let plain = sources_of(Orientation::AS_IS);
        let oriented = sources_of(alignment.orientation);
        Self {
            query: range.step_by(step).map(|k| (seconds(k), cells_of(&query[k], &plain))).collect(),
            reference: reference[first..end].iter().map(|sample| cells_of(sample, &oriented)).collect(),
            first,
            whitening: None,
            kept: RefCell::default(),
        }
    }

    /// The same with whitened entries.
    pub fn whitened(mut self, whitening: &Whitening) -> Self {
        self.whitening = Some(whitening.clone());
        self
    }

    /// The same with another picture made of each of the query's.
    pub fn with_query(&self, made_of: impl Fn(&Cells) -> Cells) -> Self {
        Self {
            query: self.query.iter().map(|(seconds, cells)| (*seconds, made_of(cells))).collect(),
            reference: self.reference.clone(),
            first: self.first,
            whitening: self.whitening.clone(),
            kept: RefCell::default(),
        }
    }

    /// Where a time lies in the reference, samples of the excerpt. `None` outside.
    fn position(&self, seconds: f64) -> Option<f64> {
        let position = seconds * f64::from(RATE_HZ) - self.first as f64;
        (position >= 0.0 && position <= self.reference.len() as f64 - 1.0).then_some(position)
    }

    /// The reference's cells at a time, between two samples where need be. `None` outside the excerpt.
    fn reference_at(&self, seconds: f64) -> Option<Cells> {
        let position = self.position(seconds)?;
        let before = position as usize;
        let share = (position - before as f64) as f32;
        let cells = self.reference[before];
        Some(self.reference.get(before + 1).map_or(cells, |after| between(cells, after, share)))
    }

    /// An entry, whitened if need be, and its energy.
    fn moment(&self, window: &Window, cells: &Cells) -> (Entry, f64) {
        let entry = window.entry(cells);
        let entry = self.whitening.as_ref().map_or(entry, |whitening| whitening.apply(&entry));
        (entry, f64::from(inner(&entry, &entry)))
    }

    /// The inner products of each sample of the query; `None` if its moment lies outside the reference.
    pub fn profile(&self, alignment: &Alignment) -> Vec<Option<InnerProducts>> {
        let Some((query, reference)) = alignment.shared() else { return vec![None; self.query.len()] };
        let (query, reference) = (Window::new(query), Window::new(reference));
        let products = |(seconds, cells): &(f64, Cells)| {
            let reference_s = alignment.reference_time(*seconds);
            let there = self.reference_at(reference_s)?;
            if is_before_the_first(*seconds, reference_s) {
                return Some(InnerProducts::default());
            }
            Some(products(&self.moment(&query, cells), &self.moment(&reference, &there)))
        };
        self.query.iter().map(products).collect()
    }

    /// The correlation over all samples, as [`Excerpt::profile`] has them. Keeps what it works out for the next alignment.
    pub fn correlation(&self, alignment: &Alignment) -> f64 {
        let Some((query_view, reference_view)) = alignment.shared() else { return 0.0 };
        let kept = &mut *self.kept.borrow_mut();
        let query = kept_or(&mut kept.query, query_view, || {
            let cells = |k: usize| self.query.get(k).map(|(_, cells)| *cells);
            self.moments(query_view, kept.query_cells.get_or_insert_with(|| self.pictures(cells)))
        });
        let line = [alignment.query_s, alignment.reference_s, alignment.speed];
        let reference = kept_or(&mut kept.reference, (line, reference_view), || {
            let last = kept.reference_cells.take().filter(|last| last.0 == line);
            let cells = |k: usize| self.reference_at(alignment.reference_time(self.query.get(k)?.0));
            let pictures = last.map_or_else(|| self.pictures(cells), |(_, pictures)| pictures);
            let moments = self.moments(reference_view, &pictures);
            kept.reference_cells = Some((line, pictures));
            moments
        });
        let mut sum = InnerProducts::default();
        let fours = self.query.chunks(LANES).zip(query.iter().zip(reference.iter()));
        for (samples, ((query, query_energies), (reference, reference_energies))) in fours {
            let both = four_inner(query, reference).to_array();
            let energies = query_energies.to_array().into_iter().zip(reference_energies.to_array());
            for (((seconds, _), both), (query, reference)) in samples.iter().zip(both).zip(energies) {
                let reference_s = alignment.reference_time(*seconds);
                if self.position(reference_s).is_some() && !is_before_the_first(*seconds, reference_s) {
                    sum.both += f64::from(both);
                    sum.query += f64::from(query);
                    sum.reference += f64::from(reference);
                }
            }
        }
        sum.correlation()
    }

    /// The cells of each sample of the query, or of its moment, that `cells` gives.
    fn pictures(&self, cells: impl Fn(usize) -> Option<Cells>) -> Pictures {
        let nothing = [0.0; CELLS * CELLS];
        let four = |first: usize| -> FourCells {
            let four: [Cells; LANES] = std::array::from_fn(|lane| cells(first + lane).unwrap_or(nothing));
            std::array::from_fn(|i| f32x4::new([four[0][i], four[1][i], four[2][i], four[3][i]]))
        };
        Rc::new((0..self.query.len()).step_by(LANES).map(four).collect())
    }

    /// The entries of `pictures` inside `view`, whitened if need be.
    fn moments(&self, view: View, pictures: &Pictures) -> Moments {
        let window = Window::new(view);
        let moment = |cells: &FourCells| {
            let entries = window.four_entries(cells);
            let entries = self.whitening.as_ref().map_or(entries, |whitening| whitening.apply_to_four(&entries));
            (entries, four_inner(&entries, &entries))
        };
        Rc::new(pictures.iter().map(moment).collect())
    }

    /// What a climb makes as large as it can: correlation times the fourth root of the shared area; 0 if nothing is
    /// shared, or the speed is not one that copies have.
    pub fn score(&self, alignment: &Alignment) -> f64 {
        let Some((query, reference)) = alignment.shared() else { return 0.0 };
        if !SPEEDS.contains(&alignment.speed) {
            return 0.0;
        }
        self.correlation(alignment) * fourth_root(smaller_area(query, reference))
    }

    /// Climbs from `start` to the best alignment near it, with steps that are halved from the end of `steps` to its
    /// start. Returns its score as well.
    pub fn refine(&self, start: Alignment, steps: Range<f64>) -> (Alignment, f64) {
        let steps = halving(steps, MOST_ROUNDS, LEAST_GROWTH);
        let change = |from: &Alignment, step: f64, batch: usize| {
            [from.changed(batch / 2, if batch.is_multiple_of(2) { step } else { -step })]
        };
        climb(start, steps, 2 * CHANGES, change, 0.0, |alignment| self.score(alignment))
    }
}

/// Whether either moment, seconds, lies before a signature's first sample that has something to compare with, and so
/// tells nothing.
fn is_before_the_first(query_s: f64, reference_s: f64) -> bool {
    let first_telling_s = seconds(STEP);
    query_s < first_telling_s || reference_s < first_telling_s
}

/// The inner products of two entries, given with their energies.
fn products(query: &(Entry, f64), reference: &(Entry, f64)) -> InnerProducts {
    InnerProducts { both: f64::from(inner(&query.0, &reference.0)), query: query.1, reference: reference.1 }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{as_is, motion};
    use super::*;

    fn excerpt(alignment: &Alignment, range: Range<usize>) -> Excerpt {
        let motion = motion(0..120);
        Excerpt::new(&motion[..60], &motion, alignment, range, 1, 2.0)
    }

    fn near(found: View, expected: View) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} is not {expected:?}");
    }

    #[test]
    fn times_go_there_and_back() {
        let twice = Alignment { query_s: 3.0, reference_s: 10.0, speed: 2.0, ..as_is() };
        assert_eq!((twice.reference_time(4.0), twice.query_time(12.0)), (12.0, 4.0));
        let moved = twice.about(1.0);
        assert_eq!((moved.query_s, moved.reference_s, moved.reference_time(4.0)), (1.0, 6.0, 12.0));
    }

    #[test]
    fn alignments_are_near_within_half_a_second_at_both_moments() {
        let at = |query_s, reference_s| Alignment { query_s, reference_s, ..as_is() };
        assert!(at(0.0, 0.0).is_near(&at(9.0, 9.499)) && !at(0.0, 0.0).is_near(&at(9.0, 9.501)));
        let faster = Alignment { speed: 1.1, ..at(0.0, 0.0) };
        assert!(faster.is_near(&at(4.9, 4.9)) && !faster.is_near(&at(5.1, 5.1)));
        let mirrored = Alignment { orientation: Orientation { mirrored: true, quarters: 0 }, ..as_is() };
        assert!(!mirrored.is_near(&as_is()));
    }

    #[test]
    fn what_is_shared_lies_in_both_pictures() {
        // The query is the reference's right half, and half of it in turn is seen.
        let half = Alignment { reference_view: [0.5, 0.0, 1.0, 1.0], ..as_is() };
        let (query, reference) = half.shared().unwrap();
        near(query, [0.0, 0.0, 0.5, 1.0]);
        near(reference, [0.5, 0.0, 0.5, 1.0]);
        near(half.in_query(reference), query);
        let part = Alignment { within: [0.25, 0.0, 0.75, 1.0], ..half };
        near(part.shared().unwrap().0, [0.25, 0.0, 0.25, 1.0]);
    }

    #[test]
    fn a_shared_side_has_to_be_a_tenth_of_either_picture() {
        let shared = |start| Alignment { reference_view: [start, 0.0, 1.0, 1.0], ..as_is() }.shared().is_some();
        assert!(shared(0.899) && !shared(0.901));
        let small = |side| Alignment { reference_view: [0.0, 0.0, side, 1.0], ..as_is() }.shared().is_some();
        assert!(small(0.101) && !small(0.099));
    }

    #[test]
    fn rectangles_are_moved_and_grow_about_their_middle() {
        let at = Alignment { reference_view: [0.2, 0.2, 0.4, 0.6], ..as_is() };
        near(at.with_axis(0, 0.5, 0.0).reference_view, [0.4, 0.2, 0.4, 0.6]);
        near(at.with_axis(1, 0.0, 0.5).reference_view, [0.2, 0.05, 0.4, 0.9]);
    }

    #[test]
    fn a_step_of_one_is_what_the_coarse_search_leaves() {
        let changed: Vec<Alignment> = (0..CHANGES).map(|change| as_is().changed(change, 1.0)).collect();
        assert_eq!((changed[0].reference_s, changed[1].speed), (0.2, 1.06));
        near(changed[2].reference_view, [0.08, 0.0, 1.0, 1.0]);
        near(changed[3].reference_view, [0.0, 0.08, 1.0, 1.0]);
        near(changed[4].reference_view, [-0.06, 0.0, 1.12, 1.0]);
        near(changed[5].reference_view, [0.0, -0.06, 1.0, 1.12]);
    }

    #[test]
    fn a_floor_keeps_still_stretches_from_correlating() {
        let correlation = |both, query, reference| InnerProducts { both, query, reference }.correlation();
        assert_eq!(correlation(0.01, 0.01, 0.01), 0.01 / 4.01);
        assert_eq!(correlation(12.0, 12.0, 12.0), 0.75);
        let sum: InnerProducts = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
            .map(|[both, query, reference]| InnerProducts { both, query, reference })
            .into_iter()
            .sum();
        assert_eq!([sum.both, sum.query, sum.reference], [5.0, 7.0, 9.0]);
    }

    #[test]
    fn the_first_samples_tell_nothing_and_none_is_outside_the_reference() {
        let late = Alignment { reference_s: 9.0, ..as_is() };
        let profile = excerpt(&late, 0..60).profile(&late);
        // Samples 0 to 3 have nothing before them; sample 30 would be the reference's 120th.
        assert!(profile[3].unwrap().query == 0.0 && profile[4].unwrap().query > 10.0);
        assert!(profile[29].is_some() && profile[30].is_none());
    }

    #[test]
    fn a_climb_finds_the_moment_the_speed_and_the_place() {
        let truth = Alignment { query_s: 3.0, reference_s: 3.0, ..as_is() };
        let start = Alignment { reference_s: 3.13, speed: 1.03, reference_view: [0.06, 0.0, 1.0, 1.0], ..truth };
        let excerpt = excerpt(&truth, 10..50);
        let (found, score) = excerpt.refine(start, 0.05..1.0);
        assert!(score > 0.9 && score > excerpt.score(&start), "{score}");
        assert!((found.reference_s - 3.0).abs() < 0.03 && (found.speed - 1.0).abs() < 0.01, "{found:?}");
        assert!(found.reference_view[0].abs() < 0.03, "{found:?}");
    }

    #[test]
    fn a_score_is_less_for_less_of_the_picture_and_nothing_beyond_twice_the_speed() {
        let excerpt = excerpt(&as_is(), 10..50);
        let whole = excerpt.score(&as_is());
        assert_eq!(whole, excerpt.correlation(&as_is()));
        let quarter = Alignment { query_view: [0.0, 0.0, 0.5, 0.5], reference_view: [0.0, 0.0, 0.5, 0.5], ..as_is() };
        let quarter = Alignment { within: quarter.query_view, ..quarter };
        assert!((excerpt.score(&quarter) - excerpt.correlation(&quarter) * 0.25f64.sqrt().sqrt()).abs() < 1e-12);
        let at = |speed| excerpt.score(&Alignment { query_s: 3.0, reference_s: 3.0, speed, ..as_is() });
        assert!(at(0.451) != 0.0 && at(0.449) == 0.0 && at(2.19) != 0.0 && at(2.21) == 0.0);
    }

    /// Part of the query is part of the reference, twice as wide and half as high in fractions of their pictures.
    fn stretched() -> Alignment {
        Alignment { query_view: [0.1, 0.2, 0.5, 0.4], reference_view: [0.3, 0.1, 0.25, 0.8], ..as_is() }
    }

    #[test]
    fn either_axis_has_a_scale_of_its_own() {
        near(stretched().in_query([0.4, 0.5, 0.1, 0.2]), [0.3, 0.4, 0.2, 0.1]);
        let (query, reference) = stretched().shared().unwrap();
        near(query, [0.0, 0.15, 1.0, 0.5]);
        near(reference, [0.25, 0.0, 0.5, 1.0]);
        near(stretched().in_query(reference), query);
    }

    #[test]
    fn what_is_shared_is_measured_where_it_lies() {
        // At the end of the query's picture.
        let at_end = |start: f64| Alignment { reference_view: [-start, 0.0, 1.0, 1.0], ..as_is() }.shared();
        assert!(at_end(0.901).is_none() && at_end(0.899).is_some());
        // All of the reference, which is less than a tenth of the query.
        let large = |side| Alignment { reference_view: [0.0, 0.0, side, 1.0], ..as_is() }.shared();
        assert!(large(10.1).is_none() && large(9.9).is_some());
        // Less than a tenth of the query's side, and nine tenths of the reference's; and the other way round.
        let end_of = |start, side| Alignment { reference_view: [start, 0.0, side, 1.0], ..as_is() }.shared();
        assert!(end_of(-7.24, 8.0).is_none() && end_of(-7.1, 8.0).is_some());
        assert!(end_of(-0.425, 0.5).is_none() && end_of(-0.375, 0.5).is_some());
    }

    #[test]
    fn a_step_adds_to_where_an_alignment_is() {
        let from = Alignment { reference_s: 5.0, speed: 2.0, ..as_is() };
        let (moved, faster) = (from.changed(0, 2.0).reference_s, from.changed(1, 2.0).speed);
        assert!((moved - 5.4).abs() < 1e-12 && (faster - 2.24).abs() < 1e-12, "{moved} {faster}");
        assert!((from.changed(0, -2.0).reference_s - 4.6).abs() < 1e-12);
    }

    #[test]
    fn an_area_is_width_by_height_and_the_smaller_counts() {
        let area = |query: [f64; 2], reference: [f64; 2]| {
            smaller_area([0.1, 0.1, query[0], query[1]], [0.1, 0.1, reference[0], reference[1]])
        };
        assert!((area([0.5, 0.4], [0.9, 0.9]) - 0.2).abs() < 1e-12);
        assert!((area([0.9, 0.9], [0.3, 0.5]) - 0.15).abs() < 1e-12);
    }

    #[test]
    fn cells_between_two_samples_lie_between_theirs() {
        let reference = [0.0, 1.0, -1.0].map(|cell| [cell; CELLS * CELLS]).to_vec();
        let excerpt = Excerpt { query: Vec::new(), reference, first: 10, whitening: None, kept: RefCell::default() };
        let at = |seconds: f64| excerpt.reference_at(seconds).map(|cells| cells[7]);
        assert_eq!([0.99, 1.0, 1.1, 1.2, 1.21].map(at), [None, Some(0.0), Some(1.0), Some(-1.0), None]);
        let near = |seconds, expected: f32| assert!((at(seconds).unwrap() - expected).abs() < 1e-5, "{seconds}");
        near(1.025, 0.25);
        near(1.125, 0.5);
        near(1.175, -0.5);
    }

    #[test]
    fn the_first_samples_of_the_reference_tell_nothing_either() {
        let early = Alignment { query_s: 1.0, reference_s: 0.35, ..as_is() };
        let profile = excerpt(&early, 10..12).profile(&early);
        assert!(profile[0].unwrap().query == 0.0 && profile[1].unwrap().query > 10.0, "{profile:?}");
    }

    #[test]
    fn what_is_kept_gives_what_is_worked_out_anew() {
        let used = excerpt(&as_is(), 10..50);
        // In any order, and again after others: other times, speeds and maps, one that reaches outside, one that does not.
        let changes = (0..2 * CHANGES).chain([0, 3, 9, 1, 0]);
        let mut at = Alignment { query_s: 3.0, reference_s: 3.0, ..as_is() };
        for (i, change) in changes.enumerate() {
            let next = at.changed(change % CHANGES, if change < CHANGES { 0.3 } else { -0.4 });
            let anew = excerpt(&as_is(), 10..50).profile(&next).into_iter().flatten().sum::<InnerProducts>();
            assert_eq!(used.correlation(&next), anew.correlation(), "{next:?}");
            if i % 3 == 0 {
                at = next;
            }
        }
        assert_eq!(used.correlation(&Alignment { reference_view: [2.0, 0.0, 1.0, 1.0], ..at }), 0.0);
    }

    #[test]
    fn a_climb_finds_how_large_the_picture_is() {
        let excerpt = excerpt(&as_is(), 10..50);
        let start = as_is().with_axis(0, 0.0, 0.12).with_axis(1, 0.0, -0.1);
        let (found, _) = excerpt.refine(start, 0.05..1.0);
        let [_, _, width, height] = found.reference_view;
        assert!((width - 1.0).abs() < 0.03 && (height - 1.0).abs() < 0.03, "{found:?}");
    }
}
