//! One picture in, where it occurs in a fingerprint out.
//!
//! A fingerprint holds no pixels, but PDQ's bits of each frame. So the still is laid onto a frame in many ways - cut
//! out of it, mirrored, turned, behind a banner, in a player's window - and for each guess the frequencies are
//! computed that the frame would have. The guess whose bits agree with a frame is looked at more closely until it
//! says which frame, which part, and how surely. Where none does, the points that a fingerprint holds of some frames may
//! tell how they lie on the still (`keypoints`). docs/accuracy.md has the limits, how they were found, and how often
//! they err.
//!
//! # Words
//!
//! - *Pixel*: of the still, squeezed to 96 x 96. *Point*: of the 64 x 64 that PDQ knows of a frame; in `keypoints` and
//!   `pixels`, a corner that can be found again.
//! - *Guess*: how a frame may lie on the still. *Fit*: a guess at its best frame.
//! - *Agreement*: of a guess's bits with a frame's, -1..=1, each bit weighted by how sure it is; about 0 by chance.
//! - *Cost*: agreement that an unlikely guess must gain. *Score*: agreement less costs, and what the gradient hash
//!   adds.
//!
//! Where the numbers come from, each constant says; *by trial* and *bounds work* are explained in [`mod@crate::compare`].
//! The measurement of all of them together is `cargo xtask eval --corpus DIR --only stills`.

mod bits;
mod canvas;
mod chance;
mod footage;
mod gradient;
mod grids;
mod guess;
mod inside;
mod keypoints;
mod leftover;
mod locate;
mod logo;
mod pixels;
mod placement;
mod read;
mod refine;
mod result;
mod search;
mod verdict;

use crate::compare::View;
use crate::fingerprint::Fingerprint;
use crate::fingerprint::picture::PictureError;
use crate::ranked::highest_first;
use canvas::{Canvas, Picture};
use footage::{Footage, SEARCHABLE_FROM_QUALITY};
use guess::{Guess, WHOLE};
use locate::{Fit, Fits};
use pixels::Points;
use read::Luma;
use refine::Layer;
use search::{Candidate, Keys};

pub use pixels::PixelSearch;
pub use result::{Occurrence, StillReason, StillSearch, StillVerdict};

/// How many of the refined guesses are followed through the whole video. Bounds work.
const FOLLOWED: usize = 10;
/// How many of those for all pictures within a still. Bounds work.
const FOLLOWED_INSIDE: usize = 5;
/// How many guesses for all pictures within a still are refined. Bounds work: a third of those for the whole.
const REFINED_INSIDE: usize = 32;
/// Followed guesses in one orientation at frames nearer than this would end at the same frame. By trial.
const APART_SECONDS: f64 = 0.25;

/// A picture to look for.
#[derive(Clone, Debug)]
pub struct Still {
    /// All of it.
    whole: Picture,
    /// What may be pictures within it, as in a screenshot.
    inside: Vec<Picture>,
    /// Its points.
    points: Points,
    /// Whether it is a part of a picture, chosen by a person: it may end anywhere in a frame, or beside it.
    is_part: bool,
}

impl Still {
    /// Reads the bytes of a PNG, JPEG or WebP file, turned as it says. Fails if they are no such picture, or it is too
    /// large.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        Ok(Self::of_luma(read::luma(bytes)?))
    }

    /// Reads a part of such a picture, in fractions of its sides: one of [`Still::pictures`], or what a person chose. No
    /// pictures are looked for within it, and it is never said to be absent; places are told on the whole picture.
    pub fn read_part(bytes: &[u8], part: View) -> Result<Self, PictureError> {
        let (picture, part) = read::luma(bytes)?.part(part);
        let whole = Picture::new(&picture, part);
        Ok(Self { whole, inside: Vec::new(), points: pixels::points_of(picture), is_part: true })
    }

    /// The part of the picture that it is, if it was read as one: whole pixels.
    pub fn part(&self) -> Option<View> {
        self.is_part.then_some(self.whole.part)
    }

    /// The parts that may be pictures within it, as in a screenshot, the most plausible first; each is looked for, too.
    pub fn pictures(&self) -> impl Iterator<Item = View> {
        self.inside.iter().map(|picture| picture.part)
    }

    fn of_luma(picture: Luma) -> Self {
        let whole = Picture::new(&picture, read::WHOLE);
        let areas = inside::pictures(&picture.luma, picture.sides[0], picture.sides[1]).into_iter();
        let inside = areas.map(|area| Picture::new(&picture.cut(area), picture.view(area)));
        let is_searchable = |picture: &Picture| picture.canvas.quality(&WHOLE, &WHOLE) >= SEARCHABLE_FROM_QUALITY;
        let inside = inside.filter(is_searchable).collect();
        Self { whole, inside, points: pixels::points_of(picture), is_part: false }
    }
}

