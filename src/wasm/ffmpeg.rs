//! What JavaScript sees of [`crate::ffmpeg`]: arguments out, what ffmpeg writes in.

use super::{JsFileFacts, JsFingerprint, failed};
use crate::classic::Algorithm;
use crate::ffmpeg::hashing::{FrameCutter, Hashing};
use crate::ffmpeg::packets::PacketCheck;
use crate::ffmpeg::probe::Video;
use crate::ffmpeg::recipe::{self, Clock};
use crate::frame_hash::FrameFormat;
use crate::frame_picture;
use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;

/// The arguments of `ffprobe` for this input.
#[wasm_bindgen(js_name = probeArguments)]
pub fn probe_arguments(input: &str) -> Vec<String> {
    before(&recipe::PROBE, input)
}

fn before(arguments: &[&str], input: &str) -> Vec<String> {
    arguments.iter().chain(&[input]).map(|&argument| argument.to_owned()).collect()
}

/// Makes a fingerprint of what one running ffmpeg writes.
#[wasm_bindgen(js_name = FfmpegHasher)]
pub struct JsFfmpegHasher {
    hashing: Hashing,
    check: Option<PacketCheck>,
}

#[wasm_bindgen(js_class = FfmpegHasher)]
impl JsFfmpegHasher {
    /// Begins the video that `ffprobe` describes.
    #[wasm_bindgen(constructor)]
    pub fn new(probe_json: &str) -> Result<Self, JsError> {
        let video = Video::from_probe(probe_json.as_bytes())?;
        Ok(Self { check: PacketCheck::new(&video), hashing: Hashing::new(video, &[Algorithm::Gradient]) })
    }

    /// Whether the packets are to be read for damage, before the frames.
    #[wasm_bindgen(getter, js_name = needsPackets)]
    pub fn needs_packets(&self) -> bool {
        self.check.is_some()
    }

    /// The arguments of `ffmpeg` for that: packets go to one path, their lines to another.
    #[wasm_bindgen(js_name = packetArguments)]
    pub fn packet_arguments(&self, input: &str, packets: &str, lines: &str) -> Vec<String> {
        let mut arguments = before(&recipe::INPUT, input);
        arguments.extend(recipe::packets(packets, lines));
        arguments
    }

    /// Takes the next bytes of the packets.
    #[wasm_bindgen(js_name = takePackets)]
    pub fn take_packets(&mut self, bytes: &[u8]) {
        self.check.iter_mut().for_each(|check| check.take_packets(bytes));
    }

    /// Takes the next bytes of the packets' lines.
    #[wasm_bindgen(js_name = takePacketLines)]
    pub fn take_packet_lines(&mut self, bytes: &[u8]) {
        self.check.iter_mut().for_each(|check| check.take_lines(bytes));
    }

    /// About how many frames there are, where that can be told.
    #[wasm_bindgen(js_name = expectedFrames)]
    pub fn expected_frames(&self) -> Option<f64> {
        self.hashing.video().frames.map(|frames| frames as f64)
    }

    /// The arguments of `ffmpeg`: frames go to one path, their lines to another.
    pub fn arguments(&self, input: &str, frames: &str, lines: &str) -> Vec<String> {
        let mut arguments = before(&recipe::INPUT, input);
        arguments.extend(recipe::outputs(&self.hashing.video().format, Clock::Track, frames, lines));
        arguments
    }

    /// Takes the next bytes of the frames.
    #[wasm_bindgen(js_name = takeFrames)]
    pub fn take_frames(&mut self, bytes: &[u8]) -> Result<(), JsError> {
        Ok(self.hashing.take_frames(bytes)?)
    }

    /// Takes the next bytes of the lines.
    #[wasm_bindgen(js_name = takeLines)]
    pub fn take_lines(&mut self, bytes: &[u8]) -> Result<(), JsError> {
        Ok(self.hashing.take_lines(bytes)?)
    }

    /// Takes a line that ffmpeg writes to its standard error.
    pub fn complain(&mut self, line: &str) {
        self.hashing.complain(line);
    }

    /// How many frames are hashed.
    #[wasm_bindgen(getter)]
    pub fn frames(&self) -> usize {
        self.hashing.frames()
    }

    /// The first frame's time by the container's clock, in ticks.
    #[wasm_bindgen(getter, js_name = firstTicks)]
    pub fn first_ticks(&self) -> f64 {
        self.hashing.first_ticks() as f64
    }

    /// Whether nothing more is to be read.
    #[wasm_bindgen(getter, js_name = isOver)]
    pub fn is_over(&self) -> bool {
        self.hashing.is_over()
    }

    /// The fingerprint. `file_json` comes from `FileScan.finish`, `succeeded` from ffmpeg's exit status.
    pub fn finish(mut self, file_json: &str, succeeded: bool) -> Result<JsFingerprint, JsError> {
        let file: JsFileFacts = serde_json::from_str(file_json).map_err(|error| failed("internal", error))?;
        if file.broken || self.check.as_ref().is_some_and(PacketCheck::is_damaged) {
            self.hashing.note_damage();
        }
        Ok(JsFingerprint(self.hashing.finish(file.record, file.cut_off, succeeded)?))
    }
}

/// Makes pictures of some frames that ffmpeg writes.
#[wasm_bindgen(js_name = FfmpegPictures)]
pub struct JsFfmpegPictures {
    format: FrameFormat,
    indexes: Vec<u32>,
    cutter: FrameCutter,
}

#[wasm_bindgen(js_class = FfmpegPictures)]
impl JsFfmpegPictures {
    /// Begins the video that `ffprobe` describes.
    #[wasm_bindgen(constructor)]
    pub fn new(probe_json: &str, indexes: &[u32]) -> Result<Self, JsError> {
        let format = Video::from_probe(probe_json.as_bytes())?.format;
        Ok(Self { format, indexes: indexes.to_vec(), cutter: FrameCutter::new(&format) })
    }

    /// The arguments of `ffmpeg`: the frames go to this path.
    pub fn arguments(&self, input: &str, frames: &str) -> Vec<String> {
        let mut arguments = before(&recipe::INPUT, input);
        arguments.extend(recipe::some_frames(&self.indexes, frames));
        arguments
    }

    /// Visible width in pixels.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> u32 {
        self.format.width
    }

    /// Visible height in pixels.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> u32 {
        self.format.height
    }

    /// Takes the next bytes of the frames; `give` is called with the PNG of each that is complete.
    #[wasm_bindgen(js_name = takeFrames)]
    pub fn take_frames(&mut self, bytes: &[u8], give: &Function) -> Result<(), JsError> {
        let format = self.format;
        self.cutter.push(bytes, |frame| {
            let recorded = format.pixel_format.reorder(frame, format.width, format.height);
            let png = frame_picture::png(&format, &recorded).map_err(|error| failed("internal", error))?;
            give.call1(&JsValue::NULL, &Uint8Array::from(png.as_slice()))
                .map_err(|_| failed("internal", "a picture was not taken"))?;
            Ok(())
        })
    }
}
