//! The native command. All it knows of video comes from the library; see `src/cli`.
// Denied, not forbidden: src/cli/files/closed.rs registers a function that runs before `main`, with an attribute that counts as
// unsafe.
#![deny(unsafe_code)]

#[cfg(not(target_arch = "wasm32"))]
mod cli;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    cli::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
