//! What it costs a guess that parts of the still are not of the video, in agreement.
//!
//! A plain frame fits many parts of a still. But where a player's window, a bar or a banner ends there is an edge; a
//! guess that the video ends where nothing changes is an unlikely one.

use super::canvas::{Canvas, SIDE};
use super::guess::Guess;

/// Agreement that a guess must gain that leaves all of the still unexplained. By trial: of a camera that zooms, a frame
/// may be a window in the still of another; but few stills have much around the video.
const COST_OF_LEFTOVER: f32 = 0.15;
/// What it costs on top that there is no edge where the video is guessed to end. By trial.
const COST_OF_NO_EDGE: f32 = 0.2;
/// Ends nearer than this to those of the still, in fractions of its side, need no edge: guesses are not more exact. By
/// trial.
const NEAR_END: f64 = 0.1;
/// How far an edge may be from where the video is guessed to end, pixels. By trial: a fiftieth of a side.
const NEAR_EDGE: usize = 2;
/// Pixels over which an edge is measured, so that one between two of them is seen whole.
const STEP: usize = 2;
/// An edge changes luma by more than this times what is usual in the still. By trial.
const EDGE: f32 = 2.0;

/// What it costs; `still` is the one that the guess lays the frame on.
pub fn cost(still: &Canvas, guess: &Guess) -> f32 {
    let (across, down) = (guess.horizontal.still_view(), guess.vertical.still_view());
    let cost = COST_OF_LEFTOVER * (1.0 - across.1 * down.1) as f32;
    let has_edges = inner_ends(across).all(|end| is_edge(end, &steps(still, down, [1, SIDE])))
        && inner_ends(down).all(|end| is_edge(end, &steps(still, across, [SIDE, 1])));
    if has_edges { cost } else { cost + COST_OF_NO_EDGE }
}

/// Where a part of the still ends that ends well inside of it.
fn inner_ends((start, length): (f64, f64)) -> impl Iterator<Item = f64> {
    [start, start + length].into_iter().filter(|end| (NEAR_END..=1.0 - NEAR_END).contains(end))
}

/// How much luma changes from each pixel of an axis to the next but one: the average over a part of the other axis,
/// start and length in fractions of the still. `strides` are those of the axis and of the other.
fn steps(still: &Canvas, (start, length): (f64, f64), strides: [usize; 2]) -> Vec<f32> {
    let pixel = |place: f64| (place * SIDE as f64) as usize;
    let first = pixel(start).min(SIDE - 1);
    let others = first..pixel(start + length).clamp(first + 1, SIDE);
    let luma = |i: usize, j: usize| still.luma[i * strides[0] + j * strides[1]];
    let step = |i: usize| others.clone().map(|j| (luma(i + STEP, j) - luma(i, j)).abs()).sum::<f32>();
    (0..SIDE - STEP).map(|i| step(i) / others.len() as f32).collect()
}

/// Whether luma changes much near `end`, in fractions of the still.
fn is_edge(end: f64, steps: &[f32]) -> bool {
    let mut sorted = steps.to_vec();
    let (_, &mut usual, _) = sorted.select_nth_unstable_by(steps.len() / 2, f32::total_cmp);
    let middle = (end * SIDE as f64) as usize;
    let near = middle.saturating_sub(NEAR_EDGE + STEP)..(middle + NEAR_EDGE).min(steps.len());
    steps[near].iter().any(|&step| step > EDGE * usual)
}

#[cfg(test)]
mod tests {
    use super::super::placement::Axis;
    use super::*;
    use crate::compare::Orientation;

    /// A ramp on which a brighter window may lie, and a guess that lays the frame where that is.
    fn cost_of_window(brighter: u8) -> f32 {
        let is_inside = |at: usize| (20..80).contains(&at);
        let pixel = |i: usize| (i % 100) as u8 + if is_inside(i % 100) && is_inside(i / 100) { brighter } else { 0 };
        let luma: Vec<u8> = (0..100 * 100).map(pixel).collect();
        let window = Axis { offset: 0.2, scale: 0.6, low: 0.0, high: 1.0 };
        let orientation = Orientation { mirrored: false, quarters: 0 };
        cost(&Canvas::new(&luma, 100, 100), &Guess { orientation, horizontal: window, vertical: window, logo: None })
    }

