//! JSON that goes to and from JavaScript.

use crate::file_scan::FileRecord;
use serde::{Deserialize, Serialize};

/// The findings of a scan of the whole file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JsFileFacts {
    pub file: FileRecord,
    pub cut_off: bool,
    pub broken: bool,
    pub encrypted: bool,
}

/// Writes a value as JSON.
pub fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("no maps with other keys than strings")
}
