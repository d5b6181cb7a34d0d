//! Reads a fingerprint line by line: strictly, and in bounded memory whatever the input. [`Reader`] pulls lines from an input;
//! bytes are pushed into [`Checker`].

use super::error::{ReadError, ReadProblem};
use super::layout::{MAX_LINE_BYTES, SAMPLES_PER_LINE, SIGNATURE};
use super::parse::{FieldError, NOT_CANONICAL, check_trailer, json_problem, parse_frame, parse_header, parse_motion};
use super::write::trailer_before_digest;
use crate::fingerprint::{Frame, Header, Kind, MAX_FRAMES, Trailer};
use crate::hash::digest::{Sha256Bytes, StreamingSha256, from_hex};
use crate::hash::motion::{self, Sample};
use std::io::{BufRead, Read as _};

/// The contents of one line.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// The next frame.
    Frame(Frame),
    /// The next samples of the motion signature.
    Motion(Vec<Sample>),
    /// The trailer: the file ends here, and its digest holds.
    Trailer(Trailer),
}

/// Reads one fingerprint from `input`; holds one line at a time.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    line: Vec<u8>,
    lines: Lines,
    header: Header,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header.
    pub fn new(mut input: R) -> Result<Self, ReadError> {
        let (mut lines, mut line) = (Lines::default(), Vec::new());
        match next_line(&mut input, &mut line) {
            Err(ReadProblem::Io(error)) => return Err(lines.in_next_line("header", ReadProblem::Io(error))),
            _ if !line.starts_with(SIGNATURE) => return Err(lines.in_next_line("header", ReadProblem::NotAFingerprint)),
            read => read.map_err(|problem| lines.in_next_line("line", problem))?,
        }
        let header = lines.header(&line)?;
        Ok(Self { input, line, lines, header })
    }

    /// What is known before the first frame.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header, taken out of the reader.
    pub fn into_header(self) -> Header {
        self.header
    }

    /// Bytes of the last line read, with its line feed.
    pub(super) fn line_bytes(&self) -> usize {
        self.line.len() + 1
    }

    /// The number of motion samples that the frames so far require.
    pub(super) fn expected_samples(&self) -> u64 {
        self.lines.expected_samples(&self.header)
    }

    /// Reads the next line. After the trailer there is nothing more to read.
    // Not an `Iterator`: the trailer ends the file, and its absence is an error.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<Item, ReadError> {
        next_line(&mut self.input, &mut self.line).map_err(|problem| self.lines.in_next_line("line", problem))?;
        let item = self.lines.item(&self.line, &self.header)?;
        if matches!(item, Item::Trailer(_)) {
            match self.input.fill_buf() {
                Ok([]) => {}
                Ok(_) => return Err(self.lines.in_next_line("line", BEHIND_TRAILER)),
                Err(error) => return Err(self.lines.in_next_line("line", ReadProblem::Io(error))),
            }
        }
        Ok(item)
    }
}

/// Takes a fingerprint's bytes as they are written, in pieces of any size, and reports what a reader would refuse: so writers check
/// their output. Holds one line at a time.
#[derive(Debug, Default)]
pub struct Checker {
    line: Vec<u8>,
    lines: Lines,
    header: Option<Header>,
    is_over: bool,
}

impl Checker {
    /// Takes the next bytes. After an error, the fingerprint is worthless.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), ReadError> {
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            self.extend_line(&bytes[..end])?;
            self.check_line()?;
            self.line.clear();
            bytes = &bytes[end + 1..];
        }
        self.extend_line(bytes)
    }

    /// Fails unless the fingerprint ends here.
    pub fn finish(self) -> Result<(), ReadError> {
        match (self.is_over, self.line.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => Err(self.lines.in_next_line("line", BEHIND_TRAILER)),
            (false, _) => Err(self.lines.in_next_line("line", ReadProblem::Line(CUT_OFF))),
        }
    }

    fn extend_line(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        if self.line.len() + bytes.len() > MAX_LINE_BYTES {
            return Err(self.lines.in_next_line("line", ReadProblem::Line(TOO_LONG)));
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn check_line(&mut self) -> Result<(), ReadError> {
        match &self.header {
            _ if self.is_over => return Err(self.lines.in_next_line("line", BEHIND_TRAILER)),
            Some(header) => self.is_over = matches!(self.lines.item(&self.line, header)?, Item::Trailer(_)),
            None => self.header = Some(self.lines.header(&self.line)?),
        }
        Ok(())
    }
}

const TOO_LONG: &str = "the line is too long";
const CUT_OFF: &str = "the file ends here, cut off";
const BEHIND_TRAILER: ReadProblem = ReadProblem::Expected("nothing may follow the trailer");

/// Reads a line of bounded length, without its end.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<(), ReadProblem> {
    line.clear();
    input.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', line).map_err(ReadProblem::Io)?;
    match line.pop() {
        Some(b'\n') => Ok(()),
        _ if line.len() >= MAX_LINE_BYTES => Err(ReadProblem::Line(TOO_LONG)),
        _ => Err(ReadProblem::Line(CUT_OFF)),
    }
}

