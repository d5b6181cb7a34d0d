//! A command's output: standard output, a device, or a file that appears under its name only when it is complete.
//!
//! A file is written under an unforeseeable name in its final folder, opened for this program alone. When it is complete, it is
//! flushed to the disk, read back, and moved into place in one step: anyone who looks finds either the old file or the whole new
//! one, and the old file is never opened for writing. A fingerprint must pass the format's reader, before it is moved or, if there
//! is nothing to move, line by line before it is passed on.

use crate::cli::failure::{Failure, OutputError};
use crate::cli::files::closed::is_standard_output_closed;
use crate::cli::files::file;
use crate::cli::files::kept::Kept;
use crate::cli::files::unfinished::Unfinished;
use crate::cli::interrupt;
use crate::cli::shown;
use cotejo::format::{Checker, Item, ReadError, ReadProblem, Reader};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Where one input's output goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Standard output.
    Standard,
    /// This file.
    File(PathBuf),
}

impl Target {
    /// The target that `-o` names.
    pub fn named(name: &Path) -> Self {
        let own_streams = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
        match own_streams.iter().any(|stream| name == Path::new(stream)) {
            true => Self::Standard,
            false => Self::File(name.to_owned()),
        }
    }
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A fingerprint, which is read back.
    Fingerprint,
    /// Anything else.
    Text,
}

/// An output that is being written.
pub struct Output<'a> {
    /// The output's name in errors.
    name: String,
    channel: Channel,
    checker: Option<Checker>,
    kept: &'a Kept,
}

enum Channel {
    Standard(BufWriter<io::Stdout>),
    /// An existing device or pipe.
    Device(BufWriter<File>),
    File(Unfinished),
}

impl<'a> Output<'a> {
    /// Opens `target`. An existing file stays until the new one is complete.
    pub fn open(target: &Target, content: Content, kept: &'a Kept) -> Result<Self, Failure> {
        let name = match target {
            Target::Standard => "standard output".to_owned(),
            Target::File(path) => shown::path(path),
        };
        let not_written = |error| Failure::from(io::Error::from(OutputError::NotWritten(name.clone(), error)));
        let channel = match target {
            Target::Standard => Channel::Standard(BufWriter::new(standard_output(kept)?)),
            Target::File(path) => {
                kept.check(path)?;
                match Channel::device(path)? {
                    Some(device) => device,
                    None => Channel::File(Unfinished::open(path).map_err(not_written)?),
                }
            }
        };
        Ok(Self { name, channel, checker: (content == Content::Fingerprint).then(Checker::default), kept })
    }

    /// Flushes, and gives a file its name.
    pub fn complete(mut self) -> Result<(), Failure> {
        self.flush()?;
        let checker = self.checker.take();
        let Channel::File(file) = &mut self.channel else {
            return Ok(checker.map_or(Ok(()), Checker::finish).map_err(not_readable)?);
        };
        let not_written = |error| io::Error::from(OutputError::NotWritten(self.name.clone(), error));
        file.bring_to_disk().map_err(not_written)?;
        if checker.is_some() {
            let written = file.written().map_err(not_written)?;
            read_back(written).map_err(|error| match error.problem {
                ReadProblem::Io(error) => not_written(error),
                _ => not_readable(error),
            })?;
        }
        // Checked again: much may have happened since it was opened.
        self.kept.check(&file.path)?;
        Ok(file.move_into_place(self.kept).map_err(not_written)?)
    }
}

/// Reads a fingerprint as any recipient does.
fn read_back(written: &mut File) -> Result<(), ReadError> {
    let mut reader = Reader::new(BufReader::new(written))?;
    while !matches!(reader.next()?, Item::Trailer(_)) {}
    Ok(())
}

fn not_readable(error: ReadError) -> io::Error {
    OutputError::NotReadable(error).into()
}

/// Prints a whole answer; `kept` are the inputs that it is made from.
pub fn print(text: &str, kept: &Kept) -> Result<(), Failure> {
    let mut output = Output::open(&Target::Standard, Content::Text, kept)?;
    output.write_all(text.as_bytes())?;
    output.complete()
}

