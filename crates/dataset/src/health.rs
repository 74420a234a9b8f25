//! What a maker should know about the recordings before training: what, which
//! recordings, and the remedy.
//!
//! Looking at samples costs time, so each recording is looked at once
//! ([`look()`]) and the small [`Look`] is kept; [`health()`] then only compares.
//! `signal` holds what is found in samples, `sound` what is found in those of a
//! microphone, `picture` what is found in pictures, `classes` what is found in labels,
//! groups and parts.

mod classes;
mod look;
mod picture;
mod signal;
mod sound;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{RecordingMeta, Split, sort_by};

pub use look::{AxisLook, Look, look};

/// How grave an issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Severity {
    /// Training can't begin.
    Error,
    /// Training can begin; the result will be worse or the figures less honest.
    Warning,
    /// Worth knowing.
    Note,
}

/// Something about the recordings, in words for their maker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Issue {
    /// How grave it is.
    pub severity: Severity,
    /// What is the matter, in one sentence.
    pub what: String,
    /// What helps, in one sentence.
    pub remedy: String,
    /// Ids of the recordings concerned, sorted; empty where it is all of them.
    pub recordings: Vec<String>,
}

impl Issue {
    fn new(severity: Severity, what: String, remedy: impl Into<String>) -> Self {
        Self {
            severity,
            what,
            remedy: remedy.into(),
            recordings: Vec::new(),
        }
    }

    fn of<'a>(mut self, recordings: impl IntoIterator<Item = &'a RecordingMeta>) -> Self {
        self.recordings = recordings.into_iter().map(|r| r.id.clone()).collect();
        sort_by(&mut self.recordings, String::cmp);
        self.recordings.dedup();
        self
    }
}

/// What the recordings are wanted for.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthRule<'a> {
    /// The model's rate in Hz.
    pub rate_hz: f64,
    /// The length of a window in milliseconds; 0 where shorter recordings serve as well.
    pub window_ms: f64,
    /// Axes that are used, by name; empty means all.
    pub axes: &'a [String],
    /// Parts as [`crate::assign_splits`] gave them; empty: not looked at.
    pub splits: &'a BTreeMap<String, Split>,
    /// Labels whose recordings are meant to be quiet.
    pub quiet: &'a [&'a str],
}

/// All issues, the gravest first; within one gravity in a fixed order.
///
/// Labels are taken from the metas as they are: whoever merges labels passes
/// merged metas.
pub fn health(recordings: &[(&RecordingMeta, &Look)], rule: &HealthRule<'_>) -> Vec<Issue> {
    if recordings.is_empty() {
        return vec![Issue::new(
            Severity::Error,
            "There is no recording yet.".into(),
            "Record with a sensor, import files, or open the starter data.",
        )];
    }
    let mut sorted = recordings.to_vec();
    sort_by(&mut sorted, |a, b| a.0.id.cmp(&b.0.id));
    let metas: Vec<&RecordingMeta> = sorted.iter().map(|(meta, _)| *meta).collect();
    let mut issues = Vec::new();
    classes::check(&metas, rule, &mut issues);
    signal::check(&sorted, rule, &mut issues);
    sound::check(&sorted, rule, &mut issues);
    picture::check(&sorted, rule, &mut issues);
    sort_by(&mut issues, |a, b| a.severity.cmp(&b.severity));
    issues
}

/// "1 recording" or "3 recordings".
fn recordings_in_words(n: usize) -> String {
    match n {
        1 => "1 recording".into(),
        n => format!("{n} recordings"),
    }
}

/// `"a", "b" and "c"`.
fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("\"{n}\"")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod testing {
    //! Recordings for the tests of this module.
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{Axis, NewRecording, Recording};

    /// A recording of one axis.
    /// One axis: of a microphone's rate a sound, else of movement.
    pub fn take(label: &str, name: &str, rate_hz: f64, values: Vec<f32>) -> Recording {
        let axis = if rate_hz < 1000.0 {
            "x"
        } else {
            crate::SOUND_AXIS
        };
        Recording::new(
            NewRecording {
                name: name.into(),
                label: label.into(),
                axes: vec![Axis {
                    name: axis.into(),
                    unit: String::new(),
                }],
                rate_hz,
                source: "import".into(),
                ..NewRecording::default()
            },
            values,
            None,
        )
        .unwrap()
    }

    /// A wavy signal that differs with the seed.
    pub fn wave(seed: u32, samples: u32) -> Vec<f32> {
        (0..samples)
            .map(|i| ((i * 7 + seed * 13) % 31) as f32 + (seed % 5) as f32 * 0.1)
            .collect()
    }

    /// Enough of two classes that nothing is wrong but the lack of groups.
    pub fn sound() -> Vec<Recording> {
        (0..10)
            .map(|i| {
                take(
                    ["a", "b"][i as usize % 2],
                    &format!("t{i}"),
                    50.0,
                    wave(i, 500),
                )
            })
            .collect()
    }

    pub fn issues(recordings: &[Recording], splits: &BTreeMap<String, Split>) -> Vec<Issue> {
        let looks: Vec<Look> = recordings.iter().map(look).collect();
        let pairs: Vec<_> = recordings.iter().map(|r| &r.meta).zip(&looks).collect();
        let rule = HealthRule {
            rate_hz: 50.0,
            window_ms: 2000.0,
            axes: &[],
            splits,
            quiet: &[],
        };
        health(&pairs, &rule)
    }

    pub fn find<'a>(issues: &'a [Issue], part: &str) -> Option<&'a Issue> {
        issues.iter().find(|i| i.what.contains(part))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::testing::*;
    use super::*;

    #[test]
    fn sound_recordings_have_only_notes() {
        let got = issues(&sound(), &BTreeMap::new());
        assert!(got.iter().all(|i| i.severity == Severity::Note), "{got:?}");
    }

    #[test]
    fn nothing_is_an_error_with_a_way_out() {
        let got = issues(&[], &BTreeMap::new());
        assert_eq!(got[0].severity, Severity::Error);
        assert!(got[0].remedy.contains("import"));
    }

    #[test]
    fn the_gravest_come_first_and_order_does_not_matter() {
        let mut recordings = sound();
        recordings.push(take("c", "short", 20.0, wave(90, 10)));
        let got = issues(&recordings, &BTreeMap::new());
        assert!(got.is_sorted_by_key(|i| i.severity));
        assert!(got.len() > 2);
        recordings.reverse();
        assert_eq!(got, issues(&recordings, &BTreeMap::new()));
    }

    #[test]
    fn lists_read_well() {
        assert_eq!(quoted(&[]), "");
        assert_eq!(quoted(&["a"]), "\"a\"");
        assert_eq!(quoted(&["a", "b", "c"]), "\"a\", \"b\" and \"c\"");
    }
}
