//! Files that no output may touch: the inputs, under any name, other recordings, and what the same run wrote.

use crate::cli::failure::Failure;
use crate::cli::files::kind::is_recording;
use crate::cli::shown;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, PoisonError};

/// Identifies a file whatever its name: the numbers of its file system and of the file in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Identity(u64, u64);

impl Identity {
    /// The file that the name leads to; `None` if it cannot be known, because there is no such file.
    fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        return Some(Self::of_metadata(&fs::metadata(path).ok()?));
        #[cfg(windows)]
        return Self::of_handle(&File::open(path).ok()?);
    }

    #[cfg(unix)]
    fn of_metadata(metadata: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self(metadata.dev(), metadata.ino())
    }

    #[cfg(windows)]
    fn of_handle(handle: impl winapi_util::AsHandleRef) -> Option<Self> {
        let information = winapi_util::file::information(handle).ok()?;
        Some(Self(information.volume_serial_number(), information.file_index()))
    }

    /// An open file that the program was started with.
    #[cfg(unix)]
    fn of_stream(stream: impl std::os::fd::AsFd) -> Option<Self> {
        let metadata = File::from(stream.as_fd().try_clone_to_owned().ok()?).metadata().ok()?;
        metadata.is_file().then(|| Self::of_metadata(&metadata))
    }

    #[cfg(windows)]
    fn of_stream(stream: impl winapi_util::AsHandleRef) -> Option<Self> {
        Self::of_handle(stream)
    }
}

/// Files to leave as they are.
#[derive(Debug, Default)]
pub struct Kept {
    inputs: HashMap<Identity, PathBuf>,
    written: Mutex<HashMap<Identity, PathBuf>>,
}

impl Kept {
    /// Keeps all inputs of a run; missing ones are no reason to stop.
    pub fn new<'a>(inputs: impl IntoIterator<Item = &'a Path>) -> Self {
        let inputs: HashMap<_, _> =
            inputs.into_iter().filter_map(|input| Some((Identity::of(input)?, input.to_owned()))).collect();
        let kept = Self { inputs, written: Mutex::default() };
        if Identity::of_stream(io::stderr()).is_some_and(|stderr| kept.inputs.contains_key(&stderr)) {
            // Exits silently, because a message would be written into the input.
            process::exit(i32::from(crate::cli::failure::EXIT_ERROR));
        }
        kept
    }

    /// Refuses to write to standard output if it is one of the inputs.
    pub fn check_standard_output(&self) -> Result<(), Failure> {
        match Identity::of_stream(io::stdout()).and_then(|stdout| self.inputs.get(&stdout)) {
            Some(input) => Err(Failure::of_output(format!("standard output is the input {}", shown::path(input)))
                .hint("have the shell write to another file")),
            None => Ok(()),
        }
    }

    /// Refuses to write to a file that must be kept.
    pub fn check(&self, output: &Path) -> Result<(), Failure> {
        let name = shown::path(output);
        let identity = Identity::of(output);
        if let Some(input) = identity.and_then(|identity| self.inputs.get(&identity)) {
            return Err(Failure::of_output(match input == output {
                true => format!("{name} would be written over itself"),
                false => format!("{name} is the input {}, and would be written over", shown::path(input)),
            })
            .hint("give the output another name"));
        }
        if let Some(earlier) = identity.and_then(|identity| self.written().get(&identity).cloned()) {
            return Err(Failure::of_output(format!("{name} is {}, which was just written", shown::path(&earlier)))
                .hint("hash the videos one at a time, into different folders"));
        }
        // A link is replaced, not the file that it leads to.
        if fs::symlink_metadata(output).is_ok_and(|there| there.is_file()) && holds_recording(output, &name)? {
            return Err(Failure::of_output(format!("{name} is there already, and is a recording"))
                .hint("give the output another name; no video, picture or sound is ever written over"));
        }
        Ok(())
    }

    /// Remembers a written file: on some file systems another name may lead to it.
    pub fn note_written(&self, output: &Path) {
        if let Some(identity) = Identity::of(output) {
            self.written().insert(identity, output.to_owned());
        }
    }

    fn written(&self) -> std::sync::MutexGuard<'_, HashMap<Identity, PathBuf>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn holds_recording(path: &Path, name: &str) -> Result<bool, Failure> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(crate::cli::files::file::HEAD_BYTES).read_to_end(&mut head));
    match read {
        Ok(_) => Ok(is_recording(&head)),
        Err(error) => Err(Failure::of_output(format!("{name} is there already, and cannot be read: {error}"))
            .hint("give the output another name; no video, picture or sound is ever written over")),
    }
}
