//! SHA-256, of frames and of whole files, and its text.

use sha2::{Digest, Sha256};

/// The 32 bytes of a SHA-256 digest (FIPS 180-4).
pub type Sha256Bytes = [u8; 32];

/// The SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> Sha256Bytes {
    Sha256::digest(bytes).into()
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

/// Two lowercase hex digits a byte.
pub fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    push_hex(&mut text, bytes);
    text
}

/// Appends two lowercase hex digits a byte.
pub fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for &byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// The bytes of exactly `2 * N` lowercase hex digits, or `None`.
pub fn from_hex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
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
    fn hex_is_lowercase_and_of_exact_length() {
        assert_eq!(from_hex::<2>(b"0aff"), Some([0x0a, 0xff]));
        for wrong in [&b"0aF0"[..], b"0af", b"0af00", b"0ag0", b""] {
            assert_eq!(from_hex::<2>(wrong), None);
        }
    }
}
