//! A fingerprint -> what a person wants to see of it first: how much changes when, cuts, plain stretches, and a few
//! frames that stand for the whole.
//!
//! Everything here follows from the fingerprint alone, so it is the same for a video just hashed and a file opened.

use crate::fingerprint::Fingerprint;
use crate::motion;

/// Frames below this quality show too little for their PDQ to say anything.
///
/// Source: vPDQ's default `quality_tolerance`.
pub const PLAIN_BELOW_QUALITY: u8 = 50;
/// Two neighbouring frames this many PDQ bits apart belong to different shots.
///
/// Hashes of unrelated pictures are 128 +- 8 bits apart; neighbours in one shot stay far below, but for a camera
/// swung fast.
const CUT_BITS: u32 = 90;
/// A cut is one step: the steps before and after it stay below this, while a fast swing makes several long ones.
const STEADY_BITS: u32 = 60;

/// For every sample of the motion signature, the share of the picture that changed, 0.0..=1.0.
pub fn change(fingerprint: &Fingerprint) -> Vec<f32> {
    fingerprint.motion.iter().map(|sample| motion::moving_cells(sample) as f32 / 256.0).collect()
}

/// The frames that begin a new shot, ascending; never frame 0.
///
/// Dissolves and fades are no cuts. Between two plain frames there is no telling, so none is claimed.
pub fn cuts(fingerprint: &Fingerprint) -> Vec<usize> {
    let frames = &fingerprint.frames;
    // The step that leads to frame `i`; beyond both ends nothing moves.
    let step_bits = |i: usize| match (i.checked_sub(1).and_then(|before| frames.get(before)), frames.get(i)) {
        (Some(before), Some(after)) => before.pdq.distance_bits(&after.pdq),
        _ => 0,
    };
    let is_cut = |&i: &usize| {
        let is_plain = frames[i - 1].quality.max(frames[i].quality) < PLAIN_BELOW_QUALITY;
        let is_steady = step_bits(i - 1).max(step_bits(i + 1)) < STEADY_BITS;
        !is_plain && is_steady && step_bits(i) >= CUT_BITS
    };
    (1..frames.len()).filter(is_cut).collect()
}

/// Stretches of frames below [`PLAIN_BELOW_QUALITY`], as start and end in seconds, ascending.
pub fn plain_stretches(fingerprint: &Fingerprint) -> Vec<(f64, f64)> {
    let seconds = |i: usize| match fingerprint.frames.get(i) {
        Some(frame) => fingerprint.header.time_base.seconds(frame.ticks),
        None => fingerprint.duration_s(),
    };
    let mut stretches = Vec::new();
    let mut start = None;
    for i in 0..=fingerprint.frames.len() {
        let is_plain = fingerprint.frames.get(i).is_some_and(|frame| frame.quality < PLAIN_BELOW_QUALITY);
        match (start, is_plain) {
            (None, true) => start = Some(i),
            (Some(first), false) => {
                stretches.push((seconds(first), seconds(i)));
                start = None;
            }
            _ => {}
        }
    }
    stretches
}

/// Up to `count` frames that stand for the whole, ascending, frame 0 among them.
///
/// Every shot gets a frame, the longest first where there are more shots than frames; what is left goes where shots
/// are long. Within its part of a shot the frame of the highest quality near the middle is taken.
pub fn representatives(fingerprint: &Fingerprint, count: usize) -> Vec<usize> {
    let total = fingerprint.frames.len();
    let mut parts = parts_of_shots(&shots(fingerprint), count.min(total));
    parts.sort_unstable();
    let best = |&(start, end): &(usize, usize)| if start == 0 { 0 } else { best_near_middle(fingerprint, start, end) };
    let mut chosen: Vec<usize> = parts.iter().map(best).collect();
    chosen.dedup();
    chosen
}

