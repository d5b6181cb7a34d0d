//! What a reader and a checker take up to their limits, and what they refuse beyond.

use super::*;
use crate::fingerprint::Fingerprint;

const EXAMPLE: &[u8] = include_bytes!("../../../tests/vectors/fingerprint/example.cotejo");

/// The example's header, with tenths of a second as times, and its first frame, without points.
fn header_and_frame() -> (Header, Frame) {
    let mut example = Fingerprint::read(EXAMPLE).unwrap();
    assert_eq!(example.header.time_base, crate::hash::motion::TimeBase(1, 10));
    example.header.points = None;
    (example.header, Frame { points: None, ..example.frames.remove(0) })
}

fn frame_line(header: &Header, frame: &Frame) -> Vec<u8> {
    let trailer = Fingerprint::read(EXAMPLE).unwrap().trailer;
    let written = Fingerprint { header: header.clone(), frames: vec![frame.clone()], motion: Vec::new(), trailer };
    written.to_bytes().split(|&byte| byte == b'\n').nth(1).unwrap().to_vec()
}

#[test]
fn frames_are_counted_up_to_the_limit() {
    let (header, frame) = header_and_frame();
    let line = frame_line(&header, &frame);
    let after = |frames| Lines { frames, ..Lines::default() }.frame(&line, &header);
    assert_eq!(after(MAX_FRAMES - 1).unwrap(), frame);
    assert!(matches!(after(MAX_FRAMES), Err(("line", ReadProblem::Limit))));
}

#[test]
fn times_end_at_48_hours() {
    let (header, frame) = header_and_frame();
    let at = |ticks| {
        let line = frame_line(&header, &Frame { ticks, ..frame.clone() });
        Lines { frames: 1, ..Lines::default() }.frame(&line, &header)
    };
    // Ten samples a second, the first one at 0.
    let last = 48 * 3600 * 10 - 1;
    assert_eq!(at(last).unwrap().ticks, last);
    assert!(matches!(at(last + 1), Err(("line", ReadProblem::Limit))));
    assert_eq!(at(-7).unwrap().ticks, -7);
}

#[test]
fn a_line_has_at_most_as_many_bytes_as_its_limit() {
    let header = EXAMPLE.split_inclusive(|&byte| byte == b'\n').next().unwrap();
    for (bytes, expected) in
        [(MAX_LINE_BYTES, "line 2, t: expected"), (MAX_LINE_BYTES + 1, "line 2, line: the line is too long")]
    {
        let mut file = header.to_vec();
        file.extend(b"{\"t\":");
        file.resize(header.len() + bytes, b'1');
        file.push(b'\n');
        let mut checker = Checker::default();
        let errors = [Fingerprint::read(file.as_slice()).unwrap_err(), checker.push(&file).unwrap_err()];
        assert!(errors.iter().all(|error| error.to_string().contains(expected)), "{bytes}: {errors:?}");
    }
}

#[test]
fn a_checker_takes_bytes_one_by_one_and_nothing_behind_the_trailer() {
    let checked = |bytes: &[u8]| {
        let mut checker = Checker::default();
        bytes.chunks(1).try_for_each(|byte| checker.push(byte))?;
        checker.finish()
    };
    assert!(checked(EXAMPLE).is_ok());
    let said = |bytes: &[u8]| checked(bytes).unwrap_err().to_string();
    assert_eq!(said(&[EXAMPLE, b"x"].concat()), "fingerprint: line 7, line: nothing may follow the trailer");
    assert_eq!(said(&[EXAMPLE, b"\n"].concat()), "fingerprint: line 7, line: nothing may follow the trailer");
    assert_eq!(said(&EXAMPLE[..EXAMPLE.len() - 1]), "fingerprint: line 6, line: the file ends here, cut off");
    assert_eq!(said(b""), "fingerprint: line 1, line: the file ends here, cut off");
    assert_eq!(said(b"x\n"), "fingerprint: line 1, header: not a Cotejo fingerprint");
}

#[test]
fn a_fingerprint_without_frames_is_refused() {
    let (header, _) = header_and_frame();
    let trailer = Trailer { frames: 0, ..Fingerprint::read(EXAMPLE).unwrap().trailer };
    for motion in [Vec::new(), vec![[0; 64]]] {
        let empty = Fingerprint { header: header.clone(), frames: Vec::new(), motion, trailer: trailer.clone() };
        assert!(Fingerprint::read(empty.to_bytes().as_slice()).is_err());
    }
}

#[test]
fn room_is_made_once_and_for_no_more_than_the_file_holds() {
    let read = Fingerprint::read_sized(EXAMPLE, EXAMPLE.len()).unwrap();
    let line = EXAMPLE.split_inclusive(|&byte| byte == b'\n').nth(1).unwrap().len();
    assert_eq!(read.frames.capacity(), EXAMPLE.len() / line);
    assert!((3..=EXAMPLE.len()).contains(&read.motion.capacity()));
    assert_eq!(read, Fingerprint::read(EXAMPLE).unwrap());
}

#[test]
fn lines_come_in_order_and_none_too_many() {
    let (header, frame) = header_and_frame();
    let frame = frame_line(&header, &frame);
    let motion = |first: usize| format!("{{\"motion\":{first},\"cells\":\"{}==\"}}", "A".repeat(86)).into_bytes();
    let mut lines = Lines::default();
    // No motion before the first frame, which has one sample, and no frame behind it.
    assert!(lines.motion(&motion(0), &header).is_err());
    lines.frame(&frame, &header).unwrap();
    assert_eq!(lines.motion(&motion(0), &header).unwrap().len(), 1);
    assert!(lines.motion(&motion(1), &header).is_err() && lines.frame(&frame, &header).is_err());
}

#[test]
fn a_trailer_counts_the_frames() {
    let mut example = Fingerprint::read(EXAMPLE).unwrap();
    for frames in [0, 2, 4] {
        example.trailer.frames = frames;
        let error = Fingerprint::read(example.to_bytes().as_slice()).unwrap_err();
        assert_eq!((error.line, error.field), (6, "frames"));
    }
}

#[test]
fn a_signature_has_600_samples_a_line() {
    let mut example = Fingerprint::read(EXAMPLE).unwrap();
    for tenths in [599, 600, 1199, 1200] {
        example.frames[2].ticks = tenths - 1;
        example.motion = vec![[0; 64]; tenths as usize];
        let bytes = example.to_bytes();
        assert_eq!(Fingerprint::read(bytes.as_slice()).unwrap(), example);
        let lines = bytes.split(|&byte| byte == b'\n').filter(|line| line.starts_with(b"{\"motion\"")).count();
        assert_eq!(lines, (tenths as usize).div_ceil(SAMPLES_PER_LINE));
    }
}

#[test]
fn an_end_and_a_long_line_are_told_apart() {
    let problem = |bytes: &[u8]| next_line(&mut &bytes[..], &mut Vec::new()).unwrap_err();
    assert!(
        matches!(problem(b"abc"), ReadProblem::Line(CUT_OFF)) && matches!(problem(b""), ReadProblem::Line(CUT_OFF))
    );
    assert!(matches!(problem(&[b'a'; MAX_LINE_BYTES + 1]), ReadProblem::Line(TOO_LONG)));
}
