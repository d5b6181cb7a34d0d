//! The corpus: clips, their edited copies and all their fingerprints, made once.

use super::truth::Truth;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A copy's unrelated material comes from the clip this many places down the manifest.
const UNRELATED_STEP: usize = 11;
const CACHE: &str = "target/eval";

/// One clip of the manifest.
pub struct Clip {
    /// Its file's name.
    pub file: String,
    /// Its duration in seconds, according to the manifest.
    pub duration_s: f64,
    /// Clips of a family show the same scene, or are copies of each other.
    pub family: &'static str,
}

/// An edited copy.
pub struct Copy {
    /// The edit's name.
    pub edit: String,
    /// Its fingerprint.
    pub print: PathBuf,
    /// How it was edited.
    pub truth: Truth,
}

/// A folder of clips.
pub struct Corpus {
    folder: PathBuf,
    /// The clips, in the manifest's order.
    pub clips: Vec<Clip>,
}

/// Related clips, by parts of their names; every other clip is its own family.
const FAMILIES: [(&str, &[&str]); 5] = [
    ("traffic", &["traffic_camera"]),
    ("chair", &["chair-"]),
    ("pattern", &["pattern-"]),
    ("street", &["input_video", "vehicle_survaillance"]),
    ("room", &["book.mkv", "sister.mkv"]),
];

impl Clip {
    /// The file's name without its extension.
    pub fn stem(&self) -> &str {
        self.file.rsplit_once('.').map_or(&self.file, |(stem, _)| stem)
    }

    /// Whether a match between the two would be no surprise.
    pub fn is_related(&self, other: &Self) -> bool {
        self.file == other.file || (!self.family.is_empty() && self.family == other.family)
    }
}

impl Corpus {
    /// Reads the manifest.
    pub fn open(folder: &Path) -> Result<Self> {
        let manifest = fs::read_to_string(folder.join("manifest.tsv")).context("the corpus has no manifest.tsv")?;
        let clip = |line: &str| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [file, _, _, _, _, _, duration, ..] = fields[..] else {
                bail!("manifest.tsv: not enough fields: {line}")
            };
            let family = FAMILIES.iter().find(|(_, parts)| parts.iter().any(|part| file.contains(part)));
            Ok(Clip { file: file.into(), duration_s: duration.parse()?, family: family.map_or("", |(name, _)| name) })
        };
        let clips = manifest.lines().skip(1).map(clip).collect::<Result<_>>()?;
        let corpus = Self { folder: folder.into(), clips };
        corpus.hash_missing(&corpus.folder, &corpus.originals())?;
        Ok(corpus)
    }

    fn originals(&self) -> PathBuf {
        Path::new(CACHE).join("prints/originals")
    }

    /// The fingerprint of a clip.
    pub fn print(&self, clip: &Clip) -> PathBuf {
        self.originals().join(format!("{}.cotejo", clip.file))
    }

    /// The edited copies of a clip, made and hashed if they are missing.
    pub fn copies_of(&self, clip: &Clip) -> Result<Vec<Copy>> {
        let (copies, prints) =
            (Path::new(CACHE).join("copies").join(clip.stem()), Path::new(CACHE).join("prints").join(clip.stem()));
        let index = copies.join(format!("{}__index.json", clip.stem()));
        if !index.exists() {
            self.make_copies(clip, &copies)?;
        }
        self.hash_missing(&copies, &prints)?;
        let all: Vec<serde_json::Value> = serde_json::from_str(&fs::read_to_string(index)?)?;
        let copy = |value: &serde_json::Value| {
            let truth = Truth::read(value).context("edit.py: unexpected index")?;
            let file = value["copy"].as_str().unwrap_or_default();
            let edit = value["edit"].as_str().unwrap_or_default();
            Ok(Copy { edit: edit.into(), print: prints.join(format!("{file}.cotejo")), truth })
        };
        all.iter().map(copy).collect()
    }

    fn make_copies(&self, clip: &Clip, folder: &Path) -> Result<()> {
        let at = self.clips.iter().position(|other| other.file == clip.file).unwrap_or(0);
        let unrelated = &self.clips[(at + UNRELATED_STEP) % self.clips.len()];
        let mut edit = Command::new("python3");
        edit.arg(self.folder.join("edit.py")).arg(self.folder.join(&clip.file)).arg(folder);
        edit.args(["--seed", "1", "--unrelated"]).arg(self.folder.join(&unrelated.file));
        crate::command::run_command(&mut edit)
    }

    /// Hashes each video of `folder` that has no fingerprint in `prints`.
    fn hash_missing(&self, folder: &Path, prints: &Path) -> Result<()> {
        fs::create_dir_all(prints)?;
        let is_video =
            |path: &Path| path.extension().is_some_and(|end| ["mp4", "mkv", "avi"].iter().any(|other| end == *other));
        let print_of =
            |path: &Path| prints.join(format!("{}.cotejo", path.file_name().unwrap_or_default().to_string_lossy()));
        let mut videos: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        videos.retain(|path| is_video(path) && !print_of(path).exists());
        if videos.is_empty() {
            return Ok(());
        }
        let mut hash = Command::new("target/release/cotejo");
        hash.args(["hash", "--quiet", "--classic", "none", "-d"]).arg(prints).args(&videos).stdin(Stdio::null());
        // A clip that cannot be hashed is left out; its trials then fail by name.
        eprintln!("hashing {} videos of {}", videos.len(), folder.display());
        hash.status()?;
        Ok(())
    }
}
