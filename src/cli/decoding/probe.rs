//! Asks the installed `ffprobe` what a video is.

use crate::cli::decoding::allowed::allowed;
use crate::cli::decoding::installed::{INPUT, as_ffmpeg_input, last_line, not_installed};
use crate::cli::decoding::sandbox;
use crate::cli::failure::Failure;
use crate::cli::failure::FailureKind;
use crate::cli::files::file::check_not_encrypted;
use crate::cli::interrupt;
use cotejo::ffmpeg::allowed::Refused;
use cotejo::ffmpeg::probe::{ProbeError, Video};
use cotejo::ffmpeg::recipe;
use std::path::Path;
use std::process::Stdio;

/// Describes the video by `ffprobe`. An encrypted one looks like no video at best.
pub fn probe(path: &Path) -> Result<Video, Failure> {
    check_not_encrypted(path)?;
    let mut command = sandbox::command("ffprobe", Some(path))?;
    command.args(recipe::probe(allowed()?)).arg(as_ffmpeg_input(path));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = interrupt::output(&mut command).map_err(not_installed)?;
    Video::from_probe(&output.stdout).map_err(|error| failure(&error, &output.stderr))
}

fn failure(error: &ProbeError, stderr: &[u8]) -> Failure {
    // This causes any other error: ffprobe gives up such a file, even for a stream that is not wanted.
    if let Some(refused) = Refused::from_complaints(&String::from_utf8_lossy(stderr)) {
        return not_allowed(&refused);
    }
    let complaints = String::from_utf8_lossy(stderr);
    // ffprobe names a file that it cannot open; otherwise it gave up because of some track.
    let is_opened = !complaints.trim().is_empty() && !complaints.lines().any(|line| line.starts_with(INPUT));
    if *error == ProbeError::NotAVideo && is_opened {
        return Failure::new(format!(
            "a track of this file is damaged, and ffprobe gives it up ({})",
            last_line(stderr)
        ))
        .hint("if it is not the video's, this makes a copy without it: `ffmpeg -i VIDEO -map 0:V:0 -c copy copy.mkv`");
    }
    match error {
        ProbeError::NoTrack => Failure { kind: FailureKind::NoVideo, ..Failure::new("there is no video in this file") }
            .hint("a sound recording has no frames; `sha256sum` gives the digest of the file itself"),
        ProbeError::NotAVideo => Failure::new(format!("this is no video that ffmpeg can read ({})", last_line(stderr)))
            .hint("check that the file is whole and that it is a video"),
        ProbeError::NoPicture { codec } => Failure::new(format!("ffmpeg finds no picture in the {codec} track"))
            .hint("the file may be damaged or cut off, or this ffmpeg may lack a decoder for it"),
        ProbeError::PixelFormat { name, codec } => Failure::new(format!(
            "frames in the layout {name} cannot be hashed yet"
        ))
        .hint(format!("`ffmpeg -i VIDEO -pix_fmt yuv444p -c:v ffv1 copy.mkv` makes a copy that can be ({codec})")),
        ProbeError::TooNarrow { width } => {
            Failure::new(format!("ffmpeg decodes H.264 of {width} pixels in width wrongly on this kind of processor"))
                .hint("hash it on a computer with an Intel or AMD processor")
        }
        _ => Failure::new(error),
    }
}

fn not_allowed(refused: &Refused) -> Failure {
    match refused {
        Refused::Decoder(name) => Failure::new(format!(
            "this file needs ffmpeg's decoder {name}, which is hardly ever used and could be abused by a file made to do harm"
        ))
        .hint(
            "if you know who made it, make a copy that can be hashed, best with ffmpeg 8.1.2 or newer: \
             `ffmpeg -i VIDEO -map 0:V:0 -c:v ffv1 copy.mkv`",
        ),
        // ffmpeg chooses only this demuxer by the file's name.
        Refused::Container(name) if name == "image2" => {
            Failure::new("ffmpeg takes this name for that of a picture, or for a pattern of many")
                .hint("rename the file: the ending that fits what it is, and none of % * ? { in its name")
        }
        Refused::Container(name) => Failure::new(format!(
            "ffmpeg's format {name} is not opened: such files lead to others, or hardly ever hold a video"
        ))
        .hint(
            "hash the videos that it leads to, one by one; if it is a video and you know who made it, make a copy: \
             `ffmpeg -i VIDEO -map 0:V:0 -c:v ffv1 copy.mkv`",
        ),
        _ => Failure::new(refused),
    }
}
