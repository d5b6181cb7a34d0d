//! How to read the bytes of one decoded frame.

use crate::error::ErrorCode;
use crate::picture::luma::{self, Matrix};
use crate::picture::pixel_format::PixelFormat;
use crate::picture::plane::{MAX_SIDE, Plane, Range, bytes_per_sample};
use std::fmt;

/// Everything needed to read a frame's bytes.
#[derive(Clone, Copy, Debug)]
pub struct FrameFormat {
    /// Memory layout.
    pub pixel_format: PixelFormat,
    /// Range of the luma samples; full for red, green and blue.
    pub range: Range,
    /// Visible width in pixels.
    pub width: u32,
    /// Visible height in pixels.
    pub height: u32,
    /// How to make luma; for red, green and blue only.
    pub matrix: Matrix,
}

impl FrameFormat {
    /// Frames of `width` x `height` pixels in the layout that ffmpeg calls `pixel_format`.
    ///
    /// The range is limited, or full for red, green and blue, whose matrix is BT.601's. Set the fields if they differ.
    ///
    /// # Errors
    ///
    /// [`FrameError::Layout`] for an unsupported layout, [`FrameError::Side`] for a side outside 1..=[`MAX_SIDE`].
    pub fn new(pixel_format: &str, width: u32, height: u32) -> Result<Self, FrameError> {
        let pixel_format =
            PixelFormat::from_name(pixel_format).ok_or_else(|| FrameError::Layout(pixel_format.to_owned()))?;
        let range = if pixel_format.is_always_full_range() { Range::Full } else { Range::Limited };
        let format = Self { pixel_format, range, width, height, matrix: Matrix::Bt601 };
        format.check()?;
        Ok(format)
    }

    /// Checks the size.
    pub fn check(&self) -> Result<(), FrameError> {
        let is_side = |side| (1..=MAX_SIDE).contains(&side);
        if is_side(self.width) && is_side(self.height) {
            return Ok(());
        }
        Err(FrameError::Side { width: self.width, height: self.height })
    }

    /// Bytes of one tightly packed frame.
    pub fn frame_bytes(&self) -> usize {
        self.pixel_format.layout(self.width, self.height).1
    }

    /// Gives the luma of one tightly packed frame to `take`.
    ///
    /// # Errors
    ///
    /// [`FrameError::Length`] unless that are the bytes of one frame, and those of [`Self::check`].
    pub fn with_luma<T>(&self, frame: &[u8], take: impl FnOnce(&Plane) -> T) -> Result<T, FrameError> {
        self.check()?;
        let needed = self.frame_bytes();
        if frame.len() != needed {
            return Err(FrameError::Length { found: frame.len(), needed });
        }
        let luma = luma::of_frame(self.pixel_format, self.matrix, frame, self.width, self.height);
        let depth_bits = self.pixel_format.luma_depth_bits();
        let stride_bytes = self.width as usize * bytes_per_sample(depth_bits);
        let range = if self.pixel_format.is_always_full_range() { Range::Full } else { self.range };
        let plane = Plane::new(&luma, self.width, self.height, stride_bytes, depth_bits, range)
            .expect("size and length were checked");
        Ok(take(&plane))
    }
}

/// Why a frame cannot be hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// A layout that is not supported.
    Layout(String),
    /// A side is 0 or above [`MAX_SIDE`].
    Side {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The number of bytes does not match the frame's format and size.
    Length {
        /// Bytes given.
        found: usize,
        /// Bytes needed.
        needed: usize,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layout(name) => write!(f, "the layout {name} is not read"),
            Self::Side { width, height } => write!(f, "size {width} x {height} is outside 1 to {MAX_SIDE}"),
            Self::Length { found, needed } => write!(f, "{found} bytes found, {needed} needed"),
        }
    }
}

impl std::error::Error for FrameError {}

impl ErrorCode for FrameError {
    fn code(&self) -> &'static str {
        match self {
            Self::Layout(_) => "unsupported-pixel-format",
            Self::Side { .. } => "unsupported-size",
            Self::Length { .. } => "wrong-length",
        }
    }
}
