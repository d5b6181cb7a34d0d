//! Runs other programs, says what it runs, and stops at the first that fails.

use anyhow::{Context, Result, bail};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

/// The repository's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").to_owned()
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

/// Runs `program` as [`run`] does, until it ends of itself: its input stays open and is never written to. Servers take the end
/// of their input for an order to stop.
pub fn run_with_open_input(program: &str, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(program);
    let line = describe(command.args(arguments));
    eprintln!("> {line}");
    let mut child = command.stdin(Stdio::piped()).spawn().with_context(|| format!("cannot start `{line}`"))?;
    // Waiting would close what the child still holds of it.
    let open_input = child.stdin.take();
    let status = child.wait()?;
    drop(open_input);
    check(&line, status)
}

/// Runs a prepared command beside another one, whose output it would mix with: its own is shown when it has ended.
pub fn run_shown_at_the_end(command: &mut Command) -> Result<()> {
    let line = describe(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{line}`"))?;
    eprintln!("> {line}");
    std::io::stdout().write_all(&output.stdout)?;
    std::io::stderr().write_all(&output.stderr)?;
    check(&line, output.status)
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_waits_for_the_end_of_its_input_goes_on_while_it_is_open() {
        // Ends well where the input ends before the signal comes.
        let waiting = ["-c", "(sleep 0.3; kill $$ 2>/dev/null) & read line; exit 0"];
        assert!(run("sh", &waiting).is_ok());
        assert!(run_with_open_input("sh", &waiting).is_err());
    }
}
