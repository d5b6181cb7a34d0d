//! How `ffmpeg` and `ffprobe` run: confined by the kernel to the one file that they read, if it can.
//!
//! A decoder with a security hole does whatever a hostile file tells it. On Linux, [`system`] lets it reach nothing but its own
//! program and libraries, its input, and the pipes to this command. Elsewhere ffmpeg runs like any program.

use crate::cli::decoding::installed::last_line;
use crate::cli::failure::Failure;
use clap::ValueEnum;
use kernel::Kernel;
use std::fmt;
use std::path::Path;
use std::process::{Command, ExitCode, Output};
use std::sync::OnceLock;
use std::thread;

mod kernel;
// The architectures that seccompiler knows.
#[cfg_attr(
    all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")),
    path = "linux.rs"
)]
#[cfg_attr(
    not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))),
    path = "none.rs"
)]
mod system;

/// Whether ffmpeg is confined to its one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Sandbox {
    /// Where the kernel can do it; elsewhere ffmpeg runs without
    #[default]
    Auto,
    /// Always; where the kernel cannot do it, nothing is read
    Required,
    /// Never
    Off,
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.landlock_abi, self.has_seccomp) {
            (Some(abi), true) => write!(f, "Landlock ABI {abi}, seccomp"),
            (Some(abi), false) => write!(f, "Landlock ABI {abi}, no seccomp"),
            (None, _) => write!(f, "none ({})", system::WITHOUT),
        }
    }
}

static IS_ON: OnceLock<bool> = OnceLock::new();

/// Chooses for the whole run; fails if ffmpeg must be confined and cannot be.
pub fn choose(sandbox: Sandbox) -> Result<(), Failure> {
    let is_on = match sandbox {
        Sandbox::Off => false,
        Sandbox::Auto => kernel().landlock_abi.is_some(),
        Sandbox::Required if matches!(kernel(), Kernel { landlock_abi: Some(_), has_seccomp: true }) => true,
        Sandbox::Required => {
            let failure = Failure::new(format!("ffmpeg cannot be held to its one file here: {}", kernel()));
            return Err(failure.hint("Linux 5.13 or newer can, with Landlock switched on (`lsm=landlock,...`)"));
        }
    };
    IS_ON.get_or_init(|| is_on);
    Ok(())
}

/// Whether ffmpeg is confined to its one file in this run.
pub fn is_on() -> bool {
    *IS_ON.get_or_init(|| kernel().landlock_abi.is_some())
}

/// What the running kernel can do. A separate thread tries it, because confinement cannot be undone.
fn kernel() -> Kernel {
    static KERNEL: OnceLock<Kernel> = OnceLock::new();
    *KERNEL.get_or_init(|| thread::spawn(system::try_out).join().unwrap_or_default())
}

/// The second line of `cotejo --version`.
pub fn version_line() -> String {
    format!("sandbox: {}", kernel())
}

/// `ffmpeg` or `ffprobe`, allowed to read only `input`. It may be killed when the thread that starts it ends.
pub fn command(program: &'static str, input: Option<&Path>) -> Result<Command, Failure> {
    if is_on() { system::command(program, input, kernel().has_seccomp) } else { Ok(Command::new(program)) }
}

/// Fails if `program` could not even start in confinement. Does not look at what it says of a file: no file may talk anyone into
/// switching confinement off.
pub fn check_started(program: &str, output: &Output) -> Result<(), Failure> {
    if !is_on() || !output.stdout.is_empty() {
        return Ok(());
    }
    let failure = Failure::new(format!("{program} does not run in its sandbox ({})", last_line(&output.stderr)));
    Err(failure.hint(format!(
        "if `{program} -version` works, --sandbox off goes on without one; a file made to do harm could then reach others"
    )))
}

/// Becomes ffmpeg if [`command`] started this process for that; returns only if that failed.
pub fn become_ffmpeg() -> Option<ExitCode> {
    system::become_ffmpeg()
}
