//! Samples at 64 x 64 points -> the hash, the hashes of the turned and mirrored picture, and the quality.

use super::dct_table::DCT;
use crate::error::ErrorCode;
use std::fmt;
use std::str::FromStr;

/// Samples along each side of the grid that the hash is made from.
pub const GRID: usize = 64;

/// Frequencies along each side that become bits.
pub(crate) const BANDS: usize = 16;

/// A PDQ hash; the first byte is the first two hexadecimal digits of its text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PdqHash(pub [u8; 32]);

/// A hash and how far to trust it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PdqResult {
    /// The hash.
    pub hash: PdqHash,
    /// Gradient in the picture, 0..=100; Meta advises to ignore hashes below 50.
    pub quality: u8,
}

impl PdqHash {
    /// The hash of a picture too small to hash.
    pub const ZERO: Self = Self([0; 32]);

    /// The number of bits, 0..=256, in which two hashes differ.
    pub fn distance_bits(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// Estimates the hash of the picture mirrored left to right, if so asked, then turned clockwise by quarters.
    ///
    /// [`dihedral_hashes`] recomputes the median. From a hash alone, flipping a frequency's sign can only flip its bit, which is
    /// the same if the median is 0. It nearly is, so the estimate differs from the exact hash in a few bits.
    pub fn oriented(&self, (mirrored, quarters): (bool, u8)) -> Self {
        let mut bits: [[bool; BANDS]; BANDS] = std::array::from_fn(|i| std::array::from_fn(|j| self.bit(i, j)));
        if mirrored {
            bits = std::array::from_fn(|i| std::array::from_fn(|j| bits[i][j] ^ j.is_multiple_of(2)));
        }
        for _ in 0..quarters {
            // A turn clockwise is an upside-down flip, then a transposition.
            bits = std::array::from_fn(|i| std::array::from_fn(|j| bits[j][i] ^ j.is_multiple_of(2)));
        }
        let mut bytes = [0; 32];
        for (i, row) in bits.iter().enumerate() {
            row.iter().enumerate().for_each(|(j, &bit)| bytes[31 - 2 * i - j / 8] |= u8::from(bit) << (j % 8));
        }
        Self(bytes)
    }

    /// Whether frequency `i` down and `j` across lies above the median.
    fn bit(&self, i: usize, j: usize) -> bool {
        self.0[31 - 2 * i - j / 8] >> (j % 8) & 1 == 1
    }
}

impl fmt::Display for PdqHash {
    /// 64 lowercase hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PdqHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PdqHash({self})")
    }
}

/// Why a text is not a PDQ hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParsePdqError {
    /// The text has this many bytes instead of 64.
    Length(usize),
    /// The byte at this position, from 0, is not a hexadecimal digit.
    Digit(usize),
}

impl fmt::Display for ParsePdqError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(found) => write!(f, "pdq hash: {found} bytes, not 64 hexadecimal digits"),
            Self::Digit(at) => write!(f, "pdq hash: byte {at} is not a hexadecimal digit"),
        }
    }
}

impl std::error::Error for ParsePdqError {}

impl ErrorCode for ParsePdqError {
    fn code(&self) -> &'static str {
        "pdq-damaged"
    }
}

impl FromStr for PdqHash {
    type Err = ParsePdqError;

    /// Reads exactly 64 hexadecimal digits of either case.
    fn from_str(text: &str) -> Result<Self, ParsePdqError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(ParsePdqError::Length(digits.len()));
        }
        let mut bytes = [0; 32];
        for (at, &digit) in digits.iter().enumerate() {
            let value = (digit as char).to_digit(16).ok_or(ParsePdqError::Digit(at))?;
            bytes[at / 2] = bytes[at / 2] << 4 | value as u8;
        }
        Ok(Self(bytes))
    }
}

/// Hashes 64 x 64 blurred samples of full-range luma (0..=255), row by row.
pub fn hash_grid(grid: &[f32; GRID * GRID]) -> PdqResult {
    PdqResult { hash: median_bits(&frequencies(grid)), quality: quality(grid) }
}

