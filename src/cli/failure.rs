//! What went wrong in a command, and how it ended.

use super::output::OutputError;
use super::shown;
use std::fmt;
use std::io;
use std::path::Path;

/// What went wrong, and what to do about it.
#[derive(Debug)]
pub struct Failure {
    /// A sentence, in lower case.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// What follows from it.
    pub kind: FailureKind,
}

/// What follows from a failure, beside its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Of an input.
    Input,
    /// Of an input that has no video in it.
    NoVideo,
    /// Of an output, which it names; no input is to blame.
    Output,
    /// Whoever reads our output has seen enough.
    ClosedPipe,
}

impl Failure {
    /// Of an input.
    pub fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), hint: None, kind: FailureKind::Input }
    }

    /// Of an output, which `message` names.
    pub fn of_output(message: impl fmt::Display) -> Self {
        Self { kind: FailureKind::Output, ..Self::new(message) }
    }

    /// The same, with the file's name in front, if it is to blame.
    pub fn of(self, path: &Path) -> Self {
        match self.kind {
            FailureKind::Output => self,
            _ => Self { message: format!("{}: {}", shown::path(path), self.message), ..self },
        }
    }

    /// The same, with what to do.
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
pub struct End {
    /// Whether something was looked for and not found.
    pub nothing_found: bool,
    /// What went wrong; the rest was done.
    pub failures: Vec<Failure>,
    /// What is no failure, and should be known.
    pub notes: Vec<String>,
}

impl From<Vec<Failure>> for End {
    fn from(failures: Vec<Failure>) -> Self {
        Self { failures, ..Self::default() }
    }
}

impl From<Result<bool, Failure>> for End {
    /// From whether it was found.
    fn from(found: Result<bool, Failure>) -> Self {
        match found {
            Ok(found) => Self { nothing_found: !found, ..Self::default() },
            Err(failure) => vec![failure].into(),
        }
    }
}
