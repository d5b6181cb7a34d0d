//! Rust core -> WebAssembly -> one HTML file in dist/.

use crate::command::{self, run, run_with_open_input};
use crate::setup;
use anyhow::{Context, Result};
use lzma_rust2::{XzOptions, XzWriter};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

const WASM_FOLDER: &str = "target/wasm";
/// What Rust's own target uses, and no more: `--all-features` would let in what no browser knows yet.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Builds the page into dist/.
pub fn build() -> Result<()> {
    setup::for_build()?;
    build_wasm()?;
    build_av1()?;
    run("node", &["www/build.mjs"])
}

/// Builds and serves the page on this machine only.
pub fn serve(port: u16) -> Result<()> {
    build()?;
    println!("Cotejo is at http://127.0.0.1:{port}/ - stop with Ctrl-C");
    let address = format!("--serve=127.0.0.1:{port}");
    run_with_open_input("npx", &["esbuild", "--servedir=dist", &address, "--log-level=warning"])
}

/// Writes cotejo.js, cotejo_bg.wasm and cotejo_bg.wasm.xz to target/wasm.
fn build_wasm() -> Result<()> {
    let target = "wasm32-unknown-unknown";
    cargo_build(&["--lib"], target)?;
    Bindgen::new()
        .input_path(format!("target/{target}/release/cotejo.wasm"))
        .web(true)
        .context("wasm-bindgen: target web")?
        .typescript(true)
        .generate(WASM_FOLDER)
        .context("wasm-bindgen")?;
    let wasm = format!("{WASM_FOLDER}/cotejo_bg.wasm");
    optimise(&wasm, &wasm)?;
    pack(&wasm)
}

/// Writes a file packed beside it, as `.xz`. In the page it is base64, which hides from a server's compression what repeats;
/// xz makes the core a quarter smaller than gzip does.
fn pack(path: &str) -> Result<()> {
    let mut packed = XzWriter::new(Vec::new(), XzOptions::with_preset(9))?;
    packed.write_all(&fs::read(path)?)?;
    fs::write(format!("{path}.xz"), packed.finish()?).with_context(|| format!("{path}.xz"))
}

/// Builds for release, the same bytes on every machine: what panics say of places in the sources names no folder of this one.
fn cargo_build(what: &[&str], target: &str) -> Result<()> {
    // The folders of the sources are known once they are there.
    run("cargo", &["fetch", "--quiet", "--locked"])?;
    let flags: Vec<String> = source_folders()?.iter().map(|(from, to)| remapped(from, to)).collect();
    let config = format!("target.{target}.rustflags=[{}]", flags.join(", "));
    let options = ["build", "--quiet", "--locked", "--release", "--target", target, "--config", &config];
    run("cargo", &[options.as_slice(), what].concat())
}

/// Where sources lie on this machine, and what they are called instead.
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
    // TOML's literal strings take no escapes, and folders seldom hold a quote.
    format!("'--remap-path-prefix={}={to}'", from.display())
}

/// Writes cotejo_av1.wasm to target/wasm.
fn build_av1() -> Result<()> {
    let target = "wasm32-wasip1";
    cargo_build(&["--package", "cotejo-av1"], target)?;
    optimise(&format!("target/{target}/release/cotejo_av1.wasm"), &format!("{WASM_FOLDER}/cotejo_av1.wasm"))
}

fn optimise(from: &str, to: &str) -> Result<()> {
    let options = ["wasm-opt", "-O3", "--strip-debug", "--strip-producers", from, "-o", to];
    run("npx", &[options.as_slice(), WASM_FEATURES.as_slice()].concat())
}
