//! The pipeline, for the lab worker.

use js_sys::Array;
use lampyris_dataset::{NewRecording, Recording, RecordingMeta};
use lampyris_formats::project::{self, Project};
use lampyris_lab::{LabError, Model, Settings, TrainingResult};
use wasm_bindgen::prelude::*;

use crate::files::{self, ImportResult, ProjectResult};
use crate::js;

/// A project's recordings, and the model last made of them.
#[wasm_bindgen]
#[derive(Default)]
pub struct Lab {
    pub(crate) lab: lampyris_lab::Lab,
    /// What the model was made of, for the project's zip.
    trained: Option<Vec<u8>>,
}

pub(crate) fn settings(value: &JsValue) -> Result<Settings, JsValue> {
    js::read(value, "settings")
}

#[wasm_bindgen]
impl Lab {
    /// A lab without recordings.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Lab {
        Lab::default()
    }

    /// Reads files; recordings wait in the result until they are taken.
    pub fn import(
        #[wasm_bindgen(unchecked_param_type = "{ path: string; bytes: Uint8Array }[]")]
        files: &Array,
        #[wasm_bindgen(unchecked_param_type = "ImportOptions")] options: &JsValue,
    ) -> Result<ImportResult, JsValue> {
        files::import(files, options)
    }

    /// Reads a project's zip.
    pub fn read_project(bytes: &[u8]) -> Result<ProjectResult, JsValue> {
        files::read_project(bytes)
    }

    /// Takes a recording that was imported or made; one of the same id is replaced.
    pub fn put(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "RecordingMeta")] meta: &JsValue,
        values: Vec<f32>,
        times_ms: Option<Vec<f64>>,
    ) -> Result<(), JsValue> {
        let meta: RecordingMeta = js::read(meta, "recording")?;
        let recording = Recording::restore(meta, values, times_ms).map_err(js::error)?;
        self.lab.put(recording);
        Ok(())
    }

    /// Forgets a recording.
    pub fn remove(&mut self, id: &str) {
        self.lab.remove(id);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.lab.clear();
        self.trained = None;
    }

    /// Checks a take and gives it its content id; does not put it.
    #[wasm_bindgen(unchecked_return_type = "RecordingMeta")]
    pub fn make(
        &self,
        #[wasm_bindgen(unchecked_param_type = "NewRecording")] meta: &JsValue,
        values: Vec<f32>,
        times_ms: Option<Vec<f64>>,
    ) -> Result<JsValue, JsValue> {
        let new: NewRecording = js::read(meta, "recording")?;
        let recording = Recording::new(new, values, times_ms).map_err(js::error)?;
        js::value(&recording.meta)
    }

    /// All that is known before training.
    #[wasm_bindgen(unchecked_return_type = "Overview")]
    pub fn overview(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
    ) -> Result<JsValue, JsValue> {
        js::value(&self.lab.overview(&self::settings(settings)?))
    }

    /// The window of recording `id` that begins at resampled sample `start`.
    #[wasm_bindgen(unchecked_return_type = "WindowView")]
    pub fn window(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
        id: &str,
        start: u32,
    ) -> Result<JsValue, JsValue> {
        let settings = self::settings(settings)?;
        let view = self.lab.window(&settings, id, start).map_err(js::error)?;
        js::value(&view)
    }

    /// Everything that the trainer needs.
    pub fn job(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
    ) -> Result<Vec<u8>, JsValue> {
        let settings = self::settings(settings)?;
        let job = self.lab.job(&settings).map_err(js::error)?;
        Ok(job.to_bytes())
    }

    /// Makes the int8 model of what `Trainer.finish` gave, measures it, keeps it.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn quantize(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
        trained: Vec<u8>,
    ) -> Result<JsValue, JsValue> {
        let settings = self::settings(settings)?;
        let result = TrainingResult::from_bytes(&trained).map_err(js::error)?;
        let model = self.lab.quantize(&settings, &result).map_err(js::error)?;
        let report = js::value(&model.report)?;
        self.trained = Some(trained);
        Ok(report)
    }

    /// The model as `model.lampyris`.
    pub fn bundle(&self) -> Result<Vec<u8>, JsValue> {
        self.model().map(Model::bundle)
    }

    /// The model as `model.tflite`.
    pub fn tflite(&self) -> Result<Vec<u8>, JsValue> {
        self.model().map(|model| model.tflite.clone())
    }

    /// One zip of all recordings, the settings, `history_json` (any JSON that the
    /// page wants back) and the model, where there is one.
    pub fn project(
        &self,
        name: String,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
        history_json: String,
    ) -> Result<Vec<u8>, JsValue> {
        let model = self.lab.model();
        let project = Project {
            name,
            settings_json: js::json(&self::settings(settings)?),
            recordings: self.lab.recordings().cloned().collect(),
            model: model.map(Model::bundle),
            net: model.and(self.trained.clone()),
            report_json: model.map(|model| js::json(&model.report)),
            history_json: Some(history_json),
        };
        project::write(&project).map_err(js::error)
    }

    fn model(&self) -> Result<&Model, JsValue> {
        self.lab.model().ok_or_else(|| {
            js::error(LabError::new(
                "there is no model yet",
                "lab",
                "train and quantize first",
            ))
        })
    }
}
