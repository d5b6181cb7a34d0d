//! Decoded frames, one after the other -> the fingerprint of their video.

use super::model::{Decoder, Fingerprint, Frame, Header, ProblemCode, classic_in_order};
use super::recorder::{RecordError, Recorder};
use crate::error::ErrorCode;
use crate::file_scan::{FileFacts, FileRecord};
use crate::hash::classic::Algorithm;
use crate::hash::digest;
use crate::hash::motion::TimeBase;
use crate::picture::display_matrix::Display;
use crate::picture::frame::{FrameError, FrameFormat};
use std::error::Error;
use std::fmt;

/// Hashes the frames of one video and records them.
///
/// Takes frames in display order, as a decoder gives them: not scaled, not turned, not converted. Holds about 200 bytes for each
/// frame.
#[derive(Debug)]
pub struct VideoHasher {
    format: FrameFormat,
    header: Header,
    recorder: Recorder,
    frames: Vec<Frame>,
}

impl VideoHasher {
    /// Starts a video whose frames are in this format; `time_base` gives seconds per tick.
    ///
    /// Records `rawvideo` as codec and makes the gradient hash, unless told otherwise.
    pub fn new(format: FrameFormat, time_base: TimeBase) -> Self {
        let header = Header::of_video(&format, time_base, "rawvideo");
        Self { format, header, recorder: Recorder::new(time_base), frames: Vec::new() }
    }

    /// Records which codec was decoded, by ffmpeg's name: 1 to 32 of `a-z 0-9 _ . -`.
    pub fn codec(mut self, codec: &str) -> Self {
        (self.header.codec, self.header.decoder) = (codec.to_owned(), Decoder::exact(codec));
        self
    }

    /// Records how players turn and mirror the picture; frames are hashed as they are.
    pub fn display(mut self, display: Display) -> Self {
        (self.header.rotation, self.header.mirrored) = (display.rotation, display.mirrored);
        self
    }

    /// Chooses the classic 8 x 8 hashes to make besides PDQ.
    pub fn classic(mut self, algorithms: &[Algorithm]) -> Self {
        self.header.classic = classic_in_order(algorithms);
        self
    }

    /// Hashes the next frame, shown from `ticks` on: all its planes, tightly packed.
    ///
    /// # Errors
    ///
    /// [`HashError::Frame`] if `frame` does not have the length that its format needs, [`HashError::Record`] if the video is too
    /// long. The frame is then not recorded.
    pub fn push(&mut self, ticks: i64, frame: &[u8]) -> Result<(), HashError> {
        let hashes = self.format.hash_nth(self.recorder.frames(), frame, &self.header.classic)?;
        let recorded = self.format.pixel_format.reorder(frame, self.format.width, self.format.height);
        let frame = self.recorder.push(ticks, &hashes, Some(digest::sha256(&recorded)))?;
        self.frames.push(frame);
        Ok(())
    }

    /// Records a problem from the next frame on.
    pub fn note_problem(&mut self, code: ProblemCode) {
        self.recorder.note_problem(code, Some(self.recorder.frames()));
    }

    /// Ends the fingerprint after the last frame; `file` describes the video's file.
    ///
    /// # Errors
    ///
    /// [`HashError::Record`] if no frame came.
    pub fn finish(self, file: &FileFacts) -> Result<Fingerprint, HashError> {
        let (motion, trailer) = self.recorder.finish(FileRecord::from(file), file.cut_off, None)?;
        Ok(Fingerprint { header: self.header, frames: self.frames, motion, trailer })
    }
}

/// Why a video cannot be hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashError {
    /// A frame does not match its format.
    Frame(FrameError),
    /// The video cannot be recorded.
    Record(RecordError),
}

impl fmt::Display for HashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(error) => write!(f, "{error}"),
            Self::Record(error) => write!(f, "{error}"),
        }
    }
}

impl Error for HashError {}

impl ErrorCode for HashError {
    fn code(&self) -> &'static str {
        match self {
            Self::Frame(error) => error.code(),
            Self::Record(error) => error.code(),
        }
    }
}

impl From<FrameError> for HashError {
    fn from(error: FrameError) -> Self {
        Self::Frame(error)
    }
}

impl From<RecordError> for HashError {
    fn from(error: RecordError) -> Self {
        Self::Record(error)
    }
}
