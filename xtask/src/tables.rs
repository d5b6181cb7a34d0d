//! Tables of the documentation that are measured: which formats are hashed how, and what becomes of damaged videos.

use crate::command::run;
use crate::{build, setup};
use anyhow::Result;
use clap::Args;

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

/// Every format through page and command; writes the table of docs/formats.md.
pub fn formats() -> Result<()> {
    build_all()?;
    run("node", &["benches/formats.mjs"])
}

/// Damaged videos through page and command; writes the tables of docs/robustness.md.
pub fn mutate(damage: &Damage) -> Result<()> {
    build_all()?;
    run("node", &["benches/mutate.mjs", &damage.count.to_string(), &damage.seed.to_string()])
}

fn build_all() -> Result<()> {
    setup::for_tests()?;
    run("cargo", &["build", "--quiet", "--bin", "cotejo"])?;
    build::build()
}
