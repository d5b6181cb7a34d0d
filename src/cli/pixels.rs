//! A picture that hashes do not find, and the video itself: its frames are decoded once more and looked through by their
//! pixels.

use crate::cli::decoding::{frames, probe};
use crate::cli::failure::Failure;
use crate::cli::files::file;
use crate::cli::progress::Progress;
use cotejo::compare::View;
use cotejo::fingerprint::Fingerprint;
use cotejo::still::{PixelSearch, StillSearch};
use std::path::Path;

/// Looks for the picture, or a part of it, in the frames of the video, whose fingerprint this is.
pub fn search(
    picture: &Path,
    part: Option<View>,
    video: &Path,
    fingerprint: &Fingerprint,
    progress: &Progress,
) -> Result<StillSearch, Failure> {
    let (bytes, _) = file::read_picture(picture).map_err(|failure| failure.of(picture))?;
    let begun = match part {
        Some(part) => PixelSearch::of_part(&bytes, part, fingerprint),
        None => PixelSearch::new(&bytes, fingerprint),
    };
    let mut search = begun.map_err(|error| Failure::new(error).of(picture))?;
    loop {
        look_through(&mut search, video, fingerprint, progress).map_err(|failure| failure.of(video))?;
        if !search.again() {
            return Ok(search.finish());
        }
    }
}

/// Gives all frames to the search, once.
fn look_through(
    search: &mut PixelSearch,
    path: &Path,
    fingerprint: &Fingerprint,
    progress: &Progress,
) -> Result<(), Failure> {
    let video = probe::probe(path)?;
    let bar = progress.file(path, Some(fingerprint.frames.len() as u64));
    bar.set_message(format!("{}, by its pixels", bar.message()));
    frames::each(path, &video, fingerprint.frames.len(), |bytes| {
        video.format.with_luma(bytes, |plane| search.frame(plane)).expect("the buffer is one frame");
        bar.inc(1);
    })?;
    bar.finish_and_clear();
    Ok(())
}
