//! Reads a video's packets, copied by the installed `ffmpeg`.

use crate::cli::decoding::ffmpeg::{Ffmpeg, next_line};
use crate::cli::failure::Failure;
use cotejo::ffmpeg::log::PacketLine;
use cotejo::ffmpeg::packets::{PacketCheck, PacketCutter};
use cotejo::ffmpeg::probe::Video;
use cotejo::ffmpeg::ranges::{Planner, Range, Uneven};
use cotejo::ffmpeg::recipe::{self, Start};
use cotejo::hash::motion::TimeBase;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Checks all packets of `path`. Ends as soon as one is damaged, or if `is_unwanted`.
pub fn check(path: &Path, video: &Video, is_unwanted: &AtomicBool) -> Result<Option<PacketCheck>, Failure> {
    let Some(mut check) = PacketCheck::new(video) else { return Ok(None) };
    _ = read(path, video, |_, line, packet| {
        check.read(line, packet);
        if check.is_damaged() || is_unwanted.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(Some(check))
}

/// Cuts `path` into ranges of at least `least_s` seconds. Calls `give` with each as soon as it is known, and finally with
/// [`Uneven`] if one decoder must do the rest. Ends early if `is_unwanted`.
pub fn plan(
    path: &Path,
    video: &Video,
    least_s: f64,
    is_unwanted: &AtomicBool,
    mut give: impl FnMut(Result<Range, Uneven>),
) {
    let (mut planner, mut check): (Option<Planner>, _) = (None, PacketCheck::new(video));
    let mut planned = Ok(());
    let read = read(path, video, |time_base, line, packet| {
        let planner = planner.get_or_insert_with(|| Planner::new(video, time_base, least_s));
        check.iter_mut().for_each(|check| check.read(line, packet));
        let is_sound = check.as_ref().is_none_or(PacketCheck::is_sound);
        planned = if is_sound { planner.take(line, packet) } else { Err(Uneven) };
        while let Some(range) = planner.next_range() {
            give(Ok(range));
        }
        if planned.is_err() || is_unwanted.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let is_whole = matches!(read, Ok(ControlFlow::Continue(())));
    match planner.filter(|_| is_whole).map(|mut planner| planner.finish().map(|()| planner.next_range())) {
        Some(Ok(Some(last))) => give(Ok(last)),
        _ => give(Err(Uneven)),
    }
}

/// Calls `take` with each packet of `path`, up to the end or until it breaks off.
fn read(
    path: &Path,
    video: &Video,
    mut take: impl FnMut(TimeBase, PacketLine, &[u8]) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Failure> {
    let copy = Ffmpeg::start(path, &video.codec, Start::OwnTimes, recipe::packets("pipe:1", "pipe:0"))?;
    let (mut packets, mut lines) = (BufReader::new(copy.output), copy.lines);
    let mut cutter = PacketCutter::default();
    while let Some(line) = next_line(&mut lines)? {
        cutter.take_lines(line.as_bytes());
        cutter.take_lines(b"\n");
        while cutter.missing() > 0 && !cutter.is_lost() {
            let bytes = packets.fill_buf()?;
            let taken = bytes.len().min(cutter.missing());
            if taken == 0 {
                return Ok(ControlFlow::Break(()));
            }
            let time_base = cutter.time_base();
            let is_over = match (cutter.take_packets(&bytes[..taken]), time_base) {
                (Some((line, packet)), Some(time_base)) => take(time_base, line, packet).is_break(),
                (Some(_), None) => true,
                (None, _) => false,
            };
            packets.consume(taken);
            if is_over {
                return Ok(ControlFlow::Break(()));
            }
        }
        if cutter.is_lost() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}
