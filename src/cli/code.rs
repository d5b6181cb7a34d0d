//! `cotejo code`: a video or its fingerprint -> a code for a message; and a code -> its fingerprint.

use super::progress::Progress;
use super::subject::Subject;
use super::{CodeArguments, Failure};
use cotejo::compact_code::{CodeError, CompactCode};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// No message with a code is longer, in bytes: twice the longest code.
pub const MAX_MESSAGE_BYTES: u64 = 160_000;

/// Prints the code.
pub fn run(arguments: &CodeArguments) -> Result<(), Failure> {
    let code = match Subject::load(&arguments.input, &Progress::new(arguments.quiet))? {
        Subject::Fingerprint(fingerprint) => CompactCode::of(&fingerprint),
        Subject::Picture(..) => Err(CodeError::Picture),
    };
    let text = code.map_err(|error| failure(error).of(&arguments.input))?.to_text();
    Ok(writeln!(io::stdout(), "{text}")?)
}

/// Whether a file that begins like this holds a code. No video is taken for one: each has zeros in its bytes.
pub fn is_code(text: &[u8]) -> bool {
    !text.contains(&0) && CompactCode::from_text(&String::from_utf8_lossy(text)) != Err(CodeError::NoCode)
}

/// Whether the name on the command line is a code itself.
pub fn is_written_out(name: &Path) -> bool {
    is_code(name.as_os_str().as_encoded_bytes()) && !name.exists()
}

/// The code in a message that was saved as a file.
pub fn read_file(path: &Path) -> Result<CompactCode, Failure> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_MESSAGE_BYTES).read_to_end(&mut bytes)?;
    read(&String::from_utf8_lossy(&bytes))
}

/// The code in a message.
pub fn read(text: &str) -> Result<CompactCode, Failure> {
    CompactCode::from_text(text).map_err(failure)
}

fn failure(error: CodeError) -> Failure {
    let failure = Failure::new(error);
    match error {
        CodeError::Damaged => failure.hint("copy the whole message again, from cotejo1- to its end"),
        CodeError::TooLong => failure.hint("cut out the part that you ask about"),
        CodeError::Picture => failure.hint("give the picture itself"),
        CodeError::Version => failure.hint("get the newest version of this program"),
        CodeError::NoCode => failure,
    }
}
