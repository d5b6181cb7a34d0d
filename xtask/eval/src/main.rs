//! How often the engine is right: on edited copies with known truth, on unrelated clips, and on two halves of one recording.
//!
//! Run by `cargo xtask eval`. The corpus is a folder with the clips of `corpus.tsv`; `edit.py` makes the copies. No clip is
//! kept in the repository; copies and fingerprints are cached in `target/eval`.

mod command;
mod copies;
mod marks;
mod pixels;
#[path = "../../../tests/random/mod.rs"]
mod random;
mod ranks;
mod score;
mod stills;
mod trial;
mod truth;
mod views;
mod vpdq;
mod wild;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use copies::{Clip, Copy, Corpus, Set};
use std::path::{Path, PathBuf};
use trial::{Known, Trial};

/// A part of the evaluation that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Videos against videos
    Videos,
    /// Parts of a recording, and of its copies, against all other moments of it; only if asked for
    Moments,
    /// Still pictures in videos
    Stills,
    /// Screenshots, and photographs of screens, in videos
    Screenshots,
    /// Where a glance ranks the right clip among all
    Ranks,
}

/// The edits that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sets {
    /// The 39 edits of the tables of docs/accuracy/videos.md
    Classic,
    /// Edits of the wild, and AugLy's catalogue
    Wild,
    /// Two and three edits of both, one after the other
    Chains,
    /// All of these
    All,
}

/// Measure how often comparisons are right, on a folder of clips
#[derive(Parser)]
#[command(name = "cargo xtask eval", max_term_width = 100)]
struct Options {
    /// Folder with the clips of xtask/eval/corpus.tsv
    #[arg(long)]
    corpus: PathBuf,
    /// Which edits: classic, wild, chains or all
    #[arg(long, value_enum, default_value_t = Sets::Classic)]
    set: Sets,
    /// Edit small masters of the clips: at most 30 s and 512 pixels
    #[arg(long)]
    small: bool,
    /// Run only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Only clips whose names contain one of these
    #[arg(long, value_delimiter = ',')]
    clips: Vec<String>,
    /// Only these edits
    #[arg(long, value_delimiter = ',')]
    edits: Vec<String>,
    /// Compare each copy with this many unrelated clips, or copies of them; stills with none, if 0
    #[arg(long, default_value_t = 3)]
    cross: usize,
    /// Look at one comparison of this many only
    #[arg(long, default_value_t = 1)]
    sample: usize,
    /// Begin with this comparison of each sample; with the one in its middle, if not given
    #[arg(long)]
    first: Option<usize>,
    /// Other screenshots than those of the table
    #[arg(long, default_value_t = stills::screenshots::SEED)]
    seed: u64,
    /// Look through the frames' pixels as well, where hashes do not tell; takes minutes for each clip
    #[arg(long, conflicts_with = "coded")]
    pixels: bool,
    /// Know of each copy no more than its compact code
    #[arg(long)]
    coded: bool,
    /// Write every comparison as a line of this file
    #[arg(long, default_value = "target/eval/results.tsv")]
    output: PathBuf,
}

/// Clips that were kept aside while the engine was tuned, by parts of their names.
pub const ASIDE: [&str; 8] =
    ["traffic_camera", "bgslibrary--video03", "360p", "chaplin", "bottle", "pattern", "book", "sister"];

/// Runs all parts, or those that were asked for.
fn main() -> Result<()> {
    let options = &Options::parse();
    let is_wanted = |part| options.only.is_empty() || options.only.contains(&part);
    if is_wanted(Part::Videos) {
        run_videos(options)?;
    }
    if options.only.contains(&Part::Moments) {
        run_moments(options)?;
    }
    if is_wanted(Part::Stills) {
        let Options { corpus, edits, sample, cross, .. } = options;
        stills::run(corpus, Path::new("target/eval"), edits, *sample, *cross == 0)?;
    }
    if is_wanted(Part::Screenshots) {
        let &Options { edits: ref layouts, sample, seed, cross, pixels, .. } = options;
        let wanted = stills::screenshots::Wanted { layouts, sample, seed, cross, pixels };
        stills::screenshots::run(&options.corpus, Path::new("target/eval"), &wanted)?;
    }
    if is_wanted(Part::Ranks) {
        run_ranks(options)?;
    }
    Ok(())
}

