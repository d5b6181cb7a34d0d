//! Files that are read and written: which, how, and that none comes to harm.

pub mod closed;
pub mod file;
pub mod inputs;
pub mod kept;
pub mod kind;
pub mod output;
pub mod targets;
pub mod unfinished;
