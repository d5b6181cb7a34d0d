//! One video file -> its frames, hashed, in order: by several decoders if it can be cut, else by one.
//!
//! One decoder's result is the standard. Several are used only if the result is known to be the same: a range must give exactly the
//! frames that the packets predict, without a complaint, and two ranges must agree on the frame where they meet. Otherwise one
//! decoder does the whole video, and the frames already taken must come out the same.

use crate::cli::decoding::decode::{FrameSink, HashedFrame, Run, Work, run};
use crate::cli::decoding::packets;
use crate::cli::failure::Failure;
use cotejo::ffmpeg::hashing;
use cotejo::ffmpeg::log::FrameTimes;
use cotejo::ffmpeg::probe::Video;
use cotejo::ffmpeg::ranges::{DecodedRange, Joiner, Range, RangeFrames, Uneven, least_seconds};
use cotejo::ffmpeg::recipe::{Clock, Start};
use cotejo::fingerprint::ProblemCode;
use cotejo::hash::digest::StreamingSha256;
use cotejo::hash::motion::TimeBase;
use indicatif::ProgressBar;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// What was wrong with a video, and the first affected frame if it is known.
pub type Problems = Vec<(ProblemCode, Option<u64>)>;

/// Hashes all frames of `path` with up to `decoders` decoders; `bar` shows progress.
pub fn decode(
    path: &Path,
    video: &Video,
    decoders: usize,
    work: Work,
    bar: &ProgressBar,
    sink: &mut impl FrameSink,
) -> Result<Problems, Failure> {
    let mut recorded = Recorded::new(sink);
    if let Some(least_s) = least_seconds(video, decoders) {
        if (Shared { path, video, work, bar }).decode(decoders, least_s, &mut recorded)?.is_ok() {
            return Ok(Problems::new());
        }
        bar.reset();
    }
    recorded.begin_again(bar);
    let problems = decode_alone(path, video, Clock::Track, work, &mut recorded)?;
    if recorded.is_behind() { Err(two_ways()) } else { Ok(problems) }
}

/// Hashes all frames of `path` with one decoder.
pub fn decode_alone(
    path: &Path,
    video: &Video,
    clock: Clock,
    work: Work,
    sink: &mut impl FrameSink,
) -> Result<Problems, Failure> {
    let is_over = AtomicBool::new(false);
    let (run, check) = thread::scope(|scope| {
        // Digests alone come without problems.
        let check = (work != Work::Digests).then(|| scope.spawn(|| packets::check(path, video, &is_over)));
        let run = run(path, video, (Start::Beginning, clock), work, sink);
        if !matches!(&run, Ok(Run { size_changes: false, .. })) {
            is_over.store(true, Ordering::Relaxed);
        }
        let check = check.map(|check| check.join().expect("reading packets does not panic"));
        Ok::<_, Failure>((run?, check.transpose()?.flatten()))
    })?;
    if run.frames == 0 {
        let said = run.complained.reason();
        let said = if said.is_empty() { String::new() } else { format!(" ({said})") };
        let failure = Failure::new(format!("no frame could be decoded{said}"));
        return Err(failure.hint("the file may be damaged or cut off"));
    }
    let mut problems = Problems::new();
    let has_damaged_packet =
        check.as_ref().map_or(run.complained.lost_slices, |check| check.shows_damage(&run.complained));
    if run.complained.damage || has_damaged_packet || !run.succeeded {
        problems.push((ProblemCode::DecodeError, None));
    }
    if run.size_changes {
        problems.push((ProblemCode::SizeChanges, Some(run.frames)));
    } else if check.is_some_and(|check| check.are_missing(run.frames)) {
        problems.push((ProblemCode::FramesMissing, None));
    }
    Ok(problems)
}

/// Records frames, and remembers them: frames that come a second time are only compared.
struct Recorded<'a, T> {
    sink: &'a mut T,
    first_pts: Option<i64>,
    count: u64,
    digest: StreamingSha256,
    repeat: Option<Repeat<'a>>,
}

/// The recorded frames come once more, from a decoder whose times may start elsewhere.
struct Repeat<'a> {
    bar: &'a ProgressBar,
    left: u64,
    digest: StreamingSha256,
    shift: Option<i64>,
}

impl<'a, T> Recorded<'a, T> {
    fn new(sink: &'a mut T) -> Self {
        Self { sink, first_pts: None, count: 0, digest: StreamingSha256::default(), repeat: None }
    }

    /// Expects the recorded frames once more, and then the rest.
    fn begin_again(&mut self, bar: &'a ProgressBar) {
        self.repeat = Some(Repeat { bar, left: self.count, digest: StreamingSha256::default(), shift: None });
    }

    fn is_behind(&self) -> bool {
        self.repeat.as_ref().is_some_and(|repeat| repeat.left > 0)
    }
}

impl<T: FrameSink> FrameSink for Recorded<'_, T> {
    fn start(&mut self, time_base: TimeBase, heading: &[String]) -> Result<(), Failure> {
        if self.count == 0 { self.sink.start(time_base, heading) } else { Ok(()) }
    }

    fn frame(&mut self, mut frame: HashedFrame) -> Result<ControlFlow<()>, Failure> {
        let first_pts = *self.first_pts.get_or_insert(frame.times.pts);
        if let Some(Repeat { bar, left, digest, shift }) = &mut self.repeat {
            bar.inc(1);
            let shift = *shift.get_or_insert(first_pts.wrapping_sub(frame.times.pts));
            frame.times.pts = frame.times.pts.wrapping_add(shift);
            if *left > 0 {
                *left -= 1;
                note(digest, &frame);
                let is_other = *left == 0 && digest.clone().finish() != self.digest.clone().finish();
                return if is_other { Err(two_ways()) } else { Ok(ControlFlow::Continue(())) };
            }
        }
        self.count += 1;
        note(&mut self.digest, &frame);
        self.sink.frame(frame)
    }
}

