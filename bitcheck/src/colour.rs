//! What a stream says of its colours: whether its planes are red, green and blue, and the range of their samples.
//!
//! Where container and stream disagree, browsers follow the container or report neither. ffmpeg's decoders follow the stream, and
//! the container only where the stream is silent. So the stream is read here: H.264's sequence parameter set (ITU-T H.264, Annex
//! E), VP9's key frame (bitstream specification 0.6, 6.2), AV1's sequence header (5.5).

use super::av1::Sequence;
use super::bits::HeaderBits as Bits;
use super::size::Size;

/// matrix_coefficients for red, green and blue (ITU-T H.273).
pub const IDENTITY: u32 = 0;
/// color_primaries and transfer_characteristics of BT.709 and sRGB; with matrix identity they mean full range (AV1, 5.5.2).
const SRGB: [u32; 2] = [1, 13];
/// VP9's color_space for red, green and blue.
const VP9_RGB: u32 = 7;
const VP9_SYNC_CODE: u32 = 0x49_83_42;

/// What a stream says; `None` if it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamColour {
    /// Whether the planes are green, blue and red instead of luma, Cb and Cr; true only in 4:4:4.
    pub is_rgb: Option<bool>,
    /// Whether samples have the full range.
    pub is_full_range: Option<bool>,
    /// Whether there is luma alone. Chromium adds two planes to AV1's grey pictures.
    pub is_grey: bool,
}

/// Reads uncompressed_header( ), up to color_config( ).
pub fn vp9(packet: &[u8]) -> Option<StreamColour> {
    let bits = &mut Bits::new(packet);
    if bits.u(2) != 2 {
        return None;
    }
    let profile = bits.u(1) | bits.u(1) << 1;
    if profile == 3 {
        bits.skip(1);
    }
    let (is_shown_again, is_inter) = (bits.flag(), bits.flag());
    bits.skip(2);
    if is_shown_again || is_inter || bits.u(24) != VP9_SYNC_CODE {
        return None;
    }
    if profile >= 2 {
        bits.skip(1);
    }
    let is_rgb = bits.u(3) == VP9_RGB;
    let is_full_range = is_rgb || bits.flag();
    bits.check().ok()?;
    Some(StreamColour { is_rgb: Some(is_rgb), is_full_range: Some(is_full_range), is_grey: false })
}

/// The size in a frame's header (uncompressed_header( ), up to frame_size( )); `None` if the frame takes an earlier frame's size,
/// or none can be read.
pub fn vp9_size(frame: &[u8]) -> Option<Size> {
    let bits = &mut Bits::new(frame);
    if bits.u(2) != 2 {
        return None;
    }
    let profile = bits.u(1) | bits.u(1) << 1;
    if profile == 3 {
        bits.skip(1);
    }
    let (is_shown_again, is_inter, is_shown, is_resilient) = (bits.flag(), bits.flag(), bits.flag(), bits.flag());
    if is_shown_again {
        return None;
    }
    let is_intra_only = is_inter && !is_shown && bits.flag();
    if is_inter && !is_resilient {
        bits.skip(2);
    }
    if (!is_inter || is_intra_only) && bits.u(24) != VP9_SYNC_CODE {
        return None;
    }
    if !is_inter || is_intra_only && profile > 0 {
        vp9_color_config(bits, profile);
    }
    if is_inter {
        // refresh_frame_flags, and the references.
        bits.skip(if is_intra_only { 8 } else { 8 + 3 * 4 });
        if !is_intra_only && (0..3).any(|_| bits.flag()) {
            return None;
        }
    }
    let size = [bits.u(16) + 1, bits.u(16) + 1];
    bits.check().ok()?;
    Some(size)
}

/// color_config( ).
fn vp9_color_config(bits: &mut Bits, profile: u32) {
    if profile >= 2 {
        bits.skip(1);
    }
    let is_rgb = bits.u(3) == VP9_RGB;
    let has_subsampling = profile & 1 == 1;
    match (is_rgb, has_subsampling) {
        (false, true) => bits.skip(1 + 3),
        (false, false) | (true, true) => bits.skip(1),
        (true, false) => {}
    }
}

