//! `lampyris features`: what a block makes of one recording.

use std::path::Path;

use lampyris_lab::{BlockChoice, Extract, Settings, Task, extract, extract_int8};
use serde::Serialize;

use crate::{Outcome, config, data, model_file, output};

/// What the file holds.
#[derive(Serialize)]
struct Manifest<'a> {
    block: &'a str,
    rate_hz: f32,
    /// 0 of a picture, which takes no time.
    window_ms: f32,
    hop_ms: f32,
    /// `float32` or `int8`.
    dtype: &'static str,
    /// `[windows, frames, columns]`.
    shape: [usize; 3],
    columns: Vec<String>,
}

/// Writes the f32 features of a recording's windows.
pub(crate) fn float(
    recording: &Path,
    out: &Path,
    task: Option<Task>,
    block: Option<String>,
    config: Option<&Path>,
) -> Outcome {
    let recording = data::one(recording)?;
    let config = config::load(config)?;
    let task = config.task(task, std::slice::from_ref(&recording))?;
    let settings = config.settings(task, None, |defaults| {
        if let Some(id) = block {
            defaults.block = BlockChoice {
                id,
                settings: Default::default(),
            };
        }
    })?;
    let found = extract(&settings, &recording)?;
    let bytes = found.values.iter().flat_map(|v| v.to_le_bytes()).collect();
    write(out, &settings, "float32", bytes, found)
}

/// Writes the int8 features that reach a model's network.
pub(crate) fn int8(recording: &Path, out: &Path, model: &Path) -> Outcome {
    let recording = data::one(recording)?;
    let file = model_file::load(model)?;
    let found = extract_int8(&file.chip, &file.settings, &file.axes, &recording)?;
    let bytes = found.values.iter().map(|v| *v as u8).collect();
    write(out, &file.settings, "int8", bytes, found)
}

fn write<T>(
    out: &Path,
    settings: &Settings,
    dtype: &'static str,
    bytes: Vec<u8>,
    found: Extract<T>,
) -> Outcome {
    output::write_all(&[(out.to_path_buf(), bytes)])?;
    output::print(&Manifest {
        block: &settings.block.id,
        rate_hz: settings.signal_rate_hz(),
        window_ms: match settings.task {
            Task::Motion | Task::Audio => settings.window_ms,
            Task::Image => 0.0,
        },
        hop_ms: settings.hop_ms,
        dtype,
        shape: [found.windows, found.frames, found.columns],
        columns: found.column_names,
    })
}