/// Looks for the still in all frames of a video, or in a picture. Never fails: if nothing can be told, that is the
/// verdict, as with a compact code, which holds too few frames.
///
/// Takes a few tenths of a second for a minute of video, mostly for the still, and seconds for ten hours.
pub fn find(still: &Still, video: &Fingerprint) -> StillSearch {
    if video.is_of_code() {
        return StillSearch::without_place(StillVerdict::CantTell, StillReason::FewFrames);
    }
    let footage = Footage::new(video);
    if still.whole.canvas.quality(&WHOLE, &WHOLE) < SEARCHABLE_FROM_QUALITY || footage.is_plain() {
        return StillSearch::without_place(StillVerdict::CantTell, StillReason::TooPlain);
    }
    let keys = Keys::of(&footage);
    let whole = Fits { picture: &still.whole, fits: fits(&still.whole.canvas, video, &footage, &keys) };
    let inside = fits_inside(&still.inside, video, &footage, &keys);
    let search = verdict::judge(video, &footage, &whole, &inside, still.inside.len());
    let search = if search.verdict == StillVerdict::Found {
        search
    } else {
        let placed = keypoints::place(&still.points, video);
        let fits = placed.and_then(|placed| placed.fits(&still.whole, &still.inside, &footage));
        fits.map_or(search, |fits| verdict::found(video, &footage, &fits, 0.0))
    };
    if still.is_part { search.of_part() } else { search }
}

/// Guesses followed to where they fit best, the best first; at least one.
fn fits(still: &Canvas, video: &Fingerprint, footage: &Footage, keys: &Keys) -> Vec<Fit> {
    let candidates = search::candidates(still, footage::proportions(video, 0), keys);
    let mut layer = Layer::new(still);
    let refined = candidates.into_iter().map(|candidate| refined(&mut layer, footage, &candidate)).collect();
    let refined = highest_first(refined, |(_, _, score)| f64::from(*score));
    let fits: Vec<Fit> = distinct(refined, footage)
        .into_iter()
        .map(|(guess, frame, _)| locate::settle(&mut layer, footage, guess, frame))
        .collect();
    highest_first(fits, |fit| f64::from(fit.score()))
}

/// A candidate's guess after a few rounds, its frame, and its score.
fn refined(layer: &mut Layer, footage: &Footage, candidate: &Candidate) -> (Guess, usize, f32) {
    let frame = &footage.frames[candidate.frame];
    let (guess, score) = refine::refine(layer, frame, candidate.guess, refine::FEW_ROUNDS);
    let score = locate::net_score(layer, footage, &guess, candidate.frame, score);
    (guess, candidate.frame, score)
}

/// The same for the pictures within a still, of which only the most promising guesses are followed.
fn fits_inside<'a>(pictures: &'a [Picture], video: &Fingerprint, footage: &Footage, keys: &Keys) -> Vec<Fits<'a>> {
    let (proportions, shown) = (footage::proportions(video, 0), verdict::shown(video));
    let of_picture = |(i, picture): (usize, &Picture)| {
        let found = search::candidates_inside(&picture.canvas, proportions, shown, keys);
        found.into_iter().map(move |candidate| (i, candidate)).collect::<Vec<_>>()
    };
    let candidates: Vec<(usize, Candidate)> = pictures.iter().enumerate().flat_map(of_picture).collect();
    let mut candidates = highest_first(candidates, |(_, candidate)| -f64::from(candidate.distance));
    candidates.truncate(REFINED_INSIDE);
    let mut layers: Vec<Layer> = pictures.iter().map(|picture| Layer::new(&picture.canvas)).collect();
    let refined = candidates.iter().map(|(i, candidate)| (*i, refined(&mut layers[*i], footage, candidate)));
    let mut best = highest_first(refined.collect(), |(_, (_, _, score))| f64::from(*score));
    best.truncate(FOLLOWED_INSIDE);
    let mut found: Vec<Fits> = Vec::new();
    for (i, (guess, frame, _)) in best {
        let fit = locate::settle(&mut layers[i], footage, guess, frame);
        match found.iter_mut().find(|other| std::ptr::eq(other.picture, &pictures[i])) {
            Some(of_picture) => of_picture.fits.push(fit),
            None => found.push(Fits { picture: &pictures[i], fits: vec![fit] }),
        }
    }
    for of_picture in &mut found {
        let fits = std::mem::take(&mut of_picture.fits);
        of_picture.fits = highest_first(fits, |fit| f64::from(fit.score()));
    }
    found
}

