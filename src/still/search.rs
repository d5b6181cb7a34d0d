//! The coarse search: every guess in every orientation against key frames.

use super::bits::{self, Probe, Words};
use super::canvas::Canvas;
use super::footage::Footage;
use super::grids::{self, Grid};
use super::guess::Guess;
use super::placement::{Axis, Basis, ColumnsDone};
use crate::compare::Orientation;
use crate::ranked::highest_first;
use std::collections::BTreeMap;

/// A frame stands for those after it until one differs from it in more bits than this. By trial; two pictures are alike
/// up to 31.
const KEY_CHANGE_BITS: u32 = 24;
/// The most key frames that are compared: a new one every 0.18 s for ten hours. Of more, only every second, third ...
/// is. Bounds work.
const MAX_KEYS: usize = 200_000;
/// Key frames that are compared with all probes before the next ones: 32 bytes each, so they stay in the nearest cache.
/// Chosen for speed; no result depends on it.
const KEYS_AT_ONCE: usize = 512;
/// How many of the best pairs of guess and key frame are looked at closely. Bounds work.
const CANDIDATES: usize = 96;
/// How many are for each picture within a still, whose edges leave fewer guesses. Bounds work.
const CANDIDATES_INSIDE: usize = 8;
/// How many of them may be of the same key frame and orientation. By trial.
const CANDIDATES_PER_KEY: usize = 2;

/// A guess and the frame that it may fit.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The guess.
    pub guess: Guess,
    /// The frame's position.
    pub frame: usize,
    /// In how many of the 128 surest bits they differ.
    pub distance: u32,
}

/// Key frames of a video, and where they are.
pub struct Keys {
    frames: Vec<usize>,
    words: Vec<Words>,
}

impl Keys {
    /// The frames that stand for those after them.
    pub fn of(footage: &Footage) -> Self {
        let frames = key_frames(footage.frames.as_slice());
        let words = frames.iter().map(|&i| footage.frames[i]).collect();
        Self { frames, words }
    }
}

/// The most promising pairs of guess and frame for a whole still, the best first. `proportions` are those of the frame,
/// width by height.
pub fn candidates(still: &Canvas, proportions: f64, keys: &Keys) -> Vec<Candidate> {
    let pairs = |sideways: bool| {
        let frame_proportions = if sideways { 1.0 / proportions } else { proportions };
        paired(still, &grids::grids(still.proportions() / frame_proportions), sideways, |_| true, keys)
    };
    choose([pairs(false), pairs(true)].concat(), CANDIDATES)
}

/// Those for a picture within a still, which is as upright as a player shows the video, `shown`, if maybe mirrored:
/// what turns a picture turns all of a still.
pub fn candidates_inside(picture: &Canvas, proportions: f64, shown: Orientation, keys: &Keys) -> Vec<Candidate> {
    let sideways = !shown.quarters.is_multiple_of(2);
    let frame_proportions = if sideways { 1.0 / proportions } else { proportions };
    let is_upright = |orientation: Orientation| orientation.after(shown.inverse()).quarters == 0;
    let grids = grids::grids_inside(picture.proportions() / frame_proportions);
    choose(paired(picture, &grids, sideways, is_upright, keys), CANDIDATES_INSIDE)
}

/// Each guess of these grids in wanted orientations, with the key frame that it fits best.
fn paired(
    still: &Canvas,
    grids: &[Grid],
    sideways: bool,
    is_wanted: impl Fn(Orientation) -> bool,
    keys: &Keys,
) -> Vec<Candidate> {
    let (mut guesses, mut probes) = (Vec::new(), Vec::new());
    for grid in grids {
        probe_grid(still, grid, sideways, &mut |guess, probe| {
            if is_wanted(guess.orientation) {
                guesses.push(guess);
                probes.push(probe);
            }
        });
    }
    let best = best_keys(&probes, &keys.words);
    let candidate =
        |(&guess, (distance, key)): (&Guess, (u32, usize))| Candidate { guess, frame: keys.frames[key], distance };
    guesses.iter().zip(best).map(candidate).collect()
}

