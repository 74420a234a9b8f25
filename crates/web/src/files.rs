//! What was read of files, held until the page has taken it.

use js_sys::{Function, JSON};
use lampyris_dataset::{Recording, RecordingMeta, TakesOptions, takes};
use lampyris_formats::export;
use lampyris_formats::import::{self, Import, ImportOptions};
use lampyris_formats::project::{self, Project};
use lampyris_lab::{LabError, Settings};
use wasm_bindgen::prelude::*;

use crate::js;
use crate::lab::Lab;

/// Files of a zip between two words about how far it has come.
const TOLD_EVERY: usize = 16;

/// Reads files one after another; of a picture only what is to be kept stays.
#[wasm_bindgen]
#[derive(Default)]
pub struct Importer(import::Importer);

#[wasm_bindgen]
impl Importer {
    /// Nothing read yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Importer {
        Importer::default()
    }

    /// Takes a file; a zip is looked into, and `told` hears now and then how many of its files
    /// have been read, and how many it has.
    pub fn add(
        &mut self,
        path: &str,
        bytes: Vec<u8>,
        #[wasm_bindgen(unchecked_param_type = "(done: number, total: number) => void")]
        told: &Function,
    ) {
        self.0.add_with(path, bytes, |done, total| {
            if done % TOLD_EVERY == 0 {
                // Whoever listens is told, and decides nothing.
                let _ = told.call2(&JsValue::NULL, &done.into(), &total.into());
            }
        });
    }

    /// Makes recordings of all that was read.
    pub fn finish(
        self,
        #[wasm_bindgen(unchecked_param_type = "ImportOptions")] options: &JsValue,
    ) -> Result<ImportResult, JsValue> {
        let options: ImportOptions = js::read(options, "import options")?;
        Ok(ImportResult(self.0.finish(&options)))
    }
}

/// What came of an import: one bad file never spoils the good ones.
#[wasm_bindgen]
pub struct ImportResult(Import);

/// A project as it was in its zip.
#[wasm_bindgen]
pub struct ProjectResult {
    project: Project,
    settings: Settings,
}

/// Opens a project's zip.
pub(crate) fn read_project(bytes: &[u8]) -> Result<ProjectResult, JsValue> {
    let project = project::read(bytes).map_err(js::error)?;
    let settings = serde_json::from_str(&project.settings_json).map_err(|e| {
        js::error(LabError::new(
            format!("the project's settings can't be read: {e}"),
            "project.json",
            "export the project again with this version",
        ))
    })?;
    Ok(ProjectResult { project, settings })
}

#[wasm_bindgen]
impl Lab {
    /// The sounds that stand out of the background of recording `id`, in order,
    /// without overlap.
    #[wasm_bindgen(unchecked_return_type = "Piece[]")]
    pub fn takes(
        &self,
        id: &str,
        #[wasm_bindgen(unchecked_param_type = "TakesOptions")] options: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let options: TakesOptions = js::read(options, "options for takes")?;
        let recording = self.lab.recordings().find(|r| r.meta.id == id);
        let recording = recording.ok_or_else(|| {
            js::error(LabError::new(
                "there is no such recording",
                format!("recording {id}"),
                "reload the page, so that it fits its engine",
            ))
        })?;
        js::value(&takes(recording, &options))
    }

    /// All recordings as a zip for other programs: one folder a label, WAV or CSV,
    /// and `index.csv` with parts, labels, groups and notes.
    pub fn export_dataset(&self) -> Result<Vec<u8>, JsValue> {
        export::dataset(self.lab.recordings()).map_err(js::error)
    }
}

fn metas(recordings: &[Recording]) -> Result<JsValue, JsValue> {
    let metas: Vec<&RecordingMeta> = recordings.iter().map(|r| &r.meta).collect();
    js::value(&metas)
}

fn nth(recordings: &[Recording], i: usize) -> Result<&Recording, JsValue> {
    recordings.get(i).ok_or_else(|| {
        js::error(LabError::new(
            format!("no recording of number {i}"),
            "read files",
            format!("there are {}", recordings.len()),
        ))
    })
}

