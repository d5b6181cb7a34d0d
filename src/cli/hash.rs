//! `cotejo hash`: videos and pictures -> fingerprints, and the other formats.

use crate::cli::arguments::FormatName;
use crate::cli::arguments::HashArguments;
use crate::cli::decoding::decode::{FrameSink, HashedFrame, Work};
use crate::cli::decoding::decoders;
use crate::cli::decoding::probe;
use crate::cli::failure::Failure;
use crate::cli::failure::FailureKind;
use crate::cli::failure::Outcome;
use crate::cli::files::file::{self, Stamp, check_head, read_head, read_picture, scan, scan_beside};
use crate::cli::files::inputs::{self, Input, Inputs, PassedOver, Wanted};
use crate::cli::files::kept::Kept;
use crate::cli::files::output::{Content, Output, Target};
use crate::cli::files::targets;
use crate::cli::parallel::{self, processors};
use crate::cli::progress::Progress;
use crate::cli::shown;
use cotejo::ffmpeg::log::FrameTimes;
use cotejo::ffmpeg::probe::Video;
use cotejo::ffmpeg::recipe::Clock;
use cotejo::file_scan::{FileFacts, FileRecord, container_name};
use cotejo::fingerprint::picture;
use cotejo::fingerprint::{ProblemCode, RecordError, Recorder, classic_in_order};
use cotejo::format::export::{self, Format, Sink, sha256sum_line};
use cotejo::hash::classic::Algorithm;
use cotejo::hash::digest::to_hex;
use cotejo::hash::motion::TimeBase;
use indicatif::ProgressBar;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::Path;

/// The most decoders: each takes memory for about thirty frames.
const MOST_DECODERS: usize = 16;

/// Hashes every input; returns what failed, after all others are done.
pub fn run(arguments: &HashArguments) -> Outcome {
    let Inputs { files, mut failures, mut passed_over } = Inputs::find(&arguments.inputs, Wanted::Videos);
    let is_search = files.iter().any(|file| file.is_found) || !failures.is_empty();
    if files.is_empty() {
        failures.push(inputs::none_found());
    } else {
        failures.extend(hash_files(arguments, files, &mut passed_over));
    }
    let mut notes = passed_over.lines();
    if is_search && !failures.is_empty() {
        notes.push(format!("left out {}, each for the reason above", failures.len()));
    }
    Outcome { failures, notes, ..Outcome::default() }
}

fn hash_files(arguments: &HashArguments, files: Vec<Input>, passed_over: &mut PassedOver) -> Vec<Failure> {
    let kept = Kept::new(files.iter().map(|file| file.path.as_path()));
    let (output, directory) = (arguments.output.as_deref(), arguments.directory.as_deref());
    let (plan, mut failures) = match targets::plan(files, output, directory, arguments.format, &kept) {
        Ok(plan) => plan,
        Err(failure) => return vec![failure],
    };
    let is_one_list =
        |target| arguments.format == FormatName::Sha256sum && plan.iter().all(|(_, other)| other == target);
    failures.extend(match plan.first() {
        None => Vec::new(),
        Some((_, target)) if is_one_list(target) => {
            list_digests(&plan, target, &kept).unwrap_or_else(|failure| vec![failure])
        }
        Some(_) => hash_all(arguments, &plan, &kept, passed_over),
    });
    failures
}

fn hash_all(
    arguments: &HashArguments,
    plan: &[(Input, Target)],
    kept: &Kept,
    passed_over: &mut PassedOver,
) -> Vec<Failure> {
    // One decoder and its hashing keep about two processors busy; files with several decoders share the rest.
    let most_jobs = arguments.jobs.map_or(processors().div_ceil(2), std::num::NonZero::get);
    let jobs = most_jobs.min(plan.len());
    let decoders =
        arguments.decoders.map_or_else(|| processors().div_ceil(jobs).min(MOST_DECODERS), std::num::NonZero::get);
    let task = Task::new(arguments, decoders, kept);
    let results = parallel::each(plan, jobs, |(input, target)| task.hash_file(&input.path, target));
    let mut failures = Vec::new();
    for ((input, _), result) in plan.iter().zip(results) {
        match result {
            Ok(()) => {}
            // Sound uses the same containers, so only now it is known to be no video.
            Err(failure) if input.is_found && failure.kind == FailureKind::NoVideo => {
                passed_over.add_without_video(&input.path);
            }
            Err(failure) => failures.push(failure.of(&input.path)),
        }
    }
    failures
}

