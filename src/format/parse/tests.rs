//! Each field of a line up to the last value that is taken.

use super::*;
use crate::fingerprint::{Fingerprint, Problem as Loss, ProblemCode};
use crate::hash::motion::TimeBase;

fn example() -> Fingerprint {
    Fingerprint::read(&include_bytes!("../../../tests/vectors/fingerprint/example.cotejo")[..]).unwrap()
}

/// The field that is refused in the example's header with one change.
fn refused(change: impl FnOnce(&mut Header)) -> Option<&'static str> {
    let mut header = example().header;
    change(&mut header);
    parse_header(header_line(&header).as_bytes()).err().map(|(field, _)| field)
}

fn refused_trailer(change: impl FnOnce(&mut Trailer)) -> Option<&'static str> {
    let mut trailer = example().trailer;
    change(&mut trailer);
    check_trailer(&trailer).err().map(|(field, _)| field)
}

#[test]
fn a_header_is_taken_up_to_the_limit_of_each_field() {
    for side in [1, MAX_SIDE] {
        assert_eq!(refused(|header| (header.width, header.height) = (side, side)), None);
    }
    for side in [0, MAX_SIDE + 1] {
        assert_eq!(refused(|header| header.width = side), Some("width"));
        assert_eq!(refused(|header| header.height = side), Some("height"));
    }
    for rotation in 0..=720 {
        let expected = if [0, 90, 180, 270].contains(&rotation) { None } else { Some("rotation") };
        assert_eq!(refused(|header| header.rotation = rotation), expected, "{rotation}");
    }
    assert_eq!(refused(|header| header.codec = "a".repeat(32)), None);
    for codec in ["a".repeat(33), String::new(), "h 264".to_owned(), "H264".to_owned(), "h\u{e9}".to_owned()] {
        assert_eq!(refused(|header| header.codec = codec), Some("codec"));
    }
    assert_eq!(refused(|header| header.codec = "a_z.0-9".to_owned()), None);
    assert_eq!(refused(|header| header.time_base = TimeBase(1, 0)), Some("time_base"));
    assert_eq!(refused(|header| header.time_base = TimeBase(0, 1)), Some("time_base"));
    assert_eq!(refused(|header| header.time_base = TimeBase(1, 1)), None);
}

#[test]
fn what_only_a_compact_code_has_is_in_no_file() {
    let reason =
        |reason| move |header: &mut Header| (header.tier, header.tier_reason) = (Tier::Perceptual, Some(reason));
    assert_eq!(refused(reason(TierReason::Unverified)), None);
    assert_eq!(refused(reason(TierReason::CompactCode)), Some("tier_reason"));
    assert_eq!(refused(|header| header.decoder = Decoder::Unstated), Some("decoder"));
    assert_eq!(refused(|header| header.tier_reason = Some(TierReason::Unverified)), Some("tier_reason"));
}

#[test]
fn a_trailer_is_taken_up_to_the_limit_of_each_field() {
    let bytes = |bytes| refused_trailer(|trailer| trailer.file.bytes = bytes);
    assert_eq!((bytes((1 << 53) - 1), bytes(1 << 53)), (None, Some("file.bytes")));
    let (repeat, back) = (ProblemCode::TimestampsRepeat, ProblemCode::TimestampsGoBack);
    let problems = |codes: &[ProblemCode]| {
        let problems = codes.iter().map(|&code| Loss { code, frame: None }).collect();
        refused_trailer(|trailer| trailer.problems = problems)
    };
    assert_eq!((problems(&[repeat, back]), problems(&[back, repeat, back])), (None, Some("problems")));
    let at = |frame| {
        let problem = Loss { code: ProblemCode::TimestampsRepeat, frame: Some(frame) };
        refused_trailer(|trailer| trailer.problems = vec![problem])
    };
    assert_eq!((at(3), at(4)), (None, Some("problems")));
    assert_eq!(refused_trailer(|trailer| trailer.complete = false), Some("complete"));
    assert_eq!(refused_trailer(|trailer| trailer.file.sha256.push('0')), Some("file.sha256"));
    assert_eq!(refused_trailer(|trailer| trailer.file.container = Some("a b".to_owned())), Some("file.container"));
    assert_eq!(refused_trailer(|trailer| trailer.file.container = Some("mp4".to_owned())), None);
}

