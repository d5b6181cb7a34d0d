//! Hill climbing: from a start to the best candidate near it, in steps that get shorter.

use std::ops::{Add, Mul, Range};

/// Climbs from `start` to the highest `score` near it. Returns the best candidate and its score.
///
/// A round tries batch 0, 1, ... `batches - 1` with one step; `candidates(from, step, batch)` makes a batch out of the
/// best candidate so far. So a batch builds on what earlier batches gained, and the candidates within a batch do not. A
/// candidate replaces the best if its score is more than `least_gain` higher.
///
/// `steps` gives the step of the next round, or `None` to end. It is told the best score before and after the last
/// round, `None` before the first: [`halving`], [`listed`].
pub(crate) fn climb<T, S, C>(
    start: T,
    mut steps: impl FnMut(Option<[S; 2]>) -> Option<f64>,
    batches: usize,
    candidates: impl Fn(&T, f64, usize) -> C,
    least_gain: S,
    mut score: impl FnMut(&T) -> S,
) -> (T, S)
where
    T: Copy,
    S: Copy + PartialOrd + Add<Output = S>,
    C: IntoIterator<Item = T>,
{
    let mut best = (start, score(&start));
    let mut last_round = None;
    while let Some(step) = steps(last_round) {
        let before = best.1;
        for batch in 0..batches {
            for candidate in candidates(&best.0, step, batch) {
                let reached = score(&candidate);
                if reached > best.1 + least_gain {
                    best = (candidate, reached);
                }
            }
        }
        last_round = Some([before, best.1]);
    }
    best
}

/// Steps from the end of `range` down to its start, halved after each round that does not raise the score above
/// `least_growth` times what it was; at most `rounds` of them.
pub(crate) fn halving<S: Copy + PartialOrd + Mul<Output = S>>(
    range: Range<f64>,
    rounds: usize,
    least_growth: S,
) -> impl FnMut(Option<[S; 2]>) -> Option<f64> {
    let (mut step, mut rounds_left) = (range.end, rounds);
    move |last_round| {
        if last_round.is_some_and(|[before, after]| after <= before * least_growth) {
            step /= 2.0;
        }
        if step < range.start || rounds_left == 0 {
            return None;
        }
        rounds_left -= 1;
        Some(step)
    }
}

/// These steps, one round each.
pub(crate) fn listed<S>(steps: &[f64]) -> impl FnMut(Option<[S; 2]>) -> Option<f64> {
    let mut steps = steps.iter();
    move |_| steps.next().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One number, moved up, then down.
    fn up_and_down(from: &f64, step: f64, batch: usize) -> [f64; 1] {
        [from + if batch == 0 { step } else { -step }]
    }

    fn steps_of(steps: impl FnMut(Option<[f64; 2]>) -> Option<f64>, rounds: &[[f64; 2]]) -> Vec<Option<f64>> {
        std::iter::once(None).chain(rounds.iter().copied().map(Some)).map(steps).collect()
    }

    #[test]
    fn the_top_of_a_parabola_is_found_to_the_last_step() {
        let (top, score) =
            climb(0.0, halving(0.01..1.0, usize::MAX, 1.0), 2, up_and_down, 0.0, |x| -(x - 3.3) * (x - 3.3));
        assert!((top - 3.3f64).abs() < 0.01 && score > -1e-4, "{top} {score}");
    }

    #[test]
    fn a_step_is_halved_only_after_a_round_without_growth() {
        let rounds = [[1.0, 1.1], [1.1, 1.1], [1.1, 1.102], [1.102, 1.2], [1.2, 1.2]];
        let expected = [Some(1.0), Some(1.0), Some(0.5), Some(0.25), Some(0.25), None];
        assert_eq!(steps_of(halving(0.2..1.0, 99, 1.002), &rounds), expected);
        // At exactly the least growth it is halved as well, and the last step is still taken.
        assert_eq!(steps_of(halving(0.5..1.0, 99, 2.0), &[[1.0, 2.0], [2.0, 4.0]]), [Some(1.0), Some(0.5), None]);
    }

    #[test]
    fn rounds_are_counted() {
        let growing = [[1.0, 2.0], [2.0, 3.0]];
        assert_eq!(steps_of(halving(0.1..1.0, 2, 1.0), &growing), [Some(1.0), Some(1.0), None]);
        assert_eq!(steps_of(listed(&[0.3, 0.2]), &growing), [Some(0.3), Some(0.2), None]);
    }

    #[test]
    fn only_more_than_the_least_gain_is_taken() {
        let reached = |least_gain| climb(0.0, listed(&[1.0]), 2, up_and_down, least_gain, |x| x / 2.0).0;
        assert_eq!(reached(0.5), 0.0);
        assert_eq!(reached(0.499), 1.0);
    }

    #[test]
    fn batches_build_on_each_other_and_candidates_of_one_do_not() {
        let two_up = |from: &f64, step: f64, _: usize| [from + step, from + 1.5 * step];
        assert_eq!(climb(0.0, listed(&[1.0]), 1, two_up, 0.0, |x| *x).0, 1.5);
        assert_eq!(climb(0.0, listed(&[1.0]), 2, two_up, 0.0, |x| *x).0, 3.0);
    }
}
