//! Looking for a picture, or a part of it: by the hashes of a fingerprint, and by the pixels of the video's frames.

use super::fingerprint::JsFingerprint;
use super::frames::JsFrameHasher;
use super::json::to_json;
use super::thrown::Thrown;
use crate::compare::View;
use crate::ffmpeg::hashing::FrameCutter;
use crate::ffmpeg::probe::Video;
use crate::ffmpeg::recipe::{self, Start};
use crate::picture::frame::FrameFormat;
use crate::still::{self, PixelSearch, Still, StillReason, StillSearch};
use wasm_bindgen::prelude::*;

/// Where a picture is.
#[wasm_bindgen(js_name = StillResult)]
pub struct JsStillResult(StillSearch);

#[wasm_bindgen(js_class = StillResult)]
impl JsStillResult {
    /// [`StillSearch`] as JSON.
    pub fn json(&self) -> String {
        to_json(&self.0)
    }

    /// Whether it tells a moment: pixels tell no more.
    #[wasm_bindgen(getter, js_name = isMoment)]
    pub fn is_moment(&self) -> bool {
        self.0.reason == StillReason::FramesAgree
    }

    /// This result of hashes and that of pixels, in one.
    #[wasm_bindgen(js_name = withPixels)]
    pub fn with_pixels(self, pixels: Self) -> Self {
        Self(self.0.with_pixels(pixels.0))
    }
}

/// x, y, width and height, as fractions of the picture's sides.
fn view(part: &[f64]) -> Result<View, Thrown> {
    part.try_into().map_err(|_| Thrown::internal("a part has four numbers"))
}

/// Looks for the picture in `bytes`, a picture file, or for a part of it, in a video or another picture.
#[wasm_bindgen(js_name = findStill)]
pub fn find_still(bytes: &[u8], part: Option<Vec<f64>>, video: &JsFingerprint) -> Result<JsStillResult, Thrown> {
    let still = match part {
        Some(part) => Still::read_part(bytes, view(&part)?)?,
        None => Still::read(bytes)?,
    };
    Ok(JsStillResult(still::find(&still, &video.0)))
}

/// The parts of a picture file that may be pictures within it, four numbers each, the most plausible first.
#[wasm_bindgen(js_name = picturesIn)]
pub fn pictures_in(bytes: &[u8]) -> Result<Vec<f64>, Thrown> {
    Ok(Still::read(bytes)?.pictures().flatten().collect())
}

/// Looks for a picture by pixels: give all frames of the video in order, and once more if `again` says so.
#[wasm_bindgen(js_name = PixelSearch)]
pub struct JsPixelSearch {
    search: PixelSearch,
    /// How many frames were given this time.
    given: u32,
}

#[wasm_bindgen(js_class = PixelSearch)]
impl JsPixelSearch {
    /// For the picture in `bytes`, or a part of it, in the video of this fingerprint.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8], part: Option<Vec<f64>>, video: &JsFingerprint) -> Result<Self, Thrown> {
        let search = match part {
            Some(part) => PixelSearch::of_part(bytes, view(&part)?, &video.0)?,
            None => PixelSearch::new(bytes, &video.0)?,
        };
        Ok(Self { search, given: 0 })
    }

    /// Takes the frame in the buffer.
    pub fn take(&mut self, frame: &JsFrameHasher) -> Result<(), Thrown> {
        self.look(frame.format(), frame.bytes())
    }

    fn look(&mut self, format: &FrameFormat, bytes: &[u8]) -> Result<(), Thrown> {
        format.with_luma(bytes, |plane| self.search.frame(plane)).map_err(Thrown::internal)?;
        self.given += 1;
        Ok(())
    }

    /// How many frames were given this time.
    #[wasm_bindgen(getter)]
    pub fn given(&self) -> u32 {
        self.given
    }

    /// How many there are.
    #[wasm_bindgen(getter)]
    pub fn frames(&self) -> usize {
        self.search.frames()
    }

    /// Whether the frames are to be given a second time.
    pub fn again(&mut self) -> bool {
        self.given = 0;
        self.search.again()
    }

    /// Where the picture is, or that its pixels do not tell.
    pub fn finish(self) -> JsStillResult {
        JsStillResult(self.search.finish())
    }
}

/// Gives the frames that ffmpeg writes to a search by pixels.
#[wasm_bindgen(js_name = FfmpegFrames)]
pub struct JsFfmpegFrames {
    codec: String,
    format: FrameFormat,
    cutter: FrameCutter,
}

#[wasm_bindgen(js_class = FfmpegFrames)]
impl JsFfmpegFrames {
    /// Starts a video, as `ffprobe` describes it.
    #[wasm_bindgen(constructor)]
    pub fn new(probe_json: &str) -> Result<Self, Thrown> {
        let Video { codec, format, .. } = Video::from_probe(probe_json.as_bytes())?;
        Ok(Self { codec, format, cutter: FrameCutter::new(&format) })
    }

    /// Arguments of `ffmpeg`: the frames go to this path.
    pub fn arguments(&self, allowed: Vec<String>, input: &str, frames: &str) -> Vec<String> {
        super::ffmpeg::decoding(Start::Beginning, &self.codec, &allowed, input, recipe::all_frames(frames))
    }

    /// Takes the next bytes of the frames.
    #[wasm_bindgen(js_name = takeFrames)]
    pub fn take_frames(&mut self, bytes: &[u8], search: &mut JsPixelSearch) -> Result<(), Thrown> {
        let format = self.format;
        self.cutter.push(bytes, |frame| search.look(&format, frame))
    }
}
