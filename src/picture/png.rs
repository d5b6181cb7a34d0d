//! One decoded frame -> a PNG picture for people to look at.
//!
//! In: a tightly packed frame and its format. Out: an RGB PNG of the visible, unrotated picture. Chroma is repeated, not
//! interpolated. Browsers could do this through a canvas, but some add noise to what is read back from one.

use crate::picture::frame::{FrameError, FrameFormat};
use crate::picture::luma::Matrix;
use crate::picture::pixel_format::Colour;
use crate::picture::plane::Range;
use crate::picture::samples::Samples;
use crc32fast::Hasher;
use fdeflate::Compressor;

/// The PNG of `frame`, whose bytes are in the format's recorded order (see [`crate::picture::pixel_format`]).
pub fn encode(format: &FrameFormat, frame: &[u8]) -> Result<Vec<u8>, FrameError> {
    format.check()?;
    let needed = format.frame_bytes();
    if frame.len() != needed {
        return Err(FrameError::Length { found: frame.len(), needed });
    }
    Ok(file(&rgb(format, frame), format.width, format.height))
}

/// The PNG file of 8-bit RGB pixels, W3C *Portable Network Graphics (PNG) Specification*, 2003. The `image` crate's encoder would
/// bring a second compressor into the page, 10 kB of it.
fn file(rgb: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let [width_bytes, height_bytes] = [width, height].map(u32::to_be_bytes);
    // Eight bits of red, green and blue each; the only compression and filtering there are; not interlaced.
    chunk(&mut bytes, b"IHDR", &[&width_bytes[..], &height_bytes, &[8, 2, 0, 0, 0]].concat());
    chunk(&mut bytes, b"IDAT", &compressed(rgb, 3 * width as usize));
    chunk(&mut bytes, b"IEND", &[]);
    bytes
}

/// Adds a chunk: its length, its name, and both name and data checked.
fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let checked = [name, data].concat();
    file.extend((data.len() as u32).to_be_bytes());
    file.extend(&checked);
    let mut check = Hasher::new();
    check.update(&checked);
    file.extend(check.finalize().to_be_bytes());
}

/// Rows of so many bytes, each after the number of its filter, as a zlib stream.
fn compressed(rows: &[u8], row_bytes: usize) -> Vec<u8> {
    let mut above = vec![0; row_bytes];
    let mut filtered = Vec::with_capacity(rows.len() + rows.len() / row_bytes);
    for row in rows.chunks_exact(row_bytes) {
        let neighbour = |i: usize, of: &[u8]| i.checked_sub(3).map_or(0, |i| of[i]);
        filtered.push(PAETH);
        filtered.extend(
            (0..row_bytes)
                .map(|i| row[i].wrapping_sub(nearest_of([neighbour(i, row), above[i], neighbour(i, &above)]))),
        );
        above.copy_from_slice(row);
    }
    let written = "written to memory";
    let mut compressor = Compressor::new(Vec::new()).expect(written);
    compressor.write_data(&filtered).expect(written);
    compressor.finish().expect(written)
}

/// The filter that keeps the difference from [`nearest_of`].
const PAETH: u8 = 4;

