//! What can be said before any training.

use std::collections::BTreeMap;

use lampyris_budget::Footprint;
use lampyris_dataset::{Issue, Split};
use lampyris_net::LayerCost;
use serde::Serialize;
use ts_rs::TS;

/// How much there is of one label, after merging.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LabelCount {
    /// The label.
    pub label: String,
    /// Recordings that bear it.
    pub recordings: u32,
    /// Labelled seconds.
    pub seconds: f32,
    /// Training windows.
    pub train: u32,
    /// Validation windows.
    pub validation: u32,
    /// Test windows.
    pub test: u32,
}

/// What one layer costs on a chip.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LayerLoad {
    /// What the drawing tells.
    #[serde(flatten)]
    pub cost: LayerCost,
    /// Bytes of activations that must be in memory while it runs; 0 for a layer that
    /// vanishes.
    pub arena_bytes: u32,
}

/// Everything that is known before training; never fails: what is missing is
/// an issue, and `ready` is false.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Overview {
    /// By label, in the order of the model's outputs (by bytes).
    pub labels: Vec<LabelCount>,
    /// Recording id → the part it is used for.
    pub splits: BTreeMap<String, Split>,
    /// What is wrong or worth knowing, the gravest first.
    pub issues: Vec<Issue>,
    /// Samples per window.
    pub window: u32,
    /// Samples between windows.
    pub hop: u32,
    /// Features per window, `[frames, columns]`.
    pub features: u32,
    /// Steps in time that they are of; 1 where they are of the window as a whole.
    pub frames: u32,
    /// Names of the columns, with the axis first where they have one.
    pub feature_names: Vec<String>,
    /// Axes that the model gets.
    pub axes: Vec<String>,
    /// The network, layer by layer, as if there were two labels while there are fewer;
    /// empty where it is refused.
    pub layers: Vec<LayerLoad>,
    /// What a board would carry; `None` while the settings are not legal.
    pub footprint: Option<Footprint>,
    /// Whether training can begin.
    pub ready: bool,
}

/// One feature of one window.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct FeatureValue {
    /// Name without the axis.
    pub name: String,
    /// Axis it belongs to.
    pub axis: Option<String>,
    /// As the block computes it.
    pub value: f32,
    /// As the network gets it; `None` where there are no training windows yet.
    pub normalized: Option<f32>,
}

/// One window, looked at closely.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct WindowView {
    /// `[window, axes]`, interleaved, at `rate_hz`.
    pub samples: Vec<f32>,
    /// Names of the axes.
    pub axes: Vec<String>,
    /// Samples per second.
    pub rate_hz: f32,
    /// What the block makes of it.
    pub features: Vec<FeatureValue>,
    /// Its label after merging; `None` where no label covers more than half.
    pub label: Option<String>,
    /// The trained model's scores (0 to 1, in the order of its labels), where there is one.
    pub label_scores: Option<Vec<f32>>,
}
