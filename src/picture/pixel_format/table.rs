//! The layouts, one line for each, or for each family that differs only in depth and byte order.
//!
//! Numbers as in ffmpeg's `libavutil/pixdesc.c`, but shifts count within the whole word. Not listed: what no decoder gives that a
//! file may reach ([`crate::ffmpeg::allowed`]), and what is not a picture yet: raw sensor values, XYZ of cinemas, floating point.

use super::layout::Colour::{Darkness, Luma, Palette, Rgb};
use super::layout::Word::{Big16, Big32, Bits, Byte, Little16, Little32};
use super::layout::{Colour, Component, MAX_COMPONENTS, PixelFormat, Word};

/// A component that is not there.
const NONE: Component = Component { plane: 0, step: 0, offset: 0, shift: 0, depth_bits: 0 };

/// A component's offset in its pixel, the bits below it in its word, and its own bits.
type Field = (usize, u8, u8);

/// Each component has its own plane, given by its index.
const fn planar<const N: usize>(
    name: &'static str,
    colour: Colour,
    planes: [usize; N],
    chroma_shift: (u32, u32),
    depth_bits: u8,
    word: Word,
) -> PixelFormat {
    let step = depth_bits.div_ceil(8) as usize;
    let mut components = [NONE; MAX_COMPONENTS];
    let mut i = 0;
    while i < N {
        components[i] = Component { plane: planes[i], step, offset: 0, shift: 0, depth_bits };
        i += 1;
    }
    PixelFormat { name, colour, word, chroma_shift, components, component_count: N }
}

/// Luma has one plane, and Cb and Cr share another, in the order of `chroma`.
const fn semi_planar(
    name: &'static str,
    chroma: [usize; 2],
    chroma_shift: (u32, u32),
    (shift, depth_bits): (u8, u8),
    word: Word,
) -> PixelFormat {
    let bytes = depth_bits.div_ceil(8) as usize;
    let luma = Component { plane: 0, step: bytes, offset: 0, shift, depth_bits };
    let cb = Component { plane: 1, step: 2 * bytes, offset: chroma[0] * bytes, shift, depth_bits };
    let cr = Component { plane: 1, step: 2 * bytes, offset: chroma[1] * bytes, shift, depth_bits };
    PixelFormat { name, colour: Luma, word, chroma_shift, components: [luma, cb, cr, NONE], component_count: 3 }
}

/// All components of a pixel are together; `step` leads to the next pixel.
const fn packed<const N: usize>(
    name: &'static str,
    colour: Colour,
    step: usize,
    fields: [Field; N],
    word: Word,
) -> PixelFormat {
    let mut components = [NONE; MAX_COMPONENTS];
    let mut i = 0;
    while i < N {
        let (offset, shift, depth_bits) = fields[i];
        components[i] = Component { plane: 0, step, offset, shift, depth_bits };
        i += 1;
    }
    PixelFormat { name, colour, word, chroma_shift: (0, 0), components, component_count: N }
}

/// Two pixels share four bytes; the offsets of the first luma, of Cb and of Cr.
const fn packed_422(name: &'static str, [luma, cb, cr]: [usize; 3]) -> PixelFormat {
    let luma = Component { plane: 0, step: 2, offset: luma, shift: 0, depth_bits: 8 };
    let cb = Component { step: 4, offset: cb, ..luma };
    let cr = Component { offset: cr, ..cb };
    let components = [luma, cb, cr, NONE];
    PixelFormat { name, colour: Luma, word: Byte, chroma_shift: (1, 0), components, component_count: 3 }
}

/// Samples of one byte each.
const fn bytes<const N: usize>(offsets: [usize; N]) -> [Field; N] {
    samples(offsets, 1)
}

/// Samples of two bytes each.
const fn words<const N: usize>(indexes: [usize; N]) -> [Field; N] {
    samples(indexes, 2)
}

const fn samples<const N: usize>(indexes: [usize; N], bytes: u8) -> [Field; N] {
    let mut fields = [(0, 0, 8 * bytes); N];
    let mut i = 0;
    while i < N {
        fields[i].0 = indexes[i] * bytes as usize;
        i += 1;
    }
    fields
}

/// Samples that share one word: for each, the bits below it and its own bits.
const fn bits<const N: usize>(places: [(u8, u8); N]) -> [Field; N] {
    let mut fields = [(0, 0, 0); N];
    let mut i = 0;
    while i < N {
        fields[i] = (0, places[i].0, places[i].1);
        i += 1;
    }
    fields
}

/// A planar layout of 8 bits, and deeper ones in both byte orders.
macro_rules! planar {
    ($name:literal, $colour:ident, $planes:expr, $shift:expr $(, $depth:literal)*) => {
        &[
            planar($name, $colour, $planes, $shift, 8, Byte),
            $(
                planar(concat!($name, $depth, "le"), $colour, $planes, $shift, $depth, Little16),
                planar(concat!($name, $depth, "be"), $colour, $planes, $shift, $depth, Big16),
            )*
        ]
    };
}

/// A layout of words in both byte orders.
macro_rules! both_orders {
    ($make:ident($name:literal $(, $argument:expr)*), $little:ident, $big:ident) => {
        &[$make(concat!($name, "le") $(, $argument)*, $little), $make(concat!($name, "be") $(, $argument)*, $big)]
    };
}

/// Plane indexes: of luma, Cb and Cr; with alpha; and of red, green and blue, whose planes come in the order green, blue, red.
const YUV: [usize; 3] = [0, 1, 2];
const YUVA: [usize; 4] = [0, 1, 2, 3];
const GBR: [usize; 3] = [2, 0, 1];
const GBRA: [usize; 4] = [2, 0, 1, 3];

