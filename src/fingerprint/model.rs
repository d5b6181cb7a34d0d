//! What a fingerprint holds: docs/format.md.

use crate::file_scan::FileRecord;
use crate::hash::classic::{ALGORITHMS, Algorithm};
use crate::hash::digest::Sha256Bytes;
use crate::hash::motion::{self, Sample, TimeBase};
use crate::hash::pdq::PdqHash;
use crate::hash::points::{self, KeyPoint};
use crate::hash::rhythm::Rhythm;
use crate::picture::frame::FrameFormat;
use crate::picture::plane::Range;
use crate::picture::points::Point;
use serde::{Deserialize, Serialize};

/// The most frames of a fingerprint: two days at 60 frames per second.
///
/// Bounds what a hostile video or fingerprint can cost.
pub const MAX_FRAMES: u64 = 48 * 3600 * 60;
/// The largest whole number of a fingerprint: JSON readers that use doubles read it exactly (RFC 8259, section 6).
pub const MAX_EXACT_INTEGER: i64 = (1 << 53) - 1;
/// The largest number of ticks, before or after the first frame.
pub const MAX_TICKS: i64 = MAX_EXACT_INTEGER;

/// What was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Frames with times.
    Video,
    /// One still picture, as one frame at time 0.
    Picture,
}

/// How exact the samples are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// The decoder's own samples: there are digests, and perceptual hashes are reproducible to the bit.
    Exact,
    /// Samples that were converted: perceptual hashes within a stated bound, no digests.
    Perceptual,
}

/// Why the tier is only perceptual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TierReason {
    /// The browser gives frames only as red, green and blue.
    RgbFrames,
    /// The browser does not reveal the layout of its frames, and converts them.
    OpaqueFrames,
    /// The browser gives other samples than decoders must give.
    AlteredPixels,
    /// It could not be checked that the browser gives the right samples.
    Unverified,
    /// A picture: decoders of JPEG and WebP may differ by a level.
    Picture,
    /// A compact code, which holds a part of a video's fingerprint. Never in a file.
    CompactCode,
}

/// The decoders that give exactly these samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Decoder {
    /// Every decoder that conforms to the codec's specification, which fixes every bit.
    Conformant,
    /// ffmpeg with `-idct simple -flags +bitexact+unaligned`; the codec leaves rounding to the decoder.
    Ffmpeg,
    /// A browser's decoder; the browser converted the frames to red, green and blue.
    WebcodecsRgb,
    /// A browser's decoder, in its own layout.
    Webcodecs,
    /// The `image` crate.
    Image,
    /// Not known: a compact code does not say. Never in a file.
    Unstated,
}

impl Decoder {
    /// Codecs whose specification fixes every bit of the output, by ffmpeg's names.
    const BIT_EXACT_CODECS: [&str; 13] =
        ["h264", "hevc", "vvc", "vp8", "vp9", "av1", "ffv1", "huffyuv", "ffvhuff", "rawvideo", "png", "gif", "utvideo"];

    /// The family of an exact decoder of `codec`.
    pub fn exact(codec: &str) -> Self {
        if Self::BIT_EXACT_CODECS.contains(&codec) { Self::Conformant } else { Self::Ffmpeg }
    }
}

/// How the motion signature was made; fixed in versions 1 and 2.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MotionParameters {
    /// Samples per second.
    pub rate_hz: u32,
    /// How many samples back a difference looks.
    pub step: u32,
    /// Cells along each side of the grid.
    pub cells: u32,
    /// Differences of at most this many levels (of 255) count as no change.
    pub dead_zone: u32,
}

impl MotionParameters {
    /// The parameters of versions 1 and 2.
    pub const FIXED: Self = Self {
        rate_hz: motion::RATE_HZ,
        step: motion::STEP as u32,
        cells: crate::picture::shrink::CELLS as u32,
        dead_zone: motion::DEAD_ZONE as u32,
    };
}

/// How points were chosen; fixed in version 2.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointParameters {
    /// Every so many frames has points, from the first on.
    pub every: u64,
    /// The most points of such a frame.
    pub most: usize,
}

impl PointParameters {
    /// The parameters of version 2.
    pub const FIXED: Self = Self { every: points::EVERY, most: points::MOST };
}

/// For fields that are written only if true.
pub(crate) fn is_false(value: &bool) -> bool {
    !value
}

/// What is known before the first frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Video or picture.
    pub kind: Kind,
    /// Exact or perceptual.
    pub tier: Tier,
    /// Why the tier is perceptual; `None` if it is exact.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tier_reason: Option<TierReason>,
    /// The decoder whose samples were hashed.
    pub decoder: Decoder,
    /// ffmpeg's name of the codec.
    pub codec: String,
    /// ffmpeg's name of the layout that was hashed.
    pub pixel_format: String,
    /// Range of the luma.
    pub range: Range,
    /// Visible width in pixels, unrotated.
    pub width: u32,
    /// Visible height in pixels, unrotated.
    pub height: u32,
    /// Degrees clockwise that a player turns the picture: 0, 90, 180 or 270. Recorded, not applied.
    pub rotation: u16,
    /// Whether a player mirrors the picture, left to right, before it turns it. Recorded, not applied.
    #[serde(skip_serializing_if = "is_false", default)]
    pub mirrored: bool,
    /// Seconds per tick.
    pub time_base: TimeBase,
    /// The classic hashes of each frame.
    pub classic: Vec<Algorithm>,
    /// How the motion signature was made.
    pub motion: MotionParameters,
    /// How points were chosen; `None` in version 1, which has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub points: Option<PointParameters>,
}

