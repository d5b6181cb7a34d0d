//! Frames of a video whose picture moves in the other's -> what moves there, as either video shows it.

use super::warp::{Laid, motion};
use crate::compare::{Comparison, Moving, Partly};
use crate::hash::motion::STEP;
use crate::hash::points;
use crate::picture::gray::Gray;
use crate::picture::points::Point;
use crate::registration::Corners;
use std::ops::Range;

/// The longest video whose picture is followed, samples: 2 min. Bounds memory: 37 kB a frame.
const MOST_SAMPLES: usize = 1200;

/// A video whose picture moves in a scene, and the scene, as both are at each sample.
#[derive(Debug)]
pub struct Moved {
    moving: Moving,
    seen: Vec<Seen>,
    own: Vec<Option<Laid>>,
    places: Vec<Option<Corners>>,
    scene: Vec<Option<Laid>>,
}

/// A frame as it is oriented, at these samples.
#[derive(Debug)]
struct Seen {
    samples: Range<usize>,
    frame: Gray,
    /// A level of it is so many of the full range.
    contrast: f32,
    points: Vec<Point>,
}

impl Moved {
    /// Of so many samples. `None` if the one that moves is too long.
    pub fn new(moving: Moving, [a, b]: [usize; 2]) -> Option<Self> {
        let [own, scene] = if moving.is_of_b() { [b, a] } else { [a, b] };
        let (own, scene) = (vec![None; own], vec![None; scene]);
        (own.len() <= MOST_SAMPLES).then_some(Self { moving, seen: Vec::new(), own, places: Vec::new(), scene })
    }

    /// Takes the frame that is on screen at these samples; `is_b`: of B.
    pub fn frame(&mut self, is_b: bool, samples: Range<usize>, frame: &Gray, contrast: f32) {
        if self.moving.is_of_b() != is_b {
            self.scene[samples].fill(Laid::of(frame, &self.moving.scene(), contrast));
            return;
        }
        let (mirrored, quarters) = self.moving.orientation();
        let frame = frame.clone().oriented(mirrored, quarters);
        let in_picture = |point: &points::KeyPoint| point.in_picture(self.moving.size());
        let points = points::of_small(&frame).iter().map(in_picture).collect();
        self.seen.push(Seen { samples, frame, contrast, points });
    }

    /// After the last frame of the video that moves, or of the other.
    pub fn end(&mut self) {
        if self.seen.is_empty() {
            return;
        }
        let mut points = vec![Vec::new(); self.own.len()];
        self.seen.iter().for_each(|seen| points[seen.samples.clone()].fill(seen.points.clone()));
        self.places = self.moving.places(&points);
        for Seen { samples, frame, contrast, .. } in self.seen.drain(..) {
            for sample in samples {
                let place = self.places.get(sample).copied().flatten();
                self.own[sample] = place.and_then(|place| Laid::of(&frame, &place, contrast));
            }
        }
    }

    /// What both have in common; `None` if that is not the same footage.
    pub fn compared(&self) -> Option<Comparison> {
        if self.places.is_empty() {
            return None;
        }
        let [own, scene] = [&self.own, &self.scene].map(|laid| partly(laid));
        self.moving.compared(&own, &scene, &self.places)
    }
}

/// What moves at each sample in the cells that are shown at it and [`STEP`] earlier.
fn partly(laid: &[Option<Laid>]) -> Vec<Partly> {
    let is_shown = |sample: usize, cell: usize| laid[sample].as_ref().is_some_and(|laid| !laid.cells[cell].is_nan());
    let samples = motion(laid).into_iter().enumerate();
    let of = |(at, sample)| Partly::new(&sample, |cell| at >= STEP && is_shown(at, cell) && is_shown(at - STEP, cell));
    samples.map(of).collect()
}
