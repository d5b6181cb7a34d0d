//! [`crate::ffmpeg`] for JavaScript: arguments out, ffmpeg's output in.

use super::fingerprint::JsFingerprint;
use super::json::{JsFileFacts, to_json};
use super::thrown::Thrown;
use crate::ffmpeg::allowed::{self, Refused};
use crate::ffmpeg::hashing::{Extent, FrameCutter, FrameStream, Hashing};
use crate::ffmpeg::packets::{PacketCheck, PacketCutter};
use crate::ffmpeg::probe::Video;
use crate::ffmpeg::ranges::{DecodedRange, Joiner, Planner, Range, RangeFrames, Uneven, least_seconds};
use crate::ffmpeg::recipe::{self, Clock, Start};
use crate::hash::classic::Algorithm;
use crate::picture::frame::FrameFormat;
use crate::picture::png;
use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;

/// The classic hashes in the page's fingerprints.
const CLASSIC: [Algorithm; 1] = [Algorithm::Gradient];

/// Arguments that have `ffmpeg` list its decoders.
#[wasm_bindgen(js_name = decodersArguments)]
pub fn decoders_arguments() -> Vec<String> {
    recipe::LIST.map(str::to_owned).into()
}

/// Arguments that limit a file to the allowed demuxers, and to the allowed ones of the decoders that `ffmpeg` listed.
#[wasm_bindgen(js_name = allowedArguments)]
pub fn allowed_arguments(decoders: &str) -> Vec<String> {
    allowed::allowed(decoders)
}

/// Fails if `ffprobe` complained that something is not allowed.
#[wasm_bindgen(js_name = requireAllowed)]
pub fn require_allowed(complaints: &str) -> Result<(), Thrown> {
    Ok(Refused::from_complaints(complaints).map_or(Ok(()), Err)?)
}

/// Arguments of `ffprobe` for this input; `allowed` comes from `allowedArguments`, here and below.
#[wasm_bindgen(js_name = probeArguments)]
pub fn probe_arguments(allowed: Vec<String>, input: &str) -> Vec<String> {
    [recipe::probe(&allowed), vec![input.to_owned()]].concat()
}

/// Arguments of `ffmpeg` that decodes a video of this codec.
pub fn decoding(start: Start, codec: &str, allowed: &[String], input: &str, outputs: Vec<String>) -> Vec<String> {
    [recipe::before_input(start, codec, allowed), vec![input.to_owned()], outputs].concat()
}

/// Reads the packets of a video before it is decoded: for damage, and for where it can be cut.
#[wasm_bindgen(js_name = FfmpegPackets)]
pub struct JsFfmpegPackets {
    video: Video,
    least_s: Option<f64>,
    cutter: PacketCutter,
    check: Option<PacketCheck>,
    planner: Option<Result<Planner, Uneven>>,
}

#[wasm_bindgen(js_class = FfmpegPackets)]
impl JsFfmpegPackets {
    /// Starts a video, as `ffprobe` describes it, which `decoders` decoders may share.
    #[wasm_bindgen(constructor)]
    pub fn new(probe_json: &str, decoders: usize) -> Result<Self, Thrown> {
        let video = Video::from_probe(probe_json.as_bytes())?;
        Ok(Self {
            least_s: least_seconds(&video, decoders),
            cutter: PacketCutter::default(),
            check: PacketCheck::new(&video),
            planner: None,
            video,
        })
    }

    /// Whether reading the packets is of any use.
    #[wasm_bindgen(getter, js_name = areNeeded)]
    pub fn are_needed(&self) -> bool {
        self.check.is_some() || self.least_s.is_some()
    }

    /// Arguments of `ffmpeg`: packets go to one path, their lines to another.
    pub fn arguments(&self, allowed: Vec<String>, input: &str, packets: &str, lines: &str) -> Vec<String> {
        decoding(Start::OwnTimes, &self.video.codec, &allowed, input, recipe::packets(packets, lines))
    }

    /// Takes the next bytes of the lines.
    #[wasm_bindgen(js_name = takeLines)]
    pub fn take_lines(&mut self, bytes: &[u8]) {
        self.cutter.take_lines(bytes);
    }

    /// Takes the next bytes of the packets.
    #[wasm_bindgen(js_name = takePackets)]
    pub fn take_packets(&mut self, bytes: &[u8]) {
        let Self { video, least_s, cutter, check, planner } = self;
        let time_base = cutter.time_base();
        let Some((line, packet)) = cutter.take_packets(bytes) else { return };
        check.iter_mut().for_each(|check| check.read(line, packet));
        let (Some(least_s), Some(time_base)) = (*least_s, time_base) else { return };
        let begun = planner.take().unwrap_or_else(|| Ok(Planner::new(video, time_base, least_s)));
        *planner = Some(begun.and_then(|mut planner| planner.take(line, packet).map(|()| planner)));
    }

