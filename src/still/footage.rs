//! A video's frames as the search for a still sees them, and what it costs that a plain one tells little.

use super::bits::{self, Words};
use crate::fingerprint::Fingerprint;
use crate::hash::classic::Algorithm;

/// PDQ's quality, 0..=100, below which a picture is too plain to be looked for, and a video of only such frames to be
/// looked through. By trial; lower than the 50 that Meta advises, because here bits are weighted by how sure they are.
pub const SEARCHABLE_FROM_QUALITY: u8 = 25;
/// PDQ's highest quality.
const HIGHEST_QUALITY: u8 = 100;
/// Agreement that each step of quality below the highest costs: little detail has few shapes, and by chance they are
/// alike. By trial.
const COST_PER_QUALITY: f32 = 0.004;

/// A video's frames, as the search sees them.
#[derive(Clone, Debug)]
pub struct Footage {
    /// Their bits.
    pub frames: Vec<Words>,
    /// PDQ's quality of each, 0..=100.
    pub qualities: Vec<u8>,
    /// The gradient hash of each; `None` if the fingerprint does not hold it.
    pub gradients: Vec<Option<[u8; 8]>>,
    /// Their times, seconds after the first.
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
            times: times(video),
        }
    }

    /// Whether no frame has detail enough to be told from others.
    pub fn is_plain(&self) -> bool {
        self.qualities.iter().all(|&quality| quality < SEARCHABLE_FROM_QUALITY)
    }
}

/// The times of a video's frames, seconds after the first.
pub fn times(video: &Fingerprint) -> Vec<f64> {
    video.frames.iter().map(|frame| video.header.time_base.seconds(frame.ticks)).collect()
}

/// Width over height of a video's frames, turned by so many quarters.
pub fn proportions(video: &Fingerprint, quarters: u8) -> f64 {
    let [width, height] = [video.header.width, video.header.height].map(|side| f64::from(side.max(1)));
    if quarters.is_multiple_of(2) { width / height } else { height / width }
}

/// Agreement that it costs that a frame, or the still's part, has this quality.
pub fn cost_of_plainness(quality: u8) -> f32 {
    COST_PER_QUALITY * f32::from(HIGHEST_QUALITY.saturating_sub(quality))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::testing;

    #[test]
    fn a_video_of_plain_frames_only_is_plain() {
        let is_plain = |qualities: &[u8]| {
            let frames: Vec<_> = qualities.iter().map(|&quality| (testing::hash(9), quality)).collect();
            Footage::new(&testing::fingerprint(&frames, Vec::new())).is_plain()
        };
        assert!(is_plain(&[24, 0, 24]) && !is_plain(&[24, 25]));
    }

    #[test]
    fn frames_keep_their_bits_times_and_gradients() {
        let mut video = testing::fingerprint(&[(testing::hash(0), 7), (testing::hash(256), 8)], Vec::new());
        video.frames[1].classic[Algorithm::Gradient as usize] = Some([1; 8]);
        let footage = Footage::new(&video);
        assert_eq!((footage.frames, footage.qualities), (vec![[0; 4], [u64::MAX; 4]], vec![7, 8]));
        assert_eq!((footage.times, footage.gradients), (vec![0.0, 0.1], vec![None, Some([1; 8])]));
    }

    #[test]
    fn the_plainer_a_picture_the_more_it_costs() {
        assert_eq!([100, 75, 0, 255].map(cost_of_plainness), [0.0, 0.1, 0.4, 0.0]);
    }
}
