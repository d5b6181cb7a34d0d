//! Hashing for JavaScript: a frame's bytes -> its hashes; hashes of frames -> a fingerprint's text.
//!
//! The two are separate because several workers may hash frames, and one records them, in order.

use super::json::{JsFileFacts, to_json};
use super::parts::{self, PartWriter};
use super::thrown::Thrown;
use crate::fingerprint::{Decoder, Header, ProblemCode, Recorder, Tier, TierReason, classic_in_order};
use crate::format::Writer;
use crate::hash::classic::Algorithm;
use crate::hash::digest;
use crate::hash::frame::FrameHashes;
use crate::hash::motion::TimeBase;
use crate::picture::frame::FrameFormat;
use crate::picture::luma::Matrix;
use crate::picture::pixel_format::PixelFormat;
use crate::picture::plane::Range;
use crate::picture::png;
use js_sys::Function;
use serde::Deserialize;
use std::io::BufWriter;
use wasm_bindgen::prelude::*;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct JsHeader {
    codec: String,
    pixel_format: String,
    range: Range,
    width: u32,
    height: u32,
    rotation: u16,
    #[serde(default)]
    mirrored: bool,
    time_base: TimeBase,
    tier: Tier,
    tier_reason: Option<TierReason>,
    matrix: Option<Matrix>,
    classic: Option<Vec<Algorithm>>,
}

impl JsHeader {
    fn read(json: &str) -> Result<Self, Thrown> {
        serde_json::from_str(json).map_err(Thrown::internal)
    }

    fn pixel_format(&self) -> Result<PixelFormat, Thrown> {
        PixelFormat::from_name(&self.pixel_format)
            .ok_or_else(|| Thrown::new("unsupported-pixel-format", &self.pixel_format))
    }

    fn format(&self) -> Result<FrameFormat, Thrown> {
        let default_matrix = if self.height >= 720 { Matrix::Bt709 } else { Matrix::Bt601 };
        let format = FrameFormat {
            pixel_format: self.pixel_format()?,
            range: self.range,
            width: self.width,
            height: self.height,
            matrix: self.matrix.unwrap_or(default_matrix),
        };
        format.check().map_err(|error| Thrown::new("unsupported-size", error))?;
        Ok(format)
    }

    fn classic(&self) -> Vec<Algorithm> {
        classic_in_order(self.classic.as_deref().unwrap_or(&[Algorithm::Gradient]))
    }

    fn header(self) -> Result<Header, Thrown> {
        let is_converted = matches!(self.tier_reason, Some(TierReason::RgbFrames | TierReason::OpaqueFrames));
        Ok(Header {
            tier: self.tier,
            decoder: match self.tier {
                Tier::Exact => Decoder::exact(&self.codec),
                Tier::Perceptual if is_converted => Decoder::WebcodecsRgb,
                Tier::Perceptual => Decoder::Webcodecs,
            },
            tier_reason: self.tier_reason,
            rotation: self.rotation,
            mirrored: self.mirrored,
            classic: self.classic(),
            ..Header::of_video(&self.format()?, self.time_base, &self.codec)
        })
    }
}

/// Hashes decoded frames, which JavaScript writes into a buffer in this module's memory.
#[wasm_bindgen(js_name = FrameHasher)]
pub struct JsFrameHasher {
    format: FrameFormat,
    classic: Vec<Algorithm>,
    buffer: Vec<u8>,
}

#[wasm_bindgen(js_class = FrameHasher)]
impl JsFrameHasher {
    /// For frames as in `header_json`.
    #[wasm_bindgen(constructor)]
    pub fn new(header_json: &str) -> Result<Self, Thrown> {
        let header = JsHeader::read(header_json)?;
        let format = header.format()?;
        Ok(Self { format, classic: header.classic(), buffer: vec![0; format.frame_bytes()] })
    }

    /// The address of the buffer for the next frame.
    #[wasm_bindgen(js_name = framePointer)]
    pub fn frame_pointer(&self) -> *const u8 {
        self.buffer.as_ptr()
    }

    /// Bytes of one tightly packed frame.
    #[wasm_bindgen(js_name = frameLength)]
    pub fn frame_length(&self) -> usize {
        self.buffer.len()
    }

