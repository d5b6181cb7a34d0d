//! A picture file -> its luma.

use crate::fingerprint::picture::{self, PictureError};
use crate::picture::luma::{self, Matrix};
use crate::picture::pixel_format::PixelFormat;

/// The luma of a picture file, turned as it says, and its width and height.
pub fn luma(bytes: &[u8]) -> Result<(Vec<u8>, [usize; 2]), PictureError> {
    let picture = picture::decode_upright(bytes)?;
    let rgb24 = PixelFormat::from_name("rgb24").expect("listed");
    let (width, height) = picture.dimensions();
    let luma = luma::of_frame(rgb24, Matrix::Bt601, picture.as_raw(), width, height).into_owned();
    Ok((luma, [width, height].map(|side| side as usize)))
}
