//! Reads AV1's headers up to the frame size (bitstream specification 1.0.0 with errata 1, clauses 5.3, 5.5 and 5.9).

use super::bits::HeaderBits as Bits;
use super::size::Size;

/// obu_type (6.2.2).
pub const SEQUENCE_HEADER: u8 = 1;
/// obu_type.
pub const FRAME_HEADER: u8 = 3;
/// obu_type.
pub const FRAME: u8 = 6;
/// frame_type (6.8.2).
const KEY_FRAME: u32 = 0;
const INTRA_ONLY_FRAME: u32 = 2;
const SWITCH_FRAME: u32 = 3;
/// REFS_PER_FRAME and NUM_REF_FRAMES (3).
const REFERENCES: usize = 7;
const SLOTS: usize = 8;
/// Bytes of an AV1CodecConfigurationRecord before its OBUs.
const RECORD_BYTES: usize = 4;

/// The OBUs in a record.
pub fn record_units(record: Option<&[u8]>) -> Option<&[u8]> {
    record?.get(RECORD_BYTES..)
}

/// An OBU.
struct Unit<'a> {
    kind: u8,
    spatial_layer: u8,
    payload: &'a [u8],
}

impl<'a> Unit<'a> {
    /// The first OBU, and the bytes after it.
    fn split(units: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&header, mut behind) = units.split_first()?;
        let mut spatial_layer = 0;
        if header & 4 != 0 {
            let (&extension, rest) = behind.split_first()?;
            (spatial_layer, behind) = (extension >> 3 & 3, rest);
        }
        let (length, behind) = if header & 2 != 0 { leb128(behind)? } else { (behind.len(), behind) };
        let (payload, behind) = behind.split_at_checked(length)?;
        Some((Self { kind: header >> 3 & 15, spatial_layer, payload }, behind))
    }

    fn all(mut units: &'a [u8]) -> impl Iterator<Item = Self> {
        std::iter::from_fn(move || {
            let (first, behind) = Self::split(units)?;
            units = behind;
            Some(first)
        })
    }
}

/// A number in seven bits of each byte, lowest first (4.10.5), and the bytes after it.
pub fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let last = bytes.iter().take(8).position(|byte| byte & 0x80 == 0)?;
    let (number, behind) = bytes.split_at(last + 1);
    let number = number.iter().rev().fold(0u64, |number, byte| number << 7 | u64::from(byte & 0x7f));
    Some((usize::try_from(number).ok()?, behind))
}

/// A sequence header's fields before color_config( ).
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    /// seq_profile.
    pub profile: u32,
    /// reduced_still_picture_header.
    is_reduced: bool,
    has_decoder_model: bool,
    /// Bits of each side, in frames that give their own size.
    side_bits: [usize; 2],
    /// The size of all other frames, which is the largest.
    size: Size,
    /// Bits of a frame's id, and of the difference between two ids.
    id_bits: [usize; 2],
    order_bits: usize,
    /// `None` if each frame says so itself.
    has_screen_content_tools: Option<bool>,
    /// force_integer_mv.
    says_integer_motion: bool,
}

impl Sequence {
    /// The first sequence header among a packet's OBUs, and the bits from color_config( ) on.
    pub fn find(units: &[u8]) -> Option<(Self, Bits<'_>)> {
        let unit = Unit::all(units).find(|unit| unit.kind == SEQUENCE_HEADER)?;
        let mut bits = Bits::new(unit.payload);
        let sequence = Self::read(&mut bits)?;
        bits.check().ok()?;
        Some((sequence, bits))
    }

