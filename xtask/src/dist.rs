//! What is published: the page under its own name, and the digests of all files.

use crate::build;
use crate::command::{root, run, run_command};
use anyhow::{Context, Result, bail};
use cotejo::digest::{sha256, to_hex};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The digests' file, as `sha256sum --check` reads it.
const SUMS: &str = "SHA256SUMS";

/// Builds dist/ for publishing; `again` builds it once more from a clone in another folder, and compares.
pub fn dist(again: bool) -> Result<()> {
    build::build()?;
    let sums = publish(Path::new("dist"))?;
    print!("{sums}");
    if again {
        let other = build_again()?;
        if other != sums {
            bail!("a second build gave other bytes:\n{other}");
        }
        println!("a second build, from a clone in another folder, gave the same bytes");
    }
    Ok(())
}

/// One file is both: a site's index, and what a source saves.
fn publish(folder: &Path) -> Result<String> {
    fs::copy(folder.join("index.html"), folder.join("cotejo.html")).context("dist/cotejo.html")?;
    let mut names: Vec<String> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    names.retain(|name| name != SUMS);
    names.sort();
    let line = |name: &String| Ok(format!("{}  {name}\n", to_hex(&sha256(&fs::read(folder.join(name))?))));
    let sums: String = names.iter().map(line).collect::<Result<_>>()?;
    fs::write(folder.join(SUMS), &sums)?;
    Ok(sums)
}

/// The digests of what is committed, built elsewhere from nothing.
fn build_again() -> Result<String> {
    let folder = std::env::temp_dir().join(format!("cotejo-again-{}", std::process::id()));
    let path = folder.to_string_lossy();
    run("git", &["clone", "--quiet", &root().to_string_lossy(), &path])?;
    let built = run_command(
        Command::new("cargo")
            .args(["run", "--quiet", "--package", "xtask", "--", "dist"])
            .current_dir(&folder)
            .env_remove("CARGO_TARGET_DIR"),
    );
    let sums = built.and_then(|()| Ok(fs::read_to_string(folder.join("dist").join(SUMS))?));
    fs::remove_dir_all(&folder).with_context(|| path.clone().into_owned())?;
    sums
}
