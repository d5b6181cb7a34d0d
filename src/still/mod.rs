//! One picture in, where it occurs in a fingerprint out.
//!
//! A fingerprint holds no pixels, but PDQ's bits of each frame. So the still is laid onto a frame in many ways - cut
//! out of it, mirrored, turned, behind a banner, in a player's window - and for each guess the frequencies are
//! computed that the frame would have. The guess whose bits agree with a frame is looked at more closely until it
//! says which frame, which part, and how surely. docs/accuracy.md has the limits, how they were found, and how often
//! they err.

mod bits;
mod canvas;
mod footage;
mod gradient;
mod grids;
mod guess;
mod leftover;
mod locate;
mod logo;
mod placement;
mod refine;
mod result;
mod search;
mod verdict;

use crate::fingerprint::picture::{self, PictureError};
use crate::fingerprint::{Fingerprint, TierReason};
use crate::picture::luma::{self, Matrix};
use crate::picture::pixel_format::PixelFormat;
use canvas::Canvas;
use footage::{Footage, PLAIN_BELOW_QUALITY};
use guess::{Guess, WHOLE};
use locate::Fit;
use refine::Layer;

pub use result::{Occurrence, StillReason, StillSearch, StillVerdict};

/// How many of the refined guesses are followed through the whole video.
const FOLLOWED: usize = 10;
/// Followed guesses at frames nearer than this would end at the same frame.
const APART_SECONDS: f64 = 0.25;
/// A picture to look for.
#[derive(Clone, Debug)]
pub struct Still {
    canvas: Canvas,
}

impl Still {
    /// Reads a PNG, JPEG or WebP file, turned as it says.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        let picture = picture::decode_upright(bytes)?;
        let rgb24 = PixelFormat::from_name("rgb24").expect("listed");
        let (width, height) = picture.dimensions();
        let luma = luma::of_frame(rgb24, Matrix::Bt601, picture.as_raw(), width, height);
        let canvas = Canvas::new(&luma, width as usize, height as usize);
        Ok(Self { canvas })
    }
}

/// Looks for the still in all frames of a video, or in a picture.
///
/// Takes a few tenths of a second for a minute of video, mostly for the still, and seconds for ten hours.
pub fn find(still: &Still, video: &Fingerprint) -> StillSearch {
    if video.header.tier_reason == Some(TierReason::CompactCode) {
        return StillSearch::without_place(StillVerdict::CantTell, StillReason::FewFrames, 0.0);
    }
    let footage = Footage::new(video);
    if still.canvas.quality(&WHOLE, &WHOLE) < PLAIN_BELOW_QUALITY || footage.is_plain() {
        return StillSearch::without_place(StillVerdict::CantTell, StillReason::TooPlain, 0.0);
    }
    verdict::judge(&still.canvas, video, &footage, &fits(still, video, &footage))
}

/// Guesses followed to where they fit best, the best first; at least one.
fn fits(still: &Still, video: &Fingerprint, footage: &Footage) -> Vec<Fit> {
    let proportions = f64::from(video.header.width.max(1)) / f64::from(video.header.height.max(1));
    let candidates = search::candidates(&still.canvas, proportions, footage);
    let mut layer = Layer::new(&still.canvas);
    let refined = candidates.into_iter().map(|candidate| {
        let frame = &footage.frames[candidate.frame];
        let (guess, worth) = refine::refine(&mut layer, frame, candidate.guess, refine::FEW_ROUNDS);
        let worth = locate::net_worth(&layer, footage, &guess, candidate.frame, worth);
        (guess, candidate.frame, worth)
    });
    let mut refined: Vec<_> = refined.collect();
    refined.sort_by(|a, b| b.2.total_cmp(&a.2));
    let mut fits: Vec<Fit> = distinct(refined, footage)
        .into_iter()
        .map(|(guess, frame, _)| locate::settle(&mut layer, footage, guess, frame))
        .collect();
    fits.sort_by(|a, b| b.rank().total_cmp(&a.rank()));
    fits
}

/// The first few of different times: where a camera comes back to what it saw, each time is a place of its own.
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
