//! The entropy code of coded pictures, read to its end without reconstructing them.
//!
//! Decoders conceal damage and say nothing of it, and containers have no checksums: what does not parse is all there is to
//! notice by. A healthy picture is never called damaged; of damage, what still parses is missed.

pub mod h264;
