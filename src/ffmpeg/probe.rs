//! What a video is, according to `ffprobe`: codec, layout of its frames, rotation, length.

use crate::error::ErrorCode;
use crate::fingerprint::{Header, classic_in_order};
use crate::hash::classic::Algorithm;
use crate::hash::motion::TimeBase;
use crate::picture::display_matrix::{Display, Matrix as DisplayMatrix};
use crate::picture::frame::{FrameError, FrameFormat};
use crate::picture::luma::Matrix;
use crate::picture::pixel_format::PixelFormat;
use crate::picture::plane::Range;
use bitcheck::h264::mixes_with_weights;
use serde::Deserialize;
use std::fmt;

/// Up to this width, ffmpeg's H.264 decoder lets the two chroma planes overlap when it predicts with weights, if rows are aligned
/// to 8 or 16 bytes (`mc_part_weighted` in libavcodec/h264_mb.c). Measured: docs/decoding.md, "Tiny pictures".
const NARROW_H264: u32 = 32;
/// Whether rows are aligned to 32 or 64 bytes, as in ffmpeg for x86.
const HAS_WIDE_ROWS: bool = cfg!(any(target_arch = "x86_64", target_arch = "x86"));
/// One of ffmpeg's names for MP4 and QuickTime.
const BOXED: &str = "mov";

/// A file's first video track.
#[derive(Clone, Debug)]
pub struct Video {
    /// ffmpeg's name of the codec.
    pub codec: String,
    /// ffmpeg's names of the container, separated by commas.
    pub container: String,
    /// The container's decoder configuration.
    pub record: Option<Vec<u8>>,
    /// How frames lie in memory.
    pub format: FrameFormat,
    /// How players turn and mirror the picture.
    pub display: Display,
    /// The track's length; `None` unless the container's index gives it for this track.
    pub duration_s: Option<f64>,
    /// An estimate of its length; `None` if the container says nothing of it.
    pub about_s: Option<f64>,
    /// An estimate of the number of frames; `None` if the container gives no hint.
    pub frames: Option<u64>,
}

/// Why no video can be hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProbeError {
    /// ffmpeg does not recognise the file.
    NotAVideo,
    /// The file has no video track.
    NoTrack,
    /// No picture was found in the track.
    NoPicture {
        /// ffmpeg's name of the codec.
        codec: String,
    },
    /// The layout of the frames cannot be hashed.
    PixelFormat {
        /// ffmpeg's name of the layout.
        name: String,
        /// ffmpeg's name of the codec.
        codec: String,
    },
    /// The size of the frames cannot be hashed.
    Size(FrameError),
    /// This ffmpeg decodes such narrow frames wrongly.
    TooNarrow {
        /// Width in pixels.
        width: u32,
    },
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAVideo => write!(f, "ffmpeg cannot read it"),
            Self::NoTrack => write!(f, "there is no video in this file"),
            Self::NoPicture { codec } => write!(f, "ffmpeg finds no picture in the {codec} track"),
            Self::PixelFormat { name, .. } => write!(f, "{name}"),
            Self::Size(error) => write!(f, "{error}"),
            Self::TooNarrow { width } => write!(f, "{width} pixels wide"),
        }
    }
}

impl std::error::Error for ProbeError {}

impl ErrorCode for ProbeError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAVideo => "not-a-video",
            Self::NoTrack => "no-video-track",
            Self::NoPicture { .. } => "no-frames",
            Self::PixelFormat { .. } => "unsupported-pixel-format",
            Self::Size(_) => "unsupported-size",
            Self::TooNarrow { .. } => "unsupported-tiny",
        }
    }
}

#[derive(Deserialize)]
struct Probe {
    /// Missing if the file could not be opened.
    streams: Option<Vec<Stream>>,
    /// The first frame, if the first packet gives one.
    #[serde(default)]
    frames: Vec<Frame>,
    #[serde(default)]
    format: Container,
}

#[derive(Deserialize)]
struct Frame {
    width: u32,
    height: u32,
}

#[derive(Deserialize)]
struct Stream {
    codec_name: Option<String>,
    extradata: Option<String>,
    pix_fmt: Option<String>,
    color_range: Option<String>,
    color_space: Option<String>,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
    duration: Option<String>,
    nb_frames: Option<String>,
    avg_frame_rate: Option<String>,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize)]
struct SideData {
    displaymatrix: Option<String>,
}

#[derive(Deserialize, Default)]
struct Container {
    format_name: Option<String>,
    duration: Option<String>,
}