/// The colours in the first sequence header among a packet's OBUs (5.3).
pub fn av1(units: &[u8]) -> Option<StreamColour> {
    let (sequence, mut bits) = Sequence::find(units)?;
    av1_color_config(&mut bits, sequence.profile)
}

fn av1_color_config(bits: &mut Bits, profile: u32) -> Option<StreamColour> {
    let is_deep = bits.flag();
    if profile == 2 && is_deep {
        bits.skip(1);
    }
    let is_grey = profile != 1 && bits.flag();
    let description = bits.flag().then(|| [bits.u(8), bits.u(8), bits.u(8)]);
    let is_full_range = match description {
        Some([primaries, transfer, IDENTITY]) if !is_grey && [primaries, transfer] == SRGB => true,
        _ => bits.flag(),
    };
    bits.check().ok()?;
    let is_rgb = !is_grey && matches!(description, Some([_, _, IDENTITY]));
    Some(StreamColour { is_rgb: Some(is_rgb), is_full_range: Some(is_full_range), is_grey })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs bits, highest first, and a stop bit.
    fn packed(fields: &[(u32, usize)]) -> Vec<u8> {
        let bits: Vec<bool> = fields
            .iter()
            .flat_map(|&(value, count)| (0..count).rev().map(move |bit| value >> bit & 1 == 1))
            .chain([true])
            .collect();
        bits.chunks(8)
            .map(|byte| byte.iter().enumerate().fold(0, |all, (i, &bit)| all | u8::from(bit) << (7 - i)))
            .collect()
    }

    /// frame_marker, profile, show_existing_frame, frame_type, show_frame and error_resilient_mode of VP9.
    fn vp9_start(frame_type: u32) -> Vec<(u32, usize)> {
        vec![(2, 2), (0, 2), (0, 1), (frame_type, 1), (1, 1), (0, 1)]
    }

    #[test]
    fn a_key_frame_of_vp9_says_its_size() {
        let colour_and_size = [(VP9_SYNC_CODE, 24), (2, 3), (0, 1), (320 - 1, 16), (240 - 1, 16)];
        assert_eq!(vp9_size(&packed(&[&vp9_start(0)[..], &colour_and_size].concat())), Some([320, 240]));
    }

    #[test]
    fn an_inter_frame_of_vp9_has_the_size_of_a_reference_or_says_its_own() {
        // Reset, refresh, and three references.
        let references = [(0, 2), (0, 8), (0, 3 * 4)];
        let own = [(0, 3), (640 - 1, 16), (480 - 1, 16)];
        let frame = |end: &[(u32, usize)]| packed(&[&vp9_start(1)[..], &references, end].concat());
        assert_eq!(vp9_size(&frame(&own)), Some([640, 480]));
        assert_eq!(vp9_size(&frame(&[(0b001, 3), (0, 32)])), None);
    }

    fn colour(is_rgb: bool, is_full_range: bool) -> Option<StreamColour> {
        Some(StreamColour { is_rgb: Some(is_rgb), is_full_range: Some(is_full_range), is_grey: false })
    }

    #[test]
    fn vp9_says_it_in_each_key_frame() {
        let key = |profile: &[(u32, usize)], rest: &[(u32, usize)]| {
            let fields = [&[(2, 2)], profile, &[(0, 2), (2, 2), (VP9_SYNC_CODE, 24)], rest].concat();
            StreamColour::read("vp9", None, &packed(&fields))
        };
        let (zero, one, three) = ([(0, 2)], [(0b10, 2)], [(0b110, 3)]);
        assert_eq!(key(&zero, &[(2, 3), (0, 1)]), colour(false, false));
        assert_eq!(key(&zero, &[(2, 3), (1, 1)]), colour(false, true));
        assert_eq!(key(&one, &[(VP9_RGB, 3), (0, 1)]), colour(true, true));
        assert_eq!(key(&three, &[(1, 1), (VP9_RGB, 3), (0, 1)]), colour(true, true));
        let inter = packed(&[(2, 2), (0, 2), (1, 2), (2, 2), (VP9_SYNC_CODE, 24), (2, 3), (1, 1)]);
        assert_eq!(StreamColour::read("vp9", None, &inter), None);
        assert_eq!(StreamColour::read("vp9", None, &[]), None);
    }

    #[test]
    fn av1_says_it_in_its_sequence_header() {
        // A temporal delimiter and a sequence header, as libaom writes them; the second header has the identity and no primaries.
        let by_libaom = |end: [u8; 6]| {
            let packet = [&[0x12, 0, 0x0a, 0x0d, 0x20, 0, 0, 2, 0xaf, 0xf7, 0x9b, 0x5f][..], &end].concat();
            assert_eq!(
                StreamColour::read("av1", Some(&[&[0x81; 4], &packet[2..]].concat()), &packet[..2]),
                av1(&packet)
            );
            StreamColour::read("av1", None, &packet)
        };
        assert_eq!(by_libaom([0x24, 0x04, 0x34, 0x00, 0x80, 0x32]), colour(true, true));
        assert_eq!(by_libaom([0x2c, 0x04, 0x34, 0x00, 0x80, 0x32]), colour(true, true));
        assert_eq!(by_libaom([0x24, 0x08, 0x08, 0x02, 0x40, 0x32]), colour(true, true));
        assert_eq!(by_libaom([0x24, 0x04, 0x04, 0x04, 0x40, 0x32]), colour(false, false));
        assert_eq!(StreamColour::read("av1", None, &[0x12, 0]), None);
    }

    #[test]
    fn h264_says_it_in_its_sequence_parameter_set_or_not_at_all() {
        let by_x264 = |sps: &[u8]| {
            let units = [&[1, 0xf4, 0, 0x0a, 0xff, 0xe1, 0, sps.len() as u8], sps, &[0]].concat();
            let in_band = [&[0, 0, 0, 1], sps].concat();
            let colour = StreamColour::read("h264", Some(&units), &[]);
            assert_eq!(StreamColour::read("h264", None, &in_band), colour);
            // A second set that says something else.
            let other = [&in_band[..], &[0, 0, 1], &by_x264_with_id_1()].concat();
            assert_eq!(StreamColour::read("h264", None, &other), None);
            colour
        };
        let begin = [0x67, 0xf4, 0, 0x0a, 0x91, 0x9b, 0x28, 0x8f, 0x60];
        let rgb = [0x2d, 0xc0, 0x80, 0x80, 0x10, 0, 0, 3, 0, 0x10, 0, 0, 3, 1, 0x40, 0xf1, 0x22, 0x59, 0x60];
        let tagged = [0x2d, 0x40, 0x40, 0x40, 0x50, 0, 0, 3, 0, 0x10, 0, 0, 3, 1, 0x40, 0xf1, 0x22, 0x59, 0x60];
        let untagged = [0x22, 0, 0, 3, 0, 2, 0, 0, 3, 0, 0x28, 0x1e, 0x24, 0x4b, 0x2c];
        assert_eq!(by_x264(&[&begin[..], &rgb].concat()), colour(true, true));
        assert_eq!(by_x264(&[&begin[..], &tagged].concat()), colour(false, false));
        assert_eq!(by_x264(&[&begin[..], &untagged].concat()), Some(StreamColour::default()));
        assert_eq!(StreamColour::read("h264", None, &[]), None);
    }

    /// Baseline profile, seq_parameter_set_id 1, no video usability information, 4:2:0: not red, green and blue.
    fn by_x264_with_id_1() -> Vec<u8> {
        let ue = |number: u32| (number + 1, 2 * (u32::BITS - (number + 1).leading_zeros()) as usize - 1);
        let fields = [
            (0x42, 8),
            (0, 8),
            (10, 8),
            ue(1),
            ue(0),
            ue(0),
            ue(0),
            ue(1),
            (0, 1),
            ue(3),
            ue(2),
            (1, 1),
            (1, 1),
            (0, 1),
            (0, 1),
        ];
        [&[0x67][..], &packed(&fields)].concat()
    }
}
