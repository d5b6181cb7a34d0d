//! The coarse search: every guess in every orientation against key frames.

use super::bits::{self, Probe, Words};
use super::canvas::Canvas;
use super::footage::Footage;
use super::grids::{self, Grid};
use super::guess::Guess;
use super::placement::{Axis, Basis, ColumnsDone};
use crate::compare::Orientation;
use std::collections::BTreeMap;

/// A frame stands for those after it until one differs from it in more bits than this.
const KEY_CHANGE_BITS: u32 = 24;
/// The most key frames that are compared: a new one every 0.18 s for ten hours. Of more, only every second, third...
/// is.
const MAX_KEYS: usize = 200_000;
/// Key frames that are compared with all probes before the next ones: 32 bytes each, so they stay in the nearest
/// cache.
const KEYS_AT_ONCE: usize = 512;
/// How many of the best pairs of guess and key frame are looked at closely.
const CANDIDATES: usize = 96;
/// How many of them may be of the same key frame and orientation.
const CANDIDATES_PER_KEY: usize = 2;

/// A guess and the frame that it may fit.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The guess.
    pub guess: Guess,
    /// The frame's position.
    pub frame: usize,
    /// In how many of the surest bits they differ.
    pub distance: u32,
}

/// The most promising pairs of guess and frame, the best first. `proportions` are those of the frame, width by
/// height.
pub fn candidates(still: &Canvas, proportions: f64, footage: &Footage) -> Vec<Candidate> {
    let key_frames = key_frames(footage.frames.as_slice());
    let keys: Vec<Words> = key_frames.iter().map(|&i| footage.frames[i]).collect();
    let (mut guesses, mut probes) = (Vec::new(), Vec::new());
    for sideways in [false, true] {
        let frame_proportions = if sideways { 1.0 / proportions } else { proportions };
        for grid in grids::grids(still.proportions() / frame_proportions) {
            probe_grid(still, &grid, sideways, &mut |guess, probe| {
                guesses.push(guess);
                probes.push(probe);
            });
        }
    }
    let best = best_keys(&probes, &keys);
    let candidate =
        |(&guess, (distance, key)): (&Guess, (u32, usize))| Candidate { guess, frame: key_frames[key], distance };
    choose(guesses.iter().zip(best).map(candidate).collect())
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

/// For each probe in how many of its sure bits the nearest key frame differs, and which it is.
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
fn choose(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by_key(|candidate| candidate.distance);
    let mut taken = BTreeMap::new();
    candidates.retain(|candidate| {
        let Orientation { mirrored, quarters } = candidate.guess.orientation;
        let count = taken.entry((candidate.frame, mirrored, quarters)).or_insert(0);
        *count += 1;
        *count <= CANDIDATES_PER_KEY
    });
    candidates.truncate(CANDIDATES);
    candidates
}
