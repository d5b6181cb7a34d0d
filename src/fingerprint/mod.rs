//! The fingerprint of one video or picture, and the recorder that turns hashed frames into it.
//!
//! In: [`FrameHashes`](crate::hash::frame::FrameHashes) with their times, in presentation order. Out: [`Frame`] records, the motion
//! signature and the [`Trailer`]. A recorder keeps 64 bytes for each tenth of a second and nothing for each frame, so that records
//! can be written as they come. docs/format.md specifies the file.

pub mod facts;
mod hasher;
mod model;
pub mod picture;
mod recorder;
pub mod timeline;

pub use hasher::{HashError, VideoHasher};
pub use model::{
    Decoder, Fingerprint, Frame, Header, Kind, MAX_EXACT_INTEGER, MAX_FRAMES, MAX_TICKS, MotionParameters,
    PointParameters, Problem, ProblemCode, Tier, TierReason, Trailer, classic_in_order,
};
pub use recorder::{RecordError, Recorder};
