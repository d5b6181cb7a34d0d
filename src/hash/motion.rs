//! The motion signature: what changed between two moments, in which cell, up or down.
//!
//! In: one 16 x 16 grid of luma means per frame, with its time. Out: samples on a fixed time grid; each is the difference to the
//! picture [`STEP`] samples earlier, in three values. Logos, borders and walls do not move, so they drop out; what moves is unique
//! to its moment. docs/motion.md measures the parameters; docs/format.md, "Motion", specifies the layout.

use crate::picture::shrink::CELLS;
use std::collections::VecDeque;

/// Samples per second of the time grid.
pub const RATE_HZ: u32 = 10;
/// How many samples back the difference looks.
pub const STEP: usize = 4;
/// Differences of at most this many levels (of 255) count as no change.
pub const DEAD_ZONE: f32 = 2.0;
/// Bytes of one packed sample: 256 cells of 2 bits.
pub const SAMPLE_BYTES: usize = CELLS * CELLS / 4;
/// The longest video that is sampled, in seconds: two days.
///
/// Bounds memory if timestamps jump: 64 bytes a sample make 111 MB at this length.
pub const MAX_SECONDS: u64 = 48 * 3600;

/// The most samples of one video.
pub const MAX_SAMPLES: u64 = MAX_SECONDS * RATE_HZ as u64;

/// 256 cells of 2 bits, row by row from the top left, four to a byte, the first in the lowest bits:
/// 0 no change, 1 brighter, 2 darker.
pub type Sample = [u8; SAMPLE_BYTES];

type Grid = [f32; CELLS * CELLS];

/// Exact seconds: `ticks * numerator / denominator`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TimeBase(
    /// Numerator, in seconds; at least 1.
    pub u32,
    /// Denominator; at least 1.
    pub u32,
);

impl TimeBase {
    /// `ticks` in seconds, for people; exact times stay in ticks.
    pub fn seconds(self, ticks: i64) -> f64 {
        ticks as f64 * f64::from(self.0) / f64::from(self.1)
    }

    /// `ticks` in seconds with so many decimals, at most 9, rounded.
    pub fn decimal(self, ticks: i64, decimals: u32) -> String {
        let (unit, divisor) = (10u128.pow(decimals), u128::from(self.1));
        let rounded = (2 * u128::from(ticks.unsigned_abs()) * u128::from(self.0) * unit + divisor) / (2 * divisor);
        let sign = if ticks < 0 && rounded > 0 { "-" } else { "" };
        // Only times before the first frame may be longer: nobody asks by how much.
        let whole = u64::try_from(rounded / unit).unwrap_or(u64::MAX);
        let part = (rounded % unit) as u64;
        format!("{sign}{whole}.{part:0digits$}", digits = decimals as usize)
    }

    /// Whether sample `k` of the grid comes before `ticks`.
    fn sample_is_before(self, k: usize, ticks: i64) -> bool {
        k as i128 * i128::from(self.1) < i128::from(ticks) * i128::from(self.0) * i128::from(RATE_HZ)
    }
}

/// The times span more than [`MAX_SECONDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// Collects grids as frames come, and makes samples.
#[derive(Debug)]
pub struct MotionSampler {
    time_base: TimeBase,
    on_screen: Option<Box<Grid>>,
    recent: VecDeque<Box<Grid>>,
    samples: Vec<Sample>,
}

impl MotionSampler {
    /// An empty sampler for frames timed in `time_base`, the first at tick 0.
    pub fn new(time_base: TimeBase) -> Self {
        Self { time_base, on_screen: None, recent: VecDeque::with_capacity(STEP), samples: Vec::new() }
    }

    /// Adds the frame shown from `ticks` on. Samples before it show the previous frame.
    pub fn push(&mut self, ticks: i64, grid: &Grid) -> Result<(), TooLong> {
        if let Some(on_screen) = self.on_screen.take() {
            while self.time_base.sample_is_before(self.samples.len(), ticks) {
                self.emit(&on_screen)?;
            }
        }
        self.on_screen = Some(Box::new(*grid));
        Ok(())
    }

    /// The samples up to the time of the last frame.
    pub fn finish(mut self, last_ticks: i64) -> Result<Vec<Sample>, TooLong> {
        if let Some(on_screen) = self.on_screen.take() {
            while (self.samples.len() as u64) < samples_up_to(self.time_base, last_ticks) {
                self.emit(&on_screen)?;
            }
        }
        Ok(self.samples)
    }

    fn emit(&mut self, grid: &Grid) -> Result<(), TooLong> {
        if self.samples.len() as u64 >= MAX_SAMPLES {
            return Err(TooLong);
        }
        let earlier = if self.recent.len() == STEP { self.recent.pop_front() } else { None };
        self.samples.push(earlier.map_or([0; SAMPLE_BYTES], |earlier| difference(grid, &earlier)));
        self.recent.push_back(Box::new(*grid));
        Ok(())
    }
}

