//! What a search for a picture gives.

use crate::compare::View;
use serde::Serialize;

/// Does the picture occur?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StillVerdict {
    /// It does; [`StillSearch::at`] says where.
    Found,
    /// No frame looks like it.
    NotFound,
    /// Neither can be said.
    CantTell,
}

/// Why a verdict was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StillReason {
    /// Found: these frames look like it, and others do not.
    FramesAgree,
    /// Found: a long stretch looks the same, so the frame within it cannot be told.
    StretchLooksSame,
    /// Not found: no frame looks like it.
    NoFrameAgrees,
    /// Can't tell: the picture is too plain.
    TooPlain,
    /// Can't tell: no frame looks like all of it, but its shape is not the video's, or it seems to hold pictures, so that
    /// it may show a part of a frame, or other things beside it.
    MayBePart,
    /// Can't tell: as [`StillReason::MayBePart`], and its pixels, looked for at several sizes, do not tell either.
    NoPixelsAgree,
    /// Can't tell: frames agree a little, but not more than chance may give.
    WeakEvidence,
    /// Can't tell: of the video only a compact code is known, which holds a few frames.
    FewFrames,
}

/// A frame, or a stretch of frames that look the same, that shows the picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Occurrence {
    /// Seconds after the first frame of the frame that agrees best.
    pub time: f64,
    /// Start and end of the frames around it that agree about as well.
    pub stretch: [f64; 2],
    /// PDQ bits, 0..=256, by which the picture, put in its place, differs from that frame; `None` if it was found by pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_bits: Option<u32>,
    /// The part of the video's picture, as a player shows it, that the still shows.
    pub view: View,
    /// The part of the still that shows it: less than all of it where it has borders, a player's frame or a banner.
    pub still_view: View,
    /// Whether the still is mirrored left to right. Mirroring comes before turning.
    pub mirrored: bool,
    /// Degrees clockwise, 0, 90, 180 or 270, by which the video's (mirrored) picture, as a player shows it, is turned
    /// to be the still.
    pub turned: u16,
}

/// Where a picture occurs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StillSearch {
    /// Does it occur?
    pub verdict: StillVerdict,
    /// The E-value: how many finds as good as this one chance is expected to give in this search, all frames and parts counted; `None`
    /// unless it was found by hashes.
    pub e_value: Option<f64>,
    /// Why.
    pub reason: StillReason,
    /// Where, the best first; empty unless it was found.
    pub at: Vec<Occurrence>,
}

impl StillSearch {
    /// This answer of hashes and that of pixels, in one: pixels tell moments better, if they find any. Where neither tells
    /// a moment, what either takes to look the same is one stretch.
    pub fn with_pixels(self, mut pixels: Self) -> Self {
        let is_moment = self.reason == StillReason::FramesAgree;
        if pixels.verdict != StillVerdict::Found {
            return if self.reason == StillReason::MayBePart { pixels } else { self };
        }
        if is_moment || pixels.reason == StillReason::FramesAgree {
            return if is_moment { self } else { pixels };
        }
        for place in &mut pixels.at {
            for Occurrence { stretch: [start, end], .. } in &self.at {
                if *start <= place.stretch[1] && place.stretch[0] <= *end {
                    place.stretch = [start.min(place.stretch[0]), end.max(place.stretch[1])];
                }
            }
        }
        pixels
    }

    /// The same of a part that a person chose: it may end anywhere in a frame, so hashes of whole frames cannot say that it
    /// is absent.
    pub(super) fn of_part(self) -> Self {
        match self.verdict {
            StillVerdict::NotFound => Self::without_place(StillVerdict::CantTell, StillReason::MayBePart),
            _ => self,
        }
    }

    /// Without any place.
    pub(super) fn without_place(verdict: StillVerdict, reason: StillReason) -> Self {
        Self { verdict, e_value: None, reason, at: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(reason: StillReason, stretches: &[[f64; 2]]) -> StillSearch {
        let place = |&stretch: &[f64; 2]| Occurrence {
            time: stretch[0],
            stretch,
            distance_bits: None,
            view: [0.0, 0.0, 1.0, 1.0],
            still_view: [0.0, 0.0, 1.0, 1.0],
            mirrored: false,
            turned: 0,
        };
        let at = stretches.iter().map(place).collect();
        StillSearch { verdict: StillVerdict::Found, e_value: Some(1e-5), reason, at }
    }

    fn unsure(reason: StillReason) -> StillSearch {
        StillSearch::without_place(StillVerdict::CantTell, reason)
    }

    #[test]
    fn what_pixels_do_not_find_remains_as_hashes_told_it() {
        let pixels = unsure(StillReason::NoPixelsAgree);
        let hashes = found(StillReason::StretchLooksSame, &[[1.0, 2.0]]);
        assert_eq!(hashes.clone().with_pixels(pixels.clone()), hashes);
        assert_eq!(unsure(StillReason::TooPlain).with_pixels(pixels.clone()).reason, StillReason::TooPlain);
        assert_eq!(unsure(StillReason::MayBePart).with_pixels(pixels).reason, StillReason::NoPixelsAgree);
    }

    #[test]
    fn a_moment_is_better_than_a_stretch() {
        let (moment, stretch) = (StillReason::FramesAgree, StillReason::StretchLooksSame);
        let [one, other] = [found(moment, &[[4.0, 4.0]]), found(stretch, &[[3.0, 9.0]])];
        assert_eq!(one.clone().with_pixels(other.clone()), one);
        assert_eq!(other.with_pixels(one.clone()), one);
        assert_eq!(unsure(StillReason::WeakEvidence).with_pixels(one.clone()), one);
    }

    #[test]
    fn stretches_of_both_that_meet_are_one() {
        let stretch = StillReason::StretchLooksSame;
        let hashes = found(stretch, &[[2.0, 6.0], [20.0, 30.0]]);
        let pixels = found(stretch, &[[5.0, 9.0], [40.0, 41.0]]);
        let stretches: Vec<[f64; 2]> = hashes.with_pixels(pixels).at.iter().map(|at| at.stretch).collect();
        assert_eq!(stretches, [[2.0, 9.0], [40.0, 41.0]]);
    }
}
