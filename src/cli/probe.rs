//! What a video is, by the installed `ffprobe`: codec, layout of its frames, rotation, length.

use super::Failure;
use cotejo::frame_hash::{FrameFormat, Matrix};
use cotejo::pixel_format::PixelFormat;
use cotejo::plane::Range;
use serde::Deserialize;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// What `ffprobe` says of a file's first video track.
#[derive(Clone, Debug)]
pub struct Video {
    /// ffmpeg's name of the codec.
    pub codec: String,
    /// How frames lie in memory.
    pub format: FrameFormat,
    /// Degrees clockwise.
    pub rotation: u16,
    /// The track's length, where the container gives it for this track.
    pub duration_s: Option<f64>,
    /// Frames that the container counts.
    pub frames: Option<u64>,
}

#[derive(Deserialize)]
struct Probe {
    #[serde(default)]
    streams: Vec<Stream>,
}

#[derive(Deserialize)]
struct Stream {
    codec_name: Option<String>,
    pix_fmt: Option<String>,
    color_range: Option<String>,
    color_space: Option<String>,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
    duration: Option<String>,
    nb_frames: Option<String>,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

/// Asks `ffprobe` what the video is.
pub fn probe(path: &Path) -> Result<Video, Failure> {
    let entries = "stream=codec_name,pix_fmt,color_range,color_space,width,height,duration,nb_frames\
                   :stream_side_data=rotation";
    let output = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-protocol_whitelist",
            "file",
            "-select_streams",
            "V:0",
            "-show_entries",
            entries,
            "-of",
            "json",
            "-i",
        ])
        .arg(as_ffmpeg_input(path))
        .stdin(Stdio::null())
        .output()
        .map_err(not_installed)?;
    let probe: Probe = serde_json::from_slice(&output.stdout).unwrap_or(Probe { streams: Vec::new() });
    match probe.streams.into_iter().next() {
        Some(stream) => video(stream),
        None if output.status.success() => Err(Failure::new("there is no video in this file")
            .hint("a sound recording has no frames; `sha256sum` gives the digest of the file itself")),
        None => Err(Failure::new(format!("this is no video that ffmpeg can read ({})", last_line(&output.stderr)))
            .hint("check that the file is whole and that it is a video")),
    }
}

fn video(stream: Stream) -> Result<Video, Failure> {
    let name = stream.pix_fmt.unwrap_or_default();
    let codec = stream.codec_name.unwrap_or_else(|| "unknown".to_owned());
    let pixel_format = PixelFormat::from_name(&name).ok_or_else(|| match name.as_str() {
        "" => Failure::new(format!("ffmpeg finds no picture in the {codec} track"))
            .hint("the file may be damaged or cut off, or this ffmpeg may lack a decoder for it"),
        _ => Failure::new(format!("frames in the layout {name} cannot be hashed yet"))
            .hint(format!("`ffmpeg -i VIDEO -pix_fmt yuv444p -c:v ffv1 copy.mkv` makes a copy that can be ({codec})")),
    })?;
    let is_full = stream.color_range.as_deref() == Some("pc") || name.starts_with("yuvj") || pixel_format.is_rgb();
    let matrix = match stream.color_space.as_deref() {
        Some("bt709") => Matrix::Bt709,
        Some("bt2020nc" | "bt2020c") => Matrix::Bt2020,
        _ => Matrix::Bt601,
    };
    let range = if is_full { Range::Full } else { Range::Limited };
    let format = FrameFormat { pixel_format, range, width: stream.width, height: stream.height, matrix };
    format.check().map_err(Failure::new)?;
    let counter_clockwise = stream.side_data_list.iter().find_map(|data| data.rotation).unwrap_or(0.0);
    Ok(Video {
        codec,
        format,
        rotation: clockwise(counter_clockwise),
        duration_s: stream.duration.and_then(|text| text.parse().ok()),
        frames: stream.nb_frames.and_then(|text| text.parse().ok()),
    })
}

/// ffmpeg gives the angle counter-clockwise, -180 to 180; players turn by whole quarters.
fn clockwise(counter_clockwise: f64) -> u16 {
    let quarters = (-counter_clockwise / 90.0).round() as i64;
    quarters.rem_euclid(4) as u16 * 90
}

/// A name that ffmpeg cannot take for an option, a protocol or a pattern.
pub fn as_ffmpeg_input(path: &Path) -> std::ffi::OsString {
    let mut input = std::ffi::OsString::from("file:");
    input.push(path);
    input
}

/// What to say where `ffmpeg` or `ffprobe` cannot be started.
pub fn not_installed(error: io::Error) -> Failure {
    if error.kind() != io::ErrorKind::NotFound {
        return error.into();
    }
    Failure::new("ffmpeg is not installed; it decodes the videos")
        .hint("install version 5.1 or newer: `apt-get install ffmpeg` on Debian, `brew install ffmpeg` on macOS")
}

fn last_line(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no message");
    line.rsplit(": ").next().unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_become_quarters_clockwise() {
        let pairs = [(0.0, 0), (-90.0, 90), (90.0, 270), (180.0, 180), (-180.0, 180), (-89.9, 90)];
        for (counter_clockwise, expected) in pairs {
            assert_eq!(clockwise(counter_clockwise), expected);
        }
    }
}
