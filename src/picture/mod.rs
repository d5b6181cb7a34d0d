//! How a decoded frame lies in memory, and what is read of it.

pub mod display_matrix;
pub mod frame;
pub mod luma;
pub mod pixel_format;
pub mod plane;
pub mod png;
pub mod samples;
pub mod shrink;
