//! Measures speed and memory. Every figure is a ratio of two things measured in turn, in one run.

use crate::build;
use crate::command::run;
use crate::setup;
use anyhow::Result;

/// Runs the microbenchmarks of the core, then command and page on one clip, the page on the long fingerprint that the comparison
/// benchmark wrote, and one to four decoders.
pub fn run_all() -> Result<()> {
    setup::for_tests()?;
    run("cargo", &["bench", "--quiet", "--package", "cotejo-steps", "--bench", "frame", "--bench", "still"])?;
    run("cargo", &["bench", "--quiet", "--bench", "compare"])?;
    run("cargo", &["build", "--quiet", "--release", "--bin", "cotejo"])?;
    build::build()?;
    run("node", &["benches/video.mjs"])?;
    run("node", &["benches/decoders.mjs"])
}
