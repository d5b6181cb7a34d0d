//! Coded pictures read to their end by the rules of their syntax, without making pictures of them.
//!
//! In: a video's packets in decoding order. Out: a [`Finding`] for each. Decoders conceal what is damaged, and some say nothing
//! of it. A picture's entropy code has no checksum either, but its end must be where its bytes end.

pub mod vp8;

/// What is found in one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// All of it is as an encoder writes it.
    Sound,
    /// No encoder writes this; why, for tests and logs.
    Damaged(&'static str),
    /// Nothing can be said: it uses what the reader does not know, or what came before it is missing.
    Unread,
}

/// Reads the packets of one video, of the codecs whose decoders may pass over damage in silence.
#[derive(Debug)]
pub enum PacketReader {
    /// VP8.
    Vp8(vp8::Reader),
}

impl PacketReader {
    /// `codec` as fingerprints name it. `None` for the others, whose decoders tell.
    pub fn new(codec: &str) -> Option<Self> {
        match codec {
            "vp8" => Some(Self::Vp8(vp8::Reader::new())),
            _ => None,
        }
    }

    /// Reads one packet.
    pub fn read(&mut self, packet: &[u8]) -> Finding {
        match self {
            Self::Vp8(reader) => reader.read(packet),
        }
    }
}
