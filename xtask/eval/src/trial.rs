//! One comparison with a known answer.

use super::copies::{Clip, Copy, Corpus, Set, stem};
use super::truth::Truth;
use super::{ASIDE, pixels, vpdq};
use anyhow::{Context, Result};
use cotejo::compare::{Comparison, compare};
use cotejo::fingerprint::Fingerprint;
use cotejo::format::compact_code::CompactCode;
use cotejo::hash::motion::{RATE_HZ, SAMPLE_BYTES, STEP};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// What the right answer is.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The same footage, edited like this; and the source's own rotation, degrees clockwise.
    Same(Truth),
    /// Unrelated.
    Unrelated,
    /// The same camera at another moment.
    OtherMoment,
}

/// A stretch of a video, seconds.
#[derive(Clone, Debug)]
pub struct Piece {
    video: PathBuf,
    print: PathBuf,
    stretch: Option<[f64; 2]>,
}

/// One comparison.
pub struct Trial {
    /// The edit, or the kind of other trial.
    pub kind: String,
    /// The set of the copy's edit.
    pub set: Set,
    /// The names of a chain's edits.
    pub steps: Vec<String>,
    /// For reading.
    pub name: String,
    /// Whether the clip was kept aside.
    pub aside: bool,
    /// The right answer.
    pub answer: Answer,
    a: Piece,
    b: Piece,
}

/// What came out.
pub struct Outcome<'a> {
    /// Of this trial.
    pub trial: &'a Trial,
    /// The engine's answer.
    pub comparison: Comparison,
    /// Degrees clockwise that players turn B.
    pub b_rotation: u16,
    /// Whether vPDQ's rule calls it a match.
    pub vpdq: bool,
    /// How long the engine took, milliseconds.
    pub took_ms: u128,
}

fn copied(copy: &Copy) -> Piece {
    Piece { video: copy.video.clone(), print: copy.print.clone(), stretch: None }
}

fn original(corpus: &Corpus, clip: &Clip) -> Piece {
    Piece { video: corpus.video_of(clip).to_owned(), print: corpus.print(clip), stretch: None }
}

fn is_aside(clip: &Clip) -> bool {
    ASIDE.iter().any(|part| clip.file.contains(part))
}

/// A copy against its source.
pub fn own(corpus: &Corpus, clip: &Clip, copy: &Copy) -> Trial {
    Trial {
        kind: copy.edit.clone(),
        set: copy.set,
        steps: copy.steps.clone(),
        name: [&[clip.stem(), &copy.edit], &*copy.steps.iter().map(String::as_str).collect::<Vec<_>>()]
            .concat()
            .join(" "),
        aside: is_aside(clip),
        answer: Answer::Same(copy.truth.clone()),
        a: copied(copy),
        b: original(corpus, clip),
    }
}

/// A copy against `count` unrelated clips, other ones for the next copy; if there are fewer, against copies of them, too.
pub fn cross(
    corpus: &Corpus,
    all: &[(&Clip, Vec<Copy>)],
    clip: &Clip,
    copy: &Copy,
    count: usize,
    turn: usize,
) -> Vec<Trial> {
    let shown = shown_in(corpus, clip, Some(copy));
    let is_unrelated = |other: &Clip, copy: Option<&Copy>| {
        shown_in(corpus, other, copy).iter().all(|there| shown.iter().all(|here| !here.is_related(there)))
    };
    let originals = all.iter().map(|(other, _)| (*other, None));
    let copies = all.iter().flat_map(|(other, copies)| copies.iter().map(|copy| (*other, Some(copy))));
    let mut others: Vec<(&Clip, Option<&Copy>)> = originals.filter(|(other, _)| is_unrelated(other, None)).collect();
    if count > others.len() {
        others.extend(copies.filter(|(other, copy)| is_unrelated(other, *copy)));
    }
    let count = count.min(others.len());
    let trial = |(other, edited): (&Clip, Option<&Copy>)| Trial {
        kind: "unrelated".into(),
        set: copy.set,
        steps: Vec::new(),
        name: [clip.stem(), &copy.edit, "/", other.stem(), edited.map_or("", |copy| &copy.edit)].join(" "),
        aside: is_aside(clip) || is_aside(other),
        answer: Answer::Unrelated,
        a: copied(copy),
        b: edited.map_or_else(|| original(corpus, other), copied),
    };
    (0..count).map(|i| trial(others[(turn * count + i) % others.len()])).collect()
}

