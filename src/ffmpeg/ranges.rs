//! Where to cut a video so that several decoders share it. Each decodes a range that begins at an entry: a key packet after which
//! nothing refers to earlier packets.
//!
//! In: the video's packets in decoding order. Out: ranges with the time of every frame that a single decoder would give there. A
//! decoder of a range must give exactly these frames, and where two ranges meet, both decode the entry and must agree on it:
//! seeking is exact only in some containers, and not in every file.

use super::hashing::HashedFrame;
use super::log::{Complained, PacketLine};
use super::probe::Video;
use super::recipe::Start;
use crate::hash::motion::TimeBase;
use crate::hash::points;
use bitcheck::is_entry;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Containers, by ffmpeg's names, with an index by which it finds a key packet; each is tested. In Ogg it finds them, too, but
/// changes times that go back.
const INDEXED: [&str; 6] = ["mov", "matroska", "webm", "avi", "asf", "flv"];
/// If times jump by more from packet to packet, one decoder does the whole video: ffmpeg removes long jumps, unless it seeks.
const LONGEST_STEP_S: f64 = 10.0;
/// The shortest and the longest range in seconds: starting ffmpeg takes time, and hashes wait in memory.
const SHORTEST_S: f64 = 4.0;
const LONGEST_S: f64 = 20.0;
/// Ranges per decoder, so that all decoders end at about the same time.
const RANGES_EACH: f64 = 3.0;
/// The most frames between two entries: more hashes would take too much memory.
const MAX_FRAMES: usize = 16_384;
/// Seek this far past an entry, at most a quarter of a frame: ffmpeg subtracts three frames of 23 a second if frames are reordered,
/// and rounds.
const BEHIND_ENTRY_S: f64 = 0.15;

/// A part of a video, for one decoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// Where ffmpeg begins. Frames before the first of `times` belong to the previous range.
    pub start: Start,
    /// The number of its first frame, from 0 for the video's first.
    pub first: u64,
    /// When its frames are shown, in ticks, in order. Unless the range is the last, its last frame is the first of the next.
    pub times: Vec<i64>,
    /// Whether it reaches the end of the video.
    pub is_last: bool,
}

/// One decoder must do the video: it cannot be cut, or is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uneven;

/// The shortest range in seconds if `decoders` share a video; `None` if one decoder must do it alone.
pub fn least_seconds(video: &Video, decoders: usize) -> Option<f64> {
    let is_indexed = video.container.split(',').any(|name| INDEXED.contains(&name));
    let duration_s = video.about_s.unwrap_or(f64::INFINITY);
    let range_s = (duration_s / (RANGES_EACH * decoders as f64)).clamp(SHORTEST_S, LONGEST_S);
    (decoders > 1 && is_indexed && duration_s >= 2.0 * range_s).then_some(range_s)
}

/// Cuts a video into ranges as its packets come.
#[derive(Debug)]
pub struct Planner {
    codec: String,
    record: Option<Vec<u8>>,
    seconds_per_tick: f64,
    least_ticks: i64,
    last: Option<i64>,
    /// Whether an entry has come.
    has_begun: bool,
    /// Where the next range begins, and the entry where it may end.
    first: Option<i64>,
    cut: Option<i64>,
    /// The times of all packets from `first` on, in decoding order.
    times: Vec<i64>,
    is_first: bool,
    /// The number of frames in the ranges so far.
    frames: u64,
    planned: VecDeque<Range>,
}

impl Planner {
    /// A planner before the first packet; ranges have at least `least_s` seconds.
    pub fn new(video: &Video, time_base: TimeBase, least_s: f64) -> Self {
        let seconds_per_tick = time_base.0 as f64 / time_base.1 as f64;
        Self {
            codec: video.codec.clone(),
            record: video.record.clone(),
            seconds_per_tick,
            least_ticks: (least_s / seconds_per_tick) as i64,
            last: None,
            has_begun: false,
            first: None,
            cut: None,
            times: Vec::new(),
            is_first: true,
            frames: 0,
            planned: VecDeque::new(),
        }
    }

