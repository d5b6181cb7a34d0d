//! What JavaScript sees of a fingerprint first: its facts, its timeline, and the rows of its table of frames.
//!
//! Rows are handed on as frames are read, so that those of a long video are not here, too.

use super::fingerprint::JsFingerprint;
use super::json::to_json;
use super::parts;
use crate::fingerprint::{Frame, Header};
use crate::format::overview::Overview;
use js_sys::{Float64Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;

/// Frames that are handed on at once.
const FRAMES_AT_ONCE: usize = 4096;

/// A fingerprint's facts and timeline.
#[wasm_bindgen(js_name = Overview)]
pub struct JsOverview(Overview);

#[wasm_bindgen(js_class = Overview)]
impl JsOverview {
    /// Of a `.cotejo` file, read part by part: `give` is called with a number and returns so many bytes as a `Uint8Array`,
    /// fewer only at the end. What it throws is thrown on. `take` is called with some frames after others: their seconds, and
    /// a row of bytes for each: PDQ quality (1), PDQ hash (32) and, but for the perceptual tier, SHA-256 (32).
    pub fn read(give: &Function, take: &Function) -> Result<Self, JsValue> {
        let mut rows = Rows::new(take);
        let overview = parts::read(give, |input| Overview::read(input, |header, frame| rows.push(header, frame)))?;
        rows.hand_on();
        Ok(Self(overview))
    }

    /// Of a fingerprint in memory.
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

    /// Too-plain stretches: start, end, start, end ... in seconds.
    pub fn plain(&self) -> Vec<f64> {
        self.0.timeline.plain.iter().flat_map(|&(start, end)| [start, end]).collect()
    }

    /// Up to `count` frames that stand for the whole.
    pub fn choose(&self, count: usize) -> Vec<u32> {
        to_u32(&self.0.timeline.representatives(count))
    }
}

/// Rows of frames that are not handed on yet.
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
        // The page's own function, which keeps what it is given and throws nothing.
        _ = self.take.call2(&JsValue::NULL, &seconds, &bytes);
        self.seconds.clear();
        self.bytes.clear();
    }
}

/// A fingerprint has at most [`crate::fingerprint::MAX_FRAMES`] frames, which u32 holds.
fn to_u32(indexes: &[usize]) -> Vec<u32> {
    indexes.iter().map(|&index| index as u32).collect()
}
