//! Values and errors on their way into JavaScript.

use js_sys::{Error, Reflect};
use lampyris_lab::{LabError, Progress};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// A JavaScript `Error` with the properties `what`, `place` and `remedy`.
pub(crate) fn error(error: LabError) -> JsValue {
    let js = Error::new(&error.to_string());
    let parts = [
        ("what", error.what),
        ("place", error.place),
        ("remedy", error.remedy),
    ];
    for (name, text) in parts {
        Reflect::set(&js, &name.into(), &text.into()).expect("a new Error takes properties");
    }
    js.into()
}

/// Progress as a plain object; what is not known yet is `null`.
pub(crate) fn value(progress: &Progress) -> Result<JsValue, JsValue> {
    Ok(progress.serialize(&Serializer::json_compatible())?)
}
