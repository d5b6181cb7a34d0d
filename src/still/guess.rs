//! A guess at how a frame lies on the still.

use super::logo::Corner;
use super::placement::Axis;
use crate::compare::Orientation;

/// The whole of a still as the whole of a frame, along either axis.
pub const WHOLE: Axis = Axis { offset: 0.0, scale: 1.0, low: 0.0, high: 1.0 };

/// How a frame lies on the still.
#[derive(Clone, Copy, Debug)]
pub struct Guess {
    /// How the video's picture became the still.
    pub orientation: Orientation,
    /// Across.
    pub horizontal: Axis,
    /// Down.
    pub vertical: Axis,
    /// Where a logo hides the video.
    pub logo: Option<Corner>,
}