    /// Takes the next packet.
    pub fn take(&mut self, line: PacketLine, packet: &[u8]) -> Result<(), Uneven> {
        let is_entry = line.is_key && is_entry(&self.codec, self.record.as_deref(), packet);
        self.has_begun |= is_entry;
        if !self.has_begun {
            return Err(Uneven);
        }
        if line.is_hidden {
            return Ok(());
        }
        let pts = line.pts.ok_or(Uneven)?;
        let first = *self.first.get_or_insert(pts);
        self.times.push(pts);
        let step = pts.saturating_sub(self.last.replace(pts).unwrap_or(pts)) as f64 * self.seconds_per_tick;
        // Pictures that precede a range's entry were read before the range was given.
        let is_late = pts < first && !self.is_first;
        if is_late || step.abs() > LONGEST_STEP_S || self.times.len() > MAX_FRAMES {
            return Err(Uneven);
        }
        match self.cut {
            None if is_entry && pts.saturating_sub(first) >= self.least_ticks => self.cut = Some(pts),
            Some(cut) if pts.saturating_sub(cut) >= self.least_ticks => {
                self.give(cut)?;
                self.cut = is_entry.then_some(pts);
            }
            _ => {}
        }
        Ok(())
    }

    /// Ends the video.
    pub fn finish(&mut self) -> Result<(), Uneven> {
        let times = std::mem::take(&mut self.times);
        self.plan(times, true)
    }

    /// The next range; `None` if it is not known yet.
    pub fn next_range(&mut self) -> Option<Range> {
        self.planned.pop_front()
    }

    /// Gives the range up to an entry, and keeps what follows.
    fn give(&mut self, cut: i64) -> Result<(), Uneven> {
        let (mut times, behind): (Vec<_>, Vec<_>) = self.times.iter().partition(|&&pts| pts < cut);
        times.push(cut);
        self.times = behind;
        self.first = Some(cut);
        self.plan(times, false)
    }

    fn plan(&mut self, mut times: Vec<i64>, is_last: bool) -> Result<(), Uneven> {
        times.sort_unstable();
        // Frames are identified by their times.
        if times.is_empty() || times.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Uneven);
        }
        let start = if self.is_first { Start::OwnTimes } else { Start::Seconds(self.behind_entry(&times)) };
        self.is_first = false;
        let first = self.frames;
        // The last frame is the first of the next range.
        self.frames += times.len() as u64 - 1;
        self.planned.push_back(Range { start, first, times, is_last });
        Ok(())
    }

    fn behind_entry(&self, times: &[i64]) -> f64 {
        let seconds = |ticks: i64| ticks as f64 * self.seconds_per_tick;
        let to_next_s = times.get(1).map_or(0.0, |&next| seconds(next.saturating_sub(times[0])));
        seconds(times[0]) + BEHIND_ENTRY_S.min(to_next_s / 4.0)
    }
}

/// Takes the frames of a range from its decoder, and only those.
#[derive(Debug)]
pub struct RangeFrames {
    range: Range,
    frames: Vec<HashedFrame>,
}

/// A range with all its frames.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedRange {
    time_base: TimeBase,
    frames: Vec<HashedFrame>,
    is_last: bool,
}

impl RangeFrames {
    /// For a range without frames yet.
    pub fn new(range: Range) -> Self {
        Self { range, frames: Vec::new() }
    }

    /// Takes the next frame.
    pub fn take(&mut self, mut frame: HashedFrame) -> Result<(), Uneven> {
        let times = &self.range.times;
        if self.frames.is_empty() && times.first() > Some(&frame.pts) {
            return Ok(());
        }
        if times.get(self.frames.len()) != Some(&frame.pts) {
            return Err(Uneven);
        }
        let has_points = points::has_points(self.range.first + self.frames.len() as u64);
        frame.hashes.points = frame.small.take().filter(|_| has_points).map(|small| points::of_small(&small));
        self.frames.push(frame);
        Ok(())
    }

