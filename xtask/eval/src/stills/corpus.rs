//! The clips, their fingerprints, and which of them share footage.

use crate::command::run;
use anyhow::{Context, Result};
use cotejo::fingerprint::Fingerprint;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Clips of a group show the same footage or place, so a still of one may rightly be found in another.
const RELATED: [&[&str]; 5] =
    [&["chair-"], &["pattern-"], &["traffic_camera"], &["input_video", "vehicle_survaillance"], &["book.", "sister."]];
/// Clips on which no limit was tuned.
const ASIDE: [&str; 10] =
    ["chaplin", "video03", "360p", "fire2", "nasa", "car-detection", "book.", "sister.", "issue53", "chimp"];

/// One clip and its fingerprint.
pub struct Clip {
    /// The video file.
    pub path: PathBuf,
    /// Its fingerprint by `cotejo hash`.
    pub fingerprint: Fingerprint,
    /// Whether no limit was tuned on it.
    pub aside: bool,
    group: Option<usize>,
}

impl Clip {
    /// The file's name.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether a still of one may rightly be found in the other.
    pub fn is_related(&self, other: &Self) -> bool {
        self.path == other.path || self.group.is_some() && self.group == other.group
    }
}

/// The clips of `folder` in the order of their names, hashed if they are not yet.
pub fn clips(folder: &Path, cache: &Path) -> Result<Vec<Clip>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    paths.retain(|path| ["avi", "mp4", "mkv"].iter().any(|ending| path.extension().is_some_and(|e| e == *ending)));
    paths.sort();
    let fingerprints = cache.join("clips-hashed");
    fs::create_dir_all(&fingerprints)?;
    paths.into_iter().map(|path| clip(path, &fingerprints)).collect()
}

fn clip(path: PathBuf, fingerprints: &Path) -> Result<Clip> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let hashed = fingerprints.join(format!("{name}.cotejo"));
    if !hashed.is_file() {
        let (input, output) = (path.to_string_lossy(), hashed.to_string_lossy());
        run("target/release/cotejo", &["hash", "-o", &output, &input])?;
    }
    let fingerprint = Fingerprint::read(BufReader::new(File::open(&hashed)?))?;
    let is_named = |part: &&str| name.contains(*part);
    let group = RELATED.iter().position(|names| names.iter().any(is_named));
    Ok(Clip { path, fingerprint, aside: ASIDE.iter().any(is_named), group })
}
