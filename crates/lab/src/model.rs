//! A finished model and the files it is kept in.

use std::collections::BTreeMap;

use lampyris_dataset::Split;
use lampyris_dsp::block::Signal;
use lampyris_dsp::normalize::Norm;
use lampyris_formats::bundle::{self, Golden, Host};
use lampyris_formats::tflite::{self, Metadata};
use lampyris_graph::{AlignedBytes, Graph};
use serde::{Deserialize, Serialize};

use crate::pictures::shape;
use crate::signals::Plan;
use crate::windows::Table;
use crate::{Answers, LabError, Report, Settings};

/// What [`crate::Lab::quantize`] gives.
#[derive(Clone, Debug)]
pub struct Model {
    /// All figures.
    pub report: Report,
    /// The chip part, aligned as it must be to run.
    pub chip: AlignedBytes,
    /// `model.tflite`, with labels and settings as metadata.
    pub tflite: Vec<u8>,
    /// The int8 graph.
    pub graph: Graph,
    /// Windows of each class with the bytes that a chip must give for them.
    pub golden: Vec<Golden>,
    pub(crate) answers: Answers,
    /// What each recording served when it was made.
    pub(crate) parts: BTreeMap<String, Split>,
    pub(crate) signal: Signal,
    pub(crate) hop: u32,
    pub(crate) block: u16,
    pub(crate) values: Vec<f32>,
}

impl Model {
    /// `model.lampyris`: chip part and host part. The same model gives the same
    /// bytes; wall-clock figures are not in it.
    pub fn bundle(&self) -> Vec<u8> {
        let mut report = self.report.clone();
        report.train_seconds = None;
        let host = Host {
            tflite: self.tflite.clone(),
            report_json: serde_json::to_string(&report).expect("reports are plain data"),
            golden: self.golden.clone(),
            card: card(&report),
        };
        bundle::write(self.chip.as_ref(), &host)
    }

    /// Whether windows of this plan are what the model takes.
    pub(crate) fn plan_fits(&self, plan: &Plan) -> bool {
        // How often pictures come changes nothing about one.
        let signal = plan.is_of_pictures() || self.signal == plan.signal;
        signal && self.block == plan.block.code && self.values == plan.values
    }
}

/// What a person should know before using the model, in plain text.
fn card(report: &Report) -> String {
    let mut card = format!(
        "Labels: {}.\nInt8 accuracy {:.1} % (float {:.1} %) on {} {} windows of {} recordings.\n",
        report.labels.join(", "),
        report.accuracy_int8 * 100.0,
        report.accuracy_float * 100.0,
        report.windows_test,
        match report.evaluated_on {
            lampyris_dataset::Split::Test => "held-out",
            lampyris_dataset::Split::Validation =>
                "validation (too kind: the best epoch was chosen on them)",
            lampyris_dataset::Split::Train | lampyris_dataset::Split::Auto =>
                "training (they say nothing about new data)",
        },
        report.recordings_test,
    );
    for class in &report.per_class {
        let percent = |share: Option<f32>| {
            share.map_or_else(|| "unknown".into(), |s| format!("{:.1} %", s * 100.0))
        };
        card.push_str(&format!(
            "{}: precision {}, recall {}, {} windows.\n",
            class.label,
            percent(class.precision),
            percent(class.recall),
            class.support
        ));
    }
    card.push_str("Known limits: it knows only what was recorded; whatever else there is gets one of these labels too.\n");
    card
}

/// The settings as `model.tflite` carries them, so that a program which has only
/// that file can compute the same features.
#[derive(Serialize, Deserialize)]
struct Carried {
    settings: Settings,
    /// Axes in the order of the samples.
    axes: Vec<String>,
    rate_hz: f32,
    /// Samples per window and between windows.
    window: usize,
    hop: u32,
    block: String,
    /// All of the block's settings, in its order.
    block_settings: Vec<(String, f32)>,
    /// Mean and inverse deviation of each feature.
    norms: Vec<(f32, f32)>,
}

/// Metadata of `model.tflite`.
pub(crate) fn metadata(
    settings: &Settings,
    plan: &Plan,
    table: &Table<'_>,
    norms: &[Norm],
) -> Metadata {
    let names = plan.block.settings.iter().map(|s| s.id.to_string());
    let carried = Carried {
        settings: settings.clone(),
        axes: plan.axes.clone(),
        rate_hz: plan.signal.rate_hz,
        window: plan.signal.samples,
        hop: plan.hop,
        block: plan.block.id.into(),
        block_settings: names.zip(plan.values.iter().copied()).collect(),
        norms: norms
            .iter()
            .map(|n| (n.mean, n.inverse_deviation))
            .collect(),
    };
    Metadata {
        labels: table.labels.clone(),
        settings_json: serde_json::to_string(&carried).expect("settings are plain data"),
        description: description(settings, plan, table.labels.len()),
        entries: Vec::new(),
    }
}

fn description(settings: &Settings, plan: &Plan, labels: usize) -> String {
    if plan.is_of_pictures() {
        let [rows, columns, channels] = shape(plan);
        let kind = if channels == 1 { "grey" } else { "colour" };
        return format!("{labels} labels from {kind} pictures of {columns} × {rows} pixels");
    }
    format!(
        "{labels} labels from {} features of {} ms windows at {} Hz",
        plan.layout.features, settings.window_ms, settings.rate_hz
    )
}

/// The settings and the names of the axes that a `.tflite` of ours carries.
///
/// # Errors
/// Bytes that are no such file, and files that carry no settings.
pub fn model_settings(tflite: &[u8]) -> Result<(Settings, Vec<String>), LabError> {
    let (_, metadata) = tflite::read(tflite)?;
    let carried: Carried = serde_json::from_str(&metadata.settings_json).map_err(|_| {
        LabError::new(
            "the model carries no Lampyris settings",
            "metadata",
            "take a model that Lampyris made",
        )
    })?;
    Ok((carried.settings, carried.axes))
}
