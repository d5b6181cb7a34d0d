//! `cotejo inspect`: the facts of a fingerprint, a code, or of another tool's list of PDQ hashes.

use super::{Failure, InspectArguments, code};
use cotejo::fingerprint::Fingerprint;
use cotejo::overview::Overview;
use cotejo::{import, report};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

/// How a fingerprint's first line begins.
pub const SIGNATURE: &[u8] = b"{\"cotejo\":";

/// Prints what the input holds.
pub fn run(arguments: &InspectArguments) -> Result<(), Failure> {
    let mut input = open(&arguments.input)?;
    // From a pipe, one read may give less than was asked for.
    let mut head = Vec::new();
    let failed = |error| Failure::new(format!("{}: {error}", arguments.input.display()));
    input.by_ref().take(SIGNATURE.len() as u64).read_to_end(&mut head).map_err(failed)?;
    let is_fingerprint = head == SIGNATURE;
    if !is_fingerprint {
        input.by_ref().take(code::MAX_MESSAGE_BYTES).read_to_end(&mut head).map_err(failed)?;
    }
    let text = if !is_fingerprint && code::is_code(&head) {
        let code = code::read(&String::from_utf8_lossy(&head))?;
        match arguments.json {
            true => to_json_line(&serde_json::json!({"kind": "code", "facts": code.facts()})),
            false => report::code(&code.facts()),
        }
    } else if is_fingerprint {
        let input = head.as_slice().chain(input);
        let fingerprint = read_fingerprint(input)?;
        match arguments.json {
            true => to_json_line(&Overview::of(&fingerprint).facts),
            false => report::facts(&fingerprint),
        }
    } else {
        let entries = import::read_pdq_list(head.as_slice().chain(input)).map_err(|error| {
            Failure::new(error).hint("expected a .cotejo file, a code, vPDQ's features or a list of PDQ hashes")
        })?;
        match arguments.json {
            true => to_json_line(&serde_json::json!({"kind": "pdq-list", "hashes": entries.len()})),
            false => report::pdq_list(&entries),
        }
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// Reads a fingerprint to its end.
pub fn read_fingerprint(input: impl BufRead) -> Result<Fingerprint, Failure> {
    Fingerprint::read(input).map_err(|error| {
        Failure::new(error).hint("the file was damaged or changed on its way; get it again, or hash the video again")
    })
}

/// One line of JSON.
pub fn to_json_line(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("no maps with other keys than strings") + "\n"
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(BufReader::new(file))),
        Err(error) => Err(Failure::new(format!("{}: {error}", path.display()))),
    }
}
