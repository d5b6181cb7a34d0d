//! The best fit -> what may be said of it.

use super::chance::e_value;
use super::footage::{Footage, cost_of_plainness, proportions};
use super::guess::WHOLE;
use super::locate::{self, Fit, Fits, Stretch};
use super::refine::Layer;
use super::result::{Occurrence, StillReason, StillSearch, StillVerdict};
use crate::compare::{Orientation, View, rounded};
use crate::fingerprint::Fingerprint;

/// Below this of PDQ's quality, 0..=100, never answer "not found": the picture may be there and yet agree little.
/// Measured: all stills that were not told are among the 13 of 200 below it. docs/accuracy.md, "Stills".
const ABSENT_FROM_QUALITY: u8 = 50;
/// Score from which on a still is found, before [`PER_DOUBLING`]. Measured with it: none of 5,089 pairs was found that
/// should not be. docs/accuracy/stills.md, "Limits"; `cargo xtask eval --corpus DIR --only stills`.
const FOUND_FROM: f32 = 0.49;
/// What is added to it each time the number of frames or pictures compared doubles: among more, chance agrees better.
/// See [`FOUND_FROM`].
const PER_DOUBLING: f32 = 0.015;
/// How often one picture doubles to be as many, in tenths, from one picture on; no machine computes it otherwise.
const DOUBLINGS: [u8; 9] = [0, 10, 16, 20, 23, 26, 28, 30, 32];
/// Closer than this below the limit, the still may be there and much changed. By trial.
const WEAK_BAND: f32 = 0.06;
/// The share of the frame, or of the still, below which less of it costs: there are more such places to choose from. By
/// trial.
const FULL_AREA: f64 = 0.6;
/// Agreement that all of the area below that costs, for each share of it. By trial.
const COST_PER_AREA: f32 = 0.3;
/// Agreement that it costs that the still is turned: few are, and chance turns three of four. By trial.
const COST_OF_TURNING: f32 = 0.05;
/// Agreement that it costs that a turned still is mirrored as well: hardly any is. By trial.
const COST_OF_BOTH: f32 = 0.05;
/// Agreement that it costs that the still is mirrored. By trial: of 7,185 unrelated screenshots one was found, mirrored, in a part of
/// a frame of an empty road, 0.026 above the limit.
const COST_OF_MIRRORING: f32 = 0.03;
/// Agreement that it costs that the picture is squeezed. By trial: one of 160 unrelated stills was found under a map that
/// nobody makes, mirrored, turned and 59 by 93 % of the frame.
const COST_OF_SQUEEZING: f32 = 0.08;
/// From here on a picture is squeezed, as a share of its shape. By trial: maps of stills that are not are this exact.
const SQUEEZED: f64 = 0.12;
/// Shapes this near are one, as a share. Chosen: more than rounding a small picture's sides to even pixels changes.
const SAME_SHAPE: f64 = 0.03;
/// How far a moment reaches, seconds. Chosen: nobody needs to know better where to look.
pub const MOMENT_SECONDS: f64 = 0.2;

/// Agreement that a fit's place costs, because chance finds such ones more easily: plain, small, or turned.
fn cost_of_place(layer: &Layer, video: &Fingerprint, footage: &Footage, fit: &Fit) -> f32 {
    let (across, down) = (&fit.guess.horizontal, &fit.guess.vertical);
    let quality = layer.canvas(&fit.guess).quality(across, down).min(footage.qualities[fit.frame]);
    let area = (across.view().1 * down.view().1).min(across.still_view().1 * down.still_view().1);
    let against_shown = fit.guess.orientation.after(shown(video).inverse());
    let turning = match (against_shown.quarters == 0, against_shown.mirrored) {
        (true, false) => 0.0,
        (true, true) => COST_OF_MIRRORING,
        (false, false) => COST_OF_TURNING,
        (false, true) => COST_OF_TURNING + COST_OF_BOTH,
    };
    turning + cost_of_plainness(quality) + COST_PER_AREA * (FULL_AREA - area).max(0.0) as f32
}

/// Agreement that it costs that the frame is squeezed to lie on a still of that shape, width over height.
fn cost_of_squeezing(shape: f64, video: &Fingerprint, fit: &Fit) -> f32 {
    let (across, down) = (&fit.guess.horizontal, &fit.guess.vertical);
    let of_part = proportions(video, fit.guess.orientation.quarters) * across.view().1 / down.view().1;
    let of_place = shape * across.still_view().1 / down.still_view().1;
    let squeeze = of_part / of_place;
    if squeeze.max(1.0 / squeeze) > 1.0 + SQUEEZED { COST_OF_SQUEEZING } else { 0.0 }
}

