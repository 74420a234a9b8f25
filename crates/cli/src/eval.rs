//! `lampyris eval`

use std::path::Path;

use lampyris_lab::{Evaluation, LabError, ModelInfo, Task, evaluate, held_out};
use serde::Serialize;

use crate::model_file::ModelFile;
use crate::{Outcome, data, model_file, output};

/// Keys as in report.json; what only training knows is null.
#[derive(Serialize)]
struct Result<'a> {
    model_sha256: &'a str,
    #[serde(flatten)]
    evaluation: Evaluation,
    /// The bundle holds the int8 network only.
    accuracy_float: Option<f32>,
    params: Option<u32>,
    macs: Option<u32>,
    tflite_bytes: Option<u32>,
    flash_bytes: u32,
    arena_bytes: u32,
    ram_bytes: u32,
}

/// Prints the int8 result on the test recordings of DATA.
pub(crate) fn eval(model: &Path, data: &Path, task: Option<Task>) -> Outcome {
    let file = model_file::load(model)?;
    if let Some(task) = task {
        serves(&file, task).map_err(|mut e| {
            e.place = model.display().to_string();
            e
        })?;
    }
    let recordings = data::load(data, None)?;
    let test = held_out(&recordings)?;
    let evaluation = evaluate(&file.chip, &file.settings, &file.axes, test.into_iter())?;
    if !evaluation.unknown_labels.is_empty() {
        eprintln!(
            "lampyris: the model does not know {}; these windows are not counted",
            evaluation.unknown_labels.join(", ")
        );
    }
    let info = ModelInfo::of(&file.chip, file.axes, file.report.as_ref())?;
    output::print(&Result {
        model_sha256: &file.sha256,
        evaluation,
        accuracy_float: None,
        params: info.params,
        macs: info.macs,
        tflite_bytes: file.report.as_ref().map(|r| r.tflite_bytes),
        flash_bytes: info.flash_bytes,
        arena_bytes: info.arena_bytes,
        ram_bytes: info.ram_bytes,
    })
}

/// Refuses a model of another task.
fn serves(file: &ModelFile, wanted: Task) -> Outcome {
    let own = file.settings.task;
    if own == wanted {
        return Ok(());
    }
    let name = |task| match task {
        Task::Motion => "motion",
        Task::Audio => "audio",
        Task::Image => "image",
    };
    Err(LabError::new(
        format!("a model for {}, not for {}", name(own), name(wanted)),
        "model",
        format!("give --task {}, or a model for {}", name(own), name(wanted)),
    ))
}