    /// The number of frames taken, without the one that the next range gives, too.
    pub fn given(&self) -> usize {
        self.frames.len() - usize::from(self.is_over())
    }

    /// Whether nothing more needs to be decoded; the last range is decoded to the end of the video.
    pub fn is_over(&self) -> bool {
        !self.range.is_last && self.frames.len() == self.range.times.len()
    }

    /// Ends the range; fails if its decoder did not give all frames, or complained.
    pub fn finish(self, time_base: Option<TimeBase>, complained: &Complained) -> Result<DecodedRange, Uneven> {
        let is_whole = self.frames.len() == self.range.times.len() && !complained.errors;
        let time_base = time_base.filter(|_| is_whole).ok_or(Uneven)?;
        Ok(DecodedRange { time_base, frames: self.frames, is_last: self.range.is_last })
    }
}

impl DecodedRange {
    /// The range as bytes, for another worker: time base, whether it is the last, and its frames.
    pub fn to_bytes(&self) -> Vec<u8> {
        let TimeBase(numerator, denominator) = self.time_base;
        let mut bytes = [numerator.to_le_bytes(), denominator.to_le_bytes()].concat();
        bytes.push(u8::from(self.is_last));
        bytes.extend(self.frames.iter().flat_map(HashedFrame::to_bytes));
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numerator, bytes) = bytes.split_first_chunk()?;
        let (denominator, bytes) = bytes.split_first_chunk()?;
        let (&is_last, bytes) = bytes.split_first()?;
        let time_base = TimeBase(u32::from_le_bytes(*numerator), u32::from_le_bytes(*denominator));
        let (mut frames, mut rest) = (Vec::new(), bytes);
        while !rest.is_empty() {
            let (frame, behind) = HashedFrame::split_first(rest)?;
            frames.push(frame);
            rest = behind;
        }
        Some(Self { time_base, frames, is_last: is_last == 1 })
    }
}

/// Joins ranges; the frame where two meet comes once.
#[derive(Debug, Default)]
pub struct Joiner {
    joint: Option<HashedFrame>,
    time_base: Option<TimeBase>,
    is_complete: bool,
}

impl Joiner {
    /// The frames of the next range, without the one that another range gives, and their time base.
    pub fn join(&mut self, range: DecodedRange) -> Result<(TimeBase, Vec<HashedFrame>), Uneven> {
        let DecodedRange { time_base, mut frames, is_last } = range;
        let is_even = *self.time_base.get_or_insert(time_base) == time_base
            && self.joint.as_ref().is_none_or(|joint| frames.first() == Some(joint));
        if !is_even {
            return Err(Uneven);
        }
        self.joint = if is_last { None } else { frames.pop() };
        self.is_complete = is_last;
        Ok((time_base, frames))
    }

    /// Whether the last range has come.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1000;

