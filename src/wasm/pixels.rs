//! What hashes do not tell, by the pixels of frames: where a picture is in a video, and whether two videos show the same.

use super::fingerprint::JsFingerprint;
use super::frames::JsFrameHasher;
use super::json::to_json;
use super::stills::{JsStillResult, view};
use super::thrown::Thrown;
use crate::compare::{self, Comparison, Side};
use crate::ffmpeg::hashing::FrameCutter;
use crate::ffmpeg::probe::Video;
use crate::ffmpeg::recipe::{self, Start};
use crate::picture::frame::FrameFormat;
use crate::picture::plane::Plane;
use crate::pixels::PixelComparison;
use crate::still::PixelSearch;
use js_sys::Function;
use wasm_bindgen::prelude::*;

/// What two videos have in common.
#[wasm_bindgen(js_name = ComparisonResult)]
pub struct JsComparisonResult(Comparison);

#[wasm_bindgen(js_class = ComparisonResult)]
impl JsComparisonResult {
    /// [`Comparison`] as JSON.
    pub fn json(&self) -> String {
        to_json(&self.0)
    }

    /// Whether the pixels of the videos with these fingerprints may tell more: much is open, and points tell how their pictures lie.
    #[wasm_bindgen(js_name = isOpen)]
    pub fn is_open(&self, a: &JsFingerprint, b: &JsFingerprint) -> bool {
        self.0.leaves_much_open(&a.0, &b.0) && PixelComparison::new(&a.0, &b.0).is_some()
    }
}

/// Compares two fingerprints; calls `progress` with the finished share.
#[wasm_bindgen(js_name = compare)]
pub fn compare_fingerprints(a: &JsFingerprint, b: &JsFingerprint, progress: &Function) -> JsComparisonResult {
    // If progress cannot be reported, the answer still counts.
    let mut tell = |share: f32| drop(progress.call1(&JsValue::NULL, &share.into()));
    JsComparisonResult(compare::compare(&a.0, &b.0, &mut tell))
}

/// Looks through the pixels of frames: give all frames of the video that is wanted, in order, then call `again`, while that says so.
#[wasm_bindgen(js_name = PixelSearch)]
pub struct JsPixelSearch {
    search: Search,
    /// How many frames were given this time.
    given: u32,
}

enum Search {
    Picture(Box<PixelSearch>),
    Videos(Box<PixelComparison>),
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
        Ok(Self { search: Search::Picture(Box::new(search)), given: 0 })
    }

    /// For what the videos of these fingerprints have in common. `undefined` if one is too long for it.
    #[wasm_bindgen(js_name = ofVideos)]
    pub fn of_videos(a: &JsFingerprint, b: &JsFingerprint) -> Option<Self> {
        let comparison = PixelComparison::new(&a.0, &b.0)?;
        Some(Self { search: Search::Videos(Box::new(comparison)), given: 0 })
    }

    /// Whether the frames of B are wanted now, not those of A.
    #[wasm_bindgen(getter, js_name = wantsB)]
    pub fn wants_b(&self) -> bool {
        matches!(&self.search, Search::Videos(comparison) if comparison.wants() == Some(Side::B))
    }

    /// Takes the frame in the buffer.
    pub fn take(&mut self, frame: &JsFrameHasher) -> Result<(), Thrown> {
        self.look(frame.format(), frame.bytes())
    }

    fn look(&mut self, format: &FrameFormat, bytes: &[u8]) -> Result<(), Thrown> {
        let take = |plane: &Plane| match &mut self.search {
            Search::Picture(search) => search.frame(plane),
            Search::Videos(comparison) => comparison.frame(plane),
        };
        format.with_luma(bytes, take).map_err(Thrown::internal)?;
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
        match &self.search {
            Search::Picture(search) => search.frames(),
            Search::Videos(comparison) => comparison.frames(),
        }
    }

    /// Whether frames are to be given again, now that all of them were.
    pub fn again(&mut self) -> bool {
        self.given = 0;
        match &mut self.search {
            Search::Picture(search) => search.again(),
            Search::Videos(comparison) => {
                comparison.end();
                comparison.wants().is_some()
            }
        }
    }

    /// Where the picture is, or that its pixels do not tell.
    pub fn finish(self) -> Result<JsStillResult, Thrown> {
        match self.search {
            Search::Picture(search) => Ok(JsStillResult(search.finish())),
            Search::Videos(_) => Err(Thrown::internal("two videos are no picture")),
        }
    }

    /// What two videos have in common, of which hashes told so much.
    #[wasm_bindgen(js_name = finishVideos)]
    pub fn finish_videos(self, by_hashes: JsComparisonResult) -> Result<JsComparisonResult, Thrown> {
        match self.search {
            Search::Videos(comparison) => Ok(JsComparisonResult(by_hashes.0.with_registered(comparison.finish()))),
            Search::Picture(_) => Err(Thrown::internal("a picture is no video")),
        }
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
