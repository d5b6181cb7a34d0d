//! Every test, in the order in which a failure is cheapest to find.

use crate::build;
use crate::command::{root, run, run_command, run_shown_at_the_end};
use crate::dist;
use crate::floor_plan;
use crate::setup;
use anyhow::Result;
use clap::ValueEnum;
use std::process::Command;
use std::thread;

/// A part of the tests that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The floor plan, formatting, lints, documentation
    Style,
    /// The core and the command
    Rust,
    /// The page's types, the core in WebAssembly, and the page against the command, in all browsers
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
        run("cargo", &["test", "--quiet", "--workspace", "--exclude", "xtask"])?;
        run("cargo", &["test", "--quiet", "--profile", "xtask", "--package", "xtask"])?;
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
    floor_plan::check()?;
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
    let [mut first, mut second] = [half_of_the_files(1), half_of_the_files(2)];
    let second = thread::spawn(move || run_shown_at_the_end(&mut second));
    let first = run_command(&mut first);
    first.and(second.join().expect("running a program does not panic"))
}

/// Half of the browser tests, one file after the other. Two at once: much of a test is waiting. Each half makes its own clips.
fn half_of_the_files(number: u8) -> Command {
    let mut command = Command::new("node");
    command.args(["--test", "--test-concurrency=1", &format!("--test-shard={number}/2"), "tests/browser/"]);
    command.env("COTEJO_CLIPS", root().join(format!("target/clips-{number}")));
    command
}
