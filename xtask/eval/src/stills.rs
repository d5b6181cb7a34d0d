//! How often a still is found where it comes from, and how often elsewhere. Results: docs/accuracy/stills.md.

mod corpus;
mod drawing;
mod frames;
mod layouts;
mod pictures;
pub mod screenshots;

use anyhow::{Context, Result};
use corpus::Clip;
use cotejo::fingerprint::{Fingerprint, Frame};
use cotejo::still::{self, Still, StillReason, StillSearch, StillVerdict};
use pictures::{Edit, Picture};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A time this close is right for a person who goes there, with tolerance for rounded times.
const NEAR_SECONDS: f64 = 0.2 + 1e-6;
/// Frames closer than this to a still's own are left out of the other half.
const AWAY_SECONDS: f64 = 1.0;
/// PDQ's own advice: below it, a frame's hash is partly noise.
const PLAIN_BELOW: u8 = 50;

/// The outcome for a still in its own clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Frame,
    Stretch,
    OtherStretch,
    WrongTime,
    CantTell,
    NotFound,
}

const OUTCOMES: [(Outcome, &str); 6] = [
    (Outcome::Frame, "frame"),
    (Outcome::Stretch, "stretch"),
    (Outcome::OtherStretch, "other"),
    (Outcome::WrongTime, "wrong"),
    (Outcome::CantTell, "can't tell"),
    (Outcome::NotFound, "missed"),
];

/// One still, looked for in its own clip and in all others.
struct Row {
    edit: Edit,
    aside: bool,
    plain: bool,
    outcome: Outcome,
    /// The answer for the half of its own clip that it does not come from.
    other_half: (StillVerdict, StillReason),
    /// Answers for unrelated clips, by verdict.
    unrelated: BTreeMap<StillVerdict, usize>,
}

/// Prints the tables, for these edits or all, and for one still in `sample`; in unrelated clips as well, unless `own_only`.
pub fn run(corpus: &Path, cache: &Path, edits: &[String], sample: usize, own_only: bool) -> Result<()> {
    let clips = corpus::clips(corpus, cache)?;
    let mut pictures = pictures::pictures(&clips, cache)?;
    let is_wanted =
        |edit: Edit| edits.is_empty() || edits.iter().any(|name| format!("{edit:?}").eq_ignore_ascii_case(name));
    pictures.retain(|picture| is_wanted(picture.edit));
    let pictures: Vec<_> = pictures.into_iter().skip(sample / 2).step_by(sample).collect();
    let rows = each(&pictures, |picture| row(&clips, picture, own_only))?;
    print_table("Clips on which limits were tuned", rows.iter().filter(|row| !row.aside && !row.plain));
    print_table("Clips kept aside", rows.iter().filter(|row| row.aside && !row.plain));
    print_table("Frames with a quality below 50", rows.iter().filter(|row| row.plain));
    print_table("All", rows.iter());
    Ok(())
}

/// Does the work for each, on all processors; in the order in which it is done.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>> {
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    thread::scope(|scope| {
        let work = || -> Result<()> {
            while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                let row = work(item)?;
                rows.lock().expect("no thread panics while it holds the lock").push(row);
            }
            Ok(())
        };
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no thread panics"))
    })?;
    Ok(rows.into_inner().expect("no thread panics while it holds the lock"))
}

fn row(clips: &[Clip], picture: &Picture, own_only: bool) -> Result<Row> {
    let bytes = fs::read(&picture.path)?;
    let still = Still::read(&bytes).with_context(|| picture.path.display().to_string())?;
    let own = &clips[picture.clip];
    let found = still::find(&still, &own.fingerprint);
    let outcome = outcome(&found, own, picture.frame);
    let name = picture.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    println!(
        "{name}\t{}\tframe {}\t{outcome:?}\t{:?}\t{:?}",
        own.name(),
        picture.frame,
        found.e_value,
        found.at.first()
    );
    let half = other_half(own, picture.frame);
    let half = still::find(&still, &half);
    let other_half = (half.verdict, half.reason);
    if is_moment(other_half) {
        println!("{name}\tin the other half of {}\t{:?}\t{:?}", own.name(), half.e_value, half.at[0]);
    }
    let mut unrelated = BTreeMap::new();
    let is_unrelated =
        |clip: &&Clip| !clip.is_related(own) && picture.background.is_none_or(|i| !clip.is_related(&clips[i]));
    // All clips for the first two edits, on which the promise rests; for the others a fifth, a different one for each still.
    let (first, step) = if picture.edit <= Edit::Banner { (0, 1) } else { (picture.frame % 5, 5) };
    for clip in clips.iter().filter(is_unrelated).skip(first).step_by(step).take(if own_only { 0 } else { usize::MAX })
    {
        let found = still::find(&still, &clip.fingerprint);
        if found.verdict == StillVerdict::Found {
            println!("{name}\tfalsely found in {}\t{:?}\t{:?}", clip.name(), found.e_value, found.at[0]);
        }
        *unrelated.entry(found.verdict).or_default() += 1;
    }
    let plain = own.fingerprint.frames[picture.frame].quality < PLAIN_BELOW;
    Ok(Row { edit: picture.edit, aside: own.aside, plain, outcome, other_half, unrelated })
}

