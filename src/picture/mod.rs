//! How a decoded frame lies in memory; its luma, its shrunk grid, and a picture of it for people.

pub mod display_matrix;
pub mod frame;
pub mod gray;
pub mod luma;
pub mod pixel_format;
pub mod plane;
pub mod png;
pub mod points;
pub mod samples;
pub mod shrink;
#[cfg(test)]
pub(crate) mod testing;