impl Header {
    /// The header of a video with exact samples in this format, shown upright, hashed by PDQ and the gradient hash.
    ///
    /// `codec` is ffmpeg's name, 1 to 32 of `a-z 0-9 _ . -`; `time_base` gives seconds per tick.
    pub fn of_video(format: &FrameFormat, time_base: TimeBase, codec: &str) -> Self {
        Self {
            kind: Kind::Video,
            tier: Tier::Exact,
            tier_reason: None,
            decoder: Decoder::exact(codec),
            codec: codec.to_owned(),
            pixel_format: format.pixel_format.recorded().name.to_owned(),
            range: format.range,
            width: format.width,
            height: format.height,
            rotation: 0,
            mirrored: false,
            time_base,
            classic: vec![Algorithm::Gradient],
            motion: MotionParameters::FIXED,
            points: Some(PointParameters::FIXED),
        }
    }

    /// Width and height of the picture in which the points of frames are looked for, pixels.
    pub(crate) fn points_size(&self) -> [f64; 2] {
        points::sides([self.width, self.height].map(|side| side as usize)).map(|side| side as f64)
    }
}

impl Frame {
    /// Its points in a picture of so many pixels; none if it has none.
    pub(crate) fn points_in(&self, size: [f64; 2]) -> Vec<Point> {
        self.points.iter().flatten().map(|point| point.in_picture(size)).collect()
    }
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Presentation time in ticks after the first frame.
    pub ticks: i64,
    /// PDQ of the luma.
    pub pdq: PdqHash,
    /// PDQ's quality, 0..=100.
    pub quality: u8,
    /// SHA-256 of the planes; only in the exact tier.
    pub sha256: Option<Sha256Bytes>,
    /// The classic hashes, by position in [`ALGORITHMS`].
    pub classic: [Option<[u8; 8]>; 4],
    /// The points, in version 2, of the frames that have some ([`points::has_points`]).
    pub points: Option<Box<[KeyPoint]>>,
}

/// Something that was wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The kind of problem.
    pub code: ProblemCode,
    /// The first affected frame; `None` if not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub frame: Option<u64>,
}

/// The kinds of [`Problem`]; [`crate::report`] has the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ProblemCode {
    /// The file ends before its container says it should.
    CutOff,
    /// The frames end well before the duration that the container gives.
    EndsEarly,
    /// The decoder reported damage; digests from this frame on are unreliable.
    DecodeError,
    /// The decoder gave fewer frames than the packets show.
    FramesMissing,
    /// The picture changes its size; hashing stopped at this frame.
    SizeChanges,
    /// A frame has the same time as the one before.
    TimestampsRepeat,
    /// A frame is earlier than the one before.
    TimestampsGoBack,
}

impl ProblemCode {
    /// Whether such a problem means that frames are missing.
    pub(crate) fn loses_frames(self) -> bool {
        !matches!(self, Self::TimestampsRepeat | Self::TimestampsGoBack)
    }
}

/// What is known after the last frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trailer {
    /// The number of frames.
    pub frames: u64,
    /// The file that the frames came from.
    pub file: FileRecord,
    /// Whether every frame that the file promises was hashed.
    pub complete: bool,
    /// What was wrong, in the order found; each code at most once.
    pub problems: Vec<Problem>,
}

/// The fingerprint of one video or picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Fingerprint {
    /// What is known before the first frame.
    pub header: Header,
    /// Frames in presentation order; at least one.
    pub frames: Vec<Frame>,
    /// The motion signature, [`motion::RATE_HZ`] samples a second.
    pub motion: Vec<Sample>,
    /// What is known after the last frame.
    pub trailer: Trailer,
}

impl Fingerprint {
    /// Seconds from the first frame to the end of the last, assumed to last as long as most frames do.
    pub fn duration_s(&self) -> f64 {
        let rhythm = Rhythm::of(self.frames.iter().map(|frame| frame.ticks));
        self.header.time_base.seconds(rhythm.end_ticks())
    }

    /// Whether it was read from a compact code, which holds fewer cells and few frames.
    pub(crate) fn is_of_code(&self) -> bool {
        self.header.tier_reason == Some(TierReason::CompactCode)
    }
}

/// The algorithms as a header lists them: each once, in the order of [`ALGORITHMS`].
pub fn classic_in_order(algorithms: &[Algorithm]) -> Vec<Algorithm> {
    ALGORITHMS.into_iter().filter(|algorithm| algorithms.contains(algorithm)).collect()
}
