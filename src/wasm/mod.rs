//! The interface to JavaScript. Converts types, decides nothing.
//!
//! Errors are thrown as `Error`s with a `code` in kebab case.

use crate::file_scan::{self, FileRecord};
use crate::fingerprint::picture;
use crate::format::compact_code::qr;
use crate::hash::classic::Algorithm;
use crate::picture::display_matrix::Display;
use wasm_bindgen::prelude::*;

mod ffmpeg;
mod fingerprint;
mod frames;
mod json;
mod overview;
mod packets;
mod parts;
mod pixels;
mod stills;
mod thrown;

use json::{JsFileFacts, to_json};
use thrown::Thrown;

/// One pass over a file: SHA-256, container, cut off or not.
#[wasm_bindgen(js_name = FileScan)]
#[derive(Default)]
pub struct JsFileScan(file_scan::FileScan);

#[wasm_bindgen(js_class = FileScan)]
impl JsFileScan {
    /// Starts at the file's first byte.
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
        to_json(&JsFileFacts { file: FileRecord::from(&facts), cut_off, broken, encrypted })
    }
}

/// Looks for encryption at a few places of a file.
#[wasm_bindgen(js_name = EncryptionLook)]
#[derive(Default)]
pub struct JsEncryptionLook(file_scan::EncryptionLook);

#[wasm_bindgen(js_class = EncryptionLook)]
impl JsEncryptionLook {
    /// A look before any input.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many bytes to read at a place.
    #[wasm_bindgen(getter, js_name = pieceBytes)]
    pub fn piece_bytes(&self) -> usize {
        file_scan::EncryptionLook::PIECE_BYTES
    }

    /// The place to read next; undefined if enough is known.
    pub fn next(&self) -> Option<f64> {
        self.0.next().map(|place| place as f64)
    }

    /// Adds the bytes read at `place`.
    pub fn push(&mut self, place: f64, bytes: &[u8]) {
        self.0.push(place as u64, bytes);
    }

    /// Whether the video is known to be encrypted.
    #[wasm_bindgen(getter, js_name = isEncrypted)]
    pub fn is_encrypted(&self) -> bool {
        self.0.is_encrypted()
    }
}

/// How players show a picture with these display matrices, in the form of files: `{"mirrored", "rotation"}` as JSON.
#[wasm_bindgen(js_name = displayByMatrices)]
pub fn display_by_matrices(track: &[i32], movie: &[i32]) -> String {
    let both = track.try_into().and_then(|track| Ok((track, movie.try_into()?)));
    to_json(&both.map_or(Display::default(), |(track, movie)| Display::of_track(track, movie)))
}

/// A QR code of an address followed by a compact code: a byte for each square, row by row, 1 if dark; empty if both together are
/// too long.
#[wasm_bindgen(js_name = qrCode)]
pub fn qr_code(address: &str, code: &str) -> Vec<u8> {
    qr::squares(address, code).map_or(Vec::new(), |squares| squares.dark.into_iter().map(u8::from).collect())
}

/// The fingerprint of a picture file, as bytes.
#[wasm_bindgen(js_name = hashPicture)]
pub fn hash_picture(bytes: &[u8], file_json: &str) -> Result<Vec<u8>, Thrown> {
    let facts: JsFileFacts = serde_json::from_str(file_json).map_err(Thrown::internal)?;
    Ok(picture::fingerprint(bytes, &[Algorithm::Gradient], facts.file)?.to_bytes())
}
