//! Parts of a picture in words.

use super::words::percent;
use crate::compare::View;

/// A view of at least this share of the sides is the whole: borders are found only about as exactly.
const NEARLY_WHOLE: f64 = 0.97;
/// A view whose middle is this close to the picture's middle is called "the middle".
const NEAR_MIDDLE: f64 = 0.05;

/// Whether nothing noticeable is missing.
pub(super) fn is_whole(view: View) -> bool {
    view[2] >= NEARLY_WHOLE && view[3] >= NEARLY_WHOLE
}

/// "the middle 75 %", "the left 60 % of the width": a part of a picture.
pub(super) fn part([x, y, width, height]: View) -> String {
    let place = |start: f64, length: f64, first, last| match start + length / 2.0 - 0.5 {
        off if off.abs() <= NEAR_MIDDLE => "middle",
        off if off < 0.0 => first,
        _ => last,
    };
    let across = place(x, width, "left", "right");
    let down = place(y, height, "upper", "lower");
    match (width >= NEARLY_WHOLE, height >= NEARLY_WHOLE) {
        (true, _) => format!("the {down} {} of the height", percent(height)),
        (_, true) => format!("the {across} {} of the width", percent(width)),
        _ => {
            let place = match (down, across) {
                ("middle", "middle") => "middle".to_owned(),
                ("middle", across) => across.to_owned(),
                (down, "middle") => down.to_owned(),
                (down, across) => format!("{down} {across}"),
            };
            match (width - height).abs() < 0.02 {
                true => format!("the {place} {}", percent((width + height) / 2.0)),
                false => format!("the {place} {} x {}", percent(width), percent(height)),
            }
        }
    }
}

/// "31 % of the width": how large a part of a picture is.
pub(super) fn size([_, _, width, height]: View) -> String {
    match (width >= NEARLY_WHOLE, height >= NEARLY_WHOLE) {
        (true, _) => format!("{} of the height", percent(height)),
        (_, true) => format!("{} of the width", percent(width)),
        _ => format!("{} x {}", percent(width), percent(height)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_by_where_they_lie() {
        assert_eq!(part([0.125, 0.12, 0.75, 0.76]), "the middle 76 %");
        assert_eq!(part([0.0, 0.0, 0.6, 1.0]), "the left 60 % of the width");
        assert_eq!(part([0.0, 0.2, 1.0, 0.8]), "the lower 80 % of the height");
        assert_eq!(part([0.0, 0.0, 0.5, 0.7]), "the upper left 50 % x 70 %");
    }
}
