//! Two videos' pixels -> what they have in common, where hashes leave much open.
//!
//! Points in the fingerprints tell where the picture of one video lies in the other's; but a fingerprint's cells are those of the
//! whole picture, of which the shared part may be a few. So the frames are decoded once more, and the shared part is hashed anew, as
//! either video shows it (`warp`). These hashes are compared by the rules of all comparisons: they are of one picture now.
//!
//! All is computed alike on every machine.

mod moved;
#[cfg(test)]
mod tests;
mod warp;

use crate::compare::{Comparison, Moving, Placement, Reason, Side, Verdict, compare};
use crate::fingerprint::{Fingerprint, Frame, Header, Trailer};
use crate::hash::motion::RATE_HZ;
use crate::hash::pdq::PdqHash;
use crate::hash::points;
use crate::picture::plane::Plane;
use moved::Moved;
use std::ops::Range;
use warp::{Laid, SAMPLES, motion};

/// The longest video that is looked through, samples: 8 min. Bounds work.
const MOST_SAMPLES: usize = 4800;
/// How often hashes are compared at most, by which E is multiplied: as they were, and by fingerprints and by pixels with either video
/// as the scene. Derived.
const COMPARISONS: usize = 1 + 2 + 2;

/// Compares two videos by their pixels.
///
/// While [`PixelComparison::wants`] names a video, give its frames in order to [`PixelComparison::frame`], then call
/// [`PixelComparison::end`]. [`PixelComparison::finish`] has the answer.
#[derive(Debug)]
pub struct PixelComparison {
    videos: [Video; 2],
    shared: Vec<Shared>,
    moved: Vec<Moved>,
    wanted: Option<Side>,
    next: usize,
}

#[derive(Debug)]
struct Video {
    header: Header,
    trailer: Trailer,
    frames: usize,
    /// The frame that is on screen at each sample.
    samples: Vec<usize>,
}

/// The part that both videos show, where the one lies in the other, the scene: as either shows it at each sample.
#[derive(Debug)]
struct Shared {
    placement: Placement,
    own: Vec<Option<Laid>>,
    scene: Vec<Option<Laid>>,
}

impl PixelComparison {
    /// Of the two videos with these fingerprints. `None` if one is too long, or if points do not tell how their pictures lie.
    pub fn new(a: &Fingerprint, b: &Fingerprint) -> Option<Self> {
        let is_short = |print: &Fingerprint| (1..=MOST_SAMPLES).contains(&print.motion.len());
        if !is_short(a) || !is_short(b) {
            return None;
        }
        let videos = [Video::new(a), Video::new(b)];
        let shared = |placement: Placement| {
            let [own, scene] = if placement.is_of_b() { [1, 0] } else { [0, 1] };
            let laid = |video: usize| vec![None; videos[video].samples.len()];
            Shared { own: laid(own), scene: laid(scene), placement }
        };
        let shared: Vec<Shared> = Placement::all(a, b).into_iter().map(shared).collect();
        let samples = [0, 1].map(|video| videos[video].samples.len());
        let moved: Vec<Moved> =
            Moving::all(a, b).into_iter().filter_map(|moving| Moved::new(moving, samples)).collect();
        let is_told = !shared.is_empty() || !moved.is_empty();
        is_told.then_some(Self { videos, shared, moved, wanted: Some(Side::A), next: 0 })
    }

    /// The video whose frames are wanted next, from its first on. `None` if the answer is there.
    pub fn wants(&self) -> Option<Side> {
        self.wanted
    }

    /// How many frames the video has that is wanted; 0 if none is.
    pub fn frames(&self) -> usize {
        self.wanted.map_or(0, |side| self.videos[usize::from(side == Side::B)].frames)
    }