/// The hashes of a picture turned and mirrored in all eight ways, from the samples of the picture itself.
///
/// In the reference's order and names: the picture, turned by 90, 180 and 270 degrees, mirrored about the horizontal
/// axis (flip X), about the vertical one (flip Y), and about the main and the other diagonal (flip plus 1, flip minus
/// 1).
pub fn dihedral_hashes(grid: &[f32; GRID * GRID]) -> [PdqHash; 8] {
    let plain = frequencies(grid);
    let transposed = transpose(&plain);
    // Turning or mirroring a picture transposes its frequencies and flips the signs of odd basis functions. Frequency `i + 1` is
    // odd if `i` is even. A half turn flips frequencies with exactly one odd index.
    let odd_row = |i: usize, _: usize| i.is_multiple_of(2);
    let odd_column = |_: usize, j: usize| j.is_multiple_of(2);
    let odd_sum = |i: usize, j: usize| (i + j) % 2 == 1;
    [
        median_bits(&plain),
        median_bits(&negate(&transposed, odd_row)),
        median_bits(&negate(&plain, odd_sum)),
        median_bits(&negate(&transposed, odd_column)),
        median_bits(&negate(&plain, odd_row)),
        median_bits(&negate(&plain, odd_column)),
        median_bits(&transposed),
        median_bits(&negate(&transposed, odd_sum)),
    ]
}

/// The frequencies by row (vertical) and column (horizontal), without the constant ones.
pub(crate) type Bands = [[f32; BANDS]; BANDS];

/// The two-dimensional cosine transform `DCT * grid * transposed(DCT)`, each sum in the order of its index.
fn frequencies(grid: &[f32; GRID * GRID]) -> Bands {
    let mut columns_done = [[0f32; GRID]; BANDS];
    for (sums, basis) in columns_done.iter_mut().zip(&DCT) {
        for (&factor, row) in basis.iter().zip(grid.chunks_exact(GRID)) {
            sums.iter_mut().zip(row).for_each(|(sum, sample)| *sum += factor * sample);
        }
    }
    let mut bands = [[0f32; BANDS]; BANDS];
    for k in 0..GRID {
        let basis: [f32; BANDS] = std::array::from_fn(|j| DCT[j][k]);
        for (sums, row) in bands.iter_mut().zip(&columns_done) {
            sums.iter_mut().zip(&basis).for_each(|(sum, factor)| *sum += row[k] * factor);
        }
    }
    bands
}

/// The lower of the two middle values of 256, where the reference's search (Torben's method) ends.
pub(crate) fn median(bands: &Bands) -> f32 {
    let mut sorted = *bands;
    *sorted.as_flattened_mut().select_nth_unstable_by(BANDS * BANDS / 2 - 1, f32::total_cmp).1
}

/// One bit for each frequency above the median; bit 0 (the last of the text) is the lowest frequency.
pub(crate) fn median_bits(bands: &Bands) -> PdqHash {
    let median = median(bands);
    let mut bytes = [0; 32];
    for (i, row) in bands.iter().enumerate() {
        for (j, &band) in row.iter().enumerate() {
            bytes[31 - 2 * i - j / 8] |= u8::from(band > median) << (j % 8);
        }
    }
    PdqHash(bytes)
}

/// The sum of the steps between neighbouring samples, each truncated to a percentage so that faint noise counts as nothing.
fn quality(grid: &[f32; GRID * GRID]) -> u8 {
    let step = |(a, b): (&f32, &f32)| (((a - b) * 100.0 / 255.0) as i32).unsigned_abs();
    let down: u32 = grid.iter().zip(&grid[GRID..]).map(step).sum();
    let across: u32 = grid.chunks_exact(GRID).flat_map(|row| row.iter().zip(&row[1..])).map(step).sum();
    ((down + across) / 90).min(100) as u8
}

fn transpose(bands: &Bands) -> Bands {
    std::array::from_fn(|i| std::array::from_fn(|j| bands[j][i]))
}

/// Flips the sign of the frequencies that `flips` selects by row and column.
fn negate(bands: &Bands, flips: impl Fn(usize, usize) -> bool) -> Bands {
    std::array::from_fn(|i| std::array::from_fn(|j| if flips(i, j) { -bands[i][j] } else { bands[i][j] }))
}
