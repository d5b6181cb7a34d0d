//! What is read of a file besides its frames: its first bytes, its digest, a picture's bytes.

use super::Failure;
use cotejo::file_scan::{FileFacts, FileRecord, FileScan};
use cotejo::picture;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
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

/// An empty file has no kind.
pub fn check_not_empty(head: &[u8]) -> Result<(), Failure> {
    match head {
        [] => Err(Failure::new("the file is empty (0 bytes)").hint("copy it again from where it came from")),
        _ => Ok(()),
    }
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
