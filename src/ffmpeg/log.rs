//! What ffmpeg writes beside the frames: a line for each with its time, and complaints.

use crate::motion::TimeBase;
use crate::pixel_format::PixelFormat;

/// Messages after which samples may be wrong. The first is ffmpeg's own word on a frame with errors, the others come
/// from decoders and from `ffmpeg` up to version 5 and from 6 on.
const DAMAGE: [&str; 4] =
    ["corrupt decoded frame", "error while decoding MB", "Error while decoding stream", "Error submitting packet"];
/// What the WebAssembly runtime says at the end of every program, good or bad.
const RUNTIME: &str = "Aborted(";

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
    fn lines_of_framehash_are_told_from_others() {
        let line = "0,          0,         -5,        1,        6, 00060004";
        assert_eq!(parse_frame_line(line), Some((FrameTimes { dts: 0, pts: -5, duration: 1 }, 6)));
        assert_eq!(parse_frame_line("#stream#, dts,        pts, duration,     size, hash"), None);
        assert_eq!(parse_time_base("#tb 0: 1/12800"), Some(TimeBase(1, 12800)));
        assert_eq!(parse_time_base("#tb 0: 0/1"), None);
    }
}
