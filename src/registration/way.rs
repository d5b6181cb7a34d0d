//! Where frames that only move may lie, one by one -> the way on which they move.

use super::scene::Move;

/// Frames one after the other, of which none is told, between two that are. By trial: what passes hides the background for seconds.
const MOST_SKIPPED: usize = 20;
/// So far a frame moves from one to the next, pixels of the scene. By trial: a sweep through the scene takes four seconds and more.
const USUAL_STEP: f64 = 6.0;
/// What so far costs, in points that agree, for each frame. By trial.
const COST_OF_STEP: f64 = 5.0;
/// The most that a move costs: a jump. By trial.
const COST_OF_JUMP: f64 = 20.0;
/// What a frame costs that is skipped. By trial.
const COST_OF_SKIPPING: f64 = 1.0;
/// Points that chance gives. By trial.
const CHANCE_POINTS: f64 = 4.0;
/// The fewest frames on a way. By trial: a second.
const LEAST_FRAMES: usize = 10;
/// A place is read off the line through its neighbours, so many frames away at most: it moves evenly for half a second. By trial.
const NEAR: usize = 3;
/// And so many if these are few. By trial.
const FAR: usize = 10;
/// The fewest frames that tell a line. By trial.
const LEAST_OF_LINE: usize = 3;

/// Where each frame's left top lies, pixels of the scene; `None` where the frames do not tell.
pub fn way(frames: &[Vec<Move>]) -> Vec<Option<[f64; 2]>> {
    let told = likeliest(frames);
    if told.len() < LEAST_FRAMES {
        return vec![None; frames.len()];
    }
    let near = |frame: usize, most: usize| -> Vec<(f64, Move)> {
        let near = told.iter().filter(|(other, _)| other.abs_diff(frame) <= most);
        near.map(|(other, found)| (*other as f64 - frame as f64, *found)).collect()
    };
    let place = |frame: usize| {
        let nearest = [near(frame, NEAR), near(frame, FAR)].into_iter().find(|near| near.len() >= LEAST_OF_LINE)?;
        Some([0, 1].map(|axis| on_line(&nearest, axis)))
    };
    (0..frames.len()).map(place).collect()
}

/// What the best way to a move gains, points, and the move before it: its frame, and its position there.
type Gain = (f64, Option<(usize, usize)>);

/// The moves, at most one of a frame, that most points tell, and that lie near to each other.
fn likeliest(frames: &[Vec<Move>]) -> Vec<(usize, Move)> {
    let mut gains: Vec<Vec<Gain>> = Vec::with_capacity(frames.len());
    for (frame, moves) in frames.iter().enumerate() {
        let best = |found: &Move| {
            let mut best = (0.0, None);
            for before in frame.saturating_sub(MOST_SKIPPED)..frame {
                let apart = (frame - before) as f64;
                for (i, other) in frames[before].iter().enumerate() {
                    let gain = gains[before][i].0 - cost(found, other, apart);
                    if gain > best.0 {
                        best = (gain, Some((before, i)));
                    }
                }
            }
            (best.0 + found.points as f64 - CHANCE_POINTS, best.1)
        };
        let next = moves.iter().map(best).collect();
        gains.push(next);
    }
    let all = (0..frames.len()).flat_map(|frame| (0..frames[frame].len()).map(move |i| (frame, i)));
    let mut at = all.max_by(|a, b| gains[a.0][a.1].0.total_cmp(&gains[b.0][b.1].0));
    let mut told = Vec::new();
    while let Some((frame, i)) = at {
        told.push((frame, frames[frame][i]));
        at = gains[frame][i].1;
    }
    told.reverse();
    told
}

/// What it costs that one follows the other, so many frames later.
fn cost(one: &Move, other: &Move, apart: f64) -> f64 {
    let [x, y] = [0, 1].map(|axis| one.at[axis] - other.at[axis]);
    let steps = (x * x + y * y).sqrt() / (USUAL_STEP * apart);
    (COST_OF_STEP * steps).min(COST_OF_JUMP) + COST_OF_SKIPPING * apart
}

/// The place at 0 on the line through moves, so many frames away, by least squares; each counts as its points.
fn on_line(near: &[(f64, Move)], axis: usize) -> f64 {
    let sum = |of: &dyn Fn(f64, f64) -> f64| {
        near.iter().map(|(apart, found)| found.points as f64 * of(*apart, found.at[axis])).sum::<f64>()
    };
    let count = sum(&|_, _| 1.0);
    let (middle, mean) = (sum(&|apart, _| apart) / count, sum(&|_, at| at) / count);
    let square = sum(&|apart, _| (apart - middle) * (apart - middle));
    let slope = if square > 0.0 { sum(&|apart, at| (apart - middle) * (at - mean)) / square } else { 0.0 };
    mean - slope * middle
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Holds, sweeps to the right, and holds.
    fn place(frame: usize) -> f64 {
        10.0 + 5.0 * (frame.clamp(20, 50) - 20) as f64
    }

    #[test]
    fn a_way_leads_past_frames_that_tell_nothing_or_something_else() {
        let moves = |frame: usize| {
            let own = Move { at: [place(frame) + [0.4, -0.4][frame % 2], 2.0], points: 12 };
            let wrong = Move { at: [((frame * 37) % 190) as f64, 2.0], points: 9 + frame % 5 };
            match frame % 7 {
                3 => Vec::new(),
                5 => Vec::from([wrong]),
                _ => Vec::from([own, wrong]),
            }
        };
        let frames: Vec<Vec<Move>> = (0..80).map(moves).collect();
        for (frame, at) in way(&frames).into_iter().enumerate() {
            let [x, y] = at.unwrap();
            assert!((x - place(frame)).abs() < 4.0 && (y - 2.0).abs() < 1e-9, "{x} at {frame}");
        }
    }

    #[test]
    fn few_frames_tell_no_way_and_far_from_all_nothing_is_told() {
        let still = Vec::from([Move { at: [5.0, 5.0], points: 20 }]);
        let told = |frames: usize| {
            let frames: Vec<Vec<Move>> = (0..60).map(|i| if i < frames { still.clone() } else { Vec::new() }).collect();
            way(&frames).iter().flatten().count()
        };
        assert_eq!((told(9), told(20)), (0, 28));
        assert!(way(&[]).is_empty());
    }
}
