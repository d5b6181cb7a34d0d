//! Types that describe how a frame lies in memory.

/// The meaning of a pixel's first components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Colour {
    /// Luma, then Cb and Cr if there are three.
    Luma,
    /// As luma, but 0 is white.
    Darkness,
    /// Red, green and blue.
    Rgb,
    /// An index into a palette that follows the picture: 256 times blue, green, red and alpha.
    Palette,
}

/// The unit that holds a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Word {
    /// Bits packed without gaps, the highest first.
    Bits,
    /// One byte.
    Byte,
    /// Two bytes, the lower first.
    Little16,
    /// Two bytes, the higher first.
    Big16,
    /// Four bytes, the lowest first.
    Little32,
    /// Four bytes, the highest first.
    Big32,
}

/// Where the samples of one component are. Counted in bytes, or in bits for [`Word::Bits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    /// Index of the plane.
    pub plane: usize,
    /// Distance from one sample's word to the next in the row.
    pub step: usize,
    /// Distance from the start of the row to the first word.
    pub offset: usize,
    /// Unused bits below the sample in its word.
    pub shift: u8,
    /// Bits of the sample.
    pub depth_bits: u8,
}

/// One memory layout of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelFormat {
    /// ffmpeg's name.
    pub name: &'static str,
    /// The meaning of the samples.
    pub colour: Colour,
    /// The unit that holds each sample.
    pub word: Word,
    /// log2 of the horizontal and vertical subsampling of the second and third component.
    pub chroma_shift: (u32, u32),
    pub(super) components: [Component; MAX_COMPONENTS],
    pub(super) component_count: usize,
}

/// The fourth is alpha, listed only if it has its own plane: no other use is made of it.
pub(super) const MAX_COMPONENTS: usize = 4;