/// PDQ's quality of the still, and of what is left of it if a corner holds a logo.
fn quality(layer: &Layer) -> u8 {
    layer.canvases().map(|canvas| canvas.quality(&WHOLE, &WHOLE)).min().expect("there is the still itself")
}

/// By how much a picture's best fit scores more than what is found from `limit` on; and whether it would, if it were not
/// for what its place costs.
fn margin(video: &Fingerprint, footage: &Footage, of_picture: &Fits, limit: f32) -> (f32, bool) {
    let (fit, canvas) = (&of_picture.fits[0], &of_picture.picture.canvas);
    let cost =
        cost_of_place(&Layer::new(canvas), video, footage, fit) + cost_of_squeezing(canvas.proportions(), video, fit);
    (fit.agreement + fit.gradient_score - cost - limit, fit.agreement >= limit)
}

/// What the fits of the whole still, and those of the best of so many `pictures` within it, amount to.
pub fn judge(video: &Fingerprint, footage: &Footage, whole: &Fits, inside: &[Fits], pictures: usize) -> StillSearch {
    let frames = footage.frames.len();
    let of_whole = margin(video, footage, whole, limit(frames, 1));
    let limit_inside = limit(frames, 1 + pictures);
    let canvas = &whole.picture.canvas;
    // A still that may hold pictures has no frame that looks like all of it, whatever its shape.
    let is_all = pictures == 0 && has_shape_of(canvas.proportions(), video);
    let is_plain = of_whole.1 || quality(&Layer::new(canvas)) < ABSENT_FROM_QUALITY;
    let mut best = (of_whole.0, whole);
    for of_picture in inside {
        let margin = margin(video, footage, of_picture, limit_inside).0;
        if margin > best.0 {
            best = (margin, of_picture);
        }
    }
    if best.0 < 0.0 {
        return without_place(best.0, is_plain, is_all);
    }
    found(video, footage, best.1, best.0)
}

/// Where the fits of a picture are that was found by such a margin.
pub fn found(video: &Fingerprint, footage: &Footage, Fits { picture, fits }: &Fits, margin: f32) -> StillSearch {
    let mut layer = Layer::new(&picture.canvas);
    let places = locate::places(&mut layer, footage, fits);
    let place = |(fit, stretch): &(&Fit, Stretch)| occurrence(video, footage, fit, stretch, picture.part);
    let at: Vec<Occurrence> = places.iter().map(place).collect();
    let is_near = |end: f64| (end - at[0].time).abs() <= MOMENT_SECONDS;
    let is_moment = fits[0].is_that_frame() && at.len() == 1 && at[0].stretch.into_iter().all(is_near);
    let reason = if is_moment { StillReason::FramesAgree } else { StillReason::StretchLooksSame };
    StillSearch { verdict: StillVerdict::Found, e_value: Some(e_value(margin)), reason, at }
}

/// The score from which on a still is found among this number of frames, of which so many pictures were compared with
/// each: 1 for the still, which has far more guesses than those within it; they bear the cost of being more.
fn limit(frames: usize, pictures: usize) -> f32 {
    FOUND_FROM + PER_DOUBLING * (frames.ilog2() as f32 + f32::from(DOUBLINGS[pictures.min(DOUBLINGS.len()) - 1]) / 10.0)
}

/// Whether a still of that shape, width over height, may be all of a frame as a player shows it.
fn has_shape_of(shape: f64, video: &Fingerprint) -> bool {
    (shape / proportions(video, shown(video).quarters) - 1.0).abs() <= SAME_SHAPE
}

/// What may be said of a still whose score is below the limit, by a negative `margin`; `is_all`: it may be all of a frame,
/// and nothing else.
fn without_place(margin: f32, is_plain: bool, is_all: bool) -> StillSearch {
    if is_plain {
        StillSearch::without_place(StillVerdict::CantTell, StillReason::TooPlain)
    } else if margin > -WEAK_BAND {
        StillSearch::without_place(StillVerdict::CantTell, StillReason::WeakEvidence)
    } else if !is_all {
        StillSearch::without_place(StillVerdict::CantTell, StillReason::MayBePart)
    } else {
        StillSearch::without_place(StillVerdict::NotFound, StillReason::NoFrameAgrees)
    }
}

