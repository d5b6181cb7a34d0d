//! Footage that nobody filmed: grey blocks, some of which move, the same on every machine.

#[path = "../random/mod.rs"]
mod random;

use cotejo::file_scan::FileScan;
use cotejo::fingerprint::{Decoder, Fingerprint, Header, Recorder, Tier, TierReason};
use cotejo::hash::motion::TimeBase;
use cotejo::picture::frame::FrameFormat;
use cotejo::picture::plane::Range;
use image::{GrayImage, ImageFormat, Luma, imageops};
use std::io::Cursor;

pub use random::Random;

/// Width of a frame in pixels.
pub const WIDTH: u32 = 192;
/// Height of a frame in pixels.
pub const HEIGHT: u32 = 144;
/// Frames a second.
pub const FPS: i64 = 10;

/// A block of one grey level: place and size in pixels, pixels moved each frame, level.
struct Block {
    place: [i64; 2],
    size: [u32; 2],
    speed: [i64; 2],
    level: u8,
}

/// What one camera sees.
pub struct Scene(Vec<Block>);

impl Scene {
    /// Another scene for each seed; where `moving` is false, all its frames are the same.
    pub fn new(seed: u64, moving: bool) -> Self {
        let mut random = Random(seed);
        let mut block = |largest: usize, fastest: usize| Block {
            place: [random.below(WIDTH as usize) as i64 - 10, random.below(HEIGHT as usize) as i64 - 10],
            size: [8 + random.below(largest) as u32, 8 + random.below(largest) as u32],
            speed: [0, 0].map(|_: i64| random.below(2 * fastest + 1) as i64 - fastest as i64),
            level: random.below(256) as u8,
        };
        let mut blocks: Vec<Block> = (0..70).map(|_| block(50, 0)).collect();
        if moving {
            blocks.extend((0..8).map(|_| block(36, 5)));
        }
        Self(blocks)
    }

    /// Frame number `index`.
    pub fn frame(&self, index: i64) -> GrayImage {
        let mut frame = GrayImage::from_pixel(WIDTH, HEIGHT, Luma([96]));
        for block in &self.0 {
            let at = |axis: usize, side: u32| {
                let place = block.place[axis] + block.speed[axis] * index;
                if block.speed[axis] == 0 { place } else { place.rem_euclid(i64::from(side) + 20) - 20 }
            };
            let painted = GrayImage::from_pixel(block.size[0], block.size[1], Luma([block.level]));
            imageops::overlay(&mut frame, &painted, at(0, WIDTH), at(1, HEIGHT));
        }
        frame
    }
}

/// The fingerprint of these pictures, [`FPS`] a second.
pub fn fingerprint(frames: impl Iterator<Item = GrayImage>) -> Fingerprint {
    let mut header = None;
    let mut recorder = Recorder::new(TimeBase(1, FPS as u32));
    let mut records = Vec::new();
    for (index, frame) in (0..).zip(frames) {
        header.get_or_insert_with(|| header_of(&frame));
        let hashes = format_of(&frame).hash_nth(index as u64, frame.as_raw(), &[]).unwrap();
        records.push(recorder.push(index, &hashes, None).unwrap());
    }
    let file = cotejo::file_scan::FileRecord::from(&FileScan::default().finish());
    let (motion, trailer) = recorder.finish(file, false, None).unwrap();
    Fingerprint { header: header.unwrap(), frames: records, motion, trailer }
}

fn format_of(frame: &GrayImage) -> FrameFormat {
    FrameFormat { range: Range::Full, ..FrameFormat::new("gray", frame.width(), frame.height()).unwrap() }
}

fn header_of(frame: &GrayImage) -> Header {
    Header {
        tier: Tier::Perceptual,
        tier_reason: Some(TierReason::RgbFrames),
        decoder: Decoder::WebcodecsRgb,
        classic: Vec::new(),
        ..Header::of_video(&format_of(frame), TimeBase(1, FPS as u32), "rawvideo")
    }
}

/// A picture file of a frame.
pub fn file(picture: &GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}
