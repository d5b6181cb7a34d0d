//! Reads the samples of a decoded frame, row by row, in any layout.
//!
//! In: a tightly packed frame and its [`PixelFormat`]. Out: plain numbers, for layouts whose luma is not a plane that can be read
//! in place: red, green and blue, packed, in the other byte order, shifted, or of less than 8 bits.

use crate::picture::pixel_format::{Colour, Component, PALETTE_BYTES, PixelFormat, PlaneLayout, Word};

/// A frame to read samples from.
#[derive(Clone, Debug)]
pub struct Samples<'a> {
    frame: &'a [u8],
    format: PixelFormat,
    planes: Vec<PlaneLayout>,
    width: u32,
    height: u32,
}

impl<'a> Samples<'a> {
    /// `frame` must have as many bytes as the format needs.
    pub fn new(format: PixelFormat, frame: &'a [u8], width: u32, height: u32) -> Self {
        let (planes, bytes) = format.layout(width, height);
        assert_eq!(frame.len(), bytes, "whoever gives a frame checks its length");
        Self { frame, format, planes, width, height }
    }

    /// Samples of a component across and down.
    pub fn size(&self, component: usize) -> (usize, usize) {
        self.format.component_size(component, self.width, self.height)
    }

    /// Reads row `y` of a component into `row`, which has the row's length: 0 to 2^depth - 1, with less than 8 bits scaled to 8.
    pub fn read_row(&self, component: usize, y: usize, row: &mut [u16]) {
        let component = self.format.components()[component];
        let PlaneLayout { offset, stride, .. } = self.planes[component.plane];
        read(&self.frame[offset + y * stride..][..stride], self.format.word, component, row);
        if component.depth_bits < 8 {
            let largest = (1 << component.depth_bits) - 1;
            let is_dark = self.format.colour == Colour::Darkness;
            for sample in row {
                let value = if is_dark { largest - *sample } else { *sample };
                *sample = to_eight_bits(value, largest);
            }
        }
    }

    /// Red, green and blue of each index of a palette.
    pub fn palette(&self) -> impl Iterator<Item = [u8; 3]> {
        let palette = &self.frame[self.frame.len() - PALETTE_BYTES..];
        palette.as_chunks().0.iter().map(|&[blue, green, red, _alpha]| [red, green, blue])
    }
}

/// Scales a value of 0 to `largest` to 0..=255, rounded.
fn to_eight_bits(value: u16, largest: u16) -> u16 {
    (value * 255 + largest / 2) / largest
}

fn read(bytes: &[u8], word: Word, component: Component, row: &mut [u16]) {
    let Component { step, offset, shift, depth_bits, .. } = component;
    let mask = (u32::from(u16::MAX)) >> (16 - depth_bits);
    let sample = |word: u32| ((word >> shift) & mask) as u16;
    // After the last pixel's sample there may be alpha, or nothing.
    let words = || bytes[offset..].chunks(step);
    match word {
        Word::Bits => {
            for (x, to) in row.iter_mut().enumerate() {
                let place = x * step + offset;
                let below = 8 - usize::from(depth_bits) - place % 8;
                *to = (u32::from(bytes[place / 8]) >> below & mask) as u16;
            }
        }
        Word::Byte => fill(row, words(), |word| sample(word[0].into())),
        Word::Little16 => fill(row, words(), |word| sample(u16::from_le_bytes(first(word)).into())),
        Word::Big16 => fill(row, words(), |word| sample(u16::from_be_bytes(first(word)).into())),
        Word::Little32 => fill(row, words(), |word| sample(u32::from_le_bytes(first(word)))),
        Word::Big32 => fill(row, words(), |word| sample(u32::from_be_bytes(first(word)))),
    }
}

fn fill<'a>(row: &mut [u16], words: impl Iterator<Item = &'a [u8]>, sample: impl Fn(&[u8]) -> u16) {
    for (to, word) in row.iter_mut().zip(words) {
        *to = sample(word);
    }
}

fn first<const N: usize>(word: &[u8]) -> [u8; N] {
    *word.first_chunk().expect("a step is at least a word")
}
