//! Names on the command line -> the files to read, and those passed over.
//!
//! A file named on the command line is always tried. In folders, files are chosen by their ending or contents; links are followed
//! to files, but not to folders, which may lead back or outside. A file that cannot be read does not stop the others.

use crate::cli::failure::Failure;
use crate::cli::files::file;
use crate::cli::files::kind::{self, ENDINGS};
use crate::cli::shown;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// The most names in a line about files passed over.
const NAMED: usize = 3;

/// The files to read.
#[derive(Debug, Default)]
pub struct Inputs {
    /// In a stable order.
    pub files: Vec<Input>,
    /// Files that could not be read.
    pub failures: Vec<Failure>,
    /// Files that were not meant.
    pub passed_over: PassedOver,
}

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its path.
    pub path: PathBuf,
    /// Its path within the named folder; its output gets the same path in another folder.
    pub place: PathBuf,
    /// Whether it was found in a folder.
    pub is_found: bool,
}

/// What to look for in folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Videos and pictures.
    Videos,
    /// Videos, pictures and fingerprints.
    VideosAndFingerprints,
}

/// Files in folders that were not taken, by reason.
#[derive(Debug, Default)]
pub struct PassedOver {
    others: Names,
    without_video: Names,
    folder_links: Names,
    devices: Names,
}

/// Their number, and the names of the first.
#[derive(Debug, Default)]
struct Names {
    count: usize,
    first: Vec<String>,
}

impl Inputs {
    /// The files that `names` name, including those in folders.
    pub fn find(names: &[PathBuf], wanted: Wanted) -> Self {
        let mut inputs = Self::default();
        let has_several_folders = names.iter().filter(|name| name.is_dir()).count() > 1;
        for name in names {
            if name.is_dir() {
                // With several folders, each keeps its name: memory cards all contain the same names.
                let place = if has_several_folders { own_name(name) } else { PathBuf::new() };
                inputs.search(name, &place, wanted);
            } else {
                let place = PathBuf::from(name.file_name().unwrap_or_default());
                inputs.files.push(Input { path: name.clone(), place, is_found: false });
            }
        }
        inputs
    }

    fn search(&mut self, folder: &Path, place: &Path, wanted: Wanted) {
        for entry in WalkDir::new(folder).sort_by_file_name().min_depth(1) {
            match entry {
                Ok(entry) => self.look_at(&entry, folder, place, wanted),
                Err(error) => {
                    let path = error.path().unwrap_or(folder).to_owned();
                    let failure =
                        error.into_io_error().map_or_else(|| Failure::new("leads back to itself"), Failure::from);
                    self.failures.push(failure.of(&path));
                }
            }
        }
    }

    fn look_at(&mut self, entry: &DirEntry, folder: &Path, place: &Path, wanted: Wanted) {
        let path = entry.path();
        let kind = match entry.path_is_symlink() {
            true => match fs::metadata(path) {
                Ok(there) if there.is_dir() => return self.passed_over.folder_links.add(path),
                Ok(there) => there.file_type(),
                Err(error) => {
                    let failure = Failure::new(format!("this link leads to nothing that can be read: {error}"));
                    return self.failures.push(failure.of(path));
                }
            },
            false if entry.file_type().is_dir() => return,
            false => entry.file_type(),
        };
        if !kind.is_file() {
            return self.passed_over.devices.add(path);
        }
        match is_wanted(path, wanted) {
            Ok(true) => {
                let below = path.strip_prefix(folder).unwrap_or(path);
                self.files.push(Input { path: path.to_owned(), place: place.join(below), is_found: true });
            }
            Ok(false) => self.passed_over.others.add(path),
            Err(failure) => self.failures.push(failure.of(path)),
        }
    }
}

/// The folder's own name, even if it is given as `.` or `..`.
fn own_name(folder: &Path) -> PathBuf {
    let name = |path: &Path| path.file_name().map(PathBuf::from);
    name(folder).or_else(|| name(&fs::canonicalize(folder).ok()?)).unwrap_or_default()
}

fn is_wanted(path: &Path, wanted: Wanted) -> Result<bool, Failure> {
    let takes_fingerprints = wanted == Wanted::VideosAndFingerprints;
    let may_be_apple_double = path.file_name().map(OsStr::as_encoded_bytes).is_some_and(|name| name.starts_with(b"._"));
    if takes_fingerprints && kind::has_fingerprint_ending(path) || kind::has_listed_ending(path) && !may_be_apple_double
    {
        return Ok(true);
    }
    let head = file::read_head(path)?;
    let is_listed = kind::has_listed_ending(path) && !kind::is_apple_double(&head);
    Ok(is_listed || kind::is_video_or_picture(&head) || takes_fingerprints && kind::is_fingerprint(&head))
}

/// What to say if folders contain nothing of use.
pub fn none_found() -> Failure {
    let hint = format!("in folders, files are known by what is in them, or by these endings: {}", ENDINGS.join(" "));
    Failure::new("no videos were found").hint(hint)
}

impl PassedOver {
    /// Notes a file in which no video was found.
    pub fn add_without_video(&mut self, path: &Path) {
        self.without_video.add(path);
    }

    /// A line for each reason.
    pub fn lines(&self) -> Vec<String> {
        let reasons = [
            (&self.others, "no videos or pictures"),
            (&self.without_video, "no video in them"),
            (&self.folder_links, "links to folders, which are searched where they are named"),
            (&self.devices, "pipes, sockets or devices"),
        ];
        reasons.into_iter().filter(|(names, _)| names.count > 0).map(|(names, why)| names.line(why)).collect()
    }
}

impl Names {
    fn add(&mut self, path: &Path) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(shown::path(path));
        }
    }

    fn line(&self, why: &str) -> String {
        let more = if self.count > self.first.len() { ", ..." } else { "" };
        format!("passed over {} ({why}): {}{more}", self.count, self.first.join(", "))
    }
}