/// Of the bytes to the left, above, and left above the one that is nearest to left + above - left above; the first of equal
/// ones (the specification, section 9.4).
fn nearest_of([left, above, left_above]: [u8; 3]) -> u8 {
    let [a, b, c] = [left, above, left_above].map(i16::from);
    let [from_left, from_above, from_both] = [(b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs()];
    if from_left <= from_above && from_left <= from_both {
        left
    } else if from_above <= from_both {
        above
    } else {
        left_above
    }
}

/// Red, green and blue of each pixel, a byte each.
fn rgb(format: &FrameFormat, frame: &[u8]) -> Vec<u8> {
    let layout = format.pixel_format.recorded();
    let samples = Samples::new(layout, frame, format.width, format.height);
    let palette: Vec<[u8; 3]> = if layout.colour == Colour::Palette { samples.palette().collect() } else { Vec::new() };
    let range = if layout.is_always_full_range() { Range::Full } else { format.range };
    let to_rgb = ToRgb::new(format.matrix, range);
    let has_colour = layout.components().len() >= 3;
    let mut rows = [0, 1, 2].map(|component| vec![0; if has_colour { samples.size(component).0 } else { 0 }]);
    rows[0].resize(format.width as usize, 0);
    // Keeps the high 8 bits. A grey frame has neither of the other two components.
    let surplus_bits = layout.luma_depth_bits() - 8;
    let (shift_x, shift_y) = layout.chroma_shift;
    let mut rgb = Vec::with_capacity(3 * format.width as usize * format.height as usize);
    for y in 0..format.height as usize {
        samples.read_row(0, y, &mut rows[0]);
        for component in if has_colour { 1..3 } else { 0..0 } {
            samples.read_row(component, y >> shift_y, &mut rows[component]);
        }
        for x in 0..format.width as usize {
            let of = |component: usize, x: usize| rows[component].get(x).map_or(128, |s| (s >> surplus_bits) as u8);
            let (first, second, third) = (of(0, x), of(1, x >> shift_x), of(2, x >> shift_x));
            rgb.extend(match layout.colour {
                Colour::Rgb => [first, second, third],
                Colour::Palette => palette[usize::from(first)],
                Colour::Luma | Colour::Darkness => to_rgb.pixel(first, second, third),
            });
        }
    }
    rgb
}

/// The inverse of luma and chroma, ITU-R BT.601-7 section 2.5 and its successors, for 8-bit values.
struct ToRgb {
    black: f32,
    luma_gain: f32,
    chroma_gain: f32,
    red: f32,
    green: f32,
    blue: f32,
}

impl ToRgb {
    fn new(matrix: Matrix, range: Range) -> Self {
        let (red, green, blue) = match matrix {
            Matrix::Bt601 => (0.299, 0.587, 0.114),
            Matrix::Bt709 => (0.2126, 0.7152, 0.0722),
            Matrix::Bt2020 => (0.2627, 0.678, 0.0593),
        };
        match range {
            Range::Limited => {
                Self { black: 16.0, luma_gain: 255.0 / 219.0, chroma_gain: 255.0 / 112.0, red, green, blue }
            }
            Range::Full => Self { black: 0.0, luma_gain: 1.0, chroma_gain: 2.0, red, green, blue },
        }
    }

    fn pixel(&self, luma: u8, cb: u8, cr: u8) -> [u8; 3] {
        let y = (f32::from(luma) - self.black) * self.luma_gain;
        let b_minus_y = (f32::from(cb) - 128.0) * self.chroma_gain * (1.0 - self.blue);
        let r_minus_y = (f32::from(cr) - 128.0) * self.chroma_gain * (1.0 - self.red);
        let g_minus_y = -(self.red * r_minus_y + self.blue * b_minus_y) / self.green;
        [r_minus_y, g_minus_y, b_minus_y].map(|difference| (y + difference).round().clamp(0.0, 255.0) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::testing::scrambled;
    use crate::picture::pixel_format::PixelFormat;

    fn format(name: &str, range: Range) -> FrameFormat {
        let pixel_format = PixelFormat::from_name(name).unwrap();
        FrameFormat { pixel_format, range, width: 2, height: 2, matrix: Matrix::Bt601 }
    }

    fn pixels(format: &FrameFormat, frame: &[u8]) -> Vec<u8> {
        let png = encode(format, frame).unwrap();
        image::load_from_memory(&png).unwrap().into_rgb8().into_raw()
    }

    #[test]
    fn primary_colours_come_back() {
        // BT.601 limited range: red is (81, 90, 240), white is (235, 128, 128).
        let frame = [81, 81, 81, 81, 90, 240];
        let red = pixels(&format("yuv420p", Range::Limited), &frame);
        assert!(red.chunks(3).all(|p| p[0] >= 253 && p[1] <= 2 && p[2] <= 2), "{red:?}");
        let white = pixels(&format("yuv420p", Range::Limited), &[235, 235, 235, 235, 128, 128]);
        assert_eq!(white, [255; 12]);
    }

    #[test]
    fn any_pixels_come_back() {
        for (width, height) in [(1, 1), (7, 5), (300, 40)] {
            let rgb: Vec<u8> = (0..3 * width * height).map(|i| (scrambled(i / 4) >> (i % 3)) as u8).collect();
            let read = image::load_from_memory(&file(&rgb, width as u32, height as u32)).unwrap().into_rgb8();
            assert_eq!((read.width() as usize, read.into_raw()), (width, rgb));
        }
    }

    #[test]
    fn deep_grey_and_packed_frames_are_shown() {
        let deep: Vec<u8> = [1023u16; 4].iter().chain(&[512; 2]).flat_map(|v| v.to_le_bytes()).collect();
        assert_eq!(pixels(&format("yuv420p10le", Range::Full), &deep), [255; 12]);
        assert_eq!(pixels(&format("gray", Range::Full), &[7; 4]), [7; 12]);
        let packed = [3, 2, 1, 0].repeat(4);
        assert_eq!(pixels(&format("bgr0", Range::Full), &packed), [1, 2, 3].repeat(4));
    }
}