    /// The ranges for several decoders, each as JSON; none if one must do the whole video. `succeeded` is ffmpeg's exit status.
    pub fn ranges(&mut self, succeeded: bool) -> Vec<String> {
        let is_sound = self.check.as_ref().is_none_or(PacketCheck::is_sound);
        let is_whole = succeeded && !self.cutter.is_lost() && is_sound;
        let Some(Ok(mut planner)) = self.planner.take().filter(|_| is_whole) else { return Vec::new() };
        if planner.finish().is_err() {
            return Vec::new();
        }
        let ranges: Vec<_> = std::iter::from_fn(|| planner.next_range()).collect();
        if ranges.len() > 1 { ranges.iter().map(to_json).collect() } else { Vec::new() }
    }
}

/// Hashes a range of a video.
#[wasm_bindgen(js_name = FfmpegRange)]
pub struct JsFfmpegRange {
    codec: String,
    start: Start,
    stream: FrameStream,
    frames: RangeFrames,
    is_uneven: bool,
}

#[wasm_bindgen(js_class = FfmpegRange)]
impl JsFfmpegRange {
    /// Starts a range from `FfmpegPackets.ranges`, of the video as `ffprobe` describes it.
    #[wasm_bindgen(constructor)]
    pub fn new(probe_json: &str, range_json: &str) -> Result<Self, Thrown> {
        let Video { codec, format, .. } = Video::from_probe(probe_json.as_bytes())?;
        let range: Range = serde_json::from_str(range_json).map_err(Thrown::internal)?;
        let (start, stream) = (range.start, FrameStream::new(format, &CLASSIC, Extent::Range));
        Ok(Self { codec, start, stream, frames: RangeFrames::new(range), is_uneven: false })
    }

    /// Arguments of `ffmpeg`: frames go to one path, their lines to another.
    pub fn arguments(&self, allowed: Vec<String>, input: &str, frames: &str, lines: &str) -> Vec<String> {
        let outputs = recipe::outputs(&self.stream.format, Clock::Track, frames, lines);
        decoding(self.start, &self.codec, &allowed, input, outputs)
    }

    /// Takes the next bytes of the frames.
    #[wasm_bindgen(js_name = takeFrames)]
    pub fn take_frames(&mut self, bytes: &[u8]) {
        self.stream.take_frames(bytes);
        self.take_hashed();
    }

    /// Takes the next bytes of the lines.
    #[wasm_bindgen(js_name = takeLines)]
    pub fn take_lines(&mut self, bytes: &[u8]) {
        self.stream.take_lines(bytes);
        self.take_hashed();
    }

    fn take_hashed(&mut self) {
        while let Some(frame) = self.stream.next_frame().filter(|_| !self.is_over()) {
            self.is_uneven = self.frames.take(frame).is_err();
        }
        self.is_uneven |= self.stream.log.size_changes;
    }

    /// Takes a line of ffmpeg's standard error.
    pub fn complain(&mut self, line: &str) {
        self.stream.complained.read(line);
    }

    /// The number of frames hashed.
    #[wasm_bindgen(getter)]
    pub fn frames(&self) -> usize {
        self.frames.given()
    }

    /// Whether nothing more needs to be read.
    #[wasm_bindgen(getter, js_name = isOver)]
    pub fn is_over(&self) -> bool {
        self.is_uneven || self.frames.is_over()
    }

    /// The range, for `FfmpegHasher.takeRange`; undefined if one decoder must do the whole video.
    pub fn finish(self, succeeded: bool) -> Option<Vec<u8>> {
        let time_base = self.stream.log.time_base.filter(|_| succeeded && !self.is_uneven);
        self.frames.finish(time_base, &self.stream.complained).ok().map(|range| range.to_bytes())
    }
}

/// Makes a fingerprint from the output of one ffmpeg, or from ranges of several.
#[wasm_bindgen(js_name = FfmpegHasher)]
pub struct JsFfmpegHasher {
    hashing: Hashing,
    joiner: Joiner,
}

#[wasm_bindgen(js_class = FfmpegHasher)]
impl JsFfmpegHasher {
    /// Starts a video, as `ffprobe` describes it.
    #[wasm_bindgen(constructor)]
    pub fn new(probe_json: &str) -> Result<Self, Thrown> {
        let video = Video::from_probe(probe_json.as_bytes())?;
        Ok(Self { hashing: Hashing::new(video, &CLASSIC), joiner: Joiner::default() })
    }

