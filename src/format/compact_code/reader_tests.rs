//! What the reader of a code refuses, up to the last value that it takes: codes come from strangers.

use super::*;

/// A code of a still picture, with a frame at the beginning.
fn code() -> CompactCode {
    let frames = vec![KeyFrame { sample: 0, quality: 90, pdq: PdqHash([0x5a; 32]) }];
    let mut code =
        CompactCode { width: 640, height: 360, display: 0, frames, thinning: 0, samples: 20, packed: Vec::new() };
    code.repack();
    code
}

impl CompactCode {
    /// As nothing moves.
    fn repack(&mut self) {
        self.packed = motion::pack(&vec![[0; 64]; self.samples], THINNINGS[self.thinning.min(3)]);
    }
}

fn is_read(change: impl FnOnce(&mut CompactCode)) -> bool {
    let mut code = code();
    change(&mut code);
    code.repack();
    let read = CompactCode::from_bytes(&code.to_bytes());
    assert!(read == Err(CodeError::Damaged) || read.as_ref() == Ok(&code), "{code:?} is read as {read:?}");
    read.is_ok()
}

fn frames_at(samples: &[usize]) -> Vec<KeyFrame> {
    samples.iter().map(|&sample| KeyFrame { sample, ..code().frames[0] }).collect()
}

/// Content with its length before it and its checksum behind it.
fn sealed(content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    push_number(&mut bytes, content.len());
    bytes.extend(content);
    bytes.extend(&sha256(&bytes)[..CHECKSUM_BYTES]);
    bytes
}

/// What [`sealed`] takes of a code of fewer than 128 bytes.
fn content(code: &CompactCode) -> Vec<u8> {
    let bytes = code.to_bytes();
    assert!(bytes[0] < 0x80);
    bytes[1..bytes.len() - CHECKSUM_BYTES].to_vec()
}

#[test]
fn sides_are_1_to_16384_pixels() {
    for (side, expected) in [(0, false), (1, true), (16_384, true), (16_385, false)] {
        assert_eq!(is_read(|code| code.width = side), expected, "width {side}");
        assert_eq!(is_read(|code| code.height = side), expected, "height {side}");
    }
}

#[test]
fn every_way_to_show_a_picture_is_read_and_none_beyond() {
    assert!((0..8).all(|display| is_read(|code| code.display = display)));
    assert!((8..=255).all(|display| !is_read(|code| code.display = display)));
    assert!((0..4).all(|thinning| is_read(|code| code.thinning = thinning)));
    assert!((4..=255).all(|thinning| !is_read(|code| code.thinning = thinning)));
}

#[test]
fn a_code_has_1_to_6000_samples() {
    for (samples, expected) in [(0, false), (1, true), (6000, true), (6001, false)] {
        assert_eq!(is_read(|code| code.samples = samples), expected, "{samples}");
    }
}

#[test]
fn frames_ascend_within_the_samples_up_to_six() {
    let quality = |quality| is_read(|code| code.frames[0].quality = quality);
    assert!(quality(0) && quality(100) && !quality(101));
    for (samples, expected) in [
        (&[][..], true),
        (&[19], true),
        (&[20], false),
        (&[3, 7], true),
        (&[7, 7], false),
        (&[7, 3], false),
        (&[3, 20], false),
        (&[0, 1, 2, 3, 4, 5], true),
        (&[0, 1, 2, 3, 4, 5, 6], false),
    ] {
        assert_eq!(is_read(|code| code.frames = frames_at(samples)), expected, "{samples:?}");
    }
}

#[test]
fn a_code_that_would_be_written_otherwise_is_refused() {
    let plain = content(&code());
    assert_eq!(CompactCode::from_bytes(&sealed(&plain)), Ok(code()));
    // The height, 360, in three bytes instead of two.
    assert_eq!(plain[2..4], [0xe8, 0x02]);
    let long_number = [&plain[..3], &[0x82, 0x00], &plain[4..]].concat();
    let longer_motion = [plain.as_slice(), &[0]].concat();
    for content in [long_number, longer_motion] {
        assert_eq!(CompactCode::from_bytes(&sealed(&content)), Err(CodeError::Damaged), "{content:?}");
    }
    let mut behind_the_end = sealed(&plain);
    behind_the_end.push(0);
    assert_eq!(CompactCode::from_bytes(&behind_the_end), Err(CodeError::Damaged));
}

#[test]
fn content_that_ends_anywhere_is_refused() {
    let whole = content(&code());
    for length in 0..whole.len() - code().packed.len() {
        assert_eq!(CompactCode::from_bytes(&sealed(&whole[..length])), Err(CodeError::Damaged), "{length}");
    }
}

#[test]
fn numbers_have_seven_bits_a_byte_and_at_most_three_bytes() {
    for (number, expected) in [
        (0, &[0][..]),
        (127, &[0x7f]),
        (128, &[0x80, 1]),
        (300, &[0xac, 2]),
        (16_383, &[0xff, 0x7f]),
        (16_384, &[0x80, 0x80, 1]),
        ((1 << 21) - 1, &[0xff, 0xff, 0x7f]),
    ] {
        let mut bytes = Vec::new();
        push_number(&mut bytes, number);
        assert_eq!(bytes, expected);
        bytes.push(9);
        let mut rest = bytes.as_slice();
        assert_eq!((take_number(&mut rest), rest), (Some(number), &[9][..]));
    }
    assert_eq!(take_number(&mut &[0x80, 0x80, 0x80, 1][..]), None);
    assert_eq!(take_number(&mut &[0x80][..]), None);
}

