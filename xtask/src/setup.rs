//! Installs what building and testing need, or says exactly what to install.

use crate::command::{exists, run};
use anyhow::{Result, bail, ensure};
use std::path::Path;

/// Programs that the tests need: program, Debian package.
const TEST_PROGRAMS: [(&str, &str); 7] = [
    ("ffmpeg", "ffmpeg"),
    ("python3", "python3"),
    ("strace", "strace"),
    ("chromium", "chromium"),
    ("firefox-esr", "firefox-esr"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("Xvfb", "xvfb"),
];

/// Decoders for WebKit: a file in [`PLUGINS`], Debian package.
const TEST_PLUGINS: [(&str, &str); 3] = [
    ("libgstlibav.so", "gstreamer1.0-libav"),
    ("libgstvpx.so", "gstreamer1.0-plugins-good"),
    ("libgstvideoparsersbad.so", "gstreamer1.0-plugins-bad"),
];

/// GStreamer's plugins are in a subfolder that is named after the kind of machine.
const LIBRARIES: &str = "/usr/lib";
const PLUGINS: &str = "gstreamer-1.0";

/// The targets of the page's core and AV1 decoder. `rust-toolchain.toml` names them, too, but rustup adds them by itself only when
/// it installs the toolchain.
const WASM_TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "wasm32-wasip1"];

/// Installs what building the page needs: Rust's WebAssembly targets, Node.js, and the npm packages of package-lock.json.
pub fn for_build() -> Result<()> {
    if !has_wasm_targets()? {
        run("rustup", &[["target", "add"], WASM_TARGETS].concat())?;
    }
    if !exists("npm") {
        bail!("npm was not found: install Node.js 20 or newer with npm (on Debian: apt-get install nodejs npm)");
    }
    let (lock, installed) = (Path::new("package-lock.json"), Path::new("node_modules/.package-lock.json"));
    let modified = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    if modified(installed) < modified(lock) {
        // npm would empty the folder that the link leads to.
        ensure!(!Path::new("node_modules").is_symlink(), "node_modules is a link; remove it, and npm installs its own");
        run("npm", &["ci", "--no-audit", "--no-fund"])?;
    }
    Ok(())
}

/// Also installs what the tests need: ffmpeg, Python, strace and the browsers.
pub fn for_tests() -> Result<()> {
    for_build()?;
    install(&missing()?)
}

/// The Debian packages that the tests need and this machine has not. Fails, with the command to run, if [`install`] cannot.
pub fn missing() -> Result<Vec<&'static str>> {
    let programs = TEST_PROGRAMS.iter().filter(|(program, _)| !exists(program));
    let plugins = TEST_PLUGINS.iter().filter(|(file, _)| !has_plugin(file));
    let missing: Vec<&str> = programs.chain(plugins).map(|&(_, package)| package).collect();
    if !missing.is_empty() && (!is_root() || !exists("apt-get")) {
        let by_hand = format!("apt-get update && apt-get install --no-install-recommends {}", missing.join(" "));
        bail!("the tests need programs that are not installed. As root, run:\n    {by_hand}");
    }
    Ok(missing)
}

/// Installs Debian packages, if there are any to install.
pub fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    run("apt-get", &["update", "-qq"])?;
    let install = ["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends"];
    run("env", &[&install, packages].concat())
}

fn has_wasm_targets() -> Result<bool> {
    let rustc = std::process::Command::new("rustc").args(["--print", "sysroot"]).output()?;
    let sysroot = String::from_utf8(rustc.stdout)?;
    let installed = Path::new(sysroot.trim()).join("lib/rustlib");
    Ok(WASM_TARGETS.iter().all(|target| installed.join(target).join("lib").is_dir()))
}

fn has_plugin(file: &str) -> bool {
    let machines = std::fs::read_dir(LIBRARIES).into_iter().flatten().flatten();
    machines.map(|machine| machine.path().join(PLUGINS)).any(|plugins| plugins.join(file).is_file())
}

fn is_root() -> bool {
    let id = std::process::Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout == b"0\n")
}
