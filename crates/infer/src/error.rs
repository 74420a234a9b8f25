//! Why a file can't be opened.

use std::fmt;

/// What is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong.
    pub what: String,
    /// Where.
    pub place: String,
    /// What a person can do about it.
    pub remedy: String,
}

impl Refused {
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

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.what, self.place, self.remedy)
    }
}

impl std::error::Error for Refused {}
