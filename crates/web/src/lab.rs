//! The pipeline, for the lab worker.

use lampyris_dataset::{NewRecording, Recording, RecordingMeta};
use lampyris_formats::project::{self, Project};
use lampyris_lab::{Described, LabError, Model, Settings, TrainingResult};
use wasm_bindgen::prelude::*;

use crate::files::{self, ProjectResult};
use crate::js;

/// A project's recordings, and the model last made of them.
#[wasm_bindgen]
#[derive(Default)]
pub struct Lab {
    pub(crate) lab: lampyris_lab::Lab,
    /// What the model was made of, for the project's zip.
    trained: Option<Vec<u8>>,
}

/// What a training is of, on its way to the trainer.
#[wasm_bindgen]
pub struct JobStream(lampyris_lab::JobStream);

#[wasm_bindgen]
impl JobStream {
    /// How many pieces there are in all.
    pub fn total(&self) -> usize {
        self.0.total()
    }

    /// The next piece, of some megabytes at most, for `JobReader.push`; nothing after the
    /// last. `lab` is the one that gave the stream. Throws where a recording has been removed
    /// since, or a picture can't be decoded.
    pub fn next(&mut self, lab: &mut Lab) -> Result<Option<Vec<u8>>, JsValue> {
        self.0.next(&mut lab.lab).map_err(js::error)
    }
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

    /// Everything that the trainer needs, piece by piece.
    pub fn job_stream(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
    ) -> Result<JobStream, JsValue> {
        let settings = self::settings(settings)?;
        let stream = self.lab.job_stream(&settings).map_err(js::error)?;
        Ok(JobStream(stream))
    }

    /// Makes the int8 model of what `Trainer.finish` gave, measures it, keeps it. `then` is
    /// what was said of the recordings when training began, and those that came later don't
    /// count; without it all are taken as they are.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn quantize(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
        trained: Vec<u8>,
        #[wasm_bindgen(
            unchecked_param_type = "Pick<RecordingMeta, 'id' | 'spans' | 'group' | 'split'>[] | undefined"
        )]
        then: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let settings = self::settings(settings)?;
        let result = TrainingResult::from_bytes(&trained).map_err(js::error)?;
        let made = if then.is_undefined() {
            self.lab.quantize(&settings, &result)
        } else {
            let then: Vec<Described> = js::read(then, "recordings of the training")?;
            self.lab.quantize_as_of(&settings, &result, &then)
        };
        let model = made.map_err(js::error)?;
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
