//! One picture file (PNG, JPEG, WebP) -> a fingerprint of one frame.
//!
//! Pixels come from the `image` crate. PDQ is computed exactly like the reference ([`pdq::hash_rgb`]), not by the shortcut for
//! video frames. There is no digest of the pixels: decoders of JPEG and WebP may differ by a level.

use super::model::{
    Decoder, Fingerprint, Header, Kind, MotionParameters, PointParameters, Tier, TierReason, classic_in_order,
};
use super::recorder::Recorder;
use crate::error::ErrorCode;
use crate::file_scan::FileRecord;
use crate::hash::classic::Algorithm;
use crate::hash::motion::TimeBase;
use crate::hash::pdq;
use crate::picture::display_matrix::Display;
use crate::picture::frame::FrameFormat;
use crate::picture::luma::Matrix;
use crate::picture::pixel_format::PixelFormat;
use crate::picture::plane::{MAX_SIDE, Range};
use image::metadata::Orientation;
use image::{ImageDecoder, ImageError, ImageReader, Limits};
use std::fmt;
use std::io::Cursor;

/// The most bytes of memory for decoding: 16,384 x 8,192 pixels of four bytes.
const MAX_DECODE_BYTES: u64 = 512 << 20;
/// The longest picture file, in bytes; it is held in memory whole.
pub const MAX_FILE_BYTES: u64 = 512 << 20;

/// Why a picture gave no fingerprint.
#[derive(Debug)]
#[non_exhaustive]
pub enum PictureError {
    /// The bytes are of no picture format that is supported.
    UnknownFormat,
    /// The picture is damaged, beyond the limits, or of an unsupported variant.
    Decode(ImageError),
    /// It is an animation: a fingerprint of its first picture would be taken for one of the whole.
    Animated,
    /// The file is longer than [`MAX_FILE_BYTES`].
    FileTooLong,
    /// A side is above [`MAX_SIDE`].
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownFormat => write!(f, "not a PNG, JPEG or WebP picture"),
            Self::Decode(ImageError::Limits(_)) => write!(f, "it needs more memory than is allowed"),
            Self::Decode(ImageError::Unsupported(_)) => write!(f, "a variant that is not read"),
            // The decoder's message is for programmers, and may quote bytes of the file.
            Self::Decode(_) => write!(f, "it is damaged or cut off"),
            Self::Animated => {
                write!(f, "it moves (an animated WebP or PNG); save it as a video to hash every frame")
            }
            Self::FileTooLong => write!(f, "files of at most {MAX_FILE_BYTES} bytes are read"),
            Self::TooLarge { width, height } => {
                write!(f, "{width} x {height} pixels, at most {MAX_SIDE} a side are read")
            }
        }
    }
}

impl std::error::Error for PictureError {}

impl ErrorCode for PictureError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownFormat => "picture-unknown-format",
            Self::Decode(ImageError::Limits(_)) | Self::FileTooLong | Self::TooLarge { .. } => "picture-too-large",
            Self::Decode(ImageError::Unsupported(_)) => "picture-unsupported",
            Self::Decode(_) => "picture-damaged",
            Self::Animated => "picture-animated",
        }
    }
}

/// Whether files of this container (named as by [`crate::file_scan::container_name`]) are pictures that can be hashed.
pub fn is_picture(container: &str) -> bool {
    matches!(container, "png" | "jpeg" | "webp")
}

/// Hashes the picture in `bytes`; `file` describes its file.
pub fn fingerprint(bytes: &[u8], algorithms: &[Algorithm], file: FileRecord) -> Result<Fingerprint, PictureError> {
    let codec = file.container.clone().unwrap_or_default();
    let (picture, orientation) = decode(bytes)?;
    let (width, height) = picture.dimensions();
    let format = FrameFormat {
        pixel_format: PixelFormat::from_name("rgb24").expect("listed"),
        range: Range::Full,
        width,
        height,
        matrix: Matrix::Bt601,
    };
    let hashes = format.hash_nth(0, picture.as_raw(), algorithms);
    let mut hashes = hashes.map_err(|_| PictureError::TooLarge { width, height })?;
    let reference = pdq::hash_rgb(picture.as_raw(), width as usize, height as usize);
    (hashes.pdq, hashes.quality) = (reference.hash, reference.quality);
    let display = display_of(orientation);
    let header = Header {
        kind: Kind::Picture,
        tier: Tier::Perceptual,
        tier_reason: Some(TierReason::Picture),
        decoder: Decoder::Image,
        codec,
        pixel_format: format.pixel_format.name.to_owned(),
        range: Range::Full,
        width,
        height,
        rotation: display.rotation,
        mirrored: display.mirrored,
        time_base: TimeBase(1, 1),
        classic: classic_in_order(algorithms),
        motion: MotionParameters::FIXED,
        points: Some(PointParameters::FIXED),
    };
    let mut recorder = Recorder::new(header.time_base);
    let frame = recorder.push(0, &hashes, None).expect("one frame at 0 is within every limit");
    let (motion, trailer) = recorder.finish(file, false, None).expect("there is one frame");
    Ok(Fingerprint { header, frames: vec![frame], motion, trailer })
}

