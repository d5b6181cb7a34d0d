//! PDQ against the reference: the vectors of `vectors/pdq`, and the front end for video frames against the one for
//! pictures.

use std::ops::Range;

use cotejo::hash::pdq::{
    GRID, ParsePdqError, PdqHash, dihedral_hashes, grid_of_luma, hash_grid, hash_luma, hash_rgb, luma_of_rgb,
    tent_grid_u8, tent_grid_u16,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Vector {
    seed: u32,
    width: usize,
    height: usize,
    sha256: String,
    hash: String,
    quality: u8,
    dihedral: [String; 8],
}

impl Vector {
    fn picture(&self) -> Vec<u8> {
        let scene = Scene::new(self.seed, self.width, self.height);
        scene.pixels().flat_map(|(x, y)| [0, 1, 2].map(|channel| scene.level(x, y, channel))).collect()
    }
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("vectors/pdq/vectors.json")).unwrap()
}

#[test]
fn the_pictures_are_those_the_reference_saw() {
    for vector in vectors() {
        let digest: String = Sha256::digest(vector.picture()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, vector.sha256, "seed {}", vector.seed);
    }
}

#[test]
fn pictures_hash_as_in_the_reference() {
    for vector in vectors() {
        let result = hash_rgb(&vector.picture(), vector.width, vector.height);
        let found = (result.hash.to_string(), result.quality);
        assert_eq!(found, (vector.hash, vector.quality), "seed {}", vector.seed);
    }
}

#[test]
fn turned_and_mirrored_hashes_are_those_of_the_reference() {
    for vector in vectors() {
        let luma = luma_of_rgb(&vector.picture());
        let grid = grid_of_luma(&luma, vector.width, vector.height);
        let hashes = grid.map_or([PdqHash::ZERO; 8], |grid| dihedral_hashes(&grid));
        assert_eq!(hashes.map(|hash| hash.to_string()), vector.dihedral, "seed {}", vector.seed);
    }
}

#[test]
fn a_hash_reads_back_from_its_text() {
    for vector in vectors() {
        let hash: PdqHash = vector.hash.parse().unwrap();
        assert_eq!(hash.to_string(), vector.hash);
        assert_eq!(vector.hash.to_uppercase().parse(), Ok(hash));
    }
    assert_eq!("f0".parse::<PdqHash>(), Err(ParsePdqError::Length(2)));
    assert_eq!("0".repeat(65).parse::<PdqHash>(), Err(ParsePdqError::Length(65)));
    assert_eq!(("0".repeat(62) + "+1").parse::<PdqHash>(), Err(ParsePdqError::Digit(62)));
    assert_eq!(("0".repeat(62) + "\u{e9}").parse::<PdqHash>(), Err(ParsePdqError::Digit(62)));
}

#[test]
fn distance_counts_the_bits_that_differ() {
    let [first, second] =
        ["03e9", "13a8"].map(|start| (start.to_owned() + &"0".repeat(60)).parse::<PdqHash>().unwrap());
    assert_eq!(first.distance_bits(&second), 3);
    assert_eq!(first.distance_bits(&first), 0);
    assert_eq!(PdqHash::ZERO.distance_bits(&PdqHash([0xff; 32])), 256);
}

/// Sizes of video frames, from common to awkward: portrait, odd, smaller than the grid, long; even windows and odd
/// ones.
#[rustfmt::skip]
const FRAME_SIZES: [(usize, usize); 44] = [
    (1920, 1080), (3840, 2160), (1080, 1920), (1280, 720), (720, 1280), (854, 480), (640, 480), (480, 640), (640, 360),
    (426, 240), (320, 240), (240, 320), (176, 144), (720, 576), (720, 480), (960, 540), (1440, 1080), (1919, 1079),
    (641, 361), (333, 777), (2048, 858), (4200, 130), (130, 4200), (3000, 70), (70, 3000), (1000, 200), (200, 1000),
    (257, 255), (256, 256), (512, 512), (130, 132), (129, 129), (128, 128), (127, 127), (65, 65), (64, 64), (63, 63),
    (48, 96), (33, 77), (31, 300), (17, 5), (5, 17), (5, 5), (384, 386),
];

/// One plane of 8-bit luma for each frame size with at most so many pixels.
fn planes(most_pixels: usize) -> impl Iterator<Item = (usize, usize, Vec<u8>)> {
    let sizes = FRAME_SIZES.iter().zip(2000..).filter(move |((width, height), _)| width * height <= most_pixels);
    sizes.map(|(&(width, height), seed)| {
        let scene = Scene::new(seed, width, height);
        (width, height, scene.pixels().map(|(x, y)| scene.level(x, y, 1)).collect())
    })
}

const FEW_PIXELS: usize = 640 * 480;

fn sampled(plane: &[u8], width: usize, height: usize, stride: usize) -> [f32; GRID * GRID] {
    let mut grid = [0.0; GRID * GRID];
    tent_grid_u8(plane, width, height, stride, &mut grid);
    grid
}

#[test]
fn frames_hash_as_pictures_do() {
    // The reference rounds at every addition, so equality is a fact about these planes: of 1,500 others, 1,497 are
    // equal, and 3 that are 8 pixels narrow, with frequencies that tie but for rounding, differ by 8 to 15 bits.
    for (width, height, plane) in planes(usize::MAX) {
        let luma: Vec<f32> = plane.iter().map(|&level| f32::from(level)).collect();
        let frame = hash_grid(&sampled(&plane, width, height, width));
        assert_eq!(frame, hash_luma(&luma, width, height), "{width} x {height}");
    }
}

