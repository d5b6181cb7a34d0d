//! Runs other programs, prints what it runs, and stops at the first failure.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// Names another folder of sources to work in, to a program that was built in this one.
pub const ROOT: &str = "COTEJO_ROOT";

/// The repository's folder.
pub fn root() -> PathBuf {
    let built_in = || Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").to_owned();
    std::env::var_os(ROOT).map_or_else(built_in, PathBuf::from)
}

/// Runs `program` with `arguments`, its output shown.
pub fn run(program: &str, arguments: &[&str]) -> Result<()> {
    run_command(Command::new(program).args(arguments))
}

/// Runs a prepared command, its output shown.
pub fn run_command(command: &mut Command) -> Result<()> {
    let line = describe(command);
    eprintln!("> {line}");
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{line}`"))?;
    check(&line, status)
}

/// Replaces this program by another, so that signals reach it; on systems that cannot, waits for it.
pub fn become_program(program: &str, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(program);
    let line = describe(command.args(arguments));
    eprintln!("> {line}");
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        Err(command.exec()).with_context(|| format!("cannot start `{line}`"))
    }
    #[cfg(not(unix))]
    {
        check(&line, command.status().with_context(|| format!("cannot start `{line}`"))?)
    }
}

fn check(line: &str, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{line}` failed: {status}");
    }
    Ok(())
}

/// Whether `program` can be started.
pub fn exists(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