    #[test]
    fn a_window_without_edges_costs_more() {
        let of_area = COST_OF_LEFTOVER * (1.0 - 0.36);
        assert!((cost_of_window(40) - of_area).abs() < 1e-6);
        assert!((cost_of_window(0) - of_area - COST_OF_NO_EDGE).abs() < 1e-6);
    }

    #[test]
    fn ends_near_those_of_the_still_need_no_edge() {
        let inner = |start, length| inner_ends((start, length)).count();
        assert_eq!((inner(0.0, 1.0), inner(0.099, 0.9), inner(0.1, 0.9), inner(0.1, 0.8)), (0, 0, 1, 2));
        assert_eq!(inner(0.0, 0.901), 0);
    }

    #[test]
    fn an_edge_is_twice_as_steep_as_usual_and_near() {
        let at = |edge: usize, step: f32| {
            let mut steps = vec![3.0; SIDE - STEP];
            steps[edge] = step;
            is_edge(0.5, &steps)
        };
        assert!(at(48, 6.1) && !at(48, 6.0));
        // The end is pixel 48; an edge is measured from the pixel before it.
        assert_eq!([43, 44, 49, 50].map(|edge| at(edge, 9.0)), [false, true, true, false]);
    }

    #[test]
    fn an_edge_is_missed_on_either_axis() {
        let is_inside = |at: usize| (20..80).contains(&at);
        let cost_of_bars = |sideways: bool| {
            let pixel = |i: usize| {
                let (along, across) = if sideways { (i / 100, i % 100) } else { (i % 100, i / 100) };
                (across + if is_inside(along) { 100 } else { 0 }) as u8
            };
            let canvas = Canvas::new(&(0..100 * 100).map(pixel).collect::<Vec<u8>>(), 100, 100);
            let window = Axis { offset: 0.2, scale: 0.6, low: 0.0, high: 1.0 };
            cost(&canvas, &Guess { orientation: Orientation::AS_IS, horizontal: window, vertical: window, logo: None })
        };
        for sideways in [false, true] {
            assert!((cost_of_bars(sideways) - COST_OF_LEFTOVER * 0.64 - COST_OF_NO_EDGE).abs() < 1e-6, "{sideways}");
        }
    }

    #[test]
    fn steps_are_averages_over_the_part_beside_them() {
        // An edge of 48 levels in the middle of one row.
        let at_row = |row: usize, part: (f64, f64)| {
            let mut canvas = Canvas { luma: vec![50.0; SIDE * SIDE], width: 96.0, height: 96.0 };
            canvas.luma[row * SIDE + 48..(row + 1) * SIDE].fill(98.0);
            let steps = steps(&canvas, part, [1, SIDE]);
            assert_eq!((steps.len(), steps[45], steps[48]), (SIDE - STEP, 0.0, 0.0));
            [steps[46], steps[47]]
        };
        let part = (0.25, 0.5);
        assert_eq!([23, 24, 71, 72].map(|row| at_row(row, part)), [[0.0; 2], [1.0; 2], [1.0; 2], [0.0; 2]]);
        // A part without a length is one row, and lies in the still.
        assert_eq!((at_row(95, (1.0, 0.0)), at_row(24, (0.25, 0.0))), ([48.0; 2], [48.0; 2]));
    }

    #[test]
    fn what_is_usual_is_the_median() {
        let mut steps = vec![3.0; SIDE - STEP];
        steps[..40].fill(0.1);
        steps[48] = 5.9;
        assert!(!is_edge(0.5, &steps));
        steps[48] = 6.1;
        assert!(is_edge(0.5, &steps));
    }
}
