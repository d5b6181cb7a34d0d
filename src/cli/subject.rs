//! A name on the command line -> what to compare: a video's fingerprint, or a picture with its pixels.

use crate::cli::decoding::probe;
use crate::cli::failure::Failure;
use crate::cli::failure::OutputError;
use crate::cli::files::file;
use crate::cli::files::file::read_fingerprint;
use crate::cli::files::kind::is_fingerprint;
use crate::cli::hash;
use crate::cli::message;
use crate::cli::progress::Progress;
use cotejo::compare::{self, Comparison, Verdict, View};
use cotejo::file_scan::container_name;
use cotejo::fingerprint::picture;
use cotejo::fingerprint::{Fingerprint, Kind};
use cotejo::format::export::Format;
use cotejo::hash::classic::Algorithm;
use cotejo::still::{self, Still, StillSearch, StillVerdict};
use serde::Serialize;
use std::cmp::Ordering;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// One side of a comparison.
pub enum Subject {
    /// The fingerprint of a video or picture.
    Fingerprint(Fingerprint),
    /// A video, which was hashed now.
    Video(Fingerprint),
    /// A picture, whose pixels can be looked for.
    Picture(Box<Still>, Fingerprint),
}

/// The result of a comparison.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Answer {
    /// Of two videos.
    Footage {
        /// What was compared.
        searched: Searched,
        /// The result.
        #[serde(flatten)]
        comparison: Comparison,
    },
    /// Of a picture with a video or a picture.
    Still {
        /// Which of the two is the picture that was looked for in the other.
        picture: Side,
        /// What was compared.
        searched: Searched,
        /// The part of the picture that was looked for; `None`: all of it.
        #[serde(skip_serializing_if = "Option::is_none")]
        part: Option<View>,
        /// The result.
        #[serde(flatten)]
        search: StillSearch,
    },
}

/// By what two videos, or a picture and a video, were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Searched {
    /// The hashes of frames.
    Hashes,
    /// Their pixels, after the hashes.
    Pixels,
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Side {
    /// What is of this one, and what is of the other.
    pub fn and_other<T>(self, a: T, b: T) -> (T, T) {
        match self {
            Self::A => (a, b),
            Self::B => (b, a),
        }
    }
}

impl Subject {
    /// Reads a fingerprint, a code or a picture, and hashes anything else as a video, with `decoders` decoders. The first bytes
    /// tell which it is.
    pub fn load(path: &Path, decoders: usize, progress: &Progress) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Self::load_stream(io::stdin().lock()).map_err(|failure| failure.of(path));
        }
        if message::is_written_out(path) {
            return Ok(Self::Fingerprint(message::read(&path.to_string_lossy())?.fingerprint()));
        }
        Self::load_file(path, decoders, progress).map_err(|failure| failure.of(path))
    }

    fn load_stream(mut input: impl BufRead) -> Result<Self, Failure> {
        file::check_not_wrapped(input.fill_buf()?)?;
        Ok(Self::Fingerprint(read_fingerprint(input)?))
    }

    fn load_file(path: &Path, decoders: usize, progress: &Progress) -> Result<Self, Failure> {
        let head = file::read_head(path)?;
        file::check_head(&head)?;
        file::check_not_wrapped(&head)?;
        if is_fingerprint(&head) {
            return Ok(Self::Fingerprint(read_fingerprint(BufReader::new(file::open(path)?))?));
        }
        if container_name(&head).is_some_and(picture::is_picture) {
            let (bytes, record) = file::read_picture(path)?;
            let still = Still::read(&bytes).map_err(Failure::new)?;
            let fingerprint = picture::fingerprint(&bytes, &[], record).map_err(Failure::new)?;
            return Ok(Self::Picture(Box::new(still), fingerprint));
        }
        if message::is_code(&head) && container_name(&head).is_none() {
            return Ok(Self::Fingerprint(message::read_file(path)?.fingerprint()));
        }
        let video = probe::probe(path)?;
        let mut bytes = Vec::new();
        // As `cotejo hash` does: a picture is found by it, too.
        let classic = [Algorithm::Gradient];
        hash::hash_video(path, &video, decoders, &classic, Format::Fingerprint, &mut bytes, progress)?;
        let read = Fingerprint::read(bytes.as_slice());
        Ok(Self::Video(read.map_err(|error| io::Error::from(OutputError::NotReadable(error)))?))
    }

    /// The same picture, of which only a part is looked for, beside what it is looked for in. The first of two pictures is looked
    /// for in the second. Fails if neither is a picture.
    pub fn with_part(self, path: &Path, other: (Self, &Path), part: View) -> Result<[Self; 2], Failure> {
        let read = |path: &Path, fingerprint| -> Result<Self, Failure> {
            let (bytes, _) = file::read_picture(path).map_err(|failure| failure.of(path))?;
            let still = Still::read_part(&bytes, part).map_err(|error| Failure::new(error).of(path))?;
            Ok(Self::Picture(Box::new(still), fingerprint))
        };
        match (self, other) {
            (Self::Picture(_, a), (Self::Picture(_, b) | Self::Fingerprint(b), _)) => {
                Ok([read(path, a)?, Self::Fingerprint(b)])
            }
            (Self::Picture(_, a), (video, _)) => Ok([read(path, a)?, video]),
            (other, (Self::Picture(_, picture), path)) => Ok([other, read(path, picture)?]),
            _ => Err(Failure::new("--part is of a picture, and neither is one").hint("give the picture itself")),
        }
    }

    /// Whether the file begins like a fingerprint.
    pub fn is_fingerprint(path: &Path) -> bool {
        file::read_head(path).is_ok_and(|head| is_fingerprint(&head))
    }

    /// Whether it has times, as a video does.
    pub fn is_video(&self) -> bool {
        matches!(self, Self::Video(_))
            || matches!(self, Self::Fingerprint(fingerprint) if fingerprint.header.kind == Kind::Video)
    }

    /// How promising a full comparison is; `None` if that is as cheap as a glance.
    pub fn glance(&self, other: &Self) -> Option<f32> {
        let (Self::Fingerprint(a) | Self::Video(a), Self::Fingerprint(b) | Self::Video(b)) = (self, other) else {
            return None;
        };
        (self.is_video() && other.is_video()).then(|| compare::glance(a, b))
    }

    /// Compares two subjects in the way that suits them.
    pub fn compare(&self, other: &Self, progress: &mut dyn FnMut(f32)) -> Result<Answer, Failure> {
        match (self, other) {
            (Self::Picture(a, _), Self::Fingerprint(b) | Self::Video(b)) => Ok(Answer::still(Side::A, a, b)),
            (Self::Fingerprint(a) | Self::Video(a), Self::Picture(b, _)) => Ok(Answer::still(Side::B, b, a)),
            (Self::Picture(a, a_fingerprint), Self::Picture(b, b_fingerprint)) => {
                // Either picture may be a part of the other.
                let (there, back) =
                    (Answer::still(Side::A, a, b_fingerprint), Answer::still(Side::B, b, a_fingerprint));
                Ok(if back.order(&there).is_lt() { back } else { there })
            }
            (Self::Fingerprint(a) | Self::Video(a), Self::Fingerprint(b) | Self::Video(b)) => {
                if [a, b].iter().any(|fingerprint| fingerprint.header.kind == Kind::Picture) {
                    let failure = Failure::new("a picture's fingerprint cannot be looked for: it holds no pixels");
                    return Err(failure.hint("give the picture itself"));
                }
                Ok(Answer::footage(compare::compare(a, b, progress)))
            }
        }
    }
}

