//! Passes a fingerprint's text between core and JavaScript in parts.
//!
//! An hour's text takes 31 MB. In parts, it need not be in this module's memory, which never shrinks.

use super::thrown::Thrown;
use crate::fingerprint::Fingerprint;
use crate::format::ReadError;
use js_sys::{Function, Uint8Array};
use std::io;
use wasm_bindgen::prelude::*;

/// Bytes of a part.
const PART_BYTES: usize = 1 << 20;

/// Reads from `give`: called with a number, it returns as many bytes as a `Uint8Array`, fewer only at the end. Rethrows what it
/// throws.
pub(super) fn read<T>(
    give: &Function,
    read: impl FnOnce(io::BufReader<&mut PartReader>) -> Result<T, ReadError>,
) -> Result<T, JsValue> {
    let mut reader = PartReader { give, thrown: None };
    let input = io::BufReader::with_capacity(PART_BYTES, &mut reader);
    read(input).map_err(|error| reader.thrown.unwrap_or_else(|| Thrown::new("fingerprint-damaged", error).into()))
}

/// Writes a fingerprint; calls `take` with each part.
pub(super) fn write(fingerprint: &Fingerprint, take: Function) -> Result<(), Thrown> {
    fingerprint.write(to(take)).map(drop).map_err(Thrown::internal)
}

/// A writer that passes each part to `take`.
pub(super) fn to(take: Function) -> io::BufWriter<PartWriter> {
    io::BufWriter::with_capacity(PART_BYTES, PartWriter(take))
}

/// Reads what JavaScript gives.
pub(super) struct PartReader<'a> {
    give: &'a Function,
    thrown: Option<JsValue>,
}

impl io::Read for PartReader<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let given = self.give.call1(&JsValue::NULL, &bytes.len().into()).and_then(JsCast::dyn_into::<Uint8Array>);
        let part = given.map_err(|thrown| {
            self.thrown = Some(thrown);
            io::Error::other("a part was not given")
        })?;
        let length = part.length() as usize;
        let place = bytes.get_mut(..length).ok_or_else(|| io::Error::other("a part is too long"))?;
        part.copy_to(place);
        Ok(length)
    }
}

/// Writes to JavaScript.
pub(super) struct PartWriter(Function);

impl io::Write for PartWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.0.call1(&JsValue::NULL, &Uint8Array::from(bytes));
        taken.map(|_| bytes.len()).map_err(|_| io::Error::other("a part was not taken"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
