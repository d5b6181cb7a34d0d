//! Packets for JavaScript: whether one is damaged or changes the picture size, how many frames they show, what to give to the
//! decoder, and what a stream says of its colours.

use super::json::to_json;
use bitcheck::h264::{self, reorder::Reordering};
use bitcheck::{Finding, FrameTally, PacketReader, SizeWatch, StreamColour, is_broken};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Reads a video's packets, from where decoding begins, in decoding order.
#[wasm_bindgen(js_name = PacketReader)]
pub struct JsPacketReader {
    codec: String,
    container_record: Option<Vec<u8>>,
    are_checked: bool,
    reader: Option<PacketReader>,
    tally: Option<FrameTally>,
    sizes: SizeWatch,
    is_resized: bool,
    /// Only for H.264.
    reordering: Option<Reordering>,
    rewritten: Option<Vec<u8>>,
}

#[wasm_bindgen(js_class = PacketReader)]
impl JsPacketReader {
    /// `codec` as fingerprints name it, and the container's decoder configuration. Damage and missing frames are found only if
    /// packets `are_checked`.
    #[wasm_bindgen(constructor)]
    pub fn new(codec: &str, record: Option<Vec<u8>>, are_checked: bool) -> Self {
        Self {
            reader: PacketReader::new(codec, record.as_deref()).filter(|_| are_checked),
            tally: FrameTally::new(codec, record.as_deref()).filter(|_| are_checked),
            sizes: SizeWatch::new(codec, record.as_deref()),
            is_resized: false,
            reordering: (codec == "h264").then(|| Reordering::new(record.as_deref())),
            codec: codec.to_owned(),
            container_record: record,
            are_checked,
            rewritten: None,
        }
    }

    /// The configuration to give to the decoder; undefined if it stays as it is.
    #[wasm_bindgen(getter)]
    pub fn record(&self) -> Option<Vec<u8>> {
        self.reordering.as_ref()?.record().map(<[u8]>::to_vec)
    }

    /// Reads a packet whose frame is shown at `time`, in any unit. Returns whether it is certainly damaged; false says little.
    pub fn read(&mut self, packet: &[u8], time: f64, is_key: bool) -> bool {
        if let Some(tally) = &mut self.tally {
            tally.read(packet, Some(time as i64), is_key, false);
        }
        self.is_resized = self.sizes.changes(packet);
        self.rewritten = self.reordering.as_ref().and_then(|reordering| reordering.packet(packet));
        matches!(self.reader.as_mut().map(|reader| reader.read(packet)), Some(Finding::Damaged(_)))
            || self.are_checked && is_broken(&self.codec, self.container_record.as_deref(), packet)
    }

    /// Whether the last packet read changes the picture size.
    #[wasm_bindgen(getter, js_name = isResized)]
    pub fn is_resized(&self) -> bool {
        self.is_resized
    }

    /// Whether a frame of the packets read may be so large.
    #[wasm_bindgen(js_name = mayBe)]
    pub fn may_be(&self, width: u32, height: u32) -> bool {
        self.sizes.may_be([width, height])
    }

    /// The last packet read, as the decoder should get it; undefined if it stays as it is.
    #[wasm_bindgen(js_name = takeRewritten)]
    pub fn take_rewritten(&mut self) -> Option<Vec<u8>> {
        self.rewritten.take()
    }

    /// Whether `frames` are fewer than the packets show.
    #[wasm_bindgen(js_name = areMissing)]
    pub fn are_missing(&self, frames: f64) -> bool {
        self.tally.as_ref().is_some_and(|tally| tally.are_missing(frames as u64))
    }
}

/// [`StreamColour`] for JavaScript.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Colour {
    is_rgb: Option<bool>,
    is_full_range: Option<bool>,
    is_grey: bool,
}

impl From<StreamColour> for Colour {
    fn from(StreamColour { is_rgb, is_full_range, is_grey }: StreamColour) -> Self {
        Self { is_rgb, is_full_range, is_grey }
    }
}

/// What a stream says of its colours, as JSON; `null` if it cannot be read. `record` is the container's decoder configuration,
/// `packet` a key packet.
#[wasm_bindgen(js_name = streamColour)]
pub fn stream_colour(codec: &str, record: Option<Vec<u8>>, packet: &[u8]) -> String {
    to_json(&StreamColour::read(codec, record.as_deref(), packet).map(Colour::from))
}

/// Whether decoding can begin with a key packet of the container without losing anything shown after it.
#[wasm_bindgen(js_name = isEntry)]
pub fn is_entry(codec: &str, record: Option<Vec<u8>>, packet: &[u8]) -> bool {
    bitcheck::is_entry(codec, record.as_deref(), packet)
}

/// The visible part of an H.264 picture in luma samples: x, y, width, height; undefined if it begins at the corner, or is not
/// known.
#[wasm_bindgen(js_name = offsetCrop)]
pub fn offset_crop(record: &[u8]) -> Option<Vec<u32>> {
    h264::offset_crop(record).map(|visible| vec![visible.x, visible.y, visible.width, visible.height])
}
