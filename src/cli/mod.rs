//! The command line: `cotejo hash`, `cotejo inspect`.

mod decode;
mod ffmpeg;
mod hash;
mod inputs;
mod inspect;
mod probe;
mod progress;

use clap::{Args, Parser, Subcommand, ValueEnum};
use cotejo::classic::Algorithm;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Exit status of a run in which something failed.
const EXIT_ERROR: u8 = 2;

#[derive(Parser)]
#[command(name = "cotejo", version, about = "Hashes every frame of a video, on this machine", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Hash videos and pictures, and write their fingerprints
    Hash(HashArguments),
    /// Print the facts of a fingerprint, or of another tool's list of PDQ hashes
    Inspect(InspectArguments),
}

#[derive(Args)]
struct HashArguments {
    /// Videos, pictures, and folders of them
    #[arg(required = true, value_name = "VIDEO")]
    inputs: Vec<PathBuf>,
    /// Write to this file; - is standard output, and the default for one input
    #[arg(short, long, value_name = "FILE", conflicts_with = "directory")]
    output: Option<PathBuf>,
    /// Write one file for each input into this folder; the default for several inputs is the current one
    #[arg(short, long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// What to write
    #[arg(short, long, value_enum, default_value_t = FormatName::Fingerprint)]
    format: FormatName,
    /// The classic 8 x 8 hashes to add to each frame
    #[arg(long, value_enum, value_delimiter = ',', default_value = "gradient", value_name = "NAMES")]
    classic: Vec<AlgorithmName>,
    /// How many files to hash at once [default: half the processors]
    #[arg(short, long, value_name = "N")]
    jobs: Option<std::num::NonZeroUsize>,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Args)]
struct InspectArguments {
    /// A .cotejo file, vPDQ's features or a list of PDQ hashes; - is standard input
    #[arg(value_name = "FINGERPRINT")]
    input: PathBuf,
    /// Print the facts as JSON
    #[arg(long)]
    json: bool,
}

/// What `hash` writes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
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
enum AlgorithmName {
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
    fn algorithm(self) -> Option<Algorithm> {
        match self {
            Self::None => None,
            Self::Gradient => Some(Algorithm::Gradient),
            Self::Mean => Some(Algorithm::Mean),
            Self::Blockhash => Some(Algorithm::Blockhash),
            Self::DoubleGradient => Some(Algorithm::DoubleGradient),
        }
    }
}

/// What went wrong, and what to do about it.
#[derive(Debug)]
struct Failure {
    message: String,
    hint: Option<String>,
    closed_pipe: bool,
}

impl Failure {
    fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string(), hint: None, closed_pipe: false }
    }

    /// The same, with the file's name in front.
    fn of(self, path: &Path) -> Self {
        Self { message: format!("{}: {}", path.display(), self.message), ..self }
    }

    fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self { closed_pipe: error.kind() == io::ErrorKind::BrokenPipe, ..Self::new(error) }
    }
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let failures = match Arguments::parse().command {
        Command::Hash(arguments) => hash::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments).err().into_iter().collect(),
    };
    // Whoever closes our output has seen enough: `cotejo hash ... | head` is no error.
    let mut failures = failures.into_iter().filter(|failure| !failure.closed_pipe).peekable();
    let status = if failures.peek().is_some() { ExitCode::from(EXIT_ERROR) } else { ExitCode::SUCCESS };
    for failure in failures {
        eprintln!("cotejo: {}", failure.message);
        if let Some(hint) = failure.hint {
            eprintln!("  hint: {hint}");
        }
    }
    status
}
