//! Frames -> our own format and the text formats of other tools.
//!
//! A [`Sink`] takes records as they come, so nothing is held in memory: the command writes while it decodes, the page from a
//! finished fingerprint.

use super::write::Writer;
use crate::fingerprint::{Fingerprint, Frame, Header, Trailer};
use crate::hash::classic::ALGORITHMS;
use crate::hash::digest::to_hex;
use crate::hash::motion::{Sample, TimeBase};
use std::io::{self, Write};

/// The formats that a fingerprint can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// The `.cotejo` file: docs/format.md.
    Fingerprint,
    /// A table with a heading: frame, time, hashes.
    Csv,
    /// vPDQ's features: `frame,quality,hash,seconds`, no heading.
    Vpdq,
    /// One line for `sha256sum --check`: the digest of the file.
    Sha256sum,
}

impl Format {
    /// The format of this name, as the command's `--format` and the page spell it.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "fingerprint" => Self::Fingerprint,
            "csv" => Self::Csv,
            "vpdq" => Self::Vpdq,
            "sha256sum" => Self::Sha256sum,
            _ => return None,
        })
    }

    /// The usual ending of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Fingerprint => "cotejo",
            Self::Csv => "csv",
            Self::Vpdq => "vpdq.txt",
            Self::Sha256sum => "sha256",
        }
    }
}

/// Takes the frames of one video in order, and then the end.
pub trait Sink {
    /// Writes the next frame, the `index`th from 0.
    fn frame(&mut self, index: u64, frame: &Frame) -> io::Result<()>;
    /// Writes the end.
    fn finish(self: Box<Self>, motion: &[Sample], trailer: &Trailer) -> io::Result<()>;
}

/// Starts to write to `output` in `format`. `name` is the file's name in a `sha256sum` line, used nowhere else.
pub fn sink<'a>(
    format: Format,
    mut output: impl Write + Send + 'a,
    header: &Header,
    name: &str,
) -> io::Result<Box<dyn Sink + Send + 'a>> {
    let time_base = header.time_base;
    Ok(match format {
        Format::Fingerprint => Box::new(Writer::new(output, header)?),
        Format::Csv => {
            write_csv_heading(&mut output, header)?;
            Box::new(Csv { output, time_base })
        }
        Format::Vpdq => Box::new(Vpdq { output, time_base }),
        Format::Sha256sum => Box::new(Sha256sum { output, name: name.to_owned() }),
    })
}

/// Writes a whole fingerprint to memory.
pub fn to_bytes(fingerprint: &Fingerprint, format: Format, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(fingerprint, format, name, &mut bytes).expect("writing to memory cannot fail");
    bytes
}

/// Writes a whole fingerprint to `output`.
pub fn write(fingerprint: &Fingerprint, format: Format, name: &str, output: impl Write + Send) -> io::Result<()> {
    let mut sink = sink(format, output, &fingerprint.header, name)?;
    for (index, frame) in (0..).zip(&fingerprint.frames) {
        sink.frame(index, frame)?;
    }
    sink.finish(&fingerprint.motion, &fingerprint.trailer)
}

impl<W: Write> Sink for Writer<W> {
    fn frame(&mut self, _index: u64, frame: &Frame) -> io::Result<()> {
        Writer::frame(self, frame)
    }

    fn finish(self: Box<Self>, motion: &[Sample], trailer: &Trailer) -> io::Result<()> {
        Writer::finish(*self, motion, trailer).map(drop)
    }
}

struct Csv<W> {
    output: W,
    time_base: TimeBase,
}

fn write_csv_heading(output: &mut impl Write, header: &Header) -> io::Result<()> {
    write!(output, "frame,time_s,pdq,quality,sha256")?;
    for algorithm in &header.classic {
        write!(output, ",{}", algorithm.name())?;
    }
    writeln!(output)
}

impl<W: Write> Sink for Csv<W> {
    fn frame(&mut self, index: u64, frame: &Frame) -> io::Result<()> {
        let time_s = self.time_base.seconds(frame.ticks);
        let sha256 = frame.sha256.map_or(String::new(), |digest| to_hex(&digest));
        write!(self.output, "{index},{time_s:.6},{},{},{sha256}", frame.pdq, frame.quality)?;
        for (algorithm, hash) in ALGORITHMS.into_iter().zip(&frame.classic) {
            if let Some(hash) = hash {
                write!(self.output, ",{}", to_hex(&hash[..algorithm.hash_bytes()]))?;
            }
        }
        writeln!(self.output)
    }

    fn finish(mut self: Box<Self>, _motion: &[Sample], _trailer: &Trailer) -> io::Result<()> {
        self.output.flush()
    }
}

struct Vpdq<W> {
    output: W,
    time_base: TimeBase,
}

impl<W: Write> Sink for Vpdq<W> {
    fn frame(&mut self, index: u64, frame: &Frame) -> io::Result<()> {
        let time_s = self.time_base.seconds(frame.ticks);
        writeln!(self.output, "{index},{},{},{time_s:.3}", frame.quality, frame.pdq)
    }

    fn finish(mut self: Box<Self>, _motion: &[Sample], _trailer: &Trailer) -> io::Result<()> {
        self.output.flush()
    }
}

struct Sha256sum<W> {
    output: W,
    name: String,
}

impl<W: Write> Sink for Sha256sum<W> {
    fn frame(&mut self, _index: u64, _frame: &Frame) -> io::Result<()> {
        Ok(())
    }

    fn finish(mut self: Box<Self>, _motion: &[Sample], trailer: &Trailer) -> io::Result<()> {
        self.output.write_all(&sha256sum_line(&trailer.file.sha256, self.name.as_bytes()))?;
        self.output.flush()
    }
}

/// The line that GNU `sha256sum` prints. A name with a backslash, line feed or carriage return is escaped the same way. A name is
/// bytes, which need not be UTF-8.
pub fn sha256sum_line(sha256_hex: &str, name: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(name.len());
    for &byte in name {
        match byte {
            b'\\' => escaped.extend(b"\\\\"),
            b'\n' => escaped.extend(b"\\n"),
            b'\r' => escaped.extend(b"\\r"),
            byte => escaped.push(byte),
        }
    }
    let mark: &[u8] = if escaped == name { b"" } else { b"\\" };
    [mark, sha256_hex.as_bytes(), b"  ", &escaped, b"\n"].concat()
}
