//! One run of ffmpeg -> frames, hashed on several threads, passed on in order.
//!
//! This thread reads frames from ffmpeg into a few recycled buffers. One thread makes exact digests, two at a time, another the
//! perceptual hashes. A third reads ffmpeg's log and joins digest, hashes and times of each frame. Memory holds [`BUFFERS`] frames.

use crate::cli::decoding::ffmpeg::{Ffmpeg, Log, Pictures};
use crate::cli::failure::Failure;
use cotejo::ffmpeg::hashing::Extent;
use cotejo::ffmpeg::log::{Complained, FrameLog, FrameTimes};
use cotejo::ffmpeg::probe::Video;
use cotejo::ffmpeg::recipe::{self, Clock, Start};
use cotejo::hash::classic::Algorithm;
use cotejo::hash::digest::{self, Sha256Bytes};
use cotejo::hash::frame::FrameHashes;
use cotejo::hash::motion::TimeBase;
use cotejo::picture::frame::FrameFormat;
use cotejo::picture::gray::Gray;
use std::borrow::Cow;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// Frames in memory at once: one being read, two in one hashing thread, one in the other, and one to keep them busy. With more,
/// frames leave the processor's cache before they are hashed.
const BUFFERS: usize = 5;

/// What to compute for each frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work<'a> {
    /// Digests of the recorded layout, and perceptual hashes.
    All(&'a [Algorithm]),
    /// Digests only, of the bytes as ffmpeg writes them.
    Digests,
}

/// A hashed frame.
#[derive(Debug)]
pub struct HashedFrame {
    /// Its times by ffmpeg's clock.
    pub times: FrameTimes,
    /// SHA-256 of its planes.
    pub sha256: Sha256Bytes,
    /// The perceptual hashes; `None` if not asked for.
    pub hashes: Option<FrameHashes>,
    /// The picture in which points are looked for, as in [`cotejo::ffmpeg::hashing::HashedFrame`].
    pub small: Option<Gray>,
}

/// Takes frames in order.
pub trait FrameSink: Send {
    /// Called once before the first frame, with seconds per tick and the heading of ffmpeg's `framehash`.
    fn start(&mut self, time_base: TimeBase, heading: &[String]) -> Result<(), Failure>;
    /// Called for each frame, until it breaks.
    fn frame(&mut self, frame: HashedFrame) -> Result<ControlFlow<()>, Failure>;
}

/// The result of a run of ffmpeg.
#[derive(Debug)]
pub struct Run {
    /// The number of frames taken.
    pub frames: u64,
    /// Whether the picture changes its size after these frames.
    pub size_changes: bool,
    /// ffmpeg's complaints.
    pub complained: Complained,
    /// Whether ffmpeg reported success, or was ended on purpose.
    pub succeeded: bool,
}

/// Decodes `path` to its end, or until the sink breaks.
pub fn run(
    path: &Path,
    video: &Video,
    (start, clock): (Start, Clock),
    work: Work,
    sink: &mut impl FrameSink,
) -> Result<Run, Failure> {
    let Ffmpeg { process: mut decoder, output, lines, complaints } =
        Ffmpeg::start(path, &video.codec, start, recipe::outputs(&video.format, clock, "pipe:1", "pipe:0"))?;
    let (pictures, mut log) = (Pictures(output), Log::new(lines, video.format.pixel_format));
    let (read, is_ended, complained) = thread::scope(|scope| {
        let (digest_sender, to_digest) = channel();
        let (hash_sender, to_hash) = channel();
        // Results are small, 40 kB a frame at most, and may wait for their times without bound: ffmpeg never has to wait for its
        // log to be read.
        let (digests_sender, digests) = channel();
        let (hashes_sender, hashes) = channel();
        scope.spawn(move || make_digests(&to_digest, &digests_sender, video.format, work));
        let extent = if start == Start::Beginning { Extent::Video } else { Extent::Range };
        scope.spawn(move || make_hashes(&to_hash, &hashes_sender, video.format, (work, extent)));
        let complaints = scope.spawn(|| complaints.read());
        let (log, decoder) = (&mut log, &mut decoder);
        let collector = scope.spawn(move || {
            let collected = collect(log, &digests, &hashes, sink);
            let is_ended = !matches!(collected, Ok(ControlFlow::Continue(()))) || log.read.size_changes;
            // From here on nobody reads the log; ffmpeg would wait for a reader, and the reader for ffmpeg.
            if is_ended {
                decoder.stop()?;
            }
            collected.map(|_| is_ended)
        });
        let read = read_pictures(pictures, video.format.frame_bytes(), &digest_sender, &hash_sender);
        drop((digest_sender, hash_sender));
        // The collector's error comes first: if output fails, reading ends only because of that.
        let is_ended = collector.join().expect("the collector does not panic")?;
        Ok::<_, Failure>((read, is_ended, complaints.join().expect("reading complaints does not panic")?))
    })?;
    let FrameLog { frames, size_changes, .. } = log.read;
    if !is_ended {
        let pictures = read?;
        if pictures != frames {
            return Err(uneven(pictures, frames));
        }
    }
    Ok(Run { frames, size_changes, complained, succeeded: is_ended || decoder.wait()? })
}

