//! Other tools' PDQ lists -> hashes, with times if there are any.
//!
//! Reads vPDQ's features (`frame,quality,hash,seconds`) and plain lists with one hash per line, alone or among other fields
//! separated by comma, tab or space. Some archivers drop leading zeros, so a shorter hash that stands alone is padded on the left;
//! among other fields, only 64 digits count as a hash.

use crate::error::ErrorCode;
use crate::hash::pdq::PdqHash;
use std::fmt;
use std::io::{self, BufRead, Read};

/// One hash of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PdqEntry {
    /// The hash.
    pub hash: PdqHash,
    /// Quality 0..=100, if the list gives it.
    pub quality: Option<u8>,
    /// Seconds, if the list gives them.
    pub time_s: Option<f64>,
}

/// What is wrong with a list, and where.
#[derive(Debug)]
pub struct ImportError {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub problem: ImportProblem,
}

/// The kinds of [`ImportError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ImportProblem {
    /// The input could not be read.
    Io(io::Error),
    /// Longer than [`MAX_LINE_BYTES`].
    TooLong,
    /// No field of the line is a PDQ hash.
    NoHash,
    /// More than [`crate::fingerprint::MAX_FRAMES`] lines.
    TooMany,
}

/// The longest line that is read, in bytes.
pub const MAX_LINE_BYTES: usize = 4096;
/// Fewer digits are not a hash without its leading zeros: 8 zeros in a row happen once in four thousand million.
const FEWEST_DIGITS: usize = 56;

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pdq list: line {}: ", self.line)?;
        match &self.problem {
            ImportProblem::Io(error) => write!(f, "{error}"),
            ImportProblem::TooLong => write!(f, "longer than {MAX_LINE_BYTES} bytes"),
            ImportProblem::NoHash => write!(f, "no PDQ hash (64 hex digits) found"),
            ImportProblem::TooMany => write!(f, "more lines than are read"),
        }
    }
}

impl std::error::Error for ImportError {}

impl ErrorCode for ImportError {
    fn code(&self) -> &'static str {
        match self.problem {
            ImportProblem::Io(_) => "input-unreadable",
            ImportProblem::TooLong | ImportProblem::NoHash => "list-damaged",
            ImportProblem::TooMany => "list-too-long",
        }
    }
}

/// Reads a list. Ignores empty lines, and a first line without a hash: a heading.
pub fn read_pdq_list(mut input: impl BufRead) -> Result<Vec<PdqEntry>, ImportError> {
    let (mut entries, mut line) = (Vec::new(), Vec::new());
    for number in 1.. {
        line.clear();
        let error = |problem| ImportError { line: number, problem };
        let limit = MAX_LINE_BYTES as u64 + 1;
        let read = input.by_ref().take(limit).read_until(b'\n', &mut line);
        if read.map_err(|io| error(ImportProblem::Io(io)))? == 0 {
            break;
        }
        if line.len() > MAX_LINE_BYTES {
            return Err(error(ImportProblem::TooLong));
        }
        if entries.len() as u64 >= crate::fingerprint::MAX_FRAMES {
            return Err(error(ImportProblem::TooMany));
        }
        match parse_line(line.trim_ascii()) {
            Some(entry) => entries.push(entry),
            None if line.trim_ascii().is_empty() || number == 1 => {}
            None => return Err(error(ImportProblem::NoHash)),
        }
    }
    if entries.is_empty() { Err(ImportError { line: 1, problem: ImportProblem::NoHash }) } else { Ok(entries) }
}

fn parse_line(line: &[u8]) -> Option<PdqEntry> {
    let line = std::str::from_utf8(line).ok()?;
    let is_border = |c: char| c == ',' || c == ';' || c.is_ascii_whitespace();
    let fields: Vec<&str> = line.split(is_border).map(|field| field.trim_matches('"')).collect();
    if let [_frame, quality, hash, seconds] = fields[..]
        && let (Some(hash), Ok(quality), Ok(time_s)) = (full_hash(hash), quality.parse(), seconds.parse::<f64>())
        && quality <= 100
        && time_s.is_finite()
    {
        return Some(PdqEntry { hash, quality: Some(quality), time_s: Some(time_s) });
    }
    let hash = match fields[..] {
        [only] => padded_hash(only),
        _ => fields.into_iter().find_map(full_hash),
    };
    Some(PdqEntry { hash: hash?, quality: None, time_s: None })
}

fn full_hash(digits: &str) -> Option<PdqHash> {
    digits.parse().ok()
}