/// Whether the still was found at one moment.
fn is_moment((verdict, reason): (StillVerdict, StillReason)) -> bool {
    verdict == StillVerdict::Found && reason == StillReason::FramesAgree
}

/// The half of a clip's frames without a given frame, and without those within a second of it.
fn other_half(clip: &Clip, frame: usize) -> Fingerprint {
    let mut half = clip.fingerprint.clone();
    let (middle, rate) = (half.frames.len() / 2, half.header.time_base);
    let seconds = |frame: &Frame| rate.seconds(frame.ticks);
    let time = seconds(&half.frames[frame]);
    half.frames = if frame < middle { half.frames.split_off(middle) } else { half.frames[..middle].to_vec() };
    half.frames.retain(|other| (seconds(other) - time).abs() > AWAY_SECONDS);
    half
}

fn outcome(found: &StillSearch, clip: &Clip, frame: usize) -> Outcome {
    let truth = clip.fingerprint.header.time_base.seconds(clip.fingerprint.frames[frame].ticks);
    let near = |[start, end]: [f64; 2]| start - NEAR_SECONDS <= truth && truth <= end + NEAR_SECONDS;
    match found.verdict {
        StillVerdict::NotFound => Outcome::NotFound,
        StillVerdict::Found if near([found.at[0].time; 2]) => Outcome::Frame,
        StillVerdict::Found if found.reason != StillReason::StretchLooksSame => Outcome::WrongTime,
        StillVerdict::Found if near(found.at[0].stretch) => Outcome::Stretch,
        StillVerdict::Found if found.at.iter().any(|at| near(at.stretch)) => Outcome::OtherStretch,
        StillVerdict::Found => Outcome::WrongTime,
        _ => Outcome::CantTell,
    }
}

fn print_table<'a>(title: &str, rows: impl Iterator<Item = &'a Row>) {
    let mut by_edit: BTreeMap<Edit, Vec<&Row>> = BTreeMap::new();
    rows.for_each(|row| by_edit.entry(row.edit).or_default().push(row));
    println!(
        "\n{title}\n{:<12} {:>6}{} | other half: {:>7} {:>7} | {:>8} {:>10} {:>6}",
        "",
        "stills",
        heads(),
        "moment",
        "stretch",
        "elsewhere",
        "can't tell",
        "found"
    );
    for (edit, rows) in by_edit {
        let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
        let counts: String = OUTCOMES.iter().map(|&(outcome, _)| format!("{:>11}", count(outcome))).collect();
        let verdicts = |verdict| rows.iter().filter_map(|row| row.unrelated.get(&verdict)).sum::<usize>();
        let searches: usize = rows.iter().flat_map(|row| row.unrelated.values()).sum();
        let halves = |is_one: bool| {
            let is_so = |row: &&&Row| row.other_half.0 == StillVerdict::Found && is_moment(row.other_half) == is_one;
            rows.iter().filter(is_so).count()
        };
        let name = format!("{edit:?}");
        println!(
            "{name:<12} {:>6}{counts} | {:>19} {:>7} | {searches:>8} {:>10} {:>6}",
            rows.len(),
            halves(true),
            halves(false),
            verdicts(StillVerdict::CantTell),
            verdicts(StillVerdict::Found)
        );
    }
}

fn heads() -> String {
    OUTCOMES.iter().map(|(_, head)| format!("{head:>11}")).collect()
}