    /// A planner for Motion JPEG (every packet is an entry) or MPEG-2, with times in milliseconds.
    fn planner(codec: &str, least_s: f64) -> Planner {
        let json = format!(
            r#"{{"streams":[{{"codec_name":"{codec}","pix_fmt":"yuv420p","width":4,"height":2,"duration":"60.0"}}],
                "format":{{"format_name":"matroska,webm"}}}}"#
        );
        Planner::new(&Video::from_probe(json.as_bytes()).unwrap(), TimeBase(1, 1000), least_s)
    }

    fn line(pts: i64, is_key: bool) -> PacketLine {
        PacketLine { pts: Some(pts), bytes: 1, is_key, is_hidden: false, may_have_record: false }
    }

    fn ranges(planner: &mut Planner, lines: &[PacketLine]) -> Result<Vec<Range>, Uneven> {
        lines.iter().try_for_each(|&line| planner.take(line, &[0]))?;
        planner.finish()?;
        Ok(std::iter::from_fn(|| planner.next_range()).collect())
    }

    #[test]
    fn ranges_meet_in_an_entry() {
        let lines: Vec<_> = (0..12).map(|i| line(100 + i * SECOND / 2, true)).collect();
        let times = |from: i64, to: i64| (from..=to).map(|i| 100 + i * SECOND / 2).collect::<Vec<_>>();
        let planned = ranges(&mut planner("mjpeg", 2.0), &lines).unwrap();
        let expected = [
            Range { start: Start::OwnTimes, first: 0, times: times(0, 4), is_last: false },
            Range { start: Start::Seconds(2.1 + 0.125), first: 4, times: times(4, 11), is_last: true },
        ];
        assert_eq!(planned, expected, "the rest is too short for a range of its own");
    }

    #[test]
    fn pictures_that_lead_an_entry_belong_to_the_range_before() {
        // Each group has a key frame, then two pictures shown before it.
        let groups = (0..8).flat_map(|i| {
            let key = i * SECOND + 200;
            [line(key, true), line(key - 100, false), line(key - 50, false)]
        });
        let lines: Vec<_> = groups.filter(|line| line.pts >= Some(200)).collect();
        let planned = ranges(&mut planner("mpeg2video", 3.0), &lines).unwrap();
        assert_eq!(planned.len(), 2);
        assert_eq!(planned[0].times.last(), planned[1].times.first());
        assert_eq!(planned[0].times[planned[0].times.len() - 3..], [3100, 3150, 3200]);
        assert_eq!(planned[1].times.len(), 4 * 3 + 1);
    }

    #[test]
    fn what_cannot_be_told_apart_is_for_one_decoder() {
        let mut lines: Vec<_> = (0..12).map(|i| line(i * SECOND, true)).collect();
        let uneven = |lines: &[PacketLine]| assert_eq!(ranges(&mut planner("mjpeg", 2.0), lines), Err(Uneven));
        assert_eq!(ranges(&mut planner("mjpeg", 2.0), &lines).unwrap().len(), 5);
        lines[5].pts = lines[4].pts;
        uneven(&lines);
        lines[5].pts = None;
        uneven(&lines);
        lines[5].pts = Some(-1);
        uneven(&lines);
        lines[5].pts = Some(20 * SECOND);
        uneven(&lines);
        uneven(&[line(0, false)]);
        uneven(&[]);
        assert_eq!(ranges(&mut planner("cinepak", 2.0), &lines[..1]), Err(Uneven));
    }

    #[test]
    fn hidden_packets_have_no_frames() {
        let mut lines: Vec<_> = [0, 2, 1, 3].map(|i| line(i * SECOND, i == 0)).into();
        lines[0].is_hidden = true;
        let planned = ranges(&mut planner("mpeg2video", 2.0), &lines).unwrap();
        assert_eq!(planned, [Range { start: Start::OwnTimes, first: 0, times: vec![1000, 2000, 3000], is_last: true }]);
        lines[0].is_key = false;
        assert_eq!(ranges(&mut planner("mpeg2video", 2.0), &lines), Err(Uneven));
    }

    #[test]
    fn only_long_videos_in_indexed_containers_are_shared() {
        let video = |container: &str, duration: &str| {
            let json = format!(
                r#"{{"streams":[{{"codec_name":"h264","pix_fmt":"yuv420p","width":4,"height":2{duration}}}],
                    "format":{{"format_name":"{container}"}}}}"#
            );
            Video::from_probe(json.as_bytes()).unwrap()
        };
        assert_eq!(least_seconds(&video("mov,mp4,m4a,3gp,3g2,mj2", r#","duration":"60.0""#), 2), Some(10.0));
        assert_eq!(least_seconds(&video("matroska,webm", ""), 8), Some(20.0));
        assert_eq!(least_seconds(&video(r#"flv","duration":"24.0"#, ""), 2), Some(4.0));
        assert_eq!(least_seconds(&video("avi", r#","duration":"7.9""#), 2), None);
        assert_eq!(least_seconds(&video("avi", r#","duration":"8.0""#), 1), None);
        assert_eq!(least_seconds(&video("mpegts", r#","duration":"60.0""#), 2), None);
    }
}
