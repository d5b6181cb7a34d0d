//! What is read of a file besides its frames: its first bytes, its digest, a picture's bytes.

use super::Failure;
use cotejo::file_scan::{EncryptionLook, FileFacts, FileRecord, FileScan, container_name};
use cotejo::picture;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::thread;
use std::time::SystemTime;

/// Bytes read from a file at once for its own digest.
const READ_BYTES: usize = 1 << 20;

/// What changes when a file is written to: frames and digest must come from the same bytes.
#[derive(PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    /// As the file is now.
    pub fn of(path: &Path) -> io::Result<Self> {
        let metadata = path.metadata()?;
        Ok(Self { bytes: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// The file's first bytes, which tell what it is.
pub fn read_head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(4096).read_to_end(&mut head)?;
    Ok(head)
}

/// Fails where the file's first bytes say that there is nothing to hash: an empty file has no kind, and ffmpeg takes a single
/// picture in AVIF for a video, if it reads it at all.
pub fn check_head(head: &[u8]) -> Result<(), Failure> {
    match container_name(head) {
        _ if head.is_empty() => {
            Err(Failure::new("the file is empty (0 bytes)").hint("copy it again from where it came from"))
        }
        Some("heif") => Err(Failure::new("this is a picture in HEIF (HEIC, AVIF), which is not read")
            .hint("convert it to PNG and hash the copy; keep the original")),
        _ => Ok(()),
    }
}

/// Fails where the container says early that its video is encrypted, before any work is done in vain.
pub fn check_not_encrypted(path: &Path) -> Result<(), Failure> {
    let (mut file, mut look) = (File::open(path)?, EncryptionLook::default());
    let mut piece = Vec::new();
    while let Some(place) = look.next() {
        piece.clear();
        file.seek(SeekFrom::Start(place))?;
        file.by_ref().take(EncryptionLook::PIECE_BYTES as u64).read_to_end(&mut piece)?;
        look.push(place, &piece);
    }
    if look.is_encrypted() { Err(encrypted()) } else { Ok(()) }
}

/// What a decoder makes of encrypted frames is not the video's.
pub fn encrypted() -> Failure {
    Failure::new("the video is encrypted, so its frames cannot be hashed")
        .hint("hash a copy without copy protection (DRM), or a recording of it made where it can be played")
}

/// Does something with the file, and reads its bytes beside it. That the video is encrypted explains whatever came of it.
pub fn scan_beside<T>(path: &Path, work: impl FnOnce() -> Result<T, Failure>) -> Result<(T, FileFacts), Failure> {
    thread::scope(|scope| {
        let file = scope.spawn(|| scan(path));
        let done = work();
        let file = file.join().expect("scanning a file does not panic")?;
        if file.encrypted { Err(encrypted()) } else { Ok((done?, file)) }
    })
}

/// One pass over the file's bytes.
pub fn scan(path: &Path) -> io::Result<FileFacts> {
    let mut file = File::open(path)?;
    let (mut scan, mut buffer) = (FileScan::default(), vec![0; READ_BYTES]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(scan.finish()),
            length => scan.push(&buffer[..length]),
        }
    }
}

/// A whole picture file, and its record.
pub fn read_picture(path: &Path) -> io::Result<(Vec<u8>, FileRecord)> {
    let mut bytes = Vec::new();
    File::open(path)?.take(picture::MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    let mut scan = FileScan::default();
    scan.push(&bytes);
    Ok((bytes, FileRecord::from(&scan.finish())))
}
