//! The clock of a motion signature: sample numbers and seconds.

use crate::hash::motion::RATE_HZ;
use std::ops::Range;

/// When sample `sample` of a signature is taken, seconds after the first frame; also how long that many samples last.
pub(super) fn seconds(sample: usize) -> f64 {
    sample as f64 / f64::from(RATE_HZ)
}

/// The middle of some samples, seconds.
pub(super) fn middle_s(samples: &Range<usize>) -> f64 {
    (samples.start + samples.end) as f64 / 2.0 / f64::from(RATE_HZ)
}

/// The last sample that is not taken after `seconds`; 0 before the first.
pub(super) fn sample_before(seconds: f64) -> usize {
    (seconds * f64::from(RATE_HZ)).max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_samples_are_a_second() {
        assert_eq!((seconds(0), seconds(25), middle_s(&(10..25))), (0.0, 2.5, 1.75));
    }

    #[test]
    fn a_sample_lasts_until_the_next() {
        assert_eq!([-1.0, 0.0, 0.09, 0.1, 2.59].map(sample_before), [0, 0, 0, 1, 25]);
    }
}
