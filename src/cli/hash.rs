//! `cotejo hash`: videos and pictures -> fingerprints, and the other formats.

use super::decode::{HashedFrame, Taker, Work};
use super::decoders;
use super::file::{Stamp, check_head, read_head, read_picture, scan, scan_beside};
use super::inputs::{self, Output, Target};
use super::parallel::{self, processors};
use super::probe;
use super::progress::Progress;
use super::{Failure, FormatName, HashArguments};
use cotejo::classic::Algorithm;
use cotejo::digest::to_hex;
use cotejo::export::{self, Format, Sink, sha256sum_line};
use cotejo::ffmpeg::log::FrameTimes;
use cotejo::ffmpeg::probe::Video;
use cotejo::ffmpeg::recipe::Clock;
use cotejo::file_scan::{FileFacts, FileRecord, container_name};
use cotejo::fingerprint::{ProblemCode, RecordError, Recorder, classic_in_order};
use cotejo::motion::TimeBase;
use cotejo::picture;
use indicatif::ProgressBar;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// Each takes memory for some thirty frames.
const MOST_DECODERS: usize = 16;

/// Hashes every input; what failed is returned, and the others are done all the same.
pub fn run(arguments: &HashArguments) -> Vec<Failure> {
    let plan = inputs::files(&arguments.inputs).and_then(|files| {
        let (output, directory) = (arguments.output.as_deref(), arguments.directory.as_deref());
        let targets = inputs::targets(&files, output, directory, arguments.format)?;
        Ok(files.into_iter().zip(targets).collect::<Vec<_>>())
    });
    match plan {
        Ok(plan) => hash_all(arguments, &plan),
        Err(failure) => vec![failure],
    }
}

fn hash_all(arguments: &HashArguments, plan: &[(PathBuf, Target)]) -> Vec<Failure> {
    // One decoder and its hashing keep about two processors busy; what is left over, files share with several.
    let most_jobs = arguments.jobs.map_or(processors().div_ceil(2), std::num::NonZero::get);
    let jobs = most_jobs.min(plan.len());
    if arguments.format == FormatName::Sha256sum && plan.iter().all(|(_, target)| *target == plan[0].1) {
        return list_digests(plan, &plan[0].1).unwrap_or_else(|failure| vec![failure]);
    }
    let decoders =
        arguments.decoders.map_or_else(|| processors().div_ceil(jobs).min(MOST_DECODERS), std::num::NonZero::get);
    let task = Task::new(arguments, decoders);
    let hash = |(path, target): &(PathBuf, Target)| task.hash_file(path, target).err().map(|failure| failure.of(path));
    parallel::each(plan, jobs, hash).into_iter().flatten().collect()
}

/// The digests of all files in one output, as `sha256sum` lists them.
fn list_digests(plan: &[(PathBuf, Target)], target: &Target) -> Result<Vec<Failure>, Failure> {
    let mut output = Output::open(target)?;
    let mut failures = Vec::new();
    for (path, _) in plan {
        match digest_line(path) {
            Ok(line) => output.write_all(line.as_bytes())?,
            Err(error) => failures.push(Failure::from(error).of(path)),
        }
    }
    output.complete()?;
    Ok(failures)
}

fn digest_line(path: &Path) -> io::Result<String> {
    Ok(sha256sum_line(&to_hex(&scan(path)?.sha256), &path.to_string_lossy()))
}

/// What is the same for all files of one run.
struct Task {
    format: FormatName,
    algorithms: Vec<Algorithm>,
    /// How many decoders share a video, where it can be cut.
    decoders: usize,
    progress: Progress,
}

impl Task {
    fn new(arguments: &HashArguments, decoders: usize) -> Self {
        let named: Vec<Algorithm> = arguments.classic.iter().filter_map(|name| name.algorithm()).collect();
        let progress = Progress::new(arguments.quiet);
        Self { format: arguments.format, algorithms: classic_in_order(&named), decoders, progress }
    }

    fn hash_file(&self, path: &Path, target: &Target) -> Result<(), Failure> {
        let head = read_head(path)?;
        let format = match self.format {
            FormatName::Sha256sum => return Self::sha256sum(path, target),
            FormatName::Framehash => return self.framehash(path, target),
            FormatName::Fingerprint => Format::Fingerprint,
            FormatName::Csv => Format::Csv,
            FormatName::Vpdq => Format::Vpdq,
        };
        check_head(&head)?;
        if container_name(&head).is_some_and(picture::is_picture) {
            return self.picture(path, target, format);
        }
        self.video(path, target, format)
    }

    fn sha256sum(path: &Path, target: &Target) -> Result<(), Failure> {
        let mut output = Output::open(target)?;
        output.write_all(digest_line(path)?.as_bytes())?;
        Ok(output.complete()?)
    }

    fn picture(&self, path: &Path, target: &Target, format: Format) -> Result<(), Failure> {
        let (bytes, record) = read_picture(path)?;
        let fingerprint = picture::fingerprint(&bytes, &self.algorithms, record).map_err(Failure::new)?;
        let mut output = Output::open(target)?;
        export::write(&fingerprint, format, "", &mut output)?;
        Ok(output.complete()?)
    }

    fn framehash(&self, path: &Path, target: &Target) -> Result<(), Failure> {
        let video = probe::probe(path)?;
        let bar = self.progress.file(path, video.frames);
        let mut output = Output::open(target)?;
        let mut taker = FramehashWriter { video: &video, output: &mut output, bar };
        _ = scan_beside(path, || {
            decoders::decode_alone(path, &video, Clock::FfmpegDefault, Work::Digests, &mut taker)
        })?;
        Ok(output.complete()?)
    }

    fn video(&self, path: &Path, target: &Target, format: Format) -> Result<(), Failure> {
        let video = probe::probe(path)?;
        let mut output = Output::open(target)?;
        hash_video(path, &video, self.decoders, &self.algorithms, format, &mut output, &self.progress)?;
        Ok(output.complete()?)
    }
}

/// Hashes a video into `output`, with up to so many decoders.
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
    let mut taker = Recording::new(video, algorithms, format, output);
    let decode = || decoders::decode(path, video, decoders, Work::All(algorithms), &bar, &mut taker);
    let (problems, file) = scan_beside(path, decode)?;
    bar.finish_and_clear();
    taker.finish(&file, &problems)?;
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

impl Taker for Recording<'_> {
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
struct FramehashWriter<'a> {
    video: &'a Video,
    output: &'a mut Output,
    bar: ProgressBar,
}

impl Taker for FramehashWriter<'_> {
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
