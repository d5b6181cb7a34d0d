//! From a short stretch that agrees to all of it: where agreement begins and ends, and what evidence there is.

use super::align::{Alignment, Excerpt, InnerProducts, smaller_area};
use super::clock::{middle_s, seconds};
use super::evidence::{FAR_MOMENT_S, LEAST_REPEATED, Match, NEUTRAL_CORRELATION, OTHER_MOMENT_S, REPEATED};
use super::hypotheses;
use super::orientation::Orientation;
use super::result::View;
use super::track::{Cells, ENTRY_CELLS, Track, cells_of, product, sources_of};
use super::whiten::Whitening;
use crate::hash::motion::{RATE_HZ, STEP, Sample};
use crate::ranked::highest_first;
use std::ops::Range;

/// Two motion signatures; the query is the shorter.
#[derive(Clone, Copy)]
pub(super) struct Signatures<'a> {
    pub query: &'a [Sample],
    pub reference: &'a [Sample],
    /// Width over height of the query's picture, and of the reference's, pixels.
    pub shapes: [f64; 2],
}

/// An end is not trimmed if its mean energy is below this share of what is kept: in what hardly moves noise has a large
/// share, so that it agrees less tells nothing. By trial.
const FAINT_END: f64 = 0.5;
/// Energy of a moment that is not counted against it: a few cells that noise moves. An entry in which one cell of 64
/// moves has 5.7. By trial.
pub(super) const NOISE_ENERGY: f64 = 1.5;
/// The shortest match, samples: 1 s. By trial.
const LEAST_SAMPLES: usize = 10;
/// Other maps that a match is grown under. Bounds work.
const MAPS: usize = 3;
/// Samples that a refinement looks at. Bounds work.
const MOST_REFINED: usize = 100;
/// Samples that a refinement of whitened entries looks at. Bounds work.
const MOST_WHITENED: usize = 60;
/// Samples that are looked at under every map. Bounds work.
const MOST_UNDER_ALL_MAPS: usize = 50;
/// Reference around a match that refinement may move it to, seconds. By trial.
const MARGIN_S: f64 = 2.0;
/// Steps of the refinements between which a match grows: from coarse to fine. By trial.
const GROWTH_STEPS: [Range<f64>; 2] = [0.12..0.5, 0.03..0.25];
/// Steps of the refinement under another map, which starts where the map is at most a grid cell off. By trial.
const MAP_STEPS: Range<f64> = 0.1..1.0;
/// How often a match is trimmed at most; a trimmed match correlates better, so more of it may have to go. Bounds work.
const MOST_TRIMS: usize = 3;
/// Entries of a match that are compared with other moments. Bounds work.
const MOST_ELSEWHERE: usize = 80;
/// Samples between two that are looked at, of a match and of other moments. Bounds work: entries share three quarters
/// of their time with the next.
const ELSEWHERE_STEP: usize = 2;
/// Another moment counts if at least this share of the entries have one in the reference: 3 of 5. By trial.
const LEAST_INSIDE: (usize, usize) = (3, 5);
/// A match reaches to the end of its bounds if its gain there is at least this share of the best ... By trial.
const NEARLY_BEST: f64 = 0.98;
/// ... less this: a little noise at the end of a clip does not end what agrees. By trial.
const NOISE_GAIN: f64 = 3.0;
/// Keeps quotients from being none, energy. Chosen: acts only if nothing moves at all.
const LEAST_ENERGY: f64 = 1e-9;

impl<'a> Signatures<'a> {
    /// How much wider for its height the reference's picture is than the query's, in an orientation.
    pub fn relative_width(&self, orientation: Orientation) -> f64 {
        let [query, reference] = self.shapes;
        if orientation.quarters.is_multiple_of(2) { reference / query } else { 1.0 / (reference * query) }
    }

    /// Samples of the query, and of the reference.
    pub fn lengths(&self) -> [usize; 2] {
        [self.query.len(), self.reference.len()]
    }

    /// The samples of a match, not too many.
    pub fn excerpt_of(&self, found: &Match) -> Excerpt {
        self.excerpt(&found.alignment, found.range.clone(), MOST_REFINED, MARGIN_S)
    }

