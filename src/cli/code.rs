//! `cotejo code`: a video or its fingerprint -> a code for a message; and a code -> its fingerprint.

use super::kept::Kept;
use super::parallel::processors;
use super::progress::Progress;
use super::subject::Subject;
use super::{CodeArguments, Failure, file, output};
use cotejo::compact_code::{CodeError, CompactCode};
use std::io::Read;
use std::path::Path;

/// No message with a code is longer, in bytes: twice the longest code.
pub const MAX_MESSAGE_BYTES: u64 = 160_000;

/// Prints the code.
pub fn run(arguments: &CodeArguments) -> Result<(), Failure> {
    let kept = Kept::new([arguments.input.as_path()]);
    let code = match Subject::load(&arguments.input, processors(), &Progress::new(arguments.quiet))? {
        Subject::Fingerprint(fingerprint) => match (arguments.from, arguments.to) {
            (None, None) => CompactCode::of(&fingerprint),
            (from, to) => CompactCode::of_part(&fingerprint, from.unwrap_or(0.0)..to.unwrap_or(f64::INFINITY)),
        },
        Subject::Picture(..) => Err(CodeError::Picture),
    };
    let code = code.map_err(|error| failure(error).of(&arguments.input))?;
    let lines = if arguments.parts { code.to_parts() } else { vec![code.to_text()] };
    output::print(&(lines.join("\n") + "\n"), &kept)
}

/// Seconds, written as such or as `minutes:seconds` or `hours:minutes:seconds`.
pub fn parse_time(text: &str) -> Result<f64, String> {
    let unclear = || "write seconds, minutes:seconds, or hours:minutes:seconds".to_owned();
    let parts: Vec<&str> = text.split(':').collect();
    let is_digits = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(is_digits) {
        return Err(unclear());
    }
    let add = |seconds: f64, part: &&str| Some(seconds * 60.0 + part.parse::<f64>().ok()?);
    parts.iter().try_fold(0.0, add).filter(|seconds| seconds.is_finite()).ok_or_else(unclear)
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
    file::open(path)?.take(MAX_MESSAGE_BYTES).read_to_end(&mut bytes)?;
    read(&String::from_utf8_lossy(&bytes))
}

/// The code in a message.
pub fn read(text: &str) -> Result<CompactCode, Failure> {
    CompactCode::from_text(text).map_err(failure)
}

fn failure(error: CodeError) -> Failure {
    let failure = Failure::new(error);
    match error {
        CodeError::Damaged => {
            failure.hint("copy the whole message again, from cotejo1 to its end, or all of its parts")
        }
        CodeError::TooLong => failure.hint("say which part you ask about: --from 1:02:00 --to 1:05:00"),
        CodeError::NoPart => failure.hint("--from is before --to and before the video's end"),
        CodeError::Picture => failure.hint("give the picture itself"),
        CodeError::Version => failure.hint("get the newest version of this program"),
        CodeError::NoCode => failure,
    }
}
