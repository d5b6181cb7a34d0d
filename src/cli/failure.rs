//! What went wrong in a command, and how it ended.

use crate::cli::shown;
use cotejo::format::ReadError;
use std::fmt;
use std::io;
use std::path::Path;

/// Exit status of a comparison or search that found nothing.
pub const EXIT_NOT_FOUND: u8 = 1;
/// Exit status of a run in which something failed.
pub const EXIT_ERROR: u8 = 2;

/// What went wrong, and what to do about it.
#[derive(Debug)]
pub struct Failure {
    /// A sentence, in lower case.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// What the failure concerns.
    pub kind: FailureKind,
}

/// What a failure concerns, besides its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// An input.
    Input,
    /// An input without a video.
    NoVideo,
    /// An output, which the message names; no input is to blame.
    Output,
    /// The reader of our output has closed it.
    ClosedPipe,
}

impl Failure {
    /// A failure that concerns an input.
    pub fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), hint: None, kind: FailureKind::Input }
    }

    /// A failure that concerns an output, which `message` names.
    pub fn of_output(message: impl fmt::Display) -> Self {
        Self { kind: FailureKind::Output, ..Self::new(message) }
    }

    /// Puts the file's name in front, if the file is to blame.
    pub fn of(self, path: &Path) -> Self {
        match self.kind {
            FailureKind::Output => self,
            _ => Self { message: format!("{}: {}", shown::path(path), self.message), ..self },
        }
    }

    /// Adds what to do.
    pub fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        match error.downcast::<OutputError>() {
            Ok(error @ OutputError::NotReadable(_)) => Self::new(error)
                .hint("nothing of use was written; please report this file, or what `ffprobe FILE` says of it"),
            Ok(error) if !closed_pipe => Self::of_output(error),
            Ok(error) => Self { kind: FailureKind::ClosedPipe, ..Self::new(error) },
            Err(error) if !closed_pipe => Self::new(error),
            Err(error) => Self { kind: FailureKind::ClosedPipe, ..Self::new(error) },
        }
    }
}

/// How a command ended.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whether the command looked for something and did not find it.
    pub nothing_found: bool,
    /// What went wrong; everything else was done.
    pub failures: Vec<Failure>,
    /// Things worth knowing that are not failures.
    pub notes: Vec<String>,
}

impl From<Vec<Failure>> for Outcome {
    fn from(failures: Vec<Failure>) -> Self {
        Self { failures, ..Self::default() }
    }
}

impl From<Result<bool, Failure>> for Outcome {
    /// `found`: whether the command found what it looked for.
    fn from(found: Result<bool, Failure>) -> Self {
        match found {
            Ok(found) => Self { nothing_found: !found, ..Self::default() },
            Err(failure) => vec![failure].into(),
        }
    }
}

/// What went wrong with an output; wrapped in an [`io::Error`], because code that writes knows no other.
#[derive(Debug)]
pub enum OutputError {
    /// The output could not be written: its name, and why.
    NotWritten(String, io::Error),
    /// The fingerprint that was written cannot be read back.
    NotReadable(ReadError),
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWritten(name, error) => write!(f, "{name} cannot be written: {error}"),
            Self::NotReadable(error) => {
                write!(f, "internal error: what was made of it is no fingerprint that can be read back ({error})")
            }
        }
    }
}

impl std::error::Error for OutputError {}

impl From<OutputError> for io::Error {
    fn from(error: OutputError) -> Self {
        let kind = match &error {
            OutputError::NotWritten(_, error) => error.kind(),
            OutputError::NotReadable(_) => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}
