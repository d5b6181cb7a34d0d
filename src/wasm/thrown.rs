//! An error for JavaScript: an `Error` whose `code` says in kebab case what went wrong, and whose message fills the blank in the
//! page's sentence.

use crate::error::ErrorCode;
use crate::ffmpeg::allowed::Refused;
use crate::ffmpeg::probe::ProbeError;
use js_sys::Reflect;
use std::fmt::Display;
use wasm_bindgen::JsValue;

/// A value to throw.
#[derive(Debug)]
pub struct Thrown(JsValue);

impl Thrown {
    /// With this code and message.
    pub fn new(code: &str, message: impl Display) -> Self {
        let error = js_sys::Error::new(&message.to_string());
        Reflect::set(&error, &"code".into(), &code.into()).expect("an error takes properties");
        Self(error.into())
    }

    /// For what should never happen.
    pub fn internal(message: impl Display) -> Self {
        Self::new("internal", message)
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        thrown.0
    }
}

impl<E: ErrorCode + 'static> From<E> for Thrown {
    fn from(error: E) -> Self {
        let any: &dyn std::any::Any = &error;
        // The page's sentences name only what was refused.
        if let Some(Refused::Decoder(name) | Refused::Container(name)) = any.downcast_ref() {
            return Self::new(error.code(), name);
        }
        if let Some(ProbeError::PixelFormat { name, .. }) = any.downcast_ref() {
            return Self::new(error.code(), name);
        }
        Self::new(error.code(), error)
    }
}
