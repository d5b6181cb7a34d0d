//! Writes the documentation's measured tables: how formats are hashed, and what becomes of damaged videos and of other people's
//! files.

use crate::build;
use crate::command::run;
use crate::setup;
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;

/// How many damaged videos, and which.
#[derive(Args)]
pub struct Damage {
    /// How many damaged videos to make
    #[arg(long, default_value_t = 2000)]
    count: u32,
    /// Another number makes other damage
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

/// Which files, and whether to go on with an interrupted run.
#[derive(Args)]
pub struct Suite {
    /// The folder of media files; a manifest.tsv in it may name their makers
    #[arg(long)]
    folder: PathBuf,
    /// Keep what an interrupted run found out, and give only the other files to the programs
    #[arg(long)]
    resume: bool,
    /// Only these browsers: chromium, firefox, webkit
    #[arg(long, value_delimiter = ',')]
    browsers: Vec<String>,
}

/// Runs every format through page and command; writes the table of docs/formats.md.
pub fn formats() -> Result<()> {
    build_all()?;
    run("node", &["benches/formats.mjs"])
}

/// Runs damaged videos through page and command; writes the tables of docs/robustness.md.
pub fn mutate(damage: &Damage) -> Result<()> {
    build_all()?;
    run("node", &["benches/mutate.mjs", &damage.count.to_string(), &damage.seed.to_string()])
}

/// Runs other people's files through page, command and ffmpeg; writes the tables of docs/suites.md.
pub fn suites(suite: &Suite) -> Result<()> {
    build_all()?;
    let folder = suite.folder.to_str().context("the folder's name is no UTF-8")?;
    let resume = if suite.resume { &["resume"][..] } else { &[] };
    let browsers = suite.browsers.iter().map(String::as_str).collect::<Vec<_>>();
    run("node", &[&["benches/suites.mjs", folder], resume, &browsers].concat())
}

/// Measures how often comparisons are right; prints the tables of docs/accuracy/.
pub fn eval(arguments: &[String]) -> Result<()> {
    // What hashes the copies.
    run("cargo", &["build", "--quiet", "--release", "--bin", "cotejo"])?;
    let arguments = arguments.iter().map(String::as_str).collect::<Vec<_>>();
    run("cargo", &[&["run", "--quiet", "--package", "cotejo-eval", "--"], arguments.as_slice()].concat())
}

fn build_all() -> Result<()> {
    setup::for_tests()?;
    run("cargo", &["build", "--quiet", "--bin", "cotejo"])?;
    build::build()
}
