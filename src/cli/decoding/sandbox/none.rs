//! For systems on which ffmpeg is not confined.

use super::kernel::Kernel;
use crate::cli::failure::Failure;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Why ffmpeg is not confined.
pub const WITHOUT: &str = "there is none for this system";

/// This kernel can do nothing.
pub fn try_out() -> Kernel {
    Kernel::default()
}

/// The program, not confined.
pub fn command(program: &'static str, _input: Option<&Path>, _seccomp: bool) -> Result<Command, Failure> {
    Ok(Command::new(program))
}

/// Never: no process is started for that.
pub fn become_ffmpeg() -> Option<ExitCode> {
    None
}
