//! Progress bars on a terminal; none if standard error is no terminal.

use crate::cli::shown;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::path::Path;

/// The bars of all files being worked on.
#[derive(Clone, Debug)]
pub struct Progress(MultiProgress);

impl Progress {
    /// No bars if `quiet`; `indicatif` itself draws none if standard error is no terminal.
    pub fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        Self(MultiProgress::with_draw_target(target))
    }

    /// A bar for a comparison, or for a search of many files.
    pub fn steps(&self, name: &str, steps: u64) -> ProgressBar {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %").expect("the template is well formed");
        self.0.add(ProgressBar::new(steps).with_style(style).with_message(name.to_owned()))
    }

    /// A bar for one file, of `frames` frames if that is known.
    pub fn file(&self, path: &Path, frames: Option<u64>) -> ProgressBar {
        let (bar, template) = match frames {
            Some(frames) => (ProgressBar::new(frames), "{msg} {wide_bar} {pos}/{len} frames, {per_sec}, {eta} left"),
            None => (ProgressBar::new_spinner(), "{msg} {spinner} {pos} frames, {per_sec}"),
        };
        let style = ProgressStyle::with_template(template).expect("the template is well formed");
        let name = shown::path(Path::new(path.file_name().unwrap_or_default()));
        self.0.add(bar.with_style(style).with_message(name))
    }
}
