//! What the page shows first of a fingerprint: facts, timeline, and the rows of its table of frames.
//!
//! Rows are passed on as frames are read, so that this module's memory does not hold those of a long video.

use super::fingerprint::JsFingerprint;
use super::json::to_json;
use super::parts;
use crate::fingerprint::{Frame, Header};
use crate::format::overview::Overview;
use js_sys::{Float64Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;

/// How many frames to pass on at once.
const FRAMES_AT_ONCE: usize = 4096;

/// A fingerprint's facts and timeline.
#[wasm_bindgen(js_name = Overview)]
pub struct JsOverview(Overview);

#[wasm_bindgen(js_class = Overview)]
impl JsOverview {
    /// Reads a `.cotejo` file in parts: calls `give` with a number, which returns as many bytes as a `Uint8Array`, fewer only at
    /// the end. Rethrows what it throws. Calls `take` with frames as they come: their times in seconds, and a row of bytes for
    /// each: PDQ quality (1), PDQ hash (32), and SHA-256 (32) in the exact tier.
    pub fn read(give: &Function, take: &Function) -> Result<Self, JsValue> {
        let mut rows = Rows::new(take);
        let overview = parts::read(give, |input| Overview::read(input, |header, frame| rows.push(header, frame)))?;
        rows.hand_on();
        Ok(Self(overview))
    }

    /// The overview of a fingerprint in memory.
    pub fn of(JsFingerprint(fingerprint): &JsFingerprint, take: &Function) -> Self {
        let mut rows = Rows::new(take);
        fingerprint.frames.iter().for_each(|frame| rows.push(&fingerprint.header, frame));
        rows.hand_on();
        Self(Overview::of(fingerprint))
    }

    /// [`crate::fingerprint::facts::Facts`] as JSON.
    pub fn facts(&self) -> String {
        to_json(&self.0.facts)
    }

    /// The share of the picture that changed, for each sample of the motion signature.
    pub fn change(&self) -> Vec<f32> {
        self.0.timeline.change.clone()
    }

    /// Frames that begin a shot.
    pub fn cuts(&self) -> Vec<u32> {
        to_u32(&self.0.timeline.cuts)
    }

    /// Plain stretches: start, end, start, end ... in seconds.
    pub fn plain(&self) -> Vec<f64> {
        self.0.timeline.plain.iter().flat_map(|&(start, end)| [start, end]).collect()
    }

    /// Up to `count` frames that represent the video.
    pub fn choose(&self, count: usize) -> Vec<u32> {
        to_u32(&self.0.timeline.representatives(count))
    }
}

/// Rows of frames that are not passed on yet.
struct Rows<'a> {
    take: &'a Function,
    seconds: Vec<f64>,
    bytes: Vec<u8>,
}

impl<'a> Rows<'a> {
    fn new(take: &'a Function) -> Self {
        Self { take, seconds: Vec::new(), bytes: Vec::new() }
    }

    fn push(&mut self, header: &Header, frame: &Frame) {
        self.seconds.push(header.time_base.seconds(frame.ticks));
        self.bytes.push(frame.quality);
        self.bytes.extend(frame.pdq.0);
        self.bytes.extend(frame.sha256.into_iter().flatten());
        if self.seconds.len() == FRAMES_AT_ONCE {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        let seconds = Float64Array::from(&self.seconds[..]);
        let bytes = Uint8Array::from(&self.bytes[..]);
        // The page's own function stores its arguments and throws nothing.
        _ = self.take.call2(&JsValue::NULL, &seconds, &bytes);
        self.seconds.clear();
        self.bytes.clear();
    }
}

/// Fits into u32: a fingerprint has at most [`crate::fingerprint::MAX_FRAMES`] frames.
fn to_u32(indexes: &[usize]) -> Vec<u32> {
    indexes.iter().map(|&index| index as u32).collect()
}
