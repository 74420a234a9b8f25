//! What a file that is no TensorFlow Lite model looks like, and what to do about it.

use super::schema::MODEL_ID;
use crate::FormatError;

/// How a file begins, what it then is, and the remedy.
const KINDS: &[(&[u8], &str, &str)] = &[
    (
        b"PK",
        "a zip archive",
        "unpack it and choose the .tflite in it; a .keras or PyTorch model must be converted to .tflite first",
    ),
    (
        b"\x89HDF",
        "a Keras model in HDF5",
        "convert it with tf.lite.TFLiteConverter, quantized to int8, and choose the .tflite",
    ),
    (
        b"\x08\x01\x12",
        "a TensorFlow SavedModel",
        "convert its folder with tf.lite.TFLiteConverter, quantized to int8, and choose the .tflite",
    ),
    (
        b"\x08",
        "an ONNX model or another protocol buffer",
        "convert it to .tflite, quantized to int8 (for ONNX with onnx2tf)",
    ),
    (
        b"LAMP",
        "a Lampyris bundle",
        "open it as a bundle, or save it as .lampyris",
    ),
    (
        b"\x89PNG",
        "a PNG picture",
        "choose the model, a .tflite file",
    ),
    (
        b"{",
        "a JSON text, perhaps the model.json of TensorFlow.js",
        "convert the model that it came from to .tflite, quantized to int8",
    ),
    (
        b"<",
        "a web page, perhaps the answer of a failed download",
        "open it in a browser to read it, and download the model again",
    ),
    (
        b"version https://git-lfs",
        "a pointer of Git LFS, not the model itself",
        "fetch the file with git lfs pull",
    ),
];

/// Refuses what doesn't say that it is a TensorFlow Lite file.
pub(super) fn check(bytes: &[u8]) -> Result<(), FormatError> {
    if bytes.get(4..8) == Some(MODEL_ID) {
        return Ok(());
    }
    let refuse = |what: &str, place: &str, remedy: &str| Err(FormatError::new(what, place, remedy));
    if bytes.is_empty() {
        return refuse(
            "the file is empty",
            "its first byte",
            "download or export it again; a .tflite file holds at least some hundred bytes",
        );
    }
    // A page may begin with white space.
    let start = bytes.trim_ascii_start();
    match KINDS.iter().find(|(head, ..)| start.starts_with(head)) {
        Some((_, kind, remedy)) => refuse(
            &format!("this is {kind}, not a TensorFlow Lite file"),
            "its first bytes",
            remedy,
        ),
        None => refuse(
            "this is not a TensorFlow Lite file",
            "byte 4, where \"TFL3\" should stand",
            "choose a .tflite file",
        ),
    }
}
