//! A fingerprint that fits into a message: the motion signature, thinned and packed, and PDQ of a few frames.
//!
//! A journalist sends it to ask whether somebody has the footage; docs/compact-code.md specifies it. In: a fingerprint. Out: text,
//! which anyone turns back into a fingerprint that [`crate::compare()`] takes like any other. docs/accuracy.md, "Compact codes",
//! measures the cost of thinning.

mod arithmetic;
mod motion;
pub mod qr;

use crate::error::ErrorCode;
use crate::file_scan::FileRecord;
use crate::fingerprint::timeline::Timeline;
use crate::fingerprint::{Decoder, Fingerprint, Frame, Header, Kind, MotionParameters, Tier, TierReason, Trailer};
use crate::hash::digest::sha256;
use crate::hash::motion::{RATE_HZ, Sample, TimeBase};
use crate::hash::pdq::PdqHash;
use crate::picture::plane::{MAX_SIDE, Range};
use crate::picture::shrink::CELLS;
use crate::ranked::highest_first;
use base32::Alphabet;
use motion::THINNINGS;
use serde::Serialize;
use std::fmt;
use std::ops;

/// The start of every code, in upper or lower case; the digit is the version.
pub const PREFIX: &str = "cotejo1-";
/// The start of every part of a code in several messages. A part's number, a dot, the number of parts, and a hyphen follow.
const PART_PREFIX: &str = "cotejo1.";
/// The most digits in a part: with some words, they fit into the 4,096 characters that some messengers take.
const PART_DIGITS: usize = 3600;
/// More parts than the longest code has.
const MAX_PARTS: usize = 32;
/// RFC 4648, section 6. Letters and digits only, which no messenger takes for formatting; the same in both cases.
const DIGITS: Alphabet = Alphabet::Rfc4648Lower { padding: false };
/// The longest video in a code, in seconds. Questions are about short videos; of longer ones, a code holds a part.
pub const MAX_SECONDS: usize = 600;
/// The most bytes of a short video's code. Its 3,848 characters fit into a QR code together with an address.
const SHORT_BYTES: usize = 2400;
/// The most bytes per second of a longer video's code.
const BYTES_PER_SECOND: usize = 75;
/// The most bytes of any code.
const MAX_BYTES: usize = MAX_SECONDS * BYTES_PER_SECOND;
/// The most frames with a PDQ in a code.
const MAX_FRAMES: usize = 6;
/// Bytes of the checksum at the end: the first ones of the SHA-256.
const CHECKSUM_BYTES: usize = 4;
/// Added to the quarter turns if the picture is mirrored before them.
const MIRRORED: u8 = 4;

/// The contents of a code.
#[derive(Clone, Debug, PartialEq)]
pub struct CompactCode {
    width: u32,
    height: u32,
    /// How players show the picture: quarter turns clockwise, 0 to 3, plus [`MIRRORED`].
    display: u8,
    frames: Vec<KeyFrame>,
    thinning: usize,
    samples: usize,
    packed: Vec<u8>,
}

/// One frame, at the time of a sample of the motion signature.
#[derive(Clone, Copy, Debug, PartialEq)]
struct KeyFrame {
    sample: usize,
    quality: u8,
    pdq: PdqHash,
}

/// What a person wants to know of a code; field names in JSON are in camel case.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeFacts {
    /// Length of the video in seconds.
    pub duration_s: f64,
    /// Visible width in pixels, unrotated.
    pub width: u32,
    /// Visible height in pixels, unrotated.
    pub height: u32,
    /// Samples of motion kept per second.
    pub samples_per_second: usize,
    /// Cells along each side of a sample.
    pub cells: usize,
    /// Frames with a PDQ in the code.
    pub frames: usize,
    /// Bytes of the code; its text is eight fifths as long.
    pub bytes: usize,
}

/// Why no code can be made or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeError {
    /// A picture has no motion: send the picture itself.
    Picture,
    /// Longer than [`MAX_SECONDS`].
    TooLong,
    /// The chosen part contains nothing of the video.
    NoPart,
    /// The text has no [`PREFIX`].
    NoCode,
    /// The code was written by another version.
    Version,
    /// A part is missing, or the code was changed.
    Damaged,
}

