//! Reads coded pictures to their end by the rules of their syntax, without reconstructing them.
//!
//! In: a video's packets in decoding order. Out: a [`Finding`] for each. Decoders conceal damage, some of them silently. An entropy
//! code has no checksum, but it must end where its bytes end: damage nearly always shifts that end.

mod av1;
mod bits;
mod cabac;
mod colour;
mod entry;
mod finding;
pub mod h264;
pub mod hevc;
mod nal;
mod shown;
mod size;
mod size_watch;
mod stream;
pub mod vp8;
mod vui;

pub use colour::StreamColour;
pub use entry::is_entry;
pub use finding::Finding;
pub use shown::FrameTally;
pub use size_watch::SizeWatch;
pub use stream::{PacketReader, is_broken};
