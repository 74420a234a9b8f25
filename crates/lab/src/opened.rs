//! A finished model in a file of its own: what it says, whether it still answers as it did,
//! and what it costs on each board. No recording is needed.

use lampyris_budget::{BOARDS, Footprint};
use lampyris_device::Chip;
use lampyris_formats::bundle::{Golden, Host};
use lampyris_formats::firmware::Opened;
use lampyris_formats::tflite;
use lampyris_graph::AlignedBytes;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::runner::Runner;
use crate::signals::Plan;
use crate::{LabError, ModelInfo, Settings, load, model_settings};

/// What is known of a bundle before its model has run.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct BundleInfo {
    /// What its chip part says.
    pub model: ModelInfo,
    /// Size of the whole file.
    pub file_bytes: u32,
    /// Size of the `.tflite` within it.
    pub tflite_bytes: u32,
    /// Golden vectors within it.
    pub golden: u32,
    /// What a person should know before using the model.
    pub card: String,
}

/// One golden vector, run again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct GoldenCheck {
    /// What its window or picture shows.
    pub label: String,
    /// Whether the features are the same bytes.
    pub features: bool,
    /// Whether the outputs are the same bytes.
    pub outputs: bool,
}

/// What is told of a report; reading all of it would cost the page 15 kB of code.
#[derive(Deserialize)]
struct Told {
    params: u32,
    macs: u32,
}

/// An open bundle.
pub struct OpenBundle {
    chip: AlignedBytes,
    host: Host,
    info: BundleInfo,
}

impl OpenBundle {
    /// Opens `model.lampyris`.
    ///
    /// # Errors
    /// Bytes that are no bundle, were cut or changed, are of a newer version, or are a chip
    /// part alone.
    pub fn open(bytes: &[u8]) -> Result<Self, LabError> {
        let opened = Opened::new(bytes)?;
        let source = opened.source("")?;
        let mut model = ModelInfo::of(source.chip.bytes(), Vec::new(), None)?;
        let host = source.host.clone();
        // A model of another maker may carry neither; it runs all the same.
        if let Ok((_, axes)) = model_settings(&host.tflite) {
            model.axis_names = axes;
        }
        if let Ok(told) = serde_json::from_str::<Told>(&host.report_json) {
            (model.params, model.macs) = (Some(told.params), Some(told.macs));
        }
        Ok(Self {
            info: BundleInfo {
                model,
                file_bytes: bytes.len() as u32,
                tflite_bytes: host.tflite.len() as u32,
                golden: host.golden.len() as u32,
                card: host.card.clone(),
            },
            chip: AlignedBytes::new(source.chip.bytes()),
            host,
        })
    }

    /// What it says of itself.
    pub fn info(&self) -> &BundleInfo {
        &self.info
    }

    /// Its network as a `.tflite` file.
    pub fn tflite(&self) -> &[u8] {
        &self.host.tflite
    }

    /// Runs golden vector `i` as a chip would; nothing beyond the last.
    ///
    /// # Errors
    /// A chip part that this build can't run.
    pub fn check(&self, i: usize) -> Result<Option<GoldenCheck>, LabError> {
        let Some(golden) = self.host.golden.get(i) else {
            return Ok(None);
        };
        let (features, outputs) = self.answer(golden)?;
        Ok(Some(GoldenCheck {
            label: golden.label.clone(),
            features: features == golden.features,
            outputs: outputs == golden.outputs,
        }))
    }

    /// Int8 features and outputs of a golden vector's input. Of a picture the features are
    /// the input: a picture of the model's own size stays as it is.
    fn answer(&self, golden: &Golden) -> Result<(Vec<i8>, Vec<i8>), LabError> {
        let chip = Chip::parse(self.chip.as_ref())?;
        let mut runner = Runner::new(&self.chip)?;
        let Some([rows, columns]) = chip.grid() else {
            if golden.window.len() != chip.window() * chip.axes() {
                return Err(LabError::new(
                    "a golden vector is of another window",
                    "the host part",
                    "export or download the model again",
                ));
            }
            return Ok(runner.run(&golden.window));
        };
        let shown: Vec<u8> = golden.features.iter().map(|v| *v as u8 ^ 0x80).collect();
        Ok(runner.see(&shown, [rows, columns, chip.axes()]))
    }

    /// What the model costs on each board, in the order of the boards' table; none of a model
    /// that doesn't tell how it was made. Battery and usage are taken from `settings`, all else
    /// from the model.
    pub fn footprints(&self, settings: &Settings) -> Vec<Footprint> {
        let read = || {
            let (own, axes) = model_settings(&self.host.tflite)?;
            let (graph, _) = tflite::read(&self.host.tflite)?;
            let plan = Plan::new(&own, axes)?;
            Ok::<_, LabError>((own, plan, load::layers(&graph)))
        };
        let Ok((mut own, plan, layers)) = read() else {
            return Vec::new();
        };
        own.battery.clone_from(&settings.battery);
        own.usage.clone_from(&settings.usage);
        let of = |board: &lampyris_budget::Board| {
            own.board = board.id.into();
            load::of_model(&own, &plan, self.chip.as_ref(), layers.clone())
        };
        BOARDS.iter().filter_map(of).collect()
    }
}