#[test]
fn a_frame_is_taken_up_to_the_limit_of_each_field() {
    let header = example().header;
    let written = example().to_bytes();
    let line = written.split(|&byte| byte == b'\n').nth(1).unwrap();
    let line = String::from_utf8(line.to_vec()).unwrap();
    let parsed =
        |from: &str, to: &str| parse_frame(line.replacen(from, to, 1).as_bytes(), &header, 0).map_err(|error| error.0);
    let ticks = |ticks: &str| parsed("\"t\":0", &format!("\"t\":{ticks}")).map(|frame| frame.ticks);
    assert_eq!(ticks("9007199254740991"), Ok((1 << 53) - 1));
    assert_eq!(ticks("-9007199254740991"), Ok(1 - (1 << 53)));
    for wrong in ["9007199254740992", "-9007199254740992", "+1", "01", "-0", "", "-", "1-1", "9223372036854775808"] {
        assert_eq!(ticks(wrong), Err("t"), "{wrong}");
    }
    let quality = |quality: &str| parsed("\"q\":0", &format!("\"q\":{quality}")).map(|frame| frame.quality);
    assert_eq!(
        (quality("100"), quality("101"), quality("-1"), quality("356")),
        (Ok(100), Err("q"), Err("q"), Err("q"))
    );
}

#[test]
fn points_belong_to_version_2_and_are_fixed() {
    let other = PointParameters { most: 99, ..PointParameters::FIXED };
    assert_eq!(refused(|header| header.points = Some(other)), Some("points"));
    assert_eq!(refused(|header| header.points = None), None);
    let written = header_line(&example().header);
    let versions_are_swapped = written.replacen("\"cotejo\":2", "\"cotejo\":1", 1);
    assert_eq!(parse_header(versions_are_swapped.as_bytes()).unwrap_err().0, "header");
}

#[test]
fn a_frame_has_points_up_to_their_limit_if_its_number_says_so() {
    let header = example().header;
    let written = example().to_bytes();
    let line = String::from_utf8(written.split(|&byte| byte == b'\n').nth(1).unwrap().to_vec()).unwrap();
    let point = KeyPoint { at: [1, 2], level: 8, bits: [3, 4, 5, u64::MAX] };
    let with = |bytes: &[u8]| line.replacen("\"points\":\"\"", &format!("\"points\":\"{}\"", BASE64.encode(bytes)), 1);
    let parsed = |line: &str, number: u64| {
        let parsed = parse_frame(line.as_bytes(), &header, number);
        parsed.map(|frame| frame.points).map_err(|error| error.0)
    };
    let all = vec![point; points::MOST];
    let bytes: Vec<u8> = all.iter().flat_map(KeyPoint::to_bytes).collect();
    assert_eq!(parsed(&with(&bytes), 128), Ok(Some(all.into())));
    assert_eq!(parsed(&with(&[&bytes[..], &point.to_bytes()].concat()), 0), Err("points"));
    assert_eq!(parsed(&with(&bytes[1..]), 0), Err("points"));
    let mut of_no_level = point.to_bytes();
    of_no_level[4] = 9;
    assert_eq!(parsed(&with(&of_no_level), 0), Err("points"));
    assert_eq!(parsed(&line.replace(",\"points\":\"\"", ""), 0), Err("points"));
    assert_eq!(parsed(&line, 127), Err("line"));
}

#[test]
fn only_the_first_four_samples_have_to_rest() {
    let line = |first: usize, samples: &[Sample]| {
        format!("{{\"motion\":{first},\"cells\":\"{}\"}}", BASE64.encode(samples.as_flattened()))
    };
    let parsed =
        |first, samples: &[Sample]| parse_motion(line(first, samples).as_bytes(), first, samples.len()).is_ok();
    let (rest, moving) = ([0; SAMPLE_BYTES], [1; SAMPLE_BYTES]);
    assert!(parsed(0, &[rest, rest, rest, rest, moving]));
    assert!(!parsed(0, &[rest, rest, rest, moving, moving]));
    assert!(parsed(3, &[rest, moving]) && !parsed(3, &[moving, moving]) && parsed(4, &[moving]));
    assert!(parsed(0, &[rest]) && !parsed(0, &[moving]));
    // 3 is no code of a cell, and the line says where it belongs and how much it holds.
    assert!(!parsed(9, &[[3; SAMPLE_BYTES]]));
    let moved = line(9, &[moving]);
    assert!(parse_motion(moved.as_bytes(), 8, 1).is_err() && parse_motion(moved.as_bytes(), 9, 2).is_err());
}

#[test]
fn another_version_is_named_whatever_follows() {
    let refused = |line: &str| parse_header(line.as_bytes()).unwrap_err();
    assert!(matches!(refused("{\"cotejo\":3}"), ("cotejo", ReadProblem::Version(3))));
    assert!(matches!(refused("{\"cotejo\":0}"), ("cotejo", ReadProblem::Version(0))));
    let other = header_line(&example().header).replacen("2", "3", 1);
    assert!(matches!(refused(&other), ("cotejo", ReadProblem::Version(3))));
}