/// A stretch, and how the still lies in it, as a player shows the video; the fit is that of this part of the still.
fn occurrence(video: &Fingerprint, footage: &Footage, fit: &Fit, stretch: &Stretch, part: View) -> Occurrence {
    let ends = [footage.times[stretch.first], footage.times[stretch.last]];
    let ((x, width), (y, height)) = (fit.guess.horizontal.view(), fit.guess.vertical.view());
    let ((still_x, still_width), (still_y, still_height)) =
        (fit.guess.horizontal.still_view(), fit.guess.vertical.still_view());
    let (shown, orientation) = (shown(video), fit.guess.orientation);
    let against_shown = orientation.after(shown.inverse());
    Occurrence {
        time: footage.times[stretch.best],
        stretch: [ends[0].min(ends[1]), ends[0].max(ends[1])],
        distance_bits: Some(locate::distance_bits(fit, &footage.frames[stretch.best])),
        view: thousandths(shown.inverse().rectangle_in_source(orientation.rectangle_in_source([x, y, width, height]))),
        still_view: thousandths([
            part[0] + still_x * part[2],
            part[1] + still_y * part[3],
            still_width * part[2],
            still_height * part[3],
        ]),
        mirrored: against_shown.mirrored,
        turned: u16::from(against_shown.quarters) * 90,
    }
}

/// A player mirrors and turns the frame before anyone makes a still of it.
pub fn shown(video: &Fingerprint) -> Orientation {
    Orientation { mirrored: video.header.mirrored, quarters: (video.header.rotation / 90 % 4) as u8 }
}

/// A view is known to a few thousandths; more digits would promise more.
fn thousandths(view: View) -> View {
    view.map(rounded)
}

#[cfg(test)]
mod tests {
    use super::super::canvas::{Canvas, Picture};
    use super::super::guess::Guess;
    use super::super::locate::Stretch;
    use super::super::placement::Axis;
    use super::*;
    use crate::compare::testing::{self, scrambled};

    const SIDE_PX: usize = 120;

    fn canvas() -> Canvas {
        let level = |i: usize| scrambled(i % SIDE_PX / 9 * 31 + i / SIDE_PX / 8) as u8;
        Canvas::new(&(0..SIDE_PX * SIDE_PX).map(level).collect::<Vec<u8>>(), SIDE_PX, SIDE_PX)
    }

    /// The canvas as all of a still of that shape, width over height.
    fn picture(canvas: Canvas, shape: f32) -> Picture {
        Picture { canvas: Canvas { width: shape, height: 1.0, ..canvas }, part: WHOLE_STILL }
    }

    const WHOLE_STILL: View = [0.0, 0.0, 1.0, 1.0];

    fn near(found: f32, expected: f32) {
        assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
    }

    /// A video of frames of that quality, of which the fit is the second.
    fn scene(quality: u8, guess: Guess) -> (Fingerprint, Footage, Fit) {
        let video = testing::fingerprint(&[(testing::hash(0), 100), (testing::hash(128), quality)], Vec::new());
        let footage = Footage::new(&video);
        let weighted = Layer::new(&canvas()).weighted(&guess);
        let fit = Fit { guess, weighted, frame: 1, agreement: 0.9, pdq_score: 0.9, gradient_score: 0.0 };
        (video, footage, fit)
    }

    fn guess(quarters: u8, horizontal: Axis) -> Guess {
        Guess { orientation: Orientation { mirrored: false, quarters }, horizontal, vertical: WHOLE, logo: None }
    }

    #[test]
    fn the_limit_rises_with_what_is_compared() {
        near(limit(1, 1), 0.49);
        near(limit(1023, 1), 0.49 + 9.0 * 0.015);
        near(limit(1800, 1), 0.64);
        near(limit(1800, 2), 0.655);
        near(limit(1800, 9), 0.688);
    }

    #[test]
    fn just_below_the_limit_or_plain_it_cannot_be_told() {
        let said = |margin, is_plain| without_place(margin, is_plain, true).reason;
        assert_eq!(said(-0.059, false), StillReason::WeakEvidence);
        assert_eq!(said(-0.061, false), StillReason::NoFrameAgrees);
        assert_eq!((said(-0.5, true), said(-0.01, true)), (StillReason::TooPlain, StillReason::TooPlain));
        let of_another_shape = without_place(-0.5, false, false);
        assert_eq!(
            (of_another_shape.verdict, of_another_shape.reason),
            (StillVerdict::CantTell, StillReason::MayBePart)
        );
    }