/// The pixels upright, as a viewer shows them.
pub(crate) fn decode_upright(bytes: &[u8]) -> Result<image::RgbImage, PictureError> {
    let (picture, orientation) = decode(bytes)?;
    Ok(upright(picture, display_of(orientation)))
}

/// Mirrored and then turned. `image` does the same for any kind of pixel, which is 15 kB of code.
fn upright<P: image::Pixel + 'static>(
    mut picture: image::ImageBuffer<P, Vec<P::Subpixel>>,
    Display { mirrored, rotation }: Display,
) -> image::ImageBuffer<P, Vec<P::Subpixel>> {
    if mirrored {
        image::imageops::flip_horizontal_in_place(&mut picture);
    }
    (0..rotation / 90).fold(picture, |picture, _| image::imageops::rotate90(&picture))
}

fn decode(bytes: &[u8]) -> Result<(image::RgbImage, Orientation), PictureError> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(PictureError::FileTooLong);
    }
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| PictureError::UnknownFormat)?;
    if reader.format().is_none() {
        return Err(PictureError::UnknownFormat);
    }
    if is_animated(bytes) {
        return Err(PictureError::Animated);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODE_BYTES);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(PictureError::Decode)?;
    // The decoder's own limit does not count its output.
    limits.reserve(decoder.total_bytes()).map_err(PictureError::Decode)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = image::DynamicImage::from_decoder(decoder).map_err(PictureError::Decode)?;
    Ok((picture.into_rgb8(), orientation))
}

/// Whether a WebP or PNG file says that it holds several pictures; false if its structure makes no sense, because then decoding
/// fails.
fn is_animated(bytes: &[u8]) -> bool {
    // WebP, "Extended File Format": the first chunk is VP8X, and its flags have a bit for animation.
    const WEBP_FLAGS_AT: usize = 20;
    const WEBP_ANIMATION: u8 = 1 << 1;
    if bytes.get(12..16) == Some(b"VP8X") && bytes.starts_with(b"RIFF") {
        return bytes.get(WEBP_FLAGS_AT).is_some_and(|flags| flags & WEBP_ANIMATION != 0);
    }
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        && png_chunks(&bytes[8..]).take_while(|kind| kind != b"IDAT").any(|kind| &kind == b"acTL")
}

/// The types of a PNG's chunks (PNG, 5.3), as far as there are whole ones.
fn png_chunks(mut bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> + '_ {
    const AROUND_DATA_BYTES: usize = 12;
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let kind = *rest.first_chunk::<4>()?;
        let chunk_bytes = (u32::from_be_bytes(*length) as usize).saturating_add(AROUND_DATA_BYTES);
        bytes = bytes.get(chunk_bytes..).unwrap_or_default();
        Some(kind)
    })
}

/// `Orientation` turns first, `Display` mirrors first: a quarter turn before mirroring is one to the other side after it.
fn display_of(orientation: Orientation) -> Display {
    let (mirrored, rotation) = match orientation {
        Orientation::NoTransforms => (false, 0),
        Orientation::Rotate90 => (false, 90),
        Orientation::Rotate180 => (false, 180),
        Orientation::Rotate270 => (false, 270),
        Orientation::FlipHorizontal => (true, 0),
        Orientation::Rotate270FlipH => (true, 90),
        Orientation::FlipVertical => (true, 180),
        Orientation::Rotate90FlipH => (true, 270),
    };
    Display { mirrored, rotation }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_mirrored_and_then_turned_as_its_camera_asks() {
        // 0 1 2
        // 3 4 5
        let stored = image::GrayImage::from_raw(3, 2, (0..6).collect()).unwrap();
        for exif in 1..=8 {
            let orientation = Orientation::from_exif(exif).unwrap();
            let mut expected = image::DynamicImage::from(stored.clone());
            expected.apply_orientation(orientation);
            let shown = upright(stored.clone(), display_of(orientation));
            assert_eq!(shown, expected.into_luma8(), "orientation {exif}");
        }
    }

    #[test]
    fn animations_are_told_from_pictures() {
        let webp = |flags: u8| [&b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0"[..], &[flags; 10]].concat();
        assert!(is_animated(&webp(0x02)));
        assert!(!is_animated(&webp(0x10)));
        let png = |kind: &[u8]| [&b"\x89PNG\r\n\x1a\n\0\0\0\x01IHDRx1234\0\0\0\0"[..], kind, b"1234"].concat();
        assert!(is_animated(&png(b"acTL")));
        assert!(!is_animated(&png(b"IDAT")));
        assert!(!is_animated(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR"));
    }
}
