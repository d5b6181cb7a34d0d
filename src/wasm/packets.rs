//! What JavaScript sees of packets: whether one is damaged, and what a stream says of its colours.

use super::to_json;
use crate::syntax::{Finding, PacketReader, StreamColour};
use wasm_bindgen::prelude::*;

/// Reads a video's packets, from a key packet on, in decoding order.
#[wasm_bindgen(js_name = PacketReader)]
pub struct JsPacketReader(Option<PacketReader>);

#[wasm_bindgen(js_class = PacketReader)]
impl JsPacketReader {
    /// For a codec, by the name that fingerprints use, and what the container says to its decoder beforehand.
    #[wasm_bindgen(constructor)]
    pub fn new(codec: &str, record: Option<Vec<u8>>) -> Self {
        Self(PacketReader::new(codec, record.as_deref()))
    }

    /// Whether the packet is certainly damaged; false says little.
    pub fn finds(&mut self, packet: &[u8]) -> bool {
        matches!(self.0.as_mut().map(|reader| reader.read(packet)), Some(Finding::Damaged(_)))
    }
}

/// What a stream says of its colours, as JSON; `null` where that cannot be read. `record` is what the container says to the
/// decoder beforehand, `packet` a key packet.
#[wasm_bindgen(js_name = streamColour)]
pub fn stream_colour(codec: &str, record: Option<Vec<u8>>, packet: &[u8]) -> String {
    to_json(&StreamColour::read(codec, record.as_deref(), packet))
}
