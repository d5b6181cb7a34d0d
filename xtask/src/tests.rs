//! Every test, in the order in which a failure is cheapest to find.

use crate::build;
use crate::command::{root, run, run_command};
use crate::dist;
use crate::floor_plan;
use crate::setup;
use anyhow::{Context as _, Result, ensure};
use clap::ValueEnum;
use std::cmp::Reverse;
use std::path::Path;
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
    setup::for_build()?;
    let is_wanted = |part| only.is_empty() || only.contains(&part);
    let missing = setup::missing()?;
    thread::scope(|scope| {
        // Packages are unpacked one after the other: a processor is free meanwhile.
        let programs = scope.spawn(|| setup::install(&missing));
        let style = if is_wanted(Part::Style) { style() } else { Ok(()) };
        programs.join().expect("no part panics")?;
        style
    })?;
    let (failed, beside) = side_by_side(is_wanted)?;
    if is_wanted(Part::Browser) {
        browser_tests_alone(failed)?;
    }
    beside?;
    println!("all tests passed");
    Ok(())
}

/// Runs all but the style side by side: a processor is free while a crate is optimised as a whole, and while a browser waits.
/// Gives the browser tests that failed, and how the other parts ended; what they found is on the screen already.
fn side_by_side(is_wanted: impl Fn(Part) -> bool) -> Result<(Vec<Failed>, Result<()>)> {
    thread::scope(|scope| {
        let mut beside = Vec::new();
        if is_wanted(Part::Rust) {
            beside.push(scope.spawn(rust));
        }
        let clips = is_wanted(Part::Browser).then(|| scope.spawn(make_clips));
        if is_wanted(Part::Dist) {
            let sums = dist::dist()?;
            beside.push(scope.spawn(move || dist::again(&sums)));
        } else if is_wanted(Part::Browser) {
            build::build()?;
        }
        let mut failed = Vec::new();
        if let Some(clips) = clips {
            clips.join().expect("no part panics")?;
            build_command(is_wanted(Part::Rust))?;
            failed = browser_tests()?;
        }
        Ok((failed, beside.into_iter().try_for_each(|part| part.join().expect("no part panics"))))
    })
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

/// Without the benchmarks, which would be built for nothing.
const RUST_TESTS: [&str; 7] = ["test", "--quiet", "--workspace", "--exclude", "xtask", "--exclude", "cotejo-steps"];

fn rust() -> Result<()> {
    run("cargo", &RUST_TESTS)?;
    run("cargo", &["test", "--quiet", "--profile", "xtask", "--package", "xtask"])
}

/// Where the videos are that tests have made, and what makes most of them: nothing is kept from another run.
const KEPT: &str = "target/kept";
const CLIPS: &str = "tests/browser/clips.mjs";

/// Makes the videos that several files of browser tests need.
fn make_clips() -> Result<()> {
    if Path::new(KEPT).exists() {
        fs::remove_dir_all(KEPT).context(KEPT)?;
    }
    run_command(Command::new("node").arg(CLIPS).stdout(Stdio::null()))
}

/// A file of browser tests that failed, and what it wrote.
type Failed = (String, String);

/// Builds the command. Tests in Rust build it, too; alone it would be built again, because then crates have other features.
fn build_command(with_rust: bool) -> Result<()> {
    if with_rust {
        return run("cargo", &[&RUST_TESTS[..], &["--no-run"]].concat());
    }
    run("cargo", &["build", "--quiet", "--bin", "cotejo"])
}

/// Runs every file of browser tests that does not mind others beside it; needs the page and the command.
fn browser_tests() -> Result<Vec<Failed>> {
    // The types of the core in WebAssembly come out of the build.
    run("npx", &["tsc", "--project", "tsconfig.json"])?;
    in_lanes(files_of_browser_tests()?.into_iter().filter(|file| !is_one_of(&ALONE, file)).collect())
}

/// How many files of browser tests run at once: much of a test is waiting.
const LANES: usize = 3;

/// The files that take longest, the longest first: begun last, one of them would run on alone.
const LONGEST: [&str; 9] =
    ["ffmpeg", "broken", "ranges", "compare", "identical", "accessible", "keyboard", "code", "pseudo"];

/// The files that look whether the page answers in time: they run last, with nothing beside them that would keep the page waiting.
const ALONE: [&str; 1] = ["responsive"];

/// Runs files of browser tests, the last first, a few at once; each lane has a folder of clips.
fn in_lanes(files: Vec<String>) -> Result<Vec<Failed>> {
    let queue = Mutex::new(files);
    let next = || queue.lock().expect("no lane panics").pop();
    let work = |lane: usize| -> Result<Vec<Failed>> {
        let outcomes = std::iter::from_fn(next).map(|file| failure_of(&file, lane));
        outcomes.filter_map(Result::transpose).collect()
    };
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|lane| scope.spawn(move || work(lane))).collect();
        let failed: Result<Vec<_>> = lanes.into_iter().map(|lane| lane.join().expect("no lane panics")).collect();
        Ok(failed?.concat())
    })
}

/// Runs the files of browser tests that need the machine for themselves.
///
/// What has `failed` there or before is run once more, and shown whole after everything else: twice in a row is a failure, once is a fault of the
/// test that is to be found from what is shown.
fn browser_tests_alone(mut failed: Vec<Failed>) -> Result<()> {
    for file in files_of_browser_tests()?.iter().filter(|file| is_one_of(&ALONE, file)) {
        failed.extend(failure_of(file, 0)?);
    }
    let mut twice = Vec::new();
    for (file, first) in failed {
        eprintln!("\n{file} failed:\n{first}\nonce more, by itself:");
        match failure_of(&file, 0)? {
            Some((_, second)) => {
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
fn failure_of(file: &str, lane: usize) -> Result<Option<Failed>> {
    let start = Instant::now();
    let output = browser_test(file, lane).output().context("cannot start node")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let outcome = if output.status.success() { "passed" } else { "FAILED" };
    eprintln!("{file}: {outcome} in {} s, {}", start.elapsed().as_secs(), counts_in(&text));
    Ok((!output.status.success()).then(|| (file.to_owned(), text)))
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
