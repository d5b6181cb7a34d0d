//! The output of one running ffmpeg, as it comes -> a fingerprint, in constant memory except for the hashes.
//!
//! ffmpeg writes frames and lines, but not in step: a hashed frame waits for its line, or a line for its frame.

use super::log::{Complained, FrameLog, Lines};
use super::packets::PacketCheck;
use super::probe::Video;
use crate::error::ErrorCode;
use crate::file_scan::FileRecord;
use crate::fingerprint::{Fingerprint, Frame, ProblemCode, RecordError, Recorder};
use crate::hash::classic::Algorithm;
use crate::hash::digest::{self, Sha256Bytes};
use crate::hash::frame::{FrameHashes, hash_plane};
use crate::hash::motion::TimeBase;
use crate::hash::points;
use crate::picture::frame::{FrameError, FrameFormat};
use crate::picture::gray::Gray;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;

/// Cuts a stream of bytes into frames.
#[derive(Debug)]
pub struct FrameCutter {
    frame: Vec<u8>,
    filled: usize,
}

impl FrameCutter {
    /// For frames of this format.
    pub fn new(format: &FrameFormat) -> Self {
        Self { frame: vec![0; format.frame_bytes()], filled: 0 }
    }

    /// Adds the stream's next bytes; calls `take` with each complete frame.
    pub fn push<E>(&mut self, mut bytes: &[u8], mut take: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(self.frame.len() - self.filled));
            self.frame[self.filled..self.filled + now.len()].copy_from_slice(now);
            self.filled += now.len();
            bytes = later;
            if self.filled == self.frame.len() {
                self.filled = 0;
                take(&self.frame)?;
            }
        }
        Ok(())
    }
}

/// Why there is no fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashingError {
    /// The frames cannot be recorded.
    Record(RecordError),
    /// There was no frame; with ffmpeg's last message.
    NoFrames(String),
    /// There was no frame, because this ffmpeg cannot decode frames that small.
    TooSmall,
    /// Frames were logged before ffmpeg gave its time base.
    NoTimeBase,
    /// The numbers of frames and lines differ. Frames are cut from one stream of bytes, so a wrong length would shift all later ones.
    Uneven {
        /// Frames that fit into the bytes.
        pictures: u64,
        /// Frames that were logged.
        times: u64,
    },
}

impl fmt::Display for HashingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(error) => write!(f, "{error}"),
            Self::NoFrames(reason) => write!(f, "{reason}"),
            Self::TooSmall => write!(f, "ffmpeg cannot decode them"),
            Self::NoTimeBase => write!(f, "ffmpeg gave no time base"),
            Self::Uneven { pictures, times } => {
                write!(f, "ffmpeg logged {times} frames and gave {pictures}")
            }
        }
    }
}

impl std::error::Error for HashingError {}

impl ErrorCode for HashingError {
    fn code(&self) -> &'static str {
        match self {
            Self::Record(error) => error.code(),
            Self::NoFrames(_) => "no-frames",
            Self::TooSmall => "unsupported-tiny",
            Self::NoTimeBase | Self::Uneven { .. } => "decoder-failed",
        }
    }
}

impl From<RecordError> for HashingError {
    fn from(error: RecordError) -> Self {
        Self::Record(error)
    }
}

/// A hashed frame.
#[derive(Clone, Debug, PartialEq)]
pub struct HashedFrame {
    /// When it is shown, in ticks.
    pub pts: i64,
    /// SHA-256 of its planes.
    pub sha256: Sha256Bytes,
    /// The perceptual hashes.
    pub hashes: FrameHashes,
    /// The picture in which points are looked for, until it is known whether the frame has some: in ranges.
    pub small: Option<Gray>,
}

impl HashedFrame {
    /// The frame as bytes, for another worker, without the small picture; preceded by their number.
    pub fn to_bytes(&self) -> Vec<u8> {
        let bytes = [&self.pts.to_le_bytes()[..], &self.sha256, &self.hashes.to_bytes()].concat();
        [&(bytes.len() as u32).to_le_bytes()[..], &bytes].concat()
    }

