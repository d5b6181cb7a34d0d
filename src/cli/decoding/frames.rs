//! One run of ffmpeg -> the frames themselves, in order, for what needs no hashes.

use crate::cli::decoding::ffmpeg::{Ffmpeg, Pictures};
use crate::cli::failure::Failure;
use cotejo::ffmpeg::probe::Video;
use cotejo::ffmpeg::recipe::{self, Clock, Start};
use std::io;
use std::path::Path;
use std::thread;

/// Gives the first `count` frames of `path` to `take`, each as tightly packed bytes. Fails if there are fewer.
pub fn each(path: &Path, video: &Video, count: usize, mut take: impl FnMut(&[u8])) -> Result<(), Failure> {
    let Ffmpeg { mut process, output, mut lines, complaints } = Ffmpeg::start(
        path,
        &video.codec,
        Start::Beginning,
        recipe::outputs(&video.format, Clock::Track, "pipe:1", "pipe:0"),
    )?;
    let mut pictures = Pictures(output);
    let given = thread::scope(|scope| {
        // Nobody needs them here, and ffmpeg waits for a reader.
        scope.spawn(move || io::copy(&mut lines, &mut io::sink()));
        scope.spawn(move || complaints.read());
        let mut frame = vec![0; video.format.frame_bytes()];
        let mut given = 0;
        let read = loop {
            if given == count {
                break Ok(());
            }
            match pictures.next(&mut frame) {
                Ok(true) => take(&frame),
                Ok(false) => break Ok(()),
                Err(error) => break Err(error),
            }
            given += 1;
        };
        process.stop()?;
        read.map(|()| given)
    })?;
    if given < count {
        let failure = Failure::new(format!("frame {given} did not come a second time"));
        return Err(failure.hint("the file may have changed while it was read; try again"));
    }
    Ok(())
}
