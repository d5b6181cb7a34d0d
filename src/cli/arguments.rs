//! What can be written on the command line, and its help.

use crate::cli::decoding::sandbox::Sandbox;
use clap::{Args, Parser, Subcommand, ValueEnum};
use cotejo::compare::View;
use cotejo::hash::classic::Algorithm;
use std::path::PathBuf;

#[derive(Parser)]
#[command(
    name = "cotejo",
    version,
    about = "Hashes every frame of a video and compares videos, on this machine",
    max_term_width = 100
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Hash videos and pictures, and write their fingerprints
    Hash(HashArguments),
    /// Print the facts of a fingerprint, of a code, or of another tool's list of PDQ hashes
    Inspect(InspectArguments),
    /// Say whether two videos show the same footage, or where a picture occurs in a video
    ///
    /// Exit status: 0 the same footage, or the picture was found; 1 it was not, or that cannot be told; 2 an error.
    Compare(CompareArguments),
    /// Compare one video or picture with many, the best match first
    ///
    /// Exit status: 0 something was found; 1 nothing was; 2 a file could not be read, whatever was found in the
    /// others.
    Search(SearchArguments),
    /// Print a video's code: a fingerprint that fits in a message
    ///
    /// Whoever gets it compares it with a video of their own, here or on the page. It holds what moves and rough hashes of a
    /// few frames (docs/compact-code.md).
    Code(CodeArguments),
}

#[derive(Args)]
pub struct HashArguments {
    /// Videos, pictures, and folders of them; what of a folder is no video is passed over, and said
    #[arg(required = true, value_name = "VIDEO")]
    pub inputs: Vec<PathBuf>,
    /// Write to this file; - is standard output, and the default for one input
    #[arg(short, long, value_name = "FILE", conflicts_with = "directory")]
    pub output: Option<PathBuf>,
    /// Write one file for each input into this folder, those of folders in the same folders there; the default for several inputs is the current one
    #[arg(short, long, value_name = "DIR")]
    pub directory: Option<PathBuf>,
    /// What to write
    #[arg(short, long, value_enum, default_value_t = FormatName::Fingerprint)]
    pub format: FormatName,
    /// The classic 8 x 8 hashes to add to each frame
    #[arg(long, value_enum, value_delimiter = ',', default_value = "gradient", value_name = "NAMES")]
    pub classic: Vec<AlgorithmName>,
    /// How many files to hash at once [default: half the processors]
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<std::num::NonZeroUsize>,
    /// How many decoders share a video; the fingerprint is the same [default: the processors, divided among the files, at most 16]
    #[arg(long, value_name = "N")]
    pub decoders: Option<std::num::NonZeroUsize>,
    #[command(flatten)]
    pub decoding: DecodingArguments,
    /// Show no progress
    #[arg(short, long)]
    pub quiet: bool,
}

/// What is the same wherever videos are decoded.
#[derive(Args)]
pub struct DecodingArguments {
    /// Whether the kernel holds ffmpeg to the one file that it reads; `cotejo --version` says what it can do
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub sandbox: Sandbox,
}

#[derive(Args)]
pub struct InspectArguments {
    /// A .cotejo file, a code, vPDQ's features or a list of PDQ hashes; - is standard input
    #[arg(value_name = "FINGERPRINT")]
    pub input: PathBuf,
    /// Print the facts as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct CompareArguments {
    /// A video, a picture, a fingerprint or a code; - is a fingerprint on standard input
    pub a: PathBuf,
    /// What to compare it with
    pub b: PathBuf,
    /// Look only for this part of the picture: left, top, width and height as shares of its sides, such as 0.1,0.25,0.8,0.5
    #[arg(long, value_name = "X,Y,W,H", value_parser = parse_part)]
    pub part: Option<View>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub decoding: DecodingArguments,
    /// Show no progress
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Args)]
pub struct SearchArguments {
    /// A video, a picture, a fingerprint or a code; - is a fingerprint on standard input
    pub query: PathBuf,
    /// Videos, pictures, fingerprints, and folders of them
    #[arg(required = true, value_name = "FILES")]
    pub inputs: Vec<PathBuf>,
    /// Print the results as a JSON array
    #[arg(long)]
    pub json: bool,
    /// Of many fingerprints, compare the N in full that look most promising at a glance
    #[arg(long, value_name = "N", default_value_t = 16, conflicts_with = "all")]
    pub closely: usize,
    /// Compare all in full: takes longer, and also finds small insets
    #[arg(long)]
    pub all: bool,
    /// How many files to read and compare at once [default: the processors]
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<std::num::NonZeroUsize>,
    #[command(flatten)]
    pub decoding: DecodingArguments,
    /// Show no progress
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Args)]
pub struct CodeArguments {
    /// A video or its fingerprint; - is a fingerprint on standard input
    #[arg(value_name = "VIDEO")]
    pub input: PathBuf,
    /// Where the part begins that you ask about, such as 1:02:30; a code holds up to 10 minutes
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub from: Option<f64>,
    /// Where it ends
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub to: Option<f64>,
    /// Print a long code in parts, a line each, for messengers that take 4,096 characters
    #[arg(long)]
    pub parts: bool,
    #[command(flatten)]
    pub decoding: DecodingArguments,
    /// Show no progress
    #[arg(short, long)]
    pub quiet: bool,
}

/// What `hash` writes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    /// Cotejo's own format, all hashes of all frames (docs/format.md)
    Fingerprint,
    /// A table of the frames
    Csv,
    /// vPDQ's features: frame,quality,hash,seconds
    Vpdq,
    /// The file's digest, for `sha256sum --check`
    Sha256sum,
    /// What `ffmpeg -f framehash -hash sha256` prints
    Framehash,
}

/// img_hash's algorithms.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AlgorithmName {
    /// No classic hash
    None,
    /// Gradient
    Gradient,
    /// Mean
    Mean,
    /// Blockhash.io
    Blockhash,
    /// Double gradient
    DoubleGradient,
}

impl AlgorithmName {
    pub fn algorithm(self) -> Option<Algorithm> {
        match self {
            Self::None => None,
            Self::Gradient => Some(Algorithm::Gradient),
            Self::Mean => Some(Algorithm::Mean),
            Self::Blockhash => Some(Algorithm::Blockhash),
            Self::DoubleGradient => Some(Algorithm::DoubleGradient),
        }
    }
}

/// Shares add up to this much more than 1 where each was rounded to a thousandth, as in the results.
const ROUNDING: f64 = 0.001;

fn parse_part(text: &str) -> Result<View, String> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    let part = numbers.and_then(|numbers| View::try_from(numbers).ok());
    let [x, y, width, height] = part.ok_or("write four numbers: left, top, width, height")?;
    let is_within = |start: f64, length: f64| start >= 0.0 && length > 0.0 && start + length <= 1.0 + ROUNDING;
    if is_within(x, width) && is_within(y, height) {
        return Ok([x, y, width, height]);
    }
    Err("the part must lie within the picture, whose sides are 1".to_owned())
}

/// Seconds, written as such or as `minutes:seconds` or `hours:minutes:seconds`.
fn parse_time(text: &str) -> Result<f64, String> {
    let unclear = || "write seconds, minutes:seconds, or hours:minutes:seconds".to_owned();
    let parts: Vec<&str> = text.split(':').collect();
    let is_digits = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(is_digits) {
        return Err(unclear());
    }
    let add = |seconds: f64, part: &&str| Some(seconds * 60.0 + part.parse::<f64>().ok()?);
    parts.iter().try_fold(0.0, add).filter(|seconds| seconds.is_finite()).ok_or_else(unclear)
}