/// The first few of different times, of guesses with their frames and scores: where a camera comes back to what it saw,
/// each time is a place of its own.
fn distinct(refined: Vec<(Guess, usize, f32)>, footage: &Footage) -> Vec<(Guess, usize, f32)> {
    let mut kept: Vec<(Guess, usize, f32)> = Vec::new();
    for candidate in refined {
        let is_near = |other: &(Guess, usize, f32)| {
            (footage.times[other.1] - footage.times[candidate.1]).abs() < APART_SECONDS
                && other.0.orientation == candidate.0.orientation
        };
        if kept.len() < FOLLOWED && !kept.iter().any(is_near) {
            kept.push(candidate);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Orientation;
    use crate::compare::testing;

    /// Of 100 x 100 pixels.
    fn of_luma(luma: Vec<u8>) -> Still {
        Still::of_luma(Luma { luma, sides: [100, 100] })
    }

    #[test]
    fn ten_guesses_at_different_times_are_followed() {
        let video = testing::fingerprint(&vec![(testing::hash(0), 100); 60], Vec::new());
        let footage = Footage::new(&video);
        let guess = |mirrored| Guess {
            orientation: Orientation { mirrored, quarters: 0 },
            horizontal: WHOLE,
            vertical: WHOLE,
            logo: None,
        };
        let frames = |candidates: Vec<(Guess, usize, f32)>| {
            distinct(candidates, &footage).iter().map(|&(_, frame, _)| frame).collect::<Vec<usize>>()
        };
        // Frames are a tenth of a second apart.
        assert_eq!(frames((0..7).map(|i| (guess(false), i, 1.0)).collect()), [0, 3, 6]);
        assert_eq!(frames(vec![(guess(false), 5, 1.0), (guess(true), 5, 0.9), (guess(true), 6, 0.8)]), [5, 5]);
        assert_eq!(frames((0..20).map(|i| (guess(false), 3 * i, 1.0)).collect()).len(), 10);
    }

    #[test]
    fn a_compact_code_and_plain_footage_are_not_looked_through() {
        let luma: Vec<u8> = (0..100 * 100).map(|i| testing::scrambled(i % 100 / 9 * 31 + i / 900) as u8).collect();
        let still = of_luma(luma);
        let mut video = testing::fingerprint(&[(testing::hash(9), 24)], Vec::new());
        assert_eq!(find(&still, &video).reason, StillReason::TooPlain);
        video.frames[0].quality = 25;
        assert_ne!(find(&still, &video).reason, StillReason::TooPlain);
        video.header.tier_reason = Some(crate::fingerprint::TierReason::CompactCode);
        assert_eq!(find(&still, &video).reason, StillReason::FewFrames);
        let plain = of_luma(vec![100; 100 * 100]);
        video.header.tier_reason = None;
        assert_eq!(find(&plain, &video).reason, StillReason::TooPlain);
    }

    #[test]
    fn a_plain_still_is_not_found_even_where_it_agrees() {
        let still = |levels: u64| {
            let block = |i: usize| testing::scrambled(i % 100 / 9 * 31 + i / 900) % levels;
            let luma: Vec<u8> = (0..100 * 100).map(|i| 100 + block(i) as u8).collect();
            of_luma(luma)
        };
        let reason = |still: Still| {
            let whole = Guess { orientation: Orientation::AS_IS, horizontal: WHOLE, vertical: WHOLE, logo: None };
            let words = Layer::new(&still.whole.canvas).weighted(&whole).bits;
            let mut hash: [u8; 32] = *words.map(u64::to_le_bytes).as_flattened().first_chunk().expect("32 bytes");
            hash.reverse();
            let mut video = testing::fingerprint(&[(crate::hash::pdq::PdqHash(hash), 100)], Vec::new());
            video.header.height = video.header.width;
            (still.whole.canvas.quality(&WHOLE, &WHOLE) < SEARCHABLE_FROM_QUALITY, find(&still, &video).reason)
        };
        assert_eq!(reason(still(4)), (true, StillReason::TooPlain));
        assert_eq!(reason(still(100)), (false, StillReason::FramesAgree));
    }
}