impl Video {
    /// Reads the output of `ffprobe` for the arguments [`super::recipe::probe`].
    pub fn from_probe(json: &[u8]) -> Result<Self, ProbeError> {
        let Ok(Probe { streams: Some(streams), frames, format }) = serde_json::from_slice(json) else {
            return Err(ProbeError::NotAVideo);
        };
        let mut stream = streams.into_iter().next().ok_or(ProbeError::NoTrack)?;
        // Container and stream may give different sizes; frames have the stream's.
        if let Some(&Frame { width, height }) = frames.first() {
            (stream.width, stream.height) = (width, height);
        }
        let frames = stream.frames(&format);
        let track_s = number(stream.duration.as_deref());
        let about_s = track_s.or_else(|| number(format.duration.as_deref()));
        let is_counted = stream.nb_frames.is_some();
        let container = format.format_name.unwrap_or_default();
        let duration_s = track_s.filter(|_| promises_length(&container, is_counted));
        let display = stream.display(&container);
        let format = stream.frame_format()?;
        Ok(Self {
            container,
            format,
            frames,
            display,
            duration_s,
            about_s,
            record: stream.extradata.as_deref().map(bytes_of).filter(|record| !record.is_empty()),
            codec: stream.codec(),
        })
    }

    /// The header of the video's fingerprint.
    pub fn header(&self, time_base: TimeBase, classic: &[Algorithm]) -> Header {
        Header {
            rotation: self.display.rotation,
            mirrored: self.display.mirrored,
            classic: classic_in_order(classic),
            ..Header::of_video(&self.format, time_base, &self.codec)
        }
    }
}

/// Containers that give a track's length; for others, ffmpeg estimates it.
const TELL_LENGTH: [&str; 5] = ["asf", "avi", "flv", "mov", "mxf"];

/// Whether ffmpeg's length is the container's promise. An MP4 without a frame count is fragmented, and may be one segment of a
/// longer stream.
fn promises_length(container: &str, is_counted: bool) -> bool {
    let mut names = container.split(',').filter(|name| TELL_LENGTH.contains(name));
    names.next().is_some_and(|name| name != "mov" || is_counted)
}

impl Stream {
    fn codec(&self) -> String {
        self.codec_name.clone().unwrap_or_else(|| "unknown".to_owned())
    }

    /// From the display matrix of MP4 and QuickTime. For other containers, newer versions of ffmpeg make one that older versions
    /// and the page do not have.
    fn display(&self, container: &str) -> Display {
        let matrix = self.side_data_list.iter().find_map(|data| matrix_of(data.displaymatrix.as_deref()?));
        matrix
            .filter(|_| container.split(',').any(|name| name == BOXED))
            .map_or(Display::default(), |matrix| Display::of(&matrix))
    }

    fn frame_format(&self) -> Result<FrameFormat, ProbeError> {
        let name = self.pix_fmt.as_deref().unwrap_or_default();
        let is_rgb = self.codec_name.as_deref() == Some("av1") && self.color_space.as_deref() == Some("gbr");
        // libdav1d names red, green and blue so only with the primaries and transfer of sRGB.
        let rgb = name.strip_prefix("yuv444p").filter(|_| is_rgb).map(|depth| format!("gbrp{depth}"));
        let name = rgb.as_deref().unwrap_or(name);
        let pixel_format = PixelFormat::from_name(name).ok_or_else(|| match name {
            "" => ProbeError::NoPicture { codec: self.codec() },
            _ => ProbeError::PixelFormat { name: name.to_owned(), codec: self.codec() },
        })?;
        let is_full = self.color_range.as_deref() == Some("pc")
            || name.starts_with("yuvj")
            || pixel_format.is_always_full_range();
        let matrix = match self.color_space.as_deref() {
            Some("bt709") => Matrix::Bt709,
            Some("bt2020nc" | "bt2020c") => Matrix::Bt2020,
            _ => Matrix::Bt601,
        };
        let range = if is_full { Range::Full } else { Range::Limited };
        let format = FrameFormat { pixel_format, range, width: self.width, height: self.height, matrix };
        format.check().map_err(ProbeError::Size)?;
        if !HAS_WIDE_ROWS && self.needs_wide_rows(pixel_format) {
            return Err(ProbeError::TooNarrow { width: self.width });
        }
        Ok(format)
    }

    fn needs_wide_rows(&self, pixel_format: PixelFormat) -> bool {
        let is_narrow = self.width <= NARROW_H264 && pixel_format.chroma_shift != (0, 0);
        let mixes = || mixes_with_weights(&self.extradata.as_deref().map(bytes_of).unwrap_or_default());
        is_narrow && self.codec_name.as_deref() == Some("h264") && mixes()
    }

    /// The container's frame count, or an estimate from its length and rate.
    fn frames(&self, container: &Container) -> Option<u64> {
        if let Some(frames) = self.nb_frames.as_deref().and_then(|text| text.parse().ok()) {
            return Some(frames);
        }
        let (up, down) = self.avg_frame_rate.as_deref()?.split_once('/')?;
        let rate = number(Some(up))? / number(Some(down))?;
        let duration_s = number(self.duration.as_deref()).or_else(|| number(container.duration.as_deref()))?;
        let frames = (duration_s * rate).round();
        // False for a rate of 0/0.
        (frames >= 1.0).then_some(frames as u64)
    }
}

