//! The installed `ffmpeg` as a decoder: frames and their times.
//!
//! One process writes two outputs and its complaints. Standard output carries the frames, raw and one after the
//! other. A second pipe carries a line for each frame with its time: ffmpeg's own `framehash` of one pixel, which costs
//! nothing. The picture in that line grows where a frame has another size than expected, so frames are never cut at
//! wrong places. Standard error is kept apart: several threads write to it, and parts of lines mix.

use super::Failure;
use super::probe::{Video, as_ffmpeg_input, not_installed};
use cotejo::motion::TimeBase;
use std::io::{self, BufRead, BufReader, PipeReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

/// Messages after which samples may be wrong. The first is ffmpeg's own word on a frame with errors, the others come
/// from decoders and from `ffmpeg` up to version 5 and from 6 on.
const DAMAGE: [&str; 4] =
    ["corrupt decoded frame", "error while decoding MB", "Error while decoding stream", "Error submitting packet"];
/// Enough to keep both sides at work, and little enough for its memory to stay in a processor's cache; 1 MB was measured
/// to take 5 % more processor time for the whole command.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 1 << 18;
/// The longest line that is read; a longer one is split.
const MAX_LINE_BYTES: u64 = 4096;

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

/// A line for each frame of a running `ffmpeg`.
#[derive(Debug)]
pub struct Log {
    lines: BufReader<PipeReader>,
    pixel_bytes: u64,
    /// How many frames were logged so far.
    pub frames: u64,
    /// Whether it ended because the picture changes its size.
    pub size_changes: bool,
    /// The clock's seconds per tick, once the first frame is in.
    pub time_base: Option<TimeBase>,
    /// The heading of ffmpeg's `framehash`, line by line.
    pub heading: Vec<String>,
}

/// What a running `ffmpeg` complains of.
#[derive(Debug)]
pub struct Complaints(BufReader<ChildStderr>);

/// The complaints in short.
#[derive(Debug, Default)]
pub struct Complained {
    /// Samples may be wrong. From which frame on cannot be told: decoding runs ahead of what is written.
    pub damage: bool,
    /// The last line.
    pub last: String,
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
    /// ffmpeg writes all three in turn, but not in step: each is to be read independently of the others.
    pub fn start(path: &Path, video: &Video, clock: Clock) -> Result<(Self, Pictures, Log, Complaints), Failure> {
        let (lines, line_writer) = io::pipe()?;
        // Standard input is the one other channel that every program has; ffmpeg writes to it as to any.
        let mut process = command(path, video, clock)
            .stdin(line_writer)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(not_installed)?;
        let pictures = process.stdout.take().expect("stdout is piped");
        // A larger pipe means fewer changes between the processes. Where it is refused, the smaller one does.
        #[cfg(target_os = "linux")]
        let _ = rustix::pipe::fcntl_setpipe_size(&pictures, PIPE_BYTES);
        let log = Log {
            lines: BufReader::new(lines),
            pixel_bytes: video.format.pixel_format.layout(1, 1).1 as u64,
            frames: 0,
            size_changes: false,
            time_base: None,
            heading: Vec::new(),
        };
        let complaints = Complaints(BufReader::new(process.stderr.take().expect("stderr is piped")));
        Ok((Self { process }, Pictures(pictures), log, complaints))
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
        while let Some(line) = next_line(&mut self.lines)? {
            let Some((times, bytes)) = parse_frame_line(&line) else {
                self.time_base = self.time_base.or_else(|| parse_time_base(&line));
                self.heading.push(line);
                continue;
            };
            if bytes != self.pixel_bytes {
                self.size_changes = true;
                return Ok(None);
            }
            self.frames += 1;
            return Ok(Some(times));
        }
        Ok(None)
    }
}

impl Complaints {
    /// Reads to the end of the process.
    pub fn read(mut self) -> io::Result<Complained> {
        let mut complained = Complained::default();
        while let Some(line) = next_line(&mut self.0)? {
            complained.damage |= DAMAGE.iter().any(|message| line.contains(message));
            complained.last = line;
        }
        Ok(complained)
    }
}

/// The next line that is not empty, without its end.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    loop {
        let mut line = Vec::new();
        if input.take(MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
        if !line.is_empty() {
            return Ok(Some(line));
        }
    }
}

fn command(path: &Path, video: &Video, clock: Clock) -> Command {
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
    let one_pixel = format!("crop=exact=1:w={}:h={}:x=0:y=0", side("iw"), side("ih"));
    command.args(["-map", "0:V:0", "-fps_mode", "passthrough", "-autoscale", "0", "-vf", &one_pixel]);
    if clock == Clock::Track {
        command.args(["-enc_time_base", "-1"]);
    }
    command.args(["-f", "framehash", "-hash", "adler32", "-flush_packets", "1", "pipe:0"]);
    command
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_framehash_are_told_from_others() {
        let line = "0,          0,         -5,        1,        6, 00060004";
        assert_eq!(parse_frame_line(line), Some((FrameTimes { dts: 0, pts: -5, duration: 1 }, 6)));
        assert_eq!(parse_frame_line("#stream#, dts,        pts, duration,     size, hash"), None);
        assert_eq!(parse_time_base("#tb 0: 1/12800"), Some(TimeBase(1, 12800)));
        assert_eq!(parse_time_base("#tb 0: 0/1"), None);
    }
}
