//! How often the engine is right: on edited copies with known truth, on unrelated clips, and on two halves of one recording.
//!
//! Run by `cargo xtask eval`. The corpus is a folder of clips with `manifest.tsv` and `edit.py`, which makes the copies. Nothing of
//! it is in the repository; copies and fingerprints are cached in `target/eval`.

mod command;
mod copies;
#[path = "../../../tests/random/mod.rs"]
mod random;
mod ranks;
mod score;
mod stills;
mod trial;
mod truth;
mod vpdq;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use copies::{Clip, Copy, Corpus};
use std::path::{Path, PathBuf};

/// A part of the evaluation that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Videos against videos
    Videos,
    /// Still pictures in videos
    Stills,
    /// Where a glance ranks the right clip among all
    Ranks,
}

/// Measure how often comparisons are right, on a folder of clips
#[derive(Parser)]
#[command(name = "cargo xtask eval", max_term_width = 100)]
struct Options {
    /// Folder with the clips, manifest.tsv and edit.py
    #[arg(long)]
    corpus: PathBuf,
    /// Run only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Only clips whose names contain one of these
    #[arg(long, value_delimiter = ',')]
    clips: Vec<String>,
    /// Only these edits
    #[arg(long, value_delimiter = ',')]
    edits: Vec<String>,
    /// Compare each copy with this many unrelated clips
    #[arg(long, default_value_t = 3)]
    cross: usize,
    /// Look at one comparison of this many only
    #[arg(long, default_value_t = 1)]
    sample: usize,
    /// Know of each copy no more than its compact code
    #[arg(long)]
    coded: bool,
    /// Write every comparison as a line of this file
    #[arg(long, default_value = "target/eval/results.tsv")]
    output: PathBuf,
}

/// Clips kept aside while the engine was tuned, by parts of their names.
pub const ASIDE: [&str; 8] =
    ["traffic_camera", "bgslibrary--video03", "360p", "chaplin", "bottle", "pattern", "book", "sister"];

/// Runs all parts, or those that were asked for.
fn main() -> Result<()> {
    let options = &Options::parse();
    let is_wanted = |part| options.only.is_empty() || options.only.contains(&part);
    if is_wanted(Part::Videos) {
        run_videos(options)?;
    }
    if is_wanted(Part::Stills) {
        stills::run(&options.corpus, Path::new("target/eval"), &options.edits, options.sample)?;
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

    /// The copies of a clip, made if they are missing.
    fn copies(&self, corpus: &Corpus, clip: &Clip) -> Result<Vec<Copy>> {
        let mut copies = corpus.copies_of(clip)?;
        copies.retain(|copy| is_wanted(&copy.edit, &self.edits));
        Ok(copies)
    }
}

fn is_wanted(name: &str, list: &[String]) -> bool {
    list.is_empty() || list.iter().any(|part| name.contains(part.as_str()))
}

fn run_ranks(options: &Options) -> Result<()> {
    let corpus = Corpus::open(&options.corpus)?;
    let mut all = Vec::new();
    for clip in options.clips(&corpus) {
        all.extend(options.copies(&corpus, clip)?.into_iter().map(|copy| (clip, copy)));
    }
    let all: Vec<_> = all.into_iter().skip(options.sample / 2).step_by(options.sample).collect();
    ranks::run(&corpus, &all)
}

/// Compares, and prints the tables.
fn run_videos(options: &Options) -> Result<()> {
    let corpus = Corpus::open(&options.corpus)?;
    let clips = options.clips(&corpus);
    let mut trials = Vec::new();
    for clip in &clips {
        for (i, copy) in options.copies(&corpus, clip)?.iter().enumerate() {
            trials.push(trial::own(&corpus, clip, copy));
            trials.extend(trial::cross(&corpus, &clips, clip, copy, options.cross, i));
        }
        trials.extend(trial::halves(&corpus, clip));
    }
    let trials: Vec<_> = trials.into_iter().skip(options.sample / 2).step_by(options.sample).collect();
    let results = trial::run(&trials, options.coded)?;
    let lines: Vec<String> = results.iter().map(score::line).collect();
    std::fs::write(&options.output, lines.join("\n") + "\n").context("cannot write the results")?;
    score::print_tables(&results);
    Ok(())
}
