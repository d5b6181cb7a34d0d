//! The classic 8 x 8 hashes of the `img_hash` crate, for people whose archives hold them.
//!
//! In: a luma plane, as decoded (the 8 most significant bits; the algorithms only compare values, so the range does not matter).
//! Out: the bytes that `img_hash` 3.2.0 gives for that plane as an 8-bit grey picture with `hash_size(8, 8)`, no preprocessing and
//! the Triangle filter. That filter uses only + - * /, so native and wasm agree; Lanczos3, the crate's default, does not.
//!
//! The crate resizes a 1080p plane one pixel and four channels at a time. `triangle_resize` does the same arithmetic in the same
//! order for many columns at once; a test below compares it with the crate.

use crate::picture::plane::Plane;
use img_hash::image::GrayImage;
use img_hash::{FilterType, HashAlg, HasherConfig};
use multiversion::multiversion;
use std::array::from_fn;

/// The algorithms of `img_hash`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Algorithm {
    /// Compares neighbours along rows; 64 bits.
    Gradient,
    /// Compares with the mean; 64 bits.
    Mean,
    /// Compares blocks with their band's median; 64 bits.
    Blockhash,
    /// Compares neighbours along rows and columns of 5 x 5 values; 40 bits.
    DoubleGradient,
}

/// The algorithms in the order in which a fingerprint lists them.
pub const ALGORITHMS: [Algorithm; 4] =
    [Algorithm::Gradient, Algorithm::Mean, Algorithm::Blockhash, Algorithm::DoubleGradient];

impl Algorithm {
    /// The name in fingerprints and in the command's options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gradient => "gradient",
            Self::Mean => "mean",
            Self::Blockhash => "blockhash",
            Self::DoubleGradient => "double_gradient",
        }
    }

    /// Bytes of the hash: 8, or 5 for double gradient.
    pub fn hash_bytes(self) -> usize {
        if self == Self::DoubleGradient { 5 } else { 8 }
    }

    fn resized_to(self) -> Option<(usize, usize)> {
        match self {
            Self::Gradient => Some((9, 8)),
            Self::Mean => Some((8, 8)),
            Self::DoubleGradient => Some((5, 5)),
            Self::Blockhash => None,
        }
    }

    fn img_hash(self) -> HashAlg {
        match self {
            Self::Gradient => HashAlg::Gradient,
            Self::Mean => HashAlg::Mean,
            Self::Blockhash => HashAlg::Blockhash,
            Self::DoubleGradient => HashAlg::DoubleGradient,
        }
    }
}

/// The hash of `plane`, in the first [`Algorithm::hash_bytes`] bytes; the rest are 0.
pub fn hash(plane: &Plane, algorithm: Algorithm) -> [u8; 8] {
    let picture = match algorithm.resized_to() {
        Some((width, height)) => grey_picture(width, height, triangle_resize(plane, width, height)),
        None => grey_picture(plane.width(), plane.height(), all_samples(plane)),
    };
    hash_picture(&picture, algorithm)
}

fn hash_picture(picture: &GrayImage, algorithm: Algorithm) -> [u8; 8] {
    let hasher = HasherConfig::new()
        .hash_size(8, 8)
        .resize_filter(FilterType::Triangle)
        .hash_alg(algorithm.img_hash())
        .to_hasher();
    let mut bytes = [0; 8];
    let hash = hasher.hash_image(picture);
    bytes[..algorithm.hash_bytes()].copy_from_slice(hash.as_bytes());
    bytes
}

fn grey_picture(width: usize, height: usize, samples: Vec<u8>) -> GrayImage {
    GrayImage::from_raw(width as u32, height as u32, samples).expect("one sample for every pixel")
}

/// The 8 most significant bits of each sample.
fn all_samples(plane: &Plane) -> Vec<u8> {
    let shift = plane.depth_bits() - 8;
    let deep = |sample: &[u8; 2]| (u16::from_le_bytes(*sample) >> shift) as u8;
    let mut samples = Vec::with_capacity(plane.width() * plane.height());
    for y in 0..plane.height() {
        match shift {
            0 => samples.extend(plane.row(y)),
            _ => samples.extend(plane.row(y).as_chunks().0.iter().map(deep)),
        }
    }
    samples
}

/// `image` 0.23's Triangle resize of an 8-bit grey picture: columns first, rounded to 8 bits, then rows.
fn triangle_resize(plane: &Plane, new_width: usize, new_height: usize) -> Vec<u8> {
    let (across, down) = (Taps::all(plane.width(), new_width), Taps::all(plane.height(), new_height));
    let mut row = vec![0f32; plane.width()];
    let mut resized = Vec::with_capacity(new_width * new_height);
    for taps in down {
        weighted_rows(&mut row, plane, &taps);
        for sum in &mut row {
            *sum = f32::from(to_u8(*sum / taps.total));
        }
        resized.extend(across.iter().map(|taps| taps.apply(&row)));
    }
    resized
}

