//! One video file -> frames, hashed on several threads, handed on in order.
//!
//! This thread reads frames from ffmpeg into a few recycled buffers; one thread makes exact digests, another the
//! perceptual hashes, a third puts both together and hands them to the caller. Memory is that of [`BUFFERS`] frames.

use super::Failure;
use super::ffmpeg::{Clock, FrameTimes, Frames, Video};
use cotejo::classic::Algorithm;
use cotejo::digest::{self, Sha256Bytes};
use cotejo::fingerprint::ProblemCode;
use cotejo::frame_hash::{FrameHashes, FrameFormat};
use cotejo::motion::TimeBase;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// Frames in memory at once: one being read, one in each of three threads, and two to keep them busy.
const BUFFERS: usize = 6;

/// What is made of each frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work<'a> {
    /// Digests and perceptual hashes.
    All(&'a [Algorithm]),
    /// Digests only.
    Digests,
}

/// One frame, hashed.
#[derive(Debug)]
pub struct HashedFrame {
    /// Its times by ffmpeg's clock.
    pub times: FrameTimes,
    /// SHA-256 of its planes.
    pub sha256: Sha256Bytes,
    /// The perceptual hashes, where they were asked for.
    pub hashes: Option<FrameHashes>,
}

/// What was known when the first frame came.
#[derive(Clone, Debug)]
pub struct Start {
    /// Seconds per tick.
    pub time_base: TimeBase,
    /// The heading of ffmpeg's `framehash`.
    pub heading: Vec<String>,
}

/// Takes frames in order.
pub trait Taker: Send {
    /// Called once, before the first frame.
    fn start(&mut self, start: &Start) -> Result<(), Failure>;
    /// Called for each frame.
    fn frame(&mut self, frame: HashedFrame) -> Result<(), Failure>;
}

/// Decodes `path` to its end. Returns what was wrong with it, and from which frame on.
pub fn decode(
    path: &Path,
    video: &Video,
    clock: Clock,
    work: Work,
    taker: &mut impl Taker,
) -> Result<Vec<(ProblemCode, u64)>, Failure> {
    let frames = Frames::start(path, video, clock)?;
    thread::scope(|scope| {
        let (free_sender, free) = channel();
        let (digest_sender, to_digest) = sync_channel(BUFFERS);
        let (hash_sender, to_hash) = sync_channel(BUFFERS);
        let (digests_sender, digests) = sync_channel(BUFFERS);
        let (hashes_sender, hashes) = sync_channel(BUFFERS);
        scope.spawn(move || make_digests(&to_digest, &digests_sender));
        scope.spawn(move || make_hashes(&to_hash, &hashes_sender, video.format, work));
        let collector = scope.spawn(move || collect(&digests, &hashes, &free_sender, taker));
        let read = read_frames(frames, video.format.frame_bytes(), &free, &digest_sender, &hash_sender);
        drop((digest_sender, hash_sender));
        // The collector's error comes first: where output fails, reading ends only because of it.
        collector.join().expect("the collector does not panic")?;
        read
    })
}

type Buffer = Arc<Vec<u8>>;
type Job = (Buffer, FrameTimes, Option<Start>);

fn read_frames(
    mut frames: Frames,
    frame_bytes: usize,
    free: &Receiver<Vec<u8>>,
    to_digest: &SyncSender<Buffer>,
    to_hash: &SyncSender<Job>,
) -> Result<Vec<(ProblemCode, u64)>, Failure> {
    let mut made = 0;
    let mut start_was_sent = false;
    loop {
        let mut buffer = if made < BUFFERS {
            made += 1;
            vec![0; frame_bytes]
        } else {
            match free.recv() {
                Ok(buffer) => buffer,
                Err(_) => return Ok(Vec::new()),
            }
        };
        let Some(times) = frames.next(&mut buffer)? else { return frames.finish() };
        let start = (!start_was_sent).then(|| start(&frames)).transpose()?;
        start_was_sent = true;
        let buffer = Arc::new(buffer);
        let is_taken = to_digest.send(Arc::clone(&buffer)).is_ok() && to_hash.send((buffer, times, start)).is_ok();
        if !is_taken {
            return Ok(Vec::new());
        }
    }
}

fn start(frames: &Frames) -> Result<Start, Failure> {
    let time_base = frames.time_base.ok_or_else(|| Failure::new("ffmpeg gave no time base"))?;
    Ok(Start { time_base, heading: frames.heading.clone() })
}

fn make_digests(buffers: &Receiver<Buffer>, results: &SyncSender<(Buffer, Sha256Bytes)>) {
    for buffer in buffers {
        let digest = digest::sha256(&buffer);
        if results.send((buffer, digest)).is_err() {
            return;
        }
    }
}

type Hashed = (FrameTimes, Option<Start>, Option<FrameHashes>);

fn make_hashes(jobs: &Receiver<Job>, results: &SyncSender<Hashed>, format: FrameFormat, work: Work) {
    for (buffer, times, start) in jobs {
        let hashes = match work {
            Work::All(algorithms) => Some(format.hash(&buffer, algorithms).expect("the buffer is one frame")),
            Work::Digests => None,
        };
        drop(buffer);
        if results.send((times, start, hashes)).is_err() {
            return;
        }
    }
}

fn collect(
    digests: &Receiver<(Buffer, Sha256Bytes)>,
    hashes: &Receiver<Hashed>,
    free: &Sender<Vec<u8>>,
    taker: &mut impl Taker,
) -> Result<(), Failure> {
    for ((buffer, sha256), (times, start, hashes)) in digests.iter().zip(hashes) {
        // Both threads are done with it, so this is the only owner. The reader may have ended; then nobody needs it.
        if let Ok(buffer) = Arc::try_unwrap(buffer) {
            let _ = free.send(buffer);
        }
        if let Some(start) = start {
            taker.start(&start)?;
        }
        taker.frame(HashedFrame { times, sha256, hashes })?;
    }
    Ok(())
}
