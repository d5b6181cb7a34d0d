//! The size of a picture.

/// Columns and rows of a picture, in luma samples.
pub type Size = [u32; 2];
