//! The arguments of `ffprobe` and `ffmpeg`.
//!
//! One ffmpeg writes two outputs: the raw frames one after the other, and a line for each frame with its time. The lines are
//! ffmpeg's own `framehash` of one pixel, which costs nothing. If a frame has another size than expected, the picture in its line
//! is larger, so frames are never cut at wrong places.

use crate::hash::motion::TimeBase;
use crate::picture::frame::FrameFormat;
use serde::{Deserialize, Serialize};

/// Which clock the frames' times use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The track's own time base: exact.
    Track,
    /// ffmpeg's default for raw video, one tick a frame: what `ffmpeg -f framehash` prints.
    FfmpegDefault,
}

/// Arguments that have `ffmpeg` list its decoders: [`super::allowed`] chooses among them.
pub const LIST: [&str; 3] = ["-v", "quiet", "-decoders"];

/// How `ffprobe` reads; these come before `-i`.
const PROBING: [&str; 17] = [
    "-v",
    "error",
    "-threads",
    "1",
    // A hostile playlist may name addresses; only files may be opened.
    "-protocol_whitelist",
    "file",
    "-select_streams",
    "V:0",
    "-show_data",
    // The first frame's size is the stream's own; without it, ffprobe repeats the container's for VP8 and others.
    "-read_intervals",
    "%+#1",
    // And the decoded size: see DECODING.
    "-flags",
    "+unaligned",
    "-show_entries",
    "stream=codec_name,extradata,pix_fmt,color_range,color_space,width,height,duration,nb_frames,avg_frame_rate\
     :stream_side_data=displaymatrix:frame=width,height:format=duration,format_name",
    "-of",
    "json",
];

/// How ffmpeg decodes.
const DECODING: [&str; 13] = [
    "-v",
    "level+warning",
    "-nostdin",
    "-nostats",
    "-noautorotate",
    "-protocol_whitelist",
    "file",
    // With several threads, what is shown of damaged frames depends on their number and on chance, mostly without a message:
    // docs/decoding.md, "Damage".
    "-threads",
    "1",
    // MPEG-4 part 2 and JPEG leave the IDCT to the decoder; these choices make it the same everywhere.
    "-idct",
    "simple",
    "-flags",
    "+bitexact+unaligned",
];

/// Where ffmpeg begins to read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Start {
    /// At the beginning; times count from there, ffmpeg's default.
    Beginning,
    /// At the beginning, with the container's times.
    OwnTimes,
    /// At the key packet that the container finds at this many seconds, with the container's times.
    Seconds(f64),
}

/// Arguments of `ffprobe` before the input; [`super::probe`] reads the output. `allowed` comes from [`super::allowed::allowed`].
pub fn probe(allowed: &[String]) -> Vec<String> {
    [&PROBING.map(str::to_owned), allowed, &["-i".to_owned()]].concat()
}

/// Makes the H.264 decoder hold back as many frames as the standard says. By default it guesses the number from the first seconds,
/// and drops frames if more are needed later: `has_b_frames` in libavcodec's `h264_slice.c`.
const H264: [&str; 2] = ["-strict:v", "1"];

/// Microseconds in a second: ffmpeg seeks in these.
const MICROSECONDS: u32 = 1_000_000;

/// Arguments of `ffmpeg` before the input, for a video of this codec. `allowed` comes from [`super::allowed::allowed`].
pub fn before_input(start: Start, codec: &str, allowed: &[String]) -> Vec<String> {
    let mut arguments = [&DECODING.map(str::to_owned), allowed].concat();
    if codec == "h264" {
        arguments.extend(H264.map(str::to_owned));
    }
    if start != Start::Beginning {
        arguments.push("-copyts".to_owned());
    }
    if let Start::Seconds(seconds) = start {
        let seconds = TimeBase(1, MICROSECONDS).decimal((seconds * f64::from(MICROSECONDS)).round() as i64, 6);
        arguments.extend(["-ss", &seconds, "-seek_timestamp", "1", "-noaccurate_seek"].map(str::to_owned));
    }
    arguments.push("-i".to_owned());
    arguments
}

/// Arguments of every packet output. Packets are written at once, so that lines and bytes come in turn.
const COPY: [&str; 7] = ["-map", "0:V:0", "-c", "copy", "-copyinkf", "-flush_packets", "1"];

/// Arguments of every output. Raw frames have an encoder, too: with several threads it holds frames back for a random time, and a
/// damaged frame shows what was last in its memory.
const OUTPUT: [&str; 8] = ["-map", "0:V:0", "-fps_mode", "passthrough", "-autoscale", "0", "-threads", "1"];

/// Arguments of `ffmpeg` after the input: raw frames go to `frames`, a line for each to `lines`.
pub fn outputs(format: &FrameFormat, clock: Clock, frames: &str, lines: &str) -> Vec<String> {
    let same_size = format!("eq(iw\\,{})*eq(ih\\,{})", format.width, format.height);
    // The frame's exact size, because 4:1:1 video has no single pixel.
    let side = |side| format!("if({same_size}\\,1\\,min({side}\\,2))");
    // crop would convert these to a layout of its own choice.
    let before = if format.pixel_format.can_be_cropped() { "" } else { "format=gray," };
    let one_pixel = format!("{before}crop=exact=1:w={}:h={}:x=0:y=0", side("iw"), side("ih"));
    let mut arguments = OUTPUT.to_vec();
    arguments.extend(["-f", "rawvideo", frames]);
    arguments.extend(OUTPUT);
    arguments.extend(["-vf", &one_pixel]);
    if clock == Clock::Track {
        arguments.extend(["-enc_time_base", "-1"]);
    }
    arguments.extend(["-f", "framehash", "-hash", "adler32", "-flush_packets", "1", lines]);
    arguments.into_iter().map(str::to_owned).collect()
}

/// Arguments of `ffmpeg` after the input: a line for each packet goes to `lines`, and its bytes to `packets`.
pub fn packets(packets: &str, lines: &str) -> Vec<String> {
    let lines = ["-f", "framecrc", lines];
    // Quiet, because the decoding ffmpeg complains of the same things.
    let arguments = [&["-v", "quiet"], &COPY[..], &lines, &COPY, &["-f", "rawvideo", packets]].concat();
    arguments.into_iter().map(str::to_owned).collect()
}

/// Arguments of `ffmpeg` after the input: all raw frames go to `frames`, in display order.
pub fn all_frames(frames: &str) -> Vec<String> {
    let arguments = [&OUTPUT[..], &["-f", "rawvideo", frames]].concat();
    arguments.into_iter().map(str::to_owned).collect()
}

/// Arguments of `ffmpeg` after the input: the raw frames with these indexes go to `frames`, in display order.
pub fn some_frames(indexes: &[u32], frames: &str) -> Vec<String> {
    let wanted: Vec<String> = indexes.iter().map(|index| format!("eq(n\\,{index})")).collect();
    let select = format!("select={}", wanted.join("+"));
    let mut arguments = OUTPUT.to_vec();
    arguments.extend(["-vf", &select, "-f", "rawvideo", frames]);
    arguments.into_iter().map(str::to_owned).collect()
}