fn shots(fingerprint: &Fingerprint) -> Vec<(usize, usize)> {
    let mut borders = vec![0];
    borders.extend(cuts(fingerprint));
    borders.push(fingerprint.frames.len());
    borders.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// Divides shots into `count` parts in all, each as start and end frame.
fn parts_of_shots(shots: &[(usize, usize)], count: usize) -> Vec<(usize, usize)> {
    let mut by_length: Vec<((usize, usize), usize)> = shots.iter().map(|&shot| (shot, 1)).collect();
    // The first shot stays whatever its length: people look for the first frame first.
    by_length[1..].sort_by_key(|&((start, end), _)| (std::cmp::Reverse(end - start), start));
    by_length.truncate(count);
    while by_length.iter().map(|(_, parts)| parts).sum::<usize>() < count {
        let has_room = |&&mut ((start, end), parts): &&mut ((usize, usize), usize)| parts < end - start;
        let length = |((start, end), parts): &((usize, usize), usize)| (end - start) / (parts + 1);
        match by_length.iter_mut().filter(has_room).max_by_key(|entry| length(entry)) {
            Some(entry) => entry.1 += 1,
            None => break,
        }
    }
    by_length.into_iter().flat_map(|(shot, parts)| split(shot, parts)).collect()
}

fn split((start, end): (usize, usize), parts: usize) -> impl Iterator<Item = (usize, usize)> {
    let border = move |i: usize| start + (end - start) * i / parts;
    (0..parts).map(move |i| (border(i), border(i + 1)))
}

fn best_near_middle(fingerprint: &Fingerprint, start: usize, end: usize) -> usize {
    let (middle, reach) = ((start + end) / 2, (end - start) / 5);
    let near = middle - reach.min(middle - start)..(middle + reach + 1).min(end);
    near.max_by_key(|&i| (fingerprint.frames[i].quality, std::cmp::Reverse(i.abs_diff(middle)))).unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file_scan::FileRecord;
    use crate::fingerprint::{Decoder, Frame, Header, Kind, MotionParameters, Tier, TierReason, Trailer};
    use crate::motion::{SAMPLE_BYTES, TimeBase};
    use crate::pdq::PdqHash;
    use crate::plane::Range;

    /// Ten frames a second: for each, the byte that fills its hash, and its quality.
    fn video(frames: &[(u8, u8)]) -> Fingerprint {
        let frames: Vec<Frame> = (0..)
            .zip(frames)
            .map(|(ticks, &(byte, quality))| Frame {
                ticks,
                pdq: PdqHash([byte; 32]),
                quality,
                sha256: None,
                classic: [None; 4],
            })
            .collect();
        let header = Header {
            kind: Kind::Video,
            tier: Tier::Perceptual,
            tier_reason: Some(TierReason::RgbFrames),
            decoder: Decoder::WebcodecsRgb,
            codec: "h264".to_owned(),
            pixel_format: "bgra".to_owned(),
            range: Range::Full,
            width: 64,
            height: 64,
            rotation: 0,
            time_base: TimeBase(1, 10),
            classic: Vec::new(),
            motion: MotionParameters::VERSION_1,
        };
        let file = FileRecord { sha256: "0".repeat(64), bytes: 1, container: None };
        let trailer = Trailer { frames: frames.len() as u64, file, complete: true, problems: Vec::new() };
        let motion = vec![[0b0001_0000; SAMPLE_BYTES]; frames.len()];
        Fingerprint { header, frames, motion, trailer }
    }

    #[test]
    fn a_cut_is_one_long_step_between_steady_frames() {
        let steady = video(&[(0, 100), (1, 100), (0, 100), (0xff, 100), (0xfe, 100)]);
        assert_eq!(cuts(&steady), [3]);
        let swing = video(&[(0, 100), (0x0f, 100), (0xff, 100), (0x0f, 100), (0, 100)]);
        assert_eq!(cuts(&swing), Vec::<usize>::new());
        let black = video(&[(0, 10), (0xff, 10), (0xff, 10)]);
        assert_eq!(cuts(&black), Vec::<usize>::new());
    }

    #[test]
    fn plain_stretches_begin_and_end_with_their_frames() {
        let video = video(&[(0, 0), (0, 49), (0, 50), (0, 100), (0, 10)]);
        assert_eq!(plain_stretches(&video), [(0.0, 0.2), (0.4, 0.5)]);
    }

    #[test]
    fn change_is_the_share_of_moving_cells() {
        assert_eq!(change(&video(&[(0, 100)])), [0.25]);
    }

    #[test]
    fn every_shot_is_represented_and_the_first_frame_too() {
        let mut frames = vec![(0, 100); 10];
        frames.extend([(0xff, 100); 40]);
        frames.extend([(0, 60); 10]);
        frames[30].1 = 0;
        let video = video(&frames);
        let chosen = representatives(&video, 4);
        assert_eq!(chosen.len(), 4);
        assert_eq!(chosen[0], 0);
        assert_eq!(chosen.iter().filter(|&&i| (10..50).contains(&i)).count(), 2);
        assert!(chosen[3] >= 50);
        assert!(chosen.iter().all(|&i| video.frames[i].quality > 0));
    }

    #[test]
    fn more_frames_than_there_are_gives_all() {
        assert_eq!(representatives(&video(&[(0, 100), (0, 100), (0, 100)]), 7), [0, 1, 2]);
        assert_eq!(representatives(&video(&[(0, 100)]), 7), [0]);
    }
}