/// Frames are cut from one stream of bytes, so a wrong length would shift all later ones.
fn uneven(pictures: u64, times: u64) -> Failure {
    Failure::new(format!("ffmpeg gave {times} frames of another length than expected ({pictures} would fit)"))
        .hint("please report this file's codec and pixel format: `ffprobe VIDEO`")
}

/// A frame's bytes; the memory returns to the reader when the last thread has finished with it.
struct Buffer {
    bytes: Vec<u8>,
    free: Sender<Vec<u8>>,
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // If the reader has ended, nobody needs the memory.
        let _ = self.free.send(std::mem::take(&mut self.bytes));
    }
}

/// Returns the number of frames.
fn read_pictures(
    mut pictures: Pictures,
    frame_bytes: usize,
    to_digest: &Sender<Arc<Buffer>>,
    to_hash: &Sender<Arc<Buffer>>,
) -> io::Result<u64> {
    let (free_sender, free) = channel();
    for _ in 0..BUFFERS {
        free_sender.send(vec![0; frame_bytes]).expect("the receiver is here");
    }
    let mut pictures_read = 0;
    loop {
        let mut bytes = free.recv().expect("a sender is here");
        if !pictures.next(&mut bytes)? {
            return Ok(pictures_read);
        }
        let buffer = Arc::new(Buffer { bytes, free: free_sender.clone() });
        if to_digest.send(Arc::clone(&buffer)).is_err() || to_hash.send(buffer).is_err() {
            return Ok(pictures_read);
        }
        pictures_read += 1;
    }
}

fn make_digests(buffers: &Receiver<Arc<Buffer>>, results: &Sender<Sha256Bytes>, format: FrameFormat, work: Work) {
    while let Ok(first) = buffers.recv() {
        let sent = match buffers.recv() {
            Ok(second) => {
                digest::sha256_pair([&digested_bytes(&first, format, work), &digested_bytes(&second, format, work)])
                    .into_iter()
                    .try_for_each(|sha256| results.send(sha256))
            }
            Err(_) => results.send(digest::sha256(&digested_bytes(&first, format, work))),
        };
        if sent.is_err() {
            return;
        }
    }
}

fn digested_bytes<'a>(buffer: &'a Buffer, format: FrameFormat, work: Work) -> Cow<'a, [u8]> {
    match work {
        Work::All(_) => format.pixel_format.reorder(&buffer.bytes, format.width, format.height),
        Work::Digests => Cow::Borrowed(&buffer.bytes),
    }
}

/// The perceptual hashes of a frame, and its small picture: see [`HashedFrame`].
type Hashed = (Option<FrameHashes>, Option<Gray>);

fn make_hashes(
    buffers: &Receiver<Arc<Buffer>>,
    results: &Sender<Hashed>,
    format: FrameFormat,
    (work, extent): (Work, Extent),
) {
    for (number, buffer) in (0..).zip(buffers) {
        let hashed = match work {
            Work::All(algorithms) => {
                let hashed = extent.hash(number, &format, &buffer.bytes, algorithms);
                let (hashes, small) = hashed.expect("the buffer is one frame");
                (Some(hashes), small)
            }
            Work::Digests => (None, None),
        };
        if results.send(hashed).is_err() {
            return;
        }
    }
}

fn collect(
    log: &mut Log,
    digests: &Receiver<Sha256Bytes>,
    hashes: &Receiver<Hashed>,
    sink: &mut impl FrameSink,
) -> Result<ControlFlow<()>, Failure> {
    let mut is_started = false;
    while let Some(times) = log.next()? {
        if !is_started {
            let time_base = log.read.time_base.ok_or_else(|| Failure::new("ffmpeg gave no time base"))?;
            sink.start(time_base, &log.read.heading)?;
            is_started = true;
        }
        let (Ok(sha256), Ok((hashes, small))) = (digests.recv(), hashes.recv()) else {
            return Err(Failure::new(format!("ffmpeg ended within frame {}", log.read.frames - 1)));
        };
        if sink.frame(HashedFrame { times, sha256, hashes, small })?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}
