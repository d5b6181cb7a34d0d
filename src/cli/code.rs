//! `cotejo code`: a video or its fingerprint -> a code for a message; and a code -> its fingerprint.

use crate::cli::arguments::CodeArguments;
use crate::cli::failure::Failure;
use crate::cli::files::kept::Kept;
use crate::cli::files::output;
use crate::cli::message;
use crate::cli::parallel::processors;
use crate::cli::progress::Progress;
use crate::cli::subject::Subject;
use cotejo::format::compact_code::{CodeError, CompactCode};

/// Prints the code.
pub fn run(arguments: &CodeArguments) -> Result<(), Failure> {
    let kept = Kept::new([arguments.input.as_path()]);
    let code = match Subject::load(&arguments.input, processors(), &Progress::new(arguments.quiet))? {
        Subject::Fingerprint(fingerprint) | Subject::Video(fingerprint) => match (arguments.from, arguments.to) {
            (None, None) => CompactCode::of(&fingerprint),
            (from, to) => CompactCode::of_part(&fingerprint, from.unwrap_or(0.0)..to.unwrap_or(f64::INFINITY)),
        },
        Subject::Picture(..) => Err(CodeError::Picture),
    };
    let code = code.map_err(|error| message::failure(error).of(&arguments.input))?;
    let lines = if arguments.parts { code.to_parts() } else { vec![code.to_text()] };
    output::print(&(lines.join("\n") + "\n"), &kept)
}
