//! What is asked of ffmpeg, and what its answers mean; the same wherever it runs.
//!
//! The command runs the installed ffmpeg as a process, the page runs one that was compiled to WebAssembly. Both give it the
//! arguments in [`recipe`], and read its three answers here: [`probe`] says what the video is, [`log`] when each frame is
//! shown and whether there was damage, and the frames themselves are a stream of bytes. So both make the same fingerprint.
//! Which decoders and demuxers a file may reach, [`allowed`] says. What damage ffmpeg does not tell of, [`packets`] finds; where a video can be cut for several decoders, [`ranges`].
//! [`hashing`] puts the three together where frames are hashed one by one, as they come.

pub mod allowed;
pub mod hashing;
pub mod log;
pub mod packets;
pub mod probe;
pub mod ranges;
pub mod recipe;
