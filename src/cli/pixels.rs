//! What hashes do not tell, and the videos themselves: their frames are decoded once more and looked through by their
//! pixels.

use crate::cli::decoding::{frames, probe};
use crate::cli::failure::Failure;
use crate::cli::files::file;
use crate::cli::progress::Progress;
use cotejo::compare::{Comparison, Side, View};
use cotejo::fingerprint::Fingerprint;
use cotejo::picture::plane::Plane;
use cotejo::pixels::PixelComparison;
use cotejo::still::{PixelSearch, StillSearch};
use std::path::Path;

/// A video's file and its fingerprint.
#[derive(Clone, Copy)]
pub struct Video<'a> {
    pub path: &'a Path,
    pub fingerprint: &'a Fingerprint,
}

/// Looks for the picture, or a part of it, in the frames of the video.
pub fn search(picture: &Path, part: Option<View>, video: Video, progress: &Progress) -> Result<StillSearch, Failure> {
    let (bytes, _) = file::read_picture(picture).map_err(|failure| failure.of(picture))?;
    let begun = match part {
        Some(part) => PixelSearch::of_part(&bytes, part, video.fingerprint),
        None => PixelSearch::new(&bytes, video.fingerprint),
    };
    let mut search = begun.map_err(|error| Failure::new(error).of(picture))?;
    loop {
        video.look_through(progress, |plane| search.frame(plane))?;
        if !search.again() {
            return Ok(search.finish());
        }
    }
}

/// Compares two videos by the pixels of their frames, and gives what they tell, which may be nothing. `None` if they were not looked
/// through.
pub fn compare(a: Video, b: Video, progress: &Progress) -> Result<Option<Option<Comparison>>, Failure> {
    let Some(mut comparison) = PixelComparison::new(a.fingerprint, b.fingerprint) else { return Ok(None) };
    while let Some(side) = comparison.wants() {
        let video = if side == Side::A { a } else { b };
        video.look_through(progress, |plane| comparison.frame(plane))?;
        comparison.end();
    }
    Ok(Some(comparison.finish()))
}

impl Video<'_> {
    /// Gives the luma of all frames, in order.
    fn look_through(self, progress: &Progress, mut take: impl FnMut(&Plane)) -> Result<(), Failure> {
        let mut each = || {
            let video = probe::probe(self.path)?;
            let count = self.fingerprint.frames.len();
            let bar = progress.file(self.path, Some(count as u64));
            bar.set_message(format!("{}, by its pixels", bar.message()));
            frames::each(self.path, &video, count, |bytes| {
                video.format.with_luma(bytes, |plane| take(plane)).expect("the buffer is one frame");
                bar.inc(1);
            })?;
            bar.finish_and_clear();
            Ok(())
        };
        each().map_err(|failure: Failure| failure.of(self.path))
    }
}
