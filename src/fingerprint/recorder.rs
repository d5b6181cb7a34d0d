//! Hashed frames with their times, in display order -> records, the motion signature and the trailer.

use super::model::{Frame, MAX_FRAMES, MAX_TICKS, Problem, ProblemCode, Trailer};
use crate::error::ErrorCode;
use crate::file_scan::FileRecord;
use crate::hash::digest::Sha256Bytes;
use crate::hash::frame::FrameHashes;
use crate::hash::motion::{self, MotionSampler, Sample, TimeBase};
use crate::hash::points;
use std::fmt;

/// Why a video cannot be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordError {
    /// The times span more than [`motion::MAX_SECONDS`].
    TooLong,
    /// More frames than [`MAX_FRAMES`].
    TooManyFrames,
    /// There was no frame.
    NoFrames,
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "timestamps reach beyond {} hours", motion::MAX_SECONDS / 3600),
            Self::TooManyFrames => write!(f, "more than {MAX_FRAMES} frames"),
            Self::NoFrames => write!(f, "no frame could be decoded"),
        }
    }
}

impl std::error::Error for RecordError {}

impl ErrorCode for RecordError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLong | Self::TooManyFrames => "too-long",
            Self::NoFrames => "no-frames",
        }
    }
}

/// Turns hashed frames into records.
#[derive(Debug)]
pub struct Recorder {
    time_base: TimeBase,
    sampler: MotionSampler,
    first_ticks: Option<i64>,
    previous_ticks: i64,
    last_ticks: i64,
    frames: u64,
    problems: Vec<Problem>,
}

impl Recorder {
    /// An empty recorder for frames timed in `time_base`.
    pub fn new(time_base: TimeBase) -> Self {
        let sampler = MotionSampler::new(time_base);
        Self {
            time_base,
            sampler,
            first_ticks: None,
            previous_ticks: 0,
            last_ticks: 0,
            frames: 0,
            problems: Vec::new(),
        }
    }

    /// The number of frames recorded.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Records the next frame, shown from `ticks` on by the container's clock.
    ///
    /// # Panics
    ///
    /// If a frame comes without points that has some ([`points::has_points`]), or another with them.
    pub fn push(
        &mut self,
        ticks: i64,
        hashes: &FrameHashes,
        sha256: Option<Sha256Bytes>,
    ) -> Result<Frame, RecordError> {
        if self.frames >= MAX_FRAMES {
            return Err(RecordError::TooManyFrames);
        }
        assert_eq!(hashes.points.is_some(), points::has_points(self.frames), "a frame's points belong to its number");
        let ticks = ticks.checked_sub(*self.first_ticks.get_or_insert(ticks)).ok_or(RecordError::TooLong)?;
        if !(-MAX_TICKS..=MAX_TICKS).contains(&ticks) {
            return Err(RecordError::TooLong);
        }
        self.note_order(ticks);
        self.last_ticks = self.last_ticks.max(ticks);
        self.sampler.push(self.last_ticks, &hashes.grid).map_err(|_| RecordError::TooLong)?;
        self.frames += 1;
        let points = hashes.points.as_deref().map(Box::from);
        Ok(Frame { ticks, pdq: hashes.pdq, quality: hashes.quality, sha256, classic: hashes.classic, points })
    }

    fn note_order(&mut self, ticks: i64) {
        if self.frames > 0 && ticks == self.previous_ticks {
            self.note_problem(ProblemCode::TimestampsRepeat, Some(self.frames));
        }
        if self.frames > 0 && ticks < self.previous_ticks {
            self.note_problem(ProblemCode::TimestampsGoBack, Some(self.frames));
        }
        self.previous_ticks = ticks;
    }

    /// Records a problem from `frame` on; keeps the first of each kind.
    pub fn note_problem(&mut self, code: ProblemCode, frame: Option<u64>) {
        if self.problems.iter().all(|problem| problem.code != code) {
            self.problems.push(Problem { code, frame });
        }
    }

    /// The motion signature and the trailer, after the last frame.
    ///
    /// `promised_s` is the length of the video track that the container gives.
    pub fn finish(
        mut self,
        file: FileRecord,
        cut_off: bool,
        promised_s: Option<f64>,
    ) -> Result<(Vec<Sample>, Trailer), RecordError> {
        if self.frames == 0 {
            return Err(RecordError::NoFrames);
        }
        if cut_off {
            self.note_problem(ProblemCode::CutOff, None);
        }
        // Containers round, and some count the last frame's length: a video ends early if a tenth and a second are missing.
        let reached_s = self.time_base.seconds(self.last_ticks);
        // If a change of size stopped hashing, that problem says it already.
        let is_stopped = self.problems.iter().any(|problem| problem.code == ProblemCode::SizeChanges);
        if !is_stopped && promised_s.is_some_and(|promised_s| reached_s < promised_s * 0.9 - 1.0) {
            self.note_problem(ProblemCode::EndsEarly, None);
        }
        let complete = !self.problems.iter().any(|problem| problem.code.loses_frames());
        let trailer = Trailer { frames: self.frames, file, complete, problems: self.problems };
        let motion = self.sampler.finish(self.last_ticks).map_err(|_| RecordError::TooLong)?;
        Ok((motion, trailer))
    }
}
