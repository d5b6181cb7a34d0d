//! What JavaScript sees of a fingerprint first: its facts, its timeline, and the columns of its table of frames.
//!
//! The columns are handed on as frames are read, so that those of a long video are not here, too.

use super::parts;
use super::{JsFingerprint, to_json};
use crate::fingerprint::{Frame, Header};
use crate::overview::Overview;
use js_sys::{Array, Float64Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;

/// Frames that are handed on at once.
const FRAMES_AT_ONCE: usize = 4096;

/// A fingerprint's facts and timeline.
#[wasm_bindgen(js_name = Overview)]
pub struct JsOverview(Overview);

#[wasm_bindgen(js_class = Overview)]
impl JsOverview {
    /// Of a `.cotejo` file, read part by part: `give` is called with a number and returns so many bytes as a `Uint8Array`,
    /// fewer only at the end. What it throws is thrown on. `take` is called with the columns of some frames after others: their
    /// seconds, PDQ qualities, PDQ hashes and SHA-256, of 32 bytes each; no SHA-256 in the perceptual tier.
    pub fn read(give: &Function, take: &Function) -> Result<Self, JsValue> {
        let mut columns = Columns::new(take);
        let overview = parts::read(give, |input| Overview::read(input, |header, frame| columns.push(header, frame)))?;
        columns.hand_on();
        Ok(Self(overview))
    }

    /// Of a fingerprint in memory.
    pub fn of(JsFingerprint(fingerprint): &JsFingerprint, take: &Function) -> Self {
        let mut columns = Columns::new(take);
        fingerprint.frames.iter().for_each(|frame| columns.push(&fingerprint.header, frame));
        columns.hand_on();
        Self(Overview::of(fingerprint))
    }

    /// [`crate::facts::Facts`] as JSON.
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

/// Columns of frames that are not handed on yet.
struct Columns<'a> {
    take: &'a Function,
    seconds: Vec<f64>,
    qualities: Vec<u8>,
    pdqs: Vec<u8>,
    digests: Vec<u8>,
}

impl<'a> Columns<'a> {
    fn new(take: &'a Function) -> Self {
        Self { take, seconds: Vec::new(), qualities: Vec::new(), pdqs: Vec::new(), digests: Vec::new() }
    }

    fn push(&mut self, header: &Header, frame: &Frame) {
        self.seconds.push(header.time_base.seconds(frame.ticks));
        self.qualities.push(frame.quality);
        self.pdqs.extend(frame.pdq.0);
        self.digests.extend(frame.sha256.into_iter().flatten());
        if self.seconds.len() == FRAMES_AT_ONCE {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        let bytes = [&self.qualities, &self.pdqs, &self.digests].map(|column| Uint8Array::from(&column[..]));
        let columns: Array = bytes.iter().collect();
        columns.unshift(&Float64Array::from(&self.seconds[..]));
        // The page's own function, which keeps what it is given and throws nothing.
        _ = self.take.apply(&JsValue::NULL, &columns);
        self.seconds.clear();
        [&mut self.qualities, &mut self.pdqs, &mut self.digests].into_iter().for_each(Vec::clear);
    }
}

/// A fingerprint has at most [`crate::fingerprint::MAX_FRAMES`] frames, which u32 holds.
fn to_u32(indexes: &[usize]) -> Vec<u32> {
    indexes.iter().map(|&index| index as u32).collect()
}
