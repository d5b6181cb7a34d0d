//! One decoded frame -> its luma, one plane of 8 to 16 bits.
//!
//! Most layouts begin with a plane of luma, which is borrowed. From others luma is copied together; red, green and blue are
//! weighted and rounded at their own depth (at 8 bits if that is less).

use crate::picture::pixel_format::{Colour, PixelFormat, Word};
use crate::picture::plane::bytes_per_sample;
use crate::picture::samples::Samples;
use std::array::from_fn;
use std::borrow::Cow;

/// The weights that turn red, green and blue into luma.
///
/// Sources: ITU-R BT.601-7, BT.709-6, BT.2020-2 (non-constant luminance).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Matrix {
    /// 0.299 R + 0.587 G + 0.114 B.
    Bt601,
    /// 0.2126 R + 0.7152 G + 0.0722 B.
    Bt709,
    /// 0.2627 R + 0.6780 G + 0.0593 B.
    Bt2020,
}

impl Matrix {
    /// The weights of red, green and blue in 65,536ths; they add up to 65,536.
    fn weights(self) -> [u32; 3] {
        match self {
            Self::Bt601 => [19_595, 38_470, 7_471],
            Self::Bt709 => [13_933, 46_871, 4_732],
            Self::Bt2020 => [17_216, 44_434, 3_886],
        }
    }

    /// Luma of one pixel. The sum stays below 2^32: 65,535 times 65,536, plus one half.
    fn luma(self, rgb: [u16; 3]) -> u16 {
        let sum: u32 = rgb.into_iter().zip(self.weights()).map(|(value, weight)| u32::from(value) * weight).sum();
        ((sum + 32_768) >> 16) as u16
    }
}

/// The luma of a tightly packed frame, row by row without padding. Samples above 8 bits take two bytes, the lower first.
///
/// Its depth is [`PixelFormat::luma_depth_bits`].
pub fn of_frame(format: PixelFormat, matrix: Matrix, frame: &[u8], width: u32, height: u32) -> Cow<'_, [u8]> {
    if is_borrowed(format) {
        return Cow::Borrowed(frame);
    }
    let samples = Samples::new(format, frame, width, height);
    let depth_bits = format.luma_depth_bits();
    let mut luma = Vec::with_capacity(width as usize * height as usize * bytes_per_sample(depth_bits));
    let mut rows = from_fn(|_| vec![0; width as usize]);
    let palette: Vec<u16> = match format.colour {
        Colour::Palette => samples.palette().map(|rgb| matrix.luma(rgb.map(u16::from))).collect(),
        _ => Vec::new(),
    };
    for y in 0..height as usize {
        samples.read_row(0, y, &mut rows[0]);
        match format.colour {
            Colour::Luma | Colour::Darkness => {}
            Colour::Palette => rows[0].iter_mut().for_each(|index| *index = palette[usize::from(*index)]),
            Colour::Rgb => {
                samples.read_row(1, y, &mut rows[1]);
                samples.read_row(2, y, &mut rows[2]);
                weigh(&mut rows, matrix);
            }
        }
        match bytes_per_sample(depth_bits) {
            1 => luma.extend(rows[0].iter().map(|&sample| sample as u8)),
            _ => luma.extend(rows[0].iter().flat_map(|sample| sample.to_le_bytes())),
        }
    }
    Cow::Owned(luma)
}

/// Whether the frame begins with its luma in the form that [`crate::picture::plane::Plane`] takes.
fn is_borrowed(format: PixelFormat) -> bool {
    let luma = format.components()[0];
    let is_whole = luma.depth_bits >= 8 && luma.shift == 0 && luma.step == bytes_per_sample(luma.depth_bits);
    format.colour == Colour::Luma && is_whole && matches!(format.word, Word::Byte | Word::Little16)
}