/// The digests of all files in one output, as `sha256sum` lists them.
fn list_digests(plan: &[(Input, Target)], target: &Target, kept: &Kept) -> Result<Vec<Failure>, Failure> {
    let mut output = Output::open(target, Content::Text, kept)?;
    let is_shown = *target == Target::Standard && io::stdout().is_terminal();
    let mut failures = Vec::new();
    for (Input { path, .. }, _) in plan {
        match digest_line(path, is_shown) {
            Ok(line) => output.write_all(&line)?,
            Err(failure) => failures.push(failure.of(path)),
        }
    }
    output.complete()?;
    Ok(failures)
}

/// With the name's own bytes, by which `sha256sum --check` finds the file; for a terminal, as people may read it.
fn digest_line(path: &Path, is_shown: bool) -> Result<Vec<u8>, Failure> {
    let sha256 = to_hex(&scan(path)?.sha256);
    Ok(match is_shown {
        true => sha256sum_line(&sha256, shown::path(path).as_bytes()),
        false => sha256sum_line(&sha256, path.as_os_str().as_encoded_bytes()),
    })
}

/// What all files of a run share.
struct Task<'a> {
    format: FormatName,
    algorithms: Vec<Algorithm>,
    /// How many decoders share a video, if it can be cut.
    decoders: usize,
    progress: Progress,
    kept: &'a Kept,
    /// Whether to create the folder of an output.
    makes_folders: bool,
}

impl<'a> Task<'a> {
    fn new(arguments: &HashArguments, decoders: usize, kept: &'a Kept) -> Self {
        let named: Vec<Algorithm> = arguments.classic.iter().filter_map(|name| name.algorithm()).collect();
        let progress = Progress::new(arguments.quiet);
        Self {
            format: arguments.format,
            algorithms: classic_in_order(&named),
            decoders,
            progress,
            kept,
            makes_folders: arguments.output.is_none(),
        }
    }

    fn open(&self, target: &Target) -> Result<Output<'a>, Failure> {
        if let (true, Target::File(path)) = (self.makes_folders, target) {
            let folder = file::folder_of(path);
            let not_made = |error| Failure::of_output(format!("{} cannot be made: {error}", shown::path(folder)));
            fs::create_dir_all(folder).map_err(not_made)?;
        }
        let content = if self.format == FormatName::Fingerprint { Content::Fingerprint } else { Content::Text };
        Output::open(target, content, self.kept)
    }

    fn hash_file(&self, path: &Path, target: &Target) -> Result<(), Failure> {
        if path == Path::new("-") {
            return Err(Failure::new("a video cannot be read from standard input")
                .hint("save it to a file first; a file of this name is ./-"));
        }
        let head = read_head(path)?;
        if self.format == FormatName::Sha256sum {
            return self.sha256sum(path, target);
        }
        check_head(&head)?;
        file::check_not_wrapped(&head)?;
        file::check_no_fingerprint(&head)?;
        let format = match self.format {
            FormatName::Framehash => return self.framehash(path, target),
            FormatName::Csv => Format::Csv,
            FormatName::Vpdq => Format::Vpdq,
            _ => Format::Fingerprint,
        };
        if container_name(&head).is_some_and(picture::is_picture) {
            return self.picture(path, target, format);
        }
        self.video(path, target, format)
    }

    fn sha256sum(&self, path: &Path, target: &Target) -> Result<(), Failure> {
        let mut output = self.open(target)?;
        output.write_all(&digest_line(path, false)?)?;
        output.complete()
    }

    fn picture(&self, path: &Path, target: &Target, format: Format) -> Result<(), Failure> {
        let (bytes, record) = read_picture(path)?;
        let fingerprint = picture::fingerprint(&bytes, &self.algorithms, record).map_err(Failure::new)?;
        let mut output = self.open(target)?;
        export::write(&fingerprint, format, "", &mut output)?;
        output.complete()
    }

    fn framehash(&self, path: &Path, target: &Target) -> Result<(), Failure> {
        let video = probe::probe(path)?;
        let bar = self.progress.file(path, video.frames);
        let mut output = self.open(target)?;
        let mut writer = FramehashWriter { video: &video, output: &mut output, bar };
        _ = scan_beside(path, || {
            decoders::decode_alone(path, &video, Clock::FfmpegDefault, Work::Digests, &mut writer)
        })?;
        output.complete()
    }

    fn video(&self, path: &Path, target: &Target, format: Format) -> Result<(), Failure> {
        let video = probe::probe(path)?;
        let mut output = self.open(target)?;
        hash_video(path, &video, self.decoders, &self.algorithms, format, &mut output, &self.progress)?;
        output.complete()
    }
}

