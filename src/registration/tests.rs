use super::*;
use crate::compare::View;
use crate::compare::testing::scrambled;
use crate::fingerprint::VideoHasher;
use crate::picture::frame::FrameFormat;
use crate::picture::plane::Range;
use crate::picture::testing::{boxes, cut};

const SIZE: [usize; 2] = [256, 144];

/// A still room in which two things wander from one random place to the next, ten frames a second.
fn room(seed: usize, frames: std::ops::Range<usize>) -> Vec<Gray> {
    let still = boxes(seed, SIZE[0], SIZE[1]);
    let frame = |i: usize| {
        let mut frame = still.clone();
        for thing in 0..2 {
            let stop = |leg: usize, axis: usize| {
                (scrambled(seed * 977 + thing * 311 + leg * 2 + axis) % (SIZE[axis] as u64 - 24)) as f64
            };
            let (leg, share) = (i / 12, (i % 12) as f64 / 12.0);
            let at = [0, 1].map(|axis| (stop(leg, axis) * (1.0 - share) + stop(leg + 1, axis) * share) as usize);
            for y in at[1]..at[1] + 24 {
                frame.luma[y * SIZE[0] + at[0]..][..18].fill(if thing == 0 { 235 } else { 20 });
            }
        }
        frame
    };
    frames.map(frame).collect()
}

/// Each frame under a transform that leads from its pixels to those of the copy, before a background.
fn filmed(frames: &[Gray], transform: &Transform) -> Vec<Gray> {
    let back = transform.inverse().unwrap();
    let around = boxes(99, SIZE[0], SIZE[1]);
    let frame = |frame: &Gray| {
        let pixel = |i: usize| {
            let [x, y] = back.at([(i % SIZE[0]) as f64 + 0.5, (i / SIZE[0]) as f64 + 0.5]);
            let is_inside = x >= 0.0 && y >= 0.0 && x < SIZE[0] as f64 && y < SIZE[1] as f64;
            if is_inside { frame.luma[y as usize * SIZE[0] + x as usize] } else { around.luma[i] / 3 }
        };
        Gray { luma: (0..SIZE[0] * SIZE[1]).map(pixel).collect(), width: SIZE[0], height: SIZE[1] }
    };
    frames.iter().map(frame).collect()
}

fn print(frames: &[Gray]) -> Fingerprint {
    let format = FrameFormat::new("gray", frames[0].width as u32, frames[0].height as u32).unwrap();
    let mut hasher = VideoHasher::new(format, TimeBase(1, RATE_HZ));
    for (i, frame) in frames.iter().enumerate() {
        hasher.push(i as i64, &frame.luma).unwrap();
    }
    hasher.finish(&crate::scan(std::io::empty()).unwrap()).unwrap()
}

fn compared(a: &[Gray], b: &[Gray]) -> (Comparison, Option<Comparison>) {
    let prints = [print(a), print(b)];
    let mut comparison = RegisteredComparison::new(&prints[0], &prints[1]).unwrap();
    let mut passes = 0;
    while let Some(side) = comparison.wants() {
        for frame in if side == Side::A { a } else { b } {
            let plane = Plane::new(&frame.luma, frame.width as u32, frame.height as u32, frame.width, 8, Range::Full);
            comparison.frame(&plane.unwrap());
        }
        comparison.end();
        passes += 1;
        assert!(passes <= MOST_PASSES, "it ends");
    }
    (compare(&prints[0], &prints[1], &mut |_| {}), comparison.finish())
}

/// Six seconds of both, of whole pictures.
fn six_seconds() -> Segment {
    Segment {
        a: [0.0, 6.0],
        b: [0.0, 6.0],
        speed: 1.0,
        score: 0.9,
        mirrored: false,
        turned: 0,
        tilted: 0.0,
        backwards: false,
        negative: false,
        a_view: [0.0, 0.0, 1.0, 1.0],
        b_view: [0.0, 0.0, 1.0, 1.0],
    }
}

/// A small screen, filmed at an angle.
const SCREEN: Transform = Transform([0.42, 0.03, 70.0, -0.02, 0.4, 48.0, 0.0003, 0.0, 1.0]);

#[test]
fn a_small_screen_filmed_at_an_angle_is_found_with_its_place_in_time_and_picture() {
    let all = room(1, 0..150);
    let copy = filmed(&all[40..140], &SCREEN);
    for is_swapped in [false, true] {
        let (by_hashes, found) = if is_swapped { compared(&all, &copy) } else { compared(&copy, &all) };
        let found = found.unwrap();
        assert_eq!(found.verdict, Verdict::SameFootage, "hashes alone: {:?}", by_hashes.verdict);
        let [segment] = &found.segments[..] else { panic!("{found:?}") };
        let (own, other, view, whole) = if is_swapped {
            (segment.b, segment.a, segment.b_view, segment.a_view)
        } else {
            (segment.a, segment.b, segment.a_view, segment.b_view)
        };
        assert!((other[0] - own[0] - 4.0).abs() < 0.2 && own[1] - own[0] > 9.0, "{segment:?}");
        let near = |a: View, b: View| (0..4).all(|i| (a[i] - b[i]).abs() < 0.04);
        assert!(near(whole, [0.0, 0.0, 1.0, 1.0]) && near(view, [0.275, 0.31, 0.41, 0.38]), "{segment:?}");
        assert_eq!((segment.mirrored, segment.turned), (false, 0));
    }
}

