//! What ffmpeg writes beside the frames: a line for each with its time, and complaints.

use crate::motion::TimeBase;
use crate::pixel_format::PixelFormat;

/// Messages after which samples may be wrong. The first is ffmpeg's own word on a frame with errors, the others come
/// from decoders and from `ffmpeg` up to version 5 and from 6 on.
const DAMAGE: [&str; 4] =
    ["corrupt decoded frame", "error while decoding MB", "Error while decoding stream", "Error submitting packet"];
/// The longest line that is read; a longer one is split.
const MAX_LINE_BYTES: usize = 4096;
/// Side data of a packet up to this size is no record for the decoder; in transport streams each packet has some.
const MAX_SMALL_SIDE_DATA: usize = 8;
/// What the WebAssembly runtime says at the end of every program, good or bad.
const RUNTIME: &str = "Aborted(";

/// Cuts a stream of bytes into lines.
#[derive(Debug, Default)]
pub struct Lines(Vec<u8>);

impl Lines {
    /// Adds the stream's next bytes; `take` is called with each line that is complete, without its end.
    pub fn push(&mut self, bytes: &[u8], mut take: impl FnMut(&str)) {
        for &byte in bytes {
            if byte != b'\n' && self.0.len() < MAX_LINE_BYTES {
                self.0.push(byte);
                continue;
            }
            let line = std::mem::take(&mut self.0);
            take(String::from_utf8_lossy(&line).trim_end());
        }
    }
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

/// Reads the lines of `framehash`, one by one.
#[derive(Debug)]
pub struct FrameLog {
    pixel_bytes: u64,
    /// How many frames were logged so far.
    pub frames: u64,
    /// Whether the picture changes its size; nothing from there on is to be hashed.
    pub size_changes: bool,
    /// The clock's seconds per tick, once the first frame is in.
    pub time_base: Option<TimeBase>,
    /// The heading, line by line.
    pub heading: Vec<String>,
}

impl FrameLog {
    /// Nothing read yet, of a video with frames in this layout.
    pub fn new(pixel_format: PixelFormat) -> Self {
        let pixel_bytes = pixel_format.layout(1, 1).1 as u64;
        Self { pixel_bytes, frames: 0, size_changes: false, time_base: None, heading: Vec::new() }
    }

    /// The times of the frame that `line` speaks of, if it does.
    pub fn read(&mut self, line: &str) -> Option<FrameTimes> {
        let Some((times, bytes)) = parse_frame_line(line) else {
            self.time_base = self.time_base.or_else(|| parse_time_base(line));
            self.heading.push(line.to_owned());
            return None;
        };
        self.size_changes |= bytes != self.pixel_bytes;
        if self.size_changes {
            return None;
        }
        self.frames += 1;
        Some(times)
    }
}

/// What `framehash` says of a packet that is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketLine {
    /// Its size.
    pub bytes: usize,
    /// Whether beside it there may be a new record for the decoder.
    pub may_have_record: bool,
}

impl PacketLine {
    /// `stream, dts, pts, duration, size, hash`, and for all side data its number, `S=1`, and for each `size, hash`.
    pub fn read(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let ["0", _dts, _pts, _duration, bytes, _hash, side_data @ ..] = &fields[..] else { return None };
        let is_large = |size: &&str| size.parse().map_or(true, |bytes: usize| bytes > MAX_SMALL_SIDE_DATA);
        let may_have_record = side_data.iter().skip(1).step_by(2).any(is_large);
        Some(Self { bytes: bytes.parse().ok()?, may_have_record })
    }
}

/// The complaints in short.
#[derive(Debug, Default)]
pub struct Complained {
    /// Samples may be wrong. From which frame on cannot be told: decoding runs ahead of what is written.
    pub damage: bool,
    /// The last line.
    pub last: String,
}

impl Complained {
    /// Adds a line.
    pub fn read(&mut self, line: &str) {
        if line.starts_with(RUNTIME) {
            return;
        }
        self.damage |= DAMAGE.iter().any(|message| line.contains(message));
        line.clone_into(&mut self.last);
    }

    /// What the last line says, without where it comes from; empty where there was none.
    pub fn reason(&self) -> &str {
        self.last.rsplit(": ").next().unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_packets_tell_size_and_side_data() {
        let line = "0,       7200,      25200,     3600,      788, 821c862a";
        let read = |side_data: &str| PacketLine::read(&format!("{line}{side_data}"));
        assert_eq!(read(""), Some(PacketLine { bytes: 788, may_have_record: false }));
        assert_eq!(read(", S=1,        1, 00e100e1"), Some(PacketLine { bytes: 788, may_have_record: false }));
        assert_eq!(read(", S=2,        1, 00e100e1,       40, 12345678").map(|line| line.may_have_record), Some(true));
        assert_eq!(PacketLine::read("#stream#, dts,        pts, duration,     size, hash"), None);
    }

    #[test]
    fn streams_of_bytes_are_cut_into_lines() {
        let mut lines = Lines::default();
        let mut cut = Vec::new();
        for bytes in [&b"a\r\nb"[..], b"", b"c\n\nd"] {
            lines.push(bytes, |line| cut.push(line.to_owned()));
        }
        assert_eq!(cut, ["a", "bc", ""]);
    }

    #[test]
    fn lines_of_framehash_are_told_from_others() {
        let line = "0,          0,         -5,        1,        6, 00060004";
        assert_eq!(parse_frame_line(line), Some((FrameTimes { dts: 0, pts: -5, duration: 1 }, 6)));
        assert_eq!(parse_frame_line("#stream#, dts,        pts, duration,     size, hash"), None);
        assert_eq!(parse_time_base("#tb 0: 1/12800"), Some(TimeBase(1, 12800)));
        assert_eq!(parse_time_base("#tb 0: 0/1"), None);
    }
}
