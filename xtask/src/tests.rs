//! Every test, in the order in which a failure is cheapest to find.

use crate::command::{run, run_command};
use crate::{build, dist, setup};
use anyhow::Result;
use clap::ValueEnum;
use std::process::Command;

/// A part of the tests that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Formatting, lints, documentation
    Style,
    /// The core and the command
    Rust,
    /// The page's types, the core in WebAssembly, and the page against the command, in both browsers
    Browser,
    /// What is published, built twice in different folders with the same bytes
    Dist,
}

/// Runs `only` these parts, or all.
pub fn run_parts(only: &[Part]) -> Result<()> {
    setup::for_tests()?;
    let is_wanted = |part| only.is_empty() || only.contains(&part);
    if is_wanted(Part::Style) {
        style()?;
    }
    if is_wanted(Part::Rust) {
        run("cargo", &["test", "--quiet", "--workspace"])?;
    }
    if is_wanted(Part::Browser) {
        browser()?;
    }
    if is_wanted(Part::Dist) {
        dist::dist(true)?;
    }
    println!("all tests passed");
    Ok(())
}

fn style() -> Result<()> {
    run("cargo", &["fmt", "--all", "--check"])?;
    let deny = ["--", "--deny", "warnings"];
    run("cargo", &[&["clippy", "--quiet", "--workspace", "--all-targets"], deny.as_slice()].concat())?;
    let wasm = ["clippy", "--quiet", "--lib", "--target", "wasm32-unknown-unknown"];
    run("cargo", &[wasm.as_slice(), deny.as_slice()].concat())?;
    let av1 = ["clippy", "--quiet", "--package", "cotejo-av1", "--target", "wasm32-wasip1"];
    run("cargo", &[av1.as_slice(), deny.as_slice()].concat())?;
    run_command(Command::new("cargo").args(["doc", "--quiet", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

fn browser() -> Result<()> {
    run("cargo", &["build", "--quiet", "--bin", "cotejo"])?;
    build::build()?;
    // The types of the core in WebAssembly come out of the build.
    run("npx", &["tsc", "--project", "tsconfig.json"])?;
    // One file at a time: each starts browsers, and two would compete for the processors.
    run("node", &["--test", "--test-concurrency=1", "tests/browser/"])
}
