//! A file being written, beside its final name.

use crate::cli::files::file;
use crate::cli::files::kept::Kept;
use crate::cli::interrupt;
#[cfg(unix)]
use std::fs;
use std::fs::File;
use std::io::{self, BufWriter, Seek};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// Name of an unfinished file, with unforeseeable letters in between.
const UNFINISHED: (&str, &str) = (".cotejo-", ".part");
/// The number of these letters. There are 62 different ones, so 12 make 71 bits.
const UNFORESEEN_LETTERS: usize = 12;
/// The mode bits that a replaced file passes on.
#[cfg(unix)]
const MODE_BITS: u32 = 0o777;

/// A file beside its final name.
pub struct Unfinished {
    /// Flushed before any other step.
    pub writer: BufWriter<File>,
    /// `None` once the file has its final name, or was removed.
    partial: Option<TempPath>,
    /// Its final name.
    pub path: PathBuf,
}

impl Unfinished {
    /// Opens an unfinished file beside `path`.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1).rand_bytes(UNFORESEEN_LETTERS);
        // Opened here, not by the crate, so that the file is readable by whoever may read new files, and errors contain no name
        // that the user does not know.
        let (mut options, mut refused) = (File::options(), None);
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        if let Some(mode) = mode_of_replaced(path) {
            // Whoever may not read the old file may not read the new one while it is written, either.
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        }
        let open = |name: &Path| options.open(name).inspect_err(|error| refused = error.raw_os_error());
        let begun = interrupt::begin_file(|| builder.make_in(file::folder_of(path), open), |file| file.path());
        match begun {
            Ok(partial) => {
                let (file, partial) = partial.into_parts();
                Ok(Self { writer: BufWriter::new(file), partial: Some(partial), path: path.to_owned() })
            }
            Err(error) => Err(refused.map_or(error, io::Error::from_raw_os_error)),
        }
    }

    /// Flushes what was written to the disk, with its final permissions.
    pub fn bring_to_disk(&mut self) -> io::Result<()> {
        let file = self.writer.get_ref();
        #[cfg(unix)]
        if let Some(mode) = mode_of_replaced(&self.path) {
            file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
        }
        file.sync_all()
    }

    /// What was written, from the start.
    pub fn written(&mut self) -> io::Result<&mut File> {
        let file = self.writer.get_mut();
        file.rewind()?;
        Ok(file)
    }

    /// Gives the file its final name; `kept` files were checked before.
    pub fn move_into_place(&mut self, kept: &Kept) -> io::Result<()> {
        let Some(partial) = self.partial.take() else { return Ok(()) };
        let name = partial.to_path_buf();
        interrupt::end_file(&name, || partial.persist(&self.path)).map_err(|error| error.error)?;
        kept.note_written(&self.path);
        // The new name must reach the disk, too. Not all file systems can flush a folder; the file itself is safe.
        #[cfg(unix)]
        let _ = File::open(file::folder_of(&self.path)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// The mode of the file to replace; `None` if there is none, so that the new one is like any other.
#[cfg(unix)]
fn mode_of_replaced(path: &Path) -> Option<u32> {
    let there = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(std::os::unix::fs::PermissionsExt::mode(&there.permissions()) & MODE_BITS)
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(partial) = self.partial.take() {
            let name = partial.to_path_buf();
            interrupt::end_file(&name, || drop(partial));
        }
    }
}
