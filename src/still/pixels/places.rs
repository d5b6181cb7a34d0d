//! How much each frame tells of the still -> the moment, or the stretches whose frames cannot be told apart.

use super::extent::Extent;
use crate::fingerprint::Fingerprint;
use crate::ranked::highest_first;
use crate::still::footage;
use crate::still::result::{Occurrence, StillReason, StillSearch, StillVerdict};
use crate::still::locate::MAX_PLACES;
use crate::still::verdict::{MOMENT_SECONDS, PRESENCE_AT_LIMIT};

/// A frame stands for those after it until one differs from it in more bits of its PDQ. By trial: two pictures are alike up
/// to 31.
const KEY_CHANGE_BITS: u32 = 8;
/// And for as long as the first at least, which is hardly time to move, and the second at most. By reason.
const KEY_SECONDS: [f64; 2] = [0.1, 1.0];
/// The most frames that are looked through; of more, only every second, third ... is. Bounds work: four minutes.
const MOST_KEYS: usize = 20_000;
/// Frames that tell at least this share of what the best does cannot be told from it. Measured: of 38 screenshots the frame
/// itself told at least 0.95 of it. docs/accuracy/stills.md, "By pixels".
const ALIKE: f64 = 0.9;
/// A stretch ends where frames that tell less last longer than this. By trial, as `GAP_SECONDS` of hashes.
const GAP_SECONDS: f64 = 1.0;

/// The frames in which the still is looked for, by position.
pub fn keys(video: &Fingerprint) -> Vec<usize> {
    let times = footage::times(video);
    let mut keys: Vec<usize> = Vec::new();
    for (i, frame) in video.frames.iter().enumerate() {
        let is_key = keys.last().is_none_or(|&last| {
            let [soonest, latest] = KEY_SECONDS.map(|seconds| (times[i] - times[last]).abs() >= seconds);
            latest || soonest && video.frames[last].pdq.distance_bits(&frame.pdq) > KEY_CHANGE_BITS
        });
        if is_key {
            keys.push(i);
        }
    }
    let step = keys.len().div_ceil(MOST_KEYS).max(1);
    keys.into_iter().step_by(step).collect()
}

/// Frames that cannot be told from each other.
struct Stretch {
    first: usize,
    last: usize,
    best: usize,
}

/// What is said of a still that lies as `extent` on the frame that tells most.
pub fn found(told: &[f64], times: &[f64], best: usize, extent: Extent) -> StillSearch {
    let stretches = stretches(told, times, best);
    let occurrence = |stretch: &Stretch| {
        let [first, last] = [times[stretch.first], times[stretch.last]];
        Occurrence {
            time: times[stretch.best],
            stretch: [first.min(last), first.max(last)],
            distance_bits: None,
            view: extent.view,
            still_view: extent.still_view,
            mirrored: false,
            turned: 0,
        }
    };
    let at: Vec<Occurrence> = stretches.iter().map(occurrence).collect();
    let is_near = |end: f64| (end - at[0].time).abs() <= MOMENT_SECONDS;
    let is_moment = at.len() == 1 && at[0].stretch.into_iter().all(is_near);
    let reason = if is_moment { StillReason::FramesAgree } else { StillReason::StretchLooksSame };
    StillSearch { verdict: StillVerdict::Found, confidence: PRESENCE_AT_LIMIT, reason, at }
}

/// The stretches of frames that tell about as much as the best, its own first.
fn stretches(told: &[f64], times: &[f64], best: usize) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for i in (0..told.len()).filter(|&i| told[i] >= ALIKE * told[best]) {
        match stretches.last_mut() {
            Some(stretch) if (times[i] - times[stretch.last]).abs() <= GAP_SECONDS => {
                stretch.last = i;
                if told[i] > told[stretch.best] {
                    stretch.best = i;
                }
            }
            _ => stretches.push(Stretch { first: i, last: i, best: i }),
        }
    }
    let mut stretches = highest_first(stretches, |stretch| told[stretch.best]);
    stretches.truncate(MAX_PLACES);
    stretches
}
