//! The files to hash -> the target of each one's output.

use crate::cli::arguments::FormatName;
use crate::cli::failure::Failure;
use crate::cli::files::inputs::Input;
use crate::cli::files::kept::Kept;
use crate::cli::files::output::Target;
use crate::cli::shown;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Each file with its target; and for files without one, the reason.
pub type Plan = (Vec<(Input, Target)>, Vec<Failure>);

/// One target for each of `files`.
pub fn plan(
    files: Vec<Input>,
    output: Option<&Path>,
    directory: Option<&Path>,
    format: FormatName,
    kept: &Kept,
) -> Result<Plan, Failure> {
    let is_list = format == FormatName::Sha256sum;
    let one_target = match (output, directory) {
        (Some(_), _) if files.len() > 1 && !is_list => {
            return Err(Failure::new(format!("{} videos do not go into one file", files.len()))
                .hint("give a folder with -d DIR: each video gets a file of its own"));
        }
        (Some(output), _) => Some(Target::named(output)),
        (None, None) if is_list || files.len() == 1 => Some(Target::Standard),
        (None, _) => None,
    };
    match one_target {
        Some(target) => {
            if let Target::File(path) = &target {
                kept.check(path)?;
            }
            Ok((files.into_iter().map(|file| (file, target.clone())).collect(), Vec::new()))
        }
        None => Ok(in_folder(files, directory.unwrap_or(Path::new(".")), format, kept)),
    }
}

/// A target for each file, in the same subfolders as in the searched folder.
fn in_folder(files: Vec<Input>, directory: &Path, format: FormatName, kept: &Kept) -> Plan {
    let (mut plan, mut left_out) = (Vec::new(), Vec::new());
    let mut taken: HashMap<PathBuf, PathBuf> = HashMap::new();
    for file in files {
        let target = directory.join(with_ending(&file.place, format));
        match taken.get(&target) {
            // The file was named twice.
            Some(other) if *other == file.path => continue,
            Some(other) => {
                let failure = Failure::new(format!("its output would have the name of that of {}", shown::path(other)));
                left_out.push(failure.of(&file.path).hint("hash them one at a time, into different folders"));
                continue;
            }
            None => taken.insert(target.clone(), file.path.clone()),
        };
        match kept.check(&target) {
            Ok(()) => plan.push((file, Target::File(target))),
            Err(failure) => left_out.push(failure),
        }
    }
    (plan, left_out)
}

fn with_ending(place: &Path, format: FormatName) -> PathBuf {
    let mut name = place.to_owned().into_os_string();
    name.push(match format {
        FormatName::Fingerprint => ".cotejo",
        FormatName::Csv => ".csv",
        FormatName::Vpdq => ".vpdq.txt",
        FormatName::Sha256sum => ".sha256",
        FormatName::Framehash => ".framehash",
    });
    PathBuf::from(name)
}
