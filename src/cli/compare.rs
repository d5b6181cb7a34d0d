//! `cotejo compare`: two videos, pictures or fingerprints -> what they have in common.

use crate::cli::arguments::CompareArguments;
use crate::cli::failure::Failure;
use crate::cli::files::kept::Kept;
use crate::cli::files::output;
use crate::cli::message;
use crate::cli::parallel::processors;
use crate::cli::pixels::{self, Video};
use crate::cli::progress::Progress;
use crate::cli::shown::{self, json_line};
use crate::cli::subject::{Answer, Searched, Subject};
use cotejo::report;
use cotejo::still::StillReason;
use std::path::Path;

/// The steps of the progress bar.
const STEPS: u64 = 1000;

/// What is added where pixels were looked through and the answer is that of the hashes.
const PIXELS_TOLD_NOTHING: &str = "The frames' pixels, looked through at several sizes, tell no more.\n";

/// Prints the answer; true if something was found.
pub fn run(arguments: &CompareArguments) -> Result<bool, Failure> {
    if [&arguments.a, &arguments.b].iter().all(|path| *path == Path::new("-")) {
        return Err(Failure::new("standard input can only be one of the two").hint("give a file for the other"));
    }
    let kept = Kept::new([arguments.a.as_path(), &arguments.b]);
    let progress = Progress::new(arguments.quiet);
    let load = |path| Subject::load(path, processors(), &progress);
    let mut subjects = [load(&arguments.a)?, load(&arguments.b)?];
    if let Some(part) = arguments.part {
        let [a, b] = subjects;
        subjects = a.with_part(&arguments.a, (b, &arguments.b), part)?;
    }
    let [a, b] = subjects;
    let bar = progress.steps("comparing", STEPS);
    let answer = a.compare(&b, &mut |share| bar.set_position((share * STEPS as f32) as u64));
    bar.finish_and_clear();
    let answer = look_closer(arguments, [&a, &b], answer?, &progress)?;
    let text = match arguments.json {
        true => json_line(&answer),
        false => in_words(&arguments.a, &arguments.b, &a, &b, &answer),
    };
    output::print(&text, &kept)?;
    Ok(answer.is_found())
}

/// Looks through the pixels where hashes do not tell and the videos themselves are there.
fn look_closer(
    arguments: &CompareArguments,
    [a, b]: [&Subject; 2],
    answer: Answer,
    progress: &Progress,
) -> Result<Answer, Failure> {
    let (a, b) = ((arguments.a.as_path(), a), (arguments.b.as_path(), b));
    match &answer {
        Answer::Still { picture, search, .. } if search.reason != StillReason::FramesAgree => {
            let ((picture, _), (path, subject)) = picture.and_other(a, b);
            let Subject::Video(fingerprint) = subject else { return Ok(answer) };
            let found = pixels::search(picture, arguments.part, Video { path, fingerprint }, progress)?;
            Ok(answer.with_pixels(found))
        }
        Answer::Footage { comparison, .. } => {
            let (Subject::Video(a_print), Subject::Video(b_print)) = (a.1, b.1) else { return Ok(answer) };
            if !comparison.leaves_much_open(a_print, b_print) {
                return Ok(answer);
            }
            let [a, b] = [(a.0, a_print), (b.0, b_print)].map(|(path, fingerprint)| Video { path, fingerprint });
            let found = pixels::compare(a, b, progress)?;
            Ok(match found {
                Some(found) => answer.with_registered(found),
                None => answer,
            })
        }
        _ => Ok(answer),
    }
}

fn in_words(a_path: &Path, b_path: &Path, a: &Subject, b: &Subject, answer: &Answer) -> String {
    let [a_name, b_name] = names(a_path, b_path);
    match answer {
        Answer::Footage { searched, comparison } => {
            let text = report::comparison(&a_name, &b_name, comparison);
            if *searched == Searched::Pixels && !answer.is_found() { text + PIXELS_TOLD_NOTHING } else { text }
        }
        Answer::Still { picture, searched, part, search } => {
            let ((still, _), (video, subject)) = picture.and_other((&a_name, a), (&b_name, b));
            let text = report::still_search(still, video, search, subject.is_video());
            let is_said = answer.is_found() || search.reason == StillReason::NoPixelsAgree;
            let text = if *searched == Searched::Pixels && !is_said { text + PIXELS_TOLD_NOTHING } else { text };
            if part.is_some() {
                format!("{text}Only the part of {still} that you chose was looked for.\n")
            } else {
                text
            }
        }
    }
}

/// The files' names, with their folders only if the names are the same.
fn names(a: &Path, b: &Path) -> [String; 2] {
    let is_ambiguous = a.file_name() == b.file_name();
    [a, b].map(|path| match path.file_name() {
        _ if path == Path::new("-") => "standard input".to_owned(),
        _ if message::is_written_out(path) => "the code".to_owned(),
        Some(name) if !is_ambiguous => shown::path(Path::new(name)),
        _ => shown::path(path),
    })
}