    /// Takes the luma of the next frame, as it is decoded: not turned.
    pub fn frame(&mut self, plane: &Plane) {
        let Some(side) = self.wanted else { return };
        let is_b = side == Side::B;
        let samples = self.videos[usize::from(is_b)].samples_of(self.next);
        self.next += 1;
        if samples.is_empty() {
            return;
        }
        let frame = points::small(plane);
        let unit = f32::from(1u16 << (plane.depth_bits() - 8));
        let contrast = (plane.to_full_range(128.0 * unit) - plane.to_full_range(64.0 * unit)) / 64.0;
        for moved in &mut self.moved {
            moved.frame(is_b, samples.clone(), &frame, contrast);
        }
        for Shared { placement, own, scene } in &mut self.shared {
            if placement.is_of_b() == is_b {
                let (mirrored, quarters) = placement.orientation();
                let oriented = frame.clone().oriented(mirrored, quarters);
                own[samples.clone()].fill(Laid::of(&oriented, &placement.area_in_own(), contrast));
            } else {
                scene[samples.clone()].fill(Laid::of(&frame, &placement.area_in_scene(), contrast));
            }
        }
    }

    /// After the last frame of the video that was wanted.
    pub fn end(&mut self) {
        self.moved.iter_mut().for_each(Moved::end);
        self.next = 0;
        self.wanted = if self.wanted == Some(Side::A) { Some(Side::B) } else { None };
    }

    /// The answer of the pixels, which is the same footage; `None` if they tell nothing. That one picture lies in the other says nothing
    /// alone: of two in 26 unrelated pairs chance gave as many points.
    pub fn finish(self) -> Option<Comparison> {
        let moved = self.moved.iter().find_map(Moved::compared).map(|moved| moved.among(COMPARISONS));
        let moved = moved.filter(|moved| moved.verdict == Verdict::SameFootage);
        let shared = self.shared.iter().find_map(|Shared { placement, own, scene }| {
            let [a, b] = if placement.is_of_b() { [scene, own] } else { [own, scene] };
            let prints = [hashed(&self.videos[0], a, placement), hashed(&self.videos[1], b, placement)];
            let told = compare(&prints[0], &prints[1], &mut |_| {}).among(COMPARISONS);
            let told = placement.told(&told)?;
            Some(Comparison { reason: Reason::PixelsAgree, ..told })
        });
        match shared {
            Some(shared) => Some(shared.with_registered(moved)),
            None => moved,
        }
    }
}

impl Video {
    fn new(print: &Fingerprint) -> Self {
        let (header, trailer) = (print.header.clone(), print.trailer.clone());
        Self { header, trailer, frames: print.frames.len(), samples: on_screen(print) }
    }

    /// The samples that show a frame.
    fn samples_of(&self, frame: usize) -> Range<usize> {
        self.samples.partition_point(|shown| *shown < frame)..self.samples.partition_point(|shown| *shown <= frame)
    }
}

/// The fingerprint of a video's samples as they were laid: each is a frame.
fn hashed(video: &Video, laid: &[Option<Laid>], placement: &Placement) -> Fingerprint {
    let mut frames = Vec::with_capacity(laid.len());
    for (sample, laid) in laid.iter().enumerate() {
        let (pdq, quality) = laid.as_ref().and_then(|laid| laid.hash).unwrap_or((PdqHash([0; 32]), 0));
        frames.push(Frame {
            ticks: sample as i64,
            pdq,
            quality,
            sha256: None,
            classic: Default::default(),
            points: None,
        });
    }
    let motion = motion(laid);
    let [width, height] = placement.sides();
    let header = Header {
        width,
        height,
        time_base: SAMPLES,
        classic: Vec::new(),
        rotation: 0,
        mirrored: false,
        ..video.header.clone()
    };
    Fingerprint { header, frames, motion, trailer: video.trailer.clone() }
}

/// The frame that is on screen at each sample.
fn on_screen(print: &Fingerprint) -> Vec<usize> {
    let base = print.header.time_base;
    let (mut shown, mut latest) = (0, i64::MIN);
    let mut frames = print.frames.iter().map(|frame| frame.ticks).enumerate().peekable();
    let at_sample = |sample: usize| {
        let is_shown = |ticks: i64| {
            i128::from(ticks) * i128::from(base.0) * i128::from(RATE_HZ) <= sample as i128 * i128::from(base.1)
        };
        while let Some((frame, ticks)) = frames.next_if(|(_, ticks)| is_shown((*ticks).max(latest))) {
            (shown, latest) = (frame, latest.max(ticks));
        }
        shown
    };
    (0..print.motion.len()).map(at_sample).collect()
}
