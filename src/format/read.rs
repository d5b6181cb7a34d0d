//! Reads a fingerprint line by line: strict, and bounded whatever the input.

use super::parse::{FieldError, NOT_CANONICAL, check_trailer, json_problem, parse_frame, parse_header, parse_motion};
use super::write::trailer_before_digest;
use super::{MAX_LINE_BYTES, SAMPLES_PER_LINE, VERSION};
use crate::digest::{Sha256Bytes, StreamingSha256, from_hex};
use crate::fingerprint::{Frame, Header, Kind, MAX_FRAMES, Trailer};
use crate::motion::{self, Sample};
use std::fmt;
use std::io::{self, BufRead, Read};

/// One line's content.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// The next frame.
    Frame(Frame),
    /// The next samples of the motion signature.
    Motion(Vec<Sample>),
    /// The trailer: the file ends here, and its digest holds.
    Trailer(Trailer),
}

/// What is wrong with a fingerprint, and where.
#[derive(Debug)]
pub struct ReadError {
    /// The line, from 1.
    pub line: u64,
    /// The field, or what the line should be.
    pub field: &'static str,
    /// What is wrong.
    pub problem: Problem,
}

/// The kinds of [`ReadError`].
#[derive(Debug)]
pub enum Problem {
    /// The input could not be read.
    Io(io::Error),
    /// The first line is not a fingerprint's header.
    NotAFingerprint,
    /// Another version than [`VERSION`].
    Version(u64),
    /// A line is longer than [`MAX_LINE_BYTES`], or the file ends without the line's line feed.
    Line(&'static str),
    /// The value is not one that version 1 allows; says what is.
    Expected(&'static str),
    /// `serde`'s word on a header or trailer.
    Json(String),
    /// More frames than [`MAX_FRAMES`], or times beyond the limit.
    Limit,
    /// The digest in the trailer is not that of the lines.
    Digest,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fingerprint: line {}, {}: ", self.line, self.field)?;
        match &self.problem {
            Problem::Io(error) => write!(f, "{error}"),
            Problem::NotAFingerprint => write!(f, "not a Cotejo fingerprint"),
            Problem::Version(found) => write!(f, "version {found} found, this program reads version {VERSION}"),
            Problem::Line(what) | Problem::Expected(what) => write!(f, "{what}"),
            Problem::Json(message) => write!(f, "{message}"),
            Problem::Limit => write!(f, "beyond the format's limits (48 hours, {MAX_FRAMES} frames)"),
            Problem::Digest => write!(f, "does not match the lines before: the file was changed or damaged"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads one fingerprint from `input`; holds one line at a time.
#[derive(Debug)]
pub struct Reader<R> {
    lines: Lines<R>,
    header: Header,
    frames: u64,
    samples: usize,
    last_ticks: i64,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header.
    pub fn new(input: R) -> Result<Self, ReadError> {
        let mut lines = Lines { input, line: Vec::new(), number: 0, digest: StreamingSha256::default() };
        match lines.next() {
            Err(ReadError { problem: Problem::Io(error), .. }) => return Err(lines.error("header", Problem::Io(error))),
            _ if !lines.line.starts_with(b"{\"cotejo\":") => {
                return Err(lines.error("header", Problem::NotAFingerprint));
            }
            read => read?,
        }
        let header = parse_header(&lines.line).map_err(|(field, problem)| lines.error(field, problem))?;
        lines.count_whole_line();
        Ok(Self { lines, header, frames: 0, samples: 0, last_ticks: 0 })
    }

    /// What is known before the first frame.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The same, for keeps.
    pub fn into_header(self) -> Header {
        self.header
    }

    /// Bytes of the line that was read last, with its end.
    pub(super) fn line_bytes(&self) -> usize {
        self.lines.line.len() + 1
    }

    /// Reads the next line. After the trailer there is nothing more to read.
    // Not an `Iterator`: the trailer ends the file, and its absence is an error.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Item, ReadError> {
        self.lines.next()?;
        let line = self.lines.line.as_slice();
        let item = if line.starts_with(b"{\"t\":") {
            self.read_frame().map(Item::Frame)
        } else if line.starts_with(b"{\"motion\":") {
            self.read_motion().map(Item::Motion)
        } else if line.starts_with(b"{\"frames\":") {
            return self.read_trailer();
        } else {
            Err(("line", Problem::Expected("expected a frame, motion or trailer line")))
        };
        let item = item.map_err(|(field, problem)| self.lines.error(field, problem))?;
        self.lines.count_whole_line();
        Ok(item)
    }

    fn read_frame(&mut self) -> Result<Frame, FieldError> {
        if self.samples > 0 {
            return Err(("line", Problem::Expected("frames come before motion")));
        }
        let frame = parse_frame(&self.lines.line, &self.header)?;
        let is_first = self.frames == 0;
        if is_first && frame.ticks != 0 {
            return Err(("t", Problem::Expected("the first frame is at 0")));
        }
        self.frames += 1;
        self.last_ticks = self.last_ticks.max(frame.ticks);
        let is_one_picture = self.header.kind == Kind::Video || is_first;
        if self.frames > MAX_FRAMES || !is_one_picture || self.expected_samples() > motion::MAX_SAMPLES {
            return Err(("line", Problem::Limit));
        }
        Ok(frame)
    }

    /// Motion samples that belong to the frames so far.
    pub(super) fn expected_samples(&self) -> u64 {
        motion::samples_up_to(self.header.time_base, self.last_ticks)
    }

    fn read_motion(&mut self) -> Result<Vec<Sample>, FieldError> {
        let missing = self.expected_samples() - self.samples as u64;
        let expected = missing.min(SAMPLES_PER_LINE as u64) as usize;
        if self.frames == 0 || expected == 0 {
            return Err(("line", Problem::Expected("no motion line belongs here")));
        }
        let samples = parse_motion(&self.lines.line, self.samples, expected)?;
        self.samples += samples.len();
        Ok(samples)
    }

    fn read_trailer(&mut self) -> Result<Item, ReadError> {
        let line = std::str::from_utf8(&self.lines.line).unwrap_or_default().to_owned();
        let trailer = self.checked_trailer(&line).map_err(|(field, problem)| self.lines.error(field, problem))?;
        if !self.lines.at_end()? {
            return Err(ReadError {
                line: self.lines.number + 1,
                field: "line",
                problem: Problem::Expected("nothing may follow the trailer"),
            });
        }
        Ok(Item::Trailer(trailer))
    }

    fn checked_trailer(&mut self, line: &str) -> Result<Trailer, FieldError> {
        let (before_digest, digest) =
            line.rsplit_once(",\"digest\":\"").ok_or(("digest", Problem::Expected("the last field is the digest")))?;
        let digest: Sha256Bytes = digest
            .strip_suffix("\"}")
            .and_then(|digest| from_hex(digest.as_bytes()))
            .ok_or(("digest", Problem::Expected("expected 64 lowercase hex digits")))?;
        let trailer: Trailer =
            serde_json::from_str(&format!("{before_digest}}}")).map_err(|error| ("trailer", json_problem(&error)))?;
        if trailer_before_digest(&trailer) != before_digest {
            return Err(("trailer", NOT_CANONICAL));
        }
        check_trailer(&trailer)?;
        if trailer.frames != self.frames || self.frames == 0 {
            return Err(("frames", Problem::Expected("the count is not that of the frame lines")));
        }
        if self.samples as u64 != self.expected_samples() {
            return Err(("motion", Problem::Expected("motion samples are missing before the trailer")));
        }
        self.lines.digest.push(before_digest.as_bytes());
        if std::mem::take(&mut self.lines.digest).finish() != digest {
            return Err(("digest", Problem::Digest));
        }
        Ok(trailer)
    }
}

/// Reads lines of bounded length and keeps the digest of those that were counted.
#[derive(Debug)]
struct Lines<R> {
    input: R,
    line: Vec<u8>,
    number: u64,
    digest: StreamingSha256,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> Result<(), ReadError> {
        self.number += 1;
        self.line.clear();
        let limit = MAX_LINE_BYTES as u64 + 1;
        if let Err(error) = self.input.by_ref().take(limit).read_until(b'\n', &mut self.line) {
            return Err(self.error("line", Problem::Io(error)));
        }
        if self.line.pop() == Some(b'\n') {
            return Ok(());
        }
        let problem =
            if self.line.len() >= MAX_LINE_BYTES { "the line is too long" } else { "the file ends here, cut off" };
        Err(self.error("line", Problem::Line(problem)))
    }

    fn count_whole_line(&mut self) {
        self.digest.push(&self.line);
        self.digest.push(b"\n");
    }

    fn at_end(&mut self) -> Result<bool, ReadError> {
        match self.input.fill_buf() {
            Ok(rest) => Ok(rest.is_empty()),
            Err(error) => Err(self.error("line", Problem::Io(error))),
        }
    }

    fn error(&self, field: &'static str, problem: Problem) -> ReadError {
        ReadError { line: self.number, field, problem }
    }
}
