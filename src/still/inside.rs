//! Pictures within a still, by their edges: a screenshot's pixels in, a handful of rectangles out.
//!
//! A picture among text, controls and other pictures ends at long straight edges. Text has none, and the edges in a
//! picture seldom run straight along a whole side of a rectangle. Each rectangle that lines of such edges
//! enclose is then looked for as a still of its own; which of them are pictures, the search says.
//!
//! Whole numbers but for the last shares, so that every machine finds the same rectangles in the same order.

mod lines;
mod shrunk;

use crate::ranked::highest_first;
use lines::Lines;
use shrunk::{Area, Shrunk};

/// The most rectangles that are looked up. Bounds work.
const MOST: usize = 8;
/// The longest side on which edges are looked for, pixels: fine enough for a line of two pixels between pictures, and
/// coarse enough to see past a newspaper's dots. By reason; each is halved until it fits.
const LONGEST_SIDES: [usize; 2] = [640, 200];
/// The shortest side of a picture, pixels of the still: PDQ knows 64 points of it.
const SHORTEST_SIDE: usize = 64;
/// The smallest part of the still's area that a picture takes. Chosen: a fifth of either side.
const SMALLEST: f64 = 0.04;
/// The largest: what is larger is the still without a margin, which the search tries anyway. By reason.
const LARGEST: f64 = 0.85;
/// The longest shape of a picture, one side by the other: 16:9, of which a third is cut off, and some more. Chosen.
const LONGEST_SHAPE: f64 = 3.0;
/// The share of each side, within the still, that lies along an edge. By reason: page and picture may be alike along a
/// part of it, and where nothing ends hardly a third does.
const SIDE_ON_EDGE: f64 = 0.5;
/// The share of all sides together.
const SIDES_ON_EDGE: f64 = 0.65;
/// How plausible a rectangle is through which another line runs from side to side, for each line: it may be a picture
/// and what is below it, or a picture with a horizon. Chosen.
const DIVIDED: f64 = 0.5;
/// Rectangles that share this much of their areas are one. By reason: the search finds the rest.
const SAME: f64 = 0.8;

/// The areas that may be pictures within one of that luma, the most plausible first.
pub fn pictures(luma: &[u8], width: usize, height: usize) -> Vec<Area> {
    let mut found = Vec::new();
    for longest in LONGEST_SIDES {
        let step = width.max(height).div_ceil(longest);
        let shrunk = Shrunk::new(luma, width, height, step);
        for (area, plausible) in rectangles(&shrunk) {
            let area = area.map(|length| length * step);
            if area[2].min(area[3]) >= SHORTEST_SIDE {
                found.push((area, plausible));
            }
        }
    }
    let mut kept: Vec<Area> = Vec::new();
    for (area, _) in highest_first(found, |(_, plausible)| *plausible) {
        if kept.len() < MOST && kept.iter().all(|other| shared(&area, other) < SAME) {
            kept.push(area);
        }
    }
    kept
}

/// Areas that lines enclose, in pixels of the shrunken picture, and how plausible each is.
fn rectangles(picture: &Shrunk) -> Vec<(Area, f64)> {
    let (rows, columns) = (Lines::across(picture), Lines::down(picture));
    let mut found = Vec::new();
    for (top, bottom) in pairs(&rows.at) {
        for (left, right) in pairs(&columns.at) {
            let area = [left, top, right - left, bottom - top];
            if !has_size_of_picture(&area, picture) {
                continue;
            }
            if let Some(support) = support(&rows, &columns, &area) {
                let divided = rows.between(top..bottom, left..right) + columns.between(left..right, top..bottom);
                let share = (area[2] * area[3]) as f64 / (picture.width * picture.height) as f64;
                let busy = 1.0 - picture.flat_share(&area);
                found.push((area, support * busy * share.sqrt().sqrt() * DIVIDED.powi(divided as i32)));
            }
        }
    }
    found
}

/// Each two of ascending places.
fn pairs(places: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    places.iter().enumerate().flat_map(|(i, &first)| places[i + 1..].iter().map(move |&second| (first, second)))
}

fn has_size_of_picture(&[_, _, width, height]: &Area, picture: &Shrunk) -> bool {
    let share = (width * height) as f64 / (picture.width * picture.height) as f64;
    let shape = width as f64 / height as f64;
    (SMALLEST..=LARGEST).contains(&share) && shape.max(1.0 / shape) <= LONGEST_SHAPE
}

/// The share of the sides that lies along edges; the still's own ends are edges. `None` if it is too little of one
/// side, or of all.
fn support(rows: &Lines, columns: &Lines, &[left, top, width, height]: &Area) -> Option<f64> {
    let (right, bottom) = (left + width, top + height);
    let sides = [
        (rows.share(top, left..right), width),
        (rows.share(bottom, left..right), width),
        (columns.share(left, top..bottom), height),
        (columns.share(right, top..bottom), height),
    ];
    let inner = sides.iter().filter(|(share, _)| share.is_some());
    let (on_edge, length) = inner.fold((0.0, 0.0), |(on_edge, all), &(share, length)| {
        (on_edge + share.unwrap_or_default() * length as f64, all + length as f64)
    });
    let each = sides.iter().all(|(share, _)| share.is_none_or(|share| share >= SIDE_ON_EDGE));
    let support = on_edge / length.max(1.0);
    (each && support >= SIDES_ON_EDGE).then_some(support)
}

/// What two areas share, of what they cover together.
fn shared(a: &Area, b: &Area) -> f64 {
    let overlap = |axis: usize| (a[axis] + a[axis + 2]).min(b[axis] + b[axis + 2]).saturating_sub(a[axis].max(b[axis]));
    let both = overlap(0) * overlap(1);
    both as f64 / (a[2] * a[3] + b[2] * b[3] - both) as f64
}

#[cfg(test)]
mod tests;
