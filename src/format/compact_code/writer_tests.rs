//! How a video becomes a code: how far it is thinned, which frames it keeps, and what a part of it is.

use super::motion::tests::signature_of;
use super::*;

/// A video of ten frames a second, of which a share of `percent` moves; the hash of frame `i` begins with `i`.
fn video(samples: usize, percent: u32) -> Fingerprint {
    let motion = signature_of(samples, &[percent]);
    let packed = motion::pack(&motion, THINNINGS[0]);
    let (width, height, display, thinning) = (640, 360, 0, 0);
    let mut video = CompactCode { width, height, display, frames: Vec::new(), thinning, samples, packed }.fingerprint();
    for (i, frame) in video.frames.iter_mut().enumerate() {
        (frame.quality, frame.pdq) = (80, hash(i));
    }
    video
}

fn hash(i: usize) -> PdqHash {
    let mut bytes = [0x5a; 32];
    bytes[..8].copy_from_slice(&i.to_le_bytes());
    PdqHash(bytes)
}

/// Ticks of each frame, and its number in the video that it comes from.
fn frames_of(video: &Fingerprint) -> Vec<(i64, u8)> {
    video.frames.iter().map(|frame| (frame.ticks, frame.pdq.0[0])).collect()
}

#[test]
fn a_code_is_thinned_only_as_far_as_it_must() {
    let mut seen = [0; 4];
    for (samples, percent) in
        [(20, 60), (50, 60), (60, 60), (90, 60), (100, 60), (150, 60), (250, 60), (400, 5), (900, 9)]
    {
        let code = CompactCode::of(&video(samples, percent)).unwrap();
        let most = 2400.max(samples * 75 / 10);
        let length = |thinning| {
            let packed = motion::pack(&signature_of(samples, &[percent]), THINNINGS[thinning]);
            CompactCode { thinning, packed, ..code.clone() }.to_bytes().len()
        };
        let expected = (0..3).find(|&thinning| length(thinning) <= most).unwrap_or(3);
        assert_eq!((code.thinning, code.to_bytes().len()), (expected, length(expected)), "{samples} {percent}");
        seen[expected] += 1;
    }
    assert!(seen.iter().all(|&codes| codes > 0), "{seen:?}");
}

#[test]
fn a_code_in_parts_has_no_part_more_than_it_needs() {
    let digits = |code: &CompactCode| code.to_text().len() - PREFIX.len();
    for samples in [20, 45, 400, 1000] {
        let code = CompactCode::of(&video(samples, 60)).unwrap();
        let parts = code.to_parts();
        assert_eq!(parts.len(), digits(&code).div_ceil(3600));
        match &parts[..] {
            [only] => assert_eq!(*only, code.to_text()),
            [first, ..] => assert!(first.starts_with(&format!("cotejo1.1.{}-", parts.len())), "{first}"),
            [] => panic!("no part"),
        }
        let longest = parts.iter().map(String::len).max();
        assert!(longest <= Some(3616), "{longest:?}");
    }
}

#[test]
fn frames_of_a_code_are_at_the_samples_of_their_times() {
    let mut video = video(30, 5);
    video.header.time_base = TimeBase(1, 1000);
    // Before the first sample, within one, and behind the last.
    for (frame, ticks) in video.frames.iter_mut().zip([-50, 340, 5000]) {
        frame.ticks = ticks;
    }
    video.frames.truncate(3);
    let code = CompactCode::of(&video).unwrap();
    assert_eq!(code.frames.iter().map(|frame| frame.sample).collect::<Vec<_>>(), [0, 3, 29]);
    assert_eq!(code.frames[1], KeyFrame { sample: 3, quality: 80, pdq: hash(1) });
}

#[test]
fn a_part_counts_from_its_beginning() {
    let video = video(60, 5);
    let part = part(&video, 20..30);
    assert_eq!(frames_of(&part), (0..10).map(|i| (i, 20 + i as u8)).collect::<Vec<_>>());
    assert_eq!(part.motion, video.motion[20..30]);
    assert_eq!((part.header, part.trailer), (video.header, video.trailer));
}

#[test]
fn no_frame_of_a_part_is_shown_before_it() {
    let mut video = video(60, 5);
    video.frames.truncate(18);
    // Three frames a second: the second sample, 0.1 s, lies between the first frame and the one at 0.333 s.
    for time_base in [TimeBase(1, 3), TimeBase(2, 6)] {
        video.header.time_base = time_base;
        assert_eq!(frames_of(&part(&video, 1..11)), [(0, 1), (1, 2), (2, 3)]);
        // At 2 s sharp a frame begins, and what begins at 3 s is not in it.
        assert_eq!(frames_of(&part(&video, 20..30)), [(0, 6), (1, 7), (2, 8)]);
        // Nothing begins between 0.4 and 0.6 s: the frame that began at 0.333 s is shown, at the part's beginning.
        assert_eq!(frames_of(&part(&video, 4..6)), [(0, 1)]);
    }
}

#[test]
fn seconds_are_rounded_to_samples() {
    let video = video(60, 5);
    let samples = |seconds| CompactCode::of_part(&video, seconds).map(|code| code.samples);
    assert_eq!(samples(1.04..2.06), Ok(11));
    assert_eq!(samples(5.0..9.0), Ok(10));
    assert_eq!(samples(5.96..9.0), Err(CodeError::NoPart));
    assert_eq!(samples(1.01..1.04), Err(CodeError::NoPart));
}
