//! How a decoded frame lies in memory: which planes, how large, how deep.
//!
//! Names are those of ffmpeg's `pix_fmt`, because a reader who checks Cotejo with ffmpeg meets the same words. The
//! deprecated `yuvj*` names are read as `yuv*` with full range, and `nv12` is an input layout only: its interleaved
//! chroma is re-ordered to `yuv420p`, so that a hardware decoder's frame has a software decoder's digest.

use std::borrow::Cow;

/// What the samples of a frame stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Planar: luma first, then `chroma_planes` planes (and an alpha plane where there are 4).
    Planar,
    /// Luma, then one plane of interleaved Cb and Cr.
    SemiPlanar,
    /// Interleaved 8-bit pixels of `step` bytes, with the byte positions of red, green and blue.
    PackedRgb {
        /// Bytes per pixel, 3 or 4.
        step: usize,
        /// Byte positions of red, green and blue.
        rgb: [usize; 3],
    },
}

/// One memory layout of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelFormat {
    /// ffmpeg's name.
    pub name: &'static str,
    /// What the samples stand for.
    pub kind: Kind,
    /// Planes beside luma: 0 (grey), 2 (Cb, Cr) or 3 (and alpha, at full size).
    pub chroma_planes: usize,
    /// log2 of the horizontal and vertical chroma subsampling.
    pub chroma_shift: (u32, u32),
    /// Bits of a sample, 8 to 16.
    pub depth_bits: u8,
}

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

const fn planar(name: &'static str, chroma_planes: usize, chroma_shift: (u32, u32), depth_bits: u8) -> PixelFormat {
    PixelFormat { name, kind: Kind::Planar, chroma_planes, chroma_shift, depth_bits }
}

const fn packed(name: &'static str, step: usize, rgb: [usize; 3]) -> PixelFormat {
    let kind = Kind::PackedRgb { step, rgb };
    PixelFormat { name, kind, chroma_planes: 0, chroma_shift: (0, 0), depth_bits: 8 }
}

/// Every layout that can be hashed.
const FORMATS: &[PixelFormat] = &[
    planar("yuv420p", 2, (1, 1), 8),
    planar("yuv422p", 2, (1, 0), 8),
    planar("yuv444p", 2, (0, 0), 8),
    planar("yuv440p", 2, (0, 1), 8),
    planar("yuv411p", 2, (2, 0), 8),
    planar("yuv410p", 2, (2, 2), 8),
    planar("yuv420p10le", 2, (1, 1), 10),
    planar("yuv422p10le", 2, (1, 0), 10),
    planar("yuv444p10le", 2, (0, 0), 10),
    planar("yuv420p12le", 2, (1, 1), 12),
    planar("yuv422p12le", 2, (1, 0), 12),
    planar("yuv444p12le", 2, (0, 0), 12),
    planar("yuva420p", 3, (1, 1), 8),
    planar("yuva422p", 3, (1, 0), 8),
    planar("yuva444p", 3, (0, 0), 8),
    planar("yuva422p10le", 3, (1, 0), 10),
    planar("yuva444p10le", 3, (0, 0), 10),
    planar("yuva444p12le", 3, (0, 0), 12),
    planar("gray", 0, (0, 0), 8),
    planar("gray10le", 0, (0, 0), 10),
    planar("gray12le", 0, (0, 0), 12),
    planar("gray16le", 0, (0, 0), 16),
    PixelFormat { name: "nv12", kind: Kind::SemiPlanar, chroma_planes: 2, chroma_shift: (1, 1), depth_bits: 8 },
    packed("rgb24", 3, [0, 1, 2]),
    packed("bgr24", 3, [2, 1, 0]),
    packed("rgba", 4, [0, 1, 2]),
    packed("rgb0", 4, [0, 1, 2]),
    packed("bgra", 4, [2, 1, 0]),
    packed("bgr0", 4, [2, 1, 0]),
];

impl PixelFormat {
    /// The layout of this ffmpeg name, or `None` where it cannot be hashed.
    pub fn from_name(name: &str) -> Option<Self> {
        let plain = name.strip_prefix("yuvj").map(|rest| format!("yuv{rest}"));
        let name = plain.as_deref().unwrap_or(name);
        FORMATS.iter().find(|format| format.name == name).copied()
    }

    /// The layout whose digest is recorded: itself, but `yuv420p` for `nv12`.
    pub fn recorded(self) -> Self {
        if self.kind == Kind::SemiPlanar { FORMATS[0] } else { self }
    }

    /// The frame's bytes in the recorded order: interleaved chroma is split, everything else is as it was.
    pub fn reorder<'a>(self, frame: &'a [u8], width: u32, height: u32) -> Cow<'a, [u8]> {
        if self.kind != Kind::SemiPlanar {
            return Cow::Borrowed(frame);
        }
        let luma_bytes = width as usize * height as usize;
        let (luma, chroma) = frame.split_at(luma_bytes.min(frame.len()));
        let mut planar = luma.to_vec();
        planar.extend(chroma.iter().step_by(2));
        planar.extend(chroma.iter().skip(1).step_by(2));
        Cow::Owned(planar)
    }

    /// Whether the samples are red, green and blue instead of luma and chroma.
    pub fn is_rgb(self) -> bool {
        matches!(self.kind, Kind::PackedRgb { .. })
    }

    /// The planes of a tightly packed frame of `width` x `height` pixels, and the bytes of the whole.
    ///
    /// Chroma sides are rounded up, as every decoder does.
    pub fn layout(self, width: u32, height: u32) -> (Vec<PlaneLayout>, usize) {
        let (width, height) = (width as usize, height as usize);
        let sample_bytes = crate::plane::bytes_per_sample(self.depth_bits);
        let chroma = (width.div_ceil(1 << self.chroma_shift.0), height.div_ceil(1 << self.chroma_shift.1));
        let sizes: Vec<(usize, usize)> = match self.kind {
            Kind::PackedRgb { step, .. } => vec![(width * step, height)],
            Kind::SemiPlanar => vec![(width, height), (chroma.0 * 2, chroma.1)],
            Kind::Planar => {
                let mut sizes = vec![(width, height)];
                sizes.extend((0..self.chroma_planes).map(|i| if i < 2 { chroma } else { (width, height) }));
                sizes
            }
        };
        let mut offset = 0;
        let planes = sizes
            .into_iter()
            .map(|(row_samples, rows)| {
                let plane = PlaneLayout { offset, stride: row_samples * sample_bytes, rows };
                offset += plane.stride * rows;
                plane
            })
            .collect();
        (planes, offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_sizes_round_chroma_up() {
        let format = PixelFormat::from_name("yuvj420p").unwrap();
        let (planes, bytes) = format.layout(5, 3);
        assert_eq!(bytes, 15 + 6 + 6);
        assert_eq!(planes[2], PlaneLayout { offset: 21, stride: 3, rows: 2 });
        assert_eq!(PixelFormat::from_name("nv12").unwrap().layout(5, 3).1, bytes);
    }

    #[test]
    fn deep_samples_take_two_bytes_and_alpha_has_full_size() {
        assert_eq!(PixelFormat::from_name("yuv422p10le").unwrap().layout(4, 2).1, 2 * (8 + 4 + 4));
        assert_eq!(PixelFormat::from_name("yuva420p").unwrap().layout(4, 2).1, 8 + 2 + 2 + 8);
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
    fn unknown_names_have_no_layout() {
        assert!(PixelFormat::from_name("yuv420p9be").is_none());
        assert!(PixelFormat::from_name("").is_none());
    }
}