impl Options {
    fn clips<'a>(&self, corpus: &'a Corpus) -> Vec<&'a Clip> {
        corpus.clips.iter().filter(|clip| is_wanted(&clip.file, &self.clips)).collect()
    }

    fn sets(&self) -> &'static [Set] {
        match self.set {
            Sets::Classic => &[Set::Classic],
            Sets::Wild => &[Set::Wild],
            Sets::Chains => &[Set::Chains],
            Sets::All => &[Set::Classic, Set::Wild, Set::Chains],
        }
    }

    /// The copies of a clip, made where they are missing.
    fn copies(&self, corpus: &Corpus, clip: &Clip) -> Result<Vec<Copy>> {
        let mut copies = Vec::new();
        for set in self.sets() {
            copies.extend(corpus.copies_of(clip, *set)?);
        }
        copies.retain(|copy| is_wanted(&copy.edit, &self.edits));
        Ok(copies)
    }
}

fn is_wanted(name: &str, list: &[String]) -> bool {
    list.is_empty() || list.iter().any(|part| name.contains(part.as_str()))
}

fn run_ranks(options: &Options) -> Result<()> {
    let corpus = Corpus::open(&options.corpus, options.small)?;
    corpus.hash(&corpus.clips)?;
    let mut all = Vec::new();
    for clip in options.clips(&corpus) {
        all.extend(options.copies(&corpus, clip)?.into_iter().map(|copy| (clip, copy)));
    }
    let all: Vec<_> = all.into_iter().skip(options.sample / 2).step_by(options.sample).collect();
    ranks::run(&corpus, &all)
}

/// Compares, and prints the tables.
fn run_videos(options: &Options) -> Result<()> {
    let corpus = Corpus::open(&options.corpus, options.small)?;
    let clips = options.clips(&corpus);
    corpus.hash(clips.iter().copied())?;
    let copies = clips.iter().map(|clip| Ok((*clip, options.copies(&corpus, clip)?))).collect::<Result<Vec<_>>>()?;
    let mut trials = Vec::new();
    for (clip, edited) in &copies {
        for (i, copy) in edited.iter().enumerate() {
            trials.push(trial::own(&corpus, clip, copy));
            trials.extend(trial::cross(&corpus, &copies, clip, copy, options.cross, i));
        }
        if options.sets().contains(&Set::Classic) {
            trials.extend(trial::halves(&corpus, clip));
        }
    }
    run_trials(options, trials)
}

/// Compares each moment of a recording, and of its copies, with the others, and prints how often they are called the same.
fn run_moments(options: &Options) -> Result<()> {
    let corpus = Corpus::open(&options.corpus, options.small)?;
    let clips = options.clips(&corpus);
    corpus.hash(clips.iter().copied())?;
    let mut trials = Vec::new();
    for clip in clips {
        trials.extend(trial::moments(&corpus, clip, &options.copies(&corpus, clip)?));
    }
    run_trials(options, trials)
}

fn run_trials(options: &Options, trials: Vec<Trial>) -> Result<()> {
    let first = options.first.unwrap_or(options.sample / 2);
    let trials: Vec<_> = trials.into_iter().skip(first).step_by(options.sample).collect();
    let known = match (options.coded, options.pixels) {
        (true, _) => Known::Code,
        (false, true) => Known::Videos,
        (false, false) => Known::Prints,
    };
    let results = trial::run(&trials, known)?;
    let lines: Vec<String> = results.iter().map(score::line).collect();
    std::fs::write(&options.output, lines.join("\n") + "\n").context("cannot write the results")?;
    score::print_tables(&results);
    Ok(())
}
