//! What Explore draws, as an object whose bulk numbers are typed arrays.

use js_sys::{Float32Array, Reflect, Uint32Array};
use lampyris_lab::{Map, Picture};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::js;

fn with(object: &JsValue, name: &str, value: &JsValue) -> Result<(), JsValue> {
    Reflect::set(object, &name.into(), value).map(|_| ())
}

/// A picture with `values` and `samples` as `Float32Array`.
pub(crate) fn picture(picture: &Picture) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Facts<'a> {
        frames: usize,
        columns: usize,
        column_names: &'a [String],
        axes: &'a [String],
        rate_hz: f32,
        frame_samples: usize,
        stride_samples: usize,
        label: &'a Option<String>,
        label_scores: &'a Option<Vec<f32>>,
    }
    let object = js::value(&Facts {
        frames: picture.frames,
        columns: picture.columns,
        column_names: &picture.column_names,
        axes: &picture.axes,
        rate_hz: picture.rate_hz,
        frame_samples: picture.frame_samples,
        stride_samples: picture.stride_samples,
        label: &picture.label,
        label_scores: &picture.label_scores,
    })?;
    with(&object, "values", &Float32Array::from(&picture.values[..]))?;
    with(
        &object,
        "samples",
        &Float32Array::from(&picture.samples[..]),
    )?;
    Ok(object)
}

/// A map with its places and indices as typed arrays.
pub(crate) fn map(map: &Map) -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Facts<'a> {
        ids: &'a [String],
        label_names: &'a [String],
        shown: f32,
    }
    let object = js::value(&Facts {
        ids: &map.ids,
        label_names: &map.label_names,
        shown: map.shown,
    })?;
    with(&object, "x", &Float32Array::from(&map.x[..]))?;
    with(&object, "y", &Float32Array::from(&map.y[..]))?;
    for (name, values) in [
        ("recordings", &map.recordings),
        ("starts", &map.starts),
        ("labels", &map.labels),
    ] {
        with(&object, name, &Uint32Array::from(&values[..]))?;
    }
    Ok(object)
}
