//! One picture -> its hashes; many pictures -> what changes between them.

pub mod classic;
pub mod digest;
pub mod frame;
pub mod motion;
pub mod pdq;
pub mod points;
pub mod rhythm;
