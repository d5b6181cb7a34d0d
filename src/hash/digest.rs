//! SHA-256 of frames and whole files, and its text.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use std::slice;

/// The 32 bytes of a SHA-256 digest (FIPS 180-4).
pub type Sha256Bytes = [u8; 32];

/// The SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> Sha256Bytes {
    Sha256::digest(bytes).into()
}

/// The SHA-256 of two messages of the same length, in less time than one after the other.
///
/// Each step of the hash waits for the one before, even on processors with instructions for it. Steps of two messages do not wait
/// for each other, so the processor works on both at once: docs/performance.md.
///
/// # Panics
/// If the lengths differ.
pub fn sha256_pair(messages: [&[u8]; 2]) -> [Sha256Bytes; 2] {
    let [(blocks, tail), (other_blocks, other_tail)] = messages.map(<[u8]>::as_chunks::<64>);
    assert_eq!(messages[0].len(), messages[1].len(), "two messages of one length");
    let mut states = [INITIAL_STATE; 2];
    for (block, other_block) in blocks.iter().zip(other_blocks) {
        compress256(&mut states[0], slice::from_ref(block));
        compress256(&mut states[1], slice::from_ref(other_block));
    }
    let bytes = messages[0].len() as u64;
    [finish(states[0], tail, bytes), finish(states[1], other_tail, bytes)]
}

/// FIPS 180-4, section 5.3.3.
const INITIAL_STATE: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The digest of a message of `bytes` bytes, of which all but `tail` are in `state`. Padding: FIPS 180-4, 5.1.1.
fn finish(mut state: [u32; 8], tail: &[u8], bytes: u64) -> Sha256Bytes {
    let mut padded = [[0; 64]; 2];
    let count = if tail.len() < 56 { 1 } else { 2 };
    let last = padded[..count].as_flattened_mut();
    last[..tail.len()].copy_from_slice(tail);
    last[tail.len()] = 0x80;
    let length_at = last.len() - 8;
    last[length_at..].copy_from_slice(&(8 * bytes).to_be_bytes());
    compress256(&mut state, &padded[..count]);
    let mut digest = [0; 32];
    digest.as_chunks_mut().0.iter_mut().zip(state).for_each(|(bytes, word)| *bytes = word.to_be_bytes());
    digest
}

/// SHA-256 of bytes that come in pieces.
#[derive(Clone, Debug, Default)]
pub struct StreamingSha256(Sha256);

impl StreamingSha256 {
    /// Adds the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything pushed.
    pub fn finish(self) -> Sha256Bytes {
        self.0.finalize().into()
    }
}

/// Two lowercase hex digits per byte.
pub fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    push_hex(&mut text, bytes);
    text
}

/// Appends two lowercase hex digits per byte.
pub fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for &byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// The bytes of exactly `2 * N` lowercase hex digits; `None` for anything else.
pub fn from_hex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    if text.len() != 2 * N {
        return None;
    }
    // Without branches: whether a digit is a letter cannot be foreseen, and reading a fingerprint is reading digits.
    let (mut bytes, mut all) = ([0; N], 0);
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let (high, low) = (digit(pair[0]), digit(pair[1]));
        *byte = high << 4 | low;
        all |= high | low;
    }
    (all < 16).then_some(bytes)
}

/// What a hex digit stands for; 255 for anything else.
fn digit(character: u8) -> u8 {
    let (number, letter) = (character.wrapping_sub(b'0'), character.wrapping_sub(b'a'));
    let of_letter = if letter < 6 { letter + 10 } else { u8::MAX };
    if number < 10 { number } else { of_letter }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_give_the_digest_of_the_whole() {
        // FIPS 180-4 example: "abc".
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let mut pieces = StreamingSha256::default();
        pieces.push(b"a");
        pieces.push(b"");
        pieces.push(b"bc");
        assert_eq!(to_hex(&pieces.finish()), expected);
        assert_eq!(to_hex(&sha256(b"abc")), expected);
    }

    #[test]
    fn a_pair_has_the_digests_of_each_alone() {
        let message: Vec<u8> = (0..300u32).map(|i| (i * i % 251) as u8).collect();
        for length in 0..=200 {
            let messages = [&message[..length], &message[100..100 + length]];
            assert_eq!(sha256_pair(messages), messages.map(sha256));
        }
    }

    #[test]
    fn hex_is_lowercase_and_of_exact_length() {
        assert_eq!(from_hex::<2>(b"0aff"), Some([0x0a, 0xff]));
        for wrong in [&b"0aF0"[..], b"0af", b"0af00", b"0ag0", b""] {
            assert_eq!(from_hex::<2>(wrong), None);
        }
        for character in 0..=u8::MAX {
            let digit = b"0123456789abcdef".iter().position(|&digit| digit == character);
            let expected = digit.map(|digit| digit as u8);
            assert_eq!(from_hex::<1>(&[character, b'0']).map(|[byte]| byte >> 4), expected, "{character}");
            assert_eq!(from_hex::<1>(&[b'0', character]).map(|[byte]| byte), expected, "{character}");
        }
    }
}
