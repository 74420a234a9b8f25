//! What a file says by itself, before folders, an index and options are heard.

use lampyris_dataset::{Axis, Span};

use crate::picture::Kept;

/// One recording as a file's content gives it; finite numbers in whole rows
/// are not yet checked beyond what the format needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Draft {
    /// Added to the file's name where a file holds several recordings.
    pub(crate) part: Option<String>,
    /// The label that the content gives to all of it.
    pub(crate) label: Option<String>,
    /// Labelled stretches that the content gives.
    pub(crate) spans: Vec<Span>,
    /// Person or occasion.
    pub(crate) group: Option<String>,
    /// Channels.
    pub(crate) axes: Vec<Axis>,
    /// Samples per second.
    pub(crate) rate_hz: f64,
    /// `[samples, axes]`, interleaved.
    pub(crate) values: Vec<f32>,
    /// Milliseconds from the start, where not even.
    pub(crate) times_ms: Option<Vec<f64>>,
    /// The picture, where it is one; it has no values then.
    pub(crate) picture: Option<Kept>,
    /// Milliseconds since 1970.
    pub(crate) created_ms: Option<f64>,
    /// What a person should know about how it was read.
    pub(crate) notes: Vec<String>,
}

/// A rate that misses a whole number only by rounding is that whole number.
pub(crate) fn tidy_rate(rate_hz: f64) -> f64 {
    let whole = rate_hz.round();
    if whole > 0.0 && (rate_hz - whole).abs() < 1e-6 {
        whole
    } else {
        rate_hz
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_tidied() {
        assert_eq!(tidy_rate(1000.0 / 9.615384615384615), 104.0);
        assert_eq!(tidy_rate(104.004), 104.004);
        assert_eq!(tidy_rate(1e-9), 1e-9);
    }
}
