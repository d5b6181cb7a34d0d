//! Whether anything bad is known of the libraries, and whether they are what their authors published. Needs the network, and
//! so is a step before publishing and no test: a library's name goes out, nothing of this project.

use super::command::{exists, run};
use anyhow::{Result, bail};

/// Asks the databases of advisories, and npm for its signatures.
pub fn audit() -> Result<()> {
    if !exists("cargo-deny") {
        bail!("cargo-deny is missing; install it: cargo install cargo-deny --locked");
    }
    run("cargo", &["deny", "--workspace", "--locked", "check", "advisories", "bans", "sources"])?;
    run("npm", &["audit"])?;
    run("npm", &["audit", "signatures"])
}