fn padded_hash(digits: &str) -> Option<PdqHash> {
    let is_hash = (FEWEST_DIGITS..=64).contains(&digits.len());
    is_hash.then(|| format!("{digits:0>64}")).as_deref().and_then(full_hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22";

    #[test]
    fn vpdq_lines_give_quality_and_time() {
        let list = format!("0,100,{HASH},0.000\n1,98,{HASH},0.040\n");
        let entries = read_pdq_list(list.as_bytes()).unwrap();
        assert_eq!(entries[1], PdqEntry { hash: HASH.parse().unwrap(), quality: Some(98), time_s: Some(0.04) });
    }

    #[test]
    fn lists_with_headings_other_fields_and_dropped_zeros_are_read() {
        let list = format!("file,hash\r\n\"a b.jpg\",{HASH}\n\n{}\n", &HASH[4..]);
        let entries = read_pdq_list(list.as_bytes()).unwrap();
        assert_eq!(entries[0].hash.to_string(), HASH);
        assert_eq!(entries[1].hash.to_string(), format!("0000{}", &HASH[4..]));
    }

    #[test]
    fn what_is_no_list_is_named_with_its_line() {
        let message = |list: &str| read_pdq_list(list.as_bytes()).unwrap_err().to_string();
        assert_eq!(message(""), "pdq list: line 1: no PDQ hash (64 hex digits) found");
        assert_eq!(message(&format!("{HASH}\nhello\n")), "pdq list: line 2: no PDQ hash (64 hex digits) found");
        assert_eq!(message(&"a".repeat(5000)), "pdq list: line 1: longer than 4096 bytes");
    }

    #[test]
    fn fields_stand_between_commas_semicolons_tabs_and_spaces() {
        for line in [format!("x,{HASH}"), format!("x;{HASH};y"), format!("x\t{HASH}"), format!("x {HASH} y z")] {
            let entries = read_pdq_list(line.as_bytes()).unwrap();
            assert_eq!(entries, [PdqEntry { hash: HASH.parse().unwrap(), quality: None, time_s: None }], "{line}");
        }
    }

    #[test]
    fn quality_and_time_are_taken_only_where_both_are_numbers_in_range() {
        let times = |quality: &str, seconds: &str| {
            let entry = read_pdq_list(format!("7,{quality},{HASH},{seconds}").as_bytes()).unwrap()[0];
            assert_eq!(entry.hash.to_string(), HASH);
            (entry.quality, entry.time_s)
        };
        assert_eq!(times("100", "1.5"), (Some(100), Some(1.5)));
        for (quality, seconds) in [("101", "1.5"), ("300", "1.5"), ("x", "1.5"), ("9", "x"), ("9", "inf"), ("9", "NaN")]
        {
            assert_eq!(times(quality, seconds), (None, None), "{quality} {seconds}");
        }
    }

    #[test]
    fn up_to_eight_zeros_may_be_dropped_where_a_hash_stands_alone() {
        let read = |line: &str| read_pdq_list(line.as_bytes()).map(|entries| entries[0].hash.to_string()).ok();
        assert_eq!(read(&HASH[8..]), Some(format!("00000000{}", &HASH[8..])));
        assert_eq!(read(&HASH[9..]), None);
        assert_eq!(read(&format!("{HASH}0")), None);
        assert_eq!(read(&format!("x,{}", &HASH[1..])), None);
    }

    #[test]
    fn only_the_first_line_may_be_a_heading_and_only_empty_ones_are_passed_over() {
        let read =
            |list: String| read_pdq_list(list.as_bytes()).map(|entries| entries.len()).map_err(|error| error.line);
        assert_eq!(read(format!("hash\n{HASH}\n \r\n\n{HASH}")), Ok(2));
        assert_eq!(read(format!("\nhash\n{HASH}\n")), Err(2));
        assert_eq!(read("hash\n".to_owned()), Err(1));
    }

    #[test]
    fn a_line_has_at_most_4096_bytes_with_its_end() {
        let read = |bytes: usize| read_pdq_list(format!("{}\n{HASH}\n", "x".repeat(bytes - 1)).as_bytes());
        assert_eq!(read(4096).unwrap().len(), 1);
        assert!(matches!(read(4097).unwrap_err().problem, ImportProblem::TooLong));
    }

    #[test]
    fn errors_have_the_code_of_their_kind() {
        let code = |problem| ImportError { line: 1, problem }.code();
        assert_eq!(code(ImportProblem::Io(io::Error::other("x"))), "input-unreadable");
        assert_eq!((code(ImportProblem::TooLong), code(ImportProblem::NoHash)), ("list-damaged", "list-damaged"));
        assert_eq!(code(ImportProblem::TooMany), "list-too-long");
    }
}