/// The clips that are seen in a clip, or in a copy of it that may show another one as well.
fn shown_in<'a>(corpus: &'a Corpus, clip: &'a Clip, copy: Option<&Copy>) -> Vec<&'a Clip> {
    let used = copy.and_then(|copy| copy.truth.unrelated.as_deref());
    // Its master has another ending.
    let used = used.and_then(|used| corpus.clips.iter().find(|clip| clip.stem() == stem(used)));
    std::iter::once(clip).chain(used).collect()
}

/// One half of a clip of 12 s or more against the other, and pieces of each half against the other half.
pub fn halves(corpus: &Corpus, clip: &Clip) -> Vec<Trial> {
    const SHORTEST_S: f64 = 12.0;
    if clip.duration_s < SHORTEST_S {
        return Vec::new();
    }
    let (half, whole) = (clip.duration_s / 2.0, original(corpus, clip));
    let halves = [[0.0, half], [half, clip.duration_s]];
    let mut stretches = vec![("other half".to_owned(), halves[0], halves[1])];
    for length in [5.0, 10.0] {
        for (own, other) in [(halves[0], halves[1]), (halves[1], halves[0])] {
            let mut start = own[0];
            while start + length <= own[1] {
                stretches.push((format!("{length} s piece"), [start, start + length], other));
                start += 2.5;
            }
        }
    }
    let trial = |(kind, a, b): (String, [f64; 2], [f64; 2])| Trial {
        name: format!("{} {:.1}-{:.1} / {:.1}-{:.1}", clip.stem(), a[0], a[1], b[0], b[1]),
        kind,
        set: Set::Classic,
        steps: Vec::new(),
        aside: is_aside(clip),
        answer: Answer::OtherMoment,
        a: Piece { stretch: Some(a), ..whole.clone() },
        b: Piece { stretch: Some(b), ..whole.clone() },
    };
    stretches.into_iter().map(trial).collect()
}

/// Parts of a clip, and the same parts of its copies, against all parts of the clip at other times.
pub fn moments(corpus: &Corpus, clip: &Clip, copies: &[Copy]) -> Vec<Trial> {
    /// The shortest part, seconds.
    const SHORTEST_S: f64 = 3.0;
    let parts: Vec<[f64; 2]> = (2..=4)
        .map(|count| (count, clip.duration_s / f64::from(count)))
        .filter(|(_, length)| *length >= SHORTEST_S)
        .flat_map(|(count, length)| (0..count).map(move |i| [0, 1].map(|end| f64::from(i + end) * length)))
        .collect();
    let whole = &original(corpus, clip);
    let alike = copies.iter().filter(|copy| copy.truth.keeps_time()).map(|copy| (copy.edit.as_str(), copied(copy)));
    let (parts, aside) = (&parts, is_aside(clip));
    let trial = move |edit: &str, copy: &Piece, a: [f64; 2], b: [f64; 2]| Trial {
        kind: "other moment".into(),
        set: Set::Classic,
        steps: Vec::new(),
        name: format!("{} {edit} {:.1}-{:.1} / {:.1}-{:.1}", clip.stem(), a[0], a[1], b[0], b[1]),
        aside,
        answer: Answer::OtherMoment,
        a: Piece { stretch: Some(a), ..copy.clone() },
        b: Piece { stretch: Some(b), ..whole.clone() },
    };
    let of = |(edit, copy): (&str, Piece)| -> Vec<Trial> {
        let pairs = parts.iter().flat_map(|a| parts.iter().map(move |b| (*a, *b)));
        pairs.filter(|(a, b)| a[1] <= b[0] || b[1] <= a[0]).map(|(a, b)| trial(edit, &copy, a, b)).collect()
    };
    std::iter::once(("clip", whole.clone())).chain(alike).flat_map(of).collect()
}

