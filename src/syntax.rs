//! Coded pictures read to their end by the rules of their syntax, without making pictures of them.
//!
//! In: a video's packets in decoding order. Out: a [`Finding`] for each. Decoders conceal what is damaged, and some say nothing
//! of it. A picture's entropy code has no checksum either, but its end must be where its bytes end.

pub mod h264;
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
    /// H.264.
    H264(Box<h264::Reader>),
    /// VP8.
    Vp8(Box<vp8::Reader>),
}

impl PacketReader {
    /// `codec` as fingerprints name it; `record` is what the container says to the decoder beforehand. `None` for other
    /// codecs, whose decoders tell.
    pub fn new(codec: &str, record: Option<&[u8]>) -> Option<Self> {
        match codec {
            "h264" => Some(Self::H264(Box::new(h264::Reader::new(record)))),
            "vp8" => Some(Self::Vp8(Box::default())),
            _ => None,
        }
    }

    /// Reads one packet.
    pub fn read(&mut self, packet: &[u8]) -> Finding {
        match self {
            Self::H264(reader) => reader.read(packet),
            Self::Vp8(reader) => reader.read(packet),
        }
    }
}
