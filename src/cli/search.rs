//! `cotejo search`: one video, picture or fingerprint against many.

use crate::cli::arguments::SearchArguments;
use crate::cli::failure::Failure;
use crate::cli::failure::FailureKind;
use crate::cli::failure::Outcome;
use crate::cli::files::inputs::{Inputs, Wanted};
use crate::cli::files::kept::Kept;
use crate::cli::files::output;
use crate::cli::parallel::{self, processors};
use crate::cli::progress::Progress;
use crate::cli::shown::{self, json_line};
use crate::cli::subject::{Answer, Subject};
use cotejo::compare::{Comparison, Reason};
use cotejo::report::{self, harmless};
use serde::Serialize;
use std::num::NonZero;
use std::path::{Path, PathBuf};

/// One line of the answer.
#[derive(Serialize)]
struct Hit {
    file: String,
    #[serde(flatten)]
    answer: Answer,
}

/// Compares the query with each file and prints the ranked answers. Files that cannot be read do not stop the others.
pub fn run(arguments: &SearchArguments) -> Outcome {
    let mut inputs = Inputs::find(&arguments.inputs, Wanted::VideosAndFingerprints);
    let mut end = match search(arguments, &mut inputs) {
        Ok(nothing_found) => Outcome { nothing_found, ..Outcome::default() },
        Err(failure) => vec![failure].into(),
    };
    end.failures.extend(inputs.failures);
    end.notes = inputs.passed_over.lines();
    end
}

/// True if nothing was found.
fn search(arguments: &SearchArguments, inputs: &mut Inputs) -> Result<bool, Failure> {
    if inputs.files.is_empty() {
        return Err(Failure::new("no videos, pictures or fingerprints were found"));
    }
    let paths = inputs.files.iter().map(|file| file.path.as_path());
    let kept = Kept::new(paths.chain([arguments.query.as_path()]));
    let progress = Progress::new(arguments.quiet);
    let query = Subject::load(&arguments.query, processors(), &progress)?;
    let mut search = Search::new(arguments, &query, &progress);
    search.read(inputs);
    search.compare_the_promising();
    let files = search.hits.len();
    let counted = |hit: Hit| Hit { answer: hit.answer.among(files), ..hit };
    let mut hits: Vec<Hit> = search.hits.into_iter().map(counted).collect();
    hits.sort_by(|a, b| a.answer.order(&b.answer).then_with(|| a.file.cmp(&b.file)));
    let text = if arguments.json { json_line(&hits) } else { table(&hits) };
    inputs.failures.extend(search.failures);
    output::print(&text, &kept)?;
    Ok(!hits.iter().any(|hit| hit.answer.is_found()))
}

/// Reads and glances at everything first, then reads the promising files again and compares them: an archive does not fit into
/// memory.
struct Search<'a> {
    query: &'a Subject,
    progress: &'a Progress,
    jobs: usize,
    /// How many files to compare in full.
    closely: usize,
    /// Videos glanced at, with how promising they are.
    glanced: Vec<(f32, PathBuf)>,
    hits: Vec<Hit>,
    failures: Vec<Failure>,
}

impl<'a> Search<'a> {
    fn new(arguments: &SearchArguments, query: &'a Subject, progress: &'a Progress) -> Self {
        let jobs = arguments.jobs.map_or_else(processors, NonZero::get);
        let closely = if arguments.all { usize::MAX } else { arguments.closely };
        Self { query, progress, jobs, closely, glanced: Vec::new(), hits: Vec::new(), failures: Vec::new() }
    }

