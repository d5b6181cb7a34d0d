//! How a decoded frame lies in memory: where each sample of each pixel is, and how deep.
//!
//! Names are those of ffmpeg's `pix_fmt`, so that a reader who checks Cotejo with ffmpeg meets the same words, and frames lie as
//! ffmpeg's `rawvideo` writes them. A layout is described as in ffmpeg's `AVPixFmtDescriptor`, so adding one is one line in
//! `pixel_format/table.rs`; [`crate::picture::samples`] reads by these descriptions.
//!
//! The deprecated `yuvj*` names are read as `yuv*` with full range. `nv12` is an input layout only: its interleaved chroma is
//! re-ordered to `yuv420p`, so that a hardware decoder's frame has the same digest as a software decoder's.

mod layout;
mod table;

pub use layout::{Colour, Component, PixelFormat, Word};

use std::borrow::Cow;

/// Bytes of a palette.
pub(crate) const PALETTE_BYTES: usize = 256 * 4;

/// Where one plane lies in a tightly packed frame, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PlaneLayout {
    /// First byte.
    pub offset: usize,
    /// Bytes from row to row; equal to the bytes of a row.
    pub stride: usize,
    /// Rows.
    #[serde(skip)]
    pub rows: usize,
}

impl PixelFormat {
    /// The layout of this ffmpeg name; `None` if it cannot be hashed.
    pub fn from_name(name: &str) -> Option<Self> {
        let plain = name.strip_prefix("yuvj").map(|rest| format!("yuv{rest}"));
        let name = plain.as_deref().unwrap_or(name);
        Self::all().find(|format| format.name == name)
    }

    /// Every layout that can be hashed.
    pub fn all() -> impl Iterator<Item = Self> {
        table::LAYOUTS.iter().copied().flatten().copied()
    }

    /// Luma, Cb and Cr; or red, green and blue; or others; then alpha, if it has its own plane.
    pub fn components(&self) -> &[Component] {
        &self.components[..self.component_count]
    }

    /// Bits of a luma sample, 8 to 16, whether luma is in the frame or computed from red, green and blue.
    pub fn luma_depth_bits(self) -> u8 {
        self.components[0].depth_bits.max(8)
    }

    /// The layout whose digest is recorded: itself, except `yuv420p` for `nv12`.
    pub fn recorded(self) -> Self {
        if self.is_nv12() { Self::from_name("yuv420p").expect("listed") } else { self }
    }

