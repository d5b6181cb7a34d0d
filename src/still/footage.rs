//! A video's frames as the search for a still sees them, and how little a plain one tells.

use super::bits::{self, Words};
use crate::fingerprint::Fingerprint;
use crate::hash::classic::Algorithm;

/// Below this of PDQ's quality a picture is too plain to be looked for, and a video of only such frames to be looked
/// through.
pub const PLAIN_BELOW_QUALITY: u8 = 25;
/// PDQ's highest quality.
const SURE_FROM_QUALITY: u8 = 100;
/// Doubt for each step of quality below that: little detail has few shapes, and by chance they are alike.
const DOUBT_PER_QUALITY: f32 = 0.004;

/// A video's frames, as the search sees them.
#[derive(Clone, Debug)]
pub struct Footage {
    /// Their bits.
    pub frames: Vec<Words>,
    /// PDQ's quality of each.
    pub qualities: Vec<u8>,
    /// The gradient hash of each, where the fingerprint holds it.
    pub gradients: Vec<Option<[u8; 8]>>,
    /// Their times in seconds.
    pub times: Vec<f64>,
}

impl Footage {
    /// Takes what is needed out of a fingerprint.
    pub fn new(video: &Fingerprint) -> Self {
        let frames = &video.frames;
        Self {
            frames: frames.iter().map(|frame| bits::words(&frame.pdq)).collect(),
            qualities: frames.iter().map(|frame| frame.quality).collect(),
            gradients: frames.iter().map(|frame| frame.classic[Algorithm::Gradient as usize]).collect(),
            times: frames.iter().map(|frame| video.header.time_base.seconds(frame.ticks)).collect(),
        }
    }

    /// Whether no frame has detail enough to be told from others.
    pub fn is_plain(&self) -> bool {
        self.qualities.iter().all(|&quality| quality < PLAIN_BELOW_QUALITY)
    }
}

/// How much agreement counts less where a frame or the still's part has this quality.
pub fn doubt(quality: u8) -> f32 {
    DOUBT_PER_QUALITY * f32::from(SURE_FROM_QUALITY.saturating_sub(quality))
}
