//! A corner of the still, where stations put their logo, and the still without what is there.
//!
//! A logo is small but has hard edges, and where the picture is plain it outweighs all else. What is beside it is a
//! better guess at what it hides.

use super::canvas::{Canvas, SIDE};

/// How much of each side of the still a logo may take: a sixth, as large as they come.
const LOGO_SIDE: usize = SIDE / 6;

/// A corner of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corner {
    is_right: bool,
    is_bottom: bool,
}

impl Corner {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self { is_right: false, is_bottom: false },
        Self { is_right: true, is_bottom: false },
        Self { is_right: false, is_bottom: true },
        Self { is_right: true, is_bottom: true },
    ];

    /// The position of the sample that is so many samples away from the corner.
    fn at(self, across: usize, down: usize) -> usize {
        let from_end = |is_far: bool, distance: usize| if is_far { SIDE - 1 - distance } else { distance };
        from_end(self.is_bottom, down) * SIDE + from_end(self.is_right, across)
    }
}

impl Canvas {
    /// The canvas with a corner filled from the samples beside it, the nearer ones counting more.
    pub fn without(&self, corner: Corner) -> Self {
        let mut filled = self.clone();
        for down in 0..LOGO_SIDE {
            for across in 0..LOGO_SIDE {
                let beside = self.luma[corner.at(LOGO_SIDE, down)];
                let along = self.luma[corner.at(across, LOGO_SIDE)];
                let (to_beside, to_along) = ((LOGO_SIDE - across) as f32, (LOGO_SIDE - down) as f32);
                filled.luma[corner.at(across, down)] = (beside * to_along + along * to_beside) / (to_beside + to_along);
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::super::guess::Guess;
    use super::super::guess::WHOLE;
    use super::super::refine::{Layer, find_logo};
    use super::*;
    use crate::compare::Orientation;

    const SIDE_PX: usize = 60;

    /// A picture and the same with something bright in a corner.
    fn pictures(sample: impl Fn(usize, usize) -> u8, corner: Corner) -> [Canvas; 2] {
        let is_far = |is_far: bool, at: usize| if is_far { at >= SIDE_PX - 8 } else { at < 8 };
        let plain: Vec<u8> = (0..SIDE_PX * SIDE_PX).map(|i| sample(i % SIDE_PX, i / SIDE_PX)).collect();
        let mut marked = plain.clone();
        for (i, sample) in marked.iter_mut().enumerate() {
            if is_far(corner.is_right, i % SIDE_PX) && is_far(corner.is_bottom, i / SIDE_PX) {
                *sample = 250;
            }
        }
        [plain, marked].map(|luma| Canvas::new(&luma, SIDE_PX, SIDE_PX))
    }

    #[test]
    fn a_logo_in_a_corner_is_filled_from_what_is_beside_it() {
        for corner in Corner::ALL {
            let [plain, marked] = pictures(|_, _| 100, corner);
            assert_eq!(marked.without(corner).luma, plain.luma);
            let other = Corner { is_right: !corner.is_right, ..corner };
            assert_eq!(marked.without(other).luma, marked.luma);
        }
    }

    #[test]
    fn a_logo_is_found_where_the_frame_has_none() {
        let orientation = Orientation { mirrored: false, quarters: 0 };
        let whole = Guess { orientation, horizontal: WHOLE, vertical: WHOLE, logo: None };
        for corner in Corner::ALL {
            let [plain, marked] = pictures(|x, y| (60 + x + y / 2 + x * y / 90 + 9 * (x / 13 % 2)) as u8, corner);
            let frame = Layer::new(&plain).weighted(&whole).bits;
            assert_eq!(find_logo(&mut Layer::new(&marked), &frame, whole).logo, Some(corner));
            assert_eq!(find_logo(&mut Layer::new(&plain), &frame, whole).logo, None);
        }
    }
}
