//! How one frame of a layout lies in memory.

/// What the first components of a pixel stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Colour {
    /// Luma, then Cb and Cr where there are three.
    Luma,
    /// As luma, but 0 is white.
    Darkness,
    /// Red, green and blue.
    Rgb,
    /// An index into the colours that stand behind the picture, 256 times blue, green, red and alpha.
    Palette,
}

/// The unit that holds a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Word {
    /// Bits of a row without a border between bytes, the highest first.
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

/// Where the samples of one component are. Counted in bytes, or in bits where the word is [`Word::Bits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    /// Index of the plane.
    pub plane: usize,
    /// From one sample's word to the next in the row.
    pub step: usize,
    /// From the start of the row to the first word.
    pub offset: usize,
    /// Bits below the sample in its word.
    pub shift: u8,
    /// Bits of the sample.
    pub depth_bits: u8,
}

/// One memory layout of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelFormat {
    /// ffmpeg's name.
    pub name: &'static str,
    /// What the samples stand for.
    pub colour: Colour,
    /// What holds each of them.
    pub word: Word,
    /// log2 of the horizontal and vertical subsampling of the second and third component.
    pub chroma_shift: (u32, u32),
    pub(super) components: [Component; MAX_COMPONENTS],
    pub(super) component_count: usize,
}

/// Alpha is the fourth; only where it has a plane of its own, because nothing else is made of it.
pub(super) const MAX_COMPONENTS: usize = 4;
