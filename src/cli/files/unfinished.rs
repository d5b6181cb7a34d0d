//! A file that is being written, beside its final name.

use crate::cli::files::file;
use crate::cli::files::kept::Kept;
use crate::cli::interrupt;
#[cfg(unix)]
use std::fs;
use std::fs::File;
use std::io::{self, BufWriter, Seek};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// What an unfinished file is called, with letters between that nobody can foresee.
const UNFINISHED: (&str, &str) = (".cotejo-", ".part");
/// How many of them. There are 62, so that 12 make 71 bits.
const UNFORESEEN_LETTERS: usize = 12;
/// The bits of a mode that are handed on to what replaces a file.
#[cfg(unix)]
const MODE_BITS: u32 = 0o777;

/// A file beside its final name.
pub struct Unfinished {
    /// Flushed before anything else is done.
    pub writer: BufWriter<File>,
    /// `None` once it has its final name, or none at all.
    partial: Option<TempPath>,
    /// Its final name.
    pub path: PathBuf,
}

impl Unfinished {
    /// Opens one, beside `path`.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED.0).suffix(UNFINISHED.1).rand_bytes(UNFORESEEN_LETTERS);
        // Opened here, and not by the crate, the file may be read by whom any new file may; and the error has no name in it
        // that the user does not know.
        let (mut options, mut refused) = (File::options(), None);
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        if let Some(mode) = mode_of_replaced(path) {
            // What others may not read, they may not read while it is written either.
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

    /// Brings what was written to the disk, with the permissions that it is to have.
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

    /// Gives it its name; what is to be `kept` has been looked at.
    pub fn move_into_place(&mut self, kept: &Kept) -> io::Result<()> {
        let Some(partial) = self.partial.take() else { return Ok(()) };
        let name = partial.to_path_buf();
        interrupt::end_file(&name, || partial.persist(&self.path)).map_err(|error| error.error)?;
        kept.note_written(&self.path);
        // The new name must be on the disk, too. Not all file systems can say so of a folder; the file itself is safe.
        #[cfg(unix)]
        let _ = File::open(file::folder_of(&self.path)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// `None` if there is no file, so that the new one is like any other.
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
