//! The packets of a video, copied by the installed `ffmpeg` and read for damage beside the decoding.

use super::Failure;
use super::ffmpeg::{Ffmpeg, next_line};
use cotejo::ffmpeg::packets::PacketCheck;
use cotejo::ffmpeg::recipe;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a packet of `path` is damaged. Ends as soon as that is known, or `is_unwanted`.
pub fn are_damaged(path: &Path, mut check: PacketCheck, is_unwanted: &AtomicBool) -> Result<bool, Failure> {
    let copy = Ffmpeg::start(path, recipe::packets("pipe:1", "pipe:0"))?;
    let (mut packets, mut lines) = (BufReader::new(copy.output), copy.lines);
    while !check.is_over() && !is_unwanted.load(Ordering::Relaxed) {
        let Some(line) = next_line(&mut lines)? else { break };
        check.take_lines(line.as_bytes());
        check.take_lines(b"\n");
        while check.missing() > 0 {
            let bytes = packets.fill_buf()?;
            if bytes.is_empty() {
                return Ok(false);
            }
            let taken = bytes.len().min(check.missing());
            check.take_packets(&bytes[..taken]);
            packets.consume(taken);
        }
    }
    Ok(check.is_damaged())
}
