//! Rust core -> WebAssembly -> one HTML file in dist/.

use crate::command::{self, become_program, run};
use crate::dist::to_hex;
use crate::setup;
use anyhow::{Context, Result};
use lzma_rust2::{XzOptions, XzWriter};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// Where the published parts are built, and those of the page to work on.
const RELEASE: Place = Place { profile: "release", parts: "target/wasm", page: "dist" };
const PAGE: Place = Place { profile: "page", parts: "target/wasm-page", page: "target/page" };
/// The features that Rust's own target uses, and no more: `--all-features` would allow some that browsers do not have yet.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// How a page is built, and where.
#[derive(Clone, Copy)]
struct Place {
    /// Cargo's profile.
    profile: &'static str,
    /// The folder of the WebAssembly parts.
    parts: &'static str,
    /// The folder of the page.
    page: &'static str,
}

impl Place {
    /// Whether it is published: then it must be small and fast, and the same on every machine.
    fn is_published(self) -> bool {
        self.profile == RELEASE.profile
    }
}

/// Builds the page into dist/.
pub fn build() -> Result<()> {
    build_parts(RELEASE)?;
    build_av1(RELEASE)?;
    build_worker(RELEASE)?;
    run("node", &["www/build.mjs"])
}

/// Builds a page to work on, and serves it to this machine only, until stopped; with ffmpeg's part if asked for.
pub fn serve(port: u16, with_ffmpeg: bool) -> Result<()> {
    build_parts(PAGE)?;
    if with_ffmpeg {
        build_av1(PAGE)?;
    }
    build_worker(PAGE)?;
    let part = if with_ffmpeg { "ffmpeg" } else { "no-ffmpeg" };
    run("node", &["www/build.mjs", PAGE.parts, PAGE.page, part])?;
    become_program("node", &["www/serve.mjs", PAGE.page, &port.to_string()])
}

/// Writes cotejo.js, cotejo_bg.wasm and cotejo_bg.wasm.xz, unless they are there already.
fn build_parts(place: Place) -> Result<()> {
    setup::for_build()?;
    let target = "wasm32-unknown-unknown";
    cargo_build(&["--lib"], target, place)?;
    let built = format!("target/{target}/{}/cotejo.wasm", place.profile);
    let wasm = format!("{}/cotejo_bg.wasm", place.parts);
    if is_made_of(&wasm, &built)? {
        return Ok(());
    }
    Bindgen::new()
        .input_path(&built)
        .web(true)
        .context("wasm-bindgen: target web")?
        .typescript(true)
        .generate(place.parts)
        .context("wasm-bindgen")?;
    if place.is_published() {
        optimise(&wasm, &wasm)?;
    }
    pack(&wasm, place)?;
    note_made_of(&wasm, &built)
}

/// Whether `made` was made from the current `source`, according to a note beside it: making it takes a minute.
fn is_made_of(made: &str, source: &str) -> Result<bool> {
    let noted = fs::read_to_string(note_of(made)).unwrap_or_default();
    Ok(Path::new(made).is_file() && noted == digest_of(source)?)
}

fn note_made_of(made: &str, source: &str) -> Result<()> {
    Ok(fs::write(note_of(made), digest_of(source)?)?)
}

fn note_of(made: &str) -> String {
    format!("{made}.made-of")
}

/// A digest of a file and of this program, because another program may make something else of the file.
fn digest_of(source: &str) -> Result<String> {
    let mut digest = Sha256::new();
    digest.update(fs::read(source).with_context(|| source.to_owned())?);
    digest.update(fs::read(std::env::current_exe()?)?);
    Ok(to_hex(&digest.finalize()))
}

/// Writes worker.js and worker.js.xz. In the page it is packed like the core: 14 kB less than as text under a server's gzip.
fn build_worker(place: Place) -> Result<()> {
    run("node", &["www/build.mjs", "worker", place.parts])?;
    pack(&format!("{}/worker.js", place.parts), place)
}

/// Writes a packed copy of a file, `.xz`. In the page it is base64, whose repetitions a server's compression cannot see; xz makes
/// the core a quarter smaller than gzip.
fn pack(path: &str, place: Place) -> Result<()> {
    let mut options = XzOptions::with_preset(if place.is_published() { 9 } else { 0 });
    if place.is_published() {
        // Neither WebAssembly nor a script has columns of four bytes, for which the presets are made: 2 kB less.
        (options.lzma_options.lc, options.lzma_options.pb) = (4, 0);
        (options.lzma_options.nice_len, options.lzma_options.depth_limit) = (273, 1000);
    }
    let mut packed = XzWriter::new(Vec::new(), options)?;
    packed.write_all(&fs::read(path)?)?;
    fs::write(format!("{path}.xz"), packed.finish()?).with_context(|| format!("{path}.xz"))
}

/// Builds. Published parts have the same bytes on every machine: panic messages name no folder of this one.
fn cargo_build(what: &[&str], target: &str, place: Place) -> Result<()> {
    let options = ["build", "--locked", "--profile", place.profile, "--target", target];
    if !place.is_published() {
        return run("cargo", &[options.as_slice(), what].concat());
    }
    // The sources' folders are known only after fetching.
    run("cargo", &["fetch", "--quiet", "--locked"])?;
    let flags: Vec<String> = source_folders()?.iter().map(|(from, to)| remapped(from, to)).collect();
    let config = format!("target.{target}.rustflags=[{}]", flags.join(", "));
    run("cargo", &[options.as_slice(), &["--quiet", "--config", &config], what].concat())
}

/// Folders of sources on this machine, and the names to use instead.
fn source_folders() -> Result<Vec<(PathBuf, &'static str)>> {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home).context("neither CARGO_HOME nor HOME")?;
    let registries = fs::read_dir(cargo.join("registry/src")).context("the registry's sources")?;
    let mut folders = vec![(command::root(), "cotejo")];
    for registry in registries {
        folders.push((registry?.path(), "crates"));
    }
    Ok(folders)
}

fn remapped(from: &Path, to: &str) -> String {
    // TOML's literal strings take no escapes, but folder names seldom contain a quote.
    format!("'--remap-path-prefix={}={to}'", from.display())
}

/// Writes cotejo_av1.wasm, unless it is there already.
fn build_av1(place: Place) -> Result<()> {
    let target = "wasm32-wasip1";
    // Without link-time optimisation it would be half as fast: too slow to work with.
    let released = Place { profile: RELEASE.profile, ..place };
    cargo_build(&["--package", "cotejo-av1"], target, released)?;
    let built = format!("target/{target}/{}/cotejo_av1.wasm", released.profile);
    let made = format!("{}/cotejo_av1.wasm", place.parts);
    if is_made_of(&made, &built)? {
        return Ok(());
    }
    optimise(&built, &made)?;
    note_made_of(&made, &built)
}

fn optimise(from: &str, to: &str) -> Result<()> {
    // Twice: 1 kB less. No data lies in the first kilobyte, which is the far end of the stack, so offsets may be folded: 3 kB less.
    let options =
        ["wasm-opt", "--low-memory-unused", "-O3", "-O3", "--strip-debug", "--strip-producers", from, "-o", to];
    run("npx", &[options.as_slice(), WASM_FEATURES.as_slice()].concat())
}
