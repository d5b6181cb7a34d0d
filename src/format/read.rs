//! Reads a fingerprint line by line: strict, and bounded whatever the input.

use super::write::{header_line, trailer_before_digest};
use super::{HeaderLine, MAX_LINE_BYTES, SAMPLES_PER_LINE, VERSION};
use crate::classic::Algorithm;
use crate::digest::{Sha256Bytes, StreamingSha256, from_hex};
use crate::fingerprint::{
    Frame, Header, Kind, MAX_FRAMES, MAX_TICKS, MotionParameters, Tier, Trailer, classic_in_order,
};
use crate::motion::{self, SAMPLE_BYTES, Sample};
use crate::pdq::PdqHash;
use crate::pixel_format::PixelFormat;
use crate::plane::MAX_SIDE;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
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

    fn expected_samples(&self) -> u64 {
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

type FieldError = (&'static str, Problem);

const NOT_CANONICAL: Problem =
    Problem::Expected("not written as version 1 writes it (fields, order, spaces or number form)");

/// Without the line, which `serde` counts from the start of what it was given.
fn json_problem(error: &serde_json::Error) -> Problem {
    Problem::Json(error.to_string().replace(" at line 1 column ", " at column "))
}

fn parse_header(line: &[u8]) -> Result<Header, FieldError> {
    let json = |error: serde_json::Error| ("header", json_problem(&error));
    let value: serde_json::Value = serde_json::from_slice(line).map_err(json)?;
    match value.get("cotejo").and_then(serde_json::Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => {}
        Some(version) => return Err(("cotejo", Problem::Version(version))),
        None => return Err(("cotejo", Problem::Expected("expected the version, a whole number"))),
    }
    let HeaderLine { header, .. } = serde_json::from_slice(line).map_err(json)?;
    check_header(&header)?;
    if header_line(&header).as_bytes() != line {
        return Err(("header", NOT_CANONICAL));
    }
    Ok(header)
}

fn check_header(header: &Header) -> Result<(), FieldError> {
    let side = Problem::Expected("expected 1 to 16384 pixels");
    let is_side = |side| (1..=MAX_SIDE).contains(&side);
    let has_reason = header.tier_reason.is_some();
    let checks = [
        (is_side(header.width), "width", side),
        (is_side(header.height), "height", Problem::Expected("expected 1 to 16384 pixels")),
        (is_word(&header.codec), "codec", Problem::Expected("expected 1 to 32 of a-z 0-9 _ . -")),
        (
            PixelFormat::from_name(&header.pixel_format)
                .is_some_and(|format| format.recorded().name == header.pixel_format),
            "pixel_format",
            Problem::Expected("expected the name of a layout that docs/format.md lists"),
        ),
        (
            header.rotation < 360 && header.rotation.is_multiple_of(90),
            "rotation",
            Problem::Expected("expected 0, 90, 180 or 270"),
        ),
        (
            header.time_base.0 > 0 && header.time_base.1 > 0,
            "time_base",
            Problem::Expected("expected two positive numbers"),
        ),
        (
            has_reason == (header.tier == Tier::Perceptual),
            "tier_reason",
            Problem::Expected("expected in the perceptual tier, and only there"),
        ),
        (
            header.classic == classic_in_order(&header.classic),
            "classic",
            Problem::Expected("expected each algorithm once, in the format's order"),
        ),
        (
            header.motion == MotionParameters::VERSION_1,
            "motion",
            Problem::Expected("expected the parameters of version 1"),
        ),
    ];
    match checks.into_iter().find(|(holds, ..)| !holds) {
        Some((_, field, problem)) => Err((field, problem)),
        None => Ok(()),
    }
}

fn check_trailer(trailer: &Trailer) -> Result<(), FieldError> {
    if from_hex::<32>(trailer.file.sha256.as_bytes()).is_none() {
        return Err(("file.sha256", Problem::Expected("expected 64 lowercase hex digits")));
    }
    if trailer.file.bytes >= MAX_TICKS as u64 {
        return Err(("file.bytes", Problem::Expected("expected less than 2^53")));
    }
    if !trailer.file.container.as_deref().is_none_or(is_word) {
        return Err(("file.container", Problem::Expected("expected 1 to 32 of a-z 0-9 _ . -")));
    }
    let is_repeated = |i: usize| trailer.problems[..i].iter().any(|earlier| earlier.code == trailer.problems[i].code);
    if (0..trailer.problems.len()).any(is_repeated) {
        return Err(("problems", Problem::Expected("expected each code at most once")));
    }
    if trailer.problems.iter().any(|problem| problem.frame.is_some_and(|frame| frame > trailer.frames)) {
        return Err(("problems", Problem::Expected("expected no frame beyond the last")));
    }
    if trailer.complete == trailer.problems.iter().any(|problem| problem.code.loses_frames()) {
        return Err(("complete", Problem::Expected("expected true unless a problem loses frames")));
    }
    Ok(())
}

fn is_word(text: &str) -> bool {
    let is_allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"_.-".contains(&c);
    (1..=32).contains(&text.len()) && text.bytes().all(is_allowed)
}

fn parse_frame(line: &[u8], header: &Header) -> Result<Frame, FieldError> {
    let mut cursor = Cursor(line);
    let ticks = cursor.literal(b"{\"t\":").and_then(|()| cursor.integer());
    let ticks = ticks.filter(|ticks| ticks.abs() < MAX_TICKS);
    let ticks = ticks.ok_or(("t", Problem::Expected("expected a whole number below 2^53")))?;
    let pdq = cursor.hex_field(b",\"pdq\":\"").ok_or(("pdq", HEX_64))?;
    let quality = cursor.literal(b",\"q\":").and_then(|()| cursor.integer());
    let quality = quality.filter(|quality| (0..=100).contains(quality));
    let quality = quality.ok_or(("q", Problem::Expected("expected a whole number from 0 to 100")))? as u8;
    let sha256 = match header.tier {
        Tier::Exact => Some(cursor.hex_field(b",\"sha256\":\"").ok_or(("sha256", HEX_64))?),
        Tier::Perceptual => None,
    };
    let mut classic = [None; 4];
    for &algorithm in &header.classic {
        classic[algorithm as usize] = Some(read_classic(&mut cursor, algorithm)?);
    }
    if cursor.0 != b"}" {
        return Err(("line", Problem::Expected("expected the frame to end here")));
    }
    Ok(Frame { ticks, pdq: PdqHash(pdq), quality, sha256, classic })
}

const HEX_64: Problem = Problem::Expected("expected 64 lowercase hex digits");

fn read_classic(cursor: &mut Cursor, algorithm: Algorithm) -> Result<[u8; 8], FieldError> {
    let name = algorithm.name();
    let problem = || (name, Problem::Expected("expected the lowercase hex digits of the hash"));
    let name_is_next = [b",\"", name.as_bytes(), b"\":\""].iter().all(|part| cursor.literal(part).is_some());
    let digits = name_is_next.then(|| cursor.take(2 * algorithm.hash_bytes())).flatten().ok_or_else(problem)?;
    let mut hash = [0; 8];
    let bytes: Option<Vec<u8>> = digits.chunks_exact(2).map(|pair| from_hex::<1>(pair).map(|[byte]| byte)).collect();
    hash[..algorithm.hash_bytes()].copy_from_slice(&bytes.ok_or_else(problem)?);
    cursor.literal(b"\"").ok_or_else(problem)?;
    Ok(hash)
}

fn parse_motion(line: &[u8], first: usize, expected: usize) -> Result<Vec<Sample>, FieldError> {
    let mut cursor = Cursor(line);
    let index = cursor.literal(b"{\"motion\":").and_then(|()| cursor.integer());
    if index != i64::try_from(first).ok() {
        return Err(("motion", Problem::Expected("expected the index of the next sample")));
    }
    let cells = cursor.literal(b",\"cells\":\"").and_then(|()| cursor.0.strip_suffix(b"\"}"));
    let bytes = cells.and_then(|cells| BASE64.decode(cells).ok());
    let bytes = bytes.filter(|bytes| bytes.len() == expected * SAMPLE_BYTES && motion::is_valid(bytes));
    let bytes =
        bytes.ok_or(("cells", Problem::Expected("expected 64 bytes a sample in base64, cells of 0, 1 or 2")))?;
    Ok(bytes.as_chunks().0.to_vec())
}

/// What is left of a line.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn literal(&mut self, literal: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// A whole number as JSON writes it: no leading zeros, no plus, no minus zero.
    fn integer(&mut self) -> Option<i64> {
        let is_part = |&&c: &&u8| c == b'-' || c.is_ascii_digit();
        let digits = self.take(self.0.iter().take_while(is_part).count())?;
        let value: i64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
        (value.to_string().as_bytes() == digits).then_some(value)
    }

    fn hex_field(&mut self, name: &[u8]) -> Option<[u8; 32]> {
        self.literal(name)?;
        let bytes = from_hex(self.take(64)?)?;
        self.literal(b"\"")?;
        Some(bytes)
    }
}