fn note(digest: &mut StreamingSha256, frame: &HashedFrame) {
    digest.push(&frame.times.pts.to_le_bytes());
    digest.push(&frame.sha256);
}

fn two_ways() -> Failure {
    Failure::new("this file decodes to other frames when it is decoded once more; it is damaged")
        .hint("`--decoders 1` hashes it as one decoder shows it")
}

/// A video that several decoders share.
#[derive(Clone, Copy)]
struct Shared<'a> {
    path: &'a Path,
    video: &'a Video,
    work: Work<'a>,
    bar: &'a ProgressBar,
}

/// Receives a range's frames, once all are there; closed without a value if something is wrong with it.
type Awaited = Receiver<DecodedRange>;

impl Shared<'_> {
    /// Records the video's frames, up to the first range with a fault.
    fn decode(
        self,
        decoders: usize,
        least_s: f64,
        recorded: &mut impl FrameSink,
    ) -> Result<Result<(), Uneven>, Failure> {
        let (planned_sender, planned) = sync_channel(decoders);
        let (begun_sender, begun) = sync_channel(decoders);
        let (planned, is_unwanted) = (Arc::new(Mutex::new(planned)), AtomicBool::new(false));
        thread::scope(|scope| {
            let is_unwanted = &is_unwanted;
            scope.spawn(move || {
                packets::plan(self.path, self.video, least_s, is_unwanted, |range| {
                    // If nobody waits for ranges any more, the flag ends the planning.
                    _ = planned_sender.send(range);
                });
            });
            for _ in 0..decoders {
                let (planned, begun) = (Arc::clone(&planned), begun_sender.clone());
                scope.spawn(move || self.decode_ranges(&planned, &begun, is_unwanted));
            }
            // From here on, only the decoders hold these, so each side notices when the other has ended.
            drop((planned, begun_sender));
            let joined = join(&begun, recorded);
            is_unwanted.store(true, Ordering::Relaxed);
            drop(begun);
            joined
        })
    }

    /// Decodes ranges while there are any. Each is passed on when it begins, so that they stay in order.
    fn decode_ranges(
        self,
        planned: &Mutex<Receiver<Result<Range, Uneven>>>,
        begun: &SyncSender<Awaited>,
        is_unwanted: &AtomicBool,
    ) {
        loop {
            let (range, decoded) = {
                let planned = planned.lock().expect("no thread panics while it holds the lock");
                let Ok(Ok(range)) = planned.recv() else { return };
                let (decoded, awaited) = sync_channel(1);
                if begun.send(awaited).is_err() {
                    return;
                }
                (range, decoded)
            };
            // If nothing is sent, the receiver notices that the sender is gone.
            if let Some(range) = self.decode_range(range, is_unwanted) {
                _ = decoded.send(range);
            }
        }
    }

    fn decode_range(self, range: Range, is_unwanted: &AtomicBool) -> Option<DecodedRange> {
        let start = range.start;
        let mut sink = InRange { frames: RangeFrames::new(range), time_base: None, bar: self.bar, is_unwanted };
        let run = run(self.path, self.video, (start, Clock::Track), self.work, &mut sink).ok()?;
        let is_ended = run.succeeded && !run.size_changes;
        sink.frames.finish(sink.time_base.filter(|_| is_ended), &run.complained).ok()
    }
}

/// Takes the frames of a range.
struct InRange<'a> {
    frames: RangeFrames,
    time_base: Option<TimeBase>,
    bar: &'a ProgressBar,
    is_unwanted: &'a AtomicBool,
}

impl FrameSink for InRange<'_> {
    fn start(&mut self, time_base: TimeBase, _heading: &[String]) -> Result<(), Failure> {
        self.time_base = Some(time_base);
        Ok(())
    }

    fn frame(&mut self, HashedFrame { times, sha256, hashes, small }: HashedFrame) -> Result<ControlFlow<()>, Failure> {
        let before = self.frames.given();
        let hashes = hashes.expect("ranges are hashed in full");
        let taken = self.frames.take(hashing::HashedFrame { pts: times.pts, sha256, hashes, small });
        if taken.is_err() || self.is_unwanted.load(Ordering::Relaxed) {
            return Err(Failure::new("another frame than expected, or one that nobody waits for"));
        }
        self.bar.inc((self.frames.given() - before) as u64);
        Ok(if self.frames.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

/// Records the frames of ranges one after the other, up to the first that do not fit together.
fn join(begun: &Receiver<Awaited>, recorded: &mut impl FrameSink) -> Result<Result<(), Uneven>, Failure> {
    let mut joiner = Joiner::default();
    let mut is_started = false;
    for awaited in begun {
        let Some(Ok((time_base, frames))) = awaited.recv().ok().map(|range| joiner.join(range)) else { break };
        if !is_started {
            recorded.start(time_base, &[])?;
            is_started = true;
        }
        for hashing::HashedFrame { pts, sha256, hashes, .. } in frames {
            let times = FrameTimes { dts: pts, pts, duration: 0 };
            _ = recorded.frame(HashedFrame { times, sha256, hashes: Some(hashes), small: None })?;
        }
    }
    Ok(if joiner.is_complete() { Ok(()) } else { Err(Uneven) })
}
