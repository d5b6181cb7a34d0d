//! A fingerprint, item by item -> what a person wants to see first. Keeps one byte per frame and four per sample of the motion
//! signature, so a fingerprint of many hours need not be in memory.

use super::error::ReadError;
use super::read::{Item, Reader};
use crate::fingerprint::facts::Facts;
use crate::fingerprint::timeline::{Timeline, TimelineBuilder};
use crate::fingerprint::{Fingerprint, Frame, Header, Trailer};
use crate::hash::motion::Sample;
use crate::hash::rhythm::Rhythm;
use std::io;

/// What a person wants to see first.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The facts.
    pub facts: Facts,
    /// How much changes when, cuts, and plain stretches.
    pub timeline: Timeline,
}

impl Overview {
    /// The overview of a whole fingerprint.
    pub fn of(fingerprint: &Fingerprint) -> Self {
        let mut builder = OverviewBuilder::new(fingerprint.header.clone());
        fingerprint.frames.iter().for_each(|frame| builder.frame(frame));
        builder.motion(&fingerprint.motion);
        builder.finish(fingerprint.trailer.clone())
    }

    /// The overview of a `.cotejo` file; calls `see` with each frame.
    pub fn read(input: impl io::BufRead, mut see: impl FnMut(&Header, &Frame)) -> Result<Self, ReadError> {
        let mut reader = Reader::new(input)?;
        let mut builder = OverviewBuilder::new(reader.header().clone());
        loop {
            match reader.next()? {
                Item::Frame(frame) => {
                    see(reader.header(), &frame);
                    builder.frame(&frame);
                }
                Item::Motion(samples) => builder.motion(&samples),
                Item::Trailer(trailer) => return Ok(builder.finish(trailer)),
            }
        }
    }
}

/// Builds an [`Overview`] from items as they come.
#[derive(Debug)]
struct OverviewBuilder {
    header: Header,
    first: Option<Frame>,
    rhythm: Rhythm,
    timeline: TimelineBuilder,
}

impl OverviewBuilder {
    fn new(header: Header) -> Self {
        let timeline = TimelineBuilder::new(header.time_base);
        Self { header, first: None, rhythm: Rhythm::default(), timeline }
    }

    fn frame(&mut self, frame: &Frame) {
        self.first.get_or_insert_with(|| frame.clone());
        self.rhythm.push(frame.ticks);
        self.timeline.frame(frame);
    }

    fn motion(&mut self, samples: &[Sample]) {
        self.timeline.motion(samples);
    }

    fn finish(self, trailer: Trailer) -> Overview {
        let facts = Facts::new(self.header, self.first.as_ref(), &self.rhythm, trailer);
        Overview { timeline: self.timeline.finish(facts.duration_s), facts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_its_fingerprint_have_one_overview() {
        let file = include_bytes!("../../tests/vectors/fingerprint/example.cotejo");
        let fingerprint = Fingerprint::read(&file[..]).unwrap();
        let mut seen = Vec::new();
        let read = Overview::read(&file[..], |_, frame| seen.push(frame.clone())).unwrap();
        assert_eq!(seen, fingerprint.frames);
        assert_eq!(format!("{read:?}"), format!("{:?}", Overview::of(&fingerprint)));
        // What the frames and the samples alone tell.
        let whole = Timeline::of(&fingerprint);
        assert_eq!(format!("{:?}", read.timeline), format!("{whole:?}"));
        assert!(read.facts.duration_s > 0.4, "{:?}", read.facts);
    }
}
