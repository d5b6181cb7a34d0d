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
    use super::*;

    #[test]
    fn a_logo_in_a_corner_is_filled_from_what_is_beside_it() {
        let plain = vec![100u8; 60 * 60];
        for corner in Corner::ALL {
            let mut marked = plain.clone();
            for (i, sample) in marked.iter_mut().enumerate() {
                let is_far = |is_far: bool, at: usize| if is_far { at >= 52 } else { at < 8 };
                if is_far(corner.is_right, i % 60) && is_far(corner.is_bottom, i / 60) {
                    *sample = 250;
                }
            }
            let marked = Canvas::new(&marked, 60, 60);
            assert_eq!(marked.without(corner).luma, Canvas::new(&plain, 60, 60).luma);
            let other = Corner { is_right: !corner.is_right, ..corner };
            assert_eq!(marked.without(other).luma, marked.luma);
        }
    }
}
