//! The fingerprint file: what is written is read, what is read is written back, and nothing else is accepted.
//!
//! `vectors/fingerprint/example.cotejo` is the example of docs/format.md: three flat grey frames, so every value in it
//! can be worked out by hand.

mod random;

use cotejo::file_scan::FileRecord;
use cotejo::fingerprint::{
    Decoder, Fingerprint, Frame, Header, Kind, MotionParameters, PointParameters, Problem, ProblemCode, Recorder, Tier,
    TierReason, Trailer, classic_in_order,
};
use cotejo::format::{Checker, MAX_LINE_BYTES, ReadError};
use cotejo::hash::classic::{ALGORITHMS, Algorithm};
use cotejo::hash::digest::{sha256, to_hex};
use cotejo::hash::motion::{MAX_SECONDS, RATE_HZ, SAMPLE_BYTES, STEP, Sample, TimeBase, samples_up_to};
use cotejo::hash::pdq::PdqHash;
use cotejo::hash::points::{self, KeyPoint};
use cotejo::picture::frame::FrameFormat;
use cotejo::picture::luma::Matrix;
use cotejo::picture::pixel_format::PixelFormat;
use cotejo::picture::plane::Range;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use random::Random;
use std::io::{BufReader, Read};

const EXAMPLE: &str = include_str!("vectors/fingerprint/example.cotejo");
/// The same as version 1 wrote it.
const VERSION_1: &str = include_str!("vectors/fingerprint/version-1.cotejo");
const PIXEL_FORMATS: [&str; 6] = ["yuv420p", "yuv444p12le", "yuva422p10le", "gray16le", "rgb24", "bgra"];
const PROBLEMS: [ProblemCode; 6] = [
    ProblemCode::CutOff,
    ProblemCode::EndsEarly,
    ProblemCode::DecodeError,
    ProblemCode::SizeChanges,
    ProblemCode::TimestampsRepeat,
    ProblemCode::TimestampsGoBack,
];

// ---------------------------------------------------------------------------------------------------------------------
// The example

/// Frames of black, mid-grey and white, 0.2 seconds apart, as they would lie in a file of raw video.
fn example_frames(format: &FrameFormat) -> [Vec<u8>; 3] {
    let luma_bytes = (format.width * format.height) as usize;
    [16, 126, 235].map(|level| [vec![level; luma_bytes], vec![128; format.frame_bytes() - luma_bytes]].concat())
}

fn example() -> Fingerprint {
    let pixel_format = PixelFormat::from_name("yuv420p").unwrap();
    let format = FrameFormat { pixel_format, range: Range::Limited, width: 16, height: 16, matrix: Matrix::Bt601 };
    let header = Header {
        kind: Kind::Video,
        tier: Tier::Exact,
        tier_reason: None,
        decoder: Decoder::Conformant,
        codec: "rawvideo".to_owned(),
        pixel_format: pixel_format.name.to_owned(),
        range: format.range,
        width: format.width,
        height: format.height,
        rotation: 0,
        mirrored: false,
        time_base: TimeBase(1, 10),
        classic: vec![Algorithm::Gradient],
        motion: MotionParameters::FIXED,
        points: Some(PointParameters::FIXED),
    };
    let (mut recorder, pictures) = (Recorder::new(header.time_base), example_frames(&format));
    let frames = (0..).zip(&pictures).map(|(i, picture)| {
        let hashes = format.hash_nth(i, picture, &header.classic).unwrap();
        recorder.push(2 * i as i64, &hashes, Some(sha256(picture))).unwrap()
    });
    let frames = frames.collect();
    let file = pictures.concat();
    let file = FileRecord { sha256: to_hex(&sha256(&file)), bytes: file.len() as u64, container: None };
    let (motion, trailer) = recorder.finish(file, false, None).unwrap();
    Fingerprint { header, frames, motion, trailer }
}

#[test]
fn the_example_is_what_its_frames_give() {
    assert_eq!(String::from_utf8(example().to_bytes()).unwrap(), EXAMPLE);
}

