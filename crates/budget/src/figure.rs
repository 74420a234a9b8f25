//! A number that knows where it comes from.

use serde::Serialize;

/// A figure as a range (`low` = `high` for a single value), or the lack of one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Figure {
    /// Measured or published by someone.
    Sourced {
        /// Least.
        low: f64,
        /// Most.
        high: f64,
        /// Who says so.
        source: &'static str,
    },
    /// Ours, until something better is known.
    Assumed {
        /// Least.
        low: f64,
        /// Most.
        high: f64,
        /// What it rests on.
        why: &'static str,
    },
    /// Nobody has told us.
    Unknown {
        /// What is missing.
        why: &'static str,
    },
}

impl Figure {
    /// A single published value.
    pub const fn sourced(value: f64, source: &'static str) -> Self {
        Self::between(value, value, source)
    }

    /// A published range.
    pub const fn between(low: f64, high: f64, source: &'static str) -> Self {
        Self::Sourced { low, high, source }
    }

    /// A single assumed value.
    pub const fn assumed(value: f64, why: &'static str) -> Self {
        Self::assumed_between(value, value, why)
    }

    /// An assumed range.
    pub const fn assumed_between(low: f64, high: f64, why: &'static str) -> Self {
        Self::Assumed { low, high, why }
    }

    /// No value, and what is missing.
    pub const fn unknown(why: &'static str) -> Self {
        Self::Unknown { why }
    }

    /// Least and most; `None` where unknown.
    pub const fn range(&self) -> Option<(f64, f64)> {
        match *self {
            Self::Sourced { low, high, .. } | Self::Assumed { low, high, .. } => Some((low, high)),
            Self::Unknown { .. } => None,
        }
    }

    /// Least; `None` where unknown.
    pub fn low(&self) -> Option<f64> {
        self.range().map(|r| r.0)
    }

    /// Most; `None` where unknown.
    pub fn high(&self) -> Option<f64> {
        self.range().map(|r| r.1)
    }

    /// How sure it is, in a word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Sourced { .. } => "sourced",
            Self::Assumed { .. } => "assumed",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Source, reason, or what is missing.
    pub const fn text(&self) -> &'static str {
        match *self {
            Self::Sourced { source, .. } => source,
            Self::Assumed { why, .. } | Self::Unknown { why } => why,
        }
    }

    /// The text with the word that tells how sure it is.
    pub fn source(&self) -> String {
        match self {
            Self::Sourced { source, .. } => (*source).into(),
            Self::Assumed { why, .. } => format!("assumed: {why}"),
            Self::Unknown { why } => format!("unknown: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_kinds() {
        assert_eq!(Figure::sourced(3.0, "s").range(), Some((3.0, 3.0)));
        assert_eq!(Figure::between(3.0, 4.0, "s").high(), Some(4.0));
        assert_eq!(Figure::assumed(3.0, "w").source(), "assumed: w");
        assert_eq!(Figure::unknown("w").range(), None);
        assert_eq!(Figure::unknown("w").source(), "unknown: w");
        assert_eq!(Figure::unknown("w").kind(), "unknown");
    }
}
