//! The corpus: clips, their edited copies and all their fingerprints, made once.

use super::truth::{Entry, Truth};
use crate::command::{output, run_command};
use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How far down the manifest the clip stands that a copy's unrelated material comes from.
const UNRELATED_STEP: usize = 11;
const CACHE: &str = "target/eval";
/// What makes the copies.
const EDIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/edit.py");
/// The clips: name, address, licence, duration in seconds, digest, and what they show.
const MANIFEST: &str = include_str!("../corpus.tsv");
/// The longest small master, seconds; `edit.py --longest` is the same.
const LONGEST_SMALL_S: f64 = 30.0;

/// A set of edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Set {
    /// The 39 edits of the tables of docs/accuracy/videos.md
    Classic,
    /// Edits of the wild, and AugLy's catalogue
    Wild,
    /// Two and three edits of both, one after the other
    Chains,
}

/// One clip of the manifest.
pub struct Clip {
    /// Its file's name.
    pub file: String,
    /// Its duration in seconds, by the manifest; of its master, where there is one.
    pub duration_s: f64,
    /// Clips of one family show the same scene, or are copies of each other.
    pub family: &'static str,
    original: PathBuf,
    /// What is edited: the clip or its master.
    video: PathBuf,
}

/// An edited copy.
pub struct Copy {
    /// The set that its edit is of.
    pub set: Set,
    /// The edit's name.
    pub edit: String,
    /// The names of a chain's edits.
    pub steps: Vec<String>,
    /// The copy itself; it may have been deleted.
    pub video: PathBuf,
    /// Its fingerprint.
    pub print: PathBuf,
    /// What was done.
    pub truth: Truth,
}

/// A folder of clips.
pub struct Corpus {
    /// Where copies and fingerprints are kept.
    cache: PathBuf,
    /// In the manifest's order.
    pub clips: Vec<Clip>,
}

/// Clips that are related, by parts of their names; every other clip is a family of its own.
const FAMILIES: [(&str, &[&str]); 5] = [
    ("traffic", &["traffic_camera"]),
    ("chair", &["chair-"]),
    ("pattern", &["pattern-"]),
    ("street", &["input_video", "vehicle_survaillance"]),
    ("room", &["book.mkv", "sister.mkv"]),
];

impl Set {
    /// As `edit.py` calls it, and the cache's folder.
    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

impl Clip {
    /// The file's name without its extension.
    pub fn stem(&self) -> &str {
        stem(&self.file)
    }

    /// Whether a match between the two would be no surprise.
    pub fn is_related(&self, other: &Self) -> bool {
        self.file == other.file || (!self.family.is_empty() && self.family == other.family)
    }

    /// A line of the manifest, and the clip in the folder, which has to be the very same.
    fn read(line: &str, folder: &Path) -> Result<Self> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, address, _licence, duration, digest, _what] = fields[..] else {
            bail!("corpus.tsv: not six fields: {line}")
        };
        let video = folder.join(file);
        let bytes = fs::read(&video).with_context(|| format!("the corpus lacks {file}; it is from {address}"))?;
        let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        ensure!(
            found == digest,
            "{file} is not the clip of the manifest: its SHA-256 is {found}; get it from {address}"
        );
        let family = FAMILIES.iter().find(|(_, parts)| parts.iter().any(|part| file.contains(part)));
        let (duration_s, family) = (duration.parse()?, family.map_or("", |(name, _)| name));
        Ok(Self { file: file.into(), duration_s, family, original: video.clone(), video })
    }

    /// Goes on with a small master, which may have to be made yet.
    fn shrink(&mut self, masters: &Path) {
        self.duration_s = self.duration_s.min(LONGEST_SMALL_S);
        self.video = masters.join(format!("{}.mp4", self.stem()));
    }

    /// What is edited; a master is made where there is none yet.
    fn video(&self) -> Result<&Path> {
        if !self.video.exists() {
            eprintln!("making a small master of {}", self.file);
            let unfinished = self.video.with_extension("unfinished.mp4");
            run_command(Command::new("python3").arg(EDIT).arg("--master").arg(&unfinished).arg(&self.original))?;
            fs::rename(&unfinished, &self.video)?;
        }
        Ok(&self.video)
    }
}

/// A file's name without its extension.
pub fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

impl Corpus {
    /// Reads the manifest, and makes sure that the folder has its clips. `small`: goes on with small masters of them.
    pub fn open(folder: &Path, small: bool) -> Result<Self> {
        let clips = MANIFEST.lines().skip(1).map(|line| Clip::read(line, folder)).collect::<Result<_>>()?;
        let cache = if small { Path::new(CACHE).join("small") } else { CACHE.into() };
        let mut corpus = Self { cache, clips };
        if small {
            let masters = corpus.cache.join("masters");
            fs::create_dir_all(&masters)?;
            corpus.clips.iter_mut().for_each(|clip| clip.shrink(&masters));
        }
        Ok(corpus)
    }

