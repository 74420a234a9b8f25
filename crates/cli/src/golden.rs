//! `lampyris golden`: what a firmware test compares its bytes with.

use std::path::Path;

use lampyris_lab::{golden_windows, held_out};
use serde::Serialize;

use crate::{Outcome, data, model_file, output};

/// What the four files hold.
#[derive(Serialize)]
struct Manifest {
    model_sha256: String,
    /// Windows, in the order of the files.
    windows: usize,
    /// `f32`s of one window in windows.f32, little-endian, `[samples, axes]`.
    window_values: usize,
    /// Bytes of one window in features.i8.
    features: usize,
    /// Bytes of one window in outputs.i8.
    outputs: usize,
}

/// Writes chip.bin, windows.f32, features.i8, outputs.i8 and manifest.json.
pub(crate) fn golden(model: &Path, data: &Path, out: &Path) -> Outcome {
    let file = model_file::load(model)?;
    let recordings = data::load(data, None)?;
    let test = held_out(&recordings)?;
    let windows = golden_windows(&file.chip, &file.settings, &file.axes, test.into_iter())?;
    let bytes = |values: &[i8]| values.iter().map(|v| *v as u8).collect::<Vec<u8>>();
    let samples = windows.iter().flat_map(|w| &w.samples);
    let manifest = Manifest {
        model_sha256: file.sha256,
        windows: windows.len(),
        window_values: windows.first().map_or(0, |w| w.samples.len()),
        features: windows.first().map_or(0, |w| w.features.len()),
        outputs: windows.first().map_or(0, |w| w.outputs.len()),
    };
    output::folder(out)?;
    output::write_all(&[
        (out.join("chip.bin"), file.chip),
        (
            out.join("windows.f32"),
            samples.flat_map(|v| v.to_le_bytes()).collect(),
        ),
        (
            out.join("features.i8"),
            windows.iter().flat_map(|w| bytes(&w.features)).collect(),
        ),
        (
            out.join("outputs.i8"),
            windows.iter().flat_map(|w| bytes(&w.outputs)).collect(),
        ),
        (out.join("manifest.json"), output::json(&manifest)),
    ])?;
    output::print(&manifest)
}
