//! Runs other programs.

use anyhow::{Context, Result, ensure};
use std::process::Command;

/// Runs `program` with `arguments`, its output shown.
pub fn run(program: &str, arguments: &[&str]) -> Result<()> {
    run_command(Command::new(program).args(arguments))
}

/// Runs a prepared command, its output shown.
pub fn run_command(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(())
}

/// Runs a prepared command, and returns what it prints.
pub fn output(command: &mut Command) -> Result<String> {
    let done = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(done.status.success(), "{command:?} failed: {}", done.status);
    Ok(String::from_utf8(done.stdout)?)
}
