//! Runs the installed `ffmpeg`: frames or packets, and a line for each.
//!
//! One process has three outputs: frames or packets on standard output, their lines on a pipe, complaints on standard error
//! ([`cotejo::ffmpeg`] has the arguments). Lines and complaints are apart, because several threads write to standard error and mix
//! parts of lines.

use crate::cli::decoding::allowed::allowed;
use crate::cli::decoding::installed::{as_ffmpeg_input, not_installed};
use crate::cli::decoding::sandbox;
use crate::cli::failure::Failure;
use crate::cli::interrupt;
use cotejo::ffmpeg::log::{Complained, FrameLog, FrameTimes};
use cotejo::ffmpeg::recipe::{self, Start};
use cotejo::picture::pixel_format::PixelFormat;
use shared_child::SharedChild;
use std::io::{self, BufRead, BufReader, PipeReader, Read};
use std::path::Path;
use std::process::{ChildStderr, Stdio};
use std::sync::Arc;

/// Carries frames and packets. On Linux, a socket takes less than half of a pipe's processor time, because it moves 32 kB at once
/// instead of pages: docs/performance.md.
#[cfg(target_os = "linux")]
pub type Output = std::os::unix::net::UnixStream;
/// Carries frames and packets.
#[cfg(not(target_os = "linux"))]
pub type Output = PipeReader;

/// The longest line read; a longer one is split.
const MAX_LINE_BYTES: u64 = 4096;

/// A running `ffmpeg`.
///
/// The outputs come in turn, but not in step: read each independently of the others.
#[derive(Debug)]
pub struct Ffmpeg {
    /// The process itself.
    pub process: Process,
    /// Frames or packets, one after the other.
    pub output: Output,
    /// A line for each frame or packet.
    pub lines: BufReader<PipeReader>,
    /// The complaints.
    pub complaints: Complaints,
}

/// Ends the program when dropped.
#[derive(Debug)]
pub struct Process(Arc<SharedChild>);

/// The frames of a running `ffmpeg`, one after the other.
#[derive(Debug)]
pub struct Pictures(pub Output);

/// A line for each frame of a running `ffmpeg`.
#[derive(Debug)]
pub struct Log {
    lines: BufReader<PipeReader>,
    /// The lines read so far.
    pub read: FrameLog,
}

/// What a running `ffmpeg` complains of.
#[derive(Debug)]
pub struct Complaints(BufReader<ChildStderr>);

impl Ffmpeg {
    /// Starts to read `path`, a video of this codec, at `start`. `outputs` come from [`cotejo::ffmpeg::recipe`], with `pipe:1` and
    /// `pipe:0` as outputs.
    pub fn start(path: &Path, codec: &str, start: Start, outputs: Vec<String>) -> Result<Self, Failure> {
        let (lines, line_writer) = io::pipe()?;
        let (output, output_writer) = output_channel()?;
        // Standard input is the only other channel that every program has; ffmpeg can write to it.
        let mut command = sandbox::command("ffmpeg", Some(path))?;
        command.args(recipe::before_input(start, codec, allowed()?)).arg(as_ffmpeg_input(path)).args(outputs);
        command.stdin(line_writer).stdout(output_writer).stderr(Stdio::piped());
        let process = interrupt::begin_program(&mut command).map_err(not_installed)?;
        // Dropped, because it holds the writing ends, and their readers would never see an end.
        drop(command);
        let complaints = Complaints(BufReader::new(process.take_stderr().expect("stderr is piped")));
        Ok(Self { process: Process(process), output, lines: BufReader::new(lines), complaints })
    }
}

#[cfg(target_os = "linux")]
fn output_channel() -> io::Result<(Output, Stdio)> {
    let (output, writer) = Output::pair()?;
    Ok((output, std::os::fd::OwnedFd::from(writer).into()))
}

#[cfg(not(target_os = "linux"))]
fn output_channel() -> io::Result<(Output, Stdio)> {
    let (output, writer) = io::pipe()?;
    Ok((output, writer.into()))
}

impl Process {
    /// Ends the program early.
    pub fn stop(&mut self) -> io::Result<()> {
        self.0.kill()
    }

    /// Waits for the program's end; false if ffmpeg reports failure.
    pub fn wait(&mut self) -> io::Result<bool> {
        Ok(self.0.wait()?.success())
    }
}

impl Drop for Process {
    // Harmless if the program has ended already.
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Pictures {
    /// Fills `frame` with the next frame; false at the end. An end within a frame is an error.
    pub fn next(&mut self, frame: &mut [u8]) -> io::Result<bool> {
        let mut filled = 0;
        while filled < frame.len() {
            match self.0.read(&mut frame[filled..]) {
                Ok(0) if filled == 0 => return Ok(false),
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(bytes) => filled += bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}

impl Log {
    /// A log before its first line, of a video with frames in this layout.
    pub fn new(lines: BufReader<PipeReader>, pixel_format: PixelFormat) -> Self {
        Self { lines, read: FrameLog::new(pixel_format) }
    }

    /// The times of the next frame; `None` at the end, or when the picture changes its size.
    pub fn next(&mut self) -> io::Result<Option<FrameTimes>> {
        while let Some(line) = next_line(&mut self.lines)? {
            let times = self.read.read(&line);
            if times.is_some() || self.read.size_changes {
                return Ok(times);
            }
        }
        Ok(None)
    }
}

impl Complaints {
    /// Reads until the process ends.
    pub fn read(mut self) -> io::Result<Complained> {
        let mut complained = Complained::default();
        while let Some(line) = next_line(&mut self.0)? {
            complained.read(&line);
        }
        Ok(complained)
    }
}

/// The next line that is not empty, without its end.
pub fn next_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    loop {
        let mut line = Vec::new();
        if input.take(MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
        if !line.is_empty() {
            return Ok(Some(line));
        }
    }
}
