//! A folder for the files of one test, and programs that run in it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder that goes away with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn run(&self, program: &str, arguments: &[impl AsRef<OsStr>]) -> Output {
        let output = Command::new(program).args(arguments).current_dir(&self.0).stdin(Stdio::null()).output();
        output.unwrap_or_else(|error| panic!("{program} does not start ({error}); these tests need ffmpeg installed"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
