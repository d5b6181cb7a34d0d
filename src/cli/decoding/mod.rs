//! Decodes videos by the installed ffmpeg, which is confined to the one file that it reads.

pub mod allowed;
pub mod decode;
pub mod decoders;
pub mod ffmpeg;
pub mod frames;
pub mod installed;
pub mod packets;
pub mod probe;
pub mod sandbox;
