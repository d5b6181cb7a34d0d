//! Writes a fingerprint line by line.

use super::layout::{SAMPLES_PER_LINE, VERSION, WITHOUT_POINTS};
use crate::fingerprint::{Frame, Header, Trailer};
use crate::hash::classic::{ALGORITHMS, Algorithm};
use crate::hash::digest::{StreamingSha256, push_hex, to_hex};
use crate::hash::motion::Sample;
use crate::hash::points::KeyPoint;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::fmt::Write as _;
use std::io;

/// Writes one fingerprint to `output`: the header at once, then frames, then [`Writer::finish`].
#[derive(Debug)]
pub struct Writer<W> {
    output: W,
    digest: StreamingSha256,
    line: String,
}

impl<W: io::Write> Writer<W> {
    /// Writes the header.
    pub fn new(output: W, header: &Header) -> io::Result<Self> {
        let mut writer = Self { output, digest: StreamingSha256::default(), line: String::new() };
        writer.line = header_line(header);
        writer.write_line()?;
        Ok(writer)
    }

    /// Writes the next frame.
    pub fn frame(&mut self, frame: &Frame) -> io::Result<()> {
        push_frame(&mut self.line, frame);
        self.write_line()
    }

    /// Writes the motion signature and the trailer, and returns `output`.
    pub fn finish(mut self, motion: &[Sample], trailer: &Trailer) -> io::Result<W> {
        for (i, samples) in motion.chunks(SAMPLES_PER_LINE).enumerate() {
            push_motion(&mut self.line, i * SAMPLES_PER_LINE, samples);
            self.write_line()?;
        }
        let before_digest = trailer_before_digest(trailer);
        self.digest.push(before_digest.as_bytes());
        let digest = to_hex(&self.digest.finish());
        writeln!(self.output, "{before_digest},\"digest\":\"{digest}\"}}")?;
        self.output.flush()?;
        Ok(self.output)
    }

    fn write_line(&mut self) -> io::Result<()> {
        self.line.push('\n');
        self.digest.push(self.line.as_bytes());
        self.output.write_all(self.line.as_bytes())?;
        self.line.clear();
        Ok(())
    }
}

pub(super) fn header_line(header: &Header) -> String {
    let version = if header.points.is_some() { VERSION } else { WITHOUT_POINTS };
    let json = serde_json::to_string(header).expect("a header has no maps with other keys than strings");
    // The version comes before the header's own fields.
    format!("{{\"cotejo\":{version},{}", &json[1..])
}

/// The trailer's line up to its digest.
pub(super) fn trailer_before_digest(trailer: &Trailer) -> String {
    let mut json = serde_json::to_string(trailer).expect("a trailer has no maps with other keys than strings");
    json.pop();
    json
}

fn push_frame(line: &mut String, frame: &Frame) {
    write!(line, "{{\"t\":{},\"pdq\":\"", frame.ticks).expect("writing to a string cannot fail");
    push_hex(line, &frame.pdq.0);
    write!(line, "\",\"q\":{}", frame.quality).expect("writing to a string cannot fail");
    if let Some(sha256) = &frame.sha256 {
        push_hex_field(line, "sha256", sha256);
    }
    for (algorithm, hash) in ALGORITHMS.into_iter().zip(&frame.classic) {
        if let Some(hash) = hash {
            push_hex_field(line, algorithm.name(), classic_bytes(algorithm, hash));
        }
    }
    if let Some(points) = &frame.points {
        line.push_str(",\"points\":\"");
        let bytes: Vec<u8> = points.iter().flat_map(KeyPoint::to_bytes).collect();
        BASE64.encode_string(bytes, line);
        line.push('"');
    }
    line.push('}');
}

fn classic_bytes(algorithm: Algorithm, hash: &[u8; 8]) -> &[u8] {
    &hash[..algorithm.hash_bytes()]
}

fn push_hex_field(line: &mut String, name: &str, bytes: &[u8]) {
    line.push_str(",\"");
    line.push_str(name);
    line.push_str("\":\"");
    push_hex(line, bytes);
    line.push('"');
}

fn push_motion(line: &mut String, first: usize, samples: &[Sample]) {
    write!(line, "{{\"motion\":{first},\"cells\":\"").expect("writing to a string cannot fail");
    BASE64.encode_string(samples.as_flattened(), line);
    line.push_str("\"}");
}
