//! `model.lampyris` as the commands need it.

use std::path::Path;

use lampyris_formats::bundle;
use lampyris_lab::{LabError, ModelInfo, Report, Settings, model_settings};

use crate::{Outcome, output};

/// A bundle, checked.
pub(crate) struct ModelFile {
    /// The chip part.
    pub chip: Vec<u8>,
    /// SHA-256 of the chip part.
    pub sha256: String,
    /// How it was made; the defaults of its likeliest task where the host part was cut off.
    pub settings: Settings,
    /// Names of the axes; empty where the host part was cut off.
    pub axes: Vec<String>,
    /// What was measured when it was made.
    pub report: Option<Report>,
}

/// Reads a bundle.
pub(crate) fn load(path: &Path) -> Outcome<ModelFile> {
    let bytes = output::read(path)?;
    parse(&bytes).map_err(|mut e| {
        e.place = format!("{}, {}", path.display(), e.place);
        e
    })
}

fn parse(bytes: &[u8]) -> Outcome<ModelFile> {
    let bundle = bundle::read(bytes)?;
    // A chip part alone does not say what it is for; what is sampled as fast as sound is
    // resampled as sound is.
    let bare = ModelInfo::of(&bundle.chip, Vec::new(), None)?;
    let mut file = ModelFile {
        chip: bundle.chip.to_vec(),
        sha256: bundle.sha256,
        settings: Settings::default_for(bare.likely_task()),
        axes: Vec::new(),
        report: None,
    };
    if let Some(host) = bundle.host {
        (file.settings, file.axes) = model_settings(&host.tflite)?;
        let report = serde_json::from_str(&host.report_json).map_err(|e| {
            LabError::new(
                format!("the report can't be read: {e}"),
                "host part",
                "export the model again with this version",
            )
        })?;
        file.report = Some(report);
    }
    Ok(file)
}
