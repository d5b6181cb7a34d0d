//! Errors: prose for people, and a code that programs may rely on.

use std::error::Error;

/// An error with a code beside its prose.
///
/// The prose (`Display`) may change with every version; a code never does.
pub trait ErrorCode: Error {
    /// What went wrong, in kebab case.
    fn code(&self) -> &'static str;
}
