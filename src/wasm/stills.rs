//! Looking for a picture, or a part of it, by the hashes of a fingerprint.

use super::fingerprint::JsFingerprint;
use super::json::to_json;
use super::thrown::Thrown;
use crate::compare::View;
use crate::still::{self, Still, StillReason, StillSearch};
use wasm_bindgen::prelude::*;

/// Where a picture is.
#[wasm_bindgen(js_name = StillResult)]
pub struct JsStillResult(pub(super) StillSearch);

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
pub(super) fn view(part: &[f64]) -> Result<View, Thrown> {
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