fn difference(now: &Grid, earlier: &Grid) -> Sample {
    let mut sample = [0; SAMPLE_BYTES];
    for (i, (a, b)) in now.iter().zip(earlier).enumerate() {
        let change = a - b;
        let code = if change > DEAD_ZONE { 1 } else { u8::from(change < -DEAD_ZONE) * 2 };
        sample[i / 4] |= code << (2 * (i % 4));
    }
    sample
}

/// The number of samples of a video whose last frame is shown from `last_ticks` on.
pub fn samples_up_to(time_base: TimeBase, last_ticks: i64) -> u64 {
    let tenths = i128::from(last_ticks.max(0)) * i128::from(time_base.0) * i128::from(RATE_HZ);
    u64::try_from(tenths / i128::from(time_base.1)).map_or(u64::MAX, |whole| whole.saturating_add(1))
}

/// The number of cells of `sample` that changed, 0..=256.
pub fn moving_cells(sample: &Sample) -> u32 {
    // Codes 1 and 2 have one bit set; code 3 does not occur (the reader refuses it).
    sample.iter().map(|byte| byte.count_ones()).sum()
}

/// Whether every cell has one of the three codes.
pub fn is_valid(sample: &[u8]) -> bool {
    sample.iter().all(|byte| byte & (byte >> 1) & 0b0101_0101 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(level: f32) -> Grid {
        [level; CELLS * CELLS]
    }

    fn signature(time_base: TimeBase, frames: &[(i64, f32)]) -> Vec<Sample> {
        let mut sampler = MotionSampler::new(time_base);
        for &(ticks, level) in frames {
            sampler.push(ticks, &flat(level)).unwrap();
        }
        sampler.finish(frames.last().unwrap().0).unwrap()
    }

    #[test]
    fn times_are_rounded_to_decimals() {
        let third = TimeBase(1, 3);
        assert_eq!(
            [0, 1, 2, -1, 300].map(|ticks| third.decimal(ticks, 3)),
            ["0.000", "0.333", "0.667", "-0.333", "100.000"]
        );
        assert_eq!(TimeBase(1001, 30_000).decimal(7, 6), "0.233567");
        assert_eq!([TimeBase(1, 9000).decimal(-1, 3), TimeBase(1, 2000).decimal(1, 3)], ["0.000", "0.001"]);
        assert_eq!(TimeBase(u32::MAX, 1).decimal(i64::MIN, 3), format!("-{}.000", u64::MAX));
    }

    #[test]
    fn each_sample_shows_the_frame_on_screen_at_its_time() {
        // 12.5 frames a second: only the frame of 0.40 s is bright. Sample 4 (0.4 s) is the first to show it,
        // sample 5 (0.5 s) already shows the frame of 0.48 s, and sample 8 differs from sample 4 again.
        let frames: Vec<(i64, f32)> = (0..12).map(|i| (i * 8, if i == 5 { 100.0 } else { 0.0 })).collect();
        let samples = signature(TimeBase(1, 100), &frames);
        assert_eq!(samples.len(), 9);
        let (same, brighter, darker) = ([0; SAMPLE_BYTES], [0b0101_0101; SAMPLE_BYTES], [0b1010_1010; SAMPLE_BYTES]);
        assert_eq!(samples, [same, same, same, same, brighter, same, same, same, darker]);
    }

    #[test]
    fn the_dead_zone_is_no_change_and_darker_is_code_2() {
        let mut levels: Vec<(i64, f32)> = (0..STEP as i64).map(|i| (i, 50.0)).collect();
        levels.extend([(STEP as i64, 50.0 + DEAD_ZONE), (STEP as i64 + 1, 50.0 - DEAD_ZONE - 0.5)]);
        let samples = signature(TimeBase(1, 10), &levels);
        assert_eq!(samples[STEP], [0; SAMPLE_BYTES]);
        assert_eq!(samples[STEP + 1], [0b1010_1010; SAMPLE_BYTES]);
        assert_eq!(moving_cells(&samples[STEP + 1]), 256);
    }

    #[test]
    fn the_number_of_samples_follows_from_the_last_time() {
        for last in [1, 99, 100, 101, 1234] {
            let samples = signature(TimeBase(1, 1000), &[(0, 1.0), (last, 2.0)]);
            assert_eq!(samples.len() as u64, samples_up_to(TimeBase(1, 1000), last));
        }
    }

    #[test]
    fn times_beyond_the_limit_end_with_an_error_not_with_memory() {
        let mut sampler = MotionSampler::new(TimeBase(1, 1));
        sampler.push(0, &flat(0.0)).unwrap();
        assert_eq!(sampler.push(i64::MAX, &flat(1.0)), Err(TooLong));
    }

    #[test]
    fn code_3_is_no_valid_cell() {
        assert!(is_valid(&[0b1001_0110]));
        assert!(!is_valid(&[0b0011_0000]));
    }
}
