//! Names on the command line -> the files to read, and what was passed over on the way.
//!
//! A file named on the command line is tried whatever it is. In folders, files are taken by their ending or by what is in them;
//! links are followed to files, not to folders, which may lead back or out of what was asked for. What cannot be read does not
//! keep the others from being read.

use crate::cli::failure::Failure;
use crate::cli::files::file;
use crate::cli::files::kind::{self, ENDINGS};
use crate::cli::shown;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Names that a line on what was passed over gives at most.
const NAMED: usize = 3;

/// Files to read.
#[derive(Debug, Default)]
pub struct Inputs {
    /// In a stable order.
    pub files: Vec<Input>,
    /// What could not be read.
    pub failures: Vec<Failure>,
    /// What was not meant.
    pub passed_over: PassedOver,
}

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// Where it is in the folder that was asked for, which is where its output will be in another.
    pub place: PathBuf,
    /// Whether it was found in a folder.
    pub is_found: bool,
}

/// What is looked for in folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// What can be hashed.
    Videos,
    /// That, and fingerprints.
    VideosAndFingerprints,
}

/// What was found in folders and not taken, by the reason why.
#[derive(Debug, Default)]
pub struct PassedOver {
    others: Names,
    without_video: Names,
    folder_links: Names,
    devices: Names,
}

/// How many, and what the first are called.
#[derive(Debug, Default)]
struct Names {
    count: usize,
    first: Vec<String>,
}

impl Inputs {
    /// What `names` name, folders searched.
    pub fn find(names: &[PathBuf], wanted: Wanted) -> Self {
        let mut inputs = Self::default();
        let has_several_folders = names.iter().filter(|name| name.is_dir()).count() > 1;
        for name in names {
            if name.is_dir() {
                // Of several folders, each keeps its name: memory cards all have the same names in them.
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

/// The folder's own name, also where it is called `.` or `..`.
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

/// What to say where folders hold nothing of use.
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
