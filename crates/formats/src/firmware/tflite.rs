//! TensorFlow Lite.

use super::{File, Kit, Source, Target};
use crate::FormatError;

/// The exporter.
pub static TARGET: Target = Target {
    id: "tflite",
    title: "TensorFlow Lite",
    help: "",
    kits: &["tflite"],
    make,
};

fn make(source: &Source<'_>, kit: &Kit) -> Result<Vec<File>, FormatError> {
    let _ = kit;
    Ok(vec![File::new(
        "model.tflite",
        source.host.tflite.as_slice(),
    )])
}