    /// Reads sequence_header_obu( ) up to color_config( ).
    fn read(bits: &mut Bits) -> Option<Self> {
        let mut one = Self { profile: bits.u(3), ..Self::default() };
        bits.skip(1);
        one.is_reduced = bits.flag();
        if one.is_reduced {
            bits.skip(5);
        } else {
            one.has_decoder_model = operating_points(bits)?;
        }
        one.side_bits = [bits.u(4) as usize + 1, bits.u(4) as usize + 1];
        one.size = one.side_bits.map(|count| bits.u(count) + 1);
        if !one.is_reduced && bits.flag() {
            let difference = bits.u(4) as usize + 2;
            one.id_bits = [difference + bits.u(3) as usize + 1, difference];
        }
        bits.skip(3);
        if !one.is_reduced {
            bits.skip(4);
            let has_order = bits.flag();
            if has_order {
                bits.skip(2);
            }
            one.has_screen_content_tools = if bits.flag() { None } else { Some(bits.flag()) };
            if one.has_screen_content_tools != Some(false) {
                one.says_integer_motion = bits.flag();
                if !one.says_integer_motion {
                    bits.skip(1);
                }
            }
            if has_order {
                one.order_bits = bits.u(3) as usize + 1;
            }
        }
        bits.skip(3);
        Some(one)
    }

    /// A frame's size (uncompressed_header( ), up to frame_size( )), enlarged by superres; `None` if the frame takes an earlier frame's
    /// size, or none can be read. In streams with a decoder model, which are rare, frames are not read: they count as the largest.
    fn frame_size(&self, bits: &mut Bits) -> Option<Size> {
        if self.is_reduced || self.has_decoder_model {
            return Some(self.size);
        }
        let is_shown_again = bits.flag();
        if is_shown_again {
            return None;
        }
        let kind = bits.u(2);
        let is_shown = bits.flag();
        if !is_shown {
            bits.skip(1);
        }
        let refreshes_all = kind == SWITCH_FRAME || kind == KEY_FRAME && is_shown;
        let is_resilient = refreshes_all || bits.flag();
        bits.skip(1);
        if self.has_screen_content_tools.unwrap_or_else(|| bits.flag()) && self.says_integer_motion {
            bits.skip(1);
        }
        bits.skip(self.id_bits[0]);
        let has_own_size = kind == SWITCH_FRAME || bits.flag();
        if !has_own_size {
            return bits.check().is_ok().then_some(self.size);
        }
        bits.skip(self.order_bits);
        let is_intra = matches!(kind, KEY_FRAME | INTRA_ONLY_FRAME);
        if !is_intra && !is_resilient {
            bits.skip(3);
        }
        let refreshes_all = refreshes_all || bits.u(SLOTS) == 0xff;
        if (!is_intra || !refreshes_all) && is_resilient {
            bits.skip(SLOTS * self.order_bits);
        }
        if !is_intra && self.has_size_of_reference(bits, is_resilient) {
            return None;
        }
        let size = self.side_bits.map(|count| bits.u(count) + 1);
        bits.check().ok()?;
        Some(size)
    }

    /// Reads from frame_refs_short_signaling to found_ref. Whether the frame takes the size of a reference.
    fn has_size_of_reference(&self, bits: &mut Bits, is_resilient: bool) -> bool {
        let is_short = self.order_bits > 0 && bits.flag();
        if is_short {
            bits.skip(3 + 3);
        }
        bits.skip(REFERENCES * (if is_short { 0 } else { 3 } + self.id_bits[1]));
        !is_resilient && (0..REFERENCES).any(|_| bits.flag())
    }
}

/// Passes over timing_info( ), decoder_model_info( ) and the operating points. Whether there is a decoder model.
fn operating_points(bits: &mut Bits) -> Option<bool> {
    let mut delay_bits = None;
    if bits.flag() {
        bits.skip(32 + 32);
        // uvlc( ): as many zeros as bits follow the one (4.10.3). It is Exp-Golomb.
        if bits.flag() {
            bits.skip_ue(1).ok()?;
        }
        if bits.flag() {
            delay_bits = Some(bits.u(5) as usize + 1);
            bits.skip(32 + 5 + 5);
        }
    }
    let has_display_delay = bits.flag();
    for _ in 0..=bits.u(5) {
        bits.skip(12);
        if bits.u(5) > 7 {
            bits.skip(1);
        }
        if let Some(delay_bits) = delay_bits
            && bits.flag()
        {
            bits.skip(2 * delay_bits + 1);
        }
        if has_display_delay && bits.flag() {
            bits.skip(4);
        }
    }
    Some(delay_bits.is_some())
}

