//! PDQ bits as the search compares them: frames as four words, guesses with how sure each bit is.

use crate::compare::Orientation;
use crate::hash::pdq::{self, BANDS, Bands, PdqHash};

/// Bits of a PDQ hash: 256.
const BITS: usize = BANDS * BANDS;
/// How many of a guess's bits the coarse search compares: the surest half. By trial.
///
/// A coarse guess lies beside the truth by up to a fortieth of a side, half of the grids' step, which scrambles fine
/// detail; its bits are mostly the unsure ones.
const SURE_BITS: usize = BITS / 2;
/// The odd columns' frequencies, which change their sign when the picture is mirrored left to right: columns 0, 2,
/// 4 ... Derived: column 0 is the first odd frequency, the constant one is left out.
const ODD_COLUMNS: u64 = 0x5555_5555_5555_5555;

/// The 256 bits of a hash; bit `16 i + j` is that of row `i` and column `j` of the frequencies.
pub type Words = [u64; 4];

/// A hash as words.
pub fn words(hash: &PdqHash) -> Words {
    // The hash's first byte holds the highest bits.
    let mut bytes = hash.0;
    bytes.reverse();
    std::array::from_fn(|i| u64::from_le_bytes(bytes[8 * i..][..8].try_into().expect("8 bytes")))
}

/// In how many bits two hashes differ.
pub fn distance_bits(a: &Words, b: &Words) -> u32 {
    masked_distance(a, b, &[u64::MAX; 4])
}

/// In how many of the bits of `mask` two hashes differ.
pub fn masked_distance(a: &Words, b: &Words, mask: &Words) -> u32 {
    (0..4).map(|i| ((a[i] ^ b[i]) & mask[i]).count_ones()).sum()
}

/// A guess's bits and which of them the coarse search compares.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    /// All bits.
    pub bits: Words,
    /// The surest.
    pub mask: Words,
}

impl Probe {
    /// The bits of these frequencies. The further one lies from the median, the surer is its bit.
    pub fn new(bands: &Bands) -> Self {
        let margins = margins(bands);
        let mut sorted = margins.map(f32::abs);
        let (_, &mut limit, _) = sorted.select_nth_unstable_by(BITS - SURE_BITS, f32::total_cmp);
        Self { bits: pack(|i| margins[i] > 0.0), mask: pack(|i| margins[i].abs() >= limit) }
    }

    /// The probe of the picture mirrored left to right.
    ///
    /// Frequencies change their sign, and the bits then lie about minus the median: equal but for the least sure
    /// ones.
    pub fn mirrored(&self) -> Self {
        Self { bits: self.bits.map(|word| word ^ ODD_COLUMNS), mask: self.mask }
    }

    /// The probe of the picture turned by 180 degrees.
    pub fn half_turned(&self) -> Self {
        let odd_sum = |i: usize| !(i / BANDS + i % BANDS).is_multiple_of(2);
        let flips: Words = pack(odd_sum);
        Self { bits: std::array::from_fn(|i| self.bits[i] ^ flips[i]), mask: self.mask }
    }
}

/// The frequencies of the picture that became this one by being mirrored and turned.
pub fn before(bands: &Bands, orientation: Orientation) -> Bands {
    let mut bands = *bands;
    for _ in 0..orientation.quarters {
        // What runs down ran to the right before, and what runs to the right ran up.
        bands = std::array::from_fn(|i| std::array::from_fn(|j| if i % 2 == 0 { -bands[j][i] } else { bands[j][i] }));
    }
    if orientation.mirrored {
        bands = bands.map(|row| std::array::from_fn(|j| if j % 2 == 0 { -row[j] } else { row[j] }));
    }
    bands
}

/// How well frames agree with a guess, each bit weighted by how sure it is.
#[derive(Clone, Debug)]
pub struct Weighted {
    /// All bits.
    pub bits: Words,
    weights: [f32; BITS],
    total: f32,
}

impl Weighted {
    /// The bits of these frequencies and their weights.
    pub fn new(bands: &Bands) -> Self {
        let margins = margins(bands);
        let mut sorted = margins.map(f32::abs);
        let (_, &mut typical, _) = sorted.select_nth_unstable_by(BITS / 2, f32::total_cmp);
        // Rises with the margin at first, and hardly beyond what is sure.
        let weights = margins.map(|margin| margin.abs() / (margin.abs() + typical + f32::MIN_POSITIVE));
        let total = weights.iter().fold(f32::MIN_POSITIVE, |sum, weight| sum + weight);
        Self { bits: pack(|i| margins[i] > 0.0), weights, total }
    }

    /// 1 if all bits agree, -1 if all differ, about 0 for unrelated pictures.
    pub fn agreement(&self, frame: &Words) -> f32 {
        let against = self.sums_over(&std::array::from_fn(|i| self.bits[i] ^ frame[i])).0;
        1.0 - 2.0 * against / self.total
    }

