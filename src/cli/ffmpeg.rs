//! The installed ffmpeg as a decoder: what the video is (`ffprobe`), and its frames with their times (`ffmpeg`).
//!
//! One `ffmpeg` process writes two outputs. Standard output carries the frames, raw and one after the other. Standard
//! error carries a line for each frame with its time - ffmpeg's own `framehash` of one pixel, which costs nothing -
//! between the decoder's complaints. The picture in that line grows where a frame has another size, so frames are
//! never cut at wrong places.

use super::Failure;
use cotejo::fingerprint::ProblemCode;
use cotejo::frame_hash::{FrameFormat, Matrix};
use cotejo::motion::TimeBase;
use cotejo::pixel_format::PixelFormat;
use cotejo::plane::Range;
use serde::Deserialize;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

/// Messages after which samples may be wrong. The first is ffmpeg's own word on a frame with errors, the others come
/// from decoders and from `ffmpeg` up to version 5 and from 6 on.
const DAMAGE: [&str; 4] =
    ["corrupt decoded frame", "error while decoding MB", "Error while decoding stream", "Error submitting packet"];
/// What Linux allows every user.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 1 << 20;
/// The longest line that is read from ffmpeg's standard error; a longer one is split.
const MAX_LINE_BYTES: u64 = 4096;

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

/// How the clock of the frames' times is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The track's own time base: exact.
    Track,
    /// ffmpeg's default for raw video, one tick a frame: what `ffmpeg -f framehash` prints.
    FfmpegDefault,
}

/// A running `ffmpeg`. Dropping it ends the process.
#[derive(Debug)]
pub struct Decoder {
    process: Child,
}

/// The frames of a running `ffmpeg`, one after the other.
#[derive(Debug)]
pub struct Pictures(ChildStdout);

/// What a running `ffmpeg` says: a line for each frame, and complaints.
#[derive(Debug)]
pub struct Log {
    messages: BufReader<ChildStderr>,
    pixel_bytes: u64,
    frames: u64,
    last_message: String,
    /// The clock's seconds per tick, once the first frame is in.
    pub time_base: Option<TimeBase>,
    /// The heading of ffmpeg's `framehash`, line by line.
    pub heading: Vec<String>,
    /// What was wrong, and from which frame on.
    pub problems: Vec<(ProblemCode, u64)>,
}

/// The times of one frame, as `framehash` prints them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameTimes {
    /// Decoding time in ticks.
    pub dts: i64,
    /// Presentation time in ticks.
    pub pts: i64,
    /// Length in ticks.
    pub duration: i64,
}

