//! How much each frame tells of the still -> the moment, or the stretches whose frames cannot be told apart.

use super::extent::Extent;
use crate::fingerprint::Fingerprint;
use crate::ranked::highest_first;
use crate::still::footage;
use crate::still::locate::MAX_PLACES;
use crate::still::result::{Occurrence, StillReason, StillSearch, StillVerdict};
use crate::still::verdict::MOMENT_SECONDS;

/// A frame stands for those after it until one differs from it in more bits of its PDQ. By trial: two pictures are alike up
/// to 31.
const KEY_CHANGE_BITS: u32 = 8;
/// And for as long as the first at least, which is hardly time to move, and the second at most. By reason.
const KEY_SECONDS: [f64; 2] = [0.1, 1.0];
/// The most frames that are looked through; of more, only every second, third ... is. Bounds work: three minutes.
const MOST_KEYS: usize = 20_000;
/// Frames that tell at least this share of what the best does cannot be told from it. Measured: of 38 screenshots the frame
/// itself told at least 0.95 of what the best within half a second did; where a picture fades, 0.88 of the best of all.
const ALIKE: f64 = 0.8;
/// A stretch ends where frames that tell less last longer than this. By trial, as `GAP_SECONDS` of hashes.
const GAP_SECONDS: f64 = 1.0;

/// Times this near are the same, seconds: far more than rounding, far less than a frame.
const ROUNDING: f64 = 1e-9;

/// The frames in which the still is looked for, by position.
pub fn keys(video: &Fingerprint) -> Vec<usize> {
    let times = footage::times(video);
    let mut keys: Vec<usize> = Vec::new();
    for (i, frame) in video.frames.iter().enumerate() {
        let is_key = keys.last().is_none_or(|&last| {
            let [soonest, latest] = KEY_SECONDS.map(|seconds| (times[i] - times[last]).abs() >= seconds - ROUNDING);
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
    let is_near = |end: f64| (end - at[0].time).abs() <= MOMENT_SECONDS + ROUNDING;
    let is_moment = at.len() == 1 && at[0].stretch.into_iter().all(is_near);
    let reason = if is_moment { StillReason::FramesAgree } else { StillReason::StretchLooksSame };
    StillSearch { verdict: StillVerdict::Found, e_value: None, reason, at }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::testing;

    const EXTENT: Extent = Extent { view: [0.0, 0.0, 1.0, 1.0], still_view: [0.1, 0.2, 0.3, 0.4] };

    /// Of frames a tenth of a second apart.
    fn said(told: &[f64]) -> StillSearch {
        let times: Vec<f64> = (0..told.len()).map(|i| i as f64 / 10.0).collect();
        let best = (0..told.len()).max_by(|a, b| told[*a].total_cmp(&told[*b])).unwrap();
        found(told, &times, best, EXTENT)
    }

    #[test]
    fn the_frame_that_tells_far_more_than_others_is_a_moment() {
        let mut told = vec![79.0; 60];
        told[28..=32].copy_from_slice(&[81.0, 95.0, 100.0, 96.0, 82.0]);
        let found = said(&told);
        assert_eq!((found.verdict, found.reason), (StillVerdict::Found, StillReason::FramesAgree));
        assert_eq!((found.at[0].time, found.at[0].stretch), (3.0, [2.8, 3.2]));
        assert_eq!((found.at[0].view, found.at[0].still_view), (EXTENT.view, EXTENT.still_view));
        told[33] = 80.0;
        assert_eq!(said(&told).reason, StillReason::StretchLooksSame);
    }

    #[test]
    fn what_comes_back_is_a_stretch_of_its_own() {
        let mut told = vec![10.0; 60];
        told[5..8].fill(95.0);
        told[16] = 93.0;
        told[40] = 100.0;
        let found = said(&told);
        let stretches: Vec<[f64; 2]> = found.at.iter().map(|at| at.stretch).collect();
        assert_eq!(stretches, [[4.0, 4.0], [0.5, 1.6]]);
        assert_eq!(found.reason, StillReason::StretchLooksSame);
    }

    #[test]
    fn a_frame_is_a_key_when_it_differs_and_every_second() {
        let video = |bits: &[usize]| {
            let frames: Vec<_> = bits.iter().map(|&bits| (testing::hash(bits), 100)).collect();
            testing::fingerprint(&frames, Vec::new())
        };
        assert_eq!(keys(&video(&[0, 8, 9, 17, 18, 200])), [0, 2, 4, 5]);
        let mut quick = video(&[0, 50, 100, 150, 200]);
        quick.header.time_base = crate::hash::motion::TimeBase(1, 25);
        assert_eq!(keys(&quick), [0, 3]);
        assert_eq!(keys(&video(&[0; 25])), [0, 10, 20]);
        assert!(keys(&video(&[])).is_empty());
        let many: Vec<usize> = (0..MOST_KEYS + 2).map(|i| i % 2 * 256).collect();
        assert_eq!(keys(&video(&many)).len(), MOST_KEYS / 2 + 1);
    }
}
