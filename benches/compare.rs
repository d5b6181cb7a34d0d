//! Measures how long it takes to find 32 s in ever longer footage, and among many fingerprints: `cargo bench --bench compare`.
//!
//! The footage is a grid of 16 x 16 means in which things start to move at random. The query is what a camera that shows 80 % of it
//! sees, so that the likeliest hypotheses alone do not find it. The longest footage and the query are also written to
//! `target/bench`, where `benches/video.mjs long` compares them in the page.

mod made_up;
#[path = "../tests/random/mod.rs"]
mod random;

use cotejo::compare::{Verdict, compare, glance};
use cotejo::file_scan::{FileRecord, FileScan};
use cotejo::fingerprint::{Fingerprint, Frame, Recorder};
use cotejo::format::Writer;
use cotejo::hash::digest::sha256;
use cotejo::hash::frame::FrameHashes;
use cotejo::hash::pdq::PdqHash;
use cotejo::hash::points::has_points;
use random::Random;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::process::Command;
use std::time::Instant;

const FPS: usize = 25;
const QUERY_S: usize = 32;
const SIDE: usize = 16;
const FOLDER: &str = "target/bench";

/// Three things before a camera: where each is, how far it moves per frame, how bright it is. Positions are in picture widths.
struct Scene {
    random: Random,
    things: [([f32; 2], [f32; 2], f32); 3],
}

impl Scene {
    fn new(seed: u64) -> Self {
        Self { random: Random(seed), things: [([-1.0; 2], [0.0; 2], 0.0); 3] }
    }

    fn step(&mut self) {
        let random = &mut self.random;
        for (at, by, brightness) in &mut self.things {
            (0..2).for_each(|axis| at[axis] += by[axis]);
            if at.iter().any(|at| !(0.0..1.0).contains(at)) {
                *at = [random.unit() as f32, random.unit() as f32];
                *by = [0.03 * (random.unit() as f32 - 0.5), 0.03 * (random.unit() as f32 - 0.5)];
                *brightness = 160.0 * (random.unit() as f32 - 0.5);
            }
        }
    }

    /// The grid of the part that begins at `from` and is `length` wide and high.
    fn grid(&self, from: f32, length: f32) -> [f32; SIDE * SIDE] {
        const RADIUS: f32 = 0.09;
        let mut grid = [110.0; SIDE * SIDE];
        for (i, cell) in grid.iter_mut().enumerate() {
            let place = [i % SIDE, i / SIDE].map(|at| from + (at as f32 + 0.5) / SIDE as f32 * length);
            for (at, _, brightness) in &self.things {
                let (x, y) = (place[0] - at[0], place[1] - at[1]);
                *cell += brightness * (1.0 - (x * x + y * y) / (RADIUS * RADIUS)).max(0.0);
            }
        }
        grid
    }
}

/// `seconds` of a scene, and, if asked for, what a camera that shows 80 % of it sees from `copied_from` on.
fn footage(seed: u64, seconds: usize, copied_from: Option<usize>) -> (Fingerprint, Option<Fingerprint>) {
    let (mut scene, mut whole) = (Scene::new(seed), Footage::new(seed));
    let mut copy = copied_from.map(|from| (from * FPS..(from + QUERY_S) * FPS, Footage::new(seed)));
    for frame in 0..seconds * FPS {
        scene.step();
        whole.push(scene.grid(0.0, 1.0));
        if let Some((range, copy)) = &mut copy
            && range.contains(&frame)
        {
            copy.push(scene.grid(0.1, 0.8));
        }
    }
    (whole.finish(), copy.map(|(_, copy)| copy.finish()))
}

struct Footage {
    seed: u64,
    recorder: Recorder,
    frames: Vec<Frame>,
}

impl Footage {
    fn new(seed: u64) -> Self {
        Self { seed, recorder: Recorder::new(made_up::header(FPS as u32).time_base), frames: Vec::new() }
    }

    fn push(&mut self, grid: [f32; SIDE * SIDE]) {
        // Plain pictures, so that only motion can match.
        let points = has_points(self.frames.len() as u64).then(Vec::new);
        let hashes = FrameHashes { pdq: PdqHash::ZERO, quality: 0, grid, classic: [None; 4], points };
        let sha256 = Some(sha256(&[self.seed, self.frames.len() as u64].map(u64::to_le_bytes).concat()));
        let frame = self.recorder.push(self.frames.len() as i64, &hashes, sha256);
        self.frames.push(frame.expect("times rise"));
    }

