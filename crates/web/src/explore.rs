//! Pictures and maps for the page: plain objects whose bulk is typed arrays.

use js_sys::{Array, Float32Array, Object, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

use crate::js;
use crate::lab::{Lab, settings};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Features of a window or of a whole take; see `lampyris_lab::Picture`. */
export interface Picture {
  frames: number;
  columns: number;
  /** `[frames, columns]`. */
  values: Float32Array;
  column_names: string[];
  /** `[samples, axes]` at `rate_hz`. */
  samples: Float32Array;
  axes: string[];
  rate_hz: number;
  /** Samples that one frame is of, and from one frame to the next. */
  frame_samples: number;
  stride_samples: number;
  label: string | null;
  label_scores: number[] | null;
}

/** Windows on a plane; see `lampyris_lab::Map`. */
export interface SampleMap {
  x: Float32Array;
  y: Float32Array;
  /** Of each window: which of `ids`, its first sample at the model's rate, which of `label_names`. */
  recordings: Uint32Array;
  starts: Uint32Array;
  labels: Uint32Array;
  ids: string[];
  label_names: string[];
  /** Share of all differences that the plane shows, 0 to 1. */
  shown: number;
}

/** What the model says to each window that it was measured on; see `lampyris_lab::Answers`. */
export interface Answers {
  ids: string[];
  starts: Uint32Array;
  labels: string[];
  truth: Uint32Array;
  said: Uint32Array;
  /** `[windows, labels]`, 0 to 1. */
  scores: Float32Array;
}
"#;

#[wasm_bindgen]
impl Lab {
    /// The features of the window that begins at resampled sample `start`, or of the
    /// whole take where there is no `start`.
    #[wasm_bindgen(unchecked_return_type = "Picture")]
    pub fn picture(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
        id: &str,
        start: Option<u32>,
    ) -> Result<JsValue, JsValue> {
        let settings = self::settings(settings)?;
        let picture = self.lab.picture(&settings, id, start);
        let picture = picture.map_err(js::error)?;
        let scores = picture.label_scores.as_deref();
        Ok(object([
            ("frames", picture.frames.into()),
            ("columns", picture.columns.into()),
            ("values", Float32Array::from(&picture.values[..]).into()),
            ("column_names", texts(&picture.column_names)),
            ("samples", Float32Array::from(&picture.samples[..]).into()),
            ("axes", texts(&picture.axes)),
            ("rate_hz", picture.rate_hz.into()),
            ("frame_samples", picture.frame_samples.into()),
            ("stride_samples", picture.stride_samples.into()),
            ("label", picture.label.map_or(JsValue::NULL, JsValue::from)),
            (
                "label_scores",
                scores.map_or(JsValue::NULL, |scores| {
                    scores
                        .iter()
                        .map(|s| JsValue::from(*s))
                        .collect::<Array>()
                        .into()
                }),
            ),
        ]))
    }

    /// All labelled windows on a plane.
    #[wasm_bindgen(unchecked_return_type = "SampleMap")]
    pub fn map(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let settings = self::settings(settings)?;
        let map = self.lab.map(&settings).map_err(js::error)?;
        Ok(object([
            ("x", Float32Array::from(&map.x[..]).into()),
            ("y", Float32Array::from(&map.y[..]).into()),
            ("recordings", Uint32Array::from(&map.recordings[..]).into()),
            ("starts", Uint32Array::from(&map.starts[..]).into()),
            ("labels", Uint32Array::from(&map.labels[..]).into()),
            ("ids", texts(&map.ids)),
            ("label_names", texts(&map.label_names)),
            ("shown", map.shown.into()),
        ]))
    }

    /// What the model says to each window that it was measured on.
    #[wasm_bindgen(unchecked_return_type = "Answers")]
    pub fn answers(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let settings = self::settings(settings)?;
        let answers = self.lab.answers(&settings).map_err(js::error)?;
        Ok(object([
            ("ids", texts(&answers.ids)),
            ("starts", Uint32Array::from(&answers.starts[..]).into()),
            ("labels", texts(&answers.labels)),
            ("truth", Uint32Array::from(&answers.truth[..]).into()),
            ("said", Uint32Array::from(&answers.said[..]).into()),
            ("scores", Float32Array::from(&answers.scores[..]).into()),
        ]))
    }
}

pub(crate) fn texts(texts: &[String]) -> JsValue {
    texts
        .iter()
        .map(|t| JsValue::from_str(t))
        .collect::<Array>()
        .into()
}

/// A plain object of these properties.
pub(crate) fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &name.into(), &value).expect("a new object takes properties");
    }
    object.into()
}
