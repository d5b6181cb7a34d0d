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
        let time_s = self.time_base.decimal(frame.ticks, 6);
        let sha256 = frame.sha256.map_or(String::new(), |digest| to_hex(&digest));
        write!(self.output, "{index},{time_s},{},{},{sha256}", frame.pdq, frame.quality)?;
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
        let time_s = self.time_base.decimal(frame.ticks, 3);
        writeln!(self.output, "{index},{},{},{time_s}", frame.quality, frame.pdq)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_name_and_have_an_ending() {
        let found = ["fingerprint", "csv", "vpdq", "sha256sum", "json"].map(Format::from_name);
        let all = [Format::Fingerprint, Format::Csv, Format::Vpdq, Format::Sha256sum];
        assert_eq!(found, [Some(all[0]), Some(all[1]), Some(all[2]), Some(all[3]), None]);
        assert_eq!(all.map(Format::extension), ["cotejo", "csv", "vpdq.txt", "sha256"]);
    }

    #[test]
    fn a_table_has_a_heading_and_a_line_for_each_frame() {
        let file = include_bytes!("../../tests/vectors/fingerprint/example.cotejo");
        let example = Fingerprint::read(&file[..]).unwrap();
        let lines = |format| String::from_utf8(to_bytes(&example, format, "a b")).unwrap();
        let [first, second, _] = &example.frames[..] else { panic!("the example has three frames") };
        let digests = [first, second].map(|frame| to_hex(&frame.sha256.unwrap()));
        let gradient = [first, second].map(|frame| to_hex(&frame.classic.iter().flatten().next().unwrap()[..]));
        let csv = lines(Format::Csv);
        let expected = [
            "frame,time_s,pdq,quality,sha256,gradient".to_owned(),
            format!("0,0.000000,{},{},{},{}", first.pdq, first.quality, digests[0], gradient[0]),
            format!("1,0.200000,{},{},{},{}", second.pdq, second.quality, digests[1], gradient[1]),
        ];
        assert_eq!(csv.lines().take(3).collect::<Vec<_>>(), expected);
        assert_eq!(csv.lines().count(), 4);
        let vpdq = lines(Format::Vpdq);
        assert_eq!(vpdq.lines().nth(1).unwrap(), format!("1,{},{},0.200", second.quality, second.pdq));
        assert_eq!(lines(Format::Sha256sum), format!("{}  a b\n", example.trailer.file.sha256));
        assert_eq!(to_bytes(&example, Format::Fingerprint, ""), file);
    }

    #[test]
    fn names_that_would_break_a_line_are_escaped_as_sha256sum_does() {
        let line = |name: &[u8]| String::from_utf8(sha256sum_line("00", name)).unwrap();
        assert_eq!(line(b"a.mp4"), "00  a.mp4\n");
        assert_eq!(line(b"a\\b\nc\rd"), "\\00  a\\\\b\\nc\\rd\n");
        assert_eq!(sha256sum_line("00", b"\xff"), b"00  \xff\n");
    }

    /// Takes everything, and fails only when it is flushed: a full disk behind a buffer.
    struct Full;

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::Error::from(io::ErrorKind::StorageFull))
        }
    }

    #[test]
    fn a_disk_that_is_full_at_the_end_is_an_error() {
        let file = include_bytes!("../../tests/vectors/fingerprint/example.cotejo");
        let example = Fingerprint::read(&file[..]).unwrap();
        for format in [Format::Fingerprint, Format::Csv, Format::Vpdq, Format::Sha256sum] {
            assert!(write(&example, format, "a", Full).is_err(), "{format:?}");
        }
    }
}