impl fmt::Display for CodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Picture => write!(f, "a picture has no motion to ask about"),
            Self::TooLong => write!(f, "a code holds up to {} minutes of a video", MAX_SECONDS / 60),
            Self::NoPart => write!(f, "the part is not within the video"),
            Self::NoCode => write!(f, "no code found, which begins with {PREFIX}"),
            Self::Version => write!(f, "the code is of another version than this program reads"),
            Self::Damaged => write!(f, "the code is incomplete or was changed on its way"),
        }
    }
}

impl std::error::Error for CodeError {}

impl ErrorCode for CodeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Picture => "code-of-picture",
            Self::TooLong => "code-too-long",
            Self::NoPart => "code-no-part",
            Self::NoCode => "no-code",
            Self::Version => "code-version",
            Self::Damaged => "code-damaged",
        }
    }
}

impl CompactCode {
    /// The code of a video, thinned as little as its length allows.
    pub fn of(video: &Fingerprint) -> Result<Self, CodeError> {
        if video.header.kind == Kind::Picture {
            return Err(CodeError::Picture);
        }
        let samples = video.motion.len();
        if samples > MAX_SECONDS * RATE_HZ as usize {
            return Err(CodeError::TooLong);
        }
        let most = SHORT_BYTES.max(samples * BYTES_PER_SECOND / RATE_HZ as usize);
        let bare = Self::without_motion(video);
        let thinned = (0..THINNINGS.len()).map(|thinning| Self {
            thinning,
            packed: motion::pack(&video.motion, THINNINGS[thinning]),
            ..bare.clone()
        });
        let is_last = |code: &Self| code.thinning == THINNINGS.len() - 1;
        let mut fitting = thinned.filter(|code| code.to_bytes().len() <= most || is_last(code));
        Ok(fitting.next().expect("the last is taken whatever its length"))
    }

    /// The code of a part of a video, in seconds after the first frame, rounded to samples of the motion signature. A part that
    /// reaches beyond the video's end stops there.
    pub fn of_part(video: &Fingerprint, seconds: ops::Range<f64>) -> Result<Self, CodeError> {
        let sample = |at: f64| (at * f64::from(RATE_HZ)).round() as usize;
        let samples = sample(seconds.start)..sample(seconds.end).min(video.motion.len());
        // `is_empty` also holds for NaN.
        if seconds.is_empty() || samples.is_empty() {
            return Err(CodeError::NoPart);
        }
        Self::of(&part(video, samples))
    }

    fn without_motion(video: &Fingerprint) -> Self {
        let Header { width, height, rotation, mirrored, time_base, .. } = video.header;
        let key_frame = |i: usize| {
            let Frame { ticks, quality, pdq, .. } = video.frames[i];
            let sample = (time_base.seconds(ticks).max(0.0) * f64::from(RATE_HZ)) as usize;
            KeyFrame { sample: sample.min(video.motion.len() - 1), quality, pdq }
        };
        let frames = Timeline::of(video).representatives(MAX_FRAMES).into_iter().map(key_frame).collect();
        let mut frames: Vec<KeyFrame> = highest_first(frames, |frame: &KeyFrame| -(frame.sample as f64));
        frames.dedup_by_key(|frame| frame.sample);
        let display = (rotation / 90) as u8 | if mirrored { MIRRORED } else { 0 };
        Self { width, height, display, frames, thinning: 0, samples: video.motion.len(), packed: Vec::new() }
    }

    /// The code as text, in lower case.
    pub fn to_text(&self) -> String {
        PREFIX.to_owned() + &base32::encode(DIGITS, &self.to_bytes())
    }

    /// The code as texts for several messages, each of at most 3,616 characters. A single text, the same as [`Self::to_text`], if
    /// it fits.
    pub fn to_parts(&self) -> Vec<String> {
        let digits = base32::encode(DIGITS, &self.to_bytes());
        let count = digits.len().div_ceil(PART_DIGITS);
        if count == 1 {
            return vec![self.to_text()];
        }
        let chunks = digits.as_bytes().chunks(digits.len().div_ceil(count)).map(String::from_utf8_lossy);
        (1..).zip(chunks).map(|(part, digits)| format!("{PART_PREFIX}{part}.{count}-{digits}-")).collect()
    }

