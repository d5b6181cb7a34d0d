//! The command line: `cotejo hash`, `inspect`, `compare`, `search`, `code`.

mod arguments;
mod code;
mod compare;
mod decoding;
mod failure;
mod files;
mod hash;
mod inspect;
mod interrupt;
mod message;
mod parallel;
mod pixels;
mod progress;
mod search;
mod shown;
mod subject;

use arguments::{Arguments, CodeArguments, Command, CompareArguments, HashArguments, SearchArguments};
use clap::{CommandFactory, FromArgMatches};
use cotejo::report::harmless;
use decoding::sandbox;
use failure::{EXIT_ERROR, EXIT_NOT_FOUND, Failure, FailureKind, Outcome, OutputError};
use files::output;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::ExitCode;

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

    fn run(&self) -> Outcome {
        match self {
            Self::Hash(arguments) => hash::run(arguments),
            Self::Inspect(arguments) => inspect::run(arguments).map(|()| true).into(),
            Self::Compare(arguments) => compare::run(arguments).into(),
            Self::Search(arguments) => search::run(arguments),
            Self::Code(arguments) => code::run(arguments).map(|()| true).into(),
        }
    }
}

/// Reads the command line. Tries out what the kernel can do only if the answer is printed.
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
    // If the reader of our output closes it, as in `cotejo hash ... | head`, that is no error.
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

/// Prints help, the version, or what is wrong with the arguments. Errors repeat arguments, so they are parsed again in harmless
/// form.
fn say_usage(error: clap::Error) -> Result<ExitCode, Failure> {
    let harmless_arguments = std::env::args_os().map(|argument| shown::path(Path::new(&argument)));
    let error = parse(harmless_arguments).err().unwrap_or(error);
    if !error.use_stderr() {
        output::check_standard_output()?;
    }
    error.print().map_err(|error| io::Error::from(OutputError::NotWritten("standard output".to_owned(), error)))?;
    Ok(ExitCode::from(error.exit_code() as u8))
}
