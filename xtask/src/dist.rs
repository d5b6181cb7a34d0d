//! Builds what is published: the page under its own name, the bill of materials, and the digests of all files.

use crate::build;
use crate::command::{ROOT, root, run_command};
use crate::sbom;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The file of digests, for `sha256sum --check`.
const SUMS: &str = "SHA256SUMS";
/// The bill of materials, named as CycloneDX demands.
const BILL: &str = "cotejo.cdx.json";
/// The page under two names: a site's index, and the file that a source saves.
const PAGE: [&str; 2] = ["index.html", "cotejo.html"];
/// Everything that is published, in the order of `sha256sum`.
const PUBLISHED: [&str; 5] = [BILL, "cotejo-ffmpeg.LICENCE.txt", "cotejo-ffmpeg.js", PAGE[1], PAGE[0]];
/// Folders that are generated.
const MADE: [&str; 4] = [".git", "dist", "node_modules", "target"];

/// Builds dist/ for publishing; gives the digests, as SHA256SUMS has them.
pub fn dist() -> Result<String> {
    build::build()?;
    let sums = publish(Path::new("dist"))?;
    print!("{sums}");
    Ok(sums)
}

/// Builds it once more, from a copy of the sources in another folder, and fails unless it has these digests.
pub fn again(sums: &str) -> Result<()> {
    let other = build_again()?;
    if other != sums {
        bail!("a second build gave other bytes:\n{other}");
    }
    println!("a second build, from a copy of the sources in another folder, gave the same bytes");
    Ok(())
}

fn publish(folder: &Path) -> Result<String> {
    fs::copy(folder.join(PAGE[0]), folder.join(PAGE[1])).context("dist/cotejo.html")?;
    fs::write(folder.join(BILL), sbom::write()?)?;
    let line = |name: &str| Ok(format!("{}  {name}\n", to_hex(&Sha256::digest(fs::read(folder.join(name))?))));
    let sums: String = PUBLISHED.into_iter().map(line).collect::<Result<_>>()?;
    fs::write(folder.join(SUMS), &sums)?;
    Ok(sums)
}

/// The digests of a build in another folder, from the sources alone. This program does it, too: to build it there would take a minute, and
/// nothing of it is published.
fn build_again() -> Result<String> {
    let folder = std::env::temp_dir().join(format!("cotejo-again-{}", std::process::id()));
    let built = copy_sources(&root(), &folder).and_then(|()| {
        // Last in the queue for a processor: tests run beside it, and some look at how long something takes.
        let mut again = Command::new("nice");
        again.arg(std::env::current_exe()?).arg("dist").current_dir(&folder);
        run_command(again.env(ROOT, &folder).env_remove("CARGO_TARGET_DIR"))?;
        Ok(fs::read_to_string(folder.join("dist").join(SUMS))?)
    });
    fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    built
}

/// Copies a file, or a folder without what is generated in it.
fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        fs::copy(from, to)?;
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        if !MADE.iter().any(|made| name == *made) {
            copy_sources(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}

/// Two hex digits per byte.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