fn encoded(recording: &Recording) -> Option<Vec<u8>> {
    let picture = recording.picture.as_ref();
    picture.map(|picture| picture.encoded.clone())
}

fn look(recording: &Recording) -> Option<Vec<u8>> {
    let picture = recording.picture.as_ref();
    picture.map(|picture| picture.look.to_bytes())
}

#[wasm_bindgen]
impl ImportResult {
    /// All recordings but their samples.
    #[wasm_bindgen(unchecked_return_type = "RecordingMeta[]")]
    pub fn metas(&self) -> Result<JsValue, JsValue> {
        metas(&self.0.recordings)
    }

    /// Samples of recording `i`, `[samples, axes]`.
    pub fn values(&self, i: usize) -> Result<Vec<f32>, JsValue> {
        nth(&self.0.recordings, i).map(|r| r.values.clone())
    }

    /// Times of recording `i` in milliseconds, where it is not evenly spaced.
    pub fn times(&self, i: usize) -> Result<Option<Vec<f64>>, JsValue> {
        nth(&self.0.recordings, i).map(|r| r.times_ms.clone())
    }

    /// The file of recording `i`, where it is a picture.
    pub fn encoded(&self, i: usize) -> Result<Option<Vec<u8>>, JsValue> {
        nth(&self.0.recordings, i).map(encoded)
    }

    /// What recording `i` looks like, where it is a picture.
    pub fn look(&self, i: usize) -> Result<Option<Vec<u8>>, JsValue> {
        nth(&self.0.recordings, i).map(look)
    }

    /// Files that were refused.
    #[wasm_bindgen(unchecked_return_type = "Problem[]")]
    pub fn problems(&self) -> Result<JsValue, JsValue> {
        js::value(&self.0.problems)
    }

    /// Files that were passed over, with the reason.
    pub fn skipped(&self) -> Vec<String> {
        self.0.skipped.clone()
    }
}

#[wasm_bindgen]
impl ProjectResult {
    /// What its maker called it.
    pub fn name(&self) -> String {
        self.project.name.clone()
    }

    /// Its choices.
    #[wasm_bindgen(unchecked_return_type = "Settings")]
    pub fn settings(&self) -> Result<JsValue, JsValue> {
        js::value(&self.settings)
    }

    /// All recordings but their samples.
    #[wasm_bindgen(unchecked_return_type = "RecordingMeta[]")]
    pub fn metas(&self) -> Result<JsValue, JsValue> {
        metas(&self.project.recordings)
    }

    /// Samples of recording `i`, `[samples, axes]`.
    pub fn values(&self, i: usize) -> Result<Vec<f32>, JsValue> {
        nth(&self.project.recordings, i).map(|r| r.values.clone())
    }

    /// Times of recording `i` in milliseconds, where it is not evenly spaced.
    pub fn times(&self, i: usize) -> Result<Option<Vec<f64>>, JsValue> {
        nth(&self.project.recordings, i).map(|r| r.times_ms.clone())
    }

    /// The file of recording `i`, where it is a picture.
    pub fn encoded(&self, i: usize) -> Result<Option<Vec<u8>>, JsValue> {
        nth(&self.project.recordings, i).map(encoded)
    }

    /// What recording `i` looks like, where it is a picture.
    pub fn look(&self, i: usize) -> Result<Option<Vec<u8>>, JsValue> {
        nth(&self.project.recordings, i).map(look)
    }

    /// Its model, `model.lampyris`.
    pub fn bundle(&self) -> Option<Vec<u8>> {
        self.project.model.clone()
    }

    /// What training returned for it.
    pub fn trained(&self) -> Option<Vec<u8>> {
        self.project.net.clone()
    }

    /// The report of its model, as it was exported.
    #[wasm_bindgen(unchecked_return_type = "Report | undefined")]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        match &self.project.report_json {
            Some(json) => JSON::parse(json),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Whatever the page kept of its trainings, as JSON.
    pub fn history_json(&self) -> String {
        let json = &self.project.history_json;
        json.clone().unwrap_or_else(|| "null".into())
    }
}
