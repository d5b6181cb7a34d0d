//! The header that the benchmarks' made-up fingerprints share.

use cotejo::fingerprint::Header;
use cotejo::hash::motion::TimeBase;
use cotejo::picture::frame::FrameFormat;

/// The header of 1080p H.264 at `fps` frames a second.
pub fn header(fps: u32) -> Header {
    let format = FrameFormat::new("yuv420p", 1920, 1080).expect("a known layout");
    Header { classic: Vec::new(), ..Header::of_video(&format, TimeBase(1, fps), "h264") }
}