#[test]
fn how_the_picture_is_shown_goes_there_and_back() {
    for display in 0..8 {
        let mut code = code();
        code.display = display;
        let video = code.fingerprint();
        assert_eq!(video.header.rotation, u16::from(display) % 4 * 90);
        assert_eq!(video.header.mirrored, display >= 4);
        assert_eq!(CompactCode::of(&video).unwrap().display, display);
    }
}

#[test]
fn frames_without_a_hash_have_no_quality() {
    let mut code = code();
    code.frames = frames_at(&[5]);
    let video = code.fingerprint();
    assert_eq!((video.frames.len(), video.trailer.frames), (20, 20));
    for (at, frame) in video.frames.iter().enumerate() {
        let expected = if at == 5 { (90, PdqHash([0x5a; 32])) } else { (0, PdqHash([0; 32])) };
        assert_eq!((frame.ticks, (frame.quality, frame.pdq)), (at as i64, expected));
    }
}

#[test]
fn facts_are_those_of_the_thinning() {
    let facts = |thinning| {
        let mut code = code();
        code.thinning = thinning;
        code.repack();
        assert_eq!(code.facts().bytes, code.to_bytes().len());
        let CodeFacts { duration_s, width, height, samples_per_second, cells, frames, .. } = code.facts();
        assert_eq!((duration_s, width, height, frames), (2.0, 640, 360, 1));
        (samples_per_second, cells)
    };
    assert_eq!([0, 1, 2, 3].map(facts), [(10, 16), (5, 16), (10, 8), (5, 8)]);
}

#[test]
fn only_another_number_is_another_version() {
    for (text, expected) in [
        ("cotejo2-", CodeError::Version),
        ("see cotejo.html, then cotejo12-abc", CodeError::Version),
        ("cotejo-abc", CodeError::NoCode),
        ("cotejo2 abc", CodeError::NoCode),
        ("cotejox2-abc", CodeError::NoCode),
        ("cotejo2.1.2-abc-", CodeError::NoCode),
        ("", CodeError::NoCode),
        ("cotejo1-", CodeError::Damaged),
    ] {
        assert_eq!(CompactCode::from_text(text), Err(expected), "{text}");
    }
}

#[test]
fn parts_are_numbered_from_1_up_to_as_many_as_there_are() {
    assert_eq!(part_of_code("2.3-abc-def"), Some((2, 3, "abc")));
    assert_eq!(part_of_code("32.32-abc-"), Some((32, 32, "abc")));
    for wrong in ["0.3-abc-", "4.3-abc-", "1.33-abc-", "33.33-abc-", "1.3-abc", "13-abc-", "1.-abc-", "x.3-abc-"] {
        assert_eq!(part_of_code(wrong), None, "{wrong}");
    }
}

#[test]
fn parts_of_another_code_are_passed_over() {
    let joined = |text| joined_parts(text);
    assert_eq!(joined("cotejo1.1.2-ab- cotejo1.1.3-zz- cotejo1.2.2-cd-").as_deref(), Some("abcd"));
    assert_eq!(joined("cotejo1.2.2-cd- cotejo1.2.2-zz- cotejo1.1.2-ab-").as_deref(), Some("abcd"));
    assert_eq!(joined("cotejo1.1.2-ab- cotejo1.2.3-cd-"), None);
    assert_eq!(joined("cotejo1.1.1-ab-").as_deref(), Some("ab"));
}

#[test]
fn digits_end_where_their_number_says_and_spare_bits_are_zeros() {
    let bytes = code().to_bytes();
    let text = base32::encode(DIGITS, &bytes);
    assert_eq!(bytes_of_digits(&text).as_ref(), Some(&bytes));
    assert_eq!(bytes_of_digits(&format!("{text}aaaaaaaaaaaa")).as_ref(), Some(&bytes));
    assert_eq!(bytes_of_digits(&format!("{text}!")).as_ref(), Some(&bytes));
    assert_eq!(bytes_of_digits(&text[..text.len() - 1]), None);
    // Whole groups of eight digits have no bits to spare; any other number has.
    assert_ne!(text.len() % 8, 0);
    let last = text.chars().last().unwrap();
    let next = if last == 'z' { '2' } else { char::from_u32(last as u32 + 1).unwrap() };
    assert_eq!(bytes_of_digits(&format!("{}{next}", &text[..text.len() - 1])), None);
    assert_eq!(bytes_of_digits("aaaaaaa"), None);
}

#[test]
fn no_error_has_the_code_or_the_words_of_another() {
    use CodeError::*;
    let all = [Picture, TooLong, NoPart, NoCode, Version, Damaged];
    assert_eq!(
        all.map(|error| error.code()),
        ["code-of-picture", "code-too-long", "code-no-part", "no-code", "code-version", "code-damaged"]
    );
    assert_eq!(TooLong.to_string(), "a code holds up to 10 minutes of a video");
    assert_eq!(NoCode.to_string(), "no code found, which begins with cotejo1-");
}