#[test]
fn the_example_reads_and_writes_back() {
    let fingerprint = Fingerprint::read(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(fingerprint, example());
    assert_eq!(fingerprint.to_bytes(), EXAMPLE.as_bytes());
}

#[test]
fn version_1_is_read_and_written_back_as_it_is() {
    let (old, new) = (Fingerprint::read(VERSION_1.as_bytes()).unwrap(), example());
    assert_eq!(old.to_bytes(), VERSION_1.as_bytes());
    assert_eq!(old.header, Header { points: None, ..new.header });
    assert!(old.frames.iter().all(|frame| frame.points.is_none()));
    assert_eq!((old.motion, old.trailer), (new.motion, new.trailer));
}

#[test]
#[ignore = "writes the example anew; for a change of the format only"]
fn write_the_example() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/fingerprint/example.cotejo");
    std::fs::write(path, example().to_bytes()).unwrap();
}

#[test]
fn the_digest_is_of_all_bytes_before_it() {
    let (before, digest) = EXAMPLE.rsplit_once(",\"digest\":\"").unwrap();
    assert_eq!(digest, format!("{}\"}}\n", to_hex(&sha256(before.as_bytes()))));
}

// ---------------------------------------------------------------------------------------------------------------------
// Any fingerprint

fn any_header() -> impl Strategy<Value = Header> {
    use TierReason::{AlteredPixels, OpaqueFrames, Picture, RgbFrames, Unverified};
    let reasons = [RgbFrames, OpaqueFrames, AlteredPixels, Unverified, Picture];
    let tier = select([vec![None], reasons.map(Some).to_vec()].concat());
    let decoder =
        select(vec![Decoder::Conformant, Decoder::Ffmpeg, Decoder::WebcodecsRgb, Decoder::Webcodecs, Decoder::Image]);
    let time_base = prop_oneof![
        select(vec![TimeBase(1, 12_800), TimeBase(1001, 30_000), TimeBase(7, 3), TimeBase(1, u32::MAX)]),
        (1..100u32, 1..100_000u32).prop_map(|(n, d)| TimeBase(n, d)),
    ];
    let picture =
        (select(PIXEL_FORMATS.to_vec()), any::<bool>(), 1..=16_384u32, 1..=16_384u32, (0..4u16, any::<bool>()));
    let classic = subsequence(ALGORITHMS.to_vec(), 0..=4);
    (any::<(bool, bool)>(), tier, decoder, "[a-z0-9_.-]{1,32}", picture, time_base, classic).prop_map(
        |(
            (is_video, has_points),
            tier_reason,
            decoder,
            codec,
            (layout, is_full, width, height, (turns, mirrored)),
            time_base,
            classic,
        )| Header {
            kind: if is_video { Kind::Video } else { Kind::Picture },
            tier: if tier_reason.is_some() { Tier::Perceptual } else { Tier::Exact },
            tier_reason,
            decoder,
            codec,
            pixel_format: layout.to_owned(),
            range: if is_full { Range::Full } else { Range::Limited },
            width,
            height,
            rotation: turns * 90,
            mirrored,
            time_base,
            classic,
            motion: MotionParameters::FIXED,
            points: has_points.then_some(PointParameters::FIXED),
        },
    )
}

/// Frames whose times go forth and back in steps of up to `step_tenths`, and what their header asks for.
fn frames_of(header: &Header, step_tenths: i64) -> BoxedStrategy<Vec<Frame>> {
    let TimeBase(numerator, denominator) = header.time_base;
    let longest = i64::from(denominator) * step_tenths / (10 * i64::from(numerator)) + 1;
    let (has_digest, classic) = (header.tier == Tier::Exact, header.classic.clone());
    let has_points = header.points.is_some();
    let frame = (-longest / 4..=longest, any::<[u8; 32]>(), 0..=100u8, any::<[u8; 32]>(), any::<[[u8; 8]; 4]>());
    let count = if header.kind == Kind::Video { 1..12 } else { 1..2 };
    let point = (any::<[u16; 2]>(), 0..points::LEVELS.len() as u8, any::<[u64; 4]>());
    let first = vec(point.prop_map(|(at, level, bits)| KeyPoint { at, level, bits }), 0..=points::MOST);
    (vec(frame, count), first)
        .prop_map(move |(raw, first)| {
            let mut next_ticks = 0;
            // Of so few frames only the first has points.
            let mut points = has_points.then(|| first.into());
            let frame = |(step, pdq, quality, digest, hashes): (i64, [u8; 32], u8, [u8; 32], [[u8; 8]; 4])| {
                let ticks = next_ticks;
                next_ticks += step;
                let sha256 = has_digest.then_some(digest);
                let classic = ALGORITHMS.map(|algorithm| {
                    let mut hash = hashes[algorithm as usize];
                    hash[algorithm.hash_bytes()..].fill(0);
                    classic.contains(&algorithm).then_some(hash)
                });
                Frame { ticks, pdq: PdqHash(pdq), quality, sha256, classic, points: points.take() }
            };
            raw.into_iter().map(frame).collect()
        })
        .boxed()
}