    fn excerpt(&self, alignment: &Alignment, range: Range<usize>, most: usize, margin_s: f64) -> Excerpt {
        let step = range.len().div_ceil(most).max(1);
        Excerpt::new(self.query, self.reference, alignment, range, step, margin_s)
    }

    /// Refines `alignment` on `range` of the query, looking at `most` samples. Returns its score as well.
    pub fn refine(
        &self,
        alignment: &Alignment,
        range: Range<usize>,
        most: usize,
        steps: Range<f64>,
    ) -> (Alignment, f64) {
        let start = alignment.about(middle_s(&range));
        self.excerpt(alignment, range, most, MARGIN_S).refine(start, steps)
    }

    /// `alignment`, refined on all of the overlap, and the samples of that. `None` if it is shorter than a second.
    pub fn over_overlap(&self, alignment: Alignment) -> Option<(Alignment, Range<usize>)> {
        let last_s = seconds(self.reference.len().saturating_sub(1));
        let sample = |at_s: f64| (alignment.query_time(at_s) * f64::from(RATE_HZ)).round().max(0.0) as usize;
        let range = sample(0.0)..sample(last_s).min(self.query.len());
        if range.len() < LEAST_SAMPLES {
            return None;
        }
        Some((self.refine(&alignment, range.clone(), MOST_UNDER_ALL_MAPS, GROWTH_STEPS[0].clone()).0, range))
    }

    /// Refines `alignment` on `range` of the query with whitened entries.
    pub fn refine_whitened(&self, alignment: &Alignment, range: Range<usize>, whitening: &Whitening) -> Alignment {
        let start = alignment.about(middle_s(&range));
        let excerpt = self.excerpt(alignment, range, MOST_WHITENED, MARGIN_S).whitened(whitening);
        excerpt.refine(start, GROWTH_STEPS[1].clone()).0
    }

    /// How well the motion around a moment of the query, seconds, correlates; `None` if it does not move on both sides.
    pub fn correlation_at(&self, alignment: &Alignment, seconds: f64) -> Option<f64> {
        let sample = (seconds * f64::from(RATE_HZ)).round().max(0.0) as usize;
        let around = sample.saturating_sub(STEP / 2)..(sample + STEP / 2).min(self.query.len());
        let products: InnerProducts = self.profile(alignment, around).into_iter().flatten().sum();
        let moves = products.query.min(products.reference) > NOISE_ENERGY * STEP as f64;
        moves.then(|| products.both / (products.query * products.reference).sqrt())
    }

    /// How each sample within `bounds` agrees with its moment; `None` if that lies outside the reference.
    pub fn profile(&self, alignment: &Alignment, bounds: Range<usize>) -> Vec<Option<InnerProducts>> {
        self.excerpt(alignment, bounds, usize::MAX, 0.0).profile(alignment)
    }

    /// Grows a refined seed around `middle` to the whole stretch that agrees within `bounds`, all samples of the query.
    /// `None` if that is shorter than a second.
    pub fn grow(&self, mut alignment: Alignment, middle: usize, bounds: &Range<usize>) -> Option<Match> {
        let mut range = extent(&self.profile(&alignment, bounds.clone()), middle, bounds, against_chance)?;
        for steps in GROWTH_STEPS {
            alignment = self.refine(&alignment, range.clone(), MOST_REFINED, steps).0;
            let middle = middle.clamp(range.start, range.end - 1);
            range = extent(&self.profile(&alignment, bounds.clone()), middle, bounds, against_chance)?;
        }
        self.measured(alignment, range)
    }

    /// The same match under the best map there is: growth may have climbed to the wrong one.
    pub fn with_best_map(&self, found: Match) -> Match {
        let excerpt = self.excerpt(&found.alignment, found.range.clone(), MOST_UNDER_ALL_MAPS, MARGIN_S);
        let under =
            |&(query_view, reference_view): &(View, View)| Alignment { query_view, reference_view, ..found.alignment };
        let maps: Vec<(f64, Alignment)> =
            hypotheses::view_pairs().iter().map(under).map(|map| (excerpt.score(&map), map)).collect();
        let maps = highest_first(maps, |map| map.0);
        let middle = (found.range.start + found.range.end) / 2;
        let grown = maps[..MAPS].iter().filter_map(|&(_, map)| {
            let map = excerpt.refine(map, MAP_STEPS).0;
            self.grow(map, middle, &(0..self.query.len()))
        });
        let best =
            grown.chain([found.clone()]).max_by(|a, b| a.unweighted_evidence().total_cmp(&b.unweighted_evidence()));
        best.unwrap_or(found)
    }