impl Decoder {
    /// Starts to decode `path`, whose frames are as `video` says.
    ///
    /// ffmpeg writes both outputs in turn, but not in step: they are to be read independently of each other.
    pub fn start(path: &Path, video: &Video, clock: Clock) -> Result<(Self, Pictures, Log), Failure> {
        let (width, height) = (video.format.width, video.format.height);
        let mut command = Command::new("ffmpeg");
        // A playlist made by an enemy may name addresses; nothing but files is ever opened.
        command.args(["-v", "warning", "-nostdin", "-nostats", "-noautorotate", "-protocol_whitelist", "file"]);
        // The IDCT of MPEG-4 part 2 and JPEG is left to the decoder; these choices make it the same everywhere.
        command.args(["-idct", "simple", "-flags", "+bitexact+unaligned", "-i"]).arg(as_ffmpeg_input(path));
        command.args(["-map", "0:V:0", "-fps_mode", "passthrough", "-autoscale", "0", "-f", "rawvideo", "pipe:1"]);
        let same_size = format!("eq(iw\\,{width})*eq(ih\\,{height})");
        // Exact, because 4:1:1 video has no single pixel otherwise.
        let side = |side| format!("if({same_size}\\,1\\,min({side}\\,2))");
        let few_pixels = format!("crop=exact=1:w={}:h={}:x=0:y=0", side("iw"), side("ih"));
        command.args(["-map", "0:V:0", "-fps_mode", "passthrough", "-autoscale", "0", "-vf", &few_pixels]);
        if clock == Clock::Track {
            command.args(["-enc_time_base", "-1"]);
        }
        command.args(["-f", "framehash", "-hash", "adler32", "-flush_packets", "1", "pipe:2"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().map_err(not_installed)?;
        let pictures = process.stdout.take().expect("stdout is piped");
        // A larger pipe means fewer changes between the processes. Where it is refused, the smaller one does.
        #[cfg(target_os = "linux")]
        let _ = rustix::pipe::fcntl_setpipe_size(&pictures, PIPE_BYTES);
        let pictures = Pictures(pictures);
        let log = Log {
            messages: BufReader::new(process.stderr.take().expect("stderr is piped")),
            pixel_bytes: video.format.pixel_format.layout(1, 1).1 as u64,
            frames: 0,
            last_message: String::new(),
            time_base: None,
            heading: Vec::new(),
            problems: Vec::new(),
        };
        Ok((Self { process }, pictures, log))
    }

    /// Ends the process before it is done.
    pub fn stop(&mut self) -> io::Result<()> {
        self.process.kill()
    }

    /// Waits for the end of the process; false if ffmpeg calls it a failure.
    pub fn wait(&mut self) -> io::Result<bool> {
        Ok(self.process.wait()?.success())
    }
}

impl Drop for Decoder {
    // One that has ended already does not mind.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Pictures {
    /// Fills `frame` with the next frame; false at the end. An end within a frame is an error.
    pub fn next(&mut self, frame: &mut [u8]) -> io::Result<bool> {
        let mut filled = 0;
        while filled < frame.len() {
            match self.0.read(&mut frame[filled..]) {
                Ok(0) if filled == 0 => return Ok(false),
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(bytes) => filled += bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}

impl Log {
    /// The times of the next frame; `None` at the end, or where the picture changes its size.
    pub fn next(&mut self) -> io::Result<Option<FrameTimes>> {
        loop {
            let mut line = Vec::new();
            if self.messages.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            let line = String::from_utf8_lossy(&line);
            let Some((times, bytes)) = parse_frame_line(line.trim_end()) else {
                self.take_message(line.trim_end());
                continue;
            };
            if bytes != self.pixel_bytes {
                self.problems.push((ProblemCode::SizeChanges, self.frames));
                return Ok(None);
            }
            self.frames += 1;
            return Ok(Some(times));
        }
    }

    fn take_message(&mut self, line: &str) {
        if line.starts_with('#') {
            self.heading.push(line.to_owned());
            self.time_base = self.time_base.or_else(|| parse_time_base(line));
        } else if !line.is_empty() {
            self.last_message = line.to_owned();
            let is_known = self.problems.iter().any(|&(code, _)| code == ProblemCode::DecodeError);
            if !is_known && DAMAGE.iter().any(|message| line.contains(message)) {
                self.problems.push((ProblemCode::DecodeError, self.frames));
            }
        }
    }

    /// Whether it ended because the picture changes its size.
    pub fn has_size_change(&self) -> bool {
        self.problems.iter().any(|&(code, _)| code == ProblemCode::SizeChanges)
    }

    /// How many frames were logged so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Why there was no frame at all.
    pub fn no_frames(&self) -> Failure {
        let said = self.last_message.rsplit(": ").next().unwrap_or_default();
        let said = if said.is_empty() { String::new() } else { format!(" ({said})") };
        Failure::new(format!("no frame could be decoded{said}")).hint("the file may be damaged or cut off")
    }
}

/// `stream, dts, pts, duration, size, hash`.
fn parse_frame_line(line: &str) -> Option<(FrameTimes, u64)> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let ["0", dts, pts, duration, size, _hash, ..] = fields[..] else { return None };
    let times = FrameTimes { dts: dts.parse().ok()?, pts: pts.parse().ok()?, duration: duration.parse().ok()? };
    Some((times, size.parse().ok()?))
}

/// `#tb 0: 1/12800`.
fn parse_time_base(line: &str) -> Option<TimeBase> {
    let (numerator, denominator) = line.strip_prefix("#tb 0: ")?.split_once('/')?;
    let time_base = TimeBase(numerator.parse().ok()?, denominator.parse().ok()?);
    (time_base.0 > 0 && time_base.1 > 0).then_some(time_base)
}

/// A name that ffmpeg cannot take for an option, a protocol or a pattern.
fn as_ffmpeg_input(path: &Path) -> std::ffi::OsString {
    let mut input = std::ffi::OsString::from("file:");
    input.push(path);
    input
}

fn not_installed(error: io::Error) -> Failure {
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
    fn lines_of_framehash_are_told_from_messages() {
        let line = "0,          0,         -5,        1,        6, 00060004";
        assert_eq!(parse_frame_line(line), Some((FrameTimes { dts: 0, pts: -5, duration: 1 }, 6)));
        assert_eq!(parse_frame_line("[h264 @ 0x1] error while decoding MB 1 2, bytestream -5"), None);
        assert_eq!(parse_time_base("#tb 0: 1/12800"), Some(TimeBase(1, 12800)));
        assert_eq!(parse_time_base("#tb 0: 0/1"), None);
    }

    #[test]
    fn angles_become_quarters_clockwise() {
        let pairs = [(0.0, 0), (-90.0, 90), (90.0, 270), (180.0, 180), (-180.0, 180), (-89.9, 90)];
        for (counter_clockwise, expected) in pairs {
            assert_eq!(clockwise(counter_clockwise), expected);
        }
    }
}