fn motion_of(header: &Header, frames: &[Frame], seed: u64) -> Vec<Sample> {
    let last = frames.iter().map(|frame| frame.ticks).max().unwrap();
    let mut random = Random(seed);
    let mut byte = || {
        let state = random.next();
        // Four codes of 0, 1 or 2.
        (0..4).fold(0, |byte, i| byte | (((state >> (16 * i)) as u16 % 3) as u8) << (2 * i))
    };
    let mut sample = |i| if i < STEP as u64 { [0; SAMPLE_BYTES] } else { [(); SAMPLE_BYTES].map(|()| byte()) };
    (0..samples_up_to(header.time_base, last)).map(&mut sample).collect()
}

fn any_trailer(frames: u64) -> impl Strategy<Value = Trailer> {
    let file = (any::<[u8; 32]>(), 0..1u64 << 53, option::of("[a-z0-9_.-]{1,32}"))
        .prop_map(|(digest, bytes, container)| FileRecord { sha256: to_hex(&digest), bytes, container });
    let codes = subsequence(PROBLEMS.to_vec(), 0..=6).prop_shuffle();
    (file, codes, vec(option::of(0..=frames), 6)).prop_map(move |(file, codes, at)| {
        let harmless = [ProblemCode::TimestampsRepeat, ProblemCode::TimestampsGoBack];
        let complete = codes.iter().all(|code| harmless.contains(code));
        let problems = codes.into_iter().zip(at).map(|(code, frame)| Problem { code, frame }).collect();
        Trailer { frames, file, complete, problems }
    })
}

fn any_fingerprint(step_tenths: i64) -> impl Strategy<Value = Fingerprint> {
    any_header()
        .prop_flat_map(move |header| (frames_of(&header, step_tenths), Just(header)))
        .prop_flat_map(|(frames, header)| (any_trailer(frames.len() as u64), any::<u64>(), Just(frames), Just(header)))
        .prop_map(|(trailer, seed, frames, header)| {
            let motion = motion_of(&header, &frames, seed);
            Fingerprint { header, frames, motion, trailer }
        })
}

/// One change to a file's bytes.
#[derive(Clone, Debug)]
enum Change {
    Flip(Index, u8),
    Insert(Index, u8),
    Delete(Index),
    DeleteLine(Index),
    RepeatLine(Index),
    SwapLines(Index, Index),
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), 1..=255u8).prop_map(|(at, bits)| Change::Flip(at, bits)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        (any::<Index>(), select(b"0123456789,:{}[]\" -.e\n".to_vec())).prop_map(|(at, byte)| Change::Insert(at, byte)),
        any::<Index>().prop_map(Change::Delete),
        any::<Index>().prop_map(Change::DeleteLine),
        any::<Index>().prop_map(Change::RepeatLine),
        any::<(Index, Index)>().prop_map(|(a, b)| Change::SwapLines(a, b)),
    ]
}

impl Change {
    fn of(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        let (byte_count, line_count) = (bytes.len(), lines.len());
        match self {
            Self::Flip(at, bits) => bytes[at.index(byte_count)] ^= bits,
            Self::Insert(at, byte) => bytes.insert(at.index(byte_count + 1), *byte),
            Self::Delete(at) => drop(bytes.remove(at.index(byte_count))),
            Self::DeleteLine(at) => drop(lines.remove(at.index(line_count))),
            Self::RepeatLine(at) => lines.insert(at.index(line_count), lines[at.index(line_count)].clone()),
            Self::SwapLines(a, b) => lines.swap(a.index(line_count), b.index(line_count)),
        }
        match self {
            Self::Flip(..) | Self::Insert(..) | Self::Delete(_) => bytes,
            Self::DeleteLine(_) | Self::RepeatLine(_) | Self::SwapLines(..) => lines.concat(),
        }
    }
}