    /// The part of a match that agrees about as well as all of it: growth goes on for a while where motion is merely
    /// similar, as behind a jump cut in the same scene.
    pub fn trimmed(&self, mut found: Match) -> Match {
        for _ in 0..MOST_TRIMS {
            let limit = found.neutral_correlation();
            let profile = self.profile(&found.alignment, found.range.clone());
            let gain = |at: &Option<InnerProducts>| at.map(|at| gain(&at, limit));
            let best = best_run(profile.iter().map(|at| gain(at).unwrap_or(0.0)));
            let middle = found.range.start + (best.start + best.end) / 2;
            let Some(kept) = extent(&profile, middle, &found.range, gain) else { break };
            let [first, last] = [kept.start, kept.end].map(|at| at - found.range.start);
            let least = FAINT_END * mean_energy(&profile[first..last]);
            let start = if mean_energy(&profile[..first]) < least { found.range.start } else { kept.start };
            let end = if mean_energy(&profile[last..]) < least { found.range.end } else { kept.end };
            let range = start..end;
            if range == found.range {
                break;
            }
            let Some(trimmed) = self.measured(found.alignment, range) else { break };
            found = trimmed;
        }
        found
    }

    /// `range` under `alignment` as a match, with what speaks for it. `None` if the pictures share nothing.
    pub fn measured(&self, alignment: Alignment, range: Range<usize>) -> Option<Match> {
        let (query, reference) = alignment.shared()?;
        let all = self.profile(&alignment, 0..self.query.len());
        let inside: Vec<InnerProducts> = all[range.clone()].iter().flatten().copied().collect();
        let products: InnerProducts = inside.iter().copied().sum();
        let comparable: InnerProducts = all.into_iter().flatten().sum();
        Some(Match {
            correlation: products.correlation(),
            moments: independent_moments(&inside),
            coverage: products.query / comparable.query.max(LEAST_ENERGY),
            area: smaller_area(query, reference),
            elsewhere: self.elsewhere(&alignment, &range),
            alignment,
            range,
        })
    }

    /// The highest correlation of the same stretch, under the same map and speed, with other moments of the reference
    /// not too far away; 0 if there are none.
    fn elsewhere(&self, alignment: &Alignment, range: &Range<usize>) -> f64 {
        let Some((query_view, reference_view)) = alignment.shared() else { return 0.0 };
        let step = range.len().div_ceil(MOST_ELSEWHERE).max(ELSEWHERE_STEP);
        let [near, far] = [OTHER_MOMENT_S, FAR_MOMENT_S].map(|distance_s| (distance_s * f64::from(RATE_HZ)) as i64);
        let query = Track::new(unpack(&self.query[range.clone()], step, Orientation::AS_IS), query_view);
        let position = |sample: usize| (alignment.reference_time(seconds(sample)) * f64::from(RATE_HZ)).round() as i64;
        let sample = |position: i64| (position.max(0) as usize).min(self.reference.len());
        let around = sample(position(range.start) - far)..sample(position(range.end) + far);
        let first = around.start as i64;
        let reference = Track::new(unpack(&self.reference[around], 1, alignment.orientation), reference_view);
        let positions: Vec<i64> =
            (0..query.entries.len()).map(|row| position(range.start + row * step) - first).collect();
        let last = reference.entries.len() as i64;
        let (first_position, last_position) = (positions[0], positions[positions.len() - 1]);
        let mut others: Vec<(i64, f64)> = (-last_position..last - first_position)
            .step_by(ELSEWHERE_STEP)
            .filter(|shift| shift.abs() >= near)
            .map(|shift| (shift, correlation_at(&query, &reference, &positions, shift)))
            .collect();
        // Where the reference shows the same again, it is no other moment.
        while let Some(&(shift, correlation)) = others.iter().max_by(|a, b| a.1.total_cmp(&b.1)) {
            if correlation <= 0.0 || !is_repeated(&reference, &positions, shift) {
                return correlation.max(0.0);
            }
            others.retain(|(other, _)| (other - shift).abs() >= near);
        }
        0.0
    }
}

