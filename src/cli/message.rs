//! A message with a code -> the code.

use crate::cli::failure::Failure;
use crate::cli::files::file;
use cotejo::format::compact_code::{CodeError, CompactCode};
use std::io::Read;
use std::path::Path;

/// The longest message with a code, in bytes: twice the longest code.
pub const MAX_MESSAGE_BYTES: u64 = 160_000;

/// Whether a file that begins so holds a code. No video is mistaken for one: each has zero bytes.
pub fn is_code(text: &[u8]) -> bool {
    !text.contains(&0) && CompactCode::from_text(&String::from_utf8_lossy(text)) != Err(CodeError::NoCode)
}

/// Whether the name on the command line is itself a code.
pub fn is_written_out(name: &Path) -> bool {
    is_code(name.as_os_str().as_encoded_bytes()) && !name.exists()
}

/// The code in a message saved as a file.
pub fn read_file(path: &Path) -> Result<CompactCode, Failure> {
    let mut bytes = Vec::new();
    file::open(path)?.take(MAX_MESSAGE_BYTES).read_to_end(&mut bytes)?;
    read(&String::from_utf8_lossy(&bytes))
}

/// The code in a message.
pub fn read(text: &str) -> Result<CompactCode, Failure> {
    CompactCode::from_text(text).map_err(failure)
}

/// The failure for this error, with what to do.
pub fn failure(error: CodeError) -> Failure {
    let failure = Failure::new(error);
    match error {
        CodeError::Damaged => {
            failure.hint("copy the whole message again, from cotejo1 to its end, or all of its parts")
        }
        CodeError::TooLong => failure.hint("say which part you ask about: --from 1:02:00 --to 1:05:00"),
        CodeError::NoPart => failure.hint("--from is before --to and before the video's end"),
        CodeError::Picture => failure.hint("give the picture itself"),
        CodeError::Version => failure.hint("get the newest version of this program"),
        _ => failure,
    }
}
