//! How often the core errs, measured on a folder of clips with known relations.

mod stills;

use anyhow::Result;
use clap::ValueEnum;
use std::path::Path;

/// A part of the evaluation that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Still pictures in videos
    Stills,
}

/// Runs `only` these parts, or all; what takes long to make is kept in target/eval.
pub fn run(corpus: &Path, only: &[Part]) -> Result<()> {
    let is_wanted = |part| only.is_empty() || only.contains(&part);
    if is_wanted(Part::Stills) {
        stills::run(corpus, Path::new("target/eval"))?;
    }
    Ok(())
}