fn standard_output(kept: &Kept) -> Result<io::Stdout, Failure> {
    check_standard_output()?;
    kept.check_standard_output()?;
    Ok(io::stdout())
}

/// Fails if there is no standard output.
pub fn check_standard_output() -> Result<(), Failure> {
    match is_standard_output_closed() {
        true => Err(Failure::of_output("standard output is closed, so the result cannot be written")
            .hint("leave it open, or write to a file with -o")),
        false => Ok(()),
    }
}

impl Channel {
    /// Opens something that exists and is no file: nothing replaces /dev/null.
    fn device(path: &Path) -> Result<Option<Self>, Failure> {
        let name = shown::path(path);
        let there = fs::metadata(path).ok().filter(|there| !there.is_dir());
        if there.is_some() && file::is_for_open_files(path) && there.as_ref().is_some_and(fs::Metadata::is_file) {
            return Err(Failure::of_output(format!("{name} is no file but a way to an open one"))
                .hint("give the file's own name"));
        }
        let Some(there) = there.filter(|there| !there.is_file()) else { return Ok(None) };
        if !file::takes_text(&there) {
            return Err(Failure::of_output(format!("{name} is a disk or a socket, and is not written to"))
                .hint("give the output the name of a file"));
        }
        match File::options().write(true).open(path) {
            Ok(device) => Ok(Some(Self::Device(BufWriter::new(device)))),
            Err(error) => Err(io::Error::from(OutputError::NotWritten(name, error)).into()),
        }
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // After an interrupt, ffmpeg's output so far would be taken for the whole.
        interrupt::stay_if_interrupted();
        // Files are checked later, on the disk.
        if let (Some(checker), Channel::Standard(_) | Channel::Device(_)) = (&mut self.checker, &self.channel) {
            checker.push(bytes).map_err(not_readable)?;
        }
        self.channel.writer().write_all(bytes).map_err(|error| OutputError::NotWritten(self.name.clone(), error))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(self.channel.writer().flush().map_err(|error| OutputError::NotWritten(self.name.clone(), error))?)
    }
}

impl Channel {
    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Standard(writer) => writer,
            Self::Device(writer) | Self::File(Unfinished { writer, .. }) => writer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    const EXAMPLE: &[u8] = include_bytes!("../../../tests/vectors/fingerprint/example.cotejo");

    fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let kept = Kept::default();
        let mut output = Output::open(&Target::File(folder.path().join(name)), Content::Fingerprint, &kept)?;
        output.write_all(bytes)?;
        output.complete()
    }

    fn names(folder: &TempDir) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn what_no_reader_takes_never_gets_its_name() {
        let folder = TempDir::new().unwrap();
        let unread = |bytes: &[u8]| write(&folder, "a.cotejo", bytes).unwrap_err();
        for bytes in [&EXAMPLE[..EXAMPLE.len() - 1], &EXAMPLE[..900], b"", b"text\n", &[EXAMPLE, b"\n"].concat()] {
            let failure = unread(bytes);
            assert!(
                failure.message.starts_with("internal error: what was made of it is no fingerprint"),
                "{failure:?}"
            );
            assert!(failure.hint.unwrap().contains("report"));
            assert_eq!(names(&folder), [""; 0]);
        }
        write(&folder, "a.cotejo", EXAMPLE).unwrap();
        assert_eq!(fs::read(folder.path().join("a.cotejo")).unwrap(), EXAMPLE);
        unread(b"text\n");
        assert_eq!(fs::read(folder.path().join("a.cotejo")).unwrap(), EXAMPLE);
    }

    #[cfg(unix)]
    #[test]
    fn a_line_that_no_reader_takes_is_not_passed_on() {
        let folder = TempDir::new().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        let (lines, trailer) = EXAMPLE.split_at(EXAMPLE.len() - 300);
        let wrong = [lines, &trailer[..290], b"\"}\n"].concat();
        assert!(write(&folder, "pipe", &wrong).is_err());
        let passed_on = reader.join().unwrap();
        assert!(cotejo::fingerprint::Fingerprint::read(passed_on.as_slice()).is_err());
        assert!(!passed_on.ends_with(b"\"}\n"), "{}", String::from_utf8_lossy(&passed_on));
    }
}
