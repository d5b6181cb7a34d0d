//! `cotejo inspect`: the facts of a fingerprint, a code, or another tool's list of PDQ hashes.

use crate::cli::arguments::InspectArguments;
use crate::cli::failure::Failure;
use crate::cli::files::file;
use crate::cli::files::kept::Kept;
use crate::cli::files::kind;
use crate::cli::files::output;
use crate::cli::message;
use crate::cli::shown::json_line;
use cotejo::format::import;
use cotejo::format::overview::Overview;
use cotejo::report;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Prints the contents of the input.
pub fn run(arguments: &InspectArguments) -> Result<(), Failure> {
    let kept = Kept::new([arguments.input.as_path()]);
    let mut input = open(&arguments.input).map_err(|failure| failure.of(&arguments.input))?;
    // One read from a pipe may give less than asked for.
    let mut head = Vec::new();
    let failed = |error| Failure::from(error).of(&arguments.input);
    input.by_ref().take(file::HEAD_BYTES).read_to_end(&mut head).map_err(failed)?;
    file::check_not_wrapped(&head).map_err(|failure| failure.of(&arguments.input))?;
    let is_fingerprint = kind::is_fingerprint(&head);
    if !is_fingerprint {
        input.by_ref().take(message::MAX_MESSAGE_BYTES - file::HEAD_BYTES).read_to_end(&mut head).map_err(failed)?;
    }
    let text = if !is_fingerprint && message::is_code(&head) {
        let code = message::read(&String::from_utf8_lossy(&head))?;
        match arguments.json {
            true => json_line(&serde_json::json!({"kind": "code", "facts": code.facts()})),
            false => report::code(&code.facts()),
        }
    } else if is_fingerprint {
        let input = head.as_slice().chain(input);
        let fingerprint = file::read_fingerprint(input)?;
        match arguments.json {
            true => json_line(&Overview::of(&fingerprint).facts),
            false => report::facts(&fingerprint),
        }
    } else {
        let entries = import::read_pdq_list(head.as_slice().chain(input)).map_err(|error| {
            Failure::new(error).hint("expected a .cotejo file, a code, vPDQ's features or a list of PDQ hashes")
        })?;
        match arguments.json {
            true => json_line(&serde_json::json!({"kind": "pdq-list", "hashes": entries.len()})),
            false => report::pdq_list(&entries),
        }
    };
    output::print(&text, &kept)
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    Ok(Box::new(BufReader::new(file::open(path)?)))
}
