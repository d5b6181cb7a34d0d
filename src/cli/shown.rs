//! Names on the command line -> text to print. Nothing that others chose is printed any other way.

use cotejo::report::{harmless, is_unseen};
use std::path::Path;

/// A name as shown to people.
pub fn path(path: &Path) -> String {
    harmless(&text(path)).into_owned()
}

/// A name as text; bytes that are not UTF-8 become `\xff`.
pub fn text(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text
}

/// One line of JSON, with characters escaped that a terminal would obey: `serde_json` leaves those from U+007F on.
pub fn json_line(value: &impl serde::Serialize) -> String {
    let json = serde_json::to_string(value).expect("no maps with other keys than strings");
    let mut line = String::with_capacity(json.len() + 1);
    let mut before: Option<char> = None;
    for c in json.chars() {
        let is_second_space = before.replace(c).is_some_and(char::is_whitespace) && c.is_whitespace();
        // Such characters occur only within strings.
        if is_unseen(c) || is_second_space {
            line.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            line.push(c);
        }
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_without_what_a_terminal_obeys() {
        let name = "a\u{9b}2J\u{202e}\n\u{e0041}  é.mp4";
        let line = json_line(&[name]);
        assert_eq!(line, "[\"a\\u009b2J\\u202e\\n\\udb40\\udc41 \\u0020é.mp4\"]\n");
        assert_eq!(serde_json::from_str::<[String; 1]>(&line).unwrap(), [name]);
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_shown_by_their_number() {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"a\xff\x1bb.mp4");
        assert_eq!(path(Path::new(name)), "a\\xff\\u{1b}b.mp4");
    }
}
