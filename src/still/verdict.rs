//! The best fit -> what may be said of it.

use super::canvas::Canvas;
use super::footage::{Footage, doubt};
use super::guess::WHOLE;
use super::locate::{self, Fit, Stretch};
use super::refine::Layer;
use super::result::{Occurrence, StillReason, StillSearch, StillVerdict};
use crate::compare::{Orientation, View};
use crate::fingerprint::Fingerprint;

/// Below this of PDQ's quality a picture may be in a video and yet agree little: that it is not there cannot be said.
const ABSENT_FROM_QUALITY: u8 = 50;
/// Agreement, less all doubt, from which on a still is found; docs/accuracy.md has how often chance gives how much.
const FOUND_FROM: f32 = 0.49;
/// What is added to it each time the number of frames compared doubles: among more frames, chance agrees better.
const PER_DOUBLING: f32 = 0.015;
/// So far below the limit, the still may be there and much changed.
const WEAK_BAND: f32 = 0.06;
/// The part of the frame, or of the still, below which less of it means more doubt: there are more such places to
/// choose from.
const SURE_FROM_AREA: f64 = 0.6;
/// Doubt for all of the area below that.
const DOUBT_PER_AREA: f32 = 0.3;
/// Doubt where the still is turned: few are, and chance turns three of four.
const DOUBT_OF_TURNING: f32 = 0.05;
/// How far, in seconds, a moment reaches: nobody needs to know better where to look.
const MOMENT_SECONDS: f64 = 0.2;

fn doubt_of_place(layer: &Layer, video: &Fingerprint, footage: &Footage, fit: &Fit) -> f32 {
    let (across, down) = (&fit.guess.horizontal, &fit.guess.vertical);
    let quality = layer.canvas(&fit.guess).quality(across, down).min(footage.qualities[fit.frame]);
    let area = (across.view().1 * down.view().1).min(across.still_view().1 * down.still_view().1);
    let is_upright = fit.guess.orientation.after(shown(video).inverse()).quarters == 0;
    let turning = if is_upright { 0.0 } else { DOUBT_OF_TURNING };
    turning + doubt(quality) + DOUBT_PER_AREA * (SURE_FROM_AREA - area).max(0.0) as f32
}

/// PDQ's quality of the still, and of what is left of it if a corner holds a logo.
fn quality(layer: &Layer) -> u8 {
    layer.canvases().map(|canvas| canvas.quality(&WHOLE, &WHOLE)).min().expect("there is the still itself")
}

/// What the fits, the best first, amount to.
pub fn judge(still: &Canvas, video: &Fingerprint, footage: &Footage, fits: &[Fit]) -> StillSearch {
    let (fit, mut layer) = (&fits[0], Layer::new(still));
    let net = fit.agreement + fit.second - doubt_of_place(&layer, video, footage, fit);
    let limit = FOUND_FROM + PER_DOUBLING * footage.frames.len().ilog2() as f32;
    let margin = net - limit;
    if margin < 0.0 {
        let cant_tell = |reason| StillSearch::without_place(StillVerdict::CantTell, reason, 0.0);
        let absent = |sure| StillSearch::without_place(StillVerdict::NotFound, StillReason::NoFrameAgrees, sure);
        return match margin > -WEAK_BAND {
            _ if fit.agreement >= limit || quality(&layer) < ABSENT_FROM_QUALITY => cant_tell(StillReason::TooPlain),
            true => cant_tell(StillReason::WeakEvidence),
            false => absent(sure_of_absence(margin)),
        };
    }
    let places = locate::places(&mut layer, footage, fits);
    let at: Vec<Occurrence> = places.iter().map(|(fit, stretch)| occurrence(video, footage, fit, stretch)).collect();
    let is_near = |end: f64| (end - at[0].time).abs() <= MOMENT_SECONDS;
    let is_moment = fit.is_that_frame() && at.len() == 1 && at[0].stretch.into_iter().all(is_near);
    let reason = if is_moment { StillReason::FramesAgree } else { StillReason::StretchLooksSame };
    StillSearch { verdict: StillVerdict::Found, confidence: sure_of_presence(margin), reason, at }
}

/// 0.99 at the limit, and 0.999 well above it; never 1.
fn sure_of_presence(margin: f32) -> f64 {
    0.99 + 0.009 * f64::from((margin / 0.2).min(1.0))
}

/// 0.9, a careful figure for how many of the stills are found that are there and not too plain; less near the limit.
fn sure_of_absence(margin: f32) -> f64 {
    0.9 * f64::from((-margin / 0.2).min(1.0))
}

fn occurrence(video: &Fingerprint, footage: &Footage, fit: &Fit, stretch: &Stretch) -> Occurrence {
    let ends = [footage.times[stretch.first], footage.times[stretch.last]];
    let ((x, width), (y, height)) = (fit.guess.horizontal.view(), fit.guess.vertical.view());
    let ((still_x, still_width), (still_y, still_height)) =
        (fit.guess.horizontal.still_view(), fit.guess.vertical.still_view());
    let (shown, orientation) = (shown(video), fit.guess.orientation);
    let against_shown = orientation.after(shown.inverse());
    Occurrence {
        time: footage.times[stretch.best],
        stretch: [ends[0].min(ends[1]), ends[0].max(ends[1])],
        distance_bits: locate::distance_bits(fit, &footage.frames[stretch.best]),
        view: thousandths(shown.inverse().rectangle_in_source(orientation.rectangle_in_source([x, y, width, height]))),
        still_view: thousandths([still_x, still_y, still_width, still_height]),
        mirrored: against_shown.mirrored,
        turned: u16::from(against_shown.quarters) * 90,
    }
}

/// A player mirrors and turns the frame before anyone makes a still of it.
fn shown(video: &Fingerprint) -> Orientation {
    Orientation { mirrored: video.header.mirrored, quarters: (video.header.rotation / 90 % 4) as u8 }
}

/// A view is known to a few thousandths; more digits would promise more.
fn thousandths(view: View) -> View {
    view.map(|fraction| (fraction * 1000.0).round() / 1000.0)
}
