//! File names and other programs' messages -> text that neither a terminal nor a reader can mistake for something else.
//!
//! A file may have any name. Escape sequences move the cursor and overwrite other lines; a line end makes a result of its own; a
//! change of writing direction shows another ending than the file has (UTS #55, "Unicode Source Code Handling"). Such characters
//! are shown by number.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Characters that are invisible or move others, besides control characters: first and last of each range.
///
/// Unicode's `Default_Ignorable_Code_Point` and `Bidi_Control` (`DerivedCoreProperties.txt`, `PropList.txt`), line and paragraph
/// separators, interlinear annotations and the braille pattern without dots. Left out are the joiners U+200C and U+200D and
/// variation selectors 15 and 16, without which Persian, Hindi and families of emoji cannot be written.
const UNSEEN: [(char, char); 18] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200b}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0d}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a terminal may obey the character, or a person may not see it.
pub fn is_unseen(c: char) -> bool {
    c.is_control() || UNSEEN.iter().any(|&(first, last)| (first..=last).contains(&c))
}

/// The text on one line, with such characters as `\u{1b}`, and also all but the first of several spaces: enough spaces push what
/// follows to the terminal's next line. Text that is harmless already stays as it is.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let after_space = |before: Option<char>, c: char| c.is_whitespace() && before.is_some_and(char::is_whitespace);
    let before = || std::iter::once(None).chain(text.chars().map(Some));
    if !before().zip(text.chars()).any(|(before, c)| is_unseen(c) || after_space(before, c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (before, c) in before().zip(text.chars()) {
        match c {
            '\n' => shown.push_str("\\n"),
            c if is_unseen(c) || after_space(before, c) => {
                write!(shown, "\\u{{{:x}}}", u32::from(c)).expect("writing to a string");
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_people_write_them_stay() {
        for name in [
            "a b.mp4",
            "C:\\clips\\a.mp4",
            "e\u{301}té.mov",
            "خانه\u{200c}ها.mp4",
            "日本　語.mkv",
            "👨\u{200d}👩\u{200d}👧.webm",
            "\"it's\".mp4",
        ] {
            assert!(matches!(harmless(name), Cow::Borrowed(same) if same == name), "{name}");
        }
    }

    #[test]
    fn what_a_terminal_takes_for_an_order_is_shown_by_its_number() {
        let cases = [
            ("\u{1b}[2K\rfound  1.00", "\\u{1b}[2K\\u{d}found \\u{20}1.00"),
            ("a\nsame footage", "a\\nsame footage"),
            ("\u{9b}31m\u{7f}\0", "\\u{9b}31m\\u{7f}\\u{0}"),
            ("clip\u{202e}4pm.exe", "clip\\u{202e}4pm.exe"),
            ("a\u{2028}b\u{85}c", "a\\u{2028}b\\u{85}c"),
            ("a\u{200b}\u{feff}\u{e0041}b", "a\\u{200b}\\u{feff}\\u{e0041}b"),
            ("a \u{3000}b", "a \\u{3000}b"),
        ];
        for (name, expected) in cases {
            assert_eq!(harmless(name), expected);
            assert_eq!(harmless(expected), expected, "what is harmless stays");
        }
    }
}
