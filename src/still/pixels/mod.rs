//! A picture and the pixels of a video's frames -> where the picture shows a part of a frame, or a frame lies on a part
//! of the picture.
//!
//! Hashes of whole frames find no third of a frame, and little that is plain or small. Where the video itself is at
//! hand, its frames are decoded once more:
//!
//! 1. Corners of the still, in many sizes, and of a frame, in a few, are told by what is around them (`points`).
//! 2. Pairs of alike corners vote for a map of the frame onto the still (`map`).
//! 3. Under the map, the frame's blocks are correlated with the still, and the map is moved until they agree best; beside
//!    the map, they tell how well chance agrees (`agreement`).
//! 4. Where a map is found, all frames are given a second time, and each is measured under it: frames that agree about
//!    as well cannot be told from the best one (`places`).
//!
//! Memory holds one frame and a few numbers for each; work grows with the number of frames that differ. All is computed
//! in whole numbers, or with what every machine rounds alike.

mod agreement;
mod extent;
mod map;
mod places;

use super::footage;
use super::read::{self, Luma};
use super::result::{StillReason, StillSearch, StillVerdict};
use super::verdict::shown;
use crate::compare::{Orientation, View, rounded};
use crate::fingerprint::Fingerprint;
use crate::fingerprint::picture::PictureError;
use crate::hash::points::small;
use crate::picture::gray::{self, Gray};
use crate::picture::plane::Plane;
use crate::picture::points;
use agreement::{Evidence, Sizes};
use extent::Extent;
use map::Map;
pub use map::Points;

/// The longest side of the still, pixels. By trial: a picture of a fifth of its area still has the detail of a frame.
const STILL_LONGEST: usize = 640;
/// The still's shortest size, pixels of its longest side. By reason: below, too few corners are left.
const STILL_SHORTEST: f64 = 64.0;
/// Each size of the still by the next larger one: the fourth root of a half. By trial; corners are found again if sizes
/// differ by a tenth.
const STILL_STEP: f64 = 0.840_896_415_253_714_6;
/// The sizes in which corners of a frame are looked for, by its largest. By trial: still and frame meet where both have
/// pixels enough.
const FRAME_SIZES: [f64; 3] = [1.0, 0.707_106_781_186_547_5, 0.5];
/// A frame's blocks are correlated at this share of its largest size. By trial: at all of it, four times the work finds
/// no more.
const BLOCKS_AT: usize = 2;
/// How many maps of a frame are looked at. Bounds work.
const MAPS: usize = 2;
/// How many points must agree for a map to be looked at. Bounds work.
const LOOKED_AT_FROM: usize = 4;
/// How many points must agree for a still to be found. Measured: in footage that does not hold it at most 12 did, and
/// mostly 40 to 300 where it does. docs/accuracy/stills.md, "By pixels".
const FOUND_FROM_POINTS: usize = 24;
/// And how many times as many as on any map on which blocks agree by chance alone: repeated patterns and writing give more by
/// chance. By reason.
const ABOVE_CHANCE: usize = 2;

/// Where a frame may lie on the still.
#[derive(Clone, Debug)]
struct Sighting {
    frame: usize,
    /// Of the frame whose blocks are correlated.
    map: Map,
    /// How many points agree on it; 0 if it does not come from points.
    points: usize,
    evidence: Evidence,
}

impl Sighting {
    fn told(&self) -> f64 {
        self.evidence.here.told
    }
}

/// Looks for a picture in a video by their pixels.
///
/// Give all frames of the video in order to [`PixelSearch::frame`]. If [`PixelSearch::again`] then says so,
/// give them once more. [`PixelSearch::finish`] has the answer.
#[derive(Debug)]
pub struct PixelSearch {
    sizes: Sizes,
    points: Points,
    /// The part of the still that is looked for.
    part: View,
    /// Seconds of each frame after the first.
    times: Vec<f64>,
    /// How a player turns the frames.
    shown: Orientation,
    keys: Vec<usize>,
    /// The frame that is given next.
    next: usize,
    /// The most points that agreed on a map on which blocks agreed by chance alone.
    chance: usize,
    best: Option<Sighting>,
    /// The second time, how much each frame tells.
    measured: Option<Vec<f64>>,
    /// The frame that tells most, and where it lies.
    top: Option<(Sighting, Extent)>,
    /// Where the still was last seen.
    last: Option<Map>,
    /// Whether the last frame that was measured shows it.
    is_seen: bool,
}

impl PixelSearch {
    /// For the picture in the bytes of a PNG, JPEG or WebP file, and the video of this fingerprint. Fails if they are no such
    /// picture, or it is too large.
    pub fn new(bytes: &[u8], video: &Fingerprint) -> Result<Self, PictureError> {
        Ok(Self::of(read::luma(bytes)?, read::WHOLE, video))
    }

    /// For a part of such a picture alone, in fractions of its sides; places are told on the whole picture.
    pub fn of_part(bytes: &[u8], part: View, video: &Fingerprint) -> Result<Self, PictureError> {
        let (picture, part) = read::luma(bytes)?.part(part);
        Ok(Self::of(picture, part, video))
    }

    fn of(still: Luma, part: View, video: &Fingerprint) -> Self {
        let sizes = sizes(still);
        Self {
            points: sizes.points(),
            sizes,
            part,
            times: footage::times(video),
            shown: shown(video),
            keys: places::keys(video),
            next: 0,
            chance: 0,
            best: None,
            measured: None,
            top: None,
            last: None,
            is_seen: false,
        }
    }