    /// Takes the first frame off what [`Self::to_bytes`] wrote; `None` if there is none.
    pub fn split_first(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (length, bytes) = bytes.split_first_chunk()?;
        let (frame, rest) = bytes.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        Some((Self::from_bytes(frame)?, rest))
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (pts, bytes) = bytes.split_first_chunk()?;
        let (sha256, hashes) = bytes.split_first_chunk()?;
        let hashes = FrameHashes::from_bytes(hashes)?;
        Some(Self { pts: i64::from_le_bytes(*pts), sha256: *sha256, hashes, small: None })
    }
}

/// What one running ffmpeg decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The whole video: its first frame is the video's.
    Video,
    /// A range, of which the first frames may belong to another.
    Range,
}

impl Extent {
    /// The hashes of the frame with this number, from 0, that ffmpeg gives. In a range its number in the video is not known yet,
    /// and so not whether it has points: a small picture is kept in their place.
    pub fn hash(
        self,
        number: u64,
        format: &FrameFormat,
        frame: &[u8],
        algorithms: &[Algorithm],
    ) -> Result<(FrameHashes, Option<Gray>), FrameError> {
        match self {
            Self::Video => Ok((format.hash_nth(number, frame, algorithms)?, None)),
            Self::Range => format.with_luma(frame, |plane| (hash_plane(plane, algorithms), Some(points::small(plane)))),
        }
    }
}

/// Hashes the frames that one running ffmpeg writes.
#[derive(Debug)]
pub struct FrameStream {
    /// How frames lie in memory.
    pub format: FrameFormat,
    algorithms: Vec<Algorithm>,
    cutter: FrameCutter,
    lines: Lines,
    /// The lines read so far.
    pub log: FrameLog,
    /// ffmpeg's complaints so far.
    pub complained: Complained,
    /// The number of frames so far.
    pub pictures: u64,
    extent: Extent,
    hashed: VecDeque<(FrameHashes, Option<Gray>, Sha256Bytes)>,
    shown_at: VecDeque<i64>,
}

impl FrameStream {
    /// A hasher before any input.
    pub fn new(format: FrameFormat, algorithms: &[Algorithm], extent: Extent) -> Self {
        Self {
            extent,
            cutter: FrameCutter::new(&format),
            log: FrameLog::new(format.pixel_format),
            format,
            algorithms: algorithms.to_vec(),
            lines: Lines::default(),
            complained: Complained::default(),
            pictures: 0,
            hashed: VecDeque::new(),
            shown_at: VecDeque::new(),
        }
    }

    /// Takes the next bytes of the frames.
    pub fn take_frames(&mut self, bytes: &[u8]) {
        let Self { cutter, format, algorithms, extent, hashed, pictures, .. } = self;
        let Ok(()) = cutter.push(bytes, |frame| {
            let digested = format.pixel_format.reorder(frame, format.width, format.height);
            let (hashes, small) =
                extent.hash(*pictures, format, frame, algorithms).expect("the cutter gives whole frames");
            hashed.push_back((hashes, small, digest::sha256(&digested)));
            *pictures += 1;
            Ok::<_, Infallible>(())
        });
    }

    /// Takes the next bytes of the lines.
    pub fn take_lines(&mut self, bytes: &[u8]) {
        let Self { lines, log, shown_at, .. } = self;
        lines.push(bytes, |line| shown_at.extend(log.read(line).map(|times| times.pts)));
    }

    /// The next frame that has both its hashes and its time.
    pub fn next_frame(&mut self) -> Option<HashedFrame> {
        let pts = *self.shown_at.front()?;
        let (hashes, small, sha256) = self.hashed.pop_front()?;
        self.shown_at.pop_front();
        Some(HashedFrame { pts, sha256, hashes, small })
    }
}

/// Hashes one video.
#[derive(Debug)]
pub struct Hashing {
    video: Video,
    algorithms: Vec<Algorithm>,
    stream: FrameStream,
    /// The first frame's time by the container's clock, in ticks.
    first_ticks: Option<i64>,
    time_base: Option<TimeBase>,
    recorder: Option<Recorder>,
    frames: Vec<Frame>,
    /// Whether ffmpeg left frames out.
    are_missing: bool,
}

