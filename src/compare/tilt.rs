//! Pictures that are turned by a few degrees: the query's motion as it would be if its picture stood straight.
//! docs/accuracy/method.md, step 10.

use super::align::Alignment;
use super::evidence::Match;
use super::orientation::Orientation;
use super::resample::Resampling;
use super::segment::Signatures;
use crate::hash::motion::Sample;
use crate::picture::shrink::CELLS;
use std::ops::Range;

/// Degrees that are tried at first, apart from none. By trial: beside each, up to 7 more are found.
const TURNS: [f64; 5] = [0.0, -8.0, 8.0, -15.0, 15.0];
/// Degrees by which the best of these is turned further to either side, one after the other. By trial.
const TURN_STEPS: [f64; 6] = [4.0, 4.0, 2.0, 2.0, 1.0, 1.0];
/// Steps of the refinement of the map under each. By trial.
const MAP_STEPS: Range<f64> = 0.12..0.5;
/// A tilt is told if the picture agrees so many times as well without it. By trial: footage that is not turned gains at most
/// 1.10 (shake, zoom), a turn by 8 degrees 1.05 to 1.47; docs/accuracy/method.md, step 10.
const LEAST_GAIN: f64 = 1.1;
/// Fewer degrees are within the error of a map. By trial.
const LEAST_DEGREES: f64 = 3.0;
/// What agrees less tells no tilt. By trial: a filmed monitor, 0.14, seemed turned.
const LEAST_SCORE: f64 = 0.25;
/// By how much a picture is turned, clockwise, and about which point of it, in fractions of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tilt {
    pub degrees: f64,
    about: [f64; 2],
}

impl Tilt {
    /// The tilt of the query's picture under which a match agrees clearly better; `None` if there is none.
    pub fn of(signatures: &Signatures, found: &Match) -> Option<Self> {
        let excerpt = signatures.excerpt_of(found);
        let ([x, y, width, height], _) = found.alignment.shared()?;
        let turned = |degrees: f64| Self { degrees, about: [x + width / 2.0, y + height / 2.0] };
        let refined = |degrees: f64, map: Alignment| {
            let resampling = turned(degrees).resampling(signatures.shapes[0]);
            let straight = excerpt.with_query(|cells| resampling.cells(cells));
            let (map, score) = straight.refine(map, MAP_STEPS);
            (degrees, map, score)
        };
        let none = refined(0.0, found.alignment);
        // Nothing agrees better than wholly.
        if none.2 < LEAST_SCORE || none.2 * LEAST_GAIN > 1.0 {
            return None;
        }
        let better =
            |best: (f64, Alignment, f64), other: (f64, Alignment, f64)| if other.2 > best.2 { other } else { best };
        let mut best = TURNS.into_iter().map(|degrees| refined(degrees, found.alignment)).fold(none, better);
        for step in TURN_STEPS {
            best = [step, -step].into_iter().map(|step| refined(best.0 + step, best.1)).fold(best, better);
        }
        (best.2 >= LEAST_GAIN * none.2 && best.0.abs() >= LEAST_DEGREES).then(|| turned(best.0))
    }

    /// For a picture of this width over height.
    fn resampling(self, shape: f64) -> Resampling {
        let radians = self.degrees.to_radians();
        let (sin, cos) = (libm::sin(radians), libm::cos(radians));
        let middle = self.about;
        Resampling::of(|[x, y]| {
            let [x, y] = [(x - middle[0]) * shape, y - middle[1]];
            let there = [middle[0] + (x * cos - y * sin) / shape, middle[1] + x * sin + y * cos];
            let is_inside = there.iter().all(|at| (0.0..1.0).contains(at));
            let [column, row] = there.map(|at| (at * CELLS as f64) as usize);
            is_inside.then_some(row * CELLS + column)
        })
    }

    /// Samples of such a picture, of this width over height, as they would be if it stood straight.
    pub fn straightened(self, samples: &[Sample], shape: f64) -> Vec<Sample> {
        self.resampling(shape).samples(samples, Orientation::AS_IS)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::motion;
    use super::*;

    fn tilt(degrees: f64) -> Tilt {
        Tilt { degrees, about: [0.5, 0.5] }
    }

    #[test]
    fn what_is_not_turned_stays_as_it_is() {
        let motion = motion(0..5);
        assert_eq!(tilt(0.0).straightened(&motion, 1.5), motion);
    }

    #[test]
    fn a_quarter_turn_moves_the_right_edge_to_the_top_and_half_a_turn_to_the_left() {
        let mut cells = [0.0; CELLS * CELLS];
        // The cell in the middle of the right edge.
        cells[8 * CELLS + 15] = 1.0;
        let lit = |degrees: f64| {
            let straight = tilt(degrees).resampling(1.0).cells(&cells);
            (0..CELLS * CELLS)
                .filter(|&cell| straight[cell] > 0.9)
                .map(|cell| [cell % CELLS, cell / CELLS])
                .collect::<Vec<_>>()
        };
        // Turned clockwise, the top has come to the right.
        assert_eq!([lit(0.0), lit(90.0), lit(180.0), lit(-90.0)], [[[15, 8]], [[8, 0]], [[0, 7]], [[7, 15]]]);
    }

    #[test]
    fn what_lies_outside_the_turned_picture_does_not_move() {
        let straight = tilt(45.0).resampling(1.0).cells(&[1.0; CELLS * CELLS]);
        assert_eq!((straight[0], straight[CELLS * CELLS - 1], straight[8 * CELLS + 8]), (0.0, 0.0, 1.0));
    }
}
