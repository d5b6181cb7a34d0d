//! Reads everything of a file but its frames: its kind, first bytes, digest, a picture's bytes.

use crate::cli::failure::Failure;
use crate::cli::files::kind::is_fingerprint;
use cotejo::file_scan::{EncryptionLook, FileFacts, FileRecord, FileScan, container_name};
use cotejo::fingerprint::{Fingerprint, picture};
use std::fs::{self, File, Metadata};
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::SystemTime;

/// Changes when a file is written to: frames and digest must come from the same bytes.
#[derive(PartialEq, Eq)]
pub struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    /// The file's current state.
    pub fn of(path: &Path) -> io::Result<Self> {
        let metadata = path.metadata()?;
        Ok(Self { bytes: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// Opens an input: a file, nothing that waits for ever or gives other bytes the next time.
pub fn open(path: &Path) -> Result<File, Failure> {
    let name_hint = "a video must be a file: save it to one first; `-` is a fingerprint on standard input";
    if is_for_open_files(path) {
        return Err(Failure::new("this is no file but a way to an open one, or a device").hint(name_hint));
    }
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(Failure::new(format!("this is {}, not a file", kind_of(&metadata))).hint(name_hint));
    }
    Ok(File::open(path)?)
}

/// Whether names in this folder lead to devices and to files that programs hold open.
pub fn is_for_open_files(path: &Path) -> bool {
    let is_one =
        |folder: PathBuf| folder == Path::new("/dev") || folder == Path::new("/dev/fd") || folder.starts_with("/proc");
    cfg!(unix) && fs::canonicalize(folder_of(path)).is_ok_and(is_one)
}

/// The folder that contains a name.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn kind_of(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    match (kind.is_fifo(), kind.is_socket()) {
        (true, _) => "a pipe",
        (_, true) => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn kind_of(_metadata: &Metadata) -> &'static str {
    "a device"
}

/// Whether the existing thing is no file but can be written to: a pipe, a terminal or the like, but no disk.
#[cfg(unix)]
pub fn takes_text(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo() || metadata.file_type().is_char_device()
}

/// The same on systems where only pipes and text devices have names.
#[cfg(not(unix))]
pub fn takes_text(_metadata: &Metadata) -> bool {
    true
}

/// Bytes that tell what a file is.
pub const HEAD_BYTES: u64 = 4096;

/// The file's first bytes, enough to tell its kind.
pub fn read_head(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut head = Vec::new();
    open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

/// First bytes of packed files, what packs so, and what unpacks them.
const PACKED: [(&[u8], &str, &str); 7] = [
    (&[0x1f, 0x8b], "gzip", "gunzip --keep"),
    (b"PK\x03\x04", "zip", "unzip"),
    (&[0xfd, b'7', b'z', b'X', b'Z', 0], "xz", "unxz --keep"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "zstd", "unzstd"),
    (b"BZh91AY&SY", "bzip2", "bunzip2 --keep"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip", "7z x"),
    (b"Rar!\x1a\x07", "rar", "unrar x"),
];

/// Byte order marks that editors put before a text: UTF-8, and UTF-16 of both kinds with the text's first byte.
const BYTE_ORDER_MARKS: [(&[u8], &str); 3] =
    [(b"\xef\xbb\xbf{\"cotejo\":", "UTF-8"), (b"\xff\xfe{\0\"\0c\0", "UTF-16"), (b"\xfe\xff\0{\0\"\0c", "UTF-16")];

/// Fails for a fingerprint that was packed, or saved again by an editor; says what happened to it.
pub fn check_not_wrapped(head: &[u8]) -> Result<(), Failure> {
    if let Some((_, packer, unpack)) = PACKED.iter().find(|(signature, ..)| head.starts_with(signature)) {
        return Err(Failure::new(format!("this file is packed ({packer})"))
            .hint(format!("unpack it, and give what is in it: `{unpack} FILE`")));
    }
    if let Some((_, encoding)) = BYTE_ORDER_MARKS.iter().find(|(mark, _)| head.starts_with(mark)) {
        return Err(Failure::new(format!(
            "this is a fingerprint that an editor saved anew: a byte order mark ({encoding}) was put in front"
        ))
        .hint("get it again as it was; a fingerprint holds only if not a byte of it was changed"));
    }
    Ok(())
}

/// Fails for a fingerprint, which cannot be hashed because it is the result of hashing.
pub fn check_no_fingerprint(head: &[u8]) -> Result<(), Failure> {
    match is_fingerprint(head) {
        true => Err(Failure::new("this is a fingerprint already, not a video")
            .hint("`cotejo inspect`, `compare` and `search` take it as it is")),
        false => Ok(()),
    }
}

/// Fails if the file's first bytes show that there is nothing to hash. An empty file has no kind, and ffmpeg takes a single AVIF
/// picture for a video, if it reads it at all.
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

/// Fails if the container says early that its video is encrypted, before any useless work.
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

/// A decoder's output for encrypted frames is not the video.
pub fn encrypted() -> Failure {
    Failure::new("the video is encrypted, so its frames cannot be hashed")
        .hint("hash a copy without copy protection (DRM), or a recording of it made where it can be played")
}

/// Works on the file, and scans its bytes in parallel. If the video is encrypted, that explains any failure of the work.
pub fn scan_beside<T>(path: &Path, work: impl FnOnce() -> Result<T, Failure>) -> Result<(T, FileFacts), Failure> {
    thread::scope(|scope| {
        let file = scope.spawn(|| scan(path));
        let done = work();
        let file = file.join().expect("scanning a file does not panic")?;
        if file.encrypted { Err(encrypted()) } else { Ok((done?, file)) }
    })
}

/// Makes one pass over the file's bytes.
pub fn scan(path: &Path) -> Result<FileFacts, Failure> {
    Ok(cotejo::scan(open(path)?)?)
}

/// A whole picture file, and its record.
pub fn read_picture(path: &Path) -> Result<(Vec<u8>, FileRecord), Failure> {
    let mut bytes = Vec::new();
    open(path)?.take(picture::MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    let mut scan = FileScan::default();
    scan.push(&bytes);
    Ok((bytes, FileRecord::from(&scan.finish())))
}

/// Reads a fingerprint to its end.
pub fn read_fingerprint(input: impl BufRead) -> Result<Fingerprint, Failure> {
    Fingerprint::read(input).map_err(|error| {
        Failure::new(error).hint("the file was damaged or changed on its way; get it again, or hash the video again")
    })
}