    /// Reads all files; answers for those that need no second look.
    fn read(&mut self, inputs: &mut Inputs) {
        let files: Vec<PathBuf> = inputs.files.iter().map(|file| file.path.clone()).collect();
        let is_few = files.len() <= self.closely;
        let read = |path: &PathBuf| {
            let subject = Subject::load(path, 1, self.progress)?;
            // Hashing a video takes longer than comparing it.
            let may_wait = !is_few && Subject::is_fingerprint(path);
            let promise = if may_wait { self.query.glance(&subject) } else { None };
            Ok(match promise {
                Some(promise) => Looked::Glanced(promise),
                None => Looked::Compared(self.answer(path, &subject)?),
            })
        };
        for (file, looked) in inputs.files.iter().zip(self.for_each("searching", &files, read)) {
            match looked {
                Ok(Looked::Glanced(promise)) => self.glanced.push((promise, file.path.clone())),
                Ok(Looked::Compared(answer)) => self.hits.push(Hit::new(&file.path, answer)),
                Err(failure) if file.is_found && failure.kind == FailureKind::NoVideo => {
                    inputs.passed_over.add_without_video(&file.path);
                }
                Err(failure) => self.failures.push(failure),
            }
        }
    }

    fn compare_the_promising(&mut self) {
        self.glanced.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut paths: Vec<PathBuf> = std::mem::take(&mut self.glanced).into_iter().map(|(_, path)| path).collect();
        let others = paths.split_off(self.closely.min(paths.len()));
        let compare = |path: &PathBuf| self.answer(path, &Subject::load(path, 1, self.progress)?);
        for (path, answer) in paths.iter().zip(self.for_each("comparing", &paths, compare)) {
            match answer {
                Ok(answer) => self.hits.push(Hit::new(path, answer)),
                Err(failure) => self.failures.push(failure),
            }
        }
        self.hits.extend(others.iter().map(|path| Hit::new(path, Answer::footage(Comparison::only_glanced_at()))));
    }

    fn answer(&self, path: &Path, subject: &Subject) -> Result<Answer, Failure> {
        self.query.compare(subject, &mut |_| ()).map_err(|failure| failure.of(path))
    }

    /// The results of `work` on each path, in their order.
    fn for_each<T: Send>(
        &self,
        title: &'static str,
        paths: &[PathBuf],
        work: impl Fn(&PathBuf) -> Result<T, Failure> + Sync,
    ) -> Vec<Result<T, Failure>> {
        let bar = self.progress.steps(title, paths.len() as u64);
        let results = parallel::each(paths, self.jobs, |path| {
            let result = work(path);
            bar.inc(1);
            result
        });
        bar.finish_and_clear();
        results
    }
}

/// The result of a first look at a file.
enum Looked {
    Glanced(f32),
    Compared(Answer),
}

impl Hit {
    fn new(path: &Path, answer: Answer) -> Self {
        Self { file: shown::text(path), answer }
    }
}

/// A line for each compared file: verdict, E-value, where, name; and the number of files not compared.
fn table(hits: &[Hit]) -> String {
    let is_glance = |hit: &Hit| matches!(&hit.answer, Answer::Footage { comparison: found, .. } if found.reason == Reason::OnlyGlancedAt);
    let cells = |hit: &Hit| match &hit.answer {
        Answer::Footage { comparison, .. } => {
            (report::comparison_in_short(comparison), in_one_digit(comparison.e_value))
        }
        Answer::Still { search, .. } => (report::still_search_in_short(search), in_one_digit(search.e_value)),
    };
    let rows: Vec<_> = hits.iter().filter(|hit| !is_glance(hit)).map(|hit| (cells(hit), &hit.file)).collect();
    let width = rows.iter().map(|(((_, place), _), _)| place.len()).max().unwrap_or(0);
    let line = |(((verdict, place), sure), file): &(((&str, String), String), &String)| {
        format!("{verdict:<12}  {sure:>5}  {place:<width$}  {}\n", harmless(file))
    };
    let table: String = rows.iter().map(line).collect();
    match hits.len() - rows.len() {
        0 => table,
        others => format!(
            "{table}\n{others} of {} files were only glanced at: a copy that is a small inset may be among them. \
             `--all` compares them in full.\n",
            hits.len()
        ),
    }
}

/// An E-value in one digit: 3e-12; 0 of identical frames.
fn in_one_digit(e_value: Option<f64>) -> String {
    e_value.map_or(String::new(), |e_value| if e_value > 0.0 { format!("{e_value:.0e}") } else { "0".into() })
}
