//! A code as a QR code (ISO/IEC 18004), for a camera to read off a screen.

use qrcodegen::{QrCode, QrCodeEcc, QrSegment};

/// The squares of a QR code, row by row, true if dark; without the quiet zone of four squares around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Squares {
    /// Squares along each side.
    pub side: usize,
    /// `side * side` squares.
    pub dark: Vec<bool>,
}

/// The QR code of `address`, unchanged, followed by `code` in upper case, of which a square holds more. `None` if both together are
/// too long for any.
pub fn squares(address: &str, code: &str) -> Option<Squares> {
    let address = (!address.is_empty()).then(|| QrSegment::make_bytes(address.as_bytes()));
    let code = QrSegment::make_alphanumeric(&code.to_ascii_uppercase());
    let segments: Vec<QrSegment> = address.into_iter().chain([code]).collect();
    let qr = QrCode::encode_segments(&segments, QrCodeEcc::Low).ok()?;
    let side = qr.size();
    let dark = (0..side * side).map(|i| qr.get_module(i % side, i / side)).collect();
    Some(Squares { side: side as usize, dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_code_and_an_address_fit_and_a_long_one_does_not() {
        let code = format!("cotejo1-{}", "a7".repeat(1920));
        let whole = squares("https://newsroom.example.org/tools/cotejo/#", &code).unwrap();
        assert_eq!((whole.side, whole.dark.len()), (169, 169 * 169));
        assert_eq!(squares("", &"a".repeat(4297)), None);
    }

    #[test]
    fn it_begins_with_a_finder_pattern() {
        let Squares { side, dark } = squares("", "COTEJO1-").unwrap();
        let row = |y: usize| (0..7).map(|x| if dark[y * side + x] { '#' } else { '.' }).collect::<String>();
        assert_eq!([row(0), row(1), row(2)], ["#######", "#.....#", "#.###.#"]);
    }

    #[test]
    fn an_address_stands_before_the_code_and_none_takes_no_room() {
        let side = |address: &str, code: &str| squares(address, code).unwrap().side;
        // 25 characters in upper case are the most of the smallest QR code (ISO/IEC 18004, table 7).
        assert_eq!((side("", &"a".repeat(25)), side("", &"a".repeat(26))), (21, 25));
        assert_eq!(side(&"x".repeat(30), "a"), 25);
    }
}