/// The file with the digest that its bytes should have, if it still ends in one.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mark = b",\"digest\":\"";
    match bytes.windows(mark.len()).rposition(|window| window == mark) {
        Some(at) => [&bytes[..at], mark, to_hex(&sha256(&bytes[..at])).as_bytes(), b"\"}\n"].concat(),
        None => bytes.to_vec(),
    }
}

/// What a writer that hands its bytes over in pieces is told of them.
fn checked(bytes: &[u8], piece: usize) -> Result<(), ReadError> {
    let mut checker = Checker::default();
    bytes.chunks(piece).try_for_each(|piece| checker.push(piece))?;
    checker.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_written_is_read(fingerprint in any_fingerprint(30)) {
        let bytes = fingerprint.to_bytes();
        let read = Fingerprint::read(bytes.as_slice()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&read, &fingerprint);
        prop_assert!(checked(&bytes, 7).is_ok());
        prop_assert_eq!(read.to_bytes(), bytes);
    }

    #[test]
    fn a_changed_file_is_refused(fingerprint in any_fingerprint(2), change in any_change()) {
        let bytes = fingerprint.to_bytes();
        let changed = change.of(&bytes);
        // The digest covers everything: only a change that changes nothing passes.
        prop_assert_eq!(Fingerprint::read(changed.as_slice()).is_ok(), changed == bytes, "{:?}", change);
    }

    #[test]
    fn a_changed_file_with_a_new_digest_is_refused_or_written_back(
        fingerprint in any_fingerprint(2),
        changes in vec(any_change(), 1..4),
        piece in 1..400usize,
    ) {
        let changed = changes.iter().fold(fingerprint.to_bytes(), |bytes, change| {
            if bytes.is_empty() { bytes } else { change.of(&bytes) }
        });
        let changed = sealed(&changed);
        let (read, checked) = (Fingerprint::read(changed.as_slice()), checked(&changed, piece));
        prop_assert_eq!(read.is_ok(), checked.is_ok(), "{:?}, {:?}", read, checked);
        if let Ok(read) = read {
            prop_assert_eq!(read.to_bytes(), changed);
        }
    }

    #[test]
    fn noise_is_refused(noise in vec(any::<u8>(), 0..300), has_signature: bool) {
        let signature = if has_signature { &b"{\"cotejo\":1,"[..] } else { b"" };
        prop_assert!(Fingerprint::read([signature, &noise].concat().as_slice()).is_err());
    }
}

#[test]
fn several_motion_lines_are_read() {
    let mut fingerprint = example();
    fingerprint.frames[2].ticks = 1300;
    fingerprint.motion = motion_of(&fingerprint.header, &fingerprint.frames, 7);
    assert_eq!(fingerprint.motion.len(), 1301);
    let bytes = fingerprint.to_bytes();
    assert_eq!(bytes.iter().filter(|&&byte| byte == b'\n').count(), 1 + 3 + 3 + 1);
    assert_eq!(Fingerprint::read(bytes.as_slice()).unwrap(), fingerprint);
}

#[test]
fn nothing_moves_before_there_is_something_to_compare_with() {
    let mut fingerprint = example();
    fingerprint.frames[2].ticks = 1300;
    fingerprint.motion = motion_of(&fingerprint.header, &fingerprint.frames, 7);
    // The first sample of the second line has one before it.
    for (sample, is_allowed) in [(0, false), (3, false), (4, true), (600, true)] {
        let mut moving = fingerprint.clone();
        moving.motion[sample][63] = 0b0100_0000;
        let read = Fingerprint::read(moving.to_bytes().as_slice()).map_err(|error| error.to_string());
        let expected = "fingerprint: line 5, cells: expected no motion in samples 0 to 3: nothing comes before them";
        assert_eq!(read, if is_allowed { Ok(moving) } else { Err(expected.to_owned()) }, "sample {sample}");
    }
}

