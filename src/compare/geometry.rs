//! The map from picture to picture, made more exact once a match is certain.
//!
//! The cells of a signature are coarse: where a picture fills a third of the other, a cell is a twentieth of it. What copies are
//! usually like helps where what moves leaves it open: pixels stay as wide as they are high; a picture that is cropped and then
//! set between bars is cropped alike on both axes, and stands in the middle; and a canvas is often filled with the picture
//! once more, large and blurred.

use super::View;
use super::align::{Alignment, Bench};
use super::hypotheses::WHOLE;
use super::segment::{Match, Pair};

/// Sides of views that differ more than this are not meant to be the same.
const CLEARLY: f64 = 0.03;
/// What is usual is preferred unless it agrees this much less.
const NEARLY: f64 = 0.97;

/// The best map for `found`.
pub(super) fn exact(pair: &Pair, found: &Match) -> Alignment {
    let bench = pair.bench_of(found);
    let free = in_front(pair, &bench, &found.alignment);
    let usual = [0, 1].map(|axis| climb(&bench, with_proportions(pair, &free, axis)));
    let cropped = usual.map(|map| cropped_alike(&map).map(|map| climb(&bench, map))).into_iter().flatten();
    let best = cropped.chain(usual).max_by(|a, b| agreement(&bench, a).total_cmp(&agreement(&bench, b)));
    best.filter(|best| agreement(&bench, best) >= agreement(&bench, &free) * NEARLY).unwrap_or(free)
}

fn agreement(bench: &Bench, map: &Alignment) -> f64 {
    bench.total(map).correlation()
}

/// Climbs to the best shift and scale, the same for both axes, near `start`.
fn climb(bench: &Bench, start: Alignment) -> Alignment {
    const LEAST_STEP: f64 = 0.1;
    let mut best = (start, bench.worth(&start));
    let mut step = 1.0;
    while step >= LEAST_STEP {
        let before = best.1;
        for by in [step, -step] {
            let shifts = [0, 1].map(|axis| best.0.with_axis(axis, by * 0.04, 0.0));
            let scaled = best.0.with_axis(0, 0.0, by * 0.06).with_axis(1, 0.0, by * 0.06);
            for tried in shifts.into_iter().chain([scaled]) {
                let worth = bench.worth(&tried);
                if worth > best.1 {
                    best = (tried, worth);
                }
            }
        }
        if best.1 <= before {
            step /= 2.0;
        }
    }
    best.0
}

/// `map` with the scale of `axis` applied to the other as well, about the middle of the shared view.
fn with_proportions(pair: &Pair, map: &Alignment, axis: usize) -> Alignment {
    let Some((query, reference)) = map.shared() else { return *map };
    let across = 1 - axis;
    let wider = pair.squeeze(map.orientation);
    let squeeze = if axis == 0 { wider } else { 1.0 / wider };
    let length = reference[axis + 2] / query[axis + 2] * query[across + 2] * squeeze;
    let mut kept = Alignment { query_view: query, reference_view: reference, ..*map };
    kept.reference_view[across] += (reference[across + 2] - length) / 2.0;
    kept.reference_view[across + 2] = length;
    kept
}

/// Where `map` shows a picture that is cropped along one axis, and stands between bars along the other: the same, cropped along both.
fn cropped_alike(map: &Alignment) -> Option<Alignment> {
    let (query, reference) = map.shared()?;
    for (canvas, picture) in [(query, reference), (reference, query)] {
        for (axis, across) in [(0, 1), (1, 0)] {
            let has_bars = canvas[axis + 2] < canvas[across + 2] - CLEARLY;
            let share = picture[across + 2] / picture[axis + 2];
            if has_bars && share < 1.0 - CLEARLY {
                let middle = (0.5 - canvas[axis]) / canvas[axis + 2];
                let start = (middle - share / 2.0).clamp(0.0, 1.0 - share);
                let mut within = query;
                within[axis] += query[axis + 2] * start;
                within[axis + 2] *= share;
                return Some(Alignment { within, ..*map });
            }
        }
    }
    None
}

/// The map of what lies in front, where a picture stands before its own enlarged copy and `map` may be of either.
///
/// A band of the canvas then agrees with all of the picture, and all of the canvas with a part of it. What lies behind is hidden
/// where the other one is.
fn in_front(pair: &Pair, bench: &Bench, map: &Alignment) -> Alignment {
    const A_PART: f64 = 0.75;
    const ALL: f64 = 0.8;
    const AT_LEAST: f64 = 0.5;
    let Some((query, reference)) = map.shared() else { return *map };
    let [query_part, reference_part] = [query, reference].map(|view| view[2].min(view[3]));
    let wider = pair.squeeze(map.orientation);
    // A part of the query is all of the reference, or all of the query a part of the reference.
    let of_a_part = Alignment { query_view: band(wider), reference_view: WHOLE, ..*map };
    let of_all = Alignment { query_view: WHOLE, reference_view: band(1.0 / wider), ..*map };
    let (of_a_part, of_all, other) = match () {
        () if query_part < A_PART && reference_part >= ALL => {
            let other = climb(bench, of_all);
            (*map, other, other)
        }
        () if reference_part < A_PART && query_part >= ALL => {
            let other = climb(bench, of_a_part);
            (other, *map, other)
        }
        () => return *map,
    };
    if agreement(bench, &other) < agreement(bench, map) * AT_LEAST {
        return *map;
    }
    let within = |map: &Alignment, within: Option<View>| {
        within.map_or(0.0, |within| agreement(bench, &Alignment { within, ..*map }))
    };
    let hidden_by_part = of_a_part.shared().map(|(query, _)| query);
    let hidden_by_all = of_all.shared().map(|(_, reference)| of_a_part.in_query(reference));
    let is_part = within(&of_a_part, hidden_by_all) >= within(&of_all, hidden_by_part);
    if is_part { of_a_part } else { of_all }
}

/// The rectangle in the middle of a canvas that a picture fills which is `wider` for its height.
fn band(wider: f64) -> View {
    if wider >= 1.0 {
        [0.0, (1.0 - 1.0 / wider) / 2.0, 1.0, 1.0 / wider]
    } else {
        [(1.0 - wider) / 2.0, 0.0, wider, 1.0]
    }
}
