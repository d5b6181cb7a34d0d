//! Stretches that go on from one another, as one run: a window that pans, or a zoom, has a view for each of its stretches.

use super::views::size;
use crate::compare::{SAME_SPEED, Segment, Side, View};

/// Ends this near to each other are one moment, seconds. Chosen: ends are found to 0.3 s.
const JOINS_S: f64 = 0.5;
/// A view moves if its middle does by more than this, in fractions of the picture. Chosen: views are found to 0.05.
const MOVES: f64 = 0.1;
/// A view grows or shrinks if a side does by more than this, in fractions of the picture. Chosen: as [`MOVES`].
const GROWS: f64 = 0.1;

/// Stretches in the order of A, each of which goes on where the one before it ends.
pub(super) struct Run<'a>(Vec<&'a Segment>);

impl<'a> Run<'a> {
    /// The stretches of an answer, as runs.
    pub fn all(segments: &'a [Segment]) -> Vec<Self> {
        let mut runs: Vec<Self> = Vec::new();
        for segment in segments {
            match runs.iter_mut().find(|run| go_on(run.0[run.0.len() - 1], segment)) {
                Some(run) => run.0.push(segment),
                None => runs.push(Self(Vec::from([segment]))),
            }
        }
        runs
    }

    /// All of it as one stretch, with the view of the longest part and the mean score.
    pub fn as_one(&self) -> Segment {
        let seconds = |segment: &Segment| segment.a[1] - segment.a[0];
        let longest = self
            .0
            .iter()
            .fold(self.0[0], |longest, part| if seconds(part) > seconds(longest) { part } else { longest });
        let span = |of: fn(&Segment) -> [f64; 2]| {
            let ends = self.0.iter().map(|part| of(part));
            ends.fold([f64::INFINITY, f64::NEG_INFINITY], |all, part| [all[0].min(part[0]), all[1].max(part[1])])
        };
        let weighted: f64 = self.0.iter().map(|part| part.score * seconds(part)).sum();
        let score = weighted / self.length_s().max(f64::MIN_POSITIVE);
        Segment { a: span(|part| part.a), b: span(|part| part.b), score, ..longest.clone() }
    }

    /// How long it is in A, seconds.
    pub fn length_s(&self) -> f64 {
        self.0.iter().map(|part| part.a[1] - part.a[0]).sum()
    }

    /// In how many views it is told.
    pub fn views(&self) -> usize {
        self.0.len()
    }

    /// How the view of a side changes on the way, in words. `None` if it does not.
    pub fn change(&self, side: Side) -> Option<String> {
        let view = |segment: &&Segment| if side == Side::A { segment.a_view } else { segment.b_view };
        let differ = |by: fn(View, usize) -> f64| {
            let along = |axis: usize| {
                let all = self.0.iter().map(|segment| by(view(segment), axis));
                all.clone().fold(f64::NEG_INFINITY, f64::max) - all.fold(f64::INFINITY, f64::min)
            };
            along(0).max(along(1))
        };
        if differ(|view, axis| view[axis + 2]) > GROWS {
            return Some("a part that changes its size".to_owned());
        }
        let moves = differ(|view, axis| view[axis] + view[axis + 2] / 2.0) > MOVES;
        moves.then(|| format!("a window that moves, {}", size(view(&self.0[0]))))
    }
}

/// Whether one stretch goes on where another ends, in both videos, at the same speed and seen alike.
fn go_on(before: &Segment, after: &Segment) -> bool {
    let from_b = if before.backwards { [before.b[0], after.b[1]] } else { [before.b[1], after.b[0]] };
    let are_near = |[end, start]: [f64; 2]| (end - start).abs() <= JOINS_S;
    let are_alike = (before.mirrored, before.turned, before.backwards, before.negative)
        == (after.mirrored, after.turned, after.backwards, after.negative);
    let have_one_speed = (after.speed / before.speed - 1.0).abs() <= SAME_SPEED;
    are_near([before.a[1], after.a[0]]) && are_near(from_b) && are_alike && have_one_speed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::testing::six_seconds;

    fn stretch(a: [f64; 2], later_s: f64, b_view: View) -> Segment {
        Segment { a, b: a.map(|at| at + later_s), score: a[1] / 10.0, b_view, ..six_seconds() }
    }

    const LEFT: View = [0.0, 0.0, 0.3, 1.0];
    const RIGHT: View = [0.7, 0.0, 0.3, 1.0];

    #[test]
    fn what_goes_on_is_one_run_and_a_cut_parts_it() {
        let segments =
            [stretch([0.0, 4.0], 5.0, LEFT), stretch([4.1, 6.1], 5.0, RIGHT), stretch([6.1, 9.0], 8.0, LEFT)];
        let runs = Run::all(&segments);
        assert_eq!(runs.iter().map(Run::views).collect::<Vec<_>>(), [2, 1]);
        let one = runs[0].as_one();
        assert_eq!((one.a, one.b, one.b_view), ([0.0, 6.1], [5.0, 11.1], LEFT));
        assert!((one.score - (4.0 * 0.4 + 2.0 * 0.61) / 6.0).abs() < 1e-9 && (runs[0].length_s() - 6.0).abs() < 1e-9);
        let faster = Segment { speed: 1.1, ..segments[1].clone() };
        let backwards = Segment { backwards: true, ..segments[1].clone() };
        for other in [faster, backwards] {
            assert_eq!(Run::all(&[segments[0].clone(), other]).len(), 2);
        }
    }

    #[test]
    fn what_is_played_backwards_goes_on_towards_the_start_of_b() {
        let [first, second] = [([0.0, 4.0], [6.0, 10.0]), ([4.0, 6.0], [4.0, 6.0])].map(|(a, b)| Segment {
            b,
            backwards: true,
            ..stretch(a, 0.0, LEFT)
        });
        assert_eq!(Run::all(&[first, second])[0].as_one().b, [4.0, 10.0]);
    }

    #[test]
    fn a_window_moves_a_zoom_changes_its_size_and_errors_are_neither() {
        let change = |other: View| {
            let segments = [stretch([0.0, 4.0], 0.0, LEFT), stretch([4.0, 6.0], 0.0, other)];
            Run::all(&segments)[0].change(Side::B)
        };
        assert_eq!(change(RIGHT).as_deref(), Some("a window that moves, 30 % of the width"));
        assert_eq!(change([0.0, 0.0, 0.5, 1.0]).as_deref(), Some("a part that changes its size"));
        assert_eq!(change([0.05, 0.0, 0.35, 1.0]), None);
        assert_eq!(Run::all(&[stretch([0.0, 4.0], 0.0, LEFT)])[0].change(Side::A), None);
    }
}
