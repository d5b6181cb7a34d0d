//! Measures the search for a still in a minute and in ten hours of footage.
//!
//! The footage is hashes that wander: a few bits flip from frame to frame, as with a hand-held camera.

#[path = "../made_up/mod.rs"]
mod made_up;
#[path = "../../tests/random/mod.rs"]
mod random;

use cotejo::file_scan::{FileRecord, FileScan};
use cotejo::fingerprint::{Fingerprint, Frame, Trailer};
use cotejo::hash::pdq::PdqHash;
use cotejo::still::{Still, find};
use criterion::{Criterion, criterion_group, criterion_main};
use random::Random;
use std::hint::black_box;
use std::time::Duration;

const FPS: u32 = 30;
/// Bits that flip from frame to frame, which makes a key frame every 0.4 s.
const FLIPS: usize = 2;
const STILL: &[u8] = include_bytes!("../../tests/cli/files/still.png");

fn wandering(frames: usize) -> Fingerprint {
    let (mut random, mut hash) = (Random(1), PdqHash([0x5a; 32]));
    let mut flip = |hash: &mut PdqHash| {
        let state = random.next();
        hash.0[(state >> 59) as usize] ^= 1 << (state >> 56 & 7);
    };
    let frame = |i: usize| {
        (0..FLIPS).for_each(|_| flip(&mut hash));
        Frame { ticks: i as i64, pdq: hash, quality: 100, sha256: None, classic: [None; 4], points: None }
    };
    let file = FileRecord::from(&FileScan::default().finish());
    let trailer = Trailer { frames: frames as u64, file, complete: true, problems: Vec::new() };
    Fingerprint { header: made_up::header(FPS), frames: (0..frames).map(frame).collect(), motion: Vec::new(), trailer }
}

fn stills(criterion: &mut Criterion) {
    let still = Still::read(STILL).expect("the picture is whole");
    let mut group = criterion.benchmark_group("still");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    for (name, seconds) in [("a minute", 60), ("ten hours", 36_000)] {
        let video = wandering(seconds * FPS as usize);
        group.bench_function(name, |bencher| bencher.iter(|| find(black_box(&still), black_box(&video))));
    }
    group.finish();
}

criterion_group!(benches, stills);
criterion_main!(benches);
