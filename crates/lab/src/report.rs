//! All figures of a quantized model.

use lampyris_budget::Footprint;
use lampyris_dataset::Split;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How one class fares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ClassReport {
    /// The label.
    pub label: String,
    /// Of the windows said to be this class, the share that were; `None` when none was said.
    pub precision: Option<f32>,
    /// Of the windows of this class, the share that was found; `None` when there is none.
    pub recall: Option<f32>,
    /// Windows of this class.
    pub support: u32,
}

/// How much of one class the calibration saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ClassCoverage {
    /// The label.
    pub label: String,
    /// Training windows that set the int8 ranges.
    pub windows: u32,
}

/// One node of the int8 graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LayerReport {
    /// Name of the output tensor.
    pub name: String,
    /// TFLite's name of the operator.
    pub operator: String,
    /// Shape of the output, batch first.
    pub output_shape: Vec<u32>,
    /// Scale of the output.
    pub scale: f32,
    /// Zero point of the output.
    pub zero_point: i32,
    /// Weights and biases, counted one by one.
    pub params: u32,
    /// Multiply-accumulates of one inference.
    pub macs: u32,
    /// Bytes of weights and biases.
    pub bytes: u32,
    /// Share of its int8 outputs over the evaluated windows that stuck at −128
    /// or 127 and may have been cut off, 0 to 1. A softmax is full by nature.
    pub saturated: f32,
}

/// A window that the int8 model got wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Mistake {
    /// Id of the recording.
    pub recording: String,
    /// First sample of the window, at the model's rate.
    pub start: u32,
    /// Index of the true label.
    pub truth: u32,
    /// Index of the label said.
    pub said: u32,
    /// Score of what was said, 0 to 1.
    pub score: f32,
}

/// Everything that is known about a quantized model.
///
/// Accuracies are shares from 0 to 1, per window unless a name says otherwise,
/// on windows of `evaluated_on`; scores of every class are compared, without
/// smoothing or threshold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Report {
    /// SHA-256 of the chip part in hex: the model's name.
    pub model_sha256: String,
    /// SHA-256 of the settings and the recordings that made it, in hex.
    pub settings_hash: String,
    /// In the order of the outputs.
    pub labels: Vec<String>,
    /// `test`, or `validation` where no test windows exist: then the figures
    /// are too kind, because the best epoch was chosen on these very windows.
    pub evaluated_on: Split,
    /// Of the float network.
    pub accuracy_float: f32,
    /// Of the int8 model, from raw window to label, as a chip runs it.
    pub accuracy_int8: f32,
    /// Windows that the figures rest on.
    pub windows_test: u32,
    /// Recordings that the windows come from; one that bears several labels counts once a label.
    pub recordings_test: u32,
    /// Share of those recordings whose most frequent int8 answer is right.
    pub accuracy_int8_by_recording: f32,
    /// The same with the float network.
    pub accuracy_float_by_recording: f32,
    /// Float network, `[truth][said]`.
    pub confusion_float: Vec<Vec<u32>>,
    /// Int8 model, `[truth][said]`.
    pub confusion: Vec<Vec<u32>>,
    /// Int8 model, by class.
    pub per_class: Vec<ClassReport>,
    /// Share of the windows on which float and int8 say the same.
    pub agreement: f32,
    /// Weights and biases, counted one by one.
    pub params: u32,
    /// Multiply-accumulates of one inference.
    pub macs: u32,
    /// Size of `model.tflite`.
    pub tflite_bytes: u32,
    /// Size of the chip part, as it lies in flash.
    pub flash_bytes: u32,
    /// Activations of the network.
    pub arena_bytes: u32,
    /// Arena, ring of samples, scratch and features together.
    pub ram_bytes: u32,
    /// Coverage of the calibration, by class.
    pub calibration: Vec<ClassCoverage>,
    /// The int8 graph, node by node.
    pub layers: Vec<LayerReport>,
    /// What the int8 model got wrong, the surest first; at most 200.
    pub mistakes: Vec<Mistake>,
    /// Seed of the training.
    pub seed: u32,
    /// Epochs that ran.
    pub epochs: u32,
    /// The epoch whose weights were kept, counted from 1.
    pub best_epoch: u32,
    /// Training windows.
    pub windows_train: u32,
    /// Validation windows.
    pub windows_validation: u32,
    /// Wall-clock seconds of training, where the face measured them; not kept
    /// in the bundle, whose bytes must not depend on the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub train_seconds: Option<f32>,
    /// What the chosen board carries.
    pub footprint: Option<Footprint>,
}
