//! Recordings and what is known about them: labels, groups, windows, splits
//! without leakage, health.
//!
//! A [`Recording`] is the raw truth as a sensor or a file delivered it; nothing
//! here resamples or computes features. Its `id` is the SHA-256 of its content,
//! so the same take imported twice is recognised, and everything that is ordered
//! is ordered by id: the same recordings give the same order, whoever lists them.

//!
//! * [`recording`]: a checked recording and its content id.
//! * [`spans`]: labelled stretches, by sample and at another rate.
//! * [`window`]: which windows a recording gives, and what each is labelled.
//! * [`split`]: who is trained on, chosen on and held out, without leaking a group.
//! * [`mod@takes`]: where the sounds lie in a long take.
//! * [`mod@picture`]: pictures, each kept as the file that it is.
//! * [`pcm`]: samples as steps of 16 bits.
//! * [`mod@health`]: what a maker should know before training, with the remedy.

mod error;
pub mod health;
pub mod pcm;
pub mod picture;
pub mod recording;
mod sort;
pub mod spans;
pub mod split;
pub mod takes;
pub mod window;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use error::DatasetError;
pub use health::{HealthRule, Issue, Look, Severity, health, look};
pub use picture::{Picture, PictureLook};
pub use recording::NewRecording;
pub use sort::sort_by;
pub use spans::{label_at, spans_at_rate};
pub use split::{SplitBy, SplitRule, assign_splits};
pub use takes::{Piece, TakesOptions, takes};
pub use window::{WindowLabel, window_count, window_labels};

/// Which part of the work a recording is kept for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Split {
    /// Not said: the settings' fractions decide, by recording or by group.
    #[default]
    Auto,
    /// Weights are fitted to these. A source that says "training" says nothing
    /// of validation: where nothing else can serve, some of these do; see
    /// [`assign_splits`].
    Train,
    /// The best epoch is chosen on these.
    Validation,
    /// Held out: accuracy is told on these, and nothing is ever chosen on them.
    Test,
}

/// A stretch of a recording that bears one label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Span {
    /// First sample of the stretch.
    pub start: u32,
    /// One past its last sample.
    pub end: u32,
    /// What was going on.
    pub label: String,
}

/// One channel of a sensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Axis {
    /// As the file or the sensor names it, for example `accx`.
    pub name: String,
    /// The unit as stated, for example `m/s2`; empty where nothing was stated.
    pub unit: String,
}

/// Name of the one axis of a sound. Its unit is empty, its values are shares of
/// full scale from -1 to 1, and its samples are evenly spaced.
pub const SOUND_AXIS: &str = "audio";

/// Name of the one axis of a picture. Its unit is empty, and it has no values: the picture is
/// kept as the file that it is.
pub const PICTURE_AXIS: &str = "picture";

/// Everything about a recording but its samples; small enough to list thousands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RecordingMeta {
    /// SHA-256 of the content in hex; see [`Recording::new`].
    pub id: String,
    /// What a person calls it: a file's name, or "circle, take 3".
    pub name: String,
    /// Labelled stretches in order, without overlap. One span over the whole
    /// recording is the usual case; gaps between spans are unlabelled.
    pub spans: Vec<Span>,
    /// Person or occasion: recordings of one group are never split apart when
    /// the split goes by group; see [`SplitBy`].
    pub group: Option<String>,
    /// What the recording is kept for, as its source or the user said.
    pub split: Split,
    /// Channels, in the order of the values.
    pub axes: Vec<Axis>,
    /// Nominal or measured rate in Hz.
    pub rate_hz: f64,
    /// Samples per axis.
    pub samples: u32,
    /// Where it came from: a sensor's id, or `import`.
    pub source: String,
    /// When it was made, in milliseconds since 1970, where known.
    pub created_ms: Option<f64>,
    /// Free text.
    pub notes: String,
    /// The rate in Hz at which it was taken, where it is kept at another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub original_rate_hz: Option<f64>,
    /// What it was taken with, for example a microphone's name, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub device: Option<String>,
    /// Width and height of a picture in pixels, upright; `None` of anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub size: Option<[u32; 2]>,
}

/// A recording with its samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// All but the samples.
    pub meta: RecordingMeta,
    /// `[samples, axes]`, interleaved, finite; none of a picture.
    pub values: Vec<f32>,
    /// Milliseconds from the start, one a sample, never falling; `None` where
    /// samples are evenly spaced at `rate_hz`.
    pub times_ms: Option<Vec<f64>>,
    /// The picture, where it is one.
    pub picture: Option<Picture>,
}
