//! The clips' frames, small, for searches by pixels.

use super::corpus::Clip;
use crate::command::run_command;
use crate::pixels::{shrinking, small};
use anyhow::{Result, ensure};
use cotejo::compare::View;
use cotejo::picture::plane::{Plane, Range};
use cotejo::still::{PixelSearch, StillSearch};
use std::fs;
use std::path::Path;

/// Looks for a picture, or a part of it, in a clip by its pixels.
pub fn find(picture: &[u8], part: Option<View>, clip: &Clip, cache: &Path) -> Result<StillSearch> {
    let [width, height] = small(&clip.fingerprint);
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

/// The file of all frames' luma, made if it is not there.
pub fn frames(clip: &Clip, cache: &Path) -> Result<std::path::PathBuf> {
    let folder = cache.join("pixels");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{}.gray", clip.name()));
    if !path.is_file() {
        let unfinished = path.with_extension("part");
        run_command(&mut shrinking(&clip.path, small(&clip.fingerprint), &unfinished))?;
        fs::rename(unfinished, &path)?;
    }
    Ok(path)
}
