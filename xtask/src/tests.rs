//! Every test, in the order in which a failure is cheapest to find.

use crate::build;
use crate::command::{root, run, run_command};
use crate::dist;
use crate::floor_plan;
use crate::setup;
use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;
use std::cmp::Reverse;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;
use std::{fs, thread};

const BROWSER_TESTS: &str = "tests/browser";
/// What the name of a file of browser tests ends in.
const ENDING: &str = ".test.mjs";

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
    browser_files()
}

/// How many files of browser tests run at once: much of a test is waiting.
const LANES: usize = 2;

/// The files that take longest, the longest first: begun last, one of them would run on alone.
const LONGEST: [&str; 8] = ["ffmpeg", "broken", "ranges", "compare", "identical", "accessible", "code", "pseudo"];

/// The files that look whether the page answers in time: they run last, with nothing beside them that would keep the page waiting.
const ALONE: [&str; 1] = ["responsive"];

/// Runs every file of browser tests, a few at once; each lane makes its own clips.
///
/// What failed is run once more, with nothing beside it, and shown whole after everything else: twice in a row is a failure, once is a fault of the
/// test that is to be found from what is shown.
fn browser_files() -> Result<()> {
    let (alone, together): (Vec<_>, Vec<_>) =
        files_of_browser_tests()?.into_iter().partition(|file| is_one_of(&ALONE, file));
    let queue = Mutex::new(together);
    let failed = Mutex::new(Vec::new());
    let test_file = |file: String, lane: usize| -> Result<()> {
        if let Some(output) = failure_of(&file, lane)? {
            failed.lock().expect("no lane panics").push((file, output));
        }
        Ok(())
    };
    let next = || queue.lock().expect("no lane panics").pop();
    let work = |lane: usize| std::iter::from_fn(next).try_for_each(|file| test_file(file, lane));
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|lane| scope.spawn(move || work(lane))).collect();
        lanes.into_iter().try_for_each(|lane| lane.join().expect("no lane panics"))
    })?;
    alone.into_iter().try_for_each(|file| test_file(file, 0))?;
    let mut twice = Vec::new();
    for (file, first) in failed.into_inner()? {
        eprintln!("\n{file} failed:\n{first}\nonce more, by itself:");
        match failure_of(&file, 0)? {
            Some(second) => {
                eprintln!("{second}");
                twice.push(file);
            }
            None => eprintln!("{file} is flaky: it failed above, and passed by itself"),
        }
    }
    ensure!(twice.is_empty(), "browser tests failed: {}", twice.join(", "));
    Ok(())
}

/// Runs the tests of a file and says in a line how it went. What they wrote, if they failed.
fn failure_of(file: &str, lane: usize) -> Result<Option<String>> {
    let start = Instant::now();
    let output = browser_test(file, lane).output().context("cannot start node")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let outcome = if output.status.success() { "passed" } else { "FAILED" };
    eprintln!("{file}: {outcome} in {} s, {}", start.elapsed().as_secs(), counts_in(&text));
    Ok((!output.status.success()).then_some(text))
}

/// The names of all files of browser tests, the first to run last.
fn files_of_browser_tests() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join(BROWSER_TESTS))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(ENDING) {
            names.push(name);
        }
    }
    let place = |name: &String| {
        LONGEST.iter().position(|long| name.strip_suffix(ENDING) == Some(long)).unwrap_or(LONGEST.len())
    };
    names.sort_by_key(|name| Reverse((place(name), name.clone())));
    Ok(names)
}

/// Whether a file of browser tests is one of `names`, which have no ending.
fn is_one_of(names: &[&str], file: &str) -> bool {
    names.iter().any(|name| file.strip_suffix(ENDING) == Some(name))
}

/// One file's tests, in a folder of clips that only this lane uses.
fn browser_test(file: &str, lane: usize) -> Command {
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=spec", &format!("{BROWSER_TESTS}/{file}")]).stdin(Stdio::null());
    command.env("COTEJO_CLIPS", root().join(format!("target/clips-{lane}")));
    command
}

/// How many tests passed and were skipped, as node's reporter says it.
fn counts_in(text: &str) -> String {
    let count = |what| text.lines().find_map(|line| line.strip_prefix(&format!("ℹ {what} "))).unwrap_or("?").to_owned();
    format!("{} passed, {} skipped", count("pass"), count("skipped"))
}
