//! The one error of this crate.

use std::fmt;

/// Why a file can't be read or written: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// What is wrong, for example "the file ends early".
    pub what: String,
    /// Where: a file's name, a line, a column, a byte offset, an operator.
    pub place: String,
    /// What a person can do about it.
    pub remedy: String,
}

impl FormatError {
    /// An error with its three parts.
    pub fn new(
        what: impl Into<String>,
        place: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            place: place.into(),
            remedy: remedy.into(),
        }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.what, self.place, self.remedy)
    }
}

impl std::error::Error for FormatError {}
