//! What the command does to files: inputs stay as they are, outputs are whole or not there, and nothing is left behind.
#![cfg(unix)]

mod any;
#[path = "../folder/mod.rs"]
mod folder;
mod folders;
mod interrupts;
mod kept;
mod names;
mod whole;
mod wrapped;

use cotejo::fingerprint::Fingerprint;
use folder::Folder;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngSeed, TestRunner};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{Read, Seek};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const COTEJO: &str = env!("CARGO_BIN_EXE_cotejo");
const EXAMPLE: &[u8] = include_bytes!("../vectors/fingerprint/example.cotejo");
/// Pictures need no ffmpeg, so they are hashed at once.
const PICTURE: &[u8] = include_bytes!("../vectors/pdq/pictures/00-rgb.png");
const SECOND_PICTURE: &[u8] = include_bytes!("../vectors/pdq/pictures/01-grey.png");

impl Folder {
    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.join(name)
    }

    fn write(&self, name: impl AsRef<Path>, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        fs::read(self.path(&name)).unwrap_or_else(|error| panic!("{}: {error}", name.as_ref().display()))
    }

    /// All names below the folder, without folders.
    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    names.push(entry.path().strip_prefix(&self.0).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        names.sort();
        names
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The command, with signals as they usually are: `nohup` and scripts have some of them ignored in all that they start.
    fn interruptible_cotejo(&self) -> Command {
        if cfg!(target_os = "linux") {
            let mut command = self.command("env");
            command.args(["--default-signal=INT,TERM,HUP", COTEJO]);
            return command;
        }
        self.command(COTEJO)
    }

    fn cotejo(&self, arguments: &[impl AsRef<OsStr>]) -> Output {
        self.run(COTEJO, arguments)
    }

    /// A line of the shell, in which `cotejo` is the command.
    fn shell(&self, line: &str) -> Output {
        let line = format!("cotejo() {{ {COTEJO} \"$@\"; }}; {line}");
        self.run("sh", &["-c", &line])
    }

    /// Makes a video with ffmpeg.
    fn make(&self, arguments: &str, name: &str) {
        let arguments = format!("-v error -y {arguments}");
        let all: Vec<&str> = arguments.split_whitespace().chain([name]).collect();
        let output = self.run("ffmpeg", &all);
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
}

const VIDEO: &str = "-f lavfi -i testsrc=s=64x48:r=10:d=1 -c:v libx264 -pix_fmt yuv420p";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Status and errors.
fn outcome(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), text(&output.stderr))
}

fn refusal(sentence: &str, hint: &str) -> (Option<i32>, String) {
    (Some(2), format!("cotejo: {sentence}\n  hint: {hint}\n"))
}

fn is_fingerprint(bytes: &[u8]) -> bool {
    Fingerprint::read(bytes).is_ok()
}

/// Puts a program before the installed ones; returns the path for it.
fn put_before_ffmpeg(folder: &Folder, program: &str, script: &str) -> OsString {
    folder.write(Path::new("bin").join(program), script.as_bytes());
    fs::set_permissions(folder.path("bin").join(program), fs::Permissions::from_mode(0o755)).unwrap();
    let mut path = folder.path("bin").into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    path
}
