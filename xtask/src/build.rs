//! Rust core -> WebAssembly -> one HTML file in dist/.

use crate::command::run;
use crate::setup;
use anyhow::{Context, Result};
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
    run("npx", &["esbuild", "--servedir=dist", &format!("--serve=127.0.0.1:{port}"), "--log-level=warning"])
}

/// Writes cotejo.js and cotejo_bg.wasm to target/wasm.
fn build_wasm() -> Result<()> {
    let target = "wasm32-unknown-unknown";
    run("cargo", &["build", "--quiet", "--lib", "--release", "--target", target])?;
    Bindgen::new()
        .input_path(format!("target/{target}/release/cotejo.wasm"))
        .web(true)
        .context("wasm-bindgen: target web")?
        .typescript(true)
        .generate(WASM_FOLDER)
        .context("wasm-bindgen")?;
    let wasm = format!("{WASM_FOLDER}/cotejo_bg.wasm");
    optimise(&wasm, &wasm)
}

/// Writes cotejo_av1.wasm to target/wasm.
fn build_av1() -> Result<()> {
    let target = "wasm32-wasip1";
    run("cargo", &["build", "--quiet", "--package", "cotejo-av1", "--release", "--target", target])?;
    optimise(&format!("target/{target}/release/cotejo_av1.wasm"), &format!("{WASM_FOLDER}/cotejo_av1.wasm"))
}

fn optimise(from: &str, to: &str) -> Result<()> {
    let options = ["wasm-opt", "-O3", "--strip-debug", "--strip-producers", from, "-o", to];
    run("npx", &[options.as_slice(), WASM_FEATURES.as_slice()].concat())
}
