//! Reads and writes files: which ones, how, and without harming any.

pub mod closed;
pub mod file;
pub mod inputs;
pub mod kept;
pub mod kind;
pub mod output;
pub mod targets;
pub mod unfinished;
