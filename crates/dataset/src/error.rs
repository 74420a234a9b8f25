//! The one error of this crate.

use std::fmt;

/// Why a recording is not one: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetError {
    /// What is wrong.
    pub what: String,
    /// Where in the recording: a sample, an axis, a field.
    pub place: String,
    /// What a person can do about it.
    pub remedy: String,
}

impl DatasetError {
    pub(crate) fn new(
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

impl fmt::Display for DatasetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.what, self.place, self.remedy)
    }
}

impl std::error::Error for DatasetError {}