    /// Takes the next range; false if it does not fit those before, and then the hasher is worthless.
    #[wasm_bindgen(js_name = takeRange)]
    pub fn take_range(&mut self, bytes: &[u8]) -> Result<bool, Thrown> {
        let range = DecodedRange::from_bytes(bytes).ok_or_else(|| Thrown::internal("no range"))?;
        let Ok((time_base, frames)) = self.joiner.join(range) else { return Ok(false) };
        for frame in frames {
            self.hashing.record(time_base, frame)?;
        }
        Ok(true)
    }

    /// An estimate of the number of frames; undefined if there is none.
    #[wasm_bindgen(js_name = expectedFrames)]
    pub fn expected_frames(&self) -> Option<f64> {
        self.hashing.video().frames.map(|frames| frames as f64)
    }

    /// Arguments of `ffmpeg`: frames go to one path, their lines to another.
    pub fn arguments(&self, allowed: Vec<String>, input: &str, frames: &str, lines: &str) -> Vec<String> {
        let Video { codec, format, .. } = self.hashing.video();
        let outputs = recipe::outputs(format, Clock::Track, frames, lines);
        decoding(Start::Beginning, codec, &allowed, input, outputs)
    }

    /// Takes the next bytes of the frames.
    #[wasm_bindgen(js_name = takeFrames)]
    pub fn take_frames(&mut self, bytes: &[u8]) -> Result<(), Thrown> {
        Ok(self.hashing.take_frames(bytes)?)
    }

    /// Takes the next bytes of the lines.
    #[wasm_bindgen(js_name = takeLines)]
    pub fn take_lines(&mut self, bytes: &[u8]) -> Result<(), Thrown> {
        Ok(self.hashing.take_lines(bytes)?)
    }

    /// Takes a line of ffmpeg's standard error.
    pub fn complain(&mut self, line: &str) {
        self.hashing.complain(line);
    }

    /// The number of frames hashed.
    #[wasm_bindgen(getter)]
    pub fn frames(&self) -> usize {
        self.hashing.frames()
    }

    /// The first frame's time by the container's clock, in ticks.
    #[wasm_bindgen(getter, js_name = firstTicks)]
    pub fn first_ticks(&self) -> f64 {
        self.hashing.first_ticks() as f64
    }

    /// Whether nothing more needs to be read.
    #[wasm_bindgen(getter, js_name = isOver)]
    pub fn is_over(&self) -> bool {
        self.hashing.is_over()
    }

    /// The fingerprint. `file_json` comes from `FileScan.finish`, `succeeded` is ffmpeg's exit status; `packets` are the video's.
    pub fn finish(
        mut self,
        file_json: &str,
        succeeded: bool,
        packets: &JsFfmpegPackets,
    ) -> Result<JsFingerprint, Thrown> {
        let facts: JsFileFacts = serde_json::from_str(file_json).map_err(Thrown::internal)?;
        if facts.broken {
            self.hashing.note_damage();
        }
        packets.check.iter().for_each(|check| self.hashing.note_packets(check));
        Ok(JsFingerprint(self.hashing.finish(facts.file, facts.cut_off, succeeded)?))
    }
}

/// Makes pictures of some frames that ffmpeg writes.
#[wasm_bindgen(js_name = FfmpegPictures)]
pub struct JsFfmpegPictures {
    codec: String,
    format: FrameFormat,
    indexes: Vec<u32>,
    cutter: FrameCutter,
}

#[wasm_bindgen(js_class = FfmpegPictures)]
impl JsFfmpegPictures {
    /// Starts a video, as `ffprobe` describes it.
    #[wasm_bindgen(constructor)]
    pub fn new(probe_json: &str, indexes: &[u32]) -> Result<Self, Thrown> {
        let Video { codec, format, .. } = Video::from_probe(probe_json.as_bytes())?;
        Ok(Self { codec, format, indexes: indexes.to_vec(), cutter: FrameCutter::new(&format) })
    }

    /// Arguments of `ffmpeg`: the frames go to this path.
    pub fn arguments(&self, allowed: Vec<String>, input: &str, frames: &str) -> Vec<String> {
        decoding(Start::Beginning, &self.codec, &allowed, input, recipe::some_frames(&self.indexes, frames))
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

    /// Takes the next bytes of the frames; calls `give` with the PNG of each complete one.
    #[wasm_bindgen(js_name = takeFrames)]
    pub fn take_frames(&mut self, bytes: &[u8], give: &Function) -> Result<(), Thrown> {
        let format = self.format;
        self.cutter.push(bytes, |frame| {
            let recorded = format.pixel_format.reorder(frame, format.width, format.height);
            let png = png::encode(&format, &recorded).map_err(Thrown::internal)?;
            give.call1(&JsValue::NULL, &Uint8Array::from(png.as_slice()))
                .map_err(|_| Thrown::internal("a picture was not taken"))?;
            Ok(())
        })
    }
}