/// Replaces red by luma.
fn weigh([red, green, blue]: &mut [Vec<u16>; 3], matrix: Matrix) {
    for ((red, &green), &blue) in red.iter_mut().zip(&*green).zip(&*blue) {
        *red = matrix.luma([*red, green, blue]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_keep_grey_grey() {
        for matrix in [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020] {
            assert_eq!(matrix.weights().iter().sum::<u32>(), 65_536);
            for grey in (0..=u16::MAX).step_by(5) {
                assert_eq!(matrix.luma([grey; 3]), grey);
            }
        }
    }

    /// Luma of a frame as numbers.
    fn luma_of(name: &str, frame: &[u8], width: u32) -> Vec<u16> {
        let format = PixelFormat::from_name(name).unwrap();
        let luma = of_frame(format, Matrix::Bt601, frame, width, 1);
        match format.luma_depth_bits() {
            8 => luma[..width as usize].iter().copied().map(u16::from).collect(),
            _ => luma.as_chunks().0[..width as usize].iter().map(|&sample| u16::from_le_bytes(sample)).collect(),
        }
    }

    #[test]
    fn luma_of_red_is_the_same_in_every_layout_that_holds_it() {
        let at_8_bits: [(&str, &[u8]); 20] = [
            ("rgb24", &[255, 0, 0]),
            ("bgr24", &[0, 0, 255]),
            ("rgba", &[255, 0, 0, 9]),
            ("argb", &[9, 255, 0, 0]),
            ("0bgr", &[9, 0, 0, 255]),
            ("gbrp", &[0, 0, 255]),
            ("gbrap", &[0, 0, 255, 9]),
            ("rgb565le", &[0x00, 0xf8]),
            ("rgb565be", &[0xf8, 0x00]),
            ("bgr565le", &[0x1f, 0x00]),
            ("rgb555le", &[0x00, 0xfc]),
            ("bgr555be", &[0x80, 0x1f]),
            ("rgb444le", &[0x00, 0xff]),
            ("bgr444le", &[0x0f, 0xf0]),
            ("rgb8", &[0xe0]),
            ("bgr8", &[0x07]),
            ("rgb4_byte", &[0x08]),
            ("bgr4_byte", &[0x01]),
            ("gray", &[76]),
            ("ya8", &[76, 9]),
        ];
        for (name, pixel) in at_8_bits {
            assert_eq!(luma_of(name, pixel, 1), [76], "{name}");
        }
        let deeper: [(&str, &[u8], u16); 9] = [
            ("gbrp10le", &[0, 0, 0, 0, 0xff, 0x03], 306),
            ("gbrp10be", &[0, 0, 0, 0, 0x03, 0xff], 306),
            ("x2rgb10le", &[0, 0, 0xf0, 0x3f], 306),
            ("x2bgr10le", &[0xff, 0x03, 0, 0], 306),
            ("gbrp12le", &[0, 0, 0, 0, 0xff, 0x0f], 1224),
            ("rgb48le", &[0xff, 0xff, 0, 0, 0, 0], 19_595),
            ("bgra64be", &[0, 0, 0, 0, 0xff, 0xff, 9, 9], 19_595),
            ("gbrap16le", &[0, 0, 0, 0, 0xff, 0xff, 9, 9], 19_595),
            ("p010le", &[0x80, 0x4c, 0, 0, 0, 0], 306),
        ];
        for (name, pixel, luma) in deeper {
            assert_eq!(luma_of(name, pixel, 1), [luma], "{name}");
        }
    }

    #[test]
    fn luma_is_found_between_other_samples_and_among_bits() {
        assert_eq!(luma_of("yuyv422", &[1, 90, 2, 90, 3, 90, 0, 90], 3), [1, 2, 3]);
        assert_eq!(luma_of("uyvy422", &[90, 1, 90, 2, 90, 3, 90, 0], 3), [1, 2, 3]);
        assert_eq!(luma_of("gray10be", &[0, 1, 3, 0xff], 2), [1, 1023]);
        assert_eq!(luma_of("ya16be", &[1, 2, 9, 9], 1), [0x0102]);
        assert_eq!(luma_of("monob", &[0b1000_0000, 0b0100_0000], 10), [255, 0, 0, 0, 0, 0, 0, 0, 0, 255]);
        assert_eq!(luma_of("monow", &[0b0111_1111, 0b1000_0000], 10), [255, 0, 0, 0, 0, 0, 0, 0, 0, 255]);
        let mut palette = [0; 1024];
        palette[4 * 7..][..4].copy_from_slice(&[0, 0, 255, 9]);
        assert_eq!(luma_of("pal8", &[&[7, 1, 7], &palette[..]].concat(), 3), [76, 0, 76]);
    }
}
