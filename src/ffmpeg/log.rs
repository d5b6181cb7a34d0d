//! ffmpeg's text output: a line for each frame with its time, and complaints.

use crate::hash::motion::TimeBase;
use crate::picture::pixel_format::PixelFormat;

/// Messages that mean wrong samples. The first is ffmpeg's own for a frame with errors; the others come from decoders, and from
/// `ffmpeg` up to version 5 and from 6 on.
const DAMAGE: [&str; 4] =
    ["corrupt decoded frame", "error while decoding MB", "Error while decoding stream", "Error submitting packet"];
/// The message of ffmpeg's decoders of MPEG-1, MPEG-2, MPEG-4, H.263 and relatives for widths up to 16 pixels, if built without
/// vector instructions, as in the page.
const TOO_SMALL: &str = "Image too small";
/// The message of ffmpeg's H.264 decoder when it leaves out a slice; the frame continues without it, or with another slice's
/// content.
const LOST_SLICE: &str = "decode_slice_header error";
/// The levels of messages that are more than warnings; they follow the message's source.
const ERRORS: [&str; 3] = ["[error] ", "[fatal] ", "[panic] "];
/// The longest line that is read; a longer one is split.
const MAX_LINE_BYTES: usize = 4096;
/// Side data of a packet up to this size is no decoder configuration; in transport streams every packet has some.
const MAX_SMALL_SIDE_DATA: usize = 8;
/// The value for "no time" (`AV_NOPTS_VALUE`), and the flags of packets (`AV_PKT_FLAG_`), from libavutil and libavcodec.
const NO_TIME: i64 = i64::MIN;
const KEY: u32 = 1;
const DISCARD: u32 = 4;
/// Bytes of the pixel that is logged for layouts without separate pixels: [`super::recipe::outputs`].
const GREY_PIXEL_BYTES: u64 = 1;
/// The start of what the WebAssembly runtime prints at the end of every program, successful or not.
const RUNTIME: &str = "Aborted(";

/// Cuts a stream of bytes into lines.
#[derive(Debug, Default)]
pub struct Lines(Vec<u8>);

impl Lines {
    /// Adds the stream's next bytes; calls `take` with each complete line, without its end.
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
    /// The number of frames logged so far.
    pub frames: u64,
    /// Whether the picture changes its size; frames from there on must not be hashed.
    pub size_changes: bool,
    /// Seconds per tick, known from the first frame on.
    pub time_base: Option<TimeBase>,
    /// The heading, line by line.
    pub heading: Vec<String>,
}

impl FrameLog {
    /// A log before its first line, of a video with frames in this layout.
    pub fn new(pixel_format: PixelFormat) -> Self {
        let pixel_bytes =
            if pixel_format.can_be_cropped() { pixel_format.layout(1, 1).1 as u64 } else { GREY_PIXEL_BYTES };
        Self { pixel_bytes, frames: 0, size_changes: false, time_base: None, heading: Vec::new() }
    }

    /// The times of the frame that `line` describes; `None` for other lines.
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

/// A packet that ffmpeg copies, as `framecrc` prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PacketLine {
    /// When its frame is shown, in ticks; `None` if the container does not say.
    pub pts: Option<i64>,
    /// The packet's size.
    pub bytes: usize,
    /// Whether decoding can begin with it, according to the container.
    pub is_key: bool,
    /// Whether an edit list hides its frame.
    pub is_hidden: bool,
    /// Whether its side data may be a new decoder configuration.
    pub may_have_record: bool,
}

impl PacketLine {
    /// `stream, dts, pts, duration, size, checksum`; then `F=` and the flags, unless it is just a key packet; then the number of
    /// side data, `S=1`, and the size of each, to which some versions add more.
    pub fn read(line: &str) -> Option<Self> {
        let mut fields = line.split(',').map(str::trim);
        let mut next = || fields.next();
        let ["0", _dts, pts, _duration, bytes, _checksum] = [next()?, next()?, next()?, next()?, next()?, next()?]
        else {
            return None;
        };
        let (mut flags, mut side_data, mut known_sizes, mut is_large) = (KEY, 0, 0, false);
        for field in fields {
            if let Some(written) = field.strip_prefix("F=0x") {
                flags = u32::from_str_radix(written, 16).ok()?;
            } else if let Some(written) = field.strip_prefix("S=") {
                side_data = written.parse().ok()?;
            } else if let Ok(size) = field.parse::<usize>() {
                known_sizes += 1;
                is_large |= size > MAX_SMALL_SIDE_DATA;
            }
        }
        Some(Self {
            pts: pts.parse().ok().filter(|&pts: &i64| pts != NO_TIME),
            bytes: bytes.parse().ok()?,
            is_key: flags & KEY != 0,
            is_hidden: flags & DISCARD != 0,
            may_have_record: is_large || known_sizes < side_data,
        })
    }
}

