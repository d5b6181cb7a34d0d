//! The project's tasks: `cargo xtask serve | build | dist | audit | test | bench | eval | formats | mutate |
//! suites`.

mod audit;
mod bench;
mod build;
mod command;
mod dist;
mod floor_plan;
mod named_paths;
mod sbom;
mod setup;
mod tables;
mod tests;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, serves, tests and measures Cotejo", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the page and serve it on this machine; prints the address
    Serve {
        /// The port to listen on
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Build cotejo-ffmpeg.js, too, for videos that the browser cannot decode; takes some minutes the first time
        #[arg(long)]
        ffmpeg: bool,
    },
    /// Build the static page into dist/
    Build,
    /// Build what is published into dist/, with the bill of materials and SHA256SUMS
    Dist {
        /// Build it again from a copy of the sources in another folder, and fail unless the bytes are the same
        #[arg(long)]
        again: bool,
    },
    /// Ask the databases of advisories and signatures about the libraries; before publishing, with the network
    Audit,
    /// Run every test: Rust, command, page in Chromium, Firefox and WebKit
    Test {
        /// Run only these parts
        #[arg(long, value_enum, value_delimiter = ',')]
        only: Vec<tests::Part>,
    },
    /// Measure speed and memory; prints ratios taken in one run
    Bench,
    /// Measure how often comparisons are right, on a folder of clips
    #[command(disable_help_flag = true)]
    Eval {
        /// What to measure: `cargo xtask eval --help`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Hash a file of every format in all browsers and by the command; writes the table of docs/formats.md
    Formats,
    /// Hash damaged videos in Chromium and by the command; writes the tables of docs/robustness.md
    Mutate(tables::Damage),
    /// Hash other people's files in all browsers and by the command, beside ffmpeg; writes the tables of docs/suites.md
    Suites(tables::Suite),
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    std::env::set_current_dir(command::root())?;
    match task {
        Task::Serve { port, ffmpeg } => build::serve(port, ffmpeg),
        Task::Build => build::build(),
        Task::Dist { again } => {
            let sums = dist::dist()?;
            if again { dist::again(&sums) } else { Ok(()) }
        }
        Task::Audit => audit::audit(),
        Task::Test { only } => tests::run_parts(&only),
        Task::Bench => bench::run_all(),
        Task::Eval { arguments } => tables::eval(&arguments),
        Task::Formats => tables::formats(),
        Task::Mutate(damage) => tables::mutate(&damage),
        Task::Suites(suite) => tables::suites(&suite),
    }
}
