//! What can be wrong with a fingerprint file.

use super::layout::VERSION;
use crate::error::ErrorCode;
use crate::fingerprint::MAX_FRAMES;
use std::{fmt, io};

/// What is wrong with a fingerprint, and where.
#[derive(Debug)]
pub struct ReadError {
    /// The line, from 1.
    pub line: u64,
    /// The field, or what the line should be.
    pub field: &'static str,
    /// What is wrong.
    pub problem: ReadProblem,
}

/// The kinds of [`ReadError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadProblem {
    /// The input could not be read.
    Io(io::Error),
    /// The first line is not a fingerprint's header.
    NotAFingerprint,
    /// Another version than [`VERSION`], with its number.
    Version(u64),
    /// A line is longer than [`MAX_LINE_BYTES`](super::MAX_LINE_BYTES), or the file ends without the line's line feed.
    Line(&'static str),
    /// The value is not allowed; says what is.
    Expected(&'static str),
    /// `serde`'s message about a header or trailer.
    Json(String),
    /// More frames than [`MAX_FRAMES`], or times beyond the limit.
    Limit,
    /// The trailer's digest is not that of the lines.
    Digest,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fingerprint: line {}, {}: ", self.line, self.field)?;
        match &self.problem {
            ReadProblem::Io(error) => write!(f, "{error}"),
            ReadProblem::NotAFingerprint => write!(f, "not a Cotejo fingerprint"),
            ReadProblem::Version(found) => {
                write!(f, "version {found} found, this program reads versions 1 to {VERSION}")
            }
            ReadProblem::Line(what) | ReadProblem::Expected(what) => write!(f, "{what}"),
            ReadProblem::Json(message) => write!(f, "{message}"),
            ReadProblem::Limit => write!(f, "beyond the format's limits (48 hours, {MAX_FRAMES} frames)"),
            ReadProblem::Digest => write!(f, "does not match the lines before: the file was changed or damaged"),
        }
    }
}

impl std::error::Error for ReadError {}

impl ErrorCode for ReadError {
    fn code(&self) -> &'static str {
        match self.problem {
            ReadProblem::Io(_) => "input-unreadable",
            ReadProblem::NotAFingerprint => "not-a-fingerprint",
            ReadProblem::Version(_) => "fingerprint-version",
            ReadProblem::Limit => "fingerprint-too-long",
            ReadProblem::Line(_) | ReadProblem::Expected(_) | ReadProblem::Json(_) | ReadProblem::Digest => {
                "fingerprint-damaged"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_the_code_of_their_kind() {
        let code = |problem| ReadError { line: 1, field: "line", problem }.code();
        assert_eq!(code(ReadProblem::Io(io::Error::other("x"))), "input-unreadable");
        assert_eq!(code(ReadProblem::NotAFingerprint), "not-a-fingerprint");
        assert_eq!(code(ReadProblem::Version(3)), "fingerprint-version");
        assert_eq!(code(ReadProblem::Limit), "fingerprint-too-long");
        for damage in
            [ReadProblem::Line("x"), ReadProblem::Expected("x"), ReadProblem::Json("x".to_owned()), ReadProblem::Digest]
        {
            assert_eq!(code(damage), "fingerprint-damaged");
        }
    }
}