    /// The bytes that the text spells: their number, the contents, a checksum.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut content = Vec::new();
        push_number(&mut content, self.width as usize);
        push_number(&mut content, self.height as usize);
        content.push(self.display);
        content.push(self.thinning as u8);
        push_number(&mut content, self.samples);
        push_number(&mut content, self.frames.len());
        for frame in &self.frames {
            push_number(&mut content, frame.sample);
            content.push(frame.quality);
            content.extend(frame.pdq.0);
        }
        content.extend(&self.packed);
        let mut bytes = Vec::new();
        push_number(&mut bytes, content.len());
        bytes.extend(content);
        bytes.extend(&sha256(&bytes)[..CHECKSUM_BYTES]);
        bytes
    }

    /// Reads the first code in `text`: a message, a link, or the code alone, in upper or lower case. Ignores white space within the
    /// code and anything after it. The parts of a code in several messages may come in any order.
    pub fn from_text(text: &str) -> Result<Self, CodeError> {
        let text = text.to_ascii_lowercase();
        let digits = match text.split_once(PREFIX) {
            Some((_, after)) => after.to_owned(),
            None if text.contains(PART_PREFIX) => joined_parts(&text).ok_or(CodeError::Damaged)?,
            None if has_other_version(&text) => return Err(CodeError::Version),
            None => return Err(CodeError::NoCode),
        };
        Self::from_bytes(&bytes_of_digits(&digits).ok_or(CodeError::Damaged)?)
    }

    /// Reads what [`Self::to_bytes`] writes, and nothing else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CodeError> {
        Self::checked(bytes).ok_or(CodeError::Damaged)
    }

    fn checked(bytes: &[u8]) -> Option<Self> {
        let (mut content, _checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>()?;
        let length = take_number(&mut content)?;
        let code = Self::from_content(content.get(..length)?)?;
        let is_side = |side| (1..=MAX_SIDE).contains(&side);
        let holds = is_side(code.width)
            && is_side(code.height)
            && code.display < 2 * MIRRORED
            && code.thinning < THINNINGS.len()
            && (1..=MAX_SECONDS * RATE_HZ as usize).contains(&code.samples)
            && code.frames.is_sorted_by(|a, b| a.sample < b.sample)
            && code.frames.iter().all(|frame| frame.sample < code.samples && frame.quality <= 100);
        let is_canonical =
            || code.to_bytes() == bytes && motion::pack(&code.motion(), THINNINGS[code.thinning]) == code.packed;
        (holds && is_canonical()).then_some(code)
    }

    fn from_content(mut rest: &[u8]) -> Option<Self> {
        let (width, height) = (take_number(&mut rest)?, take_number(&mut rest)?);
        let (display, thinning) = (*rest.split_off_first()?, *rest.split_off_first()?);
        let (samples, count) = (take_number(&mut rest)?, take_number(&mut rest)?);
        if count > MAX_FRAMES {
            return None;
        }
        let mut frames = Vec::new();
        for _ in 0..count {
            let (sample, quality) = (take_number(&mut rest)?, *rest.split_off_first()?);
            let (pdq, after) = rest.split_first_chunk()?;
            frames.push(KeyFrame { sample, quality, pdq: PdqHash(*pdq) });
            rest = after;
        }
        Some(Self {
            width: width.try_into().ok()?,
            height: height.try_into().ok()?,
            display,
            frames,
            thinning: thinning.into(),
            samples,
            packed: rest.to_vec(),
        })
    }

    fn motion(&self) -> Vec<Sample> {
        motion::unpack(&self.packed, self.samples, THINNINGS[self.thinning])
    }

    /// The contents in numbers.
    pub fn facts(&self) -> CodeFacts {
        let thinning = THINNINGS[self.thinning];
        CodeFacts {
            duration_s: self.samples as f64 / f64::from(RATE_HZ),
            width: self.width,
            height: self.height,
            samples_per_second: RATE_HZ as usize / thinning.samples,
            cells: CELLS / thinning.cells,
            frames: self.frames.len(),
            bytes: self.to_bytes().len(),
        }
    }

    /// A fingerprint with one frame for each sample of the motion signature. Frames without a PDQ in the code have quality 0, so
    /// that nothing is concluded from them.
    pub fn fingerprint(&self) -> Fingerprint {
        let unknown = |sample: usize| KeyFrame { sample, quality: 0, pdq: PdqHash([0; 32]) };
        let frame = |sample: usize| {
            let known = self.frames.iter().find(|frame| frame.sample == sample);
            let KeyFrame { quality, pdq, .. } = known.copied().unwrap_or_else(|| unknown(sample));
            Frame { ticks: sample as i64, pdq, quality, sha256: None, classic: [None; 4], points: None }
        };
        let header = Header {
            kind: Kind::Video,
            tier: Tier::Perceptual,
            tier_reason: Some(TierReason::CompactCode),
            decoder: Decoder::Unstated,
            codec: "unknown".to_owned(),
            pixel_format: "gray".to_owned(),
            range: Range::Full,
            width: self.width,
            height: self.height,
            rotation: u16::from(self.display % MIRRORED) * 90,
            mirrored: self.display >= MIRRORED,
            time_base: TimeBase(1, RATE_HZ),
            classic: Vec::new(),
            motion: MotionParameters::FIXED,
            points: None,
        };
        let bytes = self.to_text().into_bytes();
        let file = FileRecord {
            sha256: crate::hash::digest::to_hex(&sha256(&bytes)),
            bytes: bytes.len() as u64,
            container: None,
        };
        Fingerprint {
            header,
            frames: (0..self.samples).map(frame).collect(),
            motion: self.motion(),
            trailer: Trailer { frames: self.samples as u64, file, complete: true, problems: Vec::new() },
        }
    }
}

