//! A corner of the still, where stations put their logo, and the still without what is there.
//!
//! A logo is small but has hard edges, and where the picture is plain it outweighs all else. What is beside it is a
//! better guess at what it hides.

use super::canvas::{Canvas, SIDE};

/// How much of each side of the still a logo may take, pixels: a sixth. By trial; docs/accuracy/stills.md, "What is looked
/// past".
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

    /// The position of the pixel at this distance from the corner, pixels.
    fn at(self, across: usize, down: usize) -> usize {
        let from_end = |is_far: bool, distance: usize| if is_far { SIDE - 1 - distance } else { distance };
        from_end(self.is_bottom, down) * SIDE + from_end(self.is_right, across)
    }
}

impl Canvas {
    /// The canvas with a corner filled from the pixels beside it, the nearer ones counting more.
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
impl Corner {
    /// A picture of 60 x 60 pixels and the same with something bright in this corner.
    pub fn pictures(self, luma: impl Fn(usize, usize) -> u8) -> [Canvas; 2] {
        const SIDE_PX: usize = 60;
        let is_far = |is_far: bool, at: usize| if is_far { at >= SIDE_PX - 8 } else { at < 8 };
        let plain: Vec<u8> = (0..SIDE_PX * SIDE_PX).map(|i| luma(i % SIDE_PX, i / SIDE_PX)).collect();
        let mut marked = plain.clone();
        for (i, pixel) in marked.iter_mut().enumerate() {
            if is_far(self.is_right, i % SIDE_PX) && is_far(self.is_bottom, i / SIDE_PX) {
                *pixel = 250;
            }
        }
        [plain, marked].map(|luma| Canvas::new(&luma, SIDE_PX, SIDE_PX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_in_a_corner_is_filled_from_what_is_beside_it() {
        for corner in Corner::ALL {
            let [plain, marked] = corner.pictures(|_, _| 100);
            assert_eq!(marked.without(corner).luma, plain.luma);
            let other = Corner { is_right: !corner.is_right, ..corner };
            assert_eq!(marked.without(other).luma, marked.luma);
        }
    }

    #[test]
    fn nearer_pixels_count_more() {
        let left_and_top = Corner::ALL[0];
        let mut canvas = Canvas { luma: vec![0.0; SIDE * SIDE], width: 1.0, height: 1.0 };
        // Bright below the corner, a sixth of 96 pixels away, and dark to the right of it.
        canvas.luma[LOGO_SIDE * SIDE..][..LOGO_SIDE].fill(120.0);
        let filled = canvas.without(left_and_top).luma;
        assert_eq!(
            [filled[0], filled[(LOGO_SIDE - 1) * SIDE], filled[LOGO_SIDE - 1]],
            [60.0, 1920.0 / 17.0, 120.0 / 17.0]
        );
        assert_eq!((filled[LOGO_SIDE], LOGO_SIDE), (0.0, 16));
    }
}