    #[test]
    fn what_chance_finds_more_easily_costs() {
        let cost = |quality, quarters, horizontal, rotation| {
            let (mut video, footage, fit) = scene(quality, guess(quarters, horizontal));
            video.header.rotation = rotation;
            cost_of_place(&Layer::new(&canvas()), &video, &footage, &fit)
        };
        let mirrored = |quarters, is_shown_so| {
            let guess = Guess { orientation: Orientation { mirrored: true, quarters }, ..guess(0, WHOLE) };
            let (mut video, footage, fit) = scene(100, guess);
            video.header.mirrored = is_shown_so;
            cost_of_place(&Layer::new(&canvas()), &video, &footage, &fit)
        };
        near(mirrored(0, false), 0.03);
        near(mirrored(0, true), 0.0);
        near(mirrored(1, false), 0.1);
        near(cost(100, 0, WHOLE, 0), 0.0);
        near(cost(50, 0, WHOLE, 0), 0.2);
        near(cost(100, 1, WHOLE, 0), 0.05);
        // A player turns the video as well.
        near(cost(100, 1, WHOLE, 90), 0.0);
        near(cost(100, 0, WHOLE, 90), 0.05);
        let shown = |scale: f64| cost(100, 0, Axis { scale, ..WHOLE }, 0);
        near(shown(0.61), 0.0);
        near(shown(0.5), 0.03);
        near(shown(1.0 / 0.4), 0.06);
    }

    #[test]
    fn a_moment_is_one_place_of_two_tenths_of_a_second() {
        let still = canvas();
        let own = Layer::new(&still).weighted(&guess(0, WHOLE));
        let judged = |alike: usize, agreement: f32| {
            // Alike frames in the middle of a second of others, ten a second.
            let mut video = testing::fingerprint(&vec![(testing::hash(0), 100); 41], Vec::new());
            video.header.time_base = crate::hash::motion::TimeBase(1, 20);
            let mut footage = Footage::new(&video);
            footage.frames.fill(own.bits.map(|word| !word));
            footage.frames[20 - alike..=20 + alike].fill(own.bits);
            let fit = Fit {
                guess: guess(0, WHOLE),
                weighted: own.clone(),
                frame: 20,
                agreement,
                pdq_score: 1.0,
                gradient_score: 0.0,
            };
            let picture = picture(still.clone(), 16.0 / 9.0);
            judge(&video, &footage, &Fits { picture: &picture, fits: vec![fit] }, &[], 0)
        };
        let found = judged(4, 1.0);
        assert_eq!((found.verdict, found.reason), (StillVerdict::Found, StillReason::FramesAgree));
        assert_eq!((found.at[0].time, found.at[0].stretch, found.at[0].distance_bits), (1.0, [0.8, 1.2], Some(0)));
        assert_eq!(judged(5, 1.0).reason, StillReason::StretchLooksSame);
        assert_eq!(judged(4, 0.77).reason, StillReason::StretchLooksSame);
        assert_eq!(judged(4, 0.78).reason, StillReason::FramesAgree);
        // 0.49 + 5 x 0.015.
        assert_eq!((judged(4, 0.566).verdict, judged(4, 0.564).verdict), (StillVerdict::Found, StillVerdict::CantTell));
    }

    #[test]
    fn a_still_has_the_shape_of_the_frame_that_a_player_shows() {
        // 640 x 360.
        let mut video = testing::fingerprint(&[], Vec::new());
        let has_shape = |video: &Fingerprint| [1.83, 1.84, 1.73, 1.72, 0.5625].map(|shape| has_shape_of(shape, video));
        assert_eq!(has_shape(&video), [true, false, true, false, false]);
        video.header.rotation = 90;
        assert_eq!(has_shape(&video), [false, false, false, false, true]);
    }

    #[test]
    fn a_squeezed_picture_costs() {
        let cost = |shape: f64, quarters, across: f64| {
            let (video, _, fit) = scene(100, guess(quarters, Axis { scale: across, ..WHOLE }));
            cost_of_squeezing(shape, &video, &fit)
        };
        assert_eq!((cost(16.0 / 9.0, 0, 1.0), cost(1.6, 0, 1.0), cost(1.57, 0, 1.0)), (0.0, 0.0, COST_OF_SQUEEZING));
        assert_eq!((cost(9.0 / 16.0, 1, 1.0), cost(16.0 / 9.0, 1, 1.0)), (0.0, COST_OF_SQUEEZING));
        // Half of the frame's width fills a still of half the shape.
        assert_eq!((cost(8.0 / 9.0, 0, 2.0), cost(16.0 / 9.0, 0, 2.0)), (0.0, COST_OF_SQUEEZING));
    }

