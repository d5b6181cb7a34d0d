//! The bill of materials (CycloneDX 1.5): every library of page and command with version, licence and checksum, as pinned by
//! Cargo.lock and package-lock.json; those needed only to build and test are marked `excluded`.

use crate::dist::to_hex;
use anyhow::{Context, Result, bail};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::process::Command;

/// Packages of this repository that are published.
const DELIVERED: [&str; 2] = ["cotejo", "cotejo-av1"];
/// The only npm package under another licence; it stays in its own file.
const GPL: &str = "@ffmpeg/core";
/// Accepted licences of a published library; one of its alternatives must be listed.
const LICENCES: [&str; 10] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Zlib",
    "Unlicense",
    "CC0-1.0",
    "Unicode-3.0",
    "MPL-2.0",
];

/// Writes the bill as JSON, the same bytes for the same lock files. Fails if something is not pinned, or if this project may not
/// pass on a published library's licence.
pub fn write() -> Result<String> {
    let mut components = crates()?;
    components.extend(npm_packages()?);
    components.sort_by_key(|component| component["purl"].to_string());
    let bill = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": { "component": { "type": "application", "name": "cotejo", "version": env!("CARGO_PKG_VERSION") } },
        "components": components,
    });
    Ok(format!("{bill:#}\n"))
}

fn crates() -> Result<Vec<Value>> {
    let output = Command::new("cargo").args(["metadata", "--format-version", "1", "--locked"]).output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let delivered = delivered_crates(&metadata);
    let checksums = checksums()?;
    let is_foreign = |package: &&Value| !package["source"].is_null();
    list(&metadata["packages"])
        .iter()
        .filter(is_foreign)
        .map(|package| {
            let (name, version) = (text(&package["name"]), text(&package["version"]));
            let checksum = checksums
                .get(&(name.to_owned(), version.to_owned()))
                .with_context(|| format!("{name} {version} has no checksum"))?;
            let is_delivered = delivered.contains(text(&package["id"]));
            component("cargo", name, version, text(&package["license"]), is_delivered, ("SHA-256", checksum))
        })
        .collect()
}

/// The ids of all crates that the published packages need at run time, also indirectly.
fn delivered_crates(metadata: &Value) -> HashSet<&str> {
    let nodes: HashMap<&str, &Value> =
        list(&metadata["resolve"]["nodes"]).iter().map(|node| (text(&node["id"]), node)).collect();
    let is_root = |package: &&Value| package["source"].is_null() && DELIVERED.contains(&text(&package["name"]));
    let mut waiting: Vec<&str> =
        list(&metadata["packages"]).iter().filter(is_root).map(|package| text(&package["id"])).collect();
    let mut found = HashSet::new();
    while let Some(id) = waiting.pop() {
        if found.insert(id) {
            let needed = list(&nodes[id]["deps"])
                .iter()
                .filter(|needed| list(&needed["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()));
            waiting.extend(needed.map(|needed| text(&needed["pkg"])));
        }
    }
    found
}

/// Checksums by name and version, from Cargo.lock; packages of this repository have none.
fn checksums() -> Result<HashMap<(String, String), String>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Locked>,
    }
    #[derive(Deserialize)]
    struct Locked {
        name: String,
        version: String,
        checksum: Option<String>,
    }
    let lock: Lock = toml::from_str(&fs::read_to_string("Cargo.lock")?)?;
    let pinned = |Locked { name, version, checksum }| checksum.map(|checksum| ((name, version), checksum));
    Ok(lock.package.into_iter().filter_map(pinned).collect())
}

fn npm_packages() -> Result<Vec<Value>> {
    let lock: Value = serde_json::from_str(&fs::read_to_string("package-lock.json")?)?;
    let packages = lock["packages"].as_object().context("package-lock.json: packages")?;
    packages
        .iter()
        .filter(|(path, _)| !path.is_empty())
        .map(|(path, package)| {
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            let integrity = package["integrity"].as_str().and_then(|one| one.strip_prefix("sha512-"));
            let checksum =
                to_hex(&BASE64_STANDARD.decode(integrity.with_context(|| format!("{name} has no checksum"))?)?);
            let is_delivered = package["dev"] != true;
            component(
                "npm",
                name,
                text(&package["version"]),
                text(&package["license"]),
                is_delivered,
                ("SHA-512", &checksum),
            )
        })
        .collect()
}

fn component(
    kind: &str,
    name: &str,
    version: &str,
    licence: &str,
    is_delivered: bool,
    (hash, digest): (&str, &str),
) -> Result<Value> {
    if is_delivered && name != GPL && !is_allowed(licence) {
        bail!("{name} {version} is licensed under {licence:?}");
    }
    Ok(json!({
        "type": "library", "name": name, "version": version,
        "purl": format!("pkg:{kind}/{}@{version}", name.replace('@', "%40")),
        "scope": if is_delivered { "required" } else { "excluded" },
        "licenses": [{ "expression": licence.replace('/', " OR ") }],
        "hashes": [{ "alg": hash, "content": digest }],
    }))
}

/// Whether every part of the licence that must be kept has an accepted alternative.
fn is_allowed(licence: &str) -> bool {
    let words = |part: &str| part.split([' ', '/', '(', ')']).any(|word| LICENCES.contains(&word));
    licence.split(" AND ").all(words)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn a_licence_may_be_passed_on_if_every_part_has_an_alternative_that_may() {
        for licence in ["MIT", "MIT/Apache-2.0", "GPL-3.0-only OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0"] {
            assert!(is_allowed(licence), "{licence}");
        }
        for licence in ["", "GPL-2.0-or-later", "MIT AND GPL-3.0-only", "MITX"] {
            assert!(!is_allowed(licence), "{licence}");
        }
    }
}