/// Numbers as `ffprobe` dumps them: each line has an address, `: `, and three numbers.
fn matrix_of(dump: &str) -> Option<DisplayMatrix> {
    let lines = dump.lines().filter_map(|line| Some(line.split_once(": ")?.1.split_whitespace()));
    lines.flatten().map(|number| number.parse().ok()).collect::<Option<Vec<i32>>>()?.try_into().ok()
}

/// Bytes as `ffprobe` dumps them: each line has an address, `: `, the bytes in hexadecimal digits, two spaces, and the bytes as
/// text.
fn bytes_of(dump: &str) -> Vec<u8> {
    let lines = dump.lines().filter_map(|line| Some(line.split_once(": ")?.1.split("  ").next()?.as_bytes()));
    let digits: Vec<u8> = lines.flatten().filter_map(|&digit| Some(char::from(digit).to_digit(16)? as u8)).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// A decimal number, as JSON has it: up to 15 digits, and `ffprobe` writes no more of a sensible time, it is exact. JSON's reader is
/// there anyway; Rust's own would bring a table of 10 kB into the page, which nothing compresses.
fn number(text: Option<&str>) -> Option<f64> {
    serde_json::from_str(text?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_matrices_of_mp4_and_quicktime_are_read() {
        let display = |container: &str, matrix: &str| {
            let json = format!(
                r#"{{"streams":[{{"codec_name":"vp9","pix_fmt":"yuv420p","width":4,"height":2,"side_data_list":[{{}},{{"displaymatrix":"{matrix}"}}]}}],"format":{{"format_name":"{container}"}}}}"#
            );
            Video::from_probe(json.as_bytes()).unwrap().display
        };
        let mirror = r"\n00000000:            0      -65536           0\n00000001:       -65536           0           0\n00000002:            0           0  1073741824\n";
        assert_eq!(display("mov,mp4,m4a,3gp,3g2,mj2", mirror), Display { mirrored: true, rotation: 90 });
        assert_eq!(display("matroska,webm", mirror), Display::default());
        assert_eq!(display("mov,mp4,m4a,3gp,3g2,mj2", r"\n00000000: 1 2\n"), Display::default());
    }

    #[test]
    fn dumped_bytes_are_read() {
        let dump = "\n00000000: 0101 6000 0000 9000 0000 0000 1ef0 00fc  ..`.............\n00000010: fdf8 ab                                  ab:  ff\n";
        let bytes = [1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 0x1e, 0xf0, 0, 0xfc, 0xfd, 0xf8, 0xab];
        assert_eq!(bytes_of(dump), bytes);
        assert!(bytes_of("\n").is_empty());
    }

    #[test]
    fn narrow_h264_needs_wide_rows_where_it_mixes_pictures() {
        // By x264, without and with weighted prediction.
        let (plain, mixing) = (
            "0164000affe100176764000aacb23f2cb8088000000300800000190789132401000668ebc3cb22c0fdf8f800",
            "0164000affe100186764000aacd95f965c0440000003004000000c83c489658001000668ebe3cb22c0fdf8f800",
        );
        let needs = |width: u32, pixels: &str, record: &str| {
            let stream = format!(
                r#"{{"codec_name":"h264","pix_fmt":"{pixels}","width":{width},"height":8,"extradata":"\n0000: {record}  ."}}"#
            );
            let stream: Stream = serde_json::from_str(&stream).unwrap();
            stream.needs_wide_rows(PixelFormat::from_name(pixels).unwrap())
        };
        assert!(needs(32, "yuv420p", mixing) && needs(8, "yuv422p10le", mixing) && needs(8, "yuv420p", ""));
        assert!(!needs(33, "yuv420p", mixing) && !needs(8, "yuv444p", mixing) && !needs(8, "yuv420p", plain));
    }

    #[test]
    fn what_cannot_be_read_is_told_from_what_holds_no_video() {
        assert_eq!(Video::from_probe(b"{\n\n}\n").unwrap_err(), ProbeError::NotAVideo);
        assert_eq!(Video::from_probe(b"").unwrap_err(), ProbeError::NotAVideo);
        let sound = br#"{"programs":[],"streams":[],"format":{"duration":"3.0"}}"#;
        assert_eq!(Video::from_probe(sound).unwrap_err(), ProbeError::NoTrack);
    }

    #[test]
    fn frames_are_expected_by_length_and_rate_where_they_are_not_counted() {
        let frames = |stream: &str, container: &str| {
            let json = format!(
                r#"{{"streams":[{{"codec_name":"vp9","pix_fmt":"yuv420p","width":4,"height":2,{stream}}}],"format":{{{container}}}}}"#
            );
            Video::from_probe(json.as_bytes()).unwrap().frames
        };
        assert_eq!(frames(r#""nb_frames":"7","avg_frame_rate":"25/1""#, r#""duration":"2.0""#), Some(7));
        assert_eq!(frames(r#""avg_frame_rate":"30000/1001""#, r#""duration":"2.002""#), Some(60));
        assert_eq!(frames(r#""avg_frame_rate":"0/0""#, r#""duration":"2.0""#), None);
        assert_eq!(frames(r#""avg_frame_rate":"25/1""#, ""), None);
    }
}
