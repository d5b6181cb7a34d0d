//! Systems on which nothing holds ffmpeg.

use super::kernel::Kernel;
use crate::cli::failure::Failure;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Why.
pub const WITHOUT: &str = "there is none for this system";

/// Nothing.
pub fn try_out() -> Kernel {
    Kernel::default()
}

/// The program as it is.
pub fn command(program: &'static str, _input: Option<&Path>, _seccomp: bool) -> Result<Command, Failure> {
    Ok(Command::new(program))
}

/// No process is started for that.
pub fn become_ffmpeg() -> Option<ExitCode> {
    None
}