#[test]
fn a_mirrored_and_turned_part_is_told_so() {
    let all = room(2, 0..150);
    let part = |frame: &Gray| cut(frame, [64, 8, 160, 120]).oriented(true, 1);
    let copy: Vec<Gray> = all[20..120].iter().map(part).collect();
    let found = compared(&copy, &all).1.unwrap();
    let segment = &found.segments[0];
    assert_eq!(
        (found.verdict, segment.mirrored, segment.turned, segment.tilted),
        (Verdict::SameFootage, true, 90, 0.0)
    );
    let near = |a: View, b: View| (0..4).all(|i| (a[i] - b[i]).abs() < 0.02);
    assert!(
        near(segment.b_view, [0.25, 0.056, 0.625, 0.833]) && near(segment.a_view, [0.0, 0.0, 1.0, 1.0]),
        "{segment:?}"
    );
}

#[test]
fn another_moment_of_the_room_and_another_room_tell_nothing() {
    let (all, other) = (room(3, 0..260), room(4, 0..100));
    let copy = filmed(&all[..100], &SCREEN);
    assert_eq!(compared(&copy, &all[140..]).1, None);
    assert_eq!(compared(&copy, &other).1, None);
}

#[test]
fn a_video_without_samples_or_of_hours_is_not_looked_through() {
    let short = print(&room(5, 0..3));
    let long = Fingerprint { motion: vec![[0; 64]; MOST_SAMPLES + 1], ..short.clone() };
    assert!(RegisteredComparison::new(&short, &short).is_some());
    assert!(RegisteredComparison::new(&short, &long).is_none() && RegisteredComparison::new(&long, &short).is_none());
}

#[test]
fn fewer_frames_than_there_were_end_in_an_answer() {
    let all = room(6, 0..60);
    let prints = [print(&all), print(&all[..40])];
    let mut comparison = RegisteredComparison::new(&prints[0], &prints[1]).unwrap();
    for _ in 0..MOST_PASSES {
        comparison.end();
    }
    assert_eq!((comparison.wants(), comparison.finish()), (None, None));
}

#[test]
fn a_stretch_is_cut_where_the_picture_has_moved_on_and_times_run_on() {
    let course = Course::Moving(
        (0..60)
            .map(|i| Some(Area { start: [f64::from(i), 0.0], end: [f64::from(i) + 100.0, 60.0] }.corners()))
            .collect(),
    );
    let whole = Segment { b: [4.0, 10.0], backwards: true, ..six_seconds() };
    for is_b in [false, true] {
        let segment = if is_b { Segment { a: whole.b, b: whole.a, ..whole.clone() } } else { whole.clone() };
        let pieces = pieces(&segment, is_b, &course, [100.0, 60.0]);
        assert_eq!(pieces.len(), 6, "it moves by a tenth of its width each second");
        let spans = |of: fn(&Segment) -> [f64; 2]| pieces.iter().map(of).collect::<Vec<_>>();
        let (own, other) = if is_b { (spans(|s| s.b), spans(|s| s.a)) } else { (spans(|s| s.a), spans(|s| s.b)) };
        assert!(own.windows(2).all(|two| two[0][1] == two[1][0]), "{own:?}");
        assert!(other.windows(2).all(|two| two[0][0] == two[1][1]), "backwards: {other:?}");
        assert_eq!((own[0][0], own[5][1], other[0][1], other[5][0]), (0.0, 6.0, 10.0, 4.0));
    }
}

#[test]
fn a_turn_of_the_scene_in_the_frame_is_told_as_one_of_a() {
    let turn = Transform([0.985, -0.174, 14.0, 0.174, 0.985, -20.0, 0.0, 0.0, 1.0]);
    let corners = corners(&turn, [256.0, 144.0]);
    let whole = six_seconds();
    let told = |orientation: Orientation, is_b: bool| {
        let segment = with_views(whole.clone(), &corners, [256.0, 144.0], orientation, is_b);
        (segment.tilted, segment.mirrored, segment.turned)
    };
    let [as_is, mirrored, quarter] =
        [(false, 0), (true, 0), (false, 1)].map(|(mirrored, quarters)| Orientation { mirrored, quarters });
    assert_eq!([told(as_is, false), told(as_is, true)], [(10.0, false, 0), (-10.0, false, 0)]);
    // A placed in B after a mirror is B, turned, and then mirrored.
    assert_eq!([told(mirrored, false), told(mirrored, true)], [(-10.0, true, 0), (-10.0, true, 0)]);
    assert_eq!([told(quarter, false), told(quarter, true)], [(10.0, false, 270), (-10.0, false, 90)]);
}

#[test]
fn a_turn_is_told_within_a_tenth_of_a_degree() {
    for expected in -45..=45 {
        let (sin, cos) = (f64::from(expected) * PI / 180.0).sin_cos();
        assert!((degrees([7.0 * cos, 7.0 * sin]) - f64::from(expected)).abs() < 0.1, "{expected}");
    }
    assert_eq!(degrees([0.0, 3.0]), 45.0);
}
