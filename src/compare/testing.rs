//! Signatures, matches and fingerprints that tests build by hand.

use super::align::Alignment;
use super::evidence::Match;
use super::result::Segment;
use crate::file_scan::FileRecord;
use crate::fingerprint::{Fingerprint, Frame, Header, Trailer, VideoHasher};
use crate::hash::motion::{RATE_HZ, SAMPLE_BYTES, Sample, TimeBase};
use crate::hash::pdq::PdqHash;
use crate::picture::frame::FrameFormat;
use crate::picture::gray::Gray;
use crate::picture::shrink::CELLS;
use crate::picture::testing::boxes;
use crate::registration::Transform;

/// Frames of a fingerprint per second.
pub const FPS: u32 = 10;

/// A number that looks random, the same on every run.
pub fn scrambled(number: usize) -> u64 {
    let mut x = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Samples of moments: blocks of 2 x 2 cells, each of which is still, brighter or darker for eight moments at a time.
pub fn motion(moments: impl IntoIterator<Item = usize>) -> Vec<Sample> {
    let sample = |moment: usize| {
        let mut sample: Sample = [0; SAMPLE_BYTES];
        for cell in 0..CELLS * CELLS {
            let block = cell / CELLS / 2 * CELLS / 2 + cell % CELLS / 2;
            let code = [0, 0, 1, 2][scrambled((moment + 3 * block) / 8 * 64 + block) as usize % 4];
            sample[cell / 4] |= code << (2 * (cell % 4));
        }
        sample
    };
    moments.into_iter().map(sample).collect()
}

/// [`Alignment::AS_IS`].
pub(super) fn as_is() -> Alignment {
    Alignment::AS_IS
}

/// A match of ten seconds with an evidence of 1.
pub(super) fn match_of(alignment: Alignment) -> Match {
    let range = 0..100;
    Match { alignment, range, correlation: 0.5, moments: 4.0, coverage: 1.0, area: 1.0, elsewhere: 0.0 }
}

/// A hash whose first `bits` bits are set.
pub fn hash(bits: usize) -> PdqHash {
    PdqHash(std::array::from_fn(|byte| (0..8).fold(0, |value, bit| value | u8::from(8 * byte + bit < bits) << bit)))
}

/// A fingerprint of these frames, [`FPS`] of them a second, and these samples: hash and quality of each.
pub fn fingerprint(frames: &[(PdqHash, u8)], motion: Vec<Sample>) -> Fingerprint {
    let frame = |(ticks, &(pdq, quality)): (usize, &(PdqHash, u8))| Frame {
        ticks: ticks as i64,
        pdq,
        quality,
        sha256: None,
        classic: [None; 4],
        points: None,
    };
    let file = FileRecord { sha256: Default::default(), bytes: 1, container: None };
    Fingerprint {
        header: Header {
            classic: Vec::new(),
            ..Header::of_video(
                &FrameFormat::new("yuv420p", 640, 360).expect("a known layout"),
                TimeBase(1, FPS),
                "h264",
            )
        },
        frames: frames.iter().enumerate().map(frame).collect(),
        motion,
        trailer: Trailer { frames: frames.len() as u64, file, complete: true, problems: Vec::new() },
    }
}

/// Pixels of the footage.
const SIZE: [usize; 2] = [256, 144];

/// A still room in which two things wander from one random place to the next, ten frames a second.
pub fn room(seed: usize, frames: std::ops::Range<usize>) -> Vec<Gray> {
    let still = boxes(seed, SIZE[0], SIZE[1]);
    let frame = |i: usize| {
        let mut frame = still.clone();
        for thing in 0..2 {
            let stop = |leg: usize, axis: usize| {
                (scrambled(seed * 977 + thing * 311 + leg * 2 + axis) % (SIZE[axis] as u64 - 24)) as f64
            };
            let (leg, share) = (i / 12, (i % 12) as f64 / 12.0);
            let at = [0, 1].map(|axis| (stop(leg, axis) * (1.0 - share) + stop(leg + 1, axis) * share) as usize);
            for y in at[1]..at[1] + 24 {
                frame.luma[y * SIZE[0] + at[0]..][..18].fill(if thing == 0 { 235 } else { 20 });
            }
        }
        frame
    };
    frames.map(frame).collect()
}

/// Each frame under a transform that leads from its pixels to those of the copy, before a background.
pub fn filmed(frames: &[Gray], transform: &Transform) -> Vec<Gray> {
    let back = transform.inverse().unwrap();
    let around = boxes(99, SIZE[0], SIZE[1]);
    let frame = |frame: &Gray| {
        let pixel = |i: usize| {
            let [x, y] = back.at([(i % SIZE[0]) as f64 + 0.5, (i / SIZE[0]) as f64 + 0.5]);
            let is_inside = x >= 0.0 && y >= 0.0 && x < SIZE[0] as f64 && y < SIZE[1] as f64;
            if is_inside { frame.luma[y as usize * SIZE[0] + x as usize] } else { around.luma[i] / 3 }
        };
        Gray { luma: (0..SIZE[0] * SIZE[1]).map(pixel).collect(), width: SIZE[0], height: SIZE[1] }
    };
    frames.iter().map(frame).collect()
}

/// The fingerprint of such frames.
pub fn footage_print(frames: &[Gray]) -> Fingerprint {
    let format = FrameFormat::new("gray", frames[0].width as u32, frames[0].height as u32).unwrap();
    let mut hasher = VideoHasher::new(format, TimeBase(1, RATE_HZ));
    for (i, frame) in frames.iter().enumerate() {
        hasher.push(i as i64, &frame.luma).unwrap();
    }
    hasher.finish(&crate::scan(std::io::empty()).unwrap()).unwrap()
}

/// Six seconds of both, of whole pictures.
pub fn six_seconds() -> Segment {
    Segment {
        a: [0.0, 6.0],
        b: [0.0, 6.0],
        speed: 1.0,
        score: 0.9,
        mirrored: false,
        turned: 0,
        tilted: 0.0,
        backwards: false,
        negative: false,
        a_view: [0.0, 0.0, 1.0, 1.0],
        b_view: [0.0, 0.0, 1.0, 1.0],
    }
}

/// A small screen, filmed at an angle.
pub const SCREEN: Transform = Transform([0.42, 0.03, 70.0, -0.02, 0.4, 48.0, 0.0003, 0.0, 1.0]);