/// Positions of frames that stand for those after them.
fn key_frames(frames: &[Words]) -> Vec<usize> {
    let mut keys: Vec<usize> = Vec::new();
    for (i, frame) in frames.iter().enumerate() {
        if keys.last().is_none_or(|&key| bits::distance_bits(&frames[key], frame) > KEY_CHANGE_BITS) {
            keys.push(i);
        }
    }
    let step = keys.len().div_ceil(MAX_KEYS).max(1);
    keys.into_iter().step_by(step).collect()
}

/// Makes the probes of a grid in the four orientations in which the frame stands upright, or lies on its side.
fn probe_grid(still: &Canvas, grid: &Grid, sideways: bool, take: &mut impl FnMut(Guess, Probe)) {
    let across: Vec<(Axis, Box<Basis>)> = grid.horizontal.iter().map(|axis| (*axis, axis.basis())).collect();
    for &vertical in &grid.vertical {
        let columns = ColumnsDone::new(still, &vertical.basis());
        for (horizontal, basis) in &across {
            let turned = Orientation { mirrored: false, quarters: sideways.into() };
            let upright = Probe::new(&bits::before(&columns.frequencies(basis), turned));
            for (half_turns, probe) in [(0, upright), (2, upright.half_turned())] {
                for (mirrored, probe) in [(false, probe), (true, probe.mirrored())] {
                    let orientation = Orientation { mirrored, quarters: turned.quarters + half_turns };
                    take(Guess { orientation, horizontal: *horizontal, vertical, logo: None }, probe);
                }
            }
        }
    }
}

/// For each probe in how many of its sure bits the nearest key frame differs, and which it is: the first of several.
fn best_keys(probes: &[Probe], keys: &[Words]) -> Vec<(u32, usize)> {
    let mut best = vec![(u32::MAX, 0); probes.len()];
    for (block, keys) in keys.chunks(KEYS_AT_ONCE).enumerate() {
        for (probe, best) in probes.iter().zip(&mut best) {
            for (i, key) in keys.iter().enumerate() {
                let distance = bits::masked_distance(&probe.bits, key, &probe.mask);
                if distance < best.0 {
                    *best = (distance, block * KEYS_AT_ONCE + i);
                }
            }
        }
    }
    best
}

/// The best, but not too many of the same.
fn choose(candidates: Vec<Candidate>, most: usize) -> Vec<Candidate> {
    let mut candidates = highest_first(candidates, |candidate| -f64::from(candidate.distance));
    let mut taken = BTreeMap::new();
    candidates.retain(|candidate| {
        let Orientation { mirrored, quarters } = candidate.guess.orientation;
        let count = taken.entry((candidate.frame, mirrored, quarters)).or_insert(0);
        *count += 1;
        *count <= CANDIDATES_PER_KEY
    });
    candidates.truncate(most);
    candidates
}

#[cfg(test)]
mod tests {
    use super::super::guess::WHOLE;
    use super::*;
    use crate::compare::testing::hash;

    fn words(bits: usize) -> Words {
        bits::words(&hash(bits))
    }

    #[test]
    fn a_frame_stands_for_those_after_it_up_to_24_bits() {
        let frames = [0, 24, 25, 40, 49, 50].map(words);
        assert_eq!(key_frames(&frames), [0, 2, 5]);
        assert!(key_frames(&[]).is_empty());
    }

    #[test]
    fn of_too_many_key_frames_every_second_is_compared() {
        let count = |keys: usize| key_frames(&(0..keys).map(|i| words(i % 2 * 256)).collect::<Vec<_>>()).len();
        assert_eq!((count(MAX_KEYS), count(MAX_KEYS + 2)), (MAX_KEYS, MAX_KEYS / 2 + 1));
    }

