//! Two videos compared by their pixels, as `cotejo compare` does where hashes do not tell.

use anyhow::{Result, ensure};
use cotejo::compare::{Comparison, Side};
use cotejo::fingerprint::Fingerprint;
use cotejo::hash::points;
use cotejo::picture::plane::{Plane, Range};
use cotejo::pixels::PixelComparison;
use std::path::Path;
use std::process::Command;

/// A video, which of its frames is the first that is compared, and the fingerprint of what is compared.
pub type Video<'a> = (&'a Path, usize, &'a Fingerprint);

/// Compares two videos by their pixels. `None` if these tell nothing.
pub fn compare(a: Video, b: Video) -> Result<Option<Comparison>> {
    let Some(mut comparison) = PixelComparison::new(a.2, b.2) else { return Ok(None) };
    let (a_frames, b_frames) = (frames(a)?, frames(b)?);
    while let Some(side) = comparison.wants() {
        let (video, frames) = if side == Side::A { (a, &a_frames) } else { (b, &b_frames) };
        let [width, height] = small(video.2);
        for frame in frames.chunks_exact(width * height) {
            comparison.frame(&Plane::new(frame, width as u32, height as u32, width, 8, Range::Full)?);
        }
        comparison.end();
    }
    Ok(comparison.finish())
}

/// The sides to which frames are shrunk.
pub fn small(print: &Fingerprint) -> [usize; 2] {
    points::sides([print.header.width, print.header.height].map(|side| side as usize))
}

/// What writes the luma of all frames of a video, shrunk to these sides, to a file or to standard output, `-`.
pub fn shrinking(video: &Path, [width, height]: [usize; 2], to: &Path) -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-noautorotate", "-i"]).arg(video);
    command.args(["-map", "0:V:0", "-fps_mode", "passthrough", "-vf"]);
    command.arg(format!("scale={width}:{height}:flags=area,format=gray")).args(["-f", "rawvideo"]).arg(to);
    command
}

/// The luma of the frames that are compared, small.
fn frames((video, first, print): Video) -> Result<Vec<u8>> {
    let sides = small(print);
    let done = shrinking(video, sides, Path::new("-")).output()?;
    ensure!(done.status.success(), "{}: {}", video.display(), String::from_utf8_lossy(&done.stderr));
    let size = sides[0] * sides[1];
    let [start, end] = [first, first + print.frames.len()].map(|frame| frame * size);
    ensure!(done.stdout.len() >= end, "{} has fewer frames than its fingerprint", video.display());
    Ok(done.stdout[start..end].to_vec())
}
