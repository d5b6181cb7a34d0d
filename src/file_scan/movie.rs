//! Encryption in ISO base media files: MP4, QuickTime, fragmented or not.
//!
//! A protected track's sample entry is called `encv` for pictures. Its `sinf` gives its original name (ISO/IEC 14496-12, 8.12), and
//! whether its samples are encrypted by default (`tenc`: ISO/IEC 23001-7, 8.2; Microsoft's PIFF 1.1, 5.3.3, has a `uuid` box
//! instead). If not, groups of samples may be (`seig`, ISO/IEC 23001-7, 6). Apple's own entry is `drmi`.
//!
//! Other signs of encryption - `pssh`, `senc`, PIFF's boxes, a `sinf` in an entry with a plain name - remain in decrypted files,
//! and mean nothing.

use super::nested::{Header, Meet, Tree};

/// A box's type.
type Kind = [u8; 4];

const MOOV: Kind = *b"moov";
const TRAK: Kind = *b"trak";
const MDIA: Kind = *b"mdia";
const MINF: Kind = *b"minf";
const STBL: Kind = *b"stbl";
const STSD: Kind = *b"stsd";
const SINF: Kind = *b"sinf";
const SCHI: Kind = *b"schi";
const MOOF: Kind = *b"moof";
const TRAF: Kind = *b"traf";
const TKHD: Kind = *b"tkhd";
const HDLR: Kind = *b"hdlr";
const SGPD: Kind = *b"sgpd";
const TENC: Kind = *b"tenc";
const UUID: Kind = *b"uuid";
const TFHD: Kind = *b"tfhd";

/// Offsets at which boxes begin in a picture's sample entry (ISO/IEC 14496-12, 12.1.3) and in the table of entries (8.5.2).
const ENTRY_FIELDS: usize = 78;
const TABLE_FIELDS: usize = 8;
/// Sample entries whose pictures are encrypted unless they say otherwise.
const PROTECTED: [Kind; 2] = [*b"encv", *b"drmi"];
/// Sample entry of pictures with restricted use (8.15); encrypted if it also has a `sinf`.
const RESTRICTED: Kind = *b"resv";
/// Handlers of video and of image sequences (AVIF, 7).
const VIDEO: [&Kind; 2] = [b"vide", b"pict"];
/// Groups of samples with their own encryption.
const SAMPLE_GROUP: &Kind = b"seig";
/// PIFF's boxes for the encryption of a track and of samples (PIFF 1.1, 5.3.3 and 5.3.2).
const PIFF_TRACK: [u8; 16] = *b"\x89\x74\xdb\xce\x7b\xe7\x4c\x51\x84\xf9\x71\x48\xf9\x88\x25\x54";
const PIFF_SAMPLES: [u8; 16] = *b"\xa2\x39\x4f\x52\x5a\x9b\x4f\x14\xa2\x44\x6c\x42\x7c\x64\x8d\xf4";
/// Place of the algorithm in PIFF's boxes, after the UUID, version and flags; 0 is none.
const PIFF_ALGORITHM: std::ops::Range<usize> = 20..23;
/// Bytes taken of a box: a track's number may end there.
const TAKEN: usize = 24;

/// What the index and the fragments declare.
#[derive(Debug, Default)]
pub struct Movie {
    /// Whether the first video track is encrypted.
    pub is_encrypted: bool,
    /// Whether an index was read to its end.
    pub has_index: bool,
    has_video: bool,
    track: Track,
    /// The track that is clear except for groups of samples that say otherwise.
    clear_track: Option<u32>,
    /// The track whose samples the current part of a fragment holds.
    fragment_track: u32,
}

#[derive(Debug, Default)]
struct Track {
    id: u32,
    is_video: bool,
    is_encrypted: bool,
    /// Its entry is a protected one, but says that samples are clear by default.
    is_clear_by_default: bool,
    has_sample_groups: bool,
    entry: Entry,
}

/// The sample entry being read.
#[derive(Debug, Default)]
struct Entry {
    has_scheme: bool,
    is_encrypted: Option<bool>,
}

impl Tree for Movie {
    type Kind = Kind;

    fn header(bytes: &[u8]) -> Header<Kind> {
        let Some(&[a, b, c, d, ref kind @ ..]) = bytes.first_chunk::<8>() else { return Header::Needs(8) };
        let is_name = kind.iter().all(|&c| c == 0xa9 || (0x20..0x7f).contains(&c));
        let of = |header_bytes: usize, length: u64| match length.checked_sub(header_bytes as u64) {
            Some(length) => Header::Of { kind: *kind, header_bytes, length: Some(length) },
            None => Header::Nothing,
        };
        match (u32::from_be_bytes([a, b, c, d]), bytes.first_chunk::<16>()) {
            _ if !is_name => Header::Nothing,
            (0, _) => Header::Of { kind: *kind, header_bytes: 8, length: None },
            (1, None) => Header::Needs(16),
            (1, Some(long)) => of(16, u64::from_be_bytes(long[8..].try_into().expect("8 bytes"))),
            (length, _) => of(8, u64::from(length)),
        }
    }

