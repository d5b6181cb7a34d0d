//! A fingerprint in memory: reads it, writes it, and makes its code.

use super::parts;
use super::thrown::Thrown;
use crate::fingerprint::Fingerprint;
use crate::format::compact_code::CompactCode;
use crate::format::export::{self, Format};
use js_sys::Function;
use wasm_bindgen::prelude::*;

/// A fingerprint in memory.
#[wasm_bindgen(js_name = Fingerprint)]
pub struct JsFingerprint(pub(super) Fingerprint);

#[wasm_bindgen(js_class = Fingerprint)]
impl JsFingerprint {
    /// Reads a `.cotejo` file from memory.
    pub fn parse(bytes: &[u8]) -> Result<Self, Thrown> {
        Fingerprint::read(bytes).map(Self).map_err(|error| Thrown::new("fingerprint-damaged", error))
    }

    /// Reads a `.cotejo` file of `bytes` bytes in parts: calls `give` with a number, which returns as many bytes as a `Uint8Array`,
    /// fewer only at the end. Rethrows what it throws.
    pub fn read(bytes: usize, give: &Function) -> Result<Self, JsValue> {
        parts::read(give, |input| Fingerprint::read_sized(input, bytes)).map(Self)
    }

    /// Reads the compact code in a message.
    #[wasm_bindgen(js_name = ofCode)]
    pub fn of_code(message: &str) -> Result<Self, Thrown> {
        Ok(Self(CompactCode::from_text(message)?.fingerprint()))
    }

    /// The video's compact code; if `end` is given, that of the part between two times in seconds. First comes the whole code, then
    /// the texts for several messages, if one does not hold it.
    pub fn code(&self, start: f64, end: Option<f64>) -> Result<Vec<String>, Thrown> {
        let code = match end {
            Some(end) => CompactCode::of_part(&self.0, start..end)?,
            None => CompactCode::of(&self.0)?,
        };
        let parts = code.to_parts();
        let several = if parts.len() > 1 { parts } else { Vec::new() };
        Ok([vec![code.to_text()], several].concat())
    }

    /// Writes the `.cotejo` file in parts; calls `take` with each as a `Uint8Array`.
    pub fn write(&self, take: Function) -> Result<(), Thrown> {
        parts::write(&self.0, take)
    }

    /// The fingerprint in another format; `name` is the file's name in a `sha256sum` line.
    pub fn export(&self, format: &str, name: &str) -> Result<Vec<u8>, Thrown> {
        let format = Format::from_name(format).ok_or_else(|| Thrown::internal(format))?;
        Ok(export::to_bytes(&self.0, format, name))
    }
}
