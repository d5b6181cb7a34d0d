//! The coarse list of what may have been done to a picture: which rectangle of the one is which of the other.

use super::orientation::Orientation;
use super::result::View;

/// The whole picture.
pub(super) const WHOLE: View = [0.0, 0.0, 1.0, 1.0];

/// Rectangle `query` of the query's picture shows what rectangle `reference` of the reference's oriented picture shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hypothesis {
    pub query: View,
    pub reference: View,
    pub orientation: Orientation,
}

/// Rectangles that keep the picture's proportions, by side: how many places along each axis.
const PROPORTIONAL: [(f64, u32); 7] = [(0.9, 2), (0.8, 3), (0.7, 3), (0.6, 4), (0.5, 5), (0.4, 5), (0.3, 6)];
/// Bands across the whole picture, by thickness: letter- and pillarboxes, and pictures cropped for phones.
const BANDS: [(f64, u32); 5] = [(0.75, 3), (0.5625, 3), (0.42, 3), (0.32, 5), (0.25, 3)];

/// All rectangles but the whole picture, the largest first.
pub(super) fn rectangles() -> Vec<View> {
    let places =
        |length: f64, count: u32| (0..count).map(move |i| (1.0 - length) * f64::from(i) / f64::from(count - 1));
    let mut all = Vec::new();
    for (side, count) in PROPORTIONAL {
        all.extend(places(side, count).flat_map(|y| places(side, count).map(move |x| [x, y, side, side])));
    }
    for (thickness, count) in BANDS {
        all.extend(places(thickness, count).flat_map(|at| [[0.0, at, 1.0, thickness], [at, 0.0, thickness, 1.0]]));
    }
    all.sort_by(|a, b| (b[2] * b[3]).total_cmp(&(a[2] * a[3])));
    all
}

/// The likeliest pairs: nothing done, cropped, a border around, a narrow band of a vertical canvas.
pub(super) fn likely() -> Vec<(View, View)> {
    const INNER: View = [0.1, 0.1, 0.8, 0.8];
    const BAND: View = [0.0, 0.34, 1.0, 0.32];
    const CINEMA: View = [0.0, 0.125, 1.0, 0.75];
    vec![(WHOLE, WHOLE), (WHOLE, INNER), (INNER, WHOLE), (CINEMA, WHOLE), (BAND, WHOLE), (WHOLE, BAND)]
}

/// Pairs of rectangles: whole to whole, whole to part, part to whole.
pub(super) fn pairs() -> Vec<(View, View)> {
    let parts = rectangles();
    let one_sided = parts.into_iter().flat_map(|part| [(WHOLE, part), (part, WHOLE)]);
    std::iter::once((WHOLE, WHOLE)).chain(one_sided).collect()
}
