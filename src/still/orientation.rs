//! The eight ways in which a picture can be mirrored and turned.

use crate::compare::View;

/// One of the eight ways to turn and mirror a picture: mirrored left to right first, then turned clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Orientation {
    /// Whether it is mirrored left to right.
    pub mirrored: bool,
    /// How many quarter turns clockwise follow.
    pub quarter_turns: u8,
}

impl Orientation {
    /// Where a point (x, y) of the oriented picture was before, all in fractions of the sides.
    fn source(self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = match self.quarter_turns {
            0 => (x, y),
            1 => (y, 1.0 - x),
            2 => (1.0 - x, 1.0 - y),
            _ => (1.0 - y, x),
        };
        if self.mirrored { (1.0 - x, y) } else { (x, y) }
    }

    /// The part of the oriented picture -> the same part before.
    pub fn undo_view(self, [x, y, width, height]: View) -> View {
        let (x0, y0) = self.source(x, y);
        let (x1, y1) = self.source(x + width, y + height);
        [x0.min(x1), y0.min(y1), (x0 - x1).abs(), (y0 - y1).abs()]
    }

    /// The part of the picture -> the same part of the oriented picture, which is not mirrored.
    pub fn apply_to_view(self, view: View) -> View {
        debug_assert!(!self.mirrored, "only turned back");
        Self { quarter_turns: (4 - self.quarter_turns) % 4, ..self }.undo_view(view)
    }
}
