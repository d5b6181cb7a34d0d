//! Signatures, matches and fingerprints that tests build by hand.

use super::align::Alignment;
use super::evidence::Match;
use crate::file_scan::FileRecord;
use crate::fingerprint::{Fingerprint, Frame, Header, Trailer};
use crate::hash::motion::{SAMPLE_BYTES, Sample, TimeBase};
use crate::hash::pdq::PdqHash;
use crate::picture::frame::FrameFormat;
use crate::picture::shrink::CELLS;

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
