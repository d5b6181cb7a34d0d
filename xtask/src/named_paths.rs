//! Checks that every path that a comment or a document names exists: files are renamed, and comments are forgotten.

use crate::command::root;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

/// Paths that begin with one of these folders are meant from the repository's folder on. Others are not checked.
const FOLDERS: [&str; 6] = ["src/", "www/", "tests/", "docs/", "benches/", "xtask/"];
/// Files with comments or prose, by ending.
const ENDINGS: [&str; 9] = ["rs", "md", "js", "mjs", "ts", "toml", "css", "html", "py"];
/// Those that are read whole: Python explains itself in strings.
const WHOLE: [&str; 3] = ["md", "html", "py"];
/// What is built or installed, not written.
const MADE: [&str; 3] = ["target", "dist", "node_modules"];
/// Tells of files as they were.
const HISTORY: &str = "CHANGELOG.md";

/// An error names each path that leads nowhere, and the line that names it.
pub fn check() -> Result<()> {
    let mut stale = Vec::new();
    check_folder(Path::new(""), &mut stale)?;
    ensure!(stale.is_empty(), "paths that lead nowhere:\n{}", stale.join("\n"));
    Ok(())
}

fn check_folder(folder: &Path, stale: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(root().join(folder)).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        let name = entry.file_name().to_string_lossy().into_owned();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        if entry.file_type()?.is_dir() {
            if !name.starts_with('.') && !MADE.contains(&name.as_str()) {
                check_folder(&path, stale)?;
            }
        } else if ENDINGS.contains(&ending) && name != HISTORY {
            let text = fs::read_to_string(root().join(&path)).with_context(|| path.display().to_string())?;
            let named = named_paths(&text, WHOLE.contains(&ending));
            let missing = named.into_iter().filter(|(_, named)| !root().join(named).exists());
            stale.extend(missing.map(|(line, named)| format!("{}:{line}: {named}", path.display())));
        }
    }
    Ok(())
}

/// The paths of files (`src/lib.rs`) and folders (`src/hash/`) in a document, or in the comments of code, each with its line from 1.
fn named_paths(text: &str, is_document: bool) -> Vec<(usize, &str)> {
    let prose = (1..).zip(text.lines()).filter_map(|(number, line)| {
        let prose = if is_document { Some(line) } else { comment(line) };
        prose.map(|prose| (number, prose))
    });
    prose.flat_map(|(number, prose)| paths(prose).map(move |path| (number, path))).collect()
}

/// The comment of a line of code, if it has one.
fn comment(line: &str) -> Option<&str> {
    let is_comment = line.trim_start().starts_with(['/', '*', '#']);
    if is_comment { Some(line) } else { line.split_once(" // ").map(|(_, comment)| comment) }
}

fn paths(prose: &str) -> impl Iterator<Item = &str> {
    let words = prose.split(|c: char| !c.is_ascii_alphanumeric() && !"_./*-".contains(c));
    // A link names its way from the document's folder, which is one below the repository's or the repository's own.
    let from_root = words.map(|word| word.trim_end_matches('.').trim_start_matches("../").trim_start_matches("./"));
    from_root.filter(|path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_whole = (name.is_empty() || name.contains('.')) && !path.contains('*');
        is_whole && FOLDERS.iter().any(|folder| path.starts_with(folder))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_that_is_named_exists() {
        check().unwrap();
    }

    #[test]
    fn paths_are_read_from_documents_and_comments_only() {
        let document =
            "See [a](../src/a.rs#L3), `docs/b.md`.\nNot av1/src/c.rs, tests/*.d, src/e or target/f.rs, but src/g/.";
        assert_eq!(named_paths(document, true), [(1, "src/a.rs"), (1, "docs/b.md"), (2, "src/g/")]);
        let code = "/// As in src/a.rs:\nlet file = \"src/b.rs\"; // not www/build.mjs.\n# tests/cli.rs";
        assert_eq!(named_paths(code, false), [(1, "src/a.rs"), (2, "www/build.mjs"), (3, "tests/cli.rs")]);
    }
}
