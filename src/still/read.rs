//! A picture file -> its luma, or that of a part of it.

use crate::compare::View;
use crate::fingerprint::picture::{self, PictureError};
use crate::picture::luma::{self, Matrix};
use crate::picture::pixel_format::PixelFormat;

/// All of a picture.
pub const WHOLE: View = [0.0, 0.0, 1.0, 1.0];

/// A picture's luma, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Luma {
    /// 0..=255.
    pub luma: Vec<u8>,
    /// Width and height.
    pub sides: [usize; 2],
}

/// The luma of a picture file, turned as it says.
pub fn luma(bytes: &[u8]) -> Result<Luma, PictureError> {
    let picture = picture::decode_upright(bytes)?;
    let rgb24 = PixelFormat::from_name("rgb24").expect("listed");
    let (width, height) = picture.dimensions();
    let luma = luma::of_frame(rgb24, Matrix::Bt601, picture.as_raw(), width, height).into_owned();
    Ok(Luma { luma, sides: [width, height].map(|side| side as usize) })
}

impl Luma {
    /// The whole pixels of a part in fractions of the sides, at least one; what lies beside the picture is left out. And the
    /// part that they are.
    pub fn part(&self, part: View) -> (Self, View) {
        let area = self.area(part);
        (self.cut(area), self.view(area))
    }

    fn area(&self, part: View) -> [usize; 4] {
        let pixel = |axis: usize, share: f64| (share.clamp(0.0, 1.0) * self.sides[axis] as f64).round() as usize;
        let first = |axis: usize| pixel(axis, part[axis]).min(self.sides[axis] - 1);
        let length = |axis: usize| pixel(axis, part[axis] + part[axis + 2]).max(first(axis) + 1) - first(axis);
        [first(0), first(1), length(0), length(1)]
    }

    /// An area in pixels: x, y, width and height.
    pub fn cut(&self, [left, top, width, height]: [usize; 4]) -> Self {
        let rows = self.luma.chunks_exact(self.sides[0]).skip(top).take(height);
        let luma = rows.flat_map(|row| &row[left..left + width]).copied().collect();
        Self { luma, sides: [width, height] }
    }

    /// The part of the picture that an area in pixels is.
    pub fn view(&self, area: [usize; 4]) -> View {
        std::array::from_fn(|i| area[i] as f64 / self.sides[i % 2] as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_whole_pixels_within_the_picture() {
        let picture = Luma { luma: (0..12).collect(), sides: [4, 3] };
        let part = |view: View| {
            let (part, view) = picture.part(view);
            (part.luma, part.sides, view)
        };
        assert_eq!(part(WHOLE), (picture.luma.clone(), [4, 3], WHOLE));
        assert_eq!(part([0.26, 0.3, 0.5, 0.4]), (vec![5, 6], [2, 1], [0.25, 1.0 / 3.0, 0.5, 1.0 / 3.0]));
        // Nothing of it, or too much.
        assert_eq!(part([0.5, 0.0, 0.0, 0.0]), (vec![2], [1, 1], [0.5, 0.0, 0.25, 1.0 / 3.0]));
        assert_eq!(part([2.0, 2.0, 1.0, 1.0]), (vec![11], [1, 1], [0.75, 2.0 / 3.0, 0.25, 1.0 / 3.0]));
        assert_eq!(part([-1.0, -1.0, 9.0, 9.0]).1, [4, 3]);
        assert_eq!(part([f64::NAN; 4]).1, [1, 1]);
    }
}
