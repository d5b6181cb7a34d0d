//! The clips' frames, small, for searches by pixels.

use super::corpus::Clip;
use super::pictures::ffmpeg;
use anyhow::{Result, ensure};
use cotejo::compare::View;
use cotejo::picture::plane::{Plane, Range};
use cotejo::still::{PixelSearch, StillSearch};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Pixels of a frame, as many as a search by pixels looks at.
const FRAME_PIXELS: f64 = 256.0 * 144.0;

/// Looks for a picture, or a part of it, in a clip by its pixels.
pub fn find(picture: &[u8], part: Option<View>, clip: &Clip, cache: &Path) -> Result<StillSearch> {
    let [width, height] = small(clip);
    let frames = fs::read(frames(clip, cache)?)?;
    let frames: Vec<&[u8]> = frames.chunks_exact(width * height).collect();
    ensure!(frames.len() == clip.fingerprint.frames.len(), "{} has {} frames", clip.name(), frames.len());
    let mut search = match part {
        Some(part) => PixelSearch::of_part(picture, part, &clip.fingerprint)?,
        None => PixelSearch::new(picture, &clip.fingerprint)?,
    };
    loop {
        for frame in &frames {
            search.frame(&Plane::new(frame, width as u32, height as u32, width, 8, Range::Full)?);
        }
        if !search.again() {
            return Ok(search.finish());
        }
    }
}

/// The sides to which frames are shrunk.
fn small(clip: &Clip) -> [usize; 2] {
    let sides = [clip.fingerprint.header.width, clip.fingerprint.header.height].map(f64::from);
    let ratio = (FRAME_PIXELS / (sides[0] * sides[1])).sqrt().min(1.0);
    sides.map(|side| (side * ratio + 0.5) as usize)
}

/// The file of all frames' luma, made if it is not there.
pub fn frames(clip: &Clip, cache: &Path) -> Result<std::path::PathBuf> {
    let folder = cache.join("pixels");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{}.gray", clip.name()));
    if !path.is_file() {
        let [width, height] = small(clip);
        let unfinished = path.with_extension("part");
        ffmpeg(
            Command::new("ffmpeg")
                .args(["-noautorotate", "-i"])
                .arg(&clip.path)
                .args(["-map", "0:V:0", "-fps_mode", "passthrough", "-vf"])
                .arg(format!("scale={width}:{height}:flags=area,format=gray"))
                .args(["-f", "rawvideo"])
                .arg(&unfinished),
        )?;
        fs::rename(unfinished, &path)?;
    }
    Ok(path)
}