    fn meet(&mut self, path: &[Kind], kind: Kind) -> Meet {
        match (path, kind) {
            ([], MOOV) => {
                self.has_video = false;
                Meet::Enter(0)
            }
            ([], MOOF) | ([.., MOOF], TRAF) | ([.., MDIA], MINF) | ([.., MINF], STBL) => Meet::Enter(0),
            ([MOOV], TRAK) => {
                self.track = Track::default();
                Meet::Enter(0)
            }
            ([.., TRAK], MDIA) | ([.., SINF], SCHI) => Meet::Enter(0),
            ([.., STBL], STSD) => Meet::Enter(TABLE_FIELDS),
            ([.., STSD], entry) if PROTECTED.contains(&entry) || entry == RESTRICTED => {
                self.track.entry = Entry::default();
                Meet::Enter(ENTRY_FIELDS)
            }
            ([.., STSD, _], SINF) => {
                self.track.entry.has_scheme = true;
                Meet::Enter(0)
            }
            ([.., TRAK], TKHD)
            | ([.., MDIA], HDLR)
            | ([.., STBL | TRAF], SGPD)
            | ([.., SCHI], TENC | UUID)
            | ([.., TRAF], TFHD | UUID) => Meet::Take(TAKEN),
            _ => Meet::PassOver,
        }
    }

    fn take(&mut self, path: &[Kind], kind: Kind, content: &[u8]) {
        let name = |at: usize| content.get(at..at + 4).unwrap_or_default();
        let number = |at: usize| name(at).try_into().map_or(0, u32::from_be_bytes);
        let starts = |uuid: &[u8; 16]| content.starts_with(uuid);
        let algorithm = content.get(PIFF_ALGORITHM).is_some_and(|bytes| bytes.iter().any(|&byte| byte != 0));
        match kind {
            // Two times of 4 or 8 bytes come first (8.3.2).
            TKHD => self.track.id = number(if content.first() == Some(&1) { 20 } else { 12 }),
            HDLR => self.track.is_video = VIDEO.iter().any(|video| name(8) == *video),
            TENC => self.track.entry.note(content.get(6) != Some(&0)),
            UUID if path.last() == Some(&SCHI) && starts(&PIFF_TRACK) => self.track.entry.note(algorithm),
            TFHD => self.fragment_track = number(4),
            SGPD if name(4) == SAMPLE_GROUP => self.note_sample_group(path),
            // The first flag means that these samples have their own algorithm.
            UUID if starts(&PIFF_SAMPLES) && number(16) & 1 != 0 && algorithm => self.note_sample_group(path),
            _ => {}
        }
    }

    fn leave(&mut self, path: &[Kind]) {
        match path {
            &[.., STSD, entry] => self.track.leave_entry(entry),
            [MOOV, TRAK] if !self.has_video => self.leave_track(),
            [MOOV] => self.has_index = true,
            _ => {}
        }
    }
}

impl Movie {
    fn note_sample_group(&mut self, path: &[Kind]) {
        if path.first() == Some(&MOOV) {
            self.track.has_sample_groups = true;
        } else {
            self.is_encrypted |= self.clear_track == Some(self.fragment_track);
        }
    }

    fn leave_track(&mut self) {
        let Track { id, is_video, is_encrypted, is_clear_by_default, has_sample_groups, .. } = self.track;
        self.has_video = is_video;
        self.is_encrypted |= is_video && (is_encrypted || (is_clear_by_default && has_sample_groups));
        if is_video {
            self.clear_track = is_clear_by_default.then_some(id);
        }
    }
}

impl Track {
    fn leave_entry(&mut self, kind: Kind) {
        let Entry { has_scheme, is_encrypted } = self.entry;
        let is_encrypted = is_encrypted.unwrap_or(has_scheme || kind != RESTRICTED);
        self.is_video = true;
        self.is_encrypted |= is_encrypted;
        self.is_clear_by_default |= !is_encrypted && has_scheme;
    }
}

impl Entry {
    /// Notes one scheme; several may be offered for the same samples.
    fn note(&mut self, is_encrypted: bool) {
        self.is_encrypted = Some(is_encrypted || self.is_encrypted == Some(true));
    }
}