    /// The frame's bytes in the recorded order: splits `nv12`'s interleaved chroma, leaves everything else.
    pub fn reorder<'a>(self, frame: &'a [u8], width: u32, height: u32) -> Cow<'a, [u8]> {
        if !self.is_nv12() {
            return Cow::Borrowed(frame);
        }
        let luma_bytes = width as usize * height as usize;
        let (luma, chroma) = frame.split_at(luma_bytes.min(frame.len()));
        let mut planar = luma.to_vec();
        planar.extend(chroma.iter().step_by(2));
        planar.extend(chroma.iter().skip(1).step_by(2));
        Cow::Owned(planar)
    }

    fn is_nv12(self) -> bool {
        self.name == "nv12"
    }

    /// Whether the samples are red, green and blue instead of luma and chroma.
    pub fn is_rgb(self) -> bool {
        matches!(self.colour, Colour::Rgb | Colour::Palette)
    }

    /// Whether its range is always full.
    pub fn is_always_full_range(self) -> bool {
        self.is_rgb() || self.word == Word::Bits
    }

    /// Whether ffmpeg's `crop` keeps this layout; it converts layouts without whole bytes for each pixel.
    pub fn can_be_cropped(self) -> bool {
        let is_in_one_plane = self.components().iter().all(|component| component.plane == 0);
        self.word != Word::Bits && (self.chroma_shift == (0, 0) || !is_in_one_plane)
    }

    /// The planes of a tightly packed frame of `width` x `height` pixels, and the bytes of the frame.
    ///
    /// Chroma sides are rounded up, as every decoder does.
    pub fn layout(self, width: u32, height: u32) -> (Vec<PlaneLayout>, usize) {
        let last_plane = self.components().iter().map(|component| component.plane).max().unwrap_or(0);
        let sizes = (0..=last_plane).map(|plane| {
            // The component with the most bytes decides: of yuyv422 it is Cb, with four bytes for every two pixels.
            let of_plane = self.components().iter().enumerate().filter(|(_, component)| component.plane == plane);
            let (index, component) = of_plane.max_by_key(|(_, component)| component.step).expect("no empty plane");
            let (samples, _) = self.component_size(index, width, height);
            let row = samples * component.step;
            let rows = if plane == 0 { height as usize } else { self.component_size(index, width, height).1 };
            (if self.word == Word::Bits { row.div_ceil(8) } else { row }, rows)
        });
        let palette = (self.colour == Colour::Palette).then_some((PALETTE_BYTES, 1));
        let mut offset = 0;
        let planes = sizes
            .chain(palette)
            .map(|(stride, rows)| {
                let plane = PlaneLayout { offset, stride, rows };
                offset += stride * rows;
                plane
            })
            .collect();
        (planes, offset)
    }

    /// Samples of a component, across and down, in a frame of `width` x `height` pixels.
    pub(crate) fn component_size(self, index: usize, width: u32, height: u32) -> (usize, usize) {
        let (across, down) = if matches!(index, 1 | 2) { self.chroma_shift } else { (0, 0) };
        ((width as usize).div_ceil(1 << across), (height as usize).div_ceil(1 << down))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(name: &str, width: u32, height: u32) -> usize {
        PixelFormat::from_name(name).unwrap().layout(width, height).1
    }

    #[test]
    fn odd_sizes_round_chroma_up() {
        let format = PixelFormat::from_name("yuvj420p").unwrap();
        let (planes, bytes) = format.layout(5, 3);
        assert_eq!(bytes, 15 + 6 + 6);
        assert_eq!(planes[2], PlaneLayout { offset: 21, stride: 3, rows: 2 });
        assert_eq!(bytes_of("nv12", 5, 3), bytes);
        assert_eq!(bytes_of("yuyv422", 5, 3), 3 * 4 * 3);
        assert_eq!(bytes_of("monob", 9, 3), 2 * 3);
    }

    #[test]
    fn deep_samples_take_two_bytes_and_alpha_has_full_size() {
        assert_eq!(bytes_of("yuv422p10le", 4, 2), 2 * (8 + 4 + 4));
        assert_eq!(bytes_of("yuva420p", 4, 2), 8 + 2 + 2 + 8);
        assert_eq!(bytes_of("gbrap12be", 4, 2), 2 * 4 * 8);
        assert_eq!(bytes_of("rgb565le", 4, 2), 2 * 8);
    }

    #[test]
    fn a_palette_stands_behind_its_picture() {
        assert_eq!(bytes_of("pal8", 5, 3), 15 + 1024);
    }

    #[test]
    fn interleaved_chroma_is_split() {
        let format = PixelFormat::from_name("nv12").unwrap();
        let frame = [1, 2, 3, 4, 10, 20];
        assert_eq!(format.reorder(&frame, 2, 2).as_ref(), [1, 2, 3, 4, 10, 20]);
        let wide = [1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 11, 21];
        assert_eq!(format.reorder(&wide, 4, 2).as_ref(), [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 20, 21]);
    }

    #[test]
    fn each_layout_has_a_name_of_its_own() {
        let names: Vec<_> = PixelFormat::all().map(|format| format.name).collect();
        for (i, name) in names.iter().enumerate() {
            assert!(!names[..i].contains(name), "{name}");
        }
    }

    #[test]
    fn unknown_names_have_no_layout() {
        assert!(PixelFormat::from_name("yuv411p10le").is_none());
        assert!(PixelFormat::from_name("").is_none());
    }
}