#[rustfmt::skip]
pub(super) const LAYOUTS: &[&[PixelFormat]] = &[
    planar!("yuv420p", Luma, YUV, (1, 1), 9, 10, 12, 14, 16),
    planar!("yuv422p", Luma, YUV, (1, 0), 9, 10, 12, 14, 16),
    planar!("yuv444p", Luma, YUV, (0, 0), 9, 10, 12, 14, 16),
    planar!("yuv440p", Luma, YUV, (0, 1), 10, 12),
    planar!("yuv411p", Luma, YUV, (2, 0)),
    planar!("yuv410p", Luma, YUV, (2, 2)),
    planar!("yuva420p", Luma, YUVA, (1, 1), 9, 10, 16),
    planar!("yuva422p", Luma, YUVA, (1, 0), 9, 10, 12, 16),
    planar!("yuva444p", Luma, YUVA, (0, 0), 9, 10, 12, 16),
    planar!("gray", Luma, [0], (0, 0), 9, 10, 12, 14, 16),
    planar!("gbrp", Rgb, GBR, (0, 0), 9, 10, 12, 14, 16),
    planar!("gbrap", Rgb, GBRA, (0, 0), 10, 12, 16),

    &[
        semi_planar("nv12", [0, 1], (1, 1), (0, 8), Byte),
        semi_planar("nv21", [1, 0], (1, 1), (0, 8), Byte),
        semi_planar("nv16", [0, 1], (1, 0), (0, 8), Byte),
        semi_planar("nv24", [0, 1], (0, 0), (0, 8), Byte),
        semi_planar("nv42", [1, 0], (0, 0), (0, 8), Byte),
    ],
    both_orders!(semi_planar("nv20", [0, 1], (1, 0), (0, 10)), Little16, Big16),
    both_orders!(semi_planar("p010", [0, 1], (1, 1), (6, 10)), Little16, Big16),
    both_orders!(semi_planar("p016", [0, 1], (1, 1), (0, 16)), Little16, Big16),
    &[
        packed_422("yuyv422", [0, 1, 3]),
        packed_422("uyvy422", [1, 0, 2]),
        packed_422("yvyu422", [0, 3, 1]),
    ],

    &[
        packed("rgb24", Rgb, 3, bytes([0, 1, 2]), Byte),
        packed("bgr24", Rgb, 3, bytes([2, 1, 0]), Byte),
        packed("rgba", Rgb, 4, bytes([0, 1, 2]), Byte),
        packed("rgb0", Rgb, 4, bytes([0, 1, 2]), Byte),
        packed("bgra", Rgb, 4, bytes([2, 1, 0]), Byte),
        packed("bgr0", Rgb, 4, bytes([2, 1, 0]), Byte),
        packed("argb", Rgb, 4, bytes([1, 2, 3]), Byte),
        packed("0rgb", Rgb, 4, bytes([1, 2, 3]), Byte),
        packed("abgr", Rgb, 4, bytes([3, 2, 1]), Byte),
        packed("0bgr", Rgb, 4, bytes([3, 2, 1]), Byte),
        packed("ya8", Luma, 2, bytes([0]), Byte),
        packed("pal8", Palette, 1, bytes([0]), Byte),
    ],
    both_orders!(packed("rgb48", Rgb, 6, words([0, 1, 2])), Little16, Big16),
    both_orders!(packed("bgr48", Rgb, 6, words([2, 1, 0])), Little16, Big16),
    both_orders!(packed("rgba64", Rgb, 8, words([0, 1, 2])), Little16, Big16),
    both_orders!(packed("bgra64", Rgb, 8, words([2, 1, 0])), Little16, Big16),
    both_orders!(packed("ya16", Luma, 4, words([0])), Little16, Big16),

    both_orders!(packed("rgb565", Rgb, 2, bits([(11, 5), (5, 6), (0, 5)])), Little16, Big16),
    both_orders!(packed("bgr565", Rgb, 2, bits([(0, 5), (5, 6), (11, 5)])), Little16, Big16),
    both_orders!(packed("rgb555", Rgb, 2, bits([(10, 5), (5, 5), (0, 5)])), Little16, Big16),
    both_orders!(packed("bgr555", Rgb, 2, bits([(0, 5), (5, 5), (10, 5)])), Little16, Big16),
    both_orders!(packed("rgb444", Rgb, 2, bits([(8, 4), (4, 4), (0, 4)])), Little16, Big16),
    both_orders!(packed("bgr444", Rgb, 2, bits([(0, 4), (4, 4), (8, 4)])), Little16, Big16),
    both_orders!(packed("x2rgb10", Rgb, 4, bits([(20, 10), (10, 10), (0, 10)])), Little32, Big32),
    both_orders!(packed("x2bgr10", Rgb, 4, bits([(0, 10), (10, 10), (20, 10)])), Little32, Big32),
    &[
        // As ffmpeg's scaler writes and reads it; its description has red and blue swapped.
        packed("rgb8", Rgb, 1, bits([(5, 3), (2, 3), (0, 2)]), Byte),
        packed("bgr8", Rgb, 1, bits([(0, 3), (3, 3), (6, 2)]), Byte),
        packed("rgb4_byte", Rgb, 1, bits([(3, 1), (1, 2), (0, 1)]), Byte),
        packed("bgr4_byte", Rgb, 1, bits([(0, 1), (1, 2), (3, 1)]), Byte),
        packed("monob", Luma, 1, bits([(0, 1)]), Bits),
        packed("monow", Darkness, 1, bits([(0, 1)]), Bits),
    ],
];
