//! Two fingerprints in, out: is it the same footage, where, and what was done to it.
//!
//! The motion signature decides, because it survives what editing does to a picture and tells one moment before a fixed
//! camera from another; PDQ tells whether it is at least the same scene. docs/accuracy.md has the method and how often it
//! errs.

mod result;

pub use result::{Comparison, Reason, Segment, Verdict, View};
