//! The times of a video's frames -> how long it lasts, and how evenly its frames follow each other.
//!
//! Does not keep the times, only how often each distance between neighbours occurs.

use std::collections::BTreeMap;

/// What is known of the frames' times so far.
#[derive(Clone, Debug, Default)]
pub struct Rhythm {
    /// The number of frames.
    pub frames: usize,
    /// The last frame's time, in ticks after the first.
    pub last_ticks: i64,
    latest_ticks: i64,
    steps: BTreeMap<i64, usize>,
}

impl Rhythm {
    /// The rhythm of frames with these times, in ticks after the first.
    pub fn of(ticks: impl Iterator<Item = i64>) -> Self {
        let mut rhythm = Self::default();
        ticks.for_each(|ticks| rhythm.push(ticks));
        rhythm
    }

    /// Takes the next frame's time, in ticks after the first.
    pub fn push(&mut self, ticks: i64) {
        if self.frames > 0 {
            *self.steps.entry(ticks - self.last_ticks).or_default() += 1;
        }
        self.frames += 1;
        self.last_ticks = ticks;
        self.latest_ticks = self.latest_ticks.max(ticks);
    }

    /// When the video ends, in ticks: the latest frame is assumed to last as long as most frames do.
    pub fn end_ticks(&self) -> i64 {
        self.latest_ticks.saturating_add(self.median_step())
    }

    /// Whether all frames last equally long, to within one tick (the time base may not divide the rate) or one part
    /// in a hundred.
    pub fn is_constant(&self) -> bool {
        let median = self.median_step();
        let tolerance = (median / 100).max(1);
        self.steps.keys().all(|step| (step - median).abs() <= tolerance)
    }

    /// The median distance between neighbours; 0 for fewer than two frames.
    fn median_step(&self) -> i64 {
        let middle = self.frames.saturating_sub(1) / 2;
        let mut passed = 0;
        let reaches_middle = |&(_, &count): &(&i64, &usize)| {
            passed += count;
            passed > middle
        };
        self.steps.iter().find(reaches_middle).map_or(0, |(&step, _)| step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_of_sorted_steps() {
        let ticks = [0, 3, 4, 9, 8, 20, 30, 31, 33];
        for frames in 0..=ticks.len() {
            let ticks = &ticks[..frames];
            let mut steps: Vec<i64> = ticks.windows(2).map(|pair| pair[1] - pair[0]).collect();
            steps.sort_unstable();
            let median = steps.get(steps.len() / 2).copied().unwrap_or(0);
            assert_eq!(Rhythm::of(ticks.iter().copied()).median_step(), median);
        }
    }

    #[test]
    fn a_video_ends_after_its_latest_frame() {
        assert_eq!(Rhythm::of([0, 10, 30, 20].into_iter()).end_ticks(), 40);
    }

    #[test]
    fn one_tick_does_not_make_a_rate_variable() {
        assert!(Rhythm::of([0, 33, 67, 100].into_iter()).is_constant());
        assert!(!Rhythm::of([0, 33, 67, 140].into_iter()).is_constant());
    }
}