    /// `[{offset, stride}]` of the planes as JSON, for `VideoFrame.copyTo`.
    #[wasm_bindgen(js_name = frameLayout)]
    pub fn frame_layout(&self) -> String {
        to_json(&self.format.pixel_format.layout(self.format.width, self.format.height).0)
    }

    /// The perceptual hashes of the frame in the buffer, as `VideoRecorder.push` takes them; `number` is the frame's in the video,
    /// from 0.
    #[wasm_bindgen(js_name = hashFrame)]
    pub fn hash_frame(&self, number: f64) -> Result<Vec<u8>, Thrown> {
        let hashes = self.format.hash_nth(number as u64, &self.buffer, &self.classic).map_err(Thrown::internal)?;
        Ok(hashes.to_bytes())
    }

    /// The SHA-256 of the frame in the buffer, in the recorded order.
    #[wasm_bindgen(js_name = digestFrame)]
    pub fn digest_frame(&self) -> Vec<u8> {
        digest::sha256(&self.recorded_bytes()).to_vec()
    }

    /// The frame in the buffer as a PNG.
    pub fn png(&self) -> Result<Vec<u8>, Thrown> {
        png::encode(&self.format, &self.recorded_bytes()).map_err(Thrown::internal)
    }

    pub(super) fn format(&self) -> &FrameFormat {
        &self.format
    }

    /// The frame in the buffer.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    fn recorded_bytes(&self) -> std::borrow::Cow<'_, [u8]> {
        self.format.pixel_format.reorder(&self.buffer, self.format.width, self.format.height)
    }
}

/// Makes a fingerprint from hashed frames, and keeps none of them.
#[wasm_bindgen(js_name = VideoRecorder)]
pub struct JsVideoRecorder {
    tier: Tier,
    recorder: Recorder,
    writer: Writer<BufWriter<PartWriter>>,
}

#[wasm_bindgen(js_class = VideoRecorder)]
impl JsVideoRecorder {
    /// Starts a video with frames as in `header_json`. Writes the `.cotejo` file in parts, each a `Uint8Array` passed to `take`.
    #[wasm_bindgen(constructor)]
    pub fn new(header_json: &str, take: Function) -> Result<Self, Thrown> {
        let header = JsHeader::read(header_json)?.header()?;
        let writer = Writer::new(parts::to(take), &header).map_err(Thrown::internal)?;
        Ok(Self { tier: header.tier, recorder: Recorder::new(header.time_base), writer })
    }

    /// Records the next frame, shown from `ticks` on: the result of `FrameHasher.hashFrame`, and in the exact tier the SHA-256 of
    /// its planes.
    pub fn push(&mut self, ticks: f64, hashes: &[u8], sha256: Option<Vec<u8>>) -> Result<(), Thrown> {
        let hashes = FrameHashes::from_bytes(hashes).ok_or_else(|| Thrown::internal("no hashes of a frame"))?;
        if sha256.is_some() != (self.tier == Tier::Exact) {
            return Err(Thrown::internal("digests do not fit the tier"));
        }
        let sha256 = sha256.map(TryInto::try_into).transpose().map_err(|_| Thrown::internal("no SHA-256"))?;
        let frame = self.recorder.push(ticks as i64, &hashes, sha256)?;
        self.writer.frame(&frame).map_err(Thrown::internal)
    }

    /// Records a problem, from the next frame on; `everywhere` if the first affected frame is not known.
    #[wasm_bindgen(js_name = noteProblem)]
    pub fn note_problem(&mut self, code: &str, everywhere: bool) -> Result<(), Thrown> {
        let code: ProblemCode = serde_json::from_value(code.into()).map_err(Thrown::internal)?;
        self.recorder.note_problem(code, (!everywhere).then_some(self.recorder.frames()));
        Ok(())
    }

    /// Writes what follows the frames. `file_json` comes from `FileScan.finish`.
    pub fn finish(mut self, file_json: &str, promised_s: Option<f64>) -> Result<(), Thrown> {
        let facts: JsFileFacts = serde_json::from_str(file_json).map_err(Thrown::internal)?;
        if facts.broken {
            self.recorder.note_problem(ProblemCode::DecodeError, None);
        }
        let (motion, trailer) = self.recorder.finish(facts.file, facts.cut_off, promised_s)?;
        self.writer.finish(&motion, &trailer).map(drop).map_err(Thrown::internal)
    }
}
