//! Coded pictures read to their end by the rules of their syntax, without making pictures of them.
//!
//! Decoders conceal what is damaged, and some say nothing of it. A picture's entropy code has no checksum either, but its
//! end must be where its bytes end.

pub mod vp8;
