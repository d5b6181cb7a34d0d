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
/// Hashes of unrelated pictures are 128 +- 8 bits apart; neighbours in one shot stay far below.
const CUT_BITS: u32 = 90;

/// For every sample of the motion signature, the share of the picture that changed, 0.0..=1.0.
pub fn change(fingerprint: &Fingerprint) -> Vec<f32> {
    fingerprint.motion.iter().map(|sample| motion::moving_cells(sample) as f32 / 256.0).collect()
}

/// The frames that begin a new shot, ascending; never frame 0.
///
/// Between two plain frames there is no telling, so no cut is claimed.
pub fn cuts(fingerprint: &Fingerprint) -> Vec<usize> {
    let is_cut = |i: &usize| {
        let (before, after) = (&fingerprint.frames[i - 1], &fingerprint.frames[*i]);
        let is_plain = before.quality.max(after.quality) < PLAIN_BELOW_QUALITY;
        !is_plain && before.pdq.distance_bits(&after.pdq) >= CUT_BITS
    };
    (1..fingerprint.frames.len()).filter(is_cut).collect()
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