/// The video as if it began with the first of these samples and ended before the last.
fn part(video: &Fingerprint, samples: ops::Range<usize>) -> Fingerprint {
    let TimeBase(numerator, denominator) = video.header.time_base;
    // Rounded up, so that no frame comes before the part.
    let ticks_of = |sample: usize| {
        let ticks = sample as u128 * u128::from(denominator);
        ticks.div_ceil(u128::from(RATE_HZ) * u128::from(numerator)) as i64
    };
    let (start, end) = (ticks_of(samples.start), ticks_of(samples.end));
    let moved = |frame: &Frame| Frame { ticks: (frame.ticks - start).max(0), ..frame.clone() };
    let mut frames: Vec<Frame> =
        video.frames.iter().filter(|frame| (start..end).contains(&frame.ticks)).map(moved).collect();
    if frames.is_empty() {
        // At every moment a frame is shown: the part begins with the last frame before it.
        frames.extend(video.frames.iter().rfind(|frame| frame.ticks < start).map(moved));
    }
    let motion = video.motion[samples].to_vec();
    Fingerprint { frames, motion, header: video.header.clone(), trailer: video.trailer.clone() }
}

/// Seven bits per byte, lowest first; the highest bit says that more follow (LEB128).
fn push_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes the number at the beginning, below 2^21.
fn take_number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in [0, 7, 14] {
        let byte = usize::from(*bytes.split_off_first()?);
        number |= (byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Whether the text has a prefix of another version.
fn has_other_version(text: &str) -> bool {
    text.split(&PREFIX[..PREFIX.len() - 2]).skip(1).any(|after| {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && after[digits..].starts_with('-')
    })
}

/// The digits of all parts; `None` if one is missing. Of parts with the same number, the first counts.
fn joined_parts(text: &str) -> Option<String> {
    let mut parts: Vec<Option<&str>> = Vec::new();
    for part in text.split(PART_PREFIX).skip(1).filter_map(part_of_code) {
        let (number, count, digits) = part;
        if parts.is_empty() {
            parts.resize(count, None);
        }
        if count == parts.len() {
            parts[number - 1].get_or_insert(digits);
        }
    }
    parts.into_iter().collect()
}

/// Number, count and digits of the part whose prefix ends where `text` begins.
fn part_of_code(text: &str) -> Option<(usize, usize, &str)> {
    let mut fields = text.splitn(3, '-');
    let (number, count) = fields.next()?.split_once('.')?;
    let digits = fields.next()?;
    // A part without its end does not count.
    fields.next()?;
    let (number, count) = (number.parse().ok()?, count.parse().ok()?);
    ((1..=count).contains(&number) && count <= MAX_PARTS).then_some((number, count, digits))
}

/// The bytes of the base32 digits at the beginning of `text`: as many as the first ones give as their number.
fn bytes_of_digits(text: &str) -> Option<Vec<u8>> {
    let is_digit = |c: &char| matches!(c, 'a'..='z' | '2'..='7');
    let digits = text.chars().filter(|c| !c.is_whitespace()).take_while(is_digit);
    let digits: String = digits.take(MAX_BYTES * 8 / 5).collect();
    let head = base32::decode(DIGITS, digits.get(..8)?)?;
    let mut after = head.as_slice();
    let length = take_number(&mut after)?;
    let count = head.len() - after.len() + length + CHECKSUM_BYTES;
    let digits = digits.get(..(count * 8).div_ceil(5))?;
    // Bits left over in the last digit must be zeros.
    base32::decode(DIGITS, digits).filter(|bytes| base32::encode(DIGITS, bytes) == digits)
}

#[cfg(test)]
mod reader_tests;
#[cfg(test)]
mod writer_tests;

#[cfg(test)]
mod tests {
    use super::*;

    /// A fingerprint of a dot that moves over a still picture.
    fn video(samples: usize) -> Fingerprint {
        let mut code = CompactCode {
            width: 640,
            height: 360,
            display: 1,
            frames: vec![KeyFrame { sample: 0, quality: 90, pdq: PdqHash([0x5a; 32]) }],
            thinning: 0,
            samples,
            packed: Vec::new(),
        };
        let dot = |at: usize| {
            let mut sample = [0; 64];
            sample[at * 7 % 64] = 0b0001_0010;
            sample
        };
        let motion: Vec<Sample> = (0..samples).map(|at| if at < 4 { [0; 64] } else { dot(at / 3) }).collect();
        code.packed = motion::pack(&motion, THINNINGS[0]);
        let video = code.fingerprint();
        assert_eq!(video.motion, motion);
        video
    }

    /// A fingerprint of random cells: nothing packs worse.
    fn noise(samples: usize) -> Fingerprint {
        let mut video = video(samples);
        let mut state = 1u64;
        for byte in video.motion.iter_mut().flatten() {
            *byte = (0..4).fold(0, |byte, i| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                byte | (((state >> 33) % 3) as u8) << (2 * i)
            });
        }
        video
    }

    #[test]
    fn a_code_gives_the_motion_and_the_frames_again() {
        let video = video(300);
        let code = CompactCode::of(&video).unwrap();
        assert_eq!(CompactCode::from_text(&code.to_text()).unwrap(), code);
        let again = code.fingerprint();
        assert_eq!(again.motion, video.motion);
        assert_eq!(again.frames[0], video.frames[0]);
        assert_eq!(again.header, video.header);
    }

    #[test]
    fn a_code_is_found_in_a_message_in_any_case_with_line_breaks_and_words_after_it() {
        let code = CompactCode::of(&video(50)).unwrap();
        let text = code.to_text();
        let (first, second) = text.split_at(40);
        for message in [
            format!("https://example.org/cotejo/cotejo.html#{text}"),
            format!("Is this yours? {}\nThanks", text.to_uppercase()),
            format!("{first}\r\n {second}\nthanks a lot"),
        ] {
            assert_eq!(CompactCode::from_text(&message).as_ref(), Ok(&code), "{message}");
        }
    }

    #[test]
    fn a_code_in_several_messages_is_put_together_in_any_order() {
        let code = CompactCode::of(&noise(1000)).unwrap();
        let parts = code.to_parts();
        assert_eq!(parts.len(), 3);
        assert!(parts.iter().all(|part| part.len() <= 3616), "{parts:?}");
        let chat = |order: &[usize]| {
            let lines =
                order.iter().map(|&i| format!("[22/11/26, 08:12] Bruno: part {i}:\n{}\nok\n", parts[i].to_uppercase()));
            lines.collect::<String>()
        };
        for order in [&[0, 1, 2][..], &[2, 0, 1, 0], &[1, 1, 2, 0]] {
            assert_eq!(CompactCode::from_text(&chat(order)).as_ref(), Ok(&code), "{order:?}");
        }
        assert_eq!(CompactCode::from_text(&chat(&[0, 2])), Err(CodeError::Damaged));
        let cut = chat(&[0, 1, 2]).replacen("-\nok", "", 1);
        assert_eq!(CompactCode::from_text(&cut), Err(CodeError::Damaged));
        assert_eq!(CompactCode::from_text("cotejo1.9.2-aa-"), Err(CodeError::Damaged));
        assert_eq!(CompactCode::from_text("cotejo1.1.99999999999-aa-"), Err(CodeError::Damaged));
        let longest = CompactCode::of(&noise(6000)).unwrap();
        assert!(longest.to_parts().len() <= MAX_PARTS);
        assert_eq!(CompactCode::from_text(&longest.to_parts().concat()), Ok(longest));
    }

    #[test]
    fn what_is_no_code_or_not_whole_is_an_error() {
        let text = CompactCode::of(&video(50)).unwrap().to_text();
        assert_eq!(CompactCode::from_text("cotejo.html"), Err(CodeError::NoCode));
        assert_eq!(CompactCode::from_text("cotejo2-abc"), Err(CodeError::Version));
        for length in PREFIX.len()..text.len() {
            assert_eq!(CompactCode::from_text(&text[..length]), Err(CodeError::Damaged), "{length}");
        }
    }

    #[test]
    fn every_change_of_a_digit_is_noticed() {
        let text = CompactCode::of(&video(50)).unwrap().to_text();
        for at in PREFIX.len()..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(CompactCode::from_text(&changed), Err(CodeError::Damaged), "{at}");
        }
    }

    #[test]
    fn whatever_moves_a_code_of_32_seconds_fits_in_4_kilobytes_and_a_longer_one_in_120_characters_a_second() {
        for (samples, most) in [(320, 3900), (1200, 14_400), (6000, 72_000)] {
            let code = CompactCode::of(&noise(samples)).unwrap();
            assert!(code.to_text().len() <= most, "{samples}: {}", code.to_text().len());
            assert_eq!(CompactCode::from_text(&code.to_text()), Ok(code));
        }
    }

    #[test]
    fn what_is_too_long_or_a_picture_has_no_code() {
        assert_eq!(CompactCode::of(&video(6001)), Err(CodeError::TooLong));
        let mut picture = video(1);
        picture.header.kind = Kind::Picture;
        assert_eq!(CompactCode::of(&picture), Err(CodeError::Picture));
    }

    #[test]
    fn a_code_of_a_part_holds_what_moves_and_the_frames_of_that_part() {
        let mut video = video(7000);
        // 25 frames per second; each PDQ spells the frame's number.
        let frame = video.frames[0].clone();
        video.header.time_base = TimeBase(1, 25);
        video.frames = (0..17_500i64)
            .map(|ticks| {
                let mut pdq = [0; 32];
                pdq[..8].copy_from_slice(&ticks.to_le_bytes());
                Frame { ticks, pdq: PdqHash(pdq), quality: 90, ..frame.clone() }
            })
            .collect();
        let part = CompactCode::of_part(&video, 650.0..9999.0).unwrap();
        assert_eq!(part.fingerprint().motion, video.motion[6500..]);
        assert_eq!(part.frames.len(), MAX_FRAMES);
        for KeyFrame { sample, pdq, .. } in part.frames {
            let ticks = i64::from_le_bytes(*pdq.0.first_chunk().unwrap());
            assert_eq!(((ticks as f64 / 25.0 - 650.0) * 10.0 + 1e-6) as usize, sample, "frame {ticks}");
        }
        assert_eq!(CompactCode::of_part(&video, 0.0..600.1), Err(CodeError::TooLong));
        for outside in [700.0..800.0, 5.0..5.0, 6.0..5.0, f64::NAN..10.0, 5.0..f64::NAN] {
            assert_eq!(CompactCode::of_part(&video, outside), Err(CodeError::NoPart));
        }
    }

    #[test]
    fn a_part_within_one_long_frame_has_that_frame() {
        let mut video = video(100);
        video.frames.truncate(1);
        let code = CompactCode::of_part(&video, 5.0..6.0).unwrap();
        assert_eq!(code.frames, [KeyFrame { sample: 0, quality: 90, pdq: PdqHash([0x5a; 32]) }]);
    }
}