#[test]
fn a_checker_names_what_a_reader_names() {
    let changed = EXAMPLE.replacen(r#"{"t":2,"#, r#"{"t":3,"#, 1);
    let too_long = format!("{}{}", &EXAMPLE[..300], "1".repeat(MAX_LINE_BYTES));
    for bytes in [&changed, &EXAMPLE[..EXAMPLE.len() - 1], &format!("{EXAMPLE} "), &format!("{EXAMPLE}\n"), &too_long] {
        for piece in [1, 100, 100_000] {
            assert_eq!(checked(bytes.as_bytes(), piece).unwrap_err().to_string(), message(bytes.as_bytes()));
        }
    }
}

#[test]
fn the_longest_motion_line_is_far_within_the_limit() {
    let mut fingerprint = example();
    fingerprint.frames[2].ticks = MAX_SECONDS as i64 * i64::from(RATE_HZ) - 1;
    fingerprint.motion = vec![[0; SAMPLE_BYTES]; fingerprint.frames[2].ticks as usize + 1];
    let bytes = fingerprint.to_bytes();
    let longest = bytes.split(|&byte| byte == b'\n').map(<[u8]>::len).max().unwrap();
    assert_eq!(longest, 51_200 + r#"{"motion":1727400,"cells":""}"#.len());
    assert!(longest < MAX_LINE_BYTES);
    assert_eq!(Fingerprint::read(bytes.as_slice()).unwrap(), fingerprint);
}

#[test]
fn classic_hashes_keep_the_order_of_the_format() {
    assert_eq!(classic_in_order(&[Algorithm::Mean, Algorithm::Gradient]), [Algorithm::Gradient, Algorithm::Mean]);
}

// ---------------------------------------------------------------------------------------------------------------------
// What is refused, and in which words

fn message(bytes: &[u8]) -> String {
    Fingerprint::read(bytes).expect_err("this is no fingerprint").to_string()
}

/// The error for the example with `from` replaced, once; the digest is made to fit, so that it is not what fails.
fn message_after(from: &str, to: &str) -> String {
    assert!(EXAMPLE.contains(from), "{from}");
    message(&sealed(EXAMPLE.replacen(from, to, 1).as_bytes()))
}

#[test]
fn a_file_cut_at_any_byte_is_refused_with_the_line() {
    for length in 0..EXAMPLE.len() {
        let head = &EXAMPLE[..length];
        let line = head.matches('\n').count() + 1;
        let expected = if length <= r#"{"cotejo":"#.len() {
            "fingerprint: line 1, header: not a Cotejo fingerprint".to_owned()
        } else {
            format!("fingerprint: line {line}, line: the file ends here, cut off")
        };
        assert_eq!(message(head.as_bytes()), expected, "cut at {length}");
    }
}

#[test]
fn versions_and_headers_are_checked_by_field() {
    let cases = [
        (r#""cotejo":2"#, r#""cotejo":3"#, "cotejo: version 3 found, this program reads versions 1 to 2"),
        (r#""cotejo":2"#, r#""cotejo":"2""#, "cotejo: expected the version, a whole number"),
        (r#""range":"limited","#, "", "header: missing field `range`"),
        (
            r#""rotation":0"#,
            r#""rotation":0,"title":"x""#,
            "header: unknown field `title`, expected one of `kind`, `tier`, `tier_reason`, `decoder`, `codec`, \
             `pixel_format`, `range`, `width`, `height`, `rotation`, `mirrored`, `time_base`, `classic`, `motion`, `points`",
        ),
        (
            r#""width":16,"height":16"#,
            r#""height":16,"width":16"#,
            "header: not written as its version writes it (fields, order, spaces or number form)",
        ),
        (
            r#""width":16"#,
            r#""width": 16"#,
            "header: not written as its version writes it (fields, order, spaces or number form)",
        ),
        (r#""width":16"#, r#""width":16385"#, "width: expected 1 to 16384 pixels"),
        (r#""height":16"#, r#""height":0"#, "height: expected 1 to 16384 pixels"),
        (r#""rotation":0"#, r#""rotation":45"#, "rotation: expected 0, 90, 180 or 270"),
        (
            r#""rotation":0"#,
            r#""rotation":0,"mirrored":false"#,
            "header: not written as its version writes it (fields, order, spaces or number form)",
        ),
        (
            r#""rotation":0"#,
            r#""mirrored":true,"rotation":0"#,
            "header: not written as its version writes it (fields, order, spaces or number form)",
        ),
        (r#""codec":"rawvideo""#, r#""codec":"Raw""#, "codec: expected 1 to 32 of a-z 0-9 _ . -"),
        ("[1,10]", "[0,10]", "time_base: expected two positive numbers"),
        (r#""exact""#, r#""perceptual""#, "tier_reason: expected in the perceptual tier, and only there"),
        (r#"["gradient"]"#, r#"["mean","gradient"]"#, "classic: expected each algorithm once, in the format's order"),
        (r#""step":4"#, r#""step":5"#, "motion: expected the parameters that docs/format.md lists"),
        (r#""most":100"#, r#""most":99"#, "points: expected the parameters that docs/format.md lists"),
        (
            r#""pixel_format":"yuv420p""#,
            r#""pixel_format":"nv12""#,
            "pixel_format: expected the name of a layout that docs/format.md lists",
        ),
    ];
    for (from, to, expected) in cases {
        assert_eq!(message_after(from, to), format!("fingerprint: line 1, {expected}"), "{from} -> {to}");
    }
}

#[test]
fn frames_and_motion_are_checked_by_field() {
    let pdq = to_hex(&example().frames[0].pdq.0);
    let upper = format!("{}{}", &pdq[..63], "F");
    let quality = r#""q":0"#;
    let cases = [
        (r#"{"t":0,"#, r#"{"t":1,"#, 2, "t: the first frame is at 0"),
        (r#"{"t":2,"#, r#"{"t":9007199254740992,"#, 3, "t: expected a whole number below 2^53"),
        (r#"{"t":2,"#, r#"{"t":-9223372036854775808,"#, 3, "t: expected a whole number below 2^53"),
        (r#"{"t":2,"#, r#"{"t":02,"#, 3, "t: expected a whole number below 2^53"),
        (r#"{"t":2,"#, r#"{"t":-0,"#, 3, "t: expected a whole number below 2^53"),
        (r#"{"t":2,"#, r#"{"t":2.0,"#, 3, "pdq: expected 64 lowercase hex digits"),
        (r#"{"t":2,"#, r#"{"t":9007199254740991,"#, 3, "line: beyond the format's limits (48 hours, 10368000 frames)"),
        (r#"{"t":2,"#, r#"{"t":2,"x":1,"#, 3, "pdq: expected 64 lowercase hex digits"),
        (r#"{"t":2,"#, r#"{ "t":2,"#, 3, "line: expected a frame, motion or trailer line"),
        (pdq.as_str(), upper.as_str(), 2, "pdq: expected 64 lowercase hex digits"),
        (quality, r#""q":101"#, 2, "q: expected a whole number from 0 to 100"),
        (quality, r#""q":-1"#, 2, "q: expected a whole number from 0 to 100"),
        (r#","gradient":"#, r#","mean":"#, 2, "gradient: expected the lowercase hex digits of the hash"),
        ("\"}\n{\"t\":2,", "\"}\r\n{\"t\":2,", 2, "line: expected the frame to end here"),
        (r#"{"motion":0"#, r#"{"motion":1"#, 5, "motion: expected the index of the next sample"),
        ("AAAA", "AAA!", 5, "cells: expected 64 bytes a sample in base64, cells of 0, 1 or 2"),
        ("AAAA", "/AAA", 5, "cells: expected 64 bytes a sample in base64, cells of 0, 1 or 2"),
        ("AAAAAAAAAAAAAAAA", "", 5, "cells: expected 64 bytes a sample in base64, cells of 0, 1 or 2"),
    ];
    for (from, to, line, expected) in cases {
        assert_eq!(message_after(from, to), format!("fingerprint: line {line}, {expected}"), "{from} -> {to}");
    }
}

#[test]
fn the_trailer_is_checked_by_field() {
    let not_canonical = "trailer: not written as its version writes it (fields, order, spaces or number form)";
    let problem = |problems: &str| format!(r#""complete":true,"problems":[{problems}]"#);
    let twice = problem(r#"{"code":"timestamps-repeat"},{"code":"timestamps-repeat"}"#);
    let beyond = problem(r#"{"code":"timestamps-repeat","frame":4}"#);
    let null = problem(r#"{"code":"timestamps-repeat","frame":null}"#);
    let loses = problem(r#"{"code":"cut-off"}"#);
    let none = problem("");
    let cases = [
        (r#"{"frames":3"#, r#"{"frames":4"#, "frames: the count is not that of the frame lines"),
        (none.as_str(), twice.as_str(), "problems: expected each code at most once"),
        (none.as_str(), beyond.as_str(), "problems: expected no frame beyond the last"),
        (none.as_str(), null.as_str(), not_canonical),
        (none.as_str(), loses.as_str(), "complete: expected true unless a problem loses frames"),
        (r#""bytes":1152"#, r#""bytes":9007199254740992"#, "file.bytes: expected less than 2^53"),
        (r#""container":null"#, r#""container":"a b""#, "file.container: expected 1 to 32 of a-z 0-9 _ . -"),
        (
            r#""container":null"#,
            r#""container":null,"name":"x""#,
            "trailer: unknown field `name`, expected one of `sha256`, `bytes`, `container` at column 132",
        ),
    ];
    for (from, to, expected) in cases {
        assert_eq!(message_after(from, to), format!("fingerprint: line 6, {expected}"), "{from} -> {to}");
    }
}

#[test]
fn a_wrong_digest_is_named() {
    let changed = EXAMPLE.replacen(r#"{"t":2,"#, r#"{"t":3,"#, 1);
    let expected = "fingerprint: line 6, digest: does not match the lines before: the file was changed or damaged";
    assert_eq!(message(changed.as_bytes()), expected);
    let no_digest = EXAMPLE.replacen("\"digest\"", "\"Digest\"", 1);
    assert_eq!(message(no_digest.as_bytes()), "fingerprint: line 6, digest: the last field is the digest");
}

#[test]
fn lines_out_of_order_missing_or_left_over_are_named() {
    let lines: Vec<&str> = EXAMPLE.split_inclusive('\n').collect();
    let [header, first, second, third, motion, trailer] = lines[..] else { panic!("the example has six lines") };
    let cases = [
        (
            vec![header, first, second, motion, third, trailer],
            "line 4, cells: expected 64 bytes a sample in base64, cells of 0, 1 or 2",
        ),
        (vec![header, first, second, third, motion, third, trailer], "line 6, line: frames come before motion"),
        (vec![header, first, second, third, trailer], "line 5, motion: motion samples are missing before the trailer"),
        (vec![header, motion, trailer], "line 2, line: no motion line belongs here"),
        (vec![header, first, second, third, motion, motion, trailer], "line 6, line: no motion line belongs here"),
        (vec![header, trailer], "line 2, frames: the count is not that of the frame lines"),
        (vec![header, first, second, third, motion, trailer, "\n"], "line 7, line: nothing may follow the trailer"),
        (vec![header, first, "\n", second], "line 3, line: expected a frame, motion or trailer line"),
        (vec!["\u{feff}", EXAMPLE], "line 1, header: not a Cotejo fingerprint"),
        (vec![], "line 1, header: not a Cotejo fingerprint"),
    ];
    for (lines, expected) in cases {
        assert_eq!(message(&sealed_before_rest(&lines.concat())), format!("fingerprint: {expected}"));
    }
}

/// As [`sealed`], but what follows the trailer stays.
fn sealed_before_rest(text: &str) -> Vec<u8> {
    match text.split_once("\"}\n\n").filter(|(_, rest)| rest.is_empty()) {
        Some((before, _)) => [sealed(format!("{before}\"}}\n").as_bytes()).as_slice(), b"\n"].concat(),
        None => sealed(text.as_bytes()),
    }
}

#[test]
fn a_picture_has_one_frame() {
    let expected = "fingerprint: line 3, line: beyond the format's limits (48 hours, 10368000 frames)";
    assert_eq!(message_after(r#""kind":"video""#, r#""kind":"picture""#), expected);
}

/// Bytes without end or line feed; counts what is taken.
struct Endless<'a>(&'a mut usize);

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        buffer.fill(b'1');
        *self.0 += buffer.len();
        Ok(buffer.len())
    }
}

#[test]
fn an_endless_line_is_refused_within_the_limit() {
    let header = EXAMPLE.split_inclusive('\n').next().unwrap();
    for (start, expected) in [
        ("", "line 1, header: not a Cotejo fingerprint"),
        (r#"{"cotejo":"#, "line 1, line: the line is too long"),
        (header, "line 2, line: the line is too long"),
    ] {
        let mut taken = 0;
        let input = BufReader::new(start.as_bytes().chain(Endless(&mut taken)));
        assert_eq!(Fingerprint::read(input).unwrap_err().to_string(), format!("fingerprint: {expected}"));
        assert!(taken <= 2 * MAX_LINE_BYTES, "{taken} bytes were read");
    }
}
