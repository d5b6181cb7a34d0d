//! A fingerprint's facts in one record, as the page shows them and `cotejo inspect --json` prints them.

use super::model::{Decoder, Frame, Header, Kind, Problem, Tier, TierReason, Trailer, is_false};
use crate::file_scan::FileRecord;
use crate::hash::classic::{ALGORITHMS, Algorithm};
use crate::hash::digest::to_hex;
use crate::hash::motion::TimeBase;
use crate::hash::rhythm::Rhythm;
use crate::picture::plane::Range;
use serde::Serialize;
use std::collections::BTreeMap;

/// The facts; field names in JSON are in camel case.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// Video or picture.
    pub kind: Kind,
    /// Exact or perceptual.
    pub tier: Tier,
    /// Why the tier is perceptual; `None` if it is exact.
    pub tier_reason: Option<TierReason>,
    /// The decoder whose samples were hashed.
    pub decoder: Decoder,
    /// ffmpeg's name of the codec.
    pub codec: String,
    /// ffmpeg's name of the layout.
    pub pixel_format: String,
    /// Range of the luma.
    pub range: Range,
    /// Visible width in pixels, unrotated.
    pub width: u32,
    /// Visible height in pixels, unrotated.
    pub height: u32,
    /// Degrees clockwise; recorded, not applied.
    pub rotation: u16,
    /// Whether it is mirrored before it is turned; recorded, not applied. Written only if true.
    #[serde(skip_serializing_if = "is_false")]
    pub mirrored: bool,
    /// Seconds per tick.
    pub time_base: TimeBase,
    /// The number of frames.
    pub frames: usize,
    /// Seconds to the end of the last frame.
    pub duration_s: f64,
    /// How evenly frames follow each other, and how fast.
    pub rate: Rate,
    /// The file that was hashed.
    pub file: FileRecord,
    /// Whether every promised frame was hashed.
    pub complete: bool,
    /// What was wrong with the file.
    pub problems: Vec<Problem>,
    /// The classic hashes of each frame.
    pub classic: Vec<Algorithm>,
    /// The first frame's classic hashes in hex: for a picture, all of them.
    pub classic_hashes: BTreeMap<&'static str, String>,
}

/// How evenly frames follow each other, and how fast.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Rate {
    /// Whether all frames last equally long.
    pub constant: bool,
    /// Mean frames per second.
    pub fps: f64,
}

impl Facts {
    /// The facts of a video from its header, its first frame, the rhythm of all frames, and its trailer.
    pub(crate) fn new(header: Header, first: Option<&Frame>, rhythm: &Rhythm, trailer: Trailer) -> Self {
        Self {
            kind: header.kind,
            tier: header.tier,
            tier_reason: header.tier_reason,
            decoder: header.decoder,
            codec: header.codec,
            pixel_format: header.pixel_format,
            range: header.range,
            width: header.width,
            height: header.height,
            rotation: header.rotation,
            mirrored: header.mirrored,
            time_base: header.time_base,
            frames: rhythm.frames,
            duration_s: header.time_base.seconds(rhythm.end_ticks()),
            rate: rate(header.time_base, rhythm),
            file: trailer.file,
            complete: trailer.complete,
            problems: trailer.problems,
            classic: header.classic,
            classic_hashes: first.map(classic_hashes).unwrap_or_default(),
        }
    }
}

fn rate(time_base: TimeBase, rhythm: &Rhythm) -> Rate {
    let last_s = time_base.seconds(rhythm.last_ticks);
    let steps = rhythm.frames.saturating_sub(1);
    let fps = if last_s > 0.0 { steps as f64 / last_s } else { 0.0 };
    Rate { constant: rhythm.is_constant(), fps }
}

fn classic_hashes(frame: &Frame) -> BTreeMap<&'static str, String> {
    let named = ALGORITHMS.into_iter().zip(frame.classic);
    named.filter_map(|(algorithm, hash)| Some((algorithm.name(), to_hex(&hash?[..algorithm.hash_bytes()])))).collect()
}