    #[test]
    fn the_nearest_key_is_found_in_any_block_and_only_sure_bits_count() {
        let mut keys = vec![words(200); KEYS_AT_ONCE + 3];
        keys[KEYS_AT_ONCE + 1] = words(140);
        let low: Words = [0, 0, u64::MAX, u64::MAX];
        // Words begin with a hash's last bytes.
        let probe = Probe { bits: words(128), mask: low };
        let other = Probe { bits: words(128), mask: [u64::MAX; 4] };
        assert_eq!(best_keys(&[other], &keys), [(12, KEYS_AT_ONCE + 1)]);
        assert_eq!(best_keys(&[probe], &keys), [(0, 0)]);
    }

    #[test]
    fn of_one_key_frame_and_orientation_two_guesses_are_kept() {
        let candidate = |frame, mirrored, distance| Candidate {
            guess: Guess {
                orientation: Orientation { mirrored, quarters: 0 },
                horizontal: WHOLE,
                vertical: WHOLE,
                logo: None,
            },
            frame,
            distance,
        };
        let mut all: Vec<Candidate> = (0..3).map(|i| candidate(7, false, 9 - i)).collect();
        all.push(candidate(7, true, 20));
        let kept: Vec<u32> = choose(all, CANDIDATES).iter().map(|candidate| candidate.distance).collect();
        assert_eq!(kept, [7, 8, 20]);
        assert_eq!(choose((0..200).map(|i| candidate(i, false, 1)).collect(), 96).len(), 96);
    }

    #[test]
    fn a_frame_is_found_among_others_in_its_orientation() {
        let luma: Vec<u8> =
            (0..120 * 90).map(|i| (i % 120 / 9 * 71 + i / 120 / 8 * 113 + i / 990 * 29) as u8).collect();
        let still = Canvas::new(&luma, 120, 90);
        let columns = ColumnsDone::new(&still, &WHOLE.basis());
        let orientation = Orientation { mirrored: true, quarters: 2 };
        let own = Probe::new(&bits::before(&columns.frequencies(&WHOLE.basis()), orientation)).bits;
        let frames = vec![words(128), own, words(64)];
        let footage = Footage { frames, qualities: vec![100; 3], gradients: vec![None; 3], times: vec![0.0, 1.0, 2.0] };
        let best = candidates(&still, 120.0 / 90.0, &Keys::of(&footage))[0];
        assert_eq!((best.frame, best.guess.orientation), (1, orientation));
        assert!(best.distance < 20, "{best:?}");
    }

    #[test]
    fn a_frame_of_other_proportions_is_looked_for_with_square_pixels() {
        let luma: Vec<u8> =
            (0..120 * 90).map(|i| (i % 120 / 9 * 71 + i / 120 / 8 * 113 + i / 990 * 29) as u8).collect();
        let still = Canvas::new(&luma, 120, 90);
        // Of the frame, which is 4 wide and 5 high upright, the still shows the lower three fifths.
        let vertical = Axis { offset: -2.0 / 3.0, scale: 5.0 / 3.0, low: 0.0, high: 1.0 };
        let frequencies = ColumnsDone::new(&still, &vertical.basis()).frequencies(&WHOLE.basis());
        for (quarters, proportions) in [(0, 0.8), (1, 1.25)] {
            let orientation = Orientation { mirrored: false, quarters };
            let own = Probe::new(&bits::before(&frequencies, orientation)).bits;
            let frames = vec![own];
            let footage = Footage { frames, qualities: vec![100], gradients: vec![None], times: vec![0.0] };
            let best = candidates(&still, proportions, &Keys::of(&footage))[0];
            assert!(best.distance < 3 && best.guess.orientation == orientation, "{best:?}");
            let Guess { horizontal, vertical: found, .. } = best.guess;
            assert!(horizontal == WHOLE && (found.scale - 5.0 / 3.0).abs() < 1e-6, "{best:?}");
        }
    }
}
