//! How far told views are from true ones.

use super::truth::Geometry;
use cotejo::compare::{Segment, View};

/// The largest distance between a true and a found side of either view; 1 for a wrong orientation. `edit.py` works on the
/// picture as players show it, turned by `b_rotation`.
pub fn view_error(segment: &Segment, truth: &Geometry, b_rotation: u16) -> f64 {
    let turned = (truth.rotate + b_rotation) % 360;
    if segment.mirrored != truth.mirror || segment.turned != turned {
        return 1.0;
    }
    let source_view = unturned(truth.src_view, b_rotation);
    side_error(segment.a_view, truth.placed).max(side_error(segment.b_view, source_view))
}

fn side_error(a: View, b: View) -> f64 {
    let sides = |[x, y, w, h]: View| [x, y, x + w, y + h];
    sides(a).iter().zip(sides(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// A rectangle of a picture that was turned clockwise, in the picture as it was.
fn unturned([x, y, w, h]: View, rotation: u16) -> View {
    match rotation {
        90 => [y, 1.0 - x - w, h, w],
        180 => [1.0 - x - w, 1.0 - y - h, w, h],
        270 => [1.0 - y - h, x, h, w],
        _ => [x, y, w, h],
    }
}
