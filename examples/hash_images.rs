//! Hashes a sequence of pictures, as a decoder or a renderer writes them, and writes the fingerprint to standard output:
//!
//! `cargo run --example hash_images -- frames/*.png > video.cotejo`

use cotejo::{FileFacts, FrameFormat, TimeBase, VideoHasher};
use std::error::Error;
use std::io::{self, Write};

/// Seconds from one picture to the next.
const FRAME_TIME: TimeBase = TimeBase(1, 25);

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let first = paths.first().ok_or("name the pictures, in their order")?;
    let (width, height) = image::image_dimensions(first)?;
    let mut video = VideoHasher::new(FrameFormat::new("rgb24", width, height)?, FRAME_TIME).codec("png");
    for (ticks, path) in paths.iter().enumerate() {
        let picture = image::open(path)?.into_rgb8();
        video.push(ticks as i64, picture.as_raw()).map_err(|error| format!("{path}: {error}"))?;
    }
    // There is no video file, so the digest is that of no bytes.
    let file: FileFacts = cotejo::scan(io::empty())?;
    io::stdout().write_all(&video.finish(&file)?.to_bytes())?;
    Ok(())
}