    /// Hashes these clips where they are not yet.
    pub fn hash<'a>(&self, clips: impl IntoIterator<Item = &'a Clip>) -> Result<()> {
        let videos = clips.into_iter().map(|clip| clip.video().map(Path::to_owned)).collect::<Result<_>>()?;
        hash_missing(videos, &self.originals())
    }

    fn originals(&self) -> PathBuf {
        self.cache.join("prints/originals")
    }

    /// The fingerprint of a clip.
    pub fn print(&self, clip: &Clip) -> PathBuf {
        print_of(&clip.video, &self.originals())
    }

    /// What is compared of a clip: itself, or its master.
    pub fn video_of<'a>(&self, clip: &'a Clip) -> &'a Path {
        &clip.video
    }

    /// The edited copies of a clip, made and hashed where they are not yet. Copies may be deleted once they are hashed.
    pub fn copies_of(&self, clip: &Clip, set: Set) -> Result<Vec<Copy>> {
        // The classic copies lie where they always did.
        let home = if set == Set::Classic { self.cache.clone() } else { self.cache.join(set.name()) };
        let (copies, prints) = (home.join("copies").join(clip.stem()), home.join("prints").join(clip.stem()));
        let index = prints.join(format!("{}__index.json", clip.stem()));
        if !is_current(&index, &prints, set)? {
            self.make_copies(clip, set, &copies)?;
            hash_missing(videos(&copies)?, &prints)?;
            fs::copy(copies.join(format!("{}__index.json", clip.stem())), &index)?;
        }
        let copy = |entry: Entry| Copy {
            set,
            truth: entry.truth(),
            video: copies.join(&entry.copy),
            print: prints.join(format!("{}.cotejo", entry.copy)),
            edit: entry.edit,
            steps: entry.steps,
        };
        Ok(entries(&index)?.into_iter().map(copy).collect())
    }

    fn make_copies(&self, clip: &Clip, set: Set, folder: &Path) -> Result<()> {
        let at = self.clips.iter().position(|other| other.file == clip.file).unwrap_or(0);
        let unrelated = &self.clips[(at + UNRELATED_STEP) % self.clips.len()];
        let mut edit = Command::new("python3");
        edit.arg(EDIT).arg(clip.video()?).arg(folder).args(["--set", &set.name(), "--seed", "1", "--unrelated"]);
        run_command(edit.arg(unrelated.video()?))
    }
}

fn entries(index: &Path) -> Result<Vec<Entry>> {
    serde_json::from_str(&fs::read_to_string(index)?).with_context(|| format!("{}: no index", index.display()))
}

/// Whether all copies of the set are hashed, and no edit has changed since.
fn is_current(index: &Path, prints: &Path, set: Set) -> Result<bool> {
    let Ok(since) = fs::metadata(index).and_then(|data| data.modified()) else { return Ok(false) };
    for entry in fs::read_dir(Path::new(EDIT).with_file_name("edits"))? {
        if entry?.metadata()?.modified()? > since {
            return Ok(false);
        }
    }
    let entries = entries(index)?;
    let names: Vec<&str> = entries.iter().map(|entry| entry.edit.as_str()).collect();
    let list = output(Command::new("python3").args([EDIT, "--list", "--set", &set.name()]))?;
    let is_hashed = |entry: &Entry| prints.join(format!("{}.cotejo", entry.copy)).exists();
    Ok(list.lines().eq(names) && entries.iter().all(is_hashed))
}

fn print_of(video: &Path, prints: &Path) -> PathBuf {
    prints.join(format!("{}.cotejo", video.file_name().unwrap_or_default().to_string_lossy()))
}

fn videos(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut videos: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    videos.retain(|path| path.extension().is_some_and(|end| end == "mp4"));
    Ok(videos)
}

/// Hashes each video that has no fingerprint in `prints`, or an older one.
fn hash_missing(mut videos: Vec<PathBuf>, prints: &Path) -> Result<()> {
    fs::create_dir_all(prints)?;
    let changed = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    videos.retain(|video| changed(&print_of(video, prints)) < changed(video));
    if videos.is_empty() {
        return Ok(());
    }
    for stale in videos.iter().map(|video| print_of(video, prints)).filter(|print| print.exists()) {
        fs::remove_file(stale)?;
    }
    let mut hash = Command::new("target/release/cotejo");
    hash.args(["hash", "--quiet", "--classic", "none", "-d"]).arg(prints).args(&videos).stdin(Stdio::null());
    // A clip that cannot be hashed is left out; its trials then fail by name.
    eprintln!("hashing {} videos for {}", videos.len(), prints.display());
    hash.status()?;
    Ok(())
}
