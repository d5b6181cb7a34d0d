//! Asks whether anything bad is known of the libraries, and whether they are what their authors published. Needs the network, so it
//! is a step before publishing and no test: the names of libraries go out, nothing of this project.

use super::command::{exists, root, run};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Known advisories for npm packages that only develop or test the page, and why they do no harm. deny.toml has the same for
/// crates.
const HARMLESS: [(&str, &str); 2] = [("GHSA-jmr9-qjv8-65gv", EXTRACT_ZIP), ("GHSA-7pqw-9j4j-h8q3", EXTRACT_ZIP)];
const EXTRACT_ZIP: &str = "extract-zip unpacks browsers that puppeteer downloads; tests start installed ones \
                           (tests/browser/browsers.mjs). The puppeteer-core without it needs Node.js 22";

/// Asks the databases of advisories, and npm for its signatures.
pub fn audit() -> Result<()> {
    if !exists("cargo-deny") {
        bail!("cargo-deny is missing; install it: cargo install cargo-deny --locked");
    }
    run("cargo", &["deny", "--workspace", "--locked", "check", "advisories", "bans", "sources"])?;
    // Of what reaches the page, no advisory is accepted.
    run("npm", &["audit", "--omit=dev"])?;
    audit_tools()?;
    run("npm", &["audit", "signatures"])
}

/// Every advisory for other npm packages must be listed here.
fn audit_tools() -> Result<()> {
    eprintln!("> npm audit --json");
    let output = Command::new("npm").args(["audit", "--json"]).current_dir(root()).output()?;
    let known = advisories(&output.stdout)?;
    let (harmless, others): (Vec<_>, Vec<_>) = known.iter().partition(|advisory| reason(advisory).is_some());
    for advisory in harmless {
        eprintln!("  {advisory}: {}", reason(advisory).unwrap_or_default());
    }
    if !others.is_empty() {
        bail!(
            "of npm packages for development: {}; `npm audit` tells more",
            others.into_iter().cloned().collect::<Vec<_>>().join(", ")
        );
    }
    Ok(())
}

fn reason(advisory: &str) -> Option<&'static str> {
    HARMLESS.iter().find(|(id, _)| advisory.ends_with(id)).map(|(_, reason)| *reason)
}

#[derive(Deserialize)]
struct Report {
    /// Missing if npm could not ask.
    vulnerabilities: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
struct Package {
    via: Vec<Via>,
}

/// Why a package is listed.
#[derive(Deserialize)]
#[serde(untagged)]
enum Via {
    /// It needs another listed package.
    #[expect(dead_code, reason = "that package has an entry of its own")]
    Package(String),
    Advisory {
        url: String,
    },
}

/// The addresses of the advisories in the output of `npm audit --json`.
fn advisories(report: &[u8]) -> Result<BTreeSet<String>> {
    let Report { vulnerabilities } = serde_json::from_slice(report).context("npm could not ask for advisories")?;
    let via = vulnerabilities.into_values().flat_map(|package| package.via);
    Ok(via.filter_map(|via| if let Via::Advisory { url } = via { Some(url) } else { None }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advisories_are_told_from_packages_that_need_others() {
        let report = br#"{"auditReportVersion":2,"vulnerabilities":{
            "extract-zip":{"via":[{"source":1,"url":"https://github.com/advisories/GHSA-jmr9-qjv8-65gv"}],"effects":["a"]},
            "a":{"via":["extract-zip"]},
            "b":{"via":[{"url":"https://github.com/advisories/GHSA-0000-0000-0000"},"a"]}}}"#;
        let known = advisories(report).unwrap();
        let reasons: Vec<_> = known.iter().map(|advisory| reason(advisory).is_some()).collect();
        assert_eq!(reasons, [false, true]);
    }

    #[test]
    fn no_answer_is_not_a_good_one() {
        assert!(advisories(br#"{"message":"405 Method Not Allowed","error":{"summary":""}}"#).is_err());
    }
}
