//! `cotejo search`: one video, picture or fingerprint against many.

use super::inputs;
use super::inspect::to_json_line;
use super::progress::Progress;
use super::subject::{Answer, Subject};
use super::{End, Failure, SearchArguments};
use cotejo::report;
use indicatif::ProgressBar;
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// One line of the answer.
#[derive(Serialize)]
struct Hit {
    file: String,
    #[serde(flatten)]
    answer: Answer,
}

/// Compares the query with each file and prints the ranked answers. Files that cannot be read do not keep the others
/// from it.
pub fn run(arguments: &SearchArguments) -> End {
    match search(arguments) {
        Ok(end) => end,
        Err(failure) => vec![failure].into(),
    }
}

fn search(arguments: &SearchArguments) -> Result<End, Failure> {
    let files = inputs::files_and_fingerprints(&arguments.inputs)?;
    if files.is_empty() {
        return Err(Failure::new("no videos, pictures or fingerprints were found"));
    }
    let progress = Progress::new(arguments.quiet);
    let query = Subject::load(&arguments.query, &progress)?;
    let (mut hits, failures) = compare_all(arguments, &query, &files, &progress);
    hits.sort_by(|a, b| a.answer.rank().cmp(&b.answer.rank()).then_with(|| a.file.cmp(&b.file)));
    let text = if arguments.json { to_json_line(&hits) } else { table(&hits) };
    io::stdout().write_all(text.as_bytes())?;
    Ok(End { nothing_found: !hits.iter().any(|hit| hit.answer.is_found()), failures })
}

fn compare_all(
    arguments: &SearchArguments,
    query: &Subject,
    files: &[PathBuf],
    progress: &Progress,
) -> (Vec<Hit>, Vec<Failure>) {
    let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let jobs = arguments.jobs.map_or(processors, std::num::NonZero::get).min(files.len());
    let bar = progress.steps("searching", files.len() as u64);
    let (next, done) = (AtomicUsize::new(0), Mutex::new((Vec::new(), Vec::new())));
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let hit = compare_one(query, path, progress, &bar);
                    let mut done = done.lock().expect("no thread panics while it holds the lock");
                    match hit {
                        Ok(hit) => done.0.push(hit),
                        Err(failure) => done.1.push(failure),
                    }
                }
            });
        }
    });
    bar.finish_and_clear();
    done.into_inner().expect("no thread panics while it holds the lock")
}

fn compare_one(query: &Subject, path: &Path, progress: &Progress, bar: &ProgressBar) -> Result<Hit, Failure> {
    let subject = Subject::load(path, progress);
    let answer = subject.and_then(|subject| query.compare(&subject, &mut |_| ()).map_err(|failure| failure.of(path)));
    bar.inc(1);
    Ok(Hit { file: path.display().to_string(), answer: answer? })
}

/// A line for each file: verdict, how sure, where, name.
fn table(hits: &[Hit]) -> String {
    let cells = |hit: &Hit| match &hit.answer {
        Answer::Footage(comparison) => (report::comparison_in_short(comparison), comparison.confidence),
        Answer::Still { search, .. } => (report::still_search_in_short(search), search.confidence),
    };
    let rows: Vec<_> = hits.iter().map(|hit| (cells(hit), &hit.file)).collect();
    let width = rows.iter().map(|(((_, place), _), _)| place.len()).max().unwrap_or(0);
    let line = |(((verdict, place), confidence), file): &(((&str, String), f64), &String)| {
        format!("{verdict:<12}  {:>5}  {place:<width$}  {file}\n", report::percent(*confidence))
    };
    rows.iter().map(line).collect()
}
