//! Names on the command line -> the files to hash, and where their output goes.

use super::{Failure, FormatName};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Endings of files that are looked for in folders; a file named on the command line is tried whatever its ending.
const ENDINGS: [&str; 37] = [
    "3g2", "3gp", "asf", "avi", "divx", "dv", "f4v", "flv", "gif", "jpeg", "jpg", "m2t", "m2ts", "m4v", "mjpeg",
    "mjpg", "mkv", "mod", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "nut", "ogm", "ogv", "png", "qt", "rm", "ts",
    "vob", "webm", "webp", "wmv", "y4m", "264",
];

/// The ending of fingerprints.
const FINGERPRINT: &str = "cotejo";

/// The videos and pictures that `inputs` name, folders searched, in a stable order.
pub fn files(inputs: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let files = search(inputs, |path| ENDINGS.contains(&ending(path).as_str()))?;
    if files.is_empty() {
        return Err(Failure::new("no videos were found").hint(format!("in folders, these are: {}", ENDINGS.join(" "))));
    }
    Ok(files)
}

/// The same with fingerprints, for what compares; there may be none.
pub fn files_and_fingerprints(inputs: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    search(inputs, |path| ENDINGS.contains(&ending(path).as_str()) || ending(path) == FINGERPRINT)
}

fn search(inputs: &[PathBuf], is_wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for input in inputs {
        if !input.is_dir() {
            files.push(input.clone());
            continue;
        }
        for entry in WalkDir::new(input).sort_by_file_name() {
            let entry = entry.map_err(Failure::new)?;
            if entry.file_type().is_file() && is_wanted(entry.path()) {
                files.push(entry.into_path());
            }
        }
    }
    Ok(files)
}

fn ending(path: &Path) -> String {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase()
}

/// Where one input's output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Standard,
    /// This file.
    File(PathBuf),
}

/// One target for each of `files`.
pub fn targets(
    files: &[PathBuf],
    output: Option<&Path>,
    directory: Option<&Path>,
    format: FormatName,
) -> Result<Vec<Target>, Failure> {
    if let Some(output) = output {
        let lines_can_follow = matches!(format, FormatName::Sha256sum);
        if files.len() > 1 && !lines_can_follow {
            return Err(Failure::new(format!("{} videos do not go into one file", files.len()))
                .hint("give a folder with -d DIR: each video gets a file of its own"));
        }
        if let Some(input) = files.iter().find(|file| is_same_file(file, output)) {
            return Err(
                Failure::new(format!("{} would be written over itself", input.display())).hint("give -o another name")
            );
        }
        let target = if output == Path::new("-") { Target::Standard } else { Target::File(output.to_owned()) };
        return Ok(vec![target; files.len()]);
    }
    if directory.is_none() && (files.len() == 1 || format == FormatName::Sha256sum) {
        return Ok(vec![Target::Standard; files.len()]);
    }
    let directory = directory.unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let targets: Vec<Target> = files.iter().map(|file| Target::File(beside(directory, file, format))).collect();
    match (0..targets.len()).find(|&i| targets[..i].contains(&targets[i])) {
        Some(i) => Err(Failure::new(format!("two inputs have the same name: {}", files[i].display()))
            .hint("hash them one at a time, into different folders")),
        None => Ok(targets),
    }
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(b).is_ok_and(|b| a == b))
}

fn beside(directory: &Path, file: &Path, format: FormatName) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(match format {
        FormatName::Fingerprint => ".cotejo",
        FormatName::Csv => ".csv",
        FormatName::Vpdq => ".vpdq.txt",
        FormatName::Sha256sum => ".sha256",
        FormatName::Framehash => ".framehash",
    });
    directory.join(name)
}

/// An output that appears under its name only when it is complete.
pub enum Output {
    /// Standard output.
    Standard(BufWriter<io::Stdout>),
    /// A device or pipe that is there already.
    Device(BufWriter<File>),
    /// A file, written beside its final name.
    File {
        /// The unfinished file.
        writer: BufWriter<File>,
        /// Its name until it is complete.
        partial: PathBuf,
        /// Its name then.
        path: PathBuf,
    },
}

impl Output {
    /// Opens `target`. A file that was there before stays until the new one is complete.
    pub fn open(target: &Target) -> Result<Self, Failure> {
        match target {
            Target::Standard => Ok(Self::Standard(BufWriter::new(io::stdout()))),
            Target::File(path) => Self::open_path(path)
                .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display()))),
        }
    }

    fn open_path(path: &Path) -> io::Result<Self> {
        // Nothing takes the place of /dev/null.
        if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
            return Ok(Self::Device(BufWriter::new(File::options().write(true).open(path)?)));
        }
        let mut partial = path.to_owned().into_os_string();
        partial.push(".part");
        let partial = PathBuf::from(partial);
        Ok(Self::File { writer: BufWriter::new(File::create(&partial)?), partial, path: path.to_owned() })
    }

    /// Flushes, and gives a file its name.
    pub fn complete(mut self) -> io::Result<()> {
        self.flush()?;
        if let Self::File { partial, path, .. } = &self {
            fs::rename(partial, path)?;
        }
        Ok(())
    }
}

impl Drop for Output {
    // After `complete` there is nothing to remove.
    fn drop(&mut self) {
        if let Self::File { partial, .. } = self {
            let _ = fs::remove_file(partial);
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(writer) => writer.write(bytes),
            Self::Device(writer) | Self::File { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(writer) => writer.flush(),
            Self::Device(writer) | Self::File { writer, .. } => writer.flush(),
        }
    }
}
