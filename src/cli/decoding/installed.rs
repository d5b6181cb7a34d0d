//! The installed `ffmpeg`: how to pass it inputs, its last message, and what to say if it is missing.

use crate::cli::failure::Failure;
use cotejo::ffmpeg::log::said;
use std::io;
use std::path::Path;

/// The prefix of names that ffmpeg takes only for files.
pub const INPUT: &str = "file:";

/// A file name that ffmpeg cannot take for an option, a protocol or a pattern.
pub fn as_ffmpeg_input(path: &Path) -> std::ffi::OsString {
    let mut input = std::ffi::OsString::from(INPUT);
    input.push(path);
    input
}

/// What to say if `ffmpeg` or `ffprobe` cannot be started.
pub fn not_installed(error: io::Error) -> Failure {
    if error.kind() != io::ErrorKind::NotFound {
        return error.into();
    }
    Failure::new("ffmpeg is not installed; it decodes the videos")
        .hint("install version 5.1 or newer: `apt-get install ffmpeg` on Debian, `brew install ffmpeg` on macOS")
}

/// A program's last message.
pub fn last_line(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no message");
    said(line).to_owned()
}