/// The sizes in a packet's frame headers. Of several spatial layers, only the highest counts: decoders show that one. `sequence` is the
/// last sequence header.
pub fn sizes(packet: &[u8], sequence: &mut Option<Sequence>) -> Vec<Size> {
    let (mut highest, mut sizes) = (0, Vec::new());
    for unit in Unit::all(packet) {
        match unit.kind {
            SEQUENCE_HEADER => *sequence = Sequence::read(&mut Bits::new(unit.payload)),
            FRAME_HEADER | FRAME if unit.spatial_layer >= highest => {
                if unit.spatial_layer > highest {
                    (highest, sizes) = (unit.spatial_layer, Vec::new());
                }
                sizes.extend(sequence.as_ref().and_then(|sequence| sequence.frame_size(&mut Bits::new(unit.payload))));
            }
            _ => {}
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By libaom: 320x240, and so are frames without a size of their own.
    const HEADER: [u8; 13] = [0x0a, 0x0b, 0, 0, 0, 4, 0x3c, 0xff, 0xbc, 0xda, 0xf9, 0, 0x40];
    /// The beginnings of frames by libaom with --resize-mode=2.
    const KEY: [u8; 6] = [0x12, 0x01, 0xa9, 0x3f, 0x01, 0x3f];
    const OWN_SIZE: [u8; 12] = [0x31, 0x03, 0x80, 0x80, 0xfd, 0xf8, 0x00, 0xaa, 0x7f, 0x80, 0x9f, 0x80];
    const SIZE_OF_REFERENCE: [u8; 8] = [0x31, 0x08, 0x04, 0x0e, 0x7d, 0xf8, 0x5d, 0x2e];
    const NO_SIZE: [u8; 8] = [0x30, 0x10, 0x01, 0x05, 0x7d, 0xfc, 0x3a, 0x5f];

    const NONE: [Size; 0] = [];

    fn frame(layer: u8, payload: &[u8]) -> Vec<u8> {
        [&[FRAME << 3 | 6, layer << 3, payload.len() as u8], payload].concat()
    }

    fn sizes_of(units: &[&[u8]]) -> Vec<Size> {
        sizes(&units.concat(), &mut Some(Sequence::find(&HEADER).unwrap().0))
    }

    #[test]
    fn a_frame_says_its_size_or_has_the_largest_or_that_of_another() {
        let of = |payload: &[u8]| sizes_of(&[&frame(0, payload)]);
        assert_eq!(of(&KEY), [[213, 160]]);
        assert_eq!(of(&OWN_SIZE), [[171, 128]]);
        assert_eq!(of(&SIZE_OF_REFERENCE), NONE);
        assert_eq!(of(&NO_SIZE), [[320, 240]]);
        let shows_another = [0xa0];
        assert_eq!(of(&shows_another), NONE);
    }

    #[test]
    fn of_layers_the_highest_is_shown() {
        assert_eq!(sizes_of(&[&frame(0, &KEY), &frame(1, &NO_SIZE)]), [[320, 240]]);
        assert_eq!(sizes_of(&[&frame(1, &NO_SIZE), &frame(0, &KEY)]), [[320, 240]]);
    }

    #[test]
    fn without_a_sequence_header_or_cut_off_frames_say_nothing() {
        assert_eq!(sizes(&frame(0, &NO_SIZE), &mut None), NONE);
        assert_eq!(sizes_of(&[&frame(0, &OWN_SIZE[..9])]), NONE);
        assert_eq!(sizes_of(&[&frame(0, &OWN_SIZE)[..9]]), NONE);
        let of_packet = sizes(&[&HEADER[..], &frame(0, &KEY)].concat(), &mut None);
        assert_eq!(of_packet, [[213, 160]]);
    }
}
