//! Every test, in the order in which a failure is cheapest to find.

use anyhow::Result;
pub enum Part {}
pub fn run(_: &[Part]) -> Result<()> { Ok(()) }
pub fn bench() -> Result<()> { Ok(()) }