    fn finish(self) -> Fingerprint {
        let file = FileRecord::from(&FileScan::default().finish());
        let (motion, trailer) = self.recorder.finish(file, false, None).expect("there are frames");
        Fingerprint { header: made_up::header(FPS as u32), frames: self.frames, motion, trailer }
    }
}

fn write(fingerprint: &Fingerprint, name: &str) -> io::Result<()> {
    fs::create_dir_all(FOLDER)?;
    let output = BufWriter::new(File::create(format!("{FOLDER}/{name}.cotejo"))?);
    let mut writer = Writer::new(output, &fingerprint.header)?;
    fingerprint.frames.iter().try_for_each(|frame| writer.frame(frame))?;
    writer.finish(&fingerprint.motion, &fingerprint.trailer)?;
    Ok(())
}

fn seconds<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f64())
}

/// The most memory that this process ever had, in MB; `None` if the system does not tell.
fn peak_mb() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
}

fn long_footage() -> io::Result<()> {
    println!("32 s in      found at   seconds   verdict         peak MB");
    for (name, length_s) in [("42 seconds", 42), ("5 minutes", 300), ("1 hour", 3600), ("10 hours", 36_000)] {
        let (whole, copy) = footage(7, length_s, Some(length_s * 2 / 3 - 20));
        let mut copy = copy.expect("it was asked for");
        // After encoding again, no frame is identical.
        copy.frames.iter_mut().for_each(|frame| frame.sha256 = frame.sha256.map(|digest| sha256(&digest)));
        let (found, took_s) = seconds(|| compare(&copy, &whole, &mut |_| {}));
        let at = found.segments.first().map_or(f64::NAN, |segment| segment.b[0]);
        let memory = peak_mb().map_or(String::new(), |mb| mb.to_string());
        println!("{name:<12} {at:>8.1}   {took_s:>7.2}   {:?}   {memory}", found.verdict);
        if length_s == 36_000 {
            write(&whole, "ten-hours")?;
            write(&copy, "query")?;
        }
    }
    Ok(())
}

fn many() {
    let (first, query) = footage(1000, QUERY_S + 10, Some(4));
    let query = query.expect("it was asked for");
    let others: Vec<Fingerprint> = (1..50).map(|seed| footage(1000 + seed, 30, None).0).collect();
    let (verdicts, took_s) = seconds(|| {
        others.iter().filter(|other| compare(&query, other, &mut |_| {}).verdict == Verdict::SameFootage).count()
    });
    println!(
        "compared with {} of 30 s: {:.3} s each, {verdicts} called the same",
        others.len(),
        took_s / others.len() as f64
    );
    let (promises, took_s) = seconds(|| others.iter().map(|other| glance(&query, other)).collect::<Vec<_>>());
    let above = promises.iter().filter(|promise| **promise >= glance(&query, &first)).count();
    println!(
        "glanced at them: {:.4} s each; {above} look more promising than the source",
        took_s / others.len() as f64
    );
}

/// Measures the command's search for the query among ever more files of 30 s, one of them the source.
fn archive() -> io::Result<()> {
    let (source, query) = footage(1000, QUERY_S + 10, Some(4));
    fs::remove_dir_all(format!("{FOLDER}/archive")).ok();
    fs::create_dir_all(format!("{FOLDER}/archive"))?;
    write(&query.expect("it was asked for"), "asked")?;
    write(&source, "archive/source")?;
    let mut written = 1;
    for files in [10, 100, 1000] {
        for seed in written..files {
            write(&footage(1000 + seed, 30, None).0, &format!("archive/{seed:04}"))?;
        }
        written = files;
        let mut search = Command::new(env!("CARGO_BIN_EXE_cotejo"));
        search.args(["search", "--quiet"]).arg(format!("{FOLDER}/asked.cotejo")).arg(format!("{FOLDER}/archive"));
        let (output, took_s) = seconds(|| search.output());
        let output = String::from_utf8_lossy(&output?.stdout).into_owned();
        println!("`cotejo search` among {files} files: {took_s:.1} s by the clock; its best match:");
        println!("{}", output.lines().find(|line| line.contains(".cotejo")).unwrap_or("none"));
    }
    Ok(())
}

fn main() -> io::Result<()> {
    many();
    archive()?;
    long_footage()
}
