//! Where a still is said to be, in footage made of bits.

use super::*;
use crate::compare::Orientation;
use crate::still::canvas::Canvas;
use crate::still::guess::WHOLE;

const SIDE_PX: usize = 120;

/// Blocks of levels that look random, others for each seed.
fn canvas(seed: usize) -> Canvas {
    let level =
        |i: usize| crate::compare::testing::scrambled(seed * 1000 + i % SIDE_PX / 9 * 31 + i / SIDE_PX / 8) as u8;
    Canvas::new(&(0..SIDE_PX * SIDE_PX).map(level).collect::<Vec<u8>>(), SIDE_PX, SIDE_PX)
}

const GUESS: Guess = Guess { orientation: Orientation::AS_IS, horizontal: WHOLE, vertical: WHOLE, logo: None };

fn weighted(still: &Canvas) -> Weighted {
    Layer::new(still).weighted(&GUESS)
}

/// The first bits of a frame turned around.
fn changed(words: &Words, bits: usize) -> Words {
    std::array::from_fn(|i| words[i] ^ (0..64).fold(0, |mask, j| mask | u64::from(64 * i + j < bits) << j))
}

/// Ten frames a second.
fn footage(frames: Vec<Words>) -> Footage {
    let times = (0..frames.len()).map(|i| i as f64 / 10.0).collect();
    Footage { qualities: vec![100; frames.len()], gradients: vec![None; frames.len()], times, frames }
}

fn fit(weighted: Weighted, footage: &Footage, frame: usize) -> Fit {
    let agreement = weighted.agreement(&footage.frames[frame]);
    Fit { guess: GUESS, weighted, frame, agreement, pdq_score: agreement, gradient_score: 0.0 }
}

#[test]
fn a_guess_settles_at_the_frame_that_it_fits_best() {
    let still = canvas(1);
    let own = weighted(&still).bits;
    let footage = footage(vec![changed(&own, 60), own, weighted(&canvas(2)).bits]);
    let found = settle(&mut Layer::new(&still), &footage, GUESS, 0);
    assert_eq!((found.frame, distance_bits(&found, &footage.frames[1])), (1, 0));
    assert!((found.agreement - 1.0).abs() < 1e-5 && found.is_that_frame() && found.gradient_score == 0.0);
    assert!(found.score() > 0.9 && found.score() < 1.0, "{}", found.score());
}

#[test]
fn a_plain_frame_is_not_preferred() {
    let own = weighted(&canvas(1));
    let mut footage = footage(vec![changed(&own.bits, 12), own.bits]);
    assert_eq!(best_frame(&own, &footage, 0), 1);
    // Sixty steps of quality cost more than the twelve bits.
    footage.qualities[1] = 40;
    assert_eq!(best_frame(&own, &footage, 0), 0);
    let cost = own.agreement(&footage.frames[1]) - net_score(&Layer::new(&canvas(1)), &footage, &GUESS, 1, 1.0);
    assert!((cost - 0.24).abs() < 1e-5, "{cost}");
}

#[test]
fn frames_that_differ_in_unsure_bits_only_are_not_told_apart() {
    let own = weighted(&canvas(1));
    let footage = footage(vec![own.bits, changed(&own.bits, 1), changed(&own.bits, 60), changed(&own.bits, 65)]);
    let fit = fit(own, &footage, 0);
    assert_eq!([0, 1, 2, 3].map(|i| is_told(&fit, &footage, i)), [false, false, true, true]);
    let preference = fit.weighted.preference(&footage.frames[0], &footage.frames[2]);
    assert!(preference > TOLD_APART, "{preference}");
}

#[test]
fn alike_frames_are_one_stretch_up_to_a_gap_of_a_second() {
    let (own, other) = (weighted(&canvas(1)), weighted(&canvas(2)).bits);
    let at = |gap: usize| {
        let mut frames = vec![other; 5];
        frames.extend([changed(&own.bits, 1), own.bits, own.bits]);
        frames.extend(vec![other; gap - 1]);
        frames.push(changed(&own.bits, 1));
        let footage = footage(frames);
        let found = alike(&footage, &fit(own.clone(), &footage, 6));
        found.iter().map(|stretch| [stretch.first, stretch.best, stretch.last]).collect::<Vec<_>>()
    };
    assert_eq!(at(10), [[5, 6, 17]]);
    assert_eq!(at(11), [[5, 6, 7], [18, 18, 18]]);
}

#[test]
fn a_stretch_ends_with_the_frames_that_look_the_same() {
    let still = canvas(1);
    let (own, other) = (weighted(&still), weighted(&canvas(2)).bits);
    let mut frames = vec![other; 30];
    frames[10..15].fill(own.bits);
    let footage = footage(frames);
    let fits = [fit(own, &footage, 12)];
    let found = places(&mut Layer::new(&still), &footage, &fits);
    let [(_, stretch)] = found[..] else { panic!("{found:?}") };
    assert_eq!([stretch.first, stretch.best, stretch.last], [10, 12, 14]);
}

