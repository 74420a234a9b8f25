//! Values and errors between Rust and JavaScript.
//!
//! Plain data goes through JSON, so that an f32 of 0.1 arrives as 0.1 and not as
//! the double nearest to the f32, and so that one serializer serves files and page.
//! Bulk numbers are typed arrays and never come here.

use js_sys::{Error, JSON, Reflect};
use lampyris_lab::LabError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

/// A JavaScript `Error` with the properties `what`, `place` and `remedy`.
pub(crate) fn error(error: impl Into<LabError>) -> JsValue {
    let error = error.into();
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

/// A plain value for JavaScript.
pub(crate) fn value<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    JSON::parse(&json(value))
}

/// A plain value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("boundary types are plain data with text keys")
}

/// A plain value from JavaScript; `name` is what the error calls it.
pub(crate) fn read<T: DeserializeOwned>(value: &JsValue, name: &str) -> Result<T, JsValue> {
    let json = JSON::stringify(value)
        .ok()
        .and_then(|text| text.as_string())
        .ok_or_else(|| refused(name, "it is no plain value"))?;
    serde_json::from_str(&json).map_err(|e| refused(name, &e.to_string()))
}

fn refused(name: &str, why: &str) -> JsValue {
    error(LabError::new(
        format!("{name} can't be read: {why}"),
        name,
        "reload the page, so that it fits its engine; if a file gave the value, make the file again",
    ))
}
