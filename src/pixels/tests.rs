use super::*;
use crate::compare::testing::{SCREEN, filmed, footage_print as print, room};
use crate::compare::{Verdict, View};
use crate::picture::gray::Gray;
use crate::picture::plane::Range;
use crate::picture::testing::cut;

fn compared(a: &[Gray], b: &[Gray]) -> (Comparison, Option<Comparison>) {
    let prints = [print(a), print(b)];
    let by_hashes = compare(&prints[0], &prints[1], &mut |_| {});
    let Some(mut comparison) = PixelComparison::new(&prints[0], &prints[1]) else { return (by_hashes, None) };
    let mut passes = 0;
    while let Some(side) = comparison.wants() {
        for frame in if side == Side::A { a } else { b } {
            let plane = Plane::new(&frame.luma, frame.width as u32, frame.height as u32, frame.width, 8, Range::Full);
            comparison.frame(&plane.unwrap());
        }
        comparison.end();
        passes += 1;
        assert!(passes <= 2, "it ends");
    }
    (by_hashes, comparison.finish())
}

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

/// Where a window of 81 of 256 pixels begins that sweeps to the right and back, ten frames a second.
fn left(frame: usize) -> usize {
    let at = frame * 4 % 350;
    at.min(350 - at)
}

fn window(all: &[Gray]) -> Vec<Gray> {
    all.iter().enumerate().map(|(i, frame)| cut(frame, [left(i), 0, 81, 144])).collect()
}

#[test]
fn a_window_that_pans_is_found_with_its_way() {
    let all = room(7, 0..200);
    let copy = window(&all[30..190]);
    for is_swapped in [false, true] {
        let found = if is_swapped { compared(&all, &copy) } else { compared(&copy, &all) }.1.unwrap();
        assert_eq!((found.verdict, found.reason), (Verdict::SameFootage, Reason::PixelsAgree));
        let told = |segment: &crate::compare::Segment| {
            if is_swapped { (segment.b, segment.a, segment.a_view) } else { (segment.a, segment.b, segment.b_view) }
        };
        let told: Vec<_> = found.segments.iter().map(told).collect();
        assert!(told.len() > 5 && told[0].0[0] == 0.0 && told[told.len() - 1].0[1] > 15.0, "{told:?}");
        for (own, other, view) in told {
            assert!((other[0] - own[0] - 3.0).abs() < 0.2, "{own:?} {other:?}");
            let middle = ((own[0] + own[1]) * 5.0) as usize;
            assert!((view[0] - left(middle) as f64 / 256.0).abs() < 0.08, "{view:?} at {own:?}");
            assert!((view[2] - 81.0 / 256.0).abs() < 0.03 && view[3] > 0.95, "{view:?}");
        }
    }
}

#[test]
fn a_window_of_another_moment_is_not_found() {
    let all = room(7, 0..360);
    assert_eq!(compared(&window(&all[..160]), &all[200..]).1, None);
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
    assert!(PixelComparison::new(&short, &short).is_some());
    assert!(PixelComparison::new(&short, &long).is_none() && PixelComparison::new(&long, &short).is_none());
}

#[test]
fn fewer_frames_than_there_were_end_in_an_answer() {
    let all = room(6, 0..60);
    let prints = [print(&all), print(&all[..40])];
    let mut comparison = PixelComparison::new(&prints[0], &prints[1]).unwrap();
    for _ in 0..2 {
        comparison.end();
    }
    assert_eq!((comparison.wants(), comparison.finish()), (None, None));
}