/// Rows added together, so that sums are loaded and stored a quarter as often.
const ROWS: usize = 4;

/// Adds the rows of `taps`, each with its weight, one after the other like the crate.
#[multiversion(targets("x86_64+avx2"))]
fn weighted_rows(sums: &mut [f32], plane: &Plane, taps: &Taps) {
    sums.fill(0.0);
    for (i, weights) in taps.weights.chunks(ROWS).enumerate() {
        // Rows past the last weight count 0: adding 0 does not change a sum.
        let weights = from_fn(|j| weights.get(j).copied().unwrap_or(0.0));
        let rows = from_fn(|j| plane.row((taps.first + ROWS * i + j).min(plane.height() - 1)));
        let shift = plane.depth_bits() - 8;
        if shift == 0 {
            add_rows(sums, rows, weights, |[sample]| f32::from(sample));
        } else {
            add_rows(sums, rows, weights, |sample| f32::from(u16::from_le_bytes(sample) >> shift));
        }
    }
}

#[inline(always)]
fn add_rows<const BYTES: usize>(
    sums: &mut [f32],
    rows: [&[u8]; ROWS],
    weights: [f32; ROWS],
    eight_bits: impl Fn([u8; BYTES]) -> f32,
) {
    let rows = rows.map(|row| &row.as_chunks::<BYTES>().0[..sums.len()]);
    for (x, sum) in sums.iter_mut().enumerate() {
        *sum = rows.iter().zip(weights).fold(*sum, |sum, (row, weight)| sum + eight_bits(row[x]) * weight);
    }
}

/// Rounds halves up. `round` would be a function call for each value on processors without an instruction for it.
fn to_u8(value: f32) -> u8 {
    let value = value.clamp(0.0, 255.0);
    let whole = value as u8;
    whole + u8::from(value - f32::from(whole) >= 0.5)
}

/// The samples that make up one resized sample, and their weights.
struct Taps {
    first: usize,
    weights: Vec<f32>,
    total: f32,
}

impl Taps {
    /// The resized sample of a whole row.
    fn apply(&self, row: &[f32]) -> u8 {
        let weighted = self.weights.iter().zip(&row[self.first..]).map(|(weight, sample)| sample * weight);
        to_u8(weighted.fold(0.0, |sum, term| sum + term) / self.total)
    }

    /// Taps for each of `new_length` samples drawn from `length`.
    fn all(length: usize, new_length: usize) -> Vec<Self> {
        let ratio = length as f32 / new_length as f32;
        let support = ratio.max(1.0);
        (0..new_length)
            .map(|out| {
                let centre = (out as f32 + 0.5) * ratio;
                let first = ((centre - support).floor() as i64).clamp(0, length as i64 - 1);
                let end = ((centre + support).ceil() as i64).clamp(first + 1, length as i64);
                let centre = centre - 0.5;
                let weights: Vec<f32> = (first..end).map(|i| triangle((i as f32 - centre) / support)).collect();
                let total = weights.iter().fold(0.0, |total, weight| total + weight);
                Self { first: first as usize, weights, total }
            })
            .collect()
    }
}

fn triangle(x: f32) -> f32 {
    if x.abs() < 1.0 { 1.0 - x.abs() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::plane::Range;

    fn scene(width: usize, height: usize, seed: usize) -> Vec<u8> {
        (0..width * height)
            .map(|i| {
                let (x, y) = (i % width, i / width);
                ((x * (3 + seed) / 2 + y * y * (1 + seed % 3) / 7 + (x * y) / (5 + seed)) % 256) as u8
            })
            .collect()
    }

    #[test]
    fn equals_img_hash_on_the_whole_plane() {
        for (seed, (width, height)) in
            [(64, 64), (321, 241), (9, 8), (5, 7), (3, 2), (1, 1), (640, 360), (100, 1000)].into_iter().enumerate()
        {
            let samples = scene(width, height, seed);
            let plane = Plane::new(&samples, width as u32, height as u32, width, 8, Range::Full).unwrap();
            let picture = grey_picture(width, height, samples.clone());
            for algorithm in ALGORITHMS {
                assert_eq!(
                    hash(&plane, algorithm),
                    hash_picture(&picture, algorithm),
                    "{} at {width} x {height}",
                    algorithm.name()
                );
            }
        }
    }

    #[test]
    fn the_eight_high_bits_of_deep_samples_are_hashed() {
        let samples = scene(80, 60, 1);
        let deep: Vec<u8> = samples.iter().flat_map(|&v| ((u16::from(v) << 2) | 3).to_le_bytes()).collect();
        let a = Plane::new(&samples, 80, 60, 80, 8, Range::Full).unwrap();
        let b = Plane::new(&deep, 80, 60, 160, 10, Range::Limited).unwrap();
        for algorithm in ALGORITHMS {
            assert_eq!(hash(&a, algorithm), hash(&b, algorithm));
        }
    }
}