    /// By how many standard deviations of chance `better` agrees more than `worse`, in the bits in which they differ.
    pub fn preference(&self, better: &Words, worse: &Words) -> f32 {
        let differ: Words = std::array::from_fn(|i| better[i] ^ worse[i]);
        let (against, _) = self.sums_over(&std::array::from_fn(|i| (self.bits[i] ^ better[i]) & differ[i]));
        let (all, squares) = self.sums_over(&differ);
        (all - 2.0 * against) / squares.max(f32::MIN_POSITIVE).sqrt()
    }

    /// The sum of the weights of the bits of `mask`, and of their squares.
    fn sums_over(&self, mask: &Words) -> (f32, f32) {
        let (mut sum, mut squares) = (0.0, 0.0);
        for (i, &word) in mask.iter().enumerate() {
            let mut left = word;
            while left != 0 {
                let weight = self.weights[64 * i + left.trailing_zeros() as usize];
                sum += weight;
                squares += weight * weight;
                left &= left - 1;
            }
        }
        (sum, squares)
    }
}

/// How far each frequency lies above the median.
fn margins(bands: &Bands) -> [f32; BITS] {
    let median = pdq::median(bands);
    std::array::from_fn(|i| bands[i / BANDS][i % BANDS] - median)
}

/// The bits whose positions, 0..256, `is_set` says, as words.
fn pack(is_set: impl Fn(usize) -> bool) -> Words {
    std::array::from_fn(|i| (0..64).fold(0, |word, j| word | u64::from(is_set(64 * i + j)) << j))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frequencies of nothing in particular; about half are negative.
    fn bands() -> Bands {
        std::array::from_fn(|i| std::array::from_fn(|j| ((i * 37 + j * 101 + i * j * 13) % 251) as f32 - 125.0))
    }

    #[test]
    fn words_hold_the_bits_of_the_hash_by_row_and_column() {
        let words = words(&pdq::median_bits(&bands()));
        assert_eq!(words, Probe::new(&bands()).bits);
    }

    #[test]
    fn a_probe_is_turned_as_its_frequencies_are() {
        let probe = Probe::new(&bands());
        for (orientation, turned) in [
            (Orientation { mirrored: true, quarters: 0 }, probe.mirrored()),
            (Orientation { mirrored: false, quarters: 2 }, probe.half_turned()),
        ] {
            let exact = Probe::new(&before(&bands(), orientation));
            assert_eq!(masked_distance(&exact.bits, &turned.bits, &turned.mask), 0, "{orientation:?}");
        }
    }

    #[test]
    fn the_frequencies_before_a_turn_are_those_of_the_hash_turned_back() {
        for mirrored in [false, true] {
            for quarters in 0..4 {
                let orientation = Orientation { mirrored, quarters };
                let exact = pdq::median_bits(&before(&bands(), orientation)).oriented((mirrored, quarters));
                // The median changes its sign with the frequencies, which a hash alone cannot know.
                assert!(exact.distance_bits(&pdq::median_bits(&bands())) < 12, "{orientation:?}");
            }
        }
    }

    #[test]
    fn agreement_is_one_for_the_same_bits_and_minus_one_for_none() {
        let weighted = Weighted::new(&bands());
        assert!((weighted.agreement(&weighted.bits) - 1.0).abs() < 1e-6);
        assert!((weighted.agreement(&weighted.bits.map(|word| !word)) + 1.0).abs() < 1e-5);
    }

    #[test]
    fn the_frame_with_the_sure_bits_is_preferred() {
        let weighted = Weighted::new(&bands());
        let mut worse = weighted.bits;
        worse[0] ^= 0xffff;
        assert!(weighted.preference(&weighted.bits, &worse) > 3.0);
        assert!(weighted.preference(&worse, &weighted.bits) < -3.0);
        assert_eq!(weighted.preference(&worse, &worse), 0.0);
    }

    #[test]
    fn only_bits_of_the_mask_count() {
        let (a, b) = ([0b1011, 0, 0, 1 << 63], [0b0001, 0, 7, 0]);
        assert_eq!((distance_bits(&a, &b), distance_bits(&a, &a)), (6, 0));
        assert_eq!(masked_distance(&a, &b, &[0b0110, u64::MAX, 5, 0]), 3);
    }

    #[test]
    fn no_preference_is_beyond_that_of_bits_that_are_equally_sure() {
        // n equal weights give the square root of n, others less (Cauchy and Schwarz).
        let weighted = Weighted::new(&bands());
        let mut worse = weighted.bits;
        worse[0] ^= 0xffff;
        let preference = weighted.preference(&weighted.bits, &worse);
        assert!((3.0..=4.0).contains(&preference), "{preference}");
        assert!((weighted.preference(&worse, &weighted.bits) + preference).abs() < 1e-5);
        // Half of the bits against it: what is left is what the halves differ.
        let mut neither = weighted.bits;
        neither[0] ^= 0xff;
        let mut other = weighted.bits;
        other[0] ^= 0xff00;
        assert!(weighted.preference(&neither, &other).abs() < 2.0);
    }
}
