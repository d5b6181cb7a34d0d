//! Points of two videos' frames -> where the picture of the one lies in the other's (image registration: Zitová and Flusser, *Image
//! registration methods: a survey*, 2003).
//!
//! 1. Pictures of the one video are told by their points (`scene`).
//! 2. Each frame of the other is placed in them by its own points (`transform`); most places are one (`place`),
//!    or a way (`way`).

mod place;
mod scene;
mod transform;
mod way;

pub(crate) use place::{Area, Corners, corners, in_one_place, is_sound, middle_lines, place_of, shown, steady};
pub(crate) use scene::{FOUND_FROM_POINTS, Move, Scene};
pub(crate) use transform::Transform;
pub(crate) use way::way;