type Cache = Mutex<HashMap<PathBuf, Arc<Fingerprint>>>;

/// What is known of the videos of a trial.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// Their fingerprints.
    Prints,
    /// Of A only a compact code.
    Code,
    /// The videos themselves, so that their pixels are looked through where hashes do not tell.
    Videos,
}

/// Runs all trials, on all processors.
pub fn run(trials: &[Trial], known: Known) -> Result<Vec<Outcome<'_>>> {
    let (next, cache) = (AtomicUsize::new(0), Cache::default());
    let outcomes = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let work = || -> Result<()> {
            while let Some((i, trial)) =
                Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, trials.get(i)?)))
            {
                let outcome = run_one(trial, &cache, known).with_context(|| trial.name.clone())?;
                outcomes.lock().expect("no thread panics").push((i, outcome));
            }
            Ok(())
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no thread panics"))
    })?;
    let mut outcomes = outcomes.into_inner().expect("no thread panics");
    outcomes.sort_by_key(|(i, _)| *i);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

fn run_one<'a>(trial: &'a Trial, cache: &Cache, known: Known) -> Result<Outcome<'a>> {
    let (mut a, b) = (trial.a.read(cache)?, trial.b.read(cache)?);
    if matches!(known, Known::Code) {
        a = Arc::new(CompactCode::of(&a)?.fingerprint());
    }
    let start = Instant::now();
    let mut comparison = compare(&a, &b, &mut |_| {});
    if matches!(known, Known::Videos) && comparison.leaves_much_open(&a, &b) {
        let found = pixels::compare(trial.a.video(&a, cache)?, trial.b.video(&b, cache)?)?;
        comparison = comparison.with_registered(found);
    }
    let took_ms = start.elapsed().as_millis();
    Ok(Outcome { trial, comparison, b_rotation: b.header.rotation, vpdq: vpdq::matches(&a, &b), took_ms })
}

impl Piece {
    fn read(&self, cache: &Cache) -> Result<Arc<Fingerprint>> {
        let print = self.read_whole(cache)?;
        Ok(match self.stretch {
            None => print,
            Some(stretch) => Arc::new(cut(&print, stretch)),
        })
    }

    /// Its video, for a comparison by pixels; `print` is its fingerprint.
    fn video<'a>(&'a self, print: &'a Fingerprint, cache: &Cache) -> Result<pixels::Video<'a>> {
        let (whole, start) = (self.read_whole(cache)?, self.stretch.map_or(f64::NEG_INFINITY, |stretch| stretch[0]));
        let base = whole.header.time_base;
        let first = whole.frames.iter().filter(|frame| base.seconds(frame.ticks) < start).count();
        Ok((&self.video, first, print))
    }

    fn read_whole(&self, cache: &Cache) -> Result<Arc<Fingerprint>> {
        let known = cache.lock().expect("no thread panics").get(&self.print).cloned();
        if let Some(print) = known {
            return Ok(print);
        }
        let bytes = std::fs::read(&self.print).with_context(|| self.print.display().to_string())?;
        let print = Arc::new(Fingerprint::read(&bytes[..])?);
        cache.lock().expect("no thread panics").insert(self.print.clone(), print.clone());
        Ok(print)
    }
}

/// The fingerprint that a lossless cut would have.
fn cut(print: &Fingerprint, [start, end]: [f64; 2]) -> Fingerprint {
    let base = print.header.time_base;
    let mut frames = print.frames.clone();
    frames.retain(|frame| (start..end).contains(&base.seconds(frame.ticks)));
    let first = frames.first().map_or(0, |frame| frame.ticks);
    frames.iter_mut().for_each(|frame| frame.ticks -= first);
    let sample = |seconds: f64| ((seconds * f64::from(RATE_HZ)) as usize).min(print.motion.len());
    let mut motion = print.motion[sample(start)..sample(end)].to_vec();
    motion.iter_mut().take(STEP).for_each(|sample| *sample = [0; SAMPLE_BYTES]);
    Fingerprint { header: print.header.clone(), frames, motion, trailer: print.trailer.clone() }
}