#[test]
fn samples_are_the_exact_averages_of_averages() {
    for (width, height, plane) in planes(FEW_PIXELS) {
        let mut levels: Vec<f64> = plane.iter().map(|&level| f64::from(level)).collect();
        for _ in 0..2 {
            levels = averages_along_rows(&levels, width);
            levels = transposed(&averages_along_rows(&transposed(&levels, width), height), height);
        }
        for (at, &sample) in sampled(&plane, width, height, width).iter().enumerate() {
            let (x, y) = ((2 * (at % GRID) + 1) * width / 128, (2 * (at / GRID) + 1) * height / 128);
            let difference = (f64::from(sample) - levels[y * width + x]).abs();
            assert!(difference < 4e-5, "{width} x {height}, sample {at}: off by {difference}");
        }
    }
}

/// PDQ's box filter by its definition: a window of a 128th of the side rounded up, its longer half after the pixel.
fn averages_along_rows(levels: &[f64], width: usize) -> Vec<f64> {
    let window = width.div_ceil(128);
    let average = |row: &[f64], x: usize| {
        let taken = &row[(x + window / 2 + 1).saturating_sub(window)..width.min(x + window / 2 + 1)];
        taken.iter().sum::<f64>() / taken.len() as f64
    };
    levels.chunks_exact(width).flat_map(|row| (0..width).map(move |x| average(row, x))).collect()
}

fn transposed(levels: &[f64], width: usize) -> Vec<f64> {
    (0..width).flat_map(|x| levels.iter().skip(x).step_by(width).copied()).collect()
}

#[test]
fn ten_and_sixteen_bits_sample_as_eight_do() {
    for (width, height, plane) in planes(FEW_PIXELS) {
        let expected = sampled(&plane, width, height, width);
        for shift in [0, 2, 8] {
            let wide: Vec<u8> = plane.iter().flat_map(|&level| (u16::from(level) << shift).to_le_bytes()).collect();
            let mut grid = [0.0; GRID * GRID];
            tent_grid_u16(&wide, width, height, 2 * width, &mut grid);
            assert!(grid.iter().zip(&expected).all(|(a, b)| *a == b * f32::from(1u16 << shift)), "{width} x {height}");
        }
    }
}

#[test]
fn padding_does_not_change_the_samples() {
    for (width, height, plane) in planes(FEW_PIXELS) {
        let stride = width + 13;
        let mut padded = vec![0xa5; stride * (height - 1) + width];
        for (row, pixels) in padded.chunks_mut(stride).zip(plane.chunks_exact(width)) {
            row[..width].copy_from_slice(pixels);
        }
        assert_eq!(sampled(&padded, width, height, stride), sampled(&plane, width, height, width));
    }
}

/// A picture of `vectors/pdq/scene.py`, which specifies it.
struct Scene {
    seed: u32,
    width: u32,
    height: u32,
    base: [u32; 3],
    waves: [Wave; 4],
    rectangles: [Rectangle; 4],
    noise: u32,
    calm: u32,
    grey: bool,
}

struct Wave {
    ax: u32,
    ay: u32,
    phase: u32,
    period: u32,
    amplitude: [u32; 3],
}

struct Rectangle {
    across: Range<u32>,
    down: Range<u32>,
    level: [u32; 3],
}

impl Scene {
    fn new(seed: u32, width: usize, height: usize) -> Self {
        let mut state = seed;
        let mut draw = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        let base = [(); 3].map(|()| draw(96));
        let waves = [(); 4].map(|()| {
            let (ax, ay, phase, period) = (draw(4), draw(4), draw(4096), 512 + draw(4096));
            Wave { ax, ay, phase, period, amplitude: [(); 3].map(|()| draw(128)) }
        });
        let rectangles = [(); 4].map(|()| {
            let (left, top, wide, high) = (draw(4096), draw(4096), draw(2048), draw(2048));
            Rectangle { across: left..left + wide, down: top..top + high, level: [(); 3].map(|()| draw(256)) }
        });
        let (noise, calm, grey) = ([0, 3, 24, 80][draw(4) as usize], draw(5), draw(4) == 0);
        Self { seed, width: width as u32, height: height as u32, base, waves, rectangles, noise, calm, grey }
    }

    /// Every pixel, row by row.
    fn pixels(&self) -> impl Iterator<Item = (u32, u32)> + use<> {
        let width = self.width;
        (0..self.height).flat_map(move |y| (0..width).map(move |x| (x, y)))
    }

    fn level(&self, x: u32, y: u32, channel: usize) -> u8 {
        let channel = if self.grey { 0 } else { channel };
        let (u, v) = (4096 * x / self.width, 4096 * y / self.height);
        let mut value = self.base[channel];
        for wave in &self.waves {
            let t = (wave.ax * u + wave.ay * v + wave.phase) % wave.period;
            value += wave.amplitude[channel] * (2 * t).abs_diff(wave.period) / wave.period;
        }
        for rectangle in &self.rectangles {
            if rectangle.across.contains(&u) && rectangle.down.contains(&v) {
                value = (value + 3 * rectangle.level[channel]) / 4;
            }
        }
        value += self.grain(x, y, channel as u32) % 256 * self.noise / 256;
        ((value.min(255) >> self.calm) + 8 * self.calm) as u8
    }

    fn grain(&self, x: u32, y: u32, channel: u32) -> u32 {
        let place = x.wrapping_mul(374_761_393).wrapping_add(y.wrapping_mul(668_265_263));
        let k = channel.wrapping_mul(2_246_822_519).wrapping_add(place).wrapping_add(self.seed);
        let k = (k ^ k >> 13).wrapping_mul(1_274_126_177);
        k ^ k >> 16
    }
}