impl Hashing {
    /// A hashing before any input.
    pub fn new(video: Video, algorithms: &[Algorithm]) -> Self {
        Self {
            stream: FrameStream::new(video.format, algorithms, Extent::Video),
            video,
            algorithms: algorithms.to_vec(),
            first_ticks: None,
            time_base: None,
            recorder: None,
            frames: Vec::new(),
            are_missing: false,
        }
    }

    /// The video.
    pub fn video(&self) -> &Video {
        &self.video
    }

    /// The number of complete frames.
    pub fn frames(&self) -> usize {
        self.frames.len()
    }

    /// The first frame's time by the container's clock, in ticks.
    pub fn first_ticks(&self) -> i64 {
        self.first_ticks.unwrap_or(0)
    }

    /// Whether nothing more needs to be read: the picture changes its size, and all frames before that have come. Their bytes may
    /// come after their lines.
    pub fn is_over(&self) -> bool {
        self.stream.log.size_changes && self.stream.pictures >= self.stream.log.frames
    }

    /// Takes the next bytes of the frames.
    pub fn take_frames(&mut self, bytes: &[u8]) -> Result<(), HashingError> {
        self.stream.take_frames(bytes);
        self.record_stream()
    }

    /// Takes the next bytes of the lines.
    pub fn take_lines(&mut self, bytes: &[u8]) -> Result<(), HashingError> {
        self.stream.take_lines(bytes);
        self.record_stream()
    }

    /// Takes a complaint.
    pub fn complain(&mut self, line: &str) {
        self.stream.complained.read(line);
    }

    /// Notes damage that ffmpeg did not complain of.
    pub fn note_damage(&mut self) {
        self.stream.complained.damage = true;
    }

    /// Takes the findings on the packets: damage that ffmpeg did not complain of, and frames that it left out.
    pub fn note_packets(&mut self, check: &PacketCheck) {
        let complained = &mut self.stream.complained;
        complained.damage |= check.shows_damage(complained);
        self.are_missing = check.are_missing(self.frames.len() as u64);
    }

    fn record_stream(&mut self) -> Result<(), HashingError> {
        while let Some(frame) = self.stream.next_frame() {
            let time_base = self.stream.log.time_base.ok_or(HashingError::NoTimeBase)?;
            self.record(time_base, frame)?;
        }
        Ok(())
    }

    /// Records a frame that was hashed here or in another worker.
    pub fn record(&mut self, time_base: TimeBase, frame: HashedFrame) -> Result<(), HashingError> {
        self.time_base = Some(time_base);
        self.first_ticks.get_or_insert(frame.pts);
        let recorder = self.recorder.get_or_insert_with(|| Recorder::new(time_base));
        self.frames.push(recorder.push(frame.pts, &frame.hashes, Some(frame.sha256))?);
        Ok(())
    }

    /// The fingerprint, after ffmpeg has ended; `succeeded` is its exit status.
    pub fn finish(self, file: FileRecord, cut_off: bool, succeeded: bool) -> Result<Fingerprint, HashingError> {
        let FrameStream { log, complained, pictures, .. } = self.stream;
        let (Some(mut recorder), Some(time_base)) = (self.recorder, self.time_base) else {
            let reason = complained.reason().to_owned();
            return Err(if complained.too_small { HashingError::TooSmall } else { HashingError::NoFrames(reason) });
        };
        let size_changes = log.size_changes;
        if complained.damage || !(succeeded || size_changes) {
            recorder.note_problem(ProblemCode::DecodeError, None);
        }
        if size_changes {
            recorder.note_problem(ProblemCode::SizeChanges, Some(recorder.frames()));
        } else if pictures != log.frames {
            return Err(HashingError::Uneven { pictures, times: log.frames });
        } else if self.are_missing {
            recorder.note_problem(ProblemCode::FramesMissing, None);
        }
        let header = self.video.header(time_base, &self.algorithms);
        let (motion, trailer) = recorder.finish(file, cut_off, self.video.duration_s)?;
        Ok(Fingerprint { header, frames: self.frames, motion, trailer })
    }
}