#[test]
fn a_still_that_agrees_less_gives_the_stretch_of_the_scene() {
    let still = canvas(1);
    let own = weighted(&still);
    // A sixth of the bits differs in all frames of the scene, and some more where something passes by.
    let scene = changed(&own.bits, 40);
    let passing = changed(&own.bits, 70);
    let mut frames = vec![weighted(&canvas(2)).bits; 30];
    frames[10..20].fill(passing);
    frames[14] = scene;
    let footage = footage(frames);
    let fit = fit(own, &footage, 14);
    assert!(fit.agreement < SAME_FRAME_FROM && fit.weighted.agreement(&passing) > fit.agreement - SAME_SCENE);
    let stretch = own_stretch(&mut Layer::new(&still), &footage, &fit);
    assert_eq!([stretch.first, stretch.last], [10, 19]);
}

#[test]
fn fits_that_score_nearly_as_much_are_places_of_their_own() {
    let still = canvas(1);
    let (own, other) = (weighted(&still), weighted(&canvas(2)).bits);
    let mut frames = vec![other; 60];
    (frames[10], frames[40]) = (own.bits, changed(&own.bits, 50));
    let footage = footage(frames);
    let count = |less: f32| {
        let best = fit(own.clone(), &footage, 10);
        let second = Fit { pdq_score: best.score() - less, ..fit(own.clone(), &footage, 40) };
        places(&mut Layer::new(&still), &footage, &[best, second]).len()
    };
    assert_eq!((count(0.049), count(0.051)), (2, 1));
}

#[test]
fn at_most_sixteen_places_are_listed() {
    let (still, other) = (canvas(1), weighted(&canvas(2)).bits);
    let own = weighted(&still);
    let frames = (0..400).map(|i| if i % 20 == 0 { own.bits } else { other }).collect();
    let footage = footage(frames);
    let fits = [fit(own, &footage, 0)];
    assert_eq!(places(&mut Layer::new(&still), &footage, &fits).len(), 16);
}

#[test]
fn of_frames_that_agree_alike_the_known_one_is_kept() {
    let own = weighted(&canvas(1));
    let footage = footage(vec![own.bits; 3]);
    assert_eq!([0, 1, 2].map(|known| best_frame(&own, &footage, known)), [0, 1, 2]);
}

#[test]
fn what_the_gradient_hash_adds_is_part_of_the_score_and_what_is_left_over_costs() {
    let still = canvas(1);
    let own = weighted(&still);
    let footage = footage(vec![own.bits]);
    assert_eq!(Fit { pdq_score: 0.5, gradient_score: 0.125, ..fit(own, &footage, 0) }.score(), 0.625);
    let window = crate::still::placement::Axis { offset: 0.25, scale: 0.5, low: 0.0, high: 1.0 };
    let inset = Guess { horizontal: window, vertical: window, ..GUESS };
    let layer = Layer::new(&still);
    let cost = leftover::cost(&still, &inset);
    let quality = still.quality(&window, &window);
    let net = net_score(&layer, &footage, &inset, 0, 1.0);
    assert!(cost > 0.1 && (net - (1.0 - cost - footage::cost_of_plainness(quality))).abs() < 1e-5, "{net} {cost}");
}

#[test]
fn a_stretch_does_not_reach_over_a_gap_of_more_than_a_second() {
    let still = canvas(1);
    let (own, other) = (weighted(&still), weighted(&canvas(2)).bits);
    let mut frames = vec![other; 60];
    for same in [8, 20, 21, 22, 32, 45] {
        frames[same] = own.bits;
    }
    let footage = footage(frames);
    let stretch = own_stretch(&mut Layer::new(&still), &footage, &fit(own, &footage, 21));
    // Frame 32 is a second behind frame 22; frame 8 is 1.2 s before frame 20, and frame 45 1.3 s behind frame 32.
    assert_eq!([stretch.first, stretch.last], [20, 32]);
}

#[test]
fn a_guess_is_moved_along_with_a_camera_that_pans() {
    let still = canvas(1);
    let mut layer = Layer::new(&still);
    let at = |layer: &mut Layer, shift: f64| {
        let moved = crate::still::placement::Axis { offset: shift, ..WHOLE };
        layer.weighted(&Guess { horizontal: moved, ..GUESS }).bits
    };
    let mut frames = vec![weighted(&canvas(2)).bits; 40];
    for (k, frame) in frames[10..19].iter_mut().enumerate() {
        *frame = at(&mut layer, 0.03 * (k as f64 - 4.0));
    }
    let footage = footage(frames);
    let fit = settle(&mut layer, &footage, GUESS, 14);
    let told: Vec<usize> = (10..19).filter(|&i| is_told(&fit, &footage, i)).collect();
    let stretch = own_stretch(&mut layer, &footage, &fit);
    assert!([stretch.first, stretch.last].iter().all(|end| told.contains(end)), "{told:?} {stretch:?}");
    assert_eq!([stretch.first, fit.frame, stretch.last], [12, 14, 16]);
}

#[test]
fn the_distance_is_that_of_the_guess_from_a_frame() {
    let own = weighted(&canvas(1));
    let footage = footage(vec![own.bits]);
    let changed = changed(&own.bits, 5);
    assert_eq!(distance_bits(&fit(own, &footage, 0), &changed), 5);
}