    /// How many frames the video has: more are not looked at.
    pub fn frames(&self) -> usize {
        self.times.len()
    }

    fn is_key(&self) -> bool {
        self.keys.binary_search(&self.next).is_ok()
    }

    /// Takes the luma of the next frame, as it is decoded: not turned.
    pub fn frame(&mut self, plane: &Plane) {
        let is_wanted = self.is_key() || self.measured.is_some() && self.is_seen;
        if is_wanted && self.next < self.times.len() {
            let frame = self.shrunk(plane);
            if self.measured.is_some() { self.measure(&frame) } else { self.look(&frame) }
        } else if let Some(told) = &mut self.measured {
            // It looks like the key before it, which does not show the still.
            told.push(0.0);
        }
        self.next += 1;
    }

    /// A frame as a player shows it, small.
    fn shrunk(&self, plane: &Plane) -> Gray {
        small(plane).oriented(self.shown.mirrored, self.shown.quarters)
    }

    /// Looks for the still in a frame, anywhere.
    fn look(&mut self, frame: &Gray) {
        for sighting in self.sightings(frame) {
            if sighting.evidence.is_chance() {
                self.chance = self.chance.max(sighting.points);
            } else if sighting.evidence.is_agreement() && sighting.points >= FOUND_FROM_POINTS {
                self.best = most_told(self.best.take().into_iter().chain([sighting]));
            }
        }
    }

    /// The maps on which a frame's points agree, moved to where its blocks do.
    fn sightings(&self, frame: &Gray) -> Vec<Sighting> {
        let blocks = halved(frame);
        let maps = self.points.maps(&points::points(frame, &FRAME_SIZES), MAPS, LOOKED_AT_FROM);
        let sighting = |(map, points): (Map, usize)| {
            let map = self.sizes.climbed(&blocks, map.of_sizes(frame, &blocks));
            Sighting { frame: self.next, map, points, evidence: self.sizes.evidence(&blocks, &map) }
        };
        maps.into_iter().map(sighting).collect()
    }

    /// Whether the frames are to be given a second time: the picture was found, but not yet all that looks like it.
    pub fn again(&mut self) -> bool {
        let is_found = self.best.as_ref().is_some_and(|best| best.points >= ABOVE_CHANCE * self.chance);
        if self.measured.is_some() || !is_found {
            return false;
        }
        (self.next, self.measured) = (0, Some(Vec::with_capacity(self.times.len())));
        true
    }

    /// Measures how well a frame agrees where the still was seen last, or else where it was seen best.
    fn measure(&mut self, frame: &Gray) {
        let blocks = halved(frame);
        let best = self.best.as_ref().expect("measured only if found");
        let mut seen = if self.is_key() { self.sightings(frame) } else { Vec::new() };
        for map in [self.last, Some(best.map)].into_iter().flatten() {
            let map = self.sizes.climbed(&blocks, map);
            let evidence = self.sizes.evidence(&blocks, &map);
            seen.push(Sighting { frame: self.next, map, points: 0, evidence });
            if evidence.is_agreement() {
                break;
            }
        }
        let seen = most_told(seen).expect("there is the best map's");
        self.is_seen = seen.evidence.is_agreement();
        if self.is_seen {
            self.last = Some(seen.map);
        }
        if self.top.as_ref().is_none_or(|(top, _)| seen.told() > top.told()) {
            self.top = Some((seen.clone(), extent::shown(&self.sizes, frame, &seen.map.of_sizes(&blocks, frame))));
        }
        self.measured.as_mut().expect("measured the second time").push(seen.told());
    }

    /// Where the picture is, or that its pixels do not tell.
    pub fn finish(self) -> StillSearch {
        let (Some(told), Some((top, extent))) = (self.measured, self.top) else {
            return StillSearch::without_place(StillVerdict::CantTell, StillReason::NoPixelsAgree);
        };
        let still_view = on_whole(extent.still_view, self.part);
        places::found(&told, &self.times, top.frame, Extent { still_view, ..extent })
    }
}

/// The points of a still, in all its sizes.
pub fn points_of(still: Luma) -> Points {
    sizes(still).points()
}

/// A still in the sizes in which it is looked for.
fn sizes(Luma { luma, sides }: Luma) -> Sizes {
    let ratio = (STILL_LONGEST as f64 / sides[0].max(sides[1]) as f64).min(1.0);
    let [width, height] = gray::scaled(sides, ratio);
    let still = Gray { luma, width: sides[0], height: sides[1] }.shrunk(width, height);
    Sizes::new(still, STILL_STEP, STILL_SHORTEST)
}

/// A view of a part of the still, as one of all of it.
fn on_whole([x, y, width, height]: View, part: View) -> View {
    let view = [part[0] + x * part[2], part[1] + y * part[3], width * part[2], height * part[3]];
    view.map(rounded)
}

/// The one that tells most; the first of those that tell as much.
fn most_told(sightings: impl IntoIterator<Item = Sighting>) -> Option<Sighting> {
    sightings.into_iter().reduce(|best, other| if other.told() > best.told() { other } else { best })
}

/// The frame whose blocks are correlated.
fn halved(frame: &Gray) -> Gray {
    frame.shrunk(frame.width / BLOCKS_AT, frame.height / BLOCKS_AT)
}
