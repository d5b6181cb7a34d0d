//! A borrowed luma plane: the input of every perceptual hash.
//!
//! In: a frame's samples as a decoder wrote them. Out: the same bytes with what is needed to read them: size, stride, bit depth,
//! range. Nothing is copied or converted here.

use crate::error::ErrorCode;
use std::fmt;

/// Whether samples use the whole range of values (0..=255 at 8 bits) or leave room at both ends (16..=235).
///
/// Source: ITU-R BT.601 and BT.709, quantisation levels; `video_full_range_flag` of H.264 Annex E.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Range {
    /// Black at 16, white at 235 (times 2^(depth - 8)).
    Limited,
    /// Black at 0, white at 2^depth - 1.
    Full,
}

/// The largest width or height in pixels that is hashed.
///
/// Bounds every sum in [`crate::picture::shrink`] and the memory of one frame. No camera in use makes larger video.
pub const MAX_SIDE: u32 = 16_384;

/// A borrowed luma plane of `width` x `height` samples, 1 byte each at 8 bits, 2 bytes little endian above.
#[derive(Clone, Copy, Debug)]
pub struct Plane<'a> {
    samples: &'a [u8],
    width: usize,
    height: usize,
    stride_bytes: usize,
    depth_bits: u8,
    range: Range,
}

/// Why bytes cannot be a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlaneError {
    /// A side is 0 or above [`MAX_SIDE`].
    Side {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The depth is not 8 to 16 bits.
    Depth(u8),
    /// A row is longer than the stride.
    Stride {
        /// Bytes from one row to the next.
        stride_bytes: usize,
        /// Bytes in one row.
        row_bytes: usize,
    },
    /// Fewer bytes than the size needs.
    Short {
        /// Bytes given.
        found: usize,
        /// Bytes needed.
        needed: usize,
    },
}

impl fmt::Display for PlaneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Side { width, height } => {
                write!(f, "size {width} x {height} is outside 1 to {MAX_SIDE}")
            }
            Self::Depth(bits) => write!(f, "depth {bits} is outside 8 to 16 bits"),
            Self::Stride { stride_bytes, row_bytes } => {
                write!(f, "stride {stride_bytes} is shorter than a row of {row_bytes} bytes")
            }
            Self::Short { found, needed } => write!(f, "{found} bytes found, {needed} needed"),
        }
    }
}

impl std::error::Error for PlaneError {}

impl ErrorCode for PlaneError {
    fn code(&self) -> &'static str {
        match self {
            Self::Side { .. } => "unsupported-size",
            Self::Depth(_) => "unsupported-depth",
            Self::Stride { .. } | Self::Short { .. } => "wrong-length",
        }
    }
}

impl<'a> Plane<'a> {
    /// Checks that `samples` holds `height` rows of `width` samples, `stride_bytes` apart, and borrows them.
    ///
    /// The last row may end where its samples end; its padding is not required.
    pub fn new(
        samples: &'a [u8],
        width: u32,
        height: u32,
        stride_bytes: usize,
        depth_bits: u8,
        range: Range,
    ) -> Result<Self, PlaneError> {
        if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
            return Err(PlaneError::Side { width, height });
        }
        if !(8..=16).contains(&depth_bits) {
            return Err(PlaneError::Depth(depth_bits));
        }
        let (width, height) = (width as usize, height as usize);
        let row_bytes = width * bytes_per_sample(depth_bits);
        if stride_bytes < row_bytes {
            return Err(PlaneError::Stride { stride_bytes, row_bytes });
        }
        let needed = stride_bytes.saturating_mul(height - 1).saturating_add(row_bytes);
        if samples.len() < needed {
            return Err(PlaneError::Short { found: samples.len(), needed });
        }
        Ok(Self { samples, width, height, stride_bytes, depth_bits, range })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Bits of each sample, 8 to 16.
    pub fn depth_bits(&self) -> u8 {
        self.depth_bits
    }

    /// The bytes, first row first, `stride_bytes` from row to row.
    pub fn samples(&self) -> &'a [u8] {
        self.samples
    }

    /// Bytes from the start of one row to the start of the next.
    pub fn stride_bytes(&self) -> usize {
        self.stride_bytes
    }

    /// The samples' bytes of row `y`, without padding.
    // Rows may be padded: decoders align the stride, and padding must not reach the hash.
    pub fn row(&self, y: usize) -> &'a [u8] {
        let start = y * self.stride_bytes;
        &self.samples[start..start + self.width * bytes_per_sample(self.depth_bits)]
    }

    /// Maps a sample value (or a mean of them) to full range, 0.0..=255.0.
    ///
    /// An affine map, so it may follow an average instead of preceding it; values beyond black or white are clamped.
    pub fn to_full_range(&self, value: f32) -> f32 {
        let unit = f32::from(1u16 << (self.depth_bits - 8));
        let expanded = match self.range {
            Range::Limited => (value - 16.0 * unit) * 255.0 / (219.0 * unit),
            Range::Full => value * 255.0 / (256.0 * unit - 1.0),
        };
        expanded.clamp(0.0, 255.0)
    }
}

/// Bytes that one sample of this depth takes in memory: 1 or 2.
pub fn bytes_per_sample(depth_bits: u8) -> usize {
    if depth_bits > 8 { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limited_black_and_white_reach_the_ends_at_every_depth() {
        for depth in 8..=15u8 {
            let bytes = [0u8; 2];
            let plane = Plane::new(&bytes, 1, 1, 2, depth, Range::Limited).unwrap();
            let unit = f32::from(1u16 << (depth - 8));
            assert_eq!(plane.to_full_range(16.0 * unit), 0.0);
            assert_eq!(plane.to_full_range(235.0 * unit), 255.0);
        }
    }

    #[test]
    fn sizes_strides_and_lengths_that_do_not_fit_are_refused() {
        let bytes = [0u8; 100];
        assert!(matches!(Plane::new(&bytes, 0, 1, 1, 8, Range::Full), Err(PlaneError::Side { .. })));
        assert!(matches!(Plane::new(&bytes, 1, 1, 1, 7, Range::Full), Err(PlaneError::Depth(7))));
        assert!(matches!(Plane::new(&bytes, 10, 1, 9, 8, Range::Full), Err(PlaneError::Stride { .. })));
        assert!(matches!(Plane::new(&bytes, 10, 11, 10, 8, Range::Full), Err(PlaneError::Short { .. })));
        assert!(Plane::new(&bytes, 10, 10, 10, 8, Range::Full).is_ok());
    }
}
