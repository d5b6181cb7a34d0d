//! A fingerprint -> what a person wants to see first: how much changes when, cuts, plain stretches, and a few representative
//! frames.
//!
//! All of it follows from the fingerprint alone, so it is the same for a video just hashed and a file opened.

use super::model::{Fingerprint, Frame};
use crate::hash::motion::{self, Sample, TimeBase};
use crate::hash::pdq::PdqHash;
use crate::ranked::highest_first;

/// Frames below this quality show too little for their PDQ to say anything.
///
/// Source: vPDQ's default `quality_tolerance`.
pub const PLAIN_BELOW_QUALITY: u8 = 50;
/// Two neighbouring frames this many PDQ bits apart belong to different shots.
///
/// Hashes of unrelated pictures are 128 +- 8 bits apart; neighbours in one shot stay far below, except when the camera swings fast.
const CUT_BITS: u32 = 90;
/// The steps before and after a cut stay below this many bits. A fast swing has several long steps instead.
const STEADY_BITS: u32 = 60;

/// How much changes when, cuts and plain stretches of a video.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// For every sample of the motion signature, the share of the picture that changed, 0.0..=1.0.
    pub change: Vec<f32>,
    /// The frames that begin a new shot, ascending; never frame 0.
    ///
    /// Dissolves and fades are not cuts. Between two plain frames no cut can be found.
    pub cuts: Vec<usize>,
    /// Stretches of frames below [`PLAIN_BELOW_QUALITY`], as start and end in seconds, ascending.
    pub plain: Vec<(f64, f64)>,
    qualities: Vec<u8>,
}

impl Timeline {
    /// The timeline of a whole fingerprint.
    pub fn of(fingerprint: &Fingerprint) -> Self {
        let mut builder = TimelineBuilder::new(fingerprint.header.time_base);
        fingerprint.frames.iter().for_each(|frame| builder.frame(frame));
        builder.motion(&fingerprint.motion);
        builder.finish(fingerprint.duration_s())
    }

    /// Up to `count` frames that represent the video, ascending, frame 0 among them.
    ///
    /// Every shot gets a frame, the longest first if there are more shots than frames; further frames go to long shots. Each is the
    /// frame of the highest quality near the middle of its part of the shot.
    pub fn representatives(&self, count: usize) -> Vec<usize> {
        let parts = parts_of_shots(&self.shots(), count.min(self.qualities.len()));
        let parts = highest_first(parts, |(start, _)| -(*start as f64));
        let best = |&(start, end): &(usize, usize)| if start == 0 { 0 } else { self.best_near_middle(start, end) };
        let mut chosen: Vec<usize> = parts.iter().map(best).collect();
        chosen.dedup();
        chosen
    }

    fn shots(&self) -> Vec<(usize, usize)> {
        let borders = [&[0], &self.cuts[..], &[self.qualities.len()]].concat();
        borders.windows(2).map(|pair| (pair[0], pair[1])).collect()
    }

    fn best_near_middle(&self, start: usize, end: usize) -> usize {
        let (middle, reach) = ((start + end) / 2, (end - start) / 5);
        let near = middle - reach.min(middle - start)..(middle + reach + 1).min(end);
        near.max_by_key(|&i| (self.qualities[i], std::cmp::Reverse(i.abs_diff(middle)))).unwrap_or(start)
    }
}

/// Builds a [`Timeline`] from frames as they come; keeps one byte of each.
#[derive(Debug)]
pub struct TimelineBuilder {
    time_base: TimeBase,
    previous: Option<PdqHash>,
    /// The step before `step`, in bits.
    before_bits: u32,
    /// The step to the last frame that came.
    step: Step,
    plain_since: Option<f64>,
    timeline: Timeline,
}

/// The step from one frame to the next; before the first and after the last frame, nothing moves.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    bits: u32,
    is_plain: bool,
}

impl TimelineBuilder {
    /// For frames timed in `time_base`.
    pub fn new(time_base: TimeBase) -> Self {
        let timeline = Timeline { change: Vec::new(), cuts: Vec::new(), plain: Vec::new(), qualities: Vec::new() };
        let (previous, step) = (None, Step::default());
        Self { time_base, previous, before_bits: 0, step, plain_since: None, timeline }
    }

    /// Takes the next frame.
    pub fn frame(&mut self, frame: &Frame) {
        let bits = self.previous.as_ref().map_or(0, |previous| previous.distance_bits(&frame.pdq));
        let best = self.timeline.qualities.last().map_or(frame.quality, |&before| before.max(frame.quality));
        self.take_step(Step { bits, is_plain: best < PLAIN_BELOW_QUALITY });
        self.previous = Some(frame.pdq);
        self.timeline.qualities.push(frame.quality);
        let seconds = self.time_base.seconds(frame.ticks);
        if frame.quality < PLAIN_BELOW_QUALITY {
            self.plain_since.get_or_insert(seconds);
        } else {
            self.end_plain(seconds);
        }
    }

