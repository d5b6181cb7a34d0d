//! A fingerprint's facts in one record, as the page shows them and `cotejo inspect --json` prints them.

use crate::classic::{ALGORITHMS, Algorithm};
use crate::digest::to_hex;
use crate::file_scan::FileRecord;
use crate::fingerprint::{Decoder, Fingerprint, Kind, Problem, Tier, TierReason};
use crate::motion::TimeBase;
use crate::plane::Range;
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
    /// Why, where it is perceptual.
    pub tier_reason: Option<TierReason>,
    /// Whose samples were hashed.
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
    /// Seconds per tick.
    pub time_base: TimeBase,
    /// How many frames.
    pub frames: usize,
    /// Seconds to the end of the last frame.
    pub duration_s: f64,
    /// How frames follow each other.
    pub rate: Rate,
    /// The file.
    pub file: FileRecord,
    /// Whether every promised frame was hashed.
    pub complete: bool,
    /// What was wrong.
    pub problems: Vec<Problem>,
    /// The classic hashes of each frame.
    pub classic: Vec<Algorithm>,
    /// The first frame's classic hashes in hex: all there is of a picture.
    pub classic_hashes: BTreeMap<&'static str, String>,
}

/// How frames follow each other.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Rate {
    /// All frames last equally long.
    pub constant: bool,
    /// Mean frames per second.
    pub fps: f64,
}

impl From<&Fingerprint> for Facts {
    fn from(fingerprint: &Fingerprint) -> Self {
        let header = fingerprint.header.clone();
        let trailer = fingerprint.trailer.clone();
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
            time_base: header.time_base,
            frames: fingerprint.frames.len(),
            duration_s: fingerprint.duration_s(),
            rate: rate(fingerprint),
            file: trailer.file,
            complete: trailer.complete,
            problems: trailer.problems,
            classic: header.classic,
            classic_hashes: first_classic_hashes(fingerprint),
        }
    }
}

fn rate(fingerprint: &Fingerprint) -> Rate {
    let last_s = fingerprint.frames.last().map_or(0.0, |frame| fingerprint.header.time_base.seconds(frame.ticks));
    let steps = fingerprint.frames.len().saturating_sub(1);
    let fps = if last_s > 0.0 { steps as f64 / last_s } else { 0.0 };
    Rate { constant: fingerprint.has_constant_rate(), fps }
}

fn first_classic_hashes(fingerprint: &Fingerprint) -> BTreeMap<&'static str, String> {
    let hashes = fingerprint.frames.first().map_or([None; 4], |frame| frame.classic);
    let named = ALGORITHMS.into_iter().zip(hashes);
    named.filter_map(|(algorithm, hash)| Some((algorithm.name(), to_hex(&hash?[..algorithm.hash_bytes()])))).collect()
}
