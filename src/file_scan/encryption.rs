//! Whether a container declares its video encrypted, from all its bytes in order, or only from the places that tell.
//!
//! Decoders make pictures of encrypted frames, sometimes without a complaint; these are not frames of the video. Only the first
//! video track counts, because it is the one that is hashed: sound may be encrypted beside a clear video.

use super::asf::Asf;
use super::flv::Flv;
use super::movie::Movie;
use super::nested::Nested;
use super::tracks::Tracks;
use super::transport::Transport;

/// No file is longer, whatever its lengths say; and up to here JavaScript's numbers are exact.
const MAX_PLACE: u64 = 1 << 53;

/// What the bytes so far declare. Each part recognises its own kind of file.
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

    /// Whether a part of the video is encrypted.
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

/// Looks at a few places of a file for encryption, which would make all further work useless. [`super::FileScan`] finds the same,
/// and more, after the whole file.
#[derive(Debug, Default)]
pub struct EncryptionLook {
    encryption: Encryption,
    pieces: u32,
}

impl EncryptionLook {
    /// How many bytes to read at a place.
    pub const PIECE_BYTES: usize = 1 << 16;
    /// The most pieces to look at; the rest is left to the scan of the whole file.
    pub const MOST_PIECES: u32 = 256;

    /// The place to read next; `None` if enough is known.
    pub fn next(&self) -> Option<u64> {
        let is_enough = self.pieces == Self::MOST_PIECES || self.is_encrypted();
        self.encryption.next().filter(|&place| !is_enough && place < MAX_PLACE)
    }

    /// Adds the bytes read at `offset`; none at the file's end.
    pub fn push(&mut self, offset: u64, bytes: &[u8]) {
        self.pieces = if bytes.is_empty() { Self::MOST_PIECES } else { self.pieces + 1 };
        self.encryption.push(offset, bytes);
    }

    /// Whether the video is known to be encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.encryption.is_declared()
    }
}
