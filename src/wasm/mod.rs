//! What JavaScript sees. Converts types, decides nothing.
//!
//! Errors are thrown as `Error` with the message `code: details`, code in kebab case.

use crate::compare;
use crate::file_scan::{self, FileRecord};
use crate::fingerprint::Fingerprint;
use crate::fingerprint::picture;
use crate::format::compact_code::{CompactCode, qr};
use crate::format::export::{self, Format};
use crate::hash::classic::Algorithm;
use crate::picture::display_matrix::Display;
use crate::still::{self, Still};
use js_sys::Function;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

mod ffmpeg;
mod frames;
mod overview;
mod packets;
mod parts;

/// One pass over a file: SHA-256, container, cut off or not.
#[wasm_bindgen(js_name = FileScan)]
#[derive(Default)]
pub struct JsFileScan(file_scan::FileScan);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsFileFacts {
    #[serde(flatten)]
    record: FileRecord,
    cut_off: bool,
    broken: bool,
    encrypted: bool,
}

#[wasm_bindgen(js_class = FileScan)]
impl JsFileScan {
    /// Begins at the file's first byte.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }

    /// `{"sha256", "bytes", "container", "cutOff", "broken", "encrypted"}` as JSON.
    pub fn finish(self) -> String {
        let facts = self.0.finish();
        let file_scan::FileFacts { cut_off, broken, encrypted, .. } = facts;
        to_json(&JsFileFacts { record: FileRecord::from(&facts), cut_off, broken, encrypted })
    }
}

/// Looks for encryption at a few places of a file.
#[wasm_bindgen(js_name = EncryptionLook)]
#[derive(Default)]
pub struct JsEncryptionLook(file_scan::EncryptionLook);

#[wasm_bindgen(js_class = EncryptionLook)]
impl JsEncryptionLook {
    /// Nothing read yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many bytes to read at a place.
    #[wasm_bindgen(getter, js_name = pieceBytes)]
    pub fn piece_bytes(&self) -> usize {
        file_scan::EncryptionLook::PIECE_BYTES
    }

    /// The place to read next, until enough is known.
    pub fn next(&self) -> Option<f64> {
        self.0.next().map(|place| place as f64)
    }

    /// Adds what was read there.
    pub fn push(&mut self, place: f64, bytes: &[u8]) {
        self.0.push(place as u64, bytes);
    }

    /// Whether the video is encrypted, as far as is known.
    #[wasm_bindgen(getter, js_name = isEncrypted)]
    pub fn is_encrypted(&self) -> bool {
        self.0.is_encrypted()
    }
}

/// A fingerprint that was read.
#[wasm_bindgen(js_name = Fingerprint)]
pub struct JsFingerprint(Fingerprint);

#[wasm_bindgen(js_class = Fingerprint)]
impl JsFingerprint {
    /// Reads a `.cotejo` file that is in memory.
    pub fn parse(bytes: &[u8]) -> Result<Self, JsError> {
        Fingerprint::read(bytes).map(Self).map_err(|error| failed("fingerprint-damaged", error))
    }

    /// Reads a `.cotejo` file of so many `bytes` part by part: `give` is called with a number and returns so many as a
    /// `Uint8Array`, fewer only at the end. What it throws is thrown on.
    pub fn read(bytes: usize, give: &Function) -> Result<Self, JsValue> {
        parts::read(give, |input| Fingerprint::read_sized(input, bytes)).map(Self)
    }

    /// What is known from the compact code in a message.
    #[wasm_bindgen(js_name = ofCode)]
    pub fn of_code(message: &str) -> Result<Self, JsError> {
        Ok(Self(CompactCode::from_text(message)?.fingerprint()))
    }

    /// The video's compact code; of a part of it, between two times in seconds, where `end` is given. First the whole, and
    /// then the texts for several messages, where one does not hold it.
    pub fn code(&self, start: f64, end: Option<f64>) -> Result<Vec<String>, JsError> {
        let code = match end {
            Some(end) => CompactCode::of_part(&self.0, start..end)?,
            None => CompactCode::of(&self.0)?,
        };
        let parts = code.to_parts();
        let several = if parts.len() > 1 { parts } else { Vec::new() };
        Ok([vec![code.to_text()], several].concat())
    }

    /// Writes the `.cotejo` file part by part; each is handed to `take` as a `Uint8Array`.
    pub fn write(&self, take: Function) -> Result<(), JsError> {
        parts::write(&self.0, take)
    }

    /// The fingerprint in another format; `name` is the file's in a `sha256sum` line.
    pub fn export(&self, format: &str, name: &str) -> Result<Vec<u8>, JsError> {
        let format = Format::from_name(format).ok_or_else(|| failed("internal", format))?;
        Ok(export::to_bytes(&self.0, format, name))
    }
}

/// How players show a picture with these display matrices, as files have them: `{"mirrored", "rotation"}` as JSON.
#[wasm_bindgen(js_name = displayByMatrices)]
pub fn display_by_matrices(track: &[i32], movie: &[i32]) -> String {
    let both = track.try_into().and_then(|track| Ok((track, movie.try_into()?)));
    to_json(&both.map_or(Display::default(), |(track, movie)| Display::of_track(track, movie)))
}

/// A QR code of an address and a compact code behind it: a byte for each square, row by row, 1 where dark; empty where it
/// would be too long.
#[wasm_bindgen(js_name = qrCode)]
pub fn qr_code(address: &str, code: &str) -> Vec<u8> {
    qr::squares(address, code).map_or(Vec::new(), |squares| squares.dark.into_iter().map(u8::from).collect())
}

/// The fingerprint of a picture file, as bytes.
#[wasm_bindgen(js_name = hashPicture)]
pub fn hash_picture(bytes: &[u8], file_json: &str) -> Result<Vec<u8>, JsError> {
    let file: JsFileFacts = serde_json::from_str(file_json).map_err(|error| failed("internal", error))?;
    Ok(picture::fingerprint(bytes, &[Algorithm::Gradient], file.record)?.to_bytes())
}

/// Compares two fingerprints; `progress` is called with the share that is done. [`compare::Comparison`] as JSON.
#[wasm_bindgen(js_name = compare)]
pub fn compare_fingerprints(a: &JsFingerprint, b: &JsFingerprint, progress: &Function) -> String {
    // A page that cannot be told how far it is shall have its answer all the same.
    let mut tell = |share: f32| drop(progress.call1(&JsValue::NULL, &share.into()));
    to_json(&compare::compare(&a.0, &b.0, &mut tell))
}

/// Looks for the picture in `bytes`, a file, in a video or another picture. [`still::StillSearch`] as JSON.
#[wasm_bindgen(js_name = findStill)]
pub fn find_still(bytes: &[u8], video: &JsFingerprint) -> Result<String, JsError> {
    Ok(to_json(&still::find(&Still::read(bytes)?, &video.0)))
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("no maps with other keys than strings")
}

fn failed(code: &str, details: impl std::fmt::Display) -> JsError {
    JsError::new(&format!("{code}: {details}"))
}
