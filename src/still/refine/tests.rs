//! Refinement on canvases of blocks, where the truth is known.

use super::*;
use crate::compare::Orientation;
use crate::compare::testing::scrambled;
use crate::still::guess::WHOLE;

const SIDE_PX: usize = 120;

/// Blocks of levels that look random.
fn canvas() -> Canvas {
    let level = |i: usize| scrambled(i % SIDE_PX / 9 * 31 + i / SIDE_PX / 8) as u8;
    Canvas::new(&(0..SIDE_PX * SIDE_PX).map(level).collect::<Vec<u8>>(), SIDE_PX, SIDE_PX)
}

fn guess(horizontal: Axis, vertical: Axis) -> Guess {
    Guess { orientation: Orientation::AS_IS, horizontal, vertical, logo: None }
}

fn axis(offset: f64, scale: f64) -> Axis {
    Axis { offset, scale, low: 0.0, high: 1.0 }
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn a_frame_is_moved_by_its_length_and_grows_about_its_middle() {
    let mut moved = axis(0.2, 0.5);
    moved.nudge(0.1, 0.0);
    near(moved.offset, 0.25);
    moved.nudge(0.0, 0.2);
    near(moved.offset, 0.2);
    near(moved.scale, 0.6);
    near(moved.drift(&axis(0.2, 0.5)), 0.2);
    near(guess(WHOLE, axis(0.0, 2.0)).distortion(&guess(WHOLE, WHOLE)), 0.5);
}

#[test]
fn ends_nearer_than_a_sixteenth_lie_on_those_of_the_still() {
    assert_eq!(axis(0.059, 0.9).snapped().map(|axis| (axis.offset, axis.scale)), Some((0.0, 1.0)));
    assert!(axis(0.061, 0.9).snapped().is_none() && axis(0.0, 1.061).snapped().is_none());
}

#[test]
fn a_refined_guess_is_where_the_frame_was_made() {
    let (still, truth) = (canvas(), guess(axis(0.1, 0.8), axis(0.12, 0.8)));
    let mut layer = Layer::new(&still);
    let frame = layer.weighted(&truth).bits;
    let start = guess(axis(0.115, 0.8), axis(0.1, 0.8));
    let (found, score) = refine(&mut layer, &frame, start, ALL_ROUNDS);
    assert!(found.drift(&truth) < 0.02 && score > 0.85, "{found:?} {score}");
    // Loose edges on both axes are paid for.
    let agreement = layer.weighted(&found).agreement(&frame);
    let distortion = (COST_OF_DISTORTION * found.distortion(&start)) as f32;
    assert!((score - (agreement - distortion - 0.08)).abs() < 1e-5, "{score} {agreement}");
}

#[test]
fn no_guess_drifts_beyond_a_tenth_of_the_frame() {
    let still = canvas();
    let mut layer = Layer::new(&still);
    let frame = layer.weighted(&guess(axis(0.3, 0.6), axis(0.3, 0.6))).bits;
    let start = guess(axis(0.1, 0.6), axis(0.1, 0.6));
    let (found, _) = refine(&mut layer, &frame, start, ALL_ROUNDS);
    assert!(found.drift(&start) <= MAX_DRIFT, "{found:?}");
}

#[test]
fn edges_near_the_stills_are_the_stills() {
    let still = canvas();
    let mut layer = Layer::new(&still);
    let frame = layer.weighted(&guess(WHOLE, WHOLE)).bits;
    let (found, score) = refine(&mut layer, &frame, guess(axis(0.02, 0.97), axis(0.02, 0.97)), FEW_ROUNDS);
    assert_eq!((found.horizontal, found.vertical), (WHOLE, WHOLE));
    assert!((score - 1.0).abs() < 1e-5, "{score}");
}

#[test]
fn a_banner_is_left_out_and_nothing_that_agrees() {
    let still = canvas();
    let frame = Layer::new(&still).weighted(&guess(WHOLE, WHOLE)).bits;
    let mut covered = still.clone();
    covered.luma[80 * crate::still::canvas::SIDE..].fill(250.0);
    for high in [0.8, 0.77] {
        let trimmed = trim(&mut Layer::new(&covered), &frame, guess(WHOLE, Axis { high, ..WHOLE }));
        assert!((trimmed.vertical.high - 80.0 / 96.0).abs() < 0.03, "{trimmed:?}");
    }
    let kept = trim(&mut Layer::new(&still), &frame, guess(WHOLE, WHOLE));
    assert_eq!((kept.horizontal, kept.vertical), (WHOLE, WHOLE));
}

#[test]
fn a_part_keeps_three_tenths_of_the_still() {
    let narrow = guess(Axis { low: 0.2, high: 0.56, ..WHOLE }, WHOLE);
    let moved = narrow.with_border(0, 0.06).unwrap();
    near(moved.horizontal.low, 0.26);
    near(moved.part_area(), 0.3);
    assert!(narrow.with_border(1, -0.061).is_none() && narrow.with_border(2, -0.5).unwrap().vertical == WHOLE);
}

#[test]
fn a_logo_is_found_where_the_frame_has_none() {
    let whole = guess(WHOLE, WHOLE);
    for corner in Corner::ALL {
        let [plain, marked] = corner.pictures(|x, y| (60 + x + y / 2 + x * y / 90 + 9 * (x / 13 % 2)) as u8);
        let frame = Layer::new(&plain).weighted(&whole).bits;
        assert_eq!(find_logo(&mut Layer::new(&marked), &frame, whole).logo, Some(corner));
        assert_eq!(find_logo(&mut Layer::new(&plain), &frame, whole).logo, None);
    }
}

#[test]
fn each_move_changes_one_thing_by_a_step() {
    let from = guess(axis(0.2, 0.5), axis(0.1, 0.4));
    let moved = MOVES.map(|ways| {
        let Guess { horizontal, vertical, .. } = from.moved(ways, 0.1);
        [horizontal.offset, horizontal.scale, vertical.offset, vertical.scale]
    });
    let expected = [
        [0.25, 0.5, 0.1, 0.4],
        [0.175, 0.55, 0.1, 0.4],
        [0.2, 0.5, 0.14, 0.4],
        [0.175, 0.55, 0.08, 0.44],
        [0.2, 0.5, 0.08, 0.44],
    ];
    moved.iter().flatten().zip(expected.as_flattened()).for_each(|(found, expected)| near(*found, *expected));
}

#[test]
fn drift_is_that_of_the_end_that_moved_furthest() {
    near(axis(0.1, 0.7).drift(&axis(0.2, 0.5)), 0.2);
    near(axis(0.2, 0.8).drift(&axis(0.2, 0.5)), 0.6);
    let drift = |across, down| guess(across, down).drift(&guess(axis(0.2, 0.5), axis(0.1, 0.4)));
    near(drift(axis(0.25, 0.5), axis(0.1, 0.4)), 0.1);
    near(drift(axis(0.25, 0.5), axis(0.2, 0.4)), 0.25);
}

#[test]
fn a_climb_stays_within_a_tenth_of_the_frame_by_its_numbers() {
    let still = canvas();
    let mut layer = Layer::new(&still);
    let frame = layer.weighted(&guess(axis(0.3, 0.6), axis(0.2, 0.6))).bits;
    let (found, _) = refine(&mut layer, &frame, guess(axis(0.18, 0.6), axis(0.2, 0.6)), ALL_ROUNDS);
    let Axis { offset, scale, .. } = found.horizontal;
    assert!((offset - 0.18).abs() <= 0.06 + 1e-9 && (offset + scale - 0.78).abs() <= 0.06 + 1e-9, "{found:?}");
}

#[test]
fn a_frame_that_is_higher_is_found_to_be() {
    let still = canvas();
    let mut layer = Layer::new(&still);
    let frame = layer.weighted(&guess(axis(0.1, 0.8), axis(0.1, 0.8))).bits;
    let (found, _) = refine(&mut layer, &frame, guess(axis(0.1, 0.8), axis(0.12, 0.76)), ALL_ROUNDS);
    assert!((found.vertical.scale - 0.8).abs() < 0.015, "{found:?}");
}

#[test]
fn a_corner_that_makes_no_difference_holds_no_logo() {
    // All that is to be seen is in the middle.
    let mut still = canvas();
    let is_inner = |at: usize| (24..72).contains(&at);
    for (i, luma) in still.luma.iter_mut().enumerate() {
        if !is_inner(i % crate::still::canvas::SIDE) || !is_inner(i / crate::still::canvas::SIDE) {
            *luma = 100.0;
        }
    }
    let mut layer = Layer::new(&still);
    let frame = layer.weighted(&guess(WHOLE, WHOLE)).bits;
    let without = layer.weighted(&Guess { logo: Some(Corner::ALL[0]), ..guess(WHOLE, WHOLE) });
    assert!((without.agreement(&frame) - 1.0).abs() < 1e-5);
    assert_eq!(find_logo(&mut layer, &frame, guess(WHOLE, WHOLE)).logo, None);
}

#[test]
fn each_border_is_moved_for_itself() {
    let moved = |border, by| {
        let Guess { horizontal, vertical, .. } = guess(WHOLE, WHOLE).with_border(border, by).unwrap();
        [horizontal.low, horizontal.high, vertical.low, vertical.high]
    };
    assert_eq!(moved(0, 0.25), [0.25, 1.0, 0.0, 1.0]);
    assert_eq!(moved(1, -0.25), [0.0, 0.75, 0.0, 1.0]);
    assert_eq!(moved(2, 0.25), [0.0, 1.0, 0.25, 1.0]);
    assert_eq!(moved(3, -0.25), [0.0, 1.0, 0.0, 0.75]);
}