    #[test]
    fn views_and_turns_are_those_that_a_player_shows() {
        let (mut video, footage, fit) = scene(100, guess(1, Axis { offset: 0.0, scale: 2.0, ..WHOLE }));
        let stretch = Stretch { first: 1, last: 0, best: 1 };
        let plain = occurrence(&video, &footage, &fit, &stretch, WHOLE_STILL);
        assert_eq!((plain.turned, plain.mirrored, plain.stretch, plain.time), (90, false, [0.0, 0.1], 0.1));
        // The left half of the turned frame is the lower half of the frame.
        assert_eq!((plain.view, plain.still_view), ([0.0, 0.5, 1.0, 0.5], [0.0, 0.0, 1.0, 1.0]));
        video.header.rotation = 90;
        let shown = occurrence(&video, &footage, &fit, &stretch, WHOLE_STILL);
        assert_eq!((shown.turned, shown.view), (0, [0.0, 0.0, 0.5, 1.0]));
        assert_eq!(thousandths([0.12345, 0.0, 0.9996, 1.0]), [0.123, 0.0, 1.0, 1.0]);
    }

    #[test]
    fn an_area_is_that_of_both_axes() {
        let cost = |across: f64, down: f64| {
            let axis = |scale| Axis { scale, ..WHOLE };
            let (video, footage, fit) = scene(100, Guess { vertical: axis(down), ..guess(0, axis(across)) });
            cost_of_place(&Layer::new(&canvas()), &video, &footage, &fit)
        };
        // 0.56 of the still, and of the frame.
        near(cost(0.7, 0.8), 0.012);
        near(cost(1.0 / 0.7, 1.0 / 0.8), 0.012);
    }

    #[test]
    fn what_speaks_for_a_fit_and_against_it_is_weighed() {
        let judged = |still: &Canvas, quality, agreement, gradient_score| {
            let (video, footage, fit) = scene(quality, guess(0, WHOLE));
            let picture = picture(still.clone(), 16.0 / 9.0);
            let fits = vec![Fit { agreement, gradient_score, ..fit }];
            let found = judge(&video, &footage, &Fits { picture: &picture, fits }, &[], 0);
            (found.verdict, found.reason)
        };
        // The limit of two frames is 0.505.
        assert_eq!(judged(&canvas(), 100, 0.45, 0.1).0, StillVerdict::Found);
        assert_eq!(judged(&canvas(), 100, 0.45, 0.05), (StillVerdict::CantTell, StillReason::WeakEvidence));
        assert_eq!(judged(&canvas(), 100, 0.3, 0.0), (StillVerdict::NotFound, StillReason::NoFrameAgrees));
        // It agrees well enough, but its frame is plain.
        assert_eq!(judged(&canvas(), 50, 0.6, 0.0), (StillVerdict::CantTell, StillReason::TooPlain));
        let plain = Canvas { luma: vec![7.0; canvas().luma.len()], ..canvas() };
        assert_eq!(judged(&plain, 100, 0.3, 0.0), (StillVerdict::CantTell, StillReason::TooPlain));
    }

    #[test]
    fn what_may_hold_pictures_is_not_said_to_be_absent() {
        let (video, footage, fit) = scene(100, guess(0, WHOLE));
        let picture = picture(canvas(), 16.0 / 9.0);
        let whole = Fits { picture: &picture, fits: vec![Fit { agreement: 0.3, ..fit }] };
        let judged = |pictures| judge(&video, &footage, &whole, &[], pictures).reason;
        assert_eq!((judged(0), judged(1)), (StillReason::NoFrameAgrees, StillReason::MayBePart));
    }

    #[test]
    fn of_a_still_and_a_picture_within_it_the_better_one_is_told() {
        let (video, footage, fit) = scene(100, guess(0, WHOLE));
        let whole = picture(canvas(), 16.0 / 9.0);
        let part = Picture { part: [0.5, 0.25, 0.4, 0.5], ..picture(canvas(), 16.0 / 9.0) };
        let place = |agreements: [f32; 2]| {
            let [of_whole, of_part] = agreements.map(|agreement| vec![Fit { agreement, ..fit.clone() }]);
            let whole = Fits { picture: &whole, fits: of_whole };
            judge(&video, &footage, &whole, &[Fits { picture: &part, fits: of_part }], 1).at[0].still_view
        };
        assert_eq!((place([0.9, 0.8]), place([0.8, 0.9])), (WHOLE_STILL, part.part));
    }
}
