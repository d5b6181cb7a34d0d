//! How to call ffmpeg, and what its answers mean; the same wherever it runs.
//!
//! The command runs the installed ffmpeg as a process, the page one compiled to WebAssembly. Both give it the arguments in
//! [`recipe`] and read its three answers here: [`probe`] what the video is, [`log`] when each frame is shown and whether there was
//! damage; the third is the frames, a stream of bytes. So both make the same fingerprint. [`allowed`] limits the decoders and
//! demuxers that a file may reach, [`packets`] finds damage that ffmpeg does not report, [`ranges`] finds where to cut a video for
//! several decoders, and [`hashing`] puts all together.

pub mod allowed;
pub mod hashing;
pub mod log;
pub mod packets;
pub mod probe;
pub mod ranges;
pub mod recipe;
