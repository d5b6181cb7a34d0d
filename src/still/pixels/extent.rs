//! A map -> which part of the frame the still shows, and which part of the still shows it.
//!
//! A frame may lie on more of the still than shows it: a square is cut out of it, and another picture is beside. Lines of
//! blocks that do not agree are left out at the ends.

use super::agreement::{BLOCK, Sizes};
use super::map::Map;
use crate::compare::{View, rounded};
use crate::picture::gray::Gray;

/// The correlation of blocks that show the same as often as not. By trial.
const EVEN: f64 = 0.3;
/// Lines that speak against it by less, as a share of all that speaks for it, may show it: they are plain. By reason.
const PLAIN: f64 = 0.01;

/// The parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Of the frame.
    pub view: View,
    /// Of the still.
    pub still_view: View,
}

/// Of a frame, at its largest size, and the map of that size.
pub fn shown(sizes: &Sizes, frame: &Gray, map: &Map) -> Extent {
    let sides = [frame.width, frame.height];
    let mut blocks = Vec::new();
    sizes.blocks(frame, map, |place, correlation, weight| blocks.push((place, weight * (correlation - EVEN))));
    let mut view = [0.0; 4];
    let mut still_view = [0.0; 4];
    for axis in 0..2 {
        let still = sizes.sides()[axis] as f64;
        // Where the frame and the still begin and end, pixels of the frame.
        let ends = [-map.offset[axis] / map.scale[axis], (still - map.offset[axis]) / map.scale[axis]];
        let all = [ends[0].max(0.0), ends[1].min(sides[axis] as f64)];
        let [start, end] = agreeing(&blocks, axis, sides[axis].div_ceil(BLOCK)).map_or(all, |lines| {
            let [first, last] = lines.map(|line| (line * BLOCK) as f64);
            // The blocks at the ends stand for what is left of a block beside them.
            let near = BLOCK as f64;
            [if first - near < all[0] { all[0] } else { first }, if last + near > all[1] { all[1] } else { last }]
        });
        view[axis] = start / sides[axis] as f64;
        view[axis + 2] = (end - start) / sides[axis] as f64;
        still_view[axis] = (start * map.scale[axis] + map.offset[axis]) / still;
        still_view[axis + 2] = (end - start) * map.scale[axis] / still;
    }
    Extent { view: view.map(rounded), still_view: still_view.map(rounded) }
}

/// The first of the lines along an axis that agree most in all, and the one after the last; plain lines beside them
/// included.
fn agreeing(blocks: &[([usize; 2], f64)], axis: usize, lines: usize) -> Option<[usize; 2]> {
    let mut sums = vec![None; lines];
    for (place, value) in blocks {
        *sums[place[axis]].get_or_insert(0.0) += value;
    }
    let (mut best, mut best_range) = (0.0, None);
    for first in 0..lines {
        let mut sum = 0.0;
        for (last, line) in (first..).zip(sums[first..].iter().map_while(|line| *line)) {
            sum += line;
            if sum > best {
                (best, best_range) = (sum, Some([first, last + 1]));
            }
        }
    }
    let [mut first, mut last] = best_range?;
    let may_show = |line: usize| sums.get(line).copied().flatten().is_some_and(|sum: f64| sum > -PLAIN * best);
    while first > 0 && may_show(first - 1) {
        first -= 1;
    }
    while may_show(last) {
        last += 1;
    }
    Some([first, last])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::testing::{boxes, cut, put};

    fn assert_near(found: View, expected: [f64; 4]) {
        let is_near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.05);
        assert!(is_near, "{found:?} is not near {expected:?}");
    }

    fn sizes(still: Gray) -> Sizes {
        Sizes::new(still, 0.84, 64.0)
    }

    #[test]
    fn all_of_a_still_is_shown_where_a_frame_lies_on_it() {
        let still = boxes(1, 256, 144);
        let map = Map { scale: [1.0; 2], offset: [0.0; 2] };
        let extent = shown(&sizes(still.clone()), &still, &map);
        assert_eq!(extent, Extent { view: [0.0, 0.0, 1.0, 1.0], still_view: [0.0, 0.0, 1.0, 1.0] });
    }

    #[test]
    fn a_square_beside_another_picture_is_shown_alone() {
        let frame = boxes(1, 256, 144);
        let mut still = boxes(2, 300, 200);
        put(&mut still, &cut(&frame, [64, 0, 136, 144]), [10, 30]);
        let map = Map { scale: [1.0; 2], offset: [-54.0, 30.0] };
        let extent = shown(&sizes(still), &frame, &map);
        assert_near(extent.view, [0.25, 0.0, 0.53, 1.0]);
        assert_near(extent.still_view, [0.033, 0.15, 0.453, 0.72]);
    }

    #[test]
    fn plain_lines_beside_what_agrees_may_show_it() {
        let mut frame = boxes(3, 256, 144);
        frame.luma[..256 * 40].fill(200);
        let map = Map { scale: [1.0; 2], offset: [0.0; 2] };
        assert_near(shown(&sizes(frame.clone()), &frame, &map).view, [0.0, 0.0, 1.0, 1.0]);
    }
}