/// How many independent moments agreement rests on: the participation ratio of the energies, in the signature's steps,
/// because neighbouring entries share most of their time.
fn independent_moments(entries: &[InnerProducts]) -> f64 {
    let both: f64 = entries.iter().map(|at| (at.query * at.reference).sqrt()).sum();
    let squares: f64 = entries.iter().map(|at| at.query * at.reference).sum();
    both * both / squares.max(LEAST_ENERGY) / STEP as f64
}

/// Every `step`-th of `samples`, unpacked and oriented.
pub(super) fn unpack(samples: &[Sample], step: usize, orientation: Orientation) -> impl Iterator<Item = Cells> {
    let sources = sources_of(orientation);
    samples.iter().step_by(step).map(move |sample| cells_of(sample, &sources))
}

/// The correlation of all entries of `query` with the reference's at `positions` moved by `shift`; 0 if too few lie
/// inside.
fn correlation_at(query: &Track, reference: &Track, positions: &[i64], shift: i64) -> f64 {
    let rows = positions.iter().enumerate();
    let inside = rows.filter_map(|(row, &at)| Some((row, reference.entry_at(at + shift)?))).collect();
    correlation_of(query, reference, inside, positions.len())
}

/// Whether the reference shows the same at `positions` and `shift` samples later, or one more or less.
fn is_repeated(reference: &Track, positions: &[i64], shift: i64) -> bool {
    let correlation = |shift: i64| {
        let again = |&at: &i64| Some((reference.entry_at(at)?, reference.entry_at(at + shift)?));
        correlation_of(reference, reference, positions.iter().filter_map(again).collect(), positions.len())
    };
    let lasts = positions[positions.len() - 1] - positions[0];
    lasts >= LEAST_REPEATED && (shift - 1..=shift + 1).any(|shift| correlation(shift) >= REPEATED)
}

/// The correlation of pairs of entries of `a` and `b`; 0 if they are too few of `all`.
fn correlation_of(a: &Track, b: &Track, pairs: Vec<(usize, usize)>, all: usize) -> f64 {
    if pairs.len() * LEAST_INSIDE.1 < all * LEAST_INSIDE.0 {
        return 0.0;
    }
    let products = |(one, other): (usize, usize)| {
        let (of_a, of_b): (&[i16; ENTRY_CELLS], _) = (&a.entries[one], &b.entries[other]);
        InnerProducts {
            both: product(of_a, of_b).into(),
            query: a.energies[one].into(),
            reference: b.energies[other].into(),
        }
    };
    pairs.into_iter().map(products).sum::<InnerProducts>().correlation()
}

/// The stretch around `middle` whose gain sums to the most, within `bounds`, of which `profile` is. It ends where
/// `gain` is `None`. `None` if it is too short, or `middle` lies before the bounds.
fn extent(
    profile: &[Option<InnerProducts>],
    middle: usize,
    bounds: &Range<usize>,
    gain: impl Fn(&Option<InnerProducts>) -> Option<f64>,
) -> Option<Range<usize>> {
    let (before, after) = profile.split_at(middle.checked_sub(bounds.start)?.min(profile.len()));
    let start = middle - best_prefix(before.iter().rev().map(&gain));
    let end = middle + best_prefix(after.iter().map(&gain));
    (end - start >= LEAST_SAMPLES).then_some(start..end)
}

/// How much a moment speaks for being the same, energy; motion that correlates by `neutral` says nothing, and what
/// moves on one side only speaks against.
fn gain(at: &InnerProducts, neutral: f64) -> f64 {
    at.both - neutral * (energy(at) - NOISE_ENERGY).max(0.0)
}

/// The same, beside what chance gives.
fn against_chance(at: &Option<InnerProducts>) -> Option<f64> {
    at.map(|at| gain(&at, NEUTRAL_CORRELATION))
}

/// How much moves at a moment: the mean energy of both sides.
fn energy(at: &InnerProducts) -> f64 {
    (at.query + at.reference) / 2.0
}