/// The digest of the lines so far, and what they require of later ones.
#[derive(Debug, Default)]
struct Lines {
    number: u64,
    digest: StreamingSha256,
    frames: u64,
    samples: usize,
    last_ticks: i64,
}

impl Lines {
    fn in_next_line(&self, field: &'static str, problem: ReadProblem) -> ReadError {
        ReadError { line: self.number + 1, field, problem }
    }

    fn count(&mut self, line: &[u8]) {
        self.number += 1;
        self.digest.push(line);
        self.digest.push(b"\n");
    }

    fn header(&mut self, line: &[u8]) -> Result<Header, ReadError> {
        if !line.starts_with(SIGNATURE) {
            return Err(self.in_next_line("header", ReadProblem::NotAFingerprint));
        }
        let header = parse_header(line).map_err(|(field, problem)| self.in_next_line(field, problem))?;
        self.count(line);
        Ok(header)
    }

    fn item(&mut self, line: &[u8], header: &Header) -> Result<Item, ReadError> {
        let item = if line.starts_with(b"{\"t\":") {
            self.frame(line, header).map(Item::Frame)
        } else if line.starts_with(b"{\"motion\":") {
            self.motion(line, header).map(Item::Motion)
        } else if line.starts_with(b"{\"frames\":") {
            self.trailer(line, header).map(Item::Trailer)
        } else {
            Err(("line", ReadProblem::Expected("expected a frame, motion or trailer line")))
        };
        let item = item.map_err(|(field, problem)| self.in_next_line(field, problem))?;
        self.count(line);
        Ok(item)
    }

    fn frame(&mut self, line: &[u8], header: &Header) -> Result<Frame, FieldError> {
        if self.samples > 0 {
            return Err(("line", ReadProblem::Expected("frames come before motion")));
        }
        let frame = parse_frame(line, header, self.frames)?;
        let is_first = self.frames == 0;
        if is_first && frame.ticks != 0 {
            return Err(("t", ReadProblem::Expected("the first frame is at 0")));
        }
        self.frames += 1;
        self.last_ticks = self.last_ticks.max(frame.ticks);
        let is_one_picture = header.kind == Kind::Video || is_first;
        if self.frames > MAX_FRAMES || !is_one_picture || self.expected_samples(header) > motion::MAX_SAMPLES {
            return Err(("line", ReadProblem::Limit));
        }
        Ok(frame)
    }

    fn expected_samples(&self, header: &Header) -> u64 {
        motion::samples_up_to(header.time_base, self.last_ticks)
    }

    fn motion(&mut self, line: &[u8], header: &Header) -> Result<Vec<Sample>, FieldError> {
        let missing = self.expected_samples(header) - self.samples as u64;
        let expected = missing.min(SAMPLES_PER_LINE as u64) as usize;
        if self.frames == 0 || expected == 0 {
            return Err(("line", ReadProblem::Expected("no motion line belongs here")));
        }
        let samples = parse_motion(line, self.samples, expected)?;
        self.samples += samples.len();
        Ok(samples)
    }

    fn trailer(&mut self, line: &[u8], header: &Header) -> Result<Trailer, FieldError> {
        let line = std::str::from_utf8(line).unwrap_or_default();
        let (before_digest, digest) = line
            .rsplit_once(",\"digest\":\"")
            .ok_or(("digest", ReadProblem::Expected("the last field is the digest")))?;
        let digest: Sha256Bytes = digest
            .strip_suffix("\"}")
            .and_then(|digest| from_hex(digest.as_bytes()))
            .ok_or(("digest", ReadProblem::Expected("expected 64 lowercase hex digits")))?;
        let trailer: Trailer =
            serde_json::from_str(&format!("{before_digest}}}")).map_err(|error| ("trailer", json_problem(&error)))?;
        if trailer_before_digest(&trailer) != before_digest {
            return Err(("trailer", NOT_CANONICAL));
        }
        check_trailer(&trailer)?;
        if trailer.frames != self.frames || self.frames == 0 {
            return Err(("frames", ReadProblem::Expected("the count is not that of the frame lines")));
        }
        if self.samples as u64 != self.expected_samples(header) {
            return Err(("motion", ReadProblem::Expected("motion samples are missing before the trailer")));
        }
        self.digest.push(before_digest.as_bytes());
        if std::mem::take(&mut self.digest).finish() != digest {
            return Err(("digest", ReadProblem::Digest));
        }
        Ok(trailer)
    }
}

#[cfg(test)]
mod tests;