/// A summary of ffmpeg's complaints.
#[derive(Debug, Default)]
pub struct Complained {
    /// Samples may be wrong; it is not known from which frame on, because decoding runs ahead of the output.
    pub damage: bool,
    /// Something is wrong that need not affect the samples.
    pub errors: bool,
    /// Frames are smaller than the decoder can decode.
    pub too_small: bool,
    /// Slices were left out. If the stream begins within a group of pictures, what they need is missing; otherwise it is damage.
    pub lost_slices: bool,
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
        self.lost_slices |= line.contains(LOST_SLICE);
        self.too_small |= line.contains(TOO_SMALL);
        self.errors |= self.damage || ERRORS.iter().any(|level| line.contains(level));
        line.clone_into(&mut self.last);
    }

    /// The last line without its source; empty if there was none.
    pub fn reason(&self) -> &str {
        said(&self.last)
    }
}

/// A line without its source and level.
pub fn said(line: &str) -> &str {
    let said = line.rsplit(": ").next().unwrap_or_default();
    said.rsplit("] ").next().unwrap_or_default()
}

/// `stream, dts, pts, duration, size, hash`.
fn parse_frame_line(line: &str) -> Option<(FrameTimes, u64)> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let ["0", dts, pts, duration, size, _hash, ..] = fields[..] else { return None };
    let times = FrameTimes { dts: dts.parse().ok()?, pts: pts.parse().ok()?, duration: duration.parse().ok()? };
    Some((times, size.parse().ok()?))
}

/// `#tb 0: 1/12800`.
pub fn parse_time_base(line: &str) -> Option<TimeBase> {
    let (numerator, denominator) = line.strip_prefix("#tb 0: ")?.split_once('/')?;
    let time_base = TimeBase(numerator.parse().ok()?, denominator.parse().ok()?);
    (time_base.0 > 0 && time_base.1 > 0).then_some(time_base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_packets_tell_time_size_flags_and_side_data() {
        let line = "0,       7200,      25200,     3600,      788, 0x821c862a";
        let key = PacketLine { pts: Some(25200), bytes: 788, is_key: true, is_hidden: false, may_have_record: false };
        let read = |behind: &str| PacketLine::read(&format!("{line}{behind}")).unwrap();
        assert_eq!(read(""), key);
        assert_eq!(read(", F=0x0"), PacketLine { is_key: false, ..key });
        assert_eq!(read(", F=0x5, S=1,        1"), PacketLine { is_hidden: true, ..key });
        assert_eq!(read(", S=1, MPEGTS Stream ID,        1, 0x00e100e1"), key);
        assert_eq!(read(", S=2,        1,       40"), PacketLine { may_have_record: true, ..key });
        assert_eq!(read(", S=1, unknown"), PacketLine { may_have_record: true, ..key });
        let untimed = "0,          0, -9223372036854775808,        1,       13, 0x00000000";
        assert_eq!(PacketLine::read(untimed), Some(PacketLine { pts: None, bytes: 13, ..key }));
        assert_eq!(PacketLine::read("#stream#, dts,        pts, duration,     size, hash"), None);
        assert_eq!(PacketLine::read("#tb 0: 1/25"), None);
    }

    #[test]
    fn what_is_said_names_no_addresses() {
        assert_eq!(said("[theora @ 0x5606bba41a40] Corrupt extradata"), "Corrupt extradata");
        assert_eq!(said("[mov @ 0x1] [error] moov atom not found"), "moov atom not found");
        assert_eq!(
            said("file:a.mp4: Invalid data found when processing input"),
            "Invalid data found when processing input"
        );
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