    /// Takes the next samples of the motion signature.
    pub fn motion(&mut self, samples: &[Sample]) {
        self.timeline.change.extend(samples.iter().map(|sample| motion::moving_cells(sample) as f32 / 256.0));
    }

    /// The timeline of a video of `duration_s` seconds.
    pub fn finish(mut self, duration_s: f64) -> Timeline {
        self.take_step(Step::default());
        self.end_plain(duration_s);
        self.timeline
    }

    /// Decides, by the `next` step, whether the last frame begins a shot.
    fn take_step(&mut self, next: Step) {
        let is_steady = self.before_bits.max(next.bits) < STEADY_BITS;
        if !self.step.is_plain && is_steady && self.step.bits >= CUT_BITS {
            self.timeline.cuts.push(self.timeline.qualities.len() - 1);
        }
        self.before_bits = self.step.bits;
        self.step = next;
    }

    fn end_plain(&mut self, seconds: f64) {
        self.timeline.plain.extend(self.plain_since.take().map(|since| (since, seconds)));
    }
}

/// Divides shots into `count` parts in total, each given as start and end frame.
fn parts_of_shots(shots: &[(usize, usize)], count: usize) -> Vec<(usize, usize)> {
    // The first shot stays, however short: people look for the first frame first.
    let length = |&(start, end): &(usize, usize)| if start == 0 { f64::INFINITY } else { (end - start) as f64 };
    let mut by_length: Vec<((usize, usize), usize)> =
        highest_first(shots.to_vec(), length).into_iter().map(|shot| (shot, 1)).collect();
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

#[cfg(test)]
mod tests {
    use super::super::model::{Frame, Header, Trailer};
    use super::*;
    use crate::file_scan::FileRecord;
    use crate::hash::motion::{SAMPLE_BYTES, TimeBase};
    use crate::hash::pdq::PdqHash;
    use crate::picture::frame::FrameFormat;

    /// A video of ten frames per second. Each frame is given by the byte that fills its hash, and its quality.
    fn video(frames: &[(u8, u8)]) -> Fingerprint {
        let frames: Vec<Frame> = (0..)
            .zip(frames)
            .map(|(ticks, &(byte, quality))| Frame {
                ticks,
                pdq: PdqHash([byte; 32]),
                quality,
                sha256: None,
                points: None,
                classic: [None; 4],
            })
            .collect();
        let format = FrameFormat::new("gray", 64, 64).expect("a known layout");
        let header = Header::of_video(&format, TimeBase(1, 10), "h264");
        let file = FileRecord { sha256: "0".repeat(64), bytes: 1, container: None };
        let trailer = Trailer { frames: frames.len() as u64, file, complete: true, problems: Vec::new() };
        let motion = vec![[0b0001_0000; SAMPLE_BYTES]; frames.len()];
        Fingerprint { header, frames, motion, trailer }
    }

    #[test]
    fn a_cut_is_one_long_step_between_steady_frames() {
        let steady = video(&[(0, 100), (1, 100), (0, 100), (0xff, 100), (0xfe, 100)]);
        assert_eq!(Timeline::of(&steady).cuts, [3]);
        let swing = video(&[(0, 100), (0x0f, 100), (0xff, 100), (0x0f, 100), (0, 100)]);
        assert_eq!(Timeline::of(&swing).cuts, Vec::<usize>::new());
        let black = video(&[(0, 10), (0xff, 10), (0xff, 10)]);
        assert_eq!(Timeline::of(&black).cuts, Vec::<usize>::new());
    }

    #[test]
    fn plain_stretches_begin_and_end_with_their_frames() {
        let video = video(&[(0, 0), (0, 49), (0, 50), (0, 100), (0, 10)]);
        assert_eq!(Timeline::of(&video).plain, [(0.0, 0.2), (0.4, 0.5)]);
    }

    #[test]
    fn change_is_the_share_of_moving_cells() {
        assert_eq!(Timeline::of(&video(&[(0, 100)])).change, [0.25]);
    }

    #[test]
    fn every_shot_is_represented_and_the_first_frame_too() {
        let mut frames = vec![(0, 100); 10];
        frames.extend([(0xff, 100); 40]);
        frames.extend([(0, 60); 10]);
        frames[30].1 = 0;
        let video = video(&frames);
        let chosen = Timeline::of(&video).representatives(4);
        assert_eq!(chosen.len(), 4);
        assert_eq!(chosen[0], 0);
        assert_eq!(chosen.iter().filter(|&&i| (10..50).contains(&i)).count(), 2);
        assert!(chosen[3] >= 50);
        assert!(chosen.iter().all(|&i| video.frames[i].quality > 0));
    }

    #[test]
    fn more_frames_than_there_are_gives_all() {
        assert_eq!(Timeline::of(&video(&[(0, 100), (0, 100), (0, 100)])).representatives(7), [0, 1, 2]);
        assert_eq!(Timeline::of(&video(&[(0, 100)])).representatives(7), [0]);
    }
}
