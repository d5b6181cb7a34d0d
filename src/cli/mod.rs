//! The command line: `cotejo hash`, `inspect`, `compare`, `search`, `code`.

mod closed;
mod code;
mod compare;
mod decode;
mod decoders;
mod failure;
mod ffmpeg;
mod file;
mod hash;
mod inputs;
mod inspect;
mod interrupt;
mod kept;
mod kind;
mod output;
mod packets;
mod parallel;
mod probe;
mod progress;
mod sandbox;
mod search;
mod shown;
mod subject;
mod targets;
mod unfinished;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use cotejo::classic::Algorithm;
use cotejo::report::harmless;
use failure::{End, Failure, FailureKind};
use output::OutputError;
use sandbox::Sandbox;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Exit status of a comparison or search that found nothing.
const EXIT_NOT_FOUND: u8 = 1;
/// Exit status of a run in which something failed.
const EXIT_ERROR: u8 = 2;

#[derive(Parser)]
#[command(
    name = "cotejo",
    version,
    about = "Hashes every frame of a video and compares videos, on this machine",
    max_term_width = 100
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
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
struct HashArguments {
    /// Videos, pictures, and folders of them; what of a folder is no video is passed over, and said
    #[arg(required = true, value_name = "VIDEO")]
    inputs: Vec<PathBuf>,
    /// Write to this file; - is standard output, and the default for one input
    #[arg(short, long, value_name = "FILE", conflicts_with = "directory")]
    output: Option<PathBuf>,
    /// Write one file for each input into this folder, those of folders in the same folders there; the default for several inputs is the current one
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
    /// How many decoders share a video; the fingerprint is the same [default: the processors, divided among the files, at most 16]
    #[arg(long, value_name = "N")]
    decoders: Option<std::num::NonZeroUsize>,
    #[command(flatten)]
    decoding: DecodingArguments,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
}

/// What is the same wherever videos are decoded.
#[derive(Args)]
struct DecodingArguments {
    /// Whether the kernel holds ffmpeg to the one file that it reads; `cotejo --version` says what it can do
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    sandbox: Sandbox,
}

#[derive(Args)]
struct InspectArguments {
    /// A .cotejo file, a code, vPDQ's features or a list of PDQ hashes; - is standard input
    #[arg(value_name = "FINGERPRINT")]
    input: PathBuf,
    /// Print the facts as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct CompareArguments {
    /// A video, a picture, a fingerprint or a code; - is a fingerprint on standard input
    a: PathBuf,
    /// What to compare it with
    b: PathBuf,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    decoding: DecodingArguments,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Args)]
struct SearchArguments {
    /// A video, a picture, a fingerprint or a code; - is a fingerprint on standard input
    query: PathBuf,
    /// Videos, pictures, fingerprints, and folders of them
    #[arg(required = true, value_name = "FILES")]
    inputs: Vec<PathBuf>,
    /// Print the results as a JSON array
    #[arg(long)]
    json: bool,
    /// Of many fingerprints, compare the N in full that look most promising at a glance
    #[arg(long, value_name = "N", default_value_t = 16, conflicts_with = "all")]
    closely: usize,
    /// Compare all in full: takes longer, and also finds small insets
    #[arg(long)]
    all: bool,
    /// How many files to read and compare at once [default: the processors]
    #[arg(short, long, value_name = "N")]
    jobs: Option<std::num::NonZeroUsize>,
    #[command(flatten)]
    decoding: DecodingArguments,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Args)]
struct CodeArguments {
    /// A video or its fingerprint; - is a fingerprint on standard input
    #[arg(value_name = "VIDEO")]
    input: PathBuf,
    /// Where the part begins that you ask about, such as 1:02:30; a code holds up to 10 minutes
    #[arg(long, value_name = "TIME", value_parser = code::parse_time)]
    from: Option<f64>,
    /// Where it ends
    #[arg(long, value_name = "TIME", value_parser = code::parse_time)]
    to: Option<f64>,
    /// Print a long code in parts, a line each, for messengers that take 4,096 characters
    #[arg(long)]
    parts: bool,
    #[command(flatten)]
    decoding: DecodingArguments,
    /// Show no progress
    #[arg(short, long)]
    quiet: bool,
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

impl Command {
    fn prepare(&self) -> Result<(), Failure> {
        match self {
            Self::Hash(HashArguments { decoding, .. })
            | Self::Compare(CompareArguments { decoding, .. })
            | Self::Search(SearchArguments { decoding, .. })
            | Self::Code(CodeArguments { decoding, .. }) => sandbox::choose(decoding.sandbox),
            Self::Inspect(_) => Ok(()),
        }
    }

    fn run(&self) -> End {
        match self {
            Self::Hash(arguments) => hash::run(arguments),
            Self::Inspect(arguments) => inspect::run(arguments).map(|()| true).into(),
            Self::Compare(arguments) => compare::run(arguments).into(),
            Self::Search(arguments) => search::run(arguments),
            Self::Code(arguments) => code::run(arguments).map(|()| true).into(),
        }
    }
}

/// Reads the command line. What the kernel can do is tried only where the answer is printed.
fn parse(words: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Arguments, clap::Error> {
    let mut command = Arguments::command();
    if std::env::args_os().any(|argument| argument == "--version") {
        command = command.long_version(format!("{}\n{}", env!("CARGO_PKG_VERSION"), sandbox::version_line()));
    }
    Arguments::from_arg_matches(&command.try_get_matches_from(words)?)
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    if let Some(status) = sandbox::become_ffmpeg() {
        return status;
    }
    let end = match (interrupt::watch(), parse(std::env::args_os())) {
        (Err(error), _) => vec![Failure::new(format!("cannot wait for signals: {error}"))].into(),
        (Ok(()), Ok(Arguments { command })) => match command.prepare() {
            Ok(()) => command.run(),
            Err(failure) => vec![failure].into(),
        },
        (Ok(()), Err(error)) => match say_usage(error) {
            Ok(status) => return status,
            Err(failure) => vec![failure].into(),
        },
    };
    interrupt::stay_if_interrupted();
    // Whoever closes our output has seen enough: `cotejo hash ... | head` is no error.
    let failures: Vec<Failure> =
        end.failures.into_iter().filter(|failure| failure.kind != FailureKind::ClosedPipe).collect();
    for Failure { message, hint, .. } in &failures {
        eprintln!("cotejo: {}", harmless(message));
        if let Some(hint) = hint {
            eprintln!("  hint: {}", harmless(hint));
        }
    }
    for note in end.notes {
        eprintln!("cotejo: {}", harmless(&note));
    }
    match (failures.is_empty(), end.nothing_found) {
        (false, _) => ExitCode::from(EXIT_ERROR),
        (true, true) => ExitCode::from(EXIT_NOT_FOUND),
        (true, false) => ExitCode::SUCCESS,
    }
}

/// Prints help, the version, or what is wrong with the arguments, which it repeats: so they are read again, made harmless.
fn say_usage(error: clap::Error) -> Result<ExitCode, Failure> {
    let harmless_arguments = std::env::args_os().map(|argument| shown::path(Path::new(&argument)));
    let error = parse(harmless_arguments).err().unwrap_or(error);
    if !error.use_stderr() {
        output::check_standard_output()?;
    }
    error.print().map_err(|error| io::Error::from(OutputError::NotWritten("standard output".to_owned(), error)))?;
    Ok(ExitCode::from(error.exit_code() as u8))
}