/// Hashes a video into `output`, with up to `decoders` decoders.
pub fn hash_video(
    path: &Path,
    video: &Video,
    decoders: usize,
    algorithms: &[Algorithm],
    format: Format,
    output: &mut (impl Write + Send),
    progress: &Progress,
) -> Result<(), Failure> {
    let before = Stamp::of(path)?;
    let bar = progress.file(path, video.frames);
    let mut recording = Recording::new(video, algorithms, format, output);
    let decode = || decoders::decode(path, video, decoders, Work::All(algorithms), &bar, &mut recording);
    let (problems, file) = scan_beside(path, decode)?;
    bar.finish_and_clear();
    recording.finish(&file, &problems)?;
    if Stamp::of(path)? != before {
        let failure = Failure::new("the file changed while it was read");
        return Err(failure.hint("wait until it is complete, then hash it again"));
    }
    Ok(())
}

/// Records frames and writes them as they come.
struct Recording<'a> {
    video: &'a Video,
    algorithms: &'a [Algorithm],
    format: Format,
    output: Option<&'a mut (dyn Write + Send)>,
    started: Option<(Recorder, Box<dyn Sink + Send + 'a>)>,
}

impl<'a> Recording<'a> {
    fn new(video: &'a Video, algorithms: &'a [Algorithm], format: Format, output: &'a mut (dyn Write + Send)) -> Self {
        Self { video, algorithms, format, output: Some(output), started: None }
    }

    fn finish(self, file: &FileFacts, problems: &[(ProblemCode, Option<u64>)]) -> Result<(), Failure> {
        let (mut recorder, sink) = self.started.ok_or_else(|| Failure::new(RecordError::NoFrames))?;
        for &(code, frame) in problems {
            recorder.note_problem(code, frame);
        }
        if file.broken {
            recorder.note_problem(ProblemCode::DecodeError, None);
        }
        let promised_s = self.video.duration_s;
        let (motion, trailer) =
            recorder.finish(FileRecord::from(file), file.cut_off, promised_s).map_err(Failure::new)?;
        Ok(sink.finish(&motion, &trailer)?)
    }
}

impl FrameSink for Recording<'_> {
    fn start(&mut self, time_base: TimeBase, _heading: &[String]) -> Result<(), Failure> {
        let header = self.video.header(time_base, self.algorithms);
        let output = self.output.take().expect("a video starts once");
        self.started = Some((Recorder::new(time_base), export::sink(self.format, output, &header, "")?));
        Ok(())
    }

    fn frame(&mut self, frame: HashedFrame) -> Result<ControlFlow<()>, Failure> {
        let (recorder, sink) = self.started.as_mut().expect("a video starts before its frames");
        let hashes = frame.hashes.expect("all work was asked for");
        let index = recorder.frames();
        let record = recorder.push(frame.times.pts, &hashes, Some(frame.sha256)).map_err(Failure::new)?;
        sink.frame(index, &record)?;
        Ok(ControlFlow::Continue(()))
    }
}

/// Writes what `ffmpeg -f framehash -hash sha256` prints.
struct FramehashWriter<'a, 'b> {
    video: &'a Video,
    output: &'a mut Output<'b>,
    bar: ProgressBar,
}

impl FrameSink for FramehashWriter<'_, '_> {
    fn start(&mut self, _time_base: TimeBase, heading: &[String]) -> Result<(), Failure> {
        for line in heading {
            if line.starts_with("#hash:") {
                writeln!(self.output, "#hash: SHA256")?;
            } else if line.starts_with("#dimensions 0:") {
                let format = &self.video.format;
                writeln!(self.output, "#dimensions 0: {}x{}", format.width, format.height)?;
            } else {
                writeln!(self.output, "{line}")?;
            }
        }
        Ok(())
    }

    fn frame(&mut self, frame: HashedFrame) -> Result<ControlFlow<()>, Failure> {
        let FrameTimes { dts, pts, duration } = frame.times;
        let (bytes, digest) = (self.video.format.frame_bytes(), to_hex(&frame.sha256));
        writeln!(self.output, "0, {dts:>10}, {pts:>10}, {duration:>8}, {bytes:>8}, {digest}")?;
        self.bar.inc(1);
        Ok(ControlFlow::Continue(()))
    }
}