/// The mean energy of a stretch, moments outside the reference counting as still; 0 if it is empty.
fn mean_energy(profile: &[Option<InnerProducts>]) -> f64 {
    profile.iter().flatten().map(energy).sum::<f64>() / profile.len().max(1) as f64
}

/// The run of values whose sum is largest; the first of several, and empty if no sum is above 0.
pub(super) fn best_run(values: impl Iterator<Item = f64>) -> Range<usize> {
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

/// How many of the leading values to take so that their sum is largest; all, if that is nearly as large. Ends at the
/// first `None`.
fn best_prefix(gains: impl Iterator<Item = Option<f64>>) -> usize {
    let (mut sum, mut best, mut length, mut all) = (0f64, 0f64, 0, 0);
    for gain in gains.map_while(|gain| gain) {
        sum += gain;
        all += 1;
        if sum >= best {
            (best, length) = (sum, all);
        }
    }
    if sum >= best * NEARLY_BEST - NOISE_GAIN { all } else { length }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{as_is, motion};
    use super::*;

    fn signatures<'a>(query: &'a [Sample], reference: &'a [Sample]) -> Signatures<'a> {
        Signatures { query, reference, shapes: [1.0, 1.0] }
    }

    fn at(both: f64, query: f64, reference: f64) -> InnerProducts {
        InnerProducts { both, query, reference }
    }

    #[test]
    fn a_run_is_the_one_with_the_largest_sum() {
        let best = |values: &[f64]| best_run(values.iter().copied());
        assert_eq!(best(&[-1.0, 2.0, -1.0, 3.0, -9.0, 3.5]), 1..4);
        assert_eq!(best(&[2.0, -2.0, 1.0, 1.0]), 0..1);
        assert_eq!(best(&[-1.0, 0.0]), 0..0);
    }

    #[test]
    fn a_little_noise_at_the_end_does_not_end_what_agrees() {
        let best = |values: &[f64]| best_prefix(values.iter().copied().map(Some));
        // 0.98 of 100, less 3, is 95.
        assert_eq!(best(&[100.0, -5.0]), 2);
        assert_eq!(best(&[100.0, -5.01]), 1);
        assert_eq!(best(&[100.0, -50.0, 46.0]), 3);
        assert_eq!(best_prefix([Some(1.0), None, Some(9.0)].into_iter()), 1);
        assert_eq!(best(&[1.0, 0.0]), 2);
    }

    #[test]
    fn a_stretch_lasts_a_second_at_least() {
        let extent_of = |length: usize, middle: usize| {
            let profile = vec![Some(at(9.0, 9.0, 9.0)); length];
            extent(&profile, middle, &(100..100 + length), against_chance)
        };
        assert_eq!(extent_of(10, 104), Some(100..110));
        assert_eq!(extent_of(9, 104), None);
        assert_eq!(extent_of(10, 99), None);
        let mut broken = vec![Some(at(9.0, 9.0, 9.0)); 30];
        broken[5] = None;
        assert_eq!(extent(&broken, 15, &(0..30), against_chance), Some(6..30));
    }

    #[test]
    fn what_moves_on_one_side_only_speaks_against_and_noise_does_not() {
        assert_eq!(gain(&at(0.0, 3.0, 0.0), 0.3), 0.0);
        assert_eq!(gain(&at(0.0, 13.0, 10.0), 0.3), -3.0);
        assert_eq!(against_chance(&Some(at(3.0, 11.5, 11.5))), Some(0.0));
        assert_eq!(
            (against_chance(&None), mean_energy(&[None, Some(at(0.0, 3.0, 1.0))]), mean_energy(&[])),
            (None, 1.0, 0.0)
        );
    }

    #[test]
    fn moments_are_counted_by_how_evenly_energy_is_spread() {
        // Eight entries share the time of two steps.
        assert_eq!(independent_moments(&[at(1.0, 4.0, 9.0); 8]), 2.0);
        let mut one_loud = [at(0.0, 0.0, 0.0); 8];
        one_loud[3] = at(5.0, 7.0, 7.0);
        assert_eq!(independent_moments(&one_loud), 0.25);
        assert_eq!(independent_moments(&[at(0.0, 0.0, 0.0); 8]), 0.0);
    }

    #[test]
    fn a_copy_grows_to_its_ends() {
        let (query, reference) = (motion(300..400), motion(0..500));
        let truth = Alignment { reference_s: 30.0, ..as_is() };
        let found = signatures(&query, &reference).grow(truth, 50, &(0..100)).unwrap();
        assert_eq!(found.range, 0..100);
        assert!(found.correlation > 0.95 && found.coverage > 0.99 && found.area > 0.95, "{found:?}");
        assert!(found.elsewhere > 0.0 && found.elsewhere < 0.5 && found.moments > 10.0, "{found:?}");
        assert!(
            signatures(&query, &reference).grow(as_is(), 50, &(0..100)).is_none_or(|found| found.correlation < 0.5)
        );
    }

    #[test]
    fn motion_that_recurs_is_seen_elsewhere() {
        // What comes again is like it, or the very same.
        let like = |share: usize| {
            let (mut again, other) = (motion(0..60), motion(4000..4060));
            again.iter_mut().zip(&other).for_each(|(again, other)| again[share..].copy_from_slice(&other[share..]));
            let reference: Vec<Sample> = motion(0..100).into_iter().chain(again).collect();
            signatures(&motion(0..60), &reference).grow(as_is(), 30, &(0..60)).unwrap().elsewhere
        };
        assert!((0.5..0.8).contains(&like(40)) && like(64) < 0.2, "{} {}", like(40), like(64));
        let (query, reference) = (motion(0..60), motion(0..100));
        // Nearer than a second and a half it is the same moment, and with two of five entries inside it does not count.
        let [query, reference] = [(&query, 2), (&reference, 1)]
            .map(|(motion, step)| Track::new(unpack(motion, step, Orientation::AS_IS), hypotheses::WHOLE));
        let positions: Vec<i64> = (0..30).map(|row| 2 * row).collect();
        assert!(correlation_at(&query, &reference, &positions, 0) > 0.95);
        let inside = |count: i64| correlation_at(&query, &reference, &positions, 100 - 2 * count + 1);
        assert!(inside(18) != 0.0 && inside(17) == 0.0);
    }

    #[test]
    fn a_match_is_trimmed_where_it_agrees_much_less_than_all_of_it() {
        // Behind a cut at 10 s, a quarter of the rows goes on as before.
        let reference = motion(0..200);
        let mut query = reference[..130].to_vec();
        let other = motion(900..1030);
        for (sample, other) in query[100..].iter_mut().zip(&other[100..]) {
            sample.iter_mut().zip(other).enumerate().for_each(|(i, (byte, other))| {
                if i % 16 >= 4 {
                    *byte = *other;
                }
            });
        }
        let signatures = signatures(&query, &reference);
        let whole = signatures.measured(as_is(), 0..130).unwrap();
        assert_eq!(signatures.trimmed(whole).range, 0..100);
        let exact = signatures.measured(as_is(), 0..100).unwrap();
        assert_eq!(signatures.trimmed(exact).range, 0..100);
    }

    #[test]
    fn a_moment_correlates_if_both_sides_move() {
        let (query, mut reference) = (motion(0..60), motion(0..60));
        reference[40..].fill([0; crate::hash::motion::SAMPLE_BYTES]);
        let correlation = |seconds| signatures(&query, &reference).correlation_at(&as_is(), seconds);
        assert!(correlation(2.0).unwrap() > 0.999);
        assert_eq!((correlation(5.0), correlation(90.0)), (None, None));
    }

    #[test]
    fn the_map_is_found_again_from_another_one() {
        let (query, reference) = (motion(20..120), motion(0..150));
        let signatures = signatures(&query, &reference);
        let view = [0.0, 0.0, 0.9, 0.9];
        let off = Alignment { reference_s: 2.0, query_view: view, ..as_is() };
        let found = signatures.measured(off, 0..100).unwrap();
        let best = signatures.with_best_map(found.clone());
        assert!(best.unweighted_evidence() > found.unweighted_evidence() && best.correlation > 0.95, "{best:?}");
        let (_, shared) = best.alignment.shared().unwrap();
        assert!(shared[2] > 0.97 && shared[3] > 0.97, "{shared:?}");
    }
}
