//! The one error of this crate, and the one that faces show.

use std::fmt;

use lampyris_dataset::DatasetError;
use lampyris_device::ChipError;
use lampyris_formats::FormatError;
use lampyris_graph::GraphError;
use lampyris_net::NetError;
use serde::Serialize;
use ts_rs::TS;

/// Why the pipeline refuses: what is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[non_exhaustive]
pub struct LabError {
    /// What is wrong, for example "only one class".
    pub what: String,
    /// Where: a recording's name, a setting, a byte offset.
    pub place: String,
    /// What a person can do about it.
    pub remedy: String,
}

impl LabError {
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

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.what, self.place, self.remedy)
    }
}

impl std::error::Error for LabError {}

impl From<FormatError> for LabError {
    fn from(error: FormatError) -> Self {
        Self::new(error.what, error.place, error.remedy)
    }
}

impl From<DatasetError> for LabError {
    fn from(error: DatasetError) -> Self {
        Self::new(error.what, error.place, error.remedy)
    }
}

impl From<NetError> for LabError {
    fn from(error: NetError) -> Self {
        Self::new(error.what, error.place, error.remedy)
    }
}

impl From<GraphError> for LabError {
    /// A graph comes from a network that this build lowered itself.
    fn from(error: GraphError) -> Self {
        Self::new(
            error.to_string(),
            "int8 graph",
            "train again with a lower learning rate or another seed: this network has learned nothing that integers can hold",
        )
    }
}

impl From<ChipError> for LabError {
    /// A [`ChipError`] says its remedy after the first comma or not at all.
    fn from(error: ChipError) -> Self {
        let text = error.to_string();
        let (what, remedy) = text
            .rsplit_once(", ")
            .unwrap_or((&text, "train and export the model again"));
        Self::new(what, "chip part", remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_what_where_remedy() {
        let error = LabError::new("only one class", "dataset", "record a second gesture");
        assert_eq!(
            error.to_string(),
            "only one class (dataset): record a second gesture"
        );
    }
}
