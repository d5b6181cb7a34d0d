//! What `edit.py` did to a copy, as it says.

use cotejo::compare::View;
use serde_json::Value;

/// A stretch of the copy and of its source, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct TrueSegment {
    /// Start and end in the copy.
    pub copy: [f64; 2],
    /// Start and end in the source.
    pub source: [f64; 2],
    /// Seconds of source per second of copy.
    pub speed: f64,
}

/// How a copy was edited.
#[derive(Clone, Debug)]
pub struct Truth {
    /// The stretches that come from the source.
    pub segments: Vec<TrueSegment>,
    /// The rectangle of the copy that shows the source's picture.
    pub placed: View,
    /// The part of the source's picture that it shows.
    pub source_view: View,
    /// Whether it is mirrored.
    pub mirrored: bool,
    /// Degrees clockwise.
    pub turned: u16,
    /// The clip that the unrelated material comes from.
    pub unrelated: Option<String>,
    /// The copy's duration, seconds.
    pub duration_s: f64,
}

impl Truth {
    /// Reads one entry of the index.
    pub fn read(value: &Value) -> Option<Self> {
        let geometry = &value["geometry"];
        let segment = |of: &Value| {
            let at = |name: &str| of[name].as_f64();
            Some(TrueSegment {
                copy: [at("copy_start")?, at("copy_end")?],
                source: [at("src_start")?, at("src_end")?],
                speed: at("speed")?,
            })
        };
        Some(Self {
            segments: value["segments"].as_array()?.iter().filter_map(segment).collect(),
            placed: view(&geometry["placed"])?,
            source_view: view(&geometry["src_view"])?,
            mirrored: geometry["mirror"].as_bool()?,
            turned: geometry["rotate"].as_u64()? as u16,
            unrelated: value["unrelated"]["file"].as_str().map(str::to_owned),
            duration_s: value["copy_duration"].as_f64()?,
        })
    }
}

fn view(value: &Value) -> Option<View> {
    let numbers: Vec<f64> = value.as_array()?.iter().filter_map(Value::as_f64).collect();
    numbers.try_into().ok()
}
