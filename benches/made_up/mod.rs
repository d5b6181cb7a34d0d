//! What the benchmarks' made-up fingerprints have in common.

use cotejo::fingerprint::{Decoder, Header, Kind, MotionParameters, Tier};
use cotejo::hash::motion::TimeBase;
use cotejo::picture::plane::Range;

/// The header of 1080p H.264 at so many frames a second.
pub fn header(fps: u32) -> Header {
    Header {
        kind: Kind::Video,
        tier: Tier::Exact,
        tier_reason: None,
        decoder: Decoder::Conformant,
        codec: "h264".to_owned(),
        pixel_format: "yuv420p".to_owned(),
        range: Range::Limited,
        width: 1920,
        height: 1080,
        rotation: 0,
        mirrored: false,
        time_base: TimeBase(1, fps),
        classic: Vec::new(),
        motion: MotionParameters::VERSION_1,
    }
}
