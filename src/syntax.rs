//! Coded pictures read to their end by the rules of their syntax, without making pictures of them.
//!
//! In: a video's packets in decoding order. Out: a [`Finding`] for each. Decoders conceal what is damaged, and some say nothing
//! of it. A picture's entropy code has no checksum either, but its end must be where its bytes end.

mod bits;
mod cabac;
mod colour;
mod entry;
pub mod h264;
pub mod hevc;
mod nal;
mod shown;
pub mod vp8;
mod vui;

pub use colour::StreamColour;
pub use entry::is_entry;
pub use shown::FrameTally;

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

/// Why reading stopped.
#[derive(Clone, Copy, Debug)]
enum Stop {
    Damaged(&'static str),
    Unread,
}

type Read<T> = Result<T, Stop>;

impl From<Read<()>> for Finding {
    fn from(finding: Read<()>) -> Self {
        match finding {
            Ok(()) => Self::Sound,
            Err(Stop::Damaged(what)) => Self::Damaged(what),
            Err(Stop::Unread) => Self::Unread,
        }
    }
}

/// Damage says more than what was not read, and the first damage most.
fn worse(finding: Read<()>, next: Read<()>) -> Read<()> {
    match (finding, next) {
        (Ok(()), next) | (Err(Stop::Unread), next @ Err(_)) => next,
        (finding, _) => finding,
    }
}

/// Reads the packets of one video, of the codecs whose decoders may pass over damage in silence.
#[derive(Debug)]
pub enum PacketReader {
    /// H.264.
    H264(Box<h264::Reader>),
    /// HEVC.
    Hevc(Box<hevc::Reader>),
    /// VP8.
    Vp8(Box<vp8::Reader>),
}

impl PacketReader {
    /// `codec` as fingerprints name it; `record` is what the container says to the decoder beforehand. `None` for other
    /// codecs, whose decoders tell.
    pub fn new(codec: &str, record: Option<&[u8]>) -> Option<Self> {
        match codec {
            "h264" => Some(Self::H264(Box::new(h264::Reader::new(record)))),
            "hevc" => Some(Self::Hevc(Box::new(hevc::Reader::new(record)))),
            "vp8" => Some(Self::Vp8(Box::default())),
            _ => None,
        }
    }

    /// Reads one packet.
    pub fn read(&mut self, packet: &[u8]) -> Finding {
        match self {
            Self::H264(reader) => reader.read(packet),
            Self::Hevc(reader) => reader.read(packet),
            Self::Vp8(reader) => reader.read(packet),
        }
    }
}
