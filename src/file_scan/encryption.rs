//! Whether a container says that its video is encrypted, from its bytes in order, or from those of them alone that tell.
//!
//! Decoders make pictures of encrypted frames, now and then without a complaint; what they show is no frame of the video. Only
//! the first video track counts, which is the one that is hashed: sound may be encrypted beside a video that is not.

use super::asf::Asf;
use super::flv::Flv;
use super::movie::Movie;
use super::nested::Nested;
use super::tracks::Tracks;
use super::transport::Transport;

/// No file is that long, whatever a length in it says; and so far numbers of JavaScript are exact.
const MAX_PLACE: u64 = 1 << 53;

/// What the bytes so far declare; each part knows whether they are of its kind of file.
#[derive(Debug, Default)]
pub(super) struct Encryption {
    movie: Nested<Movie>,
    tracks: Nested<Tracks>,
    asf: Nested<Asf>,
    flv: Flv,
    transport: Transport,
}

impl Encryption {
    /// Adds `bytes`, which begin at `offset`.
    pub(super) fn push(&mut self, offset: u64, bytes: &[u8]) {
        self.movie.push(offset, bytes);
        self.tracks.push(offset, bytes);
        self.asf.push(offset, bytes);
        self.flv.push(offset, bytes);
        self.transport.push(offset, bytes);
    }

    /// Whether the video is encrypted.
    pub(super) fn is_declared(&self) -> bool {
        let is_boxed = self.movie.tree.is_encrypted || self.tracks.tree.is_encrypted || self.asf.tree.is_encrypted();
        is_boxed || self.flv.is_encrypted() || self.transport.is_encrypted()
    }

    /// Whether a part of it is.
    pub(super) fn is_declared_of_a_part(&self) -> bool {
        self.flv.is_partly_encrypted() || self.transport.is_partly_encrypted()
    }

    /// The first place that may tell something soon.
    fn next(&self) -> Option<u64> {
        let movie = self.movie.next().filter(|_| !self.movie.tree.has_index);
        let tracks = self.tracks.next().filter(|_| !self.tracks.tree.has_index);
        let asf = self.asf.next().filter(|_| !self.asf.tree.has_index);
        [movie, tracks, asf, self.flv.next(), self.transport.next()].into_iter().flatten().min()
    }
}

/// Looks at a few places of a file for what would make all work on it vain. [`super::FileScan`] tells the same, and more, when
/// the whole file was read.
#[derive(Debug, Default)]
pub struct EncryptionLook {
    encryption: Encryption,
    pieces: u32,
}

impl EncryptionLook {
    /// How many bytes to read at a place.
    pub const PIECE_BYTES: usize = 1 << 16;
    /// So many pieces are looked at; what they do not tell, the whole file does.
    pub const MOST_PIECES: u32 = 256;

    /// The place to read next, until enough is known.
    pub fn next(&self) -> Option<u64> {
        let is_enough = self.pieces == Self::MOST_PIECES || self.is_encrypted();
        self.encryption.next().filter(|&place| !is_enough && place < MAX_PLACE)
    }

    /// Adds what was read there; nothing behind the file's end.
    pub fn push(&mut self, offset: u64, bytes: &[u8]) {
        self.pieces = if bytes.is_empty() { Self::MOST_PIECES } else { self.pieces + 1 };
        self.encryption.push(offset, bytes);
    }

    /// Whether the video is encrypted, as far as is known.
    pub fn is_encrypted(&self) -> bool {
        self.encryption.is_declared()
    }
}