impl Answer {
    /// Of two videos by their hashes.
    pub fn footage(comparison: Comparison) -> Self {
        Self::Footage { searched: Searched::Hashes, comparison }
    }

    fn still(picture: Side, still: &Still, video: &Fingerprint) -> Self {
        Self::Still { picture, searched: Searched::Hashes, part: still.part(), search: still::find(still, video) }
    }

    /// The same after a search by pixels, which had this result.
    pub fn with_pixels(self, found: StillSearch) -> Self {
        match self {
            Self::Still { picture, part, search, .. } => {
                Self::Still { picture, searched: Searched::Pixels, part, search: search.with_pixels(found) }
            }
            footage => footage,
        }
    }

    /// The same after a comparison by pixels, which had this result.
    pub fn with_registered(self, found: Option<Comparison>) -> Self {
        match self {
            Self::Footage { comparison, .. } => {
                Self::Footage { searched: Searched::Pixels, comparison: comparison.with_registered(found) }
            }
            still => still,
        }
    }

    /// Whether what was looked for was found.
    pub fn is_found(&self) -> bool {
        match self {
            Self::Footage { comparison, .. } => comparison.verdict == Verdict::SameFootage,
            Self::Still { search, .. } => search.verdict == StillVerdict::Found,
        }
    }

    /// The same as one of so many.
    pub fn among(self, comparisons: usize) -> Self {
        match self {
            Self::Footage { searched, comparison } => {
                Self::Footage { searched, comparison: comparison.among(comparisons) }
            }
            Self::Still { picture, searched, part, search } => {
                Self::Still { picture, searched, part, search: search.among(comparisons) }
            }
        }
    }

    /// How both are sorted, the better first.
    pub fn order(&self, other: &Self) -> Ordering {
        let ((verdict, chance), (other_verdict, other_chance)) = (self.rank(), other.rank());
        verdict.cmp(&other_verdict).then(chance.total_cmp(&other_chance))
    }

    /// The rank, lower is better: by verdict, then by how far it is from chance.
    fn rank(&self) -> (u8, f64) {
        match self {
            Self::Footage { comparison, .. } => {
                let verdict = match comparison.verdict {
                    Verdict::SameFootage => 0,
                    Verdict::SameScene => 1,
                    Verdict::NoMatch => 3,
                    _ => 2,
                };
                (verdict, comparison.e_value.unwrap_or(1.0))
            }
            Self::Still { search, .. } => {
                let verdict = match search.verdict {
                    StillVerdict::Found => 0,
                    StillVerdict::NotFound => 3,
                    _ => 2,
                };
                (verdict, search.e_value.unwrap_or(1.0))
            }
        }
    }
}
