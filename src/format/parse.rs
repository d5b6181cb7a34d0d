//! One line of a fingerprint -> its contents. Checks every rule of docs/format.md that concerns a single line.

use super::error::ReadProblem;
use super::layout::{VERSION, WITHOUT_POINTS};
use super::write::header_line;
use crate::fingerprint::{
    Decoder, Frame, Header, MAX_EXACT_INTEGER, MAX_TICKS, MotionParameters, PointParameters, Tier, TierReason, Trailer,
    classic_in_order,
};
use crate::hash::classic::Algorithm;
use crate::hash::digest::from_hex;
use crate::hash::motion::{self, SAMPLE_BYTES, STEP, Sample};
use crate::hash::pdq::PdqHash;
use crate::hash::points::{self, KeyPoint};
use crate::picture::pixel_format::PixelFormat;
use crate::picture::plane::MAX_SIDE;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// The field that is wrong, and how.
pub(super) type FieldError = (&'static str, ReadProblem);

pub(super) const NOT_CANONICAL: ReadProblem =
    ReadProblem::Expected("not written as its version writes it (fields, order, spaces or number form)");

/// `serde`'s message without its line number, which counts from the start of this one line.
pub(super) fn json_problem(error: &serde_json::Error) -> ReadProblem {
    ReadProblem::Json(error.to_string().replace(" at line 1 column ", " at column "))
}

pub(super) fn parse_header(line: &[u8]) -> Result<Header, FieldError> {
    let json = |error: serde_json::Error| ("header", json_problem(&error));
    let mut fields: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(line).map_err(json)?;
    match fields.remove("cotejo").and_then(|version| version.as_u64()) {
        Some(version) if [WITHOUT_POINTS, VERSION].map(u64::from).contains(&version) => {}
        Some(version) => return Err(("cotejo", ReadProblem::Version(version))),
        None => return Err(("cotejo", ReadProblem::Expected("expected the version, a whole number"))),
    }
    let header: Header = serde_json::from_value(fields.into()).map_err(json)?;
    check_header(&header)?;
    if header_line(&header).as_bytes() != line {
        return Err(("header", NOT_CANONICAL));
    }
    Ok(header)
}

fn check_header(header: &Header) -> Result<(), FieldError> {
    let side = ReadProblem::Expected("expected 1 to 16384 pixels");
    let is_side = |side| (1..=MAX_SIDE).contains(&side);
    let has_reason = header.tier_reason.is_some();
    let checks = [
        (is_side(header.width), "width", side),
        (is_side(header.height), "height", ReadProblem::Expected("expected 1 to 16384 pixels")),
        (is_word(&header.codec), "codec", ReadProblem::Expected("expected 1 to 32 of a-z 0-9 _ . -")),
        (
            PixelFormat::from_name(&header.pixel_format)
                .is_some_and(|format| format.recorded().name == header.pixel_format),
            "pixel_format",
            ReadProblem::Expected("expected the name of a layout that docs/format.md lists"),
        ),
        (
            header.rotation < 360 && header.rotation.is_multiple_of(90),
            "rotation",
            ReadProblem::Expected("expected 0, 90, 180 or 270"),
        ),
        (
            header.time_base.0 > 0 && header.time_base.1 > 0,
            "time_base",
            ReadProblem::Expected("expected two positive numbers"),
        ),
        (
            has_reason == (header.tier == Tier::Perceptual),
            "tier_reason",
            ReadProblem::Expected("expected in the perceptual tier, and only there"),
        ),
        (
            header.tier_reason != Some(TierReason::CompactCode),
            "tier_reason",
            ReadProblem::Expected("expected a reason that docs/format.md lists"),
        ),
        (
            header.decoder != Decoder::Unstated,
            "decoder",
            ReadProblem::Expected("expected a decoder that docs/format.md lists"),
        ),
        (
            header.classic == classic_in_order(&header.classic),
            "classic",
            ReadProblem::Expected("expected each algorithm once, in the format's order"),
        ),
        (
            header.motion == MotionParameters::FIXED,
            "motion",
            ReadProblem::Expected("expected the parameters that docs/format.md lists"),
        ),
        (
            header.points.is_none_or(|points| points == PointParameters::FIXED),
            "points",
            ReadProblem::Expected("expected the parameters that docs/format.md lists"),
        ),
    ];
    match checks.into_iter().find(|(holds, ..)| !holds) {
        Some((_, field, problem)) => Err((field, problem)),
        None => Ok(()),
    }
}

pub(super) fn check_trailer(trailer: &Trailer) -> Result<(), FieldError> {
    if from_hex::<32>(trailer.file.sha256.as_bytes()).is_none() {
        return Err(("file.sha256", ReadProblem::Expected("expected 64 lowercase hex digits")));
    }
    if trailer.file.bytes > MAX_EXACT_INTEGER as u64 {
        return Err(("file.bytes", ReadProblem::Expected("expected less than 2^53")));
    }
    if !trailer.file.container.as_deref().is_none_or(is_word) {
        return Err(("file.container", ReadProblem::Expected("expected 1 to 32 of a-z 0-9 _ . -")));
    }
    let is_repeated = |i: usize| trailer.problems[..i].iter().any(|earlier| earlier.code == trailer.problems[i].code);
    if (0..trailer.problems.len()).any(is_repeated) {
        return Err(("problems", ReadProblem::Expected("expected each code at most once")));
    }
    if trailer.problems.iter().any(|problem| problem.frame.is_some_and(|frame| frame > trailer.frames)) {
        return Err(("problems", ReadProblem::Expected("expected no frame beyond the last")));
    }
    if trailer.complete == trailer.problems.iter().any(|problem| problem.code.loses_frames()) {
        return Err(("complete", ReadProblem::Expected("expected true unless a problem loses frames")));
    }
    Ok(())
}

fn is_word(text: &str) -> bool {
    let is_allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"_.-".contains(&c);
    (1..=32).contains(&text.len()) && text.bytes().all(is_allowed)
}

/// The frame with this number, from 0.
pub(super) fn parse_frame(line: &[u8], header: &Header, number: u64) -> Result<Frame, FieldError> {
    let mut cursor = Cursor(line);
    let ticks = cursor.literal(b"{\"t\":").and_then(|()| cursor.integer());
    let ticks = ticks.filter(|ticks| (-MAX_TICKS..=MAX_TICKS).contains(ticks));
    let ticks = ticks.ok_or(("t", ReadProblem::Expected("expected a whole number below 2^53")))?;
    let pdq = cursor.hex_field(b",\"pdq\":\"").ok_or(("pdq", HEX_64))?;
    let quality = cursor.literal(b",\"q\":").and_then(|()| cursor.integer());
    let quality = quality.filter(|quality| (0..=100).contains(quality));
    let quality = quality.ok_or(("q", ReadProblem::Expected("expected a whole number from 0 to 100")))? as u8;
    let sha256 = match header.tier {
        Tier::Exact => Some(cursor.hex_field(b",\"sha256\":\"").ok_or(("sha256", HEX_64))?),
        Tier::Perceptual => None,
    };
    let mut classic = [None; 4];
    for &algorithm in &header.classic {
        classic[algorithm as usize] = Some(read_classic(&mut cursor, algorithm)?);
    }
    let has_points = header.points.is_some() && points::has_points(number);
    let points = if has_points { Some(read_points(&mut cursor)?) } else { None };
    if cursor.0 != b"}" {
        return Err(("line", ReadProblem::Expected("expected the frame to end here")));
    }
    Ok(Frame { ticks, pdq: PdqHash(pdq), quality, sha256, classic, points })
}

const HEX_64: ReadProblem = ReadProblem::Expected("expected 64 lowercase hex digits");

fn read_classic(cursor: &mut Cursor, algorithm: Algorithm) -> Result<[u8; 8], FieldError> {
    let name = algorithm.name();
    let problem = || (name, ReadProblem::Expected("expected the lowercase hex digits of the hash"));
    let name_is_next = [b",\"", name.as_bytes(), b"\":\""].iter().all(|part| cursor.literal(part).is_some());
    let digits = name_is_next.then(|| cursor.take(2 * algorithm.hash_bytes())).flatten().ok_or_else(problem)?;
    let mut hash = [0; 8];
    let bytes: Option<Vec<u8>> = digits.chunks_exact(2).map(|pair| from_hex::<1>(pair).map(|[byte]| byte)).collect();
    hash[..algorithm.hash_bytes()].copy_from_slice(&bytes.ok_or_else(problem)?);
    cursor.literal(b"\"").ok_or_else(problem)?;
    Ok(hash)
}

fn read_points(cursor: &mut Cursor) -> Result<Box<[KeyPoint]>, FieldError> {
    let problem = || ("points", ReadProblem::Expected("expected at most 100 points of 37 bytes in base64"));
    cursor.literal(b",\"points\":\"").ok_or_else(problem)?;
    let length = cursor.0.iter().position(|&byte| byte == b'"').ok_or_else(problem)?;
    let bytes = cursor.take(length).and_then(|base64| BASE64.decode(base64).ok()).ok_or_else(problem)?;
    cursor.literal(b"\"").ok_or_else(problem)?;
    let (points, []) = bytes.as_chunks() else { return Err(problem()) };
    let points: Option<Box<[KeyPoint]>> = points.iter().map(KeyPoint::from_bytes).collect();
    points.filter(|points| points.len() <= points::MOST).ok_or_else(problem)
}

pub(super) fn parse_motion(line: &[u8], first: usize, expected: usize) -> Result<Vec<Sample>, FieldError> {
    let mut cursor = Cursor(line);
    let index = cursor.literal(b"{\"motion\":").and_then(|()| cursor.integer());
    if index != i64::try_from(first).ok() {
        return Err(("motion", ReadProblem::Expected("expected the index of the next sample")));
    }
    let cells = cursor.literal(b",\"cells\":\"").and_then(|()| cursor.0.strip_suffix(b"\"}"));
    let bytes = cells.and_then(|cells| BASE64.decode(cells).ok());
    let bytes = bytes.filter(|bytes| bytes.len() == expected * SAMPLE_BYTES && motion::is_valid(bytes));
    let bytes =
        bytes.ok_or(("cells", ReadProblem::Expected("expected 64 bytes a sample in base64, cells of 0, 1 or 2")))?;
    let samples: Vec<Sample> = bytes.as_chunks().0.to_vec();
    let at_rest = STEP.saturating_sub(first).min(samples.len());
    if samples[..at_rest].as_flattened().iter().any(|&cells| cells != 0) {
        return Err((
            "cells",
            ReadProblem::Expected("expected no motion in samples 0 to 3: nothing comes before them"),
        ));
    }
    Ok(samples)
}

/// The rest of a line.
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

    /// An integer as JSON writes it: no leading zeros, no plus, no minus zero.
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

#[cfg(test)]
mod tests;
